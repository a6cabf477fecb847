// Links as people type, paste and copy them, what of their parameters goes on, and where a link may lead.

using Crm.Domain.Links;
using Xunit;

namespace Crm.Tests.Links;

[Collection(nameof(CrmServer))]
public sealed class PastedLinkTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    [Fact]
    public async Task a_link_that_was_printed_or_pasted_into_a_sentence_leads_where_it_should()
    {
        var (workspace, name) = (await server.NewWorkspace(), $"plain{Guid.NewGuid():N}"[..20]);
        var site = (await workspace.Post("/v1/sites", new { name = "Shop", linkDomain = $"{name}.example.org" })).Json!;
        await NewLink(workspace, new { destination = "https://www.silva.example.org/", slug = name });
        string[] endings =
        [
            "",
            ".",
            ",",
            ")",
            ").",
            "!",
            ";",
            "%22",
            "%E2%80%9D",
            "%C2%BB",
            "%E2%80%A6",
            "%20",
            "%3E",
            "*",
            "_",
            "/",
            "%E2%80%8B",
            "%2E",
            "%252E",
        ];
        foreach (var path in new[] { $"/l/{name}", $"/l/{name.ToUpperInvariant()}", $"/L/{name}", $"/l/%22{name}" })
        foreach (var ending in endings)
            (await Follow(path + ending)).Header("Location").Should().StartWith("https://www.silva.example.org/?crm_click=", path + ending);
        foreach (var ending in endings)
            (await Follow($"/{name.ToUpperInvariant()}{ending}", ("Host", $"{name}.example.org"))).Status.Should().Be(302, ending);
        (await workspace.All("/v1/clicks"))
            .Should()
            .HaveCount(endings.Length * 5)
            .And.OnlyContain(click => click["human"]!.GetValue<bool>());

        // Its question mark was escaped on the way, once or twice, or lost.
        foreach (
            var path in new[]
            {
                $"/l/{name}%3Futm_source=poster&utm_medium=print",
                $"/l/{name}%253Futm_source%3Dposter%26utm_medium%3Dprint",
                $"/l/{name}&utm_source=poster&utm_medium=print",
                $"/l/{name}?utm_source=poster&amp;utm_medium=print",
                $"/l/{name}.?utm_source=poster&utm_medium=print",
            }
        )
            (await Follow(path))
                .Header("Location")
                .Should()
                .StartWith("https://www.silva.example.org/?utm_source=poster&utm_medium=print&crm_click=", path);

        foreach (
            var other in new[]
            {
                $"{name}x",
                $"{name}.html",
                $"{name}%20is%20good",
                $"{name}%C3%A9",
                ".",
                "%3F" + name,
                new string('x', 700),
            }
        )
            (await Follow("/l/" + other)).Status.Should().Be(404, other);
        site["linkDomain"]!.ToString().Should().Be($"{name}.example.org");
    }

    [Fact]
    public async Task a_slug_is_one_whatever_its_case()
    {
        var (workspace, other, name) = (await server.NewWorkspace(), await server.NewWorkspace(), $"Spring{Guid.NewGuid():N}"[..20]);
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/", slug = name });
        link["slug"]!.ToString().Should().Be(name.ToLowerInvariant());
        (await other.Post("/v1/links", new { destination = "https://evil.example.org/", slug = name.ToUpperInvariant() }))
            .Status.Should()
            .Be(409);
        (await Follow($"/l/{name}")).Header("Location").Should().StartWith("https://www.silva.example.org/");
    }

    [Fact]
    public async Task a_link_that_leads_back_to_itself_is_refused_when_it_is_saved()
    {
        var (workspace, name) = (await server.NewWorkspace(), $"loop{Guid.NewGuid():N}"[..20]);
        await workspace.Post("/v1/sites", new { name = "Shop", linkDomain = $"{name}.example.org" });
        foreach (
            var destination in new[]
            {
                new Uri(server.Address, $"/l/{name}").ToString(),
                $"https://crm.example.org/l/{name}",
                $"https://crm.example.org/l/{name.ToUpperInvariant()}?utm_source=x",
                $"https://{name}.example.org/{name}",
                $"https://{name}.example.org/{name}/#top",
            }
        )
        {
            var made = await workspace.Post("/v1/links", new { destination, slug = name });
            (made.Status, string.Join(' ', made.Errors)).Should().Be((422, "destination:loop"), destination);
        }
        var first = await NewLink(workspace, new { destination = "https://www.silva.example.org/", slug = name });
        var second = await NewLink(workspace, new { destination = $"https://crm.example.org/l/{name}" });
        (await Follow($"/l/{second["slug"]}")).Header("Location").Should().StartWith($"https://crm.example.org/l/{name}?crm_click=");
        (await workspace.Patch($"/v1/links/{first["id"]}", new { destination = $"https://crm.example.org/l/{second["slug"]}" }))
            .Errors.Should()
            .Equal("destination:loop");
        (await workspace.Patch($"/v1/links/{first["id"]}", new { destination = $"https://{name}.example.org/{second["slug"]}" }))
            .Errors.Should()
            .Equal("destination:loop");
        (await workspace.Patch($"/v1/links/{first["id"]}", new { destination = $"https://www.silva.example.org/l/a/{name}" }))
            .Status.Should()
            .Be(200);
    }

    [Fact]
    public async Task of_a_parameter_that_comes_twice_the_first_counts_and_further_ones_go_on_when_the_link_says_so()
    {
        var workspace = await server.NewWorkspace();
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/", parameters = new[] { "ref=own" } });
        const string Query =
            "?utm_source=a&utm_source=a&utm_medium=&utm_medium=email&UTM_ID=C-7&utm_source_platform=DV&utm_creative_format=video&utm_marketing_tactic=reach&coupon=SPRING&ref=x&crm_click=forged&lang=pt";
        (await Follow($"/l/{link["slug"]}{Query}"))
            .Header("Location")
            .Should()
            .StartWith(
                "https://www.silva.example.org/?ref=own&utm_source=a&utm_medium=email&UTM_ID=C-7&utm_source_platform=DV&utm_creative_format=video&utm_marketing_tactic=reach&crm_click=click_"
            );
        var utm = (await workspace.All("/v1/clicks")).Single()["utm"]!;
        (utm["source"]!.ToString(), utm["medium"]!.ToString(), utm["campaignId"]!.ToString(), utm["sourcePlatform"]!.ToString())
            .Should()
            .Be(("a", "email", "C-7", "DV"));
        (utm["creativeFormat"]!.ToString(), utm["marketingTactic"]!.ToString()).Should().Be(("video", "reach"));

        async Task<string> Passed(params string[] names)
        {
            (await workspace.Patch($"/v1/links/{link["id"]}", new { passOn = names })).Status.Should().Be(200);
            var location = (
                await Follow($"/l/{link["slug"]}?coupon=SPRING&ref=x&crm_click=forged&crm_lead=l&Lang=pt&gclid=G", ("DNT", "1"))
            ).Header("Location")!;
            return location[(location.IndexOf('?') + 1)..location.IndexOf("&crm_click=click_", StringComparison.Ordinal)];
        }
        (await Passed()).Should().Be("ref=own");
        (await Passed("coupon")).Should().Be("ref=own&coupon=SPRING");
        (await Passed("COUPON", "lang", "ref")).Should().Be("ref=own&coupon=SPRING&Lang=pt");
        (await Passed("*")).Should().Be("ref=own&coupon=SPRING&Lang=pt", "what says who somebody is stays here");
        (await workspace.Patch($"/v1/links/{link["id"]}", new { passOn = new[] { "crm_click" } }))
            .Errors.Should()
            .Equal("passOn.0:invalid");
    }

    [Fact]
    public async Task a_link_may_lead_into_an_app_whose_scheme_the_workspace_allows()
    {
        var workspace = await server.NewWorkspace();
        var app = new { destination = "myapp://offer/Seven?from=link#Top" };
        (await workspace.Post("/v1/links", app)).Errors.Should().Equal("destination:invalid");
        foreach (var bad in new[] { "javascript", "data", "file", "https", "MyApp", "my app", "ms-settings" })
            (await workspace.Patch($"/v1/workspaces/{workspace.Id}", new { linkSchemes = new[] { bad } })).Status.Should().Be(422, bad);
        (await workspace.Patch($"/v1/workspaces/{workspace.Id}", new { linkSchemes = new[] { "myapp" } })).Status.Should().Be(200);
        foreach (
            var bad in new[]
            {
                "other://x",
                "myapp:x",
                "myapp://x\r\nSet-Cookie: a=b",
                "javascript://%0aalert(1)",
                "myapp://us:er@x/",
                "MYAPP",
                "myapp://é",
            }
        )
            (await workspace.Post("/v1/links", new { destination = bad })).Status.Should().Be(422, bad);
        var link = await NewLink(workspace, app);
        (await Follow($"/l/{link["slug"]}?utm_source=x"))
            .Header("Location")
            .Should()
            .StartWith("myapp://offer/Seven?from=link&utm_source=x&crm_click=")
            .And.EndWith("#Top");
        (await workspace.Patch($"/v1/workspaces/{workspace.Id}", new { linkSchemes = Array.Empty<string>() })).Status.Should().Be(200);
        (await Follow($"/l/{link["slug"]}")).Status.Should().Be(410);
    }

    // ---- What browsers say of a request

    [Fact]
    public async Task over_plain_http_a_browser_says_nothing_of_its_request_and_is_a_person_all_the_same()
    {
        var workspace = await server.NewWorkspace();
        var link = await NewLink(workspace, new { destination = "https://www.silva.example.org/" });
        (string Agent, (string, string)[] Headers, string Signals)[] visits =
        [
            (Chrome, [("Host", "crm.lan")], "[]"),
            (Chrome, [("Host", "192.168.1.20:5000")], "[]"),
            (Chrome, [("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")], "[]"),
            (Chrome, [("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")], "[]"),
            (Chrome, [("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")], """["no_navigation"]"""),
            (Chrome, [("Sec-Fetch-Dest", "empty")], """["no_navigation"]"""),
            (Browser, [("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty")], """["no_navigation"]"""),
            (Browser, [("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "script")], """["no_navigation"]"""),
            ("Googlebot/2.1", [("Sec-Fetch-Mode", "navigate")], """["robot"]"""),
        ];
        foreach (var (agent, headers, _) in visits)
            (await Follow($"/l/{link["slug"]}", [("User-Agent", agent), .. headers])).Status.Should().Be(302);
        (await workspace.All("/v1/clicks?sort=createdAt"))
            .Select(click => click["signals"]!.ToJsonString())
            .Should()
            .Equal(visits.Select(v => v.Signals));
    }

    [Fact]
    public void over_https_a_chrome_of_today_that_says_nothing_is_none()
    {
        Robots.SignalsOf(Chrome, Navigation.Unsaid).Should().Equal("no_navigation");
        Robots.SignalsOf(Browser, Navigation.Unsaid).Should().BeEmpty("Safari and Firefox of some years say nothing");
        Robots
            .SignalsOf(Chrome.Replace("Chrome/142", "Chrome/74", StringComparison.Ordinal), Navigation.Unsaid)
            .Should()
            .BeEmpty("it did not say it yet");
    }

    static async Task<System.Text.Json.Nodes.JsonNode> NewLink(TestWorkspace workspace, object link)
    {
        var made = await workspace.Post("/v1/links", link);
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    async Task<Reply> Follow(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers.Any(h => h.Name == "User-Agent") ? headers : [.. headers, ("User-Agent", Browser)])
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await server.Http.SendAsync(request);
        return await Reply.Of(answer);
    }
}
