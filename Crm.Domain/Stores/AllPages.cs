// Everything of a store, one after the other: its workspaces, and all pages of a query.

using System.Runtime.CompilerServices;

namespace Crm.Domain.Stores;

public static class AllPages
{
    /// <summary>From the query's own place to the end, without empty ones. A page is gone when the next is asked for.</summary>
    public static async IAsyncEnumerable<Page> Pages(
        this IWorkspaceStore store,
        Query query,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        do
        {
            using var page = await store.Query(query, cancel);
            if (page.Count > 0)
                yield return page;
            query = query with { After = page.Next };
        } while (query.After is not null);
    }

    /// <summary>The workspaces that hold a document of the collection, by their numbers. As <see cref="IStore.NextWorkspace"/>: for what
    /// walks an installation, and never for a request.</summary>
    public static async IAsyncEnumerable<WorkspaceKey> Workspaces(
        this IStore store,
        Collection collection,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        for (
            var next = await store.NextWorkspace(collection, null, cancel);
            next is { } workspace;
            next = await store.NextWorkspace(collection, workspace, cancel)
        )
            yield return workspace;
    }
}
