// Says words and numbers in the language of the page.

import { words } from 'crm/desk-words-of.js';

/** In the table's order, as each calls itself. */
export const languages = { en: 'English', es: 'Español', pt: 'Português', fr: 'Français', de: 'Deutsch' };

/** The server says it in the page: what was chosen, or what the browser asks for. */
export const language = Object.hasOwn(languages, document.documentElement.lang) ? document.documentElement.lang : 'en';

/** Words of another page, which may say what the desk says in its own way. */
export const addWords = more => Object.assign(words, more);

/** The words for a name, with {0}, {1} filled in. */
export const t = (name, ...values) => (words[name] ?? name).replace(/\{(\d)\}/g, (_, at) => values[at] ?? '');

/** Whether there are words for it: codes that nobody foresaw have none, and are not shown. */
export const has = name => Object.hasOwn(words, name);

const locale = { en: 'en-GB', es: 'es-ES', pt: 'pt-PT', fr: 'fr-FR', de: 'de-DE' }[language];
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }), short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const number = new Intl.NumberFormat(language);

export const count = value => number.format(value);

/** 29 Nov 2026, 08:41, as the language writes it. */
export const moment = text => t('at', day.format(new Date(text)), clock.format(new Date(text)));

/** Beside a value: when it was given. */
export const since = text => (dayOf(text) === t('today') ? t('todayAt', clock.format(new Date(text))) : day.format(new Date(text)));

export const time = text => clock.format(new Date(text));

/** Today, Yesterday, or the date. */
export function dayOf(text) {
  const of = new Date(text), now = new Date();
  const days = Math.round((new Date(now.getFullYear(), now.getMonth(), now.getDate()) - new Date(of.getFullYear(), of.getMonth(), of.getDate())) / 864e5);
  return days === 0 ? t('today') : days === 1 ? t('yesterday') : day.format(of);
}

/** 4 min ago for a day, then the date, with its year when that is another one. */
export function ago(text) {
  const minutes = Math.floor((Date.now() - new Date(text)) / 6e4);
  if (minutes < 1) return t('justNow');
  if (minutes < 60) return t('minutes', minutes);
  if (minutes < 1440) return t('hours', Math.floor(minutes / 60));
  return new Date(text).getFullYear() === new Date().getFullYear() && dayOf(text) !== t('yesterday') ? short.format(new Date(text)) : dayOf(text);
}

/** An amount in the smallest unit of its currency. */
export function money(amount, currency) {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}
