// graphql-ws and graphql-sse against the running product: node graphql-live.mjs ADDRESS KEY. Prints one JSON object.

import WebSocket from "ws";
import { createClient as createSocket } from "graphql-ws";
import { createClient as createStream } from "graphql-sse";

const [address, key] = process.argv.slice(2);
const url = `${address}graphql`;
const authorization = `Bearer ${key}`;
const sockets = [];
class Watched extends WebSocket { constructor(...given) { super(...given); sockets.push(this); } }
const ws = createSocket({ url: url.replace("http", "ws"), webSocketImpl: Watched, connectionParams: { authorization }, retryAttempts: 5, retryWait: async () => {}, shouldRetry: () => true });
const sse = createStream({ url, headers: { authorization }, singleConnection: false });
const clients = { ws, sse };

const newLead = async (lastName) => {
  const answer = await fetch(`${address}v1/leads`, { method: "POST", headers: { authorization, "content-type": "application/json" }, body: JSON.stringify({ lastName }) });
  return (await answer.json()).id;
};
const one = async (client, query) => {
  for await (const answer of client.iterate({ query })) return answer;
};
const until = async (what) => {
  for (let i = 0; i < 300 && !what(); i++) await new Promise((go) => setTimeout(go, 100));
};

const result = { created: [] };
const heard = { ws: [], sse: [] };
for (const [name, client] of Object.entries(clients)) {
  (async () => {
    for await (const answer of client.iterate({ query: 'subscription { events(types: ["lead.created"]) { subject } }' })) heard[name].push(answer.data.events.subject);
  })().catch((error) => (result[name + "Error"] = String(error)));
}
// Neither protocol says when a subscription is there: the first event that comes does.
const first = [];
while ((heard.ws.length === 0 || heard.sse.length === 0) && first.length < 100) {
  first.push(await newLead("first"));
  await new Promise((go) => setTimeout(go, 100));
}
for (let i = 0; i < 20; i++) result.created.push(await newLead("then"));
await until(() => Object.values(heard).every((list) => result.created.every((id) => list.includes(id))));

for (const [name, client] of Object.entries(clients)) {
  const query = await one(client, "{ __typename }");
  const mutation = await one(client, `mutation { createCampaign(input: { name: "from ${name}" }) { campaign { name } } }`);
  const invalid = await one(client, "{ nosuch }").catch((error) => ({ errors: error }));
  result[name] = {
    received: heard[name].filter((id) => !first.includes(id)), query: query.data.__typename, mutation: mutation.data?.createCampaign.campaign.name ?? JSON.stringify(mutation), invalid: JSON.stringify(invalid),
  };
}

// A connection that breaks: the client comes again by itself, and the subscription goes on.
sockets.at(-1).terminate();
await until(() => sockets.length > 1 && sockets.at(-1).readyState === 1);
const before = heard.ws.length;
for (let i = 0; i < 50 && heard.ws.length === before; i++) {
  await newLead("after");
  await new Promise((go) => setTimeout(go, 100));
}
result.afterReconnect = heard.ws.length > before;

result.wrongKey = await new Promise((done) => {
  const wrong = createSocket({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, connectionParams: { authorization: "Bearer crm_sk_wrong" }, retryAttempts: 0 });
  wrong.subscribe({ query: "{ __typename }" }, { next: () => done(0), error: (closed) => done(closed.code), complete: () => done(0) });
});

console.log(JSON.stringify(result));
process.exit(0);
