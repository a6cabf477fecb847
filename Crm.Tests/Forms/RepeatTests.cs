// A double click, a retry and a beacon are one post; a second message is not, whatever key it carries.

using System.Text.Json.Nodes;
using Crm.Tests.Rest;
using Xunit;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class RepeatTests(CrmServer server)
{
    [Theory]
    [InlineData("Idempotency-Key")]
    [InlineData("_key")]
    public async Task a_second_post_with_the_same_key_returns_the_first_receipt(string by)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var first = await Post(workspace, form, by, "click-1", "ana@silva.example.org");
        var second = await Post(workspace, form, by, "click-1", "ana@silva.example.org");
        var other = await Post(workspace, form, by, "click-2", "ana@silva.example.org");

        second.Text.Should().Be(first.Text);
        (first.Header("Idempotent-Replayed"), second.Header("Idempotent-Replayed")).Should().Be((null, "true"));
        other["id"]!.ToString().Should().NotBe(first["id"]!.ToString());
        (await workspace.All("/v1/submissions")).Should().HaveCount(2);
        (await workspace.Get("/v1/leads")).Data.Should().ContainSingle();
        (await workspace.Get("/v1/events?type=submission.accepted")).Data.Should().ContainSingle();
    }

    [Fact]
    public async Task the_header_and_the_field_are_the_same_key_and_the_header_counts_first()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var fields = new { email = "ana@silva.example.org", _key = "in the field" };
        var first = await workspace.Submit(form, fields);
        (await workspace.Submit(form, fields, ("Idempotency-Key", "in the field")))["id"]!.ToString().Should().Be(first["id"]!.ToString());
        (await workspace.Submit(form, fields, ("Idempotency-Key", "another")))["id"]!.ToString().Should().NotBe(first["id"]!.ToString());
    }

    [Theory]
    [InlineData("Idempotency-Key", true)]
    [InlineData("_key", true)]
    [InlineData("_key", false)]
    public async Task twenty_copies_at_once_are_one_submission_and_one_lead(string by, bool isNew)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        if (!isNew)
            await workspace.Submit(form, new { email = "ana@silva.example.org" });
        for (var round = 0; round < 5; round++)
        {
            var email = isNew ? $"ana{round}@silva.example.org" : "ana@silva.example.org";
            var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Post(workspace, form, by, $"key-{round}", email)));
            receipts.Should().OnlyContain(r => r.Status == 201);
            receipts.Select(r => r.Text).Distinct().Should().ContainSingle();
            receipts.Count(r => r.Header("Idempotent-Replayed") is null).Should().Be(1);
        }
        (await workspace.All("/v1/submissions")).Should().HaveCount(isNew ? 5 : 6);
        (await workspace.All("/v1/leads")).Should().HaveCount(isNew ? 5 : 1);
    }

    [Fact]
    public async Task a_rejected_post_does_not_use_up_its_key()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        (await Post(workspace, form, "_key", "page-1", "ana@")).Status.Should().Be(422);
        (await Post(workspace, form, "_key", "page-1", "ana@")).Status.Should().Be(422);
        var receipt = await Post(workspace, form, "_key", "page-1", "ana@silva.example.org");
        receipt.Status.Should().Be(201);
        (await Post(workspace, form, "_key", "page-1", "ana@silva.example.org"))["id"]!.ToString().Should().Be(receipt["id"]!.ToString());

        var entries = await workspace.All("/v1/submissions?sort=createdAt");
        entries.Select(e => e.S("verdict")).Should().Equal("rejected", "rejected", "accepted");
        entries.Should().OnlyContain(e => e.S("idempotencyKey") == "page-1");
    }

    [Fact]
    public async Task another_message_with_the_same_key_is_kept_and_not_taken_for_a_repetition()
    {
        // The visitor goes back to the page, which the browser shows as it was, writes something else and sends it.
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var first = await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                message = "A question",
                _key = "page-1",
            }
        );
        var second = await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                message = "Please call, it is urgent",
                _key = "page-1",
            }
        );

        second.Status.Should().Be(201);
        (await workspace.Entry(second))["fields"]!.S("message").Should().Be("Please call, it is urgent");
        second["id"]!.ToString().Should().NotBe(first["id"]!.ToString());
        (await workspace.LeadOf("ana@silva.example.org")).Proposals().Should().Equal("message=Please call, it is urgent");
        (
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    message = "Please call, it is urgent",
                    _key = "page-1",
                }
            )
        )["id"]!.ToString().Should().Be(second["id"]!.ToString());
    }

    [Fact]
    public async Task a_quarantined_post_is_not_repeated_either()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var fields = new
        {
            email = "bot@spam.example.org",
            _gotcha = "x",
            _key = "k",
        };
        var first = await workspace.Submit(form, fields);
        (await workspace.Submit(form, fields))["id"]!.ToString().Should().Be(first["id"]!.ToString());
        (await workspace.All("/v1/submissions")).Should().ContainSingle();
    }

    [Fact]
    public async Task forms_and_workspaces_do_not_share_keys()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var forms = new[]
        {
            (workspace, await workspace.ContactForm()),
            (
                workspace,
                await workspace.NewForm(
                    new
                    {
                        name = "Second",
                        fields = new object[]
                        {
                            new
                            {
                                name = "email",
                                kind = "email",
                                mapsTo = "email",
                            },
                        },
                    }
                )
            ),
            (other, await other.ContactForm()),
        };
        var ids = new List<string>();
        foreach (var (owner, form) in forms)
            ids.Add((await Post(owner, form, "_key", "same", "ana@silva.example.org"))["id"]!.ToString());
        ids.Should().OnlyHaveUniqueItems();
        (await workspace.All("/v1/submissions")).Should().HaveCount(2);
        (await other.All("/v1/submissions")).Should().ContainSingle();
    }

    [Fact]
    public async Task a_key_of_any_length_and_any_letters_is_a_key()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        string[] keys =
        [
            new('k', 255),
            new('k', 256),
            new('k', 257),
            new string('k', 8000) + "a",
            new string('k', 8000) + "b",
            "ключ",
            "钥匙\U0001F511",
            "a b\tc",
            "' OR 1=1 --",
            "%_%",
            "{\"$gt\":\"\"}",
            "sha256:0",
            "form:x:y",
        ];
        var ids = new List<string>();
        foreach (var key in keys)
        {
            var first = await Post(workspace, form, "_key", key, "ana@silva.example.org");
            first.Status.Should().Be(201, key);
            (await Post(workspace, form, "_key", key, "ana@silva.example.org"))["id"]!.ToString().Should().Be(first["id"]!.ToString(), key);
            ids.Add(first["id"]!.ToString());
        }
        ids.Should().OnlyHaveUniqueItems();
        // No key, an empty one and one of blanks: every post counts for itself.
        foreach (var key in new[] { "", "   ", "" })
            ids.Add((await Post(workspace, form, "_key", key, "ana@silva.example.org"))["id"]!.ToString());
        ids.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task an_origin_beyond_ascii_is_stored_and_answered_like_any_other()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var body = "email=ana@silva.example.org"u8.ToArray();
        var head =
            $"POST /f/{form["key"]} HTTP/1.1\r\nHost: x\r\nOrigin: https://b\u00c3\u00bccher.example\r\nAccept: application/json\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";

        (await server.Raw(head, body))
            .Status.Should()
            .Be(201, "the entry is stored, and a header that cannot be written back is no reason to say otherwise");
        (await workspace.All("/v1/submissions")).Should().ContainSingle();
    }

    static Task<Reply> Post(TestWorkspace workspace, JsonNode form, string by, string key, string email) =>
        by == "_key" ? workspace.Submit(form, new { email, _key = key }) : workspace.Submit(form, new { email }, (by, key));
}
