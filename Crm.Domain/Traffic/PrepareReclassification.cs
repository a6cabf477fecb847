// What asking for a reclassification checks.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Traffic;

public static class PrepareReclassification
{
    /// <summary>The installation counts for each workspace how often one was asked for there.</summary>
    public const string Counters = "reclassify/";

    /// <summary>So many may wait for the one that runs.</summary>
    const int MostOpen = 10;

    /// <summary>Those that are not done.</summary>
    public static readonly Filter Open = new Filter.In(
        "status",
        [Key.Of(Names.Camel(nameof(ReclassificationStatus.Waiting))), Key.Of(Names.Camel(nameof(ReclassificationStatus.Running)))]
    );

    public static async ValueTask<Reclassification> Run(
        UnitOfWork work,
        Reclassification? before,
        Reclassification after,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (await work.Store.Count(ResourceType.Of<Reclassification>().Collection, Open, MostOpen, cancel) >= MostOpen)
            throw new ProblemException(ProblemCodes.LimitReached, $"{MostOpen} reclassifications are not done yet; wait for them.");
        work.Notify(Counters);
        return after;
    }
}
