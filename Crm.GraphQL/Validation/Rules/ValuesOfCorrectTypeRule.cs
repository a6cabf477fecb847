// A value that is written out is one of the type of its place.

using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation.Rules;

static class ValuesOfCorrectTypeRule
{
    public static void Begin(Walk walk)
    {
        var place = "";
        walk.OnValue(given =>
        {
            place = given.Name;
            Check(given.Value, given.Type);
        });

        void Wrong(string message, Location at) => walk.Wrong($"{place}: {message}", at);

        void Check(Value value, GraphType? type)
        {
            if (type is null)
                return;
            switch (value)
            {
                case VariableValue: // Checked by its own type.
                    break;
                case NullValue:
                    if (type is NonNullType)
                        Wrong("A value is needed.", value.At);
                    break;
                case ListValue many when type.Nullable is ListType list:
                    foreach (var item in many.Items)
                        Check(item, list.Item);
                    break;
                case ObjectValue members when type.Named is InputObjectType input:
                    Members(members, input);
                    break;
                default:
                    if (type.Named is not (ScalarType or EnumType))
                        Wrong(value is ListValue or ObjectValue ? "The value does not fit its type." : "An object is needed.", value.At);
                    else if (!Coercion.Fits(value, type.Named))
                        Wrong(type.Named is EnumType ? "Not one of the allowed words." : "The value does not fit its type.", value.At);
                    break;
            }
        }

        void Members(ObjectValue given, InputObjectType input)
        {
            foreach (var field in input.Fields)
                if (field.IsRequired && !Gives(given, field.Name))
                    Wrong("A required field is missing.", given.At);
            if (input.IsOneOf)
            {
                var names = new HashSet<string>(given.Fields.Select(f => f.Name), StringComparer.Ordinal);
                if (names.Count != 1)
                    Wrong("Exactly one field is needed.", given.At);
                else if (given.Fields[^1].Value is NullValue)
                    Wrong("A value is needed.", given.At);
            }
            foreach (var member in given.Fields)
                if (input.Field(member.Name) is { } field)
                    Check(member.Value, field.Type.IsInput ? field.Type : null);
                else
                    Wrong($"There is no field {member.Name} here.", member.At);
        }
    }

    static bool Gives(ObjectValue given, string name)
    {
        foreach (var member in given.Fields)
            if (member.Name == name)
                return true;
        return false;
    }
}
