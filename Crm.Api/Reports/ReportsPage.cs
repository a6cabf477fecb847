// GET /reports: all reports on one page. The page itself holds no data; what it shows it asks for with the key that is typed in.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Domain.Text;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Api.Reports;

public static class ReportsPage
{
    // No image, font or script from anywhere. Colours have a contrast of 4.5 and more in both schemes, borders of 3.
    const string Style = """
        :root{color-scheme:light dark;--paper:#eef1f6;--card:#fff;--edge:#d8dee8;--ink:#18202c;--soft:#4b5566;--line:#727d8e;--accent:#1a56b8;--on-accent:#fff;--bad:#b3261e}
        @media (prefers-color-scheme:dark){:root{--paper:#0e131a;--card:#171e28;--edge:#2c3644;--ink:#e9edf3;--soft:#b1bbc9;--line:#8491a3;--accent:#8ab8ff;--on-accent:#0b1626;--bad:#ff9d94}}
        *{box-sizing:border-box}
        body{margin:0;font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;background:var(--paper);color:var(--ink)}
        header,main{max-width:84rem;margin:0 auto;padding:1rem}
        h1{font-size:1.5rem;line-height:1.2;margin:.5rem 0 1rem}
        h2{font-size:1.125rem;margin:0 0 .75rem}
        form,section{background:var(--card);border:1px solid var(--edge);border-radius:.75rem;padding:1rem;margin:0 0 1rem}
        form{display:flex;flex-wrap:wrap;gap:.75rem 1rem;align-items:end}
        form[hidden]{display:none}
        label{display:block;font-weight:600;font-size:.9375rem}
        .wide{flex:1 1 18rem}
        .tick{display:flex;gap:.5rem;align-items:center;min-height:2.75rem;font-weight:400}
        .tick input{width:1.25rem;height:1.25rem;min-height:0;margin:0;accent-color:var(--accent)}
        input,select{display:block;width:100%;min-height:2.75rem;margin-top:.25rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem .625rem}
        button{min-height:2.75rem;font:inherit;font-weight:600;color:var(--on-accent);background:var(--accent);border:1px solid transparent;border-radius:.5rem;padding:.5rem 1.25rem;cursor:pointer}
        button.quiet{color:var(--ink);background:transparent;border-color:var(--line)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        #said{min-height:1.5rem;margin:0 0 1rem}
        .bad{color:var(--bad);font-weight:600}
        .pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1rem}
        img{display:block;max-width:100%;height:auto}
        .table{overflow-x:auto;margin-top:.75rem}
        table{border-collapse:collapse;font-size:.875rem;width:100%;font-variant-numeric:tabular-nums}
        caption{text-align:start;color:var(--soft);padding-bottom:.25rem}
        th button{all:unset;cursor:pointer;font-weight:600;text-decoration:underline dotted;text-underline-offset:.25em;min-height:1.5rem}
        th button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        th[aria-sort=descending] button::after{content:" ↓"}
        th[aria-sort=ascending] button::after{content:" ↑"}
        th,td{padding:.375rem .3125rem;border-bottom:1px solid var(--edge);text-align:end;white-space:nowrap;vertical-align:bottom}
        thead th{white-space:normal}
        th:first-child,td:first-child{text-align:start;white-space:normal;overflow-wrap:anywhere;min-width:9rem;max-width:24rem;padding-inline-start:0}
        tfoot th,tfoot td{font-weight:600;border-bottom:0}
        @media (max-width:30rem){header,main{padding:.5rem}form>div,form>button{flex:1 1 100%}}
        @media print{:root{--paper:#fff;--card:#fff;--ink:#000;--soft:#333;--edge:#999}form,#said{display:none}header,main{max-width:none;padding:0}section{border:0;padding:0;margin:0 0 1.5rem}h2{break-after:avoid}.pictures{grid-template-columns:1fr 1fr}.pictures,tr{break-inside:avoid}.table{overflow:visible}table{font-size:.5rem}th,td{padding:.125rem .125rem;white-space:normal}th{overflow-wrap:anywhere;hyphens:auto}th:first-child,td:first-child{min-width:0}th button{text-decoration:none}}
        """;

    // Whatever comes from the API is put into the page as text only, and pictures as images, which run nothing.
    const string Script = """
        'use strict';
        const $ = id => document.getElementById(id);
        const reports = REPORTS;
        const number = new Intl.NumberFormat('en'), percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
        const digits = DIGITS, sorts = {};
        let key = sessionStorage.getItem('crm_key') || '', round = 0, urls = [];

        const make = (name, text, more) => Object.assign(document.createElement(name), text === undefined ? {} : { textContent: text }, more);
        const say = (text, bad) => { $('said').textContent = text; $('said').className = bad ? 'bad' : ''; };
        const show = () => { $('enter').hidden = !!key; $('filters').hidden = !key; };

        async function ask(path, accept) {
          const answer = await fetch('/v1/reports/' + path, { headers: { Authorization: 'Bearer ' + key, Accept: accept }, cache: 'no-store', credentials: 'omit' });
          if (answer.ok) return answer;
          const problem = await answer.json().catch(() => ({}));
          throw Object.assign(new Error(problem.detail || problem.title || 'The server answered ' + answer.status + '.'), { status: answer.status });
        }

        function question() {
          const query = new URLSearchParams();
          if ($('period').value === 'own') {
            if ($('from').value) query.set('from', $('from').value);
            if ($('to').value) query.set('to', $('to').value);
          } else {
            const from = new Date(); from.setDate(from.getDate() - Number($('period').value) + 1);
            query.set('from', [from.getFullYear(), String(from.getMonth() + 1).padStart(2, '0'), String(from.getDate()).padStart(2, '0')].join('-'));
          }
          query.set('traffic', $('traffic').value);
          if ($('compare').checked) query.set('compare', 'previous');
          return query;
        }

        // Browsers have other ideas of some currencies' decimals than the one in which amounts are stored.
        function money(amount, currency) {
          const places = digits[currency] ?? 2;
          return new Intl.NumberFormat('en', { minimumFractionDigits: places, maximumFractionDigits: places }).format(amount / 10 ** places) + '\u00a0' + currency;
        }

        function cell(report, name, value) {
          if (value === null || value === undefined) return '–';
          if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(v => v.ratio === undefined ? money(v.amount, v.currency) : percent.format(v.ratio) + ' ' + v.currency).join(', ');
          return report.rates.includes(name) ? percent.format(value) : number.format(value);
        }

        const label = name => name.replace(/([A-Z])/g, ' $1').replace(/^./, c => c.toUpperCase()).replace(/ [A-Z]/g, c => c.toLowerCase());

        function header(report, name) {
          const head = make('th', undefined, { scope: 'col' }), [sorted, down] = sorts[report.name] || [], button = make('button', label(name), { type: 'button', title: 'Sort by ' + label(name).toLowerCase() });
          if (sorted === name) head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
          button.addEventListener('click', async () => {
            sorts[report.name] = [name, sorted === name ? !down : true];
            await again(report);
            for (const other of document.querySelectorAll('#s-' + report.name + ' th button')) if (other.textContent === label(name)) other.focus();
          });
          head.append(button);
          return head;
        }

        function table(report, json) {
          // Robots have a column where they count.
          const names = Object.keys(json.totals).filter(name => name !== 'previous' && (name !== 'robots' || json.period.traffic === 'all'));
          const table = make('table'), head = table.createTHead().insertRow(), body = table.createTBody();
          table.append(make('caption', json.lines > 20 ? 'The first 20 of ' + number.format(json.lines) + ' lines' : report.title));
          head.append(make('th', label(report.line), { scope: 'col' }), ...names.map(name => header(report, name)));
          for (const line of json.data.slice(0, 20)) {
            const row = body.insertRow(), of = line[report.line];
            row.append(make('th', typeof of === 'string' ? of : of.name || of.id, { scope: 'row' }), ...names.map(name => make('td', cell(report, name, line[name]))));
          }
          for (const [text, totals] of [['Total', json.totals], ['Before', json.totals.previous]].filter(([, totals]) => totals)) {
            const row = (table.tFoot || table.createTFoot()).insertRow();
            row.append(make('th', text, { scope: 'row' }), ...names.map(name => make('td', cell(report, name, totals[name]))));
          }
          const box = make('div', undefined, { className: 'table', tabIndex: 0 });
          box.setAttribute('role', 'region');
          box.setAttribute('aria-label', report.title + ', table');
          box.append(table);
          return box;
        }

        async function picture(report, query, width, alt) {
          const asked = new URLSearchParams(query);
          asked.set('width', String(width));
          const url = URL.createObjectURL(await (await ask(report.name + '?' + asked, 'image/svg+xml')).blob());
          urls.push(url);
          const image = make('img', undefined, { alt, width });
          image.src = url;
          await image.decode().catch(() => {});
          return image;
        }

        async function part(report, question, mine) {
          const room = $('reports').clientWidth - 34, width = Math.max(280, Math.min(760, room >= 976 ? Math.floor((room - 16) / 2) : room));
          const query = new URLSearchParams(question), section = make('section', undefined, { id: 's-' + report.name }), pictures = make('div', undefined, { className: 'pictures' });
          const sort = sorts[report.name];
          if (sort) query.set('sort', (sort[1] ? '-' : '') + sort[0]);
          const json = await (await ask(report.name + '?' + query, 'application/json')).json();
          if (mine !== round) return;
          section.append(make('h2', report.title, { id: 'h-' + report.name }), pictures);
          section.setAttribute('aria-labelledby', 'h-' + report.name);
          pictures.append(await picture(report, query, width, report.title + ': bars; the numbers are in the table below'));
          if ($('interval').value) {
            const course = new URLSearchParams(question);
            course.set('interval', $('interval').value);
            pictures.append(await picture(report, course, width, report.title + ' by ' + $('interval').value));
          }
          if (json.data.length > 0 && report.table) section.append(table(report, json));
          return { section, period: json.period };
        }

        async function loading(mine, run) {
          say('Loading …');
          try {
            await run();
          } catch (error) {
            if (mine !== round) return;
            if (error.status === 401) forget();
            say(error.message, true);
          }
        }

        const done = period => say(period.from + ' to ' + period.to + ', ' + period.timeZone + '.');

        async function load() {
          const mine = ++round, asked = question();
          urls.forEach(url => URL.revokeObjectURL(url));
          urls = [];
          await loading(mine, async () => {
            const parts = [];
            for (const report of reports) {
              parts.push(await part(report, asked, mine));
              if (mine !== round) return;
            }
            $('reports').replaceChildren(...parts.map(p => p.section));
            done(parts[0].period);
          });
        }

        async function again(report) {
          const mine = ++round;
          await loading(mine, async () => {
            const one = await part(report, question(), mine);
            if (mine !== round) return;
            $('s-' + report.name).replaceWith(one.section);
            done(one.period);
          });
        }

        function forget() {
          key = '';
          round++;
          sessionStorage.removeItem('crm_key');
          $('reports').replaceChildren();
          say('');
          show();
          $('key').focus();
        }

        $('enter').addEventListener('submit', event => {
          event.preventDefault();
          key = $('key').value.trim();
          $('key').value = '';
          if (!key) return;
          sessionStorage.setItem('crm_key', key);
          show();
          load();
        });
        $('filters').addEventListener('submit', event => { event.preventDefault(); load(); });
        $('period').addEventListener('change', () => { for (const day of document.querySelectorAll('.own')) day.hidden = $('period').value !== 'own'; });
        $('forget').addEventListener('click', forget);
        show();
        if (key) load();
        """;

    static string PageOf(string script) =>
        $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="robots" content="noindex">
            <link rel="icon" href="data:,">
            <title>Reports</title>
            <style>{Style}</style>
            </head>
            <body>
            <header>
            <h1>Reports</h1>
            <form id="enter" hidden>
            <div class="wide"><label for="key">API key</label><input id="key" type="password" autocomplete="off" spellcheck="false" required></div>
            <button>Show reports</button>
            </form>
            <form id="filters" hidden>
            <div><label for="period">Period</label><select id="period"><option value="7">Last 7 days</option><option value="30" selected>Last 30 days</option><option value="90">Last 90 days</option><option value="365">Last 365 days</option><option value="own">From … to …</option></select></div>
            <div class="own" hidden><label for="from">First day</label><input id="from" type="date"></div>
            <div class="own" hidden><label for="to">Last day</label><input id="to" type="date"></div>
            <div><label for="interval">Course by</label><select id="interval"><option value="day" selected>Day</option><option value="week">Week</option><option value="month">Month</option><option value="">Not shown</option></select></div>
            <div><label for="traffic">Clicks of</label><select id="traffic"><option value="human">People</option><option value="all">People and robots</option></select></div>
            <label class="tick"><input id="compare" type="checkbox"> Compare with the period before</label>
            <button>Show</button>
            <button type="button" id="forget" class="quiet">Forget the key</button>
            </form>
            <p id="said" role="status"></p>
            </header>
            <main id="reports"></main>
            <noscript><p>This page needs script to ask for the numbers. They are also at /v1/reports/links and its neighbours.</p></noscript>
            <script>{script}</script>
            </body>
            </html>
            """;

    static string PolicyOf(string script) =>
        $"default-src 'none'; script-src {Hash(script)}; style-src {Hash(Style)}; connect-src 'self'; img-src blob: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    public static void Map(WebApplication app)
    {
        var reports = app.Services.GetRequiredService<Installation>().Catalog.Reports;
        var script = Script
            .Replace("DIGITS", JsonSerializer.Serialize(Currency.Unusual), StringComparison.Ordinal)
            .Replace("REPORTS", JsonSerializer.Serialize(reports.All.Select(Shown), JsonSerializerOptions.Web), StringComparison.Ordinal);
        var (page, policy) = (Encoding.UTF8.GetBytes(PageOf(script)), PolicyOf(script));
        app.MapMethods("/reports", ["GET", "HEAD"], http => Show(http, page, policy)).ExcludeFromDescription();
    }

    /// <summary>What the script needs to know of a report.</summary>
    static object Shown(ReportDefinition report) =>
        new
        {
            report.Name,
            report.Line,
            report.Title,
            Rates = report.Columns.OfType<ReportColumn.Rate>().Select(column => column.Name),
            // A single line is in the picture already.
            Table = report.By.Part != SubjectPart.None,
        };

    static async Task Show(HttpContext http, byte[] page, string policy)
    {
        var response = http.Response;
        response.Headers.ContentSecurityPolicy = policy;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(page);
    }
}
