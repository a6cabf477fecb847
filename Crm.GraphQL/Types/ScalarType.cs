// Scalars: what a literal, a variable and a result may be for each.

namespace Crm.GraphQL.Types;

/// <summary>What a scalar takes; further checks are the resolver's.</summary>
public enum ScalarTakes
{
    Int,
    Long,
    Number,
    Text,
    Boolean,
    Id,
    Anything,
}

public sealed class ScalarType(string name, string? description, ScalarTakes takes, string? specifiedBy = null)
    : NamedType(name, description)
{
    public ScalarTakes Takes => takes;
    public string? SpecifiedBy => specifiedBy;

    public static readonly ScalarType Int = new("Int", "A whole number of 32 bits.", ScalarTakes.Int),
        Float = new("Float", "A number.", ScalarTakes.Number),
        String = new("String", "Text.", ScalarTakes.Text),
        Boolean = new("Boolean", "true or false.", ScalarTakes.Boolean),
        ID = new("ID", "An id: text that means nothing but itself.", ScalarTakes.Id);

    /// <summary>The five that every schema may name without defining them.</summary>
    public static readonly IReadOnlyList<ScalarType> BuiltIn = [String, Int, Float, Boolean, ID];

    public bool IsBuiltIn => this == Int || this == Float || this == String || this == Boolean || this == ID;
}
