// Objects are asked for with a selection of their fields, and what has no fields without one.

namespace Crm.GraphQL.Validation.Rules;

static class ScalarLeafsRule
{
    public static void Begin(Walk walk) =>
        walk.OnField(field =>
        {
            if (walk.Field?.Type.Named is not { } type)
                return;
            if (type.IsComposite && field.Selections.Count == 0)
                walk.Wrong($"{field.Name} needs a selection of its fields.", field.At);
            else if (type.IsLeaf && field.Selections.Count > 0)
                walk.Wrong($"{field.Name} has no fields.", field.SelectionsAt);
        });
}
