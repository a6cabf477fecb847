// Generates a client's types from an OpenAPI document and compiles a program that uses them, strictly.
import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const document = process.argv[2];
// Inside this folder, so that the compiler finds the packages.
const folder = mkdtempSync(join(import.meta.dirname ?? '.', 'client-'));
try {
  const types = astToString(await openapiTS(pathToFileURL(document)));
  writeFileSync(join(folder, 'crm.ts'), types);
  writeFileSync(join(folder, 'use.ts'), `
import createClient from 'openapi-fetch';
import type { components, paths } from './crm.js';

const crm = createClient<paths>({ baseUrl: 'http://127.0.0.1:5080' });
type Lead = components['schemas']['Lead'];

export async function firstCompany(): Promise<string | null> {
  const { data, error } = await crm.GET('/v1/leads', { params: { query: { limit: 50, sort: '-createdAt' } } });
  if (error) throw new Error(error.code + ': ' + error.errors.map(e => e.message).join());
  const lead: Lead | undefined = data.data[0];
  return lead ? lead.company : null;
}

export async function qualify(id: string): Promise<Lead['status']> {
  const { data } = await crm.PATCH('/v1/leads/{id}', {
    params: { path: { id } }, body: { status: 'qualified', address: { city: 'Porto' }, email: 'ana@silva.example.org' },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  return data!.status;
}

// @ts-expect-error a status that does not exist is refused by the compiler
export const wrong: Lead['status'] = 'nosuch';
`);
  execFileSync(process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext', '--moduleResolution', 'nodenext', '--skipLibCheck', join(folder, 'use.ts')], { stdio: 'pipe' });
  console.log(`compiles: ${types.split('\n').length} lines of types from ${JSON.parse(readFileSync(document)).info.title}`);
} catch (error) {
  console.error(String(error.stdout ?? '') + error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
