// What the official client of the Model Context Protocol makes of the product, with a key that may do everything and one that only reads.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [address, full, reading] = process.argv.slice(2);

async function connect(key) {
  const client = new Client({ name: 'crm-tests', version: '1.0.0' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL('/mcp', address), { requestInit: { headers: { Authorization: `Bearer ${key}` } } }),
  );
  const { tools } = await client.listTools();
  // Answers are held against the schema of the tool's answers by the client itself.
  const call = async (name, args) => {
    const answer = await client.callTool({ name, arguments: args });
    if (JSON.stringify(JSON.parse(answer.content[0].text)) !== JSON.stringify(answer.structuredContent)) throw new Error(`${name}: two answers`);
    return { ...answer.structuredContent, isError: answer.isError === true };
  };
  return { client, tools, call };
}

const said = {};
const some = await connect(reading);
said.server = some.client.getServerVersion().name;
said.instructions = some.client.getInstructions();
said.reads = some.tools.map((tool) => tool.name);
said.readOnly = some.tools.every((tool) => tool.annotations.readOnlyHint === true);
said.refused = [];
for (const [name, args] of [
  ['create', { resource: 'leads', values: { lastName: 'Silva' } }],
  ['update', { resource: 'leads', id: 'lead_01h455vb4pex5vsknk084sn02q', values: {} }],
  ['upsert', { resource: 'leads', match: 'email', values: { email: 'ana@silva.example' } }],
  ['delete', { resource: 'leads', id: 'lead_01h455vb4pex5vsknk084sn02q' }],
  ['run', { resource: 'leads', verb: 'convert', id: 'lead_01h455vb4pex5vsknk084sn02q' }],
]) {
  const answer = await some.call(name, args);
  said.refused.push(`${name} ${answer.isError} ${answer.problem.code} ${answer.problem.detail}`);
}

const all = await connect(full);
said.writes = all.tools.filter((tool) => !tool.annotations.readOnlyHint).map((tool) => `${tool.name}${tool.annotations.destructiveHint ? '!' : ''}`);
said.described = (await all.call('describe', {})).data.resources.length;
const schema = (await all.call('describe', { resource: 'leads' })).data;
said.leadFields = Object.keys(schema.create.properties).includes('lastName');
const made = await all.call('create', { resource: 'leads', values: { lastName: 'Silva', email: 'ana@silva.example' } });
said.made = made.status;
said.untrusted = made.untrusted;
const { id } = made.data;
said.read = (await some.call('get', { resource: 'leads', id })).data.lastName;
said.listed = (await some.call('list', { resource: 'leads', filter: { email: 'ana@silva.example' }, fields: ['id'] })).data.map((lead) => lead.id === id);
said.found = (await some.call('search', { q: 'silva' })).data.map((one) => `${one.resource} ${one.records.length}`);
said.changed = (await all.call('update', { resource: 'leads', id, values: { company: 'Silva Ltda' }, ifMatch: made.etag })).data.version;
said.lost = (await all.call('update', { resource: 'leads', id, values: { company: 'Other' }, ifMatch: made.etag })).problem.code;
said.timeline = (await some.call('timeline', { resource: 'leads', id })).data.map((event) => event.type);
said.report = (await some.call('report', { name: 'overview' })).status;
const plan = await all.call('delete', { resource: 'leads', id });
said.plan = [plan.status, plan.plan.changes];
said.still = (await some.call('get', { resource: 'leads', id })).status;
said.done = (await all.call('delete', { resource: 'leads', id, plan: plan.plan.token })).status;
said.gone = (await some.call('get', { resource: 'leads', id })).problem.code;
said.twice = (await all.call('delete', { resource: 'leads', id, plan: plan.plan.token })).problem.code;
said.unknown = await all.call('drop', {}).catch((error) => error.code);
await some.client.close();
await all.client.close();
console.log(JSON.stringify(said).replaceAll(id, 'LEAD'));
