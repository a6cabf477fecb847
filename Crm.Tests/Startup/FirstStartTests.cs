// The first minutes: where the data lies however it is started, what the start says, and settings that nobody knows.

using System.Text.RegularExpressions;
using Crm.Api.Limiting;
using Crm.Api.Startup;
using Crm.Tests.Faults;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Crm.Tests.Startup;

[Collection(nameof(FaultsCollection))]
public sealed partial class FirstStartTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-first-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(params string[] names) => Path.Combine([folder, .. names]);

    [Fact]
    public async Task the_data_is_where_one_stands_or_at_its_former_place_and_two_are_an_error()
    {
        await using (var crm = await CrmProcess.StartIn(folder))
        {
            crm.Output.Should().Contain($"Data:          {At("data", "crm.db")}");
            await crm.Stop();
        }
        // As it lay before: in the project's folder.
        Directory.CreateDirectory(At("Crm.Api"));
        Directory.Move(At("data"), At("Crm.Api", "data"));
        await using (var crm = await CrmProcess.StartIn(folder))
        {
            crm.Output.Should().Contain($"Data:          {At("Crm.Api", "data", "crm.db")}").And.Contain("at a former place");
            await crm.Stop();
        }
        Directory.Exists(At("data")).Should().BeFalse();
        (await CrmProcess.RunIn(folder, "recount")).ExitCode.Should().Be(0, "commands find it too");
        Directory.CreateDirectory(At("data"));
        File.Copy(At("Crm.Api", "data", "crm.db"), At("data", "crm.db"));
        var (exit, said) = await CrmProcess.RunIn(folder);
        exit.Should().Be(1, said);
        said.Should().Contain(At("data", "crm.db")).And.Contain(At("Crm.Api", "data", "crm.db")).And.Contain("ConnectionStrings__Crm");
        said.Split('\n').Should().ContainSingle();
    }

    [Fact]
    public async Task the_start_says_what_there_is_to_open_and_each_of_it_answers()
    {
        await using var crm = await CrmProcess.StartIn(folder, ("Crm__TrustedProxy", "10.0.0.1"), ("Crm_AdminKey", "x"));
        foreach (
            var (name, type) in new[]
            {
                ("Hosted form", "text/html"),
                ("Desk", "text/html"),
                ("Reports", "text/html"),
                ("API reference", "text/html"),
                ("GraphQL", "text/html"),
            }
        )
        {
            var address = Regex.Match(crm.Output, $"^{name}: +(http://\\S+)$", RegexOptions.Multiline).Groups[1].Value;
            using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Accept = { new(type) } } };
            using var answer = await crm.Http.SendAsync(request);
            ((int)answer.StatusCode).Should().BeOneOf([200, 301, 302], $"{name} at {address}");
        }
        crm.Output.Should().Contain("The setting Crm__TrustedProxy is not known and changes nothing. Did you mean Crm__TrustedProxies?");
        crm.Output.Should().Contain("The setting Crm_AdminKey is not known and changes nothing. Did you mean Crm__AdminKey?");
        crm.Output.Should().Contain("until Crm__PublicUrl says how the world reaches this");
    }

    [Fact]
    public async Task addresses_name_the_host_that_the_world_knows()
    {
        var (exit, said) = await CrmProcess.RunIn(folder, "serve", "--Crm:PublicUrl=https://crm.example.org/crm");
        (exit, said.Contains("Crm__PublicUrl must be a scheme and a host")).Should().Be((1, true), said);
        Directory.EnumerateFileSystemEntries(folder).Should().BeEmpty();

        await using var crm = await CrmProcess.StartIn(folder, ("Crm__PublicUrl", "https://crm.example.org/"));
        crm.Output.Should().NotContain("until Crm__PublicUrl");
        using var made = await crm.Http.PostAsync(
            "/v1/links",
            new StringContent("""{"destination":"https://www.example.org/offer"}""", null, "application/json")
        );
        made.Headers.Location!.ToString().Should().StartWith("https://crm.example.org/v1/links/");
        var link = await Reply.Of(made);
        (await crm.Get($"/v1/links/{link["id"]}/address")).Text.Should().Contain("https://crm.example.org/l/");
        link["shortUrl"]!.ToString().Should().Be($"https://crm.example.org/l/{link["slug"]}");
        link["qrUrl"]!.ToString().Should().Be($"https://crm.example.org/v1/links/{link["id"]}/qr.svg");
        (await crm.Get("/v1/nosuch"))["type"]!.GetValue<string>().Should().StartWith("https://crm.example.org/problems/");
        // A page of the product under the name that the world knows is no stranger's page.
        using var posted = new HttpRequestMessage(HttpMethod.Post, crm.SubmitUrl)
        {
            Headers = { { "Origin", "https://crm.example.org" } },
            Content = new FormUrlEncodedContent([new("email", "ana@silva.example.org")]),
        };
        using var thanks = await crm.Http.SendAsync(posted);
        ((int)thanks.StatusCode).Should().Be(303);
        thanks.Headers.Location!.ToString().Should().StartWith("https://crm.example.org/forms/");
        (await crm.All("/v1/submissions")).Single()["origin"].Should().BeNull();
    }

    [Theory]
    [InlineData("Crm:Limits:FormAdress", null)] // refused by the table of limits itself
    [InlineData("Crm:PublicURL", null)] // letters' case does not matter
    [InlineData("Crm:PublicUri", "Crm__PublicUrl")]
    [InlineData("crm:adminkey", null)]
    [InlineData("Crm:Spool", "Crm__Spool__Path")]
    [InlineData("Crm:SpoolPath", "Crm__Spool__Path")]
    [InlineData("CRM_TRUSTED_PROXIES", "Crm__TrustedProxies")]
    [InlineData("CRM_TEST_STORE", null)]
    [InlineData("Logging:LogLevel:Default", null)]
    public void a_setting_that_nobody_reads_is_named_with_the_one_that_was_meant(string name, string? meant)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(name, "x")]).Build();
        var limits = LimitTable.From(new ConfigurationBuilder().Build().GetSection("Crm:Limits"));
        var said = KnownSettings.Unknown(configuration, limits).ToList();
        if (meant is not null)
            said.Should().ContainSingle().Which.Should().EndWith($"Did you mean {meant}?");
        else if (!name.Contains("Limits", StringComparison.Ordinal))
            said.Should().BeEmpty();
    }

    [Fact]
    public void every_setting_that_the_code_or_a_document_names_is_known()
    {
        var known = KnownSettings.All.Select(one => one.Variable).ToHashSet();
        var files = Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md"))
            .Concat(
                Directory
                    .EnumerateFiles(Path.Combine(Repository.Root, "Crm.Api"), "*.cs", SearchOption.AllDirectories)
                    .Where(file =>
                        !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                    )
            );
        var named = files.SelectMany(file => Variable().Matches(File.ReadAllText(file)).Select(match => match.Value)).ToHashSet();
        named.Should().Contain("Crm__AdminKey");
        // A section in a sentence stands for what is in it.
        named.RemoveWhere(name => known.Any(one => one.StartsWith(name + "__", StringComparison.Ordinal)));
        named.Where(name => !known.Contains(name) && !name.StartsWith("Crm__Limits", StringComparison.Ordinal)).Should().BeEmpty();
        known.Where(name => !named.Contains(name)).Should().BeEmpty("docs/settings.md has them all");
    }

    [Fact]
    public async Task the_table_of_settings_in_the_docs_is_the_one_that_the_start_checks()
    {
        const string head = "| setting | unless it is said | |\n| --- | --- | --- |\n";
        var file = Path.Combine(Repository.Root, "docs", "settings.md");
        var text = await File.ReadAllTextAsync(file);
        var start = text.IndexOf(head, StringComparison.Ordinal) + head.Length;
        var end = text.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1;
        var table = string.Concat(KnownSettings.All.Select(one => $"| `{one.Variable}` | {one.Usual} | {one.What} |\n"));
        if (Environment.GetEnvironmentVariable("CRM_APPROVE") == "1")
            await File.WriteAllTextAsync(file, text[..start] + table + text[end..]);
        (await File.ReadAllTextAsync(file)).Should().Contain(head + table + "\n", "run this test once with CRM_APPROVE=1");
    }

    [GeneratedRegex("Crm__[A-Za-z]+(__[A-Za-z]+)*")]
    private static partial Regex Variable();
}
