// Links that show this view to somebody without a key: making one, and taking one back.

import { t } from 'crm/desk-words.js';
import { ask, post } from 'crm/desk-api.js';
import { busy, button, dialog, el, field, icon, said, select, toast, trouble } from 'crm/desk-dom.js';
import { dayOfYear, overview, tabs } from 'crm/reports-ask.js';

/** @param seen the days and filters in words. */
export async function shareDialog(view, seen) {
  const name = el('input', { name: 'name', maxlength: '100', autocomplete: 'off', placeholder: t('shareNameHint') });
  const what = select([['this', overview && view.report ? t('shareTwo', overview.title, view.report.title) : (overview ?? view.report).title], ['all', t('shareAll')]], 'this');
  const ends = select([['7', t('ends7')], ['30', t('ends30')], ['90', t('ends90')], ['365', t('ends365')]], '30');
  const form = el('form', { novalidate: true, on: { submit: event => { event.preventDefault(); busy(form.querySelector('.go'), t('saving'), make); } } });
  const open = el('div', { class: 'open-links' });
  const box = dialog(t('shareTitle'), el('p', { class: 'soft', text: t('shareHelp', seen) }), form, open);
  draw();
  list();

  function draw(error) {
    form.replaceChildren(el('div', { class: 'fields' }, field({ name: 'share-name', label: t('shareName'), error, control: name }), field({ name: 'share-ends', label: t('shareEnds'), control: ends })),
      field({ name: 'share-what', label: t('shareWhat'), control: what }), el('div', { class: 'pair end' }, el('button', { class: 'b go', text: t('makeLink') })));
    name.focus();
  }

  async function make() {
    name.removeAttribute('aria-invalid');
    if (!name.value.trim()) return draw(t('shareNameNeeded'));
    const reports = what.value === 'all' ? [overview, ...tabs] : [overview, view.report];
    const days = view.isOwn ? { from: view.from, to: view.to } : { days: Number(view.days) };
    const asked = { name: name.value.trim(), reports: reports.filter(Boolean).map(report => report.name), ...days, interval: view.interval, traffic: view.traffic, compare: view.compare };
    try {
      const made = await post('/v1/report-shares', { ...asked, expiresAt: new Date(Date.now() + Number(ends.value) * 864e5).toISOString() })
        // The key ends sooner than that, and the link with it.
        .catch(problem => { if (problem.errors?.[0]?.field === 'expiresAt') return post('/v1/report-shares', asked); throw problem; });
      shown(made);
    } catch (problem) {
      if (problem.status === 403) problem.sentence = t('shareLacks');
      form.querySelector('.trouble')?.remove();
      form.prepend(trouble(problem));
    }
  }

  function shown(made) {
    const address = el('input', { readonly: true, dir: 'ltr' }), url = `${location.origin}/reports/s/${made.token}`;
    address.value = url;
    const copy = button('go', t('copy'), async () => {
      address.select();
      await navigator.clipboard?.writeText(url).then(() => { copy.textContent = t('copied'); }, () => {});
    });
    form.replaceChildren(field({ name: 'share-link', label: t('linkMade', made.name), help: t('linkOnce'), control: address }), el('div', { class: 'pair end' }, button('side', t('done'), () => box.close()), copy));
    address.focus();
    address.select();
    list();
  }

  async function list() {
    const found = await ask('/v1/report-shares?limit=50&sort=-createdAt').catch(() => ({ data: [] }));
    const links = found.data.filter(one => Date.parse(one.expiresAt) > Date.now());
    open.replaceChildren(links.length ? el('h3', { text: t('links') }) : '', links.length ? el('ul', {}, links.map(item)) : '');
  }

  function item(one) {
    const back = button('bare', t('takeBack'), () => busy(back, null, async () => {
      try {
        await ask(`/v1/report-shares/${one.id}`, { method: 'DELETE' });
      } catch (problem) {
        if (problem.status !== 404) return open.prepend(trouble(problem));
      }
      toast(t('takenBack', one.name));
      await list();
      form.querySelector('input')?.focus();
    }), { 'aria-label': t('takeBackOf', one.name) });
    return el('li', {}, el('span', {}, said(one.name), el('span', { class: 'soft', text: ` ${t('until', dayOfYear(one.expiresAt))}` })), back);
  }
}

export function shareButton(view, seen) {
  const made = button('side', '', () => shareDialog(view, seen), { id: 'share' });
  made.append(icon('share'), t('share'));
  return made;
}
