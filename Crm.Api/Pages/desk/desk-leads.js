// /desk: the list of leads. What is found, filtered and sorted stands in the address, in the API's own names.

import { t, count, ago, moment } from 'crm/desk-words.js';
import { ask, channelOf, choices, counts, emailOf, firm, leadName, learn, MOST_COUNTED, nameOf, phoneOf, sourceOf, WAITING } from 'crm/desk-api.js';
import { badge, busy, button, dialog, el, icon, nothing, said, saidAll, select, toast, trouble } from 'crm/desk-dom.js';
import { go, showWaiting, step, title, viewKeys } from 'crm/desk-frame.js';
import { leadDialog } from 'crm/desk-form.js';
import { me, removeView, saveView, setMe, views } from 'crm/desk-views.js';
import { download } from 'crm/desk-csv.js';

export const name = 'leads';

const SIZE = 25, STATUSES = ['new', 'working', 'qualified', 'unqualified', 'converted'];
const CHANNELS = ['organic-search', 'paid-search', 'organic-social', 'paid-social', 'email', 'referral', 'direct', 'affiliates', 'display', 'paid-other', 'unassigned'];
const FILTERS = { status: 'status', owner: 'owner', 'source.form': 'form', 'source.channel': 'source', tags: 'tag' };
const SORTS = { '-createdAt': 'newest', createdAt: 'oldest', lastName: 'byName', '-lastName': 'byName', '-score': 'byScore', score: 'byScore' };

let parts = null, url = null, rows = [], timer = null, selected = new Set();

/** The address with other parameters; the place in the list starts anew. */
function address(changes) {
  const query = new URLSearchParams(url.search);
  query.delete('after');
  for (const [key, value] of Object.entries(changes)) if (value) query.set(key, value); else query.delete(key);
  return place(query);
}

function place(query) {
  const text = query.toString().replaceAll('%2C', ',');
  return text ? `/desk?${text}` : '/desk';
}

/** A condition of the address as the API's parameter. */
function parameters(of) {
  const asked = new URLSearchParams();
  for (const key of Object.keys(FILTERS)) {
    const value = of.get(key);
    if (!value) continue;
    if (value === 'none') asked.set(`${key}[exists]`, 'false');
    else asked.set(value.includes(',') ? `${key}[in]` : key, value);
  }
  if (SORTS[of.get('sort')]) asked.set('sort', of.get('sort'));
  return asked;
}

/** The same as a condition of GraphQL, for counting. */
function condition(of) {
  const terms = {};
  const set = (key, value) => key.split('.').reduce((at, part, i, all) => (at[part] = i === all.length - 1 ? value : at[part] ?? {}), terms);
  for (const key of Object.keys(FILTERS)) {
    const value = of.get(key);
    if (value) set(key, value === 'none' ? { exists: false } : value.includes(',') ? { in: value.split(',') } : { eq: value });
  }
  return terms;
}

/** All that the address asks of the list: words are names, addresses, or a number as people write it, whole or its end. */
function conditions() {
  const asked = parameters(url.searchParams), q = (url.searchParams.get('q') ?? '').trim();
  if (q) asked.set('q', q);
  return asked;
}

export async function show(main, at, signal, isNew) {
  url = at;
  title(t('leads'));
  if (isNew || !parts?.head.isConnected) build(main);
  clearTimeout(timer);
  const q = url.searchParams.get('q') ?? '';
  if (document.activeElement !== parts.find) parts.find.value = q;
  viewKeys({
    '/': () => parts.find.focus(), c: openAdd,
    j: () => step(1, '.rows tbody th a'), k: () => step(-1, '.rows tbody th a'),
    x: () => document.activeElement.closest?.('tbody tr')?.querySelector('input[type=checkbox]')?.click(),
  });
  await Promise.all([choices('forms'), choices('members'), firm()]);
  drawFilters();
  const asked = conditions(), after = url.searchParams.get('after');
  asked.set('limit', String(SIZE));
  if (after) asked.set('after', after);
  const began = new Date().toISOString();
  let found;
  try {
    found = await ask(`/v1/leads?${asked}`, { signal });
  } catch (problem) {
    // A place in the list that is not there any more: its beginning is.
    if (problem.code === 'invalid_cursor') return go(address({}), { replace: true });
    if (problem.status === 401 || problem.name === 'AbortError') throw problem;
    parts.results.replaceChildren(el('div', { class: 'card pad' }, trouble(problem, () => go(location.pathname + location.search, { replace: true, state: history.state }))));
    return;
  }
  rows = found.data;
  selected = new Set();
  sessionStorage.setItem('desk_list', JSON.stringify({ ids: rows.map(lead => lead.id), back: url.pathname + url.search }));
  const where = condition(url.searchParams), mine = me();
  const [many] = await Promise.all([
    counts({ all: [where, q.trim()], fresh: [{ status: { eq: 'new' } }], nobody: [{ owner: { exists: false } }], ...(mine && { mine: [{ owner: { eq: mine } }] }) }, { waiting: WAITING }, signal),
    learn(rows.flatMap(lead => [lead.owner, ...['affiliate', 'link', 'campaign', 'form'].map(of => lead.source?.[of])]), signal),
  ]);
  showWaiting(many.waiting);
  drawTabs(many);
  drawRows(found.page, many.all);
  parts.newer.hidden = true;
  if (!after && !url.searchParams.get('sort')) watch(where, q.trim(), rows.length ? rows[0].createdAt : began, signal);
}

const EVERY = 30000;

/** Looks now and then whether there are newer ones. They never push what one reads: a line says so. */
function watch(where, q, since, signal) {
  let known = 0;
  const look = async () => {
    if (document.hidden || signal.aborted || !parts.head.isConnected) return;
    const { newer = known } = await counts({ newer: [{ ...where, createdAt: { gt: since } }, q] }, {}, signal).catch(() => ({}));
    if (signal.aborted || newer === known) return;
    known = newer;
    parts.newer.replaceChildren(el('span', { text: newer === 1 ? t('newLeadsOne') : t('newLeads', count(newer)) }), ' ',
      button('bare', t('showNew'), () => { go(address({}), { replace: true }); parts.head.focus(); }));
    parts.newer.hidden = newer === 0;
  };
  const clock = setInterval(look, EVERY);
  document.addEventListener('visibilitychange', look, { signal });
  signal.addEventListener('abort', () => clearInterval(clock));
}

function build(main) {
  parts = {
    find: el('input', { type: 'search', name: 'q', 'aria-label': t('find'), placeholder: t('findHint'), autocomplete: 'off', dir: 'auto' }),
    head: el('h1', { tabindex: '-1', text: t('leads') }), total: el('span', { class: 'soft num' }),
    tabs: el('nav', { class: 'tabs', 'aria-label': t('views') }), chips: el('span', { class: 'chips wide' }),
    results: el('div', { class: 'results' }), newer: el('p', { class: 'newer', role: 'status', hidden: true }),
    few: button('side icon phone', '', openFilters, { 'aria-haspopup': 'dialog' }),
  };
  parts.find.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(() => go(address({ q: parts.find.value.trim() }), { replace: true }), 250);
  });
  const csv = kind => button(`side ${kind}`, '', event => busy(event.currentTarget, null, async () => {
    await download(conditions()).catch(problem => toast(problem.sentence ?? t('wrong')));
  }));
  const [large, small] = [csv('wide'), csv('icon phone')];
  large.append(icon('down'), t('csv'));
  small.append(icon('down'));
  small.setAttribute('aria-label', t('csv'));
  const add = el('a', { class: 'b go', href: '/desk/leads/new', on: { click: event => { if (plain(event)) { event.preventDefault(); openAdd(); } } } }, icon('plus'), t('addLead'));
  const filter = button('bare wide', '', openFilters, { 'aria-haspopup': 'dialog' });
  filter.append(icon('filter'), t('addFilter'));
  const form = el('form', { class: 'filters', role: 'search', on: { submit: event => { event.preventDefault(); go(address({ q: parts.find.value.trim() })); } } },
    el('div', { class: 'find' }, icon('find'), parts.find), parts.chips, parts.few, filter);
  main.replaceChildren(el('div', { class: 'head' }, parts.head, parts.total, el('div', { class: 'end' }, large, small, add)), parts.tabs, form, parts.newer, parts.results);
}

const plain = event => !(event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

const openAdd = () => leadDialog(null, lead => {
  toast(t('added', leadName(lead)), el('a', { href: `/desk/leads/${lead.id}`, text: t('openIt') }));
  go(location.pathname + location.search, { replace: true });
});

function drawTabs(many) {
  const query = url.searchParams, mine = me(), saved = views(), view = saved.find(one => one.name === query.get('view'));
  const only = key => !view && Object.keys(FILTERS).every(one => one === key || !query.get(one));
  const tab = (text, href, isCurrent, number, more = {}) => el('a', { href, 'aria-current': isCurrent ? 'page' : null, ...more }, said(text), number === undefined ? null : el('span', { class: 'soft num', text: count(number) }));
  const asked = asView();
  parts.tabs.replaceChildren(
    tab(t('all'), '/desk', !view && Object.keys(FILTERS).every(key => !query.get(key))),
    tab(t('new'), '/desk?status=new', query.get('status') === 'new' && only('status'), many.fresh),
    tab(t('mine'), mine ? `/desk?owner=${mine}` : '/desk', mine && query.get('owner') === mine && only('owner'), mine ? many.mine : undefined,
      mine ? {} : { on: { click: event => { event.preventDefault(); askWho(); } } }),
    tab(t('nobodys'), '/desk?owner=none', query.get('owner') === 'none' && only('owner'), many.nobody),
    ...saved.map(one => tab(one.name, place(new URLSearchParams(`${one.query}&view=${encodeURIComponent(one.name)}`)), view === one)),
    ...(view ? [asked === view.query ? null : button('bare small', t('save'), () => keep(view.name)), asked === view.query ? null : button('bare small', t('reset'), () => go(place(new URLSearchParams(`${view.query}&view=${encodeURIComponent(view.name)}`)))),
      button('bare small', t('removeView'), () => { removeView(view.name); toast(t('viewRemoved', view.name)); go(address({ view: '' }), { replace: true }); })]
      : asked && !['status=new', 'owner=none', `owner=${mine}`].includes(asked) ? [button('bare small', t('saveView'), askName)] : []).filter(Boolean));
  parts.total.textContent = many.all === undefined ? '' : many.all >= MOST_COUNTED ? t('about', count(MOST_COUNTED)) : count(many.all);
}

/** What a saved view keeps of the address: its conditions, words and order, in one order. */
function asView() {
  const query = new URLSearchParams();
  for (const key of [...Object.keys(FILTERS), 'q', 'sort']) if (url.searchParams.get(key)) query.set(key, url.searchParams.get(key));
  return query.toString().replaceAll('%2C', ',');
}

function keep(name) {
  saveView(name, asView());
  toast(t('viewSaved', name));
  go(address({ view: name }), { replace: true });
}

function askName() {
  const input = el('input', { type: 'text', maxlength: '40', autocomplete: 'off', required: true, id: 'view-name' });
  const box = dialog(t('saveView'), el('form', { on: { submit: event => { event.preventDefault(); box.close(); if (input.value.trim()) keep(input.value.trim()); } } },
    el('div', { class: 'field' }, el('label', { for: 'view-name', text: t('viewName') }), input), el('div', { class: 'pair end' }, el('button', { class: 'b go', text: t('save') }))));
}

/** Keys are a firm's, not a person's: who one is, one says once in each browser. */
async function askWho() {
  const members = await choices('members');
  const choice = select(members, members[0]?.[0], { id: 'who-am-i' });
  const box = dialog(t('whoAmI'), members.length === 0 ? el('p', { text: t('noMembers') })
    : el('form', { on: { submit: event => { event.preventDefault(); box.close(); setMe(choice.value); go(`/desk?owner=${choice.value}`); } } },
      el('div', { class: 'field' }, el('label', { for: 'who-am-i', text: t('you') }), el('p', { class: 'help', text: t('whoAmIHelp') }), choice), el('div', { class: 'pair end' }, el('button', { class: 'b go', text: t('showNew') }))));
}

const valueWords = (key, value) => value.split(',').map(one =>
  key === 'status' ? t(one) : key === 'owner' ? (one === 'none' ? t('nobody') : nameOf(one)) : key === 'source.form' ? nameOf(one) : key === 'source.channel' ? channelOf(one) : one).join(', ');

function drawFilters() {
  const set = Object.keys(FILTERS).filter(key => url.searchParams.get(key));
  parts.chips.replaceChildren(...set.map(key => {
    const text = valueWords(key, url.searchParams.get(key));
    return el('span', { class: 'chip' }, el('span', {}, `${t(FILTERS[key])}: `, said(text)),
      el('a', { href: address({ [key]: '' }), 'aria-label': t('remove', t(FILTERS[key]), text) }, icon('cross')));
  }));
  parts.few.replaceChildren(icon('filter'), set.length ? String(set.length) : '');
  parts.few.setAttribute('aria-label', set.length ? t('filtersSet', set.length) : t('filters'));
}

async function openFilters() {
  const [forms, members] = await Promise.all([choices('forms'), choices('members')]);
  const query = url.searchParams, any = ['', t('any')];
  const controls = {
    status: select([any, ...STATUSES.map(one => [one, t(one)])], query.get('status')),
    owner: select([any, ['none', t('nobody')], ...members], query.get('owner')),
    'source.form': select([any, ...forms], query.get('source.form')),
    'source.channel': select([any, ...CHANNELS.map(one => [one, channelOf(one)])], query.get('source.channel')),
    tags: el('input', { type: 'text', value: query.get('tags') ?? '', autocomplete: 'off' }),
  };
  const box = dialog(t('filters'), el('form', { on: { submit: event => {
    event.preventDefault();
    box.close();
    go(address(Object.fromEntries(Object.entries(controls).map(([key, control]) => [key, control.value.trim()]))));
  } } }, el('div', { class: 'fields' }, Object.entries(controls).map(([key, control]) => {
    control.id = `filter-${FILTERS[key]}`;
    return el('div', { class: 'field' }, el('label', { for: control.id, text: t(FILTERS[key]) }), control);
  })), el('div', { class: 'pair end' }, el('button', { class: 'b go', text: t('apply') }))));
}

function drawRows(page, total) {
  if (rows.length === 0) {
    const isFiltered = [...url.searchParams.keys()].some(key => key !== 'sort' && key !== 'view');
    parts.results.replaceChildren(el('div', { class: 'card' }, isFiltered
      ? nothing(t('noMatch'), t('noMatchHelp'), el('a', { class: 'b side', href: '/desk', text: t('clear') }))
      : nothing(t('noLeads'), t('noLeadsHelp'), el('a', { class: 'b side', href: '/desk/leads/new', text: t('addLead') }))));
    return;
  }
  const sort = url.searchParams.get('sort') || '-createdAt';
  const head = (text, key, kind) => {
    if (!key) return el('th', { scope: 'col', class: kind, role: 'columnheader', text });
    const isIt = sort === key || sort === `-${key}`, down = sort === `-${key}`;
    const next = isIt ? (down ? key : `-${key}`) : key === 'lastName' ? key : `-${key}`;
    return el('th', { scope: 'col', class: kind, role: 'columnheader', 'aria-sort': isIt && (down ? 'descending' : 'ascending') },
      el('a', { href: address({ sort: next === '-createdAt' ? '' : next }), title: t('sortBy', text) }, text, isIt ? (down ? ' ↓' : ' ↑') : null));
  };
  const all = el('input', { type: 'checkbox', 'aria-label': t('selectAll'), on: { change: () => {
    for (const box of parts.results.querySelectorAll('tbody input[type=checkbox]')) { box.checked = all.checked; mark(box.value, box.checked); }
    drawSelected();
  } } });
  const caption = el('caption', { class: 'sr', text: t('caption', t(SORTS[sort] ?? 'newest')) });
  const table = el('table', { class: 'cards rows', role: 'table', tabindex: '-1' }, caption,
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, el('th', { scope: 'col', class: 'k-tick', role: 'columnheader' }, all), head(t('lead'), 'lastName'), head(t('status')), head(t('from')), head(t('owner')),
      head(t('score'), 'score', 'r'), head(t('when'), 'createdAt', 'r'))),
    el('tbody', { role: 'rowgroup' }, rows.map(row)));
  const stack = history.state?.stack ?? [], first = stack.length * SIZE + 1;
  const turn = (text, to, state) => el('a', { class: 'b side', href: to, text, 'aria-disabled': to ? null : 'true', on: { click: event => {
    event.preventDefault();
    if (to) { go(to, { state }); scrollTo(0, 0); parts.results.querySelector('table')?.focus(); }
  } } });
  const shownAfter = url.searchParams.get('after');
  const back = shownAfter && { to: stack.length > 1 ? withAfter(stack.at(-2)) : address({}), state: { stack: stack.slice(0, -1) } };
  const on = page.next && { to: withAfter(page.next), state: { stack: [...stack, page.next] } };
  const range = total === undefined || total >= MOST_COUNTED ? t('rangeOnly', count(first), count(first + rows.length - 1)) : t('range', count(first), count(first + rows.length - 1), count(total));
  const previous = turn(t('previous'), back?.to, back?.state), next = turn(t('next'), on?.to, on?.state);
  for (const link of [previous, next]) if (link.getAttribute('aria-disabled')) link.removeAttribute('href');
  parts.bar = el('div', { class: 'foot top', hidden: true });
  parts.results.replaceChildren(el('div', { class: 'card' }, parts.bar, el('div', { class: 'scroll' }, table),
    back || on ? el('div', { class: 'foot' }, el('span', { class: 'soft small num', text: shownAfter && !stack.length ? '' : range }), el('span', { class: 'pair' }, previous, next)) : null));
}

function withAfter(cursor) {
  const query = new URLSearchParams(url.search);
  query.set('after', cursor);
  return `/desk?${query}`;
}

function row(lead) {
  const name = leadName(lead), email = emailOf(lead), phone = phoneOf(lead);
  const second = [name === lead.company ? null : lead.company, email && email !== name ? email : phone && phone !== name ? phone : null].filter(Boolean);
  const box = el('input', { type: 'checkbox', value: lead.id, 'aria-label': t('select', name), on: { change: event => { mark(lead.id, event.target.checked); drawSelected(); } } });
  return el('tr', { role: 'row' }, el('td', { class: 'k-tick', role: 'cell' }, box),
    el('th', { scope: 'row', role: 'rowheader' }, el('a', { href: `/desk/leads/${lead.id}` }, said(name)), el('small', {}, second.length ? saidAll(second) : email ? '\u00a0' : t('noEmail'))),
    el('td', { class: 'k-status', role: 'cell' }, badge(lead.status)),
    el('td', { class: 'k-src cut', role: 'cell' }, said(sourceOf(lead))),
    el('td', { class: 'k-owner', role: 'cell' }, lead.owner ? said(nameOf(lead.owner)) : el('span', { class: 'soft', text: t('nobody') })),
    el('td', { class: 'k-score r', role: 'cell', text: count(lead.score) }),
    el('td', { class: 'k-when r', role: 'cell' }, el('time', { dir: 'auto', datetime: lead.createdAt, title: moment(lead.createdAt), text: ago(lead.createdAt) })));
}

function mark(id, isOn) {
  if (isOn) selected.add(id);
  else selected.delete(id);
}

/** The bar of what is selected, with what can be done to all of it. */
async function drawSelected() {
  parts.bar.hidden = selected.size === 0;
  if (selected.size === 0) return;
  const members = await choices('members');
  const act = (text, of, field) => select([['', text], ...of], '', { 'aria-label': text, on: { change: event => event.target.value && change({ [field]: event.target.value === 'none' ? null : event.target.value }) } });
  parts.bar.replaceChildren(el('span', { role: 'status', class: 'num', text: t('selected', selected.size) }), el('span', { class: 'pair' },
    act(t('setStatus'), STATUSES.slice(0, 4).map(one => [one, t(one)]), 'status'), act(t('setOwner'), [['none', t('nobody')], ...members], 'owner')));
}

async function change(body) {
  let done = 0;
  const failed = [];
  for (const lead of rows.filter(one => selected.has(one.id)))
    try {
      await ask(`/v1/leads/${lead.id}`, { method: 'PATCH', body });
      done++;
    } catch (problem) {
      failed.push(t('notChanged', leadName(lead), problem.sentence));
    }
  toast([done === 1 ? t('changedOne') : t('changed', done), ...failed.slice(0, 3)].join(' '));
  go(location.pathname + location.search, { replace: true, state: history.state });
}
