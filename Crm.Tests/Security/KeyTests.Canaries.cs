// A key with one scope against everything that can be asked: of what was planted in each resource it reads only its own. Made from the
// catalog.

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Api.GraphQL;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.GraphQL.Types;
using Crm.Tests.GraphQL;
using Crm.Tests.Rest;
using Xunit;
using ObjectType = Crm.GraphQL.Types.ObjectType;

namespace Crm.Tests.Security;

public partial class KeyTests
{
    /// <summary>Texts of the samples: each carries a number that no other text has.</summary>
    [GeneratedRegex("canaryk[^\\d\"\\\\]*\\d+")]
    private static partial Regex Canaries();

    static readonly Schema Graph = ApiSchema.Build(CrmCatalog.Standard, _ => []);

    [Fact]
    public async Task a_key_reads_nothing_that_another_scope_guards()
    {
        var workspace = await server.NewWorkspace();
        var records = await Plant(workspace);
        var owners = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        // Events own nothing: what stands in one is some other resource's.
        foreach (var entry in CrmCatalog.Standard.Public.Where(e => e.Type != ResourceType.Of<Event>()))
        foreach (var row in await workspace.All($"/v1/{entry.Type.Plural}"))
        foreach (Match canary in Canaries().Matches(row.ToJsonString()))
            (owners.TryGetValue(canary.Value, out var all) ? all : owners[canary.Value] = []).Add(entry.Type.Plural);
        owners.Count.Should().BeGreaterThan(100);
        foreach (var plural in new[] { "leads", "customers", "purchases", "touches", "conversions", "links", "campaigns", "forms" })
            owners.Values.Should().Contain(o => o.Count == 1 && o.Contains(plural), $"{plural} have a text of their own");

        var wrong = new SortedSet<string>(StringComparer.Ordinal);
        var (asked, read) = (0, 0);
        foreach (var entry in CrmCatalog.Standard.Public)
        foreach (var access in new[] { "read", "write" })
        {
            var key = await Key(workspace, $"{entry.Type.Plural}:{access}");
            await foreach (var (where, reply) in Everything(key, entry, access, records))
            {
                asked++;
                if (reply.Status >= 500 || where[0] is '{' or 'm' && reply.Status != 200)
                    wrong.Add($"{entry.Type.Plural}:{access} at {where}: {reply}");
                foreach (Match canary in Canaries().Matches(reply.Text))
                    if (access == "read" && owners.GetValueOrDefault(canary.Value)?.Contains(entry.Type.Plural) == true)
                        read++;
                    else if (!where.Contains(canary.Value, StringComparison.Ordinal))
                        wrong.Add($"{entry.Type.Plural}:{access} reads '{canary.Value}' of {Owners(canary.Value)} at {where}");
            }
        }
        wrong.Should().BeEmpty();
        asked.Should().BeGreaterThan(300);
        read.Should().BeGreaterThan(500, "a key that reads nothing at all would pass, too");

        string Owners(string canary) => string.Join(", ", owners.GetValueOrDefault(canary) ?? []);
    }

    /// <summary>A record of each resource, and a person whose timeline tells of many of them. By plural.</summary>
    static async Task<Dictionary<string, JsonNode>> Plant(TestWorkspace workspace)
    {
        var samples = new Samples(workspace, CrmCatalog.Standard, "canaryk", first: 700_000);
        var records = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var entry in CrmCatalog.Standard.Public)
            records[entry.Type.Plural] = await samples.Make(entry);
        var lead = records["leads"]["id"]!.ToString();
        foreach (
            var (path, body) in new (string, object)[]
            {
                (
                    "/v1/touches",
                    new
                    {
                        kind = "call",
                        lead,
                        note = "canaryk note 799001",
                    }
                ),
                (
                    "/v1/conversions",
                    new
                    {
                        type = "signUp",
                        lead,
                        orderId = "canaryk order 799002",
                    }
                ),
                (
                    $"/v1/leads/{lead}/convert",
                    new { purchase = new { orderId = "canaryk order 799003", lines = new[] { new { product = "Panel" } } } }
                ),
            }
        )
        {
            var made = await workspace.Post(path, body);
            made.Status.Should().BeInRange(200, 201, made.Text);
        }
        records["customers"] = (await workspace.Get("/v1/customers?lead=" + lead)).Data[0]!;
        // A link that brought something is in reports.
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{records["links"]["slug"]}");
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        using var went = await workspace.Server.Http.SendAsync(request);
        ((int)went.StatusCode).Should().Be(302);
        return records;
    }

    /// <summary>What the scope opens over REST (that the rest is closed another test shows), and of GraphQL whatever leads on from
    /// there.</summary>
    async IAsyncEnumerable<(string Where, Reply Reply)> Everything(
        TestWorkspace key,
        CatalogEntry entry,
        string access,
        Dictionary<string, JsonNode> records
    )
    {
        var record = records[entry.Type.Plural];
        foreach (
            var route in Routes
                .WithKey(server)
                .Where(r =>
                    r.Needs.Type == entry.Type && r.Needs.Access == access && r.Method != HttpMethod.Head && r.Method != HttpMethod.Delete
                )
        )
        {
            var path = route.At(record["id"]!.ToString());
            var paths = route.Operation!.Name switch
            {
                "report" => CrmCatalog
                    .Standard.Reports.Names.Select(name => path.Replace("{name}", name))
                    .Append("/v1/reports/links?format=svg"),
                "pictureAddress" => [path.Replace("{name}", "links")],
                "address" or "qr" or "pixel" => [path, $"{path}?lead={records["leads"]["id"]}"],
                "upsert" => [path + "?match=email"],
                "list" => [path + "?limit=200"],
                _ => (IEnumerable<string>)[path],
            };
            foreach (var one in paths)
            {
                var body =
                    route.Method == HttpMethod.Get ? null
                    : route.Operation.Name == "upsert" ? new { email = record["emails"]![0]!["address"]!.ToString() }
                    : new object();
                yield return (
                    $"{route.Method} {one} {System.Text.Json.JsonSerializer.Serialize(body)}",
                    await key.Send(route.Method, one, body)
                );
            }
        }
        foreach (var query in access == "read" ? Queries(entry, records) : Mutations(entry, record))
            yield return (query, await key.SendPlain(HttpMethod.Post, "/graphql", new { query }));
        if (entry.Type != ResourceType.Of<Event>() || access != "read")
            yield break;
        using var stream = await LiveStream.Open(
            key,
            $"subscription{{events(after:\"0\",types:[\"touch.call\",\"customer.purchased\"]){{{Leaves(Record(entry))}}}}}"
        );
        for (var seen = 0; seen < 2; )
        {
            // A stream that ends, as it does after an error, has no next one however often it is asked.
            if (await stream.Next() is not var (name, data))
                throw new InvalidOperationException("The stream ended before both events had come.");
            if (data is null)
                continue;
            seen++;
            yield return ("subscription", new(200, data.ToJsonString(), null!, null!));
        }
    }

    // ---- GraphQL

    static ObjectType Record(CatalogEntry entry) => (ObjectType)Graph.Query.Fields.First(f => f.Name == entry.Type.Name).Type.Named;

    static IEnumerable<string> Queries(CatalogEntry entry, Dictionary<string, JsonNode> records)
    {
        var (own, id) = (Record(entry), records[entry.Type.Plural]["id"]);
        var list = Graph.Query.Fields.First(f =>
            f.Type.Named is ObjectType t && t.Field("nodes")?.Type.Named == own && f.Argument("first") is not null
        );
        yield return $"{{{list.Name}(first:20){{nodes{{{Leaves(own)}}} edges{{node{{{Leaves(own)}}}}}}}}}";
        // Each field that leads to another resource, in a list and from one record.
        foreach (var field in own.Fields)
            if (Onward(field) is { } onward)
            {
                yield return $"{{{list.Name}(first:20){{nodes{{{onward}}}}}}}";
                yield return $"{{{entry.Type.Name}(id:\"{id}\"){{{onward}}}}}";
            }
        foreach (var other in CrmCatalog.Standard.Public)
            yield return $"{{node(id:\"{records[other.Type.Plural]["id"]}\"){{...on {Record(other).Name}{{{Leaves(Record(other))}}}}}}}";
        foreach (var name in CrmCatalog.Standard.Reports.Names)
            yield return $"{{report(name:\"{name}\")}}";
    }

    static IEnumerable<string> Mutations(CatalogEntry entry, JsonNode record)
    {
        foreach (var field in Graph.Mutation!.Fields.Where(f => ((ObjectType)f.Type.Named).Field(entry.Type.Name) is not null))
            if (field.Name.StartsWith("update", StringComparison.Ordinal))
                yield return $"mutation{{{field.Name}(input:{{id:\"{record["id"]}\"}}){{{entry.Type.Name}{{{Leaves(Record(entry))}}}}}}}";
    }

    /// <summary>A field of another record or of a list of them, with all that can be read there.</summary>
    static string? Onward(FieldDefinition field) =>
        field.Type.Named is not ObjectType type ? null
        : type.Field("nodes") is { } nodes && field.Argument("first") is not null
            ? $"{field.Name}(first:5){{nodes{{{Leaves((ObjectType)nodes.Type.Named)}}}}}"
        : IsRecord(type) ? $"{field.Name}{{{Leaves(type)}}}"
        : type.Fields.Select(Onward).OfType<string>().ToList() is { Count: > 0 } inner ? $"{field.Name}{{{string.Join(' ', inner)}}}"
        : null;

    static bool IsRecord(ObjectType type) => type.Interfaces.Any(shared => shared.Name == "Node");

    /// <summary>Every value of a type, through its inner objects, but not through other records.</summary>
    static string Leaves(ObjectType type) =>
        string.Join(
            ' ',
            type.Fields.Select(field =>
                    field.Type.Named is not ObjectType inner ? field.Name
                    : IsRecord(inner) || inner.Field("nodes") is not null ? null
                    : Leaves(inner) is { Length: > 0 } leaves ? $"{field.Name}{{{leaves}}}"
                    : null
                )
                .OfType<string>()
        );
}
