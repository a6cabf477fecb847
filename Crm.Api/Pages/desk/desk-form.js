// The form of a lead, as a page and in a dialog: adding one and changing one.

import { t } from 'crm/desk-words.js';
import { ask, choices, emailOf, firm, leadName, phoneOf } from 'crm/desk-api.js';
import { busy, dialog, el, field, select, trouble } from 'crm/desk-dom.js';

const NAMES = ['firstName', 'lastName', 'email', 'phone', 'company', 'jobTitle'];
const KINDS = { email: ['email', 'email'], phone: ['tel', 'tel'], firstName: ['text', 'off'], lastName: ['text', 'off'], company: ['text', 'off'], jobTitle: ['text', 'off'] };

/** A number as one writes it there. */
const SAMPLES = { BR: '11 91234-5678', PT: '912 345 678', ES: '612 345 678', FR: '06 12 34 56 78', DE: '0151 23456789', GB: '07911 123456', US: '(212) 555-0123' };

/** What is said of a member: the lead's member that it is about, in words. */
async function wordsOf({ field: path, code }) {
  if (code === 'required') return t('requiredAny');
  if (code === 'invalid_phone') return t('invalid_phone', SAMPLES[(await firm()).defaultCountry] ?? '+351 912 345 678');
  return ['invalid_email', 'taken', 'too_long'].includes(code) ? t(code) : t('checkThis');
}

const ownerOf = async path => {
  const found = await ask(path).catch(() => null);
  const lead = found?.data?.[0];
  return lead && el('span', {}, ' ', el('a', { href: `/desk/leads/${lead.id}`, text: t('takenOpen', leadName(lead)) }));
};

/**
 * @param lead the lead to change, with its etag; null for a new one.
 * @param done gets the lead as it is now.
 */
export async function leadForm(lead, done) {
  const members = await choices('members');
  const controls = {};
  for (const name of NAMES)
    controls[name] = el('input', { name, type: KINDS[name][0], autocomplete: KINDS[name][1], spellcheck: 'false', dir: ['email', 'phone'].includes(name) ? 'ltr' : 'auto',
      value: name === 'email' ? emailOf(lead ?? {}) : name === 'phone' ? phoneOf(lead ?? {}) : lead?.[name] ?? '' });
  if (!lead) {
    controls.owner = select([['', t('nobody')], ...members], '', { name: 'owner' });
    controls.notes = el('textarea', { name: 'notes', rows: '3' });
  }
  const once = lead ? null : crypto.randomUUID?.() ?? String(Math.random());
  const heading = document.title;
  let attempt = 0;
  const form = el('form', { class: 'sheet-form', novalidate: true }), submit = el('button', { class: 'b go', text: lead ? t('save') : t('addLead') });
  draw({});
  form.addEventListener('submit', event => {
    event.preventDefault();
    busy(submit, t('saving'), send);
  });
  return form;

  function draw(errors, top) {
    const typed = Object.fromEntries(Object.entries(controls).map(([name, control]) => [name, control.value]));
    const parts = Object.entries(controls).map(([name, control]) => {
      control.removeAttribute('aria-invalid');
      control.removeAttribute('aria-describedby');
      return field({ name: `f-${name}`, label: t(name), help: name === 'notes' ? t('notesHelp') : null, error: errors[name]?.text, extra: errors[name]?.extra, control });
    });
    form.replaceChildren(...[top, !lead && el('p', { class: 'soft', text: t('addHelp') }), el('div', { class: 'fields' }, parts), el('div', { class: 'end' }, submit)].filter(Boolean));
    for (const [name, value] of Object.entries(typed)) controls[name].value = value;
  }

  function values() {
    const body = {};
    for (const [name, control] of Object.entries(controls)) {
      const value = control.value.trim(), before = name === 'email' ? emailOf(lead ?? {}) : name === 'phone' ? phoneOf(lead ?? {}) : lead?.[name] ?? '';
      if (lead ? value !== before : value !== '') body[name] = value || null;
    }
    return body;
  }

  async function send() {
    document.title = heading;
    try {
      // A repeat of what was refused is another request; a repeat of what got no answer is the same.
      const saved = lead ? await ask(`/v1/leads/${lead.id}`, { method: 'PATCH', body: values(), match: lead.etag })
        : await ask('/v1/leads', { method: 'POST', body: values(), once: `${once}-${attempt}` });
      done(saved);
    } catch (problem) {
      if (!problem.status && problem.status !== 0) throw problem;
      if (problem.status) attempt++;
      await refuse(problem);
    }
  }

  async function refuse(problem) {
    document.title = t('errorTitle', heading);
    const errors = {};
    for (const error of problem.errors) {
      const name = { emails: 'email', phones: 'phone', name: 'firstName' }[error.field.split('.')[0]] ?? error.field.split('.')[0];
      if (!controls[name] || errors[name]) continue;
      errors[name] = { text: await wordsOf(error),
        extra: error.code === 'taken' ? await ownerOf(`/v1/leads?${name}=${encodeURIComponent(controls[name].value.trim())}&limit=1`) : null };
    }
    const found = Object.entries(errors);
    if (found.length === 0) {
      draw({}, el('div', {}, trouble(problem), el('p', { class: 'soft small', text: t('kept') })));
      form.querySelector('[role=alert]').scrollIntoView({ block: 'nearest' });
      return;
    }
    const top = el('div', { class: 'summary', role: 'alert', tabindex: '-1' },
      el('h2', { text: found.length === 1 ? t('problemOne') : t('problemMany', found.length) }),
      el('ul', {}, found.map(([name, { text }]) => el('li', {}, el('a', { href: `#f-${name}`, text: `${t(name)}: ${text}`,
        on: { click: event => { event.preventDefault(); controls[name].focus(); } } })))));
    draw(errors, top);
    top.focus();
  }
}

/** In a dialog on top of where one is. */
export async function leadDialog(lead, done) {
  const heading = document.title;
  const form = await leadForm(lead, saved => { box.close(); done(saved); });
  const box = dialog(lead ? t('editLead', leadName(lead)) : t('addTitle'), form);
  box.addEventListener('close', () => { if (document.title === t('errorTitle', heading)) document.title = heading; });
  return box;
}

