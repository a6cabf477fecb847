// Fields that answer under one name must be the same field with the same arguments, or belong to types that exclude each other and have one
// shape.

using System.Runtime.InteropServices;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation.Rules;

/// <summary>
/// Fields of one name are compared in pairs, and pairs of fragments are remembered, as the reference implementation does, so that errors
/// stand at the same places. That is quadratic by nature:
/// every comparison is paid for, and a selection in which nothing can conflict, which is nearly every one, is seen to be so by one look at
/// each field.
/// </summary>
sealed class OverlappingFieldsCanBeMergedRule
{
    /// <summary>Of one error, on each side.</summary>
    const int MostPlaces = 20;

    /// <summary>Of comparisons inside each other: far more than a document has that can be run, far less than a stack holds.</summary>
    const int MostDepth = 400;

    /// <summary>A field in a selection, and those of the same name behind it.</summary>
    sealed class Entry(NamedType? parent, FieldNode node, FieldDefinition? definition)
    {
        Entry? last;

        public NamedType? Parent => parent;
        public FieldNode Node => node;
        public FieldDefinition? Definition => definition;
        public Entry? Next { get; private set; }

        /// <summary>For the first one of a name.</summary>
        public void Append(Entry further)
        {
            (last ?? this).Next = further;
            last = further;
        }
    }

    sealed record Conflict(string Key, List<FieldNode> One, List<FieldNode> Other);

    /// <summary>The fields of a selection by their names, inline fragments put in, and the fragments that it spreads.</summary>
    /// <param name="number">Of its kind in this document: pairs are remembered by numbers.</param>
    sealed class Collected(int number, int size)
    {
        public int Number => number;

        /// <summary>The first one of each name, in the document's order.</summary>
        public List<Entry> Fields { get; } = new(size);
        public Dictionary<string, Entry> ByName { get; } = new(size, StringComparer.Ordinal);
        public List<string> Fragments { get; } = [];
    }

    /// <summary>Pairs that were compared, and whether only as if the types excluded each other.</summary>
    sealed class Compared
    {
        readonly Dictionary<long, bool> pairs = [];

        public bool Already(Collected one, Collected other, bool exclusive)
        {
            ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(
                pairs,
                (long)one.Number << 32 | (uint)other.Number,
                out var known
            );
            if (known && (!before || exclusive))
                return true;
            before = exclusive;
            return false;
        }
    }

    readonly Walk walk;
    readonly Dictionary<IReadOnlyList<Selection>, Collected> collected = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<string, Collected?> ofFragments = new(StringComparer.Ordinal);
    readonly Compared withFragments = new(),
        fragments = new();

    readonly Dictionary<string, (FieldNode Node, FieldDefinition? Definition, int Times)> firsts = new(StringComparer.Ordinal);
    readonly HashSet<string> entered = new(StringComparer.Ordinal);

    int depth;

    OverlappingFieldsCanBeMergedRule(Walk walk) => this.walk = walk;

    public static void Begin(Walk walk)
    {
        OverlappingFieldsCanBeMergedRule? rule = null;
        walk.OnSelections(selections =>
        {
            if (Differ(selections))
                return;
            rule ??= new(walk);
            if (!rule.Agree(selections))
                rule.Check(selections);
        });
    }

    /// <summary>Whether these are only fields and all their names differ.</summary>
    static bool Differ(IReadOnlyList<Selection> selections)
    {
        const int few = 16;
        if (selections.Count == 1)
            return selections[0] is not InlineFragment;
        for (var i = 0; i < selections.Count; i++)
        {
            if (selections[i] is not FieldNode field)
                return false;
            for (var j = 0; j < i && i < few; j++)
                if (((FieldNode)selections[j]).Key == field.Key)
                    return false;
        }
        return selections.Count <= few
            || new HashSet<string>(selections.Select(s => ((FieldNode)s).Key), StringComparer.Ordinal).Count == selections.Count;
    }

    /// <summary>Whether fields of one name, in fragments too, are plainly the same: one definition, the same arguments, nothing selected in
    /// them.</summary>
    bool Agree(IReadOnlyList<Selection> selections)
    {
        firsts.Clear();
        entered.Clear();
        return Agree(walk.Parent, selections);
    }

    bool Agree(NamedType? parent, IReadOnlyList<Selection> selections)
    {
        walk.Spend(selections.Count / 16);
        for (var i = 0; i < selections.Count; i++)
            switch (selections[i])
            {
                case FieldNode field:
                    var definition = parent is null ? null : walk.Schema!.FieldOf(parent, field.Name);
                    ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(firsts, field.Key, out var known);
                    if (!known)
                    {
                        first = (field, definition, 1);
                        break;
                    }
                    // As dear as the pairs that it saves: a document that says one thing over and over is refused as before.
                    walk.Spend(first.Times++);
                    if (
                        definition is null
                        || definition != first.Definition
                        || field.Selections.Count > 0
                        || !SameArguments(first.Node.Arguments, field.Arguments)
                    )
                        return false;
                    break;
                case FragmentSpread spread:
                    if (
                        entered.Add(spread.Name)
                        && walk.Document.Fragment(spread.Name) is { } fragment
                        && !Agree(walk.Schema!.Type(fragment.On.Name), fragment.Selections)
                    )
                        return false;
                    break;
                case InlineFragment inline:
                    if (!Agree(inline.On is null ? parent : walk.Schema!.Type(inline.On.Name), inline.Selections))
                        return false;
                    break;
            }
        return true;
    }

    void Check(IReadOnlyList<Selection> selections)
    {
        var conflicts = new List<Conflict>();
        var here = Collect(walk.Parent, selections);
        foreach (var first in here.Fields)
            for (var one = first; one is not null; one = one.Next)
            for (var other = one.Next; other is not null; other = other.Next)
                Compare(conflicts, false, one, other);
        for (var i = 0; i < here.Fragments.Count; i++)
        {
            WithFragment(conflicts, false, here, here.Fragments[i]);
            for (var j = i + 1; j < here.Fragments.Count; j++)
                Fragments(conflicts, false, here.Fragments[i], here.Fragments[j]);
        }
        foreach (var conflict in conflicts)
            walk.Wrong(
                $"{conflict.Key} is used in two ways here.",
                [.. conflict.One.Select(f => f.At), .. conflict.Other.Select(f => f.At)]
            );
    }

    // ---- Collecting

    Collected Collect(NamedType? parent, IReadOnlyList<Selection> selections)
    {
        if (!collected.TryGetValue(selections, out var known))
        {
            collected[selections] = known = new(collected.Count, selections.Count);
            Collect(parent, selections, known);
        }
        return known;
    }

    void Collect(NamedType? parent, IReadOnlyList<Selection> selections, Collected into)
    {
        foreach (var selection in selections)
            switch (selection)
            {
                case FieldNode field:
                    var entry = new Entry(parent, field, (parent as FieldsType)?.Field(field.Name));
                    ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(into.ByName, field.Key, out var known);
                    if (known)
                        first!.Append(entry);
                    else
                        into.Fields.Add(first = entry);
                    break;
                case FragmentSpread spread:
                    if (!into.Fragments.Contains(spread.Name))
                        into.Fragments.Add(spread.Name);
                    break;
                case InlineFragment inline:
                    Collect(inline.On is null ? parent : walk.Schema!.Type(inline.On.Name), inline.Selections, into);
                    break;
            }
    }

    /// <summary>Null when there is no such fragment.</summary>
    Collected? Collect(string fragment)
    {
        if (!ofFragments.TryGetValue(fragment, out var known))
            ofFragments[fragment] = known = walk.Document.Fragment(fragment) is { } found
                ? Collect(walk.Schema!.Type(found.On.Name), found.Selections)
                : null;
        return known;
    }

    // ---- Comparing

    void WithFragment(List<Conflict> conflicts, bool exclusive, Collected fields, string fragment)
    {
        walk.Spend(1);
        if (
            fields.Fields.Count == 0
            || Collect(fragment) is not { } others
            || others == fields
            || withFragments.Already(fields, others, exclusive)
        )
            return;
        Between(conflicts, exclusive, fields, others);
        foreach (var further in others.Fragments)
            WithFragment(conflicts, exclusive, fields, further);
    }

    void Fragments(List<Conflict> conflicts, bool exclusive, string one, string other)
    {
        walk.Spend(1);
        if (
            Collect(one) is not { } first
            || Collect(other) is not { } second
            || first == second
            || (first.Number < second.Number ? fragments.Already(first, second, exclusive) : fragments.Already(second, first, exclusive))
        )
            return;
        Between(conflicts, exclusive, first, second);
        foreach (var further in second.Fragments)
            Fragments(conflicts, exclusive, one, further);
        foreach (var further in first.Fragments)
            Fragments(conflicts, exclusive, further, other);
    }

    void Between(List<Conflict> conflicts, bool exclusive, Collected one, Collected other)
    {
        walk.Spend(one.Fields.Count / 16);
        foreach (var first in one.Fields)
            if (other.ByName.TryGetValue(first.Node.Key, out var second))
                for (var a = first; a is not null; a = a.Next)
                for (var b = second; b is not null; b = b.Next)
                    Compare(conflicts, exclusive, a, b);
    }

    void Compare(List<Conflict> conflicts, bool parentsExclude, Entry one, Entry other)
    {
        walk.Spend(1);
        var exclusive = parentsExclude || one.Parent != other.Parent && one.Parent is ObjectType && other.Parent is ObjectType;
        if (
            !exclusive && (one.Node.Name != other.Node.Name || !SameArguments(one.Node.Arguments, other.Node.Arguments))
            || one.Definition is { } a && other.Definition is { } b && !OneShape(a.Type, b.Type)
        )
        {
            conflicts.Add(new(one.Node.Key, [one.Node], [other.Node]));
            return;
        }
        if (one.Node.Selections.Count == 0 || other.Node.Selections.Count == 0)
            return;
        if (++depth > MostDepth)
            walk.Spend(int.MaxValue);
        var inside = new List<Conflict>();
        var first = Collect(one.Definition?.Type.Named, one.Node.Selections);
        var second = Collect(other.Definition?.Type.Named, other.Node.Selections);
        Between(inside, exclusive, first, second);
        foreach (var fragment in second.Fragments)
            WithFragment(inside, exclusive, first, fragment);
        foreach (var fragment in first.Fragments)
            WithFragment(inside, exclusive, second, fragment);
        foreach (var fragment in first.Fragments)
        foreach (var further in second.Fragments)
            Fragments(inside, exclusive, fragment, further);
        depth--;
        if (inside.Count > 0)
            conflicts.Add(new(one.Node.Key, Places(one.Node, inside.Select(c => c.One)), Places(other.Node, inside.Select(c => c.Other))));
    }

    /// <summary>The field, and from what is inside it the last places of each conflict, as many as there is room for.</summary>
    static List<FieldNode> Places(FieldNode field, IEnumerable<List<FieldNode>> inside)
    {
        var places = new List<FieldNode> { field };
        foreach (var more in inside)
        {
            places.AddRange(more.TakeLast(MostPlaces - places.Count));
            if (places.Count == MostPlaces)
                break;
        }
        return places;
    }

    static bool OneShape(GraphType one, GraphType other) =>
        (one, other) switch
        {
            (ListType a, ListType b) => OneShape(a.Item, b.Item),
            (ListType, _) or (_, ListType) => false,
            (NonNullType a, NonNullType b) => OneShape(a.Inner, b.Inner),
            (NonNullType, _) or (_, NonNullType) => false,
            _ => !one.IsLeaf && !other.IsLeaf || one == other,
        };

    static bool SameArguments(IReadOnlyList<Argument> one, IReadOnlyList<Argument> other)
    {
        if (one.Count != other.Count)
            return false;
        if (one.Count == 0)
            return true;
        foreach (var argument in one)
            if (other.LastOrDefault(a => a.Name == argument.Name) is not { } second || !Same(argument.Value, second.Value))
                return false;
        return true;
    }

    static bool Same(Value one, Value other) =>
        (one, other) switch
        {
            (VariableValue a, VariableValue b) => a.Name == b.Name,
            (IntValue a, IntValue b) => a.Text == b.Text,
            (FloatValue a, FloatValue b) => a.Text == b.Text,
            (StringValue a, StringValue b) => a.Text == b.Text && a.Block == b.Block,
            (BooleanValue a, BooleanValue b) => a.Is == b.Is,
            (NullValue, NullValue) => true,
            (EnumValue a, EnumValue b) => a.Name == b.Name,
            (ListValue a, ListValue b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second)),
            (ObjectValue a, ObjectValue b) => a.Fields.Count == b.Fields.Count
                && a.Fields.OrderBy(f => f.Name, StringComparer.Ordinal)
                    .Zip(b.Fields.OrderBy(f => f.Name, StringComparer.Ordinal))
                    .All(pair => pair.First.Name == pair.Second.Name && Same(pair.First.Value, pair.Second.Value)),
            _ => false,
        };
}
