// What every body has in common: media types, charsets, the size of the whole, and how its bytes arrive.

using System.IO.Pipelines;
using System.Text;
using Crm.Api.Forms;
using Crm.Domain.Forms;
using FluentAssertions;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Crm.Tests.Forms.FormBodies;

namespace Crm.Tests.Forms;

public class FormBodyTests
{
    [Theory]
    [InlineData("application/x-www-form-urlencoded", "a=1")]
    [InlineData("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1")]
    [InlineData("application/json", """{"a":"1"}""")]
    [InlineData("application/json;charset=\"utf-8\"", """{"a":1}""")]
    [InlineData("application/vnd.example+json", """{"a":1}""")]
    [InlineData("text/plain;charset=UTF-8", "a=1")]
    [InlineData("text/plain", " \r\n{\"a\":1}")]
    [InlineData("text/plain", "a=1")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n")]
    [InlineData(
        "multipart/form-data; charset=utf-8; boundary=\"b\"",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--\r\n"
    )]
    public async Task Three_body_types_and_a_beacon_become_one_shape(string contentType, string body)
    {
        var post = await Post(contentType, body);
        post.ShouldRead("a=1");
        post.ContentType.Should().Be(contentType);
        post.First("a").Should().Be("1");
        post.Files.Should().BeEmpty();
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/json")]
    [InlineData("application/xml")]
    [InlineData("application/jsonx")]
    [InlineData("text/x+json")]
    [InlineData("application/octet-stream")]
    [InlineData("multipart/mixed; boundary=b")]
    [InlineData("application/json, application/json")]
    [InlineData("application / json")]
    [InlineData(";")]
    [InlineData("a")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public async Task Another_media_type_is_refused_and_its_bytes_are_kept(string? contentType)
    {
        var post = await Post(contentType, "a=1");
        post.ShouldFail("media_type_unsupported");
        Encoding.UTF8.GetString(post.Raw.Span).Should().Be("a=1");
        post.Fields.Should().BeEmpty();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(UrlEncoded)]
    [InlineData("text/plain")]
    public async Task An_empty_body_has_no_fields(string? contentType) => (await Post(contentType, "")).ShouldRead("");

    [Theory]
    [InlineData(Json)]
    [InlineData(Multipart)]
    public async Task An_empty_body_is_no_JSON_and_no_multipart(string contentType) =>
        (await Post(contentType, "")).ShouldFail("body_malformed");

    [Fact]
    public async Task A_media_type_is_kept_to_200_characters()
    {
        var at = UrlEncoded + ";x=" + new string('y', 200 - UrlEncoded.Length - 3);
        (await Post(at, "a=1")).ContentType.Should().Be(at).And.HaveLength(200);
        (await Post(at + "y", "a=1")).ContentType.Should().Be(at);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity, gzip")]
    [InlineData("x")]
    public async Task A_compressed_body_is_refused_unread(string encoding)
    {
        var post = await Post(UrlEncoded, Encoding.UTF8.GetBytes("a=1"), r => r.Headers.ContentEncoding = encoding);
        post.ShouldFail("content_encoding_unsupported");
        post.Fields.Should().BeEmpty();
        post.Raw.Length.Should().Be(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData("identity")]
    public async Task No_encoding_may_also_be_said(string encoding) =>
        (await Post(UrlEncoded, Encoding.UTF8.GetBytes("a=1"), r => r.Headers.ContentEncoding = encoding)).ShouldRead("a=1");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_65536_bytes_is_read_and_one_byte_more_is_not(bool announced)
    {
        var body = Encoding.UTF8.GetBytes("a=" + new string('x', 30_000) + "&b=" + new string('y', 30_000) + "&c=");
        Array.Resize(ref body, 65_537);
        body.AsSpan(60_008).Fill((byte)'z');

        var at = await Post(UrlEncoded, body[..65_536], r => r.ContentLength = announced ? 65_536 : null);
        at.Problem.Should().BeNull();
        at.First("c").Should().HaveLength(65_536 - 60_008);

        var over = await Post(UrlEncoded, body, r => r.ContentLength = announced ? 65_537 : null);
        over.ShouldFail("body_too_large");
        over.Problem!.Message.Should().Contain("65,536");
        over.Raw.Length.Should().Be(announced ? 0 : 65_536);
        over.Fields.Should().BeEmpty();

        (await PostInPieces(UrlEncoded, body[..40_000], body[40_000..65_536])).Problem.Should().BeNull();
        (await PostInPieces(UrlEncoded, body[..40_000], body[40_000..])).ShouldFail("body_too_large");
        (await PostInPieces(UrlEncoded, body[..65_536], body[65_536..])).ShouldFail("body_too_large");
    }

    [Fact]
    public async Task A_body_announced_too_large_is_refused_without_waiting_for_a_byte()
    {
        var request = Request(UrlEncoded, new Pipe().Reader);
        request.ContentLength = 65_537;
        var reading = FormBody.Read(request, default);
        reading.IsCompleted.Should().BeTrue();
        (await reading).ShouldFail("body_too_large");
    }

    [Fact]
    public async Task A_refused_body_is_kept_byte_for_byte()
    {
        var body = Bytes("a=1&b=\xFF\x00&c=3");
        var post = await PostInPieces(UrlEncoded, body[..4], body[4..]);
        post.ShouldFail("encoding_invalid", "b");
        post.Flat().Should().Be("a=1");
        post.Raw.ToArray().Should().Equal(body);
    }

    [Fact]
    public async Task A_kept_body_can_be_parsed_again()
    {
        var post = await Post(Json, """{"a":1,"b":[1,2""");
        post.ShouldFail("body_malformed");
        FormBody.Parse(post.Raw.Span, post.ContentType).Should().BeEquivalentTo(post, o => o.Excluding(p => p.Raw));
    }

    [Theory]
    [InlineData(
        UrlEncoded,
        "email=ana%40silva.example.org&tag[]=x&tag[]=%C3%A9&m=a+b%0D%0Ac",
        "email=ana@silva.example.org&tag=x|é&m=a b\nc"
    )]
    [InlineData(
        Json,
        """{"email":"ana@silva.example.org","tag":["x","\u00e9","é"],"m":{"n":1e3}}""",
        "email=ana@silva.example.org&tag=x|é|é&m.n=1e3"
    )]
    [InlineData(
        Multipart,
        "--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nana@silva.example.org\r\n--b\r\nContent-Disposition: form-data; name=\"é\"\r\n\r\n\r\n--b--\r\n",
        "email=ana@silva.example.org&é="
    )]
    public async Task A_chunked_body_may_be_split_at_every_byte(string contentType, string text, string fields)
    {
        var body = Encoding.UTF8.GetBytes(text);
        for (var split = 0; split <= body.Length; split++)
            (await PostInPieces(contentType, body[..split], body[split..])).ShouldRead(fields);
        (await PostInPieces(contentType, [.. body.Select(b => new[] { b })])).ShouldRead(fields);
        (await PostInPieces(contentType, body)).ShouldRead(fields);
    }

    [Fact]
    public async Task A_sender_may_wait_until_its_last_bytes_were_taken()
    {
        // A pipe that holds 1 KiB stands for a small flow-control window: reading must take bytes out, not only look at them.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1_024, resumeWriterThreshold: 512));
        var reading = FormBody.Read(Request(UrlEncoded, pipe.Reader), default).AsTask();
        await pipe.Writer.WriteAsync("a="u8.ToArray());
        for (var i = 0; i < 30; i++)
            await pipe.Writer.WriteAsync(
                new byte[1_000]
                    .Select(_ => (byte)'x')
                    .ToArray()
            );
        await pipe.Writer.CompleteAsync();
        (await reading).First("a").Should().HaveLength(30_000);
    }

    [Fact]
    public async Task Reading_stops_at_the_announced_length()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("a=1"u8.ToArray());
        var request = Request(UrlEncoded, pipe.Reader);
        request.ContentLength = 3;
        (await FormBody.Read(request, default)).ShouldRead("a=1");
    }

    [Fact]
    public async Task A_cancelled_reading_throws()
    {
        using var cancel = new CancellationTokenSource();
        var reading = FormBody.Read(Request(UrlEncoded, new Pipe().Reader), cancel.Token).AsTask();
        await cancel.CancelAsync();
        await reading.Invoking(r => r).Should().ThrowAsync<OperationCanceledException>();
    }

    [Theory]
    [InlineData(typeof(IOException), "body_malformed")]
    [InlineData(typeof(BadHttpRequestException), "body_malformed")]
    public async Task A_connection_that_breaks_leaves_what_had_come(Type error, string code)
    {
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var reading = FormBody.Read(Request(UrlEncoded, pipe.Reader), default).AsTask();
        await pipe.Writer.WriteAsync("email=ana%40silva.example.org&na"u8.ToArray());
        await pipe.Writer.CompleteAsync((Exception)Activator.CreateInstance(error, "broken")!);
        var post = await reading;
        post.ShouldFail(code);
        Encoding.UTF8.GetString(post.Raw.Span).Should().Be("email=ana%40silva.example.org&na");
    }

    [Fact]
    public async Task A_limit_of_the_server_is_told_as_ours()
    {
        var pipe = new Pipe();
        await pipe.Writer.CompleteAsync(new BadHttpRequestException("too large", 413));
        (await FormBody.Read(Request(UrlEncoded, pipe.Reader), default)).ShouldFail("body_too_large");
    }

    [Theory]
    [InlineData("utf-8", "\xC3\xA9\xE2\x82\xAC", "é€")]
    [InlineData("UTF8", "\xC3\xA9", "é")]
    [InlineData("us-ascii", "e", "e")]
    [InlineData("iso-8859-1", "\xE9\x80\x93", "é€“")]
    [InlineData("ISO-8859-1", "\xE9", "é")]
    [InlineData("latin1", "\xE9", "é")]
    [InlineData("windows-1252", "\xE9\x80\x81", "é€")]
    [InlineData("cp1252", "\xE9", "é")]
    [InlineData("iso-8859-15", "\xE9\xA4", "é€")]
    public async Task A_charset_of_the_header_is_honoured(string charset, string bytes, string text)
    {
        (await Post($"{UrlEncoded}; charset={charset}", Bytes("a=" + bytes))).ShouldRead("a=" + text);
        (await Post($"{UrlEncoded}; charset=\"{charset}\"", Bytes("a=" + string.Concat(bytes.Select(b => $"%{(int)b:x2}"))))).ShouldRead(
            "a=" + text
        );
        (await Post($"{Multipart}; charset={charset}", Bytes(Parts(Part("a", bytes))))).ShouldRead("a=" + text);
        (await Post($"{Json}; charset={charset}", Bytes($$"""{"a":"{{bytes}}"}"""))).ShouldRead("a=" + text);
        (await Post($"text/plain; charset={charset}", Bytes($$"""{"a":"{{bytes}}"}"""))).ShouldRead("a=" + text);
        (await Post($"text/plain; charset={charset}", Bytes("a=" + bytes))).ShouldRead("a=" + text);
    }

    [Theory]
    [InlineData("utf-16le", false, false)]
    [InlineData("utf-16le", false, true)]
    [InlineData("utf-16be", true, false)]
    [InlineData("utf-16be", true, true)]
    [InlineData("utf-16", false, false)]
    [InlineData("utf-16", false, true)]
    [InlineData("utf-16", true, true)]
    [InlineData("utf-8", true, true)]
    [InlineData("windows-1252", false, true)]
    public async Task A_whole_body_may_be_UTF_16_and_its_mark_says_more_than_the_header(string charset, bool bigEndian, bool mark)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: false);
        byte[] Of(string text) => encoding.GetBytes((mark ? "\uFEFF" : "") + text);
        (await Post($"{UrlEncoded}; charset={charset}", Of("a=é€%C3%A9&b=\U0001F600"))).ShouldRead("a=é€é&b=\U0001F600");
        (await Post($"{Json}; charset={charset}", Of("""{"a":"é"}"""))).ShouldRead("a=é");
        (await Post($"text/plain; charset={charset}", Of("""{"a":"é"}"""))).ShouldRead("a=é");
    }

    [Theory]
    [InlineData("61")]
    [InlineData("61003d0000d8")]
    [InlineData("61003d0000dc")]
    [InlineData("61003d0000d83d00")]
    public async Task Broken_UTF_16_is_refused(string hex) =>
        (await Post($"{UrlEncoded}; charset=utf-16le", Convert.FromHexString(hex))).ShouldFail("encoding_invalid");

    [Theory]
    [InlineData("utf-7")]
    [InlineData("utf-32")]
    [InlineData("shift_jis")]
    [InlineData("ibm037")]
    [InlineData("")]
    [InlineData("\"\"")]
    public async Task An_unknown_charset_is_refused(string charset)
    {
        foreach (var type in new[] { UrlEncoded, Json, "text/plain", Multipart })
            (await Post($"{type}; charset={charset}", "{}")).ShouldFail("charset_unsupported");
    }

    [Fact]
    public async Task Of_two_charsets_the_first_counts() =>
        (await Post($"{UrlEncoded}; charset=windows-1252; charset=nosuch", Bytes("a=\xE9"))).ShouldRead("a=é");

    [Theory]
    [InlineData(";")]
    [InlineData("; ;; ")]
    [InlineData("; charset")]
    [InlineData("; =utf-7")]
    [InlineData("; x=\"un;charset=utf-7")]
    [InlineData("; x=\"a\\\";charset=utf-7\"")]
    [InlineData("; x=\"a\" charset=utf-7; charset=\"ut\\f-8\"")]
    public async Task Broken_parameters_of_a_media_type_are_passed_over(string parameters) =>
        (await Post(UrlEncoded + parameters, "a=é")).ShouldRead("a=é");

    // Table of the not well-formed sequences of Unicode's chapter 3: overlong forms, surrogates, beyond U+10FFFF, cut short.
    public static TheoryData<string> NotUtf8 =>
        [
            "\x80",
            "\xBF",
            "\xC0\x80",
            "\xC0\xAF",
            "\xC1\xBF",
            "\xC2",
            "\xC2\x41",
            "\xE0\x80\x80",
            "\xE0\x9F\xBF",
            "\xE2\x82",
            "\xED\xA0\x80",
            "\xED\xBF\xBF",
            "\xED\xA0\xBD\xED\xB8\x80",
            "\xF0\x80\x80\x80",
            "\xF0\x8F\xBF\xBF",
            "\xF0\x9F\x98",
            "\xF4\x90\x80\x80",
            "\xF5\x80\x80\x80",
            "\xF8\x88\x80\x80\x80",
            "\xFE",
            "\xFF",
            "\xE9",
        ];

    [Theory]
    [MemberData(nameof(NotUtf8))]
    public async Task Bytes_that_are_not_UTF_8_are_refused_with_the_field_named(string bytes)
    {
        var escaped = string.Concat(bytes.Select(b => $"%{(int)b:X2}"));
        (await Post(UrlEncoded, Bytes($"x=1&a={bytes}&y=2"))).ShouldFail("encoding_invalid", "a");
        (await Post(UrlEncoded, Bytes($"x=1&a={escaped}&y=2"))).ShouldFail("encoding_invalid", "a");
        (await Post(Json, Bytes($$"""{"x":1,"a":"{{bytes}}","y":2}"""))).ShouldFail("encoding_invalid", "a");
        (await Post(Json, Bytes($$"""{"x":1,"a":"\n{{bytes}}","y":2}"""))).ShouldFail("encoding_invalid", "a");
        (await Post(Multipart, Bytes(Parts(Part("x", "1"), Part("a", bytes))))).ShouldFail("encoding_invalid", "a");

        (await Post(UrlEncoded, Bytes($"x=1&a{escaped}=1"))).ShouldFail("encoding_invalid");
        (await Post(Json, Bytes($$"""{"x":1,"{{bytes}}":2}"""))).ShouldFail("encoding_invalid");
        var post = await Post(Multipart, Bytes(Parts(Part("x", "1"), Part(bytes, "2"))));
        post.ShouldFail("encoding_invalid");
        post.Flat().Should().Be("x=1");
    }

    [Fact]
    public async Task A_byte_order_mark_in_front_is_dropped()
    {
        (await Post(UrlEncoded, "\uFEFFa=1")).ShouldRead("a=1");
        (await Post(UrlEncoded, "a=%EF%BB%BF1&%EF%BB%BFb=2&c=3%EF%BB%BF")).ShouldRead("a=1&b=2&c=3\uFEFF");
        (await Post("text/plain", "\uFEFF{\"a\":1}")).ShouldRead("a=1");
        (await Post(Json, "\uFEFF{\"\uFEFFa\":\"\uFEFF1\"}")).ShouldRead("a=1");
        (await Post(Multipart, Parts(Part("a", "\uFEFF1")))).ShouldRead("a=1");
    }

    [Theory]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("a\rb", "a\nb")]
    [InlineData("\r\r\n\n", "\n\n\n")]
    [InlineData("a\tb\n", "a\tb\n")]
    [InlineData("a\u0001\u001B[31mb\u007F\u0080\u009Fc", "a[31mbc")]
    [InlineData("e\u0301\u0001", "é")]
    [InlineData("e\u0001\u0301", "é")]
    [InlineData("\u2028\u202E", "\u2028\u202E")]
    [InlineData("e\u0301\uFFFE", "é")]
    [InlineData("e\u0301\uFFFF\uFDD0\U0001FFFE", "é\uFFFF\uFDD0\U0001FFFE")]
    public async Task Text_has_one_line_end_no_control_characters_and_one_spelling(string sent, string text)
    {
        (await Post(UrlEncoded, "a=" + Uri.EscapeDataString(sent))).ShouldRead("a=" + text);
        (await Post(Multipart, Parts(Part("a", sent)))).ShouldRead("a=" + text);
        (await Post(Json, System.Text.Json.JsonSerializer.Serialize(new { a = sent }))).ShouldRead("a=" + text);
    }

    [Fact]
    public async Task The_name_in_two_spellings_is_one_field()
    {
        (await Post(UrlEncoded, "e\u0301=1&\u00E9=2&\u0001\u00E9=3")).ShouldRead("é=1|2|3");
        (await Post(Json, "{\"e\\u0301[]\":1}")).ShouldRead("é=1");
    }

    [Fact]
    public async Task A_NUL_is_refused_with_the_field_named()
    {
        (await Post(UrlEncoded, "x=1&a=1%00")).ShouldFail("nul_character", "a");
        (await Post(UrlEncoded, "x=1&a=\0")).ShouldFail("nul_character", "a");
        (await Post(UrlEncoded, "x=1&a%00b=1")).ShouldFail("nul_character", "ab");
        (await Post(Json, """{"x":1,"a":"\u0000"}""")).ShouldFail("nul_character", "a");
        (await Post(Json, """{"x":1,"a\u0000":1}""")).ShouldFail("nul_character", "a");
        (await Post(Json, "{\"x\":1,\"a\":\"\0\"}")).ShouldFail("body_malformed");
        (await Post(Multipart, Parts(Part("a", "\0")))).ShouldFail("nul_character", "a");
        (await Post(Multipart, Parts(Part("a\0", "1")))).ShouldFail("nul_character", "a");
        (await Post(Multipart, Parts("Content-Disposition: form-data; name=\"a\"; filename=\"\0\"\r\n\r\n1"))).ShouldFail(
            "nul_character",
            "a"
        );
    }

    [Theory]
    [InlineData(64, null)]
    [InlineData(65, "too_many_fields")]
    public async Task A_post_may_have_64_fields(int count, string? code)
    {
        var names = Enumerable.Range(0, count).Select(i => $"f{i}").ToList();
        Check(await Post(UrlEncoded, string.Join('&', names.Select(n => n + "=1&" + n + "=2"))));
        Check(await Post(UrlEncoded, string.Join('&', names.Select(n => n + "[]=1"))));
        Check(await Post(Json, "{" + string.Join(',', names.Select(n => $"\"{n}\":[1,2]")) + "}"));
        Check(await Post(Multipart, Parts([.. names.Select(n => Part(n, "1"))])));

        void Check(FormPost post)
        {
            (post.Problem?.Code).Should().Be(code);
            post.Fields.Should().HaveCount(64);
        }
    }

    [Theory]
    [InlineData(128, null)]
    [InlineData(129, "name_too_long")]
    public async Task A_name_may_have_128_bytes(int bytes, string? code)
    {
        foreach (
            var name in new[]
            {
                new string('n', bytes),
                new string('é', bytes / 2) + new string('n', bytes % 2),
                new string('n', bytes) + "[]",
                new string('n', bytes - 2) + "[k]",
            }
        )
        {
            (await Post(UrlEncoded, name + "=1")).ShouldEnd(code);
            (await Post(UrlEncoded, Uri.EscapeDataString(name) + "=1")).ShouldEnd(code);
            (await Post(Json, $$"""{"{{name}}":1}""")).ShouldEnd(code);
            var post = await Post(Multipart, Parts(Part("x", ""), Part(name, "1")));
            (post.Problem?.Code).Should().Be(code);
            post.Fields.Should().HaveCount(code is null ? 2 : 1);
        }
        var json = await Post(Json, "{\"a\":{\"" + new string('n', bytes - 2) + "\":1}}");
        (json.Problem?.Code).Should().Be(code);
        json = await Post(Json, $$"""{"{{new string('n', bytes - 6)}}":[0,{"bcd":1}]}""");
        (json.Problem?.Code).Should().Be(code);
        json = await Post(Json, $$"""{"{{new string('n', bytes - 2)}}":[{}]}""");
        (json.Problem?.Code).Should().Be(code);
    }

    [Theory]
    [InlineData(32_768, null)]
    [InlineData(32_769, "value_too_long")]
    public async Task A_value_may_have_32768_bytes(int bytes, string? code)
    {
        foreach (
            var value in new[]
            {
                new string('v', bytes),
                new string('é', bytes / 2) + new string('v', bytes % 2),
                new string('€', bytes / 3) + new string('é', bytes % 3 / 2) + new string('v', bytes % 3 % 2),
            }
        )
        {
            Encoding.UTF8.GetByteCount(value).Should().Be(bytes);
            Check(await Post(UrlEncoded, "a=" + value));
            Check(await Post(Json, $$"""{"a":"{{value}}"}"""));
            Check(await Post(Multipart, Parts(Part("a", value))));
        }
        Check(await Post(Json, "{\"a\":[\"\\n" + new string('v', bytes - 1) + "\"]}"));

        void Check(FormPost post)
        {
            (post.Problem?.Code).Should().Be(code);
            post.Problem?.Field.Should().Be("a");
        }
    }

    [Fact]
    public async Task Text_is_measured_after_it_was_cleaned()
    {
        (await Post(UrlEncoded, "a=" + new string('v', 32_768) + new string('\u0001', 10))).Problem.Should().BeNull();
        // U+0344 becomes two characters of together four bytes: with its four letters eight, 4,096 times.
        var grown = string.Concat(Enumerable.Repeat("xxxx\u0344", 4_096));
        (await Post(UrlEncoded, "a=" + grown)).Problem.Should().BeNull();
        (await Post(UrlEncoded, "a=" + grown + "x")).ShouldFail("value_too_long", "a");
    }

    [Theory]
    [InlineData(256, null)]
    [InlineData(257, "array_too_long")]
    public async Task A_field_may_have_256_values(int count, string? code)
    {
        Check(await Post(UrlEncoded, string.Concat(Enumerable.Repeat("a=1&", count))));
        Check(await Post(UrlEncoded, string.Concat(Enumerable.Range(0, count).Select(i => $"a[{i}]={i}&"))));
        Check(await Post(Json, $$"""{"a":[{{string.Join(',', Enumerable.Range(0, count))}}]}"""));
        (await Post(Json, $$"""{"a":[{{string.Join(',', Enumerable.Repeat("null", count))}}]}""")).ShouldEnd(code);
        (await Post(Json, $$"""{"a":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""")).ShouldEnd(code);

        void Check(FormPost post)
        {
            (post.Problem?.Code).Should().Be(code);
            post.Problem?.Field.Should().Be("a");
            post.Fields[0].Values.Should().HaveCount(256);
        }
    }

    // By hand from what PHP 8 makes of these names, its nested arrays written with dots; where it drops text of a broken name, ours stays
    // literal.
    [Theory]
    [InlineData("a", "a")]
    [InlineData("a[]", "a")]
    [InlineData("a[0]", "a")]
    [InlineData("a[17]", "a")]
    [InlineData("a[b]", "a.b")]
    [InlineData("a[b][c]", "a.b.c")]
    [InlineData("a[b][]", "a.b")]
    [InlineData("a[b][0]", "a.b")]
    [InlineData("a[0][b]", "a.0.b")]
    [InlineData("a[][b]", "a.b")]
    [InlineData("a[][]", "a")]
    [InlineData("a[0][1]", "a.0")]
    [InlineData("a[-1]", "a.-1")]
    [InlineData("a[1x]", "a.1x")]
    [InlineData("a[ ]", "a. ")]
    [InlineData("a[é]", "a.é")]
    [InlineData("a.b[c]", "a.b.c")]
    [InlineData("a b[c d]", "a b.c d")]
    [InlineData("fields[email][raw_value]", "fields.email.raw_value")]
    [InlineData("[", "[")]
    [InlineData("[]", "[]")]
    [InlineData("[a]", "[a]")]
    [InlineData("[a]b", "[a]b")]
    [InlineData("a[", "a[")]
    [InlineData("a]", "a]")]
    [InlineData("a[b", "a[b")]
    [InlineData("a[b]c", "a[b]c")]
    [InlineData("a[b]]", "a[b]]")]
    [InlineData("a[[b]]", "a[[b]]")]
    [InlineData("a[b][", "a[b][")]
    [InlineData("a[b]c[d]", "a[b]c[d]")]
    [InlineData("a]b[c]", "a]b.c")]
    public async Task Brackets_are_resolved_as_PHP_does_and_broken_ones_stay(string sent, string name)
    {
        (await Post(UrlEncoded, Uri.EscapeDataString(sent) + "=1")).ShouldRead(name + "=1");
        (await Post(UrlEncoded, sent.Replace(' ', '+') + "=1")).ShouldRead(name + "=1");
        (await Post(Multipart, Parts(Part(sent, "1")))).ShouldRead(name + "=1");
        (await Post(Json, $$$"""{"{{{sent}}}":1,"x":{"{{{sent}}}":2}}""")).ShouldRead($"{name}=1&x.{name}=2");
        var file = await Post(Multipart, Parts($"Content-Disposition: form-data; name=\"{sent}\"; filename=\"f\"\r\n\r\n1"));
        file.Files.Should().ContainSingle().Which.Name.Should().Be(name);
    }

    [Theory]
    [InlineData(8, null)]
    [InlineData(9, "too_deep")]
    public async Task Values_may_be_nested_8_levels_deep(int depth, string? code)
    {
        var brackets = "a" + string.Concat(Enumerable.Repeat("[b]", depth - 1));
        (await Post(UrlEncoded, brackets + "=1")).ShouldEnd(code);
        (await Post(Json, $$"""{"{{brackets}}":1}""")).ShouldEnd(code);
        (await Post(Multipart, Parts(Part(brackets, "1")))).ShouldEnd(code);
        (await Post(Json, string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth))).ShouldEnd(code);
        (await Post(Json, "{\"a\":" + new string('[', depth - 1) + "1" + new string(']', depth - 1) + "}")).ShouldEnd(code);
        var post = await Post(Json, "{\"x\":1,\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}");
        (post.Problem?.Code).Should().Be(code);
        post.Flat().Should().Be("x=1");
    }

    [Fact]
    public async Task A_refused_name_is_shown_to_128_characters()
    {
        (await Post(UrlEncoded, new string('n', 5_000) + "=1")).Problem!.Field.Should().Be(new string('n', 128));
        (await Post(UrlEncoded, "n" + string.Concat(Enumerable.Repeat("\U0001F600", 100)) + "=1")).Problem!.Field.Should().HaveLength(127);
        (await Post(Json, $$"""{"{{new string('n', 5_000)}}":1}""")).ShouldFail("name_too_long", new string('n', 128));
        (await Post(Json, $$"""{"{{new string('n', 200)}}":1}""")).ShouldFail("name_too_long", new string('n', 128));
    }

    [Fact]
    public async Task Names_of_control_fields_are_names()
    {
        (await Post(Json, """{"_next":"/thanks","_gotcha":"","g-recaptcha-response":"x"}""")).ShouldRead(
            "_next=/thanks&_gotcha=&g-recaptcha-response=x"
        );
        (await Post(UrlEncoded, "_next=%2Fthanks&_gotcha=")).ShouldRead("_next=/thanks&_gotcha=");
    }
}
