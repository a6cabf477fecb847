// Says what libphonenumber-js makes of phone numbers: a JSON line {text, country} in, a JSON line {e164, possible, valid} out.
import { createInterface } from "node:readline";
import parse from "libphonenumber-js/max";

for await (const line of createInterface({ input: process.stdin })) {
  const { text, country } = JSON.parse(line);
  const number = parse(text, country ?? undefined);
  console.log(JSON.stringify({
    e164: number?.number ?? "",
    possible: number?.isPossible() ?? false,
    valid: number?.isValid() ?? false,
  }));
}
