// Every word of the desk, in one table a language: a language more is a table more.

const en = {
  desk: 'Desk', skip: 'Skip to content', menu: 'Menu', loading: 'Loading…',
  leads: 'Leads', waiting: 'Waiting', measure: 'Measure', reports: 'Reports', build: 'Build', api: 'API reference', graphql: 'GraphQL',
  theme: 'Theme', system: 'System', light: 'Light', dark: 'Dark', shortcuts: 'Keyboard', signOut: 'Sign out', account: 'Theme, sign out',

  signIn: 'Open the desk', key: 'Access key', keyHelp: 'It begins with crm_sk_. This tab forgets it when it is closed.', open: 'Open the desk',
  keyWrong: 'This key does not open the desk. Copy all of it or ask for a new one.',
  keyLacks: 'This key may not do this. Ask for a key that is made for the desk.',
  keyEmpty: 'Paste your access key.',

  offline: 'The desk cannot be reached. Check your connection.',
  away: 'The data cannot be reached right now. Nothing was changed.',
  busy: 'Too many requests at once. Try again in {0} s.',
  gone: 'This is not here any more.',
  moved: 'Somebody else changed this at the same time. Look at it again, then repeat what you did.',
  refused: 'This cannot be done with it as it is now.',
  wrong: 'Something went wrong on our side. Nothing was changed.',
  unclear: 'This could not be understood. Check what you typed.',
  again: 'Try again', details: 'For whoever looks after this', kept: 'What you typed is still here.',

  find: 'Find a lead', findHint: 'Name, e-mail, phone, company', addLead: 'Add lead', csv: 'Download CSV', more: 'More', views: 'Views',
  all: 'All', nobodys: 'Nobody’s', nobody: 'Nobody', addFilter: 'Add filter', filters: 'Filters', filtersSet: 'Filters, {0} set', remove: 'Remove filter {0}: {1}',
  status: 'Status', owner: 'Owner', form: 'Form', source: 'Source', tag: 'Tag', apply: 'Show', close: 'Close', any: 'Any',
  lead: 'Lead', from: 'Came from', score: 'Score', when: 'Came in', name: 'Name', sortBy: 'Sort by {0}',
  caption: 'Leads, {0}', newest: 'newest first', oldest: 'oldest first', byName: 'by name', byScore: 'by score',
  range: '{0}–{1} of {2}', rangeOnly: '{0}–{1}', about: 'more than {0}', previous: 'Previous', next: 'Next',
  noLeads: 'No leads yet', noLeadsHelp: 'A lead appears here when somebody sends one of your forms, or when you add one.',
  noMatch: 'Nothing matches', noMatchHelp: 'No lead has all of this.', clear: 'Clear filters',
  select: 'Select {0}', selectAll: 'Select all on this page', selected: '{0} selected', setStatus: 'Set status', setOwner: 'Set owner', choose: 'Choose', noneSelected: 'Clear selection',
  changed: '{0} changed.', changedOne: '1 changed.', notChanged: '{0} could not be changed: {1}',
  noEmail: 'No e-mail yet', unnamed: 'No name yet',

  new: 'New', working: 'Working', qualified: 'Qualified', unqualified: 'Not a fit', converted: 'Customer',

  position: '{0} of {1}', noStatusBack: 'A customer stays one.', call: 'Call', write: 'Write', makeCustomer: 'Make a customer', makeCustomerAsk: 'Make {0} a customer?', makeCustomerHelp: 'What is known of them goes along. This cannot be taken back here.',
  madeCustomer: '{0} is a customer now.', edit: 'Edit', editLead: 'Edit {0}', save: 'Save', saving: 'Saving…', saved: 'Saved.', cancel: 'Cancel',
  suggested: 'Suggested change', suggestedMany: 'Suggested changes', accept: 'Accept', dismiss: 'Dismiss', acceptOf: 'Accept {0}: {1}', dismissOf: 'Dismiss {0}: {1}',
  accepted: '{0} is {1} now.', dismissed: 'Dismissed. The entry keeps it.', becomes: 'becomes', notKept: '{0} more are in the entries only: there was no room to keep them here.',
  timeline: 'Timeline', today: 'Today', todayAt: 'today {0}', yesterday: 'Yesterday', older: 'Older', noTimeline: 'Nothing has happened yet.',
  path: 'How they came', first: 'First', last: 'Last', noPath: 'Not known: the lead was added by hand.', aboutLead: 'About', notes: 'Notes', notesHelp: 'Only your team reads this.', saveNotes: 'Save notes',
  tags: 'Tags', addTag: 'Add tag', add: 'Add', removeTag: 'Remove tag {0}', noTags: 'None yet', consent: 'Agreed to', granted: 'Agreed', withheld: 'Refused',
  email: 'E-mail', phone: 'Phone', company: 'Company', jobTitle: 'Role', address: 'Address', language: 'Language', timeZone: 'Time zone', bestTimeToCall: 'Best time to call',
  interest: 'Interest', message: 'Message', salutation: 'Title', firstName: 'First name', middleName: 'Middle name', lastName: 'Last name', externalId: 'Number elsewhere', emails: 'E-mail', phones: 'Phone',
  'address.line1': 'Street', 'address.line2': 'Flat, building', 'address.city': 'City', 'address.region': 'Region', 'address.postalCode': 'Postal code', 'address.country': 'Country',
  shared: 'Others have this number too.', leadGone: 'This lead is not here any more', leadGoneHelp: 'It was deleted, or it is another person’s now.', toLeads: 'To the leads',

  byForm: 'Form “{0}”', byFormOnly: 'A form', byKey: 'Typed in, {0}', byKeyOnly: 'Typed in', byMember: 'Typed by {0}', byLead: 'A lead that was joined', bySystem: 'The product',
  sentForm: 'Sent form “{0}”', sentFormOnly: 'Sent a form', addedByHand: 'Added by hand', changedFields: 'Changed: {0}', changedFieldsOnly: 'Changed',
  statusMoved: 'Status: {0} → {1}', ownerMoved: 'Owner: {0} → {1}',
  clicked: 'Clicked link “{0}”', clickedOnly: 'Clicked a link', mentioned: 'Named by an entry that waits', converted2: 'Became a customer', merged: 'Joined with another lead', unmerged: 'Taken apart from another lead',
  changeAccepted: 'Accepted: {0}', changeDismissed: 'Dismissed: {0}', detached: 'An entry was taken out', spam: 'An entry was put away as spam', restored: 'Taken apart from another lead', customerUnclear: 'Bought, and it is not clear as which customer',
  touchPageView: 'Saw a page', touchFormView: 'Saw a form', touchFormStart: 'Began a form', touchOutbound: 'Left for another site', touchDownload: 'Downloaded a file', touchOpen: 'Opened an e-mail', touchView: 'Saw something',
  touchConversion: 'Bought or signed up', touchEvent: 'Did something on a page', touchImpression: 'Saw an advertisement', touchCall: 'Call', touchVisit: 'Visit', touchMeeting: 'Meeting', purchased: 'Bought for {0}', purchasedOnly: 'Bought', happened: 'Something happened',
  by: 'by {0}', sentDetails: 'What was sent', takeOut: 'Not this person', takeOutHelp: 'Makes a lead of its own of this entry.', takenOut: 'The entry is a lead of its own now.', openIt: 'Open it',

  linkSource: 'Link', formSource: 'Form', campaignSource: 'Campaign', affiliateSource: 'Affiliate', handSource: 'Added by hand',
  'organic-search': 'Search', 'paid-search': 'Paid search', 'organic-social': 'Social media', 'paid-social': 'Paid social media', email2: 'E-mail', referral: 'Another site', direct: 'Direct', affiliates: 'Affiliates', display: 'Display',
  'organic-video': 'Video', 'paid-video': 'Paid video', 'organic-shopping': 'Shopping', 'paid-shopping': 'Paid shopping', 'cross-network': 'Cross-network', 'paid-other': 'Other paid', audio: 'Audio', sms: 'SMS', 'mobile-push': 'Push', unassigned: 'Not known',

  waitingHelp: 'Entries that became no lead. Nothing is lost: decide what they are.', nothingWaits: 'Nothing is waiting', nothingWaitsHelp: 'Entries that look odd stop here until you decide.', nothingHere: 'None of these',
  held: 'Held', refusedTab: 'Refused', notRead: 'Not read', spamTab: 'Spam', oldestPage: 'Back to the newest',
  approve: 'Approve', addTo: 'Add to {0}', newLead: 'New lead', spamDo: 'Spam', looksLike: 'Looks like', anonymous: 'Somebody', allFields: 'All that was sent', noFields: 'Nothing could be read of it.',
  approved: 'The entry is a lead now.', approvedNobody: 'Off the list. It does not say who they are, so it is no lead.', addedTo: 'Added to {0}.', nowSpam: 'Put away as spam.', undo: 'Undo', back: 'It waits again.', backInLead: 'It is with the lead again.', stillWaits: 'It still waits: {0}',
  nobodyNamed: 'Nothing in it says who it is: no lead can be made of it.', formGone: 'Its form does not exist any more.',

  honeypot: 'a hidden field was filled in', too_fast: 'filled in too fast', forged_time: 'its time was tampered with', limited: 'came with very many others', two_leads_match: 'it names two leads', phone_shared: 'another lead has its phone number',
  duplicate: 'they are a lead already', form_closed: 'the form is closed', origin_not_allowed: 'sent from a page that may not', spamReason: 'somebody put it away', error: 'an error on our side', contention: 'too many changes at once', validation_failed: 'something needed is missing',
  duplicate_submission: 'they sent it before', invalid: 'something in it is not valid', body_malformed: 'the text could not be read', body_too_large: 'too large', media_type_unsupported: 'of a kind that is not known', otherReason: 'it did not fit the form',

  addTitle: 'Add lead', addHelp: 'A name, a company, an e-mail or a phone number is enough.', added: '{0} is a lead now.', toAdd: 'Add lead',
  problemOne: 'One thing needs a change', problemMany: '{0} things need a change', errorTitle: 'Error: {0}',
  required: 'Fill this in.', requiredAny: 'Fill in a name, a company, an e-mail or a phone number.', invalid_email: 'Enter a full address, like ana@example.org.', invalid_phone: 'Enter a number with area code, like {0}.', taken: 'Another lead has this.', takenOpen: 'Open {0}', too_long: 'This is too long.', checkThis: 'Check this.',

  csvReading: 'The file is being made.', csvDone: 'The file is ready.', csvCut: 'The file has the first {0} leads. Filter for the others.', csvNone: 'There is no lead to download.',

  keysTitle: 'Keyboard', keysOn: 'Single-letter keys', keysHelp: 'They do nothing while you type.',
  keyFind: 'Find', keyNext: 'Next row', keyBefore: 'Row before', keySelect: 'Select the row', keyAdd: 'Add a lead', keyLeads: 'Leads', keyWaiting: 'Waiting', keyReports: 'Reports', keyHelp2: 'This list', keyApprove: 'Approve the entry', keyNew: 'Make a new lead of it', keySpam: 'Spam',

  justNow: 'just now', minutes: '{0} min ago', hours: '{0} h ago', at: '{0}, {1}', notFound: 'We cannot find this page', notFoundHelp: 'Check the address.',
};

const words = en;

/** The words for a name, with {0}, {1} filled in. */
export const t = (name, ...values) => (words[name] ?? name).replace(/\{(\d)\}/g, (_, at) => values[at] ?? '');

/** Whether there are words for it: codes that nobody foresaw have none, and are not shown. */
export const has = name => typeof words[name] === 'string';


const locale = 'en-GB';
const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' }), short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const number = new Intl.NumberFormat('en');

export const count = value => number.format(value);

/** 29 Nov 2026, 08:41. */
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
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}
