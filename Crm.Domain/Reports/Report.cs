// A report's answer, and how it is read: counters added up by what they are owed to, never the facts.

using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

/// <param name="Of">The id of the record that the line is about, or its word: a channel, a country.</param>
/// <param name="Name">What people call it; null for what has no other name and for what was deleted.</param>
/// <param name="Before">The same in the period before; null when it was not asked for.</param>
public sealed record ReportLine(string Of, string? Name, Numbers Now, Numbers? Before);

/// <summary>Who asks for a report.</summary>
/// <param name="Catalog">The installation's: what is counted in it must be there for him to see.</param>
/// <param name="Rights">What he may read of a resource.</param>
public sealed record ReportReader(Catalog Catalog, Func<ResourceType, Rights> Rights);

/// <param name="Before">The same in the period before; null when it was not asked for.</param>
public sealed record SeriesPart(DateOnly From, DateOnly To, Numbers Numbers, Numbers? Before = null);

/// <param name="Lines">Those with anything in the period, in the order asked for.</param>
/// <param name="All">How many lines there are; more than <see cref="Lines"/> when the question was limited.</param>
public sealed record Report(
    ReportQuestion Asked,
    string TimeZone,
    IReadOnlyList<ReportLine> Lines,
    int All,
    Numbers Totals,
    Numbers? TotalsBefore,
    IReadOnlyList<SeriesPart>? Series
)
{
    /// <param name="reader">Who asks; null: the product itself.</param>
    public static async ValueTask<Report> Read(
        WorkspaceSettings settings,
        ReportQuestion asked,
        DateTimeOffset now,
        CancellationToken cancel,
        ReportReader? reader = null
    )
    {
        if (reader is not null)
            MustSeeAll(reader);
        var lines = await ReportSums.Read(settings, asked, now, cancel);
        var before = asked.Compare ? await ReportSums.Read(settings, asked.Before, now, cancel) : null;
        var (totals, totalsBefore) = (Total(lines), before is null ? null : Total(before));
        var order = Sorted(
                lines
                    .Where(line => line.Value.Any)
                    .Select(line => line.Key)
                    .Union(before?.Where(line => line.Value.Any).Select(line => line.Key) ?? [])
                    .Select(of => (Of: of, Now: lines.GetValueOrDefault(of) ?? new()))
                    .Where(line => line.Now[Measures.Clicks] >= asked.MinClicks),
                asked,
                totals
            )
            .ToList();
        // Until here a line is known by its id without prefix, as counters have it.
        var type = asked.Report.By.Type;
        var prefix = type is null ? "" : type.Prefix + "_";
        var names = await Names(settings, type, reader?.Rights, [.. order.Take(asked.Limit).Select(line => prefix + line.Of)], cancel);
        return new(
            asked,
            settings.Workspace.TimeZone,
            [
                .. order
                    .Take(asked.Limit)
                    .Select(line => new ReportLine(
                        prefix + line.Of,
                        names.GetValueOrDefault(prefix + line.Of),
                        line.Now,
                        before is null ? null : before.GetValueOrDefault(line.Of) ?? new()
                    )),
            ],
            order.Count,
            totals,
            totalsBefore,
            asked.Interval is { } interval ? await ReportSeries.ReadCompared(settings, asked, interval, cancel) : null
        );
    }

    /// <summary>In the order asked for; lines without a value come last either way, and equal ones in the usual order: the most of the
    /// report's own measure first, then the most leads.</summary>
    static IEnumerable<(string Of, Numbers Now)> Sorted(IEnumerable<(string Of, Numbers Now)> lines, ReportQuestion asked, Numbers totals)
    {
        var order = lines.OrderBy(_ => 0);
        foreach (var (column, descending) in asked.Sort)
        {
            var currency = column.CurrencyOf(totals);
            order = order.ThenBy(line => column.Order(line.Now, currency) is null);
            order = descending
                ? order.ThenByDescending(line => column.Order(line.Now, currency))
                : order.ThenBy(line => column.Order(line.Now, currency));
        }
        return order
            .ThenByDescending(line => line.Now[asked.Report.Order])
            .ThenByDescending(line => line.Now[Measures.Leads])
            .ThenBy(line => line.Of, StringComparer.Ordinal);
    }

    static Numbers Total(Dictionary<string, Numbers> lines)
    {
        var total = new Numbers();
        foreach (var line in lines.Values)
            total.Add(line);
        return total;
    }

    /// <summary>Counters know no owner: for who sees only some of what they count, there is no number that is right.</summary>
    static void MustSeeAll(ReportReader reader)
    {
        foreach (var entry in reader.Catalog.Entries)
            if (
                (entry.Type.Clr.IsAssignableTo(typeof(ICounted)) || entry.Type.Clr.IsAssignableTo(typeof(ICosts)))
                && reader.Rights(entry.Type).IsNarrowed
            )
                throw new ProblemException(
                    ProblemCodes.InsufficientScope,
                    $"A report counts all {entry.Type.Plural}; this key may not read all of them."
                );
    }

    // ---- Names

    /// <summary>What people call the records that the lines are about; those that were deleted have no name.</summary>
    static async ValueTask<Dictionary<string, string?>> Names(
        WorkspaceSettings settings,
        ResourceType? type,
        Func<ResourceType, Rights>? rights,
        IReadOnlyList<string> ids,
        CancellationToken cancel
    )
    {
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (type is null || rights is not null && !IsWhole(rights(type)))
            return names;
        var known = ids.Select(text => Id.TryParse(text, type.Prefix, out var id) ? id : Id.Empty);
        await foreach (var page in settings.Store.GetAll(type.Collection, known, cancel))
            for (var i = 0; i < page.Count; i++)
            {
                using var json = JsonDocument.Parse(page[i].Json);
                names[type.Text(page[i].Id)] = Text(json.RootElement, "name") ?? Text(json.RootElement, "slug");
            }
        return names;

        static bool IsWhole(Rights rights) => rights is { ReadsWhole: true, Rows: null };

        static string? Text(JsonElement json, string member) =>
            json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
