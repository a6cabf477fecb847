// A roll-up: what stands for facts that were counted and are not stored, so that a recount agrees to the unit without them.

using System.Collections.Immutable;
using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <summary>One for each subject, quarter of an hour and class. Its id is of that quarter: counters are kept by the times of ids.</summary>
[Resource("rollUp", "roll-ups", "roll", "Facts that are counted and not stored.", Can = Operations.None, RecordsEvents = false)]
public sealed record RollUp : Resource, ICounted
{
    /// <summary>Quarters of an hour, as counters have them.</summary>
    static readonly long Quarter = TimeSpan.FromMinutes(15).Ticks;

    [Field("Quarter, class and subject.", Max = 300, Is = Is.Secret | Is.Unique | Is.NoPerson)]
    public string Key { get; init; } = "";

    [Field("What they were: click or a kind of touch, of persons or of robots.", Max = 60, Is = Is.Secret | Is.NoPerson)]
    public string Class { get; init; } = "";

    [Field("What they are owed to, as counters' names have it.", Max = 200, Is = Is.Secret | Is.NoPerson)]
    public string Subject { get; init; } = "";

    [Field("How many facts it stands for.", Is = Is.Secret)]
    public long Facts { get; init; }

    [Field("What they count for in reports.", Max = 20, Is = Is.Secret)]
    public ImmutableArray<RolledUp> Measures { get; init; } = [];

    void ICounted.Count(Counts to)
    {
        if (Values.Subject.Read(Subject) is { } of)
            foreach (var measure in Measures)
                to.Add(of, measure.Name, measure.Amount);
    }

    /// <summary>An empty one for facts of this time.</summary>
    internal static RollUp For(string subject, string kind, bool human, DateTimeOffset time)
    {
        var quarter = new DateTimeOffset(time.UtcTicks / Quarter * Quarter, TimeSpan.Zero);
        var of = $"{kind}.{(human ? "person" : "robot")}";
        return new()
        {
            Id = IdGenerator.At(quarter),
            Key = string.Create(CultureInfo.InvariantCulture, $"{quarter:yyyyMMddHHmm}/{of}/{subject}"),
            Class = of,
            Subject = subject,
        };
    }

    /// <summary>With as much more.</summary>
    internal RollUp Plus(long facts, IReadOnlyCollection<(string Name, long Amount)> measures)
    {
        var sums = Measures.ToDictionary(m => m.Name, m => m.Amount, StringComparer.Ordinal);
        foreach (var (name, amount) in measures)
            sums[name] = sums.GetValueOrDefault(name) + amount;
        return this with
        {
            Facts = Facts + facts,
            Measures = [.. sums.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new RolledUp { Name = s.Key, Amount = s.Value })],
        };
    }
}

public sealed record RolledUp
{
    [Field("The measure.", Max = 60, Is = Is.NoPerson)]
    public string Name { get; init; } = "";

    [Field("How much.")]
    public long Amount { get; init; }
}
