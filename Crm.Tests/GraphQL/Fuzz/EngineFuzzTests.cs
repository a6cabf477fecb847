// The engine under mutated documents and variables: it answers or refuses, within bounds, whatever comes. 20 seconds in the ordinary run,
// 10 minutes in the long one.

using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Api.GraphQL;
using Crm.Api.Http;
using Crm.Domain.Problems;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL.Fuzz;

public sealed class EngineFuzzTests(ITestOutputHelper output)
{
    /// <summary>Of one call, as for the hostile documents. Time is the processor's, of this thread.</summary>
    const long MostBytes = 16 * 1024 * 1024;
    static readonly TimeSpan MostTime = TimeSpan.FromMilliseconds(IsLong ? 50 : 1_000);

    const int LongestDocument = 64 * 1024,
        LongestBody = 16 * 1024;

    static bool IsLong => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    static readonly string[] Documents =
    [
        "{ lead(id: \"1\") { id name score tags any status address { city lines } } }",
        "query Q($first: Int = 3, $id: ID!, $v: Boolean!) { leads(first: $first, where: {and: [{id: {eq: $id}}, {status: new}]}, order: [new, old]) { nodes { ...F friend { id } } edges @include(if: $v) { cursor node { id } } totalCount } } fragment F on Lead { __typename id friends(first: 2) { name friend(status: old) { name } } }",
        "{ search(words: [\"a\", \"\"\"b\n  c\"\"\"]) { __typename ... on Lead { name tags } ... on Address { city lines } } node(id: 4) { id ... on Lead { address { city } } } }",
        "{ a: lead(id: 2) { address { city } fails { id } } b: lead(id: 3) { absent } needed }",
        "mutation M($input: Where!) { one: change(input: $input) { id } two: change(input: {limit: 5, id: {in: [\"1\", 2]}}) { name } }",
        "query($any: JSON) { echo(any: {a: [1, 2.5, -0, true, null, \"\\u{1F600}\\n\", enum, {b: $any}]}) other: echo(any: $any) }",
        "{ __schema { queryType { name } types { kind name fields(includeDeprecated: true) { name args { name defaultValue type { ofType { name } } } type { kind ofType { name } } } enumValues { name } possibleTypes { name } } directives { name locations } } __type(name: \"Lead\") { fields { name } } }",
        "\"\"\"A lead.\"\"\" type Lead implements Node & Other @key(fields: \"id\") { \"its id\" id(first: Int = 3 @a): ID! names: [String!]! } extend union U = A | B enum E { A B @deprecated } input I { a: Int = 1 } directive @d(a: Int) repeatable on FIELD | QUERY schema { query: Query } scalar S interface Node { id: ID }",
    ];

    static readonly string[] Bodies =
    [
        "{\"query\":\"{__typename}\",\"variables\":{\"first\":3,\"id\":\"1\",\"v\":true},\"operationName\":\"Q\"}",
        "{\"query\":\"\",\"variables\":{\"input\":{\"limit\":2,\"id\":{\"in\":[\"1\",2,null]},\"and\":[{\"status\":\"new\"}]},\"any\":[{\"a\":1.5e3},\"\\ud83d\\ude00\",null,true]},\"extensions\":{\"persistedQuery\":{\"sha256Hash\":\"x\"}}}",
    ];

    /// <summary>What broke the engine once, real or planted, as bytes in base64: document and body.</summary>
    public static TheoryData<string, string> Crashers =>
        new()
        {
            // An escape at the very end, when its digits were looked for beyond it.
            {
                "cXVlcnkoJGFueTogSlNPTikgeyBlY2hvKGFueToge2E6IFsxLCAyLjUsIC0wIC0wLCB0cnVlLCBudWxsLCAiXHV7MUY2MA==",
                "eyJxdWVyeSI6Int7fSIsInZhcmlhYmxlcyI6eyJmaXJzdCI6MywiaWQiOiIxIiwidiI6dHJ1ZX0sIm9wZXJhdGlvbk5pZGFtZSI6IlEifSA="
            },
        };

    readonly Documents documents = new(SmallSchema.Build(), new());

    [Theory]
    [MemberData(nameof(Crashers))]
    public async Task what_broke_it_once_does_not_break_it_again(string document, string body) =>
        await Try(Convert.FromBase64String(document), Convert.FromBase64String(body));

    [Fact]
    public async Task mutated_documents_and_variables_are_answered_or_refused_within_bounds()
    {
        var seed = Environment.GetEnvironmentVariable("CRM_TEST_SEED") is { } asked
            ? int.Parse(asked, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var length =
            Environment.GetEnvironmentVariable("CRM_TEST_FUZZ_SECONDS") is { } seconds ? double.Parse(seconds, CultureInfo.InvariantCulture)
            : IsLong ? 600
            : 20;
        output.WriteLine($"seed {seed}");
        foreach (var document in Documents) // what is compiled at the first call is not what is measured
        foreach (var body in Bodies)
            for (var i = 0; i < 50; i++)
                await Try(Encoding.UTF8.GetBytes(document), Encoding.UTF8.GetBytes(body));

        var run = new Run(seed, TimeSpan.FromSeconds(length));
        var running = Task.Run(() => Fuzz(run));
        // A call that does not come back can be told of, not stopped.
        if (await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(length + 120))) != running)
            throw new InvalidOperationException($"It runs on and on. {run.Now}");
        await running;
        output.WriteLine(
            $"{run.Count:N0} inputs, {run.Documents:N0} of them documents, {run.Correct:N0} correct, {run.Answered:N0} answered; {run.Seen.Count:N0} different outcomes; most allocated {run.MostBytes / 1024:N0} KiB, most processor time {run.MostTime.TotalMilliseconds:N1} ms"
        );
        run.Answered.Should().BeGreaterThan(run.Count / 100, "most of the engine lies behind documents that are correct");
    }

    sealed class Run(int seed, TimeSpan length)
    {
        public TimeSpan Length => length;
        public Random Random { get; } = new(seed);
        public long Count,
            Documents,
            Correct,
            Answered,
            MostBytes;
        public TimeSpan MostTime;
        public HashSet<string> Seen { get; } = new(StringComparer.Ordinal);
        public volatile (byte[] Document, byte[] Body)[] Current = [];
        public string Now =>
            $"Seed {seed}, input {Count}; document {Convert.ToBase64String(Current[0].Document)} body {Convert.ToBase64String(Current[0].Body)}";
    }

    async Task Fuzz(Run run)
    {
        var texts = new Mutator(run.Random, Documents.Select(Encoding.UTF8.GetBytes), LongestDocument);
        var bodies = new Mutator(run.Random, Bodies.Select(Encoding.UTF8.GetBytes), LongestBody);
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < run.Length)
        {
            run.Count++;
            var input = (Document: texts.Next(), Body: bodies.Next());
            run.Current = [input];
            Outcome outcome;
            try
            {
                outcome = await Measured(input.Document, input.Body);
                // The thread may have been charged with a collection of everybody's memory: only what is slow again and again is slow.
                for (var again = 0; again < 4 && outcome.Time > MostTime; again++)
                    outcome = await Measured(input.Document, input.Body);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(run.Now, error);
            }
            if (outcome.Bytes > MostBytes || outcome.Time > MostTime)
                throw new InvalidOperationException(
                    $"It allocates {outcome.Bytes / 1024} KiB and takes {outcome.Time.TotalMilliseconds:0.0} ms. {run.Now}"
                );
            run.MostBytes = Math.Max(run.MostBytes, outcome.Bytes);
            run.MostTime = outcome.Time > run.MostTime ? outcome.Time : run.MostTime;
            run.Documents += outcome.Stage > Stage.Parsed ? 1 : 0;
            run.Correct += outcome.Stage > Stage.Checked ? 1 : 0;
            run.Answered += outcome.Stage == Stage.Answered ? 1 : 0;
            if (run.Seen.Count < 20_000 && run.Seen.Add(outcome.Mark))
            {
                texts.Keep(input.Document, (int)outcome.Stage);
                bodies.Keep(input.Body, (int)outcome.Stage);
            }
        }
    }

    /// <summary>How far an input came: refused by the parser, by the rules, before it ran, or answered.</summary>
    enum Stage
    {
        Parsed,
        Checked,
        Prepared,
        Answered,
    }

    /// <param name="Mark">Tells outcomes apart, so that inputs that lead to a new one are kept.</param>
    readonly record struct Outcome(Stage Stage, string Mark, long Bytes = 0, TimeSpan Time = default);

    async Task<Outcome> Measured(byte[] document, byte[] body)
    {
        var (bytes, time) = (GC.GetAllocatedBytesForCurrentThread(), ThreadClock.Now);
        var outcome = await Try(document, body); // Runs through without waiting, so on this thread.
        return outcome with { Bytes = GC.GetAllocatedBytesForCurrentThread() - bytes, Time = ThreadClock.Now - time };
    }

    /// <summary><c>enum E query { a }</c> prints as <c>enum E { a }</c>, as the reference implementation has it too; such a document can
    /// neither be run nor be a schema.</summary>
    static bool ShortQueryBehindAnOpenType(Document document) =>
        document
            .Definitions.Zip(document.Definitions.Skip(1))
            .Any(pair =>
                pair
                    is {
                        First: TypeDefinitionNode { Fields: [], Inputs: [], Values: [], Members: [] } or SchemaNode { Roots: [] },
                        Second: Operation { Kind: OperationKind.Query, Name: null, Variables: [], Directives: [], Description: null }
                    }
            );

    async Task<Outcome> Try(byte[] document, byte[] body)
    {
        // As bytes, which need not be text, and as text with what no UTF-8 can say.
        try
        {
            var parsed = Parser.Parse(document, documents.Limits);
            var printed = Printer.Print(parsed);
            var again = Printer.Print(Parser.Parse(printed, documents.Limits with { Characters = 1 << 24 }));
            if (again != printed && !ShortQueryBehindAnOpenType(parsed))
                throw new InvalidOperationException($"It prints as\n{printed}\nand then as\n{again}");
        }
        catch (SyntaxException) { }
        var text = Encoding.UTF8.GetString(document);
        if (document.Length > 0 && document[^1] % 16 == 7)
            text = text.Insert(text.Length / 2, document[0] % 2 == 0 ? "\uD800" : "\uDC00");
        var read = documents.Read(text);
        if (read.Errors.Count > 0)
            return new(read.Document is null ? Stage.Parsed : Stage.Checked, Shape(read.Errors));

        JsonElement variables = default;
        string? named = null;
        try
        {
            using var json = JsonBodyReader.Parse(body);
            var request = GraphQLRequest.Read(json.RootElement, "");
            (variables, named) = (request.Variables, request.OperationName);
        }
        catch (ProblemException) { }
        if (
            (read.Document!.Operations.FirstOrDefault(o => o.Name == named) ?? read.Document.Operations.FirstOrDefault())
            is not { } operation
        )
            return new(Stage.Checked, "no operation");
        try
        {
            var values = Coercion.Variables(operation, documents.Schema, variables);
            var executor = Executor.Prepare(
                read.Plan(operation, documents.Schema, documents.Limits, values),
                documents.Schema,
                values,
                null,
                default
            );
            if (executor.Cost > GraphQLOperation.MostCost)
                return new(Stage.Prepared, "cost");
            using var answer = new JsonBuffer();
            await executor.Run(answer);
            return new(Stage.Answered, Checked(answer.Written.Span, executor.Errors));
        }
        catch (PlanException error)
        {
            return new(Stage.Prepared, error.Code ?? Shape([new(error.Message)]));
        }
        catch (CoercionException error)
        {
            return new(Stage.Prepared, Shape([new(error.Message)]));
        }
    }

    /// <summary>Data must be JSON without a member twice, and null only with an error. Gives its brackets, which tell answers apart well
    /// enough.</summary>
    static string Checked(ReadOnlySpan<byte> data, IReadOnlyList<GraphError> errors)
    {
        using var json = JsonDocument.Parse(data.ToArray(), new() { MaxDepth = 256, AllowDuplicateProperties = false });
        if (json.RootElement.ValueKind == JsonValueKind.Null && errors.Count == 0)
            throw new InvalidOperationException("There is no data and no error.");
        var mark = new StringBuilder("answer ").Append(errors.Count);
        foreach (var one in data)
            if (one is (byte)'{' or (byte)'[' or (byte)'}' or (byte)']' && mark.Length < 100)
                mark.Append((char)one);
        return mark.ToString();
    }

    /// <summary>The first words of errors, which name nothing that was sent.</summary>
    static string Shape(IReadOnlyList<GraphError> errors) =>
        string.Join(
            '|',
            errors.Take(4).Select(e => string.Join(' ', e.Message.Split(' ').Where(word => word.All(char.IsAsciiLetter)).Take(5)))
        );
}
