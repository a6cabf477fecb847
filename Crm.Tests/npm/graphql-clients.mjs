// Other people's GraphQL clients against the running product: node graphql-clients.mjs URL KEY DOCS. Prints one JSON object.

import { readFileSync } from "node:fs";
import { buildSchema, buildClientSchema, validate, getIntrospectionQuery, printSchema, lexicographicSortSchema, validateSchema } from "graphql";
import { auditServer } from "graphql-http";
import { GraphQLClient, gql } from "graphql-request";
import { Client, fetchExchange } from "@urql/core";
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";

const [url, key, docs] = process.argv.slice(2);
const headers = { authorization: `Bearer ${key}` };
const withKey = (address, init) => fetch(address, { ...init, headers: { ...init?.headers, ...headers } });

const audits = await auditServer({ url, fetchFn: withKey });
const failed = [];
for (const result of audits)
  if (result.status !== "ok")
    failed.push({ id: result.id, name: result.name, status: result.status, reason: String(result.reason).slice(0, 200) });

const query = gql`query ($first: Int) { leads(first: $first) { nodes { id lastName } totalCount } }`;
const committed = readFileSync(0, "utf8");
const request = new GraphQLClient(url, { headers });
const fromRequest = await request.request(query, { first: 1 });
let methods = [];
const urql = new Client({ url, exchanges: [fetchExchange], fetch: (a, i) => { methods.push(i?.method ?? "GET"); return withKey(a, i); }, preferGetMethod: true });
const fromUrql = await urql.query(query, { first: 1 }).toPromise();
const apollo = new ApolloClient({ link: new HttpLink({ uri: url, fetch: withKey }), cache: new InMemoryCache() });
const { parse } = await import("graphql");
const fromApollo = await apollo.query({ query: parse(query), variables: { first: 1 } });

// Who has no key, or a wrong one, hears why.
const wrong = { authorization: "Bearer crm_sk_wrong" };
const withWrong = (address, init) => fetch(address, { ...init, headers: { ...init?.headers, ...wrong } });
const refusals = {
  request: await new GraphQLClient(url, { headers: wrong }).request(query).then(() => "", (e) => e.response.errors?.[0].message ?? ""),
  urql: (await new Client({ url, exchanges: [fetchExchange], fetch: withWrong, preferGetMethod: true }).query(query, {}).toPromise()).error?.graphQLErrors[0]?.message ?? "",
  apollo: await new ApolloClient({ link: new HttpLink({ uri: url, fetch: withWrong }), cache: new InMemoryCache() })
    .query({ query: parse(query) }).then(() => "", (e) => e.errors?.[0].message ?? ""),
};

// What the docs show works as pasted, and an error keeps its message in a cache that knows no schema.
const shown = [...readFileSync(docs, "utf8").matchAll(/```graphql\n([^]*?)```/g)].map((m) => m[1]);
const invalid = [];
for (const text of shown) {
  const document = parse(text);
  invalid.push(...validate(buildSchema(committed), document).map((e) => e.message));
}
const pasted = shown.find((text) => text.startsWith("mutation"));
const mutate = async (text) => (await apollo.mutate({ mutation: parse(text) })).data;
const done = await mutate(pasted);
const failure = await mutate(pasted.replace("https://www.silva.example.org/offer", "javascript:alert(1)"));
for (const text of shown.filter((t) => t.trimStart().startsWith("{")))
  await apollo.query({ query: parse(text) });

// The introspected schema and the committed one must both be schemas, and the same.
const introspected = buildClientSchema((await request.request(getIntrospectionQuery({ specifiedByUrl: true }))));
const built = buildSchema(committed);
const plain = (schema) => printSchema(lexicographicSortSchema(schema));

console.log(JSON.stringify({
  audits: audits.length, failed, methods,
  request: fromRequest.leads.totalCount, urql: fromUrql.data?.leads.totalCount ?? String(fromUrql.error), apollo: fromApollo.data?.leads.totalCount,
  refusals, shown: shown.length, invalid, done: done.createLink.link?.id ?? "", failure: failure.createLink.errors,
  schemaErrors: [...validateSchema(built), ...validateSchema(introspected)].map((e) => e.message),
  same: plain(built) === plain(introspected),
}));
process.exit(0);
