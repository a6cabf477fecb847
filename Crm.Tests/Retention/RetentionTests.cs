// Data has an end: policies take what is old, batch by batch while others post, and counters stay what a recount says.

using System.Text.Json.Nodes;
using Crm.Domain.Affiliates;
using Crm.Domain.Commissions;
using Crm.Domain.Conversions;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Retention;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;
using Crm.Tests.Deliveries;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Retention;

/// <summary>Policies run at once.</summary>
public sealed class EagerServer : IAsyncLifetime
{
    public CrmServer Server { get; } = new(null, "--Crm:Retention:FirstRunAfterDays=0");

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

[Collection(nameof(CrmServer))]
public sealed class RetentionTests(CrmServer server, EagerServer eager) : IClassFixture<EagerServer>
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    static Installation Product(CrmServer of) => of.Services.GetRequiredService<Installation>();

    /// <summary>What came long ago cannot be sent today: it is stored as it was then.</summary>
    static async Task Seed(CrmServer of, TestWorkspace workspace, int count, int daysAgo, Func<int, Resource> make)
    {
        var product = Product(of);
        var settings = await product.Settings.Workspace(await workspace.StoreKey(product), default);
        foreach (var some in Enumerable.Range(0, count).Chunk(500))
        {
            // A few quarters of an hour.
            var work = new UnitOfWork(product, settings, "system", product.Now.AddDays(-daysAgo).AddMinutes(some[0] % 2000 / 50));
            foreach (var i in some)
                work.Insert(make(i), null);
            (await work.Commit(default)).Committed.Should().BeTrue();
        }
    }

    /// <summary>A workspace whose usual policies have run: they do at once here, and must not meet what a test stores.</summary>
    static async Task<TestWorkspace> Fresh(CrmServer eager)
    {
        var workspace = await eager.NewWorkspace();
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        while ((await workspace.All("/v1/retention-policies?active=true")).Any(policy => policy["lastRunAt"] is null))
        {
            System.Diagnostics.Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromMinutes(1));
            await Task.Delay(20);
        }
        return workspace;
    }

    static async Task CountersAreARecounts(CrmServer of, TestWorkspace workspace)
    {
        var (differences, product) = (new List<Difference>(), Product(of));
        (await new Recount(product, false, differences.Add, _ => { }).Run(await workspace.StoreKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty();
    }

    static async Task<JsonNode> Until(TestWorkspace workspace, string policy, Func<JsonNode, bool> isSo, Func<Task>? meanwhile = null)
    {
        for (
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            System.Diagnostics.Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(Long ? 60 : 2);
            await Task.Delay(20)
        )
        {
            if (await workspace.Get($"/v1/retention-policies/{policy}") is var now && isSo(now.Json!))
                return now.Json!;
            if (meanwhile is not null)
                await meanwhile();
        }
        throw new TimeoutException("The policy does not get there.");
    }

    [Fact]
    public async Task what_is_old_goes_while_posts_go_on_and_a_recount_differs_by_nothing()
    {
        var crm = eager.Server;
        var workspace = await Fresh(crm);
        var (product, count) = (Product(crm), Long ? 1_000_000 : 10_000);
        var key = await workspace.ContactForm();
        Id.TryParse<Form>((await workspace.Get("/v1/forms?limit=1")).Data[0]!["id"]!.ToString(), out var form).Should().BeTrue();
        await Seed(crm, workspace, count, 500, i => (i % 4) switch
            {
                0 => new Touch { Kind = TouchKind.PageView, Human = true },
                1 => new Touch
                {
                    Kind = TouchKind.FormView,
                    Human = true,
                    Form = form,
                },
                2 => new Touch { Kind = TouchKind.Open, Human = false },
                _ => new Touch { Kind = TouchKind.Impression, Human = true },
            });
        await Seed(crm, workspace, 3, 20, _ => new Touch { Kind = TouchKind.PageView, Human = true });
        var store = product.Store.Open(await workspace.StoreKey(product));
        var (touches, day) = (ResourceType.Of<Touch>().Collection, product.Now.AddDays(-500).ToString("yyyyMM"));
        var before = await store.Counters($"f/m/{day}", 100, default);
        before.Should().Contain(counter => counter.Value == count / 4);

        // So much is taken only when somebody says yes.
        var policy = DeliveryTests.Id(await workspace.Post("/v1/retention-policies", new { on = "touches" }));
        await Until(workspace, policy, now => now["status"]!.ToString() == "unconfirmed");
        (await store.Count(touches, null, long.MaxValue, default)).Should().Be(count + 3);
        (await workspace.Post($"/v1/retention-policies/{policy}/confirm")).Status.Should().Be(200);
        var posts = 0;
        var done = await Until(
            workspace,
            policy,
            now => now["lastRunAt"] is not null,
            async () => (await workspace.Submit(key, new { email = $"p{++posts}@example.org" })).Status.Should().Be(201)
        );

        posts.Should().BePositive();
        (done["status"]!.ToString(), done["done"]!.GetValue<long>(), done["doneInAll"]!.GetValue<long>())
            .Should()
            .Be(("waiting", count, count));
        (await store.Count(touches, null, long.MaxValue, default)).Should().Be(3);
        (await store.Counters($"f/m/{day}", 100, default)).Should().Equal(before);
        await CountersAreARecounts(crm, workspace);
        var ran = (await workspace.Get("/v1/events?type=retentionPolicy.ran")).Data.Should().ContainSingle().Subject!;
        ran["data"]!["count"]!.GetValue<long>().Should().Be(count);
        (await workspace.All("/v1/leads")).Should().HaveCount(posts);

        // What is anonymised stays and counts, and says nothing of who it was.
        await Seed(crm, workspace, 5, 1000, _ => new Click
        {
            Human = true,
            Ip = "192.0.2.0/24",
            UserAgent = "Firefox",
            Channel = "email",
        });
        var other = DeliveryTests.Id(
            await workspace.Post(
                "/v1/retention-policies",
                new
                {
                    on = "clicks",
                    @do = "anonymise",
                    olderThan = "P2Y",
                }
            )
        );
        await Until(workspace, other, now => now["status"]!.ToString() == "unconfirmed");
        await workspace.Post($"/v1/retention-policies/{other}/confirm");
        await Until(workspace, other, now => now["lastRunAt"] is not null);
        var clicks = await workspace.All("/v1/clicks");
        clicks.Should().HaveCount(5).And.OnlyContain(click => click["ip"] == null && click["userAgent"] == null);
        clicks.Should().OnlyContain(click => click["channel"]!.ToString() == "email");
        await CountersAreARecounts(crm, workspace);
    }

    [Fact]
    public async Task what_follows_a_click_that_a_policy_took_is_credited()
    {
        var crm = eager.Server;
        var (workspace, product) = (await Fresh(crm), Product(crm));
        var key = await workspace.StoreKey(product);
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
        );
        var link = (
            await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/offer", affiliate = affiliate["id"] })
        ).Json!;
        Id.TryParse<Link>(link["id"]!.ToString(), out var of).Should().BeTrue();
        Id.TryParse<Affiliate>(affiliate["id"]!.ToString(), out var partner).Should().BeTrue();
        var (gone, stays) = (IdGenerator.At(product.Now.AddDays(-900)), IdGenerator.At(product.Now.AddDays(-9)));
        foreach (var id in new[] { gone, stays })
            await Seed(crm, workspace, 1, 900, _ => new Click
            {
                Id = id,
                Credit = new(of, null, partner, null),
                Human = true,
            });
        await Take(workspace, new { on = "clicks", olderThan = "P2Y" });
        (await workspace.All("/v1/clicks")).Should().ContainSingle();
        var token = ClickToken.Write(product, key, gone, of, true);

        (await workspace.Submit(await workspace.ContactForm(), new { email = "ana@silva.example.org", _click = token }))
            .Status.Should()
            .Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!;
        (lead["source"]!["link"]!.ToString(), lead["source"]!["affiliate"]!.ToString())
            .Should()
            .Be((link["id"]!.ToString(), affiliate["id"]!.ToString()));
        (await Sale("A-1", token)).Status.Should().Be(201);
        using var told = await crm.Http.GetAsync(
            $"/postback/{affiliate["postbackKey"]}?click_id={token}&order_id=B-2&amount=20.00&currency=EUR"
        );
        (await told.Content.ReadAsStringAsync()).Should().Contain("\"recorded\"");

        // Seals of before said the click alone.
        var older = new SealedId(product.Seal(ClickToken.Purpose), ResourceType.Of<Click>());
        (await Sale("A-3", older.Write(key, stays))).Status.Should().Be(201);
        (await Sale("A-4", older.Write(key, gone))).Status.Should().Be(422);
        // What is stored goes before what the seal says.
        (await Sale("A-5", ClickToken.Write(product, key, stays, of, true))).Status.Should().Be(201);
        var commissions = await workspace.All($"/v1/commissions?affiliate={affiliate["id"]}");
        commissions.Select(c => c["amount"]!["amount"]!.GetValue<int>()).Should().BeEquivalentTo([500, 200, 500, 500]);
        await CountersAreARecounts(crm, workspace);

        Task<Reply> Sale(string order, string click) =>
            workspace.Post(
                "/v1/conversions",
                new
                {
                    orderId = order,
                    value = new { amount = 5000, currency = "EUR" },
                    click,
                }
            );
    }

    static Id Old(Installation product, int daysAgo) => IdGenerator.At(product.Now.AddDays(-daysAgo));

    [Theory]
    [InlineData("delete")]
    [InlineData("anonymise")]
    public async Task leads_in_which_nothing_happens_go_with_what_is_theirs_and_whom_anything_is_owed_stays(string deed)
    {
        var crm = eager.Server;
        var (workspace, product) = (await Fresh(crm), Product(crm));
        Id.TryParse<Form>((await workspace.ContactForm())["id"]!.ToString(), out var form).Should().BeTrue();
        var ids = Enumerable.Range(0, 9).Select(_ => Old(product, 1200)).Order().ToArray();
        Lead Named(int i) =>
            new()
            {
                Id = ids[i],
                Emails = [new() { Address = $"p{i}@silva.example.org", Primary = true }],
                Phones = i is 0 or 1 or 5
                    ?
                    [
                        new()
                        {
                            Number = "+5511965873201",
                            Primary = true,
                            Shared = i > 0,
                        },
                    ]
                    : [],
                Message = $"Message {i}",
                Address = i == 0 ? new() { Country = "DE" } : null,
                Tags = i == 2 ? ["legal-hold"] : [],
                Status = i == 3 ? LeadStatus.Converted : LeadStatus.New,
            };
        var visitor = Old(product, 1190);
        var gone = Old(product, 1190);
        // 0 and 1 are inactive; each of the others has one thing that keeps it.
        await Seed(crm, workspace, 9, 1200, Named);
        Resource[] theirs =
        [
            new Submission
            {
                Form = form,
                Lead = ids[0],
                MadeLead = true,
                Fields = new("""{"message":"Message 0"}"""u8.ToArray()),
            },
            new ProposedChange
            {
                Lead = ids[0],
                Field = "company",
                Value = new("\"Silva\""u8.ToArray()),
            },
            new Visitor
            {
                Id = gone,
                Lead = ids[0],
                LandingPage = "https://silva.example.org/p0",
            },
            new Touch
            {
                Lead = ids[0],
                Kind = TouchKind.Call,
                Note = "Call 0",
            },
            new Click
            {
                Lead = ids[0],
                Human = true,
                Ip = "192.0.2.0/24",
            },
            new Conversion
            {
                Lead = ids[4],
                Type = "sale",
                OrderId = "A-1",
            },
            new Commission { Lead = ids[6], Status = CommissionStatus.Pending },
            new Visitor { Id = visitor, Lead = ids[7] },
        ];
        await Seed(crm, workspace, theirs.Length, 1190, i => theirs[i]);
        await Seed(crm, workspace, 1, 10, _ => new Touch { Lead = ids[5], Kind = TouchKind.Call });
        await Seed(crm, workspace, 1, 10, _ => new Touch { Visitor = visitor, Kind = TouchKind.PageView });
        (await workspace.Patch($"/v1/leads/{ids[8].Text<Lead>()}", new { company = "Silva" })).Status.Should().Be(200);
        var told = new UnitOfWork(
            product,
            await product.Settings.Workspace(await workspace.StoreKey(product), default),
            "system",
            product.Now.AddDays(-1190)
        );
        told.RecordEvent("lead.clicked", ids[0].Text<Lead>());
        await told.Commit(default);
        await CountersAreARecounts(crm, workspace);
        var before = await Reports();

        var made = await workspace.Post(
            "/v1/retention-policies",
            new
            {
                on = "leads",
                @do = deed,
                filter = "tags[nin]=legal-hold,vip",
                active = false,
            }
        );
        made["olderThan"]!.ToString().Should().Be("P36M");
        var preview = await workspace.Post($"/v1/retention-policies/{DeliveryTests.Id(made)}/preview");
        preview["samples"]!.AsArray().Select(one => one!.ToString()).Should().Equal(ids[0].Text<Lead>(), ids[1].Text<Lead>());
        (preview["count"]!.GetValue<int>(), preview["of"]!.GetValue<int>(), preview["exact"]!.GetValue<bool>()).Should().Be((2, 8, true));
        var done = await Take(
            workspace,
            new
            {
                on = "leads",
                @do = deed,
                filter = "tags[nin]=legal-hold,vip",
            }
        );

        done["done"]!.GetValue<int>().Should().Be(2);
        var leads = await workspace.All("/v1/leads?sort=createdAt");
        leads
            .Where(lead => lead["emails"]!.AsArray().Count > 0)
            .Select(lead => lead["id"]!.ToString())
            .Should()
            .Equal(ids[2..].Select(id => id.Text<Lead>()));
        leads.Should().HaveCount(deed == "delete" ? 7 : 9);
        // Who holds the number now owns it.
        var holder = (await workspace.Get("/v1/leads?phone=%2B5511965873201")).Data.Should().ContainSingle().Subject!;
        (holder["id"]!.ToString(), holder["phones"]![0]!["shared"]!.GetValue<bool>()).Should().Be((ids[5].Text<Lead>(), false));
        var entries = await workspace.All("/v1/submissions");
        entries.Should().HaveCount(deed == "delete" ? 0 : 1);
        var kept = string.Concat(
            await Task.WhenAll(
                new[] { "leads", "submissions", "touches", "clicks", "visitors", "proposed-changes" }.Select(async list =>
                    (await workspace.Get($"/v1/{list}?limit=200")).Text
                )
            )
        );
        foreach (var said in new[] { "p0@silva", "p1@silva", "Message 0", "Call 0", "192.0.2.0", "example.org/p0", "\"Silva\"}" })
            kept.Should().NotContain(said);
        (await workspace.All("/v1/touches")).Should().HaveCount(3).And.NotContain(touch => touch["lead"] != null && touch["note"] != null);
        (await workspace.All($"/v1/visitors?lead={ids[0].Text<Lead>()}")).Should().BeEmpty();
        (await workspace.All($"/v1/events?subject={ids[0].Text<Lead>()}"))
            .Select(one => one["type"]!.ToString())
            .Should()
            .BeEquivalentTo(deed == "delete" ? ["lead.deleted"] : ["lead.clicked", "lead.updated"]);
        (await Reports()).Should().Equal(before);
        await CountersAreARecounts(crm, workspace);

        async Task<string[]> Reports() =>
            await Task.WhenAll(
                new[] { "channels", "countries", "forms", "funnel" }.Select(async report =>
                {
                    var answer = await workspace.Get($"/v1/reports/{report}?from=2020-01-01");
                    answer.Status.Should().Be(200, answer.Text);
                    return answer.Text;
                })
            );
    }

    [Fact]
    public async Task old_events_go_unless_a_timeline_shows_them_and_positions_go_on()
    {
        var crm = eager.Server;
        var (workspace, product) = (await Fresh(crm), Product(crm));
        var settings = await product.Settings.Workspace(await workspace.StoreKey(product), default);
        var (lead, nobody) = (Old(product, 900), Old(product, 901));
        await Seed(crm, workspace, 1, 900, _ => new Lead
        {
            Id = lead,
            Emails = [new() { Address = "ana@silva.example.org", Primary = true }],
        });
        var work = new UnitOfWork(product, settings, "system", product.Now.AddDays(-890));
        for (var i = 0; i < 210; i++)
            work.RecordEvent("link.updated", Old(product, 900).Text<Link>());
        work.RecordEvent("lead.clicked", nobody.Text<Lead>());
        work.RecordEvent("lead.clicked", lead.Text<Lead>());
        (await work.Commit(default)).Committed.Should().BeTrue();
        var last = await Last();

        (await Take(workspace, new { on = "events" }))["done"]!.GetValue<int>().Should().Be(211);

        (await workspace.All($"/v1/events?subject={lead.Text<Lead>()}")).Should().ContainSingle();
        (await workspace.All($"/v1/events?createdAt[lt]={product.Now.AddDays(-800):yyyy-MM-dd}T00:00:00Z")).Should().ContainSingle();
        (await Last()).Should().BeGreaterThan(last);

        async Task<long> Last() => (await workspace.Get("/v1/events?sort=-position&limit=1")).Data.Single()!["position"]!.GetValue<long>();
    }

    /// <summary>Has a policy run once, with a yes where it needs one.</summary>
    static async Task<JsonNode> Take(TestWorkspace workspace, object policy)
    {
        var made = await workspace.Post("/v1/retention-policies", policy);
        made.Status.Should().Be(201, made.Text);
        var id = DeliveryTests.Id(made);
        var now = await Until(workspace, id, now => now["status"]!.ToString() == "unconfirmed" || now["lastRunAt"] is not null);
        if (now["status"]!.ToString() != "unconfirmed")
            return now;
        (await workspace.Post($"/v1/retention-policies/{id}/confirm")).Status.Should().Be(200);
        return await Until(workspace, id, then => then["lastRunAt"] is not null);
    }

    [Fact]
    public async Task a_new_workspace_has_the_usual_policies_and_an_older_one_is_offered_them_once_switched_off()
    {
        var (workspace, product) = (await server.NewWorkspace(), Product(server));
        var policies = await workspace.All("/v1/retention-policies");
        policies
            .Where(policy => policy["active"]!.GetValue<bool>())
            .Select(policy => $"{policy["on"]} {policy["olderThan"]} {policy["do"]}")
            .Should()
            .BeEquivalentTo(
                "entries P12M delete",
                "clicks P26M delete",
                "touches P14M delete",
                "visitors P14M delete",
                "deliveries P3M delete",
                "events P24M delete"
            );
        policies
            .Where(policy => !policy["active"]!.GetValue<bool>())
            .Select(policy => policy["on"]!.ToString())
            .Should()
            .BeEquivalentTo("quarantine", "leads");
        foreach (var policy in policies)
        {
            policy["purpose"]!.ToString().Should().NotBeEmpty();
            if (policy["active"]!.GetValue<bool>())
                DateTimeOffset.Parse(policy["nextRunAt"]!.ToString()).Should().BeAfter(product.Now.AddDays(6.9));
            else
                policy["nextRunAt"].Should().BeNull();
            (await workspace.Post($"/v1/retention-policies/{policy["id"]}/preview")).Status.Should().Be(200, policy["on"]!.ToString());
            (await workspace.Delete($"/v1/retention-policies/{policy["id"]}")).Status.Should().Be(204);
        }

        // As an older version left it: it never had any.
        var key = await workspace.StoreKey(product);
        var counter = $"retention/{key.Value}";
        var installation = product.Store.Open(WorkspaceKey.Installation);
        var had = (await installation.Counters(counter, 100, default)).Single(one => one.Name == counter).Value;
        await installation.Commit([new Change.Increment(counter, -had)], default);
        await Task.WhenAll(UsualPolicies.Offer(product, default), Task.Run(() => UsualPolicies.Offer(product, default)));
        await UsualPolicies.Offer(product, default);

        policies = await workspace.All("/v1/retention-policies");
        policies.Should().HaveCount(8).And.OnlyContain(policy => !policy["active"]!.GetValue<bool>() && policy["nextRunAt"] == null);
        var on = await workspace.Patch($"/v1/retention-policies/{policies[0]["id"]}", new { active = true });
        DateTimeOffset.Parse(on["nextRunAt"]!.ToString()).Should().BeAfter(product.Now.AddDays(6.9));
        foreach (var policy in policies)
            (await workspace.Delete($"/v1/retention-policies/{policy["id"]}")).Status.Should().Be(204);
        await UsualPolicies.Offer(product, default);
        (await workspace.All("/v1/retention-policies")).Should().BeEmpty("who deleted them does not want them");
    }

    [Fact]
    public async Task a_policy_waits_seven_days_and_its_preview_takes_nothing()
    {
        var workspace = await server.NewWorkspace();
        await Seed(server, workspace, 3, 900, _ => new Click { Human = true });
        await Seed(server, workspace, 2, 800, _ => new Click { Human = true });
        await Seed(server, workspace, 1, 5, _ => new Click { Human = true });
        var made = await workspace.Post("/v1/retention-policies", new { on = "clicks", purpose = "We compare two years." });
        var policy = DeliveryTests.Id(made);
        made["olderThan"]!.ToString().Should().Be("P26M");
        (DateTimeOffset.Parse(made["nextRunAt"]!.ToString()) - DateTimeOffset.Parse(made["createdAt"]!.ToString()))
            .Should()
            .BeCloseTo(TimeSpan.FromDays(7), TimeSpan.FromMinutes(1));

        var preview = await workspace.Post($"/v1/retention-policies/{policy}/preview");
        preview.Status.Should().Be(200, preview.Text);
        (preview["count"]!.GetValue<long>(), preview["of"]!.GetValue<long>(), preview["needsConfirmation"]!.GetValue<bool>())
            .Should()
            .Be((5, 6, true));
        preview["months"]!.AsArray().Select(month => month!["count"]!.GetValue<long>()).Should().Equal(3, 2);
        preview["samples"]!.AsArray().Should().HaveCount(5);
        (await workspace.All("/v1/clicks")).Should().HaveCount(6);

        // What counts may be another date than that of the record; one that has none of it stays.
        await Seed(server, workspace, 2, 5, _ => new Touch { Kind = TouchKind.Call, At = Product(server).Now.AddDays(-900) });
        await Seed(server, workspace, 1, 5, _ => new Touch { Kind = TouchKind.Call, At = Product(server).Now.AddDays(-5) });
        await Seed(server, workspace, 1, 900, _ => new Touch { Kind = TouchKind.Call });
        var byField = await workspace.Post("/v1/retention-policies", new { on = "touches", field = "at" });
        preview = await workspace.Post($"/v1/retention-policies/{byField["id"]}/preview");
        (preview["count"]!.GetValue<long>(), preview["of"]!.GetValue<long>()).Should().Be((2, 4), preview.Text);

        // A change waits as long as a new policy; a yes to nothing changes nothing.
        (await workspace.Post($"/v1/retention-policies/{policy}/confirm"))["status"]!.ToString().Should().Be("waiting");
        foreach (
            var wrong in new object[]
            {
                new { on = "clicks", olderThan = "P1D" },
                new { on = "clicks", olderThan = "two years" },
                new { on = "visitors", @do = "anonymise" },
                new { on = "campaigns" },
                new { on = "leads", filter = "email=ana@silva.example.org" },
                new { on = "leads", filter = "tags[near]=vip" },
                new { on = "clicks", filter = "nosuch=1" },
                new { on = "clicks", field = "nosuch" },
                new { on = "deliveries", field = "status" },
            }
        )
            (await workspace.Post("/v1/retention-policies", wrong)).Status.Should().Be(422);
    }
}
