// Verifies deliveries as receivers do, with the libraries of Standard Webhooks and of Svix. One question a line: {secret, body, id, timestamp, signature}.
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";
import { Webhook as Svix } from "svix";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, body, id, timestamp, signature } = JSON.parse(line);
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  const ask = (Kind) => {
    try {
      return JSON.stringify(new Kind(secret).verify(body, headers));
    } catch (error) {
      return `refused: ${error.message}`;
    }
  };
  console.log(JSON.stringify({ standard: ask(Webhook), svix: ask(Svix) }));
}
