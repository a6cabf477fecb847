// Whether the types of a schema make sense together: the specification's rules for type systems.

using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation;

public sealed class SchemaValidator
{
    readonly Schema schema;
    readonly List<GraphError> errors = [];

    SchemaValidator(Schema schema) => this.schema = schema;

    /// <summary>Everything that is wrong. Places are there when the schema came from a text.</summary>
    public static IReadOnlyList<GraphError> Validate(Schema schema)
    {
        var validator = new SchemaValidator(schema);
        validator.Roots();
        foreach (var directive in schema.Directives)
            validator.Check(directive);
        foreach (var type in schema.Types)
            validator.Check(type);
        new InputCircles(validator.Wrong).Check(schema.Types.OfType<InputObjectType>());
        return validator.errors;
    }

    void Wrong(string message, IEnumerable<Location?> at) => errors.Add(new(message, [.. at.OfType<Location>()]));

    void Wrong(string message, params Location?[] at) => Wrong(message, (IEnumerable<Location?>)at);

    static IEnumerable<Location?> Places(NamedType type) => type.Nodes.Select(n => (Location?)n.At);

    void Name(string name, Location? at)
    {
        if (name.StartsWith("__", StringComparison.Ordinal))
            Wrong($"{name} begins with two underscores, which are for introspection.", at);
    }

    void Roots()
    {
        if (schema.RootTypes[0] is null)
            Wrong("The schema has no query type.", schema.At);
        foreach (var (kind, root) in schema.RootTypes.Index())
            if (root is not (null or ObjectType))
                Wrong(
                    $"{root.Name} is no object type, so no {((OperationKind)kind).ToString().ToLowerInvariant()} can start there.",
                    schema.Nodes.SelectMany(n => n.Roots).FirstOrDefault(r => (int)r.Kind == kind)?.Type.At ?? Places(root).FirstOrDefault()
                );
    }

    void Check(DirectiveDefinition directive)
    {
        Name(directive.Name, directive.Node?.At);
        foreach (var takes in directive.Arguments)
            Check(takes, $"@{directive.Name}({takes.Name}:)", takes.Node?.At);
    }

    /// <param name="place">Where it stands when its type is wrong.</param>
    void Check(ArgumentDefinition input, string called, Location? place)
    {
        Name(input.Name, input.Node?.At);
        if (!input.Type.IsInput)
            Wrong($"{called} has the type {input.Type}, which cannot be given.", place);
        else if (input.Default is { } value && !Coercion.Fits(value, input.Type))
            Wrong($"The default of {called} is no {input.Type}.", value.At);
        if (input.IsRequired && input.Deprecated is not null)
            Wrong(
                $"{called} is required and cannot be deprecated.",
                input.Node?.Directives.FirstOrDefault(d => d.Name == "deprecated")?.At,
                input.Node?.Type.At
            );
    }

    void Check(NamedType type)
    {
        if (!type.IsIntrospection)
            Name(type.Name, Places(type).FirstOrDefault());
        switch (type)
        {
            case FieldsType with:
                if (with.Fields.Count == 0)
                    Wrong($"{type.Name} has no fields.", Places(type));
                foreach (var field in with.Fields)
                {
                    Name(field.Name, field.Node?.At);
                    if (!field.Type.IsOutput)
                        Wrong($"{type.Name}.{field.Name} has the type {field.Type}, which cannot be asked for.", field.Node?.Type.At);
                    foreach (var takes in field.Takes)
                        Check(takes, $"{type.Name}.{field.Name}({takes.Name}:)", takes.Node?.Type.At);
                }
                Interfaces(with);
                break;
            case UnionType union:
                if (union.Types.Count == 0)
                    Wrong($"{type.Name} has no types.", Places(type));
                foreach (var twice in union.Types.GroupBy(t => t).Where(g => g.Count() > 1))
                    for (var i = 1; i < twice.Count(); i++)
                        Wrong(
                            $"{type.Name} has {twice.Key.Name} twice.",
                            type.Nodes.SelectMany(n => n.Members).Where(m => m.Name == twice.Key.Name).Select(m => (Location?)m.At)
                        );
                break;
            case EnumType words:
                if (words.Values.Count == 0)
                    Wrong($"{type.Name} has no values.", Places(type));
                foreach (var value in words.Values)
                    Name(value.Name, type.Nodes.SelectMany(n => n.Values).FirstOrDefault(v => v.Name == value.Name)?.At);
                break;
            case InputObjectType input:
                if (input.Fields.Count == 0)
                    Wrong($"{type.Name} has no fields.", Places(type));
                foreach (var field in input.Fields)
                {
                    Check(field, $"{type.Name}.{field.Name}", field.Node?.Type.At);
                    if (input.IsOneOf && field.Type is NonNullType)
                        Wrong($"{type.Name}.{field.Name} is one of several and must be nullable.", field.Node?.Type.At);
                    if (input.IsOneOf && field.Default is not null)
                        Wrong($"{type.Name}.{field.Name} is one of several and cannot have a default.", field.Node?.At);
                }
                break;
        }
    }

    void Interfaces(FieldsType type)
    {
        var known = new HashSet<InterfaceType>();
        foreach (var shared in type.Interfaces)
        {
            if (shared == type)
                Wrong($"{type.Name} cannot implement itself.", Implementing(type, shared));
            else if (!known.Add(shared))
                Wrong($"{type.Name} implements {shared.Name} twice.", Implementing(type, shared));
            else
            {
                foreach (var further in shared.Interfaces)
                    if (!type.Interfaces.Contains(further))
                        Wrong(
                            further == type
                                ? $"{type.Name} and {shared.Name} implement each other."
                                : $"{type.Name} must implement {further.Name}, because {shared.Name} does.",
                            Implementing(shared, further).Concat(Implementing(type, shared))
                        );
                Implements(type, shared);
            }
        }
    }

    static IEnumerable<Location?> Implementing(NamedType type, NamedType shared) =>
        type.Nodes.SelectMany(n => n.Interfaces).Where(i => i.Name == shared.Name).Select(i => (Location?)i.At);

    void Implements(FieldsType type, InterfaceType shared)
    {
        foreach (var asked in shared.Fields)
        {
            var called = $"{type.Name}.{asked.Name}";
            if (type.Field(asked.Name) is not { } field)
            {
                Wrong($"{type.Name} lacks {asked.Name}, which {shared.Name} has.", [asked.Node?.At, .. Places(type)]);
                continue;
            }
            if (!Schema.IsSubtype(field.Type, asked.Type))
                Wrong($"{called} is no {asked.Type}, as {shared.Name} says.", asked.Node?.Type.At, field.Node?.Type.At);
            foreach (var takes in asked.Takes)
                if (field.Argument(takes.Name) is not { } given)
                    Wrong($"{called} does not take {takes.Name}, as {shared.Name} says.", takes.Node?.At, field.Node?.At);
                else if (!GraphType.Same(takes.Type, given.Type))
                    Wrong($"{called} takes another {takes.Name} than {shared.Name} says.", takes.Node?.Type.At, given.Node?.Type.At);
            foreach (var takes in field.Takes)
                if (takes.IsRequired && asked.Argument(takes.Name) is null)
                    Wrong($"{called} needs {takes.Name}, of which {shared.Name} knows nothing.", takes.Node?.At, asked.Node?.At);
        }
    }
}
