// A subscription has one root field, which is none of introspection's, and whether it is there does not depend on a condition.

using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation.Rules;

static class SingleFieldSubscriptionsRule
{
    public static void Begin(Walk walk) =>
        walk.OnOperation(operation =>
        {
            if (operation.Kind != OperationKind.Subscription || walk.Schema!.Subscription is not { } root)
                return;
            var (fields, order, conditions) = (
                new Dictionary<string, List<FieldNode>>(StringComparer.Ordinal),
                new List<List<FieldNode>>(),
                new List<Location>()
            );
            Collect(walk, root, operation.Selections, fields, order, conditions, []);
            if (conditions.Count > 0)
            {
                walk.Wrong("The field of a subscription takes no condition.", conditions);
                return;
            }
            if (order.Count > 1)
                walk.Wrong("A subscription has exactly one root field.", [.. order.Skip(1).SelectMany(same => same).Select(f => f.At)]);
            foreach (var same in order)
                if (same[0].Name.StartsWith("__", StringComparison.Ordinal))
                    walk.Wrong("A subscription cannot be about the schema.", [.. same.Select(f => f.At)]);
        });

    static void Collect(
        Walk walk,
        ObjectType root,
        IReadOnlyList<Selection> selections,
        Dictionary<string, List<FieldNode>> fields,
        List<List<FieldNode>> order,
        List<Location> conditions,
        HashSet<string> seen
    )
    {
        walk.Spend(selections.Count);
        foreach (var selection in selections)
        {
            var before = conditions.Count;
            foreach (var directive in selection.Directives)
                if (directive.Name is "skip" or "include")
                    conditions.Add(directive.At);
            if (conditions.Count > before)
                continue;
            switch (selection)
            {
                case FieldNode field:
                    if (!fields.TryGetValue(field.Key, out var same))
                    {
                        fields.Add(field.Key, same = []);
                        order.Add(same);
                    }
                    same.Add(field);
                    break;
                case FragmentSpread spread:
                    if (seen.Add(spread.Name) && walk.Document.Fragment(spread.Name) is { } fragment && Applies(fragment.On))
                        Collect(walk, root, fragment.Selections, fields, order, conditions, seen);
                    break;
                case InlineFragment inline:
                    if (inline.On is null || Applies(inline.On))
                        Collect(walk, root, inline.Selections, fields, order, conditions, seen);
                    break;
            }
        }

        bool Applies(NamedTypeNode on) => walk.Schema!.Type(on.Name) is { IsComposite: true } type && Schema.CanBe(type, root);
    }
}
