// The explorer: asks this server only, shows what comes as text only, and keeps the key in this tab.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const [key, query, variables, answer, status, choices, doc, trail, find] = ["key", "query", "variables", "answer", "status", "choices", "doc", "trail", "find"].map($);
  const address = location.pathname;
  let schema = null, running = null, looked = [];

  // ---- What is kept: in this tab, until it is closed

  const kept = (name, field, first) => {
    field.value = sessionStorage.getItem("crm." + name) ?? first;
    field.addEventListener("input", () => sessionStorage.setItem("crm." + name, field.value));
  };
  kept("key", key, "");
  kept("query", query, "{\n  leads(first: 5) {\n    nodes {\n      id\n      lastName\n    }\n  }\n}\n");
  kept("variables", variables, "");

  const element = (name, text, more) => Object.assign(document.createElement(name), text === undefined ? {} : { textContent: text }, more);
  const say = (text) => { status.textContent = text; };

  // ---- Asking

  const ask = (body, accept, signal) => fetch(address, {
    method: "POST", credentials: "omit", signal, body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Accept: accept, ...(key.value.trim() ? { Authorization: "Bearer " + key.value.trim() } : {}) },
  });

  // As text: what an answer holds is data, whatever it looks like.
  const show = (text) => {
    try { answer.textContent = JSON.stringify(JSON.parse(text), null, 2); } catch { answer.textContent = text; }
  };

  const follow = async (response) => {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "", count = 0;
    answer.textContent = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return say(`The stream ended after ${count} answers.`);
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        // A field a line, in any order, and there may be others: the id by which a stream goes on.
        const field = Object.fromEntries(part.split("\n").map((line) => /^(\w+): ?(.*)$/.exec(line)?.slice(1) ?? ["", ""]));
        if (field.event !== "next") continue;
        const data = field.data;
        answer.prepend(document.createTextNode(JSON.stringify(JSON.parse(data), null, 2) + "\n\n"));
        while (answer.childNodes.length > 100) answer.lastChild.remove();
        say(`Following: ${++count} answers, the newest first.`);
      }
    }
  };

  const run = async () => {
    closeChoices();
    let given;
    try {
      given = variables.value.trim() ? JSON.parse(variables.value) : undefined;
    } catch (error) {
      say("The variables are not JSON: " + error.message);
      variables.focus();
      return;
    }
    running?.abort();
    const mine = running = new AbortController();
    $("stop").disabled = false;
    say("Running …");
    const began = performance.now();
    try {
      const stream = /^\s*subscription\b/m.test(query.value.replace(/#.*/g, ""));
      const response = await ask({ query: query.value, variables: given }, stream ? "text/event-stream" : "application/graphql-response+json, application/json", mine.signal);
      if (response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
        say("Following: nothing happened yet.");
        await follow(response);
      } else {
        const text = await response.text();
        show(text);
        let cost = "";
        try { cost = JSON.parse(text).extensions?.cost; } catch { /* shown as it is */ }
        say(`${response.status} ${response.statusText}, ${Math.round(performance.now() - began)} ms` + (cost ? `, cost ${cost.asked}, ${cost.left} points left this minute` : ""));
      }
    } catch (error) {
      say(mine.signal.aborted ? "Stopped." : "The server did not answer: " + error.message);
    }
    if (running === mine) { running = null; $("stop").disabled = true; }
  };
  $("run").addEventListener("click", run);
  $("stop").addEventListener("click", () => running?.abort());

  // ---- The schema

  const typeText = `kind name ofType { kind name ofType { kind name ofType { kind name } } }`;
  const introspection = `{ __schema { queryType { name } mutationType { name } subscriptionType { name } types { kind name description
    fields(includeDeprecated: true) { name description isDeprecated deprecationReason args { name description defaultValue type { ${typeText} } } type { ${typeText} } }
    inputFields { name description defaultValue type { ${typeText} } } enumValues { name description } possibleTypes { name } interfaces { name } } } }`;

  const typeName = (type) => type.kind === "NON_NULL" ? typeName(type.ofType) + "!" : type.kind === "LIST" ? `[${typeName(type.ofType)}]` : type.name;
  const named = (type) => { while (type.ofType) type = type.ofType; return schema.types.get(type.name); };

  const load = async () => {
    say("Loading the schema …");
    try {
      const response = await ask({ query: introspection }, "application/json");
      const text = await response.text();
      const read = JSON.parse(text);
      if (!read.data?.__schema) { show(text); say(`The schema was not given: ${read.detail ?? read.errors?.[0]?.message ?? response.status}`); return; }
      const { types, ...roots } = read.data.__schema;
      schema = { types: new Map(types.map((t) => [t.name, t])), roots: { query: roots.queryType?.name, mutation: roots.mutationType?.name, subscription: roots.subscriptionType?.name } };
      looked = [];
      describe(null);
      say(`The schema is loaded: ${types.length} types.`);
    } catch (error) {
      say("The schema could not be loaded: " + error.message);
    }
  };
  $("connect").addEventListener("submit", (event) => { event.preventDefault(); load(); });

  const link = (type) => {
    const button = element("button", typeName(type), { type: "button" });
    button.addEventListener("click", () => describe(named(type).name, true));
    return button;
  };

  const entry = (list, field) => {
    const term = element("dt", field.name);
    if (field.args?.length) {
      term.append("(");
      field.args.forEach((argument, i) => term.append(i ? ", " : "", argument.name + ": ", link(argument.type)));
      term.append(")");
    }
    if (field.type) term.append(": ", link(field.type));
    list.append(term);
    if (field.description) list.append(element("dd", field.description));
    if (field.isDeprecated) list.append(element("dd", "Deprecated: " + field.deprecationReason));
    for (const argument of field.args ?? []) if (argument.description) list.append(element("dd", `${argument.name}: ${argument.description}`));
  };

  const describe = (name, focus) => {
    if (name !== null) looked = [...looked.filter((n) => n !== name), name].slice(-8);
    trail.replaceChildren();
    for (const each of [null, ...looked]) {
      const button = element("button", each ?? "Start", { type: "button" });
      if (each === name) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => describe(each, true));
      trail.append(button);
    }
    doc.replaceChildren();
    const list = element("dl");
    if (name === null) {
      for (const [kind, root] of Object.entries(schema.roots)) if (root) entry(list, { name: kind, type: { kind: "OBJECT", name: root }, description: schema.types.get(root).description });
      doc.append(list);
    } else {
      const type = schema.types.get(name);
      doc.append(element("h3", `${name} (${type.kind.toLowerCase().replaceAll("_", " ")})`));
      if (type.description) doc.append(element("p", type.description));
      for (const field of type.fields ?? type.inputFields ?? type.enumValues ?? type.possibleTypes?.map((t) => ({ name: t.name, type: { kind: "OBJECT", name: t.name } })) ?? []) entry(list, field);
      doc.append(list);
    }
    doc.scrollTop = 0;
    if (focus) doc.focus();
  };

  find.addEventListener("input", () => {
    if (!schema) return;
    const word = find.value.trim().toLowerCase();
    if (!word) { describe(null); return; }
    const list = element("dl");
    let count = 0;
    for (const type of schema.types.values()) {
      if (type.name.startsWith("__")) continue;
      if (type.name.toLowerCase().includes(word) && ++count <= 60) { const term = element("dt"); term.append(link({ kind: type.kind, name: type.name })); list.append(term); }
      for (const field of type.fields ?? type.inputFields ?? [])
        if (field.name.toLowerCase().includes(word) && ++count <= 60) { const term = element("dt"); term.append(link({ kind: type.kind, name: type.name }), "." + field.name); list.append(term); }
    }
    doc.replaceChildren(element("p", count > 60 ? `${count} found, the first 60 are shown.` : `${count} found.`), list);
  });

  // ---- Completion

  // What stands before the caret tells what may follow: a frame for each bracket that is still open.
  const expected = (text) => {
    const { types, roots } = schema;
    const word = /[_A-Za-z][_0-9A-Za-z]*$/.exec(text)?.[0] ?? "";
    const before = text.slice(0, text.length - word.length);
    const tokens = before.match(/"""[^]*?(?:"""|$)|"(?:\\.|[^"\\\n])*(?:"|$)|#[^\n]*|\.\.\.|[_A-Za-z][_0-9A-Za-z]*|[{}()[\]:$@!=|&]|-?\d[\w.+-]*/g) ?? [];
    const frames = [];
    let root = types.get(roots.query), last = null, on = null, argument = null, afterColon = false, previous = "";
    const top = () => frames.at(-1);
    for (const token of tokens) {
      if (/^[#"]/.test(token)) { if (token[0] === "#" && !before.includes(token + "\n")) return null; afterColon = false; previous = token; continue; }
      const frame = top();
      if (token === "{") {
        if (!frame) frames.push({ kind: "fields", type: on ?? root });
        else if (frame.kind === "fields") frames.push({ kind: "fields", type: on ?? (last ? named(last.type) : frame.type) });
        else frames.push({ kind: "object", inputs: (argument && named(argument.type).inputFields) ?? [] });
        if (top().kind === "fields") on = last = null;
        argument = null; afterColon = false;
      } else if (token === "(") {
        frames.push(frame ? { kind: "arguments", inputs: last?.args ?? [] } : { kind: "variables" });
        argument = null;
      } else if (token === "[") frames.push({ kind: "list", inputs: frame?.inputs, argument });
      else if (token === "}" || token === ")" || token === "]") { if (frames.pop()?.kind === "fields") last = null; afterColon = false; argument = token === "]" ? top()?.argument ?? null : null; }
      else if (token === ":") afterColon = true;
      else if (/^[_A-Za-z]/.test(token)) {
        if (!frame) {
          if (token in roots && roots[token]) { root = types.get(roots[token]); on = null; }
          else if (previous === "on") on = types.get(token) ?? null;
        } else if (frame.kind === "fields") {
          if (previous === "on" ) on = types.get(token) ?? null;
          else if (previous === "@") { /* a directive's name */ }
          else if (!(token === "on" && previous === "...")) { last = frame.type?.fields?.find((f) => f.name === token) ?? null; on = null; }
        } else if (frame.kind === "arguments" || frame.kind === "object") {
          if (!afterColon && previous !== "$") { argument = frame.inputs.find((i) => i.name === token) ?? null; frame.argument = argument; }
          else afterColon = false;
        }
      } else if (token !== "$" ) afterColon = afterColon && (token === "-");
      previous = token;
    }
    const frame = top();
    const described = (list) => list.map((f) => ({ name: f.name, more: f.type ? typeName(f.type) : f.description ?? "" }));
    let offers = [];
    if (!frame) offers = previous === "on" ? [...types.values()].filter((t) => t.fields && !t.name.startsWith("__")).map((t) => ({ name: t.name, more: "" })) : Object.keys(roots).filter((r) => roots[r]).concat("fragment").map((name) => ({ name, more: "" }));
    else if (previous === "@") offers = [{ name: "include", more: "(if: Boolean!)" }, { name: "skip", more: "(if: Boolean!)" }];
    else if (frame.kind === "fields") {
      if (previous === "on") offers = (frame.type.possibleTypes ?? [frame.type]).map((t) => ({ name: t.name, more: "" }));
      else if (previous !== "...") offers = described(frame.type?.fields ?? []).concat({ name: "__typename", more: "String!" });
    } else if (frame.kind === "variables") { if (previous === ":" || previous === "[") offers = [...types.values()].filter((t) => ["SCALAR", "ENUM", "INPUT_OBJECT"].includes(t.kind)).map((t) => ({ name: t.name, more: t.kind.toLowerCase() })); }
    else if (previous === "$") offers = [...text.matchAll(/\$(\w+)\s*:/g)].map((m) => ({ name: m[1], more: "" }));
    else if (afterColon || frame.kind === "list") {
      const type = argument ? named(argument.type) : null;
      offers = type?.enumValues ? described(type.enumValues) : type?.name === "Boolean" ? [{ name: "true", more: "" }, { name: "false", more: "" }] : [];
    } else offers = described(frame.inputs);
    const low = word.toLowerCase();
    const fits = offers.filter((o) => o.name.toLowerCase().includes(low) && o.name !== word);
    fits.sort((a, b) => b.name.toLowerCase().startsWith(low) - a.name.toLowerCase().startsWith(low));
    return { word, offers: fits.slice(0, 30) };
  };

  let chosen = -1;
  const closeChoices = () => {
    choices.hidden = true;
    choices.replaceChildren();
    query.removeAttribute("aria-activedescendant");
    chosen = -1;
  };
  const choose = (i) => {
    const items = choices.children;
    if (chosen >= 0) items[chosen].setAttribute("aria-selected", "false");
    chosen = (i + items.length) % items.length;
    items[chosen].setAttribute("aria-selected", "true");
    items[chosen].scrollIntoView({ block: "nearest" });
    query.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const take = () => {
    const { word, name } = choices.children[chosen].offer;
    const at = query.selectionStart;
    query.setRangeText(name, at - word.length, at, "end");
    query.dispatchEvent(new Event("input", { bubbles: true }));
    closeChoices();
    query.focus();
  };
  const complete = () => {
    closeChoices();
    if (!schema || query.selectionStart !== query.selectionEnd) return;
    const found = expected(query.value.slice(0, query.selectionStart));
    if (!found?.offers.length) return;
    found.offers.forEach((offer, i) => {
      const item = element("li", offer.name + " ", { id: "choice" + i, offer: { word: found.word, name: offer.name } });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.append(element("span", offer.more));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(i); take(); });
      choices.append(item);
    });
    choices.hidden = false;
    choose(0);
  };
  query.addEventListener("input", (event) => {
    if (event.inputType === "insertText" && /[_A-Za-z]/.test(event.data ?? "")) complete(); else if (event.isTrusted) closeChoices();
  });
  query.addEventListener("blur", closeChoices);
  query.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) { event.preventDefault(); complete(); return; }
    if (choices.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(chosen + (event.key === "ArrowDown" ? 1 : -1)); }
    else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") { event.preventDefault(); take(); }
    else if (event.key === "Escape") { event.preventDefault(); closeChoices(); }
    else if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") closeChoices();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); } });

  if (key.value) load();
})();
