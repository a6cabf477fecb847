// Leads in which nothing has happened for long: which stay all the same, and what goes with the others.

using Crm.Domain.Commissions;
using Crm.Domain.Customers;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Domain.Retention;

/// <summary>
/// By the catalog's references to leads, so that a resource which is added later counts too. A lead stays while anything of it is newer,
/// while something refers to it that cannot do without it (a conversion), and while it is a customer or somebody is owed for it.
/// </summary>
static class InactiveLeads
{
    static readonly ResourceType Leads = ResourceType.Of<Lead>(),
        Entries = ResourceType.Of<Submission>(),
        Events = ResourceType.Of<Event>(),
        Touches = ResourceType.Of<Touch>(),
        Visitors = ResourceType.Of<Visitor>();

    /// <summary>Browsers of one lead that are asked whether they came again: the latest.</summary>
    const int MostVisitors = 50;

    /// <summary>What refers to one lead, in other resources.</summary>
    static IEnumerable<(ResourceType Type, string Path, Field Field)> References(Catalog catalog) =>
        from entry in catalog.Entries
        from reference in entry.Type.References
        where reference.Field.Refers == typeof(Lead) && reference.Field.Kind is ReferenceValue && entry.Type != Leads
        select (entry.Type, reference.Path, reference.Field);

    /// <summary>Which of a resource's records keep their lead; null: none of them does.</summary>
    static Filter? Keeping(ResourceType type, Field field, Filter ofLead) =>
        field.OnDelete == OnDelete.Refuse || type.Clr == typeof(Customer) ? ofLead
        : type.Clr == typeof(Commission)
            ? new Filter.And([
                ofLead,
                new Filter.In(
                    "status",
                    [Key.Of(Names.Camel(nameof(CommissionStatus.Pending))), Key.Of(Names.Camel(nameof(CommissionStatus.Approved)))]
                ),
            ])
        : null;

    /// <summary>Of money there is a record also without the person.</summary>
    static bool IsOwed(ResourceType type, Field field) => Keeping(type, field, new Filter.And([])) is not null;

    static Filter.Compare Refers(string path, Resource lead) => new(path, Comparison.Eq, Key.Of(Leads.Text(lead.Id)));

    public static async ValueTask<IReadOnlySet<Id>> Staying(
        UnitOfWork work,
        IReadOnlyList<Resource> leads,
        DateTimeOffset before,
        CancellationToken cancel
    )
    {
        var staying = new HashSet<Id>();
        foreach (var lead in leads)
            if (await Stays(work, (Lead)lead, before, cancel))
                staying.Add(lead.Id);
        return staying;
    }

    static async ValueTask<bool> Stays(UnitOfWork work, Lead lead, DateTimeOffset before, CancellationToken cancel)
    {
        if (lead.Customer is not null || lead.UpdatedAt >= before || lead.LastTouch?.At >= before)
            return true;
        var newer = new Filter.Ids(Id.FirstAt(before), Id.Largest);
        foreach (var (type, path, field) in References(work.Installation.Catalog))
        {
            var of = Refers(path, lead);
            if (await Any(type, new Filter.And([of, newer])) || Keeping(type, field, of) is { } keeping && await Any(type, keeping))
                return true;
        }
        // A browser that came again says only which browser it is.
        using var visitors = await work.Store.Query(new(Visitors.Collection, Refers("lead", lead), [], true, null, MostVisitors), cancel);
        return visitors.Count > 0
            && await Any(
                Touches,
                new Filter.And([
                    new Filter.In("visitor", [.. Enumerable.Range(0, visitors.Count).Select(i => Key.Of(Visitors.Text(visitors[i].Id)))]),
                    newer,
                ])
            );

        async ValueTask<bool> Any(ResourceType type, Filter which) => await work.Store.Count(type.Collection, which, 1, cancel) > 0;
    }

    /// <summary>Still counted where it came from, and nobody any more.</summary>
    public static Resource Anonymous(Resource lead) =>
        (Lead)WithoutPerson.Of(lead) with
        {
            ProposedChangeCount = 0,
            ProposedChangeBytes = 0,
        };

    /// <summary>
    /// Entries go with their lead, for they hold the same; so do proposals and pictures of merges, and with a deleted lead its timeline.
    /// Clicks, touches and visitors stay for reports, emptied and without their lead.
    /// </summary>
    public static async ValueTask<GoingAlong> Along(UnitOfWork work, Resource lead, RetentionDeed deed, int most, CancellationToken cancel)
    {
        var (along, known) = (new List<AlongRecord>(), new HashSet<(ResourceType, Id)>());
        foreach (var (type, path, field) in References(work.Installation.Catalog))
            if (!IsOwed(type, field) && !await Gather(type, Refers(path, lead), record => Left(type, path, field, record, deed)))
                return new(along, false);
        if (deed == RetentionDeed.Delete)
        {
            var subjects = ((Lead)lead).MergedFrom.Prepend(lead.Id).Select(id => Key.Of(Leads.Text(id)));
            if (!await Gather(Events, new Filter.In("subject", [.. subjects]), record => new(record, null, null)))
                return new(along, false);
        }
        return new(along, true);

        // Whether all of them found room. What is as it would be left takes none.
        async ValueTask<bool> Gather(ResourceType type, Filter which, Func<Resource, AlongRecord> left)
        {
            await foreach (var page in work.Store.Pages(new(type.Collection, which, [], false, null, 100), cancel))
                for (var i = 0; i < page.Count; i++)
                {
                    var one = left(type.FromRow(page[i]));
                    if (one.After is { } after && type.ToJson(after).AsSpan().SequenceEqual(type.ToJson(one.Record)))
                        continue;
                    if (along.Count >= most)
                        return false;
                    if (known.Add((type, one.Record.Id)))
                        along.Add(one);
                }
            return true;
        }
    }

    static AlongRecord Left(ResourceType type, string path, Field field, Resource record, RetentionDeed deed)
    {
        if (type.HoldsCopies || field.OnDelete == OnDelete.Delete)
            return new(record, null, null);
        if (type == Entries && deed == RetentionDeed.Delete)
            return new(record, null, "submission");
        var without = WithoutPerson.Of(record);
        if (type != Entries && type.Field(path) is { } reference)
            reference.Set(without, null);
        return new(record, without, type.Name);
    }
}
