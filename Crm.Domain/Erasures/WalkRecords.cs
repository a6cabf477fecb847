// Everything that a workspace has stored, resource by resource, a page at a time: how a person is found who may stand anywhere.

using Crm.Domain.Affiliates;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Erasures;

public static class WalkRecords
{
    /// <summary>Events name no person; affiliates and members are people of their own to the workspace; erasures and requests end without
    /// whom they were for; suppressions lose their addresses when an erasure begins.</summary>
    static readonly ResourceType[] Spared =
    [
        ResourceType.Of<Event>(),
        ResourceType.Of<Affiliate>(),
        ResourceType.Of<Member>(),
        ResourceType.Of<Erasure>(),
        ResourceType.Of<AccessRequest>(),
        ResourceType.Of<Suppression>(),
        ResourceType.Of<InstallationSecret>(),
        ResourceType.Of<Lease>(),
        ResourceType.Of<NodeReport>(),
    ];

    /// <summary>What may hold something of a person: a resource that is added later is among them by itself.</summary>
    public static IReadOnlyList<ResourceType> Types(Catalog catalog) =>
        [.. catalog.Entries.Where(entry => !entry.IsSetting && !Spared.Contains(entry.Type)).Select(entry => entry.Type)];

    /// <summary>The next rows behind a place.</summary>
    /// <param name="stage">How many resources are done.</param>
    /// <param name="place">The last row that was seen of the next one.</param>
    /// <param name="each">False: the batch ends behind this row.</param>
    /// <returns>The place behind them; null when everything was seen.</returns>
    internal static async ValueTask<(long Stage, string? Place)?> Batch(
        UnitOfWork work,
        long stage,
        string? place,
        int most,
        Func<ResourceType, Row, bool> each,
        CancellationToken cancel
    )
    {
        var types = Types(work.Installation.Catalog);
        if (stage >= types.Count)
            return null;
        var type = types[(int)stage];
        var after = Id.TryParse(place, type.Prefix, out var last) ? new Position([], last) : null;
        using var page = await work.Store.Query(new(type.Collection, null, [], false, after, most), cancel);
        for (var i = 0; i < page.Count; i++)
            if (!each(type, page[i]))
                return (stage, type.Text(page[i].Id));
        return page.Next is null ? (stage + 1, null) : (stage, type.Text(page[page.Count - 1].Id));
    }
}
