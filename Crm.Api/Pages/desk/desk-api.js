// The desk's requests: the public API with the key of this tab, and what its answers mean in words.

import { t, has } from 'crm/desk-words.js';

let key = sessionStorage.getItem('crm_key') || '';

export const isSignedIn = () => key !== '';

export function signIn(secret) {
  key = secret;
  sessionStorage.setItem('crm_key', secret);
}

export function signOut() {
  key = '';
  known.clear();
  lists.clear();
  workspace = null;
  // What else this tab remembers are ids of leads.
  sessionStorage.clear();
}

/** A refusal: status 0 is no answer at all. */
export class Problem extends Error {
  constructor(status, body, wait) {
    super(`${status} ${body.code ?? ''}`);
    Object.assign(this, { status, code: body.code ?? '', detail: body.detail ?? '', errors: body.errors ?? [], body });
    this.sentence = { 0: t('offline'), 401: t('keyWrong'), 403: t('keyLacks'), 404: t('gone'), 412: t('moved'), 429: t('busy', wait || 10), 503: t('away') }[status]
      ?? (this.code === 'conflict' ? t('moved') : status === 409 ? t('refused') : status >= 500 ? t('wrong') : t('unclear'));
  }
}

/** @param more method, body (sent as JSON), match (the ETag that it must still have), once (the key that makes a repeat the same request). */
export async function ask(path, more = {}) {
  const headers = { Authorization: `Bearer ${key}`, Accept: 'application/json' };
  if (more.body !== undefined) headers['Content-Type'] = more.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  if (more.match) headers['If-Match'] = more.match;
  if (more.once) headers['Idempotency-Key'] = more.once;
  let answer;
  try {
    answer = await fetch(path, {
      method: more.method ?? 'GET', headers, body: more.body === undefined ? undefined : JSON.stringify(more.body),
      cache: 'no-store', credentials: 'omit', signal: more.signal,
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem(0, {});
  }
  const body = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Problem(answer.status, body, answer.headers.get('Retry-After'));
  return Object.assign(body, answer.headers.has('ETag') && { etag: answer.headers.get('ETag') });
}

export const post = (path, body = {}) => ask(path, { method: 'POST', body, once: crypto.randomUUID?.() ?? String(Math.random()) });

/** Names and counts come by GraphQL: one request for all. Where it is closed to the key the desk goes without. */
async function graph(query, variables, signal) {
  try {
    return (await ask('/graphql', { method: 'POST', body: { query, variables }, signal })).data ?? {};
  } catch (error) {
    if (error.status === 401 || error.name === 'AbortError') throw error;
    return {};
  }
}

const known = new Map();
const NAMED = ['Form', 'Link', 'Campaign', 'Affiliate', 'Member', 'ApiKey', 'Site'];

/** Learns the names of these records, as far as the key may read them. */
export async function learn(ids, signal) {
  const missing = [...new Set(ids)].filter(id => id && !known.has(id));
  if (missing.length > 0) {
    const parts = [...NAMED.map(type => `... on ${type} { name }`), '... on Lead { firstName lastName company emails { address primary } phones { number primary } }'].join(' ');
    const { nodes } = await graph(`query($ids: [ID!]!) { nodes(ids: $ids) { id ${parts} } }`, { ids: missing.slice(0, 100) }, signal);
    for (const node of nodes ?? []) if (node) known.set(node.id, node.name ?? (node.id.startsWith('lead_') ? leadName(node) : ''));
  }
}

export const nameOf = id => known.get(id) || '';

/**
 * How many there are of each: {leads: condition} of lists of leads, and what waits. A number that is missing is not known; at 10,000
 * counting ends.
 * @param of by name: [condition, words to search for] of leads.
 * @param entries by name: conditions of entries.
 */
export async function counts(of, entries, signal) {
  const declared = [], fields = [], variables = {};
  for (const [name, [where, q]] of Object.entries(of)) {
    declared.push(`$${name}: LeadFilterInput, $q_${name}: String`);
    fields.push(`${name}: leads(first: 0, where: $${name}, q: $q_${name}) { totalCount }`);
    Object.assign(variables, { [name]: where, [`q_${name}`]: q || null });
  }
  for (const [name, where] of Object.entries(entries)) {
    declared.push(`$${name}: SubmissionFilterInput`);
    fields.push(`${name}: submissions(first: 0, where: $${name}) { totalCount }`);
    variables[name] = where;
  }
  const data = await graph(`query(${declared.join(', ')}) { ${fields.join(' ')} }`, variables, signal);
  return Object.fromEntries(Object.keys({ ...of, ...entries }).map(name => [name, data[name]?.totalCount]));
}

export const MOST_COUNTED = 10000;

/** What waits for a decision, as a condition of GraphQL. */
export const WAITING = { tray: { in: ['held', 'refused', 'unread'] } };

let workspace;
export async function firm() {
  if (!workspace) {
    try {
      workspace = (await ask('/v1/workspaces?limit=1')).data[0] ?? {};
    } catch (error) {
      if (error.status !== 403) throw error;
      workspace = {};
    }
  }
  return workspace;
}

/** Once it was asked for; empty where the key may not read it. */
export const workspaceId = () => workspace?.id ?? '';

const lists = new Map();

/** Forms or members, for choices: id and name. */
export async function choices(resource) {
  if (!lists.has(resource))
    lists.set(resource, ask(`/v1/${resource}?limit=200&fields=name${resource === 'members' ? ',active' : ''}`).then(list => {
      for (const one of list.data) known.set(one.id, one.name);
      return list.data.filter(one => one.active !== false).map(one => [one.id, one.name]);
    }).catch(error => {
      lists.delete(resource);
      if (error.status === 403) return [];
      throw error;
    }));
  return lists.get(resource);
}

/** Name, or company, or what else says who it is. */
export const leadName = lead =>
  [lead.firstName, lead.lastName].filter(Boolean).join(' ') || lead.company || phoneOf(lead) || emailOf(lead) || t('unnamed');

export const emailOf = lead => lead.email ?? (lead.emails ?? []).find(one => one.primary)?.address ?? lead.emails?.[0]?.address ?? '';
export const phoneOf = lead => lead.phone ?? (lead.phones ?? []).find(one => one.primary)?.number ?? lead.phones?.[0]?.number ?? '';

/** What brought the lead, in words: Link · Newsletter. */
export function sourceOf(lead) {
  const { form, link, campaign, affiliate } = lead.source ?? {};
  for (const [id, kind] of [[affiliate, 'affiliateSource'], [link, 'linkSource'], [campaign, 'campaignSource'], [form, 'formSource']])
    if (id) return nameOf(id) ? `${t(kind)} · ${nameOf(id)}` : t(kind);
  return t('handSource');
}

export const channelOf = channel => (!channel ? '' : channel === 'email' ? t('email2') : has(channel) ? t(channel) : t('unassigned'));

/** Who or what gave a value. */
export function giverOf(by, forms = {}) {
  if (by.startsWith('sub_')) return forms[by] && nameOf(forms[by]) ? t('byForm', nameOf(forms[by])) : t('byFormOnly');
  if (by.startsWith('form_')) return nameOf(by) ? t('byForm', nameOf(by)) : t('byFormOnly');
  if (by.startsWith('key_')) return nameOf(by) ? t('byKey', nameOf(by)) : t('byKeyOnly');
  if (by.startsWith('member_')) return nameOf(by) ? t('byMember', nameOf(by)) : t('byKeyOnly');
  return by.startsWith('lead_') ? t('byLead') : t('bySystem');
}
