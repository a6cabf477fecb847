// Documents that were read and checked once, by their text. One for each schema.

using System.Collections.Concurrent;
using System.Text.Json;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;
using Crm.GraphQL.Validation;

namespace Crm.GraphQL;

/// <param name="Errors">What is wrong with it; it cannot be run then.</param>
public sealed record CheckedDocument(Document? Document, IReadOnlyList<GraphError> Errors)
{
    readonly ConcurrentDictionary<string, Plan> plans = new(StringComparer.Ordinal);

    /// <summary>The plan of an operation. Conditions (@skip, @include) are part of a plan, so the values of the variables they name are
    /// part of its key.</summary>
    public Plan Plan(Operation operation, Schema schema, Limits limits, Dictionary<string, JsonElement> variables)
    {
        var key =
            operation.Name
            + "|"
            + string.Join(
                '|',
                operation
                    .Variables.Where(v =>
                        v.Type is NamedTypeNode { Name: "Boolean" } or NonNullTypeNode { Inner: NamedTypeNode { Name: "Boolean" } }
                    )
                    .Select(v => variables.TryGetValue(v.Name, out var value) ? value.GetRawText() : "")
            );
        if (plans.TryGetValue(key, out var known))
            return known;
        var plan = Planner.Of(Document!, operation, schema, limits, variables);
        if (plans.Count < MostPlans)
            plans[key] = plan;
        return plan;
    }

    const int MostPlans = 16;
}

public sealed class Documents(Schema schema, Limits limits)
{
    const int Most = 1_000,
        MostCharacters = 16 * 1024;

    readonly ConcurrentDictionary<string, CheckedDocument> known = new(StringComparer.Ordinal);

    /// <summary>Hashes of texts that came once, each in its place until another one takes it; a lost or a strange one costs nothing but a
    /// reading or an entry.</summary>
    readonly int[] once = new int[4 * Most];

    public Schema Schema => schema;
    public Limits Limits => limits;

    public CheckedDocument Read(string text)
    {
        if (known.TryGetValue(text, out var found))
            return found;
        CheckedDocument read;
        try
        {
            var document = Parser.Parse(text, limits);
            read = new(document, Validator.Validate(document, schema, limits));
        }
        catch (SyntaxException error)
        {
            return new(null, [new(error.Message, [error.At])]);
        }
        // Only what is correct, of a usual size and comes a second time is kept: nobody fills the cache with rubbish, and clients that
        // write values into their texts push nobody's out.
        // To keep each new one made it three times as dear: 40 KB of nodes that live on are moved by the collector twice.
        if (read.Errors.Count == 0 && text.Length <= MostCharacters && CameBefore(text))
        {
            if (known.Count >= Most)
                known.Clear();
            known[text] = read;
        }
        return read;
    }

    bool CameBefore(string text)
    {
        var hash = text.GetHashCode(StringComparison.Ordinal);
        ref var place = ref once[(uint)hash % once.Length];
        if (place == hash)
            return true;
        place = hash;
        return false;
    }
}
