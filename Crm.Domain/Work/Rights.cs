// What a caller may do with a resource: which rows, which fields, which changes. Everything that reads or writes asks for this value.

using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>
/// What one caller may do with one resource. A scope of an API key is the simplest case: all rows, and all fields or none. Immutable; may
/// be kept as long as the caller.
/// </summary>
public sealed record Rights
{
    /// <summary>Who may do everything, as the product itself does.</summary>
    public static readonly Rights Everything = new();

    public static readonly Rights ReadOnly = new()
    {
        Writes = FieldSet.None,
        MayCreate = false,
        MayDelete = false,
        MayAct = false,
    };

    public static readonly Rights WriteOnly = new() { Reads = FieldSet.None };

    public static readonly Rights Nothing = ReadOnly with { Reads = FieldSet.None };

    public static Rights Of(bool reads, bool writes) => reads ? (writes ? Everything : ReadOnly) : (writes ? WriteOnly : Nothing);

    /// <summary>The rows that there are for the caller, to read and to change; null: all.</summary>
    public Filter? Rows { get; init; }

    /// <summary>The fields that may be read, filtered, sorted and searched by. None: the caller learns of what it wrote only the id,
    /// version and times.</summary>
    public FieldSet Reads { get; init; } = FieldSet.All;

    /// <summary>For a resource whose rows differ in what may be read of them: the fields of a row by its stored JSON. Null: <see
    /// cref="Reads"/> of each.</summary>
    public Func<ReadOnlyMemory<byte>, FieldSet>? ReadsByRow { get; init; }

    public FieldSet Writes { get; init; } = FieldSet.All;

    public bool MayCreate { get; init; } = true;
    public bool MayDelete { get; init; } = true;

    /// <summary>Whether the resource's verbs may be run.</summary>
    public bool MayAct { get; init; } = true;

    public bool MayRead => !Reads.IsEmpty;

    public bool MayWrite => !Writes.IsEmpty || MayCreate || MayDelete || MayAct;

    /// <summary>Whether stored bytes may go out as they are.</summary>
    public bool ReadsWhole => Reads.IsAll && ReadsByRow is null;

    /// <summary>Whether something is taken away from what may be read: such a caller gets no numbers that count all.</summary>
    public bool IsNarrowed => Rows is not null || MayRead && !Reads.IsAll;

    public FieldSet ReadsOf(ReadOnlyMemory<byte> json) => ReadsByRow?.Invoke(json) ?? Reads;

    /// <summary>Whether a stored row is there for the caller. Without a condition on rows nothing is parsed.</summary>
    public bool Shows(ResourceType type, in Row row) => Rows is null || Rows.Matches(type.Rekey(row.Id, row.Version, row.Json));

    public bool Shows(ResourceType type, Resource record) => Rows is null || Rows.Matches(type.ToDocument(record));

    /// <summary>Whether a filter (or an order) by this name says nothing that may not be read.</summary>
    /// <param name="filter">As in <see cref="ResourceType.Filters"/>, or <c>custom.</c> and a name.</param>
    public bool ReadsFilter(ResourceType type, string filter)
    {
        if (Reads.IsAll || filter is "updatedAt")
            return true;
        // A key without a stored field is made of others: who may not read all of them may not ask for it.
        return filter.StartsWith("custom.", StringComparison.Ordinal)
            ? Reads.Contains(filter)
            : type.FieldOfFilter(filter) is { Stored: true } field && Reads.Contains(field.Name);
    }

    /// <summary>Which words <c>q=</c> may find. Words say what kind of fields they are of and not which one, so of a kind all that are
    /// searched must be readable. None: there is no search.</summary>
    public WordClasses Searches(ResourceType type)
    {
        if (!type.Collection.Searchable)
            return WordClasses.None;
        if (Reads.IsAll)
            return WordClasses.All;
        var (here, hidden) = (WordClasses.None, WordClasses.None);
        foreach (var (field, kind) in type.SearchedFields)
        {
            here |= kind;
            hidden |= Reads.Contains(field.Name) ? WordClasses.None : kind;
        }
        // The words of a workspace's own fields are open ones.
        if (type.TakesCustomFields && Reads.Custom != FieldPart.Whole)
            hidden |= WordClasses.Open;
        return here & ~hidden;
    }
}

/// <summary>Takes something away from what a key's scopes give; hung into <see cref="Catalog.RightsRules"/> by who knows of more than
/// scopes.</summary>
/// <param name="by">Who asks, as events name it: an API key's id.</param>
/// <param name="rights">What is left so far. The rule returns it or something narrower.</param>
public delegate Rights RightsRule(WorkspaceSettings settings, string by, ResourceType type, Rights rights);

/// <summary>How much of an object's members a set of fields holds.</summary>
public enum FieldPart
{
    None,
    Some,
    Whole,
}

/// <summary>
/// Fields of a resource by name; a custom field is <c>custom.budget</c>, and <c>custom</c> stands for all of them. The id, the version and
/// the two times belong to every set.
/// </summary>
public sealed class FieldSet
{
    public static readonly FieldSet All = new([], true);
    public static readonly FieldSet None = new([], false);

    readonly HashSet<string> names;
    readonly bool butThese;

    FieldSet(IEnumerable<string> names, bool butThese)
    {
        (this.names, this.butThese) = (names.ToHashSet(StringComparer.Ordinal), butThese);
        var named =
            this.names.Contains("custom") ? FieldPart.Whole
            : this.names.Any(IsCustom) ? FieldPart.Some
            : FieldPart.None;
        Custom = butThese ? (FieldPart)(FieldPart.Whole - named) : named;
        Plan = IsAll
            ? ""
            : Convert.ToHexStringLower(
                SHA256
                    .HashData(Encoding.UTF8.GetBytes($"{butThese}:{string.Join(',', this.names.Order(StringComparer.Ordinal))}"))
                    .AsSpan(0, 4)
            );
    }

    public static FieldSet Of(params IEnumerable<string> names) => new(names, false);

    public static FieldSet AllBut(params IEnumerable<string> names) => new(names, true);

    public bool IsAll => butThese && names.Count == 0;
    public bool IsEmpty => !butThese && names.Count == 0;

    /// <summary>How much of <c>custom</c> is in it.</summary>
    public FieldPart Custom { get; }

    /// <summary>Tells sets apart in an ETag: 8 hex digits, the same in every process; empty for all fields.</summary>
    public string Plan { get; }

    /// <param name="field">A field's own name, not a path into it; or <c>custom.budget</c>.</param>
    public bool Contains(string field) =>
        (names.Contains(field) || IsCustom(field) && names.Contains("custom")) != butThese || IsBasic(field);

    /// <summary>The same set less one field.</summary>
    public FieldSet Without(string field) => butThese ? new(names.Append(field), true) : new(names.Where(name => name != field), false);

    static bool IsCustom(string field) => field.StartsWith("custom.", StringComparison.Ordinal);

    static bool IsBasic(string field) => field is "id" or "version" or "createdAt" or "updatedAt";
}
