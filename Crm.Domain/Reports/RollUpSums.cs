// Adds facts up into the roll-ups that will stand for them: over a limit they were never stored, or they are removed now.

using System.Runtime.InteropServices;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>Not for several threads at once.</summary>
sealed class RollUpSums
{
    /// <param name="First">The empty roll-up that it is added to, unless one is stored.</param>
    public sealed record Sum(RollUp First)
    {
        public long Facts { get; set; }
        public Dictionary<string, long> Measures { get; } = new(StringComparer.Ordinal);
    }

    readonly Dictionary<string, Sum> sums = new(StringComparer.Ordinal);

    public IReadOnlyCollection<Sum> All => sums.Values;

    /// <param name="counts">What the fact counts for in reports.</param>
    /// <param name="kind">What it is: part of the roll-up's class.</param>
    /// <param name="elsewhere">What it is owed to when no report counts it.</param>
    public void Add(
        IReadOnlyList<(Subject Of, string Measure, long Amount)> counts,
        string kind,
        bool human,
        DateTimeOffset time,
        string elsewhere
    )
    {
        if (counts.Count == 0)
            For(elsewhere).Facts++;
        string? first = null;
        foreach (var (of, measure, amount) in counts)
        {
            var subject = of.Written;
            var sum = For(subject);
            if (subject != first)
                sum.Facts++;
            first = subject;
            sum.Measures[measure] = sum.Measures.GetValueOrDefault(measure) + amount;
        }

        Sum For(string subject)
        {
            var rollUp = RollUp.For(subject, kind, human, time);
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, rollUp.Key, out _);
            return sum ??= new(rollUp);
        }
    }

    /// <summary>Into a unit of work: counters follow from roll-ups as from every record that reports count.</summary>
    public static async ValueTask Store(UnitOfWork work, IEnumerable<Sum> sums, CancellationToken cancel)
    {
        foreach (var sum in sums)
        {
            (string, long)[] more = [.. sum.Measures.Select(m => (m.Key, m.Value))];
            if (await work.FindBy<RollUp>("key", sum.First.Key, cancel) is { } known)
                work.Replace(known, known.Plus(sum.Facts, more), null);
            else
                work.Insert(sum.First.Plus(sum.Facts, more), null);
        }
    }
}
