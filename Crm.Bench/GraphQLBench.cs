// What GraphQL costs: the engine alone beside other servers and a plain writer, from the store beside the plain REST list, reading
// documents, and queries of three levels.

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Api.GraphQL;
using Crm.Bench.Ceilings;
using Crm.Domain;
using Crm.GraphQL;

namespace Crm.Bench;

internal static class GraphQLBench
{
    private const double LeastOfWriter = 0.45,
        LeastOfMercurius = 1.4,
        LeastOfApollo = 8,
        LeastOfRest = 0.6,
        MostToRead = 100,
        MostToFind = 2;
    private const int Leads = 10_000,
        Rows = 50;

    private static readonly string Fields = string.Join(' ', GraphQLLeads.Fields);

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        ReadDocuments(bench);
        var folder = await bench.Product.StoreWith(Math.Min(Leads, bench.Options.Leads), bench.Folder, ending);
        await using var product = await bench.Product.StartReady("product", folder, ending);
        await CountQueries(bench, product, ending);

        using var page = await Product.GetJson(product, $"/v1/leads?limit={Rows}", ending);
        var file = Path.Combine(bench.Folder, "leads.json");
        await File.WriteAllTextAsync(file, page.RootElement.GetProperty("data").GetRawText(), ending);
        await using var writer = await bench.StartCeiling(Ceiling.JsonWriter, "Utf8JsonWriter", ending, file);
        await using var engine = await bench.StartCeiling(Ceiling.Engine, "engine", ending, file);
        await using var mercurius = await Node(bench, "mercurius", file, ending);
        await using var apollo = await Node(bench, "apollo", file, ending);

        var (alone, stored) = (
            Request(GraphQLLeads.Query),
            Request($"query Leads($first: Int) {{ leads(first: $first) {{ nodes {{ {Fields} }} }} }}")
        );
        var expected = (await Post(engine, "/graphql", alone, ending))["data"]!["leads"]!;
        if (expected.AsArray().Count != Rows)
            throw new BenchException($"The engine answered {expected.AsArray().Count} leads instead of {Rows}.");
        foreach (var server in new[] { writer, mercurius, apollo })
            Compare(server, expected, (await Post(server, "/graphql", alone, ending))["data"]!["leads"]!);
        Compare(product, expected, (await Post(product, "/graphql", stored, ending))["data"]!["leads"]!["nodes"]!);

        var loads = await Rounds.Measure(
            [
                new("Utf8JsonWriter", writer, (seconds, end) => bench.Wrk.Ask(writer, "/graphql", alone, seconds, end)),
                new("engine alone", engine, (seconds, end) => bench.Wrk.Ask(engine, "/graphql", alone, seconds, end)),
                new("mercurius, JIT on", mercurius, (seconds, end) => bench.Wrk.Ask(mercurius, "/graphql", alone, seconds, end)),
                new("@apollo/server", apollo, (seconds, end) => bench.Wrk.Ask(apollo, "/graphql", alone, seconds, end)),
                new($"product: GET /v1/leads?limit={Rows}", product, (seconds, end) =>
                    bench.Wrk.Get(product, $"/v1/leads?limit={Rows}", seconds, end)
                ),
                new("product: POST /graphql", product, (seconds, end) => bench.Wrk.Ask(product, "/graphql", stored, seconds, end)),
            ],
            bench.Options,
            ending
        );

        product.Resume(); // so that it can end
        var rates = loads.Select(Rounds.MedianRate).ToArray();
        var micros = loads.Select(l => Figures.Median(l.Select(r => r.ServerMicros))).ToArray();
        foreach (
            var (name, i) in new[] { "Utf8JsonWriter", "engine alone", "mercurius", "apollo", "REST list", "GraphQL list" }.Select(
                (name, i) => (name, i)
            )
        )
        {
            bench.Figures.Note("graphql", name, rates[i], "/s", [.. loads[i].Select(l => l.Rate)]);
            bench.Figures.Note("graphql", $"{name}: processor per answer", micros[i], "us", [.. loads[i].Select(l => l.ServerMicros)]);
        }
        bench.Figures.AtLeast("graphql", "engine / Utf8JsonWriter", rates[1] / rates[0], LeastOfWriter, "x");
        bench.Figures.AtLeast("graphql", "engine / mercurius", rates[1] / rates[2], LeastOfMercurius, "x");
        bench.Figures.AtLeast("graphql", "engine / apollo", rates[1] / rates[3], LeastOfApollo, "x");
        bench.Figures.AtLeast("graphql", "GraphQL list / REST list", rates[5] / rates[4], LeastOfRest, "x");
        Rounds.NoteDisturbance("graphql", loads, bench.Figures);
    }

    private static string Request(string query) =>
        new JsonObject
        {
            ["query"] = query,
            ["variables"] = new JsonObject { ["first"] = Rows },
        }.ToJsonString();

    private static async Task<JsonNode> Post(Server server, string path, string body, CancellationToken ending)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url.GetLeftPart(UriPartial.Authority) + path)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Product.AdminKey);
        using var answer = await server.Http.SendAsync(request, ending);
        var text = await answer.Content.ReadAsStringAsync(ending);
        return answer.IsSuccessStatusCode && JsonNode.Parse(text) is { } json && json["errors"] is null
            ? json
            : throw new BenchException($"{server.Name} answered {(int)answer.StatusCode}: {text}");
    }

    private static void Compare(Server server, JsonNode expected, JsonNode found)
    {
        if (!JsonNode.DeepEquals(expected, found))
            throw new BenchException($"{server.Name} answers other leads than the engine:\n{found.ToJsonString()}");
    }

    private static async Task<Server> Node(Workbench bench, string name, string file, CancellationToken ending)
    {
        var npm = Path.Combine(
            Product.Root ?? throw new BenchException("The other servers are started from the source tree."),
            "Crm.Bench",
            "npm"
        );
        if (!Directory.Exists(Path.Combine(npm, "node_modules")))
            throw new BenchException($"The other servers are not installed: run `npm install --ignore-scripts` in {npm}.");
        var start = new ProcessStartInfo("node", [Path.Combine(npm, name + ".mjs"), file]) { WorkingDirectory = npm };
        start.Environment["NODE_ENV"] = "production";
        return await Server.StartReady(name, start, bench.Time, ending, "/graphql?query=%7B__typename%7D");
    }

    // ---- Without a server

    /// <summary>Reads a document of 2 KB against the product's schema: as a new text, and as one that was read before. By processor time,
    /// since the machine has other work.</summary>
    private static void ReadDocuments(Workbench bench)
    {
        var text = Document();
        var documents = new Documents(ApiSchema.Build(CrmCatalog.Standard, _ => []), new());
        if (documents.Read(text).Errors is [var error, ..])
            throw new BenchException($"The bench's document is not correct: {error.Message}");
        var number = 0;
        // A remark at the end makes it another text and no other document.
        var without = Micros(bench, 2_000, () => documents.Read(text + "#" + number++));
        documents.Read(text);
        var with = Micros(bench, 200_000, () => documents.Read(text));
        bench.Figures.AtMost(
            "graphql",
            $"parse and validate {Encoding.UTF8.GetByteCount(text):N0} bytes, new",
            Figures.Median(without),
            MostToRead,
            "us",
            without
        );
        bench.Figures.AtMost("graphql", "the same, known", Figures.Median(with), MostToFind, "us", with);
    }

    private static double[] Micros(Workbench bench, int times, Action run)
    {
        var found = new double[bench.Options.Runs];
        for (var round = -5; round < found.Length; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < times; i++)
                run();
            if (round >= 0) // What comes before is for the compiler.
                found[round] = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / times;
        }
        return found;
    }

    /// <summary>As a front end's page asks: several lists, fragments, variables, arguments.</summary>
    private static string Document()
    {
        var text = new StringBuilder(
            """
            query Board($first: Int = 20, $after: String, $status: LeadStatus, $words: String, $withForms: Boolean = true) {
              open: leads(first: $first, after: $after, where: {status: {eq: $status}, or: [{score: {gte: 50}}, {email: {contains: "example.org"}}]}, order: [{createdAt: DESC}]) {
                nodes { ...LeadCard submissions(first: 3, order: [{createdAt: DESC}]) { nodes { id createdAt verdict form { id name } } } }
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
                totalCount
              }
              found: leads(q: $words, first: 10) { edges { cursor node { ...LeadCard } } pageInfo { hasNextPage endCursor } }
              forms(first: 50) @include(if: $withForms) { nodes { id key name status createdAt leads(first: 1) { totalCount } } }
            }

            fragment LeadCard on Lead {
              __typename id version createdAt updatedAt firstName lastName company jobTitle status score tags language timeZone
              emails { address kind primary }
              phones { number kind primary }
              address { line1 line2 city region postalCode country }
              source { channel form { id name } campaign link utm { source medium campaign term content } referrer page }
            }

            """
        );
        for (var i = 0; text.Length < 2048; i++)
            text.Append(CultureInfo.InvariantCulture, $"fragment More{i} on Lead {{ id firstName lastName company jobTitle status }}\n");
        // Fragments that nobody uses are an error.
        return text.ToString()
            .Replace(
                "__typename id version",
                "__typename "
                    + string.Concat(Enumerable.Range(0, text.ToString().Split("fragment More").Length - 1).Select(i => $"...More{i} "))
                    + "id version",
                StringComparison.Ordinal
            );
    }

    private static async Task CountQueries(Workbench bench, Server product, CancellationToken ending)
    {
        var counts = new List<int>();
        foreach (var leads in new[] { 5, 20, Rows })
        {
            var answer = await Post(
                product,
                "/graphql",
                Request(
                        $"query($first: Int) {{ leads(first: $first) {{ nodes {{ id source {{ form {{ name }} }} submissions(first: 3) {{ nodes {{ id verdict }} }} }} }} }}"
                    )
                    .Replace($":{Rows}", $":{leads}", StringComparison.Ordinal),
                ending
            );
            counts.Add(answer["extensions"]!["cost"]!["queries"]!.GetValue<int>());
            if (answer["data"]!["leads"]!["nodes"]!.AsArray().Count != leads)
                throw new BenchException("The query of three levels has other leads than it should.");
        }
        bench.Figures.AtMost(
            "graphql",
            $"store queries for 3 levels, {Rows} leads beside 5",
            (double)counts[^1] / counts[0],
            1,
            "x",
            [.. counts.Select(c => (double)c)]
        );
    }
}
