// /desk/waiting: entries that became no lead, why, and what somebody decides of each.

import { t, has, ago, count, moment } from 'crm/desk-words.js';
import { ask, counts, learn, nameOf, post } from 'crm/desk-api.js';
import { badge, busy, button, el, nothing, said, saidAll, toast, trouble } from 'crm/desk-dom.js';
import { go, showWaiting, step, title, viewKeys } from 'crm/desk-frame.js';
import { placeOf, sentList } from 'crm/desk-timeline.js';

export const name = 'waiting';

const SIZE = 25;
/** What each shows, in the names of the API. */
const TABS = { '': ['all', 'held,refused,unread'], held: ['held', 'held'], refused: ['refusedTab', 'refused'], unread: ['notRead', 'unread'], spam: ['spamTab', 'spam'] };

let list, tab, tabs, total;

export async function show(main, url, signal) {
  title(t('waiting'));
  tab = TABS[url.searchParams.get('show') ?? ''] ? url.searchParams.get('show') ?? '' : '';
  const asked = new URLSearchParams({ 'tray[in]': TABS[tab][1] }), after = url.searchParams.get('after');
  asked.set('limit', String(SIZE));
  if (after) asked.set('after', after);
  const page = await ask(`/v1/submissions?${asked}`, { signal });
  await learn(page.data.flatMap(entry => [entry.form, ...entry.candidates]), signal);
  const press = which => () => document.activeElement.closest?.('article')?.querySelector(`[data-do=${which}]`)?.click();
  viewKeys({ j: () => step(1, '.entry'), k: () => step(-1, '.entry'), a: press('approve'), n: press('new'), s: press('spam') });
  tabs = el('nav', { class: 'tabs', 'aria-label': t('views') });
  total = el('span', { class: 'soft num' });
  list = el('div', { class: 'stack' }, page.data.map(entryCard));
  const more = page.page.next && el('a', { class: 'b side', href: `/desk/waiting?${new URLSearchParams({ ...(tab && { show: tab }), after: page.page.next })}`, text: t('older') });
  main.replaceChildren(el('div', { class: 'head' }, el('h1', { tabindex: '-1', text: t('waiting') }), total), tabs,
    page.data.length ? list : empty(),
    more || after ? el('p', { class: 'pair turn' }, after && el('a', { class: 'b side', href: tab ? `/desk/waiting?show=${tab}` : '/desk/waiting', text: t('oldestPage') }), more) : '');
  await drawTabs(signal);
}

const empty = () => el('div', { class: 'card' }, tab ? nothing(t('nothingHere')) : nothing(t('nothingWaits'), t('nothingWaitsHelp'), el('a', { class: 'b side', href: '/desk', text: t('toLeads') })));

async function drawTabs(signal) {
  const many = await counts({}, Object.fromEntries(Object.entries(TABS).map(([key, [, trays]]) => [key || 'waiting', { tray: { in: trays.split(',') } }])), signal);
  tabs.replaceChildren(...Object.entries(TABS).map(([key, [words]]) => el('a', { href: key ? `/desk/waiting?show=${key}` : '/desk/waiting', 'aria-current': key === tab && 'page' }, t(words),
    many[key || 'waiting'] === undefined ? null : el('span', { class: 'soft num', text: count(many[key || 'waiting']) }))));
  showWaiting(many.waiting);
}

const reasonOf = entry => {
  const [verdict, kind] = entry.reason === 'spam' ? [t('spamTab'), 'failed'] : [t({ quarantined: 'held', rejected: 'refusedTab', failed: 'notRead' }[entry.verdict]), entry.verdict];
  const code = { spam: 'spamReason', held: 'takenBack' }[entry.reason] ?? entry.reason;
  return badge(kind, `${verdict}: ${code && has(code) ? t(code) : t('otherReason')}`);
};

const FIRST = /^_/;

/** Whose it seems to be. */
function personOf(entry) {
  const fields = entry.fields ?? {}, by = pattern => Object.entries(fields).find(([name, value]) => !FIRST.test(name) && pattern.test(name) && typeof value === 'string' && value.trim());
  return (by(/^(full.?)?name$/i) ?? by(/name|nome|nombre|nom/i) ?? by(/mail/i) ?? by(/phone|tel/i))?.[1].trim() ?? t('anonymous');
}

function entryCard(entry) {
  const who = personOf(entry), problem = el('div');
  const form = nameOf(entry.form);
  const article = el('article', { class: 'card pad entry', tabindex: '-1', 'aria-label': who });
  const decide = (verb, body, done, more) => event => settle(article, event.currentTarget, problem, entry, verb, body, done, more);
  const isSpam = entry.reason === 'spam';
  const targets = entry.candidates.filter(id => nameOf(id));
  // What was just approved can be looked at, and taken back.
  const open = saved => el('span', { class: 'pair' }, saved.lead && el('a', { href: `/desk/leads/${saved.lead}`, text: t('openIt') }), button('bare', t('undo'), () => undo(entry, 'hold')));
  const actions = [
    ...(targets.length ? targets.map((id, i) => button('side', t('addTo', nameOf(id)), decide('approve', { lead: id }, t('addedTo', nameOf(id)), open), { 'data-do': i ? 'also' : 'approve' }))
      : [button('side', t('approve'), decide('approve', {}, t('approved'), open), { 'data-do': 'approve' })]),
    button('side', t('newLead'), decide('approve', { lead: 'new' }, t('approved'), open), { 'data-do': 'new' }),
    !isSpam && button('side', t('spamDo'), decide('spam', {}, t('nowSpam'), () => button('bare', t('undo'), () => undo(entry, 'reprocess'))), { 'data-do': 'spam' }),
  ];
  article.append(el('div', { class: 'head' }, el('h2', {}, said(who)), reasonOf(entry), el('span', { class: 'soft small end', title: moment(entry.createdAt) }, ago(entry.createdAt))),
    el('p', { class: 'soft small' }, saidAll([form && `${t('form')} ${form}`, entry.page && placeOf(entry.page)])),
    sentShort(entry), targets.length ? el('p', { class: 'soft' }, `${t('looksLike')}: `, targets.flatMap((id, i) => [i ? ', ' : '', el('a', { href: `/desk/leads/${id}` }, said(nameOf(id)))])) : '',
    problem, el('div', { class: 'pair' }, actions));
  return article;
}

function sentShort(entry) {
  const all = sentList(entry);
  if (all.children.length <= 12) return all;
  const rest = el('dl', { class: 'kv' }, [...all.children].slice(12));
  return el('div', {}, all, el('details', { class: 'sent' }, el('summary', { class: 'soft small', text: t('allFields') }), rest));
}

async function settle(article, pressed, problem, entry, verb, body, done, more) {
  problem.replaceChildren();
  try {
    const saved = await busy(pressed, null, () => post(`/v1/submissions/${entry.id}/${verb}`, body));
    if (!saved) return;
    if (verb === 'approve' && !saved.lead && saved.verdict !== 'accepted' && saved.verdict !== 'merged') {
      problem.replaceChildren(trouble({ sentence: t('stillWaits', has(saved.reason) ? t(saved.reason) : t('otherReason')) }));
      return;
    }
    leave(article);
    toast(verb === 'approve' && !saved.lead ? t('approvedNobody') : done, more?.(saved));
  } catch (refusal) {
    if (refusal.status === undefined) throw refusal;
    const words = refusal.code === 'wrong_state' && verb === 'approve' ? (/form does not exist/.test(refusal.detail) ? t('formGone') : t('nobodyNamed')) : refusal.sentence;
    problem.replaceChildren(trouble({ sentence: words, status: refusal.status, code: refusal.code }));
  }
  drawTabs().catch(() => {});
}

/** The next entry gets the focus, so that one can go on by keyboard. */
function leave(article) {
  const other = article.nextElementSibling ?? article.previousElementSibling;
  article.remove();
  if (other) return other.focus();
  list.replaceWith(empty());
  document.querySelector('main h1')?.focus();
}

/** @param verb takes back what was done: reprocess spam, hold what was approved. */
async function undo(entry, verb) {
  try {
    const saved = await post(`/v1/submissions/${entry.id}/${verb}`);
    toast(saved.lead ? t('approved') : t('back'));
    if (!saved.lead && list.isConnected) { list.prepend(entryCard(saved)); list.firstChild.focus(); await drawTabs(); }
    else go(location.pathname + location.search, { replace: true });
  } catch (problem) {
    toast(problem.sentence ?? t('wrong'));
  }
}

