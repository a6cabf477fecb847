// Measures the embedded store as the product uses it: a posted form is one lead, one submission and one event in one commit.

using System.Diagnostics;
using System.Text;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Storage.Sqlite;

namespace Crm.Bench;

/// <summary>Arguments: commits (default 60000), callers (64), rows loaded before (0), folder (a new one under the system's).</summary>
public static class StoreBench
{
    static readonly Collection Leads = new(
        "leads",
        [
            new("status", KeyKind.Text, Indexed: true),
            new("owner", KeyKind.Text, Indexed: true),
            new("score", KeyKind.Number, Indexed: true),
            new("lastName", KeyKind.Text, Indexed: true),
            new("company", KeyKind.Text, Indexed: true),
            new("source.form", KeyKind.Text, Indexed: true),
            new("email", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace),
            new("phone", KeyKind.Text, Many: true, Unique: KeyUnique.InWorkspace),
        ],
        Searchable: true
    );

    static readonly Collection Submissions = new(
        "submissions",
        [
            new("form", KeyKind.Text, Indexed: true),
            new("verdict", KeyKind.Text, Indexed: true),
            new("lead", KeyKind.Text, Indexed: true),
            new("key", KeyKind.Text, Unique: KeyUnique.InWorkspace),
        ],
        Searchable: false
    );

    static readonly Collection Events = new(
        "events",
        [
            new(Collection.PositionKey, KeyKind.Number, Indexed: true),
            new("type", KeyKind.Text),
            new("also", KeyKind.Text, Many: true),
            new("subject", KeyKind.Text, Indexed: true),
        ],
        Searchable: false,
        Appended: true
    );

    public static async Task<int> Run(string[] args)
    {
        int Number(int index, int otherwise) =>
            args.Length > index ? int.Parse(args[index], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
        var (commits, callers, loaded) = (Number(0, 60_000), Number(1, 64), Number(2, 0));
        var folder = args.Length > 3 ? args[3] : Directory.CreateTempSubdirectory("store-bench").FullName;
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "crm.db");
        try
        {
            await using (var store = new SqliteStore(new() { Path = path }, TimeProvider.System))
            {
                await store.Start([Leads, Submissions, Events], (_, _, _, _, _) => throw new InvalidOperationException(), default);
                var workspace = store.Open(new(1));
                await Drive(workspace, 5_000, callers, 0, null); // The compiler's warm-up is not the store's.
                if (loaded > 0)
                {
                    var load = await Drive(workspace, loaded, 256, 5_000, null);
                    Console.WriteLine($"loaded {loaded:N0} at {loaded / load.TotalSeconds:N0} commits/s");
                }
                var latencies = new long[commits];
                var cpu = Process.GetCurrentProcess().TotalProcessorTime;
                var took = await Drive(workspace, commits, callers, 5_000 + loaded, latencies);
                cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
                Array.Sort(latencies);
                string At(double share) => $"{latencies[(int)((commits - 1) * share)] / 1000.0:N1} ms";
                Console.WriteLine(
                    $"{commits:N0} commits by {callers} callers: {commits / took.TotalSeconds:N0}/s, {took.TotalMicroseconds / commits:N1} us each, "
                        + $"cpu {cpu.TotalMicroseconds / commits:N1} us; p50 {At(0.5)}, p99 {At(0.99)}, max {At(1)}"
                );
                await Reads(workspace);
            }
            var started = Stopwatch.GetTimestamp();
            await using (var again = new SqliteStore(new() { Path = path }, TimeProvider.System))
            {
                await again.Start([Leads, Submissions, Events], (_, _, _, _, _) => throw new InvalidOperationException(), default);
                Console.WriteLine(
                    $"start with {commits + loaded + 5_000:N0} leads: {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N0} ms; file {new FileInfo(path).Length >> 20} MiB, "
                        + $"{new FileInfo(path).Length / (commits + loaded + 5_000.0):N0} bytes a lead"
                );
            }
            return 0;
        }
        finally
        {
            if (args.Length <= 3)
                Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<TimeSpan> Drive(IWorkspaceStore workspace, int commits, int callers, int first, long[]? latencies)
    {
        var ids = new IdGenerator(TimeProvider.System);
        var next = -1;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(caller =>
                    Task.Run(async () =>
                    {
                        for (var n = Interlocked.Increment(ref next); n < commits; n = Interlocked.Increment(ref next))
                        {
                            var begun = Stopwatch.GetTimestamp();
                            var result = await workspace.Commit(Post(ids, first + n), default);
                            if (!result.Committed)
                                throw new InvalidOperationException(result.Conflicts[0].ToString());
                            if (latencies is not null)
                                latencies[n] = (long)Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
                        }
                    })
                )
        );
        return Stopwatch.GetElapsedTime(started);
    }

    static readonly byte[] LeadJson = Encoding.UTF8.GetBytes("{\"company\":\"" + new string('x', 1180) + "\"}");
    static readonly byte[] SubmissionJson = Encoding.UTF8.GetBytes("{\"fields\":\"" + new string('y', 1480) + "\"}");
    static readonly byte[] EventJson = Encoding.UTF8.GetBytes("{\"position\":null,\"data\":\"" + new string('z', 280) + "\"}");

    /// <summary>Spreads numbers like a hash: keys do not come in order.</summary>
    static ulong Mix(int n)
    {
        var x = (ulong)n * 0x9E3779B97F4A7C15;
        x ^= x >> 29;
        x *= 0xBF58476D1CE4E5B9;
        return x ^ (x >> 32);
    }

    static Change[] Post(IdGenerator ids, int n)
    {
        var random = Mix(n + 1);
        var lead = ids.Next();
        var subject = lead.Text<Lead>();
        var lastName = "name" + random % 5000;
        var company = "company" + random / 5000 % 20_000;
        var email = $"{random:x}@{random % 997}.example.org";
        var phone = "+" + random % 1_000_000_000_000_000;
        var form = "form_" + random % 20;
        return
        [
            new Change.Insert(
                new(
                    Leads,
                    lead,
                    1,
                    LeadJson,
                    [
                        ("status", Key.Of("new")),
                        ("score", Key.Of(random % 100)),
                        ("lastName", Key.Of(lastName)),
                        ("company", Key.Of(company)),
                        ("source.form", Key.Of(form)),
                        ("email", Key.Of(email)),
                        ("phone", Key.Of(phone + n % 10)),
                    ],
                    [
                        "first" + random % 700,
                        lastName,
                        company,
                        $"{random:x}",
                        "example",
                        "org",
                        "d" + random % 997,
                        (random % 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    ]
                )
            ),
            new Change.Insert(
                new(
                    Submissions,
                    ids.Next(),
                    1,
                    SubmissionJson,
                    [
                        ("form", Key.Of(form)),
                        ("verdict", Key.Of("accepted")),
                        ("lead", Key.Of(subject)),
                        ("key", Key.Of($"{Mix(~n):x}{n:x}")),
                    ],
                    []
                )
            ),
            new Change.Append(
                new(
                    Events,
                    ids.Next(),
                    1,
                    EventJson,
                    [("type", Key.Of("lead.created")), ("also", Key.Of("submission.accepted")), ("subject", Key.Of(subject))],
                    []
                )
                {
                    PositionAt = "{\"position\":".Length,
                }
            ),
        ];
    }

    static async Task Reads(IWorkspaceStore workspace)
    {
        var name = new Filter.Compare("lastName", Comparison.Eq, Key.Of("name77"));
        await Read("get", 20_000, async i => await workspace.FindByKey(Leads, "email", $"{Mix(i):x}@{Mix(i) % 997}.example.org", default));
        await Page("newest 50", new(Leads, null, [], true, null, 50));
        await Page("status = new, newest 50", new(Leads, new Filter.Compare("status", Comparison.Eq, Key.Of("new")), [], true, null, 50));
        await Page("by name 50", new(Leads, null, [new("lastName", false)], false, null, 50));
        await Page("by score down, id up, 50", new(Leads, null, [new("score", true)], false, null, 50));
        await Page("by name and score 50", new(Leads, null, [new("lastName", false), new("score", true)], false, null, 50));
        await Page("one name, by score", new(Leads, name, [new("score", true)], true, null, 50));
        await Page("search rare", new(Leads, new Filter.Search(["name77", "first1"]), [], true, null, 50));
        await Page("search common", new(Leads, new Filter.Search(["exam"]), [], true, null, 50));
        await Page("email contains", new(Leads, new Filter.Compare("email", Comparison.Contains, Key.Of("abc1")), [], true, null, 50));
        var page = await workspace.Query(new(Leads, null, [new("lastName", false)], false, null, 500), default);
        for (var i = 0; i < 40 && page.Next is not null; i++)
            page = await workspace.Query(new(Leads, null, [new("lastName", false)], false, page.Next, 500), default);
        await Page("by name 50, behind 20,000 rows", new(Leads, null, [new("lastName", false)], false, page.Next, 50));
        await Read("count 10,000 of status", 100, async _ =>
            await workspace.Count(Leads, new Filter.Compare("status", Comparison.Eq, Key.Of("new")), 10_000, default)
        );

        async Task Page(string what, Query query) => await Read(what, 200, async _ =>
            {
                using var rows = await workspace.Query(query, default);
            });
    }

    static async Task Read(string what, int times, Func<int, Task> read)
    {
        try
        {
            await read(0);
            var started = Stopwatch.GetTimestamp();
            var done = 0;
            while (done < times && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(2))
                await read(done++);
            Console.WriteLine($"  {what}: {Stopwatch.GetElapsedTime(started).TotalMicroseconds / done:N0} us");
        }
        catch (QueryTooCostlyException)
        {
            Console.WriteLine($"  {what}: too costly");
        }
    }
}
