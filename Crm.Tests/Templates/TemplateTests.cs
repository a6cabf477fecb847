// The language of templates: what its documentation shows, what it refuses and where, and that nothing that is written in one or filled
// into one takes more than its bounds.

using System.Text;
using System.Text.Json;
using Crm.Domain.Templates;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Templates;

public sealed class TemplateTests(ITestOutputHelper output)
{
    const string Data = """
        {"lead":{"firstName":"Ana","lastName":"<b>Silva</b>","company":"","score":1234567.5,"tags":["fair","new & hot"],
          "website":"javascript:alert(1)","createdAt":"2026-11-30T08:41:00Z","emails":[{"address":"ana@example.org","kind":"work"},{"address":"a@example.org","kind":"home"}],
          "message":"line one\nline  two","if":"odd","active":true},"form":{"name":"Contact"}}
        """;

    static string Render(string template, TemplateKind kind = TemplateKind.Text, string language = "en", string data = Data) =>
        RenderTemplate.Run(Template.Parse(kind, template), Of(data), language).Text;

    static IReadOnlyDictionary<string, object?> Of(string json) =>
        (IReadOnlyDictionary<string, object?>)TemplateData.Of(JsonDocument.Parse(json).RootElement)!;

    [Theory]
    [InlineData("Dear {{ lead.firstName }},", "Dear Ana,")]
    [InlineData("{{lead.firstName|upper}}", "ANA")]
    [InlineData("{{ lead.company | default: \"your company\" }}", "your company")]
    [InlineData("{{ lead.nothing.at.all }}", "")]
    [InlineData("{{ nothing }}", "")]
    [InlineData("{{ lead.tags }}", "fair, new & hot")]
    [InlineData("{{ lead.tags | join: ' / ' | upper }}", "FAIR / NEW & HOT")]
    [InlineData("{{ lead.tags | count }}", "2")]
    [InlineData("{{ lead.tags | first }} {{ lead.tags | last | cut: 4 }}", "fair new\u2026")]
    [InlineData("{{ lead.message | line }}", "line one line two")]
    [InlineData("{{ lead.message | cut: 5 | capitalize }}", "Line\u2026")]
    [InlineData("{{ 'a b&c' | encode }}", "a%20b%26c")]
    [InlineData("{{ \"{{ lead }}\" }}", "{{ lead }}")]
    [InlineData("{{ if lead.company }}at {{ lead.company }}{{ else }}alone{{ end }}", "alone")]
    [InlineData("{{ if not lead.company }}alone{{ end }}", "alone")]
    [InlineData("{{ if form.name is \"contact\" }}C{{ end }}{{ if form.name is not 'Contact' }}other{{ end }}", "C")]
    [InlineData("{{ if lead.tags is 'fair' }}met{{ end }}", "met")]
    [InlineData("{{ each lead.emails as e }}{{ e.kind }}:{{ e.address }} {{ end }}", "work:ana@example.org home:a@example.org ")]
    [InlineData("{{ each lead.none as e }}x{{ else }}none{{ end }}", "none")]
    [InlineData("{{ lead.if }}{{ lead.active }}", "oddtrue")]
    [InlineData("no places, only } and { and }}", "no places, only } and { and }}")]
    public void what_is_written_is_what_comes_out(string template, string expected) => Render(template).Should().Be(expected);

    [Theory]
    [InlineData("en", "1,234,567.5")]
    [InlineData("de", "1.234.567,5")]
    public void numbers_are_written_as_the_language_does(string language, string expected) =>
        Render("{{ lead.score | number }}", language: language).Should().Be(expected);

    [Theory]
    [InlineData("de", "30.11.2026")]
    [InlineData("pt", "30/11/2026")]
    [InlineData("xx-not-a-language", "11/30/2026")]
    public void times_too(string language, string expected) =>
        Render("{{ lead.createdAt | date: \"date\" }}", language: language).Should().Be(expected);

    [Fact]
    public void in_html_everything_that_data_says_is_escaped() =>
        Render("<p title=\"{{ lead.lastName }}\">{{ lead.lastName }}, {{ lead.tags }}</p>", TemplateKind.Html)
            .Should()
            .Be("<p title=\"&lt;b&gt;Silva&lt;/b&gt;\">&lt;b&gt;Silva&lt;/b&gt;, fair, new &amp; hot</p>");

    [Fact]
    public void an_address_of_another_scheme_than_a_mails_links_have_stays_empty()
    {
        Render("<a href=\"{{ lead.website }}\">x</a>", TemplateKind.Html).Should().Be("<a href=\"\">x</a>");
        foreach (var odd in new[] { "JaVaScRiPt:x", " javascript:x", "java\\tscript:x", "data:text/html,x", "vbscript:x" })
            Render("<a href='{{ a }}'>", TemplateKind.Html, data: $$"""{"a":"{{odd}}"}""").Should().Be("<a href=''>", odd);
        foreach (var plain in new[] { "https://example.org/a:b", "/a:b", "mailto:a@example.org", "?q=a:b", "tel:+351" })
            Render("<a href='{{ a }}'>", TemplateKind.Html, data: $$"""{"a":"{{plain}}"}""").Should().Be($"<a href='{plain}'>");
    }

    [Fact]
    public void braces_that_data_brings_are_text()
    {
        var data = JsonSerializer.Serialize(
            new
            {
                a = "{{ b }}{{ each c as d }}{{ end }}",
                b = "secret",
                c = new[] { 1 },
            }
        );
        Render("{{ a }}", data: data).Should().Be("{{ b }}{{ each c as d }}{{ end }}");
        Render("{{ a | upper | lower }}", data: data).Should().NotContain("secret");
    }

    [Theory]
    [InlineData("a\n  {{ lead.", 2, 11)]
    [InlineData("{{ }}", 1, 4)]
    [InlineData("{{ lead.firstName", 1, 1)]
    [InlineData("{{ lead.firstName ! }}", 1, 19)]
    [InlineData("{{ lead.firstName | shout }}", 1, 21)]
    [InlineData("{{ lead.firstName | cut }}", 1, 21)]
    [InlineData("{{ lead.firstName | cut: 0 }}", 1, 21)]
    [InlineData("{{ lead.firstName | upper: 3 }}", 1, 21)]
    [InlineData("{{ end }}", 1, 4)]
    [InlineData("x{{ if lead }}y", 1, 2)]
    [InlineData("{{ if lead }}{{ else }}{{ else }}{{ end }}", 1, 24)]
    [InlineData("{{ each lead.tags }}x{{ end }}", 1, 19)]
    [InlineData("{{ each lead.tags as if }}x{{ end }}", 1, 22)]
    [InlineData("{{ \"open }}", 1, 4)]
    public void what_cannot_be_read_is_said_with_its_line_and_column(string template, int line, int column)
    {
        var error = FluentActions.Invoking(() => Template.Parse(TemplateKind.Text, template)).Should().Throw<TemplateException>().Which;
        (error.Line, error.Column).Should().Be((line, column), error.Message);
    }

    [Fact]
    public void an_attribute_without_quotes_is_refused_in_html_only()
    {
        FluentActions
            .Invoking(() => Template.Parse(TemplateKind.Html, "<a href={{ a }}>"))
            .Should()
            .Throw<TemplateException>()
            .WithMessage("*quotes*");
        Render("a={{ lead.firstName }}").Should().Be("a=Ana");
        Render("<p>a={{ lead.firstName }}", TemplateKind.Html).Should().Be("<p>a=Ana");
    }

    [Fact]
    public void a_template_has_bounds_of_its_own()
    {
        Refused(new string('x', Template.Longest + 1));
        Refused(string.Concat(Enumerable.Repeat("{{ a }}", Template.MostExpressions + 1)));
        Refused(
            string.Concat(Enumerable.Repeat("{{ if a }}", Template.Deepest + 1))
                + string.Concat(Enumerable.Repeat("{{ end }}", Template.Deepest + 1))
        );
        Refused("{{ a " + string.Concat(Enumerable.Repeat("| upper", Template.MostFilters + 1)) + " }}");
        Refused($"{{{{ '{new string('x', 1001)}' }}}}");
        Render(string.Concat(Enumerable.Repeat("{{ nothing }}", Template.MostExpressions))).Should().BeEmpty();

        static void Refused(string template) =>
            FluentActions.Invoking(() => Template.Parse(TemplateKind.Text, template)).Should().Throw<TemplateException>();
    }

    [Fact]
    public void a_list_shows_a_hundred_entries_and_lists_in_lists_stop_at_the_bound()
    {
        var data = JsonSerializer.Serialize(new { many = Enumerable.Range(0, 1000), text = new string('x', 30_000) });
        Render("{{ each many as n }}.{{ end }}", data: data).Should().HaveLength(100);
        var nested = RenderTemplate.Run(
            Template.Parse(
                TemplateKind.Text,
                "{{ each many as a }}{{ each many as b }}{{ each many as c }}{{ each many as d }}.{{ end }}{{ end }}{{ end }}{{ end }}"
            ),
            Of(data),
            "en"
        );
        (nested.IsCut, nested.Work <= RenderTemplate.MostWork).Should().Be((true, true));
        var large = RenderTemplate.Run(Template.Parse(TemplateKind.Text, "{{ each many as a }}{{ text }}{{ end }}"), Of(data), "en");
        large.IsCut.Should().BeTrue();
        Encoding.UTF8.GetByteCount(large.Text).Should().BeLessThanOrEqualTo(RenderTemplate.MostBytes);
    }

    /// <summary>Counted work instead of time: a busy machine measures nothing. What is allocated does not depend on the machine.</summary>
    [Fact]
    public void a_thousand_hostile_templates_take_no_more_than_their_bounds()
    {
        var seed = Seed.Of(output);
        var random = new Random(seed);
        var data = Of(
            JsonSerializer.Serialize(
                new
                {
                    a = new string('&', 32_768),
                    b = Enumerable.Range(0, 150).Select(_ => new string('\u00e9', 1000)),
                    c = Enumerable.Repeat(new { d = Enumerable.Repeat(new { e = "<{{x}}>\u0000" }, 100) }, 100),
                    n = 1e20m,
                    t = "2026-11-30T08:41:00Z",
                }
            )
        );
        var (parsed, refused, most) = (0, 0, 0L);
        for (var i = 0; i < 1000; i++)
        {
            var text = Hostile(random, 0);
            var kind = (TemplateKind)random.Next(2);
            Template template;
            try
            {
                template = Template.Parse(kind, text);
            }
            catch (TemplateException error)
            {
                (error.Line >= 1 && error.Column >= 1).Should().BeTrue();
                refused++;
                continue;
            }
            parsed++;
            var before = GC.GetAllocatedBytesForCurrentThread();
            var rendered = RenderTemplate.Run(template, data, random.Next(2) == 0 ? "pt-BR" : "zz");
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            rendered.Work.Should().BeLessThanOrEqualTo(RenderTemplate.MostWork);
            Encoding.UTF8.GetByteCount(rendered.Text).Should().BeLessThanOrEqualTo(RenderTemplate.MostBytes);
        }
        output.WriteLine($"{parsed} were rendered, {refused} refused, at most {most:N0} bytes allocated for one.");
        parsed.Should().BeGreaterThan(100);
        refused.Should().BeGreaterThan(20);
        most.Should().BeLessThan(4 * 1024 * 1024);
    }

    static string Hostile(Random random, int depth)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 6); i > 0; i--)
            text.Append(
                random.Next(depth > 6 ? 4 : 9) switch
                {
                    0 => new string('x', random.Next(3000)),
                    1 => $"<a href=\"{{{{ {Value(random)} }}}}\">",
                    2 => $"{{{{ {Value(random)} }}}}",
                    3 => random.Next(40) == 0 ? "{{ " : "}}",
                    4 or 5 => $"{{{{ each {Value(random)} as {"abcde"[random.Next(5)]} }}}}{Hostile(random, depth + 1)}{{{{ end }}}}",
                    6 => $"{{{{ if {Value(random)} }}}}{Hostile(random, depth + 1)}{{{{ else }}}}{Hostile(random, depth + 1)}{{{{ end }}}}",
                    7 => $"{{{{ if not {Value(random)} }}}}{Hostile(random, depth + 1)}{{{{ end }}}}",
                    _ => string.Concat(Enumerable.Repeat($"{{{{ {Value(random)} }}}}", random.Next(12))),
                }
            );
        return text.ToString();
    }

    static string Value(Random random)
    {
        string[] paths = ["a", "b", "c", "n", "t", "c.d", "d.e", "a.d", "e", "'text'"];
        string[] filters =
        [
            "upper",
            "encode",
            "join: \"" + new string(',', 500) + "\"",
            "cut: 9999",
            "default: 'x'",
            "first",
            "last",
            "number",
            "date",
            "line",
            "capitalize",
            "lower",
        ];
        var value = paths[random.Next(paths.Length)];
        for (var i = random.Next(6); i > 0; i--)
            value += " | " + filters[random.Next(filters.Length)];
        return value;
    }
}
