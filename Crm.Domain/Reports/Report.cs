// A report's answer, and how it is read: counters added up by what they are owed to, never the facts.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Campaigns;
using Crm.Domain.Forms;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Reports;

/// <param name="Of">The id of the link, campaign, affiliate or form, or the channel's or the stage's name.</param>
/// <param name="Name">What people call it; null for what has no other name and for what was deleted.</param>
/// <param name="Before">The same in the period before; null when it was not asked for.</param>
public sealed record ReportLine(string Of, string? Name, Numbers Now, Numbers? Before);

public sealed record SeriesPart(DateOnly From, DateOnly To, Numbers Numbers);

/// <param name="Lines">Those with anything in the period, the most first.</param>
/// <param name="All">How many lines there are; more than <see cref="Lines"/> when the question was limited.</param>
public sealed record Report(ReportQuestion Asked, string TimeZone, IReadOnlyList<ReportLine> Lines, int All, Numbers Totals, Numbers? TotalsBefore, IReadOnlyList<SeriesPart>? Series)
{
    /// <summary>So many counters are read at most: a period that touches more must be asked for in parts.</summary>
    const int MostCounters = 2_000_000;

    /// <summary>Campaigns whose costs are looked at.</summary>
    const int MostCampaigns = 10_000;

    public static async ValueTask<Report> Read(WorkspaceSettings settings, ReportQuestion asked, DateTimeOffset now, CancellationToken cancel)
    {
        var lines = await Sums(settings, asked, now, cancel);
        var before = asked.Compare ? await Sums(settings, asked.Before, now, cancel) : null;
        var (totals, totalsBefore) = (Total(lines), before is null ? null : Total(before));
        var order = lines.Where(line => line.Value.Any).Select(line => line.Key).Union(before?.Where(line => line.Value.Any).Select(line => line.Key) ?? [])
            .Select(of => (Of: of, Now: lines.GetValueOrDefault(of) ?? new()))
            .OrderByDescending(line => line.Now[asked.Name == "forms" ? Tally.Submissions : Tally.Clicks]).ThenByDescending(line => line.Now[Tally.Leads]).ThenBy(line => line.Of, StringComparer.Ordinal).ToList();
        // Until here a line is known by its id without prefix, as counters have it.
        var prefix = Catalog.Standard.Find(asked.Name)?.Type.Prefix is { } known ? known + "_" : "";
        var names = await Names(settings, asked.Name, [.. order.Take(asked.Limit).Select(line => prefix + line.Of)], cancel);
        return new(asked, settings.Workspace.TimeZone, [.. order.Take(asked.Limit).Select(line => new ReportLine(prefix + line.Of, names.GetValueOrDefault(prefix + line.Of), line.Now, before is null ? null : before.GetValueOrDefault(line.Of) ?? new()))],
            order.Count, totals, totalsBefore, asked.Interval is { } interval ? await ReadSeries(settings, asked, interval, cancel) : null);
    }

    static Numbers Total(Dictionary<string, Numbers> lines)
    {
        var total = new Numbers();
        foreach (var line in lines.Values)
            total.Add(line);
        return total;
    }

    // ---- Lines

    static async ValueTask<Dictionary<string, Numbers>> Sums(WorkspaceSettings settings, ReportQuestion asked, DateTimeOffset now, CancellationToken cancel)
    {
        var sums = new Dictionary<string, Numbers>(StringComparer.Ordinal);
        var kind = asked.Name == "forms" ? Subject.Form : Subject.Source;
        var terms = CounterSpan.Of(settings.Days.StartOf(asked.From), settings.Days.StartOf(asked.To.AddDays(1)), now);
        // What is taken away is read first: a number that grows between two reads is then never counted as less than it was.
        foreach (var some in terms.OrderBy(term => term.Value).Chunk(16))
        {
            var read = await Task.WhenAll(some.Select(term => settings.Store.Counters($"{kind}/{term.Key}", MostCounters, cancel).AsTask()));
            for (var i = 0; i < some.Length; i++)
                Add(sums, asked, some[i].Value, read[i]);
        }
        if (asked.Name == "campaigns")
            foreach (var campaign in await Campaigns(settings, cancel))
                foreach (var cost in campaign.Costs)
                    if (cost is { On: { } on, Amount: { } spent } && on >= asked.From && on <= asked.To)
                        Of(sums, campaign.Id.ToString("")[1..]).Add(Numbers.Cost + spent.Currency, spent.Amount);
        return sums;
    }

    static Numbers Of(Dictionary<string, Numbers> sums, string of) => sums.TryGetValue(of, out var there) ? there : sums[of] = new();

    static void Add(Dictionary<string, Numbers> sums, ReportQuestion asked, int sign, IReadOnlyList<(string Name, long Value)> counters)
    {
        if (counters.Count == MostCounters)
            throw new ProblemException(ProblemCodes.QueryTooCostly, "The period has too many counters to be read at once; ask for a shorter one.");
        var found = sums.GetAlternateLookup<ReadOnlySpan<char>>();
        // The subject is link/campaign/affiliate/channel: which of them this report is about.
        var part = asked.Name switch { "links" or "forms" => 0, "campaigns" => 1, "affiliates" => 2, _ => 3 };
        foreach (var (name, value) in counters)
        {
            // kind/level/bucket/measure/subject
            var rest = name.AsSpan(4);
            rest = rest[(rest.IndexOf('/') + 1)..];
            var measure = rest[..rest.IndexOf('/')];
            rest = rest[(measure.Length + 1)..];
            ReadOnlySpan<char> of;
            if (asked.Name == "funnel")
                of = "all";
            else if (part == 3)
                of = rest[(3 + Length(rest, 3))..];
            else
            {
                var start = part + Length(rest, part);
                of = rest.Slice(start, rest[start] == '-' ? 1 : Id.SuffixLength);
                if (of is "-")
                    continue;
            }
            if (!found.TryGetValue(of, out var numbers))
                sums[of.ToString()] = numbers = new();
            numbers.Add(measure, sign * value);
            if (asked.Robots && measure is Tally.Robots)
                numbers.Add(Tally.Clicks, sign * value);
        }

        // Characters of the first parts of a subject, without their slashes: each is a hyphen or an id.
        static int Length(ReadOnlySpan<char> subject, int parts)
        {
            var length = 0;
            for (var i = 0; i < parts; i++)
                length += subject[length + i] == '-' ? 1 : Id.SuffixLength;
            return length;
        }
    }

    // ---- The series

    /// <summary>Totals by day, week or month. A UTC day is moved to the zone's day by the few hours between them, which stand together in the counters' order.</summary>
    static async ValueTask<IReadOnlyList<SeriesPart>> ReadSeries(WorkspaceSettings settings, ReportQuestion asked, Interval interval, CancellationToken cancel)
    {
        var parts = LocalDays.Parts(asked.From, asked.To, interval).Select(part => new SeriesPart(part.From, part.To, new())).ToList();
        var starts = parts.Select(part => settings.Days.StartOf(part.From).UtcDateTime).Append(settings.Days.StartOf(asked.To.AddDays(1)).UtcDateTime).ToList();
        var group = asked.Name switch { "links" => "l", "campaigns" => "c", "affiliates" => "a", "forms" => "f", _ => "" };
        var (first, last) = (starts[0].Date, starts[^1].Date);

        // Whole days, each to the part in which it begins ...
        foreach (var prefix in Prefixes(first, last, "d/"))
            foreach (var (day, measure, value) in await Read(prefix))
                Put(PartOf(day), measure, value);
        // ... and for each beginning within a day, what happened before it goes to the part before.
        var times = starts.Select((start, i) => (start, i)).Where(s => s.start.TimeOfDay != TimeSpan.Zero).ToList();
        foreach (var hour in Enumerable.Range(0, 24))
            if (times.Where(s => s.start.Hour > hour).Select(s => s.start.Date).ToHashSet() is { Count: > 0 } days)
                await Move(days, $"h/{hour:00}/");
        foreach (var quarter in times.Where(s => s.start.Minute > 0).SelectMany(s => Enumerable.Range(0, s.start.Minute / 15).Select(q => (s.start.Hour, Minute: q * 15))).Distinct())
            await Move(times.Where(s => s.start.Hour == quarter.Hour && s.start.Minute > quarter.Minute).Select(s => s.start.Date).ToHashSet(), $"q/{quarter.Hour:00}{quarter.Minute:00}/");
        return parts;

        async ValueTask Move(HashSet<DateTime> days, string level)
        {
            foreach (var prefix in Prefixes(days.Min(), days.Max(), level))
                foreach (var (day, measure, value) in await Read(prefix))
                    if (days.Contains(day))
                    {
                        Put(PartOf(day), measure, -value);
                        Put(PartOf(day) - 1, measure, value);
                    }
        }

        // The part that begins on a day, or the last that began before it; -1 before the first.
        int PartOf(DateTime day)
        {
            var found = starts.BinarySearch(day.AddDays(1).AddTicks(-1));
            return found < 0 ? ~found - 1 : found;
        }

        void Put(int part, string measure, long value)
        {
            if (part >= 0 && part < parts.Count)
            {
                parts[part].Numbers.Add(measure, value);
                if (asked.Robots && measure == Tally.Robots)
                    parts[part].Numbers.Add(Tally.Clicks, value);
            }
        }

        async ValueTask<IEnumerable<(DateTime Day, string Measure, long Value)>> Read(string prefix)
        {
            var counters = await settings.Store.Counters(prefix, MostCounters, cancel);
            // t/d/{day}/{measure}/{groups}, t/h/{hour}/{day}/...
            return counters.Select(counter => (Parts: counter.Name.Split('/'), counter.Value))
                .Where(counter => counter.Parts[^1].Contains(group, StringComparison.Ordinal) && (group == "f") == counter.Parts[^1].Contains('f'))
                .Select(counter => (DateTime.ParseExact(counter.Parts[^3], "yyyyMMdd", CultureInfo.InvariantCulture), counter.Parts[^2], counter.Value)).Where(counter => counter.Item1 >= first && counter.Item1 <= last);
        }
    }

    /// <summary>Few reads that cover the days: by month in short periods, else by year.</summary>
    static IEnumerable<string> Prefixes(DateTime first, DateTime last, string level)
    {
        if ((last - first).Days < 62)
            for (var month = new DateTime(first.Year, first.Month, 1); month <= last; month = month.AddMonths(1))
                yield return string.Create(CultureInfo.InvariantCulture, $"t/{level}{month:yyyyMM}");
        else
            for (var year = first.Year; year <= last.Year; year++)
                yield return string.Create(CultureInfo.InvariantCulture, $"t/{level}{year}");
    }

    // ---- Names

    static async ValueTask<List<Campaign>> Campaigns(WorkspaceSettings settings, CancellationToken cancel)
    {
        var type = ResourceType.Of<Campaign>();
        var all = new List<Campaign>();
        Position? after = null;
        do
        {
            using var page = await settings.Store.Query(new(type.Collection, null, [], false, after, 500), cancel);
            for (var i = 0; i < page.Count; i++)
                all.Add(type.FromRow<Campaign>(page[i]));
            after = page.Next;
        }
        while (after is not null && all.Count < MostCampaigns);
        return all;
    }

    /// <summary>What people call the links, campaigns, affiliates or forms; those that were deleted have no name.</summary>
    static async ValueTask<Dictionary<string, string?>> Names(WorkspaceSettings settings, string report, IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (Catalog.Standard.Find(report)?.Type is not { } type)
            return names;
        foreach (var some in ids.Chunk(500))
        {
            using var page = await settings.Store.GetMany(type.Collection, [.. some.Select(text => Id.TryParse(text, type.Prefix, out var id) ? id : Id.Empty)], cancel);
            for (var i = 0; i < page.Count; i++)
            {
                using var json = JsonDocument.Parse(page[i].Json);
                names[type.Text(page[i].Id)] = Text(json.RootElement, "name") ?? Text(json.RootElement, "slug");
            }
        }
        return names;

        static string? Text(JsonElement json, string member) => json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
