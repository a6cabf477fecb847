// Two leads turn out to be one person: merge moves everything to one of them, unmerge puts back exactly what merge changed.

using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Events;
using Crm.Domain.Forms;
using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

public sealed record OtherLead
{
    [Field("The other lead.", Refers = typeof(Lead), Is = Is.Required)]
    public Id? Lead { get; init; }
}

public static class MergeLeads
{
    /// <summary>Records that one merge can move; with more the merge would hold up everybody else's commits.</summary>
    const int MostMoved = 5_000;

    public static readonly ResourceAction Merge = new("merge", "Takes another lead into this one: its values where this one has none, its addresses, numbers and everything that refers to it. Can be undone.", true, typeof(OtherLead), async (call, cancel) =>
    {
        var before = (Lead)call.Target!;
        var otherId = ((OtherLead)call.Input!).Lead!.Value;
        if (otherId == before.Id)
            throw ProblemException.Invalid("lead", "same_record", "A lead cannot be merged into itself.");
        var other = await call.Work.Find<Lead>(otherId, cancel) ?? throw ProblemException.Invalid("lead", "not_found", "There is no lead with this id.");
        var type = ResourceType.Of<Lead>();
        var after = Joined(before, other, call.Work);
        var moved = await Moved(call.Work, otherId, cancel);
        foreach (var (entry, record, path) in moved)
            call.Work.Replace(record, path.With(entry.Type, record, before.Id), null);
        call.Work.Delete(other, "mergedInto", writer => writer.WriteString("lead", type.Text(before.Id)), type.Text(before.Id));
        after = call.Work.Replace(before, after, "merged", writer =>
        {
            writer.WriteString("lead", type.Text(otherId));
            writer.WritePropertyName("before");
            writer.WriteRawValue(type.ToJson(before), true);
            writer.WritePropertyName("other");
            writer.WriteRawValue(type.ToJson(other), true);
            writer.WritePropertyName("after");
            writer.WriteRawValue(type.ToJson(after), true);
            writer.WriteStartArray("moved");
            foreach (var (entry, record, _) in moved)
                writer.WriteStringValue(entry.Type.Text(record.Id));
            writer.WriteEndArray();
        }, type.Text(otherId));
        return new(after);
    });

    public static readonly ResourceAction Unmerge = new("unmerge", "Undoes a merge: the other lead is back as it was, and this one loses what the merge gave it. What was changed since stays.", true, typeof(OtherLead), async (call, cancel) =>
    {
        var now = (Lead)call.Target!;
        var otherId = ((OtherLead)call.Input!).Lead!.Value;
        var type = ResourceType.Of<Lead>();
        if (!now.MergedFrom.Contains(otherId))
            throw new ProblemException(ProblemCodes.WrongState, "That lead was not merged into this one.");
        using var told = await MergeEvent(call.Work, now.Id, otherId, cancel)
            ?? throw new ProblemException(ProblemCodes.WrongState, "That lead came with another lead that was merged into this one; unmerge that one first.");
        var data = told.RootElement;
        var before = Read("before");
        var after = Read("after");
        var other = Read("other");
        call.Work.Insert(other with { Id = otherId, Version = other.Version + 1 }, "restored", writer => writer.WriteString("lead", type.Text(now.Id)), type.Text(now.Id));
        foreach (var moved in data.GetProperty("moved").EnumerateArray())
            await MoveBack(call.Work, moved.GetString()!, now.Id, otherId, cancel);
        var restored = call.Work.Replace(now, WithoutMerge(now, before, after), "unmerged", writer => writer.WriteString("lead", type.Text(otherId)), type.Text(otherId));
        return new(restored);

        Lead Read(string name)
        {
            var json = data.GetProperty(name);
            Id.TryParse(json.GetProperty("id").GetString(), type.Prefix, out var id);
            return type.FromRow<Lead>(new(id, json.GetProperty("version").GetInt64(), System.Text.Encoding.UTF8.GetBytes(json.GetRawText())));
        }
    });

    static Lead Joined(Lead lead, Lead other, UnitOfWork work)
    {
        var by = ResourceType.Of<Lead>().Text(other.Id);
        var joined = OfferValues.Offer(lead, OfferValues.ValuesOf(other, work.Settings.For(ResourceType.Of<Lead>()).CustomFields), MergePolicy.FillEmpty, by, work.Now).Lead;
        return (Lead)(joined with
        {
            Emails = joined.Emails.AddRange(other.Emails.Select(e => e with { Primary = e.Primary && joined.Emails.Length == 0 })),
            Phones = joined.Phones.AddRange(other.Phones.Select(p => p with { Primary = p.Primary && joined.Phones.Length == 0 })),
            Score = joined.Score + other.Score,
            Consent = [.. joined.Consent.Concat(other.Consent).OrderBy(c => c.At)],
            ProposedChanges = joined.ProposedChanges.AddRange(other.ProposedChanges),
            Source = Earlier(joined.FirstTouch, other.FirstTouch) ? other.Source : joined.Source ?? other.Source,
            FirstTouch = Earlier(joined.FirstTouch, other.FirstTouch) ? other.FirstTouch : joined.FirstTouch ?? other.FirstTouch,
            LastTouch = Earlier(other.LastTouch, joined.LastTouch) ? joined.LastTouch : other.LastTouch ?? joined.LastTouch,
            MergedFrom = joined.MergedFrom.Add(other.Id).AddRange(other.MergedFrom),
        }).Tidy();

        static bool Earlier(LeadTouch? one, LeadTouch? other) => one is not null && other is not null && other.At < one.At;
    }

    /// <summary>Every record whose reference leads to the lead, whatever its resource.</summary>
    static async ValueTask<List<(CatalogEntry Entry, Resource Record, FieldPath Path)>> Moved(UnitOfWork work, Id lead, CancellationToken cancel)
    {
        var moved = new List<(CatalogEntry, Resource, FieldPath)>();
        foreach (var entry in work.Installation.Catalog.Entries)
            foreach (var (path, field) in entry.Type.References.Where(r => r.Field.Refers == typeof(Lead) && r.Field.Kind is ReferenceValue))
            {
                Position? after = null;
                do
                {
                    using var page = await work.Store.Query(new(entry.Type.Collection, new Filter.Compare(path, Comparison.Eq, Key.Of(lead.ToString("lead"))), [], false, after, 500), cancel);
                    for (var i = 0; i < page.Count; i++)
                        moved.Add((entry, entry.Type.FromRow(page[i]), FieldPath.Find(entry.Type, path, [])!));
                    after = page.Next;
                    if (moved.Count > MostMoved)
                        throw new ProblemException(ProblemCodes.LimitReached, $"More than {MostMoved} records refer to that lead; it cannot be merged in one step.");
                }
                while (after is not null);
            }
        return moved;
    }

    static async ValueTask MoveBack(UnitOfWork work, string moved, Id from, Id to, CancellationToken cancel)
    {
        foreach (var entry in work.Installation.Catalog.Entries)
        {
            if (!Id.TryParse(moved, entry.Type.Prefix, out var id) || await work.Find(entry.Type, id, cancel) is not { } record)
                continue;
            foreach (var (path, _) in entry.Type.References.Where(r => r.Field.Refers == typeof(Lead) && r.Field.Kind is ReferenceValue))
                if (FieldPath.Find(entry.Type, path, []) is { } way && Equals(way.Get(record), from))
                    work.Replace(record, way.With(entry.Type, record, to), null);
        }
    }

    /// <summary>The event of the last merge of these two; its data has everything that is needed to undo it.</summary>
    static async ValueTask<JsonDocument?> MergeEvent(UnitOfWork work, Id lead, Id other, CancellationToken cancel)
    {
        var events = ResourceType.Of<Event>();
        Position? after = null;
        do
        {
            using var page = await work.Store.Query(new(events.Collection, new Filter.And(
                [new Filter.Compare("subject", Comparison.Eq, Key.Of(lead.ToString("lead"))), new Filter.Compare("type", Comparison.Eq, Key.Of("lead.merged"))]), [], true, after, 100), cancel);
            for (var i = 0; i < page.Count; i++)
            {
                var told = events.FromRow<Event>(page[i]);
                if (told.Related.Contains(other.ToString("lead")))
                    return told.Data.Parse();
            }
            after = page.Next;
        }
        while (after is not null);
        return null;
    }

    /// <summary>Takes back what the merge gave: a value that is still the merge's becomes the old one, a list loses what the merge added.</summary>
    static Lead WithoutMerge(Lead now, Lead before, Lead after)
    {
        var type = ResourceType.Of<Lead>();
        var result = now;
        foreach (var field in type.Fields.Where(f => f.Stored))
        {
            var path = FieldPath.Find(type, field.Name, [])!;
            var (current, old, merged) = (field.Get(now), field.Get(before), field.Get(after));
            if (UnitOfWork.ValuesEqual(current, merged))
                result = path.With(type, result, old);
            else if (field.Kind is ListValue && current is System.Collections.IEnumerable)
                result = path.With(type, result, Without(field, current, old!, merged!));
            else if (field.Kind is IntegerValue && current is long c && old is long o && merged is long m)
                result = path.With(type, result, c - (m - o));
        }
        var custom = now.Custom;
        foreach (var name in after.Custom.Keys)
            if (!before.Custom.ContainsKey(name) && Equals(now.Custom.GetValueOrDefault(name), after.Custom[name]))
                custom = custom.Remove(name);
        return (Lead)(result with { Custom = custom }).Tidy();
    }

    static object Without(Field field, object current, object old, object merged)
    {
        var kept = ((System.Collections.IEnumerable)old).Cast<object>().ToList();
        var added = ((System.Collections.IEnumerable)merged).Cast<object>().Where(v => !kept.Contains(v)).ToList();
        var items = ((System.Collections.IEnumerable)current).Cast<object>().Where(v => !added.Contains(v)).ToList();
        return ((ListValue)field.Kind).Shaped(items);
    }
}
