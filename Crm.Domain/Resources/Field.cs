// One field of a resource or of an object: its name, kind, limits and traits, and how it is reached in the C# record.

using System.Collections.Immutable;
using System.Reflection;
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
    public long Max { get; init; }
    public long Min { get; init; } = long.MinValue;
    public IReadOnlyList<string> Choices { get; init; } = [];
    public string? KeyName { get; init; }
    public string? Example { get; init; }

    /// <summary>The type prefix of the resource that an id refers to.</summary>
    public Type? Refers { get; init; }

    /// <summary>Whether the value is written to the stored JSON; a property without a setter is only a key.</summary>
    public bool Stored { get; init; } = true;

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
    public bool IsSecret => Traits.HasFlag(Is.Secret);
    public bool IsReadOnly => Traits.HasFlag(Is.ReadOnly) || !Stored;
    public bool IsPersonal => Traits.HasFlag(Is.Personal);
    public bool IsSensitive => Traits.HasFlag(Is.Sensitive);
    public bool IsShares => Traits.HasFlag(Is.Shares);
    public bool IsFixed => Traits.HasFlag(Is.Fixed);
    public bool IsMany => Kind is ListValue;

    /// <summary>Entries that a list may have.</summary>
    public long MaxItems => Kind is ListValue && Max > 0 ? Max : ListValue.DefaultMax;

    public object? Get(object owner) => Access!.Get(owner);

    /// <summary>Only for a record nobody else has seen yet: a fresh copy.</summary>
    internal void Set(object owner, object? value) => Access!.Set(owner, value);

    internal static Field FromProperty(PropertyInfo property, FieldAttribute said)
    {
        var type = property.PropertyType;
        var (kind, nullable) = KindOf(type, said, property);
        var name = Names.Camel(property.Name);
        return new()
        {
            Name = name,
            JsonName = JsonEncodedText.Encode(name),
            Kind = kind,
            Description = said.Description,
            Traits = said.Is,
            Max = said.Max,
            Min = said.Min,
            KeyName = said.Key,
            Example = said.Example,
            Refers = said.Refers,
            Nullable = nullable,
            Stored = property.SetMethod is not null,
            Access = Accessor.For(property),
        };
    }

    static (FieldKind Kind, bool Nullable) KindOf(Type type, FieldAttribute said, PropertyInfo property)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            var item = type.GetGenericArguments()[0];
            return (new ListValue(KindOf(item, said, property).Kind, ListShape.For(item)), false);
        }
        var plain = System.Nullable.GetUnderlyingType(type);
        var nullable =
            plain is not null || !type.IsValueType && new NullabilityInfoContext().Create(property).WriteState != NullabilityState.NotNull;
        type = plain ?? type;
        FieldKind kind =
            type == typeof(string) ? new TextValue(said.Kind)
            : type == typeof(long) ? IntegerValue.Instance
            : type == typeof(decimal) ? NumberValue.Instance
            : type == typeof(bool) ? BooleanValue.Instance
            : type == typeof(DateTimeOffset) ? DateTimeValue.Instance
            : type == typeof(DateOnly) ? DateValue.Instance
            : type == typeof(JsonData) ? JsonValue.Instance
            : type == typeof(Id)
                ? new ReferenceValue(
                    ResourceType.PrefixOf(
                        said.Refers
                            ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name}: say what the id refers to.")
                    )
                )
            : type.IsEnum ? new ChoiceValue(type)
            : type.IsClass ? new ObjectValue(ObjectType.Of(type))
            : throw new InvalidOperationException($"{property.DeclaringType}.{property.Name}: no field kind for {type}.");
        return (kind, nullable);
    }
}

/// <summary>Reads and writes one property by delegates that were made once: no reflection per record.</summary>
abstract class Accessor
{
    public abstract object? Get(object owner);
    public abstract void Set(object owner, object? value);

    public static Accessor For(PropertyInfo property)
    {
        // A property inherited from the base record is reached through the type that declares it.
        var owner = property.DeclaringType!;
        var plain = Nullable.GetUnderlyingType(property.PropertyType);
        return (Accessor)
            Activator.CreateInstance(
                plain is not null
                    ? typeof(OfNullable<,>).MakeGenericType(owner, plain)
                    : typeof(Of<,>).MakeGenericType(owner, property.PropertyType),
                property
            )!;
    }

    sealed class Of<TOwner, TValue>(PropertyInfo property) : Accessor
    {
        readonly Func<TOwner, TValue> get = property.GetMethod!.CreateDelegate<Func<TOwner, TValue>>();
        readonly Action<TOwner, TValue>? set = property.SetMethod?.CreateDelegate<Action<TOwner, TValue>>();

        public override object? Get(object owner) => get((TOwner)owner);

        public override void Set(object owner, object? value) => set!((TOwner)owner, value is null ? default! : (TValue)value);
    }

    sealed class OfNullable<TOwner, TValue>(PropertyInfo property) : Accessor
        where TValue : struct
    {
        readonly Func<TOwner, TValue?> get = property.GetMethod!.CreateDelegate<Func<TOwner, TValue?>>();
        readonly Action<TOwner, TValue?>? set = property.SetMethod?.CreateDelegate<Action<TOwner, TValue?>>();

        public override object? Get(object owner) => get((TOwner)owner) is { } value ? value : null;

        public override void Set(object owner, object? value) => set!((TOwner)owner, value is null ? null : (TValue)value);
    }
}
