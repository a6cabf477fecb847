/* <script async src="https://crm.example.org/t.js" data-site="KEY"></script>: tells what happens on the page. No eval, no HTML, no dependency. */
(function (w, d, n) {
  'use strict';
  var me = d.currentScript, early = (w.crm && w.crm.q) || [];
  if (!me || (w.crm && w.crm.on)) return;
  var base = me.src.replace(/\/t\.js(\?.*)?$/, ''), site = me.getAttribute('data-site'), name = 'crm_visitor', age = 34560000 /* 400 days */;
  var quiet = n.globalPrivacyControl || n.doNotTrack === '1' || w.doNotTrack === '1';
  var queue = [], busy = false, timer = 0, seen = new WeakMap(), last = '', before = d.referrer, visitor = null, consent = false;

  function remember(value, seconds) {
    try { d.cookie = name + '=' + value + ';path=/;max-age=' + seconds + ';samesite=lax' + (location.protocol === 'https:' ? ';secure' : ''); } catch (e) { /* a sandboxed page has none */ }
  }
  function forget() { visitor = null; if (known()) remember('', 0); }
  function known() {
    try { var m = d.cookie.match(/(?:^|; )crm_visitor=(visitor_[0-9a-z]+\.[0-9a-f]+)/); return m && m[1]; } catch (e) { return null; }
  }
  if (quiet) forget(); else { visitor = known(); consent = !!visitor; }

  function tell(event) {
    event.page = event.page || location.href;
    event.at = Date.now();
    queue.push(event);
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
      .then(function (a) { if (a.visitor && !quiet) { visitor = a.visitor; remember(visitor, age); } })
      .catch(function () { /* a page goes on without us */ })
      .then(function () { busy = false; flush(); });
  }
  d.addEventListener('visibilitychange', function () { if (d.visibilityState === 'hidden') flush(true); });
  w.addEventListener('pagehide', function () { flush(true); });

  function view() {
    if (location.href === last) return;
    var event = { kind: 'pageView' };
    if (last || before) event.referrer = last || before;
    before = last || before;
    last = location.href;
    tell(event);
    forms();
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

  d.addEventListener('click', function (e) {
    var at = e.target && e.target.closest ? e.target : null, link = at && at.closest('a[href]'), goal = at && at.closest('[data-crm-conversion]');
    if (goal) convert({ type: goal.getAttribute('data-crm-conversion'), orderId: goal.getAttribute('data-crm-order'), amount: goal.getAttribute('data-crm-amount'), currency: goal.getAttribute('data-crm-currency') });
    if (!link || !/^https?:$/.test(link.protocol)) return;
    if (link.hasAttribute('download') || /\.(pdf|zip|gz|7z|rar|dmg|exe|msi|apk|docx?|xlsx?|pptx?|odt|ods|odp|csv|txt|epub|mp3|mp4|mov|wav)$/i.test(link.pathname)) tell({ kind: 'download', target: link.href });
    else if (link.host !== location.host && link.href.indexOf(base + '/') !== 0) tell({ kind: 'outbound', target: link.href });
    else return;
    flush(true);
  }, true);

  function convert(what) {
    var event = { kind: 'conversion', type: what.type || 'conversion' }, value = what.value || { amount: what.amount, currency: what.currency };
    if (what.orderId) event.orderId = String(what.orderId);
    if (value.amount != null && value.currency) event.value = { amount: Math.round(Number(value.amount)), currency: value.currency };
    tell(event);
    flush(true);
  }

  function crm(what, more) {
    if (what === 'conversion') convert(more || {});
    else if (what === 'event') tell({ kind: 'event', name: String(more) });
    else if (what === 'page') view();
    else if (what === 'forms') forms();
    else if (what === 'fields') return fields();
    else if (what === 'consent') {
      if (more) consent = !quiet;
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
