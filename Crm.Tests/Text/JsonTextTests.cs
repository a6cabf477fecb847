// JSON for people: what they wrote stands in it as they wrote it, and nothing in it ends a script of a page.

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Text;
using Xunit;

namespace Crm.Tests.Text;

[Collection(nameof(CrmServer))]
public sealed class JsonTextTests(CrmServer server)
{
    const string Readable = "O'Brien & Söhne + Søn, 山田 😀👩‍💻 `x` = 50% / é\u00A0à";

    [Fact]
    public async Task what_people_wrote_is_answered_as_they_wrote_it()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.SendPlain(HttpMethod.Post, "/v1/leads", new { company = Readable, notes = "</script><!-- ]]>" });
        lead.Status.Should().Be(201, lead.Text);
        var kept = lead["company"]!.ToString();
        kept.Should().Contain("O'Brien & Söhne + Søn, 山田 😀👩‍💻 `x`");
        foreach (
            var reply in new[]
            {
                lead,
                await workspace.SendPlain(HttpMethod.Get, $"/v1/leads/{lead["id"]}", null),
                await workspace.SendPlain(HttpMethod.Get, "/v1/leads", null),
                await workspace.SendPlain(HttpMethod.Get, "/v1/leads?fields=company,notes", null),
                await workspace.SendPlain(HttpMethod.Post, "/graphql", new { query = "{ leads { nodes { company notes } } }" }),
            }
        )
        {
            reply.Text.Should().Contain($"\"{kept}\"").And.NotContain("\\u0026").And.NotContain("\\u0027").And.NotContain("\\u002B");
            reply.Text.Should().NotContain("</script>").And.NotContain("<!--").And.NotContain("]]>");
        }
        // Problems are read by people too.
        var problem = await workspace.SendPlain(HttpMethod.Get, "/v1/leads?sort=nosuch", null);
        problem.Text.Should().Contain("'nosuch' cannot be sorted by");
        var graph = await workspace.SendPlain(HttpMethod.Post, "/graphql", new { query = "{ nosuch }" });
        graph.Text.Should().NotContain("\\u0027").And.NotContain("\\u0022");

        // What was posted is kept as JSON, and so is what programs send as JSON.
        var form = await workspace.ContactForm();
        (await workspace.Submit(form, new { email = "ana@silva.example.org", message = $"{Readable} </script>" })).Status.Should().Be(201);
        var entry = await workspace.SendPlain(HttpMethod.Get, "/v1/submissions?fields=fields", null);
        entry.Text.Should().Contain("O'Brien & Söhne + Søn, 山田 😀").And.NotContain("</script>");
    }

    [Theory]
    [InlineData("&", "&")]
    [InlineData("'", "'")]
    [InlineData("+", "+")]
    [InlineData("`", "`")]
    [InlineData("é", "é")]
    [InlineData("😀", "😀")]
    [InlineData("\u00A0", "\u00A0")]
    [InlineData("\u200D", "\u200D")]
    [InlineData("<", "\\u003C")]
    [InlineData(">", "\\u003E")]
    [InlineData("\"", "\\\"")]
    [InlineData("\\", "\\\\")]
    [InlineData("\n\t\r\b\f", "\\n\\t\\r\\b\\f")]
    [InlineData("\u0000\u001F\u007F\u0085", "\\u0000\\u001F\\u007F\\u0085")]
    [InlineData("\u2028\u2029\u202E\u2066\uFEFF", "\\u2028\\u2029\\u202E\\u2066\\uFEFF")]
    public void only_what_must_be_is_escaped(string text, string written)
    {
        Encoding.UTF8.GetString(JsonText.Bytes(text)).Should().Be($"\"{written}\"");
        Encoding.UTF8.GetString(JsonText.Bytes("é" + text + "x")).Should().Be($"\"é{written}x\"");
    }

    [Fact]
    public void whatever_is_written_reads_back_as_it_was_and_as_the_framework_would_have_written_it()
    {
        var random = new Random(17);
        for (var n = 0; n < 2_000; n++)
        {
            var text = new string([
                .. Enumerable
                    .Range(0, random.Next(40))
                    .Select(_ =>
                        random.Next(4) switch
                        {
                            0 => (char)random.Next(0x80),
                            1 => (char)random.Next(0xD7FF),
                            2 => (char)random.Next(0x10000), // halves of pairs too
                            _ => "<>&'\"\\+\u2028é"[random.Next(9)],
                        }
                    ),
            ]);
            var usual = JsonSerializer.Deserialize<string>(JsonSerializer.SerializeToUtf8Bytes(text));
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            using (var writer = JsonText.Writer(buffer))
            {
                writer.WriteStartObject();
                writer.WriteString(text, text);
                writer.WriteString("utf8"u8, Encoding.UTF8.GetBytes(text));
                writer.WriteEndObject();
            }
            using var read = JsonDocument.Parse(buffer.WrittenMemory);
            var members = read.RootElement.EnumerateObject().ToList();
            members.Select(member => member.Value.GetString()).Should().Equal(usual, usual);
            members[0].Name.Should().Be(usual);
            Encoding.UTF8.GetString(buffer.WrittenSpan).Should().NotContainAny("<", ">", "\u2028");
        }
    }
}
