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

    /// <summary>Records that go along with those of one batch.</summary>
    const int MostAlong = 400;

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
                var next = policy.Status switch
                {
                    RetentionStatus.Running => await Batch(work, policy, most, cancel),
                    RetentionStatus.Counting => await Count(work, policy, most, cancel),
                    _ => await Begin(work, policy, cancel),
                };
                return (work, next);
            },
            cancel
        );

    static async ValueTask<RetentionPolicy> Begin(UnitOfWork work, RetentionPolicy policy, CancellationToken cancel)
    {
        var (kind, before) = (Retained.Of(policy.On), Retained.Before(policy, work.Now));
        var which = kind.Made(policy, work.Settings, DateTimeOffset.UnixEpoch, Retained.MadeUntil(policy, before), before);
        if (which is null)
            return Unconfirmed(work, policy);
        if (policy.Confirmed)
            return Running(work, policy, before);
        if (kind.IsLookedAt(policy))
            return work.Replace(policy, policy with { Status = RetentionStatus.Counting, Before = before, Place = null, Found = 0 }, null);
        return await PreviewRetention.IsMuch(work.Store, kind, which, cancel) ? Unconfirmed(work, policy) : Running(work, policy, before);
    }

    static RetentionPolicy Unconfirmed(UnitOfWork work, RetentionPolicy policy) =>
        work.Replace(
            policy,
            policy with
            {
                Status = RetentionStatus.Unconfirmed,
                NextRunAt = null,
                Before = null,
                Place = null,
                Confirmed = false,
            },
            "unconfirmed"
        );

    static RetentionPolicy Running(UnitOfWork work, RetentionPolicy policy, DateTimeOffset before) =>
        work.Replace(policy, policy with { Status = RetentionStatus.Running, Before = before, Place = null, Done = 0 }, null);

    /// <summary>The next records of the run; null when its filter cannot be read any more.</summary>
    static async ValueTask<(IReadOnlyList<Resource> Rows, bool IsLast)?> Rows(
        UnitOfWork work,
        RetentionPolicy policy,
        int most,
        CancellationToken cancel
    )
    {
        var (kind, before) = (Retained.Of(policy.On), policy.Before ?? DateTimeOffset.UnixEpoch);
        if (kind.Made(policy, work.Settings, DateTimeOffset.UnixEpoch, Retained.MadeUntil(policy, before), before) is not { } which)
            return null;
        var after = Id.TryParse(policy.Place, kind.Type.Prefix, out var place) ? new Position([], place) : null;
        using var page = await work.Store.Query(new(kind.Type.Collection, which, [], false, after, most), cancel);
        return ([.. Enumerable.Range(0, page.Count).Select(i => kind.Type.FromRow(page[i]))], page.Next is null);
    }

    /// <summary>Looks at the next records, and after the last says whether the run begins or waits for a yes.</summary>
    static async ValueTask<RetentionPolicy> Count(UnitOfWork work, RetentionPolicy policy, int most, CancellationToken cancel)
    {
        if (await Rows(work, policy, most, cancel) is not var (rows, isLast))
            return Unconfirmed(work, policy);
        var (kind, before) = (Retained.Of(policy.On), policy.Before ?? DateTimeOffset.UnixEpoch);
        var found = policy.Found + (await kind.Taken(work, policy, rows, before, cancel)).Count;
        if (!isLast)
            return work.Replace(policy, policy with { Found = found, Place = kind.Type.Text(rows[^1].Id) }, null);
        return await PreviewRetention.IsMuch(work.Store, kind, found, cancel) ? Unconfirmed(work, policy) : Running(work, policy, before);
    }

    static async ValueTask<RetentionPolicy> Batch(UnitOfWork work, RetentionPolicy policy, int most, CancellationToken cancel)
    {
        if (await Rows(work, policy, most, cancel) is not var (rows, isLast))
            return Unconfirmed(work, policy);
        var (kind, before) = (Retained.Of(policy.On), policy.Before ?? DateTimeOffset.UnixEpoch);
        var (place, room) = (policy.Place, MostAlong);
        var (along, taken) = (new List<AlongRecord>(), new List<(Resource Row, Resource? After)>());
        // What has others going along with it is looked at one by one: how many there is room for shows only then.
        foreach (
            var some in kind.Along is null
                ?
                [
                    [.. rows],
                ]
                : rows.Chunk(1)
        )
        {
            var those = await kind.Taken(work, policy, some, before, cancel);
            var isWhole = true;
            if (kind.Along is not null)
                foreach (var (row, _) in those)
                {
                    var going = await kind.Along(work, row, policy.Do, room, cancel);
                    along.AddRange(going.Records);
                    (room, isWhole) = (room - going.Records.Count, going.IsAll);
                }
            if (isWhole)
            {
                taken.AddRange(those);
                place = some.Length > 0 ? kind.Type.Text(some[^1].Id) : place;
            }
            if (isWhole && room > 0)
                continue;
            isLast &= isWhole && (some.Length == 0 || some[^1].Id == rows[^1].Id);
            break;
        }
        var done = taken.Count;
        var next = policy with { Done = policy.Done + done, DoneInAll = policy.DoneInAll + done, Place = isLast ? null : place };
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
        await RemoveFacts.Run(
            work,
            [
                .. along.Where(one => one is { After: null, Fact: not null }).Select(one => new LeavingFact(one.Record, one.Fact!, true)),
                .. taken.Where(one => one.After is null && kind.Fact is not null).Select(one => kind.Fact!(one.Row)),
            ],
            [
                .. along.Where(one => one.After is not null).Select(one => new EmptiedFact(new(one.Record, one.Fact!, true), one.After!)),
                .. taken
                    .Where(one => one.After is not null)
                    .Select(one => new EmptiedFact(kind.Fact!(one.Row) with { Verb = kind.Emptied }, one.After!)),
            ],
            cancel
        );
        foreach (var record in along.Where(one => one is { After: null, Fact: null }).Select(one => one.Record))
            work.Delete(record, null);
        if (kind.Fact is null)
            foreach (var (row, _) in taken)
                work.Delete(row, null);
        return next;
    }

    /// <summary>Half as long again as a step took the store is the others: that leaves them four fifths of what they do alone.</summary>
    public static async ValueTask<RetentionPolicy?> PacedStep(
        Installation installation,
        WorkspaceSettings settings,
        RetentionPolicy policy,
        CancellationToken cancel
    )
    {
        var began = Stopwatch.GetTimestamp();
        var next = await Step(installation, settings, policy, cancel);
        if (next?.Status is RetentionStatus.Running or RetentionStatus.Counting)
            await Task.Delay(Stopwatch.GetElapsedTime(began) * 1.5, cancel);
        return next;
    }
}
