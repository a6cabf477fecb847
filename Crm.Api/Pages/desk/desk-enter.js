// The page that asks for a key: for the desk and for the reports.

import { t } from 'crm/desk-words.js';
import { signIn, signOut } from 'crm/desk-api.js';
import { busy, el, field } from 'crm/desk-dom.js';

/**
 * @param said why it is shown; nothing at first.
 * @param check asks for something with the key, and throws what is wrong with it.
 * @param done shows what the key opens.
 */
export function signInPage(said, check, done) {
  document.querySelectorAll('dialog').forEach(box => box.remove());
  document.title = t('signIn');
  const input = el('input', { type: 'password', name: 'key', autocomplete: 'off', spellcheck: 'false', dir: 'ltr' }), submit = el('button', { class: 'b go', text: t('open') });
  const form = el('form', { novalidate: true, on: { submit: event => { event.preventDefault(); busy(submit, null, attempt); } } });
  draw(said);
  document.body.replaceChildren(el('main', { class: 'open desk-open', id: 'main' }, el('div', { class: 'sheet' }, el('section', { class: 'card' }, form))));
  input.focus();

  function draw(error) {
    input.removeAttribute('aria-invalid');
    form.replaceChildren(el('h1', { text: t('signIn') }), field({ name: 'key', label: t('key'), help: t('keyHelp'), error, control: input }), submit);
    if (error) form.querySelector('.error').setAttribute('role', 'alert');
  }

  async function attempt() {
    const secret = input.value.trim();
    if (!secret) { draw(t('keyEmpty')); return input.focus(); }
    // What cannot stand in a header is no key.
    if (/[^\x21-\x7e]/.test(secret)) { draw(t('keyWrong')); return input.focus(); }
    signIn(secret);
    try {
      await check();
    } catch (problem) {
      signOut();
      draw(problem.sentence ?? t('wrong'));
      return input.focus();
    }
    input.value = '';
    await done();
  }
}
