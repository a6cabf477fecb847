// Starts the desk: signs in with the key of this tab, then shows the view that the address names.

import { t } from 'crm/desk-words.js';
import { firm, isSignedIn, signOut } from 'crm/desk-api.js';
import { el, nothing, toast, trouble } from 'crm/desk-dom.js';
import { signInPage } from 'crm/desk-enter.js';
import { countWaiting, current, frame, go, start, title, viewKeys } from 'crm/desk-frame.js';
import { leadForm } from 'crm/desk-form.js';
import { leadName } from 'crm/desk-api.js';
import * as leads from 'crm/desk-leads.js';
import * as lead from 'crm/desk-lead.js';
import * as waiting from 'crm/desk-waiting.js';

let main = null, shown = null, abort = null;

const add = {
  name: 'add',
  async show(into) {
    title(t('addTitle'));
    const form = await leadForm(null, saved => { toast(t('added', leadName(saved))); go(`/desk/leads/${saved.id}`); });
    into.replaceChildren(el('p', { class: 'crumb' }, el('a', { href: '/desk', text: t('leads') })), el('div', { class: 'head' }, el('h1', { tabindex: '-1', text: t('addTitle') })),
      el('section', { class: 'card pad narrow' }, form));
  },
};

const missing = { name: '', show: async into => { title(t('notFound')); into.replaceChildren(nothing(t('notFound'), t('notFoundHelp'), el('a', { class: 'b side', href: '/desk', text: t('toLeads') }))); } };

function viewOf(path) {
  if (path === '/desk' || path === '/desk/') return leads;
  if (path === '/desk/waiting') return waiting;
  if (path === '/desk/leads/new') return add;
  return /^\/desk\/leads\/[^/]+$/.test(path) ? lead : missing;
}

async function show() {
  if (!isSignedIn()) return enter();
  main ??= frame();
  abort?.abort();
  abort = new AbortController();
  const { signal } = abort, view = viewOf(location.pathname), isNew = shown !== view || view === lead;
  current(view.name);
  main.setAttribute('aria-busy', 'true');
  viewKeys({});
  const skeleton = setTimeout(() => { if (!main.firstChild) main.append(el('p', { class: 'soft', text: t('loading') })); }, 300);
  const had = shown !== null;
  try {
    await view.show(main, new URL(location), signal, isNew);
    shown = view;
    if (isNew && had && !document.querySelector('dialog[open]')) main.querySelector('h1')?.focus({ preventScroll: true });
    if (isNew && had) scrollTo(0, 0);
    if (view !== leads && view !== waiting) countWaiting(signal).catch(() => {});
  } catch (problem) {
    if (problem.name === 'AbortError' || signal.aborted) return;
    if (problem.status === 401) {
      signOut();
      return enter(problem.sentence);
    }
    if (problem.status === undefined) console.error(problem);
    shown = null;
    main.replaceChildren(el('div', { class: 'head' }, el('h1', { tabindex: '-1', text: t(view.name || 'desk') })), trouble(problem, () => show()));
  } finally {
    clearTimeout(skeleton);
    if (!signal.aborted) main.removeAttribute('aria-busy');
  }
}

/** The address stays: whoever signs in sees what it names. */
function enter(said) {
  main = shown = null;
  signInPage(said, firm, async () => { await show(); main?.querySelector('h1')?.focus(); });
}

start(show, () => enter());
show();
