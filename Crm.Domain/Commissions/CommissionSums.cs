// What verbs over many commissions of an affiliate answer: how many there were, and what they come to.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Commissions;

public sealed record CommissionSums
{
    [Field("How many commissions there were.", Is = Is.Required)]
    public long Commissions { get; init; }

    [Field("What they come to, in each currency.", Is = Is.Required)]
    public ImmutableArray<Money> Sums { get; init; } = [];

    [Field("Whether there are more than the 1,000 that one request does.", Is = Is.Required)]
    public bool More { get; init; }

    public static ActionResult Of(IReadOnlyList<Commission> commissions, bool more = false) =>
        ActionResult.Of(
            new CommissionSums
            {
                Commissions = commissions.Count,
                Sums =
                [
                    .. commissions
                        .Where(c => c.Amount is not null)
                        .GroupBy(c => c.Amount!.Currency)
                        .OrderBy(g => g.Key, StringComparer.Ordinal)
                        .Select(g => new Money { Amount = g.Sum(c => c.Amount!.Amount), Currency = g.Key }),
                ],
                More = more,
            }
        );
}
