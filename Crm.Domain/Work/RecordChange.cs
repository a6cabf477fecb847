// A change of one record as a value: what it was, what it will be, and which fields differ.

using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;

namespace Crm.Domain.Work;

/// <param name="Type">Null where only an event is shown that is about no change.</param>
/// <param name="Before">Null for a new record.</param>
/// <param name="After">Null for a deleted one.</param>
public readonly record struct RecordChange(ResourceType Type, Resource? Before, Resource? After)
{
    /// <summary>The event that tells of it, for a <see cref="FollowUp"/> that wants events.</summary>
    public Event? Event { get; init; }

    /// <summary>What is stored of <see cref="After"/>, in the commit that makes the change.</summary>
    public Document? Stored { get; init; }

    /// <summary>The record after the change, or as it was when it is deleted.</summary>
    public Resource Record => After ?? Before!;

    /// <summary>Whether two field values are the same; lists by their entries.</summary>
    public static bool ValuesEqual(object? left, object? right) =>
        Equals(left, right)
        || left is not string
            && left is System.Collections.IEnumerable a
            && right is System.Collections.IEnumerable b
            && a.Cast<object>().SequenceEqual(b.Cast<object>());

    /// <summary>The fields that are not what they were, as an event says it; none for a new or a deleted record.</summary>
    public ImmutableArray<FieldChange> Fields()
    {
        if (Before is not { } before || After is not { } after)
            return [];
        var fields = ImmutableArray.CreateBuilder<FieldChange>();
        foreach (var field in Type.Fields)
            if (field.Stored && (field.Get(before), field.Get(after)) is var (was, willBe) && !ValuesEqual(was, willBe))
                fields.Add(
                    field.EventsCarryValues
                        ? new()
                        {
                            Field = field.Name,
                            From = Json(field, was),
                            To = Json(field, willBe),
                        }
                        : new() { Field = field.Name }
                );
        // A workspace's own fields may say anything of a person, so that only their names are told.
        foreach (var name in before.Custom.Keys.Union(after.Custom.Keys))
            if (!ValuesEqual(before.Custom.GetValueOrDefault(name), after.Custom.GetValueOrDefault(name)))
                fields.Add(new() { Field = "custom." + name });
        return fields.ToImmutable();
    }

    static JsonData? Json(Field field, object? value)
    {
        if (value is null)
            return null;
        var buffer = new ArrayBufferWriter<byte>(32);
        using (var writer = JsonText.Writer(buffer))
            field.Kind.Write(writer, value, field);
        return new(buffer.WrittenMemory);
    }
}

/// <summary>One field of a record that changed.</summary>
public sealed record FieldChange
{
    [Field("The field by its name; of an object inside the record, the object's.", Max = 140, Is = Is.NoPerson)]
    public string Field { get; init; } = "";

    [Field("What it was. Left out where the value says something about a person, is a secret, or is free text.", Is = Is.NoPerson)]
    public JsonData? From { get; init; }

    [Field("What it is now; left out as in from.", Is = Is.NoPerson)]
    public JsonData? To { get; init; }
}
