// Execution beside graphql-js, the reference implementation: the same data and errors at the same paths, for data that is only nearly what
// the schema says and for variables that are only nearly right.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL;

public sealed class ExecutionDifferentialTests(ITestOutputHelper output)
{
    static readonly Limits Wide = ValidationDifferentialTests.Wide with
    {
        Depth = 100,
        IntrospectionDepth = 100,
        Fields = 100_000,
        Aliases = 100_000,
        RootFields = 1000,
    };

    sealed record Start(string[] Schemas, string[] Loaded);

    sealed record Case(
        int Schema,
        string Text,
        JsonElement Variables,
        JsonElement Root,
        bool Refused,
        bool? Source,
        JsonNode? Data,
        JsonArray[]? Paths
    );

    [NeedsNodeFact]
    public async Task every_document_is_answered_as_by_graphql_js_with_errors_at_the_same_paths()
    {
        const int count = 2500;
        var seed = Seed.Of(output);
        var lines = (await Npm.Run("graphql-execution.mjs", "", $"{count}", $"{seed}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var start = JsonSerializer.Deserialize<Start>(lines[0], JsonSerializerOptions.Web)!;
        var documents = start.Schemas.Select(text => new Documents(Schema.FromText(text, Code(text, start.Loaded)), Wide)).ToList();
        var (refused, withErrors, whole, sources) = (0, 0, 0, 0);
        var differences = new List<string>();
        foreach (var line in lines.Skip(1))
        {
            var one = JsonSerializer.Deserialize<Case>(line, JsonSerializerOptions.Web)!;
            if (one.Refused)
                refused++;
            else if (one.Paths!.Length > 0)
                withErrors++;
            else
                whole++;
            sources += one.Source == true ? 1 : 0;
            if (await Difference(documents[one.Schema], one) is { } difference)
                differences.Add(
                    $"{difference}\nschema {one.Schema}\n{one.Text}\n{one.Variables}\n{one.Root.ToString()[..Math.Min(2000, one.Root.ToString().Length)]}"
                );
        }
        output.WriteLine(
            $"{lines.Length - 1} documents: {whole} answered whole, {withErrors} with errors, {refused} refused for their variables; {sources} streams refused"
        );
        (whole, withErrors, refused, sources)
            .Should()
            .Match<(int, int, int, int)>(
                n => n.Item1 > 200 && n.Item2 > 200 && n.Item3 > 100 && n.Item4 > 3,
                "all kinds must be among them"
            );
        differences.OrderBy(d => d.Length).Take(5).Should().BeEmpty($"{differences.Count} of {lines.Length - 1} differ, seed {seed}");
    }

    static async Task<string?> Difference(Documents documents, Case one)
    {
        var read = documents.Read(one.Text);
        if (read.Errors.Count > 0)
            return $"it is not correct here: {read.Errors[0].Message}";
        var operation = read.Document!.Operations[0];
        Dictionary<string, JsonElement> variables;
        try
        {
            variables = Coercion.Variables(operation, documents.Schema, one.Variables);
        }
        catch (CoercionException error)
        {
            return one.Refused && one.Source is null or true ? null : $"only refused here: {error.Message}";
        }
        if (one.Refused)
            return "only refused by graphql-js";
        var plan = read.Plan(operation, documents.Schema, Wide, variables);
        if (one.Source is { } theirs && theirs != SourceIsRefused(plan, variables))
            return theirs ? "only graphql-js refuses the stream" : "only refused here: the stream";
        using var buffer = new JsonBuffer();
        var executor = Executor.Prepare(plan, documents.Schema, variables, new Call(one.Root, plan), default);
        await executor.Run(buffer);
        var ours = JsonNode.Parse(buffer.Written.Span);
        if (!JsonNode.DeepEquals(ours, one.Data) || !SameOrder(ours, one.Data))
            return $"graphql-js: {one.Data?.ToJsonString() ?? "null"}\nhere: {ours?.ToJsonString() ?? "null"}";
        var paths = executor.Errors.Select(e => JsonSerializer.Serialize(e.Path)).Order(StringComparer.Ordinal).ToList();
        var others = one.Paths!.Select(p => JsonSerializer.Serialize(p)).Order(StringComparer.Ordinal).ToList();
        return paths.SequenceEqual(others) ? null : $"errors at\ngraphql-js: {string.Join(' ', others)}\nhere: {string.Join(' ', paths)}";
    }

    static bool SourceIsRefused(Plan plan, Dictionary<string, JsonElement> variables)
    {
        try
        {
            Subscription.Of(plan, variables);
            return false;
        }
        catch (CoercionException)
        {
            return true;
        }
    }

    static bool SameOrder(JsonNode? one, JsonNode? other) =>
        (one, other) switch
        {
            (JsonObject a, JsonObject b) => a.Select(m => m.Key).SequenceEqual(b.Select(m => m.Key))
                && a.All(m => SameOrder(m.Value, b[m.Key])),
            (JsonArray a, JsonArray b) => a.Zip(b).All(p => SameOrder(p.First, p.Second)),
            _ => true,
        };

    // ---- The same resolvers as in the script

    sealed class Call(JsonElement root, Plan plan)
    {
        public bool IsRoot(PlannedField field) => plan.Root.Fields.Contains(field);

        public JsonElement Root => root;
        public int Counted { get; set; }
    }

    static SchemaCode Code(string text, string[] loaded)
    {
        var takingArguments = Parser
            .Parse(text, Wide with { Tokens = 1_000_000 })
            .Definitions.OfType<TypeDefinitionNode>()
            .SelectMany(t => t.Fields.Where(f => f.Arguments.Count > 0).Select(f => (t.Name, f.Name)))
            .ToHashSet();
        return new(
            (type, field) =>
                (type, field) switch
                {
                    (_, "echo") => Each(call => new(Bytes(call.Arguments))),
                    ("Mutation", "next") => Each(call =>
                        Count(call, ((Call)call.Context!).Counted += call.Arguments.GetProperty("by").GetInt32())
                    ),
                    ("Count", "after") => Each(call => new(Bytes(JsonSerializer.SerializeToElement(((Call)call.Context!).Counted)))),
                    ("Count", "now") => Each(call => Count(call, ((Call)call.Context!).Counted)),
                    _ when type is "Query" or "Root" or "Mutation" or "Subscription"
                            || loaded.Contains(field)
                            || takingArguments.Contains((type, field)) => new(null, call =>
                        new([
                            .. call.Parents.Select(parent =>
                                Member(
                                    ((Call)call.Context!).IsRoot(call.Field) ? ((Call)call.Context!).Root : JsonElement.Parse(parent.Span),
                                    field
                                )
                            ),
                        ])
                    ),
                    _ => null,
                }
        );

        static Resolver Each(Func<FieldCall, Loaded> load) => new(null, call => new([.. call.Parents.Select(_ => load(call))]));

        static Loaded Count(FieldCall call, int value) => new(Bytes(JsonSerializer.SerializeToElement(new { value })));

        static Loaded Member(JsonElement parent, string field) =>
            parent.ValueKind != JsonValueKind.Object || !parent.TryGetProperty(field, out var value) ? Loaded.Null
            : value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty("__error", out var thrown)
            && thrown.ValueKind == JsonValueKind.True
                ? new(default(Piece), new("thrown"))
            : new(Bytes(value));

        static ReadOnlyMemory<byte> Bytes(JsonElement value) => System.Text.Encoding.UTF8.GetBytes(value.GetRawText());
    }
}
