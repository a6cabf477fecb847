// The frame of background work: what wakes a worker, what its failures do to the log and to others, and that it ends in peace.

using System.Collections.Concurrent;
using Crm.Api.Http;
using Crm.Api.Workers;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Crm.Tests.Workers;

public sealed class WorkerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60),
        Long = TimeSpan.FromMinutes(10);

    sealed class Lines<T> : ILogger<T>
    {
        public ConcurrentQueue<(LogLevel Level, string Text, Exception? Error)> All { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => All.Enqueue((logLevel, formatter(state, exception), exception));
    }

    sealed class One(
        Installation installation,
        StoreOutage outage,
        ILogger log,
        string name,
        Func<int, TimeSpan> step,
        WorkspaceKey? woken = null,
        Func<Task>? finish = null
    ) : Worker(installation, outage, log)
    {
        int steps;

        protected override string Name => name;
        protected override WorkspaceKey? WokenByCommitsOf => woken;

        protected override ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop) =>
            new(step(Interlocked.Increment(ref steps)));

        protected override async ValueTask Finish() => await (finish?.Invoke() ?? Task.CompletedTask);
    }

    sealed class OfWorkspaces(Installation installation, StoreOutage outage, ILogger log, Func<WorkspaceKey, TimeSpan?> step)
        : WorkspaceWorker(installation, outage, log)
    {
        protected override string Name => "of-workspaces";
        protected override string Counters => "test/";
        protected override TimeSpan? WorkspaceLease => TimeSpan.FromSeconds(20);

        protected override ValueTask<TimeSpan?> Step(WorkspaceKey workspace, HeldLease? lease, CancellationToken stop) =>
            new(lease is null ? throw new InvalidOperationException("No lease.") : step(workspace));
    }

    [Fact]
    public async Task a_store_that_is_away_is_one_line_for_all_workers_when_it_goes_and_one_when_it_is_back()
    {
        await using var crm = await TempInstallation.Open();
        var lines = new Lines<StoreOutage>();
        var outage = new StoreOutage(lines);
        var back = new CountdownEvent(2);
        var away = true;
        TimeSpan Step(int _)
        {
            if (Volatile.Read(ref away))
                throw new StoreUnavailableException("The disk is full.");
            back.Signal();
            return Long;
        }
        var tries = 0;
        using var one = new One(crm.Installation, outage, lines, "one", n => Step(tries = n));
        using var other = new One(crm.Installation, outage, lines, "other", Step);
        await one.StartAsync(default);
        await other.StartAsync(default);
        SpinWait.SpinUntil(() => Volatile.Read(ref tries) >= 3, Patience).Should().BeTrue();
        Volatile.Write(ref away, false);
        back.Wait(Patience).Should().BeTrue();
        SpinWait.SpinUntil(() => lines.All.Any(line => line.Text.Contains("is back")), Patience).Should().BeTrue();
        await one.StopAsync(default);
        await other.StopAsync(default);
        lines.All.Select(line => line.Level).Should().Equal(LogLevel.Warning, LogLevel.Information);
        lines.All.Should().OnlyContain(line => line.Error == null, "there are no stack traces of an absence");
        lines.All.First().Text.Should().Contain("The disk is full.");
    }

    [Fact]
    public async Task a_worker_that_fails_backs_off_and_goes_on()
    {
        await using var crm = await TempInstallation.Open();
        var lines = new Lines<WorkerTests>();
        var times = new ConcurrentQueue<long>();
        var done = new TaskCompletionSource();
        using var worker = new One(crm.Installation, new(new Lines<StoreOutage>()), lines, "failing", n =>
        {
            times.Enqueue(System.Diagnostics.Stopwatch.GetTimestamp());
            if (n < 4)
                throw new InvalidOperationException("Not yet.");
            done.TrySetResult();
            return Long;
        });
        await worker.StartAsync(default);
        await done.Task.WaitAsync(Patience);
        await worker.StopAsync(default);
        var waits = times.Zip(times.Skip(1), (a, b) => System.Diagnostics.Stopwatch.GetElapsedTime(a, b).TotalMilliseconds).ToList();
        // A timer may be a few milliseconds early.
        waits[0].Should().BeGreaterThan(240);
        waits[1].Should().BeGreaterThan(490);
        waits[2].Should().BeGreaterThan(990);
        lines.All.Count(line => line is { Level: LogLevel.Error, Error: InvalidOperationException }).Should().Be(3);
    }

    [Fact]
    public async Task a_commit_wakes_a_worker_and_what_it_began_is_finished_before_it_ends()
    {
        await using var crm = await TempInstallation.Open();
        var (first, second, ending) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        using var worker = new One(
            crm.Installation,
            new(new Lines<StoreOutage>()),
            new Lines<WorkerTests>(),
            "woken",
            n =>
            {
                (n == 1 ? first : second).TrySetResult();
                return Long;
            },
            WorkspaceKey.Installation,
            () => ending.Task
        );
        await worker.StartAsync(default);
        await first.Task.WaitAsync(Patience);
        second.Task.IsCompleted.Should().BeFalse();
        crm.Installation.Commits.Made(WorkspaceKey.Installation);
        await second.Task.WaitAsync(Patience);
        var stopped = worker.StopAsync(default);
        await Task.Delay(100);
        stopped.IsCompleted.Should().BeFalse();
        ending.SetResult();
        await stopped.WaitAsync(Patience);
    }

    [Fact]
    public async Task one_workspaces_trouble_is_not_the_others_and_a_counter_wakes_its_workspace()
    {
        await using var crm = await TempInstallation.Open();
        var rows = crm.Installation.Store.Open(WorkspaceKey.Installation);
        await rows.Commit([new Change.Increment("test/7", 1), new Change.Increment("test/8", 1)], default);
        var looked = new ConcurrentQueue<long>();
        using var worker = new OfWorkspaces(crm.Installation, new(new Lines<StoreOutage>()), new Lines<WorkerTests>(), workspace =>
        {
            looked.Enqueue(workspace.Value);
            return workspace.Value == 7 ? throw new InvalidOperationException("Broken.") : null;
        });
        await worker.StartAsync(default);
        SpinWait.SpinUntil(() => looked.Contains(8), Patience).Should().BeTrue();
        looked.First().Should().Be(7);
        await rows.Commit([new Change.Increment("test/8", 1)], default);
        crm.Installation.Commits.Made(WorkspaceKey.Installation);
        SpinWait.SpinUntil(() => looked.Count(workspace => workspace == 8) == 2, Patience).Should().BeTrue();
        SpinWait.SpinUntil(() => looked.Count(workspace => workspace == 7) >= 2, Patience).Should().BeTrue("what failed is tried again");
        await worker.StopAsync(default);
        (await crm.Count<Lease>(WorkspaceKey.Installation)).Should().Be(0, "each was given back, also after the failure");
    }

    [Fact]
    public async Task housekeeping_removes_what_is_old_in_workspaces_that_nobody_asked_for()
    {
        await using var crm = await TempInstallation.Open();
        var type = ResourceType.Of<IdempotencyRecord>();
        var workspaces = new[] { new WorkspaceKey(70), new WorkspaceKey(71) };
        foreach (var workspace in workspaces)
            await crm
                .Installation.Store.Open(workspace)
                .Commit(
                    [
                        .. Enumerable
                            .Range(0, 600)
                            .Select(i =>
                                (Change)
                                    new Change.Insert(
                                        type.ToDocument(
                                            new IdempotencyRecord
                                            {
                                                Id =
                                                    i == 0
                                                        ? crm.Installation.Ids.Next()
                                                        : IdGenerator.At(crm.Installation.Now - TimeSpan.FromHours(25)),
                                                Version = 1,
                                                Key = $"{workspace.Value}/{i}",
                                            }
                                        )
                                    )
                            ),
                    ],
                    default
                );
        var lease = await HeldLease.Take(crm.Installation, "housekeeping", TimeSpan.FromMinutes(1), default);
        await Housekeeping.RemoveOld(crm.Installation, NullLogger.Instance, lease!, default);
        foreach (var workspace in workspaces)
            (await crm.Count<IdempotencyRecord>(workspace)).Should().Be(1);
    }
}
