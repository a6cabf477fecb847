// What other people's libraries make of mails (npm mailparser and mailauth): {raw, key} in, one JSON line each; what they read of it out.
import { createInterface } from "node:readline";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { simpleParser } from "mailparser";

for await (const line of createInterface({ input: process.stdin })) {
  const { raw, key } = JSON.parse(line);
  const bytes = Buffer.from(raw, "base64");
  const mail = await simpleParser(bytes);
  const resolver = async () => [[`v=DKIM1; k=rsa; p=${key}`]];
  const dkim = key ? (await dkimVerify(bytes, { resolver })).results.map((one) => one.status.result) : [];
  const names = mail.headerLines.map((one) => one.key);
  const charsets = [...bytes.toString("latin1").matchAll(/charset="?([^";\r\n]+)/gi)].map((one) => one[1].toLowerCase());
  console.log(
    JSON.stringify({
      from: mail.from?.value ?? [],
      to: mail.to?.value ?? [],
      cc: mail.cc?.value ?? [],
      bcc: mail.bcc?.value ?? [],
      replyTo: mail.replyTo?.value ?? [],
      subject: mail.subject ?? "",
      text: mail.text ?? "",
      html: mail.html || "",
      messageId: mail.messageId ?? "",
      headers: names,
      lines: Object.fromEntries(mail.headerLines.map((one) => [one.key, one.line.slice(one.line.indexOf(":") + 1).trim()])),
      charsets,
      dkim,
      longest: Math.max(...bytes.toString("latin1").split("\r\n").map((one) => one.length)),
    }),
  );
}
