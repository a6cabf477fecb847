// What is asked of the reports: which one, which days, and how they are to be cut and compared.

using System.Globalization;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

/// <param name="From">The first day, in the workspace's time zone.</param>
/// <param name="To">The last day, included.</param>
/// <param name="Interval">How the series is cut; null: no series.</param>
/// <param name="Robots">Whether robots' clicks count among the clicks.</param>
/// <param name="Compare">Whether the period of the same length before it is told too.</param>
/// <param name="Sort">Columns to sort by, the first one first; none: the most of the report's own measure first.</param>
/// <param name="MinClicks">Lines with fewer are left out: a rate of three clicks says little.</param>
/// <param name="Limit">Lines at most; the totals are of all.</param>
public sealed record ReportQuestion(
    ReportDefinition Report,
    DateOnly From,
    DateOnly To,
    Interval? Interval,
    bool Robots,
    bool Compare,
    IReadOnlyList<(ReportColumn Column, bool Descending)> Sort,
    long MinClicks,
    int Limit
)
{
    public static readonly IReadOnlyList<string> Parameters =
    [
        "from",
        "to",
        "interval",
        "traffic",
        "compare",
        "sort",
        "minClicks",
        "limit",
    ];

    /// <summary>Days in a period: ten years and a bit.</summary>
    public const int LongestPeriod = 3660;

    public const int MostLines = 1000,
        MostSorts = 3;

    /// <summary>Days are of the first of these years or later, and before the second.</summary>
    public const int FirstYear = 1970,
        EndYear = 9000;

    /// <summary>The period before, just as long.</summary>
    public ReportQuestion Before =>
        this with
        {
            From = From.AddDays(From.DayNumber - To.DayNumber - 1),
            To = From.AddDays(-1),
            Compare = false,
            Interval = null,
        };

    /// <summary>Reads what a caller wrote. Throws the problem that names what is allowed.</summary>
    /// <param name="reports">Those that can be asked for.</param>
    /// <param name="more">Further parameters that the edge knows itself.</param>
    public static ReportQuestion Read(
        ReportList reports,
        string name,
        IEnumerable<KeyValuePair<string, string>> parameters,
        WorkspaceSettings settings,
        DateTimeOffset now,
        params string[] more
    )
    {
        var errors = new FieldErrors();
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var report = reports.Find(name);
        if (report is null)
            errors.Add("name", "invalid", $"Allowed are: {string.Join(", ", reports.Names)}.");
        var unknown = false;
        foreach (var (key, value) in parameters)
            if (Parameters.Contains(key))
                given[key] = value;
            else if (!more.Contains(key))
            {
                unknown = true;
                errors.Add(TextRules.Cut(key, 60), "unknown", $"Allowed are: {string.Join(", ", Parameters.Concat(more))}.");
            }
        var today = settings.Days.DayOf(now);
        var to = Day("to") ?? today;
        var from = Day("from") ?? to.AddDays(-29);
        if (!errors.Any && (from > to || to.DayNumber - from.DayNumber >= LongestPeriod))
            errors.Add("from", "out_of_range", $"Must not be after to, and at most {LongestPeriod - 1} days before it.");
        var question = new ReportQuestion(
            report!,
            from,
            to,
            Choice("interval", "", "day", "week", "month") switch
            {
                "day" => Reports.Interval.Day,
                "week" => Reports.Interval.Week,
                "month" => Reports.Interval.Month,
                _ => null,
            },
            Choice("traffic", "human", "human", "all") == "all",
            Choice("compare", "", "previous") == "previous",
            Sorts(),
            Clicks(),
            Number("limit", 1, MostLines, MostLines)
        );
        if (errors.Any)
            throw new ProblemException(
                unknown && errors.All.All(e => e.Code == "unknown") ? ProblemCodes.UnknownParameter : ProblemCodes.InvalidParameter,
                $"{errors.All[0].Field}: {errors.All[0].Message}",
                errors.All
            );
        return question;

        DateOnly? Day(string parameter)
        {
            if (!given.TryGetValue(parameter, out var text))
                return null;
            if (
                DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
                && day.Year is >= FirstYear and < EndYear
            )
                return day;
            errors.Add(parameter, "invalid", "Must be a day between 1970 and 8999: 2026-11-23.");
            return null;
        }

        string Choice(string parameter, string otherwise, params string[] allowed)
        {
            if (!given.TryGetValue(parameter, out var text))
                return otherwise;
            if (!allowed.Contains(text))
                errors.Add(parameter, "invalid", $"Allowed are: {string.Join(", ", allowed)}.");
            return text;
        }

        IReadOnlyList<(ReportColumn, bool)> Sorts()
        {
            var sorts = new List<(ReportColumn, bool)>();
            if (!given.TryGetValue("sort", out var text) || report is null)
                return sorts;
            var columns = report.Columns;
            var words = text.Split(',');
            foreach (var word in words)
                if (
                    columns.FirstOrDefault(column => column.Name == word.TrimStart('-')) is { } column
                    && word.Length - column.Name.Length <= 1
                )
                    sorts.Add((column, word[0] == '-'));
                else
                {
                    errors.Add(
                        "sort",
                        "unknown",
                        $"Cannot sort by '{TextRules.Cut(word, 40)}'. Allowed are, each also with - before it for the largest first: {string.Join(", ", columns.Select(column => column.Name))}."
                    );
                    break;
                }
            if (words.Length > MostSorts)
                errors.Add("sort", "too_many", $"At most {MostSorts} columns.");
            return sorts;
        }

        long Clicks()
        {
            if (given.ContainsKey("minClicks") && report is { HasClicks: false })
                errors.Add(
                    "minClicks",
                    "invalid",
                    $"Only for {string.Join(", ", reports.All.Where(one => one.HasClicks).Select(one => one.Name))}: others have no clicks."
                );
            return Number("minClicks", 0, int.MaxValue, 0);
        }

        int Number(string parameter, int least, int most, int otherwise)
        {
            if (!given.TryGetValue(parameter, out var text))
                return otherwise;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            errors.Add(parameter, "invalid", $"Must be a whole number from {least} to {most}.");
            return otherwise;
        }
    }
}
