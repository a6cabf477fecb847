// Backups by schedule: made, found whole, pruned as days, weeks and months go by, and never anybody else's file; a failure is seen.

using Crm.Api.Backups;
using Crm.Tests.Faults;
using Xunit;

namespace Crm.Tests.Backups;

[Collection(nameof(CommandsCollection))]
public sealed class BackupScheduleTests : IDisposable
{
    static readonly DateTimeOffset First = new(2026, 1, 1, 3, 15, 0, TimeSpan.Zero);

    readonly string folder = Directory.CreateTempSubdirectory("crm-scheduled-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    string At(string name) => Path.Combine(folder, name);

    static async Task Until(Func<Task<bool>> isSo)
    {
        for (var began = System.Diagnostics.Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(50))
            System.Diagnostics.Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(60));
    }

    [Theory]
    [InlineData(24)]
    [InlineData(5)]
    public void of_a_year_and_a_half_seven_days_four_weeks_and_twelve_months_stay(int hours)
    {
        var kept = new HashSet<DateTimeOffset>();
        for (var now = First; now < First.AddDays(550); now = now.AddHours(hours))
        {
            kept.Add(now);
            kept.ExceptWith(BackupsKept.Usual.Surplus(kept));
            kept.Should().Contain(now, "the newest never goes");
        }
        var days = kept.Select(at => at.UtcDateTime.Date).ToHashSet();
        var last = kept.Max().UtcDateTime.Date;
        for (var i = 0; i < 7; i++)
            days.Should().Contain(last.AddDays(-i));
        for (var i = 0; i < 12; i++)
            days.Should().Contain(day => day.Year == last.AddMonths(-i).Year && day.Month == last.AddMonths(-i).Month);
        kept.Count.Should().BeInRange(12, 7 + 4 + 12);
        BackupsKept.Usual.Surplus(kept).Should().BeEmpty("what stays once stays until others come");
    }

    [Theory]
    [InlineData("7/4/12", true)]
    [InlineData("1/0/0", true)]
    [InlineData("7/4", false)]
    [InlineData("7/4/-1", false)]
    [InlineData("a/b/c", false)]
    [InlineData("7/4/1001", false)]
    public void how_many_stay_is_read_or_refused(string text, bool isRead) => (BackupsKept.Read(text) is not null).Should().Be(isRead);

    [Fact]
    public async Task the_server_makes_them_and_removes_only_its_own_and_says_when_it_cannot()
    {
        Directory.CreateDirectory(At("to"));
        string[] others =
        [
            At("to/notes.txt"),
            At("to/crm-0badcafe-20200101T000000Z.db"),
            At("to/crm-0badcafe-20200101T000000Z.db.json"),
            At("to/crm.db"),
        ];
        foreach (var file in others)
            await File.WriteAllTextAsync(file, "somebody else's");
        {
            await using var server = new CrmServer(
                null,
                $"--ConnectionStrings:Crm=sqlite:{At("crm.db")}",
                $"--Crm:Backup:Folder={At("to")}",
                "--Crm:Backup:EveryHours=0.0003",
                "--Crm:Backup:Keep=1/0/0"
            );
            await server.InitializeAsync();
            await Until(async () => (await Ready()).Contains("last backup: 20", StringComparison.Ordinal));
            var made = Own().First();
            var start = made[..^"20200101T000000Z.db".Length];
            string[] old = [start + "20200101T000000Z.db", start + "20200101T000000Z.db.json", start + "20200102T000000Z.db.part"];
            foreach (var file in old)
                await File.WriteAllTextAsync(file, "of long ago");

            await Until(() => Task.FromResult(!old.Any(File.Exists) && !File.Exists(made)));

            others.Should().OnlyContain(file => File.Exists(file));
            // Its folder goes, as a disk that is taken away; it comes back, and so do backups.
            Directory.Move(At("to"), At("away"));
            await Until(async () => (await Ready()).Contains("the last backup by schedule failed", StringComparison.Ordinal));
            Directory.Move(At("away"), At("to"));
            await Until(async () => !(await Ready()).Contains("failed", StringComparison.Ordinal));

            async Task<string> Ready() => (await server.Default.Get("/health/ready")).Text;
        }
        var newest = Own().Max()!;
        var manifest = await OpenBackup.Run(newest, At("restored.db"), null);
        await OpenBackup.Check(At("restored.db"), newest, manifest);
        Own().Should().ContainSingle("of one day the newest stays");

        IEnumerable<string> Own() => Directory.GetFiles(At("to"), "crm-*T*Z.db").Except(others);
    }

    [Fact]
    public async Task a_wrong_schedule_is_a_sentence_at_the_start()
    {
        foreach (
            var (settings, because) in new (string[], string)[]
            {
                ([$"--Crm:Backup:Folder={At("nosuch")}"], "There is no folder"),
                ([$"--Crm:Backup:Folder={folder}", "--Crm:Backup:EveryHours=often"], "Crm__Backup__EveryHours"),
                ([$"--Crm:Backup:Folder={folder}", "--Crm:Backup:Keep=7"], "Crm__Backup__Keep"),
                ([$"--Crm:Backup:Folder={folder}", "--Crm:Backup:Passphrase=short"], "too short for a passphrase"),
            }
        )
        {
            await using var server = new CrmServer(null, [$"--ConnectionStrings:Crm=sqlite:{At("crm.db")}", .. settings]);
            var starting = server.InitializeAsync;
            (await starting.Should().ThrowAsync<Crm.Domain.Stores.StoreConfigurationException>()).Which.Message.Should().Contain(because);
        }
    }
}
