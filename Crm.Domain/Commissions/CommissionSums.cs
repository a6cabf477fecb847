// What verbs over many commissions of an affiliate answer: how many there were, and what they come to.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Commissions;

public sealed record CommissionSums
{
    [Field("How many commissions there were.", Is = Is.Required)]
    public long Commissions { get; init; }

    [Field("What they come to, in each currency.", Is = Is.Required)]
    public ImmutableArray<Money> Sums { get; init; } = [];
}
