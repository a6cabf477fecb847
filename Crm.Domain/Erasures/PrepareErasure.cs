// What asking for an erasure checks: that there is one person.

using Crm.Domain.Customers;
using Crm.Domain.Leads;
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
        if (await work.Store.Count(ResourceType.Of<Erasure>().Collection, Open, MostOpen, cancel) >= MostOpen)
            throw new ProblemException(ProblemCodes.LimitReached, $"{MostOpen} erasures are not done yet; wait for them.");
        if (after.Match?.Phone is { } phone)
            foreach (var type in new[] { ResourceType.Of<Lead>(), ResourceType.Of<Customer>() })
                if ((await work.Store.FindHolders(type.Collection, "phone", phone, 2, cancel)).Count > 1)
                    errors.Add("match.phone", "ambiguous_match", "Several people have this number. Say the id of the one that is meant.");
        if (
            after.Match?.Id is { } text
            && !(Id.TryParse<Lead>(text, out var lead) && await work.Find<Lead>(lead, cancel) is not null)
            && !(Id.TryParse<Customer>(text, out var customer) && await work.Find<Customer>(customer, cancel) is not null)
        )
            errors.Add("match.id", "unknown_reference", "There is no lead or customer of this id.");
        work.Notify(Counters);
        return after;
    }
}
