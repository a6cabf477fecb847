// Moving an installation from one database to another, and back: nothing is lost, doubled or changed on the way.

using System.Text;
using Crm.Api.Commands;
using Crm.Api.Copy;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Storage.Mongo;
using Crm.Storage.Postgres;
using Crm.Storage.Sqlite;
using Crm.Tests.Rest;
using Crm.Tests.Stores;
using Xunit;

namespace Crm.Tests.Copy;

public sealed class CopyTests : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("copy").FullName;
    readonly List<IStore> open = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in open)
            await store.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    async Task<IStore> Started(IStore store)
    {
        open.Add(store);
        await store.Start(CrmCatalog.Standard.Collections, CrmCatalog.Standard.Rekey, default);
        return store;
    }

    Task<IStore> Sqlite(string name) => Started(new SqliteStore(new() { Path = Path.Combine(folder, name + ".db") }, TimeProvider.System));

    static async Task<string> Export(IStore store)
    {
        using var lines = new MemoryStream();
        await WholeStore.Export(store, CrmCatalog.Standard, lines, default);
        return Encoding.UTF8.GetString(lines.ToArray());
    }

    static async Task<bool> Copied(IStore from, IStore to, Action<int>? done = null)
    {
        var copy = new StoreCopy(from, to, CrmCatalog.Standard, done ?? (_ => { }), _ => { });
        await copy.Run(default);
        return await copy.Compare(_ => { }, default);
    }

    /// <summary>An installation with two workspaces and a record of everything the catalog has, as the product itself makes them.</summary>
    async Task<IStore> Filled(string name)
    {
        var path = Path.Combine(folder, name + ".db");
        await using (var server = new CrmServer(null, $"--ConnectionStrings:Crm=sqlite:{path}"))
        {
            await server.InitializeAsync();
            var second = await server.NewWorkspace();
            var samples = new Samples(second, CrmCatalog.Standard, "copied");
            foreach (var entry in CrmCatalog.Standard.Public)
                await samples.Make(entry);
            await server.Default.Post("/v1/custom-fields", """{"for":"lead","name":"budget","kind":"integer"}""");
            for (var i = 0; i < 30; i++)
                (
                    await server.Default.Post(
                        "/v1/leads",
                        $$"""{"firstName":"Ana é 😀 {{i}}","email":"p{{i}}@x.example.org","tags":["fair","a\"b"],"custom":{"budget":{{i}} } }"""
                    )
                )
                    .Status.Should()
                    .Be(201);
        }
        return await Sqlite(name);
    }

    [NeedsMongoAndPostgresFact]
    public async Task an_installation_that_went_through_every_database_exports_the_same_bytes()
    {
        var address = await (await PostgresCluster.Shared()).NewDatabase();
        var source = await Filled("first");
        await source.Open(new(1)).Commit([new Change.Increment("posts", 41), new Change.Increment("nothing", 0)], default);
        var postgres = await Started(new PostgresStore(address, TimeProvider.System, null));
        using var server = MongoServer.Start();
        await using var mongo = new MongoStore(new() { Uri = server.Connection }, TimeProvider.System);
        await mongo.Start(CrmCatalog.Standard.Collections, CrmCatalog.Standard.Rekey, default);
        var back = await Sqlite("back");

        (await Copied(source, postgres)).Should().BeTrue();
        (await Copied(postgres, mongo)).Should().BeTrue();
        (await Copied(mongo, back)).Should().BeTrue();

        var before = await Export(source);
        foreach (var entry in CrmCatalog.Standard.Public)
            before.Should().Contain($"\"id\":\"{entry.Type.Prefix}_", "there is something of everything to copy");
        before
            .Split('\n')
            .Should()
            .Contain(line => line.Contains("p7@x.example.org"))
            .And.Contain("{\"counter\":\"posts\",\"workspace\":1,\"value\":41}");
        (await Export(back)).Should().Be(before);
        (await Export(postgres)).Should().Be(before);
        (await Export(mongo)).Should().Be(before);
        // The keys came along: what was unique is, and what could be found can be.
        var leads = CrmCatalog.Standard.Find("leads")!.Type.Collection;
        (await mongo.Open(new(1)).FindByKey(leads, "email", "p3@x.example.org", default))
            .Should()
            .Be(await source.Open(new(1)).FindByKey(leads, "email", "p3@x.example.org", default))
            .And.NotBeNull();
    }

    [Fact]
    public async Task a_copy_that_was_killed_goes_on_where_it_stopped_and_doubles_nothing()
    {
        var source = await Sqlite("source");
        var events = CrmCatalog.Standard.Find("events")!.Type.Collection;
        var ids = new IdGenerator(TimeProvider.System);
        for (var batch = 0; batch < 40; batch++)
            await source
                .Open(new(1 + batch % 2))
                .Commit([.. Enumerable.Range(0, 250).Select(_ => Event(ids.Next())), new Change.Increment("n", 1)], default);
        await source.DisposeAsync();
        string[] command = ["copy", "--from", $"sqlite:{folder}/source.db", "--to", $"sqlite:{folder}/target.db", "--plain"];
        var (kills, target) = (0, 0L);
        while (true)
        {
            using var process = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Crm.Api.dll"), .. command])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            var said = process.StandardOutput.ReadToEndAsync();
            var complaints = process.StandardError.ReadToEndAsync();
            target += 300_000; // bytes written so far: each try is killed amid its work, however fast the machine is
            while (!process.HasExited && Written() < target)
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            if (!process.HasExited)
            {
                process.Kill(); // SIGKILL: nothing is tidied up.
                await process.WaitForExitAsync();
                target = Written();
                kills++;
                continue;
            }
            process.ExitCode.Should().Be(0, await complaints);
            (await said).Should().Contain("source and target are equal");
            break;
        }
        kills.Should().BeGreaterThan(0);
        (await Export(await Sqlite("target"))).Should().Be(await Export(await Sqlite("source")));

        long Written() =>
            new[] { "target.db", "target.db-wal" }
                .Select(name => new FileInfo(Path.Combine(folder, name)))
                .Where(file => file.Exists)
                .Sum(file => file.Length);
        Change Event(Id id) =>
            new Change.Append(
                CrmCatalog.Standard.Rekey(
                    new(1),
                    events,
                    id,
                    1,
                    Encoding.UTF8.GetBytes(
                        $$"""{"id":"{{id.ToString("event")}}","version":1,"createdAt":"2026-01-01T00:00:00.000Z","type":"test","subject":"lead_00000000000000000000000001","data":{ } }"""
                    )
                )
            );
    }

    [Fact]
    public async Task a_copy_goes_on_behind_what_the_target_has()
    {
        var (source, target) = (await Filled("source"), await Sqlite("target"));
        var rows = 0;
        var first = new StoreCopy(source, target, CrmCatalog.Standard, _ => throw new OperationCanceledException("as if killed"), _ => { });
        var killed = () => first.Run(default);
        for (var i = 0; i < 3; i++)
            await killed.Should().ThrowAsync<OperationCanceledException>();
        (await Copied(source, target, done => rows += done)).Should().BeTrue();
        (await Export(target)).Should().Be(await Export(source));
        (await Copied(source, target)).Should().BeTrue("a copy that is complete is only compared");
    }

    [Fact]
    public async Task computed_members_go_along_and_stay_apart_from_their_document()
    {
        var (source, target) = (await Filled("source"), await Sqlite("target"));
        var leads = CrmCatalog.Standard.Find("leads")!.Type.Collection;
        var from = source.Open(new(1));
        Row before;
        using (var page = await from.Query(new(leads, null, [], false, null, 1), default))
            before = page[0] with { Json = page[0].Json.ToArray() };
        await from.Commit([new Change.Annotate(leads, before.Id, """{"fit":0.5}"""u8.ToArray(), [])], default);
        (await Copied(source, target)).Should().BeTrue();
        (await Export(target)).Should().Be(await Export(source)).And.Contain(""","fit":0.5}""");
        var row = (await target.Open(new(1)).Get(leads, before.Id, default))!.Value;
        row.Own.ToArray().Should().Equal(before.Json.ToArray());
        (await target.Open(new(1)).GetAnnotations(leads, [before.Id], default)).Should().ContainSingle();
    }

    [Fact]
    public async Task a_target_with_other_data_is_refused_and_left_as_it_is()
    {
        var (source, target) = (await Filled("source"), await Filled("target"));
        var before = await Export(target);
        var copy = () => Copied(source, target);
        (await copy.Should().ThrowAsync<StoreConfigurationException>())
            .Which.Message.Should()
            .Contain("The target holds other data")
            .And.NotContain("\n");
        (await Export(target)).Should().Be(before);
    }

    [Fact]
    public async Task a_source_that_is_in_use_is_refused()
    {
        await Sqlite("source");
        var copy = () => CopyCommand.Run($"sqlite:{folder}/source.db", $"sqlite:{folder}/target.db", plain: true, CrmCatalog.Standard);
        (await copy.Should().ThrowAsync<StoreConfigurationException>()).Which.Message.Should().Contain("in use by another process");
    }

    [Fact]
    public async Task a_row_that_changed_on_the_way_is_told_as_a_difference()
    {
        var (source, target) = (await Filled("source"), await Sqlite("target"));
        await Copied(source, target);
        var leads = CrmCatalog.Standard.Find("leads")!.Type.Collection;
        Id id;
        using (var page = await source.Open(new(1)).Query(new(leads, null, [], false, null, 10), default))
        {
            id = page[5].Id;
            var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page[5].Json.Span).Replace("Ana", "Eva"));
            await target
                .Open(new(1))
                .Commit(
                    [new Change.Replace(CrmCatalog.Standard.Rekey(new(1), leads, id, page[5].Version, changed), page[5].Version)],
                    default
                );
        }
        var lines = new List<string>();
        (await new StoreCopy(source, target, CrmCatalog.Standard, _ => { }, _ => { }).Compare(lines.Add, default)).Should().BeFalse();
        lines.Should().ContainSingle(line => line.Contains("DIFFERENT")).Which.Should().StartWith("lead:");
    }
}
