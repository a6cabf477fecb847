// Pages that load our /dub.js by Dub's own loader, in jsdom: node dub-page.mjs ADDRESS PUBLISHABLE SLUG ORIGIN. Prints one JSON object.

import { CookieJar, JSDOM, VirtualConsole } from "jsdom";
import { inject } from "@dub/analytics";

const [address, publishableKey, slug, origin] = process.argv.slice(2);
const product = new URL(address);

/** A page in a browser with these cookies; script is asked before it calls another origin, as browsers do. */
async function open(path, { jar = new CookieJar(), quiet = false, html = "", early = () => {}, ...props }) {
  const said = [];
  const console = new VirtualConsole();
  console.on("error", (...words) => said.push(words.map((word) => (typeof word === "string" ? word : JSON.stringify(word))).join(" ")));
  console.on("jsdomError", (error) => said.push(String(error)));
  const dom = new JSDOM(`<!doctype html><head></head><body>${html}</body>`, {
    url: origin + path, referrer: "https://garden.example.org/", runScripts: "dangerously", resources: "usable", cookieJar: jar, virtualConsole: console,
    beforeParse: (window) => {
      if (quiet) Object.defineProperty(window.navigator, "globalPrivacyControl", { value: true });
    },
  });
  const { window } = dom;
  const calls = [];
  window.fetch = async (url, { method, headers, body, credentials }) => {
    const asked = Object.keys(headers).map((name) => name.toLowerCase()).sort();
    const preflight = await fetch(url, { method: "OPTIONS", headers: { Origin: origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": asked.join(",") } });
    const allowed = (preflight.headers.get("access-control-allow-headers") ?? "").split(",").map((name) => name.trim());
    if (preflight.status !== 204 || preflight.headers.get("access-control-allow-origin") !== "*" || credentials !== "omit" || asked.some((name) => !allowed.includes(name))) throw new Error(`the browser refuses ${asked}`);
    const answer = await fetch(url, { method, body, headers: { ...headers, Origin: origin, "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", ...(quiet ? { "Sec-GPC": "1" } : {}) } });
    if (answer.headers.get("access-control-allow-origin") !== "*") throw new Error("the browser keeps the answer back");
    calls.push(`${new URL(url).pathname} ${answer.status}`);
    return answer;
  };
  Object.assign(globalThis, { window, document: window.document });
  inject({ apiHost: product.origin, publishableKey, scriptProps: { src: new URL("/dub.js", product).href }, ...props });
  early(window);
  const script = window.document.querySelector("script[data-sdkn]");
  await new Promise((go, stop) => ((script.onload = go), (script.onerror = stop)));
  await new Promise((go) => window.dubAnalytics.ready(go));
  return { window, calls, said, jar, cookies: () => Object.fromEntries(window.document.cookie.split("; ").filter(Boolean).map((pair) => [pair.slice(0, pair.indexOf("=")), decodeURIComponent(pair.slice(pair.indexOf("=") + 1))])) };
}

const refer = { domainsConfig: { refer: product.host } };
const person = { customerExternalId: "user_7", customerName: "Ana Silva", customerEmail: "ana@silva.example.org" };

// The partner's link brings a visitor, who signs up before the script is there, and buys.
const landed = await open(`/?via=${slug}&utm_source=garden`, { ...refer, early: (window) => window.dubAnalytics.trackLead({ eventName: "Sign up", ...person }) });
const lead = await landed.window.dubAnalytics.trackLead({ eventName: "Sign up", ...person });
const sale = await landed.window.dubAnalytics.trackSale({ ...person, amount: 4990, currency: "eur", invoiceId: "P-1" });
const refused = await landed.window.dubAnalytics.trackSale({ ...person, amount: -1 });
const cookies = landed.cookies();
const stored = await landed.jar.getCookies(origin + "/");

// The same browser again, on other pages.
const second = await open("/cart", { jar: landed.jar, domainsConfig: { refer: product.host, outbound: ["*.shop.example.net", "pay.example.org"] }, html: '<a href="https://eu.shop.example.net/x?a=1#b">1</a><a href="https://shop.example.net/">2</a><a href="https://www.pay.example.org/">3</a><a href="https://evilpay.example.org/">4</a><a href="/own">5</a><a href="mailto:a@b.example">6</a>' });
const first = await open("/?dub_id=click_other", { jar: landed.jar, attributionModel: "first-click" });
const firstCookie = first.cookies().dub_id;
const last = await open("/?crm_click=click_later", { jar: landed.jar, cookieOptions: { expiresInDays: 7 } });

const gpc = await open(`/?via=${slug}&dub_id=click_x`, { ...refer, quiet: true });
const gpcLead = await gpc.window.dubAnalytics.trackLead({ eventName: "Sign up", customerExternalId: "user_8", customerEmail: "quiet@silva.example.org" });
const unknown = await open("/?via=nosuch", refer);

console.log(JSON.stringify({
  lead, sale, refused, calls: landed.calls, said: landed.said, cookies, partner: landed.window.DubAnalytics.partner, api: typeof landed.window._dubAnalytics,
  stored: stored.map((cookie) => ({ key: cookie.key, domain: cookie.domain, path: cookie.path, sameSite: cookie.sameSite, days: Math.round(cookie.TTL() / 86400000) })),
  second: { calls: second.calls, partner: second.window.DubAnalytics.partner, links: [...second.window.document.querySelectorAll("a")].map((a) => a.href) },
  firstCookie, lastCookie: last.cookies().dub_id, lastDays: Math.round((await landed.jar.getCookies(origin + "/")).find((cookie) => cookie.key === "dub_id").TTL() / 86400000),
  gpc: { cookies: gpc.cookies(), calls: gpc.calls, lead: gpcLead }, unknown: { cookies: unknown.cookies(), said: unknown.said },
}));
process.exit(0);
