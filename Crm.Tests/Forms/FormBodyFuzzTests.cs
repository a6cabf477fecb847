// Ten thousand mutated bodies of each type: reading never throws, and never lets through more than the limits say.

using System.Text;
using Crm.Api.Forms;
using Crm.Domain.Forms;
using Crm.Domain.Text;
using Xunit;
using Xunit.Abstractions;
using static Crm.Tests.Forms.FormBodies;

namespace Crm.Tests.Forms;

public class FormBodyFuzzTests(ITestOutputHelper output)
{
    const int Seed = 20261122;
    const int Bodies = 10_000;

    static readonly string[] Codes = ["body_malformed"];

    // What a mutation puts in: the characters and words that the three grammars turn on.
    static readonly byte[][] Splinters =
    [
        .. new[]
        {
            "&",
            "=",
            "%",
            "%0",
            "%00",
            "%C3",
            "+",
            "[",
            "]",
            "[]",
            "[0]",
            "[b]",
            "_charset_=",
            "_charset_",
            "utf-16le",
            "windows-1252",
            "{",
            "}",
            ",",
            ":",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            "\\udc00",
            "null",
            "1e999",
            "[[[[[[[[",
            "\r\n",
            "\n",
            "\r",
            "--b",
            "--",
            "--b\r\n",
            "--b--",
            "\r\n\r\n",
            "Content-Disposition: form-data; name=",
            "; filename=\"\"",
            "Content-Type: text/plain; charset=utf-16be",
            "\0",
            "\x1B",
            "é",
            "e\u0301",
            "\uFEFF",
            "\uFFFE",
            "\U0001FFFE",
            "\U0001F600",
            "\u0344",
            "\u1100\u1161\u11A8",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF],
        [0xED, 0xA0, 0x80],
        [0xC0, 0xAF],
        [0xFE, 0xFF],
        [0xFF, 0xFE],
        [0xE2, 0x82],
        [.. Enumerable.Repeat((byte)'x', 200)],
        [.. Enumerable.Repeat((byte)'y', 33_000)],
        [.. Enumerable.Repeat("a=1&"u8.ToArray(), 300).SelectMany(b => b)],
        [.. Enumerable.Repeat("null,"u8.ToArray(), 300).SelectMany(b => b)],
    ];

    [Fact]
    public Task Mutated_urlencoded_bodies() =>
        Fuzz(
            UrlEncoded,
            "email=ana%40silva.example.org&name=Jo%C3%A3o+Silva&tag[]=x&tag[]=y&a[b][c]=1&message=one%0D%0Atwo&_next=%2Fthanks&_charset_=utf-8"
        );

    [Fact]
    public Task Mutated_JSON_bodies() =>
        Fuzz(
            Json,
            """{"email":"ana@silva.example.org","name":"Jo\u00e3o","tag":["x","y",1,null],"a":{"b":[{"c":1.5e3},{"c":true}]},"message":"one\r\ntwo","_next":"/thanks"}"""
        );

    [Fact]
    public Task Mutated_multipart_bodies() =>
        Fuzz(
            Multipart,
            Parts(
                Part("email", "ana@silva.example.org"),
                Part("tag[]", "x"),
                Part("tag[]", "y"),
                "Content-Disposition: form-data; name=\"cv\"; filename=\"a%22b.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF",
                "Content-Disposition: form-data; name=\"note\"\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nhello",
                Part("_charset_", "utf-8")
            )
        );

    [Fact]
    public Task Mutated_beacons_in_any_charset() => Fuzz("text/plain; charset=utf-16", "{\"a\":\"é\",\"b\":[1,2]}", Encoding.Unicode);

    async Task Fuzz(string contentType, string good, Encoding? encoding = null)
    {
        output.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var start = (encoding ?? Encoding.UTF8).GetBytes(good);
        var seen = new Dictionary<string, int>();
        for (var i = 0; i < Bodies; i++)
        {
            var body = Mutate(start, random);
            try
            {
                // Mostly whole; some in two pieces, which must not change the outcome.
                var post = await Post(contentType, body);
                Check(post, body);
                if (i % 16 == 0)
                {
                    var split = random.Next(body.Length + 1);
                    var again = await PostInPieces(contentType, body[..split], body[split..]);
                    again.Flat().Should().Be(post.Flat());
                    again.Noted().Should().Be(post.Noted());
                    again.Problem.Should().Be(post.Problem);
                }
                var code = post.Problem?.Code ?? "read";
                seen[code] = seen.GetValueOrDefault(code) + 1;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {Seed}, body {i}: {Convert.ToBase64String(body)}", e);
            }
        }
        output.WriteLine(string.Join(", ", seen.OrderByDescending(s => s.Value).Select(s => $"{s.Key} {s.Value}")));
        seen.Should().ContainKey("read").And.HaveCountGreaterThan(0);
    }

    static byte[] Mutate(byte[] start, Random random)
    {
        var body = start.ToList();
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var at = random.Next(body.Count + 1);
            var splinter = Splinters[random.Next(Splinters.Length)];
            switch (random.Next(6))
            {
                case 0 when at < body.Count:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveRange(at, Math.Min(random.Next(20), body.Count - at));
                    break;
                case 2 when at < body.Count:
                    var piece = body.GetRange(at, Math.Min(random.Next(1, 80), body.Count - at));
                    for (var copies = random.Next(1, 80); copies > 0; copies--)
                        body.InsertRange(at, piece);
                    break;
                case 3 when random.Next(10) == 0:
                    body.RemoveRange(at, body.Count - at);
                    break;
                default:
                    body.InsertRange(at, splinter);
                    break;
            }
        }
        return [.. body];
    }

    static void Check(FormPost post, byte[] body)
    {
        True(post.Fields.Count <= FormLimits.Fields, "fields");
        True(post.Files.Count <= FormLimits.Files, "files");
        True(post.Fields.Select(f => f.Name).Distinct().Count() == post.Fields.Count, "names are distinct");
        foreach (var field in post.Fields)
        {
            Text(field.Name, FormLimits.NameBytes);
            True(field.Values.Count is >= 1 and <= FormLimits.ArrayLength, "values");
            foreach (var value in field.Values)
                Text(value, FormLimits.ValueBytes);
        }
        foreach (var file in post.Files)
        {
            Text(file.Name, FormLimits.NameBytes);
            Text(file.FileName, FormLimits.ValueBytes);
            True(file.Size <= body.Length, "size");
        }
        if (post.Problem is null)
        {
            True(post.Raw.IsEmpty, "no raw");
            True(body.Length <= FormLimits.BodyBytes, "body");
            return;
        }
        True(Codes.Contains(post.Problem.Code), post.Problem.Code);
        True(
            post.Raw.Span.SequenceEqual(body.AsSpan(0, Math.Min(body.Length, FormLimits.RawBytes))) || body.Length > FormLimits.PlainBytes,
            "raw"
        );
        if (post.Problem.Field is { } name)
            Text(name, FormLimits.NameBytes);
    }

    static void Text(string text, int bytes)
    {
        // Throws on a lone surrogate.
        True(new UTF8Encoding(false, throwOnInvalidBytes: true).GetByteCount(text) <= bytes, "length of a text");
        True(!text.Any(c => char.IsControl(c) && c is not ('\t' or '\n')), "no control characters");
        True(Nfc.Normalize(text) == text, "normalised");
    }

    static void True(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException("Does not hold: " + what);
    }
}
