// One field of a resource or of an object: its name, kind, limits and traits, and how it is reached in the C# record.

using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>A field. Built-in ones come from a property and its <see cref="FieldAttribute"/>; custom ones are made at run time.</summary>
public sealed class Field
{
    public required string Name { get; init; }
    public required FieldKind Kind { get; init; }
    public required string Description { get; init; }
    public JsonEncodedText JsonName { get; init; }
    public Is Traits { get; init; }
    public OnDelete OnDelete { get; init; }
    public long Max { get; init; }
    public long Min { get; init; } = long.MinValue;
    public IReadOnlyList<string> Choices { get; init; } = [];
    public string? KeyName { get; init; }

    /// <summary>The key of a list whose values a filter on this field finds as well.</summary>
    public string? FoundWith { get; init; }

    public string? Example { get; init; }

    /// <summary>Said with each refusal of the value's form (<see cref="HintAttribute"/>).</summary>
    public string? Hint { get; init; }

    /// <summary>The type prefix of the resource that an id refers to.</summary>
    public Type? Refers { get; init; }

    /// <summary>Whether the value is written to the stored JSON; a property without a setter is only a key.</summary>
    public bool Stored { get; init; } = true;

    /// <summary>The field that it is made of when a record is answered; null for a stored one.</summary>
    public string? MadeOf { get; init; }

    /// <summary>Whether it is made when a record is answered.</summary>
    public bool IsServed => MadeOf is not null;

    /// <summary>Whether callers who may read everything see it.</summary>
    public bool IsShown => (Stored || IsServed) && !IsSecret;

    internal Accessor? Access { get; init; }

    /// <summary>With a nullable property or a reference type: whether null can be stored.</summary>
    public bool Nullable { get; init; } = true;

    public bool IsRequired => Traits.HasFlag(Is.Required);
    public bool IsFilterable => Traits.HasFlag(Is.Filterable);
    public bool IsIndexed => Traits.HasFlag(Is.Indexed);
    public bool IsSortable => Traits.HasFlag(Is.Sortable);
    public bool IsSearchable => Traits.HasFlag(Is.Searchable);
    public bool IsUnique => Unique != KeyUnique.No;
    public KeyUnique Unique =>
        Traits.HasFlag(Is.UniqueEverywhere) ? KeyUnique.InInstallation
        : Traits.HasFlag(Is.Unique) ? KeyUnique.InWorkspace
        : KeyUnique.No;

    /// <summary>
    /// Whether an event may carry the field's values: neither a person's nor a secret, and no free text, in which anybody may have written
    /// anything. Events are kept longer than people.
    /// </summary>
    public bool EventsCarryValues => !IsSecret && !IsPersonal && Kind.IsPlain;

    /// <summary>Whether nobody is given it.</summary>
    public bool IsSecret => Traits.HasFlag(Is.Secret) || Kind is SealedValue;

    /// <summary>Whether callers may write it: a sealed one too, though they do not read it.</summary>
    public bool IsWritable => !IsReadOnly && !Traits.HasFlag(Is.Secret);

    public bool IsReadOnly => Traits.HasFlag(Is.ReadOnly) || !Stored;
    public bool IsPersonal => Traits.HasFlag(Is.Personal);

    /// <summary>Whether erasing a person empties it.</summary>
    public bool GoesWithPerson => (Traits & (Is.Personal | Is.Opaque)) != 0;

    public bool IsSensitive => Traits.HasFlag(Is.Sensitive);
    public bool IsAlias => Traits.HasFlag(Is.Alias);
    public bool IsShares => Traits.HasFlag(Is.Shares);
    public bool IsWriteOnce => Traits.HasFlag(Is.WriteOnce);
    public bool IsMany => Kind.IsMany;

    const int DefaultMaxItems = 100;

    /// <summary>Entries that a list may have.</summary>
    public long MaxItems => Kind.IsMany && Max > 0 ? Max : DefaultMaxItems;

    public object? Get(object owner) => Access!.Get(owner);

    /// <summary>Only for a record nobody else has seen yet: a fresh copy.</summary>
    internal void Set(object owner, object? value) => Access!.Set(owner, value);
}
