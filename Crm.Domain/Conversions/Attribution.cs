// How the value of a conversion is shared among the touches before it: whole minor units that always add up to the value.

namespace Crm.Domain.Conversions;

public enum AttributionModel
{
    First,
    Last,
    LastNonDirect,
    Linear,
    PositionBased,
    TimeDecay,
}

/// <summary>What a model looks at.</summary>
/// <param name="Direct">The visitor came by himself: nothing of ours brought him.</param>
public readonly record struct AttributedStep(DateTimeOffset At, bool Direct);

public static class Attribution
{
    /// <summary>A touch this much older than another counts half as much under time decay.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(7);

    /// <summary>Under position-based: of a hundred parts, the first and the last touch each get so many, those between them share the
    /// rest.</summary>
    public const int OfEnds = 40;

    /// <summary>How much each touch counts. Whole numbers, not all 0, in the order of <paramref name="touches"/>, which are at least one,
    /// the oldest first.</summary>
    public static long[] Weights(AttributionModel model, IReadOnlyList<AttributedStep> touches)
    {
        var weights = new long[touches.Count];
        var last = touches.Count - 1;
        switch (model)
        {
            case AttributionModel.First:
                weights[0] = 1;
                break;
            case AttributionModel.Last:
                weights[last] = 1;
                break;
            case AttributionModel.LastNonDirect:
                while (last > 0 && touches[last].Direct)
                    last--;
                weights[touches[last].Direct ? touches.Count - 1 : last] = 1;
                break;
            case AttributionModel.Linear:
                Array.Fill(weights, 1);
                break;
            case AttributionModel.PositionBased when touches.Count <= 2:
                Array.Fill(weights, 1);
                break;
            case AttributionModel.PositionBased:
                var between = touches.Count - 2;
                Array.Fill(weights, 100 - 2 * OfEnds);
                weights[0] = weights[last] = (long)OfEnds * between;
                break;
            case AttributionModel.TimeDecay:
                // Powers of two of the age, as whole numbers: the newest has 2^40, and what is older than 40 half-lives still has 1.
                for (var i = 0; i < weights.Length; i++)
                    weights[i] = Math.Max(1, (long)(Math.Pow(2, -Math.Max(0, (touches[last].At - touches[i].At) / HalfLife)) * (1L << 40)));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(model));
        }
        return weights;
    }

    /// <summary>Shares <paramref name="amount"/> by weights. Each share is rounded down; what is left goes, one by one, to those that lost
    /// most by it, the older first.</summary>
    public static long[] Share(long amount, IReadOnlyList<long> weights)
    {
        var all = weights.Aggregate((Int128)0, (sum, weight) => sum + weight);
        var (shares, lost) = (new long[weights.Count], new (Int128 Remainder, int At)[weights.Count]);
        var whole = amount < 0 ? -(Int128)amount : amount;
        var left = whole;
        for (var i = 0; i < shares.Length; i++)
        {
            var (share, remainder) = Int128.DivRem(whole * weights[i], all);
            (shares[i], lost[i]) = ((long)share, (remainder, i));
            left -= share;
        }
        foreach (var (_, at) in lost.OrderByDescending(l => l.Remainder).ThenBy(l => l.At).Take((int)left))
            shares[at]++;
        return amount < 0 ? [.. shares.Select(share => -share)] : shares;
    }
}
