// The disk fails or is full: nothing is acknowledged that is not stored, callers hear 503, and when the disk works again so does the
// product.

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class DiskTests(ITestOutputHelper output) : IAsyncLifetime
{
    readonly string folder = OnDisk.NewFolder("crm-disk-test-").FullName;
    CrmProcess? crm;
    Ledger? ledger;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (crm is not null)
            await crm.DisposeAsync();
        ledger?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    async Task<CrmProcess> Begin(string database)
    {
        ledger = new(Path.Combine(folder, "ledger.tsv"));
        return crm = await CrmProcess.Start(database);
    }

    // ---- Failing system calls

    /// <summary>Each row: an error, and the calls that fail with it. 3+50 is a thread's third call and every fiftieth after it; 1+1 is all
    /// of them.</summary>
    public static TheoryData<string, string> Failures
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var error in new[] { "ENOSPC", "EIO" })
            {
                rows.Add(error, "pwrite64 40+300, fsync 4+9, pwrite64 1+1, fsync 1+1, ftruncate 1+1 fsync 3+5");
                if (!Long)
                    continue;
                for (var n = 1; n <= 200; n += 20)
                    rows.Add(
                        error,
                        string.Join(
                            ", ",
                            Enumerable.Range(n, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"pwrite64 {i}+400"))
                        )
                    );
                for (var n = 1; n <= 40; n += 20)
                    rows.Add(
                        error,
                        string.Join(
                            ", ",
                            Enumerable.Range(n, 20).Select(i => string.Create(CultureInfo.InvariantCulture, $"fsync {i}+{i}"))
                        )
                    );
                rows.Add(error, "openat 1+1 fsync 3+5, openat 1+3 pwrite64 40+300, pread64 5+50, pwrite64 3+2 ftruncate 1+2 fsync 2+2");
            }
            return rows;
        }
    }

    [NeedsStraceTheory]
    [MemberData(nameof(Failures))]
    public async Task nothing_is_acknowledged_that_a_failing_disk_did_not_take(string error, string failures)
    {
        var database = Path.Combine(folder, "crm.db");
        await Begin(database);
        var flood = new Flood(ledger!, seed: 1);
        using var end = new CancellationTokenSource();
        var posting = flood.Run(crm!, 8, end.Token, TimeSpan.FromMilliseconds(2));
        await flood.FirstAnswer;
        foreach (var failure in failures.Split(", "))
        {
            // Builds of SQLite differ in which of the two they call.
            var calls = failure.Replace("fsync", "fsync,fdatasync", StringComparison.Ordinal).Split(' ').Chunk(2).ToList();
            var before = ledger!.Acknowledged;
            await using (
                var strace = await Strace.Attach(
                    crm!,
                    ["trace=" + string.Join(',', calls.Select(c => c[0])), .. calls.Select(c => $"inject={c[0]}:error={error}:when={c[1]}")]
                )
            )
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                await Until(async () => (await strace.SoFar()).Contains("(INJECTED)", StringComparison.Ordinal));
                var lines = await strace.Detach();
                lines.Should().Contain(l => l.Contains("(INJECTED)"), $"{failure} shall fail in this time");
                output.WriteLine(
                    $"{error} of {failure}: {lines.Count(l => l.Contains("(INJECTED)"))} calls failed, {ledger.Acknowledged - before} posts were acknowledged meanwhile"
                );
            }
            crm!.HasExited.Should().BeFalse(crm.Output);
            await AcknowledgesAgain(failure);
        }
        output.WriteLine($"{ledger!.Acknowledged} acknowledged; answers: {flood.Said}");
        flood.Answers.Keys.Should().Contain("503 store_unavailable", "the failures shall be felt");

        // Killed while the disk fails once more: what was acknowledged before is on it.
        await using (await Strace.Attach(crm!, "trace=fdatasync,fsync", $"inject=fdatasync,fsync:error={error}:when=3+5"))
        {
            await Task.Delay(300);
            await crm!.Kill();
        }
        await end.CancelAsync();
        await posting;
        await NothingIsLost(database);
    }

    async Task AcknowledgesAgain(string after)
    {
        var began = Stopwatch.GetTimestamp();
        var before = ledger!.Acknowledged;
        while (ledger.Acknowledged == before && Stopwatch.GetElapsedTime(began) < Patience)
            await Task.Delay(10);
        output.WriteLine($"after {after}: acknowledged again in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        ledger.Acknowledged.Should().BeGreaterThan(before, $"it works again after {after}; {crm!.Output}");
    }

    async Task NothingIsLost(string database)
    {
        var (left, integrity) = await Inventory.OfCopy(database);
        integrity.Should().Be("ok");
        ledger!.Compare(left).Take(20).Should().BeEmpty();
        await crm!.DisposeAsync();
        crm = await CrmProcess.Start(database);
        ledger.Compare(await Inventory.Of(crm)).Take(20).Should().BeEmpty();
    }

    /// <summary>A call counts per thread: small numbers fail while the tables are made, large ones never.</summary>
    [NeedsStraceFact]
    public async Task a_first_start_on_a_failing_disk_ends_with_a_sentence_and_the_next_one_succeeds()
    {
        var database = Path.Combine(folder, "first", "crm.db");
        var refused = 0;
        foreach (
            var (call, n) in from call in new[] { "pwrite64", "fsync,fdatasync" }
            from n in Long ? Enumerable.Range(1, 60) : [2, 25]
            select (call, n)
        )
        {
            await using var attempt = CrmProcess.Launch(
                database,
                CrmProcess.AnyPort,
                [],
                "strace",
                "-D",
                "-f",
                "--seccomp-bpf",
                "-o",
                "/dev/null",
                "-e",
                $"trace={call}",
                "-e",
                string.Create(CultureInfo.InvariantCulture, $"inject={call}:error=EIO:when={n}+1")
            );
            if (!await attempt.EndsInsteadOfStarting())
                continue;
            refused++;
            attempt.ExitCode.Should().Be(1, attempt.Output);
            attempt.Output.Should().Contain("cannot").And.NotContain("Unhandled exception");
        }
        output.WriteLine($"{refused} starts were refused");
        refused.Should().BeGreaterThan(1);
        await Begin(database);
        using var http = Flood.Client(1);
        (await new Flood(ledger!, seed: 1).Send(http, crm!, new("first", PostKind.Person, "first@start.example.org", null)))
            .Should()
            .Be(HttpStatusCode.Created);
        await crm!.Kill();
        await NothingIsLost(database);
    }

    // ---- The order of sync and answer

    [NeedsStraceFact]
    public async Task an_answer_leaves_after_the_log_was_synced()
    {
        await Begin(Path.Combine(folder, "crm.db"));
        var lines = await PostUnderStrace(connections: 4, posts: 200);
        var order = Order(lines, out _, out _);
        output.WriteLine($"{order.Taken} answers, {order.Syncs} syncs of the log");
        order.Broken.Should().BeEmpty();
        order.Taken.Should().BeGreaterThanOrEqualTo(200);
    }

    [NeedsStraceFact]
    public async Task after_a_failed_sync_nothing_is_acknowledged_before_the_log_was_opened_anew()
    {
        await Begin(Path.Combine(folder, "crm.db"));
        var lines = await PostUnderStrace(connections: 1, posts: 40, "inject=fdatasync,fsync:error=EIO:when=8+13");
        var order = Order(lines, out var failures, out var tooEarly);
        output.WriteLine($"{order.Taken} answers, {order.Syncs} syncs of the log, {failures} failed");
        order.Broken.Should().BeEmpty();
        failures.Should().BeGreaterThan(0);
        tooEarly.Should().Be(0);
        await crm!.Kill();
        await NothingIsLost(Path.Combine(folder, "crm.db"));
    }

    /// <summary>New people only: a retry is answered from what is stored and needs no sync.</summary>
    async Task<IReadOnlyList<string>> PostUnderStrace(int connections, int posts, params string[] inject)
    {
        var flood = new Flood(ledger!, seed: 1);
        using var http = Flood.Client(connections);
        await flood.Send(http, crm!, Person(posts)); // Its code is compiled before it is watched.
        await using var strace = await Strace.Attach(
            crm!,
            ["trace=fdatasync,fsync,recvfrom,recvmsg,sendto,sendmsg,write,writev,openat", .. inject]
        );
        await Parallel.ForAsync(0, posts, new ParallelOptions { MaxDegreeOfParallelism = connections }, async (n, _) =>
        {
            for (var attempt = 0; await flood.Send(http, crm!, Person(n)) != HttpStatusCode.Created; attempt++)
            {
                attempt.Should().BeLessThan(100, flood.Said);
                await Task.Delay(50, CancellationToken.None);
            }
        });
        output.WriteLine($"answers: {flood.Said}");
        ledger!.Wrong.Should().BeEmpty();
        return await strace.Detach();

        static Post Person(int n)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"o{n}");
            return new(key, PostKind.Person, key + "@order.example.org", null);
        }
    }

    static (int Taken, int Syncs, List<string> Broken) Order(IReadOnlyList<string> lines, out int failures, out int tooEarly)
    {
        var lastRead = new Dictionary<string, int>();
        var begun = new Dictionary<string, int>();
        var broken = new List<string>();
        int at = 0,
            taken = 0,
            syncs = 0,
            lastWholeSyncBegan = -1;
        failures = tooEarly = 0;
        var failed = false;
        foreach (var call in new CallOrder().Read(lines))
        {
            at++;
            switch (call.Step)
            {
                case Step.RequestRead:
                    lastRead[call.Socket] = at;
                    break;
                case Step.SyncBegun:
                    begun[call.Thread] = at;
                    break;
                case Step.SyncDone:
                    syncs++;
                    lastWholeSyncBegan = Math.Max(lastWholeSyncBegan, begun[call.Thread]);
                    break;
                case Step.SyncFailed:
                    failures++;
                    failed = true;
                    break;
                case Step.LogOpened:
                    failed = false;
                    break;
                case Step.Taken:
                    taken++;
                    if (!lastRead.TryGetValue(call.Socket, out var read))
                        broken.Add($"The answer on socket {call.Socket} has no request.");
                    else if (lastWholeSyncBegan < read)
                        broken.Add($"The answer on socket {call.Socket} left before a sync that began after its request.");
                    if (failed)
                        tooEarly++;
                    break;
            }
        }
        return (taken, syncs, broken);
    }

    // ---- No room

    [NeedsMountsFact]
    public async Task a_full_disk_refuses_posts_and_nothing_else_until_there_is_room()
    {
        await using var disk = await SmallDisk.Mount(160);
        var database = Path.Combine(disk.Folder, "crm.db");
        await Begin(database);
        try
        {
            var flood = new Flood(ledger!, seed: 1);
            using var end = new CancellationTokenSource();
            var posting = flood.Run(crm!, 8, end.Token, TimeSpan.FromMilliseconds(20));
            await flood.FirstAnswer;
            for (var cycle = 0; cycle < (Long ? 20 : 2); cycle++)
            {
                // Nearly full, which the product sees coming; and full to the last byte at once, which it runs into.
                disk.FillUpTo(cycle % 2 == 0 ? 16L << 20 : 0);
                await RefusesPosts(flood);
                Lines("The store is not available").Should().Be(cycle + 1, "an outage is one line, however many requests it refuses");
                (await crm!.Get("/v1/leads?limit=5")).Status.Should().Be(200, "reading needs no room");
                (await crm.Get("/health/ready")).Status.Should().Be(503);
                (await crm.Get("/health/live")).Status.Should().Be(200);
                disk.Clear();
                await AcknowledgesAgain($"the disk was full ({cycle})");
                SpinWait.SpinUntil(() => Lines("The store is back") == cycle + 1, Patience).Should().BeTrue(crm.Output);
            }
            crm!.Output.Should().NotContain("   at ", "a refused request leaves no stack trace");
            output.WriteLine($"{ledger!.Acknowledged} acknowledged; answers: {flood.Said}");
            ledger.Wrong.Should().BeEmpty();

            disk.FillUpTo(0);
            await RefusesPosts(flood);
            await crm!.Kill();
            await end.CancelAsync();
            await posting;
            disk.Clear();
            await NothingIsLost(database);
        }
        finally
        {
            await crm!.DisposeAsync();
        }
    }

    [NeedsMountsFact]
    public async Task clicks_leave_the_reserve_of_the_disk_to_forms_and_are_counted_all_the_same()
    {
        await using var disk = await SmallDisk.Mount(192);
        crm = await CrmProcess.StartWith(Path.Combine(disk.Folder, "crm.db"), "--Crm:DiskReserve=128MiB");
        try
        {
            var slug = (await Made("/v1/links", new { destination = "https://www.silva.example.org/" }))["slug"]!.ToString();
            var site = await Made("/v1/sites", new { name = "Shop", clientConversions = true });
            await Click();
            (await crm.All("/v1/clicks")).Should().ContainSingle();
            (await Ready()).Should().NotContain("kept for forms");

            disk.FillUpTo(96L << 20);
            await UntilReady(text => text.Contains("kept for forms"));
            await Click();
            await Click();
            (await crm.All("/v1/clicks")).Should().ContainSingle("in the reserve clicks are not stored");
            using var posted = await crm.Http.PostAsJsonAsync(crm.SubmitUrl, new { name = "Ana Silva", email = "ana@silva.example.org" });
            posted.StatusCode.Should().Be(HttpStatusCode.Created, "the reserve is for forms");
            (await crm.All("/v1/leads")).Should().ContainSingle();
            (await crm.Get("/v1/reports/links")).Data![0]!["clicks"]!.GetValue<long>().Should().Be(3, "they are counted all the same");

            // What pages and pixels tell is counted too, and what a robot says of a sale; a sale is stored.
            var form = (await crm.All("/v1/forms"))[0];
            (await Tell(new { kind = "formView", form = form["key"]!.ToString() }, Browser)).Should().Be(HttpStatusCode.OK);
            (await Tell(new { kind = "conversion", orderId = "1" }, "curl/8.5.0")).Should().Be(HttpStatusCode.OK);
            (await Get($"/t/pixel.gif?site={site["key"]}&kind=open", Browser)).Should().Be(HttpStatusCode.OK);
            (await Get($"/t/pixel.gif?link={slug}", Browser)).Should().Be(HttpStatusCode.OK);
            (await Get($"/t/pixel.gif?site={site["key"]}&kind=conversion&order=2", Browser)).Should().Be(HttpStatusCode.OK);
            (await crm.All("/v1/touches")).Should().BeEmpty("in the reserve views are not stored");
            (await crm.All("/v1/visitors")).Should().BeEmpty();
            (await crm.Get("/v1/reports/forms")).Data![0]!["views"]!.GetValue<long>().Should().Be(1, "they are counted all the same");
            (await crm.Get("/v1/reports/links")).Data![0]!["impressions"]!.GetValue<long>().Should().Be(1);
            (await crm.All("/v1/conversions")).Should().BeEmpty();
            (await Tell(new { kind = "conversion", orderId = "3" }, Browser)).Should().Be(HttpStatusCode.OK);
            (await crm.All("/v1/conversions")).Should().ContainSingle("a sale is not counted without being stored");

            // Below the floor nothing is written, and nobody is told otherwise.
            disk.FillUpTo(16L << 20);
            var clicks = 3;
            for (HttpStatusCode went; (went = await Get("/l/" + slug, Browser)) != HttpStatusCode.ServiceUnavailable; clicks++)
            {
                went.Should().Be(HttpStatusCode.Found);
                clicks.Should().BeLessThan(600, "it is seen within a second that the disk is full");
                await Task.Delay(50);
            }
            (await Get($"/t/pixel.gif?site={site["key"]}&kind=open", Browser)).Should().Be(HttpStatusCode.ServiceUnavailable);
            (await Tell(new { kind = "pageView" }, Browser)).Should().Be(HttpStatusCode.ServiceUnavailable);
            (await crm.All("/v1/clicks")).Should().ContainSingle();

            disk.Clear();
            await Until(crm.IsReady);
            await UntilReady(text => !text.Contains("kept for forms"));
            await Click();
            (await crm.All("/v1/clicks")).Should().HaveCount(2);
            (await crm.Get("/v1/reports/links")).Data![0]!["clicks"]!
                .GetValue<long>()
                .Should()
                .Be(clicks + 1, "what was refused is not counted");
            SpinWait.SpinUntil(() => Lines("The disk has room again") == 1, Patience).Should().BeTrue(crm.Output);
            Lines("MiB left: clicks and views are only counted").Should().Be(1);

            async Task Click() => (await Get("/l/" + slug, Browser)).Should().Be(HttpStatusCode.Found);

            async Task<HttpStatusCode> Get(string path, string agent) => await Ask(new(HttpMethod.Get, path), agent);

            async Task<HttpStatusCode> Tell(object said, string agent) =>
                await Ask(new(HttpMethod.Post, $"/t/events?site={site["key"]}") { Content = JsonContent.Create(said) }, agent);

            async Task<HttpStatusCode> Ask(HttpRequestMessage request, string agent)
            {
                using (request)
                {
                    request.Headers.TryAddWithoutValidation("User-Agent", agent);
                    using var answer = await crm.Http.SendAsync(request);
                    return answer.StatusCode;
                }
            }
        }
        finally
        {
            await crm.DisposeAsync();
        }
    }

    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

    async Task<JsonNode> Made(string path, object body)
    {
        using var answer = await crm!.Http.PostAsJsonAsync(path, body);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    async Task Until(Func<Task<bool>> isSo)
    {
        for (var began = Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(50))
            Stopwatch.GetElapsedTime(began).Should().BeLessThan(Patience, crm!.Output);
    }

    Task<string> Ready() => crm!.Http.GetStringAsync("/health/ready");

    async Task UntilReady(Func<string, bool> says)
    {
        var began = Stopwatch.GetTimestamp();
        while (!says(await Ready()))
        {
            Stopwatch.GetElapsedTime(began).Should().BeLessThan(Patience, crm!.Output);
            await Task.Delay(50);
        }
    }

    int Lines(string of) => crm!.Output.Split('\n').Count(line => line.Contains(of));

    /// <summary>Waits until a second passes without an acknowledgement.</summary>
    async Task RefusesPosts(Flood flood)
    {
        var began = Stopwatch.GetTimestamp();
        int acknowledged,
            refused;
        do
        {
            (acknowledged, refused) = (ledger!.Acknowledged, flood.Answers.GetValueOrDefault("503 store_unavailable"));
            Stopwatch.GetElapsedTime(began).Should().BeLessThan(Patience, flood.Said);
            await Task.Delay(TimeSpan.FromSeconds(1));
        } while (ledger.Acknowledged > acknowledged || flood.Answers.GetValueOrDefault("503 store_unavailable") == refused);
    }
}
