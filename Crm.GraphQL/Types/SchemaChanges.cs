// What of a schema's change breaks clients, and what may surprise them: the kinds and their names are those of the reference
// implementation.

namespace Crm.GraphQL.Types;

/// <param name="Kind">Such as FIELD_REMOVED.</param>
/// <param name="Path">What it is about, such as Lead.email or Query.leads(first:).</param>
/// <param name="IsBreaking">Documents that worked are refused, or answers are of another shape. Otherwise it is only dangerous: clients
/// that are not prepared can stumble.</param>
public sealed record SchemaChange(string Kind, string Path, string Description, bool IsBreaking)
{
    public override string ToString() => $"{(IsBreaking ? "breaks" : "dangerous")}: {Kind} {Path}: {Description}";
}

public sealed class SchemaChanges
{
    readonly List<SchemaChange> found = [];

    /// <summary>Every change that is breaking or dangerous, types first, in the order of the older schema.</summary>
    public static IReadOnlyList<SchemaChange> Between(Schema older, Schema newer)
    {
        var changes = new SchemaChanges();
        changes.Types(older, newer);
        changes.Directives(older, newer);
        return changes.found;
    }

    void Breaks(string kind, string path, string description) => found.Add(new(kind, path, description, true));

    void Dangerous(string kind, string path, string description) => found.Add(new(kind, path, description, false));

    static (List<T> Added, List<T> Removed, List<(T Old, T New)> Kept) Compare<T>(
        IEnumerable<T> older,
        IEnumerable<T> newer,
        Func<T, string> name
    )
    {
        // Names are told apart by the schema language's rules; the last counts where code said one twice.
        var (before, now) = (ByName(older), ByName(newer));
        return (
            [.. now.Where(n => !before.ContainsKey(n.Key)).Select(n => n.Value)],
            [.. before.Where(o => !now.ContainsKey(o.Key)).Select(o => o.Value)],
            [.. before.Where(o => now.ContainsKey(o.Key)).Select(o => (o.Value, now[o.Key]))]
        );

        Dictionary<string, T> ByName(IEnumerable<T> all)
        {
            var named = new Dictionary<string, T>(StringComparer.Ordinal);
            foreach (var one in all)
                named[name(one)] = one;
            return named;
        }
    }

    void Types(Schema older, Schema newer)
    {
        var types = Compare(older.Types, newer.Types, t => t.Name);
        foreach (var type in types.Removed)
            Breaks("TYPE_REMOVED", type.Name, ScalarType.BuiltIn.Contains(type) ? "It is not used any more." : "It was removed.");
        foreach (var (old, now) in types.Kept)
            switch (old, now)
            {
                case (EnumType a, EnumType b):
                    Values(a, b);
                    break;
                case (UnionType a, UnionType b):
                    Members(a, b);
                    break;
                case (InputObjectType a, InputObjectType b):
                    Inputs(a, b);
                    break;
                case (FieldsType, FieldsType) when old.Keyword == now.Keyword:
                    Fields((FieldsType)old, (FieldsType)now);
                    break;
                default:
                    if (old.Keyword != now.Keyword)
                        Breaks("TYPE_CHANGED_KIND", old.Name, $"It was {Kind(old)} and is {Kind(now)}.");
                    break;
            }
    }

    static string Kind(NamedType type) =>
        type switch
        {
            ScalarType => "a scalar",
            ObjectType => "an object",
            InterfaceType => "an interface",
            UnionType => "a union",
            EnumType => "an enum",
            _ => "an input object",
        };

    void Values(EnumType old, EnumType now)
    {
        var values = Compare(old.Values, now.Values, v => v.Name);
        foreach (var value in values.Added)
            Dangerous("VALUE_ADDED_TO_ENUM", $"{old.Name}.{value.Name}", "Clients may not know the value.");
        foreach (var value in values.Removed)
            Breaks("VALUE_REMOVED_FROM_ENUM", $"{old.Name}.{value.Name}", "The value was removed.");
    }

    void Members(UnionType old, UnionType now)
    {
        var types = Compare(old.Types, now.Types, t => t.Name);
        foreach (var type in types.Added)
            Dangerous("TYPE_ADDED_TO_UNION", $"{old.Name}.{type.Name}", "Clients may not know the type.");
        foreach (var type in types.Removed)
            Breaks("TYPE_REMOVED_FROM_UNION", $"{old.Name}.{type.Name}", "The type was removed from the union.");
    }

    void Inputs(InputObjectType old, InputObjectType now)
    {
        var fields = Compare(old.Fields, now.Fields, f => f.Name);
        foreach (var field in fields.Added)
            if (field.IsRequired)
                Breaks("REQUIRED_INPUT_FIELD_ADDED", $"{old.Name}.{field.Name}", "What was given so far lacks it.");
            else
                Dangerous("OPTIONAL_INPUT_FIELD_ADDED", $"{old.Name}.{field.Name}", "It may be given now.");
        foreach (var field in fields.Removed)
            Breaks("FIELD_REMOVED", $"{old.Name}.{field.Name}", "It was removed.");
        foreach (var (before, after) in fields.Kept)
            if (!TakesWhat(before.Type, after.Type))
                Breaks("FIELD_CHANGED_KIND", $"{old.Name}.{before.Name}", $"It took {before.Type} and takes {after.Type}.");
    }

    void Fields(FieldsType old, FieldsType now)
    {
        var fields = Compare(old.Fields, now.Fields, f => f.Name);
        foreach (var field in fields.Removed)
            Breaks("FIELD_REMOVED", $"{old.Name}.{field.Name}", "It was removed.");
        foreach (var (before, after) in fields.Kept)
        {
            Arguments($"{old.Name}.{before.Name}", before, after);
            if (!GivesWhat(before.Type, after.Type))
                Breaks("FIELD_CHANGED_KIND", $"{old.Name}.{before.Name}", $"It was {before.Type} and is {after.Type}.");
        }
        var interfaces = Compare(old.Interfaces, now.Interfaces, i => i.Name);
        foreach (var shared in interfaces.Added)
            Dangerous("IMPLEMENTED_INTERFACE_ADDED", $"{old.Name}.{shared.Name}", "Fragments on the interface take it in now.");
        foreach (var shared in interfaces.Removed)
            Breaks("IMPLEMENTED_INTERFACE_REMOVED", $"{old.Name}.{shared.Name}", "It does not implement the interface any more.");
    }

    void Arguments(string field, FieldDefinition old, FieldDefinition now)
    {
        var arguments = Compare(old.Takes, now.Takes, a => a.Name);
        foreach (var argument in arguments.Removed)
            Breaks("ARG_REMOVED", $"{field}({argument.Name}:)", "It was removed.");
        foreach (var (before, after) in arguments.Kept)
            if (!TakesWhat(before.Type, after.Type))
                Breaks("ARG_CHANGED_KIND", $"{field}({before.Name}:)", $"It took {before.Type} and takes {after.Type}.");
            else if (
                before.Default is not null
                && DefaultText.Sorted(before) is var standard
                && DefaultText.Sorted(after) is var other
                && standard != other
            )
                Dangerous(
                    "ARG_DEFAULT_VALUE_CHANGE",
                    $"{field}({before.Name}:)",
                    other is null ? $"Its default, {standard}, was removed." : $"Its default was {standard} and is {other}."
                );
        foreach (var argument in arguments.Added)
            if (argument.IsRequired)
                Breaks("REQUIRED_ARG_ADDED", $"{field}({argument.Name}:)", "What asked for the field so far lacks it.");
            else
                Dangerous("OPTIONAL_ARG_ADDED", $"{field}({argument.Name}:)", "It may be given now.");
    }

    void Directives(Schema older, Schema newer)
    {
        var directives = Compare(older.Directives, newer.Directives, d => d.Name);
        foreach (var directive in directives.Removed)
            Breaks("DIRECTIVE_REMOVED", $"@{directive.Name}", "It was removed.");
        foreach (var (old, now) in directives.Kept)
        {
            var arguments = Compare(old.Arguments, now.Arguments, a => a.Name);
            foreach (var argument in arguments.Added)
                if (argument.IsRequired)
                    Breaks("REQUIRED_DIRECTIVE_ARG_ADDED", $"@{old.Name}({argument.Name}:)", "What used the directive so far lacks it.");
            foreach (var argument in arguments.Removed)
                Breaks("DIRECTIVE_ARG_REMOVED", $"@{old.Name}({argument.Name}:)", "It was removed.");
            if (old.IsRepeatable && !now.IsRepeatable)
                Breaks("DIRECTIVE_REPEATABLE_REMOVED", $"@{old.Name}", "It can stand only once in a place now.");
            foreach (var place in old.Locations)
                if (!now.Locations.Contains(place))
                    Breaks("DIRECTIVE_LOCATION_REMOVED", $"@{old.Name} {place}", $"It cannot stand at {place} any more.");
        }
    }

    /// <summary>Whether what reads the old type can read the new one: it may have become non-null.</summary>
    static bool GivesWhat(GraphType old, GraphType now) =>
        (old, now) switch
        {
            (NonNullType a, NonNullType b) => GivesWhat(a.Inner, b.Inner),
            (NonNullType, _) => false,
            (_, NonNullType b) => GivesWhat(old, b.Inner),
            (ListType a, ListType b) => GivesWhat(a.Item, b.Item),
            (NamedType a, NamedType b) => a.Name == b.Name,
            _ => false,
        };

    /// <summary>Whether what gave the old type is taken by the new one: it may have become nullable.</summary>
    static bool TakesWhat(GraphType old, GraphType now) =>
        (old, now) switch
        {
            (NonNullType a, NonNullType b) => TakesWhat(a.Inner, b.Inner),
            (NonNullType a, _) => TakesWhat(a.Inner, now),
            (_, NonNullType) => false,
            (ListType a, ListType b) => TakesWhat(a.Item, b.Item),
            (NamedType a, NamedType b) => a.Name == b.Name,
            _ => false,
        };
}
