
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
