// Bodies, addresses and headers that are malformed or too large: each is refused with its own status and code, and the process lives on.

using System.Text;
using Crm.Domain.Problems;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public sealed class BadInputTests(CrmServer server)
{
    const int MiB = 1024 * 1024;

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    /// <summary>A body of exactly so many bytes that is refused for its unknown members only.</summary>
    static byte[] OfSize(int bytes)
    {
        const int each = 60_000;
        var body = new StringBuilder("{");
        for (var i = 0; body.Length + each + 20 < bytes; i++)
            body.Append($"\"a{i:00}\":\"{new string('x', each)}\",");
        var rest = new string('y', bytes - body.Length - 7);
        return Utf8(body.Append($"\"z\":\"{rest}\"}}").ToString());
    }

    sealed record Case(
        string Why,
        byte[] Body,
        int Status,
        string Code,
        string? ContentType = "application/json",
        string? Encoding = null,
        bool Chunked = false
    )
    {
        public Case(string why, string body, int status, string code)
            : this(why, Utf8(body), status, code) { }
    }

    static IEnumerable<Case> Cases()
    {
        // Sizes: the limit is taken, one more is not.
        yield return new("1 MiB", OfSize(MiB), 422, "validation_failed");
        yield return new("1 MiB and a byte", OfSize(MiB + 1), 413, "body_too_large");
        yield return new("1 MiB in chunks", OfSize(MiB), 422, "validation_failed", Chunked: true);
        yield return new("1 MiB and a byte in chunks", OfSize(MiB + 1), 413, "body_too_large", Chunked: true);
        yield return new("3 MiB in chunks", OfSize(3 * MiB), 413, "body_too_large", Chunked: true);
        yield return new("a value of 96 KiB", $$"""{"nosuch":"{{new string('x', 98_304)}}"}""", 422, "validation_failed");
        yield return new("a value of 96 KiB and a byte", $$"""{"nosuch":"{{new string('x', 98_305)}}"}""", 400, "value_too_long");
        yield return new("a number of 96 KiB and a digit", $$"""{"score":{{new string('9', 98_305)}}}""", 400, "value_too_long");
        yield return new("a number of 60,000 digits", $$"""{"score":{{new string('9', 60_000)}}}""", 422, "validation_failed");
        yield return new("a name of 128 bytes", $$"""{"{{new string('n', 128)}}":1}""", 422, "validation_failed");
        yield return new("a name of 129 bytes", $$"""{"{{new string('n', 129)}}":1}""", 400, "name_too_long");
        yield return new("a name of 129 bytes in 43 characters", $$"""{"{{Repeat("日", 43)}}":1}""", 400, "name_too_long");
        yield return new(
            "500 members",
            "{" + string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"m{i}\":{i}")) + "}",
            422,
            "validation_failed"
        );
        yield return new(
            "501 members",
            "{" + string.Join(',', Enumerable.Range(0, 501).Select(i => $"\"m{i}\":{i}")) + "}",
            400,
            "too_many_fields"
        );
        yield return new(
            "500 members with lists",
            "{" + string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"m{i}\":[{i}]")) + "}",
            422,
            "validation_failed"
        );
        yield return new(
            "501 members further in",
            "{\"custom\":{" + string.Join(',', Enumerable.Range(0, 501).Select(i => $"\"m{i}\":{i}")) + "}}",
            400,
            "too_many_fields"
        );
        yield return new("1,000 entries", $$"""{"nosuch":[{{string.Join(',', Enumerable.Range(0, 1000))}}]}""", 422, "validation_failed");
        yield return new("1,001 entries", $$"""{"nosuch":[{{string.Join(',', Enumerable.Range(0, 1001))}}]}""", 400, "array_too_long");
        yield return new(
            "1,001 empty lists",
            $$"""{"nosuch":[{{string.Join(',', Enumerable.Repeat("[]", 1001))}}]}""",
            400,
            "array_too_long"
        );
        yield return new(
            "1,001 objects",
            $$"""{"nosuch":[{{string.Join(',', Enumerable.Repeat("{\"a\":1}", 1001))}}]}""",
            400,
            "array_too_long"
        );
        yield return new(
            "1,000 objects with members",
            $$"""{"nosuch":[{{string.Join(',', Enumerable.Repeat("{\"a\":1,\"b\":2}", 1000))}}]}""",
            422,
            "validation_failed"
        );
        yield return new("32 deep", $$"""{"nosuch":{{Repeat("[", 31)}}{{Repeat("]", 31)}}}""", 422, "validation_failed");
        yield return new("33 deep", $$"""{"nosuch":{{Repeat("[", 32)}}{{Repeat("]", 32)}}}""", 400, "too_deep");
        yield return new("33 objects deep", Repeat("{\"a\":", 33) + "1" + Repeat("}", 33), 400, "too_deep");
        yield return new("100,000 deep", Repeat("[", 100_000) + Repeat("]", 100_000), 400, "too_deep");
        yield return new("500,000 deep and never closed", Repeat("[", 500_000), 400, "too_deep");
        yield return new("100,000 objects deep", Repeat("{\"a\":", 100_000), 400, "too_deep");

        // No JSON
        yield return new("nothing", "", 400, "body_malformed");
        yield return new("a space", " ", 400, "body_malformed");
        foreach (
            var text in new[]
            {
                "{",
                "}",
                "{]",
                "[}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "nul",
                "undefined",
                "{\"a\":01}",
                "{\"a\":+1}",
                "{\"a\":.5}",
                "{\"a\":1.}",
                "{\"a\":NaN}",
                "{\"a\":Infinity}",
                "{\"a\":0x1}",
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1} x",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"",
                "/* c */{}",
                "// c\n{}",
                "{\"a\":1}\0",
                "\0",
                "\uFEFF{}",
                "name=Ana&email=a%40example.org",
                "<lead/>",
            }
        )
            yield return new($"no JSON: {text}", text, 400, "body_malformed");
        foreach (var text in new[] { "[]", "null", "1", "\"x\"", "true", "[{\"lastName\":\"x\"}]" })
            yield return new($"no object: {text}", text, 400, "body_malformed");

        // Names that come twice
        foreach (
            var text in new[]
            {
                """{"lastName":"a","lastName":"b"}""",
                """{"lastName":"a","\u006castName":"b"}""",
                """{"address":{"city":"a","city":"b"}}""",
                """{"emails":[{"address":"a@example.org","address":"b@example.org"}]}""",
                """{"":1,"":2}""",
            }
        )
            yield return new($"twice: {text}", text, 400, "duplicate_field");

        // No text
        foreach (
            var bytes in new byte[][]
            {
                [0xFF],
                [0xC0, 0xAF],
                [0xED, 0xA0, 0x80],
                [0xE2, 0x82],
                [0xF4, 0x90, 0x80, 0x80],
                [0x80],
                [0xF8, 0x88, 0x80, 0x80, 0x80],
            }
        )
        {
            yield return new(
                $"bytes {Convert.ToHexString(bytes)} in a value",
                [.. "{\"lastName\":\""u8, .. bytes, .. "\"}"u8],
                400,
                "encoding_invalid"
            );
            yield return new(
                $"bytes {Convert.ToHexString(bytes)} in a name",
                [.. "{\""u8, .. bytes, .. "\":1}"u8],
                400,
                "encoding_invalid"
            );
        }
        foreach (var half in new[] { @"\ud800", @"\udc00", @"\ud800x", @"\ud800\ud800", @"\udc00\ud800", @"\uD83D", @"x\uDE00" })
        {
            yield return new($"{half} in a value", "{\"lastName\":\"" + half + "\"}", 400, "encoding_invalid");
            yield return new($"{half} in a name", "{\"" + half + "\":1}", 400, "encoding_invalid");
            yield return new($"{half} further in", "{\"custom\":{\"a\":[\"" + half + "\"]}}", 400, "encoding_invalid");
        }
        yield return new("NUL in a value", """{"lastName":"a\u0000b"}""", 422, "validation_failed");
        yield return new("NUL in a name", """{"a\u0000b":1}""", 422, "validation_failed");
        yield return new("NUL as a byte", "{\"lastName\":\"a\0b\"}", 400, "body_malformed");

        // Media types and encodings
        var good = Utf8("""{"nosuch":1}""");
        foreach (
            var type in new[]
            {
                null,
                "",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/json",
                "application/xml",
                "application/jsonp",
                "application/json; charset=utf-16",
                "application/json; charset=iso-8859-1",
                "nonsense",
                "*/*",
                "application/json, text/plain",
            }
        )
            yield return new($"type {type ?? "none"}", good, 415, "media_type_unsupported", type);
        foreach (
            var type in new[]
            {
                "application/json",
                "APPLICATION/JSON",
                "application/json; charset=utf-8",
                "application/json;charset=\"UTF-8\"",
                "application/merge-patch+json",
                "application/json; odata=verbose",
            }
        )
            yield return new($"type {type}", good, 422, "validation_failed", type);
        yield return new("gzip", Wire.Gzip(good), 422, "validation_failed", Encoding: "gzip");
        yield return new("GZIP", Wire.Gzip(good), 422, "validation_failed", Encoding: "GZIP");
        yield return new("identity", good, 422, "validation_failed", Encoding: "identity");
        foreach (var encoding in new[] { "br", "deflate", "zstd", "gzip, gzip", "gzip,br", "x-gzip", "compress", "*" })
            yield return new($"encoding {encoding}", good, 415, "content_encoding_unsupported", Encoding: encoding);
        yield return new("gzip twice under one name", Wire.Gzip(Wire.Gzip(good)), 400, "encoding_invalid", Encoding: "gzip");
        yield return new("gzip that is none", good, 400, "body_malformed", Encoding: "gzip");
        yield return new(
            "gzip with a changed byte",
            [.. Wire.Gzip(good).Select((b, i) => i == 12 ? (byte)~b : b)],
            400,
            "body_malformed",
            Encoding: "gzip"
        );
        yield return new("gzip that breaks off", Wire.Gzip(good)[..^10], 400, "body_malformed", Encoding: "gzip");
        yield return new("gzip of nothing", Wire.Gzip([]), 400, "body_malformed", Encoding: "gzip");
        yield return new("gzip of 100 MiB", Wire.Gzip(new byte[100 * MiB]), 413, "body_too_large", Encoding: "gzip");
        yield return new("gzip that is too dense", Wire.Gzip(OfSize(MiB)), 413, "body_too_large", Encoding: "gzip");
        yield return new("gzip of a MiB and a byte", Wire.Gzip(Noise(MiB + 1)), 413, "body_too_large", Encoding: "gzip");
    }

    /// <summary>Text that hardly packs.</summary>
    static byte[] Noise(int bytes)
    {
        var random = new Random(1);
        var text = new byte[bytes];
        for (var i = 0; i < bytes; i++)
            text[i] = (byte)random.Next('0', 'z');
        return text;
    }

    [Fact]
    public async Task every_malformed_body_has_its_status_and_code_and_the_server_goes_on()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        var wrong = new List<string>();
        foreach (var test in Cases())
        foreach (var (method, path) in new[] { (HttpMethod.Post, "/v1/leads"), (HttpMethod.Patch, $"/v1/leads/{lead["id"]}") })
        {
            var reply = await workspace.SendBytes(method, path, test.Body, test.ContentType, test.Encoding, test.Chunked);
            if (reply.Status != test.Status || reply.Code != test.Code)
                wrong.Add($"{method} {test.Why}: {reply.Status} {reply.Code} instead of {test.Status} {test.Code}");
            else
                IsProblem(reply);
        }
        wrong.Should().BeEmpty();
        (await workspace.Get($"/v1/leads/{lead["id"]}"))["version"]!.GetValue<long>().Should().Be(1);
        (await workspace.All("/v1/leads")).Should().ContainSingle();
        (await workspace.SendBytes(HttpMethod.Post, "/v1/leads", Wire.Gzip("""{"lastName":"Costa"}"""u8.ToArray()), encoding: "gzip"))
            .Status.Should()
            .Be(201);
    }

    /// <summary>RFC 9457, with a code of the closed table.</summary>
    static void IsProblem(Reply reply)
    {
        reply.Header("Content-Type").Should().Be("application/problem+json");
        reply.Header("Cache-Control").Should().Be("no-store");
        reply.Json!.AsObject().Select(m => m.Key).Should().Equal("type", "title", "status", "code", "detail", "errors");
        var code = ProblemCodes.All[reply.Code!];
        reply.Status.Should().Be(code.Status);
        reply["status"]!.GetValue<int>().Should().Be(code.Status);
        reply["title"]!.GetValue<string>().Should().Be(code.Title);
        reply["type"]!.GetValue<string>().Should().EndWith("/problems/" + code.Code.Replace('_', '-'));
        reply["detail"]!.GetValue<string>().Should().NotBeEmpty().And.NotContain("Exception").And.NotContain("   at ");
        foreach (var error in reply["errors"]!.AsArray())
            error!.AsObject().Select(m => m.Key).Where(k => k != "field").Should().Equal("code", "message");
    }

    [Fact]
    public async Task every_other_problem_has_the_same_shape()
    {
        var workspace = await server.NewWorkspace();
        foreach (
            var (reply, status) in new[]
            {
                (await workspace.Get("/v1/nosuch"), 404),
                (await workspace.Get("/nosuch.txt"), 404),
                (await workspace.Get("/nosuch/path"), 404),
                (await workspace.Get("/v1/leads/x.y"), 404),
                (await workspace.Get("/v1/leads/" + "lead_00000000000000000000000000"), 404),
                (await workspace.Delete("/v1/leads"), 405),
                (await workspace.Send(new HttpMethod("BREW"), "/v1/leads", null), 405),
                (await workspace.Send(HttpMethod.Options, "/v1/leads", null), 405),
                (await workspace.Get("/v1/leads?nosuch=1"), 400),
                (await workspace.With("").Get("/v1/leads"), 401),
                (await workspace.Post("/v1/workspaces", new { name = "x" }), 403),
                (await workspace.Post("/v1/leads", new { }), 422),
            }
        )
        {
            reply.Status.Should().Be(status, reply.Text);
            IsProblem(reply);
        }
    }

    [Fact]
    public async Task a_body_of_an_action_is_held_to_the_same_rules()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        var path = $"/v1/leads/{lead["id"]}/merge";
        foreach (
            var (body, code) in new[]
            {
                ("[]", "body_malformed"),
                ("{", "body_malformed"),
                ("{\"lead\":1,\"lead\":2}", "duplicate_field"),
                (Repeat("[", 100_000), "too_deep"),
                ("{\"lead\":\"\\ud800\"}", "encoding_invalid"),
                ("{\"lead\":5}", "validation_failed"),
                ("{\"other\":\"x\"}", "validation_failed"),
                ("{}", "validation_failed"),
                ("", "validation_failed"),
            }
        )
            (await workspace.Post(path, body)).Code.Should().Be(code, body);
    }

    [Fact]
    public async Task an_address_or_headers_that_are_too_long_are_refused()
    {
        var workspace = await server.NewWorkspace();
        string Head(string path, string headers = "") =>
            $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {workspace.Key}\r\n{headers}\r\n";
        async Task Is(int status, string? code, string head, string why)
        {
            var (got, text) = await server.Raw(head);
            got.Should().Be(status, $"{why}: {(text.Length > 600 ? text[..600] : text)}");
            if (code is not null)
                text.Should().Contain($"\"code\":\"{code}\"", why);
        }
        var path = "/v1/leads?q=";
        await Is(200, null, Head(path + new string('a', 200)), "short");
        await Is(400, "invalid_parameter", Head(path + new string('a', 8192 - path.Length)), "8 KiB");
        await Is(414, "uri_too_long", Head(path + new string('a', 8193 - path.Length)), "8 KiB and a character");
        await Is(414, "uri_too_long", Head("/v1/leads/" + new string('a', 9000)), "a long path");
        await Is(414, "uri_too_long", Head("/" + new string('a', 30_000)), "a long path to nothing");
        await Is(414, null, Head("/v1/leads?q=" + new string('a', 40_000)), "40 kB");
        string Many(int count, string name = "X-{0}") =>
            string.Concat(
                Enumerable
                    .Range(0, count)
                    .Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, name, i) + ": 1\r\n")
            );
        await Is(200, null, Head("/v1/leads", Many(97)), "100 headers");
        await Is(431, "headers_too_large", Head("/v1/leads", Many(98)), "101 headers");
        await Is(200, null, Head("/v1/leads", Many(97, "X-Same")), "100 headers of three names");
        await Is(431, "headers_too_large", Head("/v1/leads", Many(98, "X-Same")), "101 headers of four names");
        await Is(431, null, Head("/v1/leads", Many(300)), "303 headers");
        await Is(200, null, Head("/v1/leads", $"X-Long: {new string('a', 31 * 1024)}\r\n"), "31 KiB in one header");
        await Is(431, "headers_too_large", Head("/v1/leads", $"X-Long: {new string('a', 33 * 1024)}\r\n"), "33 KiB in one header");
        await Is(
            431,
            "headers_too_large",
            Head("/v1/leads", string.Concat(Enumerable.Range(0, 40).Select(i => $"X-{i}: {new string('a', 900)}\r\n"))),
            "36 KiB in forty headers"
        );
        await Is(431, null, Head("/v1/leads", $"X-Long: {new string('a', 70 * 1024)}\r\n"), "70 KiB");
    }

    [Theory]
    [InlineData("GET /v1/leads HTTP/1.1\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/leads HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/leads HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/leads\0 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/leads/%00 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/leads HTTP/1.1\r\nHost: a\r\nX: a\0b\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/leads HTTP/1.1\r\nHost: a\r\nX : a\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("POST /v1/leads HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("POST /v1/leads HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello", 400)]
    [InlineData("POST /v1/leads HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET  /v1/leads HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET http://evil.example/v1/leads HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", 401)]
    [InlineData("GET //v1/leads HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET /v1//leads HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET /v1/../v1/leads HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 401)]
    [InlineData("GET /v1/leads;a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET /v1%2fleads HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET /v1/leads HTTP/1.1\r\nHost: a\r\nOrigin: https://b\u00fccher.example\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/leads HTTP/1.1\r\nHost: a\r\nOrigin: https://b\u00c3\u00bccher.example\r\nConnection: close\r\n\r\n", 401)]
    [InlineData(
        "OPTIONS /v1/leads HTTP/1.1\r\nHost: a\r\nOrigin: https://b\u00c3\u00bccher.example\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n",
        405
    )]
    [InlineData(
        "OPTIONS /v1/leads HTTP/1.1\r\nHost: a\r\nOrigin: a\u0001b\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n",
        405
    )]
    [InlineData(
        "GET /v1/leads HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer crm_sk_\u00c3\u00bc_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nConnection: close\r\n\r\n",
        401
    )]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000", 0)]
    public async Task a_request_that_is_framed_oddly_is_answered_and_never_by_a_500(string request, int status)
    {
        // A reader that got no whole request waits for more: end what is sent.
        var (got, text) = status == 0 ? await server.Raw(request + "\r\n\r\n") : await server.Raw(request);
        if (status == 0)
            got.Should().BeOneOf(0, 400);
        else
            got.Should().Be(status, text);
    }

    [Fact]
    public async Task after_all_of_it_the_same_process_answers_the_same()
    {
        var workspace = await server.NewWorkspace();
        var process = Environment.ProcessId;
        var golden = new[] { "/v1/leads", "/v1/forms?fields=name", "/v1/nosuch", "/v1/leads?nosuch=1", "/health/live", "/health/ready" };
        var before = new List<string>();
        foreach (var path in golden)
            before.Add((await workspace.Get(path)).Text);
        var bodies = Cases().Where(c => c.Body.Length < 300_000).ToList();
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(async worker =>
                {
                    foreach (var test in bodies.Where((_, i) => i % 4 == worker))
                        (await workspace.SendBytes(HttpMethod.Put, "/v1/leads?match=email", test.Body, test.ContentType, test.Encoding))
                            .Status.Should()
                            .BeInRange(400, 499, test.Why);
                })
        );
        for (var i = 0; i < golden.Length; i++)
            (await workspace.Get(golden[i])).Text.Should().Be(before[i]);
        Environment.ProcessId.Should().Be(process);
    }
}
