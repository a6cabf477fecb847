// The agents of crawler-user-agents and top-user-agents with what isbot thinks of each: lines of ["agent", true or false].

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isbot } from 'isbot';

const read = (path) => JSON.parse(readFileSync(createRequire(import.meta.url).resolve(path), 'utf8'));
const agents = new Set(
  [
    ...read('crawler-user-agents/crawler-user-agents.json').flatMap((crawler) => crawler.instances),
    ...['index', 'desktop', 'mobile'].flatMap((part) => JSON.parse(readFileSync(`node_modules/top-user-agents/src/${part}.json`, 'utf8'))),
  ].filter((agent) => agent.trim() && agent.length <= 512),
);
for (const agent of agents) console.log(JSON.stringify({ agent, robot: isbot(agent) }));
