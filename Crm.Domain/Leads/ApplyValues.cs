// What a post may do to a lead: fill what is empty, propose what differs, never replace.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Values;

namespace Crm.Domain.Leads;

/// <summary>One value that a post brings for a lead.</summary>
/// <param name="Path">The field's path, or the short form <c>email</c>, <c>phone</c>, <c>firstName</c>, ...</param>
/// <param name="Target">How the value is reached; null for <c>email</c> and <c>phone</c>.</param>
public readonly record struct IncomingValue(string Path, FieldPath? Target, object Value);

/// <summary>What became of values that were offered to a lead.</summary>
/// <param name="Proposed">Those that differ from what is known.</param>
public sealed record AppliedValues(Lead Lead, IReadOnlyList<ProposedValue> Proposed);

public static class ApplyValues
{
    const int MostProvenance = 500;

    /// <summary>The lead with the values it lacked, and the values that differ from known ones.</summary>
    /// <param name="by">The submission or lead the values come from, as text.</param>
    public static AppliedValues Apply(Lead lead, IReadOnlyList<IncomingValue> values, MergePolicy policy, string by, DateTimeOffset at)
    {
        var type = ResourceType.Of<Lead>();
        var set = new List<string>(values.Count);
        List<ProposedValue>? proposed = null;
        foreach (var incoming in values)
        {
            var (path, target, value) = incoming;
            switch (path)
            {
                case "email" when target is null:
                    var canonical = EmailAddress.Canonical((string)value);
                    if (lead.Emails.Any(e => EmailAddress.Canonical(e.Address!) == canonical))
                        break;
                    if (lead.Emails.Length == 0 && policy == MergePolicy.FillEmpty)
                        Fill(lead with { Emails = [new() { Address = (string)value, Primary = true }] }, path);
                    else
                        Propose(incoming);
                    break;
                case "phone" when target is null:
                    if (lead.Phones.Any(p => p.Number == (string)value))
                        break;
                    if (lead.Phones.Length == 0 && policy == MergePolicy.FillEmpty)
                        Fill(lead with { Phones = [new() { Number = (string)value, Primary = true }] }, path);
                    else
                        Propose(incoming);
                    break;
                default:
                    var current = target!.Get(lead);
                    if (current is ImmutableArray<string> list)
                    {
                        // A list takes what it lacks: nothing that was there goes away.
                        var longer = list.AddRange(((ImmutableArray<string>)value).Except(list));
                        if (longer.Length == list.Length)
                            break;
                        if (policy == MergePolicy.FillEmpty && longer.Length <= target.Field.MaxItems)
                            Fill(target.With(type, lead, longer), path);
                        else
                            Propose(incoming);
                    }
                    else if (current is null && policy == MergePolicy.FillEmpty)
                        Fill(target.With(type, lead, value), path);
                    else if (!IsSame(path, current, value))
                        Propose(incoming);
                    break;
            }
        }
        return new(set.Count == 0 ? lead : WithProvenance(lead, by, at, set), proposed ?? []);

        void Fill(Lead changed, string path)
        {
            lead = changed;
            set.Add(path);
        }

        void Propose(IncomingValue value) => (proposed ??= []).Add(new(value.Path, AsProposed(value)));
    }

    /// <summary>Whether a field has this value already.</summary>
    public static bool IsSame(string path, object? current, object value) =>
        Same(current, path.StartsWith("custom.", StringComparison.Ordinal) ? CustomValue.Plain(value) : value);

    /// <summary>A custom number is stored as JSON, which knows no kinds of numbers: 1000 is read back as a whole one and posted as a
    /// decimal.</summary>
    static bool Same(object? current, object value) =>
        Equals(current, value)
        || current is long or decimal && value is long or decimal && Convert.ToDecimal(current, null) == Convert.ToDecimal(value, null);

    /// <summary>Notes where values came from; an older note of the same path loses it.</summary>
    public static Lead WithProvenance(Lead lead, string by, DateTimeOffset at, IEnumerable<string> paths)
    {
        var fields = paths.ToImmutableArray();
        var older = lead
            .Provenance.Select(p => p.Fields.Any(fields.Contains) ? p with { Fields = p.Fields.RemoveAll(fields.Contains) } : p)
            .Where(p => p.Fields.Length > 0);
        ImmutableArray<Provenance> all =
        [
            .. older,
            new()
            {
                By = by,
                At = at,
                Fields = fields,
            },
        ];
        return lead with { Provenance = all.Length > MostProvenance ? all.RemoveRange(0, all.Length - MostProvenance) : all };
    }

    /// <summary>A value as a proposed change has it.</summary>
    public static JsonData AsProposed(IncomingValue value) => value.Target?.ToJson(value.Value) ?? new(JsonText.Bytes((string)value.Value));

    /// <summary>What a lead holds, as values to offer to another lead (merging).</summary>
    public static IReadOnlyList<IncomingValue> ValuesOf(Lead lead, IReadOnlyList<Field> customFields)
    {
        var values = new List<IncomingValue>();
        var type = ResourceType.Of<Lead>();
        Walk(type, "");
        foreach (var (name, value) in lead.Custom)
            if (FieldPath.Find(type, "custom." + name, customFields) is { } path)
                values.Add(new(path.Text, path, value));
        return values;

        void Walk(ObjectType at, string prefix)
        {
            foreach (var field in at.Fields)
            {
                if (field.IsReadOnly || field.Name is "emails" or "phones" or "status" or "score")
                    continue;
                if (field.Kind is ObjectValue inner)
                    Walk(inner.Type, prefix + field.Name + ".");
                else if (
                    FieldPath.Find(type, prefix + field.Name, []) is { } path
                    && path.Get(lead) is { } value
                    && value is not ImmutableArray<string> { Length: 0 }
                )
                    values.Add(new(path.Text, path, value));
            }
        }
    }
}
