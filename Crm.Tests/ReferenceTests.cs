// docs/reference.md says what the code says: resources with their ids, scopes and verbs, events, metrics, and the commands of running.md.

using System.Text.RegularExpressions;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Xunit;

namespace Crm.Tests;

public sealed partial class ReferenceTests
{
    static string Page => Path.Combine(Repository.Root, "docs", "reference.md");

    static IEnumerable<string> Sources(params string[] folders) =>
        folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText);

    /// <summary>The table below this head is these rows; CRM_APPROVE=1 writes them.</summary>
    static async Task IsTable(string head, IEnumerable<string> rows)
    {
        var text = await File.ReadAllTextAsync(Page);
        var start = text.IndexOf(head, StringComparison.Ordinal) + head.Length;
        var end = text.IndexOf("\n\n", start - 1, StringComparison.Ordinal) + 1;
        var table = string.Concat(rows.Select(row => row + "\n"));
        if (Environment.GetEnvironmentVariable("CRM_APPROVE") == "1")
            await File.WriteAllTextAsync(Page, text[..start] + table + text[end..]);
        (await File.ReadAllTextAsync(Page)).Should().Contain(head + table + "\n", "run this test once with CRM_APPROVE=1");
    }

    [Fact]
    public Task the_table_of_resources_is_the_catalog() =>
        IsTable(
            "| resource | path, scope | ids | can be | verbs: `POST /v1/{path}/{id}/{verb}` |\n| --- | --- | --- | --- | --- |\n",
            CrmCatalog.Standard.Public.Select(entry =>
                $"| {entry.Type.Name} | `{entry.Type.Plural}` | `{entry.Type.Prefix}_` | {Can(entry.Type)} | {Verbs(entry)} |"
            )
        );

    static string Can(ResourceType type) =>
        string.Join(
            ", ",
            new[]
            {
                (Operations.Read, "read"),
                (Operations.Create, "created"),
                (Operations.Update, "changed"),
                (Operations.Delete, "deleted"),
            }
                .Where(one => type.Can.HasFlag(one.Item1))
                .Select(one => one.Item2)
        );

    static string Verbs(CatalogEntry entry) =>
        string.Join(
            ", ",
            entry
                .Actions.OrderByDescending(action => action.OnRecord)
                .Select(action => action.OnRecord ? $"`{action.Name}`" : $"`{entry.Type.Plural}/{action.Name}`")
        );

    [GeneratedRegex(
        """Create(?:Counter|Histogram|ObservableGauge|Gauge|UpDownCounter|ObservableCounter)(?:<\w+>)?\(\s*"(crm\.[a-z_.]+)"(.*?)\);""",
        RegexOptions.Singleline
    )]
    private static partial Regex Metric();

    [GeneratedRegex(
        """
            "([^"]*)"
            """
    )]
    private static partial Regex Text();

    [Fact]
    public Task the_table_of_metrics_is_what_the_code_makes() =>
        IsTable(
            "| metric | unit | what |\n| --- | --- | --- |\n",
            Sources("Crm.Domain", "Crm.Storage", "Crm.Api")
                .SelectMany(text => Metric().Matches(text))
                .Select(metric =>
                    (
                        Name: metric.Groups[1].Value,
                        Texts: Text().Matches(metric.Groups[2].Value).Select(text => text.Groups[1].Value).ToList()
                    )
                )
                .OrderBy(metric => metric.Name, StringComparer.Ordinal)
                .Select(metric => $"| `{metric.Name}` | {(metric.Texts.Count > 1 ? metric.Texts[^2] : "")} | {metric.Texts[^1]} |")
        );

    [Fact]
    public void every_event_that_the_code_records_by_name_is_listed()
    {
        var page = File.ReadAllText(Page);
        var types = CrmCatalog.Standard.Entries.Select(entry => entry.Type).ToDictionary(type => type.Name);
        var named = new Regex($"\"({string.Join('|', types.Keys)}|person)\\.([a-z][A-Za-z]+)\"");
        var events = Sources("Crm.Domain")
            .SelectMany(text => named.Matches(text))
            .Select(match => (Of: match.Groups[1].Value, What: match.Groups[2].Value))
            .Where(one => one.What is not ("created" or "updated" or "deleted"))
            // A path of a field looks the same.
            .Where(one => !types.TryGetValue(one.Of, out var type) || type.Fields.All(field => field.Name != one.What))
            .Distinct()
            .ToList();
        events.Should().Contain(("customer", "purchased"));
        foreach (var (of, what) in events)
            (page.Contains($"`{of}.{what}", StringComparison.Ordinal) || page.Contains($"`.{what}`", StringComparison.Ordinal))
                .Should()
                .BeTrue($"{of}.{what} is in the table of events");
    }

    [GeneratedRegex("""new(?: Command)?\(\s*"([a-z-]+)",\s*"[A-Z]""")]
    private static partial Regex Command();

    [Fact]
    public void the_table_of_commands_names_every_command_and_what_is_below_it()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "running.md"));
        var table = page[page.IndexOf("\n## Commands", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        var commands = Sources("Crm.Api/Commands")
            .SelectMany(text => Command().Matches(text))
            .Select(match => match.Groups[1].Value)
            .ToList();
        commands.Should().Contain(["backup", "verify", "keys", "new-admin", "completion"]);
        foreach (var command in commands)
            Regex.IsMatch(table, $"[ |]{command}\\b").Should().BeTrue($"`{command}` is in the table of commands");
    }
}
