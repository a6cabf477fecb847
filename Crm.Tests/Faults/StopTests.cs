// The ends and the beginnings that go another way: stopped in a flood, started twice, started on what cannot be used. Each says so in one
// sentence.

using System.Text;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(CommandsCollection))]
public sealed class StopTests(ITestOutputHelper output) : IDisposable
{
    readonly string folder = OnDisk.NewFolder("crm-stop-").FullName;

    string Database => Path.Combine(folder, "crm.db");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task a_stop_in_a_flood_of_posts_finishes_what_was_accepted()
    {
        using var ledger = new Ledger(Path.Combine(folder, "ledger.tsv"));
        for (var round = 0; round < 3; round++)
        {
            await using var crm = await CrmProcess.Start(Database);
            var flood = new Flood(ledger, round, round);
            var posting = flood.Run(crm, 64, CancellationToken.None);
            await flood.FirstAnswer;
            await Task.Delay(400);

            var took = await crm.Stop();

            await posting;
            output.WriteLine(
                $"ended {took.TotalMilliseconds:0} ms after SIGTERM with {crm.ExitCode}; {ledger.Acknowledged} acknowledged; answers: {flood.Said}"
            );
            crm.ExitCode.Should().Be(0, crm.Output);
            took.Should().BeLessThan(TimeSpan.FromSeconds(20));
            File.Exists(Database + "-wal").Should().BeFalse("a stop leaves one file that can be copied");
            var (left, integrity) = await Inventory.OfCopy(Database);
            integrity.Should().Be("ok");
            ledger.Compare(left).Take(20).Should().BeEmpty();
            var taken = left.Submissions.Select(s => s.Key).ToHashSet();
            ledger.InDoubt.Where(p => taken.Contains(p.Key)).Should().BeEmpty("what was taken was answered");
        }
    }

    [Fact]
    public async Task a_second_process_on_the_same_file_is_refused_with_one_sentence()
    {
        await using var first = await CrmProcess.Start(Database);
        await IsRefused(Database, "in use by another process");
        (await first.IsReady()).Should().BeTrue("the first one is not disturbed");
        await first.Kill();
        await using var next = await CrmProcess.Start(Database);
        (await next.Get("/v1/leads")).Status.Should().Be(200, "a kill leaves no lock behind");
    }

    [Fact]
    public async Task an_address_that_is_taken_is_refused_with_one_sentence()
    {
        await using var first = await CrmProcess.Start(Database);
        var (exitCode, said) = await CrmProcess.Run(Path.Combine(folder, "other.db"), first.Address.ToString());
        OneSentence(exitCode, said, "--urls");
    }

    [Fact]
    public async Task the_health_command_says_by_its_exit_code_whether_the_server_is_ready()
    {
        await using var crm = await CrmProcess.Start(Database);
        var address = crm.Address.GetLeftPart(UriPartial.Authority);
        (await CrmProcess.Run(Database, address, "health")).Should().Be((0, ""));
        await crm.Stop();
        (await CrmProcess.Run(Database, address, "health")).Should().Be((1, ""));
    }

    [Fact]
    public async Task what_is_no_database_is_refused_with_one_sentence()
    {
        await File.WriteAllBytesAsync(Database, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("This is a letter. ", 1000))));
        await IsRefused(Database, "cannot be used");
        (await File.ReadAllTextAsync(Database)).Should().StartWith("This is a letter.");
    }

    [Fact]
    public async Task a_damaged_database_is_refused_with_one_sentence()
    {
        await using (var crm = await CrmProcess.Start(Database))
            await crm.Stop();
        await using (var file = File.OpenWrite(Database))
        {
            file.Position = 4096;
            for (var page = 0; page < 3; page++)
                await file.WriteAsync(Enumerable.Repeat((byte)0xA5, 4096).ToArray());
        }
        await IsRefused(Database, "cannot be used");
    }

    [Fact]
    public async Task a_folder_in_the_place_of_the_file_is_refused_with_one_sentence()
    {
        Directory.CreateDirectory(Database);
        await IsRefused(Database, "cannot be used");
    }

    [Fact]
    public async Task a_file_in_the_place_of_the_folder_is_refused_with_one_sentence()
    {
        await File.WriteAllTextAsync(Database, "");
        await IsRefused(Path.Combine(Database, "crm.db"), "cannot be");
    }

    [NeedsMountsFact]
    public async Task a_folder_that_may_not_be_written_to_is_refused_with_one_sentence()
    {
        await using var disk = await SmallDisk.Mount(1);
        await disk.MakeReadOnly();
        await IsRefused(Path.Combine(disk.Folder, "crm.db"), "cannot be used", not: "another process");
    }

    [NeedsMountsFact]
    public async Task a_disk_without_room_for_the_first_start_is_refused_with_one_sentence()
    {
        await using var disk = await SmallDisk.Mount(1);
        await IsRefused(Path.Combine(disk.Folder, "crm.db"), "cannot");
        await using var larger = await SmallDisk.Mount(32);
        await IsRefused(Path.Combine(larger.Folder, "crm.db"), "cannot");
    }

    [Fact]
    public async Task a_database_of_another_make_is_refused_with_one_sentence()
    {
        var (exitCode, said) = await CrmProcess.Run(Database, CrmProcess.AnyPort, "--ConnectionStrings:Crm=mysql://localhost/crm");
        OneSentence(exitCode, said, "sqlite:PATH");
    }

    static async Task IsRefused(string database, string because, string? not = null)
    {
        var (exitCode, said) = await CrmProcess.Run(database);
        OneSentence(exitCode, said, because);
        if (not is not null)
            said.Should().NotContain(not);
    }

    static void OneSentence(int exitCode, string said, string about)
    {
        exitCode.Should().Be(1, said);
        said.Split('\n').Should().ContainSingle(said);
        said.Should().Contain(about).And.NotContain("Exception").And.EndWith(".");
    }
}
