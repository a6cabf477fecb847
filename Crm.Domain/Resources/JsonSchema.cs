// How a kind of value is described to readers of the API.

namespace Crm.Domain.Resources;

/// <summary>The part of JSON Schema that the kinds need; the API turns it into OpenAPI.</summary>
public sealed record JsonSchema(
    string Type,
    string? Format = null,
    long? MaxLength = null,
    decimal? Minimum = null,
    decimal? Maximum = null,
    IReadOnlyList<string>? Enum = null,
    string? Pattern = null,
    JsonSchema? Items = null,
    long? MaxItems = null,
    Type? Object = null
);
