// What a visitor did so far: where he came from first and last.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Touches;

/// <param name="Visitor">Null when there is none with this id any more.</param>
/// <param name="Last">The latest arrival that says where he came from, as a tracked link always does; a direct one only when all are. Null
/// without any.</param>
public sealed record VisitorPath(Visitor? Visitor, Touch? Last)
{
    /// <summary>Touches that are looked at, from the latest on.</summary>
    const int Looked = 200;

    public static async ValueTask<VisitorPath> Read(UnitOfWork work, Id visitor, CancellationToken cancel)
    {
        var type = ResourceType.Of<Touch>();
        using var page = await work.Store.Query(
            new(type.Collection, new Filter.Compare("visitor", Comparison.Eq, Key.Of(visitor.Text<Visitor>())), [], true, null, Looked),
            cancel
        );
        Touch? direct = null;
        for (var i = 0; i < page.Count; i++)
            if (type.FromRow<Touch>(page[i]) is { Arrival: true, Human: true } touch)
            {
                if (touch.Click is not null || touch.Channel is not (null or "direct"))
                    return new(await work.Find<Visitor>(visitor, cancel), touch);
                direct ??= touch;
            }
        return new(await work.Find<Visitor>(visitor, cancel), direct);
    }
}
