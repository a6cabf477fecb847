// One step of a policy's run: what goes, its roll-ups, how many went and the place to go on from are one commit.

using System.Diagnostics;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Retention;

/// <summary>
/// Small batches, so that whoever posts meanwhile waits for none of them. Killed at any point, the next node goes on behind the last batch.
/// </summary>
public static class RunRetention
{
    const int BatchSize = 200;

    /// <summary>The policy behind the step; null when somebody changed it meanwhile.</summary>
    public static ValueTask<RetentionPolicy?> Step(
        Installation installation,
        WorkspaceSettings settings,
        RetentionPolicy policy,
        CancellationToken cancel
    ) =>
        CommitLoop.Batch(
            BatchSize,
            async most =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var next =
                    policy.Status == RetentionStatus.Running ? await Batch(work, policy, most, cancel) : await Begin(work, policy, cancel);
                return (work, next);
            },
            cancel
        );

    static async ValueTask<RetentionPolicy> Begin(UnitOfWork work, RetentionPolicy policy, CancellationToken cancel)
    {
        var before = Retained.Before(policy, work.Now);
        if (!policy.Confirmed && await PreviewRetention.IsMuch(work.Store, Retained.Of(policy.On), before, cancel))
            return work.Replace(policy, policy with { Status = RetentionStatus.Unconfirmed, NextRunAt = null }, "unconfirmed");
        return work.Replace(policy, policy with { Status = RetentionStatus.Running, Before = before, Place = null, Done = 0 }, null);
    }

    static async ValueTask<RetentionPolicy> Batch(UnitOfWork work, RetentionPolicy policy, int most, CancellationToken cancel)
    {
        var kind = Retained.Of(policy.On);
        var after = Id.TryParse(policy.Place, kind.Type.Prefix, out var place) ? new Position([], place) : null;
        using var page = await work.Store.Query(
            new(
                kind.Type.Collection,
                kind.Made(DateTimeOffset.UnixEpoch, policy.Before ?? DateTimeOffset.UnixEpoch),
                [],
                false,
                after,
                most
            ),
            cancel
        );
        Resource[] rows = [.. Enumerable.Range(0, page.Count).Select(i => kind.Type.FromRow(page[i]))];
        (Resource Before, Resource After)[] anonymous =
            policy.Do == RetentionDeed.Anonymise && kind.Anonymous is { } without
                ? [.. rows.Select(row => (row, without(row))).Where(row => row.row != row.Item2)]
                : [];
        var done = policy.Do == RetentionDeed.Anonymise ? anonymous.Length : rows.Length;
        var isLast = page.Next is null;
        var next = policy with
        {
            Done = policy.Done + done,
            DoneInAll = policy.DoneInAll + done,
            Place = isLast || rows.Length == 0 ? null : kind.Type.Text(rows[^1].Id),
        };
        if (isLast)
            next = next with
            {
                Status = RetentionStatus.Waiting,
                LastRunAt = work.Now,
                NextRunAt = work.Now + work.Installation.Options<RetentionSchedule>().Every,
                Before = null,
                Confirmed = false,
            };
        // First, so that who changes the policy is met as the first change. A run that took nothing is no news.
        next = work.Replace(policy, next, isLast && next.Done > 0 ? "ran" : null, writer =>
        {
            writer.WriteString("on", Names.Camel(policy.On.ToString()));
            writer.WriteString("do", Names.Camel(policy.Do.ToString()));
            writer.WriteNumber("count", next.Done);
        });
        if (policy.Do == RetentionDeed.Delete)
            await RemoveFacts.Run(work, rows.Select(kind.Fact), cancel);
        foreach (var (was, willBe) in anonymous)
            work.Replace(was, willBe, null);
        return next;
    }

    /// <summary>How long a step took is how long others have the store to themselves.</summary>
    public static async ValueTask<RetentionPolicy?> PacedStep(
        Installation installation,
        WorkspaceSettings settings,
        RetentionPolicy policy,
        CancellationToken cancel
    )
    {
        var began = Stopwatch.GetTimestamp();
        var next = await Step(installation, settings, policy, cancel);
        if (next?.Status == RetentionStatus.Running)
            await Task.Delay(Stopwatch.GetElapsedTime(began), cancel);
        return next;
    }
}
