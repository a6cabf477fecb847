/* <script defer src="https://crm.example.org/dub.js" data-domains='{"refer":"go.example.org"}' data-publishable-key="crm_pk_KEY"></script>: for pages that were written for Dub's script. */
(function (w, d, n) {
  'use strict';
  var me = d.currentScript;
  if (!me || (w.dubAnalytics && w.dubAnalytics.on)) return;
  function told(name) { return me.getAttribute('data-' + name); }
  function object(name) { try { return JSON.parse(told(name)) || {}; } catch (e) { return {}; } }
  var api = (told('api-host') || me.src.replace(/\/[^\/]*$/, '')).replace(/\/$/, ''), key = told('publishable-key'), domains = object('domains'), cookie = object('cookie-options');
  var refer = domains.refer || told('short-domain'), first = told('attribution-model') === 'first-click', query = new URLSearchParams(location.search);
  var names = ['via'].concat(told('query-param') || [], [].concat(object('query-params')).filter(function (name) { return typeof name === 'string'; }));
  var quiet = n.globalPrivacyControl || n.doNotTrack === '1' || w.doNotTrack === '1', early = (w.dubAnalytics && w.dubAnalytics.q) || [];

  function read(name) {
    var found = ('; ' + d.cookie).split('; ' + name + '=')[1];
    try { return found ? decodeURIComponent(found.split(';')[0]) : ''; } catch (e) { return ''; }
  }
  function keep(name, value) {
    if (quiet) return;
    var host = location.hostname, days = Math.min(Number(cookie.expiresInDays) || 90, 400), domain = cookie.domain || (host === 'localhost' || /^[\d.:\[\]]+$/.test(host) ? '' : '.' + host.replace(/^www\./, ''));
    d.cookie = name + '=' + encodeURIComponent(value) + '; path=' + (cookie.path || '/') + '; max-age=' + Math.round(days * 86400) + '; samesite=' + (cookie.sameSite || 'Lax') + (domain ? '; domain=' + domain : '') + (cookie.secure || location.protocol === 'https:' ? '; secure' : '');
  }
  function id() { return quiet ? '' : read('dub_id'); }

  function send(path, body, headers) {
    headers = headers || {};
    headers['Content-Type'] = 'application/json';
    return fetch(api + path, { method: 'POST', headers: headers, body: JSON.stringify(body), credentials: 'omit', keepalive: true }).then(function (answer) {
      return answer.json().then(function (result) {
        if (!answer.ok) { console.error('dub.js', result.error); return null; }
        return result;
      });
    }).catch(function (error) { console.error('dub.js', String(error)); return null; });
  }
  function trackClick(what) {
    what = typeof what === 'string' ? { key: what } : what || {};
    if (quiet || !(what.domain || refer) || !what.key) return Promise.resolve(null);
    return send('/track/click', { domain: what.domain || refer, key: what.key, url: location.href, referrer: d.referrer || null, earlier: id() || null }).then(function (result) {
      if (!result || !result.clickId) return result;
      keep('dub_id', result.clickId);
      if (result.partner) keep('dub_partner_data', JSON.stringify({ partner: result.partner, discount: result.discount || null }));
      known(result.partner, result.discount);
      return result;
    });
  }
  function convert(path, what) {
    if (!key) { console.error('dub.js', 'data-publishable-key is missing'); return Promise.resolve(null); }
    return going.then(function () {
      var body = { clickId: id() };
      Object.keys(what || {}).forEach(function (name) { if (what[name] !== undefined) body[name] = what[name]; });
      return send(path, body, { Authorization: 'Bearer ' + key });
    });
  }
  function known(partner, discount) { w.DubAnalytics = { partner: partner || null, discount: discount || null }; }

  function crm(what) {
    var rest = [].slice.call(arguments, 1);
    if (/^(ready|trackClick|trackLead|trackSale)$/.test(what)) crm[what].apply(null, rest);
  }
  crm.on = true;
  crm.ready = function (then) { going.then(then); };
  crm.trackClick = trackClick;
  crm.trackLead = function (what) { return convert('/track/lead/client', what); };
  crm.trackSale = function (what) { return convert('/track/sale/client', what); };
  w.dubAnalytics = crm;
  w._dubAnalytics = { api: api, clickId: id };
  try { var kept = quiet ? {} : JSON.parse(read('dub_partner_data')); known(kept.partner, kept.discount); } catch (e) { known(); }

  // The click that brought the visitor: told by a link's redirect, or by ?via= on this page.
  var brought = query.get('dub_id') || query.get('crm_click'), via = names.map(function (name) { return query.get(name); }).filter(Boolean)[0], going = Promise.resolve();
  if (!(first && id())) {
    if (brought) keep('dub_id', brought);
    else if (via && refer) going = trackClick({ key: via });
  }

  // Links and frames of other domains of the same owner take the click along.
  var outside = [].concat(domains.outbound || []).join(',').split(',').map(function (name) { return name.trim().toLowerCase(); }).filter(Boolean);
  function along(element, attribute) {
    var url, host;
    try { url = new URL(element[attribute], location.href); } catch (e) { return; }
    host = url.hostname.replace(/^www\./, '');
    if (!/^https?:$/.test(url.protocol) || host === location.hostname.replace(/^www\./, '') || !id() || url.searchParams.has('dub_id')) return;
    if (!outside.some(function (name) { return name.indexOf('*.') === 0 ? host.slice(1 - name.length) === name.slice(1) : host === name.replace(/^www\./, ''); })) return;
    url.searchParams.set('dub_id', id());
    element[attribute] = url.href;
  }
  function mark() { [].forEach.call(d.querySelectorAll('a[href]'), function (a) { along(a, 'href'); }); [].forEach.call(d.querySelectorAll('iframe[src]'), function (f) { along(f, 'src'); }); }
  going.then(function () {
    if (outside.length) {
      if (d.readyState === 'loading') d.addEventListener('DOMContentLoaded', mark); else mark();
      d.addEventListener('click', function (e) { var link = e.target && e.target.closest && e.target.closest('a[href]'); if (link) along(link, 'href'); }, true);
    }
  });
  [].forEach.call(early, function (call) { crm.apply(null, [].slice.call(call)); });
})(window, document, navigator);
