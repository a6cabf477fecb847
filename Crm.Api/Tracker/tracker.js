/* <script async src="https://crm.example.org/t.js?site=KEY"></script>: tells what happens on the page. No eval, no HTML, no dependency. */
(function (w, d, n) {
  'use strict';
  var me = d.currentScript, early = (w.crm && w.crm.q) || [];
  if (w.crm && w.crm.on) return;
  // Tag managers drop attributes, and some hide which script runs.
  if (!me || !me.src) me = d.querySelector('script[data-site][src*="/t.js"],script[src*="/t.js?"]');
  var site = me && (me.getAttribute('data-site') || new URL(me.src, location.href).searchParams.get('site'));
  if (!site) return say([{ field: 't.js', message: 'says no site. Write data-site="KEY" or /t.js?site=KEY.' }]);
  var base = me.src.replace(/\/t\.js([?#].*)?$/, ''), name = 'crm_visitor', age = 34560000 /* 400 days */;
  var domain = (me.getAttribute('data-cookie-domain') || '').replace(/^\./, '').toLowerCase();
  var quiet = n.globalPrivacyControl || n.doNotTrack === '1' || w.doNotTrack === '1';
  var queue = [], busy = false, timer = 0, seen = new WeakMap(), last = '', place = '', before = d.referrer, visitor = null, consent = false, arrival = null;

  // Whoever built the page reads it there.
  function say(refused) {
    (refused || []).forEach(function (e) { if (w.console) console.warn('crm: ' + e.field + ': ' + e.message); });
  }
  function put(value, seconds, more) {
    try { d.cookie = name + '=' + value + ';path=/;max-age=' + seconds + ';samesite=lax' + (location.protocol === 'https:' ? ';secure' : '') + more; } catch (e) { /* a sandboxed page has none */ }
  }
  function remember(value, seconds) {
    if (domain) { put('', 0, ''); put(value, seconds, ';domain=' + domain); }
    // Without a domain; or with one that the browser does not let us have.
    if (!domain || known() !== value) put(value, seconds, '');
  }
  function forget() { visitor = null; if (known()) { remember('', 0); put('', 0, ''); } }
  function ours(host, name) { return host === location.host || !!domain && ('.' + name).slice(-domain.length - 1) === '.' + domain; }
  function known() {
    try { var m = d.cookie.match(/(?:^|; )crm_visitor=(visitor_[0-9a-z]+\.[0-9a-f]+)/); return m && m[1]; } catch (e) { return null; }
  }
  if (quiet) forget();
  else if ((visitor = known())) consent = true;

  function tell(event, first) {
    event.page = event.page || location.href;
    event.at = Date.now();
    if (first) queue.unshift(event); else queue.push(event);
    if (!timer) timer = setTimeout(flush, 0);
  }
  // The first answer names the visitor; what comes meanwhile waits for it, unless the page ends.
  function flush(last) {
    timer = 0;
    if (!queue.length || (busy && last !== true)) return;
    var body = { events: queue.splice(0, 20) };
    if (visitor) body.visitor = visitor;
    if (consent) body.consent = true;
    if (quiet) body.quiet = true;
    busy = true;
    fetch(base + '/t/events?site=' + encodeURIComponent(site), { method: 'POST', body: JSON.stringify(body), keepalive: true, credentials: 'omit' })
      .then(function (r) { return r.json(); })
      .then(function (a) {
        if (a.visitor && !quiet) { visitor = a.visitor; remember(visitor, age); }
        if (a.arrival) { arrival = a.arrival; agreed(); }
        say(a.refused || a.errors);
      })
      .catch(function () { /* a page goes on without us */ })
      .then(function () { busy = false; flush(); });
  }
  d.addEventListener('visibilitychange', function () { if (d.visibilityState === 'hidden') flush(true); });
  w.addEventListener('pagehide', function () { flush(true); });

  // How somebody came who agrees to be recognised only now: the view is stored already, and becomes theirs.
  function agreed() {
    if (arrival && consent) { tell({ kind: 'pageView', arrival: arrival }, true); arrival = null; }
  }

  // Another page is another path or query: anchors and what a page notes of itself are none, unless it calls crm('page').
  function view(asked) {
    var here = location.pathname + location.search;
    if (here === place && asked !== true) return;
    var event = { kind: 'pageView' };
    place = here;
    if (last || before) event.referrer = last || before;
    if (!last && before && inside(before)) event.inside = true;
    before = last || before;
    last = location.href;
    tell(event);
    forms();
  }

  function inside(url) {
    try { url = new URL(url); return ours(url.host, url.hostname); } catch (e) { return false; }
  }

  function keyOf(form) {
    var named = form.getAttribute('data-crm-form'), action = form.getAttribute('action') || '';
    if (named) return named;
    try { action = new URL(action, location.href).href; } catch (e) { return null; }
    return action.indexOf(base + '/f/') === 0 ? action.slice(base.length + 3).split(/[?#\/]/)[0] : null;
  }
  function forms() {
    [].forEach.call(d.querySelectorAll('form'), function (form) {
      var key = keyOf(form);
      if (key && !seen.has(form)) { seen.set(form, false); tell({ kind: 'formView', form: key }); }
    });
  }
  d.addEventListener('input', function (e) {
    var form = e.target && e.target.form, key = form && keyOf(form);
    if (key && seen.get(form) !== true) { seen.set(form, true); tell({ kind: 'formStart', form: key }); }
  }, true);

  // What a form of ours takes along. A field that the page has itself stays as it is.
  function fields() {
    var own = { _page: location.href };
    if (before) own._referrer = before;
    if (visitor && !quiet) own._visitor = visitor;
    return own;
  }
  d.addEventListener('submit', function (e) {
    var form = e.target;
    if (!form || !keyOf(form)) return;
    var own = fields();
    Object.keys(own).forEach(function (field) {
      var input = form.querySelector('input[name="' + field + '"]');
      if (!input) {
        input = d.createElement('input');
        input.type = 'hidden';
        input.name = field;
        input.setAttribute('data-crm', '');
        form.appendChild(input);
      } else if (!input.hasAttribute('data-crm')) return;
      input.value = own[field];
    });
  }, true);

  // A script that sends a form itself, by form.submit() or by new FormData(form), passes here only.
  d.addEventListener('formdata', function (e) {
    if (!keyOf(e.target)) return;
    var own = fields();
    Object.keys(own).forEach(function (field) { if (!e.formData.has(field)) e.formData.append(field, own[field]); });
  }, true);

  function clicked(e) {
    var middle = e.type === 'auxclick', at = e.target && e.target.closest ? e.target : null, link = at && at.closest('a[href]'), goal = !middle && at && at.closest('[data-crm-conversion]');
    if (middle && e.button !== 1) return;
    if (goal) convert({ type: goal.getAttribute('data-crm-conversion'), orderId: goal.getAttribute('data-crm-order'), amount: goal.getAttribute('data-crm-amount'), currency: goal.getAttribute('data-crm-currency') });
    if (!link || !link.protocol || /^(javascript|blob|data|about):$/.test(link.protocol)) return;
    var web = /^https?:$/.test(link.protocol);
    if (web && (link.hasAttribute('download') || /\.(pdf|zip|gz|7z|rar|dmg|exe|msi|apk|docx?|xlsx?|pptx?|odt|ods|odp|csv|txt|epub|mp3|mp4|mov|wav)$/i.test(link.pathname))) tell({ kind: 'download', target: link.href });
    else if (!web || (!ours(link.host, link.hostname) && link.href.indexOf(base + '/') !== 0)) tell({ kind: 'outbound', target: link.href });
    else return;
    flush(true);
  }
  d.addEventListener('click', clicked, true);
  d.addEventListener('auxclick', clicked, true);

  // value is in minor units, as in the API; amount and currency are in whole ones. The answer says what cannot be read.
  function convert(what) {
    var event = { kind: 'conversion', type: what.type || 'conversion' };
    if (what.orderId) event.orderId = String(what.orderId);
    ['value', 'amount', 'currency'].forEach(function (part) { if (what[part] != null && what[part] !== '') event[part] = what[part]; });
    tell(event);
    flush(!!visitor);
  }

  function crm(what, more) {
    if (what === 'conversion') convert(more || {});
    else if (what === 'event') tell({ kind: 'event', name: String(more) });
    else if (what === 'page') view(true);
    else if (what === 'forms') forms();
    else if (what === 'fields') return fields();
    else if (what === 'consent') {
      if (more) { consent = !quiet; agreed(); }
      else { consent = false; forget(); }
    }
  }
  crm.on = true;
  w.crm = crm;

  // Pages that change their address without loading another.
  ['pushState', 'replaceState'].forEach(function (method) {
    var plain = history[method];
    history[method] = function () { var answer = plain.apply(this, arguments); setTimeout(view, 0); return answer; };
  });
  w.addEventListener('popstate', function () { setTimeout(view, 0); });

  function begin() {
    [].forEach.call(early, function (call) { crm(call[0], call[1]); });
    view();
    if (w.MutationObserver) new MutationObserver(function () { forms(); }).observe(d.documentElement, { childList: true, subtree: true });
  }
  function ready() { if (d.readyState === 'loading') d.addEventListener('DOMContentLoaded', begin); else begin(); }
  if (d.prerendering) d.addEventListener('prerenderingchange', ready, { once: true }); else ready();
})(window, document, navigator);
