// One report below the overview: its lines with a bar each, or its stages, and what they are together.

import { t } from 'crm/desk-words.js';
import { el, nothing, said } from 'crm/desk-dom.js';
import { change100, count, currenciesOf, href, lineName, money, MOST_LINES, share100, sortOf, tabs } from 'crm/reports-ask.js';
import { files, isRunning } from 'crm/reports-chart.js';

/** What most people do not ask for: behind "All columns". */
const SECOND = ['robots', 'uniqueVisitors', 'conversions', 'conversionRate', 'sales', 'costPerLead', 'impressions', 'clickThroughRate', 'robotOpens'];

export const tabList = view => el('nav', { class: 'tabs', 'aria-label': t('tabs') },
  tabs.map(report => el('a', { id: `tab-${report.name}`, href: href({ report: report === tabs[0] ? null : report.name, sort: null, columns: null }), 'aria-current': report === view.report && 'page', text: report.title })));

export function reportCard(view, answer) {
  const report = view.report;
  const isEmpty = answer.data.length === 0;
  const all = report.isOne ? stages(report, answer, view) : lines(report, answer, view);
  return el('section', { class: 'card clip', 'aria-labelledby': 'report-title' },
    el('div', { class: 'foot top' }, el('h2', { id: 'report-title', text: report.title }),
      el('div', { class: 'pair' },
        all.hidden > 0 && el('a', { class: 'b bare', id: 'columns', href: href({ columns: view.columns ? null : 'all' }), text: t(view.columns ? 'fewColumns' : 'allColumns') }),
        !isEmpty && files(report, view, { sort: sortOf(view) }))),
    isEmpty ? nothing(t('nothingHere2'), t('nothingHelp')) : all.table,
    answer.lines > MOST_LINES && el('p', { class: 'foot soft small', text: t('firstLines', count(answer.data.length), count(answer.lines)) }));
}

/** A bar under a name: the same colour for all, from zero. */
function meter(part) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), bar = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [key, value] of [['class', 'meter'], ['aria-hidden', 'true']]) svg.setAttribute(key, value);
  for (const [key, value] of [['width', `${(Math.max(0, Math.min(1, part || 0)) * 100).toFixed(1)}%`], ['height', '4'], ['rx', '2']]) bar.setAttribute(key, value);
  svg.append(bar);
  return svg;
}

function changeCell(now, before) {
  if (!before) return el('td', { class: 'r delta', text: now ? t('isNew') : '–' });
  const part = (now - before) / before, isSame = Math.round(part * 100) === 0;
  return el('td', { class: `r delta${isSame ? '' : part > 0 ? ' up' : ' down'}`, text: isSame ? change100(0) : (part > 0 ? '+' : '−') + change100(part) });
}

/** A column for each currency that there is: an amount beside another cannot be compared. */
function cellsOf(column, totals) {
  if (column.kind === 'count') return [{ column, label: column.label, read: numbers => numbers[column.name], write: count }];
  if (column.kind === 'rate') return [{ column, label: column.label, read: numbers => numbers[column.name], write: share100 }];
  const currencies = currenciesOf(totals[column.name]);
  return (currencies.length ? currencies : [null]).map(currency => ({
    column, label: currencies.length > 1 ? `${column.label} ${currency}` : column.label,
    read: numbers => { const one = numbers[column.name].find(value => value.currency === currency); return one?.amount ?? one?.ratio ?? null; },
    write: column.kind === 'return' ? share100 : value => money(value, currency),
  }));
}

function lines(report, answer, view) {
  const first = report.columns.find(column => column.name === report.order);
  const isThere = column => column === first || (column.kind === 'count' ? answer.totals[column.name] > 0 : column.kind === 'rate' ? answer.totals[column.name] !== null : answer.totals[column.name].length > 0);
  // Robots are a column where they count. What is nowhere more than nothing takes no room.
  const there = [first, ...report.columns.filter(column => column !== first)].filter(column => isThere(column) && (column.name !== 'robots' || view.traffic === 'all'));
  const isSecond = column => column !== first && SECOND.includes(column.name) && !(column.name === 'robots' && view.traffic === 'all');
  const shown = there.filter(column => view.columns === 'all' || !isSecond(column));
  const sort = sortOf(view), sorted = sort ? sort.replace(/^-/, '') : first.name, isDown = !sort || sort.startsWith('-');
  const barOf = report.columns.find(column => column.name === sorted && column.kind !== 'rate' && column.kind !== 'return') ?? first;
  const bar = cellsOf(barOf, answer.totals)[0], most = Math.max(0, ...answer.data.map(line => bar.read(line) ?? 0));
  const cells = shown.flatMap(column => cellsOf(column, answer.totals)), change = view.compare && answer.totals.previous;
  const runs = isRunning(answer.period);
  const head = cell => el('th', { class: 'r', scope: 'col', 'aria-sort': cell.column.name === sorted ? (isDown ? 'descending' : 'ascending') : null },
    el('a', { id: `sort-${cell.column.name}`, href: href({ sort: cell.column.name === sorted && isDown ? cell.column.name : cell.column === first ? null : `-${cell.column.name}` }) }, cell.label,
      cell.column.name === sorted && el('span', { 'aria-hidden': 'true', text: isDown ? '↓' : '↑' })));
  const row = (kind, name, numbers, part) => el('tr', {}, el('th', { scope: 'row' }, name, part),
    cells.flatMap(cell => {
      const value = cell.read(numbers), made = el('td', { class: 'r', text: value === null || value === undefined ? '–' : cell.write(value) });
      return change && cell.column === first ? [made, changeCell(numbers[first.name], numbers.previous?.[first.name])] : made;
    }));
  const order = cells.find(cell => cell.column.name === sorted)?.label ?? first.label;
  const table = el('div', { class: 'scroll pin', tabindex: '0', role: 'region', 'aria-label': t('tableOf', report.title) },
    el('table', { class: 'figures' }, el('caption', { class: 'sr', text: t('sorted', report.title, isDown ? order : `${order}, ${t('lessFirst')}`) }),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: t(report.line === 'form' ? 'formLine' : report.line) }),
        cells.flatMap(cell => (change && cell.column === first ? [head(cell), el('th', { class: 'r', scope: 'col', text: t(runs ? 'changeSoFar' : 'change') })] : head(cell))))),
      el('tbody', {}, answer.data.map(line => row('line', said(lineName(report, line)), line, meter(most > 0 ? (bar.read(line) ?? 0) / most : 0)))),
      el('tfoot', {}, row('total', t('total'), answer.totals))));
  return { table, hidden: there.filter(isSecond).length };
}

/** Stages, each a part of the one before: counts in their order, and rates between them. */
function stages(report, answer, view) {
  const counts = report.columns.filter(column => column.kind === 'count'), rates = report.columns.filter(column => column.kind === 'rate');
  const { totals } = answer, most = Math.max(0, ...counts.map(column => totals[column.name])), change = view.compare && totals.previous;
  const table = el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': t('tableOf', report.title) },
    el('table', { class: 'figures' }, el('caption', { class: 'sr', text: report.title }),
      el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: t('stage') }), el('th', { class: 'r', scope: 'col', text: t('people') }),
        change && el('th', { class: 'r', scope: 'col', text: t(isRunning(answer.period) ? 'changeSoFar' : 'change') }), el('th', { class: 'r', scope: 'col', text: t('ofBefore') }))),
      el('tbody', {}, counts.map((column, at) => {
        const rate = at > 0 ? totals[rates[at - 1]?.name] : null;
        return el('tr', {}, el('th', { scope: 'row' }, column.label, meter(most > 0 ? totals[column.name] / most : 0)), el('td', { class: 'r', text: count(totals[column.name]) }),
          change && changeCell(totals[column.name], totals.previous[column.name]), el('td', { class: 'r', text: rate === null || rate === undefined ? '–' : share100(rate) }));
      }))));
  return { table, hidden: 0 };
}
