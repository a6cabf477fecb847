// Two leads turn out to be one person: merge moves everything to one of them, unmerge puts back exactly what merge changed.

using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
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

    public static readonly ResourceAction Merge = ResourceAction.On<Lead, OtherLead>(
        "merge",
        "Takes another lead into this one: its values where this one has none, its addresses, numbers and everything that refers to it. Can be undone.",
        async (work, before, input, cancel) =>
        {
            var otherId = input.Lead!.Value;
            if (otherId == before.Id)
                throw ProblemException.Invalid("lead", "same_record", "A lead cannot be merged into itself.");
            var other = await work.Find<Lead>(otherId, cancel)
                ?? throw ProblemException.Invalid("lead", "not_found", "There is no lead with this id.");
            if (before.Customer is not null && other.Customer is not null && before.Customer != other.Customer)
                throw new ProblemException(
                    ProblemCodes.WrongState,
                    "Both leads have become customers, who may have bought: move what belongs together and delete one customer first."
                );
            var type = ResourceType.Of<Lead>();
            var proposals = new MergedProposals(
                await ProposeChanges.Of(work, before.Id, cancel),
                await ProposeChanges.Of(work, otherId, cancel)
            );
            var (after, proposed) = Joined(before, other, work);
            var added = proposals.Added(work, before.Id, proposed, type.Text(otherId));
            after = ProposeChanges.Counted(after, proposals.Doubles, added);
            var moved = (await Moved(work, otherId, before.Id, cancel)).Where(one => !proposals.IsDouble(one.Record)).ToList();
            foreach (var one in moved)
                work.Replace(one.Record, one.After, null);
            foreach (var one in proposals.Doubles)
                work.Delete(one, null);
            foreach (var one in added)
                work.Insert(one, null);
            work.Delete(other, "mergedInto", writer => writer.WriteString("lead", type.Text(before.Id)), type.Text(before.Id));
            work.Insert(
                new LeadMerge
                {
                    Lead = before.Id,
                    Into = type.Text(before.Id),
                    Other = type.Text(otherId),
                    Before = new(type.ToJson(before)),
                    OtherBefore = new(type.ToJson(other)),
                    After = new(type.ToJson(after)),
                    Moved = Written(moved),
                    Doubles = MergedProposals.Written(proposals.Doubles),
                },
                null
            );
            after = work.Replace(before, after, "merged", writer => writer.WriteString("lead", type.Text(otherId)), type.Text(otherId));
            return new(after);
        },
        Effect.Merges
    );

    public static readonly ResourceAction Unmerge = ResourceAction.On<Lead, OtherLead>(
        "unmerge",
        "Undoes a merge: the other lead is back as it was, and this one loses what the merge gave it. What was changed since stays.",
        async (work, now, input, cancel) =>
        {
            var otherId = input.Lead!.Value;
            var type = ResourceType.Of<Lead>();
            if (!now.MergedFrom.Contains(otherId))
                throw new ProblemException(ProblemCodes.WrongState, "That lead was not merged into this one.");
            var (merge, undoneSince, inForce) = await History(work, now.Id, otherId, cancel);
            if (merge is null)
                throw new ProblemException(
                    ProblemCodes.WrongState,
                    "That lead came with another lead that was merged into this one; unmerge that one first."
                );
            var (before, after) = (Read(merge.Before), Read(merge.After));
            // What an older merge had given is gone with it: it must not come back from the picture that this one took.
            foreach (var undone in undoneSince)
                (before, after) = (
                    WithoutMerge.Of(before, Read(undone.Before), Read(undone.After)),
                    WithoutMerge.Of(after, Read(undone.Before), Read(undone.After))
                );
            // First this lead gives the addresses and numbers up, then the other takes them; numbers that are somebody's meanwhile are
            // shared.
            var restored = await SharedNumbers.Marked(work, WithoutMerge.Of(now, before, after), now, cancel);
            var proposals = SplitProposals.Of(merge, await ProposeChanges.Of(work, now.Id, cancel));
            var revived = inForce.SelectMany(one => proposals.Revive(work, one, Read(one.OtherBefore), restored)).ToList();
            restored = work.Replace(
                now,
                SplitProposals.CountedOn(restored, [.. proposals.Kept, .. revived]),
                "unmerged",
                writer => writer.WriteString("lead", type.Text(otherId)),
                type.Text(otherId)
            );
            var other = Read(merge.OtherBefore) with { InnerProposals = null };
            other = await SharedNumbers.Marked(work, other with { Id = otherId, Version = other.Version + 1 }, null, cancel, restored);
            other = SplitProposals.CountedOn(other, [.. proposals.Back, .. proposals.Doubles]);
            work.Insert(other, "restored", writer => writer.WriteString("lead", type.Text(now.Id)), type.Text(now.Id));
            await MoveBack(work, merge, now.Id, otherId, cancel);
            proposals.Save(work, otherId);
            work.Replace(merge, merge with { Undone = work.NextId().ToString("") }, null);
            return new(restored);
        },
        Effect.Merges
    );

    static Lead Read(JsonData picture)
    {
        var type = ResourceType.Of<Lead>();
        using var document = picture.Parse();
        var json = document.RootElement;
        Id.TryParse(json.GetProperty("id").GetString(), type.Prefix, out var id);
        return type.FromRow<Lead>(new(id, json.GetProperty("version").GetInt64(), picture.Utf8));
    }

    static AppliedValues Joined(Lead lead, Lead other, UnitOfWork work)
    {
        var by = ResourceType.Of<Lead>().Text(other.Id);
        var values = ApplyValues.ValuesOf(other, work.Settings.For(ResourceType.Of<Lead>()).CustomFields);
        var notes = BothNotes(lead.Notes, other.Notes);
        if (notes is not null)
            values = [.. values.Where(value => value.Path != "notes")];
        var (joined, proposed) = ApplyValues.Apply(lead, values, MergePolicy.FillEmpty, by, work.Now);
        if (notes is not null)
            joined = ApplyValues.WithProvenance(joined with { Notes = notes }, by, work.Now, ["notes"]);
        joined = (Lead)
            (
                joined with
                {
                    Emails = joined.Emails.AddRange(other.Emails.Select(e => e with { Primary = e.Primary && joined.Emails.Length == 0 })),
                    Phones = joined.Phones.AddRange(other.Phones.Select(p => p with { Primary = p.Primary && joined.Phones.Length == 0 })),
                    Score = joined.Score + other.Score,
                    Consent = [.. joined.Consent.Concat(other.Consent).OrderBy(c => c.At)],
                    ProposedChangeCount = joined.ProposedChangeCount + other.ProposedChangeCount,
                    ProposedChangeBytes = joined.ProposedChangeBytes + other.ProposedChangeBytes,
                    ProposedChangesNotKept = joined.ProposedChangesNotKept + other.ProposedChangesNotKept,
                    Source = Earlier(joined.FirstTouch, other.FirstTouch) ? other.Source : joined.Source ?? other.Source,
                    FirstTouch = Earlier(joined.FirstTouch, other.FirstTouch) ? other.FirstTouch : joined.FirstTouch ?? other.FirstTouch,
                    LastTouch = Earlier(joined.LastTouch, other.LastTouch) ? joined.LastTouch : other.LastTouch ?? joined.LastTouch,
                    Customer = joined.Customer ?? other.Customer,
                    Status = other.Customer is null ? joined.Status : LeadStatus.Converted,
                    MergedFrom = joined.MergedFrom.Add(other.Id).AddRange(other.MergedFrom),
                }
            ).Tidy();
        return new(joined, proposed);

        static bool Earlier(LeadTouch? one, LeadTouch? other) => one is not null && other is not null && other.At < one.At;
    }

    /// <summary>What the team knows of both is worth the same: one stands behind the other. Null when there is nothing to join, or no room:
    /// then it is proposed like any other value.</summary>
    static string? BothNotes(string? own, string? others) =>
        own is not null && others is not null && own != others && own.Length + others.Length + 2 <= Lead.MostNotes
            ? $"{own}\n\n{others}"
            : null;

    /// <summary>A record that refers to the other lead, and how it reads after the move.</summary>
    sealed class MovedRecord(ResourceType type, Resource record)
    {
        readonly List<(FieldPath Path, object Before)> references = [];

        public Resource Record { get; } = record;
        public Resource After { get; private set; } = record;

        public void Move(FieldPath path, Id from, Id to)
        {
            references.Add((path, path.Get(Record)!));
            After = path.With(type, After, Moved(path.Get(After)!, from, to));
        }

        /// <summary>For the way back: the record, the path, and for a list what it was, since two entries may become one.</summary>
        public void Write(Utf8JsonWriter writer)
        {
            foreach (var (path, before) in references)
            {
                writer.WriteStartObject();
                writer.WriteString("id", type.Text(Record.Id));
                writer.WriteString("path", path.Text);
                if (path.Field.IsMany)
                {
                    writer.WritePropertyName("before");
                    path.Field.Kind.Write(writer, before, path.Field);
                }
                writer.WriteEndObject();
            }
        }
    }

    static JsonData Written(IEnumerable<MovedRecord> moved)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartArray();
            foreach (var one in moved)
                one.Write(writer);
            writer.WriteEndArray();
        }
        return new(buffer.WrittenMemory);
    }

    static object Moved(object reference, Id from, Id to) =>
        reference is ImmutableArray<Id> list ? list.Select(id => id == from ? to : id).Distinct().ToImmutableArray()
        : (Id)reference == from ? to
        : reference;

    static bool LeadsToLead(Field field) =>
        field.Refers == typeof(Lead) && (field.Kind is ListValue list ? list.Item : field.Kind) is ReferenceValue;

    /// <summary>Every record whose reference leads to the lead, whatever its resource.</summary>
    static async ValueTask<IReadOnlyCollection<MovedRecord>> Moved(UnitOfWork work, Id from, Id to, CancellationToken cancel)
    {
        var moved = new Dictionary<(CatalogEntry, Id), MovedRecord>();
        foreach (var entry in work.Installation.Catalog.Entries)
        foreach (var (name, _) in entry.Type.References.Where(r => LeadsToLead(r.Field)))
        {
            var path = FieldPath.Find(entry.Type, name, [])!;
            var refers = new Filter.Compare(name, Comparison.Eq, Key.Of(from.Text<Lead>()));
            await foreach (var page in work.Store.Pages(new(entry.Type.Collection, refers, [], false, null, 500), cancel))
            {
                for (var i = 0; i < page.Count; i++)
                {
                    if (!moved.TryGetValue((entry, page[i].Id), out var record))
                        moved[(entry, page[i].Id)] = record = new(entry.Type, entry.Type.FromRow(page[i]));
                    record.Move(path, from, to);
                }
                if (moved.Count > MostMoved)
                    throw new ProblemException(
                        ProblemCodes.LimitReached,
                        $"More than {MostMoved} records refer to that lead; it cannot be merged in one step."
                    );
            }
        }
        return moved.Values;
    }

    /// <summary>Gives the other lead the references back that still are as the merge left them.</summary>
    static async ValueTask MoveBack(UnitOfWork work, LeadMerge merge, Id from, Id to, CancellationToken cancel)
    {
        var back = new Dictionary<string, (Resource Before, Resource After)>();
        using var moved = merge.Moved.Parse();
        foreach (var reference in moved.RootElement.EnumerateArray())
        {
            var text = reference.GetProperty("id").GetString()!;
            Id id = default;
            var entry = work.Installation.Catalog.Entries.FirstOrDefault(e => Id.TryParse(text, e.Type.Prefix, out id));
            if (entry is null || FieldPath.Find(entry.Type, reference.GetProperty("path").GetString()!, []) is not { } path)
                continue;
            if (!back.TryGetValue(text, out var record))
            {
                if (await work.Find(entry.Type, id, cancel) is not { } found)
                    continue;
                record = (found, found);
            }
            object? was = to;
            if (reference.TryGetProperty("before", out var list))
                path.Field.Kind.TryRead(list, path.Field, ReadContext.Nothing, out was, out _);
            if (was is not null && RecordChange.ValuesEqual(path.Get(record.After), Moved(was, to, from)))
                record.After = path.With(entry.Type, record.After, was);
            back[text] = record;
        }
        foreach (var (before, after) in back.Values)
            if (!ReferenceEquals(before, after))
                work.Replace(before, after, null);
    }

    /// <summary>The merge of these two that is in force, the older merges into this lead that were undone after it, newest first, and the
    /// other merges into it that are in force.</summary>
    static async ValueTask<(LeadMerge? Merge, IReadOnlyList<LeadMerge> UndoneSince, IReadOnlyList<LeadMerge> InForce)> History(
        UnitOfWork work,
        Id lead,
        Id other,
        CancellationToken cancel
    )
    {
        var (leads, merges) = (ResourceType.Of<Lead>(), ResourceType.Of<LeadMerge>());
        LeadMerge? merge = null;
        var (undoneSince, inForce) = (new List<LeadMerge>(), new List<LeadMerge>());
        var held = new Filter.Compare("lead", Comparison.Eq, Key.Of(leads.Text(lead)));
        await foreach (var page in work.Store.Pages(new(merges.Collection, held, [], true, null, 100), cancel))
            for (var i = 0; i < page.Count; i++)
            {
                var one = merges.FromRow<LeadMerge>(page[i]);
                // What came with a lead that was merged itself is undone after that one's merge.
                if (one.Into != leads.Text(lead))
                    continue;
                if (merge is null && one.Undone is null && one.Other == leads.Text(other))
                    merge = one;
                else if (one.Undone is null)
                    inForce.Add(one);
                else if (merge is not null && string.CompareOrdinal(one.Undone, merge.Id.ToString("")) > 0)
                    undoneSince.Add(one);
            }
        return (merge, undoneSince, inForce);
    }
}
