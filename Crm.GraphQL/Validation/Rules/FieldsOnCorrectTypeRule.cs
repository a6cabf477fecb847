// A field that is asked for is one of its type's.

namespace Crm.GraphQL.Validation.Rules;

static class FieldsOnCorrectTypeRule
{
    public static void Begin(Walk walk) =>
        walk.OnField(field =>
        {
            if (walk.Parent is not null && walk.Field is null)
                walk.Wrong($"There is no field {field.Name} here.", field.At);
        });
}
