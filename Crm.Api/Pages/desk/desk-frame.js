// What stands around every view: navigation, the account menu, the way from one view to another, and the keys.

import { t, language, languages } from 'crm/desk-words.js';
import { el, icon, dialog, select } from 'crm/desk-dom.js';
import { choices, counts, firm, signOut, WAITING } from 'crm/desk-api.js';
import { me, setMe } from 'crm/desk-views.js';

let route = () => {}, leaving = () => {};

/** @param to shows the view of the address as it is now. */
export function start(to, onSignOut) {
  [route, leaving] = [to, onSignOut];
  addEventListener('popstate', () => route());
  document.addEventListener('click', event => {
    const link = event.target.closest?.('a[href^="/desk"]');
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    for (const menu of document.querySelectorAll('details.menu[open]')) menu.open = false;
    for (const box of document.querySelectorAll('dialog[open]')) box.close();
    go(link.getAttribute('href'));
  });
  document.addEventListener('keydown', typed);
}

/** Goes to a view of the desk. `replace` while one types; `state` is what Back and reload keep of it. */
export function go(path, { replace = false, state = null } = {}) {
  history[replace ? 'replaceState' : 'pushState'](state, '', path);
  route();
}

export function title(text) {
  document.title = name ? `${text} – ${name}` : text;
}

let name = '';

const initials = text => text.split(/\s+/).filter(Boolean).slice(0, 2).map(word => [...word][0].toUpperCase()).join('') || 'C';

/** Builds the frame once; the views take turns in its main part. */
export function frame() {
  name = '';
  const main = el('main', { class: 'main', id: 'main', tabindex: '-1' });
  const brand = () => [el('span', { class: 'mono', 'aria-hidden': 'true', text: 'C' }), el('span', { class: 'firm', text: t('desk') })];
  document.body.replaceChildren(
    el('a', { class: 'skip', href: '#main', text: t('skip') }),
    el('div', { class: 'shell' },
      el('nav', { class: 'rail', 'aria-label': t('desk') }, el('div', { class: 'brand' }, brand()), links(), account(false)),
      el('div', {}, el('header', { class: 'bar' }, account(true), el('b', { class: 'firm', text: t('desk') }),
        el('a', { class: 'b bare icon', href: '/desk', 'aria-label': t('find') }, icon('find'))), main)),
    el('div', { id: 'toast', class: 'toast', role: 'status', hidden: true }));
  document.querySelector('.skip').addEventListener('click', event => { event.preventDefault(); main.focus(); });
  firm().then(of => {
    name = of.name ?? '';
    if (!name) return;
    for (const place of document.querySelectorAll('.firm')) place.textContent = name;
    document.querySelector('.brand .mono').textContent = initials(name);
    if (!document.title.includes(name)) document.title += ` – ${name}`;
  }).catch(() => {});
  return main;
}

const links = () => [
  el('a', { href: '/desk', 'data-view': 'leads' }, icon('lead'), t('leads')),
  el('a', { href: '/desk/waiting', 'data-view': 'waiting' }, icon('clock'), t('waiting'), el('span', { class: 'n' })),
  el('h2', { text: t('measure') }),
  el('a', { href: '/reports' }, icon('chart'), t('reports')),
];

/** @param whole on small screens it is the navigation too. */
function account(whole) {
  const theme = select([['', t('system')], ['light', t('light')], ['dark', t('dark')]], document.documentElement.dataset.theme ?? '',
    { class: 'theme', on: { change: event => choose(event.target.value) }, 'aria-label': t('theme') });
  const tongue = select(Object.entries(languages), language, { on: { change: event => speak(event.target.value) }, 'aria-label': t('uiLanguage') });
  const who = el('select', { 'aria-label': t('you'), on: { change: event => { setMe(event.target.value); route(); } } });
  const menu = el('details', { class: 'menu' },
    el('summary', whole ? { class: 'b bare icon', 'aria-label': t('menu') } : {},
      whole ? icon('menu') : [el('span', { class: 'mono', 'aria-hidden': 'true' }, icon('menu')),
        el('span', {}, t('menu'), el('br'), el('span', { class: 'soft small', text: t('account') }))]),
    el('div', { class: 'panel' },
      whole && el('nav', { 'aria-label': t('menu') }, links()),
      el('label', { class: 'line-up' }, el('span', { text: t('you') }), who),
      el('label', { class: 'line-up' }, el('span', { text: t('theme') }), theme),
      el('label', { class: 'line-up' }, el('span', { text: t('uiLanguage') }), tongue),
      el('button', { type: 'button', class: 'b bare', text: t('shortcuts'), on: { click: () => { menu.open = false; keys(); } } }),
      el('a', { class: 'b bare', href: '/swagger', text: t('api') }),
      el('a', { class: 'b bare', href: '/graphql', text: t('graphql') }),
      el('button', { type: 'button', class: 'b bare', text: t('signOut'), on: { click: () => { signOut(); leaving(); } } })));
  // Who there is comes with the list of leads; here it is shown.
  menu.addEventListener('toggle', async () => {
    if (!menu.open) return;
    const members = await choices('members').catch(() => []);
    who.replaceChildren(...[['', t('nobody')], ...members].map(([id, text]) => el('option', { value: id, text })));
    who.value = me();
  });
  menu.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector('summary').focus();
  });
  menu.addEventListener('focusout', event => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
  return menu;
}

/** The server writes it into the page from the next load on. */
function choose(theme) {
  document.cookie = `crm_theme=${theme}; path=/; SameSite=Lax; max-age=${theme ? 31536000 : 0}`;
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  for (const other of document.querySelectorAll('.panel .theme')) other.value = theme;
}

/** The page comes anew in it. */
function speak(tongue) {
  document.cookie = `crm_language=${tongue}; path=/; SameSite=Lax; max-age=31536000`;
  location.reload();
}

/** Marks where one is. */
export function current(view) {
  for (const link of document.querySelectorAll('[data-view]'))
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
}

export function showWaiting(many) {
  for (const place of document.querySelectorAll('[data-view=waiting] .n')) place.textContent = many ? String(many) : '';
}

export const countWaiting = signal => counts({}, { waiting: WAITING }, signal).then(found => showWaiting(found.waiting));

// ---- Keys

const places = { l: '/desk', w: '/desk/waiting', r: '/reports' };
const own = new Map();
let goes = 0;

/** The view's own keys, until the next view says its own. */
export function viewKeys(of) {
  own.clear();
  for (const [key, run] of Object.entries(of)) own.set(key, run);
}

const areOn = () => localStorage.getItem('crm_keys') !== 'off';

function typed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input:not([type=checkbox]),textarea,select,dialog') || !areOn()) return;
  const key = event.key;
  if (goes > Date.now() - 1500 && places[key]) {
    goes = 0;
    event.preventDefault();
    if (places[key].startsWith('/desk')) go(places[key]);
    else location.assign(places[key]);
  } else if (key === 'g') goes = Date.now();
  else if (key === '?') { event.preventDefault(); keys(); }
  else if (own.has(key)) { event.preventDefault(); own.get(key)(); }
}

/** Moves between rows: j and k. The row's link has the focus. */
export function step(by, selector) {
  const rows = [...document.querySelectorAll(selector)];
  const at = rows.findIndex(row => row === document.activeElement || row.closest('tr,article')?.contains(document.activeElement));
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
}

function keys() {
  const rows = [['/', 'keyFind'], ['j', 'keyNext'], ['k', 'keyBefore'], ['x', 'keySelect'], ['c', 'keyAdd'], ['a', 'keyApprove'], ['n', 'keyNew'], ['s', 'keySpam'],
    ['g l', 'keyLeads'], ['g w', 'keyWaiting'], ['g r', 'keyReports'], ['?', 'keyHelp2']];
  const on = el('input', { type: 'checkbox', id: 'keys-on', on: { change: event => localStorage.setItem('crm_keys', event.target.checked ? 'on' : 'off') } });
  on.checked = areOn();
  dialog(t('keysTitle'),
    el('p', { class: 'tick' }, on, el('label', { for: 'keys-on', text: t('keysOn') })), el('p', { class: 'soft small', text: t('keysHelp') }),
    el('dl', { class: 'kv' }, rows.flatMap(([key, what]) => [el('dt', {}, key.split(' ').flatMap((one, at) => [at ? ' ' : null, el('kbd', { text: one })])), el('dd', { text: t(what) })])));
}

