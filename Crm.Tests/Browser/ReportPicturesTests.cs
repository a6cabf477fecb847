// Every picture of every report over a year of demo data, in a real browser: nothing overlaps, nothing is cut, axes begin at zero, and the
// page prints whole.

using Crm.Tests.Faults;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class ReportPicturesTests(Chromium chromium)
{
    /// <summary>Texts that lie over each other or outside the picture; and numbers that end with an ellipsis.</summary>
    const string Faults = """
        (() => {
          const svg = document.querySelector('svg'), all = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll('text')].map(t => ({ text: t.textContent, r: t.getBoundingClientRect() })), faults = [];
          texts.forEach((a, i) => {
            if (a.r.left < all.left || a.r.right > all.right || a.r.bottom > all.bottom) faults.push('outside: ' + a.text);
            if (/^[\d.,]+.*…$|· [^·]*…$|^Nothing.*…$/.test(a.text)) faults.push('cut: ' + a.text);
            for (const b of texts.slice(i + 1))
              if (Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left) > 1 && Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top) > 4) faults.push('over each other: ' + a.text + ' / ' + b.text);
          });
          return faults;
        })()
        """;

    [NeedsChromiumFact]
    public async Task pictures_of_a_year_are_whole_in_every_width_and_the_page_fits_screen_and_paper()
    {
        var folder = Directory.CreateTempSubdirectory("crm-pictures-").FullName;
        try
        {
            var database = Path.Combine(folder, "crm.db");
            (await CrmProcess.Run(database, arguments: ["demo", "--into-default", "--leads", "300"])).ExitCode.Should().Be(0);
            await using var crm = await CrmProcess.Start(database);
            var year =
                "from="
                + TimeProvider.System.GetUtcNow().AddDays(-364).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            await using (var tab = await chromium.Open())
                foreach (var definition in Domain.CrmCatalog.Standard.Reports.All)
                foreach (
                    var (kind, more) in new[]
                    {
                        ("", "&compare=previous"),
                        ("-sorted", !definition.HasClicks ? "" : "&sort=-conversionRate&minClicks=20"),
                        ("-narrow", "&width=280&compare=previous" + (definition.HasClicks ? "&sort=-revenue" : "")),
                        ("-by-week", "&interval=week"),
                        ("-by-month-narrow", "&interval=month&width=320"),
                        ("-by-day-wide", "&interval=day&width=1600"),
                        ("-empty", "&from=2001-01-01&to=2001-01-31&width=320"),
                    }
                )
                {
                    var report = definition.Name;
                    var query = more.Contains("&from=", StringComparison.Ordinal) ? more[1..] : year + more;
                    using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(crm.Address, $"/v1/reports/{report}?{query}"))
                    {
                        Headers = { { "Accept", "image/svg+xml" } },
                    };
                    using var answer = await crm.Http.SendAsync(request);
                    answer.Content.Headers.ContentType!.ToString().Should().Be("image/svg+xml; charset=utf-8");
                    var svg = await answer.Content.ReadAsStringAsync();
                    // As mail programs show it that drop style sheets: the colours are on the marks.
                    await tab.Page.SetContentAsync(
                        "<!doctype html><meta charset=utf-8><body style='margin:8px'>"
                            + System.Text.RegularExpressions.Regex.Replace(svg, "<style>.*?</style>", "")
                    );
                    (await tab.Page.EvaluateAsync<string[]>(Faults)).Should().BeEmpty($"{report}{more}");
                    if (kind == "-empty")
                        svg.Should().Contain("Nothing was counted in this period.").And.NotContain("polyline");
                    else if (report is not ("funnel" or "overview") || kind.Contains("-by-"))
                        (await tab.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('svg text')].map(t => t.textContent)"))
                            .Should()
                            .Contain("0", $"the axis of {report}{more} begins at zero");
                    if (Pictures.Folder is { } pictures)
                    {
                        await tab
                            .Page.Locator("svg")
                            .ScreenshotAsync(new() { Path = Path.Combine(pictures, $"report-{report}{kind}.png") });
                        foreach (var theme in new[] { "light", "dark" })
                            await File.WriteAllBytesAsync(
                                Path.Combine(pictures, $"report-{report}{kind}-{theme}-file.png"),
                                await crm.Http.GetByteArrayAsync(
                                    new Uri(crm.Address, $"/v1/reports/{report}?{query}&format=png&theme={theme}")
                                )
                            );
                    }
                }
            foreach (var (name, width, dark) in new[] { ("year", 1280, false), ("year-dark", 1280, true), ("year-narrow", 320, false) })
            {
                await using var tab = await chromium.Open(width: width, dark: dark);
                var page = tab.Page;
                await tab.GoTo(new(crm.Address, "/reports?days=365&interval=month&report=links&columns=all"));
                await page.GetByLabel("Access key").FillAsync(CrmServer.AdminKey);
                await page.Keyboard.PressAsync("Enter");
                // The best first, by keyboard; the link keeps the focus, and once more turns the order around.
                var best = page.Locator("#sort-conversionRate");
                foreach (var order in new[] { "descending", "ascending" })
                {
                    await best.FocusAsync();
                    await page.Keyboard.PressAsync("Enter");
                    await Assertions.Expect(page.Locator($".figures th[aria-sort={order}] #sort-conversionRate")).ToBeFocusedAsync();
                    var rates = await page.EvaluateAsync<double[]>(
                        "(() => { const i = [...document.querySelectorAll('.figures thead th')].findIndex(th => th.ariaSort); return [...document.querySelectorAll('.figures tbody tr')].map(tr => parseFloat(tr.children[i].textContent)); })()"
                    );
                    rates.Should().HaveCountGreaterThan(5);
                    (order == "descending" ? rates.OrderDescending() : rates.Order()).Should().Equal(rates);
                }
                (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width);
                if (Pictures.Folder is { } pictures)
                    await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"reports-{name}.png"), FullPage = true });
                tab.Errors.Should().BeEmpty();
                if (name != "year")
                    continue;
                // A sheet of A4 between its margins, in CSS pixels.
                await page.SetViewportSizeAsync(718, 1000);
                await page.EmulateMediaAsync(new() { Media = Media.Print });
                (
                    await page.EvaluateAsync<int>(
                        "Math.max(...[...document.querySelectorAll('table')].map(t => t.getBoundingClientRect().right))"
                    )
                )
                    .Should()
                    .BeLessThanOrEqualTo(718, "no column is cut off on paper");
                if (Pictures.Folder is { } paper)
                    await page.PdfAsync(new() { Path = Path.Combine(paper, "reports-year.pdf"), Format = "A4" });
            }
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
