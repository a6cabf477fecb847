// The proposed changes of two leads that become one, and of one that is taken apart again.

using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

/// <summary>What a merge does with the proposals of both: the other lead's move, and identical ones are one.</summary>
sealed class MergedProposals(IReadOnlyList<ProposedChange> own, IReadOnlyList<ProposedChange> others)
{
    static readonly ResourceType Type = ResourceType.Of<ProposedChange>();

    /// <summary>The other lead's open proposals that this one has too.</summary>
    public IReadOnlyList<ProposedChange> Doubles { get; } =
    [.. others.Where(one => one.IsOpen && own.Any(mine => mine.IsOpen && mine.Proposes(one.Field, one.Value)))];

    public bool IsDouble(Resource record) => record is ProposedChange && Doubles.Any(one => one.Id == record.Id);

    /// <summary>The values of the other lead that this one has different, and that nobody proposed yet. A merge leaves nothing out: the
    /// other lead is gone.</summary>
    public ImmutableArray<ProposedChange> Added(UnitOfWork work, Id lead, IReadOnlyList<ProposedValue> values, string by) =>
        [
            .. values
                .Distinct()
                .Where(value => !own.Concat(others).Any(one => one.IsOpen && one.Proposes(value.Field, value.Value)))
                .Select(value => ProposeChanges.New(work, lead, value, by, null)),
        ];

    public static JsonData Written(IReadOnlyList<ProposedChange> proposals)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartArray();
            foreach (var one in proposals)
                Type.WriteRecord(writer, one, withSecrets: true);
            writer.WriteEndArray();
        }
        return new(buffer.WrittenMemory);
    }
}

/// <summary>Whose each proposal is once a merge is undone.</summary>
/// <param name="Kept">Of the lead that stays.</param>
/// <param name="Back">The other lead's, which came with it and are still there, decided or not.</param>
/// <param name="Doubles">The other lead's that were one with this one's.</param>
/// <param name="Gone">Values of the other lead, which has them itself again.</param>
/// <param name="ByHand">Those of <paramref name="Back"/> that no reference of the merge moves.</param>
sealed record SplitProposals(
    IReadOnlyList<ProposedChange> Kept,
    IReadOnlyList<ProposedChange> Back,
    IReadOnlyList<ProposedChange> Doubles,
    IReadOnlyList<ProposedChange> Gone,
    IReadOnlyList<ProposedChange> ByHand
)
{
    static readonly ResourceType Type = ResourceType.Of<ProposedChange>();

    /// <param name="all">Every proposal of the lead as it is now.</param>
    public static SplitProposals Of(LeadMerge merge, IReadOnlyList<ProposedChange> all)
    {
        var moved = MovedIds(merge);
        // A merge of an older version has the other lead's proposals in its picture.
        var inner = InnerOf(merge.OtherBefore);
        var (kept, back, gone, byHand) = (
            new List<ProposedChange>(),
            new List<ProposedChange>(),
            new List<ProposedChange>(),
            new List<ProposedChange>()
        );
        foreach (var one in all)
            if (moved.Contains(one.Id))
                back.Add(one);
            else if (inner.RemoveAll(was => was.By == one.By && was.At == one.At && was.Proposes(one.Field, one.Value)) > 0)
            {
                back.Add(one);
                byHand.Add(one);
            }
            else if (one.IsOpen && one.By == merge.Other)
                gone.Add(one);
            else
                kept.Add(one);
        return new(kept, back, Read(merge.Doubles), gone, byHand);
    }

    public static Lead CountedOn(Lead lead, IReadOnlyCollection<ProposedChange> proposals) =>
        ProposeChanges.Counted(lead with { ProposedChangeCount = 0, ProposedChangeBytes = 0 }, [], proposals);

    /// <summary>
    /// What leaves may have stood for the same value of a lead that is still merged into this one: that one's proposal is there again, or
    /// its value is proposed.
    /// </summary>
    /// <param name="inForce">Another merge into the lead.</param>
    /// <param name="otherBefore">The lead that was merged then.</param>
    /// <param name="lead">The lead without what leaves.</param>
    public IReadOnlyList<ProposedChange> Revive(UnitOfWork work, LeadMerge inForce, Lead otherBefore, Lead lead)
    {
        var leaving = Back.Concat(Gone).Where(one => one.IsOpen).ToList();
        var doubles = Read(inForce.Doubles);
        var alive = doubles.Where(one => Leaves(one.Field, one.Value)).ToList();
        if (alive.Count > 0)
            work.Replace(
                inForce,
                inForce with
                {
                    Doubles = MergedProposals.Written([.. doubles.Except(alive)]),
                    Moved = WithMoved(inForce.Moved, alive),
                },
                null
            );
        List<ProposedChange> revived = [.. alive.Select(one => work.Insert(one with { Lead = lead.Id, Version = one.Version + 1 }, null))];
        var custom = work.Settings.For(ResourceType.Of<Lead>()).CustomFields;
        foreach (
            var value in ApplyValues
                .Apply(lead, ApplyValues.ValuesOf(otherBefore, custom), MergePolicy.ProposeAll, inForce.Other, work.Now)
                .Proposed
        )
            if (Leaves(value.Field, value.Value) && !revived.Exists(one => one.Proposes(value.Field, value.Value)))
                revived.Add(work.Insert(ProposeChanges.New(work, lead.Id, value, inForce.Other, null), null));
        // What is there again leaves no more than once.
        revivedAlready.AddRange(revived);
        return revived;

        bool Leaves(string field, JsonData value) =>
            leaving.Exists(one => one.Proposes(field, value)) && !revivedAlready.Exists(one => one.Proposes(field, value));
    }

    readonly List<ProposedChange> revivedAlready = [];

    static JsonData WithMoved(JsonData moved, IReadOnlyList<ProposedChange> more)
    {
        using var document = moved.Parse();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartArray();
            foreach (var reference in document.RootElement.EnumerateArray())
                reference.WriteTo(writer);
            foreach (var one in more)
            {
                writer.WriteStartObject();
                writer.WriteString("id", Type.Text(one.Id));
                writer.WriteString("path", "lead");
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return new(buffer.WrittenMemory);
    }

    /// <summary>What the references of the merge do not bring back by themselves.</summary>
    public void Save(UnitOfWork work, Id other)
    {
        foreach (var one in Gone)
            work.Delete(one, null);
        foreach (var one in ByHand)
            work.Replace(one, one with { Lead = other }, null);
        foreach (var one in Doubles)
            work.Insert(one with { Version = one.Version + 1 }, null);
    }

    static HashSet<Id> MovedIds(LeadMerge merge)
    {
        using var moved = merge.Moved.Parse();
        var ids = new HashSet<Id>();
        if (moved.RootElement.ValueKind == JsonValueKind.Array)
            foreach (var reference in moved.RootElement.EnumerateArray())
                if (Id.TryParse<ProposedChange>(reference.GetProperty("id").GetString(), out var id))
                    ids.Add(id);
        return ids;
    }

    static List<ProposedChange> InnerOf(JsonData picture)
    {
        using var document = picture.Parse();
        return document.RootElement.TryGetProperty("proposedChanges", out var inner) ? [.. MoveProposals.Read(inner)] : [];
    }

    static List<ProposedChange> Read(JsonData proposals)
    {
        using var document = proposals.Parse();
        var found = new List<ProposedChange>();
        foreach (var json in document.RootElement.EnumerateArray())
            if (Id.TryParse<ProposedChange>(json.GetProperty("id").GetString(), out var id))
                found.Add(Type.FromRow<ProposedChange>(new(id, json.GetProperty("version").GetInt64(), JsonData.From(json).Utf8)));
        return found;
    }
}
