// The API reference in a real browser: it shows the operations, and asks nobody else for its parts.

using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

[Collection(nameof(Chromium))]
public sealed class SwaggerTests(Chromium chromium, BrowsedServer browsed)
{
    readonly CrmServer server = browsed.Server;

    [NeedsChromiumFact]
    public async Task the_reference_shows_the_operations_without_a_complaint_or_a_request_elsewhere()
    {
        await using var tab = await chromium.Open();
        var page = tab.Page;

        await tab.GoTo(new(server.Address, "/swagger"));
        await page.Locator("#operations-tag-leads").ClickAsync();

        await Assertions
            .Expect(page.Locator(".opblock-summary-path").Filter(new() { HasTextString = "/v1/leads" }).First)
            .ToBeVisibleAsync();
        (await page.Locator(".opblock").CountAsync()).Should().BeGreaterThan(5);
        await page.Locator(".opblock-summary").Filter(new() { HasTextString = "/v1/leads" }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".opblock.is-open")).ToBeVisibleAsync();
        tab.RequestsOutside(server.Address).Should().BeEmpty();
        tab.Errors.Should().BeEmpty();
    }
}
