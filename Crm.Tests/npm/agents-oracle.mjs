// The agents of crawler-user-agents and top-user-agents with what isbot thinks of each: lines of {"agent", "robot"}.

import { readFileSync } from 'node:fs';
import { isbot } from 'isbot';

const read = (path) => JSON.parse(readFileSync(`node_modules/${path}`, 'utf8'));
const agents = new Set(
  [
    ...read('crawler-user-agents/crawler-user-agents.json').flatMap((crawler) => crawler.instances),
    ...['index', 'desktop', 'mobile'].flatMap((part) => read(`top-user-agents/src/${part}.json`)),
  ].filter((agent) => agent.trim() && agent.length <= 512),
);
for (const agent of agents) console.log(JSON.stringify({ agent, robot: isbot(agent) }));
