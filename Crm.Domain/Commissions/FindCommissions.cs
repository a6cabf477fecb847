// The stored commissions of an affiliate or of a conversion.

using Crm.Domain.Conversions;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Commissions;

public static class FindCommissions
{
    /// <summary>Commissions that one request changes.</summary>
    const int Most = 1_000;

    /// <summary>What a conversion earned, and what was set against it later, the oldest first.</summary>
    public static ValueTask<List<Commission>> Of(UnitOfWork work, Id conversion, CancellationToken cancel) =>
        Of(work, new Filter.Compare("conversion", Comparison.Eq, Key.Of(conversion.Text<Conversion>())), cancel);

    public static async ValueTask<List<Commission>> Of(UnitOfWork work, Filter filter, CancellationToken cancel)
    {
        var type = ResourceType.Of<Commission>();
        var found = new List<Commission>();
        await foreach (var page in work.Store.Pages(new(type.Collection, filter, [], false, null, 500), cancel))
        {
            for (var i = 0; i < page.Count; i++)
                found.Add(type.FromRow<Commission>(page[i]));
            if (found.Count >= Most)
                break;
        }
        return found;
    }
}
