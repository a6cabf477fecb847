// Nothing that was refused is lost: after the form is mended, entries are processed again, one by one or many at once.

using System.Text.Json.Nodes;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
public class ReprocessTests(CrmServer server)
{
    [Fact]
    public async Task an_entry_is_accepted_after_the_field_is_no_longer_required()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(new { name = "Strict", fields = Fields(companyRequired: true) });
        (await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("User-Agent", "Old browser")))
            .Errors.Should()
            .Equal("company:required");
        var entry = await workspace.LastEntry();

        (await workspace.Post($"/v1/submissions/{entry["id"]}/reprocess"))["verdict"]!
            .ToString()
            .Should()
            .Be("rejected", "the form is as it was");
        await workspace.Changed(form, new { fields = Fields(companyRequired: false) });
        var again = await workspace.Post($"/v1/submissions/{entry["id"]}/reprocess");

        (again["verdict"]!.ToString(), again["reason"]?.ToString(), again["errors"]!.AsArray().Count, again["attempts"]!.GetValue<long>())
            .Should()
            .Be(("accepted", null, 0, 3L));
        (again["id"]!.ToString(), again["createdAt"]!.ToString(), again["userAgent"]!.ToString())
            .Should()
            .Be((entry.S("id"), entry.S("createdAt"), "Old browser"));
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (again["lead"]!.ToString(), lead["firstTouch"]!.S("at"))
            .Should()
            .Be((lead.S("id"), entry.S("createdAt")), "it counts from when it was sent");
        lead["provenance"]!.AsArray().Single()!.S("by").Should().Be(entry.S("id"));
    }

    [Fact]
    public async Task an_entry_is_accepted_after_its_origin_is_allowed()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(await workspace.ContactForm(), new { allowedOrigins = new[] { "https://site.example.org" } });
        (await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Origin", "https://new.example.org")))
            .Code.Should()
            .Be("origin_not_allowed");
        await workspace.Changed(form, new { allowedOrigins = new[] { "https://site.example.org", "https://new.example.org" } });
        (await workspace.Post($"/v1/submissions/{(await workspace.LastEntry())["id"]}/reprocess"))["verdict"]!
            .ToString()
            .Should()
            .Be("accepted");
    }

    [Fact]
    public async Task the_reason_and_the_errors_are_those_of_the_last_try()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await workspace.Submit(form, new { email = "nonsense" });
        var entry = await workspace.LastEntry();
        await workspace.Changed(form, new { status = "closed" });
        var again = await workspace.Post($"/v1/submissions/{entry["id"]}/reprocess");
        again["reason"]!.ToString().Should().Be("form_closed");
        again["errors"]!.AsArray().Select(e => e!.S("code")).Should().Equal("form_closed");
    }

    [Fact]
    public async Task approving_goes_past_a_closed_form_a_foreign_origin_and_missing_values()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(
            await workspace.NewForm(
                new
                {
                    name = "Strict",
                    fields = Fields(companyRequired: true),
                    allowedOrigins = new[] { "https://site.example.org" },
                }
            ),
            new { status = "closed" }
        );
        await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Origin", "https://new.example.org"));
        var approved = await workspace.Post($"/v1/submissions/{(await workspace.LastEntry())["id"]}/approve");
        (approved["verdict"]!.ToString(), approved["errors"]!.AsArray().Single()!.S("field")).Should().Be(("accepted", "company"));
    }

    [Fact]
    public async Task entries_are_processed_again_by_form_verdict_and_reason_a_page_at_a_time()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(new { name = "Strict", fields = Fields(companyRequired: true) });
        var other = await workspace.NewForm(new { name = "Other", fields = Fields(companyRequired: true) });
        for (var i = 0; i < 7; i++)
            await workspace.Submit(form, new { email = $"p{i}@silva.example.org" });
        await workspace.Submit(form, new { email = "q@silva.example.org", company = "x" });
        await workspace.Submit(
            form,
            new
            {
                email = "r@silva.example.org",
                company = "x",
                _gotcha = "x",
            }
        );
        await workspace.Submit(other, new { email = "o@silva.example.org" });
        await workspace.Changed(form, new { fields = Fields(companyRequired: false) });

        var sizes = new List<int>();
        string? after = null;
        bool more;
        do
        {
            var page = await workspace.Post(
                "/v1/submissions/reprocess",
                new
                {
                    form = form.S("id"),
                    verdict = "rejected",
                    reason = "validation_failed",
                    limit = 3,
                    after,
                }
            );
            page.Status.Should().Be(200, page.Text);
            page["verdicts"]!["accepted"]!.GetValue<int>().Should().Be(page["processed"]!.GetValue<int>());
            sizes.Add(page["processed"]!.GetValue<int>());
            more = page["hasMore"]!.GetValue<bool>();
            after = page["after"]!.ToString();
        } while (more);

        sizes.Should().Equal(3, 3, 1);
        (await workspace.All("/v1/leads")).Should().HaveCount(8);
        (await workspace.All($"/v1/submissions?form={form["id"]}&verdict=rejected")).Should().BeEmpty();
        (await workspace.All($"/v1/submissions?form={form["id"]}&verdict=quarantined")).Should().ContainSingle();
        (await workspace.All($"/v1/submissions?form={other["id"]}&verdict=rejected"))
            .Should()
            .ContainSingle("the other form was not asked for");
        var none = await workspace.Post("/v1/submissions/reprocess", new { form = form.S("id"), verdict = "rejected" });
        none.Text.Should().Be("""{"processed":0,"verdicts":{},"hasMore":false,"after":null}""");
        (await workspace.Post("/v1/submissions/reprocess", new { verdict = "accepted" })).Errors.Should().Equal("verdict:not_a_choice");
        (await workspace.Post("/v1/submissions/reprocess", new { limit = 501 })).Errors.Should().Equal("limit:out_of_range");
    }

    [Fact]
    public async Task what_was_taken_is_not_processed_again()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var accepted = await workspace.Submit(form, new { email = "ana@silva.example.org" });
        var merged = await workspace.Submit(form, new { email = "ana@silva.example.org" });
        foreach (var receipt in new[] { accepted, merged })
        foreach (var verb in new[] { "reprocess", "approve" })
        {
            var answer = await workspace.Post($"/v1/submissions/{receipt["id"]}/{verb}");
            (answer.Status, answer.Code).Should().Be((409, "wrong_state"));
        }
        (await workspace.Post("/v1/submissions/sub_01h455vb4pex5vsknk084sn02q/reprocess")).Status.Should().Be(404);
        var other = await server.NewWorkspace();
        (await other.Post($"/v1/submissions/{accepted["id"]}/spam")).Status.Should().Be(404);
    }

    [Fact]
    public async Task an_entry_that_names_nobody_is_not_taken_without_a_lead()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        object[] nobodies =
        [
            new { email = "nonsense", message = "Who am I?" },
            new { message = "No field that says who it is." },
            new
            {
                email = "  ",
                phone = "12",
                _gotcha = "x",
            },
        ];
        foreach (var fields in nobodies)
        {
            await workspace.Submit(form, fields);
            var entry = await workspace.LastEntry();
            foreach (var (verb, body) in new (string, object)[] { ("approve", new { }), ("approve", new { lead = "new" }) })
            {
                var answer = await workspace.Post($"/v1/submissions/{entry["id"]}/{verb}", body);
                (answer.Status, answer.Code).Should().Be((409, "wrong_state"), answer.Text);
            }
            var (before, after) = (entry, await workspace.LastEntry());
            (after.S("id"), after.S("verdict"), after["lead"]?.ToString(), after.S("version"))
                .Should()
                .Be((before.S("id"), before.S("verdict"), null, before.S("version")), "it waits as before");
        }
        (await workspace.All("/v1/leads")).Should().BeEmpty();

        // A member may say whose it is; and a form that asks nobody who they are has answers, not leads.
        var known = await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" });
        var whose = await workspace.LastEntry();
        var added = await workspace.Post($"/v1/submissions/{whose["id"]}/approve", new { lead = known["id"]!.ToString() });
        (added.Status, added["verdict"]!.ToString()).Should().Be((200, "merged"), added.Text);
        var survey = await workspace.Post(
            "/v1/forms",
            new
            {
                name = "Survey",
                status = "published",
                fields = new[] { new { name = "answer", kind = "text" } },
            }
        );
        survey.Status.Should().Be(201, survey.Text);
        await workspace.Submit(survey.Json, new { answer = "Yes", _gotcha = "x" });
        var opinion = await workspace.LastEntry();
        var taken = await workspace.Post($"/v1/submissions/{opinion["id"]}/approve", new { });
        (taken.Status, taken["verdict"]!.ToString()).Should().Be((200, "accepted"), taken.Text);
        (await workspace.Submit(survey.Json, new { answer = "No", _gotcha = "x" })).Status.Should().Be(201);
        var other = await workspace.LastEntry();
        (await workspace.Post($"/v1/submissions/{other["id"]}/approve", new { lead = "new" })).Status.Should().Be(409);
    }

    [Fact]
    public async Task an_entry_whose_key_was_used_again_meanwhile_is_not_taken_twice()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(await workspace.ContactForm(), new { status = "closed" });
        var fields = new { email = "ana@silva.example.org", _key = "page-1" };
        await workspace.Submit(form, fields);
        var rejected = await workspace.LastEntry();
        await workspace.Changed(form, new { status = "published" });
        (await workspace.Submit(form, fields)).Status.Should().Be(201);

        var answer = await workspace.Post($"/v1/submissions/{rejected["id"]}/reprocess");
        (answer.Status, answer.Code).Should().Be((409, "wrong_state"));
        (await workspace.Post("/v1/submissions/reprocess"))["verdicts"]!.ToJsonString().Should().Be("""{"skipped":1}""");
    }

    [Fact]
    public async Task an_entry_whose_form_is_gone_says_so()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await workspace.Submit(form, new { email = "nonsense" });
        var deleted = await workspace.Delete($"/v1/forms/{form["id"]}");
        (deleted.Status, deleted.Code).Should().Be((409, "in_use"), "a form with entries stays, so that they can be processed again");
    }

    [Fact]
    public async Task ten_members_who_approve_at_once_make_one_lead()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var receipt = await workspace.Submit(form, new { email = "ana@silva.example.org", _gotcha = "x" });
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => workspace.Post($"/v1/submissions/{receipt["id"]}/approve")));
        answers.Count(a => a.Status == 200).Should().Be(1);
        answers.Where(a => a.Status != 200).Should().OnlyContain(a => a.Status == 409);
        (await workspace.Get("/v1/events?type=lead.created")).Data.Should().ContainSingle();
        (await workspace.Entry(receipt))["attempts"]!.GetValue<long>().Should().Be(2);
    }

    [Fact]
    public async Task a_post_that_our_code_fails_on_is_kept_and_taken_once_the_cause_is_gone()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await workspace.Submit(form, new { email = "ana@silva.example.org", name = "Ana" });
        var lead = await workspace.LeadOf("ana@silva.example.org");
        // A row that no code of ours can read: what a disk or another program may leave behind.
        var (rows, type, row) = await Row(workspace, lead);
        await Put(rows, type, row, 1, "{\"emails\":7"u8.ToArray(), lead);

        var receipt = await workspace.Submit(form, new { email = "ana@silva.example.org", company = "Silva Ltda" });

        receipt.Status.Should().Be(201, "the visitor did nothing wrong, and his post is kept");
        var entry = await workspace.Entry(receipt);
        (entry.S("verdict"), entry.S("reason"), entry["fields"]!.S("company")).Should().Be(("failed", "error", "Silva Ltda"));
        (await workspace.Get("/v1/submissions?verdict=failed")).Data.Should().ContainSingle();
        entry["errors"]!
            .AsArray()
            .Single()!
            .S("message")
            .Should()
            .NotContain("emails", "the entry says the kind of error and nothing of anybody's data");

        await Put(rows, type, row, 2, row.Json, lead);
        (await workspace.Post("/v1/submissions/reprocess", new { verdict = "failed" }))["verdicts"]!
            .ToJsonString()
            .Should()
            .Be("""{"merged":1}""");
        (await workspace.Entry(receipt))["errors"]!.AsArray().Should().BeEmpty();
        (await workspace.LeadOf("ana@silva.example.org")).S("company").Should().Be("Silva Ltda");
    }

    async Task<(IWorkspaceStore, ResourceType, Row)> Row(TestWorkspace workspace, JsonNode lead)
    {
        var installation = server.Services.GetRequiredService<Installation>();
        var keys = installation.Catalog.Find("api-keys")!.Type;
        var owner = await installation.Store.FindOwner(keys.Collection, "hash", Domain.Workspaces.ApiKey.HashOf(workspace.Key), default);
        var rows = installation.Store.Open(owner!.Value.Workspace);
        var type = ResourceType.Of<Lead>();
        Id.TryParse(lead.S("id"), "lead", out var id).Should().BeTrue();
        return (rows, type, (await rows.Get(type.Collection, id, default))!.Value);
    }

    static async Task Put(IWorkspaceStore rows, ResourceType type, Row row, long version, ReadOnlyMemory<byte> json, JsonNode lead)
    {
        var document = new Document(type.Collection, row.Id, version + 1, json, [("email", Key.Of(lead["emails"]![0]!.S("address")))], []);
        (await rows.Commit([new Change.Replace(document, version)], default)).Committed.Should().BeTrue();
    }

    static object[] Fields(bool companyRequired) =>
        [
            new
            {
                name = "email",
                kind = "email",
                required = true,
                mapsTo = "email",
            },
            new
            {
                name = "company",
                kind = "text",
                required = companyRequired,
                mapsTo = "company",
            },
        ];
}
