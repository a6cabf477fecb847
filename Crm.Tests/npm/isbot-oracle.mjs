// What isbot thinks of user agents (lines of JSON text in, true or false out); with the argument "words", the plain words of its own list, one a line.

import { createInterface } from 'node:readline';
import { isbot, list } from 'isbot';

if (process.argv[2] === 'words') {
  for (const pattern of list)
    if (/^[a-z0-9 -]{3,}$/.test(pattern)) console.log(JSON.stringify(pattern));
} else
  for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(isbot(JSON.parse(line))));
