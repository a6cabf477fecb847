// Makes a field of a C# property and its attribute: the one place that knows which kind goes with which type.

using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

static class FieldOfProperty
{
    public static Field Make(PropertyInfo property, FieldAttribute said)
    {
        var type = property.PropertyType;
        var (kind, nullable) = KindOf(type, said, property);
        var name = Names.Camel(property.Name);
        return new()
        {
            Name = name,
            JsonName = JsonEncodedText.Encode(name),
            Kind = kind,
            Description =
                StateTable.OfResource(property.DeclaringType!) is { } states && states.Field == name
                    ? $"{said.Description} {states.Description}"
                    : said.Description,
            Traits = said.Is,
            OnDelete = said.OnDelete,
            Max = said.Max,
            Min = said.Min,
            KeyName = said.Key,
            FoundWith = said.FoundWith,
            Example = said.Example,
            Hint = property.GetCustomAttribute<HintAttribute>()?.Text,
            Refers = said.Refers,
            Nullable = nullable,
            Stored = property.SetMethod is not null && said.MadeOf is null,
            MadeOf = said.MadeOf is null ? null : Names.Camel(said.MadeOf),
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
            : type == typeof(SealedText) ? SealedValue.Instance
            : type == typeof(Id)
                ? new ReferenceValue(
                    ResourceAttribute
                        .Of(
                            said.Refers
                                ?? throw new InvalidOperationException(
                                    $"{property.DeclaringType}.{property.Name}: say what the id refers to."
                                )
                        )
                        .Prefix
                )
            : type.IsEnum ? new ChoiceValue(type)
            : type.IsClass ? new ObjectValue(ObjectType.Of(type))
            : throw new InvalidOperationException($"{property.DeclaringType}.{property.Name}: no field kind for {type}.");
        return (kind, nullable);
    }
}
