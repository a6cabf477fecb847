// All documents of many ids, however many and however large they are: a page at a time.

using System.Runtime.CompilerServices;

namespace Crm.Domain.Stores;

public static class AllOfMany
{
    const int MostIds = 500;

    /// <summary>Each document once, in the order asked. A page is gone when the next is asked for.</summary>
    public static async IAsyncEnumerable<Page> GetAll(
        this IWorkspaceStore store,
        Collection collection,
        IEnumerable<Id> ids,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var left = ids.Distinct().ToList();
        while (left.Count > 0)
        {
            var some = left.Take(MostIds).ToList();
            using var page = await store.GetMany(collection, some, cancel);
            yield return page;
            left.RemoveRange(0, page.Next is { } last ? left.IndexOf(last.Id) + 1 : some.Count);
        }
    }
}
