// How much one document may ask for, before, inside and after parsing.

namespace Crm.GraphQL;

/// <param name="Characters">Of the document.</param>
/// <param name="Nesting">How deep the parser goes: selections, lists, objects and types together.</param>
/// <param name="Depth">Levels of fields, after fragments are put in.</param>
/// <param name="IntrospectionDepth">The same below __schema and __type, where every client goes deep.</param>
/// <param name="Fields">Fields of the operation after fragments are put in.</param>
/// <param name="Directives">In the whole document.</param>
/// <param name="Comparisons">Work of the validation that goes beyond a look at each node: pairs of fields that are compared, fragments that
/// are followed.</param>
public sealed record Limits(
    int Characters = 128 * 1024,
    int Tokens = 2_000,
    int Nesting = 64,
    int Depth = 12,
    int IntrospectionDepth = 20,
    int Aliases = 30,
    int RootFields = 10,
    int Fields = 500,
    int Fragments = 32,
    int Directives = 50,
    int DirectivesInOnePlace = 4,
    int ListItems = 500,
    int Comparisons = 10_000
);
