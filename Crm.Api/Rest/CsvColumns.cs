// The columns of a list's CSV file, from the definition of its resource: one for each value that stands in a cell of its own.

using System.Text.Json;
using Crm.Api.Http;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <summary>What stands in a cell: a text, or what needs no quotes (a number, a boolean).</summary>
public readonly record struct CsvCell(string Text, bool IsPlain = false)
{
    public static readonly CsvCell Empty = new("", true);
}

/// <param name="Title">As filters name it: the member, or the path to it.</param>
/// <param name="Right">The field by whose right it is read: the record's own one that it lies in.</param>
/// <param name="Path">From the record to the value.</param>
/// <param name="Names">Where the value is the id of a record, and the cell has that one's name: what kind of record.</param>
public sealed record CsvColumn(
    string Title,
    string Right,
    IReadOnlyList<string> Path,
    Func<JsonElement, CsvCell> Cell,
    ResourceType? Names = null
)
{
    /// <summary>The value in a record; null when there is none.</summary>
    public JsonElement? Of(JsonElement record)
    {
        foreach (var name in Path)
            if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty(name, out record))
                return null;
        return record.ValueKind == JsonValueKind.Null ? null : record;
    }
}

public static class CsvColumns
{
    /// <summary>Objects in objects; what lies deeper is JSON in one cell.</summary>
    const int Deepest = 3;

    /// <summary>Separates the values of a list. The same that a text for a list is read by.</summary>
    const string Between = "; ";

    /// <summary>
    /// In the order that was asked for, or the resource's own: the id first, its fields, the workspace's fields, and last when it was made
    /// and changed. Columns that may not be read at all are not there.
    /// </summary>
    public static IReadOnlyList<CsvColumn> Of(ResourceType type, ReadContext context, Rights rights, IReadOnlyList<string>? fields)
    {
        IEnumerable<string> all =
        [
            "id",
            .. type.Fields.Where(field => field.IsShown).Select(field => field.Name),
            "custom",
            "createdAt",
            "updatedAt",
            "version",
        ];
        return
        [
            .. (fields ?? all).SelectMany(name =>
                name switch
                {
                    "version" => [new(name, name, [name], Plain)],
                    "id" or "createdAt" or "updatedAt" => [new(name, name, [name], Text)],
                    "custom" => context
                        .CustomFields.Where(own => rights.Reads.Contains("custom." + own.Name))
                        .SelectMany(own => Value(own, own.Kind, "custom." + own.Name, "custom." + own.Name, ["custom", own.Name])),
                    _ when type.Fields.FirstOrDefault(field => field.Name == name && field.IsShown) is { } field
                            && rights.Reads.Contains(name)
                            && rights.Reads.Contains(field.MadeOf ?? name) => Value(field, field.Kind, name, name, [name]),
                    _ => (IEnumerable<CsvColumn>)[],
                }
            ),
        ];
    }

    static IEnumerable<CsvColumn> Value(Field field, FieldKind kind, string title, string right, IReadOnlyList<string> path)
    {
        switch (kind)
        {
            case ObjectValue { Type.Clr: var clr } when clr == typeof(Money):
                return [new(title, right, path, Amount), new(title + ".currency", right, [.. path, "currency"], Text)];
            case ObjectValue inner when path.Count < Deepest:
                return inner
                    .Type.Fields.Where(one => one.IsShown)
                    .SelectMany(one => Value(one, one.Kind, $"{title}.{one.Name}", right, [.. path, one.Name]));
            // Of e-mail addresses and the like the one to use stands by itself, under the name that finds it.
            case ListValue { Item: ObjectValue each }
                when each.Type.Fields.FirstOrDefault(one => one.IsUnique && one.KeyName is not null) is { } identity:
                return
                [
                    new(identity.KeyName!, right, path, list => Primary(list, identity.Name)),
                    new(title, right, path, list => Joined(list, entry => Member(entry, identity.Name))),
                ];
            case ListValue { Item: not (ObjectValue or JsonValue) }:
                return WithNames(new(title, right, path, list => Joined(list, PlainText)));
            case ObjectValue or ListValue or JsonValue:
                return [new(title, right, path, value => new(value.GetRawText()))];
            case IntegerValue or NumberValue or BooleanValue:
                return [new(title, right, path, Plain)];
            default:
                return WithNames(new(title, right, path, Text));
        }

        IEnumerable<CsvColumn> WithNames(CsvColumn ids) =>
            field.Refers is { } refers && RecordNames.Has(ResourceType.Of(refers))
                ? [ids, ids with { Title = title + ".name", Names = ResourceType.Of(refers) }]
                : [ids];
    }

    static CsvCell Plain(JsonElement value) => new(PlainText(value), value.ValueKind != JsonValueKind.String);

    static CsvCell Text(JsonElement value) => new(PlainText(value));

    static string PlainText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    static CsvCell Amount(JsonElement money) =>
        new(CsvText.Amount(money.GetProperty("amount").GetInt64(), Member(money, "currency")), true);

    static CsvCell Primary(JsonElement list, string identity)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            return CsvCell.Empty;
        var entries = list.EnumerateArray().ToList();
        var primary = entries.FindIndex(entry => entry.TryGetProperty("primary", out var is1st) && is1st.ValueKind == JsonValueKind.True);
        return new(Member(entries[Math.Max(0, primary)], identity));
    }

    static CsvCell Joined(JsonElement list, Func<JsonElement, string> text) =>
        list.ValueKind == JsonValueKind.Array ? new(string.Join(Between, list.EnumerateArray().Select(text))) : Text(list);

    static string Member(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
