// A schema with one of everything, for the fuzzer: references, lists, an interface, a union, fields that fail, fields that may not be null
// and are.

using System.Text;
using System.Text.Json;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Types;

namespace Crm.Tests.GraphQL.Fuzz;

static class SmallSchema
{
    static readonly ReadOnlyMemory<byte>[] Rows =
    [
        .. Enumerable
            .Range(1, 5)
            .Select(i =>
                (ReadOnlyMemory<byte>)
                    Encoding.UTF8.GetBytes(
                        $$"""{"id":"{{i}}","name":"Lead {{i}} \"\\ é","score":{{i}}.5,"tags":["a",null,"{{i}}"],"address":{"city":{{(i == 2 ? "null" : "\"X\"")}},"lines":["1","2"] },"any":{"a":[{}] } }"""
                    )
            ),
    ];

    public static Schema Build()
    {
        var any = new ScalarType("JSON", "Any JSON.", ScalarTakes.Anything);
        var status = new EnumType("Status", null, ["new", "old"]);
        var node = new InterfaceType("Node", null, _ => "Lead");
        node.Add(new("id", ScalarType.ID.NonNull));
        var address = new ObjectType("Address", null);
        address.Add(new("city", ScalarType.String.NonNull));
        address.Add(new("lines", ScalarType.String.NonNull.List.NonNull));
        var lead = new ObjectType("Lead", null, node);
        lead.Add(new("id", ScalarType.ID.NonNull));
        lead.Add(new("name", ScalarType.String));
        lead.Add(new("score", ScalarType.Float));
        lead.Add(new("tags", ScalarType.String.NonNull.List));
        lead.Add(new("address", address));
        lead.Add(new("any", any));
        lead.Add(new("absent", ScalarType.Int.NonNull));
        lead.Add(new("status", status));
        lead.Add(
            new(
                "friend",
                lead,
                null,
                [new("status", status, Default: new Crm.GraphQL.Language.EnumValue("new", default))],
                Each(parent => Find(Member(parent, "id")))
            )
        );
        lead.Add(
            new("friends", lead.NonNull.List, null, [new("first", ScalarType.Int)], Each(_ => Piece.Of([Find("1"), Find("9"), Find("3")])))
        );
        lead.Add(new("fails", lead.NonNull, null, null, new(null, _ => throw new FieldException("This does not work.", "fails"))));
        var result = new UnionType("Result", null, [lead, address], json => json.Span.IndexOf("city"u8) is 2 ? "Address" : "Lead");
        var edge = new ObjectType("Edge", null);
        edge.Add(new("cursor", ScalarType.String.NonNull));
        edge.Add(new("node", lead.NonNull));
        var leads = new ObjectType("Leads", null);
        leads.Add(new("nodes", lead.NonNull.List.NonNull));
        leads.Add(new("edges", edge.List));
        leads.Add(new("totalCount", ScalarType.Int));

        var comparison = new InputObjectType("Comparison", null);
        comparison.Add(new("eq", ScalarType.ID));
        comparison.Add(new("in", ScalarType.ID.NonNull.List));
        var where = new InputObjectType("Where", null);
        where.Add(new("and", where.NonNull.List));
        where.Add(new("id", comparison));
        where.Add(new("status", status));
        where.Add(new("limit", ScalarType.Int.NonNull, Default: new Crm.GraphQL.Language.IntValue("10", default)));

        var query = new ObjectType("Query", null);
        query.Add(
            new(
                "lead",
                lead,
                null,
                [new("id", ScalarType.ID.NonNull)],
                new(null, call => One(Find(call.Arguments.GetProperty("id").GetString()!)), (_, _) => 1)
            )
        );
        query.Add(
            new(
                "leads",
                leads.NonNull,
                null,
                [
                    new("first", ScalarType.Int, Default: new Crm.GraphQL.Language.IntValue("2", default)),
                    new("where", where),
                    new("order", status.List),
                ],
                new(null, call => One(List(call)), (arguments, _) => Count(arguments))
            )
        );
        query.Add(
            new(
                "node",
                node,
                null,
                [new("id", ScalarType.ID.NonNull)],
                new(null, call => One(Find(call.Arguments.GetProperty("id").GetString()!)), (_, _) => 1)
            )
        );
        query.Add(
            new(
                "search",
                result.List,
                null,
                [new("words", ScalarType.String.NonNull.List.NonNull)],
                new(null, _ => One(Piece.Of([Rows[0], default, new("{\"city\":\"Y\",\"lines\":[null]}"u8.ToArray())])))
            )
        );
        query.Add(
            new(
                "echo",
                any,
                null,
                [new("any", any)],
                new(null, call =>
                    One(call.Arguments.TryGetProperty("any", out var given) ? new(JsonSerializer.SerializeToUtf8Bytes(given)) : default)
                )
            )
        );
        query.Add(new("needed", ScalarType.String.NonNull, null, null, new(null, _ => One(default))));
        var mutation = new ObjectType("Mutation", null);
        mutation.Add(new("change", lead, null, [new("input", where.NonNull)], new(null, _ => One(Rows[1]), (_, _) => 10)));
        return new(query, mutation, address);
    }

    static ValueTask<IReadOnlyList<Loaded>> One(Piece value) => new([new Loaded(value)]);

    static Resolver Each(Func<ReadOnlyMemory<byte>, Piece> each) =>
        new(null, call => new([.. call.Parents.Select(p => new Loaded(each(p)))]), (_, _) => 2);

    static string Member(ReadOnlyMemory<byte> json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString()!;
    }

    static Piece Find(string id) => int.TryParse(id, out var number) && number is >= 1 and <= 5 ? Rows[number - 1] : default;

    static int Count(JsonElement arguments) =>
        arguments.TryGetProperty("first", out var first) && first.ValueKind == JsonValueKind.Number ? first.GetInt32() : 2;

    /// <summary>As a resolver of the product hands a page over: parts it knows, rows as they are.</summary>
    static Piece List(FieldCall call)
    {
        var rows = Rows.Take(Math.Clamp(Count(call.Arguments), 0, 5)).ToList();
        var members = new List<(string, Piece)> { ("nodes", Piece.Of([.. rows.Select(r => new Piece(r))])) };
        if (call.Asks("edges"))
            members.Add(
                (
                    "edges",
                    Piece.Of([.. rows.Select((r, i) => Piece.Of([("cursor", i == 2 ? default : new("\"c\""u8.ToArray())), ("node", r)]))])
                )
            );
        return Piece.Of([.. members]);
    }
}
