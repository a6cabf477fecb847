// The tracker's endpoints: what pages and e-mails tell is stored before the answer, whoever asks not to be recognised is not, and nothing a
// stranger sends breaks anything.

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Touches;

[Collection(nameof(CrmServer))]
public sealed class TrackerTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Page = "https://www.silva.example.org/";

    [Fact]
    public async Task events_of_a_visitor_are_touches_and_the_form_he_sends_ties_them_to_its_lead()
    {
        var workspace = await server.NewWorkspace();
        var (site, form) = (await NewSite(workspace), await workspace.ContactForm());
        var first = await Tell(
            site,
            new
            {
                kind = "pageView",
                page = Page + "?utm_source=google&utm_medium=cpc&gclid=G-1",
                referrer = "https://www.google.com/search",
            }
        );
        first.Status.Should().Be(200, first.Text);
        var visitor = first["visitor"]!.ToString();
        visitor.Should().StartWith("visitor_").And.Contain(".");
        (
            await Tell(
                site,
                new
                {
                    visitor,
                    events = new object[]
                    {
                        new
                        {
                            kind = "pageView",
                            page = Page + "prices",
                            referrer = Page,
                        },
                        new
                        {
                            kind = "formView",
                            form = form["key"],
                            page = Page + "contact",
                        },
                        new { kind = "formStart", form = form["key"] },
                        new { kind = "outbound", target = "https://elsewhere.example.org/" },
                    },
                }
            )
        ).Json!.ToJsonString().Should().Be($$"""{"accepted":4,"refused":[],"visitor":"{{visitor}}"}""");

        (
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    _visitor = visitor,
                    _page = Page + "contact",
                    _referrer = Page + "prices",
                }
            )
        ).Status.Should().Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!;
        (
            lead["source"]!["channel"]!.ToString(),
            lead["source"]!["utm"]!["source"]!.ToString(),
            lead["firstTouch"]!["page"]!.ToString(),
            lead["firstTouch"]!["referrer"]!.ToString(),
            lead["lastTouch"]!["clickIds"]![0]!.ToString()
        )
            .Should()
            .Be(("paid-search", "google", Page + "?utm_source=google&utm_medium=cpc&gclid=G-1", "www.google.com", "gclid=G-1"));
        (await workspace.Get("/v1/visitors")).Data.Single()!["lead"]!.ToString().Should().Be(lead["id"]!.ToString());

        // What follows belongs to him too, and what a member enters by hand.
        await Tell(
            site,
            new
            {
                visitor,
                kind = "download",
                target = Page + "plan.pdf",
                page = Page,
            }
        );
        (
            await workspace.Post(
                "/v1/touches",
                new
                {
                    kind = "call",
                    lead = lead["id"],
                    note = "Wants a roof",
                }
            )
        ).Status.Should().Be(201);
        var timeline = (await workspace.Get($"/v1/leads/{lead["id"]}/timeline")).Data.Select(e => e!["type"]!.ToString()).Reverse();
        timeline
            .Should()
            .Equal(
                "touch.page_view",
                "touch.page_view",
                "touch.form_view",
                "touch.form_start",
                "touch.outbound",
                "lead.created",
                "touch.download",
                "touch.call"
            );

        var line = (await workspace.Get("/v1/reports/forms")).Data.Single()!;
        (line["views"]!.GetValue<int>(), line["starts"]!.GetValue<int>(), line["submissions"]!.GetValue<int>()).Should().Be((1, 1, 1));
    }

    [Fact]
    public async Task who_asks_not_to_be_tracked_or_has_not_agreed_where_that_is_needed_is_not_recognised()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace);
        var known = (await Tell(site, new { kind = "pageView", page = Page }))["visitor"]!.ToString();
        foreach (var signal in new[] { "Sec-GPC", "DNT" })
            (
                await Tell(
                    site,
                    new
                    {
                        visitor = known,
                        kind = "pageView",
                        page = Page + "?gclid=G-1",
                    },
                    (signal, "1")
                )
            )["visitor"].Should().BeNull(signal);
        (
            await Tell(
                site,
                new
                {
                    visitor = known,
                    quiet = true,
                    events = new[] { new { kind = "pageView", page = Page + "?gclid=G-1" } },
                }
            )
        )["visitor"].Should().BeNull();
        var careful = await NewSite(workspace, new { name = "Careful", trackingNeedsConsent = true });
        (
            await Tell(
                careful,
                new
                {
                    visitor = known,
                    kind = "pageView",
                    page = Page,
                }
            )
        )["visitor"].Should().BeNull();
        (await Tell(careful, new { consent = true, events = new[] { new { kind = "pageView", page = Page } } }))["visitor"]
            .Should()
            .NotBeNull();
        var touches = await workspace.All("/v1/touches?sort=createdAt");
        touches.Select(t => t["visitor"] is null).Should().Equal(false, true, true, true, true, false);
        touches.Should().OnlyContain(t => t["clickIds"]!.AsArray().Count == 0);
    }

    [Fact]
    public async Task a_visitor_of_another_workspace_or_made_up_is_nobody()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var site = await NewSite(workspace);
        var theirs = (await Tell(await NewSite(other), new { kind = "pageView", page = Page }))["visitor"]!.ToString();
        var forged = theirs[..^1] + (theirs[^1] == '0' ? '1' : '0');
        foreach (var token in new[] { theirs, forged, "visitor_01h455vb4pex5vsknk084sn02q.00", ".", new('x', 5000) })
        {
            var mine = (
                await Tell(
                    site,
                    new
                    {
                        visitor = token,
                        kind = "pageView",
                        page = Page,
                    }
                )
            )["visitor"]!.ToString();
            mine.Should().NotBe(token);
            (
                await workspace.Submit(
                    await workspace.ContactForm(),
                    new { email = $"p{Guid.NewGuid():N}@silva.example.org", _visitor = token }
                )
            )
                .Status.Should()
                .Be(201);
        }
        (await workspace.All("/v1/visitors")).Should().HaveCount(5).And.OnlyContain(v => v["lead"] == null);
        (await other.All("/v1/visitors")).Should().ContainSingle().Which["lead"].Should().BeNull();
        (await other.Get("/v1/forms?name=Contact")).Data.Count.Should().Be(1);
        (await Tell(site, new { kind = "formView", form = (await other.ContactForm())["key"] }))
            .Errors.Should()
            .Equal("events.0.form:not_found");
    }

    /// <summary>On a shared computer nobody gets the path of somebody else.</summary>
    [Fact]
    public async Task a_browser_stays_the_first_leads()
    {
        var workspace = await server.NewWorkspace();
        var (site, form) = (await NewSite(workspace), await workspace.ContactForm());
        var visitor = (await Tell(site, new { kind = "pageView", page = Page + "?utm_source=secret&utm_medium=email" }))[
            "visitor"
        ]!.ToString();
        foreach (var name in new[] { "ana", "bea", "ana" })
            (await workspace.Submit(form, new { email = $"{name}@silva.example.org", _visitor = visitor })).Status.Should().Be(201);
        var leads = await workspace.All("/v1/leads?sort=createdAt");
        (await workspace.Get("/v1/visitors")).Data.Single()!["lead"]!.ToString().Should().Be(leads[0]["id"]!.ToString());
        leads.Select(l => l["source"]!["channel"]!.ToString()).Should().Equal("email", "direct");
        (await workspace.Get($"/v1/leads/{leads[1]["id"]}/timeline")).Text.Should().NotContain("secret");
    }

    [Fact]
    public async Task a_robots_events_are_kept_and_counted_apart_and_so_are_those_of_foreign_pages()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var site = await NewSite(workspace, new { name = "Shop", allowedOrigins = new[] { "https://www.silva.example.org" } });
        await Tell(site, new { kind = "formView", form = form["key"] }, ("User-Agent", "Googlebot/2.1"));
        await Tell(site, new { kind = "formView", form = form["key"] }, ("Origin", "https://evil.example.org"));
        await Tell(
            site,
            new
            {
                kind = "conversion",
                type = "sale",
                value = new { amount = 100, currency = "EUR" },
            },
            ("User-Agent", "curl/8")
        );
        await Tell(site, new { kind = "formView", form = form["key"] }, ("Origin", "https://www.silva.example.org"));
        (await workspace.All("/v1/touches?sort=createdAt"))
            .Select(t => t["signals"]!.ToJsonString())
            .Should()
            .Equal("""["robot"]""", """["foreign_origin"]""", """["robot"]""", "[]");
        (await workspace.Get("/v1/reports/forms")).Data.Single()!["views"]!.GetValue<int>().Should().Be(1);
        (await workspace.Get("/v1/conversions")).Data.Should().BeEmpty();
    }

    [Fact]
    public async Task an_order_told_by_a_page_again_and_again_is_one_conversion_owed_to_the_visitors_link()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace);
        var link = (await workspace.Post("/v1/links", new { destination = Page, channel = "affiliates" })).Json!;
        using var follow = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
        follow.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var went = await server.Http.SendAsync(follow);
        var visitor = (await Tell(site, new { kind = "pageView", page = went.Headers.Location!.AbsoluteUri }))["visitor"]!.ToString();
        var order = new
        {
            kind = "conversion",
            type = "sale",
            orderId = "A-1",
            value = new { amount = 12500, currency = "EUR" },
        };
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Tell(site, new { visitor, events = new[] { order, order } })));
        answers.Should().OnlyContain(a => a.Status == 200);
        var conversion = (await workspace.Get("/v1/conversions")).Data.Should().ContainSingle().Which!;
        (conversion["link"]!.ToString(), conversion["channel"]!.ToString(), conversion["value"]!["amount"]!.GetValue<int>())
            .Should()
            .Be((link["id"]!.ToString(), "affiliates", 12500));
        (await workspace.Get("/v1/reports/links")).Data.Single()!["revenue"]![0]!["amount"]!.GetValue<int>().Should().Be(12500);
        // Money that is none is refused by name: nobody finds out otherwise.
        foreach (
            var value in new object[]
            {
                new { amount = -1, currency = "EUR" },
                new { amount = 1.5, currency = "EUR" },
                new { amount = 1, currency = "EUX" },
                new { amount = long.MaxValue, currency = "EUR" },
                "12",
                new { },
            }
        )
            (
                await Tell(
                    site,
                    new
                    {
                        kind = "conversion",
                        type = "odd",
                        value,
                    }
                )
            ).Errors.Should().Contain(error => error.StartsWith("events.0.value.", StringComparison.Ordinal));
        (await workspace.All("/v1/conversions?type=odd")).Should().BeEmpty();
    }

    /// <summary>Anybody can make a page say something: who guesses order numbers must not keep the shop's own word out.</summary>
    [Fact]
    public async Task what_the_shop_itself_says_of_an_order_takes_the_place_of_what_a_page_said()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace);
        var affiliate = (
            await workspace.Post(
                "/v1/affiliates",
                new
                {
                    name = "Garden blog",
                    commissionRules = new[]
                    {
                        new
                        {
                            on = "sale",
                            share = 1000,
                            repeat = "firstOnly",
                        },
                    },
                }
            )
        ).Json!;
        var link = (await workspace.Post("/v1/links", new { destination = Page, affiliate = affiliate["id"] })).Json!;
        using var follow = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
        follow.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var went = await server.Http.SendAsync(follow);
        var landed = went.Headers.Location!.AbsoluteUri;
        var visitor = (await Tell(site, new { kind = "pageView", page = landed }))["visitor"]!.ToString();
        (
            await workspace.Submit(
                await workspace.ContactForm(),
                new
                {
                    email = "ana@silva.example.org",
                    _visitor = visitor,
                    _page = landed,
                }
            )
        ).Status.Should().Be(201);
        var ana = (await workspace.Get("/v1/leads")).Data.Single()!["id"]!.ToString();
        var bea = (await workspace.Post("/v1/leads", new { firstName = "Bea", email = "bea@silva.example.org" }))["id"]!.ToString();
        Task Paged(string order, string? who) =>
            Tell(
                site,
                new
                {
                    visitor = who,
                    events = new[]
                    {
                        new
                        {
                            kind = "conversion",
                            type = "sale",
                            orderId = order,
                            value = new { amount = 300, currency = "EUR" },
                        },
                    },
                }
            );
        object Sale(string order, string? lead = null) =>
            new
            {
                type = "sale",
                orderId = order,
                value = new { amount = 12500, currency = "EUR" },
                lead,
            };

        // Who came to buy is known from the page, and what it cost from the shop.
        await Paged("A-1", visitor);
        (await workspace.Get("/v1/commissions")).Data.Should().ContainSingle();
        var own = await workspace.Post("/v1/conversions", Sale("A-1"));
        own.Status.Should().Be(201, own.Text);
        (own["lead"]!.ToString(), own["affiliate"]!.ToString(), own["byPage"]!.GetValue<bool>())
            .Should()
            .Be((ana, affiliate["id"]!.ToString(), false));
        var pages = (await workspace.Get("/v1/conversions?byPage=true")).Data.Single()!;
        (pages["replacedBy"]!.ToString(), pages["reversedAt"] is null).Should().Be((own["id"]!.ToString(), false));
        (await workspace.All("/v1/commissions?sort=createdAt"))
            .Select(c => $"{c["status"]} {c["amount"]!["amount"]} {c["nth"]}")
            .Should()
            .Equal("reversed 30 1", "pending 1250 1");
        var purchase = (await workspace.Get("/v1/purchases")).Data.Should().ContainSingle().Which!;
        (purchase["total"]!["amount"]!.GetValue<int>(), purchase["conversion"]!.ToString()).Should().Be((12500, own["id"]!.ToString()));

        // A stranger was first, with nobody or with himself; the shop knows better.
        await Paged("A-2", null);
        await Paged("A-3", visitor);
        (await workspace.Post("/v1/conversions", Sale("A-2", bea))).Status.Should().Be(201);
        (await workspace.Post("/v1/conversions", Sale("A-3", bea))).Status.Should().Be(201);
        var customer = (await workspace.Get($"/v1/leads/{bea}"))["customer"]!.ToString();
        (await workspace.All("/v1/purchases?sort=createdAt"))
            .Select(p => $"{p["orderId"]} {p["customer"]!.ToString() == customer} {p["total"]!["amount"]}")
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal("A-1 False 12500", "A-2 True 12500", "A-3 True 12500");

        // Once the shop has spoken it is the shop's, also for a page and for its own repetition; and what the team took back stays so.
        await Paged("A-1", visitor);
        (await workspace.Post("/v1/conversions", Sale("A-1"))).Status.Should().Be(409);
        await Paged("A-4", null);
        var wrong = (await workspace.Get("/v1/conversions?orderId=A-4")).Data.Single()!["id"];
        (await workspace.Post($"/v1/conversions/{wrong}/reverse")).Status.Should().Be(200);
        (await workspace.Post("/v1/conversions", Sale("A-4"))).Status.Should().Be(409);
        (await workspace.All("/v1/conversions"))
            .Where(c => c["reversedAt"] is null)
            .Select(c => $"{c["orderId"]} {c["value"]!["amount"]}")
            .Order(StringComparer.Ordinal)
            .Should()
            .Equal("A-1 12500", "A-2 12500", "A-3 12500");
        (await workspace.Get("/v1/reports/affiliates")).Data.Single()!["sales"]!.GetValue<int>().Should().Be(1);
    }

    [Fact]
    public async Task clocks_that_are_wrong_are_put_right_and_noted()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace);
        var before = TimeProvider.System.GetUtcNow();
        object[] clocks =
        [
            before.AddYears(9).ToUnixTimeMilliseconds(),
            before.AddYears(-9).ToUnixTimeMilliseconds(),
            before.AddMinutes(-10).ToUnixTimeMilliseconds(),
            "2001-01-01T00:00:00Z",
            long.MaxValue,
            "yesterday",
            1e300,
            new { },
        ];
        foreach (var at in clocks)
            (
                await Tell(
                    site,
                    new
                    {
                        kind = "event",
                        name = "x",
                        at,
                    }
                )
            ).Status.Should().Be(200);
        var touches = await workspace.All("/v1/touches?sort=createdAt");
        touches.Select(t => t["clock"]?.ToString()).Should().Equal("future", "past", null, "past", null, null, null, null);
        touches
            .Should()
            .OnlyContain(t =>
                t["at"]!.GetValue<DateTimeOffset>() >= before.AddHours(-24.1)
                && t["at"]!.GetValue<DateTimeOffset>() <= TimeProvider.System.GetUtcNow()
            );
    }

    [Fact]
    public async Task nothing_a_stranger_sends_is_a_500_and_what_is_readable_of_it_is_stored()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace);
        string[] bodies =
        [
            "",
            "null",
            "1",
            "\"x\"",
            "[]",
            "{}",
            "{",
            "[[[[]]]]",
            """{"events":{}}""",
            """{"events":[]}""",
            """{"kind":"nosuch"}""",
            """{"kind":7}""",
            """{"kind":"call"}""",
            "\0",
            "\u00ff{}",
            """{"kind":"event","kind":"event"}""",
            new('[', 5000),
            new('x', 70_000),
            $$"""{"kind":"event","name":"{{new string('n', 70_000)}}"}""",
            $"[{string.Join(',', Enumerable.Repeat("""{"kind":"event"}""", 51))}]",
        ];
        foreach (var body in bodies)
            (await Tell(site, body)).Status.Should().BeInRange(400, 422, body.Length > 200 ? body[..200] : body);
        (await workspace.All("/v1/touches")).Should().BeEmpty();
        var mixed = await Tell(
            site,
            """[{"kind":"event","name":"\u0000<script>alert(1)</script>","page":"javascript:alert(1)","referrer":7},{"kind":"nosuch"},null,{"kind":"pageView","page":"https://x.example.org/?utm_source=%00%ff&gclid=<img src=x>"}]"""
        );
        (mixed.Status, mixed["accepted"]!.GetValue<int>(), mixed["refused"]!.AsArray().Count).Should().Be((200, 2, 2), mixed.Text);
        (await Tell(JsonNode.Parse("""{"key":"nosuch"}""")!, new { kind = "event" })).Status.Should().Be(404);
        using var huge = new HttpRequestMessage(HttpMethod.Post, $"/t/events?site={site["key"]}")
        {
            Content = new ByteArrayContent(new byte[10 * 1024 * 1024]),
        };
        try
        {
            using var answer = await server.Http.SendAsync(huge);
            ((int)answer.StatusCode).Should().Be(413);
        }
        catch (HttpRequestException)
        {
            // Hung up on while it was still sending.
        }
        foreach (
            var query in new[]
            {
                "",
                "?site=nosuch",
                $"?site={site["key"]}&lead=x&campaign=y&page=javascript:1&kind=z",
                $"?site={site["key"]}&site={site["key"]}",
                $"?lead={new string('x', 3000)}",
            }
        )
            (await server.Default.With("").Get("/t/pixel.gif" + query)).Status.Should().Be(200, query);
    }

    [Fact]
    public async Task an_opened_email_is_a_touch_of_its_lead_and_the_image_is_never_kept()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(workspace);
        var lead = (await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" })).Json!;
        var campaign = (await workspace.Post("/v1/campaigns", new { name = "Spring" })).Json!;
        var url = new Uri(
            (await workspace.Get($"/v1/sites/{site["id"]}/pixel?lead={lead["id"]}&campaign={campaign["id"]}"))["url"]!.ToString()
        );
        foreach (
            var (agent, headers) in new (string, (string, string)[])[]
            {
                (Browser, []),
                (Browser, [("Sec-Purpose", "prefetch")]),
                ("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", []),
                (Browser, [("DNT", "1")]),
            }
        )
        {
            var image = await server.Default.With("").Get(url.PathAndQuery, [("User-Agent", agent), .. headers]);
            (
                image.Status,
                image.Header("Content-Type"),
                image.Header("Content-Length"),
                image.Header("Cache-Control"),
                image.Header("Set-Cookie")
            )
                .Should()
                .Be((200, "image/gif", "43", "no-store", null));
        }
        var touches = await workspace.All("/v1/touches?kind=open&sort=createdAt");
        touches
            .Select(t => (t["lead"]?.ToString(), t["campaign"]?.ToString(), t["human"]!.GetValue<bool>()))
            .Should()
            .Equal(
                (lead["id"]!.ToString(), campaign["id"]!.ToString(), true),
                (lead["id"]!.ToString(), campaign["id"]!.ToString(), false),
                (null, campaign["id"]!.ToString(), true)
            );
        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline")).Data.Select(e => e!["type"]!.ToString()).Should().Contain("touch.open");
        // A lead's id without its seal, or with that of another site, names nobody.
        var other = (await workspace.Get($"/v1/sites/{(await NewSite(workspace))["id"]}/pixel?lead={lead["id"]}"))["url"]!
            .ToString()
            .Split("lead=")[1];
        foreach (var token in new[] { lead["id"]!.ToString(), other })
            await server.Default.With("").Get($"/t/pixel.gif?site={site["key"]}&lead={token}", ("User-Agent", Browser));
        (await workspace.All("/v1/touches?kind=open&sort=-createdAt")).Take(2).Should().OnlyContain(t => t["lead"] == null);
    }

    [Fact]
    public async Task a_contact_by_hand_needs_its_lead_a_kind_and_a_time_that_has_been()
    {
        var workspace = await server.NewWorkspace();
        var lead = (await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" })).Json!["id"]!.ToString();
        (await workspace.Post("/v1/touches", new { kind = "pageView", at = "2099-01-01T00:00:00Z" }))
            .Errors.Should()
            .Equal("kind:not_a_choice", "lead:required", "at:out_of_range");
        var made = await workspace.Post(
            "/v1/touches",
            new
            {
                kind = "visit",
                lead,
                at = "2026-01-02T10:00:00Z",
                note = "At the fair",
            }
        );
        (made.Status, made["at"]!.ToString(), made["human"]!.GetValue<bool>())
            .Should()
            .Be((201, "2026-01-02T10:00:00.000Z", true), made.Text);
        (await workspace.Get($"/v1/touches?lead={lead}")).Data.Single()!["id"]!.ToString().Should().Be(made["id"]!.ToString());
    }

    [Fact]
    public async Task the_script_is_small_may_be_cached_and_holds_nothing_that_a_strict_page_forbids()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/t.js");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        using var answer = await server.Http.SendAsync(request);
        var zipped = await answer.Content.ReadAsByteArrayAsync();
        (answer.Content.Headers.ContentEncoding.Single(), zipped.Length <= 6 * 1024, answer.Headers.CacheControl!.Public)
            .Should()
            .Be(("gzip", true, true));
        using var reader = new StreamReader(new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress), Encoding.UTF8);
        var script = await reader.ReadToEndAsync();
        script.Should().Be((await server.Default.With("").Get("/t.js")).Text);
        foreach (
            var forbidden in new[]
            {
                "eval(",
                "new Function",
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "setTimeout('",
                "localStorage",
            }
        )
            script.Should().NotContain(forbidden);
        (await server.Default.With("").Get("/t.js", ("If-None-Match", answer.Headers.ETag!.ToString()))).Status.Should().Be(304);
    }

    [Fact]
    public async Task who_agrees_on_the_page_by_which_they_came_keeps_how_they_came_without_a_second_view()
    {
        var workspace = await server.NewWorkspace();
        var (site, other) = (
            await NewSite(workspace, new { name = "Careful", trackingNeedsConsent = true }),
            await NewSite(workspace, new { name = "Other", trackingNeedsConsent = true })
        );
        var landed = await Tell(
            site,
            new
            {
                kind = "pageView",
                page = Page + "?utm_source=google&utm_medium=cpc&gclid=G-1",
                referrer = "https://www.google.com/",
            }
        );
        landed["visitor"].Should().BeNull();
        var arrival = landed["arrival"]!.ToString();
        object Agreed(params object[] more) => new { consent = true, events = (object[])[new { kind = "pageView", arrival }, .. more] };

        // Nothing without the agreement, on another site, or made up.
        await Tell(site, new { kind = "pageView", arrival });
        await Tell(other, Agreed());
        await Tell(site, new { consent = true, events = new[] { new { kind = "pageView", arrival = arrival[..^1] + "z" } } });
        (await workspace.All("/v1/visitors")).Should().BeEmpty();

        var visitor = (await Tell(site, Agreed(new { kind = "formView", form = (await workspace.ContactForm())["key"] })))[
            "visitor"
        ]!.ToString();
        // Said twice it is nothing new, and nobody takes it over.
        (await Tell(site, Agreed()))["visitor"].Should().BeNull();
        await Tell(
            site,
            new
            {
                visitor,
                consent = true,
                events = new[]
                {
                    new
                    {
                        kind = "conversion",
                        type = "sale",
                        orderId = 1001,
                    },
                },
            }
        );
        (await workspace.Submit(await workspace.ContactForm(), new { email = "ana@silva.example.org", _visitor = visitor }))
            .Status.Should()
            .Be(201);

        (await workspace.All("/v1/touches?kind=pageView")).Should().ContainSingle().Which["visitor"].Should().NotBeNull();
        var met = (await workspace.Get("/v1/visitors")).Data.Should().ContainSingle().Which!;
        (met["channel"]!.ToString(), met["utm"]!["source"]!.ToString(), met["clickIds"]![0]!.ToString())
            .Should()
            .Be(("paid-search", "google", "gclid=G-1"));
        var conversion = (await workspace.Get("/v1/conversions")).Data.Single()!;
        (conversion["channel"]!.ToString(), conversion["orderId"]!.ToString()).Should().Be(("paid-search", "1001"));
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!;
        (lead["source"]!["channel"]!.ToString(), lead["firstTouch"]!["page"]!.ToString())
            .Should()
            .Be(("paid-search", Page + "?utm_source=google&utm_medium=cpc&gclid=G-1"));
        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline"))
            .Data.Select(e => e!["type"]!.ToString())
            .Should()
            .Contain("touch.page_view");

        // Who came directly, or asks not to be tracked, has nothing to say again.
        (await Tell(site, new { kind = "pageView", page = Page }))["arrival"].Should().BeNull();
        (await Tell(site, new { kind = "pageView", page = Page + "?utm_source=x" }, ("Sec-GPC", "1")))["arrival"].Should().BeNull();
        (await Tell(await NewSite(workspace), new { kind = "pageView", page = Page + "?utm_source=x" }))["arrival"].Should().BeNull();
    }

    [Fact]
    public async Task what_cannot_be_read_of_a_conversion_is_refused_by_name()
    {
        var workspace = await server.NewWorkspace();
        var (site, euros) = (await NewSite(workspace), await NewSite(workspace, new { name = "Euros", currency = "EUR" }));
        foreach (
            var (told, error) in new (object, string)[]
            {
                (
                    new
                    {
                        kind = "conversion",
                        amount = "about 50",
                        currency = "EUR",
                    },
                    "events.0.amount:invalid"
                ),
                (
                    new
                    {
                        kind = "conversion",
                        amount = -1,
                        currency = "EUR",
                    },
                    "events.0.amount:invalid"
                ),
                (new { kind = "conversion", amount = "49.99" }, "events.0.currency:required"),
                (
                    new
                    {
                        kind = "conversion",
                        amount = "49.99",
                        currency = "euros",
                    },
                    "events.0.currency:invalid"
                ),
                (new { kind = "conversion", value = new { amount = 49.99, currency = "EUR" } }, "events.0.value.amount:invalid"),
                (new { kind = "conversion", value = new { amount = 4999 } }, "events.0.value.currency:required"),
                (new { kind = "conversion", orderId = new { id = 1 } }, "events.0.orderId:invalid"),
                (new { kind = "conversion", type = 7 }, "events.0.type:invalid"),
            }
        )
        {
            var answer = await Tell(site, told);
            (answer.Status, string.Join(' ', answer.Errors)).Should().Be((422, error));
        }
        (await workspace.All("/v1/conversions")).Should().BeEmpty();

        // The others of a request are stored, and the answer names the one.
        var mixed = await Tell(
            site,
            new
            {
                events = new object[]
                {
                    new
                    {
                        kind = "conversion",
                        amount = "49.99.99",
                        currency = "EUR",
                    },
                    new
                    {
                        kind = "conversion",
                        orderId = "C-1",
                        amount = "49,99",
                        currency = "eur",
                    },
                    new
                    {
                        kind = "conversion",
                        orderId = "C-2",
                        amount = 48.989999999999995,
                        currency = "EUR",
                    },
                },
            }
        );
        (mixed.Status, mixed["accepted"]!.GetValue<int>(), mixed["refused"]![0]!["field"]!.ToString())
            .Should()
            .Be((200, 2, "events.0.amount"));
        await Tell(
            euros,
            new
            {
                kind = "conversion",
                orderId = "C-3",
                amount = 500,
            }
        );
        (await workspace.All("/v1/conversions?sort=createdAt"))
            .Select(c => $"{c["orderId"]} {c["value"]!["amount"]} {c["value"]!["currency"]}")
            .Should()
            .Equal("C-1 4999 EUR", "C-2 4899 EUR", "C-3 50000 EUR");
    }

    [Fact]
    public async Task a_sites_own_hosts_are_never_outbound_and_say_nothing_of_where_somebody_came_from_and_numbers_to_call_are_targets()
    {
        var workspace = await server.NewWorkspace();
        var site = await NewSite(
            workspace,
            new { name = "Shop", allowedOrigins = new[] { "https://www.silva.example.org", "https://shop.silva.example.org" } }
        );
        var inside = await Tell(site, new { kind = "outbound", target = "https://shop.silva.example.org/cart" });
        (inside.Status, inside["accepted"]!.GetValue<int>()).Should().Be((200, 1));
        foreach (
            var target in new[]
            {
                "tel:+4930123456",
                "mailto:shop@silva.example.org",
                "whatsapp://send?text=x",
                "https://elsewhere.example.org/",
                "javascript:alert(1)",
                "data:text/html,x",
            }
        )
            await Tell(site, new { kind = "outbound", target });
        (await workspace.All("/v1/touches?sort=createdAt"))
            .Select(t => t["target"]?.ToString())
            .Should()
            .Equal(
                "tel:+4930123456",
                "mailto:shop@silva.example.org",
                "whatsapp://send?text=x",
                "https://elsewhere.example.org/",
                null,
                null
            );

        await Tell(
            site,
            new
            {
                kind = "pageView",
                page = "https://shop.silva.example.org/",
                referrer = "https://www.silva.example.org/",
            }
        );
        await Tell(
            site,
            new
            {
                kind = "pageView",
                page = "https://blog.silva.example.org/",
                referrer = "https://news.silva.example.org/",
                inside = true,
            }
        );
        (await workspace.All("/v1/touches?kind=pageView&sort=createdAt"))
            .Select(t => (t["arrival"]!.GetValue<bool>(), t["channel"]?.ToString(), t["referrer"]?.ToString()))
            .Should()
            .Equal((true, "direct", null), (false, null, null));
    }

    static async Task<JsonNode> NewSite(TestWorkspace workspace, object? site = null)
    {
        var made = await workspace.Post("/v1/sites", site ?? new { name = "Shop" });
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    /// <summary>As a browser does it: text, whatever it holds.</summary>
    async Task<Reply> Tell(JsonNode site, object body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/t/events?site={site["key"]}")
        {
            Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "text/plain"),
        };
        foreach (var (name, value) in headers.Any(h => h.Name == "User-Agent") ? headers : [.. headers, ("User-Agent", Browser)])
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return await Reply.Of(answer);
    }
}
