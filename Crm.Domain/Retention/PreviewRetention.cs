// What a policy would do if it ran now, and the yes to a run that takes much.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Retention;

public sealed record RetentionPreview
{
    [Field("How many records it would take.", Is = Is.Required)]
    public long Count { get; init; }

    [Field(
        "Whether count is all: where each record has to be looked at, only the 2,000 oldest are; the run counts all of them before it begins.",
        Is = Is.Required
    )]
    public bool Exact { get; init; } = true;

    [Field("How many there are of the kind in all.", Is = Is.Required)]
    public long Of { get; init; }

    [Field("Whether that is so much that the run waits for confirm.", Is = Is.Required)]
    public bool NeedsConfirmation { get; init; }

    [Field("How many of each month, in UTC; only months that have any.", Max = 1300, Is = Is.Required)]
    public ImmutableArray<RetentionMonth> Months { get; init; } = [];

    [Field("The ids of the oldest.", Max = 20, Is = Is.Required)]
    public ImmutableArray<string> Samples { get; init; } = [];
}

public sealed record RetentionMonth
{
    [Field("The month.", Max = 7, Is = Is.Required, Example = "2024-11")]
    public string Month { get; init; } = "";

    [Field("How many records were made in it.", Is = Is.Required)]
    public long Count { get; init; }
}

public static class PreviewRetention
{
    const int MostSamples = 20,
        MostLookedAt = 2000;

    /// <summary>A run that takes more than one of so many records of its kind waits until somebody says yes.</summary>
    const long Share = 20;

    public static readonly ResourceAction Preview = ResourceAction
        .On<RetentionPolicy>(
            "preview",
            "Says what the policy would take if it ran now: how many records, of which months, and the oldest. Nothing is changed.",
            async (work, policy, cancel) => ActionResult.Of(await Look(work, policy, cancel)),
            Effect.Looks
        )
        .Answering<RetentionPreview>();

    public static readonly ResourceAction Confirm = ResourceAction.On<RetentionPolicy>(
        "confirm",
        "Says yes to a run that would take more than 5 % of the records of its kind. It runs at once.",
        (work, policy, cancel) =>
        {
            if (policy.Status != RetentionStatus.Unconfirmed)
                return new(new ActionResult(policy));
            work.Notify(PrepareRetentionPolicy.Counters);
            return new(
                new ActionResult(
                    work.Replace(
                        policy,
                        policy with
                        {
                            Status = RetentionStatus.Waiting,
                            NextRunAt = work.Now,
                            Confirmed = true,
                        },
                        "confirmed"
                    )
                )
            );
        },
        Effect.Deletes
    );

    static async ValueTask<RetentionPreview> Look(UnitOfWork work, RetentionPolicy policy, CancellationToken cancel)
    {
        var (kind, before) = (Retained.Of(policy.On), Retained.Before(policy, work.Now));
        var which = kind.Made(policy, work.Settings, DateTimeOffset.UnixEpoch, Retained.MadeUntil(policy, before), before)
            ?? throw ProblemException.Invalid("filter", "invalid", "Names a field that there is no more: no run takes anything.");
        var found = kind.IsLookedAt(policy)
            ? await EachLookedAt(work, policy, which, before, cancel)
            : await Counted(work, policy, which, before, cancel);
        var all = await work.Store.Count(kind.Type.Collection, kind.Only, long.MaxValue, cancel);
        return found with { Of = all, NeedsConfirmation = !found.Exact || IsMuch(found.Count, all) };
    }

    /// <summary>Month by month, as the store counts.</summary>
    static async ValueTask<RetentionPreview> Counted(
        UnitOfWork work,
        RetentionPolicy policy,
        Filter which,
        DateTimeOffset before,
        CancellationToken cancel
    )
    {
        var kind = Retained.Of(policy.On);
        var collection = kind.Type.Collection;
        using var oldest = await work.Store.Query(new(collection, which, [], false, null, MostSamples), cancel);
        var months = ImmutableArray.CreateBuilder<RetentionMonth>();
        var until = Retained.MadeUntil(policy, before) is var all && all < work.Now ? all : work.Now;
        if (oldest.Count > 0)
            for (var month = FirstOfMonth(oldest[0].Id); month < until; month = month.AddMonths(1))
            {
                var next = month.AddMonths(1);
                var made = kind.Made(policy, work.Settings, month, next < until ? next : until, before)!;
                if (await work.Store.Count(collection, made, long.MaxValue, cancel) is > 0 and var count)
                    months.Add(Of(month, count));
            }
        return new()
        {
            Count = months.Sum(month => month.Count),
            Months = months.ToImmutable(),
            Samples = [.. Enumerable.Range(0, oldest.Count).Select(i => kind.Type.Text(oldest[i].Id))],
        };
    }

    /// <summary>Record by record, the oldest first, no further than a request may take.</summary>
    static async ValueTask<RetentionPreview> EachLookedAt(
        UnitOfWork work,
        RetentionPolicy policy,
        Filter which,
        DateTimeOffset before,
        CancellationToken cancel
    )
    {
        var kind = Retained.Of(policy.On);
        var (taken, looked, exact) = (new List<Id>(), 0, true);
        await foreach (var page in work.Store.Pages(new(kind.Type.Collection, which, [], false, null, 200), cancel))
        {
            Resource[] rows = [.. Enumerable.Range(0, page.Count).Select(i => kind.Type.FromRow(page[i]))];
            taken.AddRange((await kind.Taken(work, policy, rows, before, cancel)).Select(one => one.Row.Id));
            looked += rows.Length;
            exact = page.Next is null;
            if (looked >= MostLookedAt)
                break;
        }
        return new()
        {
            Count = taken.Count,
            Exact = exact,
            Months = [.. taken.GroupBy(FirstOfMonth).OrderBy(month => month.Key).Select(month => Of(month.Key, month.Count()))],
            Samples = [.. taken.Take(MostSamples).Select(kind.Type.Text)],
        };
    }

    static DateTimeOffset FirstOfMonth(Id id)
    {
        var made = id.Time.UtcDateTime;
        return new(made.Year, made.Month, 1, 0, 0, 0, TimeSpan.Zero);
    }

    static RetentionMonth Of(DateTimeOffset month, long count) =>
        new() { Month = month.ToString("yyyy-MM", CultureInfo.InvariantCulture), Count = count };

    static bool IsMuch(long count, long all) => count > all / Share;

    /// <summary>Whether a run that takes so many waits for a yes.</summary>
    internal static async ValueTask<bool> IsMuch(IWorkspaceStore store, Retained kind, long count, CancellationToken cancel)
    {
        try
        {
            return count > 0 && IsMuch(count, await store.Count(kind.Type.Collection, kind.Only, long.MaxValue, cancel));
        }
        catch (QueryTooCostlyException)
        {
            return true;
        }
    }

    /// <summary>Whether a run waits for a yes. What cannot be counted within a query's budget is much.</summary>
    internal static async ValueTask<bool> IsMuch(IWorkspaceStore store, Retained kind, Filter which, CancellationToken cancel)
    {
        try
        {
            var all = await store.Count(kind.Type.Collection, kind.Only, long.MaxValue, cancel);
            // No further than the answer needs it.
            return IsMuch(await store.Count(kind.Type.Collection, which, all / Share + 1, cancel), all);
        }
        catch (QueryTooCostlyException)
        {
            return true;
        }
    }
}
