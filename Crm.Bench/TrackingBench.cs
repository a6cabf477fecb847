// How many clicks, pixels and events a second the product has on disk, beside a Kestrel that redirects and stores nothing.

using System.Net.Http.Headers;
using System.Text.Json;
using Crm.Bench.Ceilings;

namespace Crm.Bench;

internal static class TrackingBench
{
    private const double LeastOfClick = 0.5,
        LeastOfTouch = 0.4;

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        await using var bare = await bench.StartCeiling(Ceiling.Redirect, "ceiling", ending);
        await using var product = await bench.Product.StartReady("product", await bench.NewFolder("tracking", ending), ending);
        var slug = await Make(product, "links", new { destination = "https://www.silva.example.org/" }, "slug", ending);
        var site = await Make(product, "sites", new { name = "Shop" }, "key", ending);
        const string Page =
            """{"kind":"pageView","page":"https://www.silva.example.org/prices","referrer":"https://www.silva.example.org/","quiet":true}""";

        var loads = await Rounds.Measure(
            [
                new("bare: 302, nothing stored", bare, (seconds, end) => bench.Wrk.Browse(bare, "/", seconds, end)),
                new("product: GET /l/{slug}", product, (seconds, end) => bench.Wrk.Browse(product, "/l/" + slug, seconds, end)),
                new("product: GET /t/pixel.gif", product, (seconds, end) =>
                    bench.Wrk.Browse(product, "/t/pixel.gif?site=" + site, seconds, end)
                ),
                new("product: POST /t/events", product, (seconds, end) =>
                    bench.Wrk.Post(product, "/t/events?site=" + site, Page, seconds, end)
                ),
                new("bare, request without headers", bare, (seconds, end) => bench.Wrk.Browse(bare, "/", seconds, end, bare: true)),
                new("product, the same: a robot's click", product, (seconds, end) =>
                    bench.Wrk.Browse(product, "/l/" + slug, seconds, end, bare: true)
                ),
            ],
            bench.Options,
            ending
        );

        product.Resume();
        var rates = loads.Select(Rounds.MedianRate).ToArray();
        foreach (
            var (name, i) in new[] { "bare redirect", "click", "pixel", "event", "bare redirect without headers", "robot's click" }.Select(
                (name, i) => (name, i)
            )
        )
            bench.Figures.Note("tracking", name, rates[i], "/s", [.. loads[i].Select(l => l.Rate)]);
        bench.Figures.AtLeast("tracking", "click / bare", rates[1] / rates[0], LeastOfClick, "x");
        bench.Figures.AtLeast("tracking", "robot's click / bare without headers", rates[5] / rates[4], LeastOfClick, "x");
        bench.Figures.AtLeast("tracking", "pixel / bare", rates[2] / rates[0], LeastOfTouch, "x");
        bench.Figures.AtLeast("tracking", "event / bare", rates[3] / rates[0], LeastOfTouch, "x");
        Rounds.NoteDisturbance("tracking", loads, bench.Figures);
    }

    private static async Task<string> Make(Server product, string plural, object record, string field, CancellationToken ending)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, product.Url.GetLeftPart(UriPartial.Authority) + "/v1/" + plural)
        {
            Content = JsonContent.Create(record),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Product.AdminKey);
        using var answer = await product.Http.SendAsync(request, ending);
        using var made = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ending));
        return answer.IsSuccessStatusCode
            ? made.RootElement.GetProperty(field).GetString()!
            : throw new BenchException($"POST /v1/{plural} answered {(int)answer.StatusCode}: {made.RootElement}");
    }
}
