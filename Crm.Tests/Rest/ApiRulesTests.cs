// Rules of the API as a whole: nothing that is sent does nothing silently, null means something or is refused, files are files.

using System.Text.Json.Nodes;
using Crm.Api.Forms;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public sealed class ApiRulesTests(CrmServer server)
{
    // ---- What would silently do nothing

    [Theory]
    [InlineData("https://www.silva.example.org", "www.silva.example.org")]
    [InlineData("https://WWW.silva.example.org/", "www.silva.example.org")]
    [InlineData("http://localhost:8080", "localhost:8080")]
    [InlineData("www.silva.example.org", "www.silva.example.org")]
    [InlineData("silva.example.org:8443", "silva.example.org:8443")]
    [InlineData("bücher.example.org", "xn--bcher-kva.example.org")]
    [InlineData("https://www.silva.example.org/thanks", null)]
    [InlineData("*.silva.example.org", null)]
    [InlineData("ftp://silva.example.org", null)]
    [InlineData("ana@silva.example.org", null)]
    [InlineData("www silva", null)]
    public async Task a_redirect_host_is_read_as_a_host_or_refused(string written, string? host)
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/forms", new { name = "Contact 2", allowedRedirectHosts = new[] { written } });
        if (host is null)
        {
            made.Status.Should().Be(422, made.Text);
            made.Errors.Should().Equal("allowedRedirectHosts.0:invalid");
            return;
        }
        made.Status.Should().Be(201, made.Text);
        made["allowedRedirectHosts"]!.AsArray().Select(h => h!.ToString()).Should().Equal(host);
        var scheme = written.StartsWith("http:", StringComparison.Ordinal) ? "http" : "https";
        var receipt = await workspace.Submit(made.Json!, new { email = "ana@example.org", _next = $"{scheme}://{host}/thanks" });
        receipt["next"]!.ToString().Should().Be($"{scheme}://{host}/thanks", "what was allowed is done");
    }

    [Theory]
    [InlineData("it", true)]
    [InlineData("it-CH", true)]
    [InlineData("PT-br", true)]
    [InlineData("ar", true)]
    [InlineData("sv", false)]
    [InlineData("ja", false)]
    [InlineData("zz", false)]
    public async Task a_page_speaks_its_language_or_the_language_is_refused(string language, bool spoken)
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/forms", new { name = "Contact 2", language });
        made.Status.Should().Be(spoken ? 201 : 422, made.Text);
        if (!spoken)
            made.Errors.Should().Equal("language:not_a_choice");
    }

    [Fact]
    public void the_languages_that_forms_take_are_those_that_the_page_has_words_for() =>
        FormWords.Languages.Should().BeEquivalentTo(FormLanguages.Spoken);

    [Theory]
    [InlineData("/v1/leads", "text/csv", true)]
    [InlineData("/v1/affiliates/aff_00000000000000000000000000", "text/csv", false)]
    [InlineData("/v1/leads", "application/xml, text/html", false)]
    [InlineData("/v1/leads", "application/json;q=0, image/png", false)]
    [InlineData("/v1/leads", "text/csv, */*;q=0.1", true)]
    [InlineData("/v1/leads", "application/*", true)]
    [InlineData("/v1/leads", "application/vnd.api+json", true)]
    [InlineData("/v1/leads", "", true)]
    [InlineData("/v1/leads", "json", true)]
    [InlineData("/v1/leads", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true)]
    [InlineData("/v1/reports/links", "text/csv", true)]
    [InlineData("/v1/reports/links", "image/svg+xml", true)]
    [InlineData("/v1/reports/links", "application/pdf", false)]
    public async Task who_accepts_no_type_that_is_answered_is_refused(string path, string accept, bool answered)
    {
        var workspace = await server.NewWorkspace();
        var reply = await workspace.Get(path, ("Accept", accept));
        reply.Status.Should().Be(answered ? 200 : 406, reply.Text);
        if (!answered)
            reply.Code.Should().Be("not_acceptable");
    }

    [Fact]
    public async Task a_parameter_that_does_nothing_is_refused_on_changes_too()
    {
        var workspace = await server.NewWorkspace();
        var lead = $"/v1/leads/{(await workspace.Post("/v1/leads", new { lastName = "Silva" }))["id"]}";
        foreach (
            var reply in new[]
            {
                await workspace.Post("/v1/leads?dryRun=true", new { lastName = "Souza" }),
                await workspace.Patch(lead + "?validate=1", new { lastName = "Souza" }),
                await workspace.Delete(lead + "?soft=true"),
                await workspace.Post(lead + "/convert?kind=company"),
                await workspace.Get("/v1/reports/links?width=400"),
                await workspace.Get("/v1/reports/links?format=svg&bom=false"),
            }
        )
        {
            reply.Status.Should().Be(400, reply.Text);
            reply.Code.Should().BeOneOf("unknown_parameter", "invalid_parameter");
        }
        (await workspace.All("/v1/leads")).Should().ContainSingle().Which["lastName"]!.ToString().Should().Be("Silva");
    }

    [Theory]
    [InlineData("!!!", 0)]
    [InlineData("%20", 1)]
    [InlineData("silva", 1)]
    public async Task a_search_for_signs_finds_nothing_and_not_everything(string words, int found)
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = "Silva" });
        (await workspace.Get($"/v1/leads?q={words}")).Data.Should().HaveCount(found);
    }

    // ---- What null means

    [Fact]
    public async Task null_in_a_change_removes_what_can_be_nothing_and_is_refused_for_everything_else()
    {
        var workspace = await server.NewWorkspace();
        var samples = new Samples(workspace, CrmCatalog.Standard);
        foreach (var entry in CrmCatalog.Standard.Public.Where(e => e.Type.Can.HasFlag(Operations.Create | Operations.Update)))
        {
            var path = $"/v1/{entry.Type.Plural}/{(await samples.Make(entry))["id"]}";
            var before = (await workspace.Get(path)).Json!.AsObject();
            foreach (var field in entry.Type.Fields.Where(f => Samples.IsWritable(f) && !f.IsWriteOnce && !f.Nullable))
            {
                var reply = await workspace.Patch(path, new JsonObject { [field.Name] = null });
                reply.Status.Should().Be(422, $"{entry.Type.Name}.{field.Name}: {reply.Text}");
                reply.Errors.Should().Contain(field.Name + ":not_nullable");
            }
            JsonNode.DeepEquals(before, (await workspace.Get(path)).Json).Should().BeTrue("nothing was wiped");
        }
    }

    [Fact]
    public async Task a_client_that_sends_null_for_what_was_not_said_makes_a_record_with_the_defaults()
    {
        var workspace = await server.NewWorkspace();
        foreach (var plural in new[] { "forms", "links", "leads", "affiliates", "sites", "campaigns" })
        {
            var entry = CrmCatalog.Standard.Find(plural)!;
            var said = new JsonObject();
            foreach (var field in entry.Type.Fields.Where(Samples.IsWritable))
                said[field.Name] = entry.Type.MustBeGiven(field)
                    ? plural == "links"
                        ? "https://example.org/"
                        : "Said"
                    : null;
            said[plural == "leads" ? "lastName" : "name"] = "Said";
            var made = await workspace.Post($"/v1/{plural}", said);
            made.Status.Should().Be(201, made.Text);
            foreach (var field in entry.Type.Fields.Where(Samples.IsWritable))
                if (entry.Type.Default(field) is { } value && field.Name != "slug" && field.Name != "matomoId")
                    JsonNode
                        .DeepEquals(made[field.Name], JsonNode.Parse(value.Utf8.Span))
                        .Should()
                        .BeTrue($"{plural}.{field.Name} is {made[field.Name]?.ToJsonString()}");
        }
    }

    // ---- Files

    [Fact]
    public async Task a_csv_file_says_that_it_is_utf_8_and_what_it_is_called()
    {
        var workspace = await server.NewWorkspace();
        foreach (var (query, mark) in new[] { ("?format=csv", true), ("?format=csv&bom=true", true), ("?format=csv&bom=false", false) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/reports/links{query}&from=2026-11-01&to=2026-11-30");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + workspace.Key);
            using var response = await server.Http.SendAsync(request);
            var bytes = await response.Content.ReadAsByteArrayAsync();
            bytes.AsSpan().StartsWith("\uFEFF"u8).Should().Be(mark);
            response.Content.Headers.ContentDisposition!.ToString().Should().Be("attachment; filename=\"links-2026-11-01-2026-11-30.csv\"");
        }
        (await workspace.Get("/v1/reports/links?format=csv&bom=maybe")).Errors.Should().Equal("bom:invalid");
        (await workspace.Get("/v1/reports/links")).Header("Content-Disposition").Should().BeNull();
    }
}
