// The workspace that the demo fills: one of its own, found again by its number, so that no lead of anybody stands among made-up ones.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Demo;

static class DemoWorkspace
{
    public const string Name = "demo";

    const int Batch = 500;

    /// <summary>Other workspaces are numbered by the time of their making, the first one is 1.</summary>
    static readonly WorkspaceKey Number = new(2);

    /// <summary>Makes it unless it is there.</summary>
    /// <returns>Its number, and its key when it was made just now.</returns>
    public static async Task<(WorkspaceKey Workspace, string? Key)> Ensure(Installation installation)
    {
        if (
            await installation.Store.FindOwner(ResourceType.Of<Workspace>().Collection, "numberClaim", Number.Value.ToString(), default)
            is not null
        )
            return (Number, null);
        var secret = ApiKey.NewSecret();
        var made = await CreateWorkspace.Make(
            installation,
            new() { Name = Name, DefaultCountry = "BR" },
            secret,
            installationKey: false,
            "system",
            Number,
            default
        );
        return (Number, made is null ? null : secret);
    }

    /// <summary>Deletes everything of it, the workspace's own record last, so that a run that was killed is finished by the next.</summary>
    /// <returns>How many records went.</returns>
    public static async Task<long> Remove(Installation installation, CancellationToken cancel)
    {
        var (store, removed) = (installation.Store.Open(Number), 0L);
        var own = ResourceType.Of<Workspace>().Collection;
        foreach (var collection in installation.Catalog.Collections.Where(one => one.Name != own.Name).Append(own))
            while (true)
            {
                // From the beginning each time: what was read is gone then.
                using var page = await store.Query(new(collection, null, [], false, null, Batch), cancel);
                if (page.Count == 0)
                    break;
                if (collection.Name == own.Name)
                    await RemoveCounters(store, cancel);
                var deletes = new List<Change>();
                for (var i = 0; i < page.Count; i++)
                    deletes.Add(new Change.Delete(collection, page[i].Id, page[i].Version));
                var result = await store.Commit(deletes, cancel);
                if (!result.Committed)
                    throw new StoreConfigurationException("Somebody writes to the demo's workspace: stop the server first.");
                removed += deletes.Count;
            }
        return removed;
    }

    /// <summary>Back to nothing: a counter that says zero is not there for whoever adds up.</summary>
    static async Task RemoveCounters(IWorkspaceStore store, CancellationToken cancel)
    {
        foreach (var some in (await store.Counters("", int.MaxValue, cancel)).Where(one => one.Value != 0).Chunk(Batch))
            await store.Commit([.. some.Select(one => new Change.Increment(one.Name, -one.Value))], cancel);
    }
}
