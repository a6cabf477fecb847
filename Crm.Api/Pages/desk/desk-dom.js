// Elements are made by name and text; nothing that came from somebody is ever read as markup.

import { t } from 'crm/desk-words.js';

const ICONS = {
  lead: 'M8 8a3 3 0 100-6 3 3 0 000 6M2.5 14c.6-3 2.700-4.500 5.500-4.500s4.900 1.500 5.500 4.500',
  clock: 'M8 14A6 6 0 108 2a6 6 0 000 12M8 4.500V8l2.500 1.500',
  chart: 'M2.500 13.500h11M4.500 11V8M8 11V4M11.500 11V6',
  find: 'M7 11.500a4.500 4.500 0 100-9 4.500 4.500 0 000 9M10.500 10.500L14 14',
  plus: 'M8 3v10M3 8h10', cross: 'M4 4l8 8M12 4l-8 8', menu: 'M2.500 4h11M2.500 8h11M2.500 12h11',
  down: 'M8 2.500v8M4.500 7.500L8 11l3.500-3.500M3 13.500h10', filter: 'M2 3h12L9.500 8.500V13l-3-1.500v-3z',
  done: 'M3 8.500l3.500 3.500L13 4.500', share: 'M6.500 9.500l3-3M7 4.500l1.500-1.500a2.500 2.500 0 013.500 3.500L10.500 8M9 11.500L7.500 13A2.500 2.500 0 014 9.500L5.500 8',
};

/** @param more class, text, and attributes by name; `on` has listeners. Nothing is set for null, undefined and false. */
export function el(name, more = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(more)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === 'on') for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
    else if (key === 'text') made.textContent = value;
    else if (key === 'value') made.value = value;
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg'), path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [key, value] of [['class', 'i'], ['viewBox', '0 0 16 16'], ['aria-hidden', 'true']]) svg.setAttribute(key, value);
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** Text that somebody else wrote: its direction is its own. */
export const said = text => el('bdi', { text });

/** Several in one line, each for itself: what turns the direction of one does not touch the others. */
export const saidAll = texts => texts.filter(Boolean).flatMap((text, i) => [i ? ' · ' : null, said(text)]);

const KINDS = { new: 'info', working: 'warn', qualified: 'good', converted: 'good', quarantined: 'warn', rejected: 'bad', failed: 'bad' };
export const badge = (kind, text) => el('span', { class: `badge ${KINDS[kind] ?? ''}`, text: text ?? t(kind) });

export const button = (kind, text, run, more = {}) => el('button', { type: 'button', class: `b ${kind}`, text, on: { click: run }, ...more });

/** A field with its label, help and error in the order in which they are read. */
export function field({ name, label, help, error, control, extra }) {
  const describedBy = [help && `${name}-help`, error && `${name}-error`].filter(Boolean).join(' ');
  control.id = name;
  if (describedBy) control.setAttribute('aria-describedby', describedBy);
  if (error) control.setAttribute('aria-invalid', 'true');
  return el('div', { class: error ? 'field bad' : 'field' },
    el('label', { for: name, text: label }),
    help && el('p', { class: 'help', id: `${name}-help`, text: help }),
    error && el('p', { class: 'error', id: `${name}-error` }, error, extra),
    control);
}

export function select(choices, value, more = {}) {
  const made = el('select', more, choices.map(([key, text]) => el('option', { value: key, text })));
  if (value && !choices.some(([key]) => key === value)) made.append(el('option', { value, text: value }));
  made.value = value ?? '';
  return made;
}

/** While it runs the button says so and keeps its width; a second press does nothing. */
export async function busy(pressed, text, run) {
  if (pressed.getAttribute('aria-disabled')) return;
  const [before, width] = [[...pressed.childNodes], pressed.offsetWidth];
  pressed.setAttribute('aria-disabled', 'true');
  pressed.style.minWidth = `${width}px`;
  if (text) pressed.replaceChildren(text);
  try {
    return await run();
  } finally {
    pressed.removeAttribute('aria-disabled');
    pressed.style.minWidth = '';
    if (text) pressed.replaceChildren(...before);
  }
}

let toastTimer;

/** The result of what was just done, with a way back where there is one. */
export function toast(text, more) {
  const box = document.getElementById('toast');
  clearTimeout(toastTimer);
  box.replaceChildren(el('span', {}, text), more ?? '');
  box.hidden = false;
  const hide = () => { toastTimer = setTimeout(() => (box.matches(':hover') || box.contains(document.activeElement) ? hide() : (box.hidden = true)), 6000); };
  hide();
}

/** Opens on top of the page; focus goes to the first field and back to where it was. */
export function dialog(title, ...content) {
  const opener = document.activeElement;
  const box = el('dialog', { 'aria-labelledby': 'dialog-title' },
    el('div', { class: 'head' }, el('h2', { id: 'dialog-title', text: title }),
      el('div', { class: 'end' }, button('bare icon', '', () => box.close(), { 'aria-label': t('close') }))), ...content);
  box.querySelector('.head button').append(icon('cross'));
  box.addEventListener('close', () => { box.remove(); if (opener?.isConnected) opener.focus(); });
  document.body.append(box);
  box.showModal();
  box.querySelector('input:not([type=hidden]),select,textarea')?.focus();
  return box;
}

/** Asks before what cannot be taken back; the way out has the focus. */
export function confirm(title, text, verb, run) {
  const out = button('side', t('cancel'), () => box.close());
  const box = dialog(title, el('p', { text }), el('div', { class: 'pair end' }, out, button('go', verb, event => { box.close(); run(event); })));
  out.focus();
}

/** What happened, what to do, and for whoever looks after the desk the code. */
export function trouble(problem, again) {
  return el('div', { class: 'trouble', role: 'alert' }, el('p', { text: problem.sentence ?? t('wrong') }),
    again && button('side', t('again'), again),
    problem.code && el('details', {}, el('summary', { text: t('details') }), el('code', { dir: 'ltr', text: `${problem.status} ${problem.code}` })));
}

export const nothing = (title, help, action) => el('div', { class: 'empty' }, el('h2', { text: title }), help && el('p', { class: 'soft', text: help }), action);
