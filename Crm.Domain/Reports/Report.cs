// A report's answer, and how it is read: counters added up by what they are owed to, never the facts.

using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

/// <param name="Of">The id of the link, campaign, affiliate or form, or the channel's or the stage's name.</param>
/// <param name="Name">What people call it; null for what has no other name and for what was deleted.</param>
/// <param name="Before">The same in the period before; null when it was not asked for.</param>
public sealed record ReportLine(string Of, string? Name, Numbers Now, Numbers? Before);

public sealed record SeriesPart(DateOnly From, DateOnly To, Numbers Numbers);

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
    public static async ValueTask<Report> Read(
        WorkspaceSettings settings,
        ReportQuestion asked,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
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
        var prefix = CrmCatalog.Standard.Find(asked.Name)?.Type.Prefix is { } known ? known + "_" : "";
        var names = await Names(settings, asked.Name, [.. order.Take(asked.Limit).Select(line => prefix + line.Of)], cancel);
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
            asked.Interval is { } interval ? await ReportSeries.Read(settings, asked, interval, cancel) : null
        );
    }

    /// <summary>In the order asked for; lines without a value come last either way, and equal ones in the usual order: the most clicks first (of channels visitors, of forms submissions), then the most leads.</summary>
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
            .ThenByDescending(line =>
                line.Now[
                    asked.Name switch
                    {
                        "forms" => Measures.Submissions,
                        "channels" => Measures.Visitors,
                        _ => Measures.Clicks,
                    }
                ]
            )
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

    // ---- Names

    /// <summary>What people call the links, campaigns, affiliates or forms; those that were deleted have no name.</summary>
    static async ValueTask<Dictionary<string, string?>> Names(
        WorkspaceSettings settings,
        string report,
        IReadOnlyList<string> ids,
        CancellationToken cancel
    )
    {
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (CrmCatalog.Standard.Find(report)?.Type is not { } type)
            return names;
        foreach (var some in ids.Chunk(500))
        {
            using var page = await settings.Store.GetMany(
                type.Collection,
                [.. some.Select(text => Id.TryParse(text, type.Prefix, out var id) ? id : Id.Empty)],
                cancel
            );
            for (var i = 0; i < page.Count; i++)
            {
                using var json = JsonDocument.Parse(page[i].Json);
                names[type.Text(page[i].Id)] = Text(json.RootElement, "name") ?? Text(json.RootElement, "slug");
            }
        }
        return names;

        static string? Text(JsonElement json, string member) =>
            json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
