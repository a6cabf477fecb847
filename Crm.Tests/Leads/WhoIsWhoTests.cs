// Who is who: e-mail and external id are strong, a phone number alone is weak. Each cell of the table, and random households and offices.

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Crm.Tests.Forms;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Leads;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class WhoIsWhoTests(CrmServer server, ITestOutputHelper output)
{
    const string Phone = "11 91234-5678";

    /// <summary>The contact form with a consent, a tag and a second e-mail field.</summary>
    static async Task<JsonNode> ConsentForm(TestWorkspace workspace, object? more = null)
    {
        var form = await workspace.NewForm(
            JsonNode.Parse(
                """
                {"name":"With consent","tags":["site"],"fields":[
                  {"name":"name","kind":"text","mapsTo":"name"},
                  {"name":"email","kind":"email","mapsTo":"email"},
                  {"name":"email2","kind":"email","mapsTo":"email"},
                  {"name":"phone","kind":"phone","mapsTo":"phone"},
                  {"name":"company","kind":"text","mapsTo":"company"},
                  {"name":"message","kind":"longText","mapsTo":"message"},
                  {"name":"tags","kind":"text","mapsTo":"tags"},
                  {"name":"news","kind":"consent","purpose":"email-marketing"}]}
                """
            )!
        );
        return more is null ? form : await workspace.Changed(form, more);
    }

    static async Task<JsonNode> Post(TestWorkspace workspace, JsonNode form, object fields) =>
        await workspace.Entry(await workspace.Submit(form, fields));

    static async Task<IReadOnlyList<JsonNode>> Leads(TestWorkspace workspace) => await workspace.All("/v1/leads");

    // ---- The table

    /// <param name="same">Whether the second post is the first one's person.</param>
    [Theory]
    [InlineData("ana@a.example.org", "Ana Silva", "ana@a.example.org", "Bruno Costa", true)]
    [InlineData("ana@a.example.org", "Ana Silva", "other@a.example.org", "Ana", true)]
    [InlineData("ana@a.example.org", "Ana Silva", "other@a.example.org", "A. Silva", true)]
    [InlineData("ana@a.example.org", "Ana Silva", "other@a.example.org", "Bruno Costa", false)]
    [InlineData("ana@a.example.org", "Ana Silva", "other@a.example.org", "", false)]
    [InlineData("ana@a.example.org", "", "other@a.example.org", "Ana Silva", false)]
    [InlineData("ana@a.example.org", "Ana Silva", "", "Bruno Costa", false)]
    [InlineData("", "Ana Silva", "other@a.example.org", "Bruno Costa", false)]
    [InlineData("", "Ana Silva", "", "Bruno Costa", false)]
    [InlineData("ana@a.example.org", "Ana Silva", "", "Ana", true)]
    [InlineData("ana@a.example.org", "Ana Silva", "", "", true)]
    [InlineData("", "Ana Silva", "other@a.example.org", "Ana Silva", true)]
    [InlineData("", "", "other@a.example.org", "Ana Silva", true)]
    [InlineData("", "", "", "", true)]
    public async Task a_phone_number_alone_is_its_one_holders_unless_what_is_said_contradicts(
        string firstEmail,
        string firstName,
        string email,
        string name,
        bool same
    )
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        var first = await Post(
            workspace,
            form,
            new
            {
                phone = Phone,
                email = firstEmail,
                name = firstName,
            }
        );
        var before = (await workspace.Get($"/v1/leads/{first["lead"]}")).Text;
        var second = await Post(
            workspace,
            form,
            new
            {
                phone = "+55" + Phone,
                email,
                name,
                company = "Second Ltda",
                news = "on",
            }
        );

        second.S("verdict").Should().Be(same ? "merged" : "accepted");
        (await Leads(workspace)).Should().HaveCount(same ? 1 : 2);
        if (same)
        {
            var lead = await workspace.Lead(first["lead"]);
            (lead.S("company"), lead["consent"]!.AsArray().Count).Should().Be(("Second Ltda", 1));
            if (firstEmail.Length > 0 && email.Length > 0 && email != firstEmail)
                lead.Proposals().Should().Contain($"email={email}");
            return;
        }
        second.S("lead").Should().NotBe(first.S("lead"));
        (await workspace.Get($"/v1/leads/{first["lead"]}")).Text.Should().Be(before, "nothing of another person goes onto this lead");
        second["candidates"].Texts().Should().Equal([first.S("lead")], "a member who knows better finds it");
        var own = await workspace.Lead(second["lead"]);
        (own["phones"]![0]!.S("number"), own["phones"]![0]!.S("shared")).Should().Be(("+5511912345678", "true"));
        (own.S("company"), own["consent"]!.AsArray().Count, own["lastTouch"]!.S("submission"))
            .Should()
            .Be(("Second Ltda", 1, second.S("id")));
        (await workspace.Get("/v1/leads?phone=" + Uri.EscapeDataString(Phone))).Data.Should().HaveCount(2);
    }

    [Fact]
    public async Task three_people_with_one_phone_number_are_three_leads_that_are_all_found()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        foreach (var name in new[] { "Ana", "Bruno", "Carla" })
            await Post(
                workspace,
                form,
                new
                {
                    name,
                    email = $"{name}@office.example.org",
                    phone = Phone,
                    company = name + " Ltda",
                    news = name == "Bruno" ? "on" : "",
                }
            );
        foreach (var name in new[] { "Ana", "Bruno", "Carla" })
        {
            var lead = await workspace.LeadOf($"{name}@office.example.org");
            (lead.S("firstName"), lead.S("company"), lead.Proposals().Count, lead["consent"]!.AsArray().Count)
                .Should()
                .Be((name, name + " Ltda", 0, name == "Bruno" ? 1 : 0));
            (await workspace.Get($"/v1/leads?q={name}")).Data.Should().ContainSingle();
        }
    }

    [Fact]
    public async Task a_number_that_several_have_identifies_nobody_and_a_strong_identity_still_does()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        foreach (var name in new[] { "Ana", "Bruno" })
            await Post(
                workspace,
                form,
                new
                {
                    name,
                    email = $"{name}@office.example.org",
                    phone = Phone,
                }
            );
        var (ana, bruno) = (await workspace.LeadOf("ana@office.example.org"), await workspace.LeadOf("bruno@office.example.org"));
        var third = await Post(workspace, form, new { name = "Ana", phone = Phone });
        third.S("verdict").Should().Be("accepted");
        third["candidates"].Texts().Should().Equal(ana.S("id"), bruno.S("id"));
        var again = await Post(
            workspace,
            form,
            new
            {
                email = "bruno@office.example.org",
                phone = Phone,
                company = "Bruno Ltda",
            }
        );
        (again.S("verdict"), again.S("lead")).Should().Be(("merged", bruno.S("id")));
        (await workspace.Lead(ana["id"])).S("company").Should().BeEmpty();
    }

    [Fact]
    public async Task who_names_a_known_address_with_somebody_elses_number_is_not_put_aside_and_the_number_is_kept()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        await Post(workspace, form, new { name = "Ana", email = "ana@a.example.org" });
        await Post(
            workspace,
            form,
            new
            {
                name = "Bruno",
                email = "bruno@b.example.org",
                phone = Phone,
            }
        );
        var entry = await Post(workspace, form, new { email = "ana@a.example.org", phone = Phone });
        entry.S("verdict").Should().Be("merged");
        var ana = await workspace.LeadOf("ana@a.example.org");
        (ana["phones"]![0]!.S("number"), ana["phones"]![0]!.S("shared")).Should().Be(("+5511912345678", "true"));
        (await workspace.LeadOf("bruno@b.example.org"))["phones"]![0]!.S("shared").Should().Be("false");
    }

    [Theory]
    [InlineData("11 99999-9999")]
    [InlineData("11 98765-4321")]
    [InlineData("1112345678")]
    [InlineData("+49 123456789")]
    [InlineData("+351 999 999 999")]
    public async Task a_dummy_is_kept_and_is_nobodys(string dummy)
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        for (var i = 0; i < 3; i++)
            (await Post(workspace, form, new { phone = dummy, name = i == 0 ? "Ana" : "" })).S("verdict").Should().Be("accepted");
        var leads = await Leads(workspace);
        leads.Should().HaveCount(3).And.OnlyContain(l => l["phones"]![0]!.S("shared") == "true");
        (await workspace.All("/v1/submissions")).Should().OnlyContain(s => s["candidates"]!.AsArray().Count == 0);
        (await workspace.Get("/v1/leads?phone=" + Uri.EscapeDataString(leads[0]["phones"]![0]!.S("number")))).Data.Should().HaveCount(3);
    }

    [Fact]
    public async Task a_form_may_put_posts_with_a_shared_number_aside_and_a_member_says_whose_they_are()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace, new { onSharedPhone = "quarantine" });
        var ana = (
            await Post(
                workspace,
                form,
                new
                {
                    name = "Ana",
                    email = "ana@a.example.org",
                    phone = Phone,
                }
            )
        ).S("lead");
        var entries = new List<JsonNode>();
        foreach (var name in new[] { "Bruno", "Carla", "Davi" })
        {
            var entry = await Post(
                workspace,
                form,
                new
                {
                    name,
                    email = $"{name}@b.example.org",
                    phone = Phone,
                }
            );
            (entry.S("verdict"), entry.S("reason")).Should().Be(("quarantined", "phone_shared"));
            entry["candidates"].Texts().Should().Equal(ana);
            entries.Add(entry);
        }
        (await Post(workspace, form, new { name = "Ana", phone = Phone })).S("verdict").Should().Be("merged", "nothing contradicts");

        (await workspace.Post($"/v1/submissions/{entries[0]["id"]}/reprocess"))["reason"]!.ToString().Should().Be("phone_shared");
        (await workspace.Post($"/v1/submissions/{entries[0]["id"]}/approve", new { lead = "new" }))["verdict"]!
            .ToString()
            .Should()
            .Be("accepted");
        (await workspace.Post($"/v1/submissions/{entries[1]["id"]}/approve"))["verdict"]!.ToString().Should().Be("accepted");
        var given = await workspace.Post($"/v1/submissions/{entries[2]["id"]}/approve", new { lead = ana });
        (given["verdict"]!.ToString(), given["lead"]!.ToString()).Should().Be(("merged", ana));
        (await workspace.Lead(ana)).Proposals().Should().Equal("firstName=Davi", "email=Davi@b.example.org");
        (await Leads(workspace)).Should().HaveCount(3);
        (await workspace.Post($"/v1/submissions/{entries[2]["id"]}/approve", new { lead = ana })).Status.Should().Be(409);
    }

    [Fact]
    public async Task a_post_of_two_strong_identities_may_become_a_lead_of_its_own_with_the_addresses_proposed()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        foreach (var name in new[] { "Ana", "Bruno" })
            await Post(workspace, form, new { name, email = $"{name}@a.example.org" });
        var entry = await Post(
            workspace,
            form,
            new
            {
                email = "ana@a.example.org",
                email2 = "bruno@a.example.org",
                name = "Carla",
            }
        );
        entry.S("reason").Should().Be("two_leads_match");
        var approved = await workspace.Post($"/v1/submissions/{entry["id"]}/approve", new { lead = "new" });
        approved["verdict"]!.ToString().Should().Be("accepted", approved.Text);
        var carla = await workspace.Lead(approved["lead"]);
        (carla.S("firstName"), carla["emails"]!.AsArray().Count).Should().Be(("Carla", 0));
        carla.Proposals().Should().Equal("email=ana@a.example.org", "email=bruno@a.example.org");
        // Of a post that says nothing else nothing would be left for a lead of its own.
        var bare = await Post(workspace, form, new { email = "ana@a.example.org", email2 = "bruno@a.example.org" });
        (await workspace.Post($"/v1/submissions/{bare["id"]}/approve", new { lead = "new" }))["reason"]!
            .ToString()
            .Should()
            .Be("two_leads_match");
    }

    // ---- The same table elsewhere

    [Fact]
    public async Task an_upsert_by_phone_changes_its_one_holder_and_makes_or_asks_otherwise()
    {
        var workspace = await server.NewWorkspace();
        var ana = (
            await workspace.Put(
                "/v1/leads?match=phone",
                new
                {
                    phone = Phone,
                    name = "Ana Silva",
                    email = "ana@a.example.org",
                }
            )
        );
        ana.Status.Should().Be(201, ana.Text);
        var same = await workspace.Put("/v1/leads?match=phone", new { phone = Phone, company = "Silva Ltda" });
        (same.Status, same["id"]!.ToString(), same["company"]!.ToString()).Should().Be((200, ana["id"]!.ToString(), "Silva Ltda"));

        var unclear = await workspace.Put("/v1/leads?match=phone", new { phone = Phone, email = "other@a.example.org" });
        (unclear.Status, unclear.Code).Should().Be((409, "ambiguous_match"));
        unclear["candidates"].Texts().Should().Equal(ana["id"]!.ToString());

        var bruno = await workspace.Put(
            "/v1/leads?match=phone",
            new
            {
                phone = Phone,
                name = "Bruno",
                email = "bruno@a.example.org",
            }
        );
        bruno.Status.Should().Be(201, "names contradict: another person");
        bruno["phones"]![0]!["shared"]!.GetValue<bool>().Should().BeTrue();
        var ambiguous = await workspace.Put("/v1/leads?match=phone", new { phone = Phone, company = "x" });
        (ambiguous.Status, ambiguous.Code).Should().Be((409, "ambiguous_match"));
        ambiguous["candidates"].Texts().Should().Equal(ana["id"]!.ToString(), bruno["id"]!.ToString());
        var strong = await workspace.Put(
            "/v1/leads?match=phone",
            new
            {
                phone = Phone,
                email = "bruno@a.example.org",
                company = "B",
            }
        );
        (strong.Status, strong["id"]!.ToString()).Should().Be((200, bruno["id"]!.ToString()), "the address says which of them");
        var twice = await workspace.Put(
            "/v1/leads?match=externalId",
            new
            {
                externalId = "shop-1",
                phone = Phone,
                name = "Carla",
            }
        );
        twice.Status.Should().Be(201, twice.Text);
        (await workspace.Put("/v1/leads?match=externalId", new { externalId = "shop-1", company = "C" }))["id"]!
            .ToString()
            .Should()
            .Be(twice["id"]!.ToString());
    }

    [Fact]
    public async Task customers_of_one_household_are_customers_of_their_own()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        var customers = new List<string>();
        foreach (var name in new[] { "Ana", "Bruno", "Carla" })
        {
            var lead = (
                await Post(
                    workspace,
                    form,
                    new
                    {
                        name,
                        email = $"{name}@a.example.org",
                        phone = Phone,
                    }
                )
            ).S("lead");
            if (name == "Carla")
            {
                var sale = await workspace.Post("/v1/conversions", new { lead, value = new { amount = 5, currency = "EUR" } });
                sale["customer"].Should().NotBeNull("a shared number costs no sale its customer");
                customers.Add(sale["customer"]!.ToString());
            }
            else
            {
                var converted = await workspace.Post($"/v1/leads/{lead}/convert", new { });
                converted.Status.Should().Be(200, converted.Text);
                customers.Add(converted["customer"]!.ToString());
            }
        }
        customers.Should().OnlyHaveUniqueItems();
        (await workspace.All("/v1/customers")).Count(c => c["phones"]![0]!.S("shared") == "false").Should().Be(1);
        var davi = await workspace.Post("/v1/customers", new { name = "Davi", phone = Phone });
        (davi.Status, davi["phones"]![0]!["shared"]!.GetValue<bool>()).Should().Be((201, true));
        // Entered by hand with a number of his own and his name, a customer is the one the lead becomes.
        var eva = (await workspace.Post("/v1/customers", new { name = "Eva Lima", phone = "+5511911112222" }))["id"]!.ToString();
        var evasLead = (await Post(workspace, form, new { name = "Eva", phone = "+5511911112222" })).S("lead");
        (await workspace.Post($"/v1/leads/{evasLead}/convert", new { }))["customer"]!.ToString().Should().Be(eva);
        var notEva = (await Post(workspace, form, new { name = "Fabio", phone = "+5511911112222" })).S("lead");
        (await workspace.Post($"/v1/leads/{notEva}/convert", new { }))["customer"]!.ToString().Should().NotBe(eva);
    }

    // ---- Taken apart

    [Fact]
    public async Task a_detached_entry_takes_what_only_it_brought_to_a_lead_of_its_own()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        var first = await Post(
            workspace,
            form,
            new
            {
                name = "Ana Silva",
                email = "ana@a.example.org",
                message = "Hello",
            }
        );
        var before = await workspace.Lead(first["lead"]);
        var other = await ConsentForm(workspace, new { tags = new[] { "fair" } });
        var wrong = await Post(
            workspace,
            other,
            new
            {
                name = "Bruno Costa",
                email = "ana@a.example.org",
                phone = Phone,
                company = "Costa SA",
                tags = "vip",
                news = "on",
                _page = "https://site.example.org/?utm_source=x",
            }
        );
        wrong.S("lead").Should().Be(first.S("lead"));
        (await workspace.Lead(first["lead"])).Proposals().Should().Equal("firstName=Bruno", "lastName=Costa");

        var detached = await workspace.Post($"/v1/submissions/{wrong["id"]}/detach", new { lead = "new" });

        detached.Status.Should().Be(200, detached.Text);
        detached["verdict"]!.ToString().Should().Be("accepted");
        var after = await workspace.Lead(first["lead"]);
        foreach (var (name, value) in before.AsObject())
            if (name is not ("version" or "updatedAt"))
                JsonNode
                    .DeepEquals(after[name], value)
                    .Should()
                    .BeTrue($"{name} is {after[name]?.ToJsonString()} and was {value?.ToJsonString()}");
        var bruno = await workspace.Lead(detached["lead"]);
        (bruno.S("firstName"), bruno.S("company"), bruno["consent"]!.AsArray().Count, bruno["phones"]![0]!.S("shared"))
            .Should()
            .Be(("Bruno", "Costa SA", 1, "false"));
        bruno["tags"].Texts().Should().Equal("vip", "fair");
        bruno.Proposals().Should().Equal(["email=ana@a.example.org"], "the address is Ana's");
        (await workspace.Get($"/v1/leads/{first["lead"]}/timeline?type=lead.submissionDetached")).Data.Should().ContainSingle();
        (await workspace.Post($"/v1/submissions/{wrong["id"]}/detach", new { lead = detached["lead"]!.ToString() }))
            .Errors.Should()
            .Equal("lead:same_record");
        (await workspace.Post($"/v1/submissions/{wrong["id"]}/detach", new { })).Errors.Should().Equal("lead:required");
        (await workspace.Post($"/v1/submissions/{wrong["id"]}/detach", new { lead = "x" })).Errors.Should().Equal("lead:invalid_id");
    }

    [Fact]
    public async Task the_entry_that_made_a_lead_takes_its_address_along_and_what_others_sent_too_stays()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        var first = await Post(
            workspace,
            form,
            new
            {
                name = "Ana Silva",
                email = "ana@a.example.org",
                phone = Phone,
                company = "Both",
            }
        );
        var second = await Post(
            workspace,
            form,
            new
            {
                name = "Ana",
                phone = Phone,
                company = "Both",
                message = "Mine",
            }
        );
        second.S("lead").Should().Be(first.S("lead"));
        var bia = (await workspace.Post("/v1/leads", new { name = "Bia" }))["id"]!.ToString();
        var moved = await workspace.Post($"/v1/submissions/{first["id"]}/detach", new { lead = bia });
        moved.Status.Should().Be(200, moved.Text);
        (moved["verdict"]!.ToString(), moved["madeLead"]!.GetValue<bool>()).Should().Be(("merged", false));
        var left = await workspace.Lead(second["lead"]);
        (left.S("lastName"), left.S("company"), left.S("message"), left["emails"]!.AsArray().Count, left["phones"]!.AsArray().Count)
            .Should()
            .Be(("", "Both", "Mine", 0, 1));
        (left["lastTouch"]!.S("submission"), left["firstTouch"]!.S("submission")).Should().Be((second.S("id"), second.S("id")));
        var home = await workspace.LeadOf("ana@a.example.org");
        (home.S("id"), home["phones"]![0]!.S("shared")).Should().Be((bia, "true"));
        // What is left alone cannot lose the last that says who it is.
        var refused = await workspace.Post($"/v1/submissions/{second["id"]}/detach", new { lead = "new" });
        (refused.Status, refused.Code).Should().Be((409, "wrong_state"));
    }

    [Fact]
    public async Task spam_takes_back_what_only_it_gave_to_a_real_lead()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        var first = await Post(workspace, form, new { name = "Ana Silva", email = "ana@a.example.org" });
        var before = await workspace.Lead(first["lead"]);
        var spam = await Post(
            workspace,
            form,
            new
            {
                name = "Cheap Pills",
                email = "ana@a.example.org",
                phone = Phone,
                company = "Pills",
                message = "Buy",
                tags = "pills",
                news = "on",
            }
        );
        (await workspace.Post($"/v1/submissions/{spam["id"]}/spam")).Status.Should().Be(200);
        var after = await workspace.Lead(first["lead"]);
        foreach (var (name, value) in before.AsObject())
            if (name is not ("version" or "updatedAt"))
                JsonNode
                    .DeepEquals(after[name], value)
                    .Should()
                    .BeTrue($"{name} is {after[name]?.ToJsonString()} and was {value?.ToJsonString()}");
        // It was none after all: approved, it gives again what it gave.
        (await workspace.Post($"/v1/submissions/{spam["id"]}/approve"))["verdict"]!.ToString().Should().Be("merged");
        var again = await workspace.Lead(first["lead"]);
        (again.S("company"), again["consent"]!.AsArray().Count).Should().Be(("Pills", 1));
    }

    [Fact]
    public async Task what_a_member_wrote_or_accepted_from_others_stays_when_an_entry_goes()
    {
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace);
        var first = await Post(workspace, form, new { email = "ana@a.example.org", name = "Ana" });
        var second = await Post(
            workspace,
            form,
            new
            {
                email = "ana@a.example.org",
                company = "Second",
                message = "Hi",
                tags = "a",
            }
        );
        var lead = first.S("lead");
        await workspace.Patch($"/v1/leads/{lead}", new { company = "By hand", tags = new[] { "a", "kept" } });
        await Post(workspace, form, new { email = "ana@a.example.org", message = "Third" });
        (await workspace.Post($"/v1/submissions/{second["id"]}/spam")).Status.Should().Be(200);
        var after = await workspace.Lead(lead);
        (after.S("company"), after.S("message")).Should().Be(("By hand", ""));
        after["tags"].Texts().Should().Equal("a", "kept", "site");
        after.Proposals().Should().Equal("message=Third");
    }

    // ---- Random households, offices and dummies

    [NeedsQuickStoreFact]
    public async Task nothing_of_one_person_is_on_another_ones_lead_and_everybody_is_found()
    {
        var posts = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1" ? 10_000 : 100;
        var seed = Seed.Of(output);
        var random = new Random(seed);
        var workspace = await server.NewWorkspace();
        var form = await ConsentForm(workspace, new { tags = Array.Empty<string>() });
        // People live in groups; each group has one number, some of the numbers are dummies. Person 7's values all say x7x.
        string[] dummies = ["11 99999-9999", "11 98765-4321", "1100000000", "+49 123456789"];
        var people = Math.Max(12, posts / 4);
        var groups = Math.Max(3, people / 5);
        var sent = Enumerable
            .Range(0, posts)
            .Select(i =>
            {
                var person = random.Next(people);
                var group = person % groups;
                var fields = new Dictionary<string, string>
                {
                    ["name"] = $"First{person} x{person}x",
                    ["phone"] = group % 4 == 0 ? dummies[group / 4 % dummies.Length] : $"11 91{group:000000}7",
                    ["company"] = $"Company x{person}x",
                    ["message"] = $"Message {i} of x{person}x",
                    ["tags"] = $"x{person}x",
                };
                if (random.Next(10) > 0)
                    fields["email"] = $"x{person}x@people.example.org";
                if (random.Next(2) == 0)
                    fields["news"] = "on";
                return (Person: person, Fields: fields);
            })
            .ToList();
        var receipts = new ConcurrentDictionary<string, int>();
        await Parallel.ForEachAsync(Enumerable.Range(0, posts), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var receipt = await workspace.Submit(form, sent[i].Fields);
            receipt.Status.Should().Be(201, receipt.Text);
            receipts[receipt["id"]!.ToString()] = i;
        });

        var entries = (await workspace.All("/v1/submissions")).ToDictionary(e => e.S("id"));
        entries.Should().HaveCount(posts);
        var leads = (await workspace.All("/v1/leads")).ToDictionary(l => l.S("id"));
        foreach (var (id, i) in receipts)
        {
            var (person, fields) = sent[i];
            var entry = entries[id];
            entry.S("verdict").Should().BeOneOf(["accepted", "merged"], "seed {0}, {1}", seed, entry.ToJsonString());
            var lead = leads[entry.S("lead")];
            lead.S("lastName").Should().Be($"x{person}x", "seed {0}", seed);
            if (fields.TryGetValue("email", out var email))
                lead["emails"]![0]!.S("address").Should().Be(email, "seed {0}", seed);
            if (fields.ContainsKey("news"))
                lead["consent"]!.AsArray().Should().Contain(c => c!.S("submission") == id, "seed {0}", seed);
        }
        foreach (var lead in leads.Values)
        {
            await workspace.WithProposals(lead);
            var mark = lead.S("lastName");
            lead.S("company").Should().Be("Company " + mark, "seed {0}", seed);
            lead["tags"].Texts().Should().Equal([mark], "seed {0}", seed);
            lead.Proposals().Should().NotContain(p => !p.Contains(mark), "seed {0}", seed);
            foreach (
                var by in lead["provenance"]!
                    .AsArray()
                    .Concat(lead["proposedChanges"]!.AsArray())
                    .Select(p => p!.S("by"))
                    .Concat(lead["consent"]!.AsArray().Select(c => c!.S("submission")))
                    .Append(lead["firstTouch"]!.S("submission"))
                    .Append(lead["lastTouch"]!.S("submission"))
            )
                $"x{sent[receipts[by]].Person}x".Should().Be(mark, "seed {0}", seed);
        }
        foreach (var person in sent.Where(s => s.Fields.ContainsKey("email")).Select(s => s.Person).Distinct().Take(200))
        {
            (await workspace.LeadOf($"x{person}x@people.example.org")).S("lastName").Should().Be($"x{person}x");
            (await workspace.Get($"/v1/leads?q=First{person}")).Data.Should().Contain(l => l!.S("lastName") == $"x{person}x");
        }
        output.WriteLine($"{posts} posts of {people} people in {groups} groups made {leads.Count} leads");
    }
}
