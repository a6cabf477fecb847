// Every word of the reports that the desk does not say, or says otherwise.

import { addWords } from 'crm/desk-words.js';

addWords({
  desk: 'Reports', signIn: 'Open the reports', open: 'Open the reports',
  keyHelp: 'It begins with crm_sk_. This tab forgets it when it is closed.',
  keyWrong: 'This key does not open the reports. Copy all of it or ask for a new one.',
  keyLacks: 'This key may not see this. Ask for a key that is made for the reports.',
  offline: 'The reports cannot be reached. Check your connection.',
  away: 'The figures cannot be read right now. Try again in a moment.',
  wrong: 'Something went wrong on our side.',
  unclear: 'The address of this view is not valid.',
  linkEnded: 'This link has expired. Ask for a new one.', readOnly: 'For {0}. To look at only, until {1}.',

  period: 'Period', days7: 'Last 7 days', days30: 'Last 30 days', days90: 'Last 90 days', days365: 'Last 365 days', own: 'From … to …', firstDay: 'First day', lastDay: 'Last day',
  compareWith: 'Compare with', previousPeriod: 'Previous period', nothingElse: 'Nothing', traffic: 'Traffic', human: 'People only', everybody: 'People and robots',
  groupBy: 'Group by', day: 'Day', week: 'Week', month: 'Month',
  span: '{0} – {1}, {2} time', datesWrong: 'The first day must not be after the last one.',
  runningDay: 'Today is not over: changes compare whole days.', runningWeek: 'This week is not over: changes compare whole weeks.', runningMonth: 'This month is not over: changes compare whole months.',

  overview: 'Overview', byPart: '{0} by {1}', dayOf: 'day', weekOf: 'week', monthOf: 'month', thisPeriod: 'This period', soFarDay: 'Today so far', soFarWeek: 'This week so far', soFarMonth: 'This month so far',
  up: 'up', downBy: 'down', was: 'was {0}', noChange: 'No change', isNew: 'New', notOver: 'Not over yet', also: 'and {0}',
  most: 'Most: {0}, {1}.', none: 'Nothing in this period.', reading: '{0}: {1}', readingBefore: '{0}: {1}, previous period {2}', notMeasured: 'no value', readHelp: 'Arrow keys read the values.',
  asTable: 'Show as table', between: '{0} – {1}',

  tabs: 'Which report', csvButton: 'CSV', pictureButton: 'Picture', csvOf: 'CSV: {0}', pictureOf: 'Picture: {0}', change: 'Change', changeSoFar: 'Change so far', total: 'Total', allColumns: 'All columns', fewColumns: 'Fewer columns',
  firstLines: 'The first {0} of {1}. The CSV file has all.', nothingHere2: 'Nothing in this period', nothingHelp: 'Choose a longer period.', sorted: '{0}, sorted by {1}', lessFirst: 'the smallest first',
  tableOf: '{0}, table', stage: 'Stage', people: 'People', ofBefore: 'Of the stage before',
  noName: '{0} without a name', link: 'Link', campaign: 'Campaign', affiliate: 'Affiliate', channel: 'Channel', formLine: 'Form', country: 'Country', unknown: 'Not known',

  share: 'Share', shareTitle: 'Share these reports', shareHelp: 'Whoever has the link sees {0}. They see nothing else, and can change neither the days nor the filters.',
  shareName: 'Who is it for?', shareNameHint: 'Agency', shareWhat: 'What they see', shareTwo: '{0} and {1}', shareAll: 'All reports', shareEnds: 'Ends after', ends7: '7 days', ends30: '30 days', ends90: '90 days', ends365: 'One year',
  makeLink: 'Make link', linkMade: 'The link for {0}', linkOnce: 'Copy it now: it is shown this once.', copy: 'Copy', copied: 'Copied', done: 'Done',
  links: 'Links that are open', until: 'until {0}', takeBack: 'Take back', takeBackOf: 'Take back the link for {0}', takenBack: 'The link for {0} opens nothing any more.', shareNameNeeded: 'Say who it is for.',
  shareLacks: 'This key may not share. Ask for a key that is made for the reports.',
});
