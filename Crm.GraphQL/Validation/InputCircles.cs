// Input objects that cannot be written down, because each needs another one inside, and defaults that contain themselves.

using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation;

sealed class InputCircles(Action<string, IEnumerable<Location?>> wrong)
{
    readonly HashSet<InputObjectType> seen = [];
    readonly HashSet<ArgumentDefinition> done = new(ReferenceEqualityComparer.Instance),
        under = new(ReferenceEqualityComparer.Instance);

    public void Check(IEnumerable<InputObjectType> types)
    {
        foreach (var type in types)
        {
            Needs(type, [], []);
            foreach (var field in type.Fields)
                Default(field);
        }
    }

    void Needs(InputObjectType type, List<ArgumentDefinition> path, Dictionary<InputObjectType, int> places)
    {
        if (!seen.Add(type))
            return;
        places[type] = path.Count;
        foreach (var field in type.Fields)
        {
            if (field.Type is not NonNullType { Inner: InputObjectType inner })
                continue;
            path.Add(field);
            if (places.TryGetValue(inner, out var from))
                wrong(
                    $"{inner.Name} needs one of its own kind inside: {string.Join('.', path.Skip(from).Select(f => f.Name))}.",
                    path.Skip(from).Select(f => f.Node?.At)
                );
            else
                Needs(inner, path, places);
            path.RemoveAt(path.Count - 1);
        }
        places.Remove(type);
    }

    /// <summary>A default is what is written and, for fields of its objects that are left out, their defaults; none of them may be waiting
    /// for itself.</summary>
    void Default(ArgumentDefinition field)
    {
        if (field.Default is null || done.Contains(field))
            return;
        if (!under.Add(field))
        {
            done.Add(field);
            wrong($"The default of {field.Name} contains itself.", [field.Node?.At]);
            return;
        }
        Inside(field.Default, field.Type);
        under.Remove(field);
        done.Add(field);
    }

    void Inside(Value value, GraphType type)
    {
        if (value is ListValue many)
            foreach (var item in many.Items)
                Inside(item, type.Nullable is ListType list ? list.Item : type);
        else if (value is ObjectValue members && type.Named is InputObjectType input)
            foreach (var field in input.Fields)
                if (members.Fields.FirstOrDefault(m => m.Name == field.Name) is { } given)
                    Inside(given.Value, field.Type);
                else
                    Default(field);
    }
}
