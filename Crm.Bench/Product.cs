// The product as an operator runs it: its own process, its own settings, and a store loaded by its own command.

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Crm.Bench;

/// <summary>Finds Crm.Api.dll, starts it on a store, and fills stores with leads.</summary>
internal sealed class Product(Options options, TimeProvider time)
{
    public const string AdminKey = "crm_sk_benchbenchbenchbenchbenchbenchbench1234";

    /// <summary>How the names of the folders of loaded stores begin.</summary>
    public const string Loaded = "loaded-";

    private readonly string _dll = Find(options.Product);

    /// <summary>Starts the product on the store in <paramref name="folder"/>; the name is for messages.</summary>
    /// <param name="settings">Further settings, as the environment has them.</param>
    public Task<Server> StartReady(
        string name,
        string folder,
        CancellationToken ending,
        params IReadOnlyList<(string Name, string Value)> settings
    )
    {
        var command = Command(folder);
        foreach (var (setting, value) in settings)
            command.Environment[setting] = value;
        return Server.StartReady(name, command, time, ending);
    }

    public Server Start(string name, string folder) => Server.Start(name, Command(folder));

    /// <summary>The key of the form Contact, which every new workspace has.</summary>
    public static async Task<string> FormKey(Server server, CancellationToken ending)
    {
        using var forms = await GetJson(server, "/v1/forms?limit=50", ending);
        var all = forms.RootElement.GetProperty("data").EnumerateArray().ToList();
        var form = all.Find(f => f.TryGetProperty("name", out var name) && name.GetString() == "Contact");
        if (form.ValueKind == JsonValueKind.Undefined)
            form = all.FirstOrDefault();
        return form.ValueKind == JsonValueKind.Object
            ? form.GetProperty("key").GetString()!
            : throw new BenchException("The product has no form to post to.");
    }

    /// <summary>GET with the admin key; anything but 200 ends the bench with the answer's text.</summary>
    public static async Task<JsonDocument> GetJson(Server server, string pathAndQuery, CancellationToken ending)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url.GetLeftPart(UriPartial.Authority) + pathAndQuery);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var answer = await server.Http.SendAsync(request, ending);
        var body = await answer.Content.ReadAsByteArrayAsync(ending);
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(body)
            : throw new BenchException(
                $"GET {pathAndQuery} answered {(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(body)}"
            );
    }

    /// <summary>The folder of a store with so many leads, loaded now unless an earlier bench has done it.</summary>
    public async Task<string> StoreWith(int leads, string data, CancellationToken ending)
    {
        return await Load(
            $"{leads}",
            $"{leads:N0} leads",
            data,
            async folder =>
            {
                var (code, output, _, _) = await RunCommand(
                    folder,
                    ending,
                    "demo",
                    "--into-default",
                    "--leads",
                    leads.ToString(CultureInfo.InvariantCulture),
                    "--no-clicks",
                    "--plain"
                );
                if (code != 0)
                    throw new BenchException($"Loading {leads:N0} leads ended with code {code}:\n{output}");
            },
            ending
        );
    }

    /// <summary>The folder of a store with a year of touches.</summary>
    public Task<string> YearOf(int touches, int links, string data, CancellationToken ending) =>
        Load(
            $"year-{touches}-{links}",
            $"a year of {touches:N0} touches of {links:N0} links",
            data,
            folder =>
            {
                var told = time.GetTimestamp();
                return YearOfTouches.Fill(
                    Command(folder).Environment["ConnectionStrings__Crm"]!,
                    touches,
                    links,
                    stored =>
                    {
                        if (time.GetElapsedTime(told) < TimeSpan.FromMinutes(1))
                            return;
                        told = time.GetTimestamp();
                        Console.WriteLine($"    {stored:N0}");
                    },
                    ending
                );
            },
            ending
        );

    /// <summary>Counts the facts of a store anew: how long it took, the most memory that was resident, and what it said.</summary>
    public async Task<(double Seconds, long Memory, string Output)> Recount(string folder, CancellationToken ending)
    {
        var (_, output, seconds, memory) = await RunCommand(folder, ending, "recount");
        return (seconds, memory, output);
    }

    private async Task<string> Load(string name, string what, string data, Func<string, Task> load, CancellationToken ending)
    {
        var folder = Path.Combine(data, Loaded + name);
        var done = Path.Combine(folder, "loaded");
        if (File.Exists(done))
            return folder;

        // Half a load, left by a run that was broken off, must not pass for a whole one.
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
        await MakeDatabase(options, folder, ending);
        Console.WriteLine($"  loading {what} ...");
        var began = time.GetTimestamp();
        await load(folder);
        await File.WriteAllTextAsync(done, "", ending);
        var size = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        Console.WriteLine($"  loaded in {time.GetElapsedTime(began).TotalSeconds:F1} s, {size / 1e6:N0} MB on disk");
        return folder;
    }

    /// <summary>Runs a command of the product to its end.</summary>
    private async Task<(int ExitCode, string Output, double Seconds, long Memory)> RunCommand(
        string folder,
        CancellationToken ending,
        params string[] arguments
    )
    {
        var start = Command(folder, arguments);
        Server.Quiet(start);
        var began = time.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors, memory) = (
                process.StandardOutput.ReadToEndAsync(ending),
                process.StandardError.ReadToEndAsync(ending),
                0L
            );
            var ended = process.WaitForExitAsync(ending);
            while (await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(100), time, ending)) != ended)
            {
                process.Refresh();
                memory = Math.Max(memory, process.HasExited ? 0 : process.WorkingSet64);
            }
            await ended;
            return (process.ExitCode, await output + await errors, time.GetElapsedTime(began).TotalSeconds, memory);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    static string Database(string folder) => "crm_bench_" + Path.GetFileName(folder).Replace('-', '_').Replace('.', '_');

    /// <summary>With PostgreSQL, an empty database for what lies in this folder otherwise. Returns its address.</summary>
    public static async Task<string?> MakeDatabase(Options options, string folder, CancellationToken ending)
    {
        if (options.Postgres is null)
            return null;
        await using var source = Npgsql.NpgsqlDataSource.Create(Ceilings.PostgresRows.ConnectionString(options.Postgres + "/postgres"));
        foreach (var sql in new[] { $"DROP DATABASE IF EXISTS {Database(folder)} WITH (FORCE)", $"CREATE DATABASE {Database(folder)}" })
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(ending);
        }
        return $"{options.Postgres}/{Database(folder)}";
    }

    private ProcessStartInfo Command(string folder, params string[] arguments)
    {
        // DOTNET_HOST_PATH is the dotnet that runs this; PATH may know another or none.
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        // The folder of the dll as content root, so that appsettings.json and static files are found.
        var start = new ProcessStartInfo(dotnet, [_dll, .. arguments]) { WorkingDirectory = Path.GetDirectoryName(_dll)! };
        start.Environment["ConnectionStrings__Crm"] = options.Postgres is null
            ? $"sqlite:{Path.Combine(folder, "crm.db")}"
            : $"{options.Postgres}/{Database(folder)}";
        start.Environment["Crm__AdminKey"] = AdminKey;
        start.Environment["Crm__RateLimits__Enabled"] = "false";
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        return start;
    }

    /// <summary>The folder of the source tree around this executable; null when there is none.</summary>
    public static string? Root
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "Crm.Api.sln")))
                root = root.Parent;
            return root?.FullName;
        }
    }

    /// <summary>
    /// The product's own output folder first: it holds exactly the files that the product ships with. The copy beside this
    /// executable shares a folder with the bench's files and serves when there is no source tree around.
    /// </summary>
    private static string Find(string? named)
    {
        const string dll = "Crm.Api.dll";
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var candidates = new List<string>();
        if (named is not null)
            candidates.Add(named);
        else
        {
            // bin/Release/net10.0: the same two last parts lead to the product that was built with this bench.
            if (Root is { } root && here.Parent is not null)
                candidates.Add(Path.Combine(root, "Crm.Api", "bin", here.Parent.Name, here.Name, dll));
            candidates.Add(Path.Combine(here.FullName, dll));
        }
        return candidates.Find(File.Exists)
            ?? throw new BenchException($"The product was not found at {string.Join(" nor at ", candidates)}.");
    }
}
