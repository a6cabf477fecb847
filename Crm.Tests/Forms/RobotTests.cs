// Posts that look like a robot's: kept aside with the same answer as a person's, until a member decides.

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
public sealed partial class RobotTests(CrmServer server)
{
    [Fact]
    public async Task a_filled_honeypot_is_put_into_quarantine_with_the_same_answer_as_a_persons()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var person = await workspace.Submit(form, new { email = "ana@silva.example.org", _gotcha = "" });
        var robot = await workspace.Submit(
            form,
            new
            {
                email = "bot@spam.example.org",
                name = "Bot",
                _gotcha = "http://spam.example",
            }
        );

        robot.Status.Should().Be(person.Status);
        robot["next"]!.ToString().Should().Be(person["next"]!.ToString());
        robot["id"]!.ToString().Should().HaveLength(person["id"]!.ToString().Length);
        robot.Headers.Select(h => h.Key).Should().BeEquivalentTo(person.Headers.Select(h => h.Key));
        var entry = await workspace.Entry(robot);
        (entry.S("verdict"), entry.S("reason"), entry.S("lead"), entry["fields"]!.S("name"))
            .Should()
            .Be(("quarantined", "honeypot", "", "Bot"));
        entry["signals"].Texts().Should().Equal("honeypot");
        entry["unknownFields"]!.AsArray().Should().BeEmpty();
        (await workspace.Entry(person)).S("verdict").Should().Be("accepted");
        (await workspace.Get("/v1/leads?email=bot@spam.example.org")).Data.Should().BeEmpty();
        (await workspace.Get("/v1/events?type=submission.quarantined"))
            .Data.Should()
            .ContainSingle()
            .Which!.S("subject")
            .Should()
            .Be(entry.S("id"));
    }

    [Fact]
    public async Task a_robot_that_gets_a_field_wrong_hears_nothing_of_it()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        (await workspace.Submit(form, new { email = "nonsense", _gotcha = "x" })).Status.Should().Be(201);
        (await workspace.LastEntry()).S("reason").Should().Be("honeypot");
    }

    [Theory]
    [InlineData("website", "website", "http://spam.example", "quarantined")]
    [InlineData("website", "_gotcha", "x", "accepted")]
    [InlineData("bot-field", "bot-field", "x", "quarantined")]
    [InlineData("_gotcha", "_gotcha", "   ", "accepted")]
    [InlineData("_gotcha", "_GOTCHA", "x", "accepted")]
    public async Task the_form_says_which_field_is_the_trap(string honeypot, string posted, string value, string verdict)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(await workspace.ContactForm(), new { honeypot });
        await workspace.SubmitPairs(form, [("email", "ana@silva.example.org"), (posted, value)]);
        (await workspace.LastEntry()).S("verdict").Should().Be(verdict);
    }

    [Fact]
    public async Task a_post_right_after_the_hosted_page_is_too_fast_and_one_in_due_time_is_not()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var quick = await HostedPage(workspace, form);
        (
            await workspace.SubmitPage(
                form,
                new
                {
                    email = "bot@spam.example.org",
                    _t = quick.Token,
                    _key = quick.Key,
                }
            )
        ).Status.Should().Be(303);
        var entry = await workspace.LastEntry();
        (entry.S("verdict"), entry.S("reason")).Should().Be(("quarantined", "too_fast"));
        entry["signals"].Texts().Should().Equal("too_fast");
        entry["fields"]!.AsObject().Should().NotContainKey("_t");

        form = await workspace.Changed(form, new { minimumFillSeconds = 0 });
        var page = await HostedPage(workspace, form);
        await workspace.SubmitPage(
            form,
            new
            {
                email = "ana@silva.example.org",
                _t = page.Token,
                _key = page.Key,
            }
        );
        (await workspace.LastEntry()).S("verdict").Should().Be("accepted");
        quick.Key.Should().NotBe(page.Key);
    }

    [Theory]
    [InlineData(1.9, "quarantined")]
    [InlineData(2.1, "accepted")]
    [InlineData(3600, "accepted")]
    [InlineData(30 * 24 * 3600, "accepted")]
    [InlineData(-60, "quarantined")]
    public async Task the_signed_time_says_how_long_it_took_and_an_old_page_is_fine(double seconds, string verdict)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        // The hurried one must not be slowed down by a busy machine into a person.
        if (verdict == "quarantined" && seconds > 0)
            form = await workspace.Changed(form, new { minimumFillSeconds = 60 });
        await workspace.Submit(
            form,
            new { email = "ana@silva.example.org", _t = await server.Token(form.S("key"), TimeSpan.FromSeconds(seconds)) }
        );
        (await workspace.LastEntry()).S("verdict").Should().Be(verdict);
    }

    [Fact]
    public async Task a_time_that_we_did_not_sign_for_this_form_is_forged()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var other = await workspace.NewForm(new { name = "Other" });
        var token = await server.Token(form.S("key"), TimeSpan.FromMinutes(1));
        var (time, sign) = (token[..token.IndexOf('.')], token[(token.IndexOf('.') + 1)..]);
        foreach (
            var forged in new[]
            {
                $"{time}.{sign[..^1]}x",
                $"{time}.{sign.ToUpperInvariant()}",
                $"{long.Parse(time) - 60_000}.{sign}",
                $"{time}.{new string('0', 16)}",
                $"{time}.\u0430{sign[1..]}",
                await server.Token(other.S("key"), TimeSpan.FromMinutes(1)),
            }
        )
        {
            (await workspace.Submit(form, new { email = "bot@spam.example.org", _t = forged })).Status.Should().Be(201);
            var entry = await workspace.LastEntry();
            (entry.S("verdict"), entry.S("reason")).Should().Be(("quarantined", "forged_time"), forged);
        }
        (await workspace.Submit(form, new { email = "ana@silva.example.org" })).Status.Should().Be(201);
        (await workspace.LastEntry()).S("verdict").Should().Be("accepted", "a page of somebody else's carries no time of ours");
        foreach (
            var busted in new[] { "", "x", "1764000000000", "1764000000000.5", "0.8437483948572834", "20261129", new string('9', 10_000) }
        )
        {
            (await workspace.Submit(form, new { email = "ana@silva.example.org", _t = busted })).Status.Should().Be(201);
            (await workspace.LastEntry()).S("verdict").Should().Be("merged", "pages use this name for cache busters: {0}", busted);
        }
    }

    [Fact]
    public async Task a_member_vouches_for_an_entry_and_the_lead_is_there()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var receipt = await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                name = "Ana Silva",
                phone = "nonsense",
                _gotcha = "filled by a password manager",
            }
        );

        var approved = await workspace.Post($"/v1/submissions/{receipt["id"]}/approve");

        (approved.Status, approved["verdict"]!.ToString(), approved["reason"]?.ToString()).Should().Be((200, "accepted", null));
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (approved["lead"]!.ToString(), lead.S("firstName"), lead["phones"]!.AsArray().Count).Should().Be((lead.S("id"), "Ana", 0));
        approved["signals"].Texts().Should().Equal("honeypot");
        approved["notes"]!
            .AsArray()
            .Select(e => $"{e!["field"]}:{e["code"]}")
            .Should()
            .Equal(["phone:value_unreadable"], "the value that is not valid stays in the entry");
        (await workspace.Entry(receipt)).S("createdAt").Should().Be(lead["firstTouch"]!.S("at"));
        var again = await workspace.Post($"/v1/submissions/{receipt["id"]}/approve");
        (again.Status, again.Code).Should().Be((409, "wrong_state"));
        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline"))
            .Data.Select(e => $"{e!.S("type")} {string.Join(' ', e!["also"].Texts())}")
            .Should()
            .Equal("lead.created submission.accepted");
    }

    [Fact]
    public async Task spam_takes_the_lead_that_it_alone_made_with_it_and_approving_brings_both_back()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var receipt = await workspace.Submit(form, new { email = "bot@spam.example.org", name = "Bot" });
        var lead = await workspace.LeadOf("bot@spam.example.org");

        var put = await workspace.Post($"/v1/submissions/{receipt["id"]}/spam");

        (put["verdict"]!.ToString(), put["reason"]!.ToString(), put["lead"]?.ToString()).Should().Be(("rejected", "spam", null));
        (await workspace.Get($"/v1/leads/{lead["id"]}")).Status.Should().Be(404);
        (await workspace.Get("/v1/events?type=submission.spam")).Data.Should().ContainSingle();
        (await workspace.Post($"/v1/submissions/{receipt["id"]}/spam")).Status.Should().Be(200, "saying it twice changes nothing");
        (await workspace.Get("/v1/events?type=submission.spam")).Data.Should().ContainSingle();

        (await workspace.Post($"/v1/submissions/{receipt["id"]}/approve"))["verdict"]!.ToString().Should().Be("accepted");
        (await workspace.LeadOf("bot@spam.example.org")).S("firstName").Should().Be("Bot");
    }

    [Fact]
    public async Task an_approval_is_taken_back_and_the_entry_waits_as_before()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var receipt = await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                name = "Ana",
                _gotcha = "x",
            }
        );
        var early = await workspace.Post($"/v1/submissions/{receipt["id"]}/hold");
        (early.Status, early.Code).Should().Be((409, "wrong_state"), "nothing was approved");
        (await workspace.Get("/v1/submissions?tray=held")).Data.Should().ContainSingle();

        // A lead that it alone made goes with it.
        (await workspace.Post($"/v1/submissions/{receipt["id"]}/approve"))["tray"]?.ToString().Should().BeNull();
        var held = await workspace.Post($"/v1/submissions/{receipt["id"]}/hold");
        (held["verdict"]!.ToString(), held["reason"]!.ToString(), held["tray"]!.ToString(), held["lead"]?.ToString())
            .Should()
            .Be(("quarantined", "held", "held", null), held.Text);
        (await workspace.Get("/v1/leads")).Data.Should().BeEmpty();
        (await workspace.Post("/v1/submissions/reprocess"))["processed"]!.GetValue<int>().Should().Be(0, "a member decides");

        // Of somebody else's only what it brought.
        var known = await workspace.Post("/v1/leads", new { email = "bia@silva.example.org" });
        await workspace.Post($"/v1/submissions/{receipt["id"]}/approve", new { lead = known["id"]!.ToString() });
        var lead = (await workspace.Get($"/v1/leads/{known["id"]}")).Json!;
        (lead.S("firstName"), lead["emails"]!.AsArray().Count).Should().Be(("Ana", 1), "another address is only proposed");
        await workspace.Post($"/v1/submissions/{receipt["id"]}/hold");
        lead = (await workspace.Get($"/v1/leads/{known["id"]}")).Json!;
        (lead["firstName"]?.ToString(), lead["emails"]!.AsArray().Count).Should().Be((null, 1));
        (await workspace.Get("/v1/events?type=submission.held")).Data.Should().HaveCount(2);
        foreach (var (tray, many) in new[] { ("held", 1), ("refused", 0), ("unread", 0), ("spam", 0) })
            (await workspace.Get($"/v1/submissions?tray={tray}")).Data.Should().HaveCount(many, tray);
    }

    [Fact]
    public async Task spam_leaves_a_lead_alone_that_others_made_or_that_somebody_worked_on()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var first = await workspace.Submit(form, new { email = "ana@silva.example.org" });
        var second = await workspace.Submit(form, new { email = "ana@silva.example.org" });
        foreach (var receipt in new[] { second, first })
        {
            var put = await workspace.Post($"/v1/submissions/{receipt["id"]}/spam");
            (put["reason"]!.ToString(), put["lead"]!.ToString())
                .Should()
                .Be(("spam", (await workspace.LeadOf("ana@silva.example.org")).S("id")));
        }

        var worked = await workspace.Submit(form, new { email = "bia@silva.example.org" });
        await workspace.Patch($"/v1/leads/{(await workspace.LeadOf("bia@silva.example.org"))["id"]}", new { status = "working" });
        await workspace.Post($"/v1/submissions/{worked["id"]}/spam");
        (await workspace.LeadOf("bia@silva.example.org")).S("status").Should().Be("working");
        // Approved again, it belongs to the same lead.
        (await workspace.Post($"/v1/submissions/{worked["id"]}/approve"))["verdict"]!.ToString().Should().Be("merged");
    }

    [Fact]
    public async Task a_quarantined_entry_can_be_put_away_and_stays_away_when_others_are_processed_again()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var spam = await workspace.Submit(form, new { email = "bot@spam.example.org" });
        await workspace.Post($"/v1/submissions/{spam["id"]}/spam");
        var fast = await workspace.Submit(
            form,
            new { email = "fast@spam.example.org", _t = await server.Token(form.S("key"), TimeSpan.Zero) }
        );
        var forged = await workspace.Submit(form, new { email = "forged@spam.example.org", _t = $"1764000000000.0123456789abcdef" });
        var trapped = await workspace.Submit(form, new { email = "trap@spam.example.org", _gotcha = "x" });

        (await workspace.Post("/v1/submissions/reprocess", new { form = form.S("id") }))["verdicts"]!
            .ToJsonString()
            .Should()
            .Be("""{"quarantined":3}""", "what a member put away is not taken out by a batch");

        (await workspace.Get("/v1/leads")).Data.Should().BeEmpty("nothing about these posts has become better");
        (await workspace.Entry(fast)).S("reason").Should().Be("too_fast");
        (await workspace.Entry(forged)).S("reason").Should().Be("forged_time");
        (await workspace.Entry(trapped)).S("reason").Should().Be("honeypot");
        // The rule was too strict: without it the fast one is a person.
        await workspace.Changed(form, new { minimumFillSeconds = 0 });
        (await workspace.Post($"/v1/submissions/{fast["id"]}/reprocess"))["verdict"]!.ToString().Should().Be("accepted");
        // Asked for by name, spam is processed too.
        (await workspace.Post("/v1/submissions/reprocess", new { reason = "spam" }))["verdicts"]!
            .ToJsonString()
            .Should()
            .Be("""{"accepted":1}""");
    }

    [GeneratedRegex("name=\"_t\" value=\"([^\"]+)\"")]
    private static partial Regex TokenField();

    [GeneratedRegex("name=\"_key\" value=\"([^\"]+)\"")]
    private static partial Regex KeyField();

    static async Task<(string Token, string Key)> HostedPage(TestWorkspace workspace, JsonNode form)
    {
        var page = await workspace.With("").Get($"/forms/{form["key"]}");
        page.Status.Should().Be(200);
        return (TokenField().Match(page.Text).Groups[1].Value, KeyField().Match(page.Text).Groups[1].Value);
    }
}
