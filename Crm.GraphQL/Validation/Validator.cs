// Whether a document makes sense against a schema. Each definition is walked once; nothing is put in twice, so no document makes it slow.

using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation;

/// <summary>Collects what is wrong. Messages name only what the caller wrote.</summary>
public sealed class Validator
{
    const int MostErrors = 20;

    readonly Document document;
    readonly Schema schema;
    readonly List<GraphError> errors = [];

    /// <summary>Where each operation and fragment uses variables, and which fragments it spreads.</summary>
    readonly Dictionary<object, Uses> uses = [];

    sealed class Uses
    {
        public readonly List<(VariableValue Variable, GraphType Type, bool HasDefault)> Variables = [];
        public readonly List<FragmentSpread> Spreads = [];
    }

    Validator(Document document, Schema schema) => (this.document, this.schema) = (document, schema);

    public static IReadOnlyList<GraphError> Validate(Document document, Schema schema)
    {
        var validator = new Validator(document, schema);
        validator.Run();
        return validator.errors;
    }

    void Wrong(string message, Location at)
    {
        if (errors.Count < MostErrors)
            errors.Add(new(message, [at]));
    }

    void Run()
    {
        ExecutableDefinitions.Check(document, Wrong);
        foreach (var operation in document.Operations)
        {
            if (operation.Name is null && document.Operations.Count > 1)
                Wrong("An operation without a name must be the only one.", operation.At);
            if (operation.Name is not null && document.Operations.Any(o => o != operation && o.Name == operation.Name && Before(o.At, operation.At)))
                Wrong($"There are two operations called {operation.Name}.", operation.At);
            if (schema.Root(operation.Kind) is not { } root)
            {
                Wrong("This kind of operation does not exist here.", operation.At);
                continue;
            }
            foreach (var variable in operation.Variables)
            {
                if (operation.Variables.First(v => v.Name == variable.Name) != variable)
                    Wrong($"${variable.Name} is defined twice.", variable.At);
                var type = Coercion.TypeOf(variable.Type, schema);
                if (type is null || !type.IsInput)
                    Wrong($"${variable.Name} has no input type.", variable.At);
                else if (variable.Default is not null && Coercion.Check(variable.Default, type) is { } bad)
                    Wrong($"${variable.Name}: {bad.Reason}", bad.At);
            }
            var found = uses[operation] = new();
            Directives(operation.Directives, operation.Kind.ToString().ToUpperInvariant(), found);
            Walk(root, operation.Selections, found);
        }
        foreach (var fragment in document.Fragments)
        {
            if (document.Fragment(fragment.Name) != fragment)
                Wrong($"There are two fragments called {fragment.Name}.", fragment.At);
            var found = uses[fragment] = new();
            Directives(fragment.Directives, "FRAGMENT_DEFINITION", found);
            if (schema.Type(fragment.On) is { IsComposite: true } type)
                Walk(type, fragment.Selections, found);
            else
                Wrong($"{fragment.On} is no type that a fragment can be on.", fragment.OnAt);
        }
        Cycles();
        var used = new HashSet<Fragment>();
        foreach (var operation in document.Operations.Where(uses.ContainsKey))
            used.UnionWith(Reach(operation));
        foreach (var fragment in document.Fragments.Where(f => !used.Contains(f)))
            Wrong($"The fragment {fragment.Name} is not used.", fragment.At);
        if (errors.Count == 0)
            foreach (var operation in document.Operations)
                new OverlappingFieldsCanBeMerged(document, schema, Wrong).Check(schema.Root(operation.Kind)!, operation.Selections);
    }

    static bool Before(Location one, Location other) => (one.Line, one.Column).CompareTo((other.Line, other.Column)) < 0;

    void Walk(NamedType type, IReadOnlyList<Selection> selections, Uses found)
    {
        foreach (var selection in selections)
            switch (selection)
            {
                case FieldNode field:
                    Directives(field.Directives, "FIELD", found);
                    if (schema.FieldOf(type, field.Name) is not { } definition)
                    {
                        Wrong($"There is no field {field.Name} here.", field.At);
                        break;
                    }
                    Arguments(definition.Takes, field.Arguments, field.At, found);
                    if (definition.Type.Named.IsComposite && field.Selections.Count == 0)
                        Wrong($"{field.Name} needs a selection of its fields.", field.At);
                    else if (!definition.Type.Named.IsComposite && field.Selections.Count > 0)
                        Wrong($"{field.Name} has no fields.", field.At);
                    else if (field.Selections.Count > 0)
                        Walk(definition.Type.Named, field.Selections, found);
                    break;
                case FragmentSpread spread:
                    Directives(spread.Directives, "FRAGMENT_SPREAD", found);
                    found.Spreads.Add(spread);
                    if (document.Fragment(spread.Name) is not { } fragment)
                        Wrong($"There is no fragment {spread.Name}.", spread.At);
                    else if (schema.Type(fragment.On) is { IsComposite: true } on && !Meet(type, on))
                        Wrong($"The fragment {spread.Name} can never apply here.", spread.At);
                    break;
                case InlineFragment inline:
                    Directives(inline.Directives, "INLINE_FRAGMENT", found);
                    var inner = inline.On is null ? type : schema.Type(inline.On);
                    if (inner is not { IsComposite: true })
                        Wrong($"{inline.On} is no type that a fragment can be on.", inline.At);
                    else
                    {
                        if (!Meet(type, inner))
                            Wrong("This fragment can never apply here.", inline.At);
                        Walk(inner, inline.Selections, found);
                    }
                    break;
            }
    }

    bool Meet(NamedType one, NamedType other) => one == other || schema.Possible(one).Intersect(schema.Possible(other)).Any();

    void Directives(IReadOnlyList<Directive> directives, string place, Uses found)
    {
        foreach (var directive in directives)
        {
            if (Schema.Directives.FirstOrDefault(d => d.Name == directive.Name) is not { } definition)
                Wrong($"There is no directive @{directive.Name}.", directive.At);
            else if (!definition.Locations.Contains(place))
                Wrong($"@{directive.Name} cannot stand here.", directive.At);
            else
            {
                if (directives.First(d => d.Name == directive.Name) != directive)
                    Wrong($"@{directive.Name} stands here twice.", directive.At);
                Arguments(definition.Arguments, directive.Arguments, directive.At, found);
            }
        }
    }

    void Arguments(IReadOnlyList<ArgumentDefinition> takes, IReadOnlyList<Argument> given, Location at, Uses found)
    {
        foreach (var argument in given)
        {
            if (given.First(a => a.Name == argument.Name) != argument)
                Wrong($"The argument {argument.Name} is given twice.", argument.At);
            if (takes.FirstOrDefault(t => t.Name == argument.Name) is not { } definition)
            {
                Wrong($"There is no argument {argument.Name} here.", argument.At);
                continue;
            }
            if (Coercion.Check(argument.Value, definition.Type) is { } bad)
                Wrong($"{argument.Name}: {bad.Reason}", bad.At);
            Variables(argument.Value, definition.Type, definition.Default is not null, found);
        }
        foreach (var missing in takes.Where(t => t.IsRequired && given.All(a => a.Name != t.Name)))
            Wrong("A required argument is missing.", at);
    }

    static void Variables(Value value, GraphType type, bool hasDefault, Uses found)
    {
        switch (value)
        {
            case VariableValue variable:
                found.Variables.Add((variable, type, hasDefault));
                break;
            case ListValue many:
                foreach (var item in many.Items)
                    Variables(item, type.Nullable is ListType list ? list.Item : type, false, found);
                break;
            case ObjectValue members:
                foreach (var member in members.Fields)
                    if (type.Named is InputObjectType input && input.Field(member.Name) is { } field)
                        Variables(member.Value, field.Type, field.Default is not null, found);
                    else
                        Variables(member.Value, type.Named, true, found);
                break;
        }
    }

    /// <summary>No fragment may lead to itself; found by walking with a stack of its own.</summary>
    void Cycles()
    {
        var done = new HashSet<Fragment>();
        foreach (var start in document.Fragments)
        {
            var path = new Stack<(Fragment Fragment, int Next)>([(start, 0)]);
            var on = new HashSet<Fragment> { start };
            while (path.TryPop(out var top))
            {
                if (done.Contains(top.Fragment) || top.Next >= uses[top.Fragment].Spreads.Count)
                {
                    done.Add(top.Fragment);
                    on.Remove(top.Fragment);
                    continue;
                }
                path.Push((top.Fragment, top.Next + 1));
                var spread = uses[top.Fragment].Spreads[top.Next];
                if (document.Fragment(spread.Name) is not { } next || done.Contains(next))
                    continue;
                if (!on.Add(next))
                {
                    Wrong($"The fragment {spread.Name} leads to itself.", spread.At);
                    return;
                }
                path.Push((next, 0));
            }
        }
    }

    /// <summary>The fragments an operation leads to; its variables are checked on the way.</summary>
    HashSet<Fragment> Reach(Operation operation)
    {
        var reached = new HashSet<Fragment>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<object>([operation]);
        while (waiting.TryPop(out var part))
        {
            foreach (var (variable, type, hasDefault) in uses[part].Variables)
            {
                named.Add(variable.Name);
                if (operation.Variables.FirstOrDefault(v => v.Name == variable.Name) is not { } definition)
                    Wrong($"${variable.Name} is not defined.", variable.At);
                else if (Coercion.TypeOf(definition.Type, schema) is { } declared && !Fits(declared, definition.Default is not null and not NullValue, type, hasDefault))
                    Wrong($"${variable.Name} has another type than is needed here.", variable.At);
            }
            foreach (var spread in uses[part].Spreads)
                if (document.Fragment(spread.Name) is { } fragment && reached.Add(fragment))
                    waiting.Push(fragment);
        }
        foreach (var unused in operation.Variables.Where(v => !named.Contains(v.Name)))
            Wrong($"${unused.Name} is not used.", unused.At);
        return reached;
    }

    static bool Fits(GraphType variable, bool hasDefault, GraphType place, bool placeHasDefault)
    {
        if (place.Named is ScalarType { Takes: ScalarTakes.Anything })
            return true;
        if (place is NonNullType required && variable is not NonNullType)
            return (hasDefault || placeHasDefault) && IsSubtype(variable, required.Inner);
        return IsSubtype(variable, place);
    }

    static bool IsSubtype(GraphType one, GraphType of) => (one, of) switch
    {
        (NonNullType a, NonNullType b) => IsSubtype(a.Inner, b.Inner),
        (_, NonNullType) => false,
        (NonNullType a, _) => IsSubtype(a.Inner, of),
        (ListType a, ListType b) => IsSubtype(a.Item, b.Item),
        _ => one == of,
    };
}
