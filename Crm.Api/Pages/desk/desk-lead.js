// /desk/leads/{id}: all that is known of one lead, where it came from, what others say instead, and what happened.

import { t, count, moment, since } from 'crm/desk-words.js';
import { ask, channelOf, choices, emailOf, giverOf, leadName, learn, nameOf, phoneOf, post } from 'crm/desk-api.js';
import { badge, busy, button, confirm, el, nothing, said, select, toast, trouble } from 'crm/desk-dom.js';
import { go, title, viewKeys } from 'crm/desk-frame.js';
import { leadDialog } from 'crm/desk-form.js';
import { fieldName, messageOf, namesIn, placeOf, sentList, timelineRows } from 'crm/desk-timeline.js';

export const name = 'leads';

let lead, entries, suggestions, events, next, forms, parts, members, at;

export async function show(main, url, signal) {
  at = `/v1/leads/${url.pathname.split('/')[3]}`;
  viewKeys({ c: () => leadDialog(null, saved => go(`/desk/leads/${saved.id}`)) });
  let timeline, sent, changes;
  try {
    [lead, timeline, sent, changes, members] = await Promise.all([ask(at, { signal }), ask(`${at}/timeline?limit=50`, { signal }),
      none(ask(`/v1/submissions?lead=${url.pathname.split('/')[3]}&limit=100`, { signal })),
      none(ask(`/v1/proposed-changes?lead=${url.pathname.split('/')[3]}&status=open&limit=100`, { signal })), choices('members')]);
  } catch (problem) {
    if (problem.status !== 404 && problem.status !== 400) throw problem;
    title(t('leadGone'));
    main.replaceChildren(nothing(t('leadGone'), t('leadGoneHelp'), el('a', { class: 'b side', href: '/desk', text: t('toLeads') })));
    return;
  }
  [entries, suggestions, events, next] = [Object.fromEntries(sent.data.map(one => [one.id, one])), changes.data, timeline.data, timeline.page.next];
  forms = Object.fromEntries(sent.data.map(one => [one.id, one.form]));
  await learn([lead.owner, lead.source?.form, lead.source?.link, lead.source?.campaign, lead.source?.affiliate, ...sent.data.map(one => one.form), ...lead.provenance.map(one => one.by),
    ...suggestions.map(one => one.by), ...events.flatMap(namesIn)].filter(id => id && !id.startsWith('sub_')), signal);
  title(leadName(lead));
  build(main);
}

/** What the key may not read is not there. */
const none = list => list.catch(problem => { if (problem.status === 403) return { data: [] }; throw problem; });

function build(main) {
  parts = { trouble: el('div'), head: el('div', { class: 'head' }), about: el('section', { class: 'card pad' }), suggestions: el('section', { class: 'card pad' }), timeline: el('ol', { class: 'line' }), more: el('div') };
  drawHead();
  drawAbout();
  drawSuggestions();
  drawTimeline();
  main.replaceChildren(crumb(), parts.head, parts.trouble, el('div', { class: 'two' },
    el('div', { class: 'stack' }, parts.suggestions, notes(), el('section', { class: 'card pad' }, el('h2', { text: t('timeline') }), parts.timeline, parts.more)),
    el('aside', { class: 'stack', 'aria-label': t('aboutLead') }, parts.about, path())));
}

function crumb() {
  const { ids = [], back = '/desk' } = JSON.parse(sessionStorage.getItem('desk_list') ?? '{}');
  const place = ids.indexOf(lead.id);
  return el('p', { class: 'crumb' }, el('a', { href: back, text: t('leads') }), place < 0 ? null
    : el('span', { class: 'soft' }, ` / ${t('position', place + 1, ids.length)}`, ids[place + 1] ? [' · ', el('a', { href: `/desk/leads/${ids[place + 1]}`, text: t('next') })] : null));
}

function drawHead() {
  const phone = phoneOf(lead), email = emailOf(lead);
  parts.head.replaceChildren(el('h1', { tabindex: '-1' }, said(leadName(lead))), badge(lead.status), el('div', { class: 'end' },
    button('side', t('edit'), () => leadDialog(lead, refreshed)),
    lead.status !== 'converted' && button('side', t('makeCustomer'), () => confirm(t('makeCustomerAsk', leadName(lead)), t('makeCustomerHelp'), t('makeCustomer'),
      () => act(null, () => post(`${at}/convert`), t('madeCustomer', leadName(lead))))),
    email && !phone && el('a', { class: 'b go', href: `mailto:${encodeURIComponent(email).replace('%40', '@')}`, text: t('write') }),
    phone && el('a', { class: 'b go', href: `tel:${phone}`, text: t('call') })));
}

/** Runs a change, says what came of it, and shows the lead as it is now; what goes wrong is said at the top of the lead. */
async function act(pressed, run, done, more) {
  parts.trouble.replaceChildren();
  let isThrough = false;
  try {
    await (pressed ? busy(pressed, null, run) : run());
    isThrough = true;
    await again();
    if (done) toast(done, more);
    return true;
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    // It took the lead along.
    if (isThrough && problem.status === 404) {
      toast(done, more);
      go('/desk');
      return false;
    }
    // What somebody else did meanwhile is shown before it is repeated.
    if (problem.status === 412 || problem.code === 'conflict') await again().catch(() => {});
    parts.trouble.replaceChildren(trouble(problem));
    return false;
  }
}

async function again() {
  const [fresh, timeline, changes] = await Promise.all([ask(at), ask(`${at}/timeline?limit=50`), none(ask(`/v1/proposed-changes?lead=${lead.id}&status=open&limit=100`))]);
  [lead, events, next, suggestions] = [fresh, timeline.data, timeline.page.next, changes.data];
  await learn([lead.owner, ...events.flatMap(namesIn), ...lead.provenance.map(one => one.by)].filter(id => id && !id.startsWith('sub_')));
  drawHead();
  drawAbout();
  drawNotes();
  drawSuggestions();
  drawTimeline();
}

async function refreshed() {
  await again();
  toast(t('saved'));
}

const change = (body, done, pressed = null) => act(pressed, () => ask(at, { method: 'PATCH', body, match: lead.etag }), done ?? t('saved'));

// ---- About

/** Who or what gave the value, and when. */
function giver(...paths) {
  const found = [...lead.provenance].reverse().find(one => one.fields.some(field => paths.includes(field)));
  return found && el('small', { title: moment(found.at) }, said(giverOf(found.by, forms)), `, ${since(found.at)}`);
}

function drawAbout() {
  const rows = [], add = (label, value, source) => value && rows.push(el('dt', { text: label }), el('dd', {}, value, source));
  for (const [i, one] of lead.emails.entries())
    add(i ? '' : t('email'), el('a', { href: `mailto:${encodeURIComponent(one.address).replace('%40', '@')}`, dir: 'ltr', text: one.address }), one.primary && giver('email', 'emails'));
  for (const [i, one] of lead.phones.entries())
    add(i ? '' : t('phone'), [el('a', { href: `tel:${one.number}`, dir: 'ltr', text: one.number }), one.shared && el('small', { text: t('shared') })], one.primary && giver('phone', 'phones'));
  add(t('name'), lead.firstName || lead.lastName ? said([lead.salutation, lead.firstName, lead.middleName, lead.lastName].filter(Boolean).join(' ')) : null, giver('firstName', 'lastName', 'name'));
  for (const field of ['company', 'jobTitle', 'interest', 'bestTimeToCall', 'language']) add(t(field), lead[field] && said(lead[field]), giver(field));
  const address = lead.address && [lead.address.line1, lead.address.line2, [lead.address.postalCode, lead.address.city].filter(Boolean).join(' '), lead.address.region, lead.address.country].filter(Boolean).join(', ');
  add(t('address'), address && said(address), giver('address', ...['line1', 'line2', 'city', 'region', 'postalCode', 'country'].map(part => `address.${part}`)));
  add(t('message'), lead.message && el('span', { class: 'pre' }, said(lead.message)), giver('message'));
  for (const [field, value] of Object.entries(lead.custom ?? {})) add(field, said(Array.isArray(value) ? value.join(', ') : String(value)), giver(`custom.${field}`));
  add(t('score'), count(lead.score), giver('score'));
  const latest = new Map((lead.consent ?? []).map(one => [one.purpose, one]));
  for (const one of latest.values()) add(t('consent'), [badge(one.granted ? 'qualified' : '', one.granted ? t('granted') : t('withheld')), el('small', {}, said(one.text || one.purpose), `, ${moment(one.at)}`)]);
  const status = lead.status === 'converted' ? el('p', {}, badge('converted'), el('small', { class: 'soft', text: ` ${t('noStatusBack')}` }))
    : select(['new', 'working', 'qualified', 'unqualified'].map(one => [one, t(one)]), lead.status, { on: { change: event => change({ status: event.target.value }).then(() => document.getElementById('lead-status')?.focus()) } });
  status.id = 'lead-status';
  const owner = select([['', t('nobody')], ...members], lead.owner ?? '', { id: 'lead-owner', on: { change: event => change({ owner: event.target.value || null }).then(() => document.getElementById('lead-owner')?.focus()) } });
  if (lead.owner && !members.some(([id]) => id === lead.owner)) owner.lastChild.textContent = nameOf(lead.owner) || t('owner');
  parts.about.replaceChildren(el('h2', { text: t('aboutLead') }),
    el('div', { class: 'set' }, el(lead.status === 'converted' ? 'span' : 'label', { for: lead.status === 'converted' ? null : 'lead-status', text: t('status') }), status, el('label', { for: 'lead-owner', text: t('owner') }), owner,
      el('span', { id: 'tags-label', text: t('tags') }), tags()),
    el('dl', { class: 'kv' }, rows));
}

function tags() {
  const input = el('input', { type: 'text', 'aria-label': t('addTag'), placeholder: t('addTag'), autocomplete: 'off', maxlength: '100' });
  const write = async list => { if (await change({ tags: list })) document.querySelector('.tag-form input')?.focus(); };
  return el('div', { role: 'group', 'aria-labelledby': 'tags-label' },
    lead.tags.length > 0 && el('ul', { class: 'tags' }, lead.tags.map(tag => {
      const remove = button('tag', '×', () => write(lead.tags.filter(one => one !== tag)), { 'aria-label': t('removeTag', tag) });
      return el('li', { class: 'badge plain' }, said(tag), remove);
    })),
    el('form', { class: 'tag-form', on: { submit: event => { event.preventDefault(); const tag = input.value.trim(); if (tag && !lead.tags.includes(tag)) write([...lead.tags, tag]); } } }, input,
      el('button', { class: 'b side', text: t('add') })));
}

function notes() {
  const text = (parts.notes = el('textarea', { id: 'lead-notes', rows: '3', 'aria-describedby': 'notes-help', maxlength: '16384' }));
  parts.notesBy = el('span', { class: 'soft small' });
  drawNotes();
  const save = button('side', t('saveNotes'), event => busy(event.currentTarget, t('saving'), () => change({ notes: text.value.trim() ? text.value : null })));
  return el('section', { class: 'card pad' }, el('h2', {}, el('label', { for: 'lead-notes', text: t('notes') })), text,
    el('div', { class: 'foot-line' }, el('span', { class: 'soft small', id: 'notes-help', text: t('notesHelp') }), parts.notesBy, save));
}

/** What somebody is typing stays; what others wrote is shown. */
function drawNotes() {
  if (parts.notes.value === (parts.notesWere ?? '')) parts.notes.value = lead.notes ?? '';
  parts.notesWere = lead.notes ?? '';
  parts.notesBy.replaceChildren(giver('notes') ?? '');
}

// ---- Suggested changes

const shownValue = value => (Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? '' : String(value));
const currentOf = field => (field === 'email' ? emailOf(lead) : field === 'phone' ? phoneOf(lead) : shownValue(field.split('.').reduce((value, part) => value?.[part], lead)));

function drawSuggestions() {
  parts.suggestions.hidden = suggestions.length === 0;
  const rows = suggestions.map((one, i) => {
    const [field, value, before] = [fieldName(one.field), shownValue(one.value), currentOf(one.field)];
    const decide = (verb, done) => event => act(event.currentTarget, () => post(`/v1/proposed-changes/${one.id}/${verb}`), done)
      .then(isDone => isDone && (parts.suggestions.querySelectorAll('.accept')[Math.min(i, suggestions.length - 1)] ?? parts.head.querySelector('h1')).focus());
    return el('div', { class: 'note' }, el('span', {}, el('span', { class: 'soft', text: field }), ' ', before && [el('s', {}, said(before)), el('span', { 'aria-hidden': 'true', text: ' → ' }), el('span', { class: 'sr', text: ` ${t('becomes')} ` })],
      el('strong', {}, said(value)), el('br'), el('span', { class: 'soft small' }, said(giverOf(one.by, forms)), `, ${moment(one.at)}`)),
    el('span', { class: 'end' }, button('side', t('dismiss'), decide('dismiss', t('dismissed')), { 'aria-label': t('dismissOf', field, value) }),
      button('side accept', t('accept'), decide('accept', t('accepted', field, value)), { 'aria-label': t('acceptOf', field, value) })));
  });
  parts.suggestions.replaceChildren(el('h2', { text: suggestions.length === 1 ? t('suggested') : t('suggestedMany') }), ...rows,
    lead.proposedChangesNotKept > 0 ? el('p', { class: 'soft small', text: t('notKept', lead.proposedChangesNotKept) }) : '');
}

// ---- Timeline and path

function drawTimeline() {
  parts.timeline.replaceChildren(...(events.length ? timelineRows(events, entries, entryDetails) : [el('li', { class: 'soft', text: t('noTimeline') })]));
  parts.more.replaceChildren(next ? button('side', t('older'), event => busy(event.currentTarget, t('loading'), async () => {
    const had = parts.timeline.children.length;
    try {
      const page = await ask(`${at}/timeline?limit=50&after=${encodeURIComponent(next)}`);
      await learn(page.data.flatMap(namesIn).filter(id => id && !id.startsWith('sub_')));
      [events, next] = [[...events, ...page.data], page.page.next];
    } catch (problem) {
      return toast(problem.sentence ?? t('wrong'));
    }
    drawTimeline();
    const first = parts.timeline.children[had];
    first?.setAttribute('tabindex', '-1');
    first?.focus();
  })) : '');
}

function entryDetails(entry) {
  const message = messageOf(entry);
  const takeOut = button('side', t('takeOut'), event => act(event.currentTarget, async () => {
    const made = await post(`/v1/submissions/${entry.id}/detach`, { lead: 'new' });
    delete entries[entry.id];
    toast(t('takenOut'), made.lead && el('a', { href: `/desk/leads/${made.lead}`, text: t('openIt') }));
  }), { title: t('takeOutHelp') });
  const spam = button('side', t('spamDo'), event => act(event.currentTarget, async () => {
    await post(`/v1/submissions/${entry.id}/spam`);
    delete entries[entry.id];
  }, t('nowSpam'), button('bare', t('undo'), () => undo(entry))));
  return [message && el('p', { class: 'quote', dir: 'auto', text: message.length > 400 ? `${message.slice(0, 400)}…` : message }),
    el('details', { class: 'sent' }, el('summary', { class: 'soft small', text: t('sentDetails') }), sentList(entry),
      (entry.verdict === 'accepted' || entry.verdict === 'merged') && el('div', { class: 'pair' }, takeOut, spam))].filter(Boolean);
}

async function undo(entry) {
  try {
    const saved = await post(`/v1/submissions/${entry.id}/reprocess`);
    toast(saved.lead ? t('backInLead') : t('back'));
    if (saved.lead) go(`/desk/leads/${saved.lead}`);
  } catch (problem) {
    toast(problem.sentence ?? t('wrong'));
  }
}

/** From the first contact to the last, as far as it is known. */
function path() {
  const stops = [];
  const add = (when, words, more) => stops.push([when, words, more]);
  const touch = (of, label) => of && add(of.at, label, [channelOf(of.channel), of.utm?.source && [of.utm.source, of.utm.medium, of.utm.campaign].filter(Boolean).join(' / '), of.referrer, of.page && placeOf(of.page)].filter(Boolean));
  touch(lead.firstTouch, t('first'));
  for (const event of events) if (event.data?.channel && event.data.at !== lead.firstTouch?.at) add(event.data.at, channelOf(event.data.channel), [event.data.page && placeOf(event.data.page)].filter(Boolean));
  for (const event of events) if (event.type === 'lead.clicked') add(event.createdAt, nameOf(event.data?.link) ? t('clicked', nameOf(event.data.link)) : t('clickedOnly'), []);
  if (lead.lastTouch && lead.lastTouch.at !== lead.firstTouch?.at) touch(lead.lastTouch, t('last'));
  const owed = ['affiliate', 'link', 'campaign'].filter(kind => lead.source?.[kind] && nameOf(lead.source[kind])).flatMap(kind => [el('dt', { text: t(`${kind}Source`) }), el('dd', {}, said(nameOf(lead.source[kind])))]);
  stops.sort((a, b) => new Date(a[0]) - new Date(b[0]));
  return el('section', { class: 'card pad' }, el('h2', { text: t('path') }), owed.length > 0 && el('dl', { class: 'kv' }, owed),
    stops.length === 0 ? el('p', { class: 'soft', text: t('noPath') })
      : el('ol', { class: 'line' }, stops.map(([when, words, more]) => el('li', { class: 'in' }, el('strong', {}, said(words)), ' ', el('span', { class: 'soft small', text: moment(when) }),
        more.map(one => el('p', { class: 'soft small' }, said(one)))))));
}
