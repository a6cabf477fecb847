// A backup taken in the middle of a flood, restored and compared: what was acknowledged before it is in it, and all in it belongs together.

using System.Diagnostics;
using Crm.Tests.Erasures;
using Crm.Tests.Faults;
using Crm.Tests.Stores;
using Xunit;

namespace Crm.Tests.Nodes;

[Collection(nameof(NodesCollection))]
public sealed class BackupTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-backup-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task a_backup_of_the_embedded_store_under_load_is_whole()
    {
        var (database, copy) = (Path.Combine(folder, "crm.db"), Path.Combine(folder, "copy.db"));
        await UnderLoad(database, async () =>
        {
            var (exit, said) = await CrmProcess.Run(database, CrmProcess.AnyPort, "backup", "--to", copy);
            exit.Should().Be(0, said);
            return copy;
        });
        var (again, refusal) = await CrmProcess.Run(database, CrmProcess.AnyPort, "backup", "--to", copy);
        (again, refusal).Should().Be((1, $"'{copy}' exists: nothing is overwritten."));
    }

    [NeedsPostgresFact]
    public async Task a_dump_of_postgresql_under_load_is_whole()
    {
        var cluster = await PostgresCluster.Shared();
        var (database, copy) = (await cluster.NewDatabase(), await cluster.NewDatabase());
        await UnderLoad(database, async () =>
        {
            await Restore(await Dump(database), copy);
            return copy;
        });
    }

    /// <summary>As docs/running.md says.</summary>
    async Task<string> Dump(string database)
    {
        var dump = await PostgresCluster.Run(Path.Combine(PostgresCluster.Programs!, "pg_dump"), "--no-owner", "--dbname", database);
        var script = Path.Combine(folder, "crm.sql");
        await File.WriteAllTextAsync(script, dump);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101); // psql runs as another user.
        return script;
    }

    static Task Restore(string script, string copy) =>
        PostgresCluster.Run(
            Path.Combine(PostgresCluster.Programs!, "psql"),
            "--quiet",
            "--set",
            "ON_ERROR_STOP=1",
            "--single-transaction",
            "--file",
            script,
            copy
        );

    [NeedsPostgresFact]
    public async Task who_was_erased_after_a_dump_is_erased_again_in_what_is_restored_of_it()
    {
        var cluster = await PostgresCluster.Shared();
        var (database, copy, journal) = (await cluster.NewDatabase(), await cluster.NewDatabase(), Path.Combine(folder, "crm.erasures"));
        var canaries = Canaries.Make(3);
        var mail = $"{canaries[0]}@example.org";
        string script;
        await using (var server = new CrmServer(null, $"--ConnectionStrings:Crm={database}", $"--Crm:Erasures:Journal={journal}"))
        {
            await server.InitializeAsync();
            var form = await server.Default.ContactForm();
            (
                await server.Default.Submit(
                    form,
                    new
                    {
                        email = mail,
                        name = $"{canaries[1]} Silva",
                        message = canaries[2],
                    }
                )
            ).Status.Should().Be(201);
            script = await Dump(database);
            await ErasureTests.Done(server.Default, new { match = new { email = mail } });
            (await File.ReadAllLinesAsync(journal)).Should().ContainSingle();
        }
        await Restore(script, copy);
        (await Canaries.InServer(canaries, copy)).Should().HaveCount(3, "the dump is from before");

        Task<(int ExitCode, string Output)> Replay(string file) =>
            CrmProcess.Run(copy, CrmProcess.AnyPort, "erasures", "replay", "--erasures", file);
        var line = await File.ReadAllBytesAsync(journal);
        line[line.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(journal + ".changed", line);
        (await Replay(journal + ".changed"))
            .Should()
            .Match<(int Code, string Text)>(one => one.Code == 1 && one.Text.Contains("not as this installation wrote it"));
        (await Replay(journal)).Should().Be((0, "The journal knows 1 erasures; 1 of them were done again."));
        (await Canaries.InServer(canaries, copy)).Should().BeEmpty();
        (await Replay(journal)).Should().Be((0, "The journal knows 1 erasures; 0 of them were done again."));
    }

    static async Task UnderLoad(string database, Func<Task<string>> backUp)
    {
        var file = Path.GetTempFileName();
        using var ledger = new Ledger(file);
        string copy;
        IReadOnlyList<(Post Post, string Submission)> before;
        await using (var crm = await CrmProcess.Start(database))
        {
            var flood = new Flood(ledger, 7);
            using var stop = new CancellationTokenSource();
            var posting = flood.Run(crm, 16, stop.Token);
            await flood.FirstAnswer;
            await Until(() => ledger.Receipts.Count > 300);
            before = ledger.Receipts;
            copy = await backUp();
            await Until(() => ledger.Receipts.Count > before.Count);
            await stop.CancelAsync();
            await posting;
        }
        await using var restored = await CrmProcess.Start(copy);
        var inventory = await Inventory.Of(restored);
        inventory.Submissions.Select(entry => entry.Id).Should().Contain(before.Select(receipt => receipt.Submission));
        ledger.Compare(inventory).Where(broken => !broken.StartsWith("LOST", StringComparison.Ordinal)).Should().BeEmpty();
        File.Delete(file);

        // Posts come however slow the machine is, before the backup and after it.
        async Task Until(Func<bool> isSo)
        {
            for (var began = Stopwatch.GetTimestamp(); !isSo(); await Task.Delay(20))
                Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(60), $"{ledger.Acknowledged} were acknowledged");
        }
    }
}
