// Which events stay: those that a timeline shows live as long as what the timeline is of.

using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Domain.Retention;

static class TimelineEvents
{
    static readonly ResourceType[] Shown = [ResourceType.Of<Lead>(), ResourceType.Of<Customer>(), ResourceType.Of<Visitor>()];

    public static async ValueTask<IReadOnlySet<Id>> Staying(
        UnitOfWork work,
        IReadOnlyList<Resource> events,
        DateTimeOffset before,
        CancellationToken cancel
    )
    {
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var type in Shown)
        {
            var wanted = events
                .Select(one => Id.TryParse(((Event)one).Subject, type.Prefix, out var id) ? id : (Id?)null)
                .OfType<Id>()
                .ToHashSet();
            while (wanted.Count > 0)
            {
                using var page = await work.Store.GetMany(type.Collection, [.. wanted], cancel);
                for (var i = 0; i < page.Count; i++)
                {
                    there.Add(type.Text(page.VersionAt(i).Id));
                    wanted.Remove(page.VersionAt(i).Id);
                }
                if (page.Next is null)
                    break;
            }
        }
        return events.Where(one => there.Contains(((Event)one).Subject)).Select(one => one.Id).ToHashSet();
    }
}
