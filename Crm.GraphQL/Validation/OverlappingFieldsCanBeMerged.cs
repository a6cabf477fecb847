// Fields that answer under one name must be the same field with the same arguments, or belong to types that exclude each other and have one shape.

using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation;

/// <summary>
/// Instead of comparing all pairs, the fields of one name are compared with the first, as sets: first the shapes of all of them, then, for each concrete type they can meet in,
/// their names and arguments. The work is counted, so no document makes it slow. For documents that are correct otherwise: fragments exist and do not lead to themselves.
/// </summary>
sealed class OverlappingFieldsCanBeMerged(Document document, Schema schema, Action<string, Location> wrong)
{
    const int MostWork = 100_000;

    readonly record struct Entry(NamedType Parent, FieldNode Node, FieldDefinition Definition);

    int work;
    bool found;

    public void Check(NamedType root, IReadOnlyList<Selection> selections)
    {
        var fields = Collect([(root, selections)]);
        Shapes(fields);
        Meaning(fields);
    }

    bool Stop(int more, Location at)
    {
        if (found)
            return true;
        if ((work += more) > MostWork)
            Report("Too many fields overlap.", at);
        return found;
    }

    void Report(string message, Location at)
    {
        if (!found)
            wrong(message, at);
        found = true;
    }

    Dictionary<string, List<Entry>> Collect(IEnumerable<(NamedType Type, IReadOnlyList<Selection> Selections)> sets)
    {
        var fields = new Dictionary<string, List<Entry>>(StringComparer.Ordinal);
        var seen = new HashSet<Fragment>();
        var waiting = new Stack<(NamedType Type, IReadOnlyList<Selection> Selections)>(sets.Reverse());
        while (waiting.TryPop(out var set))
            foreach (var selection in set.Selections)
                switch (selection)
                {
                    case FieldNode field when schema.FieldOf(set.Type, field.Name) is { } definition:
                        if (Stop(1, field.At))
                            return fields;
                        if (!fields.TryGetValue(field.Key, out var same))
                            fields.Add(field.Key, same = []);
                        same.Add(new(set.Type, field, definition));
                        break;
                    case FragmentSpread spread when document.Fragment(spread.Name) is { } fragment && seen.Add(fragment) && schema.Type(fragment.On) is { } on:
                        waiting.Push((on, fragment.Selections));
                        break;
                    case InlineFragment inline when inline.On is null || schema.Type(inline.On) is not null:
                        waiting.Push((inline.On is null ? set.Type : schema.Type(inline.On)!, inline.Selections));
                        break;
                }
        return fields;
    }

    Dictionary<string, List<Entry>> Below(IEnumerable<Entry> fields) => Collect(fields.Where(f => f.Node.Selections.Count > 0).Select(f => (f.Definition.Type.Named, f.Node.Selections)));

    void Shapes(Dictionary<string, List<Entry>> fields)
    {
        foreach (var same in fields.Values)
        {
            foreach (var other in same.Skip(1))
                if (Stop(1, other.Node.At))
                    return;
                else if (!OneShape(same[0].Definition.Type, other.Definition.Type))
                    Report($"{other.Node.Key} is used in two ways here: its values have different shapes.", other.Node.At);
            if (!found && same.Count > 1)
                Shapes(Below(same));
        }
    }

    static bool OneShape(GraphType one, GraphType other) => (one, other) switch
    {
        (NonNullType a, NonNullType b) => OneShape(a.Inner, b.Inner),
        (NonNullType, _) or (_, NonNullType) => false,
        (ListType a, ListType b) => OneShape(a.Item, b.Item),
        (ListType, _) or (_, ListType) => false,
        _ => one.IsComposite && other.IsComposite || one == other,
    };

    void Meaning(Dictionary<string, List<Entry>> fields)
    {
        foreach (var same in fields.Values)
        {
            var concrete = same.Where(f => f.Parent is ObjectType).GroupBy(f => f.Parent).ToList();
            var open = same.Where(f => f.Parent is not ObjectType).ToList();
            var groups = concrete.Count == 0 ? [open] : concrete.Select(group => group.Concat(open).ToList());
            foreach (var group in groups)
            {
                foreach (var other in group.Skip(1))
                    if (Stop(1, other.Node.At))
                        return;
                    else if (other.Node.Name != group[0].Node.Name || !SameArguments(other.Node.Arguments, group[0].Node.Arguments))
                        Report($"{other.Node.Key} is used in two ways here.", other.Node.At);
                if (found)
                    return;
                // Alone, a field is checked below by itself: two of its own selections may still differ.
                Meaning(Below(group));
                if (group.Count == 1)
                    Shapes(Below(group));
            }
        }
    }

    static bool SameArguments(IReadOnlyList<Argument> one, IReadOnlyList<Argument> other) =>
        one.Count == other.Count && one.All(a => other.Any(b => b.Name == a.Name && Same(a.Value, b.Value)));

    static bool Same(Value one, Value other) => (one, other) switch
    {
        (VariableValue a, VariableValue b) => a.Name == b.Name,
        (IntValue a, IntValue b) => a.Text == b.Text,
        (FloatValue a, FloatValue b) => a.Text == b.Text,
        (StringValue a, StringValue b) => a.Text == b.Text && a.Block == b.Block,
        (BooleanValue a, BooleanValue b) => a.Is == b.Is,
        (NullValue, NullValue) => true,
        (EnumValue a, EnumValue b) => a.Name == b.Name,
        (ListValue a, ListValue b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second)),
        (ObjectValue a, ObjectValue b) => SameArguments(a.Fields, b.Fields),
        _ => false,
    };
}
