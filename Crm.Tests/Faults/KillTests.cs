// kill -9 at a random moment of a flood of posts, again and again: every acknowledged lead is there afterwards, exactly once.

using System.Globalization;
using System.Net;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class KillTests(ITestOutputHelper output)
{
    const int Connections = 64,
        RoundsOnOneFile = 10;

    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    /// <summary>The number that was printed by a run, to make the same choices again: CRM_TEST_SEED=123.</summary>
    static int Seed =>
        int.TryParse(Environment.GetEnvironmentVariable("CRM_TEST_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : Random.Shared.Next();

    [Fact]
    public async Task every_acknowledged_lead_is_there_exactly_once_after_kill_9()
    {
        var acknowledged = await Play(Long ? 300 : 12, 64, (_, _) => Task.FromResult<Strace?>(null));
        acknowledged.Should().BeGreaterThan(300, "a test without leads shows nothing");
    }

    /// <summary>
    /// What a killed process has written stays written, so on a quick disk a kill hardly ever falls between the first and the last write of
    /// a commit. Here each write takes a moment, and most kills do.
    /// </summary>
    [NeedsStraceFact]
    public async Task every_acknowledged_lead_is_there_exactly_once_after_kill_9_in_the_middle_of_a_commit()
    {
        var acknowledged = await Play(Long ? 60 : 4, 16, async (crm, random) =>
            await Strace.Attach(
                crm,
                "trace=pwrite64",
                string.Create(CultureInfo.InvariantCulture, $"inject=pwrite64:delay_enter={random.Next(500, 5000)}")
            )
        );
        acknowledged.Should().BeGreaterThan(20, "a test without leads shows nothing");
    }

    /// <summary>Round after round: a flood, a kill, a look at the files, a start, the same posts again. Returns how many posts were
    /// acknowledged.</summary>
    async Task<int> Play(int rounds, int connections, Func<CrmProcess, Random, Task<Strace?>> slowDown)
    {
        var seed = Seed;
        output.WriteLine($"seed {seed}");
        var ready = new List<TimeSpan>();
        int acknowledged = 0,
            refused = 0,
            inDoubt = 0,
            takenInDoubt = 0;
        for (var round = 0; round < rounds; )
        {
            var folder = OnDisk.NewFolder("crm-kill-").FullName;
            var database = Path.Combine(folder, "crm.db");
            using var ledger = new Ledger(Path.Combine(folder, "ledger.tsv"));
            var crm = await CrmProcess.Start(database);
            try
            {
                for (var i = 0; i < RoundsOnOneFile && round < rounds; i++, round++)
                {
                    var random = new Random(unchecked(seed + round));
                    var flood = new Flood(ledger, unchecked(seed + round), round);
                    var posting = flood.Run(crm, connections, CancellationToken.None);
                    // A fresh process compiles its code first; now and then it is killed in that time too, mostly among answers.
                    if (random.Next(5) > 0)
                        await Task.WhenAny(flood.FirstAnswer, Task.Delay(TimeSpan.FromSeconds(10)));
                    await using (await slowDown(crm, random))
                    {
                        await Task.Delay(random.Next(50, 1500));
                        await crm.Kill();
                    }
                    await posting;
                    await crm.DisposeAsync();

                    var (left, integrity) = await Inventory.OfCopy(database);
                    integrity.Should().Be("ok", $"seed {seed}, round {round}");
                    None(ledger.Compare(left), $"in the file that was left, seed {seed}, round {round}, {folder}");

                    crm = await CrmProcess.Start(database);
                    ready.Add(crm.ReadyAfter);
                    var doubtful = ledger.InDoubt;
                    inDoubt += doubtful.Count;
                    takenInDoubt += doubtful.Count(p => left.Submissions.Any(s => s.Key == p.Key));
                    await SendAgain(crm, ledger, flood, doubtful, left, random);
                    None(ledger.Wrong, $"seed {seed}, round {round}, {folder}");
                }
                None(ledger.Compare(await Inventory.Of(crm)), $"through the API, seed {seed}, before round {round}, {folder}");
            }
            finally
            {
                await crm.DisposeAsync();
            }
            acknowledged += ledger.Acknowledged;
            refused += ledger.Refused;
            Directory.Delete(folder, recursive: true); // Stays where it is when the test fails.
        }
        output.WriteLine(
            $"{rounds} rounds, {acknowledged} acknowledged and {refused} refused posts, all there once; {inDoubt} in doubt, of which {takenInDoubt} had been taken"
        );
        output.WriteLine(
            $"ready again after {ready.Average(t => t.TotalMilliseconds):0} ms on average, {ready.Max().TotalMilliseconds:0} ms at most"
        );
        ready.Max().Should().BeLessThan(TimeSpan.FromSeconds(30));
        return acknowledged;
    }

    /// <summary>As visitors do whose page never heard an answer; and some who did hear one. What was taken keeps its receipt.</summary>
    static async Task SendAgain(CrmProcess crm, Ledger ledger, Flood flood, IReadOnlyList<Post> doubtful, Inventory left, Random random)
    {
        using var http = Flood.Client(16);
        var receipts = ledger.Receipts;
        foreach (var (post, _) in receipts.Count == 0 ? [] : random.GetItems(receipts.ToArray(), 20))
            (await flood.Send(http, crm, post)).Should().Be(HttpStatusCode.Created);
        var taken = left.Submissions.ToLookup(s => s.Key, s => s.Id);
        foreach (var post in doubtful)
        {
            (await flood.Send(http, crm, post))
                .Should()
                .Be(post.Kind == PostKind.Invalid ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.Created);
            if (post.Kind != PostKind.Invalid && taken[post.Key].FirstOrDefault() is { } id)
                ledger.Receipts.Should().Contain((post, id), "it was taken before the kill");
        }
    }

    static void None(IReadOnlyList<string> broken, string where) =>
        broken.Take(20).Should().BeEmpty($"{broken.Count} promises are broken {where}");
}
