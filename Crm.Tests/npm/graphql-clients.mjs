// Other people's GraphQL clients against the running product: node graphql-clients.mjs URL KEY. Prints one JSON object.

import { readFileSync } from "node:fs";
import { buildSchema, buildClientSchema, getIntrospectionQuery, printSchema, lexicographicSortSchema, validateSchema } from "graphql";
import { auditServer } from "graphql-http";
import { GraphQLClient, gql } from "graphql-request";
import { Client, fetchExchange } from "@urql/core";
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";

const [url, key] = process.argv.slice(2);
const headers = { authorization: `Bearer ${key}` };
const withKey = (address, init) => fetch(address, { ...init, headers: { ...init?.headers, ...headers } });

const audits = await auditServer({ url, fetchFn: withKey });
const failed = [];
for (const result of audits)
  if (result.status !== "ok")
    failed.push({ id: result.id, name: result.name, status: result.status, reason: String(result.reason).slice(0, 200) });

const query = gql`query ($first: Int) { leads(first: $first) { nodes { id lastName } totalCount } }`;
const request = new GraphQLClient(url, { headers });
const fromRequest = await request.request(query, { first: 1 });
let methods = [];
const urql = new Client({ url, exchanges: [fetchExchange], fetch: (a, i) => { methods.push(i?.method ?? "GET"); return withKey(a, i); }, preferGetMethod: true });
const fromUrql = await urql.query(query, { first: 1 }).toPromise();
const apollo = new ApolloClient({ link: new HttpLink({ uri: url, fetch: withKey }), cache: new InMemoryCache() });
const { parse } = await import("graphql");
const fromApollo = await apollo.query({ query: parse(query), variables: { first: 1 } });

// The introspected schema and the committed one must both be schemas, and the same.
const committed = readFileSync(0, "utf8");
const introspected = buildClientSchema((await request.request(getIntrospectionQuery({ specifiedByUrl: true }))));
const built = buildSchema(committed);
const plain = (schema) => printSchema(lexicographicSortSchema(schema));

console.log(JSON.stringify({
  audits: audits.length, failed, methods,
  request: fromRequest.leads.totalCount, urql: fromUrql.data?.leads.totalCount ?? String(fromUrql.error), apollo: fromApollo.data?.leads.totalCount,
  schemaErrors: [...validateSchema(built), ...validateSchema(introspected)].map((e) => e.message),
  same: plain(built) === plain(introspected),
}));
process.exit(0);
