// What a policy would do if it ran now, and the yes to a run that takes much.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Retention;

public sealed record RetentionPreview
{
    [Field("How many records it would take.", Is = Is.Required)]
    public long Count { get; init; }

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
    const int MostSamples = 20;

    /// <summary>A run that takes more than one of so many records of its kind waits until somebody says yes.</summary>
    const long Share = 20;

    public static readonly ResourceAction Preview = ResourceAction
        .On<RetentionPolicy>(
            "preview",
            "Says what the policy would take if it ran now: how many records, of which months, and the oldest. Nothing is changed.",
            async (work, policy, cancel) => ActionResult.Of(await Look(work, policy, cancel))
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
        }
    );

    static async ValueTask<RetentionPreview> Look(UnitOfWork work, RetentionPolicy policy, CancellationToken cancel)
    {
        var (kind, before) = (Retained.Of(policy.On), Retained.Before(policy, work.Now));
        var collection = kind.Type.Collection;
        using var oldest = await work.Store.Query(
            new(collection, kind.Made(DateTimeOffset.UnixEpoch, before), [], false, null, MostSamples),
            cancel
        );
        var (months, count) = (ImmutableArray.CreateBuilder<RetentionMonth>(), 0L);
        if (oldest.Count > 0)
        {
            var first = oldest[0].Id.Time.UtcDateTime;
            for (
                var month = new DateTimeOffset(first.Year, first.Month, 1, 0, 0, 0, TimeSpan.Zero);
                month < before;
                month = month.AddMonths(1)
            )
            {
                var next = month.AddMonths(1);
                var made = await work.Store.Count(collection, kind.Made(month, next < before ? next : before), long.MaxValue, cancel);
                count += made;
                if (made > 0)
                    months.Add(new() { Month = month.ToString("yyyy-MM", CultureInfo.InvariantCulture), Count = made });
            }
        }
        var all = await work.Store.Count(collection, kind.Only, long.MaxValue, cancel);
        return new()
        {
            Count = count,
            Of = all,
            NeedsConfirmation = IsMuch(count, all),
            Months = months.ToImmutable(),
            Samples = [.. Enumerable.Range(0, oldest.Count).Select(i => kind.Type.Text(oldest[i].Id))],
        };
    }

    static bool IsMuch(long count, long all) => count > all / Share;

    /// <summary>Whether a run waits for a yes. What cannot be counted within a query's budget is much.</summary>
    internal static async ValueTask<bool> IsMuch(IWorkspaceStore store, Retained kind, DateTimeOffset before, CancellationToken cancel)
    {
        try
        {
            var all = await store.Count(kind.Type.Collection, kind.Only, long.MaxValue, cancel);
            // No further than the answer needs it.
            return IsMuch(
                await store.Count(kind.Type.Collection, kind.Made(DateTimeOffset.UnixEpoch, before), all / Share + 1, cancel),
                all
            );
        }
        catch (QueryTooCostlyException)
        {
            return true;
        }
    }
}
