// What asking for an erasure checks: that there is one person.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Erasures;

public static class PrepareErasure
{
    /// <summary>The installation counts for each workspace how often one was asked for there.</summary>
    public const string Counters = "erase/";

    /// <summary>The key that addresses are sealed with.</summary>
    public const string Purpose = "erasure";

    /// <summary>So many may wait for the one that runs.</summary>
    const int MostOpen = 100;

    /// <summary>Those that are not done.</summary>
    public static readonly Filter Open = new Filter.In(
        "status",
        [
            .. new[] { ErasureStatus.Waiting, ErasureStatus.Running, ErasureStatus.Cleaning }.Select(status =>
                Key.Of(Names.Camel(status.ToString()))
            ),
        ]
    );

    public static async ValueTask<Erasure> Run(
        UnitOfWork work,
        Erasure? before,
        Erasure after,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (!after.DryRun && work.Installation.Signer is null)
            throw MasterKeys.Missing();
        await CheckOpen(work, cancel);
        await PersonMatch.CheckIsOne(work, after.Match, errors, cancel);
        work.Notify(Counters);
        return after;
    }

    internal static async ValueTask CheckOpen(UnitOfWork work, CancellationToken cancel)
    {
        if (await work.Store.Count(ResourceType.Of<Erasure>().Collection, Open, MostOpen, cancel) >= MostOpen)
            throw new ProblemException(ProblemCodes.LimitReached, $"{MostOpen} erasures are not done yet; wait for them.");
    }
}
