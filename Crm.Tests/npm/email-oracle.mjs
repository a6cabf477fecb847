// Says what an e-mail address's canonical spelling is by Node's own Unicode and IDNA: a JSON line {text} in, a JSON line {canonical} out.
import { createInterface } from "node:readline";
import { domainToASCII } from "node:url";

for await (const line of createInterface({ input: process.stdin })) {
  const { text } = JSON.parse(line);
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at).normalize("NFC").replace(/[A-Z]/g, (c) => c.toLowerCase());
  const domain = domainToASCII(text.slice(at + 1));
  console.log(JSON.stringify({ canonical: domain === "" ? "" : `${local}@${domain}` }));
}
