// Random histories through the front door: whatever people, robots, members and partners do and undo, reports are what the records add up
// to.

using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Reports;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Reports;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class RandomHistoryTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
    const int Steps = 90;

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task after_any_history_the_counters_are_what_the_records_add_up_to(int seed)
    {
        var history = new History(server, await server.NewWorkspace(), new Random(seed));
        await history.Begin();
        for (var step = 0; step < Steps; step++)
            await history.Step();
        // Each kind of step was done, and did something, in this or that history; what was refused is part of it.
        history.Done.Should().HaveCountGreaterThan(12, string.Join(' ', history.Done));

        var (differences, product) = (new List<Difference>(), server.Services.GetRequiredService<Installation>());
        (await new Recount(product, false, differences.Add, _ => { }).Run(await history.WorkspaceKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty($"seed {seed}");
        await history.ReportsAreWhatTheListsSay();
    }

    sealed class History(CrmServer server, TestWorkspace workspace, Random random)
    {
        readonly List<string> tokens = [];
        readonly List<(string One, string Other)> merged = [];
        JsonNode contact = null!,
            site = null!;
        int people;

        public SortedDictionary<string, int> Done { get; } = new(StringComparer.Ordinal);

        public Task<WorkspaceKey> WorkspaceKey(Installation product) => workspace.StoreKey(product);

        public async Task Begin()
        {
            contact = await workspace.ContactForm();
            site = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
            foreach (var i in Enumerable.Range(0, 3))
            {
                var campaign = (await workspace.Post("/v1/campaigns", new { name = $"C{i}", costs = Costs() })).Json!["id"];
                var affiliate = (
                    await workspace.Post(
                        "/v1/affiliates",
                        new
                        {
                            name = $"A{i}",
                            currency = "EUR",
                            commissionRules = new object[]
                            {
                                new { on = "sale", share = 1000 },
                                new { on = "lead", amount = new { amount = 150, currency = "EUR" } },
                            },
                        }
                    )
                ).Json!["id"];
                await workspace.Post(
                    "/v1/links",
                    new
                    {
                        destination = "https://x.example.org/",
                        name = $"L{i}",
                        campaign = random.Next(2) == 0 ? campaign : null,
                        affiliate = i == 0 ? affiliate : null,
                        channel = i == 1 ? null : "email",
                        costs = Costs(),
                    }
                );
            }
        }

        /// <summary>One thing that somebody does. What the product refuses (a lead that is gone, a link in use) changes nothing and is not
        /// counted as done.</summary>
        public async Task Step()
        {
            (string Name, Func<Task<Reply>> Run) step = random.Next(22) switch
            {
                0 or 1 or 2 => ("click", Click),
                3 or 4 or 5 => ("form", Form),
                6 => ("refused form", () => workspace.Submit(contact, new { email = "no address" })),
                7 => ("page", Page),
                20 => ("impression", Impression),
                21 => ("opened e-mail", Opened),
                8 => ("sale", () => Convert("sale")),
                9 => ("booking", () => Convert("booking")),
                10 => ("reversal", () => random.Next(2) == 0 ? Verb("conversions", "reverse") : On("conversions", Adjust)),
                11 => ("status", () =>
                    On("leads", id =>
                        workspace.Patch(
                            $"/v1/leads/{id}",
                            new
                            {
                                status = random.Next(2) == 0 ? "working" : "unqualified",
                                address = random.Next(2) == 0 ? null : new { country = random.Next(2) == 0 ? "PT" : "br" },
                            }
                        )
                    )
                ),
                12 => ("erased lead", () => On("leads", id => workspace.Delete($"/v1/leads/{id}"))),
                13 => ("merge", Merge),
                14 => ("unmerge", Unmerge),
                15 => ("moved link", () => On("links", async id => await workspace.Patch(
                            $"/v1/links/{id}",
                            new
                            {
                                campaign = await Any("campaigns"),
                                affiliate = random.Next(2) == 0 ? null : await Any("affiliates"),
                                channel = random.Next(2) == 0 ? "offline" : null,
                            }
                        ))),
                16 => ("costs", () =>
                    random.Next(2) == 0
                        ? On("links", id => workspace.Patch($"/v1/links/{id}", new { costs = Costs() }))
                        : On("campaigns", id => workspace.Patch($"/v1/campaigns/{id}", new { costs = Costs() }))
                ),
                17 => ("verdict", () => random.Next(2) == 0 ? Verb("submissions", "spam") : Verb("submissions", "reprocess")),
                18 => ("postback", Postback),
                _ when random.Next(3) == 0 => ("commission", () => Verb("commissions", random.Next(2) == 0 ? "approve" : "reverse")),
                _ when random.Next(2) == 0 => ("payout", Payout),
                _ => ("deleted link", () => On("links", id => workspace.Delete($"/v1/links/{id}"))),
            };
            var reply = await step.Run();
            reply.Status.Should().BeOneOf([200, 201, 204, 302, 400, 404, 409, 422], $"{step.Name}: {reply.Text}");
            if (reply.Status < 400)
                Done[step.Name] = Done.GetValueOrDefault(step.Name) + 1;
        }

        static readonly Reply Nothing = new(404, "", new HttpResponseMessage().Headers, new ByteArrayContent([]).Headers);

        object[] Costs() =>
            [
                .. Enumerable
                    .Range(0, random.Next(4))
                    .Select(_ => new
                    {
                        on = DateOnly
                            .FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)
                            .AddDays(-random.Next(70))
                            .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        amount = new { amount = random.Next(-50, 5000), currency = random.Next(3) == 0 ? "BRL" : "EUR" },
                    }),
            ];

        async Task<string?> Any(string plural)
        {
            var rows = (await workspace.Get($"/v1/{plural}?limit=200")).Data;
            return rows.Count == 0 ? null : rows[random.Next(rows.Count)]!["id"]!.ToString();
        }

        async Task<Reply> On(string plural, Func<string, Task<Reply>> run) => await Any(plural) is { } id ? await run(id) : Nothing;

        Task<Reply> Verb(string plural, string verb) => On(plural, id => workspace.Post($"/v1/{plural}/{id}/{verb}", new { }));

        Task<Reply> Payout()
        {
            var reference = $"payment {random.Next(6)}";
            var (verb, body) = random.Next(4) switch
            {
                0 => ("undo-payment", new { reference }),
                1 => ("approve", (object)new { }),
                _ => ("pay", new { reference }),
            };
            return On("affiliates", id => workspace.Post($"/v1/affiliates/{id}/{verb}", body));
        }

        async Task<Reply> Click()
        {
            if (await Any("links") is not { } id)
                return Nothing;
            var slug = (await workspace.Get($"/v1/links/{id}"))["slug"];
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{slug}?utm_source=google&utm_medium=cpc");
            request.Headers.TryAddWithoutValidation("User-Agent", random.Next(5) == 0 ? "examplebot/1.0" : Browser);
            using var went = await server.Http.SendAsync(request);
            if (went.Headers.Location is { } location)
                tokens.Add(System.Web.HttpUtility.ParseQueryString(location.Query)["crm_click"]!);
            return await Reply.Of(went);
        }

        async Task<Reply> Impression() =>
            await Any("links") is { } id ? await Pixel($"?link={(await workspace.Get($"/v1/links/{id}"))["slug"]}") : Nothing;

        async Task<Reply> Opened() => await Pixel($"?site={site["key"]}&campaign={await Any("campaigns")}");

        Task<Reply> Pixel(string query) =>
            server.Default.With("").Get("/t/pixel.gif" + query, ("User-Agent", random.Next(5) == 0 ? "examplebot/1.0" : Browser));

        Task<Reply> Form()
        {
            // Now and then somebody who wrote before.
            var person = people == 0 || random.Next(4) > 0 ? people++ : random.Next(people);
            return tokens.Count > 0 && random.Next(3) > 0
                ? workspace.Submit(contact, new { email = $"p{person}@silva.example.org", _click = tokens[random.Next(tokens.Count)] })
                : workspace.Submit(
                    contact,
                    new
                    {
                        email = $"p{person}@silva.example.org",
                        phone = random.Next(3) == 0 ? $"+55119{60_000_000 + person}" : "",
                        _page = "https://x.example.org/?utm_source=news&utm_medium=email",
                    }
                );
        }

        async Task<Reply> Page()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/t/events?site={site["key"]}")
            {
                Content = JsonContent.Create(
                    new
                    {
                        events = new object[]
                        {
                            new
                            {
                                kind = "pageView",
                                page = "https://x.example.org/"
                                    + (tokens.Count > 0 && random.Next(2) == 0 ? "?crm_click=" + tokens[^1] : ""),
                            },
                            new { kind = "formView", form = contact["key"] },
                            new { kind = "formStart", form = contact["key"] },
                        },
                    }
                ),
            };
            request.Headers.TryAddWithoutValidation("User-Agent", random.Next(5) == 0 ? "examplebot/1.0" : Browser);
            using var told = await server.Http.SendAsync(request);
            return await Reply.Of(told);
        }

        async Task<Reply> Convert(string type)
        {
            var value =
                random.Next(4) == 0 ? null : new { amount = random.Next(1, 90_000), currency = random.Next(3) == 0 ? "BRL" : "EUR" };
            return tokens.Count > 0 && random.Next(2) == 0
                ? await workspace.Post(
                    "/v1/conversions",
                    new
                    {
                        type,
                        value,
                        click = tokens[random.Next(tokens.Count)],
                    }
                )
                : await workspace.Post(
                    "/v1/conversions",
                    new
                    {
                        type,
                        value,
                        lead = await Any("leads"),
                    }
                );
        }

        /// <summary>A part is given back, or the amount corrected; also what cannot be.</summary>
        Task<Reply> Adjust(string id)
        {
            var amount = new { amount = random.Next(0, 5_000), currency = random.Next(3) == 0 ? "BRL" : "EUR" };
            return random.Next(2) == 0
                ? workspace.Post($"/v1/conversions/{id}/reverse", new { amount, reason = "a part" })
                : workspace.Post($"/v1/conversions/{id}/adjust", new { value = amount });
        }

        async Task<Reply> Merge()
        {
            var (one, other) = (await Any("leads"), await Any("leads"));
            if (one is null || one == other)
                return Nothing;
            var reply = await workspace.Post($"/v1/leads/{one}/merge", new { lead = other });
            if (reply.Status == 200)
                merged.Add((one, other!));
            return reply;
        }

        async Task<Reply> Unmerge()
        {
            if (merged.Count == 0)
                return Nothing;
            var (one, other) = merged[random.Next(merged.Count)];
            return await workspace.Post($"/v1/leads/{one}/unmerge", new { lead = other });
        }

        async Task<Reply> Postback()
        {
            var clicks = (await workspace.Get("/v1/clicks?limit=200")).Data.Where(click => click!["affiliate"] is not null).ToList();
            if (clicks.Count == 0)
                return Nothing;
            var click = clicks[random.Next(clicks.Count)]!;
            var (key, token) = (
                (await workspace.Get($"/v1/affiliates/{click["affiliate"]}"))["postbackKey"],
                tokens.Find(t => t.StartsWith(click["id"]!.ToString(), StringComparison.Ordinal))
            );
            return await server
                .Default.With("")
                .Get(
                    $"/postback/{key}?click_id={token}&order_id=o{random.Next(6)}&amount={random.Next(-200, 500)}&status={random.Next(4) switch
                    {
                        0 => "refunded",
                        1 => "declined",
                        2 => "",
                        _ => "approved",
                    }}"
                );
        }

        /// <summary>Added up by the test itself, from the lists that everybody can read.</summary>
        public async Task ReportsAreWhatTheListsSay()
        {
            var (clicks, leads, submissions, touches, visitors) = (
                await workspace.All("/v1/clicks"),
                await workspace.All("/v1/leads"),
                await workspace.All("/v1/submissions"),
                await workspace.All("/v1/touches"),
                await workspace.All("/v1/visitors")
            );
            var (conversions, commissions) = (
                (await workspace.All("/v1/conversions")).Where(c => c["reversedAt"] is null).ToList(),
                (await workspace.All("/v1/commissions")).Where(c => c["status"]!.ToString() != "reversed").ToList()
            );
            var (links, campaigns) = (await workspace.All("/v1/links"), await workspace.All("/v1/campaigns"));
            var totals = (await workspace.Get("/v1/reports/channels?from=2020-01-01"))["totals"]!;
            (
                Count(totals, "clicks"),
                Count(totals, "robots"),
                Count(totals, "leads"),
                Count(totals, "customers"),
                Count(totals, "conversions"),
                Count(totals, "sales")
            )
                .Should()
                .Be(
                    (
                        clicks.Count(Human),
                        clicks.Count(c => !Human(c)),
                        leads.Count,
                        leads.Count(Converted),
                        conversions.Count,
                        conversions.Count(c => c["type"]!.ToString() == "sale")
                    )
                );
            (Count(totals, "opens"), Count(totals, "robotOpens"))
                .Should()
                .Be(
                    (
                        touches.Count(t => t["kind"]!.ToString() == "open" && Human(t)),
                        touches.Count(t => t["kind"]!.ToString() == "open" && !Human(t))
                    )
                );
            Count((await workspace.Get("/v1/reports/links?from=2020-01-01"))["totals"]!, "impressions")
                .Should()
                .Be(touches.Count(t => t["kind"]!.ToString() == "impression" && Human(t)));
            Count(totals, "uniqueVisitors")
                .Should()
                .Be(clicks.Count(c => Human(c) && c["first"]!.GetValue<bool>()) + visitors.Count(v => Human(v) && v["click"] is null));
            Money(totals["revenue"]!).Should().BeEquivalentTo(Sum(conversions.Select(c => c["netValue"])));
            (await workspace.Get("/v1/reports/channels?from=2020-01-01&traffic=all"))["totals"]!["clicks"]!
                .GetValue<int>()
                .Should()
                .Be(clicks.Count);
            Money((await workspace.Get("/v1/reports/affiliates?from=2020-01-01"))["totals"]!["commission"]!)
                .Should()
                .BeEquivalentTo(Sum(commissions.Select(c => c["amount"])));
            foreach (
                var (report, word, owned) in new[]
                {
                    ("links", "link", (Func<JsonNode, JsonNode?>)(l => l["id"])),
                    ("campaigns", "campaign", l => l["campaign"]),
                    ("affiliates", "affiliate", l => l["affiliate"]),
                }
            )
            {
                var lines = (await workspace.Get($"/v1/reports/{report}?from=2020-01-01")).Data;
                lines
                    .Where(l => Count(l!, "clicks") > 0)
                    .Select(l => (l![word]!["id"]!.ToString(), Count(l, "clicks")))
                    .Should()
                    .BeEquivalentTo(
                        clicks.Where(c => Human(c) && c[word] is not null).GroupBy(c => c[word]!.ToString()).Select(g => (g.Key, g.Count()))
                    );
                lines
                    .Where(l => Count(l!, "leads") > 0)
                    .Select(l => (l![word]!["id"]!.ToString(), Count(l, "leads")))
                    .Should()
                    .BeEquivalentTo(
                        leads
                            .Where(l => l["source"]?[word] is not null)
                            .GroupBy(l => l["source"]![word]!.ToString())
                            .Select(g => (g.Key, g.Count()))
                    );
                if (report == "affiliates")
                    continue;
                var spent = links
                    .Select(l => (Of: owned(l)?.ToString(), Costs: l["costs"]))
                    .Concat(report == "campaigns" ? campaigns.Select(c => (Of: c["id"]?.ToString(), Costs: c["costs"])) : []);
                foreach (var of in spent.Where(s => s.Of is not null).GroupBy(s => s.Of))
                    Money(lines.FirstOrDefault(l => l![word]!["id"]!.ToString() == of.Key)?["cost"] ?? new JsonArray())
                        .Should()
                        .BeEquivalentTo(Sum(of.SelectMany(s => (s.Costs as JsonArray ?? []).Select(c => c!["amount"]))), of.Key);
            }
            var countries = await workspace.Get("/v1/reports/countries?from=2020-01-01&interval=month");
            countries
                .Data.Select(l => (l!["country"]!.ToString(), Count(l, "leads"), Count(l, "customers")))
                .Should()
                .BeEquivalentTo(leads.GroupBy(CountryOf).Select(g => (g.Key, g.Count(), g.Count(Converted))));
            (Count(countries["totals"]!, "leads"), countries["series"]!.AsArray().Sum(part => Count(part!, "leads")))
                .Should()
                .Be((leads.Count, leads.Count));
            var form = (await workspace.Get("/v1/reports/forms?from=2020-01-01")).Data.SingleOrDefault();
            if (form is not null)
                (Count(form, "views"), Count(form, "starts"), Count(form, "submissions"), Count(form, "accepted"))
                    .Should()
                    .Be(
                        (
                            touches.Count(t => Human(t) && t["kind"]!.ToString() == "formView"),
                            touches.Count(t => Human(t) && t["kind"]!.ToString() == "formStart"),
                            submissions.Count,
                            submissions.Count(s => s["verdict"]!.ToString() is "accepted" or "merged")
                        )
                    );

            static bool Converted(JsonNode lead) => lead["status"]!.ToString() == "converted";
            static string CountryOf(JsonNode lead) =>
                lead["address"]?["country"]?.ToString()
                ?? (lead["phones"] is JsonArray { Count: > 0 } phones && phones[0]!["number"]!.ToString().StartsWith("+55") ? "BR" : "-");
            static bool Human(JsonNode row) => row["human"]!.GetValue<bool>();
            static int Count(JsonNode line, string measure) => line[measure]!.GetValue<int>();
            static IEnumerable<(string, long)> Money(JsonNode amounts) =>
                amounts.AsArray().Select(m => (m!["currency"]!.ToString(), m["amount"]!.GetValue<long>()));
            static IEnumerable<(string, long)> Sum(IEnumerable<JsonNode?> amounts) =>
                amounts
                    .Where(a => a is not null)
                    .GroupBy(a => a!["currency"]!.ToString())
                    .Select(g => (g.Key, g.Sum(a => a!["amount"]!.GetValue<long>())))
                    .Where(s => s.Item2 != 0);
        }
    }
}
