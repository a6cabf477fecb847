// A validated operation as the executor walks it: fragments put in, equal fields merged, the same for every request with the same
// conditions.

using System.Text.Json;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Execution;

/// <summary>A field to be written, at one place of the answer. What of it is the same for every object is worked out here.</summary>
/// <param name="inLists">How many fields around it load lists.</param>
/// <param name="checks">Whether values are looked at before they are copied.</param>
public sealed class PlannedField(FieldNode node, FieldDefinition definition, int number, int inLists, bool checks)
{
    public FieldNode Node => node;
    public FieldDefinition Definition => definition;

    /// <summary>The field's place in the request's results.</summary>
    public int Number => number;

    public int InLists => inLists;

    /// <summary>The response key with quotes and colon, and a comma before it.</summary>
    public byte[] Key { get; } = [(byte)',', .. JsonSerializer.SerializeToUtf8Bytes(node.Key), (byte)':'];

    public bool Checks => checks;

    public bool IsTypeName { get; } = definition == Schema.TypeName;

    /// <summary>Whether objects are in the value, and not just JSON to be copied.</summary>
    public bool IsComposite { get; } = definition.Type.Named.IsComposite;

    /// <summary>Whether the value is copied, with nothing to look at but whether it is there.</summary>
    public bool IsCopied { get; } =
        !checks && !definition.Type.Named.IsComposite && definition.Type.Nullable is not ListType && definition.Resolver?.Load is null;

    public bool IsRequired { get; } = definition.Type is NonNullType;

    public Func<FieldCall, ValueTask<IReadOnlyList<Loaded>>>? Load { get; } = definition.Resolver?.Load;

    /// <summary>The arguments, when they are the same whatever the variables are.</summary>
    internal JsonElement? Fixed { get; set; }

    /// <summary>The member of the parent that holds the value, when it is not loaded.</summary>
    public string Member { get; } = definition.Resolver?.Member ?? definition.Name;

    /// <summary>Where the value stands among the members that are read from the parent.</summary>
    public int Slot { get; internal set; } = -1;

    /// <summary>What is asked of the value, for each object type that it can be.</summary>
    public Dictionary<string, PlannedSelection> Selections { get; } = new(StringComparer.Ordinal);

    /// <summary>The same where the value can be of one object type only.</summary>
    internal PlannedSelection? Only { get; set; }

    /// <summary>Whether something inside of the value is loaded.</summary>
    public bool LoadsInside { get; internal set; }

    public bool Asks(string name) => Selections.Values.Any(s => s.Fields.Any(f => f.Definition.Name == name));
}

public sealed class PlannedSelection(ObjectType type, PlannedField[] fields, IReadOnlyList<string> members)
{
    public ObjectType Type => type;
    public PlannedField[] Fields => fields;

    /// <summary>The members that are read from an object's JSON.</summary>
    public StoredMembers Members { get; } = new(members);

    /// <summary>What __typename is answered with.</summary>
    public byte[] TypeName { get; } = JsonSerializer.SerializeToUtf8Bytes(type.Name);

    /// <summary>Whether something in here is loaded and not just copied.</summary>
    public bool Loads { get; } = fields.Any(f => f.Load is not null || f.LoadsInside);
}

public sealed record Plan(Operation Operation, PlannedSelection Root, int FieldCount);

/// <summary>The document is correct, but asks for too much or for two things under one name.</summary>
public sealed class PlanException(string message, Location at, string? code = null) : Exception(message)
{
    public Location At { get; } = at;
    public string? Code { get; } = code;
}

public sealed class Planner
{
    /// <summary>Selections that are looked at, repeated fragments counted each time: what a fan-out of fragments runs into.</summary>
    const int MostVisits = 20_000;

    readonly Document document;
    readonly Schema schema;
    readonly Limits limits;
    readonly Dictionary<string, JsonElement> variables;
    int count,
        visits,
        aliases;

    Planner(Document document, Schema schema, Limits limits, Dictionary<string, JsonElement> variables) =>
        (this.document, this.schema, this.limits, this.variables) = (document, schema, limits, variables);

    public static Plan Of(Document document, Operation operation, Schema schema, Limits limits, Dictionary<string, JsonElement> variables)
    {
        var planner = new Planner(document, schema, limits, variables);
        var planned = planner.Select(schema.Root(operation.Kind)!, [operation.Selections], 1, 0, false);
        if (planned.Fields.Length > limits.RootFields)
            throw new PlanException($"A request may have at most {limits.RootFields} root fields.", operation.At, "TOO_MANY_ROOT_FIELDS");
        return new(operation, planned, planner.count);
    }

    PlannedSelection Select(ObjectType type, IEnumerable<IReadOnlyList<Selection>> selections, int depth, int inLists, bool introspection)
    {
        var grouped = new Dictionary<string, List<FieldNode>>(StringComparer.Ordinal);
        foreach (var each in selections)
            Collect(type, each, grouped);
        var fields = new List<PlannedField>();
        var members = new List<string>();
        foreach (var same in grouped.Values)
        {
            var first = same[0];
            if (depth > (introspection ? limits.IntrospectionDepth : limits.Depth))
                throw new PlanException($"Fields may be nested {limits.Depth} deep at most.", first.At, "TOO_DEEP");
            if (first.Alias is not null && ++aliases > limits.Aliases)
                throw new PlanException($"A request may have at most {limits.Aliases} aliases.", first.At, "TOO_MANY_ALIASES");
            if (++count > limits.Fields)
                throw new PlanException($"A request may have at most {limits.Fields} fields.", first.At, "TOO_MANY_FIELDS");
            var definition = schema.FieldOf(type, first.Name)!;
            foreach (var other in same)
                if (other.Name != first.Name || !SameArguments(other.Arguments, first.Arguments))
                    throw new PlanException($"{first.Key} is asked for in two ways; give one of them another alias.", other.At);
            var planned = new PlannedField(first, definition, count - 1, inLists, schema.ChecksResults);
            foreach (var possible in schema.Possible(definition.Type.Named))
                planned.Selections[possible.Name] = Select(
                    possible,
                    same.Select(f => f.Selections),
                    depth + 1,
                    inLists + (definition.Resolver is { IsList: true } ? 1 : 0),
                    introspection || definition == schema.Introspection.Schema || definition == schema.Introspection.Type
                );
            if (definition.Type.Named is ObjectType one)
                planned.Only = planned.Selections[one.Name];
            planned.LoadsInside = planned.Selections.Values.Any(s => s.Loads);
            if (!planned.IsTypeName && planned.Load is null)
            {
                if (!members.Contains(planned.Member))
                    members.Add(planned.Member);
                planned.Slot = members.IndexOf(planned.Member);
            }
            else if (planned.Load is not null && !first.Arguments.Any(a => HasVariables(a.Value)))
                planned.Fixed = Coercion.Arguments(definition.Takes, first.Arguments, variables);
            fields.Add(planned);
        }
        return new(type, [.. fields], members);
    }

    void Collect(ObjectType type, IReadOnlyList<Selection> selections, Dictionary<string, List<FieldNode>> grouped)
    {
        foreach (var selection in selections)
        {
            if (++visits > MostVisits)
                throw new PlanException("The request repeats its fragments too often.", selection.At, "TOO_MANY_FIELDS");
            if (!Included(selection.Directives))
                continue;
            switch (selection)
            {
                case FieldNode field:
                    if (!grouped.TryGetValue(field.Key, out var same))
                        grouped[field.Key] = same = [];
                    same.Add(field);
                    break;
                case FragmentSpread spread when document.Fragment(spread.Name) is { } fragment && Applies(fragment.On.Name, type):
                    Collect(type, fragment.Selections, grouped);
                    break;
                case InlineFragment inline when inline.On is null || Applies(inline.On.Name, type):
                    Collect(type, inline.Selections, grouped);
                    break;
            }
        }
    }

    bool Applies(string on, ObjectType type) => schema.Type(on) is { } named && Schema.CanBe(named, type);

    bool Included(IReadOnlyList<Directive> directives)
    {
        foreach (var directive in directives)
            if (directive.Name is "skip" or "include")
            {
                var condition = Coercion
                    .Arguments(
                        (directive.Name == "skip" ? DirectiveDefinition.Skip : DirectiveDefinition.Include).Arguments,
                        directive.Arguments,
                        variables
                    )
                    .GetProperty("if")
                    .GetBoolean();
                if (condition == (directive.Name == "skip"))
                    return false;
            }
        return true;
    }

    static bool HasVariables(Value value) =>
        value switch
        {
            VariableValue => true,
            ListValue list => list.Items.Any(HasVariables),
            ObjectValue members => members.Fields.Any(f => HasVariables(f.Value)),
            _ => false,
        };

    static bool SameArguments(IReadOnlyList<Argument> one, IReadOnlyList<Argument> other) =>
        one.Count == other.Count && one.All(a => other.Any(b => a.Name == b.Name && SameValue(a.Value, b.Value)));

    static bool SameValue(Value one, Value other) =>
        (one, other) switch
        {
            (ListValue a, ListValue b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(p => SameValue(p.First, p.Second)),
            (ObjectValue a, ObjectValue b) => SameArguments(a.Fields, b.Fields),
            _ => (one with { At = default }).Equals(other with { At = default }),
        };
}
