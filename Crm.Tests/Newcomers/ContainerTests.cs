// The Dockerfile and the compose file without an engine: the same commands in folders, the same settings and health checks for processes.

using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Crm.Tests.Faults;
using Crm.Tests.Nodes;
using Crm.Tests.Stores;
using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Newcomers;

public sealed partial class ContainerTests(ITestOutputHelper output) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly string root = Directory.CreateTempSubdirectory("crm-image-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    /// <summary>An instruction of the Dockerfile: COPY, RUN and so on, with the lines that go on.</summary>
    sealed record Instruction(string Word, string Rest);

    static List<Instruction> Dockerfile { get; } =
    [
        .. File.ReadAllText(Path.Combine(Repository.Root, "Dockerfile"))
            .Replace("\\\n", " ", StringComparison.Ordinal)
            .Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => new Instruction(line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])),
    ];

    static IEnumerable<(string Name, string Value)> Environments =>
        Dockerfile
            .Where(one => one.Word == "ENV")
            .SelectMany(one => one.Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (pair[0], pair[1]));

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();

    static string[] Words(string list) => [.. Quoted().Matches(list).Select(word => word.Groups[1].Value)];

    /// <summary>The image's root is a folder here: absolute paths of its own are below it.</summary>
    string Inside(string text) => OwnPath().Replace(text, match => root + match.Value);

    [GeneratedRegex("(?<![A-Za-z0-9_./-])/(src|app|data|usr/local/bin)(?![A-Za-z0-9_])")]
    private static partial Regex OwnPath();

    [Fact]
    public async Task the_steps_of_the_dockerfile_give_a_program_that_is_healthy_and_stops_when_asked()
    {
        // The build and its output take minutes: the ordinary run takes what was built just now for it, and looks that every file is there.
        var isLong = Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";
        var (folder, stage) = (root, 0);
        Directory.CreateDirectory(Path.Combine(root, "usr", "local", "bin"));
        foreach (var step in Dockerfile)
            switch (step.Word)
            {
                case "FROM":
                    stage++;
                    break;
                case "WORKDIR":
                    folder = Directory.CreateDirectory(Inside(step.Rest)).FullName;
                    break;
                case "COPY" when step.Rest.StartsWith("--from=build ", StringComparison.Ordinal):
                    if (!isLong)
                        await Run(root, $"cp -a {Journey.Built}/. {root}/app");
                    break;
                case "COPY":
                    await Copy(step.Rest.Split(' '), folder, isLong);
                    break;
                case "RUN" when stage > 1 || isLong:
                    // The user of the base image is of its own; here the files are whoever's who runs the tests.
                    await Run(folder, Inside(step.Rest).Replace("chown $APP_UID", "chown $(id -u)", StringComparison.Ordinal));
                    break;
            }
        var port = PostgresCluster.FreePort();
        var settings = Environments
            .Select(one => (one.Name, Value: Inside(one.Value).Replace(":5080", $":{port}", StringComparison.Ordinal)))
            .ToList();
        var entry = Words(Dockerfile.Single(one => one.Word == "ENTRYPOINT").Rest);
        var check = Words(Dockerfile.Single(one => one.Word == "HEALTHCHECK").Rest);
        using var program = Begin(entry, settings);
        await UntilHealthy(program, check, settings);
        File.Exists(Path.Combine(root, "data", "crm.db")).Should().BeTrue();
        Dockerfile.Single(one => one.Word == "STOPSIGNAL").Rest.Should().Be("SIGTERM");
        CrmProcess.Signal(program.Id, 15);
        await program.WaitForExitAsync().WaitAsync(Patience);
        program.ExitCode.Should().Be(0);
    }

    async Task Copy(string[] paths, string folder, bool really)
    {
        foreach (var path in paths[..^1])
        {
            var from = Path.Combine(Repository.Root, path);
            (File.Exists(from) || Directory.Exists(from)).Should().BeTrue($"COPY {path}");
            if (!really)
                continue;
            var to = Path.Combine(folder, paths[^1]);
            Directory.CreateDirectory(to);
            // As .dockerignore has it: nothing that was built here.
            await Run(
                Repository.Root,
                Directory.Exists(from)
                    ? $"tar -C {from} --exclude=bin --exclude=obj --exclude=node_modules -c . | tar -C {to} -x"
                    : $"cp {from} {to}"
            );
        }
    }

    async Task Run(string folder, string command)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = folder })!;
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.ExitCode.Should().Be(0, command);
        output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds, 6:0.00} s: {command}");
    }

    /// <summary>Starts a program of the image, found by its name as in the image.</summary>
    Process Begin(string[] command, IEnumerable<(string Name, string Value)> settings)
    {
        var program = Path.Combine(root, "usr", "local", "bin", command[0]);
        var start = new ProcessStartInfo(File.Exists(program) ? program : Path.Combine(Journey.Built, command[0]), command[1..])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("Crm__") || name.StartsWith("ASPNETCORE_")).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(); // A full pipe would stop it.
        return process;
    }

    /// <summary>Asks by the command that the image asks itself by.</summary>
    async Task UntilHealthy(Process program, string[] check, List<(string Name, string Value)> settings)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            program.HasExited.Should().BeFalse();
            using var asked = Begin(check, settings);
            await asked.WaitForExitAsync().WaitAsync(Patience);
            if (asked.ExitCode == 0)
                return;
            Stopwatch.GetElapsedTime(began).Should().BeLessThan(Patience);
        }
    }

    [NeedsNginxMongoAndNodeFact]
    public async Task what_the_compose_file_says_runs_as_processes()
    {
        var compose = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "compose.yaml"));
        using var mongo = MongoServer.StartReplicaSet();

        // The health check of a member, by the driver: mongosh is not at every tester's hand.
        Words(Line(compose, "test:")).Should().Equal("CMD", "mongosh", "--quiet", "--eval", "db.runCommand({ping: 1}).ok");
        var ping = await new MongoClient(mongo.Connection).GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1));
        ping["ok"].ToDouble().Should().Be(1);
        await TheReplicaSetIsMadeOnce(compose);

        // Two nodes with the settings of the image, and over them those of the file.
        const string Members = "mongodb://mongo1,mongo2,mongo3/crm?replicaSet=rs0",
            Key = "${CRM_ADMIN_KEY:?set CRM_ADMIN_KEY to crm_sk_ and at least 32 letters and digits}";
        var said = Section(compose, "  environment:")
            .Select(line => line.Split(": ", 2))
            .Select(pair => (Name: pair[0].Trim(), Value: pair[1].Replace(Key, CrmServer.AdminKey).Replace(Members, mongo.Connection)))
            .ToList();
        said.Select(one => one.Name).Should().BeEquivalentTo("ConnectionStrings__Crm", "Crm__AdminKey", "Crm__TrustedProxies");
        said.Should().Contain(one => one.Value == mongo.Connection).And.Contain(one => one.Value == CrmServer.AdminKey);
        var ports = new[] { PostgresCluster.FreePort(), PostgresCluster.FreePort() };
        var nodes = new List<Process>();
        try
        {
            foreach (var port in ports)
            {
                var settings = Environments
                    .Where(one => said.All(other => other.Name != one.Name))
                    .Select(one => (one.Name, Value: one.Value.Replace(":5080", $":{port}", StringComparison.Ordinal)))
                    .Concat(said)
                    .ToList();
                nodes.Add(Begin(Words(Dockerfile.Single(one => one.Word == "ENTRYPOINT").Rest), settings));
                await UntilHealthy(nodes[^1], Words(Dockerfile.Single(one => one.Word == "HEALTHCHECK").Rest), settings);
            }
            var entrance = PostgresCluster.FreePort();
            var site = string.Join('\n', Section(compose, "    content: |")).Replace("$$", "$", StringComparison.Ordinal);
            for (var i = 0; i < 2; i++)
                site = Nginx.Changed(site, $"server api{i + 1}:5080", $"server 127.0.0.1:{ports[i]}");
            await using var nginx = await Nginx.StartWith(Nginx.Changed(site, "listen 80;", $"listen 127.0.0.1:{entrance};"), entrance);
            await ALeadIsTakenAndSeenByBoth(nginx.Address, ports);
        }
        finally
        {
            foreach (var node in nodes)
            {
                node.Kill();
                await node.WaitForExitAsync();
                node.Dispose();
            }
        }
    }

    static async Task ALeadIsTakenAndSeenByBoth(Uri entrance, int[] ports)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", CrmServer.AdminKey) } };
        var forms = (await Reply.Of(await http.GetAsync(new Uri(entrance, "/v1/forms")))).Data;
        using var posted = await http.PostAsJsonAsync(new Uri(entrance, $"/f/{forms[0]!["key"]}"), new { email = "ana@silva.example.org" });
        ((int)posted.StatusCode).Should().Be(201, await posted.Content.ReadAsStringAsync());
        foreach (var port in ports)
            (await http.GetStringAsync($"http://127.0.0.1:{port}/v1/leads")).Should().Contain("ana@silva.example.org");
    }

    /// <summary>The script of the file, run by Node with a stand-in for mongosh's <c>rs</c>.</summary>
    async Task TheReplicaSetIsMadeOnce(string compose)
    {
        var script = string.Join('\n', Section(compose, "      - |"));
        var file = Path.Combine(root, "replica-set.mjs");
        await File.WriteAllTextAsync(
            file,
            $$"""
            let made = null, asked = 0;
            const rs = {
              status() { if (!made) throw new Error("no replset config has been received"); return { members: made.members.map((m, i) => ({ stateStr: i === 0 && ++asked > 2 ? "PRIMARY" : "SECONDARY" })) }; },
              initiate(config) { if (made) throw new Error("already initialized"); made = config; },
            };
            const sleep = () => {};
            const once = () => { {{script}} };
            once(); once();
            console.log(JSON.stringify(made));
            """
        );
        (await Npm.Run(file))
            .Should()
            .Contain("\"_id\":\"rs0\"")
            .And.Contain("\"mongo1\"")
            .And.Contain("\"mongo2\"")
            .And.Contain("\"mongo3\"");
    }

    /// <summary>The lines below one that are further in.</summary>
    static List<string> Section(string yaml, string head)
    {
        var lines = yaml.Split('\n').SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).ToList();
        lines.Should().NotBeEmpty(head);
        int In(string line) => line.Length - line.TrimStart().Length;
        return [.. lines.Skip(1).TakeWhile(line => line.Length == 0 || In(line) > In(head))];
    }

    static string Line(string yaml, string name) =>
        yaml.Split('\n').First(line => line.TrimStart().StartsWith(name, StringComparison.Ordinal));
}
