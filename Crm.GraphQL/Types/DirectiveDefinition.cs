// Directives: where they can stand and what they take. Those of the specification are in every schema.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Types;

public sealed record DirectiveDefinition(
    string Name,
    string? Description,
    IReadOnlyList<string> Locations,
    IReadOnlyList<ArgumentDefinition> Arguments,
    bool IsRepeatable = false
)
{
    internal const string StandardReason = "No longer supported";

    static readonly string[] Selections = ["FIELD", "FRAGMENT_SPREAD", "INLINE_FRAGMENT"];

    /// <summary>Where it stands, when it came from a text.</summary>
    public DirectiveDefinitionNode? Node { get; init; }

    public static readonly DirectiveDefinition Include =
            new("include", "Takes the field in only when the condition is true.", Selections, [new("if", ScalarType.Boolean.NonNull)]),
        Skip = new("skip", "Leaves the field out when the condition is true.", Selections, [new("if", ScalarType.Boolean.NonNull)]),
        Deprecated =
            new(
                "deprecated",
                "Marks what will go away.",
                ["FIELD_DEFINITION", "ARGUMENT_DEFINITION", "INPUT_FIELD_DEFINITION", "ENUM_VALUE"],
                [new("reason", ScalarType.String, Default: new StringValue(StandardReason, default))]
            ),
        SpecifiedBy = new("specifiedBy", "Names the text that defines a scalar.", ["SCALAR"], [new("url", ScalarType.String.NonNull)]),
        OneOf = new("oneOf", "Exactly one field of the input object must be given.", ["INPUT_OBJECT"], []);

    public static readonly IReadOnlyList<DirectiveDefinition> Specified = [Include, Skip, Deprecated, SpecifiedBy, OneOf];

    /// <summary>What rules look at.</summary>
    public DirectiveSignature Signature { get; } =
        new(Locations, IsRepeatable, [.. Arguments.Select(a => a.Name)], [.. Arguments.Where(a => a.IsRequired).Select(a => a.Name)]);

    public bool IsSpecified => Specified.Any(one => one.Name == Name);

    /// <summary>What <c>@deprecated</c> says among these; null when it is not there. Throws <see cref="SchemaException"/> when it says no
    /// text.</summary>
    public static string? ReasonIn(IReadOnlyList<Directive> directives) => Text(directives, "deprecated", "reason", StandardReason);

    /// <summary>What <c>@specifiedBy</c> says among these.</summary>
    public static string? UrlIn(IReadOnlyList<Directive> directives) => Text(directives, "specifiedBy", "url", null);

    static string? Text(IReadOnlyList<Directive> directives, string name, string argument, string? otherwise) =>
        directives.FirstOrDefault(d => d.Name == name) is not { } found
            ? null
            : found.Arguments.FirstOrDefault(a => a.Name == argument)?.Value switch
            {
                StringValue text => text.Text,
                null => otherwise,
                NullValue => null,
                var other => throw new SchemaException([new($"{argument} of @{name} is a text.", [other.At])]),
            };
}

/// <summary>How a directive is used, whether it is known from a schema or just now defined by the document.</summary>
/// <param name="Needs">The arguments that must be given.</param>
public sealed record DirectiveSignature(
    IReadOnlyList<string> Places,
    bool IsRepeatable,
    IReadOnlyList<string> Takes,
    IReadOnlyList<string> Needs
)
{
    public static DirectiveSignature Of(DirectiveDefinitionNode node) =>
        new(
            node.Locations,
            node.IsRepeatable,
            [.. node.Arguments.Select(a => a.Name)],
            [.. node.Arguments.Where(a => a.Type is NonNullTypeNode && a.Default is null).Select(a => a.Name)]
        );
}
