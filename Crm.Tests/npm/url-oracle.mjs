// Where a browser would go: one JSON string a line in, {"scheme","host"} or null out.

import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  let answer = null;
  try {
    const url = new URL(JSON.parse(line));
    answer = { scheme: url.protocol, host: url.host, user: url.username + url.password };
  } catch {
    // no address
  }
  console.log(JSON.stringify(answer));
}
