// A subscription's one root field: which stream of happenings is asked for. Each happening then runs the plan once, with itself as the
// field's value.

using System.Text.Json;

namespace Crm.GraphQL.Execution;

/// <param name="Field">The root field; its resolver hands over the happening that the context holds.</param>
/// <param name="Arguments">Coerced, for whoever opens the stream.</param>
public sealed record Subscription(PlannedField Field, JsonElement Arguments)
{
    /// <summary>Throws <see cref="PlanException"/> unless there is exactly one root field, and <see cref="CoercionException"/> when a
    /// variable leaves an argument without its value.</summary>
    public static Subscription Of(Plan plan, Dictionary<string, JsonElement> variables)
    {
        if (plan.Root.Fields is not [{ Load: not null } field])
            throw new PlanException("A subscription has exactly one root field.", plan.Operation.At);
        return new(field, Coercion.Arguments(field.Definition.Takes, field.Node.Arguments, variables));
    }
}
