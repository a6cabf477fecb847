// What was spent on a day, and what for.

using System.Collections.Immutable;
using Crm.Domain.Resources;

namespace Crm.Domain.Values;

public sealed record CostEntry
{
    [Field("When it was spent.", Is = Is.Required)]
    public DateOnly? On { get; init; }

    [Field("How much.", Is = Is.Required)]
    public Money? Amount { get; init; }

    [Field("What for.", Max = 200, Is = Is.NoPerson)]
    public string? Note { get; init; }
}

/// <summary>A record with costs. They are always the sum over what is stored, as with <see cref="ICounted"/>.</summary>
public interface ICosts
{
    ImmutableArray<CostEntry> Costs { get; }

    /// <summary>What they are owed to.</summary>
    Subject CostsOf { get; }
}
