// What may be read of an event: as much as may be read of the record that it speaks of.

using System.Collections.Concurrent;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Events;

/// <summary>The rights to events that follow from a caller's rights to everything else.</summary>
/// <param name="rightsTo">The caller's rights to a resource other than events.</param>
public sealed class EventRights(Catalog catalog, Func<ResourceType, Rights> rightsTo)
{
    /// <summary>How the catalog narrows the rights to events.</summary>
    public static readonly NarrowRights Narrow = (catalog, rightsTo, own) => new EventRights(catalog, rightsTo).Feed(own);

    static readonly ResourceType Events = ResourceType.Of<Event>();
    static readonly Field EventType = Events.Filter("type")!;

    readonly List<CatalogEntry> resources = [.. catalog.Public.Where(entry => entry.Type != Events)];

    /// <summary>
    /// For the list of all events, and for subscriptions: who may read events sees that something happened; <c>data</c> is there when the
    /// resource may be read. Of a resource of which the caller sees not all rows no event is there.
    /// </summary>
    /// <param name="own">The rights to events as such.</param>
    public Rights Feed(Rights own)
    {
        if (!own.MayRead)
            return own;
        var hidden = resources.Where(entry => rightsTo(entry.Type).Rows is not null).ToList();
        return WithData(own) with
        {
            Rows = And(own.Rows, hidden.Count == 0 ? null : new Filter.Not(new Filter.Or([.. hidden.SelectMany(About)]))),
        };
    }

    /// <summary>
    /// For a timeline: the entries of resources that the caller may read, and no others. It needs no right to events as such.
    /// </summary>
    /// <param name="subjects">The resources of the timeline's own records, which the caller was shown already.</param>
    public Rights Timeline(params IReadOnlyList<ResourceType> subjects)
    {
        var shown = resources.ToLookup(entry =>
            rightsTo(entry.Type) is { MayRead: true } rights && (rights.Rows is null || subjects.Contains(entry.Type))
        );
        Filter? rows = null;
        if (shown[false].Any())
            // Whichever is the shorter condition; what only bears another resource's name is left out either way.
            rows =
                shown[true].Count() <= shown[false].Count()
                    ? new Filter.And([
                        new Filter.Or([.. shown[true].Select(NamedAs)]),
                        new Filter.Not(new Filter.Or([.. shown[false].SelectMany(AlsoNamed)])),
                    ])
                    : new Filter.Not(new Filter.Or([.. shown[false].Select(NamedAs), .. shown[false].SelectMany(AlsoNamed)]));
        return WithData(Rights.ReadOnly) with { Rows = rows };
    }

    Rights WithData(Rights own)
    {
        if (resources.TrueForAll(entry => rightsTo(entry.Type).Reads.IsAll))
            return own;
        var without = own.Reads.Without("data");
        var byType = new ConcurrentDictionary<string, FieldSet>(StringComparer.Ordinal);
        return own with { ReadsByRow = json => byType.GetOrAdd(TypeOf(json), type => SpeaksOfReadable(type) ? own.Reads : without) };
    }

    bool SpeaksOfReadable(string type)
    {
        var name = type.AsSpan(0, Math.Max(0, type.IndexOf('.')));
        foreach (var entry in resources)
            if ((name.SequenceEqual(entry.Type.Name) || entry.AlsoRecordedAs.Contains(type)) && !rightsTo(entry.Type).Reads.IsAll)
                return false;
        return true;
    }

    static string TypeOf(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
                return reader.GetString() ?? "";
            reader.Skip();
        }
        return "";
    }

    // ---- Conditions

    static IEnumerable<Filter> About(CatalogEntry entry) =>
        AlsoNamed(entry)
            .Append(NamedAs(entry))
            .Append(new Filter.Compare("subject", Comparison.StartsWith, Key.Of(entry.Type.Prefix + "_")));

    static Filter NamedAs(CatalogEntry entry) => new Filter.Compare("type", Comparison.StartsWith, TypeKey(entry.Type.Name + "."));

    static IEnumerable<Filter> AlsoNamed(CatalogEntry entry) =>
        entry.AlsoRecordedAs.Count == 0 ? [] : [new Filter.In("type", [.. entry.AlsoRecordedAs.Select(TypeKey)])];

    static Key TypeKey(string type) => EventType.Kind.ToKey(type, EventType);

    static Filter? And(Filter? one, Filter? other) => one is null || other is null ? one ?? other : new Filter.And([one, other]);
}
