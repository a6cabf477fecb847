// A schema out of the schema language, or another schema with what a text adds to it.

using System.Text.Json;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Validation;

namespace Crm.GraphQL.Types;

/// <summary>The text is no schema; says everything that is wrong with it.</summary>
public sealed class SchemaException(IReadOnlyList<GraphError> errors) : Exception(string.Join("\n", errors.Select(e => e.Message)))
{
    public IReadOnlyList<GraphError> Errors => errors;
}

/// <summary>What a text cannot say about its schema. Without any of it, fields are members of their parents' JSON, and objects say in
/// <c>__typename</c> what they are.</summary>
/// <param name="Resolver">By type and field; null when the field is the member of its name.</param>
/// <param name="Takes">What a scalar of the text's own takes, by its name.</param>
/// <param name="TypeOf">The name of the object type of a value of an interface or union, from its JSON.</param>
/// <param name="ChecksResults">See <see cref="Schema.ChecksResults"/>.</param>
public sealed record SchemaCode(
    Func<string, string, Resolver?>? Resolver = null,
    Func<string, ScalarTakes>? Takes = null,
    Func<ReadOnlyMemory<byte>, string>? TypeOf = null,
    bool ChecksResults = true
);

public sealed partial class Schema
{
    static readonly Limits OfSchemas = new(
        Characters: 8 * 1024 * 1024,
        Tokens: 1_000_000,
        Fragments: 0,
        Directives: 100_000,
        DirectivesInOnePlace: 100,
        Comparisons: 1_000_000
    );

    /// <summary>Throws <see cref="SyntaxException"/> for a text that is no document, and <see cref="SchemaException"/> for one that is no
    /// valid schema.</summary>
    public static Schema FromText(string text, SchemaCode? code = null) => FromDocument(Parser.Parse(text, OfSchemas), code);

    public static Schema FromDocument(Document document, SchemaCode? code = null) => Valid(Build(document, code));

    /// <summary>The same without looking whether the types make sense together; what the document says by itself is checked.</summary>
    public static Schema Build(Document document, SchemaCode? code = null) =>
        SchemaBuilder.Build(Checked(document, null), null, code ?? new());

    /// <summary>A further schema that has this one's types, with what <c>extend</c> adds to them, and those of the text. This one stays as
    /// it is.</summary>
    public Schema Extend(string text, SchemaCode? code = null) => Extend(Parser.Parse(text, OfSchemas), code);

    public Schema Extend(Document document, SchemaCode? code = null) =>
        Valid(SchemaBuilder.Build(Checked(document, this), this, code ?? new()));

    static Document Checked(Document document, Schema? extended) =>
        Validator.ValidateSchema(document, extended, OfSchemas) is { Count: > 0 } errors ? throw new SchemaException(errors) : document;

    static Schema Valid(Schema schema) =>
        SchemaValidator.Validate(schema) is { Count: > 0 } errors ? throw new SchemaException(errors) : schema;

    /// <summary>First every type empty, then what is in them, for they refer to each other in circles.</summary>
    sealed class SchemaBuilder(Schema? extended, SchemaCode code)
    {
        readonly Dictionary<string, NamedType> made = ScalarType.BuiltIn.ToDictionary(
            s => s.Name,
            NamedType (s) => s,
            StringComparer.Ordinal
        );

        public static Schema Build(Document document, Schema? extended, SchemaCode code) =>
            new SchemaBuilder(extended, code).Build(document);

        Schema Build(Document document)
        {
            var parts = document
                .Definitions.OfType<TypeDefinitionNode>()
                .GroupBy(t => t.Name, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.OrderBy(t => t.Extends).ToList(), StringComparer.Ordinal);
            var known = new List<(NamedType New, NamedType? Old, List<TypeDefinitionNode> Nodes)>();
            foreach (var old in extended?.Types ?? [])
                if (!old.IsIntrospection && !ScalarType.BuiltIn.Contains(old))
                    Know(old.Name, old, parts.GetValueOrDefault(old.Name) ?? []);
            foreach (var definition in document.Definitions)
                if (definition is TypeDefinitionNode { Extends: false } type && !made.ContainsKey(type.Name))
                    Know(type.Name, null, parts[type.Name]);
            foreach (var (type, old, nodes) in known)
                Fill(type, old, nodes);
            var schemas = document.Definitions.OfType<SchemaNode>().OrderBy(s => s.Extends).ToList();
            var defined = schemas.FirstOrDefault(s => !s.Extends);
            var roots = new NamedType?[3];
            foreach (var kind in Enum.GetValues<OperationKind>())
                // Without a definition the usual name counts, even if something is said behind "extend": the reference implementation's
                // order.
                roots[(int)kind] =
                    defined is null && extended is null && made.GetValueOrDefault(kind.ToString()) is { } usual ? usual
                    : schemas.SelectMany(s => s.Roots).LastOrDefault(r => r.Kind == kind) is { } root ? Named(root.Type.Name)
                    : extended?.RootTypes[(int)kind] is { } old ? Named(old.Name)
                    : null;
            var own = (extended?.directives.Values.Select(d => d with { Arguments = [.. d.Arguments.Select(Copy)] }) ?? [])
                .Concat(document.Definitions.OfType<DirectiveDefinitionNode>().Select(Directive))
                .ToList();
            return new(
                roots[0],
                roots[1],
                roots[2],
                known.Select(k => k.New),
                own.Concat(DirectiveDefinition.Specified.Where(s => own.All(d => d.Name != s.Name))),
                defined?.Description?.Text ?? extended?.Description,
                false
            )
            {
                Nodes = [.. extended?.Nodes ?? [], .. schemas],
                ChecksResults = code.ChecksResults,
            };

            void Know(string name, NamedType? old, List<TypeDefinitionNode> nodes)
            {
                var type = Empty(name, old, nodes);
                made[name] = type;
                known.Add((type, old, nodes));
            }
        }

        NamedType Named(string name) =>
            made.TryGetValue(name, out var type) ? type : throw new SchemaException([new($"There is no type {name}.")]);

        GraphType Type(TypeNode node) =>
            node switch
            {
                NonNullTypeNode n => Type(n.Inner).NonNull,
                ListTypeNode l => Type(l.Item).List,
                _ => Named(((NamedTypeNode)node).Name),
            };

        GraphType Type(GraphType old) =>
            old switch
            {
                NonNullType n => Type(n.Inner).NonNull,
                ListType l => Type(l.Item).List,
                _ => Named(((NamedType)old).Name),
            };

        NamedType Empty(string name, NamedType? old, List<TypeDefinitionNode> nodes)
        {
            var description = old is null ? nodes[0].Description?.Text : old.Description;
            var typeOf = code.TypeOf ?? OwnName;
            return (old?.Keyword ?? nodes[0].Keyword) switch
            {
                TypeKeyword.Type => new ObjectType(name, description),
                TypeKeyword.Interface => new InterfaceType(name, description, (old as InterfaceType)?.TypeOf ?? typeOf),
                TypeKeyword.Union => new UnionType(name, description, [], (old as UnionType)?.TypeOf ?? typeOf),
                TypeKeyword.Input => new InputObjectType(
                    name,
                    description,
                    old is InputObjectType { IsOneOf: true } || nodes.Any(n => n.Directives.Any(d => d.Name == "oneOf"))
                ),
                TypeKeyword.Enum => new EnumType(
                    name,
                    description,
                    ((old as EnumType)?.Values ?? []).Concat(
                        nodes
                            .SelectMany(n => n.Values)
                            .Select(v => new EnumValueDefinition(v.Name, v.Description?.Text, DirectiveDefinition.ReasonIn(v.Directives)))
                    )
                ),
                _ => new ScalarType(
                    name,
                    description,
                    (old as ScalarType)?.Takes ?? code.Takes?.Invoke(name) ?? ScalarTakes.Anything,
                    nodes.Select(n => DirectiveDefinition.UrlIn(n.Directives)).LastOrDefault(url => url is not null)
                        ?? (old as ScalarType)?.SpecifiedBy
                ),
            };
        }

        void Fill(NamedType type, NamedType? old, List<TypeDefinitionNode> nodes)
        {
            type.Nodes = [.. old?.Nodes ?? [], .. nodes];
            switch (type)
            {
                case FieldsType with:
                    foreach (var field in (old as FieldsType)?.Fields ?? [])
                        with.Add(
                            new(
                                field.Name,
                                Type(field.Type),
                                field.Description,
                                [.. field.Takes.Select(Copy)],
                                field.Resolver,
                                field.Deprecated
                            )
                            {
                                Node = field.Node,
                            }
                        );
                    foreach (var shared in (old as FieldsType)?.Interfaces ?? [])
                        with.Implement((InterfaceType)Named(shared.Name));
                    foreach (var node in nodes)
                    {
                        foreach (var shared in node.Interfaces)
                            with.Implement(
                                Named(shared.Name) as InterfaceType
                                    ?? throw new SchemaException([
                                        new($"{shared.Name} is no interface that {type.Name} could implement.", [shared.At]),
                                    ])
                            );
                        foreach (var field in node.Fields)
                            with.Add(
                                new(
                                    field.Name,
                                    Type(field.Type),
                                    field.Description?.Text,
                                    [.. field.Arguments.Select(Input)],
                                    ResolverOf(type, field),
                                    DirectiveDefinition.ReasonIn(field.Directives)
                                )
                                {
                                    Node = field,
                                }
                            );
                    }
                    break;
                case UnionType union:
                    foreach (var member in (old as UnionType)?.Types ?? [])
                        union.Add((ObjectType)Named(member.Name));
                    foreach (var member in nodes.SelectMany(n => n.Members))
                        union.Add(
                            Named(member.Name) as ObjectType
                                ?? throw new SchemaException([
                                    new($"{member.Name} is no object type that {type.Name} could have.", [member.At]),
                                ])
                        );
                    break;
                case InputObjectType input:
                    foreach (var field in (old as InputObjectType)?.Fields ?? [])
                        input.Add(Copy(field));
                    foreach (var field in nodes.SelectMany(n => n.Inputs))
                        input.Add(Input(field));
                    break;
            }
        }

        /// <summary>What takes arguments is loaded even if it is a member, so that they are checked.</summary>
        Resolver? ResolverOf(NamedType type, FieldDefinitionNode field) =>
            code.Resolver?.Invoke(type.Name, field.Name) ?? (field.Arguments.Count == 0 ? null : Resolver.OfMember(field.Name));

        ArgumentDefinition Input(InputDefinitionNode node) =>
            new(node.Name, Type(node.Type), node.Description?.Text, node.Default, DirectiveDefinition.ReasonIn(node.Directives))
            {
                Node = node,
            };

        ArgumentDefinition Copy(ArgumentDefinition old) =>
            new(old.Name, Type(old.Type), old.Description, old.Default, old.Deprecated) { Node = old.Node };

        DirectiveDefinition Directive(DirectiveDefinitionNode node) =>
            new(node.Name, node.Description?.Text, node.Locations, [.. node.Arguments.Select(Input)], node.IsRepeatable) { Node = node };

        static string OwnName(ReadOnlyMemory<byte> json)
        {
            var reader = new Utf8JsonReader(json.Span);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return "";
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals("__typename"u8);
                reader.Read();
                if (found)
                    return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
                reader.Skip();
            }
            return "";
        }
    }
}
