// How long the desk's requests take beside a million leads: all that it asks for when it opens, and what is looked for in it.

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Bench;

internal static class DeskBench
{
    private const double OpensWithin = 1000,
        FindsWithin = 300;
    private const int Runs = 7,
        Members = 5;

    private const string Usage = """
        dotnet run --project Crm.Bench -c Release -- desk [--leads 1000000] [--data FOLDER]

          --leads 1000000  leads in the store; entries of forms come with them, one for ten leads
          --data FOLDER    where the store lies while it is measured (/var/tmp); it is removed afterwards
        """;

    public static async Task<int> Run(string[] args)
    {
        var (leads, data) = (1_000_000L, "/var/tmp");
        for (var i = 0; i < args.Length; i += 2)
            if (
                i + 1 < args.Length
                && args[i] == "--leads"
                && long.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && n is >= 10_000 and <= 10_000_000
            )
                leads = n;
            else if (i + 1 < args.Length && args[i] == "--data")
                data = Path.GetFullPath(args[i + 1]);
            else
            {
                await Console.Error.WriteLineAsync(Usage);
                return 2;
            }
        using var ending = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            ending.Cancel();
        };
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Server.KillAll();
        var folder = Path.Combine(data, $"crm-bench-desk-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        try
        {
            var began = Stopwatch.GetTimestamp();
            var owners = await Fill(folder, leads);
            Console.WriteLine(
                $"{leads:N0} leads in {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s, {new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length) / 1e6:N0} MB"
            );
            var product = new Product(new Options { Data = data }, TimeProvider.System);
            await using var server = await product.StartReady("product", folder, ending.Token);
            return await Measure(server, leads, owners, ending.Token) ? 0 : 1;
        }
        catch (BenchException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return 2;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Id[]> Fill(string folder, long leads)
    {
        await using var store = Stores.Make($"sqlite:{Path.Combine(folder, "crm.db")}", "/", TimeProvider.System, null);
        var installation = await Installation.Open(store, CrmCatalog.Standard, TimeProvider.System, default);
        await FirstStart.Ensure(installation, Product.AdminKey);
        var settings = await installation.Settings.Workspace(FirstStart.Default, default);
        var work = new UnitOfWork(installation, settings, "system");
        var owners = new Id[Members];
        for (var i = 0; i < Members; i++)
            owners[i] = work.Insert(new Member { Name = $"Member {i}", Email = $"member.{i}@silva.example.org" }).Id;
        await settings.Store.Commit([.. work.Changes], default);
        using var forms = await settings.Store.Query(new(ResourceType.Of<Form>().Collection, null, [], false, null, 1), default);
        var big = new BigStore(installation, settings, new(leads, 0, 0, 0)) { Owners = owners, Form = forms[0].Id };
        await big.Fill();
        return owners;
    }

    /// <summary>What is asked for, by what the desk shows of it.</summary>
    private sealed record Asked(string What, string Path, string? GraphQL = null);

    private static async Task<bool> Measure(Server server, long leads, Id[] owners, CancellationToken ending)
    {
        const string waiting = "tray[in]=held,refused,unread";
        var (owner, middle) = (owners[3].Text<Member>(), leads / 2);
        Asked[] opening =
        [
            new("the firm's name", "/v1/workspaces?limit=1"),
            new("forms to choose from", "/v1/forms?limit=200&fields=name"),
            new("members to choose from", "/v1/members?limit=200&fields=name,active"),
            new("newest leads", "/v1/leads?limit=25"),
            new(
                "counts of the tabs",
                "/graphql",
                """
                { all: leads(first: 0) { totalCount } fresh: leads(first: 0, where: { status: { eq: new } }) { totalCount }
                  nobody: leads(first: 0, where: { owner: { exists: false } }) { totalCount }
                  waiting: submissions(first: 0, where: { tray: { in: [held, refused, unread] } }) { totalCount } }
                """
            ),
            new("names beside them", "/graphql", $"{{ nodes(ids: [\"{owner}\"]) {{ id ... on Member {{ name }} }} }}"),
        ];
        Asked[] searches =
        [
            new("by name", "/v1/leads?limit=25&q=ana%20silva"),
            new("by the beginning of a name", "/v1/leads?limit=25&q=kowal"),
            new("by company", $"/v1/leads?limit=25&q=company%20{middle % 50_000}"),
            new("by e-mail", $"/v1/leads?limit=25&q=person.{middle}@silva.example.org"),
            new("by phone", $"/v1/leads?limit=25&q=%2B4930{middle:D8}"),
            new("by phone as in the country", $"/v1/leads?limit=25&q=030%20{middle:D8}"),
            new("by the last digits of a phone", $"/v1/leads?limit=25&q={middle % 1_000_000:D6}"),
            new("what does not exist", "/v1/leads?limit=25&q=nobodyiscalledso"),
            new("a number that does not exist", "/v1/leads?limit=25&q=0999%20888777"),
            new("status", "/v1/leads?limit=25&status=qualified"),
            new("two statuses", "/v1/leads?limit=25&status[in]=new,working"),
            new("owner", $"/v1/leads?limit=25&owner={owner}"),
            new("nobody's", "/v1/leads?limit=25&owner[exists]=false"),
            new("a tag that many have", "/v1/leads?limit=25&tags=fair"),
            new("a tag that few have", "/v1/leads?limit=25&tags=roof"),
            new("a tag of the oldest", "/v1/leads?limit=25&tags=import"),
            new("a tag that nobody has", "/v1/leads?limit=25&tags=unknown"),
            new("statuses and a tag that nobody has", "/v1/leads?limit=25&status[in]=new,working&tags=unknown"),
            new("status and a tag of the oldest", "/v1/leads?limit=25&status=new&tags=import"),
            new("status, owner and tag", $"/v1/leads?limit=25&status=working&owner={owner}&tags=fair"),
            new("status and owner without one in common", $"/v1/leads?limit=25&status=new&owner={owners[0].Text<Member>()}"),
            new("channel and status", "/v1/leads?limit=25&source.channel=email&status=qualified"),
            new("form and a channel that is not there", "/v1/leads?limit=25&source.channel=audio&status=new"),
            new("by name, status and owner", $"/v1/leads?limit=25&q=silva&status=qualified&owner={owner}"),
            new("by score", "/v1/leads?limit=25&sort=-score"),
            new("by score, of a tag that few have", "/v1/leads?limit=25&sort=-score&tags=roof"),
            new("by name, of a status", "/v1/leads?limit=25&sort=lastName&status=qualified"),
            new("by score, statuses and owner", $"/v1/leads?limit=25&sort=-score&status[in]=new,qualified&owner={owner}"),
            new("what waits", $"/v1/submissions?limit=25&{waiting}"),
            new("what waits, as spam", "/v1/submissions?limit=25&tray=spam"),
            new(
                "how many have status and owner",
                "/graphql",
                $"{{ leads(first: 0, where: {{ status: {{ eq: qualified }}, owner: {{ eq: \"{owner}\" }} }}) {{ totalCount }} }}"
            ),
            new(
                "how many are called so",
                "/graphql",
                "{ leads(first: 0, q: \"ana silva\", where: { status: { eq: new } }) { totalCount } }"
            ),
        ];
        var together = 0.0;
        Console.WriteLine("\nopening");
        foreach (var asked in opening)
            together += await Print(server, asked, ending);
        Console.WriteLine($"  {together, 8:F1} ms  one after the other (goal {OpensWithin:F0})");
        Console.WriteLine("\nsearches");
        var slowest = 0.0;
        foreach (var asked in searches)
            slowest = Math.Max(slowest, await Print(server, asked, ending));
        Console.WriteLine($"  {slowest, 8:F1} ms  the slowest (goal {FindsWithin:F0})");
        return together <= OpensWithin && slowest <= FindsWithin;
    }

    /// <summary>The median, in milliseconds.</summary>
    private static async Task<double> Print(Server server, Asked asked, CancellationToken ending)
    {
        var times = new List<double>();
        var rows = "";
        for (var run = -1; run < Runs; run++)
        {
            var began = Stopwatch.GetTimestamp();
            var body = await Ask(server, asked, ending);
            if (run >= 0)
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.TryGetProperty("errors", out _))
                throw new BenchException($"{asked.What}: {Encoding.UTF8.GetString(body)}");
            rows =
                json.RootElement.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array
                    ? $"{data.GetArrayLength()} rows"
                    : data.GetRawText();
        }
        times.Sort();
        Console.WriteLine($"  {times[times.Count / 2], 8:F1} ms  {asked.What} ({(rows.Length > 90 ? rows[..90] : rows)})");
        return times[times.Count / 2];
    }

    private static async Task<byte[]> Ask(Server server, Asked asked, CancellationToken ending)
    {
        using var request = new HttpRequestMessage(
            asked.GraphQL is null ? HttpMethod.Get : HttpMethod.Post,
            server.Url.GetLeftPart(UriPartial.Authority) + asked.Path
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Product.AdminKey);
        if (asked.GraphQL is { } query)
            request.Content = new StringContent(JsonSerializer.Serialize(new { query }), Encoding.UTF8, "application/json");
        using var answer = await server.Http.SendAsync(request, ending);
        var body = await answer.Content.ReadAsByteArrayAsync(ending);
        return answer.IsSuccessStatusCode
            ? body
            : throw new BenchException($"{asked.What} answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(body)}");
    }
}
