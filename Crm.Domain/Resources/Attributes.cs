// The words in which a resource is said once: attributes on a C# record and its properties.

using System.Reflection;

namespace Crm.Domain.Resources;

/// <summary>Names a resource: the type prefix of its ids, its singular and plural words, and one sentence for readers of the API.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ResourceAttribute(string name, string plural, string prefix, string description) : Attribute
{
    /// <summary>What a record says of itself as a resource, without building its type: resources may refer to each other in
    /// circles.</summary>
    public static ResourceAttribute Of(Type clr) =>
        clr.GetCustomAttribute<ResourceAttribute>() ?? throw new InvalidOperationException($"{clr} is no resource: it has no [Resource].");

    /// <summary>Singular, camel case: <c>lead</c>, <c>apiKey</c>.</summary>
    public string Name { get; } = name;

    /// <summary>As in the URL and in scopes: <c>leads</c>, <c>api-keys</c>.</summary>
    public string Plural { get; } = plural;

    /// <summary>What ids start with: <c>lead</c>, <c>sub</c>.</summary>
    public string Prefix { get; } = prefix;

    public string Description { get; } = description;

    /// <summary>What callers of the API may do with it besides its actions.</summary>
    public Operations Can { get; init; } = Operations.All;

    /// <summary>Whether workspaces may add fields of their own.</summary>
    public bool TakesCustomFields { get; init; }

    /// <summary>Whether every change is told by an event of its own. Off for events themselves and for bookkeeping.</summary>
    public bool RecordsEvents { get; init; } = true;

    /// <summary>Records are appended, and the store numbers them: the first field is <c>position</c>, null until then.</summary>
    public bool Appended { get; init; }

    /// <summary>Whether it holds copies of other records in a form that only the product reads: whoever erases a record has to look here
    /// too.</summary>
    public bool HoldsCopies { get; init; }
}

[Flags]
public enum Operations
{
    None = 0,
    Read = 1,
    Create = 2,
    Update = 4,
    Delete = 8,
    All = Read | Create | Update | Delete,
}

/// <summary>A field of a resource or of an object inside one. The kind follows from the property's type unless <see cref="Kind"/> says
/// more.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FieldAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>For text: which kind of text.</summary>
    public TextKind Kind { get; init; }

    /// <summary>Characters for text, entries for lists, the largest value for numbers. 0: the kind's own limit.</summary>
    public long Max { get; init; }

    /// <summary>The smallest number.</summary>
    public long Min { get; init; } = long.MinValue;

    /// <summary>The resource that an id refers to.</summary>
    public Type? Refers { get; init; }

    /// <summary>The filter name when it is not the path (an e-mail entry's address is found as <c>email</c>).</summary>
    public string? Key { get; init; }

    /// <summary>The filter name of a list whose values a filter on this field finds as well.</summary>
    public string? FoundWith { get; init; }

    public Is Is { get; init; }

    /// <summary>For a reference: what happens to the record when what it refers to is deleted.</summary>
    public OnDelete OnDelete { get; init; }

    /// <summary>A value as it looks in real life, for documentation.</summary>
    public string? Example { get; init; }

    /// <summary>
    /// For a member that is stored nowhere and made when a record is answered, because it depends on how the world reaches the product: the
    /// property that it is made of. Who may not read that one does not see it.
    /// </summary>
    public string? MadeOf { get; init; }
}

/// <summary>What people who send the field, or an object of the type, often take it for: said with each refusal of its form.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class)]
public sealed class HintAttribute(string text) : Attribute
{
    /// <summary>A sentence.</summary>
    public string Text { get; } = text;
}

public enum TextKind
{
    Line,
    Long,
    Email,
    Phone,
    Url,
    Origin,
    Country,
    Currency,
    Language,
    TimeZone,
    Name,
}

/// <summary>What becomes of a reference when what it refers to is to be deleted.</summary>
public enum OnDelete
{
    /// <summary>While it refers, that record cannot be deleted.</summary>
    Refuse,

    /// <summary>The reference stays and leads nowhere then.</summary>
    Keep,

    /// <summary>The record belongs to what it refers to, and is deleted together with it.</summary>
    Delete,
}

/// <summary>The traits of a field.</summary>
[Flags]
public enum Is
{
    Nothing = 0,

    /// <summary>Must have a value.</summary>
    Required = 1,

    /// <summary>Can be used in filters; without an index, within the query's budget.</summary>
    Filterable = 2,

    /// <summary>Filters on it cost the same however much is stored.</summary>
    Indexed = 4 | Filterable,

    /// <summary>Lists can be sorted by it.</summary>
    Sortable = 8 | Indexed,

    /// <summary>Its words are found by <c>q=</c>.</summary>
    Searchable = 16,

    /// <summary>One owner in a workspace.</summary>
    Unique = 32 | Filterable,

    /// <summary>One owner in the whole installation.</summary>
    UniqueEverywhere = 64 | Filterable,

    /// <summary>Says something about a person: exported and erased on request, kept out of logs.</summary>
    Personal = 128,

    /// <summary>Stored, and never given out.</summary>
    Secret = 256,

    /// <summary>Set by the product only.</summary>
    ReadOnly = 512,

    /// <summary>Can be set when the record is made, and not changed later.</summary>
    WriteOnce = 1024,

    /// <summary>A public form may set it.</summary>
    FromForms = 2048,

    /// <summary>Only for those with a right of their own to it: health, faith, what a person owes.</summary>
    Sensitive = 16384,

    /// <summary>Free words or copies in which a person may stand though the field says nothing about one: erased with the person, whatever
    /// it says.</summary>
    Opaque = 32768,

    /// <summary>Text or JSON in which no person can stand: the product writes it, from words that it knows or from names of fields. Says
    /// that it stays when a person is erased.</summary>
    NoPerson = 65536,

    /// <summary>A boolean: while it is true, others have the unique values beside it too. They are found by them and do not own
    /// them.</summary>
    Shares = 8192,

    /// <summary>Further ids of the record, as text: each leads to it as its own does.</summary>
    Alias = 131072 | Unique,
}
