// What people with bad intent or broken software post: it is refused with the right code, kept where the form is known, and stays inert
// text.

using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;
using static Crm.Tests.Forms.FormPosts;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
public sealed partial class HostilePostTests(CrmServer server)
{
    const string Urlencoded = "application/x-www-form-urlencoded",
        Json = "application/json",
        Multipart = "multipart/form-data; boundary=b";

    // ---- Bodies

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    [InlineData(12_000_000)]
    public async Task a_long_body_makes_its_lead_and_says_what_was_cut(int length)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var body = "email=ana%40silva.example.org&a=" + new string('x', 32_000) + "&b=" + new string('y', 30_000) + "&c=";
        body += new string('z', length - body.Length);

        var entry = await workspace.Entry(await workspace.PostBody(form, body, Urlencoded));

        entry.S("verdict").Should().Be("accepted");
        entry["fields"]!.S("a").Should().HaveLength(32_000);
        entry["raw"].Should().BeNull();
        if (length == 1_000_000)
            entry["notes"]!.AsArray().Select(n => $"{n!["field"]}:{n["code"]}").Should().Equal("c:value_cut");
        if (length > 10_485_760)
            entry["notes"]!.AsArray().Select(n => $"{n!["field"]}:{n["code"]}").Should().Equal(":value_cut");
        await workspace.LeadOf("ana@silva.example.org");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(260)]
    public async Task of_a_post_two_hundred_fields_are_kept_and_the_forms_own_are_among_them(int count)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var fields = Enumerable.Range(1, count - 1).Select(i => ($"f{i}", "x")).Append(("email", "ana@silva.example.org")).ToList();
        foreach (var body in new[] { string.Join('&', fields.Select(f => $"{f.Item1}={f.Item2}")), JsonObjectOf(fields) })
        {
            var entry = await workspace.Entry(await workspace.PostBody(form, body, body[0] == '{' ? Json : Urlencoded));
            entry["unknownFields"]!.AsArray().Should().HaveCount(199);
            entry["notes"]!.AsArray().Select(n => n!.S("code")).Should().Equal(count == 200 ? [] : ["fields_surplus"]);
        }
        await workspace.LeadOf("ana@silva.example.org");
    }

    static string JsonObjectOf(IEnumerable<(string Name, string Value)> fields) =>
        new JsonObject(fields.Select(f => KeyValuePair.Create(f.Name, (JsonNode?)f.Value))).ToJsonString();

    public static TheoryData<string?, string, int, string> BrokenBodies =>
        new()
        {
            { Multipart, "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nana@silva.example.org", 400, "body_malformed" },
            { Multipart, "no boundary at all", 400, "body_malformed" },
            { "multipart/form-data", "--b\r\n", 400, "body_malformed" },
            { "multipart/form-data; boundary=b; boundary=c", "--b--\r\n", 400, "body_malformed" },
            { Json, """{"email":"ana@silva.ex""", 400, "body_malformed" },
            { Json, "[]", 400, "body_malformed" },
            { Json, "\"text\"", 400, "body_malformed" },
            { Json, "", 400, "body_malformed" },
            { Json, """{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":1}}}}}}}}}""", 201, "" },
            { Json, "{\"a\":[" + string.Join(',', Enumerable.Repeat("1", 257)) + "]}", 201, "" },
            { Json, """{"a":"\ud800"}""", 201, "" },
            { Json, """{"email":"ana\u0000@silva.example.org"}""", 201, "" },
            { Urlencoded, "a=%ff%fe", 201, "" },
            { Urlencoded + "; charset=koi8-r", "a=%c1", 201, "" },
            { Urlencoded, "_charset_=nosuch&a=a", 201, "" },
            { null, "email=ana%40silva.example.org", 201, "" },
            { "application/xml", "<a/>", 415, "media_type_unsupported" },
            { "text/html", "<a>", 415, "media_type_unsupported" },
            { "application/octet-stream", "x", 415, "media_type_unsupported" },
            { "nonsense", "x", 415, "media_type_unsupported" },
        };

    [Theory, MemberData(nameof(BrokenBodies))]
    public async Task a_body_that_cannot_be_read_is_refused_by_its_code_and_kept_as_it_came(
        string? contentType,
        string body,
        int status,
        string code
    )
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Anything",
                fields = new object[]
                {
                    new
                    {
                        name = "email",
                        kind = "email",
                        mapsTo = "email",
                    },
                },
            }
        );

        var answer = await workspace.PostBody(form, body, contentType, ("Origin", "https://site.example.org"));

        answer.Status.Should().Be(status, answer.Text);
        answer.Header("Access-Control-Allow-Origin").Should().Be("https://site.example.org");
        if (status == 201)
            return;
        answer.Code.Should().Be(code);
        answer["errors"]!.AsArray().Should().ContainSingle().Which!.S("code").Should().Be(code);
        var entry = await workspace.LastEntry();
        (entry.S("verdict"), entry.S("reason"), entry.S("raw"))
            .Should()
            .Be(("rejected", code, Convert.ToBase64String(Encoding.UTF8.GetBytes(body))));
        entry.S("contentType").Should().Be(contentType ?? "");
        // Nothing about it gets better by itself: it stays what it is, and who asks hears why.
        foreach (var verb in new[] { "reprocess", "approve" })
        {
            var again = await workspace.Post($"/v1/submissions/{entry["id"]}/{verb}");
            (again.Status, again.Code).Should().Be((409, "wrong_state"));
            again.Text.Should().Contain("cannot be read");
        }
        (await workspace.Post($"/v1/submissions/{entry["id"]}/spam")).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public async Task a_compressed_body_is_refused_and_kept_as_it_came(string encoding)
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("email=ana%40silva.example.org&x=" + new string('x', 20_000)));

        var answer = await workspace.PostBody(form, Body(packed.ToArray(), Urlencoded, encoding));

        (answer.Status, answer.Code).Should().Be((415, "content_encoding_unsupported"));
        var entry = await workspace.LastEntry();
        (entry.S("reason"), entry.S("raw")).Should().Be(("content_encoding_unsupported", Convert.ToBase64String(packed.ToArray())));
        entry["fields"]!.AsObject().Should().BeEmpty();
    }

    [Fact]
    public async Task a_body_that_cannot_be_read_shows_a_page_to_a_browser()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var page = await workspace.PostBody(form, "<form>", "application/xml", ("Accept", AcceptsHtml));
        page.Status.Should().Be(415);
        page.ContentHeaders.ContentType!.MediaType.Should().Be("text/html");
        page.Text.Should().Contain("role=\"alert\"").And.Contain("<form");
    }

    [Fact]
    public async Task unlisted_values_cannot_set_what_only_members_set()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var entry = await workspace.Entry(
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    id = "lead_01h455vb4pex5vsknk084sn02q",
                    version = "99",
                    status = "converted",
                    score = "1000",
                    owner = "member_01h455vb4pex5vsknk084sn02q",
                    verdict = "accepted",
                    lead = "lead_01h455vb4pex5vsknk084sn02q",
                    workspace = "x",
                    createdAt = "2000-01-01T00:00:00Z",
                    tags = "vip",
                    __proto__ = "x",
                    constructor = "x",
                }
            )
        );
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("status"), lead.S("score"), lead.S("owner"), lead["tags"]!.AsArray().Count, lead["version"]!.GetValue<long>())
            .Should()
            .Be(("new", "0", "", 0, 1L));
        entry["unknownFields"].Texts().Should().Contain(["id", "status", "score", "owner", "constructor"]).And.NotContain("__proto__");
        foreach (
            var mapsTo in new[]
            {
                "id",
                "version",
                "status",
                "score",
                "owner",
                "source",
                "source.form",
                "consent",
                "emails",
                "emails.address",
                "custom",
                "custom.nosuch",
                "mergedFrom",
                "provenance",
                "createdAt",
                "",
                "__proto__",
            }
        )
            (
                await workspace.Post(
                    "/v1/forms",
                    new
                    {
                        name = "x",
                        fields = new object[]
                        {
                            new
                            {
                                name = "a",
                                kind = "text",
                                mapsTo,
                            },
                        },
                    }
                )
            ).Status.Should().BeOneOf([422, mapsTo.Length == 0 ? 201 : 422], mapsTo);
    }

    // ---- Text that wants to be markup

    static readonly string[] Markup =
    [
        "<script>alert(1)</script>",
        "\"><script>alert(1)</script>",
        "'><img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<svg><script>alert&#40;1)</script>",
        "</textarea><script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "</option></select><img src=x onerror=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onfocus='alert(1)' autofocus='",
        "\" autofocus onfocus=alert(1) x=\"",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<a href=javascript:alert(1)>x</a>",
        "javascript:alert(1)//\"><b>",
        "<body onload=alert(1)>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
        "<![CDATA[<script>alert(1)</script>]]>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;",
        "\u003cscript\u003e",
        "＜script＞alert(1)＜/script＞",
        "<scr\u00ADipt>",
        "<%00script>alert(1)",
        "<script\u2028>alert(1)</script>",
        "{{constructor.constructor('alert(1)')()}}<b>",
        "${7*7}<i>",
        "`<b>`",
        "<details open ontoggle=alert(1)>",
        "<input type=hidden name=_next value=evil>",
        "<base href=//evil.example/>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "\\\"><b>",
        "%3Cscript%3E<u>",
    ];

    [Fact]
    public async Task markup_in_any_field_or_header_stays_text_on_the_error_page_and_in_every_answer()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Hostile",
                fields = new object[]
                {
                    new { name = "line", kind = "text" },
                    new { name = "long", kind = "longText" },
                    new { name = "hide", kind = "hidden" },
                    new { name = "mail", kind = "email" },
                    new { name = "phone", kind = "phone" },
                    new { name = "web", kind = "url" },
                    new { name = "number", kind = "number" },
                    new { name = "day", kind = "date" },
                    new
                    {
                        name = "one",
                        kind = "choice",
                        choices = new[] { "a" },
                    },
                    new
                    {
                        name = "many",
                        kind = "choices",
                        choices = new[] { "a" },
                    },
                    new { name = "yes", kind = "consent" },
                    new
                    {
                        name = "must",
                        kind = "text",
                        required = true,
                    },
                },
            }
        );
        Markup.Length.Should().BeGreaterThan(30);
        foreach (var text in Markup)
        {
            var fields = new Dictionary<string, string>
            {
                ["line"] = text,
                ["long"] = text,
                ["hide"] = text,
                ["mail"] = text,
                ["phone"] = text,
                ["web"] = text,
                ["number"] = text,
                ["day"] = text,
                ["one"] = text,
                ["many"] = text,
                ["yes"] = text,
                ["_next"] = text,
                ["_page"] = text,
                ["_referrer"] = text,
                ["_t"] = text,
                ["_key"] = text,
                ["unknown"] = text,
                [text.Length > 120 ? text[..120] : text] = text,
            };
            (string, string)[] headers =
            [
                ("Referer", "https://site.example.org/?q=" + Ascii(text)),
                ("User-Agent", Ascii(text)),
                ("Accept-Language", Ascii(text)),
            ];
            // The signal of a forged time ends in quarantine; without it the errors are shown.
            foreach (var sent in new[] { fields, fields.Where(f => f.Key is not ("_t" or "_key")).ToDictionary() })
            foreach (var accept in new[] { AcceptsHtml, "application/json" })
            {
                var answer = await workspace.Submit(form, sent, [("Accept", accept), .. headers]);
                answer.Status.Should().BeOneOf(201, 303, 422);
                answer.Header("X-Content-Type-Options").Should().Be("nosniff");
                if (answer.ContentHeaders.ContentType?.MediaType == "text/html")
                    ShouldBeOurMarkup(answer.Text, text);
                else
                    answer.Text.Should().NotContainAny("<", ">");
            }
            var entry = await workspace.LastEntry();
            (entry.S("reason"), entry["fields"]!.S("line"), entry.S("userAgent")).Should().Be(("validation_failed", text, Ascii(text)));
        }

        // Kestrel takes header values as UTF-8, but a client library may refuse to send them.
        static string Ascii(string text) => new([.. text.Where(c => c is >= ' ' and <= '~')]);
    }

    [Fact]
    public async Task the_error_page_differs_from_an_honest_one_by_the_encoded_text_only()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Hostile",
                fields = new object[]
                {
                    new { name = "line", kind = "text" },
                    new { name = "long", kind = "longText" },
                    new { name = "hide", kind = "hidden" },
                    new
                    {
                        name = "must",
                        kind = "text",
                        required = true,
                    },
                },
            }
        );
        var honest = await Shown("HONEST");
        foreach (var text in Markup)
            (await Shown(text)).Replace(HtmlEncoder.Default.Encode(text), "HONEST", StringComparison.Ordinal).Should().Be(honest, text);

        async Task<string> Shown(string text)
        {
            var page = await workspace.SubmitPage(
                form,
                new
                {
                    line = text,
                    @long = text,
                    hide = text,
                    _next = text,
                    _page = text,
                    _referrer = text,
                    other = text,
                }
            );
            page.Status.Should().Be(422);
            return Random().Replace(page.Text, "");
        }
    }

    [GeneratedRegex("name=\"(_t|_key)\" value=\"[^\"]*\"")]
    private static partial Regex Random();

    [GeneratedRegex("""<(/?[^\s>]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""\s+([^\s=>]+)(?:="[^"]*")?""")]
    private static partial Regex Attribute();

    static readonly HashSet<string> OurTags =
    [
        .. "!doctype html head meta link title style body main div p ul li a h1 h2 form label input span fieldset legend select option textarea button bdi header footer dl dt dd section".Split(
            ' '
        ),
    ];
    static readonly HashSet<string> OurAttributes =
    [
        .. "html lang charset name content rel class role id tabindex autofocus href method action accept-charset novalidate for type value required aria-required aria-invalid aria-describedby aria-labelledby aria-hidden autocomplete inputmode selected checked".Split(
            ' '
        ),
    ];

    /// <summary>Every tag and attribute of the page is one that we write; what was typed made none.</summary>
    static void ShouldBeOurMarkup(string page, string typed)
    {
        page = page[..page.IndexOf("<style>", StringComparison.Ordinal)] + page[page.IndexOf("</style>", StringComparison.Ordinal)..];
        foreach (Match tag in Tag().Matches(page))
        {
            OurTags.Should().Contain(tag.Groups[1].Value.TrimStart('/'), typed);
            foreach (Match attribute in Attribute().Matches(tag.Groups[2].Value))
                OurAttributes.Should().Contain(attribute.Groups[1].Value, typed);
        }
        page.Count(c => c == '<').Should().Be(Tag().Count(page), "every < of the page begins one of our tags ({0})", typed);
        Regex.Count(page, "<form ").Should().Be(1, typed);
        if (typed.AsSpan().ContainsAny('<', '>', '"'))
            page.Should().NotContain(typed);
    }
}
