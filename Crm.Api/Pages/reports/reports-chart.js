// The overview: a figure beside a figure, and the course of one of them.

import { t } from 'crm/desk-words.js';
import { busy, button, el, icon, toast } from 'crm/desk-dom.js';
import { amountIn, change100, count, currenciesOf, href, money, overview, partName, partText, roughly, save, today } from 'crm/reports-ask.js';

/** Which way is good; the others are neither. */
const GOOD = { visitors: 1, leads: 1, customers: 1, revenue: 1, costPerLead: -1 };
const SHOWN = ['visitors', 'leads', 'customers', 'revenue', 'cost', 'costPerLead'];
const SVG = 'http://www.w3.org/2000/svg';
const MOST_BARS = 62;

export const isRunning = part => part.to >= today();

/** A figure of the overview: how it is read out of numbers, and how it is written. */
function figureOf(column, all) {
  if (column.kind === 'count') return { column, read: numbers => numbers[column.name], sum: parts => parts.reduce((sum, one) => sum + one[column.name], 0), write: count, rough: count, tick: count, more: [] };
  const [currency, ...others] = currenciesOf([...all.totals[column.name], ...(all.totals.previous?.[column.name] ?? [])]).filter((one, at, list) => list.indexOf(one) === at);
  const amount = numbers => amountIn(numbers[column.name], currency);
  const ratio = (cost, leads) => (leads > 0 ? cost / leads : null);
  const isRatio = column.name === 'costPerLead';
  return {
    column, currency,
    read: isRatio ? numbers => ratio(amountIn(numbers.cost, currency), numbers.leads) : amount,
    // A rate of a whole is no sum of rates.
    sum: isRatio ? parts => ratio(parts.reduce((sum, one) => sum + amountIn(one.cost, currency), 0), parts.reduce((sum, one) => sum + one.leads, 0)) : parts => parts.reduce((sum, one) => sum + amount(one), 0),
    write: value => (currency ? money(value, currency) : '0'), rough: value => (currency ? roughly(value, currency) : '0'), tick: value => (currency ? money(value, currency, { compact: true }) : count(value)),
    more: others.filter(one => amountIn(all.totals[column.name], one)).map(one => roughly(amountIn(all.totals[column.name], one), one)),
  };
}

/** What became more or less. Only whole parts are compared: a day that has just begun says nothing. */
function deltaOf(figure, all) {
  const wholes = all.series.filter(part => part.previous && !isRunning(part));
  if (wholes.length === 0) return el('span', { class: 'delta', text: t('notOver') });
  const now = figure.sum(wholes), before = figure.sum(wholes.map(part => part.previous));
  const was = before === null ? null : el('i', { text: t('was', figure.rough(before)) });
  if (now === null || before === null || (before === 0 && now !== 0)) return el('span', { class: 'delta' }, now ? el('span', { text: t('isNew') }) : el('span', { text: '–' }));
  if (Math.round(((now - before) / (before || 1)) * 100) === 0) return el('span', { class: 'delta' }, el('span', { text: t('noChange') }), was);
  const grew = now > before, good = GOOD[figure.column.name];
  return el('span', { class: `delta${good ? (grew === good > 0 ? ' up' : ' down') : ''}` },
    el('span', {}, el('span', { 'aria-hidden': 'true', text: grew ? '▲ ' : '▼ ' }), el('span', { class: 'sr', text: `${t(grew ? 'up' : 'downBy')} ` }), change100((now - before) / before)), was);
}

/** @param all the answer of the overview, with its course. */
export function overviewCard(view, all) {
  const figures = SHOWN.map(name => overview.columns.find(column => column.name === name)).filter(Boolean).map(column => figureOf(column, all));
  const chosen = figures.find(figure => figure.column.name === view.chart) ?? figures[0];
  const kpis = figures.map(figure => {
    const value = figure.read(all.totals);
    return el('a', { class: 'kpi', id: `kpi-${figure.column.name}`, href: href({ chart: figure === figures[0] ? null : figure.column.name }), 'aria-current': figure === chosen && 'true' },
      el('span', { class: 'n', text: figure.column.label }), el('strong', { text: value === null ? '–' : figure.rough(value) }),
      figure.more.map(more => el('span', { class: 'small num', text: t('also', more) })), view.compare && deltaOf(figure, all));
  });
  return el('section', { class: 'card over', 'aria-label': t('overview') }, el('div', { class: 'kpis' }, kpis), chart(view, all, chosen));
}

/** Buttons that save a report as files. */
export const files = (report, view, more) => [['csv', 'csvButton', 'csvOf', {}], ['svg', 'pictureButton', 'pictureOf', { width: '1000' }]].map(([format, text, label, own]) => {
  const made = button('bare', '', () => busy(made, null, () => save(report, view, format, { ...more, ...own }).catch(problem => toast(problem.sentence ?? t('wrong')))), { 'aria-label': t(label, report.title) });
  made.append(icon('down'), t(text));
  return made;
});

// ---- The chart

function chart(view, all, figure) {
  const title = t('byPart', figure.column.label, t(`${view.interval}Of`)), parts = all.series.map(part => ({
    part, name: partName(part, view.interval), text: partText(part, view.interval), runs: isRunning(part),
    value: figure.read(part), before: part.previous ? figure.read(part.previous) : null,
  }));
  const reading = el('p', { class: 'soft small reading', role: 'status' });
  const box = el('div', { class: 'plot' });
  const measured = parts.filter(one => one.value), most = measured.reduce((max, one) => (one.value > max.value ? one : max), measured[0]);
  const summary = most ? t('most', most.name, figure.write(most.value)) : t('none');
  reading.textContent = summary;
  const said = one => (one.value === null && one.before === null ? t('reading', one.name, t('notMeasured'))
    : one.before === null || !view.compare ? t('reading', one.name, one.value === null ? t('notMeasured') : figure.write(one.value))
    : t('readingBefore', one.name, one.value === null ? t('notMeasured') : figure.write(one.value), figure.write(one.before)));
  let drawn = 0;
  const draw = () => {
    const width = Math.max(260, Math.floor(box.clientWidth));
    if (width === drawn) return;
    drawn = width;
    box.replaceChildren(plot(parts, figure, { width, height: width < 560 ? 200 : 250, title, summary, compare: view.compare, read: one => { reading.textContent = one ? said(one) : summary; } }));
  };
  new ResizeObserver(draw).observe(box);
  return el('figure', { class: 'chart' },
    el('figcaption', {}, el('h2', { text: title }), el('span', { class: 'key', text: t('thisPeriod') }),
      parts.some(one => one.runs) && el('span', { class: 'key part', text: t({ day: 'soFarDay', week: 'soFarWeek', month: 'soFarMonth' }[view.interval]) }),
      view.compare && el('span', { class: `key prev${parts.length > MOST_BARS ? ' dashes' : ''}`, text: t('previousPeriod') })),
    box, reading,
    el('div', { class: 'under' },
      el('details', {}, el('summary', { text: t('asTable') }), el('div', { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': title },
        el('table', {}, el('caption', { class: 'sr', text: title }),
          el('thead', {}, el('tr', {}, el('th', { scope: 'col', text: t(view.interval) }), el('th', { class: 'r', scope: 'col', text: t('thisPeriod') }), view.compare && el('th', { class: 'r', scope: 'col', text: t('previousPeriod') }))),
          el('tbody', {}, parts.map(one => el('tr', {}, el('th', { scope: 'row', text: one.name }), el('td', { class: 'r', text: one.value === null ? '–' : figure.write(one.value) }),
            view.compare && el('td', { class: 'r', text: one.before === null ? '–' : figure.write(one.before) }))))))),
      el('div', { class: 'pair' }, files(overview, view, { interval: view.interval }))));
}

function draw(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** From zero, in four or five round steps. */
function ticksUpTo(most, whole) {
  const step = [1, 2, 2.5, 5, 10].map(one => one * 10 ** Math.floor(Math.log10(most / 4 || 1))).find(one => most / one <= 5 && (!whole || one >= 1 && Number.isInteger(one))) ?? 1;
  const ticks = [0];
  while (ticks.at(-1) < most && ticks.length < 8) ticks.push(ticks.length * step);
  return ticks;
}

function plot(parts, figure, { width, height, title, summary, compare, read }) {
  const most = Math.max(0, ...parts.map(one => Math.max(one.value ?? 0, one.before ?? 0)));
  const ticks = ticksUpTo(most, figure.column.kind === 'count'), top = ticks.at(-1) || 1;
  const left = Math.max(24, ...ticks.map(tick => figure.tick(tick).length * 7 + 10)), bottom = 26, above = 10, right = 4;
  const [w, h] = [width - left - right, height - above - bottom], band = w / parts.length;
  const x = at => left + band * (at + 0.5), y = value => above + h - (Math.max(0, value) / top) * h;
  const svg = draw('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', tabindex: 0, 'aria-label': `${title}. ${t('readHelp')}`, 'aria-describedby': 'chart-text' });
  svg.append(draw('desc', { id: 'chart-text' }, summary));
  const hatch = draw('pattern', { id: 'h', width: 5, height: 5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }), defs = draw('defs', {});
  hatch.append(draw('rect', { width: 2, height: 5, class: 'c1' }));
  defs.append(hatch);
  const mark = draw('rect', { class: 'at', y: above, height: h, width: Math.max(band, 2), x: -100 });
  svg.append(defs, mark);
  for (const tick of ticks) {
    svg.append(draw('path', { d: `M${left} ${y(tick).toFixed(1)}H${width - right}`, class: tick === 0 ? 'ax' : 'gr' }));
    svg.append(draw('text', { x: left - 8, y: y(tick) + 4, 'text-anchor': 'end', 'font-size': 12, class: 'tx' }, figure.tick(tick)));
  }
  if (parts.length <= MOST_BARS) bars();
  else lines();
  // Names of parts, as many as there is room for.
  const longest = Math.max(...parts.map(one => one.text.length)) * 7 + 14, every = Math.max(1, Math.ceil(longest / band));
  parts.forEach((one, at) => {
    if (at % every !== 0) return;
    const half = (one.text.length * 7) / 2, place = Math.min(Math.max(x(at), half), width - half);
    if (at > 0 && at + every >= parts.length && place < x(at) - band) return;
    svg.append(draw('text', { x: place.toFixed(1), y: height - 8, 'text-anchor': 'middle', 'font-size': 12, class: 'tx' }, one.text));
  });

  function bars() {
    const wide = Math.max(2, Math.min(48, band * 0.72));
    parts.forEach((one, at) => {
      if (one.value) svg.append(draw('rect', { x: (x(at) - wide / 2).toFixed(1), y: y(one.value).toFixed(1), width: wide.toFixed(1), height: Math.max(1, above + h - y(one.value)).toFixed(1), rx: Math.min(1.5, wide / 4), class: one.runs ? 'now' : 'c1' }));
    });
    // On top of all bars, with a halo, so that none hides another's.
    if (compare) parts.forEach((one, at) => {
      if (!one.before) return;
      const half = Math.min(band / 2 - 0.5, wide / 2 + 3), place = y(one.before).toFixed(1);
      svg.append(draw('path', { d: `M${(x(at) - half).toFixed(1)} ${place}h${(half * 2).toFixed(1)}`, 'stroke-width': 4.5, class: 'hl' }));
      svg.append(draw('path', { d: `M${(x(at) - half + 1).toFixed(1)} ${place}h${(half * 2 - 2).toFixed(1)}`, 'stroke-width': 2, class: 'pv' }));
    });
  }

  function lines() {
    const path = (value, from, to) => {
      let d = '', isOn = false;
      for (let at = from; at <= to; at++) {
        if (value(parts[at]) === null) { isOn = false; continue; }
        d += `${isOn ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value(parts[at])).toFixed(1)}`;
        isOn = true;
      }
      return d;
    };
    const last = parts.length - 1, whole = parts[last].runs ? last - 1 : last;
    if (compare) svg.append(draw('path', { d: path(one => one.before, 0, last), class: 'ln prev' }));
    svg.append(draw('path', { d: path(one => one.value, 0, whole), class: 'ln' }));
    if (whole < last) {
      svg.append(draw('path', { d: path(one => one.value, whole, last), class: 'ln part' }));
      if (parts[last].value !== null) svg.append(draw('circle', { cx: x(last), cy: y(parts[last].value), r: 3, class: 'dot' }));
    }
  }

  // One place to stop at; arrows and the pointer read the values.
  let here = -1;
  const goTo = at => {
    here = at;
    mark.setAttribute('x', at < 0 ? -100 : (x(at) - Math.max(band, 2) / 2).toFixed(1));
    read(at < 0 ? null : parts[at]);
  };
  svg.addEventListener('keydown', event => {
    const to = { ArrowRight: Math.min(parts.length - 1, here + 1), ArrowLeft: here < 0 ? parts.length - 1 : Math.max(0, here - 1), Home: 0, End: parts.length - 1, Escape: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    goTo(to);
  });
  svg.addEventListener('blur', () => goTo(-1));
  svg.addEventListener('pointermove', event => {
    const at = Math.floor(((event.clientX - svg.getBoundingClientRect().left) / svg.getBoundingClientRect().width * width - left) / band);
    if (at !== here && at >= 0 && at < parts.length) goTo(at);
  });
  svg.addEventListener('pointerleave', () => goTo(-1));
  return svg;
}
