// What reading a value may depend on.

namespace Crm.Domain.Resources;

/// <summary>What reading a value may depend on.</summary>
/// <param name="DefaultCountry">ISO 3166 code for phone numbers without a country code; null when the workspace has none.</param>
/// <param name="CustomFields">The workspace's own fields of the resource that is read.</param>
public sealed record ReadContext(string? DefaultCountry, IReadOnlyList<Field> CustomFields)
{
    public static readonly ReadContext Nothing = new(null, []);

    /// <summary>Our own stored JSON: it was checked when it was written, and stays what it is when the rules change.</summary>
    public static readonly ReadContext Stored = new(null, []) { IsStored = true };

    public bool IsStored { get; private init; }
}
