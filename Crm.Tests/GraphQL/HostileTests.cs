// Documents made to hurt: each is refused with an error, allocates little, and the process lives on.

using System.Text;
using System.Text.Json;
using Crm.Api.GraphQL;
using Crm.Domain;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL;

[Collection(nameof(CrmServer))]
public sealed class HostileTests(CrmServer server, ITestOutputHelper output)
{
    const long MostBytes = 16 * 1024 * 1024;

    static string Many(int count, Func<int, string> each, string between = " ") =>
        string.Join(between, Enumerable.Range(0, count).Select(each));

    static string Many(int count, string each) => new StringBuilder(each.Length * count).Insert(0, each, count).ToString();

    /// <summary>Names that other engines' cost rules were led astray by.</summary>
    static readonly string[] Names = ["", "__schema", "__type", "__typename", "query", "IntrospectionQuery", "on", "_service"];

    static IEnumerable<(string Kind, string Text)> All()
    {
        foreach (
            var (open, close) in new[]
            {
                ("{a", "}"),
                ("{a(b:[", "])}"),
                ("{...on Query", "}"),
                ("{...", "}"),
                ("{a(b:{c:", "})}"),
                ("[", "]"),
                ("{", "}"),
                ("(", ")"),
                ("query($a:[", "])"),
                ("{a@b(c:[", "])}"),
            }
        )
        foreach (var depth in new[] { 65, 100, 1_000, 10_000, 100_000, 1_000_000 })
        {
            yield return ("depth", Many(depth, open));
            yield return ("depth, closed", Many(depth, open) + "x" + Many(depth, close));
        }
        foreach (var depth in new[] { 65, 100, 1_000, 10_000, 100_000, 1_000_000 })
        foreach (
            var (before, open, close, after) in new[]
            {
                ("{a(b:", "[", "]", ")}"),
                ("{a(b:", "{c:", "}", ")}"),
                ("query($v:", "[", "]", "){a}"),
                ("query($v:I=", "[", "]", "){a}"),
                ("type T{a:", "[", "]", "}"),
                ("input T{a:I=", "{a:", "}", "}"),
            }
        )
            yield return (
                "depth of values and types",
                before + Many(depth, open) + (open == "{c:" ? "1" : "I") + Many(depth, close) + after
            );
        foreach (var size in new[] { 1024 * 1024, 10 * 1024 * 1024 })
        foreach (var part in new[] { " ", ",", "#", "\n", "\uFEFF", "\"", "a", "1", "{", "\"\"\"", "\\u{61}", "ä", "@a ", "...F ", "😀" })
            yield return ("size", Many(size / part.Length, part));
        foreach (var name in Names)
        foreach (var count in new[] { 31, 100, 300 })
        foreach (
            var field in new[] { "leads{totalCount}", "lead(id:\"x\"){id}", "node(id:\"x\"){id}", "__typename", "__schema{types{name}}" }
        )
            yield return ("aliases", $"query {name} {{{Many(count, i => $"a{i}:{field}")}}}");
        foreach (var count in new[] { 5, 51, 200, 600 })
        foreach (var directive in new[] { "@skip(if:true)", "@include(if:true)", "@deprecated", "@nope", "@oneOf" })
        {
            var all = Many(count, _ => directive);
            foreach (
                var text in new[]
                {
                    $"{{__typename {all}}}",
                    $"query {all} {{__typename}}",
                    $"{{...F {all}}} fragment F on Query {{__typename}}",
                    $"{{...{all}{{__typename}}}}",
                    $"query($v:Int {all}){{__typename}}",
                }
            )
                yield return ("directives", text);
        }
        for (var count = 11; count <= 30; count++)
            yield return ("root fields", $"{{{Many(count, i => $"a{i}:__typename")}}}");
        for (var count = 2; count <= 22; count++)
            yield return ("overlapping arguments", $"{{{Many(count, i => $"leads(first:{i}){{totalCount}}")}}}");
        for (var depth = 2; depth <= 11; depth++)
            yield return ("overlapping fields, doubled at each level", $"{{lead(id:\"x\"){Doubled(depth)}}}");
        foreach (var count in new[] { 150, 300, 900 })
        foreach (var field in new[] { "id", "a:id", "source{page}" })
            yield return (
                "the same field over and over",
                $"{{lead(id:\"x\"){{{Many(Math.Min(count, 1_900 / (field.Length > 4 ? 4 : 3)), $"{field} ")}}}}}"
            );
        foreach (var (outer, inner) in new[] { (200, 5), (40, 20), (100, 12) })
            yield return ("the same field in inline fragments", $"{{{Many(outer, $"...{{{Many(inner, "__typename ")}}}")}}}");
        for (var count = 28; count <= 31; count++)
            yield return (
                "the same fields in fragments",
                $"{{{Many(count, i => $"...F{i}")}}} {Many(count, i => $"fragment F{i} on Query{{{Many(40, n => $"a{n}:__typename")}}}")}"
            );
        for (var count = 15; count <= 31; count++)
            foreach (var times in new[] { 2, 3, 20 })
                yield return (
                    "fan-out",
                    $"{{...F0}} {Many(count, i => $"fragment F{i} on Query{{{(i == count - 1 ? "__typename" : Many(times, $"...F{i + 1} "))}}}")}"
                );
        for (var count = 1; count <= 31; count++)
        {
            yield return ("circle", $"{{...F0}} {Many(count, i => $"fragment F{i} on Query{{__typename ...F{(i + 1) % count}}}")}");
            yield return (
                "circle through fields",
                $"{{lead(id:\"x\"){{...F0}}}} {Many(count, i => $"fragment F{i} on Lead{{submissions{{nodes{{lead{{...F{(i + 1) % count}}}}}}}}}")}"
            );
        }
        yield return ("too many fragments", $"{{...F0}} {Many(300, i => $"fragment F{i} on Query{{...F{i + 1}}}")}");
        for (var depth = 20; depth < 50; depth++)
        {
            yield return ("introspection", $"{{__schema{{types{Many(depth, "{fields{type")}{{name}}{Many(depth, "}}")}}}}}");
            yield return ("introspection of ofType", $"{{__type(name:\"Lead\"){Many(depth, "{ofType")}{{name}}{Many(depth, "}")}}}");
        }
        foreach (var count in new[] { 501, 1_000, 5_000 })
        foreach (var item in new[] { "1", "\"x\"", "null", "[]", "{}", "$v" })
            yield return ("lists", $"{{nodes(ids:[{Many(count, _ => item)}]){{id}}}}");
        foreach (var count in new[] { 600, 5_000 })
        foreach (
            var text in new[]
            {
                $"query({Many(count, i => $"$v{i}:Int")}){{__typename}}",
                $"{{leads({Many(count, i => $"a{i}:1")}){{totalCount}}}}",
                $"{{{Many(count, i => $"f{i}")}}}",
                Many(count, i => $"query Q{i}{{__typename}}"),
                Many(count, _ => "query Q{__typename}"),
            }
        )
            yield return ("many", text);
        foreach (var name in Names)
            yield return ("cost", $"query {name} {{leads(first:200){{nodes{{submissions(first:200){{nodes{{id}}}}}}}}}}");
    }

    static string Doubled(int depth) =>
        depth == 0
            ? "{id}"
            : $"{{source{{form{{leads(first:{depth}){{nodes{Doubled(depth - 1)}}} leads(first:{depth + 1}){{nodes{{id}}}}}}}}}}";

    static IReadOnlyList<GraphError> Refused(Documents documents, string text)
    {
        var read = documents.Read(text);
        if (read.Errors.Count > 0)
            return read.Errors;
        try
        {
            var operation = read.Document!.Operations[0];
            var variables = Coercion.Variables(operation, documents.Schema, default);
            var executor = Executor.Prepare(
                read.Plan(operation, documents.Schema, documents.Limits, variables),
                documents.Schema,
                variables,
                null,
                default
            );
            return executor.Cost > GraphQLOperation.MostCost ? [new("cost")] : [];
        }
        catch (PlanException error)
        {
            return [new(error.Message)];
        }
    }

    [Fact]
    public void each_of_them_is_refused_by_the_engine_within_16_megabytes()
    {
        var documents = new Documents(ApiSchema.Build(CrmCatalog.Standard, _ => []), new());
        Refused(documents, "{lead(id:\"x\"){id} __typename}")
            .Should()
            .BeEmpty("what is compiled at the first call is not what is measured");
        var (count, most, dearest, slowest, longest) = (0, 0L, "", TimeSpan.Zero, "");
        foreach (var (kind, text) in All())
        {
            count++;
            var (before, began) = (GC.GetAllocatedBytesForCurrentThread(), ThreadClock.Now);
            var errors = Refused(documents, text);
            var (spent, took) = (GC.GetAllocatedBytesForCurrentThread() - before, ThreadClock.Now - began);
            var start = text[..Math.Min(200, text.Length)];
            errors.Should().NotBeEmpty($"{kind}: {start}");
            errors.Sum(e => e.Message.Length).Should().BeLessThan(8 * 1024, $"an answer does not grow with what was sent; {kind}: {start}");
            spent.Should().BeLessThan(MostBytes, $"{kind}: {start}");
            if (spent > most)
                (most, dearest) = (spent, kind);
            if (took > slowest)
                (slowest, longest) = (took, kind);
        }
        output.WriteLine(
            $"{count} documents; the dearest allocates {most / 1024} KiB ({dearest}), the slowest takes {slowest.TotalMilliseconds:0.0} ms of the processor ({longest})"
        );
        count.Should().BeGreaterThan(500);
    }

    [Fact]
    public async Task each_of_them_is_answered_400_or_413_by_the_running_product_which_lives_on()
    {
        var workspace = await server.NewWorkspace();
        var (count, sizes) = (0, 0);
        foreach (var (kind, text) in All())
        {
            var body = JsonSerializer.Serialize(new { query = text });
            // Large ones wait for a word before the body is sent, else the connection ends under it.
            var reply = await workspace.SendPlain(
                HttpMethod.Post,
                "/graphql",
                body,
                [
                    ("Accept", "application/graphql-response+json"),
                    .. body.Length > 64 * 1024 ? [("Expect", "100-continue")] : Array.Empty<(string, string)>(),
                ]
            );
            // A body over the limit of all of the API is refused before it is read.
            reply
                .Status.Should()
                .Match(
                    status => status == 400 || status == 413 && body.Length > 64 * 1024,
                    $"{kind}: {reply.Text[..Math.Min(300, reply.Text.Length)]}"
                );
            reply.Text.Length.Should().BeLessThan(16 * 1024);
            if (reply.Status == 413)
                sizes++;
            else
                count++;
        }
        foreach (var nesting in new[] { 17, 100, 1_000, 10_000 })
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var body =
                $"{{\"query\":\"query($v:JSON){{__typename}}\",\"variables\":{{\"v\":{Many(nesting, open)}1{Many(nesting, close)}}}}}";
            (await workspace.SendPlain(HttpMethod.Post, "/graphql", body)).Status.Should().Be(400, $"variables nested {nesting} deep");
            count++;
        }
        output.WriteLine($"{count} answered 400, {sizes} answered 413");
        count.Should().BeGreaterThan(500);
        (await workspace.Post("/graphql", new { query = "{__typename}" })).Status.Should().Be(200);
    }
}
