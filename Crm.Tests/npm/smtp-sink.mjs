// A mail server for tests (npm smtp-server): the first line out is its port, then one JSON line for each mail that arrives, with its envelope and its bytes.
// What is before the @ says what it answers: unknown 550 5.1.1, spam 550 5.7.1, old 550 without a code, busy 451 at the first try.
import { SMTPServer } from "smtp-server";

const tried = new Set();
const refuse = (code, text) => Object.assign(new Error(text), { responseCode: code });
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: process.argv.includes("--tls") ? ["AUTH"] : ["AUTH", "STARTTLS"],
  disableReverseLookup: true,
  logger: false,
  onConnect(session, done) {
    process.stdout.write(JSON.stringify({ connected: true }) + "\n");
    done();
  },
  onRcptTo({ address }, session, done) {
    const local = address.split("@")[0].split("+")[0];
    if (local === "unknown") return done(refuse(550, "5.1.1 No such user here"));
    if (local === "spam") return done(refuse(550, "5.7.1 We do not take this from you"));
    if (local === "old") return done(refuse(550, "Unknown user"));
    if (local === "busy" && !tried.has(address)) {
      tried.add(address);
      return done(refuse(451, "4.3.2 Come again"));
    }
    done();
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      const mail = { from: mailFrom ? mailFrom.address : "", to: rcptTo.map((one) => one.address), raw: Buffer.concat(parts).toString("base64") };
      process.stdout.write(JSON.stringify(mail) + "\n");
      done();
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => process.stdout.write(server.server.address().port + "\n"));
// It ends with whoever started it.
process.stdin.on("end", () => process.exit(0)).resume();
