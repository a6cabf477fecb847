// Clients that are generated from the OpenAPI document, compiled strictly and used against the running product:
// node generated-clients.mjs DOCUMENT URL KEY. Prints, for each client, what ten of its calls came to.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";
import { createClient } from "@hey-api/openapi-ts";

const [document, url, key] = process.argv.slice(2);
// Inside this folder, so that the compiler finds the packages.
const folder = mkdtempSync(join(import.meta.dirname ?? ".", "client-"));

// The same story for both: what is made without a word has its defaults, a change sends only what was set, what was made is found and goes.
const fetchStory = `
import createClient from 'openapi-fetch';
import type { components, paths } from './crm.js';

export async function story(baseUrl: string, key: string): Promise<unknown[]> {
  const crm = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + key } });
  const form = (await crm.POST('/v1/forms', { body: { name: 'Offer', fields: [{ name: 'email', kind: 'email' }], tags: ['fair'], language: 'pt' } })).data!;
  const renamed = (await crm.PATCH('/v1/forms/{id}', { params: { path: { id: form.id } }, body: { name: 'Offer 2', thankYou: { redirect: 'https://www.example.org/' } } })).data!;
  const link = (await crm.POST('/v1/links', { body: { destination: 'https://www.example.org/' } })).data!;
  const lead = (await crm.POST('/v1/leads', { body: { lastName: 'Silva', email: 'ana.fetch@example.org', company: 'Silva Ltda', tags: ['a'] } })).data!;
  const moved = (await crm.PATCH('/v1/leads/{id}', { params: { path: { id: lead.id } }, body: { jobTitle: 'Buyer', address: { city: 'Porto' } } })).data!;
  const found = (await crm.GET('/v1/leads', { params: { query: { 'createdAt[gte]': lead.createdAt, 'status[in]': ['new', 'qualified'], limit: 5 } } })).data!;
  const converted = (await crm.POST('/v1/leads/{id}/convert', { params: { path: { id: lead.id } }, body: {} })).data!;
  const events = (await crm.GET('/v1/leads/{id}/timeline', { params: { path: { id: lead.id }, query: { limit: 3 } } })).data!;
  const report = (await crm.GET('/v1/reports/links', { params: { query: { interval: 'month' } } })).data!;
  const clicks: number | undefined = report.data[0]?.clicks;
  const paid = (await crm.GET('/v1/affiliates', {})).data!;
  const gone = (await crm.DELETE('/v1/links/{id}', { params: { path: { id: link.id } } })).response.status;
  const { error } = await crm.GET('/v1/leads/{id}', { params: { path: { id: 'lead_00000000000000000000000000' } } });
  return [form.minimumFillSeconds, renamed.name, renamed.tags, renamed.thankYou.message, renamed.language, link.active, moved.company, moved.tags, moved.address?.city,
    found.data.map((one) => one.id === lead.id), converted.status, events.data.length > 0, report.report, clicks ?? 0, paid.data.length, gone, error?.code, error?.errors.length];
}

// @ts-expect-error a status that does not exist is refused by the compiler
export const wrong: components['schemas']['Lead']['status'] = 'nosuch';
`;
const heyStory = `
import { createClient } from './hey/client/index.js';
import * as crm from './hey/sdk.gen.js';

export async function story(baseUrl: string, key: string): Promise<unknown[]> {
  const client = createClient({ baseUrl, auth: () => key });
  const form = (await crm.createForm({ client, body: { name: 'Offer', fields: [{ name: 'email', kind: 'email' }], tags: ['fair'], language: 'pt' } })).data!;
  const renamed = (await crm.updateForm({ client, path: { id: form.id }, body: { name: 'Offer 2', thankYou: { redirect: 'https://www.example.org/' } } })).data!;
  const link = (await crm.createLink({ client, body: { destination: 'https://www.example.org/' } })).data!;
  const lead = (await crm.createLead({ client, body: { lastName: 'Silva', email: 'ana.hey@example.org', company: 'Silva Ltda', tags: ['a'] } })).data!;
  const moved = (await crm.updateLead({ client, path: { id: lead.id }, body: { jobTitle: 'Buyer', address: { city: 'Porto' } } })).data!;
  const found = (await crm.listLeads({ client, query: { 'createdAt[gte]': lead.createdAt, 'status[in]': ['new', 'qualified'], limit: 5 } })).data!;
  const converted = (await crm.convertLead({ client, path: { id: lead.id }, body: {} })).data!;
  const events = (await crm.listLeadTimeline({ client, path: { id: lead.id }, query: { limit: 3 } })).data!;
  const report = (await crm.reportLinks({ client, query: { interval: 'month' } })).data!;
  const clicks: number | undefined = typeof report === 'object' && 'data' in report ? Number(report.data[0]?.clicks ?? 0) : undefined;
  const paid = (await crm.listAffiliates({ client })).data!;
  const gone = (await crm.deleteLink({ client, path: { id: link.id } })).response!.status;
  const { error } = await crm.getLead({ client, path: { id: 'lead_00000000000000000000000000' } });
  return [Number(form.minimumFillSeconds), renamed.name, renamed.tags, renamed.thankYou.message, renamed.language, link.active, moved.company, moved.tags, moved.address?.city,
    found.data.map((one) => one.id === lead.id), converted.status, events.data.length > 0, typeof report === 'object' && 'report' in report ? report.report : '', clicks ?? 0, paid.data.length, gone, error?.code, error?.errors.length];
}
`;
try {
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "crm.ts"), astToString(// What has a default need not be said; without this option the generator takes it for required.
    await openapiTS(pathToFileURL(document), { defaultNonNullable: false })));
  writeFileSync(join(folder, "fetch.ts"), fetchStory);
  await createClient({ input: document, output: { path: join(folder, "hey"), importFileExtension: ".js" }, plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"], logs: { level: "silent" } });
  writeFileSync(join(folder, "hey.ts"), heyStory);
  execFileSync(process.execPath, [join("node_modules", "typescript", "bin", "tsc"), "--strict", "--target", "es2022", "--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck", "--outDir", join(folder, "out"), join(folder, "fetch.ts"), join(folder, "hey.ts")], { stdio: "pipe" });
  writeFileSync(join(folder, "out", "package.json"), '{"type":"module"}');
  const said = {};
  for (const name of ["fetch", "hey"])
    said[name] = await (await import(pathToFileURL(join(folder, "out", name + ".js")))).story(url, key);
  console.log(JSON.stringify(said));
} catch (error) {
  console.error(String(error.stdout ?? "") + (error.stack ?? error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
