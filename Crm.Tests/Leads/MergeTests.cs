// Two leads turn out to be one person, or turn out not to be: merging moves everything, and undoing it puts everything back.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Tests.Forms;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Leads;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public class MergeTests(CrmServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task notes_of_two_leads_stand_together_come_apart_again_and_go_along_with_the_customer()
    {
        var workspace = await server.NewWorkspace();
        async Task<string> Noted(string name, string? notes) => (await workspace.Post("/v1/leads", new { name, notes }))["id"]!.ToString();
        async Task<string?> NotesOf(string id) => (await workspace.Get($"/v1/leads/{id}"))["notes"]?.ToString();
        var (one, two) = (await Noted("Ana Silva", "Call after six."), await Noted("Ana S", "Two roofs."));
        (await workspace.Post($"/v1/leads/{one}/merge", new { lead = two }))["notes"]!
            .ToString()
            .Should()
            .Be("Call after six.\n\nTwo roofs.");
        (await workspace.Post($"/v1/leads/{one}/unmerge", new { lead = two })).Status.Should().Be(200);
        (await NotesOf(one), await NotesOf(two)).Should().Be(("Call after six.", "Two roofs."));

        // Where there is no room for both nothing is cut: the other's wait as a proposed change.
        var full = await Noted("Bia Costa", new string('n', Lead.MostNotes));
        (await workspace.Post($"/v1/leads/{full}/merge", new { lead = two })).Status.Should().Be(200);
        (await NotesOf(full)).Should().HaveLength(Lead.MostNotes);
        (await workspace.Get($"/v1/proposed-changes?lead={full}&field=notes")).Data.Single()!["value"]!
            .ToString()
            .Should()
            .Be("Two roofs.");

        var customer = (await workspace.Post($"/v1/leads/{one}/convert", new { }))["customer"]!.ToString();
        (await workspace.Get($"/v1/customers/{customer}"))["notes"]!.ToString().Should().Be("Call after six.");
    }

    /// <summary>Events outlive people: what a merge needs to be undone is elsewhere, where no key reads and where it ends with the
    /// lead.</summary>
    [Fact]
    public async Task no_event_says_anything_of_a_person_who_was_merged_unmerged_changed_and_deleted()
    {
        var workspace = await server.NewWorkspace();
        string[] canaries =
        [
            "Canaryfirst",
            "Canarylast",
            "canarymail",
            "Canaryfirm",
            "canarymessage",
            "canarytag",
            "5511912345670",
            "Canarytown",
        ];
        var ids = new List<string>();
        foreach (var i in new[] { 1, 2 })
            ids.Add(
                (
                    await workspace.Post(
                        "/v1/leads",
                        new
                        {
                            firstName = "Canaryfirst" + i,
                            lastName = "Canarylast" + i,
                            email = $"canarymail{i}@example.org",
                            phone = "+551191234567" + i,
                            company = "Canaryfirm" + i,
                            message = "canarymessage " + i,
                            tags = new[] { "canarytag" + i },
                            address = new { city = "Canarytown" + i },
                        }
                    )
                )["id"]!.ToString()
            );
        canaries[6] = "55119123456";
        (await workspace.Post($"/v1/leads/{ids[0]}/merge", new { lead = ids[1] })).Status.Should().Be(200);
        (await workspace.Patch($"/v1/leads/{ids[0]}", new { company = "Canaryfirm 3", status = "working" })).Status.Should().Be(200);
        (await workspace.Post($"/v1/leads/{ids[0]}/unmerge", new { lead = ids[1] })).Status.Should().Be(200);
        (await workspace.Post($"/v1/leads/{ids[0]}/merge", new { lead = ids[1] })).Status.Should().Be(200);
        (await workspace.Delete($"/v1/leads/{ids[0]}")).Status.Should().Be(204);

        var events = await workspace.All("/v1/events?sort=-createdAt");
        events.Select(e => e.S("type")).Should().Contain(["lead.merged", "lead.unmerged", "lead.deleted", "lead.updated"]);
        events.Single(e => e.S("type") == "lead.updated")["changes"]!
            .ToJsonString()
            .Should()
            .Contain("""{"field":"status","from":"new","to":"working"}""")
            .And.Contain("""{"field":"company","from":null,"to":null}""");
        foreach (var json in events.Select(e => e.ToJsonString()))
        foreach (var canary in canaries)
        foreach (
            var spelled in new[]
            {
                canary,
                Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(canary))[..8],
                Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(canary)),
            }
        )
            json.Should().NotContainEquivalentOf(spelled);
        var product = (Domain.Work.Installation)server.Services.GetService(typeof(Domain.Work.Installation))!;
        var known = await product.Settings.Find(Domain.Workspaces.KnownKey.ByHash, Domain.Workspaces.ApiKey.HashOf(workspace.Key), default);
        var merges = Domain.Resources.ResourceType.Of<Domain.Leads.LeadMerge>().Collection;
        (await known!.Settings.Store.Count(merges, null, 10, default)).Should().Be(0, "what undoing needs goes with the lead");
    }

    [Fact]
    public async Task merging_joins_what_can_be_joined_fills_what_is_empty_and_proposes_what_differs()
    {
        var workspace = await server.NewWorkspace();
        foreach (var name in new[] { "budget", "size" })
            await workspace.Post(
                "/v1/custom-fields",
                new
                {
                    @for = "lead",
                    name,
                    kind = "integer",
                }
            );
        var form = await workspace.NewForm(Newsletter);
        await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                news = "on",
                _page = "https://site.example.org/?gclid=b",
            }
        );
        await workspace.Submit(
            form,
            new
            {
                email = "ana@private.example.org",
                news = "on",
                _page = "https://site.example.org/?gclid=a",
            }
        );
        var (ana, other) = (await workspace.LeadOf("ana@silva.example.org"), await workspace.LeadOf("ana@private.example.org"));
        await workspace.Patch(
            $"/v1/leads/{ana["id"]}",
            new
            {
                company = "Silva Ltda",
                phones = new[] { new { number = "+5511911111111" } },
                tags = new[] { "fair", "a" },
                score = 3,
                custom = new { budget = 1 },
                address = new { city = "Rio" },
            }
        );
        await workspace.Patch(
            $"/v1/leads/{other["id"]}",
            new
            {
                company = "Souza SA",
                jobTitle = "Buyer",
                phones = new[] { new { number = "+5511922222222" } },
                tags = new[] { "fair", "b" },
                score = 4,
                custom = new { budget = 2, size = 3 },
                address = new { city = "Recife", country = "BR" },
            }
        );

        var merged = await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = other.S("id") });

        merged.Status.Should().Be(200, merged.Text);
        var lead = await workspace.WithProposals(merged.Json!);
        (
            lead.S("id"),
            lead.S("company"),
            lead.S("jobTitle"),
            lead["score"]!.GetValue<long>(),
            lead["address"]!.S("city"),
            lead["address"]!.S("country")
        )
            .Should()
            .Be((ana.S("id"), "Silva Ltda", "Buyer", 7L, "Rio", "BR"));
        lead["emails"]!
            .AsArray()
            .Select(e => $"{e!["address"]}:{e["primary"]}")
            .Should()
            .Equal("ana@silva.example.org:true", "ana@private.example.org:false");
        lead["phones"]!
            .AsArray()
            .Select(e => $"{e!["number"]}:{e["primary"]}")
            .Should()
            .Equal("+5511911111111:true", "+5511922222222:false");
        lead["tags"].Texts().Should().Equal("fair", "a", "b");
        lead["custom"]!.ToJsonString().Should().Be("""{"budget":1,"size":3}""");
        lead["consent"]!.AsArray().Select(c => c!.S("at")).Should().HaveCount(2).And.BeInAscendingOrder();
        lead.Proposals().Should().BeEquivalentTo("company=Souza SA", "custom.budget=2", "address.city=Recife");
        lead["proposedChanges"]!.AsArray().Select(c => c!.S("by")).Should().OnlyContain(by => by == other.S("id"));
        lead["provenance"]!
            .AsArray()
            .Single(p => p!.S("by") == other.S("id"))!["fields"]
            .Texts()
            .Should()
            .BeEquivalentTo("jobTitle", "tags", "custom.size", "address.country");
        lead["mergedFrom"].Texts().Should().Equal(other.S("id"));
        (lead["firstTouch"]!["clickIds"].Texts().Single(), lead["lastTouch"]!["clickIds"].Texts().Single())
            .Should()
            .Be(("gclid=b", "gclid=a"));
        (await workspace.Get($"/v1/leads/{other["id"]}")).Status.Should().Be(404);
        (await workspace.LeadOf("ana@private.example.org")).S("id").Should().Be(ana.S("id"));
        (await workspace.Entry(await workspace.Submit(form, new { email = "ana@private.example.org" })))
            .S("lead")
            .Should()
            .Be(ana.S("id"), "who writes from the other address is the same person now");
    }

    [Fact]
    public async Task everything_that_refers_to_the_other_lead_moves_and_comes_back()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var duplicates = await workspace.NewForm(
            new
            {
                name = "Once",
                duplicatePolicy = "quarantine",
                fields = Fields,
            }
        );
        var two = await workspace.NewForm(
            JsonNode.Parse(
                """{"name":"Two","fields":[{"name":"a","kind":"email","mapsTo":"email"},{"name":"b","kind":"email","mapsTo":"email"}]}"""
            )!
        );
        string[] people = ["ana", "bia", "caio"];
        foreach (var name in people)
            for (var i = 0; i < 3; i++)
                await workspace.Submit(
                    form,
                    new
                    {
                        email = $"{name}@silva.example.org",
                        phone = $"+551190000000{Array.IndexOf(people, name)}",
                        message = $"{i}",
                    }
                );
        var (ana, bia, caio) = (
            await workspace.LeadOf("ana@silva.example.org"),
            await workspace.LeadOf("bia@silva.example.org"),
            await workspace.LeadOf("caio@silva.example.org")
        );
        var named = new[]
        {
            await workspace.Submit(two, new { a = "ana@silva.example.org", b = "bia@silva.example.org" }),
            await workspace.Submit(two, new { a = "bia@silva.example.org", b = "caio@silva.example.org" }),
            await workspace.Submit(duplicates, new { email = "bia@silva.example.org" }),
        };
        var before = await Snapshot(workspace);

        var merged = await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") });

        merged.Status.Should().Be(200, merged.Text);
        // Walks the catalog, so that a new resource with a reference to leads is covered the day it comes.
        foreach (var entry in CrmCatalog.Standard.Public)
        foreach (var (path, _) in entry.Type.References.Where(r => r.Field.Refers == typeof(Lead)))
            (await workspace.Get($"/v1/{entry.Type.Plural}?{path}={bia["id"]}"))
                .Data.Should()
                .BeEmpty("no {0} may lead to a lead that is gone", entry.Type.Name);
        (await workspace.All($"/v1/submissions?lead={ana["id"]}")).Should().HaveCount(6);
        (await Candidates(0)).Should().Equal(ana.S("id"));
        (await Candidates(1)).Should().BeEquivalentTo(ana.S("id"), caio.S("id"));
        (await Candidates(2)).Should().Equal(ana.S("id"));

        (await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") })).Status.Should().Be(200);
        (await Snapshot(workspace)).Should().Equal(before);

        async Task<IReadOnlyList<string>> Candidates(int of) => (await workspace.Entry(named[of]))["candidates"].Texts();
    }

    [Fact]
    public async Task the_timeline_shows_both_after_the_merge_and_each_his_own_after_its_undoing()
    {
        var workspace = await server.NewWorkspace();
        var (ana, bia) = await TwoLeads(workspace);
        var (ofAna, ofBia) = (await Timeline(ana), await Timeline(bia));

        await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") });
        var both = await Timeline(ana);
        both.Should().Contain(ofAna).And.Contain(ofBia).And.HaveCount(ofAna.Count + ofBia.Count + 2);
        (await workspace.Get($"/v1/leads/{bia["id"]}/timeline")).Status.Should().Be(404);

        await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") });
        (await Timeline(ana)).Should().Contain(ofAna).And.NotContain(ofBia);
        (await Timeline(bia)).Should().Contain(ofBia).And.NotContain(ofAna);

        async Task<List<string>> Timeline(JsonNode lead) =>
            [.. (await workspace.All($"/v1/leads/{lead["id"]}/timeline")).Select(e => e.S("id"))];
    }

    [Fact]
    public async Task what_was_changed_after_the_merge_stays_when_it_is_undone()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post(
            "/v1/custom-fields",
            new
            {
                @for = "lead",
                name = "likes",
                kind = "choices",
                choices = new[] { "tea", "coffee", "water" },
            }
        );
        var ana = (
            await workspace.Post(
                "/v1/leads",
                new
                {
                    email = "ana@silva.example.org",
                    tags = new[] { "a" },
                    score = 1,
                    custom = new { likes = new[] { "tea" } },
                    address = new { line1 = "Rua A" },
                }
            )
        ).Json!;
        var bia = (
            await workspace.Post(
                "/v1/leads",
                new
                {
                    email = "bia@silva.example.org",
                    phone = "+5511922222222",
                    company = "B",
                    jobTitle = "Buyer",
                    tags = new[] { "b" },
                    score = 10,
                    custom = new { likes = new[] { "coffee" } },
                    address = new { city = "Rio", region = "RJ" },
                }
            )
        ).Json!;
        await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") });

        (
            await workspace.Patch(
                $"/v1/leads/{ana["id"]}",
                new
                {
                    company = "Own",
                    tags = new[] { "b", "a", "new" },
                    score = 100,
                    custom = new { likes = new[] { "coffee", "tea", "water" } },
                    address = new { region = "SP" },
                    emails = new object[]
                    {
                        new { address = "bia@silva.example.org", primary = true },
                        new { address = "ana@silva.example.org" },
                        new { address = "third@silva.example.org" },
                    },
                }
            )
        ).Status.Should().Be(200);
        var undone = await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") });

        undone.Status.Should().Be(200, undone.Text);
        var lead = undone.Json!;
        (lead.S("company"), lead.S("jobTitle"), lead["score"]!.GetValue<long>(), lead["phones"]!.AsArray().Count)
            .Should()
            .Be(("Own", "", 90L, 0));
        lead["tags"].Texts().Should().Equal("a", "new");
        lead["custom"]!["likes"].Texts().Should().Equal("tea", "water");
        lead["emails"]!
            .AsArray()
            .Select(e => $"{e!["address"]}:{e["primary"]}")
            .Should()
            .Equal("ana@silva.example.org:true", "third@silva.example.org:false");
        (lead["address"]!.S("line1"), lead["address"]!.S("city"), lead["address"]!.S("region")).Should().Be(("Rua A", "", "SP"));
        Stable(await workspace.Lead(bia["id"])).Should().Be(Stable(await workspace.WithProposals(bia)));
    }

    [Fact]
    public async Task what_came_in_between_stays_with_the_lead_it_came_to()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var (ana, bia) = await TwoLeads(workspace);
        await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") });
        var later = await workspace.Entry(await workspace.Submit(form, new { email = "bia@silva.example.org", message = "later" }));
        later.S("lead").Should().Be(ana.S("id"));
        await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") });
        (await workspace.Entry(later)).S("lead").Should().Be(ana.S("id"));
        (await workspace.All($"/v1/submissions?lead={bia["id"]}")).Should().HaveCount(1);
        (await workspace.Lead(ana["id"]))["lastTouch"]!.S("submission").Should().Be(later.S("id"));
    }

    [Fact]
    public async Task an_address_that_went_to_a_third_lead_meanwhile_is_named_when_the_merge_cannot_be_undone()
    {
        var workspace = await server.NewWorkspace();
        var (ana, bia) = await TwoLeads(workspace);
        await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") });
        await workspace.Patch($"/v1/leads/{ana["id"]}", new { emails = new[] { new { address = "ana@silva.example.org" } } });
        var third = await workspace.Post("/v1/leads", new { email = "bia@silva.example.org" });
        var before = await Snapshot(workspace);
        var undone = await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") });
        (undone.Status, undone.Code).Should().Be((409, "already_exists"));
        undone.Text.Should().Contain(third["id"]!.ToString());
        (await Snapshot(workspace)).Should().Equal(before);
    }

    [Fact]
    public async Task only_what_was_merged_can_be_taken_apart()
    {
        var (workspace, elsewhere) = (await server.NewWorkspace(), await server.NewWorkspace());
        var (ana, bia) = await TwoLeads(workspace);
        var (theirs, _) = await TwoLeads(elsewhere);
        (await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = ana.S("id") })).Errors.Should().Equal("lead:same_record");
        foreach (var lead in new[] { theirs.S("id"), "lead_01h455vb4pex5vsknk084sn02q" })
            (await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead })).Errors.Should().Equal("lead:not_found");
        (await workspace.Post($"/v1/leads/{ana["id"]}/merge")).Errors.Should().Equal("lead:required");
        (await workspace.Post($"/v1/leads/{theirs["id"]}/merge", new { lead = ana.S("id") })).Status.Should().Be(404);
        (await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") })).Code.Should().Be("wrong_state");
        await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") });
        (await workspace.Post($"/v1/leads/{ana["id"]}/merge", new { lead = bia.S("id") })).Errors.Should().Equal("lead:not_found");
        (await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") })).Status.Should().Be(200);
        (await workspace.Post($"/v1/leads/{ana["id"]}/unmerge", new { lead = bia.S("id") })).Code.Should().Be("wrong_state");
    }

    [Fact]
    public async Task a_lead_that_came_with_another_one_is_taken_out_through_that_one()
    {
        var workspace = await server.NewWorkspace();
        var leads = new List<JsonNode>();
        foreach (var name in new[] { "a", "b", "c" })
            leads.Add(
                (
                    await workspace.Entry(
                        await workspace.Submit(await workspace.ContactForm(), new { email = $"{name}@silva.example.org", company = name })
                    )
                )
            );
        var ids = leads.Select(l => l.S("lead")).ToList();
        var before = await Snapshot(workspace);
        await Merge(1, 2);
        var between = await Snapshot(workspace);
        await Merge(0, 1);
        (await workspace.Lead(ids[0]))["mergedFrom"].Texts().Should().Equal(ids[1], ids[2]);
        (await workspace.All($"/v1/leads/{ids[0]}/timeline")).Select(e => e.S("subject")).Distinct().Should().BeEquivalentTo(ids);
        (await workspace.Post($"/v1/leads/{ids[0]}/unmerge", new { lead = ids[2] })).Code.Should().Be("wrong_state");
        await Unmerge(0, 1);
        (await Snapshot(workspace)).Should().Equal(between);
        await Unmerge(1, 2);
        (await Snapshot(workspace)).Should().Equal(before);

        async Task Merge(int into, int other) =>
            (await workspace.Post($"/v1/leads/{ids[into]}/merge", new { lead = ids[other] })).Status.Should().Be(200);
        async Task Unmerge(int from, int other) =>
            (await workspace.Post($"/v1/leads/{ids[from]}/unmerge", new { lead = ids[other] })).Status.Should().Be(200);
    }

    // ---- At the same time

    [NeedsQuickStoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task of_two_merges_of_one_pair_one_wins_and_nothing_is_lost(bool eachIntoTheOther)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        for (var round = 0; round < 40; round++)
        {
            var ids = new List<string>();
            foreach (var name in new[] { "a", "b" })
                ids.Add(
                    (
                        await workspace.Entry(
                            await workspace.Submit(
                                form,
                                new
                                {
                                    email = $"{name}{round}@silva.example.org",
                                    company = $"{name}{round}",
                                    message = $"{name}{round}",
                                }
                            )
                        )
                    ).S("lead")
                );
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(i =>
                        eachIntoTheOther && i % 2 == 1
                            ? workspace.Post($"/v1/leads/{ids[1]}/merge", new { lead = ids[0] })
                            : workspace.Post($"/v1/leads/{ids[0]}/merge", new { lead = ids[1] })
                    )
            );
            answers.Count(a => a.Status == 200).Should().Be(1);
            answers.Where(a => a.Status != 200).Should().OnlyContain(a => a.Status == 404 || a.Status == 409 || a.Status == 422);
            var left = await workspace.LeadOf($"a{round}@silva.example.org");
            left["emails"]!.AsArray().Should().HaveCount(2);
            left.Proposals()
                .Concat([$"company={left["company"]}", $"message={left["message"]}"])
                .Should()
                .BeEquivalentTo($"company=a{round}", $"company=b{round}", $"message=a{round}", $"message=b{round}");
            (await workspace.All($"/v1/submissions?lead={left["id"]}")).Should().HaveCount(2);
        }
    }

    [NeedsQuickStoreFact]
    public async Task posts_that_come_while_leads_are_merged_and_taken_apart_all_find_a_lead()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var (ana, bia) = await TwoLeads(workspace);
        var posting = Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async worker =>
                {
                    for (var i = 0; i < 15; i++)
                        (
                            await workspace.Submit(
                                form,
                                new { email = $"{(worker % 2 == 0 ? "ana" : "bia")}@silva.example.org", company = $"C{worker}-{i}" }
                            )
                        )
                            .Status.Should()
                            .Be(201);
                })
        );
        var merges = 0;
        while (!posting.IsCompleted || merges % 2 == 1)
            if (
                (
                    await workspace.Post($"/v1/leads/{ana["id"]}/{(merges % 2 == 0 ? "merge" : "unmerge")}", new { lead = bia.S("id") })
                ).Status == 200
            )
                merges++;
        await posting;
        output.WriteLine($"{merges} merges and undoings during 120 posts");
        merges.Should().BeGreaterThan(1);
        var entries = await workspace.All("/v1/submissions");
        entries.Should().HaveCount(122);
        entries.Should().OnlyContain(e => e.S("verdict") == "accepted" || e.S("verdict") == "merged");
        var leads = (await workspace.All("/v1/leads")).Select(l => l.S("id")).ToHashSet();
        leads.Should().HaveCount(2);
        entries.Should().OnlyContain(e => leads.Contains(e.S("lead")), "no entry leads to a lead that is gone");
    }

    // ---- Any two leads

    [NeedsQuickStoreFact]
    public async Task merging_and_undoing_changes_nothing_whatever_the_leads()
    {
        var pairs = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 2_000 : 200;
        var (workspace, forms, random, seed) = await Randomness();
        for (var i = 0; i < pairs; i++)
        {
            var ids = new[] { await RandomLead(workspace, forms, random, $"{i}a"), await RandomLead(workspace, forms, random, $"{i}b") };
            var before = await Snapshot(workspace, ids);

            var merged = await workspace.Post($"/v1/leads/{ids[0]}/merge", new { lead = ids[1] });
            merged.Status.Should().Be(200, "seed {0}, pair {1}: {2}", seed, i, merged.Text);
            NothingLost(await workspace.WithProposals(merged.Json!), before, ids, $"seed {seed}, pair {i}");
            (await workspace.All($"/v1/submissions?lead={ids[1]}")).Should().BeEmpty();
            var undone = await workspace.Post($"/v1/leads/{ids[0]}/unmerge", new { lead = ids[1] });

            undone.Status.Should().Be(200, "seed {0}, pair {1}: {2}", seed, i, undone.Text);
            (await Snapshot(workspace, ids)).Should().Equal(before, "seed {0}, pair {1}", seed, i);
        }
    }

    [NeedsQuickStoreFact]
    public async Task chains_of_merges_undone_in_any_order_change_nothing()
    {
        var chains = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 400 : 40;
        var (workspace, forms, random, seed) = await Randomness();
        for (var i = 0; i < chains; i++)
        {
            var ids = new List<string>();
            for (var n = 0; n < 4; n++)
                ids.Add(await RandomLead(workspace, forms, random, $"{i}c{n}"));
            var before = await Snapshot(workspace, ids);
            // Any of the leads that are left takes another; what came with it comes along. Sometimes one is taken apart in between.
            var merges = new List<(string Into, string Other)>();
            var log = new List<string>();
            while (merges.Count < 3 || log.Count < 3)
            {
                var left = ids.Where(id => merges.All(m => m.Other != id)).OrderBy(_ => random.Next()).ToList();
                if (left.Count < 2)
                    break;
                if (log.Count is > 0 and < 8 && merges.Count > 0 && random.Next(3) == 0)
                    await Undo();
                else
                {
                    (await workspace.Post($"/v1/leads/{left[0]}/merge", new { lead = left[1] })).Status.Should().Be(200);
                    merges.Add((left[0], left[1]));
                    log.Add($"+{ids.IndexOf(left[0])}{ids.IndexOf(left[1])}");
                }
            }
            while (merges.Count > 0)
                await Undo();
            (await Snapshot(workspace, ids)).Should().Equal(before, "seed {0}, chain {1}: {2}", seed, i, string.Join(' ', log));

            async Task Undo()
            {
                // Only a lead that is there can give another one back.
                var possible = merges.Where(m => merges.All(o => o.Other != m.Into)).ToList();
                var one = possible[random.Next(possible.Count)];
                log.Add($"-{ids.IndexOf(one.Into)}{ids.IndexOf(one.Other)}");
                var undone = await workspace.Post($"/v1/leads/{one.Into}/unmerge", new { lead = one.Other });
                undone.Status.Should().Be(200, "seed {0}, chain {1}: {2}: {3}", seed, i, string.Join(' ', log), undone.Text);
                merges.Remove(one);
            }
        }
    }

    static readonly object[] Fields =
    [
        new
        {
            name = "email",
            kind = "email",
            mapsTo = "email",
        },
        new
        {
            name = "phone",
            kind = "phone",
            mapsTo = "phone",
        },
        new
        {
            name = "name",
            kind = "text",
            mapsTo = "name",
        },
        new
        {
            name = "company",
            kind = "text",
            mapsTo = "company",
        },
        new
        {
            name = "job",
            kind = "text",
            mapsTo = "jobTitle",
        },
        new
        {
            name = "city",
            kind = "text",
            mapsTo = "address.city",
        },
        new
        {
            name = "country",
            kind = "text",
            mapsTo = "address.country",
        },
        new
        {
            name = "tags",
            kind = "text",
            mapsTo = "tags",
        },
        new
        {
            name = "news",
            kind = "consent",
            purpose = "news",
        },
    ];

    static object Newsletter =>
        new
        {
            name = "Newsletter",
            fields = Fields,
            tags = new[] { "news" },
        };

    async Task<(TestWorkspace, JsonNode[], Random, int)> Randomness()
    {
        var seed = Environment.GetEnvironmentVariable("CRM_TEST_SEED") is { } said
            ? int.Parse(said, CultureInfo.InvariantCulture)
            : 20261122;
        output.WriteLine($"seed {seed}");
        var workspace = await server.NewWorkspace();
        foreach (
            var custom in new object[]
            {
                new
                {
                    @for = "lead",
                    name = "budget",
                    kind = "number",
                },
                new
                {
                    @for = "lead",
                    name = "likes",
                    kind = "choices",
                    choices = new[] { "tea", "coffee", "water" },
                },
                new
                {
                    @for = "lead",
                    name = "vip",
                    kind = "boolean",
                },
            }
        )
            (await workspace.Post("/v1/custom-fields", custom)).Status.Should().Be(201);
        var owner = (await workspace.Post("/v1/members", new { name = "Bia", email = "bia@silva.example.org" }))["id"]!.ToString();
        return (
            workspace,
            [
                await workspace.NewForm(Newsletter),
                await workspace.NewForm(
                    new
                    {
                        name = "Owned",
                        owner,
                        fields = Fields,
                        mergePolicy = "proposeAll",
                    }
                ),
            ],
            new Random(seed),
            seed
        );
    }

    /// <summary>A lead as life makes them: by a form or by hand, posted to again, changed by members. Its addresses are its own.</summary>
    static async Task<string> RandomLead(TestWorkspace workspace, JsonNode[] forms, Random random, string mark)
    {
        var fields = Post();
        var id =
            random.Next(4) == 0
                ? (
                    await workspace.Post(
                        "/v1/leads",
                        new
                        {
                            email = fields["email"],
                            company = Maybe("X", "Y"),
                            score = random.Next(5),
                            tags = random.Next(2) == 0 ? new[] { "t1" } : [],
                        }
                    )
                )["id"]!.ToString()
                : (await workspace.Entry(await workspace.Submit(forms[random.Next(2)], fields))).S("lead");
        for (var more = random.Next(4); more > 0; more--)
            await workspace.Submit(forms[random.Next(2)], Post());
        if (random.Next(2) == 0)
        {
            var change = new JsonObject();
            if (random.Next(2) == 0)
                change["company"] = Maybe("A", "B", "C");
            if (random.Next(2) == 0)
                change["score"] = random.Next(-5, 50);
            if (random.Next(2) == 0)
                change["status"] = Maybe("new", "working");
            if (random.Next(2) == 0)
                change["tags"] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => (JsonNode)$"t{random.Next(5)}")]);
            if (random.Next(2) == 0)
                change["custom"] = new JsonObject
                {
                    ["budget"] = random.Next(2) == 0 ? random.Next(3) : 1.50m,
                    ["likes"] = new JsonArray([
                        .. new[] { "tea", "coffee", "water" }.Where(_ => random.Next(2) == 0).Select(w => (JsonNode)w),
                    ]),
                    ["vip"] = random.Next(2) == 0,
                };
            if (random.Next(3) == 0)
                change["address"] = new JsonObject { ["line1"] = Maybe("One", "Two"), ["region"] = Maybe("SP", "RJ") };
            if (random.Next(3) == 0)
                change["emails"] = new JsonArray(Address("x", true), Address("y", false), Address("z", false));
            if (random.Next(4) == 0)
                change["phones"] = new JsonArray();
            var changed = await workspace.Patch($"/v1/leads/{id}", change);
            changed.Status.Should().Be(200, changed.Text);
        }
        return id;

        Dictionary<string, string> Post()
        {
            var fields = new Dictionary<string, string> { ["email"] = $"p{mark}@silva.example.org" };
            if (random.Next(2) == 0)
                fields["phone"] =
                    "+5511"
                    + (
                        900_000_000 + int.Parse(mark[..mark.IndexOfAny(['a', 'b', 'c'])], CultureInfo.InvariantCulture) * 10 + mark[^1] % 10
                    );
            if (random.Next(2) == 0)
                fields["name"] = Maybe("Ana Silva", "Bia Souza", "Cher")!;
            if (random.Next(2) == 0)
                fields["company"] = Maybe("A", "B", "C")!;
            if (random.Next(3) == 0)
                fields["job"] = Maybe("Buyer", "Seller")!;
            if (random.Next(3) == 0)
                fields["city"] = Maybe("Rio", "Recife")!;
            if (random.Next(3) == 0)
                fields["country"] = Maybe("BR", "PT")!;
            if (random.Next(3) == 0)
                fields["tags"] = $"t{random.Next(5)}";
            if (random.Next(3) == 0)
                fields["news"] = "on";
            if (random.Next(2) == 0)
                fields["_page"] = $"https://site.example.org/?gclid={random.Next(3)}&utm_source={Maybe("google", "news")}&utm_medium=cpc";
            return fields;
        }

        JsonObject Address(string name, bool primary) =>
            new()
            {
                ["address"] = $"{name}{mark}@silva.example.org",
                ["kind"] = Maybe("work", "home"),
                ["primary"] = primary,
            };
        string? Maybe(params string[] values) => values[random.Next(values.Length)];
    }

    static async Task<(JsonNode Ana, JsonNode Bia)> TwoLeads(TestWorkspace workspace)
    {
        var form = await workspace.ContactForm();
        foreach (var name in new[] { "ana", "bia" })
            (
                await workspace.Submit(
                    form,
                    new
                    {
                        email = $"{name}@silva.example.org",
                        name,
                        company = $"{name} Ltda",
                    }
                )
            ).Status.Should().Be(201);
        return (await workspace.LeadOf("ana@silva.example.org"), await workspace.LeadOf("bia@silva.example.org"));
    }

    /// <summary>All leads and entries as they read, without what counts their changes.</summary>
    static async Task<List<string>> Snapshot(TestWorkspace workspace) =>
        [.. (await workspace.All("/v1/leads?sort=createdAt")).Concat(await workspace.All("/v1/submissions?sort=createdAt")).Select(Stable)];

    static async Task<List<string>> Snapshot(TestWorkspace workspace, IReadOnlyList<string> ids)
    {
        var rows = new List<string>();
        foreach (var id in ids)
        {
            rows.Add(Stable(await workspace.Lead(id)));
            rows.AddRange((await workspace.All($"/v1/submissions?lead={id}&sort=createdAt")).Select(Stable));
        }
        return rows;
    }

    static string Stable(JsonNode row)
    {
        var copy = row.DeepClone().AsObject();
        copy.Remove("version");
        copy.Remove("updatedAt");
        return copy.ToJsonString();
    }

    /// <summary>Every value of both leads is in the merged one: as its own, in a list, or proposed.</summary>
    static void NothingLost(JsonNode merged, List<string> before, string[] ids, string because)
    {
        var leads = before.Select(b => JsonNode.Parse(b)!).Where(n => ids.Contains(n.S("id"))).ToList();
        leads.Should().HaveCount(2);
        foreach (var lead in leads)
        {
            foreach (var (path, value) in Leaves(lead, ""))
                (
                    At(merged, path) == value
                    || merged["proposedChanges"]!.AsArray().Any(c => c!.S("field") == path && c!["value"]!.ToJsonString() == value)
                )
                    .Should()
                    .BeTrue("{0}: {1}={2} of {3} must be in {4}", because, path, value, lead["id"], merged.ToJsonString());
            foreach (var list in new[] { "emails:address", "phones:number", "consent:submission" })
                lead[list.Split(':')[0]]!
                    .AsArray()
                    .Select(e => e!.S(list.Split(':')[1]))
                    .Should()
                    .BeSubsetOf(merged[list.Split(':')[0]]!.AsArray().Select(e => e!.S(list.Split(':')[1])), because);
            lead["tags"].Texts().Should().BeSubsetOf(merged["tags"].Texts(), because);
            lead.Proposals().Should().BeSubsetOf(merged.Proposals(), because);
        }
        merged["score"]!.GetValue<long>().Should().Be(leads.Sum(l => l["score"]!.GetValue<long>()), because);

        static IEnumerable<(string, string)> Leaves(JsonNode lead, string prefix) =>
            from name in new[]
            {
                "firstName",
                "lastName",
                "company",
                "jobTitle",
                "owner",
                "address.line1",
                "address.city",
                "address.region",
                "address.country",
                "custom.budget",
                "custom.vip",
            }
            where At(lead, name) is not null
            select (prefix + name, At(lead, name)!);

        static string? At(JsonNode lead, string path) =>
            path.Split('.').Aggregate((JsonNode?)lead, (node, name) => node is JsonObject o ? o[name] : null)?.ToJsonString();
    }
}
