// What a report costs over a year of touches, and whether counting the facts anew finds the same numbers.

using System.Globalization;
using System.Net.Http.Headers;
using Crm.Domain;

namespace Crm.Bench;

internal static class ReportsBench
{
    private const double MostMilliseconds = 50;
    private const int Times = 40;

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        var folder = await bench.Product.YearOf(bench.Options.Touches, bench.Options.Links, bench.Folder, ending);
        await using (var product = await bench.Product.StartReady("product", folder, ending))
        {
            foreach (var zone in new[] { "UTC", "America/Sao_Paulo", "Asia/Kathmandu" })
            {
                await SetZone(product, zone, ending);
                var today = DateOnly.FromDateTime(bench.Time.GetUtcNow().UtcDateTime);
                var year = string.Create(CultureInfo.InvariantCulture, $"from={today.AddDays(-364):yyyy-MM-dd}");
                // The worst beginning and end for counters by month: in the middle of months that are over.
                var middle = string.Create(
                    CultureInfo.InvariantCulture,
                    $"from={new DateOnly(today.Year, today.Month, 16).AddMonths(-12):yyyy-MM-dd}&to={new DateOnly(today.Year, today.Month, 15).AddMonths(-1):yyyy-MM-dd}"
                );
                foreach (var report in CrmCatalog.Standard.Reports.Names)
                    await Measure(bench, product, $"{report}, a year, {zone}", $"/v1/reports/{report}?{year}", ending);
                await Measure(bench, product, $"links, from mid-month to mid-month, {zone}", $"/v1/reports/links?{middle}", ending);
                await Measure(
                    bench,
                    product,
                    $"links by conversion rate, 20 of them, {zone}",
                    $"/v1/reports/links?{year}&sort=-conversionRate&minClicks=100&limit=20",
                    ending
                );
                await Measure(bench, product, $"affiliates by day, a year, {zone}", $"/v1/reports/affiliates?{year}&interval=day", ending);
                await Measure(bench, product, $"channels by month, a year, {zone}", $"/v1/reports/channels?{year}&interval=month", ending);
                await Measure(
                    bench,
                    product,
                    $"links, 30 days beside the 30 before, by day, {zone}",
                    "/v1/reports/links?interval=day&compare=previous",
                    ending
                );
            }
            await SetZone(product, "UTC", ending);
        }
        bench.Figures.Note("reports", "touches", bench.Options.Touches, "");
        var (seconds, memory, output) = await bench.Product.Recount(folder, ending);
        bench.Figures.Note("reports", "recount", seconds, "s");
        bench.Figures.Note("reports", "recount, most memory", memory / 1e6, "MB");
        Console.WriteLine("  " + output.Trim().Replace("\n", "\n  ", StringComparison.Ordinal));
        bench.Figures.AtMost(
            "reports",
            "counters that differ from the facts",
            output.Contains("; 0 counters differed.", StringComparison.Ordinal) ? 0 : 1,
            0,
            ""
        );
    }

    /// <summary>One after the other, each answer read to its end; the first one warms up.</summary>
    private static async Task Measure(Workbench bench, Server product, string name, string path, CancellationToken ending)
    {
        var times = new List<double>();
        for (var i = 0; i <= Times; i++)
        {
            var began = bench.Time.GetTimestamp();
            (await Product.GetJson(product, path, ending)).Dispose();
            if (i > 0)
                times.Add(bench.Time.GetElapsedTime(began).TotalMilliseconds);
        }
        times.Sort();
        bench.Figures.AtMost("reports", name, Figures.Median(times), MostMilliseconds, "ms", [.. times]);
        bench.Figures.Note("reports", name + ", 95 of 100", times[(int)(times.Count * 0.95)], "ms");
    }

    private static async Task SetZone(Server product, string zone, CancellationToken ending)
    {
        using var all = await Product.GetJson(product, "/v1/workspaces", ending);
        var id = all.RootElement.GetProperty("data")[0].GetProperty("id").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Patch, product.Url.GetLeftPart(UriPartial.Authority) + "/v1/workspaces/" + id)
        {
            Content = JsonContent.Create(new { timeZone = zone }, MediaTypeHeaderValue.Parse("application/merge-patch+json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Product.AdminKey);
        using var answer = await product.Http.SendAsync(request, ending);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException(
                $"The time zone could not be set: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ending)}"
            );
    }
}
