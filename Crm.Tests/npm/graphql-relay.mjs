// The Relay compiler over our schema: node graphql-relay.mjs < schema.graphql. Prints how it ended and the documents it would have stored, as one JSON object.

import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import compiler from "relay-compiler";

const folder = mkdtempSync(join(tmpdir(), "crm-relay-"));
mkdirSync(join(folder, "src"));
writeFileSync(join(folder, "schema.graphql"), readFileSync(0, "utf8"));
writeFileSync(join(folder, "package.json"), '{"name":"app","version":"1.0.0"}');
writeFileSync(join(folder, "persisted.json"), "{}");
writeFileSync(join(folder, "relay.config.json"), JSON.stringify({
  src: "./src", schema: "./schema.graphql", language: "javascript", excludes: ["**/__generated__/**"], persistConfig: { file: "./persisted.json", algorithm: "SHA256" },
}));
writeFileSync(join(folder, "src", "App.js"), `
graphql\`query AppQuery($first: Int) { ...App_leads @arguments(first: $first) node(id: "lead_x") { id ...App_lead @alias } }\`;
graphql\`fragment App_leads on Query @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) @refetchable(queryName: "AppLeadsQuery") {
  leads(first: $first, after: $after, order: [{ createdAt: DESC }]) @connection(key: "App_leads") { edges { cursor node { id lastName ...App_lead } } pageInfo { hasNextPage endCursor } }
}\`;
graphql\`fragment App_lead on Lead @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, after: { type: "String" }) @refetchable(queryName: "AppLeadQuery") { id version emails { address } submissions(first: $count, after: $after) @connection(key: "App_submissions") { edges { node { id verdict } } } }\`;
graphql\`mutation AppCreateMutation($input: CreateLeadInput!, $connections: [ID!]!) {
  createLead(input: $input) { lead @appendNode(connections: $connections, edgeTypeName: "LeadsEdge") { id ...App_lead } errors { __typename ... on Error { message } } }
}\`;
graphql\`subscription AppEventsSubscription { events(types: ["lead.created"]) { id type subject } }\`;
`);
const ran = spawnSync(compiler, ["relay.config.json"], { cwd: folder, encoding: "utf8" });
let artifacts = [], persisted = {};
try {
  artifacts = readdirSync(join(folder, "src", "__generated__")).sort();
  persisted = JSON.parse(readFileSync(join(folder, "persisted.json"), "utf8"));
} catch { /* said by the exit code */ }
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ status: ran.status, output: ran.stdout + ran.stderr, artifacts, persisted }));
