// What strangers read on each page, in each language; that a site's look reaches its pages and nothing else does; robots, icon, problem
// pages.

using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Crm.Api.Forms;
using Crm.Api.Pages;
using Crm.Domain.Forms;
using Crm.Domain.Problems;
using Crm.Tests.Forms;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Crm.Tests.Pages;

[Collection(nameof(CrmServer))]
public sealed class VisitorWordsTests(CrmServer server)
{
    /// <summary>Words of the API that were on pages once, or could come there by an oversight.</summary>
    static readonly string[] OfTheApi =
    [
        "There is no",
        "Nothing was stored",
        "is not open",
        "may not post",
        "leads nowhere",
        "are not valid",
        "Must be ",
        "was already sent by",
        "API",
        "JSON",
        "_",
        "Retry",
        "origin",
    ];

    /// <param name="NotFound">And so on: two sentences each, where there are two.</param>
    public sealed record Words(
        string Language,
        string NotFound,
        string Expired,
        string Closed,
        string NotSent,
        string Limited,
        string Unavailable,
        string Again,
        string FillIn,
        string Email,
        string Phone,
        string Thanks
    );

    static readonly Words[] Five =
    [
        new(
            "en",
            "We cannot find this page. Check the address.",
            "This link has expired. Ask for a new one.",
            "This form is closed.",
            "Your message was not sent.",
            "Many messages came from your network.",
            "We cannot answer right now.",
            "Try again in 2 min.",
            "Fill this in.",
            "Enter a full address, like ana@example.org.",
            "Enter a number with area code, like 2",
            "Thank you. Your message has arrived."
        ),
        new(
            "es",
            "No encontramos esta página. Revise la dirección.",
            "Este enlace ha caducado. Pida otro.",
            "Este formulario está cerrado.",
            "Su mensaje no se ha enviado.",
            "Han llegado muchos mensajes desde su red.",
            "Ahora no podemos responder.",
            "Inténtelo de nuevo en 2 min.",
            "Rellene este campo.",
            "Escriba un correo completo, como ana@example.org.",
            "Escriba un teléfono con prefijo, como 2",
            "Gracias. Hemos recibido su mensaje."
        ),
        new(
            "pt",
            "Não encontramos esta página. Verifique o endereço.",
            "Este link expirou. Peça outro.",
            "Este formulário está fechado.",
            "A sua mensagem não foi enviada.",
            "Chegaram muitas mensagens da sua rede.",
            "Não podemos responder agora.",
            "Tente de novo daqui a 2 min.",
            "Preencha este campo.",
            "Escreva um e-mail completo, como ana@example.org.",
            "Escreva um número com código de área, como 2",
            "Obrigado. Recebemos a sua mensagem."
        ),
        new(
            "fr",
            "Page introuvable. Vérifiez l’adresse.",
            "Ce lien a expiré. Demandez-en un autre.",
            "Ce formulaire est fermé.",
            "Votre message n’a pas été envoyé.",
            "Beaucoup de messages viennent de votre réseau.",
            "Nous ne pouvons pas répondre pour l’instant.",
            "Réessayez dans 2 min.",
            "Remplissez ce champ.",
            "Saisissez une adresse complète, comme ana@example.org.",
            "Saisissez un numéro complet, comme 2",
            "Merci. Nous avons reçu votre message."
        ),
        new(
            "de",
            "Diese Seite gibt es nicht. Prüfen Sie die Adresse.",
            "Dieser Link ist abgelaufen. Bitten Sie um einen neuen.",
            "Dieses Formular ist geschlossen.",
            "Ihre Nachricht wurde nicht gesendet.",
            "Aus Ihrem Netz kamen viele Nachrichten.",
            "Wir können gerade nicht antworten.",
            "Versuchen Sie es in 2 Min. noch einmal.",
            "Bitte ausfüllen.",
            "Bitte eine vollständige Adresse wie ana@example.org.",
            "Bitte eine Nummer mit Vorwahl wie 2",
            "Vielen Dank. Ihre Nachricht ist angekommen."
        ),
    ];

    public static TheoryData<string> Languages => [.. Five.Select(words => words.Language)];

    static (string Name, string Value)[] Browser(string language) =>
        [("Accept", FormPosts.AcceptsHtml), ("Accept-Language", $"xx, {language}-XX;q=0.8, nl;q=0.3")];

    /// <summary>The text that a reader sees, entities resolved, tags as single spaces.</summary>
    static string Seen(string html)
    {
        var body = html[html.IndexOf("<body", StringComparison.Ordinal)..];
        var text = System.Text.RegularExpressions.Regex.Replace(body, "<[^>]*>", " ");
        return System.Text.RegularExpressions.Regex.Replace(System.Net.WebUtility.HtmlDecode(text), "\\s+", " ");
    }

    static void Says(Reply page, int status, params string[] sentences)
    {
        page.Status.Should().Be(status, page.Text);
        page.ContentHeaders.ContentType!.MediaType.Should().Be("text/html");
        page.Header("X-Robots-Tag").Should().Be("noindex");
        Says(page.Text, sentences);
    }

    static void Says(string html, params string[] sentences)
    {
        html.Should().NotContain("<script").And.NotContain(" style=");
        var seen = Seen(html);
        foreach (var sentence in sentences)
            seen.Should().Contain(sentence);
        foreach (var word in OfTheApi)
            seen.Should().NotContain(word);
    }

    static readonly object[] Fields =
    [
        new
        {
            name = "email",
            label = "Mail",
            kind = "email",
            required = true,
            mapsTo = "email",
        },
        new
        {
            name = "phone",
            label = "Tel",
            kind = "phone",
            required = true,
            mapsTo = "phone",
        },
        new
        {
            name = "message",
            label = "Text",
            kind = "longText",
            required = true,
            mapsTo = "message",
        },
    ];

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task each_page_speaks_to_visitors_in_their_language_and_in_none_of_the_apis_sentences(string language)
    {
        var words = Five.Single(one => one.Language == language);
        var workspace = await server.NewWorkspace();
        var own = (await workspace.Get("/v1/workspaces")).Data.Single()!;
        (await workspace.Patch($"/v1/workspaces/{own["id"]}", new { defaultCountry = "PT" })).Status.Should().Be(200);
        var form = await workspace.NewForm(
            new
            {
                name = "Form",
                language,
                minimumFillSeconds = 0,
                duplicatePolicy = "reject",
                fields = Fields,
            }
        );
        var stranger = workspace.With("");
        var browser = Browser(language);

        Says(await stranger.Get("/nosuch/page", browser), 404, words.NotFound);
        Says(await stranger.Get("/forms/nosuchform", browser), 404, words.NotFound);
        Says(await stranger.Get("/l/nosuchlink", browser), 404, words.NotFound);
        Says(await stranger.Get("/problems/no-such-code", browser), 404, words.NotFound);
        var first = await stranger.Get("/", browser);
        Says(first, 200);
        first.Text.Should().Contain($"<html lang=\"{language}\"").And.Contain("href=\"/reports\"");

        var lost = await workspace.SubmitPage(
            new JsonObject { ["key"] = "nosuchform" },
            new { email = "ana@silva.example.org", message = "A roof" },
            browser
        );
        Says(lost, 404, words.NotFound, words.NotSent, "A roof", "ana@silva.example.org");

        Says(await stranger.Get($"/forms/{form["key"]}", browser), 200, "Mail", "Tel");
        Says(await workspace.SubmitPage(form, new { email = "ana@", phone = "12" }, browser), 422, words.FillIn, words.Email, words.Phone);
        var sent = new
        {
            email = "ana@silva.example.org",
            phone = "912 345 678",
            message = "A roof",
        };
        (await workspace.SubmitPage(form, sent, browser)).Status.Should().Be(303);
        Says(await stranger.Get($"/forms/{form["key"]}/thanks", browser), 200, words.Thanks.Split(". "));
        var again = await workspace.SubmitPage(form, sent with { message = "Another roof" }, browser);
        Says(again, 409, FormWords.For(language).Of("duplicate_submission"), "Another roof");

        await workspace.Changed(form, new { status = "closed" });
        Says(await stranger.Get($"/forms/{form["key"]}", browser), 410, words.Closed);
        Says(await workspace.SubmitPage(form, sent, browser), 410, words.Closed, words.NotSent, "A roof", "912 345 678");

        var link = (
            await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", expiresAt = "2020-01-01T00:00:00Z" })
        );
        link.Status.Should().Be(201, link.Text);
        Says(await stranger.Get($"/l/{link["slug"]}", browser), 410, words.Expired);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public async Task who_comes_too_often_or_while_we_are_away_reads_when_to_come_again(string language)
    {
        var words = Five.Single(one => one.Language == language);
        foreach (var post in (bool[])[false, true])
        {
            var limited = await PageAlone.Of(http => VisitorPages.Limited(http, 61), language, post);
            limited.Status.Should().Be(429);
            Says(limited.Html, words.Limited, words.Again);
            var away = await PageAlone.Of(http => VisitorPages.Unavailable(http, 503, 120), language, post);
            away.Status.Should().Be(503);
            Says(away.Html, words.Unavailable, words.Again);
            foreach (var page in (string[])[limited.Html, away.Html])
                Seen(page).Contains(words.NotSent, StringComparison.Ordinal).Should().Be(post, "only who has sent something hears of it");
        }
    }

    [Fact]
    public void every_language_of_forms_has_all_words() => VisitorWords.Languages.Should().BeEquivalentTo(FormLanguages.Spoken);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json, text/html")]
    [InlineData("*/*")]
    public async Task programs_get_what_they_got(string accept)
    {
        var stranger = server.Default.With("");
        (await stranger.Get("/nosuch", ("Accept", accept))).Code.Should().Be("not_found");
        (await stranger.Get("/v1/nosuch", ("Accept", FormPosts.AcceptsHtml))).Code.Should().Be("not_found");
        (await stranger.Get("/l/nosuchlink", ("Accept", accept))).Header("Content-Type").Should().StartWith("text/plain");
    }

    // ---- The look of a site

    const string Url = "https://www.silva.example.org/";

    static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    );

    static string Data(string type, byte[] bytes) => $"data:{type};base64,{Convert.ToBase64String(bytes)}";

    static byte[] PngOf(int size) => [.. Png, .. new byte[size - Png.Length]];

    async Task<(TestWorkspace Workspace, Reply Site, JsonNode Form)> NewSite(object look)
    {
        var workspace = await server.NewWorkspace();
        var site = await workspace.Post("/v1/sites", look);
        site.Status.Should().Be(201, site.Text);
        return (workspace, site, await workspace.NewForm(new { name = "Ask for a quote", site = site["id"]!.ToString() }));
    }

    [Fact]
    public async Task a_site_lends_its_pages_name_colour_intro_privacy_and_a_way_back()
    {
        var (workspace, _, form) = await NewSite(
            new
            {
                name = "Silva Energia",
                url = Url,
                color = "#1B6E5A",
                intro = "Tell us about your roof.",
                privacyText = "We use it to answer.",
                privacyUrl = Url + "privacy",
            }
        );
        var stranger = workspace.With("");

        var page = await stranger.Get($"/forms/{form["key"]}");
        page.Text.Should()
            .Contain("<bdi>Silva Energia</bdi>")
            .And.Contain(">SE</span>")
            .And.Contain("--brand:#1b6e5a;--on-brand:#fff")
            .And.Contain("<p class=\"intro\">Tell us about your roof.</p>")
            .And.Contain("<span>We use it to answer.</span><a href=\"https://www.silva.example.org/privacy\">Privacy</a>")
            .And.Contain(">www.silva.example.org</a>");
        var thanks = await stranger.Get($"/forms/{form["key"]}/thanks");
        Seen(thanks.Text).Should().Contain("Back to Silva Energia");
        thanks.Text.Should().Contain("href=\"https://www.silva.example.org/\"><bdi>Back to");

        // A form of no site has the look of the only one there is; of two it has none.
        var other = await workspace.NewForm(new { name = "Another" });
        (await stranger.Get($"/forms/{other["key"]}")).Text.Should().Contain("Silva Energia");
        await workspace.Post("/v1/sites", new { name = "Second" });
        (await stranger.Get($"/forms/{other["key"]}")).Text.Should().NotContain("Silva Energia").And.NotContain("Second");
    }

    [Theory]
    [InlineData("#ffffff", "#000", true, false)]
    [InlineData("#000000", "#fff", false, true)]
    [InlineData("#767676", "#000", false, false)]
    [InlineData("#757575", "#fff", false, false)]
    [InlineData("#ffcc00", "#000", true, false)]
    [InlineData("#10151f", "#fff", false, true)]
    public async Task what_stands_on_the_colour_can_be_read_and_its_edge_be_seen(string color, string on, bool edgeLight, bool edgeDark)
    {
        var page = await PageAlone.Of(http => new VisitorPage("t", "en", new() { Name = "S", Color = color }).Write(http, 200), "en");

        page.Html.Should()
            .Contain(
                $":root{{--brand:{color};--on-brand:{on};--brand-edge:{(edgeLight ? "var(--control)" : "transparent")}}}@media screen and (prefers-color-scheme:dark){{:root{{--brand-edge:{(edgeDark ? "var(--control)" : "transparent")}}}}}"
            );
    }

    [Fact]
    public async Task a_logo_of_the_record_is_served_as_the_picture_that_it_is()
    {
        // Said to be a JPEG: what it is decides.
        var (workspace, site, form) = await NewSite(new { name = "Silva", logo = Data("image/jpeg", PngOf(64 * 1024)) });
        var stranger = workspace.With("");

        var page = await stranger.Get($"/forms/{form["key"]}");
        page.Text.Should().Contain($"<img src=\"/logos/{site["key"]}?v=").And.NotContain("class=\"mono\"");
        page.Header("Content-Security-Policy").Should().Contain("img-src data: 'self';");
        using var logo = await server.Http.GetAsync(new Uri($"/logos/{site["key"]}?v=1", UriKind.Relative));
        logo.Content.Headers.ContentType!.MediaType.Should().Be("image/png");
        (await logo.Content.ReadAsByteArrayAsync()).Should().Equal(PngOf(64 * 1024));
        string.Join(' ', logo.Headers.GetValues("X-Content-Type-Options")).Should().Be("nosniff");
        (await stranger.Get("/logos/nosuchsite")).Status.Should().Be(404);
    }

    public static TheoryData<string, string> Refused =>
        new()
        {
            { "logo", Data("image/png", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")) },
            { "logo", Data("image/svg+xml", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>")) },
            { "logo", "data:image/svg+xml,<svg onload=alert(1)>" },
            { "logo", "data:text/html;base64," + Convert.ToBase64String(Encoding.UTF8.GetBytes("<script>alert(1)</script>")) },
            { "logo", Data("image/png", PngOf(64 * 1024 + 1)) },
            { "logo", "data:image/png;base64,###" },
            { "logo", "https://tracker.example.net/logo.png" },
            { "logo", "https://www.silva.example.org.evil.example/logo.png" },
            { "logo", "https://www.silva.example.org@evil.example/logo.png" },
            { "logo", "javascript:alert(1)" },
            { "logo", "/logo.png" },
            { "color", "red" },
            { "color", "#12345" },
            { "color", "#1b6e5a;}" },
            { "color", "#fff</s" },
            { "privacyUrl", "javascript:alert(1)" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task a_look_that_could_be_more_than_a_look_is_refused(string member, string value)
    {
        var made = await server.Default.Post(
            "/v1/sites",
            new Dictionary<string, object>
            {
                ["name"] = "Silva",
                ["url"] = Url,
                [member] = value,
            }
        );

        made.Status.Should().Be(422, made.Text);
        made.Errors.Should().ContainSingle().Which.Should().StartWith(member + ":");
    }

    [Fact]
    public async Task the_address_of_a_picture_on_the_sites_own_host_is_used_and_only_that_host_is_asked()
    {
        var (workspace, _, form) = await NewSite(
            new
            {
                name = "Silva",
                url = Url,
                logo = Url + "logo.svg",
            }
        );

        var page = await workspace.With("").Get($"/forms/{form["key"]}");
        page.Text.Should().Contain("<img src=\"https://www.silva.example.org/logo.svg\" alt=\"\">");
        page.Header("Content-Security-Policy").Should().Contain("img-src data: https://www.silva.example.org;");
    }

    [Theory]
    [InlineData("Silva Energia", "SE")]
    [InlineData("Ærø & Søn", "ÆS")]
    [InlineData("한국 전력", "한전")]
    [InlineData("<script>alert(1)</script>", "")]
    [InlineData("🌞 Solar", "S")]
    [InlineData("7 Berge", "7B")]
    public async Task without_a_logo_the_first_letters_of_the_name_stand_there(string name, string letters)
    {
        var page = await PageAlone.Of(http => new VisitorPage("t", "en", new() { Name = name }).Write(http, 200), "en");

        page.Html.Should().NotContain("<script");
        if (letters.Length == 0)
            page.Html.Should().NotContain("class=\"mono\"");
        else
            page.Html.Should().Contain($"aria-hidden=\"true\">{HtmlEncoder.Default.Encode(letters)}</span>");
    }

    // ---- Around the pages

    [Fact]
    public async Task the_first_form_asks_for_what_contact_forms_ask_for_and_takes_a_company_that_a_page_sends()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();

        var page = await workspace.With("").Get($"/forms/{form["key"]}");
        System
            .Text.RegularExpressions.Regex.Matches(page.Text, "<label for=\"f\\d\">(.*?)</label>")
            .Select(label => Seen("<body" + label.Value).Trim())
            .Should()
            .Equal("Name", "E-mail (needed)", "Phone", "Message");
        (await workspace.Submit(form, new { email = "ana@silva.example.org", company = "Silva Ltda" })).Status.Should().Be(201);
        (await workspace.LeadOf("ana@silva.example.org"))["company"]!.ToString().Should().Be("Silva Ltda");
    }

    [Theory]
    [InlineData(1, 3, "(needed)", 1)]
    [InlineData(2, 2, "(needed)", 2)]
    [InlineData(3, 1, "(optional)", 1)]
    [InlineData(3, 0, "(", 0)]
    [InlineData(0, 3, "(", 0)]
    public async Task the_rarer_of_needed_and_optional_is_marked(int needed, int optional, string mark, int times)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Form",
                fields = Enumerable
                    .Range(0, needed + optional)
                    .Select(i => new
                    {
                        name = $"f{i}",
                        label = "Field",
                        kind = "text",
                        required = i < needed,
                    }),
            }
        );

        var seen = Seen((await workspace.With("").Get($"/forms/{form["key"]}")).Text);
        seen.Split(mark).Should().HaveCount(times + 1);
        seen.Split('(').Should().HaveCount(times + 1, "nothing else is marked");
    }

    [Fact]
    public async Task a_form_page_is_one_small_answer()
    {
        var (workspace, _, form) = await NewSite(
            new
            {
                name = "Silva Energia",
                url = Url,
                color = "#1b6e5a",
                intro = new string('x', 500),
                privacyText = "We use it to answer.",
            }
        );

        var page = await workspace.With("").Get($"/forms/{form["key"]}");
        using var to = new MemoryStream();
        await using (var gzip = new GZipStream(to, CompressionLevel.Optimal, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(page.Text));
        to.Length.Should().BeLessThan(10 * 1024);
        page.Text.Should().NotContain("<script").And.NotContain("<link rel=\"stylesheet\"").And.NotContain("@import");
    }

    [Fact]
    public async Task the_type_of_every_problem_leads_to_a_page_that_explains_it()
    {
        var stranger = server.Default.With("");
        var problem = await stranger.Get("/v1/leads");
        var type = new Uri(problem["type"]!.ToString());
        var page = await stranger.Get(type.AbsolutePath);
        page.Status.Should().Be(200);
        page.Text.Should().Contain(ProblemCodes.Unauthorized.Title);

        foreach (var code in ProblemCodes.All.Values)
        {
            var explained = await stranger.Get($"/problems/{code.Code.Replace('_', '-')}");
            explained.Status.Should().Be(200);
            Seen(explained.Text).Should().Contain(code.Title).And.Contain(code.Means).And.Contain(code.Code);
        }
    }

    [Fact]
    public async Task robots_and_icons_are_answered()
    {
        var workspace = await server.NewWorkspace();
        var stranger = workspace.With("");

        var robots = await stranger.Get("/robots.txt");
        robots.Text.Should().Be("User-agent: *\nAllow: /$\nAllow: /l/\nDisallow: /\n");
        foreach (var path in (string[])["/favicon.ico", "/favicon.svg"])
        {
            var icon = await stranger.Get(path);
            icon.ContentHeaders.ContentType!.MediaType.Should().Be("image/svg+xml");
            icon.Text.Should().Contain("<svg").And.Contain("#1f57b8");
        }

        // On a domain of links every address is a link, and the firm's.
        var domain = $"{Guid.NewGuid():n}.example.org";
        await workspace.Post(
            "/v1/sites",
            new
            {
                name = "Silva Energia",
                url = Url,
                linkDomain = domain,
            }
        );
        (await stranger.Get("/robots.txt", ("Host", domain))).Text.Should().Be("User-agent: *\nAllow: /\n");
        foreach (var path in (string[])["/", "/nosuchlink"])
        {
            var page = await stranger.Get(path, ("Host", domain), ("Accept", FormPosts.AcceptsHtml));
            page.Status.Should().Be(404);
            Seen(page.Text).Should().Contain("Silva Energia").And.Contain("Back to").And.NotContain("Reports");
        }
    }
}

/// <summary>A page as it is written, without a server around it.</summary>
static class PageAlone
{
    public static async Task<(int Status, string Html, string Policy)> Of(Func<HttpContext, Task> write, string language, bool post = false)
    {
        var body = new MemoryStream();
        var http = new DefaultHttpContext();
        http.Request.Method = post ? "POST" : "GET";
        http.Request.Headers.AcceptLanguage = language;
        http.Response.Body = body;
        await write(http);
        return (http.Response.StatusCode, Encoding.UTF8.GetString(body.ToArray()), http.Response.Headers.ContentSecurityPolicy.ToString());
    }
}
