// Calls every operation of the OpenAPI document with bodies made from the document, and holds each answer against it with ajv.
// node contract.mjs URL SEED < {document, key, ids, values, bodies, skip}; prints {calls, operations, wrong, neverDone}.
//   ids: the id of a record for each prefix; values: path and query parameters by name; bodies: by operationId, what the document alone
//   does not tell; skip: operationIds that are not called at all.

import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [url, seed] = process.argv.slice(2);
const { document, key, ids, values, bodies, skip } = JSON.parse(readFileSync(0, "utf8"));

// ---- Chance, the same for the same seed

let state = Number(seed) >>> 0;
const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
let number = 0;

// ---- The document, with members that it does not name refused

const strict = structuredClone(document);
(function close(node) {
  if (!node || typeof node !== "object") return;
  if (node.properties && node.additionalProperties === undefined) node.additionalProperties = false;
  Object.values(node).forEach(close);
})(strict.components.schemas);
const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: true });
addFormats(ajv);
for (const format of ["int64", "binary"]) ajv.addFormat(format, true);
ajv.addSchema(strict, "crm");
const resolve = (node) => (node?.$ref ? node.$ref.slice(2).split("/").reduce((at, step) => at[step.replace(/~1/g, "/").replace(/~0/g, "~")], document) : node);
const pointer = (...steps) => steps.map((step) => encodeURIComponent(step.replace(/~/g, "~0").replace(/\//g, "~1"))).join("/");
const validators = new Map();
const validator = (path, method, status, type) => {
  const answer = document.paths[path][method].responses[status];
  const at = answer.$ref
    ? `crm${answer.$ref}/content/${pointer(type)}/schema`
    : `crm#/${pointer("paths", path, method, "responses", status, "content", type)}/schema`;
  if (!validators.has(at)) validators.set(at, ajv.compile({ $ref: at }));
  return validators.get(at);
};

// ---- Values

const letters = "abcdefghijklmnopqrstuvwxyz";
const word = (length) => Array.from({ length: Math.max(1, length) }, () => letters[below(26)]).join("");
const made = (schema, name, full, depth = 0) => {
  schema = resolve(schema);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return made(pick(choices.filter((one) => one.type !== "null")), name, full, depth);
  const types = [schema.type].flat();
  if (types.includes("null") && full && below(6) === 0) return null;
  const type = types.find((one) => one !== "null");
  if (schema.enum) return pick(schema.enum.filter((one) => one !== null));
  switch (type) {
    case "boolean": return below(2) === 0;
    case "integer": return Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 1000, 1 + below(100)));
    case "number": return 1 + below(100) / 4;
    case "array": return Array.from({ length: Math.min(schema.maxItems ?? 2, 1) }, () => made(schema.items, name, full, depth + 1));
    case "object": {
      const result = {};
      if (depth > 4) return result;
      for (const [member, of] of Object.entries(schema.properties ?? {}))
        if (!resolve(of).readOnly && (schema.required?.includes(member) || (full && below(3) > 0))) result[member] = made(of, member, full, depth + 1);
      return result;
    }
    case "string": {
      if (values[name] !== undefined) return values[name];
      const prefix = schema.pattern?.match(/^\^([a-z]+)_/)?.[1];
      if (prefix) return ids[prefix] ?? `${prefix}_00000000000000000000000000`;
      if (schema.format === "date-time") return `202${1 + below(5)}-0${1 + below(9)}-1${below(9)}T0${below(9)}:00:00.000Z`;
      if (schema.format === "date") return `202${1 + below(5)}-0${1 + below(9)}-1${below(9)}`;
      if (schema.format === "email" || name === "email") return `${word(8)}.${++number}@example.org`;
      if (schema.format === "uri" || schema.format === "url") return `https://www.example.org/${word(6)}`;
      if (schema.examples?.length && below(4) > 0 && !/slug|orderId|externalId|key/i.test(name)) return schema.examples[0];
      return `${word(3)}${++number}`.slice(0, schema.maxLength ?? 40);
    }
    default: return { any: word(4) };
  }
};

// ---- Calls

const wrong = [], done = new Set(), called = new Set();
let calls = 0;
const say = (operation, what, request, status, text) => {
  if (wrong.length < 40) wrong.push(`${operation.operationId}: ${what} (${request.method} ${request.path}${request.body === undefined ? "" : " " + String(request.body).slice(0, 600)} -> ${status} ${text.slice(0, 600)})`);
};

async function call(path, method, operation, request) {
  calls++;
  called.add(operation.operationId);
  const headers = { accept: "*/*", "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36", ...request.headers };
  if (request.key !== null && !(operation.security?.length === 0)) headers.authorization ??= `Bearer ${request.key ?? key}`;
  const answer = await fetch(url + request.path, { method: method.toUpperCase(), headers, body: request.body, redirect: "manual" });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const text = bytes.toString("utf8"), status = String(answer.status);
  const shown = { method: method.toUpperCase(), ...request };
  if (answer.status >= 500) say(operation, "a failure", shown, status, text);
  const documented = resolve(operation.responses[status]);
  if (!documented) return say(operation, "a status that is not documented", shown, status, text), { status, text };
  if (answer.status < 400) done.add(operation.operationId);
  const type = (answer.headers.get("content-type") ?? "").split(";")[0];
  if (bytes.length === 0) {
    if (documented.content && answer.status !== 204 && answer.status !== 304 && answer.status < 300) say(operation, "no body", shown, status, text);
    return { status, text };
  }
  // A list as a file is said by its parameter: among the answers it would give the clients that are made of this a page that may be a text.
  if (type === "text/csv" && /[?&]format=csv\b/.test(request.path)) return { status, text };
  const as = documented.content?.[type] ? type : type === "application/graphql-response+json" && documented.content?.["application/json"] ? "application/json" : null;
  if (!as) return say(operation, `a body of ${type} that is not documented`, shown, status, text), { status, text };
  if (as.endsWith("json")) {
    const valid = validator(path, method, status, as), body = JSON.parse(text);
    if (!valid(body)) say(operation, `the body does not fit: ${ajv.errorsText(valid.errors).slice(0, 200)} ${JSON.stringify(valid.errors[0].params)}`, shown, status, text);
    return { status, text, body };
  }
  return { status, text };
}

const operations = [];
for (const [path, item] of Object.entries(document.paths))
  for (const method of ["get", "post", "put", "patch", "delete"])
    if (item[method] && !skip.includes(item[method].operationId))
      operations.push({ path, method, operation: item[method], parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolve) });

const at = (path, parameters, id) =>
  path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(name === "id" && id !== undefined ? id : made(parameters.find((p) => p.name === name && p.in === "path").schema, name, false)));
const query = (parameters) => {
  const needed = parameters.filter((p) => p.in === "query" && (p.required || values["?" + p.name] !== undefined));
  return needed.length === 0 ? "" : "?" + needed.map((p) => `${encodeURIComponent(p.name)}=${encodeURIComponent(values["?" + p.name] ?? made(p.schema, p.name, false))}`).join("&");
};
const bodyOf = (operation, full) => {
  const content = operation.requestBody?.content;
  if (!content) return {};
  const type = Object.keys(content)[0];
  const body = { ...made(content[type].schema, "", full), ...(bodies[operation.operationId] ?? {}) };
  if (type === "application/x-www-form-urlencoded") return { body: new URLSearchParams(body).toString(), headers: { "content-type": type } };
  return { body: JSON.stringify(body), headers: { "content-type": type }, json: body };
};
const openHeaders = (operation) => values["headers:" + operation.operationId] ?? {};

async function usual({ path, method, operation, parameters }) {
  for (const full of [false, true, true]) {
    const { json, ...request } = bodyOf(operation, full);
    request.headers = { ...request.headers, ...openHeaders(operation) };
    const answer = await call(path, method, operation, { path: at(path, parameters) + query(parameters), ...request });
    // What was made is what is deleted later, so that what others refer to stays.
    if (method === "post" && answer.status === "201" && answer.body?.id) (spare[path] ??= []).push(answer.body.id);
  }
}

async function unusual({ path, method, operation, parameters }) {
  const fine = bodyOf(operation, false);
  const request = { path: at(path, parameters) + query(parameters), body: fine.body, headers: { ...fine.headers, ...openHeaders(operation) } };
  if (!(operation.security?.length === 0)) await call(path, method, operation, { ...request, key: null });
  if (path.includes("{id}")) {
    const prefix = parameters.find((p) => p.name === "id").schema.pattern.match(/^\^([a-z]+)_/)[1];
    await call(path, method, operation, { ...request, path: at(path, parameters, `${prefix}_00000000000000000000000000`) });
  }
  if (fine.json && Object.keys(fine.json).length > 0) {
    const broken = { ...fine.json, [pick(Object.keys(fine.json))]: pick([[], {}, 17, true, "\u0007", null]) };
    await call(path, method, operation, { ...request, body: JSON.stringify(broken) });
    await call(path, method, operation, { ...request, body: JSON.stringify({ ...fine.json, nosuch: 1 }) });
    await call(path, method, operation, { ...request, body: "{" });
  }
}

/** Each filter of each list by itself: what the document names is taken. */
async function filters({ path, method, operation, parameters }) {
  await inTurns(
    parameters.filter((p) => p.in === "query" && p.name !== "fields" && p.name !== "after" && p.name !== "sort" && values["?" + p.name] === undefined),
    async (parameter) => {
      const value = [made(parameter.schema, parameter.name.split(/[[.]/)[0], false)].flat().join(",");
      const answer = await call(path, method, operation, { path: `${at(path, parameters)}?${encodeURIComponent(parameter.name)}=${encodeURIComponent(value)}` });
      if (answer.body?.code === "unknown_parameter") say(operation, `does not take ${parameter.name}`, { method, path }, answer.status, answer.text);
    },
    8,
  );
}

async function inTurns(list, work, wide) {
  const left = [...list];
  await Promise.all(Array.from({ length: wide }, async () => { while (left.length > 0) await work(left.shift()); }));
}

const spare = {};
const deletes = operations.filter((one) => one.method === "delete");
const others = operations.filter((one) => one.method !== "delete");
for (const one of others) await unusual(one);
for (const one of others) await usual(one);
await inTurns(others.filter((one) => one.operation.operationId.startsWith("list")), filters, 2);
for (const one of deletes) {
  const id = spare[one.path.replace("/{id}", "")]?.pop();
  await unusual({ ...one, operation: { ...one.operation } });
  await call(one.path, one.method, one.operation, { path: at(one.path, one.parameters, id) });
}

console.log(JSON.stringify({ calls, operations: called.size, wrong, neverDone: operations.map((o) => o.operation.operationId).filter((id) => !done.has(id)) }));
