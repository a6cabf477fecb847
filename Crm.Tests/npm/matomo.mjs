// Matomo's own Node client against the running product, only its host changed: node matomo.mjs ADDRESS SITE KEY LANDING. Prints one JSON object.

import { createRequire } from "node:module";
import { subscribe } from "node:diagnostics_channel";

const MatomoTracker = createRequire(import.meta.url)("matomo-tracker");
const [address, site, key, landing] = process.argv.slice(2);
const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
const visitor = "0b2c4d6e-8f10-4a2b-8c3d-5e6f7a8b9c0d"; // a UUID, as its README passes
const codes = [];
let answers = 0;
subscribe("http.client.response.finish", () => answers++);
const answered = async (count) => {
  while (answers < count) await new Promise((go) => setTimeout(go, 10));
};

const tracker = new MatomoTracker(site, new URL("/matomo.php", address).href);
tracker.on("error", (error) => codes.push(error));
tracker.track({ url: landing, action_name: "Landing", _id: visitor, ua: browser, urlref: "https://garden.example.org/", send_image: 0 });
await answered(1);
tracker.track({ url: "https://www.silva.example.org/prices", action_name: "Prices", _id: visitor, ua: browser, token_auth: key, cip: "203.0.113.77", cdt: new Date(Date.now() - 3 * 86400000).toISOString(), send_image: 0, cvar: JSON.stringify({ 1: ["plan", "pro"] }) });
await answered(2);
const bulk = await new Promise((go) =>
  tracker.trackBulk(
    [
      { url: "https://www.silva.example.org/plan.pdf", download: "https://www.silva.example.org/plan.pdf", _id: visitor, ua: browser },
      { url: "https://www.silva.example.org/", e_c: "Video", e_a: "Play", e_n: "Roof", e_v: 3.5, _id: visitor, ua: browser },
      { url: "https://www.silva.example.org/thanks", idgoal: 0, ec_id: "M-1", revenue: 49.9, ec_items: JSON.stringify([["sku", "Panel", "Roof", 49.9, 1]]), _id: visitor, ua: browser },
      { url: "https://www.silva.example.org/thanks", idgoal: 0, ec_id: "M-1", revenue: 49.9, _id: visitor, ua: browser },
      { url: "https://www.silva.example.org/thanks", idgoal: 7, revenue: 5, _id: visitor, ua: browser },
      { url: "https://www.silva.example.org/", cip: "203.0.113.1", _id: visitor, ua: browser },
    ],
    go,
  ),
);
const unknown = new MatomoTracker("999999", new URL("/piwik.php", address).href);
unknown.on("error", (error) => codes.push(error));
unknown.track({ url: "https://www.silva.example.org/", send_image: 0 });
while (codes.length === 0) await new Promise((go) => setTimeout(go, 10));
console.log(JSON.stringify({ bulk: JSON.parse(bulk), codes }));
process.exit(0);
