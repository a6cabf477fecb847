// What people call the records that others refer to, for files in which an id says nothing to anybody.

using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <summary>The names that a caller may read, learned page by page.</summary>
public sealed class RecordNames(Caller caller)
{
    /// <summary>Names that are kept; then it begins anew.</summary>
    const int Most = 20_000;

    /// <summary>What a name may be made of, in this order.</summary>
    static readonly string[][] Members =
    [
        ["name"],
        ["firstName", "lastName"],
        ["slug"],
    ];

    public static bool Has(ResourceType type) => Members.Any(members => members.Any(member => type.Field(member) is { Stored: true }));

    readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    /// <summary>Reads the names of everything that these records refer to in columns of names: one query for each kind of record.</summary>
    public async ValueTask Learn(
        IReadOnlyList<CsvColumn> columns,
        IEnumerable<(ReadOnlyMemory<byte> Json, FieldSet Reads)> records,
        CancellationToken cancel
    )
    {
        var named = columns.Where(column => column.Names is not null && caller.Rights(column.Names).MayRead).ToList();
        if (named.Count == 0)
            return;
        if (known.Count > Most)
            known.Clear();
        var wanted = new Dictionary<ResourceType, HashSet<Id>>();
        foreach (var (json, reads) in records)
        {
            using var record = JsonDocument.Parse(json);
            foreach (var column in named)
                if (reads.Contains(column.Right) && column.Of(record.RootElement) is { } value)
                    foreach (var text in Ids(value))
                        if (!known.ContainsKey(text) && Id.TryParse(text, column.Names!.Prefix, out var id))
                        {
                            if (!wanted.TryGetValue(column.Names, out var ids))
                                wanted[column.Names] = ids = [];
                            ids.Add(id);
                        }
        }
        foreach (var (type, ids) in wanted)
        {
            foreach (var id in ids)
                known[type.Text(id)] = "";
            var rights = caller.Rights(type);
            await foreach (var page in caller.Settings.Store.GetAll(type.Collection, ids, cancel))
                for (var i = 0; i < page.Count; i++)
                    if (page.DamageAt(i) is null && rights.Shows(type, page[i]))
                        known[type.Text(page[i].Id)] = NameIn(page[i].Json, rights.ReadsOf(page[i].Json));
        }
    }

    /// <param name="value">An id, or a list of them.</param>
    public string Of(ResourceType type, JsonElement value) =>
        string.Join("; ", Ids(value).Select(id => known.GetValueOrDefault(id, "")).Where(name => name.Length > 0));

    static IEnumerable<string> Ids(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => value
                .EnumerateArray()
                .Where(one => one.ValueKind == JsonValueKind.String)
                .Select(one => one.GetString()!),
            _ => [],
        };

    static string NameIn(ReadOnlyMemory<byte> json, FieldSet reads)
    {
        using var record = JsonDocument.Parse(json);
        foreach (var members in Members)
        {
            var parts = members
                .Where(reads.Contains)
                .Select(member => record.RootElement.TryGetProperty(member, out var part) ? part : default)
                .Where(part => part.ValueKind == JsonValueKind.String)
                .Select(part => part.GetString());
            if (string.Join(' ', parts) is { Length: > 0 } name)
                return name;
        }
        return "";
    }
}
