// Reports as PNG and in both themes: the size and the colours that were asked for, letters on a machine without fonts, and a few at a time.

using Crm.Api.Reports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using Xunit;

namespace Crm.Tests.Reports;

[Collection(nameof(CrmServer))]
public sealed class PngPictureTests(CrmServer server)
{
    const string LightPaper = "#ffffff",
        DarkPaper = "#161c26";

    async Task<TestWorkspace> WithLeads()
    {
        var workspace = await server.NewWorkspace();
        foreach (var country in new[] { "BR", "BR", "PT" })
            (await workspace.Post("/v1/leads", new { lastName = "Silva", address = new { country } })).Status.Should().Be(201);
        return workspace;
    }

    static async Task<SKBitmap> Png(TestWorkspace workspace, string query, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/reports/countries{query}");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + workspace.Key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await workspace.Server.Http.SendAsync(request);
        answer.Content.Headers.ContentType!.ToString().Should().Be("image/png");
        return SKBitmap.Decode(await answer.Content.ReadAsByteArrayAsync());
    }

    static string At(SKBitmap bitmap, int x, int y)
    {
        var colour = bitmap.GetPixel(x, y);
        return $"#{colour.Red:x2}{colour.Green:x2}{colour.Blue:x2}";
    }

    static HashSet<string> Colours(SKBitmap bitmap) => [.. bitmap.Pixels.Select(p => $"#{p.Red:x2}{p.Green:x2}{p.Blue:x2}")];

    [Fact]
    public async Task a_png_has_the_width_the_theme_and_the_scale_that_were_asked_and_the_marks_of_the_svg()
    {
        var workspace = await WithLeads();
        using var usual = await Png(workspace, "?format=png");
        (usual.Width, At(usual, 1, 1)).Should().Be((2 * ReportPicture.Usual, LightPaper), "screens with small pixels show two for one");
        using var small = await Png(workspace, "?width=400&theme=dark&scale=1", ("Accept", "image/png"));
        (small.Width, At(small, 1, 1)).Should().Be((400, DarkPaper));
        Colours(small).Should().Contain("#5796ff", "bars have the colour of the first series").And.NotContain(LightPaper);

        var svg = (await workspace.Get("/v1/reports/countries?format=svg&theme=dark&width=400")).Text;
        svg.Should().Contain($"fill=\"{DarkPaper}\"").And.NotContain("<style").And.NotContain("class=").And.NotContain("\"#fff\"");
        svg.Should().Contain($"height=\"{small.Height}\"");
        var own = (await workspace.Get("/v1/reports/countries?format=svg")).Text;
        own.Should().Contain("prefers-color-scheme:dark").And.Contain("fill=\"#fff\"");
        (await workspace.Get("/v1/reports/countries?format=svg&theme=light")).Text.Should().NotContain("prefers-color-scheme");
    }

    [Theory]
    [InlineData("format=json&theme=dark", "theme")]
    [InlineData("format=csv&width=400", "width")]
    [InlineData("format=svg&scale=2", "scale")]
    [InlineData("format=png&scale=3", "scale")]
    [InlineData("format=png&theme=blue", "theme")]
    [InlineData("format=png&width=1601", "width")]
    [InlineData("format=png&width=279", "width")]
    [InlineData("format=png&bom=true", "bom")]
    [InlineData("format=gif", "format")]
    public async Task what_a_picture_does_not_take_is_refused_by_name(string query, string parameter)
    {
        var workspace = await server.NewWorkspace();
        var refused = await workspace.Get($"/v1/reports/links?{query}");
        (refused.Status, refused.Code).Should().Be((400, "invalid_parameter"));
        refused.Errors.Should().Equal(parameter + ":invalid");
    }

    static SKTypeface Font(string file) => SKTypeface.FromStream(typeof(PngPicture).Assembly.GetManifestResourceStream("Fonts/" + file)!);

    [Fact]
    public void the_program_brings_the_letters_of_latin_greek_and_cyrillic_and_every_sign_of_its_own()
    {
        foreach (var file in new[] { "Inter-Regular.otf", "Inter-SemiBold.otf" })
        {
            using var typeface = Font(file);
            using var font = new SKFont(typeface);
            foreach (
                var range in new[]
                {
                    (0x20, 0x7E),
                    (0xA1, 0xAC),
                    (0xAE, 0xFF),
                    (0x100, 0x148),
                    (0x14A, 0x17E),
                    (0x391, 0x3A1),
                    (0x3B1, 0x3C9),
                    (0x410, 0x44F),
                }
            )
                for (var letter = range.Item1; letter <= range.Item2; letter++)
                    font.ContainsGlyph(letter).Should().BeTrue($"{file} has U+{letter:X4} {(char)letter}");
            foreach (var sign in "…·–’↑↓€£ÇãõçñßŞğİűŁż")
                font.ContainsGlyph(sign).Should().BeTrue($"{file} has {sign}");
        }
    }

    [Theory]
    [InlineData("Search ad: solar roof, spring 2026")]
    [InlineData("QUOTE FOR WAREHOUSES OF GOOGLE AND WWW")]
    [InlineData("Newsletter (março) – ação única 1,234,567.89 EUR")]
    [InlineData("↑ 12% from 1,234")]
    [InlineData("mmm MMM www WWW @@@ %%%")]
    [InlineData("Πληροφορίες Москва Świdnica")]
    public void letters_take_no_more_room_in_a_png_than_was_kept_for_them(string text)
    {
        foreach (var (file, bold) in new[] { ("Inter-Regular.otf", false), ("Inter-SemiBold.otf", true) })
        foreach (var size in new[] { 12, 13, 19 })
        {
            using var typeface = Font(file);
            using var font = new SKFont(typeface, size);
            ((double)font.MeasureText(text)).Should().BeLessThanOrEqualTo(Picture.Measure(text, size, bold), $"{file} {size}");
        }
    }

    [Fact]
    public void every_name_can_be_drawn_whatever_its_letters_are()
    {
        var picture = new Picture(400);
        string[] names = ["Açaí & <b>", "東京の広告", "إعلان", "👩‍👩‍👧 família", "\u202Egnp.\0", "a\uD800b", new('x', 5000), ""];
        foreach (var (name, i) in names.Select((name, i) => (name, i)))
            picture.Text(200, 20 + 20 * i, Picture.Fit(name, 360, 13), 13, Ink.Text, Anchor.Middle, bold: i % 2 == 0);
        picture.Unfinished(10, 100, 0, 5, Ink.First);
        using var drawn = SKBitmap.Decode(PngPicture.Write(picture.Finish(200, "Names", "Names"), PictureTheme.Light, 2));
        (drawn.Width, drawn.Height).Should().Be((800, 400));
        System.Xml.Linq.XDocument.Parse(SvgPicture.Write(picture, null)).Root!.Elements().Should().HaveCount(4 + names.Length);
    }

    [Fact]
    public async Task a_report_whose_lines_are_all_left_out_is_a_picture_that_says_so()
    {
        var workspace = await server.NewWorkspace();
        var link = (await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/" })).Json!;
        using var click = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
        click.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var went = await server.Http.SendAsync(click);
        ((int)went.StatusCode).Should().Be(302);
        var picture = await workspace.Get("/v1/reports/links?format=svg&minClicks=1000");
        picture.Status.Should().Be(200, picture.Text);
        picture.Text.Should().Contain("No line has so many clicks.").And.Contain("Clicks: 1.");
    }

    [Fact]
    public async Task a_few_are_drawn_at_once_some_wait_and_the_next_is_told_when_to_come_again()
    {
        var workspace = await WithLeads();
        var (drawing, held) = (server.Services.GetRequiredService<DrawPng>(), new TaskCompletionSource());
        var waiting = Enumerable
            .Range(0, 66)
            .Select(_ =>
                drawing
                    .Run(new DefaultHttpContext(), async () =>
                    {
                        await held.Task;
                        return "drawn";
                    })
                    .AsTask()
            )
            .ToList();
        try
        {
            var refused = await workspace.Get("/v1/reports/countries?format=png");
            (refused.Status, refused.Code).Should().Be((429, "rate_limited"));
            refused.Header("Retry-After").Should().NotBeEmpty();
            (await workspace.Get("/v1/reports/countries?format=svg")).Status.Should().Be(200, "an SVG is only text");
        }
        finally
        {
            held.SetResult();
        }
        (await Task.WhenAll(waiting)).Should().OnlyContain(one => one == "drawn");
        using var drawn = await Png(workspace, "?format=png&scale=1");
        drawn.Width.Should().Be(ReportPicture.Usual);
    }
}
