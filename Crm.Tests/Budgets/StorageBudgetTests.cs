// What strangers send has a budget: beyond it the least of it leaves, reports stay, and what waits for somebody is kept.

using System.Text.Json.Nodes;
using Crm.Domain.Budgets;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;
using Crm.Tests.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Budgets;

/// <summary>Budgets that some hundred records use up, and few posts at once.</summary>
public sealed class FrugalServer : IAsyncLifetime
{
    public CrmServer Server { get; } =
        new(
            null,
            "--Crm:RateLimits:Enabled=true",
            "--Crm:TrustedProxies=127.0.0.1",
            "--Crm:Limits:FormAddress=1/2",
            "--Crm:Limits:Key=60000/60000",
            "--Crm:Limits:ClickBytesOfWorkspace=96KiB",
            "--Crm:Limits:TouchBytesOfWorkspace=96KiB",
            "--Crm:Limits:EntriesOfWorkspace=20"
        );

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

public sealed class StorageBudgetTests(FrugalServer frugal) : IClassFixture<FrugalServer>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly CrmServer server = frugal.Server;
    readonly Installation product = frugal.Server.Services.GetRequiredService<Installation>();

    /// <summary>Stored as it was so many days ago; the oldest id comes first.</summary>
    async Task<List<Id>> Seed(TestWorkspace workspace, int daysAgo, params IEnumerable<Resource> records)
    {
        var settings = await product.Settings.Workspace(await workspace.StoreKey(product), default);
        var work = new UnitOfWork(product, settings, "system", product.Now.AddDays(-daysAgo));
        var ids = records.Select(record => work.Insert(record, null).Id).ToList();
        (await work.Commit(default)).Committed.Should().BeTrue();
        return [.. ids.Order()];
    }

    static IEnumerable<T> Many<T>(int count, T record) => Enumerable.Repeat(record, count);

    async Task<HashSet<Id>> Left<T>(TestWorkspace workspace)
        where T : Resource
    {
        var (type, left) = (ResourceType.Of<T>(), new HashSet<Id>());
        await foreach (
            var page in product
                .Store.Open(await workspace.StoreKey(product))
                .Pages(new(type.Collection, null, [], false, null, 500), default)
        )
            for (var i = 0; i < page.Count; i++)
                left.Add(page[i].Id);
        return left;
    }

    /// <summary>Once the first that has to go is gone and nothing else goes: a store may add counters up behind the commit.</summary>
    async Task<HashSet<Id>> LeftWithout<T>(TestWorkspace workspace, string budget, Id first)
        where T : Resource
    {
        var left = await Left<T>(workspace);
        await Until(
            async () =>
            {
                await IsKept(workspace, budget);
                var before = left;
                await Task.Delay(300);
                left = await Left<T>(workspace);
                return !left.Contains(first) && left.SetEquals(before);
            },
            $"of {budget} what has to go is gone"
        );
        return left;
    }

    static async Task<JsonNode> Use(TestWorkspace workspace) => (await workspace.Get($"/v1/workspaces/{workspace.Id}/storage")).Json!;

    static async Task Until(Func<Task<bool>> isSo, string what)
    {
        for (var began = System.Diagnostics.Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(20))
            System.Diagnostics.Stopwatch.GetElapsedTime(began).Should().BeLessThan(Patience, what);
    }

    /// <summary>Until it is given back nothing leaves: what is seeded is weighed as one.</summary>
    async Task<HeldLease> NothingLeaves(TestWorkspace workspace)
    {
        HeldLease? lease = null;
        var name = $"evicting/{(await workspace.StoreKey(product)).Value}";
        await Until(async () => (lease = await HeldLease.Take(product, name, Patience, default)) is not null, "the worker rests");
        return lease!;
    }

    static Task IsKept(TestWorkspace workspace, string budget) =>
        Until(
            async () =>
                (await Use(workspace))[budget] is { } use
                && use["bytes"]!.GetValue<long>() <= use["mostBytes"]!.GetValue<long>()
                && !(use["records"]?.GetValue<long>() > use["mostRecords"]?.GetValue<long>()),
            $"the budget of {budget} is kept"
        );

    async Task CountersAreARecounts(TestWorkspace workspace)
    {
        var differences = new List<Difference>();
        (await new Recount(product, false, differences.Add, _ => { }).Run(await workspace.StoreKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty();
    }

    /// <summary>Waits until events say of each kind how many left: a store may number events behind the commit.</summary>
    static Task Tells(TestWorkspace workspace, string of, params (string Kind, long Count)[] gone) =>
        Until(
            async () =>
                (await workspace.All("/v1/events?type=workspace.recordsRemoved"))
                    .Select(happened => happened["data"]!)
                    .Where(data => data["of"]!.ToString() == of)
                    .GroupBy(data => data["kind"]!.ToString())
                    .Select(kind => (kind.Key, kind.Sum(data => data["count"]!.GetValue<long>())))
                    .Order()
                    .SequenceEqual(gone.Order()),
            $"events tell of {string.Join(", ", gone)}"
        );

    [Fact]
    [OnEveryStore]
    public async Task robots_clicks_leave_first_then_peoples_and_never_a_leads_and_reports_stay()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/" });
        Id.TryParse<Link>(made["id"]!.ToString(), out var link).Should().BeTrue();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        Id.TryParse<Lead>(lead["id"]!.ToString(), out var somebody).Should().BeTrue();
        var click = new Click { Link = link, Human = true };
        var theirs = await Seed(workspace, 1, Many(10, click with { Lead = somebody }));
        var people = await Seed(workspace, 5, Many(30, click));
        var robots = await Seed(workspace, 3, Many(150, click with { Human = false, Signals = ["a robot"] }));

        var left = await LeftWithout<Click>(workspace, "clicks", robots[0]);
        left.Should().Contain(theirs).And.Contain(people, "robots go first");
        var gone = robots.TakeWhile(robot => !left.Contains(robot)).Count();
        gone.Should().BeInRange(10, 140);
        left.Should().Contain(robots.Skip(gone), "the oldest go first, and as many as it needs");
        await Tells(workspace, "clicks", ("robots", gone));

        var more = await Seed(workspace, 2, Many(150, click));
        left = await LeftWithout<Click>(workspace, "clicks", people[0]);
        left.Overlaps(robots).Should().BeFalse("people go after them");
        left.Should().Contain(theirs, "what belongs to a lead is not a month old");
        var row = (await workspace.Get("/v1/reports/links")).Data.Single()!;
        (row["clicks"]!.GetValue<int>(), row["robots"]!.GetValue<int>()).Should().Be((190, 150), "reports stay");
        await Tells(workspace, "clicks", ("robots", 150), ("people", 190 - left.Count));
        left.Should().Contain(more[^1]);
        await CountersAreARecounts(workspace);
    }

    [Fact]
    public async Task what_members_entered_by_hand_and_fresh_touches_of_leads_stay()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        Id.TryParse<Lead>(lead["id"]!.ToString(), out var somebody).Should().BeTrue();
        var seen = new Touch { Kind = TouchKind.PageView, Human = true };
        var calls = await Seed(
            workspace,
            400,
            Many(
                20,
                new Touch
                {
                    Kind = TouchKind.Call,
                    Lead = somebody,
                    Human = true,
                }
            )
        );
        var weighed = await NothingLeaves(workspace);
        var old = await Seed(workspace, 40, Many(120, seen with { Lead = somebody }));
        await Seed(workspace, 2, Many(60, seen));
        var fresh = await Seed(workspace, 1, Many(60, seen with { Lead = somebody }));
        await weighed.GiveBack(default);

        await IsKept(workspace, "touches");
        var left = await Left<Touch>(workspace);
        left.Should().Contain(calls).And.Contain(fresh);
        await Tells(workspace, "touches", ("people", 60), ("leads", old.Count(touch => !left.Contains(touch))));
        await CountersAreARecounts(workspace);
    }

    [Fact]
    public async Task entries_of_robots_leave_first_then_rejected_ones_and_what_waits_is_kept_a_month()
    {
        var workspace = await server.NewWorkspace();
        var contact = await workspace.ContactForm();
        Id.TryParse<Form>(contact["id"]!.ToString(), out var form).Should().BeTrue();
        var entry = new Submission { Form = form, Verdict = Verdict.Quarantined };
        var waiting = entry with { Reason = SubmitForm.LimitedReason };
        var weighed = await NothingLeaves(workspace);
        var old = await Seed(workspace, 40, Many(5, waiting));
        var fresh = await Seed(workspace, 29, Many(10, waiting));
        var robots = await Seed(workspace, 1, Many(10, entry with { Reason = "honeypot", Signals = ["honeypot"] }));
        await Seed(workspace, 1, entry with { Verdict = Verdict.Rejected, Reason = Submission.SpamReason });
        var rejected = await Seed(workspace, 2, Many(10, entry with { Verdict = Verdict.Rejected, Reason = "validation_failed" }));
        (await workspace.Submit(contact, new { email = "ana@silva.example.org" }, From("198.51.100.1"))).Status.Should().Be(201);
        await weighed.GiveBack(default);

        await IsKept(workspace, "entries");
        var left = await Left<Submission>(workspace);
        left.Should().HaveCount(21, "twenty, and one that is in a lead").And.Contain(old).And.Contain(fresh).And.NotContain(robots);
        left.Should().Contain(rejected.TakeLast(5), "the oldest went");
        await Tells(workspace, "entries", ("robots", 11), ("rejected", 5));

        // Only what may not go yet is left: what comes over a limit then is counted and sent away, and nothing else is.
        await Seed(workspace, 3, Many(12, waiting));
        await Until(async () => !(await Left<Submission>(workspace)).Overlaps([.. old, .. rejected]), "what is a month old goes");
        (await Left<Submission>(workspace)).Should().Contain(fresh).And.HaveCount(23);
        var before = await Posted();
        for (var i = 0; i < 2; i++)
            (await workspace.Submit(contact, new { email = $"p{i}@silva.example.org" }, From("203.0.113.1"))).Status.Should().Be(201);
        var refused = await workspace.Submit(contact, new { email = "p3@silva.example.org" }, From("203.0.113.1"));
        (refused.Status, refused.Code).Should().Be((429, "rate_limited"));
        refused.Header("Retry-After").Should().NotBeNull();
        (await workspace.Submit(contact, new { email = "bia@silva.example.org" }, From("198.51.100.2"))).Status.Should().Be(201);
        (await Left<Submission>(workspace)).Should().HaveCount(26);
        (await Posted()).Should().Be(before + 4, "what is sent away is counted");
        await CountersAreARecounts(workspace);

        async Task<int> Posted() => (await workspace.Get("/v1/reports/forms")).Data.Single()!["submissions"]!.GetValue<int>();
    }

    static (string, string) From(string address) => ("X-Forwarded-For", address);

    [Fact]
    public async Task what_an_older_version_stored_is_counted_once_and_a_recount_finds_what_is_wrong()
    {
        await using var crm = await TempInstallation.Open();
        var (installation, settings) = (crm.Installation, await crm.Settings());
        var store = settings.Store;
        var work = new UnitOfWork(installation, settings, "system");
        foreach (var one in Many(30, new Click { Human = true }))
            work.Insert(one, null);
        work.Insert(new Submission { Verdict = Verdict.Rejected }, null);
        (await work.Commit(default)).Committed.Should().BeTrue();
        var counted = await store.Counters("stored/", 10, default);
        counted.Select(counter => counter.Name).Should().Equal("stored/clicks/bytes", "stored/entries/bytes", "stored/entries/records");

        // As a version left it that did not count: neither the numbers nor the note that they are there.
        await store.Commit([.. counted.Select(counter => new Change.Increment(counter.Name, -counter.Value))], default);
        (await Differences()).Should().Be(3);
        var installed = installation.Store.Open(WorkspaceKey.Installation);
        await installed.Commit([new Change.Increment("storage-measured", -1)], default);
        await MeasureStorage.Run(installation, default);
        (await store.Counters("stored/", 10, default)).Should().Equal(counted);
        await MeasureStorage.Run(installation, default);
        (await store.Counters("stored/", 10, default)).Should().Equal(counted);
        (await Differences()).Should().Be(0);

        async Task<int> Differences()
        {
            var differences = 0;
            await new Recount(installation, false, _ => differences++, _ => { }).Run(settings.Key, default);
            return differences;
        }
    }
}
