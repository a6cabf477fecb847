// What a record counts for in reports: the record says it, the counters keep it.

using Crm.Domain.Resources;

namespace Crm.Domain.Values;

/// <summary>
/// A record that reports count. Its numbers follow from the record alone, so counters are always the sum over what is stored: a new record
/// adds its numbers, a changed one the difference, a deleted one takes them back. Nothing else may count, and a recount needs nothing else.
/// </summary>
public interface ICounted
{
    /// <summary>Names what this record counts for; called before and after each change.</summary>
    void Count(Counts to);
}

/// <summary>What records of a resource count for in one report that brings a dimension of its own, by the rules of <see
/// cref="ICounted"/>.</summary>
public sealed record Counting(ResourceType Type, Action<Resource, Counts> Count)
{
    public static Counting Of<T>(Action<T, Counts> count)
        where T : Resource => new(ResourceType.Of<T>(), (record, to) => count((T)record, to));
}

/// <summary>What one record counts for.</summary>
/// <param name="kinds">Kinds of subjects that some report shows; nothing else is counted.</param>
public sealed class Counts(string kinds)
{
    readonly List<(Subject Of, string Measure, long Amount)> entries = new(2);

    public IReadOnlyList<(Subject Of, string Measure, long Amount)> Entries => entries;

    public void Add(in Subject of, string measure, long amount = 1)
    {
        if (kinds.Contains(of.Kind))
            entries.Add((of, measure, amount));
    }
}
