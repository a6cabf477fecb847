// Proposed changes are records beside the lead: listed, decided by two doors, within a budget that is never silently full, and with the
// lead wherever it goes.

using System.Text;
using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.Forms;
using Crm.Tests.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Leads;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class ProposedChangeTests(CrmServer server)
{
    const string Ana = "ana@silva.example.org";

    static async Task<JsonNode> Posted(TestWorkspace workspace, JsonNode form, object fields) =>
        await workspace.Entry(await workspace.Submit(form, fields));

    static async Task<IReadOnlyList<string>> Fields(TestWorkspace workspace, string query) =>
        [.. (await workspace.All("/v1/proposed-changes" + query)).Select(c => $"{c["field"]}={c["value"]}:{c["status"]}")];

    [Fact]
    public async Task proposals_are_listed_by_lead_by_state_and_by_entry_and_a_lead_counts_those_that_wait()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await Posted(workspace, form, new { email = Ana, company = "One" });
        var second = await Posted(workspace, form, new { email = Ana, company = "Two" });
        var third = await Posted(workspace, form, new { email = Ana, company = "Three" });
        await Posted(workspace, form, new { email = "bia@silva.example.org", company = "X" });
        await Posted(workspace, form, new { email = "bia@silva.example.org", company = "Y" });
        var lead = await workspace.LeadOf(Ana);
        var all = await workspace.All($"/v1/proposed-changes?lead={lead["id"]}&sort=createdAt");

        all.Select(c => (c.S("lead"), c.S("field"), c.S("value"), c.S("by"), c.S("submission"), c.S("status")))
            .Should()
            .Equal(
                (lead.S("id"), "company", "Two", second.S("id"), second.S("id"), "open"),
                (lead.S("id"), "company", "Three", third.S("id"), third.S("id"), "open")
            );
        all.Should().OnlyContain(c => c.S("id").StartsWith("chg_", StringComparison.Ordinal) && c["same"] == null);
        (lead.S("proposedChangeCount"), lead["proposedChangesNotKept"]!.GetValue<long>()).Should().Be(("2", 0));
        (await workspace.Get($"/v1/leads/{lead["id"]}"))["proposedChanges"].Should().BeNull("they are beside the lead");

        var accepted = await workspace.Post($"/v1/proposed-changes/{all[0]["id"]}/accept");
        var dismissed = await workspace.Post($"/v1/proposed-changes/{all[1]["id"]}/dismiss");

        (accepted["status"]!.ToString(), accepted["decidedBy"]!.ToString()[..4], dismissed["status"]!.ToString())
            .Should()
            .Be(("accepted", "key_", "dismissed"));
        lead = await workspace.LeadOf(Ana);
        (lead.S("company"), lead.S("proposedChangeCount"), lead.S("proposedChangeBytes")).Should().Be(("Two", "0", "0"));
        lead["provenance"]!.AsArray().Should().Contain(p => p!.S("by") == second.S("id"), "who sent it stays known");
        foreach (var verb in new[] { "accept", "dismiss" })
            (await workspace.Post($"/v1/proposed-changes/{all[0]["id"]}/{verb}")).Code.Should().Be("wrong_state");
        (await Fields(workspace, $"?lead={lead["id"]}&status=open")).Should().BeEmpty();
        (await Fields(workspace, $"?lead={lead["id"]}&status=accepted")).Should().Equal("company=Two:accepted");
        (await Fields(workspace, $"?submission={third["id"]}")).Should().Equal("company=Three:dismissed");
        (await Fields(workspace, "?status=open")).Should().Equal("company=Y:open");
        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline?type[in]=lead.changeAccepted,lead.changeDismissed"))
            .Data.Select(e => $"{e!["data"]!["change"]} {e["related"]![0]}")
            .Should()
            .Equal($"{all[1]["id"]} {all[1]["id"]}", $"{all[0]["id"]} {all[0]["id"]}");
    }

    [Fact]
    public async Task graphql_reaches_proposals_from_the_lead_and_from_the_entry_and_decides_them()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await Posted(workspace, form, new { email = Ana, company = "One" });
        var second = await Posted(workspace, form, new { email = Ana, company = "Two" });
        var lead = await workspace.LeadOf(Ana);
        async Task<JsonNode> Ask(string text)
        {
            var reply = await workspace.SendPlain(HttpMethod.Post, "/graphql", new { query = text });
            reply["errors"].Should().BeNull(reply.Text);
            return reply["data"]!;
        }

        var read = await Ask(
            $$"""
            { lead(id: "{{lead["id"]}}") { proposedChangeCount
                proposedChanges(where: { status: { eq: open } }) { totalCount nodes { id field value at lead { id } submission { id } } } }
              submission(id: "{{second["id"]}}") { proposedChanges { nodes { field } } } }
            """
        );

        var connection = read["lead"]!["proposedChanges"]!;
        connection["totalCount"]!.GetValue<int>().Should().Be(1);
        var node = connection["nodes"]![0]!;
        (node.S("field"), node.S("value"), node["lead"]!.S("id"), node["submission"]!.S("id"))
            .Should()
            .Be(("company", "Two", lead.S("id"), second.S("id")));
        read["submission"]!["proposedChanges"]!["nodes"]!.AsArray().Should().ContainSingle();
        var done = await Ask(
            $$"""mutation { acceptProposedChange(input: {id: "{{node["id"]}}"}) { proposedChange { status lead { company } } errors { __typename } } }"""
        );
        done["acceptProposedChange"]!["proposedChange"]!.ToJsonString().Should().Be("""{"status":"accepted","lead":{"company":"Two"}}""");
    }

    [Fact]
    public async Task identical_proposals_are_one_however_many_posts_bring_them_at_once()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await Posted(workspace, form, new { email = Ana, company = "One" });

        var receipts = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(i => workspace.Submit(form, new { email = Ana, company = $"C{i % 3}" }))
        );

        receipts.Should().OnlyContain(r => r.Status == 201);
        (await workspace.LeadOf(Ana)).Proposals().Should().BeEquivalentTo("company=C0", "company=C1", "company=C2");
    }

    [Fact]
    public async Task a_proposal_needs_the_right_to_the_field_it_speaks_of()
    {
        await using var narrow = new CrmServer(
            CrmCatalog.Standard.With(
                (_, _, type, rights) =>
                    type.Clr == typeof(Lead) && rights.MayRead
                        ? rights with
                        {
                            Reads = FieldSet.AllBut("message", "custom.budget"),
                            Writes = FieldSet.AllBut("message"),
                        }
                        : rights
            )
        );
        await narrow.InitializeAsync();
        var workspace = await narrow.NewWorkspace();
        var form = await workspace.ContactForm();
        await Posted(
            workspace,
            form,
            new
            {
                email = Ana,
                company = "One",
                message = "First",
            }
        );
        await Posted(
            workspace,
            form,
            new
            {
                email = Ana,
                company = "Two",
                message = "Second",
            }
        );
        var rows = await workspace.All("/v1/proposed-changes?sort=createdAt");
        var (message, company) = (rows.Single(r => r.S("field") == "message"), rows.Single(r => r.S("field") == "company"));

        company.S("value").Should().Be("Two");
        message.AsObject().ContainsKey("value").Should().BeFalse("it speaks of a field that may not be read");
        var lead = message.S("lead");
        foreach (
            var refused in new[]
            {
                await workspace.Post($"/v1/proposed-changes/{message["id"]}/accept"),
                await workspace.Post($"/v1/leads/{lead}/accept", new { change = message.S("id") }),
                await workspace.Post($"/v1/leads/{lead}/dismiss", new { change = message.S("id") }),
            }
        )
            refused.Code.Should().Be("insufficient_scope", refused.Text);
        (await workspace.Post($"/v1/proposed-changes/{company["id"]}/accept")).Status.Should().Be(200);

        // A key of leads alone reads no proposals, one of proposals alone no values.
        async Task<TestWorkspace> Key(params string[] scopes) =>
            workspace.With((await workspace.Post("/v1/api-keys", new { name = "Key", scopes }))["key"]!.ToString());
        (await (await Key("leads:read")).Get("/v1/proposed-changes")).Code.Should().Be("insufficient_scope");
        var alone = (await (await Key("proposed-changes:read")).Get("/v1/proposed-changes")).Data;
        alone.Should().HaveCount(2).And.OnlyContain(row => !row!.AsObject().ContainsKey("value"));
    }

    [Fact]
    public async Task who_sees_only_some_leads_sees_no_list_of_proposals()
    {
        await using var narrow = new CrmServer(
            CrmCatalog.Standard.With(
                (_, _, type, rights) =>
                    type.Clr == typeof(Lead)
                        ? rights with
                        {
                            Rows = new Filter.Compare("status", Comparison.Eq, Key.Of("working")),
                        }
                        : rights
            )
        );
        await narrow.InitializeAsync();
        var workspace = await narrow.NewWorkspace();
        var form = await workspace.ContactForm();
        await Posted(workspace, form, new { email = Ana, company = "One" });
        await Posted(workspace, form, new { email = Ana, company = "Two" });
        (await workspace.Get("/v1/proposed-changes")).Data.Should().BeEmpty();
    }

    // ---- The budget

    [Fact]
    public async Task what_a_leads_budget_has_no_room_for_is_said_on_the_entry_and_counted_on_the_lead()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            JsonNode.Parse(
                """{"name":"Long","fields":[{"name":"email","kind":"email","mapsTo":"email"},{"name":"message","kind":"longText","mapsTo":"message"}]}"""
            )!
        );
        await Posted(workspace, form, new { email = Ana, message = "First" });
        var entries = new List<JsonNode>();
        for (var i = 0; i < 20; i++)
            entries.Add(await Posted(workspace, form, new { email = Ana, message = i + new string('x', 16_000) }));

        var lead = await workspace.LeadOf(Ana);
        var kept = lead["proposedChangeCount"]!.GetValue<long>();
        kept.Should().BeInRange(10, 16, "256 KiB hold so many of them");
        lead["proposedChangeBytes"]!.GetValue<long>().Should().BeInRange(kept * 16_000, new ProposalBudget().BytesOfLead);
        lead["proposedChangesNotKept"]!.GetValue<long>().Should().Be(20 - kept);
        entries.Should().OnlyContain(entry => entry.S("verdict") == "merged");
        var noted = entries.Where(e => e["notes"]!.AsArray().Any(n => n!.S("code") == "proposal_not_kept" && n!.S("field") == "message"));
        noted.Select(e => e.S("id")).Should().Equal(entries.Skip((int)kept).Select(e => e.S("id")), "the first ones had room");
        noted.Should().OnlyContain(e => e["fields"]!.S("message").Length > 16_000, "the entry has it");
        lead.ToJsonString().Length.Should().BeLessThan(8_000 + lead["proposedChanges"]!.ToJsonString().Length, "the lead stays small");
        (await workspace.Get($"/v1/leads/{lead["id"]}")).Text.Length.Should().BeLessThan(8_000);

        // What has room finds it: small values still wait, and a decision makes room.
        await Posted(workspace, form, new { email = Ana, message = entries[0]["fields"]!.S("message") });
        (await workspace.LeadOf(Ana))["proposedChangesNotKept"]!.GetValue<long>().Should().Be(20 - kept, "that one is there already");
        await workspace.Post($"/v1/proposed-changes/{lead["proposedChanges"]![0]!["id"]}/dismiss");
        (await Posted(workspace, form, new { email = Ana, message = "again" + new string('x', 16_000) }))["notes"]!
            .AsArray()
            .Should()
            .BeEmpty();

        // An entry that is put away takes its share of what was not kept with it.
        await workspace.Post($"/v1/submissions/{entries[^1]["id"]}/spam");
        (await workspace.LeadOf(Ana))["proposedChangesNotKept"]!.GetValue<long>().Should().Be(19 - kept);
        var approved = await workspace.Post($"/v1/submissions/{entries[^1]["id"]}/approve");
        approved["notes"]!.AsArray().Select(n => n!.S("code")).Should().Equal("proposal_not_kept");
        (await workspace.LeadOf(Ana))["proposedChangesNotKept"]!.GetValue<long>().Should().Be(20 - kept);
    }

    [Fact]
    public async Task a_lead_stays_small_whatever_text_a_stranger_says_was_agreed_to()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            JsonNode.Parse(
                """{"name":"News","fields":[{"name":"email","kind":"email","mapsTo":"email"},{"name":"news","kind":"consent","purpose":"email-marketing"}]}"""
            )!
        );
        var entries = new List<JsonNode>();
        for (var i = 0; i < 12; i++)
            entries.Add(await Posted(workspace, form, new { email = Ana, news = $"I agree {i} {new string('é', 3_900)}" }));

        var lead = await workspace.LeadOf(Ana);
        lead["consent"]!.AsArray().Select(c => c!.S("submission")).Should().Equal(entries.Select(e => e.S("id")), "each is there");
        var texts = lead["consent"]!.AsArray().Select(c => c!.S("text")).ToList();
        texts.TakeWhile(text => text.StartsWith("I agree", StringComparison.Ordinal)).Should().HaveCount(8);
        texts.Skip(8).Should().OnlyContain(text => text.Length == 0);
        entries
            .Select(entry => string.Join(' ', entry["notes"]!.AsArray().Select(n => $"{n!["field"]}:{n["code"]}")))
            .Should()
            .Equal([.. Enumerable.Repeat("", 8), .. Enumerable.Repeat("email-marketing:consent_not_kept", 4)]);
        entries[^1]["fields"]!.S("news").Should().StartWith("I agree 11", "the entry has it all");
    }

    [Fact]
    public async Task a_workspaces_budget_holds_over_all_its_leads_and_is_given_back_whatever_takes_proposals_away()
    {
        await using var small = new CrmServer(null, "--Crm:Limits:ProposedChangeBytesOfWorkspace=4000");
        await small.InitializeAsync();
        var (workspace, other) = (await small.NewWorkspace(), await small.NewWorkspace());
        var form = await workspace.ContactForm();
        async Task<JsonNode> Lead(int i)
        {
            await Posted(workspace, form, new { email = $"p{i}@silva.example.org", message = "First" });
            return await Posted(workspace, form, new { email = $"p{i}@silva.example.org", message = new string((char)('a' + i), 700) });
        }
        bool Left(JsonNode entry) => entry["notes"]!.AsArray().Any(n => n!.S("code") == "proposal_not_kept");

        var entries = new List<JsonNode>();
        for (var i = 0; i < 4; i++)
            entries.Add(await Lead(i));
        entries.Select(Left).Should().Equal(false, false, false, true);
        var theirs = await other.ContactForm();
        await Posted(other, theirs, new { email = Ana, message = "First" });
        Left(await Posted(other, theirs, new { email = Ana, message = new string('x', 700) })).Should().BeFalse("it is another workspace");

        // Deleted, put away as spam, dismissed: each gives its bytes back, so that one more has room.
        (await workspace.Delete($"/v1/leads/{entries[0]["lead"]}")).Status.Should().Be(204);
        (await workspace.All($"/v1/proposed-changes?lead={entries[0]["lead"]}")).Should().BeEmpty("they go with the lead");
        Left(await Lead(4)).Should().BeFalse();
        Left(await Lead(5)).Should().BeTrue();
        (await workspace.Post($"/v1/submissions/{entries[1]["id"]}/spam")).Status.Should().Be(200);
        Left(await Lead(6)).Should().BeFalse();
        Left(await Lead(7)).Should().BeTrue();
        var last = (await workspace.All($"/v1/proposed-changes?lead={entries[2]["lead"]}")).Single();
        (await workspace.Post($"/v1/proposed-changes/{last["id"]}/dismiss")).Status.Should().Be(200);
        Left(await Lead(8)).Should().BeFalse();
        Left(await Lead(9)).Should().BeTrue();
    }

    [Fact]
    public async Task a_limit_that_is_no_number_is_a_sentence()
    {
        var build = async () =>
        {
            await using var wrong = new CrmServer(null, "--Crm:Limits:ProposedChangeBytesOfLead=much");
            await wrong.InitializeAsync();
        };
        await build.Should().ThrowAsync<StoreConfigurationException>().WithMessage("*Crm__Limits__ProposedChangeBytesOfLead*");
    }

    // ---- Wherever the lead goes

    [Fact]
    public async Task an_entry_that_is_detached_takes_its_proposals_along_and_what_another_sent_too_stays()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await Posted(workspace, form, new { email = Ana, company = "One" });
        var wrong = await Posted(
            workspace,
            form,
            new
            {
                email = Ana,
                company = "Two",
                message = "Mine",
                name = "Bia Souza",
            }
        );
        var again = await Posted(
            workspace,
            form,
            new
            {
                email = Ana,
                company = "Two",
                message = "Hers",
            }
        );
        (await workspace.LeadOf(Ana)).Proposals().Should().Equal("company=Two", "message=Hers");

        var detached = await workspace.Post($"/v1/submissions/{wrong["id"]}/detach", new { lead = "new" });

        detached.Status.Should().Be(200, detached.Text);
        var ana = await workspace.LeadOf(Ana);
        ana["proposedChanges"]!.AsArray().Select(c => (c!.S("value"), c!.S("by"))).Should().Contain(("Two", again.S("id")));
        ana["proposedChanges"]!.AsArray().Should().OnlyContain(c => c!.S("by") == again.S("id"));
        (await workspace.All($"/v1/proposed-changes?submission={again["id"]}&lead={ana["id"]}")).Should().HaveCount(ana.Proposals().Count);
        // The other lead has the address proposed, and it is in the list of that lead.
        (await workspace.Lead(detached["lead"])).Proposals().Should().Equal($"email={Ana}");
        // Put away, what made a lead of its own leaves nothing behind.
        await workspace.Post($"/v1/submissions/{wrong["id"]}/spam");
        (await workspace.All($"/v1/proposed-changes?submission={wrong["id"]}")).Should().BeEmpty();
    }

    [Fact]
    public async Task a_merge_joins_the_proposals_of_both_and_undoing_it_in_any_order_gives_each_its_own()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        string[] people = ["ana", "bia", "caio"];
        foreach (var name in people)
        {
            foreach (var company in new[] { name, "Same", "Of " + name })
                await Posted(
                    workspace,
                    form,
                    new
                    {
                        email = $"{name}@silva.example.org",
                        company,
                        message = name == "ana" ? "Ana's" : "Others'",
                    }
                );
        }
        async Task<JsonNode> Of(string name) => await workspace.LeadOf($"{name}@silva.example.org");
        var (ana, bia, caio) = (await Of("ana"), await Of("bia"), await Of("caio"));
        var before = new[] { ana, bia, caio }.Select(lead => lead.Proposals()).ToList();
        async Task Run(string verb, JsonNode other) =>
            (await workspace.Post($"/v1/leads/{ana["id"]}/{verb}", new { lead = other.S("id") })).Status.Should().Be(200);

        foreach (var first in new[] { bia, caio })
        {
            var second = first == bia ? caio : bia;
            await Run("merge", bia);
            await Run("merge", caio);
            (await Of("ana"))
                .Proposals()
                .Should()
                .BeEquivalentTo(
                    [
                        "company=Same",
                        "company=Of ana",
                        "company=Of bia",
                        "company=Of caio",
                        "company=bia",
                        "company=caio",
                        "message=Others'",
                    ],
                    "identical ones are one"
                );
            // What only the one stood for is there for the other.
            await Run("unmerge", first);
            var name = second == bia ? "bia" : "caio";
            (await Of("ana"))
                .Proposals()
                .Should()
                .BeEquivalentTo(["company=Same", "company=Of ana", $"company=Of {name}", $"company={name}", "message=Others'"]);
            await Run("unmerge", second);
            var after = new[] { await Of("ana"), await Of("bia"), await Of("caio") };
            after.Select(lead => lead.Proposals()).Should().BeEquivalentTo(before);
            after
                .Select(lead => lead.S("proposedChangeBytes"))
                .Should()
                .Equal(ana.S("proposedChangeBytes"), bia.S("proposedChangeBytes"), caio.S("proposedChangeBytes"));
        }
    }

    // ---- Leads of an older version

    [Fact]
    public async Task leads_of_an_older_version_are_read_right_after_the_upgrade_and_it_may_be_killed_anywhere()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await Posted(workspace, form, new { email = Ana, company = "One" });
        await Posted(workspace, form, new { email = "bia@silva.example.org", company = "Bia" });
        var (ana, bia) = (await workspace.LeadOf(Ana), await workspace.LeadOf("bia@silva.example.org"));
        var installation = server.Services.GetRequiredService<Installation>();
        var store = installation.Store.Open(await workspace.StoreKey(installation));
        const string older = """
            [{"id":"chg_01h455vb4pex5vsknk084sn02q_0","field":"company","value":"Two","by":"BY","at":"2026-01-02T03:04:05.678Z"},
             {"id":"chg_01h455vb4pex5vsknk084sn02q_1","field":"tags","value":["a"],"by":"lead_01h455vb4pex5vsknk084sn02q","at":"2026-01-02T03:04:05.678Z"},
             {"id":"chg_01h455vb4pex5vsknk084sn02q_2","field":"tags","value":["a"],"by":"lead_01h455vb4pex5vsknk084sn02q","at":"2026-01-02T03:04:06.678Z"}]
            """;
        var by = ana["provenance"]![0]!.S("by");
        await MakeOlder(store, ana.S("id"), older.Replace("BY", by, StringComparison.Ordinal));
        await MakeOlder(store, bia.S("id"), "[]");

        using (var stop = new CancellationTokenSource())
        {
            // Killed before it came to this workspace.
            await stop.CancelAsync();
            var killed = async () => await MoveProposals.Run(installation, stop.Token);
            await killed.Should().ThrowAsync<OperationCanceledException>();
        }
        // Two nodes start at the same time, and one of them again.
        await Task.WhenAll(MoveProposals.Run(installation, default), Task.Run(() => MoveProposals.Run(installation, default)));
        await MoveProposals.Run(installation, default);

        var lead = await workspace.LeadOf(Ana);
        lead["proposedChanges"]!
            .AsArray()
            .Select(c => $"{c!["field"]}={c["value"]!.ToJsonString()} {c["by"]} {c["at"]}")
            .Should()
            .Equal(
                $"company=\"Two\" {by} 2026-01-02T03:04:05.678Z",
                "tags=[\"a\"] lead_01h455vb4pex5vsknk084sn02q 2026-01-02T03:04:05.678Z"
            );
        (await workspace.All($"/v1/proposed-changes?submission={by}")).Should().ContainSingle();
        (await workspace.Get($"/v1/leads/{lead["id"]}")).Text.Should().NotContain("proposedChanges\"");
        (await workspace.Post($"/v1/leads/{lead["id"]}/accept", new { change = lead["proposedChanges"]![0]!.S("id") }))["company"]!
            .ToString()
            .Should()
            .Be("Two");
        (await workspace.LeadOf("bia@silva.example.org")).Proposals().Should().BeEmpty();
    }

    [Fact]
    public async Task a_merge_of_an_older_version_is_undone_with_each_leads_proposals()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        foreach (var name in new[] { "ana", "bia" })
            await Posted(workspace, form, new { email = $"{name}@silva.example.org", company = name });
        var (ana, bia) = (await workspace.LeadOf(Ana), await workspace.LeadOf("bia@silva.example.org"));
        var installation = server.Services.GetRequiredService<Installation>();
        var store = installation.Store.Open(await workspace.StoreKey(installation));
        (await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") })).Status.Should().Be(200);
        // As the older version left it: its pictures and the lead hold the proposals, and there are no records.
        var made = (await workspace.All($"/v1/proposed-changes?lead={ana["id"]}")).Single();
        var hers =
            $$"""{"id":"chg_a_0","field":"company","value":"Hers","by":"{{bia["provenance"]![0]!["by"]}}","at":"2026-01-02T03:04:05.678Z"}""";
        var byMerge = $$"""{"id":"chg_b_0","field":"company","value":"bia","by":"{{bia["id"]}}","at":"2026-01-02T03:04:06.678Z"}""";
        var mine =
            $$"""{"id":"chg_c_0","field":"company","value":"Mine","by":"{{ana["provenance"]![0]!["by"]}}","at":"2026-01-02T03:04:05.678Z"}""";
        Id.TryParse<ProposedChange>(made.S("id"), out var id);
        await store.Commit([new Change.Delete(ResourceType.Of<ProposedChange>().Collection, id, 1)], default);
        await MakeOlder(store, ana.S("id"), $"[{mine},{byMerge},{hers}]");
        var merges = ResourceType.Of<LeadMerge>();
        using (var page = await store.Query(new(merges.Collection, null, [], false, null, 10), default))
        {
            var merge = merges.FromRow<LeadMerge>(page[0]);
            await store.Commit(
                [
                    new Change.Replace(
                        merges.ToDocument(
                            merge with
                            {
                                Version = merge.Version + 1,
                                Before = Older(merge.Before, $"[{mine}]"),
                                OtherBefore = Older(merge.OtherBefore, $"[{hers}]"),
                                After = Older(merge.After, $"[{mine},{byMerge},{hers}]"),
                            }
                        ),
                        merge.Version
                    ),
                ],
                default
            );
        }
        await MoveProposals.Run(installation, default);
        (await workspace.LeadOf(Ana)).Proposals().Should().Equal("company=Mine", "company=bia", "company=Hers");

        (await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") })).Status.Should().Be(200);

        (await workspace.LeadOf(Ana)).Proposals().Should().Equal("company=Mine");
        (await workspace.LeadOf("bia@silva.example.org")).Proposals().Should().Equal("company=Hers");
        await MoveProposals.Run(installation, default);
        (await workspace.LeadOf("bia@silva.example.org"))
            .Proposals()
            .Should()
            .Equal(["company=Hers"], "the picture is no lead of an older version");
    }

    static JsonData Older(JsonData lead, string proposals)
    {
        var json = JsonNode.Parse(lead.Utf8.Span)!.AsObject();
        foreach (var name in new[] { "proposedChangeCount", "proposedChangeBytes", "proposedChangesNotKept" })
            json.Remove(name);
        json["proposedChanges"] = JsonNode.Parse(proposals);
        return new(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    /// <summary>Stores a lead as the version before wrote it, keyed as a start keys it.</summary>
    static async Task MakeOlder(IWorkspaceStore store, string lead, string proposals)
    {
        var type = ResourceType.Of<Lead>();
        Id.TryParse<Lead>(lead, out var id);
        var row = (await store.Get(type.Collection, id, default))!.Value;
        var json = Older(new(row.Json), proposals).Utf8;
        (
            await store.Commit(
                [new Change.Replace(type.Rekey(id, row.Version, json) with { Version = row.Version + 1 }, row.Version)],
                default
            )
        )
            .Committed.Should()
            .BeTrue();
    }
}
