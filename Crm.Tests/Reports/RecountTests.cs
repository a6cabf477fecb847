// Counters against a full recount: damage is found, told and repaired, and what is right is left alone.

using Crm.Domain;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;
using Crm.Tests.Faults;
using Xunit;

namespace Crm.Tests.Reports;

public sealed class RecountTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-recount-").FullName;

    string Database => Path.Combine(folder, "crm.db");

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public async Task a_damaged_counter_is_found_told_and_repaired()
    {
        (await CrmProcess.Run(Database, arguments: ["demo", "--leads", "300"])).ExitCode.Should().Be(0);
        var sound = await Recount();
        (sound.ExitCode, sound.Output)
            .Should()
            .Match<(int Code, string Text)>(run => run.Code == 0 && run.Text.Contains("; 0 counters differed."), sound.Output);

        string damaged = "",
            invented = "s/d/20990101/-/-/-/email/clicks";
        await Change(
            async (rows, _) =>
            {
                (damaged, var value) = (await rows.Counters("s/m/", int.MaxValue, default)).First(c =>
                    c.Name.EndsWith("/leads", StringComparison.Ordinal)
                );
                value.Should().BePositive();
                (
                    await rows.Commit(
                        [
                            new Change.Increment(damaged, 7),
                            new Change.Increment(invented, 3),
                            new Change.Increment("f/m/209901/views/x", 5),
                            new Change.Increment("other", 9),
                        ],
                        default
                    )
                )
                    .Committed.Should()
                    .BeTrue();
            }
        );
        var found = await Recount();
        found.ExitCode.Should().Be(1);
        found
            .Output.Should()
            .Contain($"{damaged} is ")
            .And.Contain($"{invented} is 3, the records say 0")
            .And.Contain("; 3 counters differed: run it with --repair");
        var repaired = await Recount("--repair");
        (repaired.ExitCode, repaired.Output.Contains("; 3 counters differed and were repaired.")).Should().Be((0, true), repaired.Output);
        (await Recount()).Output.Should().Contain("; 0 counters differed.");
        await Change(
            async (rows, _) =>
            {
                (await rows.Counters("other", 1, default)).Should().Equal(("other", 9));
                (await rows.Counters("f/m/209901/views/x", 9, default))
                    .Should()
                    .OnlyContain(c => c.Value == 0, "touches say how often a form was seen");
            }
        );
        (await CrmProcess.Run(Database, arguments: ["recount", "--all"])).ExitCode.Should().Be(2);
    }

    /// <summary>As after an upgrade from a version that did not have the report.</summary>
    [Fact]
    public async Task a_dimension_that_came_with_an_upgrade_is_counted_for_old_records_by_a_repair()
    {
        (await CrmProcess.Run(Database, arguments: ["demo", "--leads", "100"])).ExitCode.Should().Be(0);
        var counters = new List<(string Name, long Value)>();
        await Change(
            async (rows, _) =>
            {
                counters = await Countries(rows);
                counters
                    .Where(c => c.Name.StartsWith("n/m/", StringComparison.Ordinal) && c.Name.EndsWith("/leads", StringComparison.Ordinal))
                    .Sum(c => c.Value)
                    .Should()
                    .Be(100);
                counters.Should().Contain(c => c.Name.StartsWith("t/h/", StringComparison.Ordinal));
                foreach (var some in counters.Chunk(500))
                    (await rows.Commit([.. some.Select(c => new Change.Increment(c.Name, -c.Value))], default)).Committed.Should().BeTrue();
            }
        );
        var repaired = await Recount("--repair");
        (repaired.ExitCode, repaired.Output.Contains($"; {counters.Count} counters differed and were repaired."))
            .Should()
            .Be((0, true), repaired.Output);
        await Change(async (rows, _) => (await Countries(rows)).Should().Equal(counters));
        (await Recount()).Output.Should().Contain("; 0 counters differed.");

        static async Task<List<(string Name, long Value)>> Countries(IWorkspaceStore rows) =>
            [
                .. await rows.Counters("n/", int.MaxValue, default),
                .. (await rows.Counters("t/", int.MaxValue, default)).Where(c => c.Name.EndsWith("/n", StringComparison.Ordinal)),
            ];
    }

    /// <summary>On a database that others write to, a recount while it is written to finds nothing and repairs nothing.</summary>
    [Fact]
    public async Task a_recount_beside_a_flood_of_clicks_calls_nothing_damaged()
    {
        await CrmProcess.Run(Database, arguments: ["demo", "--leads", "5"]);
        await Change(
            async (rows, installation) =>
            {
                var settings = await installation.Settings.Workspace(rows.Workspace, default);
                var stop = false;
                var clicks = Task.Run(async () =>
                {
                    var stored = 0;
                    while (!Volatile.Read(ref stop) || stored < 50)
                    {
                        var work = new UnitOfWork(installation, settings, "test");
                        work.Insert(new Click { Channel = "email", Human = true });
                        await work.Commit(default);
                        stored++;
                        if (stored % 10 == 0)
                            await Task.Delay(20);
                    }
                    return stored;
                });
                var differences = new List<Difference>();
                foreach (var _ in Enumerable.Range(0, 5))
                    await new Recount(installation, true, differences.Add, _ => { }).Run(default);
                Volatile.Write(ref stop, true);
                var stored = await clicks;
                differences.Should().BeEmpty();
                var asked = ReportQuestion.Read(
                    installation.Catalog.Reports,
                    "channels",
                    [new("traffic", "all")],
                    settings,
                    installation.Now
                );
                var before = (await Report.Read(settings, asked, installation.Now, default)).Totals[Measures.Clicks];
                (await new Recount(installation, false, differences.Add, _ => { }).Run(default)).Should().BeTrue();
                differences.Should().BeEmpty();
                before.Should().BeGreaterThanOrEqualTo(stored);
            }
        );
    }

    Task<(int ExitCode, string Output)> Recount(params string[] arguments) =>
        CrmProcess.Run(Database, arguments: ["recount", .. arguments]);

    async Task Change(Func<IWorkspaceStore, Installation, Task> change)
    {
        await using var store = new SqliteStore(new() { Path = Database }, TimeProvider.System);
        var installation = await Installation.Open(store, CrmCatalog.Standard, TimeProvider.System, default);
        var key = (await store.NextWorkspace(CrmCatalog.Standard.Find("leads")!.Type.Collection, null, default))!.Value;
        await change(store.Open(key), installation);
    }
}
