// The list as a file for spreadsheets: page after page of the API's JSON, without anything that a spreadsheet would run.

import { t, list, count } from 'crm/desk-words.js';
import { ask, channelOf, emailOf, learn, nameOf, phoneOf, sourceOf } from 'crm/desk-api.js';
import { el, toast } from 'crm/desk-dom.js';

const MOST = 50000;

/** A cell that begins like a formula is text: a quote stands before it. A plain number stays one. */
export function cell(value) {
  let text = String(value ?? '');
  if (/^[=+\-@\t\r]/.test(text) && !/^[+-]?\d[\d.]*$/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = lead => [lead.firstName, lead.lastName, emailOf(lead), phoneOf(lead), lead.company, lead.jobTitle, t(lead.status), nameOf(lead.owner), lead.score,
  (lead.tags ?? []).join(', '), sourceOf(lead), channelOf(lead.source?.channel), lead.address?.city, lead.address?.country, lead.interest, lead.message, lead.notes,
  lead.createdAt, lead.updatedAt].map(cell).join(',');

/** @param query the list's own conditions and order. */
export async function download(query) {
  const parts = ['\ufeff', list('columns').map(cell).join(','), '\r\n'];
  let after = null, rows = 0;
  do {
    const asked = new URLSearchParams(query);
    asked.set('limit', '200');
    if (after) asked.set('after', after);
    const page = await ask(`/v1/leads?${asked}`);
    await learn(page.data.flatMap(lead => [lead.owner, ...['affiliate', 'link', 'campaign', 'form'].map(of => lead.source?.[of])]));
    for (const lead of page.data) parts.push(line(lead), '\r\n');
    rows += page.data.length;
    after = page.page.next;
    if (after) toast(t('csvReading', count(rows)));
  } while (after && rows < MOST);
  if (rows === 0) return toast(t('csvNone'));
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/csv;charset=utf-8' }));
  el('a', { href: url, download: `leads-${new Date().toISOString().slice(0, 10)}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  toast(after ? t('csvCut', count(rows)) : t('csvDone', count(rows)));
}
