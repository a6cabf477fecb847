// What the schema says about itself. A type is a small JSON stub; its fields are put in when they are asked for, so circles cost nothing.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.GraphQL.Execution;

namespace Crm.GraphQL.Types;

public sealed class Introspection
{
    /// <summary>What every schema has; names that begin like these are the language's.</summary>
    static readonly HashSet<string> names = new(StringComparer.Ordinal)
    {
        "__Schema",
        "__Type",
        "__TypeKind",
        "__Field",
        "__InputValue",
        "__EnumValue",
        "__Directive",
        "__DirectiveLocation",
    };

    public static bool Has(string name) => names.Contains(name);

    static readonly ArgumentDefinition[] withDeprecated =
    [
        new("includeDeprecated", ScalarType.Boolean, Default: new Language.BooleanValue(false, default)),
    ];

    readonly Schema schema;

    public Introspection(Schema schema)
    {
        this.schema = schema;
        var text = ScalarType.String;
        var yes = ScalarType.Boolean.NonNull;
        var kind = new EnumType(
            "__TypeKind",
            "The kinds of type.",
            ["SCALAR", "OBJECT", "INTERFACE", "UNION", "ENUM", "INPUT_OBJECT", "LIST", "NON_NULL"]
        );
        var place = new EnumType(
            "__DirectiveLocation",
            "Where a directive can stand.",
            [
                "QUERY",
                "MUTATION",
                "SUBSCRIPTION",
                "FIELD",
                "FRAGMENT_DEFINITION",
                "FRAGMENT_SPREAD",
                "INLINE_FRAGMENT",
                "VARIABLE_DEFINITION",
                "SCHEMA",
                "SCALAR",
                "OBJECT",
                "FIELD_DEFINITION",
                "ARGUMENT_DEFINITION",
                "INTERFACE",
                "UNION",
                "ENUM",
                "ENUM_VALUE",
                "INPUT_OBJECT",
                "INPUT_FIELD_DEFINITION",
            ]
        );
        var type = new ObjectType("__Type", "A type.");
        var input = new ObjectType("__InputValue", "An argument, or a field of an input object.");
        Add(
            input,
            ("name", text.NonNull),
            ("description", text),
            ("type", type.NonNull),
            ("defaultValue", text),
            ("isDeprecated", yes),
            ("deprecationReason", text)
        );
        var field = new ObjectType("__Field", "A field.");
        Add(field, ("name", text.NonNull), ("description", text));
        field.Add(new("args", input.NonNull.List.NonNull, null, withDeprecated, new(null, Arguments)));
        Add(field, ("type", type.NonNull), ("isDeprecated", yes), ("deprecationReason", text));
        var value = new ObjectType("__EnumValue", "A value of an enum.");
        Add(value, ("name", text.NonNull), ("description", text), ("isDeprecated", yes), ("deprecationReason", text));
        var directive = new ObjectType("__Directive", "A directive.");
        Add(directive, ("name", text.NonNull), ("description", text), ("isRepeatable", yes), ("locations", place.NonNull.List.NonNull));
        directive.Add(new("args", input.NonNull.List.NonNull, null, withDeprecated, new(null, Arguments)));
        Add(type, ("kind", kind.NonNull), ("name", text));
        type.Add(Described("description", text, named => named.Description));
        type.Add(Described("specifiedByURL", text, named => (named as ScalarType)?.SpecifiedBy));
        type.Add(Listed("fields", field, named => (named as FieldsType)?.Fields.Select(f => (FieldJson(f), f.Deprecated))));
        type.Add(
            Described("interfaces", type.NonNull.List, named => named is FieldsType with ? Json(with.Interfaces.Select(TypeJson)) : null)
        );
        type.Add(
            Described("possibleTypes", type.NonNull.List, named =>
                named is InterfaceType or UnionType ? Json(schema.Possible(named).Select(TypeJson)) : null
            )
        );
        type.Add(
            Listed("enumValues", value, named =>
                (named as EnumType)?.Values.Select(v =>
                    (Deprecatable(new() { ["name"] = v.Name, ["description"] = v.Description }, v.Deprecated), v.Deprecated)
                )
            )
        );
        type.Add(Listed("inputFields", input, named => (named as InputObjectType)?.Fields.Select(f => (InputJson(f), f.Deprecated))));
        Add(type, ("ofType", type));
        type.Add(Described("isOneOf", ScalarType.Boolean, named => named is InputObjectType one ? JsonValue.Create(one.IsOneOf) : null));
        SchemaType = new("__Schema", "The schema.");
        Add(
            SchemaType,
            ("description", text),
            ("types", type.NonNull.List.NonNull),
            ("queryType", type.NonNull),
            ("mutationType", type),
            ("subscriptionType", type),
            ("directives", directive.NonNull.List.NonNull)
        );
        Schema = new("__schema", SchemaType.NonNull, "What there is.", null, Resolver.Of(_ => SchemaJson()));
        Type = new(
            "__type",
            type,
            "One type.",
            [new("name", text.NonNull)],
            Resolver.Of(call => schema.Type(call.Arguments.GetProperty("name").GetString()!) is { } found ? TypeJson(found) : null)
        );
    }

    public ObjectType SchemaType { get; }

    /// <summary>The root fields of every query.</summary>
    public FieldDefinition Schema { get; }
    public FieldDefinition Type { get; }

    static void Add(ObjectType type, params (string Name, GraphType Type)[] fields)
    {
        foreach (var (name, of) in fields)
            type.Add(new(name, of));
    }

    FieldDefinition Described(string name, GraphType type, Func<NamedType, JsonNode?> of) =>
        new(name, type, null, null, Resolver.OfEach(parent => Of(parent) is { } found ? of(found) : null));

    /// <summary>A list that leaves out what is deprecated unless it is asked for.</summary>
    FieldDefinition Listed(string name, ObjectType item, Func<NamedType, IEnumerable<(JsonObject Json, string? Deprecated)>?> of) =>
        new(name, item.NonNull.List, null, withDeprecated, new(null, call =>
            {
                var all = Including(call);
                return new([
                    .. call.Parents.Select(parent =>
                        Loaded.Of(
                            Of(parent) is { } found && of(found) is { } items
                                ? Json(items.Where(i => all || i.Deprecated is null).Select(i => i.Json))
                                : null
                        )
                    ),
                ]);
            }));

    static ValueTask<IReadOnlyList<Loaded>> Arguments(FieldCall call)
    {
        var all = Including(call);
        return new([
            .. call.Parents.Select(parent =>
                Loaded.Of(
                    new JsonArray([
                        .. JsonNode.Parse(parent.Span)!["args"]!
                            .AsArray()
                            .Where(a => all || !a!["isDeprecated"]!.GetValue<bool>())
                            .Select(a => a!.DeepClone()),
                    ])
                )
            ),
        ]);
    }

    static bool Including(FieldCall call) =>
        call.Arguments.TryGetProperty("includeDeprecated", out var given) && given.ValueKind == JsonValueKind.True;

    NamedType? Of(ReadOnlyMemory<byte> parent)
    {
        using var json = JsonDocument.Parse(parent);
        return json.RootElement.GetProperty("name").GetString() is { } known ? schema.Type(known) : null;
    }

    static JsonArray Json(IEnumerable<JsonObject> objects) => [.. objects];

    static JsonObject TypeJson(GraphType type) =>
        type switch
        {
            NonNullType n => new()
            {
                ["kind"] = "NON_NULL",
                ["name"] = null,
                ["ofType"] = TypeJson(n.Inner),
            },
            ListType l => new()
            {
                ["kind"] = "LIST",
                ["name"] = null,
                ["ofType"] = TypeJson(l.Item),
            },
            _ => new()
            {
                ["kind"] = type switch
                {
                    ScalarType => "SCALAR",
                    ObjectType => "OBJECT",
                    InterfaceType => "INTERFACE",
                    UnionType => "UNION",
                    EnumType => "ENUM",
                    _ => "INPUT_OBJECT",
                },
                ["name"] = type.Named.Name,
                ["ofType"] = null,
            },
        };

    static JsonObject Deprecatable(JsonObject json, string? reason)
    {
        json["isDeprecated"] = reason is not null;
        json["deprecationReason"] = reason;
        return json;
    }

    static JsonObject InputJson(ArgumentDefinition input) =>
        Deprecatable(
            new()
            {
                ["name"] = input.Name,
                ["description"] = input.Description,
                ["type"] = TypeJson(input.Type),
                ["defaultValue"] = DefaultText.Of(input),
            },
            input.Deprecated
        );

    static JsonObject FieldJson(FieldDefinition field) =>
        Deprecatable(
            new()
            {
                ["name"] = field.Name,
                ["description"] = field.Description,
                ["args"] = Json(field.Takes.Select(InputJson)),
                ["type"] = TypeJson(field.Type),
            },
            field.Deprecated
        );

    JsonObject SchemaJson() =>
        new()
        {
            ["description"] = schema.Description,
            ["types"] = Json(schema.Types.Select(TypeJson)),
            ["queryType"] = TypeJson(schema.Query),
            ["mutationType"] = schema.Mutation is null ? null : TypeJson(schema.Mutation),
            ["subscriptionType"] = schema.Subscription is null ? null : TypeJson(schema.Subscription),
            ["directives"] = Json(
                schema.Directives.Select(d => new JsonObject
                {
                    ["name"] = d.Name,
                    ["description"] = d.Description,
                    ["isRepeatable"] = d.IsRepeatable,
                    ["locations"] = new JsonArray([.. d.Locations.Select(l => JsonValue.Create(l))]),
                    ["args"] = Json(d.Arguments.Select(InputJson)),
                })
            ),
        };
}
