// What this browser remembers for whoever works here: who they are, and lists that they come back to. Of each workspace its own.

import { workspaceId } from 'crm/desk-api.js';

const read = what => {
  try {
    return JSON.parse(localStorage.getItem(`crm_${what}_${workspaceId()}`) ?? 'null');
  } catch {
    return null;
  }
};

const write = (what, value) => localStorage.setItem(`crm_${what}_${workspaceId()}`, JSON.stringify(value));

/** The member that one is; nothing where nobody said. */
export const me = () => (typeof read('me') === 'string' ? read('me') : '');

export const setMe = member => write('me', member);

/** Lists by name: {name, query}. */
export const views = () => (Array.isArray(read('views')) ? read('views').filter(one => one?.name && typeof one.query === 'string') : []);

export function saveView(name, query) {
  const all = views(), old = all.find(one => one.name === name);
  if (old) old.query = query;
  else all.push({ name, query });
  write('views', all);
}

export const removeView = name => write('views', views().filter(one => one.name !== name));
