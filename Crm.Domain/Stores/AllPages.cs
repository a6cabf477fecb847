// All pages of a query, one after the other.

using System.Runtime.CompilerServices;

namespace Crm.Domain.Stores;

public static class AllPages
{
    /// <summary>From the query's own place to the end. A page is gone when the next is asked for.</summary>
    public static async IAsyncEnumerable<Page> Pages(
        this IWorkspaceStore store,
        Query query,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        do
        {
            using var page = await store.Query(query, cancel);
            yield return page;
            query = query with { After = page.Next };
        } while (query.After is not null);
    }
}
