// A variable stands where its type is taken.

using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation.Rules;

static class VariablesInAllowedPositionRule
{
    public static void Begin(Walk walk) =>
        walk.AtEnd(document =>
        {
            foreach (var operation in document.Operations)
            {
                if (operation.Variables.Count == 0)
                    continue;
                var known = new Dictionary<string, (Variable Variable, GraphType? Type)>(operation.Variables.Count, StringComparer.Ordinal);
                foreach (var variable in operation.Variables)
                    known[variable.Name] = (variable, walk.Schema!.Type(variable.Type));
                Check(known, walk.Of(operation));
                foreach (var fragment in walk.Reached(operation))
                {
                    walk.Spend(walk.Of(fragment).Variables.Count);
                    Check(known, walk.Of(fragment));
                }
            }

            void Check(Dictionary<string, (Variable Variable, GraphType? Type)> known, Walk.Uses uses)
            {
                foreach (var use in uses.Variables)
                {
                    if (use.Type is null || !known.TryGetValue(use.Variable.Name, out var found) || found.Type is null)
                        continue;
                    var (variable, type) = found;
                    if (!Fits(type, variable.Default is not (null or NullValue), use.Type, use.HasDefault))
                        walk.Wrong($"${variable.Name} has another type than is needed here.", variable.At, use.Variable.At);
                    if (use.Inside is { IsOneOf: true } && type is not NonNullType)
                        walk.Wrong($"${variable.Name} may be null, and here it must not be.", variable.At, use.Variable.At);
                }
            }
        });

    static bool Fits(GraphType variable, bool hasDefault, GraphType place, bool placeHasDefault) =>
        place is NonNullType required && variable is not NonNullType
            ? (hasDefault || placeHasDefault) && Schema.IsSubtype(variable, required.Inner)
            : Schema.IsSubtype(variable, place);
}
