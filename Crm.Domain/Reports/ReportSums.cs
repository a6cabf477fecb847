// The lines of a report: counters of a period added up by what they are owed to.

using System.Text;
using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

/// <summary>Folds counters into numbers by what the report's lines are about: records by their ids without prefix, words as they
/// are.</summary>
sealed class ReportSums(ReportQuestion asked, IReadOnlyList<int> signs)
{
    /// <summary>So many counters are read at most: a period that touches more must be asked for in parts.</summary>
    const int MostCounters = 2_000_000;

    /// <summary>Longer than any channel or other word, in characters.</summary>
    const int LongestSubject = 256;

    readonly Dictionary<string, Numbers> sums = new(StringComparer.Ordinal);
    readonly MeasureReader measures = new();

    readonly SubjectPart part = asked.Report.By.Part;
    int read;

    public static async ValueTask<Dictionary<string, Numbers>> Read(
        WorkspaceSettings settings,
        ReportQuestion asked,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        var kind = asked.Report.By.Kind;
        var terms = Terms(kind, CounterSpan.Of(settings.Days.StartOf(asked.From), settings.Days.StartOf(asked.To.AddDays(1)), now));
        if (asked.Report.HasCosts)
            terms = terms.Concat(
                Terms(Spending.Kind, CounterSpan.Of(Midnight(asked.From), Midnight(asked.To.AddDays(1)), DateTimeOffset.MaxValue))
            );
        // What is taken away is read first: a number that grows between two reads is then never counted as less than it was.
        var all = terms.OrderBy(term => term.Sign).ToList();
        var folded = await settings.Store.FoldCounters(
            [.. all.Select(term => term.Prefix)],
            () => new ReportSums(asked, [.. all.Select(term => term.Sign)]),
            static (sums, term, name, value) => sums.Add(term, name, value),
            cancel
        );
        return folded.sums;

        static IEnumerable<(string Prefix, int Sign)> Terms(char kind, IReadOnlyDictionary<string, int> span) =>
            span.Select(term => ($"{kind}/{term.Key}", term.Value));
        static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }

    /// <param name="name">kind/level/bucket/subject/measure</param>
    void Add(int term, ReadOnlySpan<byte> name, long value)
    {
        if (++read > MostCounters)
            throw new ProblemException(
                ProblemCodes.QueryTooCostly,
                "The period has too many counters to be read at once; ask for a shorter one."
            );
        var rest = name[4..];
        rest = rest[(rest.IndexOf((byte)'/') + 1)..];
        var end = rest.LastIndexOf((byte)'/');
        var measure = measures.Read(rest[(end + 1)..]);
        rest = rest[..end];
        // A source's subject is link/campaign/affiliate/channel.
        var start = part <= SubjectPart.Channel ? (int)part + Length(rest, (int)part) : 0;
        var of = part switch
        {
            SubjectPart.None => "all"u8,
            SubjectPart.Channel or SubjectPart.Whole => rest[start..],
            _ => rest.Slice(start, rest[start] == '-' ? 1 : Id.SuffixLength),
        };
        if (part < SubjectPart.Channel && of[0] == '-')
            return;
        Span<char> text = stackalloc char[LongestSubject];
        var key = text[..Encoding.UTF8.GetChars(of, text)];
        var found = sums.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!found.TryGetValue(key, out var numbers))
            sums[key.ToString()] = numbers = new();
        value *= signs[term];
        numbers.Add(measure, value);
        if (asked.Robots && measure.Is(Measures.Robots))
            numbers.Add(MeasureReader.Clicks, value);
    }

    /// <summary>Bytes of the first parts of a subject, without their slashes: each is a hyphen or an id.</summary>
    static int Length(ReadOnlySpan<byte> subject, int parts)
    {
        var length = 0;
        for (var i = 0; i < parts; i++)
            length += subject[length + i] == '-' ? 1 : Id.SuffixLength;
        return length;
    }
}

/// <summary>Measures out of counters' names. There are a dozen, and some for each currency.</summary>
sealed class MeasureReader
{
    public static readonly Numbers.Measure Clicks = Numbers.Measure.Of(Measures.Clicks);

    readonly List<(byte[] Name, Numbers.Measure Measure)> seen = [];

    public Numbers.Measure Read(ReadOnlySpan<byte> name)
    {
        foreach (var (known, of) in seen)
            if (name.SequenceEqual(known))
                return of;
        var measure = Numbers.Measure.Of(Encoding.UTF8.GetString(name));
        if (seen.Count < MostSeen)
            seen.Add((name.ToArray(), measure));
        return measure;
    }

    /// <summary>Whatever else is found among the names.</summary>
    const int MostSeen = 500;
}
