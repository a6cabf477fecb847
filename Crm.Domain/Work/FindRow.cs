// A record by an id that somebody has: its own, or one that leads to it as its own does.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public static class FindRow
{
    /// <summary>The row that an id leads to in this workspace; null when there is none.</summary>
    public static async ValueTask<Row?> Of(IWorkspaceStore store, ResourceType type, Id id, CancellationToken cancel) =>
        await store.Get(type.Collection, id, cancel) ?? await ByAlias(store, type, id, cancel);

    /// <summary>For who has looked by own ids already.</summary>
    public static async ValueTask<Row?> ByAlias(IWorkspaceStore store, ResourceType type, Id id, CancellationToken cancel) =>
        type.Alias is { } alias && await store.FindByKey(type.Collection, alias, type.Text(id), cancel) is { } owner
            ? await store.Get(type.Collection, owner, cancel)
            : null;
}
