// What is asked: the view as its address names it, the requests that fill it, and figures as people read them.

import { t, has } from 'crm/desk-words.js';
import { ask, Problem, send } from 'crm/desk-api.js';

/** What the server said about itself: the reports there are, and for whoever came by a link, what it shows. */
export const page = JSON.parse(document.getElementById('page').textContent);
export const { share } = page;
export const reportOf = name => page.reports.find(report => report.name === name);
export const overview = page.reports.find(report => report.name === 'overview');

// What brings people comes first, then what it was of; reports that are not named here follow.
const ORDER = ['channels', 'campaigns', 'links', 'affiliates', 'forms', 'funnel', 'countries'];
const placeOf = report => (ORDER.indexOf(report.name) + ORDER.length + 1) % (ORDER.length + 1);
export const tabs = page.reports.filter(report => report !== overview).sort((a, b) => placeOf(a) - placeOf(b));

/** What all addresses of this page begin with. */
export const base = share ? location.pathname : '/reports';

const DAYS = ['7', '30', '90', '365'], PARTS = ['day', 'week', 'month'];
const isDay = text => /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(text));

// ---- The view

/** @param query of the address, in the API's names; what is not said is as usual. */
export function viewOf(query) {
  const [from, to] = [query.get('from'), query.get('to')], isOwn = isDay(from) && isDay(to) && from <= to;
  const days = DAYS.includes(query.get('days')) ? query.get('days') : '30';
  const length = isOwn ? (Date.parse(to) - Date.parse(from)) / 864e5 + 1 : Number(days);
  const usual = length > 366 ? 'month' : length > 92 ? 'week' : 'day';
  return {
    isOwn, from: isOwn ? from : null, to: isOwn ? to : null, days,
    interval: share?.interval ?? (PARTS.includes(query.get('interval')) ? query.get('interval') : usual), usual,
    traffic: share?.traffic ?? (query.get('traffic') === 'all' ? 'all' : 'human'),
    compare: share?.compare ?? query.get('compare') !== 'no',
    report: tabs.find(report => report.name === query.get('report')) ?? tabs[0],
    chart: query.get('chart') ?? '', sort: query.get('sort') ?? '', columns: query.get('columns') === 'all' ? 'all' : '',
  };
}

/** The address of this view with something changed: null takes it out. */
export function href(changes) {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) if (value === null || value === '') query.delete(name); else query.set(name, value);
  return query.size ? `${base}?${query}` : base;
}

// ---- The requests

let zone = null;

export const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: zone ?? undefined, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date());

const plus = (day, days) => new Date(Date.parse(day) + days * 864e5).toISOString().slice(0, 10);

/** Days are the firm's, which may have another date than this browser: the first answer says which zone that is. */
async function learnZone(view, signal) {
  if (!zone && !share && !view.isOwn && view.days !== '30') zone = (await ask(`/v1/reports/${page.reports[0].name}?limit=1`, { signal })).period.timeZone;
}

export function question(view, more = {}) {
  const query = new URLSearchParams();
  if (!share) {
    if (view.isOwn) { query.set('from', view.from); query.set('to', view.to); }
    else if (view.days !== '30') query.set('from', plus(today(), 1 - view.days));
    if (view.traffic === 'all') query.set('traffic', 'all');
    if (view.compare) query.set('compare', 'previous');
  }
  for (const [name, value] of Object.entries(more)) if (value) query.set(name, value);
  return query.toString();
}

const pathOf = (name, query) => (share ? `${base}/${name}` : `/v1/reports/${name}`) + (query ? `?${query}` : '');

// Whoever chooses another figure for the chart waits for nothing: what was asked a moment ago is still so.
const fresh = new Map();
const FRESH = 30000;

async function read(name, query, signal) {
  const path = pathOf(name, query), known = fresh.get(path);
  if (known && Date.now() - known.at < FRESH) return known.report;
  const report = await ask(path, { signal }).catch(ended);
  if (fresh.size > 20) fresh.clear();
  fresh.set(path, { at: Date.now(), report });
  zone = report.period.timeZone;
  return report;
}

export const forget = () => fresh.clear();

export const MOST_LINES = 50;

export async function load(view, signal) {
  await learnZone(view, signal);
  const [all, lines] = await Promise.all([
    overview && read(overview.name, question(view, { interval: view.interval }), signal),
    view.report && read(view.report.name, question(view, { sort: sortOf(view), limit: String(MOST_LINES) }), signal),
  ]);
  return { all, lines, period: (all ?? lines).period };
}

/** A link that has ended is no page that is missing. */
function ended(problem) {
  if (share && problem.status === 404) problem.sentence = t('linkEnded');
  throw problem;
}

/** Only columns of this report: the order of another tab means nothing here. */
export const sortOf = view => (view.report?.columns.some(column => column.name === view.sort.replace(/^-/, '')) ? view.sort : '');

/** Saves a report as a file. */
export async function save(report, view, format, more = {}) {
  const answer = await send(pathOf(report.name, question(view, { format, ...more })), { accept: '*/*' }).catch(ended);
  const url = URL.createObjectURL(await answer.blob()), link = document.createElement('a');
  link.href = url;
  link.download = `${report.name}-${today()}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** @throws what the desk's requests throw. */
export const check = () => ask(`/v1/reports/${page.reports[0].name}?limit=1`).then(report => {
  if (!report.period) throw new Problem(0, {});
  zone = report.period.timeZone;
});

// ---- Figures

const number = new Intl.NumberFormat('en'), percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });
export const count = value => number.format(value);
export const share100 = value => percent.format(value);
export const change100 = value => whole.format(Math.abs(value));

/** Amounts are in the smallest unit, of which browsers have other ideas for some currencies. @param places null: as many as it has. */
export function money(amount, currency, { places = null, compact = false } = {}) {
  const has2 = page.digits[currency] ?? 2, digits = places ?? has2;
  return new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: compact ? 1 : digits, ...(compact && { notation: 'compact', minimumFractionDigits: 0 }) })
    .format(amount / 10 ** has2);
}

/** Cents of an amount of thousands are nobody's question. */
export const roughly = (amount, currency) => money(amount, currency, { places: Math.abs(amount) >= 1000 * 10 ** (page.digits[currency] ?? 2) ? 0 : null });

/** Currencies of a column, that with the most first. */
export const currenciesOf = values => [...(values ?? [])].sort((a, b) => Math.abs(b.amount ?? b.ratio) - Math.abs(a.amount ?? a.ratio)).map(value => value.currency);

export const amountIn = (values, currency) => (values ?? []).find(value => value.currency === currency)?.amount ?? 0;

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }), dateOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const monthOnly = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
export const dayText = day => date.format(new Date(day));
export const dayOfYear = day => dateOfYear.format(new Date(day));

/** A part of the course in a few letters. */
export const partText = (part, interval) => (interval === 'month' ? monthOnly.format(new Date(part.from)) : dayText(part.from));
export const partName = (part, interval) =>
  interval === 'month' ? monthOnly.format(new Date(part.from)) : part.from === part.to ? dayText(part.from) : t('between', dayText(part.from), dayText(part.to));

export const zoneName = text => text.split('/').pop().replaceAll('_', ' ');

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** What a line is about, as people call it. @param at its place, for those that have no name. */
export function lineName(report, line) {
  const of = line[report.line];
  if (typeof of !== 'string') return of?.name || t('noName', t(report.line === 'form' ? 'formLine' : report.line));
  if (report.line === 'country') return /^[A-Z]{2}$/.test(of) ? regions.of(of) : t('unknown');
  return of === 'email' ? t('email2') : has(of) ? t(of) : of;
}
