// Four newcomers go through README and docs word by word, in fresh folders: what they paste and save is taken from the pages. Here the
// three who try it; the operator is in OperatorTests.

using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Tests.InBrowser;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Newcomers;

public sealed class NewcomerTests(Chromium chromium, ITestOutputHelper output) : IClassFixture<Chromium>
{
    const string Readme = "README.md",
        TakeLeads = "docs/take-leads.md",
        Track = "docs/track.md",
        FrontEnd = "docs/build-a-front-end.md";

    [NeedsChromiumAndCurlFact]
    public async Task a_web_developer_with_a_static_site_gets_leads_from_it()
    {
        await using var journey = new Journey(output);
        await using var server = await Start(journey);
        var terminal = journey.Open();
        // "Paste the `Try it` line into another terminal, then the `Read leads` line: there is your first lead."
        (await journey.Paste(terminal, Printed(server, "Try it"), "the line Try it")).Should().Contain("\"id\":\"sub_");
        (await journey.Paste(terminal, Printed(server, "Read leads"), "the line Read leads")).Should().Contain("ana@silva.example.org");

        // "save this as `contact.html`, and open it in a browser"
        var contact = journey.Save(Guide.Under(Readme, "Post a form").Single());
        await using var tab = await chromium.Open();
        await tab.Page.GotoAsync("file://" + contact);
        await tab.Page.GetByLabel("Name").FillAsync("Rita Silva");
        await tab.Page.GetByLabel("E-mail").FillAsync("rita@silva.example.org");
        await tab.Page.GetByLabel("Message").FillAsync("A new roof?");
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(tab.Page.Locator("body")).ToContainTextAsync("Thank you");

        var seen = await journey.Paste(terminal, Guide.Under(Readme, "See it")[0]);
        seen.Should().Contain("rita@silva.example.org").And.Contain("\"status\":\"working\"").And.Contain("\"nodes\":[{");
        await SignIn(tab, journey, Printed(server, "Admin API key"));
        await Assertions.Expect(tab.Page.Locator("#main")).ToContainTextAsync("Rita Silva");

        await using var site = await StaticSite(journey);
        foreach (var block in Guide.Of(TakeLeads))
        {
            if (block.Language == "html")
                journey.Save(block);
            else
                seen = await journey.Paste(terminal, block);
            switch (block.Heading)
            {
                case "3. Put it into a page" when block.File == "offer-script.html":
                    await SendOffers(tab.Page, journey.Fill(Journey.DocumentedSite));
                    break;
                case "4. See what came" when seen.Contains("origin_not_allowed", StringComparison.Ordinal):
                    seen.Should().Contain("eva@example.org");
                    break;
                case "4. See what came" when seen.Contains("\"emails\"", StringComparison.Ordinal):
                    seen.Should().Contain("rui@costa.example.org").And.Contain("ines@costa.example.org").And.Contain("\"accepted\"");
                    break;
            }
        }
        seen.Should().Contain("\"lead\":\"lead_", "the last block lets the refused post in");
        await server.Interrupt();
    }

    static async Task SendOffers(IPage page, string site)
    {
        await page.GotoAsync(site + "/offer.html");
        await page.GetByLabel("Name").FillAsync("Rui Costa");
        await page.GetByLabel("E-mail", new() { Exact = true }).FillAsync("rui@costa.example.org");
        await page.GetByLabel("Send me news by e-mail").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("Thank you. We call you.");
        await page.GotoAsync(site + "/offer-script.html");
        await page.GetByLabel("E-mail").FillAsync("ines@costa.example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Thank you. We call you.");
    }

    [NeedsChromiumAndCurlFact]
    public async Task a_marketer_learns_what_a_campaign_brought_and_pays_a_partner()
    {
        await using var journey = new Journey(output);
        await using var server = await Start(journey);
        var terminal = journey.Open();
        await journey.Paste(terminal, $"KEY={Printed(server, "Admin API key")}", "the key that the start printed");
        (await journey.Paste(terminal, Guide.Under(Readme, "Track").Single())).Should().Contain("\"slug\":\"newsletter\"");
        // "Open <http://127.0.0.1:5080/l/newsletter>"
        (await journey.Paste(terminal, $"curl -si {Journey.DocumentedAddress}/l/newsletter", "the link"))
            .Should()
            .Contain("https://www.example.org/offer?crm_click=");

        await using var site = await StaticSite(journey);
        var said = new Dictionary<string, string>();
        foreach (var block in Guide.Of(Track))
            if (block.Language == "html")
            {
                journey.Save(block);
                await ComeByTheLink(journey);
            }
            else
                said[block.Heading] = said.GetValueOrDefault(block.Heading) + await journey.Paste(terminal, block) + "\n";

        said["1. A campaign and its link"].Should().Contain("utm_source=fair&utm_medium=poster&crm_click=");
        said["3. A lead, and what it bought"].Should().Contain("\"medium\":\"poster\"").And.Contain("\"orderId\":\"A-1001\"");
        said["4. What it came to"].Should().Contain("Spring fair").And.Contain("120000");
        (await File.ReadAllTextAsync(Path.Combine(journey.Folder, "links.csv"))).Should().Contain("Fair, poster");
        foreach (var picture in new[] { "fair.svg", "links.svg" })
            (await File.ReadAllTextAsync(Path.Combine(journey.Folder, picture))).Should().StartWith("<svg");
        said["5. A partner who is paid"].Should().Contain("\"recorded\"").And.Contain("1255").And.Contain("\"approved\"");
        (await Ask("/v1/commissions")).Should().Contain("\"status\":\"paid\"");
        (await Ask("/v1/leads?email=by-the-link@example.org")).Should().Contain("\"medium\":\"poster\"");
        await server.Interrupt();

        Task<string> Ask(string path) =>
            journey.Paste(terminal, $"curl -s -H \"Authorization: Bearer $KEY\" '{Journey.DocumentedAddress}{path}'", path);
    }

    /// <summary>A visitor follows the link to the page, whose form brings the click along.</summary>
    async Task ComeByTheLink(Journey journey)
    {
        await using var tab = await chromium.Open();
        var page = tab.Page;
        await page.GotoAsync(
            $"{journey.Fill(Journey.DocumentedSite)}/offer.html?crm_click={Uri.EscapeDataString(journey.Fill("click_..."))}"
        );
        await page.GetByLabel("E-mail").FillAsync("by-the-link@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("Thank you");
    }

    [NeedsChromiumAndCurlFact]
    public async Task a_front_end_developer_reads_and_changes_leads_from_a_page_of_their_own()
    {
        await using var journey = new Journey(output);
        string key;
        await using (var first = await Start(journey))
        {
            key = Printed(first, "Admin API key");
            await first.Interrupt();
        }
        // "stop the server and fill a workspace of its own ... start the server again and open the desk with it"
        var terminal = journey.Open();
        var demo = await journey.Paste(terminal, Guide.Under(Readme, "See it")[1]);
        var demoKey = Regex.Match(demo, "shown this once: (crm_sk_\\S+)").Groups[1].Value;
        await using var server = await Start(journey);
        await using var tab = await chromium.Open();
        await SignIn(tab, journey, demoKey);
        await Assertions.Expect(tab.Page.Locator("#main tbody tr")).Not.ToHaveCountAsync(0);
        if (Pictures.Folder is { } pictures) // docs/pictures/desk.png, which README shows
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(pictures, "desk.png") });

        // "From another host": the site names its origin.
        journey.Know("crm_sk_...", key);
        await using var site = await StaticSite(journey);
        await journey.Paste(terminal, Guide.Of(TakeLeads)[0]);
        await journey.Paste(terminal, Guide.Under(TakeLeads, "1. Say which website it is").Single());
        var ask = Guide.Of(FrontEnd).First(block => block.Text.Contains("async function ask(", StringComparison.Ordinal));
        var query = Guide.Of(FrontEnd).First(block => block.Language == "graphql");
        await File.WriteAllTextAsync(Path.Combine(journey.Folder, "site", "index.html"), "<!doctype html><title>Ours</title>");
        await tab.Page.GotoAsync(journey.Fill(Journey.DocumentedSite) + "/index.html");
        var told = await tab.Page.EvaluateAsync<string>(
            $$"""
            async ([key, crm, query]) => {
              {{ask.Text}}
              const made = await ask(crm + '/v1/leads', { method: 'POST', body: { firstName: 'Ana', email: 'ana@example.org' }, once: 'add-1' });
              const again = await ask(crm + '/v1/leads', { method: 'POST', body: { firstName: 'Ana', email: 'ana@example.org' }, once: 'add-1' });
              await ask(crm + '/v1/leads/' + made.id, { method: 'PATCH', body: { status: 'working' } });
              const late = await ask(crm + '/v1/leads/' + made.id, { method: 'PATCH', body: { status: 'new' }, match: '"1"' }).catch(error => error.code);
              const page = await ask(crm + '/v1/leads?q=ana&limit=25');
              const names = await ask(crm + '/graphql', { method: 'POST', body: { query, variables: { ids: [made.id] } } });
              return JSON.stringify({ same: made.id === again.id, late, leads: page.data.map(lead => lead.status), errors: names.errors ?? null, data: names.data });
            }
            """,
            new[] { key, journey.Address, query.Text }
        );
        var answer = JsonNode.Parse(told)!;
        (answer["same"]!.GetValue<bool>(), answer["late"]!.ToString()).Should().Be((true, "version_mismatch"), told);
        answer["leads"]!.AsArray().Select(status => status!.ToString()).Should().Equal("working");
        (answer["errors"] is null, answer["data"] is not null).Should().Be((true, true), told);
        await server.Interrupt();
    }

    /// <summary>README's Start, and that the sample shows what is printed.</summary>
    static async Task<Terminal> Start(Journey journey)
    {
        var blocks = Guide.Under(Readme, "Start");
        var server = await journey.Serve(blocks[0]);
        var printed = server.Heard.Split('\n').Select(Label).ToList();
        // The key is shown at the first start only.
        blocks[1].Language.Should().Be("text");
        blocks[1]
            .Text.Split('\n')
            .Select(Label)
            .Where(label => label != "Admin API key" || printed.Contains(label))
            .Should()
            .BeSubsetOf(printed);
        return server;

        static string Label(string line) => line.StartsWith("Crm ", StringComparison.Ordinal) ? "Crm" : line.Split(": ")[0];
    }

    static string Printed(Terminal server, string label) =>
        server.Heard.Split('\n').First(line => line.StartsWith(label + ":", StringComparison.Ordinal))[(label.Length + 1)..].Trim();

    static async Task SignIn(Tab tab, Journey journey, string key)
    {
        await tab.Page.GotoAsync(journey.Address + "/desk");
        await tab.Page.GetByLabel("Access key").FillAsync(key);
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#main h1, #main .empty")).Not.ToHaveCountAsync(0);
        await Assertions.Expect(tab.Page.Locator("#main[aria-busy=true]")).ToHaveCountAsync(0);
    }

    /// <summary>Serves the newcomer's pages as <c>http-server</c> does, at another port than the documents', which may be taken.</summary>
    static async Task<WebApplication> StaticSite(Journey journey)
    {
        var folder = Directory.CreateDirectory(Path.Combine(journey.Folder, "site")).FullName;
        var app = await TestWeb.Start(async http =>
        {
            var file = Path.Combine(folder, Path.GetFileName(http.Request.Path.Value!));
            if (!File.Exists(file))
            {
                http.Response.StatusCode = (int)HttpStatusCode.NotFound;
                return;
            }
            http.Response.ContentType = "text/html";
            await http.Response.SendFileAsync(file);
        });
        journey.Know(Journey.DocumentedSite, $"http://localhost:{TestWeb.AddressOf(app).Port}");
        return app;
    }
}
