// One walk over a document that all rules share: it knows the type at every place and tells each rule of what it asked for.

using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation;

/// <summary>A use of a variable, with what is known of its place.</summary>
/// <param name="Type">Null when the place is not known.</param>
/// <param name="Inside">The input object that it is a field of.</param>
public readonly record struct VariableUse(VariableValue Variable, GraphType? Type, bool HasDefault, InputObjectType? Inside);

/// <summary>
/// A rule is a function that takes the walk and says what it wants to see; what it remembers are its own variables. Each definition is
/// walked once and nothing is put in twice, so the walk is linear;
/// it recurses as deep as the parser let the document be nested. What a rule does beyond that, it pays for with <see cref="Spend"/>.
/// </summary>
public sealed class Walk
{
    readonly List<GraphError> errors = [];
    readonly Dictionary<object, Uses> uses = new(ReferenceEqualityComparer.Instance);
    Uses here = new();
    readonly Dictionary<Operation, List<Fragment>> reached = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, DirectiveSignature>? defined;
    readonly int mostErrors;
    string rule = "";
    int left;

    /// <summary>What an operation or a fragment says by itself.</summary>
    public sealed class Uses
    {
        public List<VariableUse> Variables { get; } = [];
        public List<FragmentSpread> Spreads { get; } = [];
    }

    sealed class OutOfBudgetException : Exception;

    sealed class EnoughException : Exception;

    /// <param name="schema">Null when the document is a schema of its own.</param>
    Walk(Document document, Schema? schema, int budget, int mostErrors)
    {
        (Document, Schema, left, this.mostErrors) = (document, schema, budget, mostErrors);
        foreach (var definition in document.Definitions)
            if (definition is DirectiveDefinitionNode directive)
                (defined ??= new(StringComparer.Ordinal))[directive.Name] = DirectiveSignature.Of(directive);
    }

    public Document Document { get; }
    public Schema? Schema { get; }

    // ---- The place

    /// <summary>The type whose fields are selected here; null when it is not known or has none.</summary>
    public NamedType? Parent { get; private set; }

    /// <summary>The field that was entered last.</summary>
    public FieldDefinition? Field { get; private set; }

    // ---- What rules ask for

    readonly Handlers<Definition> definitions = new();
    readonly Handlers<Operation> operations = new();
    readonly Handlers<Fragment> fragments = new();
    readonly Handlers<Variable> variables = new();
    readonly Handlers<FieldNode> fields = new();
    readonly Handlers<FragmentSpread> spreads = new();
    readonly Handlers<InlineFragment> inlines = new();
    readonly Handlers<IReadOnlyList<Selection>> selections = new();
    readonly Handlers<NamedTypeNode> names = new();
    readonly Handlers<Directive> directives = new();
    readonly Handlers<(IReadOnlyList<Directive> Directives, string Place, object Owner)> places = new();
    readonly Handlers<(Argument Argument, ArgumentDefinition? Definition)> fieldArguments = new();
    readonly Handlers<IReadOnlyList<Argument>> arguments = new();
    readonly Handlers<(Value Value, GraphType? Type, string Name)> values = new();
    readonly Handlers<Document> ends = new();

    /// <summary>Handlers with the rule that each belongs to.</summary>
    sealed class Handlers<T>
    {
        readonly List<(Action<T> Call, string Rule)> all = [];

        public void Add(Action<T> call, string rule) => all.Add((call, rule));

        public void Tell(Walk walk, T what)
        {
            foreach (var (call, rule) in all)
            {
                walk.rule = rule;
                call(what);
            }
        }
    }

    public void OnDefinition(Action<Definition> call) => definitions.Add(call, rule);

    public void OnOperation(Action<Operation> call) => operations.Add(call, rule);

    public void OnFragment(Action<Fragment> call) => fragments.Add(call, rule);

    public void OnVariable(Action<Variable> call) => variables.Add(call, rule);

    public void OnField(Action<FieldNode> call) => fields.Add(call, rule);

    public void OnSpread(Action<FragmentSpread> call) => spreads.Add(call, rule);

    public void OnInline(Action<InlineFragment> call) => inlines.Add(call, rule);

    /// <summary>The selections of an operation, a fragment or a field; those of inline fragments belong to the ones around them.</summary>
    public void OnSelections(Action<IReadOnlyList<Selection>> call) => selections.Add(call, rule);

    /// <summary>Every type that is named.</summary>
    public void OnTypeName(Action<NamedTypeNode> call) => names.Add(call, rule);

    public void OnDirective(Action<Directive> call) => directives.Add(call, rule);

    /// <summary>The directives of one place, with the name of the place and the node they stand at; only where there are any.</summary>
    public void OnDirectives(Action<(IReadOnlyList<Directive> Directives, string Place, object Owner)> call) => places.Add(call, rule);

    /// <summary>An argument of a field.</summary>
    public void OnFieldArgument(Action<(Argument Argument, ArgumentDefinition? Definition)> call) => fieldArguments.Add(call, rule);

    /// <summary>The arguments of one field or directive.</summary>
    public void OnArguments(Action<IReadOnlyList<Argument>> call) => arguments.Add(call, rule);

    /// <summary>A whole value, of an argument or a default, with the type and the name of its place.</summary>
    public void OnValue(Action<(Value Value, GraphType? Type, string Name)> call) => values.Add(call, rule);

    /// <summary>After everything was seen.</summary>
    public void AtEnd(Action<Document> call) => ends.Add(call, rule);

    // ---- What rules say

    /// <param name="message">Names only what the caller wrote.</param>
    public void Wrong(string message, params IReadOnlyList<Location> at)
    {
        errors.Add(new(message, at) { Rule = rule });
        if (errors.Count >= mostErrors)
            throw new EnoughException();
    }

    /// <summary>Pays for work that is more than a look at each node; ends the validation when nothing is left.</summary>
    public void Spend(int cost)
    {
        if ((left -= cost) < 0)
            throw new OutOfBudgetException();
    }

    /// <summary>What an operation or fragment uses; complete at the end.</summary>
    public Uses Of(Definition definition) => uses[definition];

    /// <summary>The fragments that an operation leads to.</summary>
    public IReadOnlyList<Fragment> Reached(Operation operation)
    {
        var from = uses[operation];
        if (from.Spreads.Count == 0)
            return [];
        if (reached.TryGetValue(operation, out var known))
            return known;
        reached[operation] = known = [];
        var seen = new HashSet<Fragment>(ReferenceEqualityComparer.Instance);
        for (var i = -1; i < known.Count; i++)
        {
            var spreads = i < 0 ? from.Spreads : uses[known[i]].Spreads;
            Spend(spreads.Count);
            foreach (var spread in spreads)
                if (Document.Fragment(spread.Name) is { } fragment && seen.Add(fragment))
                    known.Add(fragment);
        }
        return known;
    }

    /// <summary>A directive of the document or, else, of the schema.</summary>
    public DirectiveSignature? Directive(string name) =>
        defined is not null && defined.TryGetValue(name, out var own) ? own
        : Schema is not null ? Schema.Directive(name)?.Signature
        : DirectiveDefinition.Specified.FirstOrDefault(d => d.Name == name)?.Signature;

    // ---- The walk

    /// <summary>What the rules find, each error with its rule. One further error says when the document was too much work.</summary>
    public static IReadOnlyList<GraphError> Run(
        Document document,
        Schema? schema,
        int budget,
        int mostErrors,
        IReadOnlyList<ValidationRule> rules
    )
    {
        var walk = new Walk(document, schema, budget, mostErrors);
        foreach (var one in rules)
        {
            walk.rule = one.Name;
            one.Begin(walk);
        }
        try
        {
            foreach (var definition in document.Definitions)
                walk.Visit(definition);
            walk.ends.Tell(walk, document);
        }
        catch (OutOfBudgetException)
        {
            walk.errors.Add(new("The document repeats itself too much to be checked.", [document.Definitions[0].At]));
        }
        catch (EnoughException) { }
        return walk.errors;
    }

    void Visit(Definition definition)
    {
        definitions.Tell(this, definition);
        switch (definition)
        {
            case Operation operation:
                uses[operation] = here = new();
                operations.Tell(this, operation);
                foreach (var variable in operation.Variables)
                    Visit(variable);
                Directives(
                    operation.Directives,
                    operation.Kind switch
                    {
                        OperationKind.Query => "QUERY",
                        OperationKind.Mutation => "MUTATION",
                        _ => "SUBSCRIPTION",
                    },
                    operation
                );
                Selections(operation.Selections, Schema?.Root(operation.Kind), false);
                break;
            case Fragment fragment:
                uses[fragment] = here = new();
                fragments.Tell(this, fragment);
                names.Tell(this, fragment.On);
                Directives(fragment.Directives, "FRAGMENT_DEFINITION", fragment);
                Selections(fragment.Selections, Schema?.Type(fragment.On.Name), false);
                break;
            default:
                here = new();
                VisitSchemaPart(definition);
                break;
        }
    }

    void Visit(Variable variable)
    {
        variables.Tell(this, variable);
        TypeNames(variable.Type);
        // What a definition names is no use by the operation.
        var outer = here;
        here = new();
        if (variable.Default is { } value)
            values.Tell(this, (value, Schema?.Type(variable.Type) is { IsInput: true } type ? type : null, "$" + variable.Name));
        Directives(variable.Directives, "VARIABLE_DEFINITION", variable);
        here = outer;
    }

    void TypeNames(TypeNode type)
    {
        while (type is not NamedTypeNode)
            type = type is ListTypeNode list ? list.Item : ((NonNullTypeNode)type).Inner;
        names.Tell(this, (NamedTypeNode)type);
    }

    void Selections(IReadOnlyList<Selection> all, NamedType? of, bool inline)
    {
        var outer = Parent;
        Parent = of is { IsComposite: true } ? of : null;
        if (!inline)
            selections.Tell(this, all);
        foreach (var selection in all)
            switch (selection)
            {
                case FieldNode field:
                    Visit(field);
                    break;
                case FragmentSpread spread:
                    here.Spreads.Add(spread);
                    spreads.Tell(this, spread);
                    Directives(spread.Directives, "FRAGMENT_SPREAD", spread);
                    break;
                case InlineFragment inner:
                    inlines.Tell(this, inner);
                    if (inner.On is { } on)
                        names.Tell(this, on);
                    Directives(inner.Directives, "INLINE_FRAGMENT", inner);
                    Selections(inner.Selections, inner.On is null ? Parent : Schema?.Type(inner.On.Name), true);
                    break;
            }
        Parent = outer;
    }

    void Visit(FieldNode field)
    {
        var outer = Field;
        var definition = Field = Parent is null ? null : Schema!.FieldOf(Parent, field.Name);
        fields.Tell(this, field);
        if (field.Arguments.Count > 0)
        {
            arguments.Tell(this, field.Arguments);
            foreach (var argument in field.Arguments)
            {
                var takes = definition?.Argument(argument.Name);
                fieldArguments.Tell(this, (argument, takes));
                Visit(argument, takes);
            }
        }
        Directives(field.Directives, "FIELD", field);
        if (field.Selections.Count > 0)
            Selections(field.Selections, definition?.Type.Named, false);
        Field = outer;
    }

    void Directives(IReadOnlyList<Directive> all, string place, object owner)
    {
        if (all.Count == 0)
            return;
        places.Tell(this, (all, place, owner));
        foreach (var directive in all)
        {
            directives.Tell(this, directive);
            if (directive.Arguments.Count == 0)
                continue;
            arguments.Tell(this, directive.Arguments);
            var takes = Schema?.Directive(directive.Name)?.Arguments;
            foreach (var argument in directive.Arguments)
                // An unknown directive's arguments are taken for those of the field around it, as the reference implementation does.
                Visit(argument, takes is null ? Field?.Argument(argument.Name) : takes.FirstOrDefault(t => t.Name == argument.Name));
        }
    }

    void Visit(Argument argument, ArgumentDefinition? takes)
    {
        var type = takes?.Type is { IsInput: true } known ? known : null;
        values.Tell(this, (argument.Value, type, argument.Name));
        Variables(argument.Value, type, takes?.Default is not null, null);
    }

    void Variables(Value value, GraphType? type, bool hasDefault, InputObjectType? inside)
    {
        switch (value)
        {
            case VariableValue variable:
                here.Variables.Add(new(variable, type, hasDefault, inside));
                break;
            case ListValue many:
                var item = type?.Nullable is ListType list ? list.Item : type?.Nullable;
                foreach (var one in many.Items)
                    Variables(one, item, false, null);
                break;
            case ObjectValue members:
                var input = type?.Named as InputObjectType;
                foreach (var member in members.Fields)
                {
                    var field = input?.Field(member.Name);
                    Variables(member.Value, field?.Type is { IsInput: true } known ? known : null, field?.Default is not null, input);
                }
                break;
        }
    }

    // ---- The schema language

    void VisitSchemaPart(Definition definition)
    {
        switch (definition)
        {
            case SchemaNode schema:
                Directives(schema.Directives, "SCHEMA", schema);
                foreach (var root in schema.Roots)
                    names.Tell(this, root.Type);
                break;
            case DirectiveDefinitionNode directive:
                foreach (var input in directive.Arguments)
                    Visit(input, "ARGUMENT_DEFINITION");
                break;
            case TypeDefinitionNode type:
                Directives(
                    type.Directives,
                    type.Keyword switch
                    {
                        TypeKeyword.Scalar => "SCALAR",
                        TypeKeyword.Type => "OBJECT",
                        TypeKeyword.Interface => "INTERFACE",
                        TypeKeyword.Union => "UNION",
                        TypeKeyword.Enum => "ENUM",
                        _ => "INPUT_OBJECT",
                    },
                    type
                );
                foreach (var shared in type.Interfaces)
                    names.Tell(this, shared);
                foreach (var member in type.Members)
                    names.Tell(this, member);
                foreach (var field in type.Fields)
                {
                    foreach (var input in field.Arguments)
                        Visit(input, "ARGUMENT_DEFINITION");
                    TypeNames(field.Type);
                    Directives(field.Directives, "FIELD_DEFINITION", field);
                }
                foreach (var value in type.Values)
                    Directives(value.Directives, "ENUM_VALUE", value);
                foreach (var input in type.Inputs)
                    Visit(input, "INPUT_FIELD_DEFINITION");
                break;
        }
    }

    void Visit(InputDefinitionNode input, string place)
    {
        TypeNames(input.Type);
        if (input.Default is { } value)
            values.Tell(this, (value, null, input.Name));
        Directives(input.Directives, place, input);
    }
}
