// Whether a document makes sense against a schema: all rules in one walk.

using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation;

public static class Validator
{
    const int MostErrors = 20;

    /// <summary>What is wrong with a document that shall be run, at most 20 errors. Messages name only what the caller wrote.</summary>
    public static IReadOnlyList<GraphError> Validate(Document document, Schema schema, Limits limits) =>
        Walk.Run(document, schema, limits.Comparisons, MostErrors, ValidationRule.Executable);

    /// <summary>What these rules find, all of it.</summary>
    public static IReadOnlyList<GraphError> Validate(
        Document document,
        Schema schema,
        Limits limits,
        params IReadOnlyList<ValidationRule> rules
    ) => Walk.Run(document, schema, limits.Comparisons, int.MaxValue, rules);

    /// <summary>What is wrong with a document in the schema language.</summary>
    /// <param name="extended">The schema that it extends, if it does.</param>
    public static IReadOnlyList<GraphError> ValidateSchema(
        Document document,
        Schema? extended,
        Limits limits,
        params IReadOnlyList<ValidationRule> rules
    ) => Walk.Run(document, extended, limits.Comparisons, int.MaxValue, rules.Count == 0 ? ValidationRule.OfSchemas : rules);
}
