// A page that was written for Formspree posts here with Formspree's own client, unchanged.

using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
public sealed class FormspreeClientTests(CrmServer server)
{
    [NeedsNodeFact]
    public async Task its_success_is_a_lead_whether_it_sends_json_or_form_data()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var results = await Submit(
            new
            {
                key = form.S("key"),
                data = new
                {
                    name = "Ana Silva",
                    email = "ana@silva.example.org",
                    colours = new[] { "red", "blue" },
                    age = 30,
                    vip = true,
                    nothing = (string?)null,
                },
                @as = "object",
            },
            new
            {
                key = form.S("key"),
                data = new
                {
                    name = "Bia Costa",
                    email = "bia@silva.example.org",
                    colours = new[] { "red", "blue" },
                },
                @as = "form",
            }
        );

        results.Select(r => r!.S("kind")).Should().Equal("success", "success");
        results.Select(r => r!.S("next")).Should().OnlyContain(next => next == $"{server.Address}forms/{form["key"]}/thanks");
        (await workspace.LeadOf("ana@silva.example.org")).S("lastName").Should().Be("Silva");
        (await workspace.LeadOf("bia@silva.example.org")).S("lastName").Should().Be("Costa");
        var entries = await workspace.All("/v1/submissions?sort=createdAt");
        entries.Select(e => e.S("contentType").Split(';')[0]).Should().Equal("application/json", "multipart/form-data");
        entries.Select(e => string.Join(',', e["fields"]!["colours"].Texts())).Should().Equal("red,blue", "red,blue");
        (entries[0]["fields"]!.S("age"), entries[0]["fields"]!.S("vip")).Should().Be(("30", "true"));
    }

    [NeedsNodeFact]
    public async Task its_field_errors_name_the_fields_and_its_form_errors_say_what_is_wrong_with_the_form()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Strict",
                fields = new object[]
                {
                    new
                    {
                        name = "name",
                        label = "Your name",
                        kind = "text",
                        required = true,
                    },
                    new
                    {
                        name = "email",
                        kind = "email",
                        mapsTo = "email",
                        required = true,
                    },
                    new
                    {
                        name = "age",
                        kind = "integer",
                        required = true,
                    },
                },
            }
        );
        var closed = await workspace.NewForm(new { name = "Closed", status = "closed" });

        var results = await Submit(
            new
            {
                key = form.S("key"),
                data = new { email = "nowhere", age = "old" },
                @as = "object",
            },
            new
            {
                key = form.S("key"),
                data = new { email = "nowhere", age = "old" },
                @as = "form",
            },
            new
            {
                key = "nosuchform",
                data = new { email = "ana@silva.example.org" },
                @as = "object",
            },
            new
            {
                key = closed.S("key"),
                data = new { email = "ana@silva.example.org" },
                @as = "object",
            }
        );

        foreach (var result in results.Take(2))
        {
            result!.S("kind").Should().Be("error");
            result!["form"]!.AsArray().Should().BeEmpty();
            result["fields"]!
                .AsObject()
                .Select(f => $"{f.Key}: {f.Value!.AsArray().Single()!["message"]}")
                .Should()
                .Equal(
                    "name: Your name: a value is needed.",
                    "email: An e-mail address has one @ with text on both sides, for example ana@example.org.",
                    "age: Must be a whole number."
                );
        }
        foreach (var (result, message) in results.Skip(2).Zip(["There is no form with this key.", "This form is not open."]))
        {
            result!.S("kind").Should().Be("error");
            result!["fields"]!.AsObject().Should().BeEmpty();
            result["form"]!.AsArray().Should().ContainSingle().Which!.S("message").Should().Be(message);
        }
    }

    [NeedsNodeFact]
    public async Task its_trap_and_its_steering_fields_work_here()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.Changed(await workspace.ContactForm(), new { allowedRedirectHosts = new[] { "site.example.org" } });
        var results = await Submit(
            new
            {
                key = form.S("key"),
                data = new { email = "bot@spam.example.org", _gotcha = "x" },
                @as = "form",
            },
            new
            {
                key = form.S("key"),
                data = new
                {
                    email = "ana@silva.example.org",
                    _next = "https://site.example.org/thanks",
                    _subject = "Hello",
                },
                @as = "form",
            }
        );
        results.Select(r => r!.S("kind")).Should().Equal("success", "success");
        results[1]!.S("next").Should().Be("https://site.example.org/thanks");
        (await workspace.All("/v1/submissions?sort=createdAt")).Select(e => e.S("verdict")).Should().Equal("quarantined", "accepted");
    }

    async Task<JsonArray> Submit(params object[] posts) =>
        JsonNode
            .Parse(
                await Npm.Run(
                    "formspree.mjs",
                    JsonSerializer.Serialize(new { endpoint = server.Address.GetLeftPart(UriPartial.Authority), posts })
                )
            )!
            .AsArray();
}
