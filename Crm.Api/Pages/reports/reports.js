// Starts the reports: signs in with the key of this tab or shows what a link opens, then the view that the address names.

import 'crm/reports-words.js';
import { t } from 'crm/desk-words.js';
import { isSignedIn, signOut } from 'crm/desk-api.js';
import { el, select, trouble } from 'crm/desk-dom.js';
import { current, frame, go, start, title } from 'crm/desk-frame.js';
import { signInPage } from 'crm/desk-enter.js';
import { base, check, dayOfYear, forget, href, load, share, viewOf, zoneName } from 'crm/reports-ask.js';
import { isRunning, overviewCard } from 'crm/reports-chart.js';
import { reportCard, tabList } from 'crm/reports-table.js';
import { shareButton } from 'crm/reports-share.js';

let main = null, abort = null;

async function show() {
  if (!share && !isSignedIn()) return enter();
  main ??= share ? bare() : frame();
  abort?.abort();
  abort = new AbortController();
  const { signal } = abort, view = viewOf(new URLSearchParams(location.search)), focus = document.activeElement?.id;
  current('reports');
  title(share ? share.name : t('reports'));
  main.setAttribute('aria-busy', 'true');
  const skeleton = setTimeout(() => { if (!main.firstChild) main.append(el('p', { class: 'soft', text: t('loading') })); }, 300);
  try {
    const answers = await load(view, signal);
    if (signal.aborted) return;
    draw(view, answers);
    if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
  } catch (problem) {
    if (problem.name === 'AbortError' || signal.aborted) return;
    if (problem.status === 401 && !share) {
      signOut();
      return enter(problem.sentence);
    }
    if (problem.status === undefined) console.error(problem);
    main.replaceChildren(heading(), trouble(problem, () => show()));
  } finally {
    clearTimeout(skeleton);
    if (!signal.aborted) main.removeAttribute('aria-busy');
  }
}

const heading = end => el('div', { class: 'head' }, el('h1', { tabindex: '-1', text: share ? share.name : t('reports') }), end && el('div', { class: 'end' }, end));

function draw(view, { all, lines, period }) {
  const span = t('span', dayOfYear(period.from), dayOfYear(period.to), zoneName(period.timeZone));
  const runs = isRunning(period);
  const note = !view.compare || !runs ? '' : t({ day: 'runningDay', week: 'runningWeek', month: 'runningMonth' }[view.interval]);
  const seen = [view.isOwn ? span : t(`days${view.days}`), t(view.traffic === 'all' ? 'everybody' : 'human')].map(text => text[0].toLowerCase() + text.slice(1)).join(', ');
  main.replaceChildren(heading(!share && shareButton(view, seen)), share ? '' : filters(view),
    el('p', { class: 'soft small when' }, span, note && ` · ${note}`, share && el('br'), share && t('readOnly', share.firm ?? '', dayOfYear(share.expiresAt))),
    all ? overviewCard(view, all) : '', ...(lines ? [tabList(view), el('div', { class: 'results' }, reportCard(view, lines))] : []));
}

function filters(view) {
  const choice = (id, label, choices, value, change) => {
    const made = select(choices, value, { id, on: { change: event => change(event.target.value) } });
    return el('label', { class: 'choice-of' }, el('span', { text: label }), made);
  };
  const dates = el('div', { class: 'pair' }), from = el('input', { type: 'date', id: 'from', value: view.from ?? '' }), to = el('input', { type: 'date', id: 'to', value: view.to ?? '' });
  const said = el('p', { class: 'error', role: 'alert' });
  const useDates = () => {
    if (!from.value || !to.value) return;
    said.textContent = from.value > to.value ? t('datesWrong') : '';
    if (from.value <= to.value) go(href({ from: from.value, to: to.value, days: null, interval: null }));
  };
  from.addEventListener('change', useDates);
  to.addEventListener('change', useDates);
  dates.append(el('label', { class: 'choice-of' }, el('span', { text: t('firstDay') }), from), el('label', { class: 'choice-of' }, el('span', { text: t('lastDay') }), to), said);
  dates.hidden = !view.isOwn;
  return el('form', { class: 'filters labelled', on: { submit: event => event.preventDefault() } },
    choice('period', t('period'), [...['7', '30', '90', '365'].map(days => [days, t(`days${days}`)]), ['own', t('own')]], view.isOwn ? 'own' : view.days, value => {
      if (value === 'own') {
        dates.hidden = false;
        return from.focus();
      }
      go(href({ days: value === '30' ? null : value, from: null, to: null, interval: null }));
    }), dates,
    choice('compare', t('compareWith'), [['previous', t('previousPeriod')], ['no', t('nothingElse')]], view.compare ? 'previous' : 'no', value => go(href({ compare: value === 'no' ? 'no' : null }))),
    choice('traffic', t('traffic'), [['human', t('human')], ['all', t('everybody')]], view.traffic, value => go(href({ traffic: value === 'all' ? 'all' : null }))),
    choice('interval', t('groupBy'), ['day', 'week', 'month'].map(one => [one, t(one)]), view.interval, value => go(href({ interval: value === view.usual ? null : value }))));
}

/** For whoever came by a link: no navigation, for there is nowhere else to go. */
function bare() {
  const made = el('main', { class: 'main bare', id: 'main', tabindex: '-1' });
  document.body.replaceChildren(made, el('div', { id: 'toast', class: 'toast', role: 'status', hidden: true }));
  return made;
}

/** The address stays: whoever signs in sees what it names. */
function enter(said) {
  main = null;
  forget();
  signInPage(said, check, async () => { await show(); main?.querySelector('h1')?.focus(); });
}

start(show, () => enter(), base);
show();
