// What a report is: its lines, its columns, its order and its picture, said once for every edge.

using Crm.Domain.Resources;

namespace Crm.Domain.Values;

public enum Drawing
{
    /// <summary>Bars for each line, one for each measure.</summary>
    Bars,

    /// <summary>One bar for each measure of the totals, each a part of the one before.</summary>
    Funnel,
}

/// <summary>
/// REST, GraphQL, OpenAPI, CSV, pictures, the page of reports, the recount and the table in docs/reports.md all walk these; none knows a
/// report by name.
/// </summary>
/// <param name="Name">As in addresses: <c>countries</c>.</param>
/// <param name="Line">What a line is about, as in JSON: <c>country</c>.</param>
/// <param name="Title">As people read it.</param>
public sealed record ReportDefinition(string Name, string Line, string Title)
{
    /// <summary>What there is a line for, in a few words for the documentation.</summary>
    public required string Description { get; init; }

    public required Dimension By { get; init; }

    public required IReadOnlyList<ReportColumn> Columns { get; init; }

    /// <summary>The measure whose largest number comes first unless somebody asks for another order.</summary>
    public string Order { get; init; } = Measures.Clicks;

    /// <summary>Measures in the picture, at most three, each with a column.</summary>
    public required IReadOnlyList<string> Drawn { get; init; }

    public Drawing Drawing { get; init; }

    /// <summary>The word of a line as people read it, where lines are no records: <c>paid-search</c> is Paid search.</summary>
    public Func<string, string> Wording { get; init; } = word => word;

    /// <summary>What records count for here, in a dimension that no resource knows of itself. Of reports that share it, one says
    /// so.</summary>
    public IReadOnlyList<Counting> Counted { get; init; } = [];

    public bool HasClicks => Has(Measures.Clicks);

    public bool HasCosts => Columns.Any(column => column is ReportColumn.Money { Measure: Measures.Cost });

    public IReadOnlyList<ReportColumn.Count> DrawnColumns =>
        [.. Columns.OfType<ReportColumn.Count>().Where(column => Drawn.Contains(column.Measure))];

    /// <summary>What comes first without another order, as people read it; null: there is one line.</summary>
    public string? OrderLabel =>
        By.Part == SubjectPart.None ? null : Columns.OfType<ReportColumn.Count>().First(column => column.Measure == Order).Label;

    internal bool Has(string measure) => Columns.Any(column => column is ReportColumn.Count count && count.Measure == measure);
}

/// <summary>The reports of an installation, and what a record counts for in them.</summary>
public sealed class ReportList
{
    public static readonly ReportList None = new([]);

    readonly Dictionary<ResourceType, Counting[]> counting;

    /// <exception cref="ArgumentException">A definition that cannot be served: a programmer's mistake.</exception>
    public ReportList(IReadOnlyList<ReportDefinition> all)
    {
        All = all;
        Names = [.. all.Select(report => report.Name)];
        var dimensions = all.Select(report => report.By).Where(by => by.Part == SubjectPart.Whole).Distinct().ToList();
        if (Names.Distinct(StringComparer.Ordinal).Count() < all.Count)
            throw new ArgumentException("Two reports have the same name.");
        foreach (var by in dimensions)
            if (by.Kind is < 'a' or > 'z' || Dimension.Reserved.Contains(by.Kind) || dimensions.Count(other => other.Kind == by.Kind) > 1)
                throw new ArgumentException($"A dimension's letter must be its own, and none of {Dimension.Reserved}: {by.Kind}.");
        foreach (var report in all)
            if (report.DrawnColumns.Count is 0 or > 3 || report.DrawnColumns.Count < report.Drawn.Count || !report.Has(report.Order))
                throw new ArgumentException($"What {report.Name} draws and is ordered by must be among its columns; it draws up to 3.");
        Kinds = string.Concat(all.Select(report => report.By.Kind).Distinct());
        counting = all.SelectMany(report => report.Counted)
            .GroupBy(one => one.Type)
            .ToDictionary(group => group.Key, group => group.ToArray());
    }

    public IReadOnlyList<ReportDefinition> All { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>First letters of all counters by subject.</summary>
    public string Kinds { get; }

    public ReportDefinition? Find(string name) => All.FirstOrDefault(report => report.Name == name);

    /// <summary>Whether records of this resource count for anything.</summary>
    public bool Count(ResourceType type) => type.Clr.IsAssignableTo(typeof(ICounted)) || counting.ContainsKey(type);

    /// <summary>What a record counts for: what it says itself, and what reports say of it.</summary>
    public IReadOnlyList<(Subject Of, string Measure, long Amount)> CountsOf(ResourceType type, Resource? record)
    {
        if (record is null)
            return [];
        var more = counting.GetValueOrDefault(type);
        if (record is not ICounted && more is null)
            return [];
        var counts = new Counts(Kinds);
        (record as ICounted)?.Count(counts);
        foreach (var one in more ?? [])
            one.Count(record, counts);
        return counts.Entries;
    }
}
