// What npm's EventSource makes of the feed: it follows, comes again by itself where it was, and ends with its key.
import { EventSource } from 'eventsource';
import http from 'node:http';

const [address, key, place] = process.argv.slice(2);
const cut = [];
// A door whose connections can be cut, as proxies do.
const door = http.createServer((asked, answered) => {
  const passed = http.request(new URL(asked.url, address), { method: asked.method, headers: { ...asked.headers, authorization: `Bearer ${key}` } }, (answer) => {
    answered.writeHead(answer.statusCode, answer.headers);
    answered.flushHeaders();
    answer.pipe(answered);
  });
  passed.on('error', () => answered.destroy());
  answered.on('close', () => passed.destroy());
  passed.end();
  cut.push(answered);
});
await new Promise((ready) => door.listen(0, '127.0.0.1', ready));
const url = `http://127.0.0.1:${door.address().port}/v1/events?after=${place}&types=lead.*&fields=subject,position`;
const source = new EventSource(url);
let opened = 0;
source.onopen = () => console.log(`open ${++opened}`);
source.onmessage = (message) => {
  const event = JSON.parse(message.data);
  if (String(event.position) !== message.lastEventId) throw new Error(`${message.lastEventId} is not ${message.data}`);
  console.log(`event ${event.subject}`);
};
source.onerror = (error) => {
  if (source.readyState !== EventSource.CLOSED) return;
  console.log(`closed ${error.code}`);
  process.exit(0);
};
// Commands come by lines: cut.
process.stdin.on('data', (text) => {
  if (String(text).includes('cut')) cut.at(-1).destroy();
});
