// What happened to a lead, in words: events of the API as lines of a timeline, with what was sent.

import { t, has, dayOf, time, money } from 'crm/desk-words.js';
import { channelOf, nameOf } from 'crm/desk-api.js';
import { el, said, saidAll } from 'crm/desk-dom.js';

/** Whether they did it or we did. */
const theirs = event => event.also?.some(one => one.startsWith('submission.')) || /^(touch\.|lead\.clicked|customer\.purchased)/.test(event.type) && !/^touch\.(call|visit|meeting)$/.test(event.type);

const camel = text => text.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

export const fieldName = path => (has(path) ? t(path) : has(path.split('.')[0]) ? t(path.split('.')[0]) : path.startsWith('custom.') ? path.slice(7) : path);

const QUIET = ['provenance', 'lastTouch', 'firstTouch', 'source', 'proposedChangeCount', 'proposedChangeBytes', 'proposedChangesNotKept', 'mergedFrom', 'customer', 'updatedAt'];

/** What an event needs the names of. */
export const namesIn = event => [event.by, event.data?.form, event.data?.link, ...(event.changes ?? []).filter(one => one.field === 'owner').flatMap(one => [one.from, one.to]), ...(event.related ?? []).filter(id => /^(form|link|lead)_/.test(id))];

function wordsOf(event) {
  const { type, data = {}, changes = [] } = event;
  if (event.also?.some(one => one.startsWith('submission.'))) return nameOf(data.form) ? t('sentForm', nameOf(data.form)) : t('sentFormOnly');
  const status = changes.find(one => one.field === 'status'), owner = changes.find(one => one.field === 'owner');
  switch (type) {
    case 'lead.created': return t('addedByHand');
    case 'lead.updated':
      if (status && has(status.to)) return t('statusMoved', t(status.from), t(status.to));
      if (owner) return t('ownerMoved', owner.from ? nameOf(owner.from) : t('nobody'), owner.to ? nameOf(owner.to) : t('nobody'));
      return changedWords(changes);
    case 'lead.clicked': return nameOf(data.link) ? t('clicked', nameOf(data.link)) : t('clickedOnly');
    case 'lead.mentioned': return t('mentioned');
    case 'lead.converted': return t('converted2');
    case 'lead.merged': return t('merged');
    case 'lead.unmerged': return t('unmerged');
    case 'lead.restored': return t('restored');
    case 'lead.changeAccepted': return t('changeAccepted', fieldName(data.field ?? ''));
    case 'lead.changeDismissed': return t('changeDismissed', fieldName(data.field ?? ''));
    case 'lead.submissionDetached': return t('detached');
    case 'lead.customerUnclear': return t('customerUnclear');
    case 'customer.purchased': return data.currency ? t('purchased', money(data.amount, data.currency)) : t('purchasedOnly');
  }
  if (/spam/i.test(type)) return t('spam');
  if (type === 'submission.held') return t('heldAgain');
  if (type.startsWith('touch.')) return t(`touch${camel(`_${type.slice(6)}`)}`);
  return changes.length ? changedWords(changes) : t('happened');
}

function changedWords(changes) {
  const fields = [...new Set(changes.map(one => one.field).filter(one => !QUIET.includes(one)).map(fieldName))];
  return fields.length ? t('changedFields', fields.join(', ')) : t('changedFieldsOnly');
}

/** An address without its scheme and query. */
export function placeOf(page) {
  try {
    const url = new URL(page);
    return `${url.host}${url.pathname === '/' ? '' : decodeURI(url.pathname)}`;
  } catch {
    return page ?? '';
  }
}

/** @param events newest first. @param entries what was sent, by id. @param more what stands below an entry. */
export function timelineRows(events, entries, more) {
  const rows = [], seen = new Set();
  let day = null;
  for (const event of events) {
    const when = event.data?.at ?? event.createdAt;
    if (dayOf(when) !== day) {
      day = dayOf(when);
      rows.push(el('li', { class: 'day' }, el('h3', { text: day })));
    }
    const isTheirs = theirs(event), sent = event.data?.submission;
    // What was processed more than once is shown once.
    const entry = isTheirs && !seen.has(sent) ? entries[sent] : null;
    if (isTheirs) seen.add(sent);
    const line = el('li', { class: isTheirs ? 'in' : null, 'data-day': day }, el('strong', {}, said(wordsOf(event))), ' ',
      el('span', { class: 'soft small' }, time(when), !isTheirs && /^(key|member)_/.test(event.by) && nameOf(event.by) ? [', ', t('by', ''), said(nameOf(event.by))] : null));
    const about = [event.data?.page && placeOf(event.data.page), event.data?.target && placeOf(event.data.target), event.data?.channel && channelOf(event.data.channel)].filter(Boolean);
    if (about.length) line.append(el('p', { class: 'soft small' }, saidAll(about)));
    if (entry) line.append(...more(entry));
    rows.push(line);
  }
  return rows;
}

/** The longest text of an entry is what they said. */
export function messageOf(entry) {
  const texts = Object.entries(entry.fields ?? {}).filter(([name, value]) => typeof value === 'string' && !name.startsWith('_') && !/mail|name|phone/i.test(name)).map(([, value]) => value.trim());
  return texts.filter(text => text.length > 20).sort((a, b) => b.length - a.length)[0] ?? '';
}

/** What was sent, name by name. */
export function sentList(entry) {
  const all = Object.entries(entry.fields ?? {}).filter(([name, value]) => !name.startsWith('_') && value !== '' && value !== null);
  return all.length === 0 ? el('p', { class: 'soft', text: t('noFields') })
    : el('dl', { class: 'kv' }, all.flatMap(([name, value]) => [el('dt', {}, said(label(name))), el('dd', { class: 'pre' }, said(Array.isArray(value) ? value.join(', ') : String(value)))]));
}

const label = name => (has(name) && typeof t(name) === 'string' && ['email', 'phone', 'company', 'message', 'name', 'interest', 'firstName', 'lastName'].includes(name) ? t(name) : name);

