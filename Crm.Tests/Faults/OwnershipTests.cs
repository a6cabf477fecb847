// One process owns a database file, by whatever name another one comes to it; and what is no whole database is said, not made anew.

using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Crm.Tests.Faults;

[Collection(nameof(CommandsCollection))]
public sealed class OwnershipTests : IDisposable
{
    readonly string folder = OnDisk.NewFolder("crm-own-").FullName;

    string Database => Path.Combine(folder, "crm.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [DllImport("libc", EntryPoint = "link", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    static extern int HardLink(string from, string to);

    [Fact]
    public async Task no_other_name_of_the_file_and_no_removed_lock_makes_a_second_owner()
    {
        await using var first = await CrmProcess.Start(Database);
        Directory.CreateDirectory(Path.Combine(folder, "elsewhere"));
        var (hard, soft) = (Path.Combine(folder, "elsewhere", "hard.db"), Path.Combine(folder, "elsewhere", "soft.db"));
        HardLink(Database, hard).Should().Be(0);
        File.CreateSymbolicLink(soft, Database);
        var through = Path.Combine(folder, "through");
        Directory.CreateSymbolicLink(through, folder);
        File.Delete(Database + ".lock");
        foreach (var name in new[] { hard, soft, Path.Combine(through, "crm.db"), Database })
        {
            await IsRefused(name, "in use by another process");
            if (File.Exists(name + ".lock"))
                File.Delete(name + ".lock");
        }
        // Commands that write own it as well.
        foreach (var arguments in new[] { "recount", "demo" })
            (await CrmProcess.Run(hard, arguments: arguments)).Output.Should().Contain("in use by another process");

        (await first.IsReady()).Should().BeTrue("the first one is not disturbed");
        using var posted = await first.Http.PostAsync(
            first.SubmitUrl,
            new FormUrlEncodedContent([new("name", "Ana"), new("email", "ana@silva.example.org")])
        );
        ((int)posted.StatusCode).Should().BeLessThan(400);
        await first.Kill();
        await using var next = await CrmProcess.Start(soft);
        (await next.All("/v1/leads")).Should().ContainSingle("a symbolic link leads to the log as well");
    }

    [Fact]
    public async Task a_file_put_in_the_place_of_the_one_in_use_is_not_started_beside_it()
    {
        await using var first = await CrmProcess.Start(Database);
        var copy = Path.Combine(folder, "copy.db");
        (await CrmProcess.Run(Database, arguments: ["backup", "--to", copy])).ExitCode.Should().Be(0);
        File.Move(copy, Database, overwrite: true);
        await IsRefused(Database, "in use by another process");
    }

    [Fact]
    public async Task an_empty_file_is_refused_until_it_is_said_that_it_shall_be_new()
    {
        await File.WriteAllTextAsync(Database, "");
        await IsRefused(Database, "is empty");
        new FileInfo(Database).Length.Should().Be(0);
        await using (
            var crm = await CrmProcess.StartWith(
                Database,
                "serve",
                "--new",
                "--Logging:LogLevel:Default",
                "Warning",
                "--urls",
                CrmProcess.AnyPort
            )
        )
            (await crm.Get("/v1/leads")).Status.Should().Be(200);
        await using var again = await CrmProcess.Start(Database);
        (await again.Get("/v1/leads")).Status.Should().Be(200, "it is an installation now");
    }

    [Fact]
    public async Task a_log_without_its_database_is_no_first_start()
    {
        await using (var crm = await CrmProcess.Start(Database))
        {
            new FileInfo(Database + "-wal").Length.Should().BePositive();
            await crm.Kill();
        }
        File.Move(Database, Database + ".away");
        await IsRefused(Database, "is missing");
        File.Exists(Database).Should().BeFalse();
        File.Move(Database + ".away", Database);
        await using var again = await CrmProcess.Start(Database);
        (await again.Get("/v1/leads")).Status.Should().Be(200);
    }

    [Fact]
    public async Task a_file_that_is_cut_short_is_refused_as_it_is()
    {
        await using (var crm = await CrmProcess.Start(Database))
            await crm.Stop();
        var whole = await File.ReadAllBytesAsync(Database);
        foreach (var left in new[] { 50, 4096, whole.Length / 2, whole.Length - 4096 })
        {
            await File.WriteAllBytesAsync(Database, whole[..left]);
            await IsRefused(Database, "cannot be used");
            new FileInfo(Database).Length.Should().Be(left);
        }
    }

    static async Task IsRefused(string database, string because)
    {
        var (exitCode, said) = await CrmProcess.Run(database);
        exitCode.Should().Be(1, said);
        said.Split('\n').Should().ContainSingle(said);
        said.Should().Contain(because).And.EndWith(".").And.NotContain("Exception");
    }
}
