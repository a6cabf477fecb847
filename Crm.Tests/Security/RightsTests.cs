// Callers who may read only some rows or some fields of a resource: every way to a record gives as much as that, and no more.

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.GraphQL;
using Xunit;

namespace Crm.Tests.Security;

/// <summary>A product in which a test says of a key what is taken away from its scopes, as roles will.</summary>
public sealed class NarrowingServer : IAsyncLifetime
{
    readonly ConcurrentDictionary<string, Func<ResourceType, Rights, Rights>> narrowed = new(StringComparer.Ordinal);

    public NarrowingServer() =>
        Server = new(
            CrmCatalog.Standard.With((_, by, type, rights) => narrowed.TryGetValue(by, out var narrow) ? narrow(type, rights) : rights)
        );

    public CrmServer Server { get; }

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();

    /// <summary>The workspace through a key that may do everything but what is taken away.</summary>
    public async Task<TestWorkspace> Narrow(TestWorkspace workspace, Func<ResourceType, Rights, Rights> narrow)
    {
        var made = await workspace.Post("/v1/api-keys", new { name = "Narrow", scopes = new[] { "*" } });
        made.Status.Should().Be(201, made.Text);
        narrowed[made["id"]!.ToString()] = narrow;
        return workspace.With(made["key"]!.ToString());
    }
}

public sealed class RightsTests(NarrowingServer product) : IClassFixture<NarrowingServer>
{
    static readonly ResourceType Leads = ResourceType.Of<Lead>();

    static Func<ResourceType, Rights, Rights> OnlyLeads(Filter rows) =>
        (type, rights) => type == Leads ? rights with { Rows = rows } : rights;

    static readonly Filter Ours = new Filter.Compare("company", Comparison.Eq, Key.Of("ours"));

    static Task<Reply> Ask(TestWorkspace workspace, string query) => workspace.Post("/graphql", new { query });

    static async Task<string> Lead(TestWorkspace workspace, string company, string name)
    {
        var made = await workspace.Post(
            "/v1/leads",
            new
            {
                company,
                lastName = name,
                email = $"{name}@example.org",
            }
        );
        made.Status.Should().Be(201, made.Text);
        return made["id"]!.ToString();
    }

    // ---- Rows

    [Fact]
    public async Task a_row_that_may_not_be_seen_is_like_none_on_every_way_to_it()
    {
        var all = await product.Server.NewWorkspace();
        var (seen, hidden) = (await Lead(all, "ours", "visible"), await Lead(all, "theirs", "canaryhidden"));
        foreach (var lead in new[] { seen, hidden })
            (
                await all.Post(
                    "/v1/touches",
                    new
                    {
                        kind = "call",
                        lead,
                        note = "rang",
                    }
                )
            ).Status.Should().Be(201);
        (await all.Post($"/v1/leads/{hidden}/convert", new { })).Status.Should().Be(200);
        var customer = (await all.All("/v1/customers")).Single()["id"]!.ToString();
        var some = await product.Narrow(all, OnlyLeads(Ours));

        // Lists, counts and searches.
        foreach (var path in new[] { "/v1/leads", "/v1/leads?q=canaryhidden", "/v1/leads?sort=lastName", "/v1/leads?company[ne]=x" })
        {
            var list = await some.Get(path);
            list.Status.Should().Be(200, list.Text);
            list.Data.Select(row => row!["id"]!.ToString()).Should().BeEquivalentTo(path.Contains("q=") ? [] : new[] { seen }, path);
        }
        var counted = await Ask(
            some,
            "{leads{totalCount nodes{id}} or:leads(where:{or:[{company:{eq:\"theirs\"}}]}){totalCount edges{node{id}}}}"
        );
        counted["data"]!["leads"]!["totalCount"]!.GetValue<int>().Should().Be(1, counted.Text);
        counted["data"]!["or"]!["totalCount"]!.GetValue<int>().Should().Be(0, counted.Text);
        counted.Text.Should().NotContain(hidden);

        // One record, by its id or by what refers to it.
        (await some.Get($"/v1/leads/{seen}")).Status.Should().Be(200);
        var one = await Ask(
            some,
            $"{{lead(id:\"{hidden}\"){{id}} node(id:\"{hidden}\"){{id}} nodes(ids:[\"{seen}\",\"{hidden}\"]){{id}} touches{{nodes{{lead{{lastName}}}}}} customer(id:\"{customer}\"){{lead{{id lastName}}}}}}"
        );
        one["data"]!["lead"].Should().BeNull(one.Text);
        one["data"]!["node"].Should().BeNull(one.Text);
        one["data"]!["nodes"]!.ToJsonString().Should().Be($"[{{\"id\":\"{seen}\"}},null]");
        one["data"]!["customer"]!["lead"].Should().BeNull(one.Text);
        one.Text.Should().NotContain("canaryhidden");

        // Changes, verbs, and ids in what is written.
        foreach (
            var reply in new[]
            {
                await some.Get($"/v1/leads/{hidden}"),
                await some.Get($"/v1/leads/{hidden}/timeline"),
                await some.Patch($"/v1/leads/{hidden}", new { company = "ours" }),
                await some.Delete($"/v1/leads/{hidden}"),
                await some.Post($"/v1/leads/{hidden}/convert", new { }),
            }
        )
            reply.Status.Should().Be(404, reply.Text);
        foreach (
            var reply in new[]
            {
                await some.Post($"/v1/leads/{seen}/merge", new { lead = hidden }),
                await some.Post("/v1/touches", new { kind = "call", lead = hidden }),
            }
        )
        {
            reply.Status.Should().Be(422, reply.Text);
            reply.Errors.Should().Equal("lead:not_found");
        }
        var taken = await some.Put("/v1/leads?match=email", new { email = "canaryhidden@example.org", company = "ours" });
        taken.Status.Should().Be(409, taken.Text);
        taken.Text.Should().NotContain(hidden);
        (await some.Post("/v1/leads", new { email = "canaryhidden@example.org", lastName = "x" })).Text.Should().NotContain(hidden);
        (await some.Get($"/v1/links?limit=1")).Status.Should().Be(200);

        // What is told of it.
        (await some.All($"/v1/customers/{customer}/timeline")).Should().OnlyContain(e => e!["subject"]!.ToString() == customer);
        (await all.All($"/v1/customers/{customer}/timeline")).Should().Contain(e => e!["subject"]!.ToString() == hidden);
        (await some.All($"/v1/leads/{seen}/timeline")).Select(e => e["type"]!.ToString()).Should().Contain(["lead.created", "touch.call"]);
        var events = await some.All("/v1/events?sort=-createdAt");
        events.Should().NotContain(e => e["subject"]!.ToString().StartsWith("lead_", StringComparison.Ordinal));
        events.Should().Contain(e => e["type"]!.ToString() == "customer.created");
        foreach (var report in new[] { "links", "funnel" })
            (await some.Get($"/v1/reports/{report}")).Code.Should().Be("insufficient_scope", "counters know no owner");
        (await Ask(some, "{report(name:\"links\")}"))["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("insufficient_scope");

        // A stream from the beginning tells of the customer first: what came before it was of leads.
        using var stream = await LiveStream.Open(
            some,
            "subscription{events(after:\"0\",types:[\"lead.created\",\"customer.created\"]){type subject}}"
        );
        var told = await stream.Next();
        while (told!.Value.Data is null)
            told = await stream.Next();
        told.Value.Data!["data"]!["events"]!["type"]!.ToString().Should().Be("customer.created");

        (await all.Get($"/v1/leads/{hidden}"))["company"]!.ToString().Should().Be("theirs", "nothing was changed");
    }

    [Fact]
    public async Task who_may_not_read_how_people_are_reached_searches_by_names_and_not_by_addresses()
    {
        var all = await product.Server.NewWorkspace();
        (
            await all.Post(
                "/v1/leads",
                new
                {
                    company = "Acme",
                    lastName = "Silva",
                    email = "hidden@example.org",
                }
            )
        ).Status.Should().Be(201);
        var some = await product.Narrow(all, (type, rights) =>
            type == Leads ? rights with { Reads = FieldSet.AllBut("emails", "provenance") } : rights
        );
        foreach (var (words, found) in new[] { ("silva", 1), ("acme", 1), ("hidden", 0), ("hidden@example.org", 0), ("silva hidden", 0) })
        {
            (await all.Get($"/v1/leads?q={words}")).Data.Should().ContainSingle(words);
            (await some.Get($"/v1/leads?q={words}")).Data.Should().HaveCount(found, words);
            var graph = await Ask(some, $"{{leads(q:\"{words}\"){{totalCount}}}}");
            graph["data"]!["leads"]!["totalCount"]!.GetValue<int>().Should().Be(found, graph.Text);
        }
    }

    [Fact]
    public async Task what_the_store_finds_by_a_filter_is_what_a_single_record_is_held_against()
    {
        var all = await product.Server.NewWorkspace();
        var ids = new List<string>();
        foreach (var (company, name) in new[] { ("ours", "a"), ("Ours", "b"), ("theirs", "c"), ("\U0001F600", "d"), ("\uFF5E", "e") })
            ids.Add(await Lead(all, company, name));
        ids.Add((await all.Post("/v1/leads", new { lastName = "none", tags = new[] { "x", "y" } }))["id"]!.ToString());
        static Filter Is(string field, Comparison comparison, string value) => new Filter.Compare(field, comparison, Key.Of(value));
        foreach (
            var filter in new Filter[]
            {
                Ours,
                Is("company", Comparison.Ne, "ours"),
                Is("company", Comparison.Gt, "ours"),
                Is("company", Comparison.Gt, "\uFF5E"),
                Is("company", Comparison.Lte, "ours"),
                Is("company", Comparison.Contains, "eir"),
                Is("company", Comparison.StartsWith, "th"),
                new Filter.In("tags", [Key.Of("y"), Key.Of("z")]),
                new Filter.Not(new Filter.Exists("company")),
                new Filter.Search(["the"]),
                new Filter.And([]),
                new Filter.Or([]),
                new Filter.Or([Ours, new Filter.Not(new Filter.Ids(Id.Empty, Id.Largest))]),
            }
        )
        {
            var some = await product.Narrow(all, OnlyLeads(filter));
            var found = (await some.All("/v1/leads")).Select(row => row["id"]!.ToString()).ToList();
            foreach (var id in ids)
                (await some.Get($"/v1/leads/{id}")).Status.Should().Be(found.Contains(id) ? 200 : 404, $"{filter} {id}");
        }
    }

    // ---- Fields

    [Fact]
    public async Task a_field_that_may_not_be_read_is_in_no_answer_and_nothing_can_be_asked_by_it()
    {
        var all = await product.Server.NewWorkspace();
        foreach (var name in new[] { "open", "secret" })
            (
                await all.Post(
                    "/v1/custom-fields",
                    new
                    {
                        @for = "lead",
                        name,
                        kind = "text",
                    }
                )
            ).Status.Should().Be(201);
        var made = await all.Post(
            "/v1/leads",
            new
            {
                company = "Acme",
                lastName = "canaryname",
                email = "canaryname@example.org",
                custom = new { open = "shown", secret = "canaryname" },
            }
        );
        made.Status.Should().Be(201, made.Text);
        var path = $"/v1/leads/{made["id"]}";
        await all.Patch(path, new { jobTitle = "Buyer" });
        var some = await product.Narrow(all, (type, rights) =>
            type == Leads
                ? rights with
                {
                    Reads = FieldSet.AllBut("emails", "lastName", "provenance", "custom.secret"),
                    Writes = FieldSet.Of("company", "custom.open"),
                    MayDelete = false,
                    MayAct = false,
                }
                : rights
        );

        var whole = await all.Get(path);
        var got = await some.Get(path);
        got.Status.Should().Be(200, got.Text);
        got.Text.Should().NotContain("canaryname");
        got["custom"]!.ToJsonString().Should().Be("{\"open\":\"shown\"}");
        var expected = whole.Json!.AsObject();
        foreach (var gone in new[] { "emails", "lastName", "provenance", "custom" })
            expected.Remove(gone);
        var rest = got.Json!.AsObject().DeepClone().AsObject();
        rest.Remove("custom");
        JsonNode.DeepEquals(rest, expected).Should().BeTrue(got.Text);
        got.Header("ETag").Should().NotBe(whole.Header("ETag"), "what one caller has kept is not another's");
        (await some.Get(path, ("If-None-Match", got.Header("ETag")!))).Status.Should().Be(304);
        (await some.Get(path, ("If-None-Match", whole.Header("ETag")!))).Status.Should().Be(200);

        (await some.Get("/v1/leads")).Data.Should().ContainSingle().Which!.ToJsonString().Should().Be(got.Json!.ToJsonString());
        (await some.Get("/v1/leads?fields=company,custom")).Data[0]!["custom"]!.ToJsonString().Should().Be("{\"open\":\"shown\"}");
        foreach (
            var query in new[]
            {
                "email=canaryname@example.org",
                "lastName[startsWith]=c",
                "sort=lastName",
                "sort=-custom.secret",
                "fields=emails",
                "custom.secret=canaryname",
                "q=canaryname",
            }
        )
        {
            var refused = await some.Get("/v1/leads?" + query);
            refused.Status.Should().Be(400, query);
            refused.Code.Should().Be("unknown_parameter", query);
            var told = refused["errors"]![0]!["message"]!.ToString();
            told = told[told.IndexOf("Allowed", StringComparison.Ordinal)..];
            told.Should().NotContainAny("lastName", "emails", "custom.secret");
        }
        (await some.Get("/v1/leads?custom.open=shown&sort=-company")).Data.Should().ContainSingle();

        var graph = await Ask(some, "{leads{nodes{company lastName emails{address} custom{open secret}} edges{node{lastName}}}}");
        graph.Text.Should().NotContain("canaryname").And.Contain("shown").And.Contain("Acme");
        foreach (
            var query in new[]
            {
                "{leads(where:{lastName:{eq:\"canaryname\"}}){totalCount}}",
                "{leads(where:{or:[{email:{exists:true}}]}){totalCount}}",
                "{leads(where:{custom:{secret:{startsWith:\"c\"}}}){totalCount}}",
                "{leads(order:[{lastName:ASC}]){nodes{id}}}",
                "{leads(q:\"canaryname\"){nodes{id}}}",
            }
        )
            (await Ask(some, query))["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("invalid_parameter", query);

        // What is told of it: that it was changed, and not how.
        var timeline = await some.All($"{path}/timeline");
        timeline.Should().HaveCountGreaterThan(1).And.OnlyContain(e => e["data"] == null);
        (await all.All($"{path}/timeline")).Should().Contain(e => e["data"] != null);
        (await some.All("/v1/events?type=lead.created")).Should().ContainSingle().Which["data"].Should().BeNull();
        (await some.All("/v1/events?type=apiKey.created")).Should().OnlyContain(e => e["data"] != null);

        // Writing.
        foreach (
            var (body, field) in new (object, string)[]
            {
                (new { lastName = "canaryname" }, "lastName"), // also the value it has, or values could be found by trying
                (new { email = "canaryname@example.org" }, "email"),
                (new { emails = Array.Empty<object>() }, "emails"),
                (new { jobTitle = "Boss" }, "jobTitle"),
                (new { custom = new { secret = "canaryname" } }, "custom.secret"),
            }
        )
            (await some.Patch(path, body)).Errors.Should().Equal(field + ":not_allowed");
        var written = await some.Patch(
            path,
            new
            {
                company = "Better",
                jobTitle = "Buyer",
                custom = new { open = "more" },
            },
            ("If-Match", got.Header("ETag")!)
        );
        written.Status.Should().Be(200, written.Text);
        written.Text.Should().NotContain("canaryname").And.Contain("Better").And.Contain("more");
        (await some.Patch(path, new { company = "x" }, ("If-Match", got.Header("ETag")!))).Status.Should().Be(412);
        (await some.Post("/v1/leads", new { company = "New", firstName = "x" })).Errors.Should().Equal("firstName:not_allowed");
        (await some.Post("/v1/leads", new { company = "New" })).Status.Should().Be(201);
        (await some.Delete(path)).Code.Should().Be("insufficient_scope");
        (await some.Post($"{path}/convert", new { })).Code.Should().Be("insufficient_scope");
        var mutation = await Ask(
            some,
            $"mutation{{a:updateLead(input:{{id:\"{made["id"]}\",company:\"Best\"}}){{lead{{company lastName}}}} b:updateLead(input:{{id:\"{made["id"]}\",lastName:\"x\"}}){{errors{{code ...on FieldProblem{{field}}}}}} c:deleteLead(input:{{id:\"{made["id"]}\"}}){{errors{{code}}}}}}"
        );
        mutation["data"]!["a"]!["lead"]!.ToJsonString().Should().Be("{\"company\":\"Best\",\"lastName\":null}", mutation.Text);
        mutation["data"]!["b"]!["errors"]!.ToJsonString().Should().Contain("not_allowed").And.Contain("lastName");
        mutation["data"]!["c"]!["errors"]![0]!["code"]!.ToString().Should().Be("insufficient_scope");
        (await all.Get(path))["lastName"]!.ToString().Should().Be("canaryname");
    }

    [Fact]
    public async Task an_answer_that_was_kept_is_shown_as_it_may_be_read_now()
    {
        var all = await product.Server.NewWorkspace();
        var now = FieldSet.All;
        var some = await product.Narrow(all, (type, rights) => type == Leads ? rights with { Reads = now } : rights);
        var body = new { lastName = "canarykept", company = "Acme" };
        (await some.Post("/v1/leads", body, ("Idempotency-Key", "k"))).Text.Should().Contain("canarykept");
        const string mutation = "mutation{createLead(input:{lastName:\"canarykept\",company:\"Acme\"}){lead{lastName company}}}";
        (await some.Post("/graphql", new { query = mutation }, ("Idempotency-Key", "g"))).Text.Should().Contain("canarykept");
        now = FieldSet.AllBut("lastName");
        foreach (
            var again in new[]
            {
                await some.Post("/v1/leads", body, ("Idempotency-Key", "k")),
                await some.Post("/graphql", new { query = mutation }, ("Idempotency-Key", "g")),
            }
        )
        {
            again.Header("Idempotent-Replayed").Should().Be("true", again.Text);
            again.Text.Should().NotContain("canarykept").And.Contain("Acme");
        }
    }

    [Fact]
    public async Task a_resource_that_is_taken_away_whole_is_left_out_of_timelines()
    {
        var all = await product.Server.NewWorkspace();
        var lead = await Lead(all, "Acme", "buyer");
        (
            await all.Post(
                $"/v1/leads/{lead}/convert",
                new { purchase = new { orderId = "canaryorder", lines = new[] { new { product = "Panel" } } } }
            )
        )
            .Status.Should()
            .Be(200);
        var customer = (await all.All("/v1/customers")).Single()["id"]!.ToString();
        (await all.All($"/v1/customers/{customer}/timeline")).Should().Contain(e => e["type"]!.ToString() == "customer.purchased");
        var purchases = ResourceType.Of<Purchase>();
        var some = await product.Narrow(all, (type, rights) => type == purchases ? Rights.Nothing : rights);
        var story = await some.All($"/v1/customers/{customer}/timeline");
        story.Select(e => e["type"]!.ToString()).Should().Contain("lead.created").And.NotContain("customer.purchased");
    }
}
