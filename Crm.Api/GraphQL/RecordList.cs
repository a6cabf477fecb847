// A connection's arguments as a query of the store, and a page of the store as a connection.

using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Api.Rest;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.GraphQL.Execution;

namespace Crm.Api.GraphQL;

/// <param name="Backward">Asked from the end: the order is turned round, and the rows are turned back.</param>
public sealed record RecordList(Query Query, bool Backward, bool FromStart, string Shape, CatalogEntry Entry, GraphQLCall Call)
{
    public const int MostCounted = 10_000;

    /// <summary>Rows of a list that does not say how many, when it stands in a list, and when it stands in more than one: pages inside of
    /// pages multiply.</summary>
    public const int InsideLimit = 10,
        DeeperLimit = 5;

    /// <summary>How many rows the arguments ask for; what is not allowed counts as the most that is.</summary>
    public static int Rows(JsonElement arguments, int inLists) =>
        (uint)Asked(arguments, inLists) > ListQuery.MostRows ? ListQuery.MostRows : Asked(arguments, inLists);

    static int Asked(JsonElement arguments, int inLists) =>
        Number(arguments, "first")
        ?? Number(arguments, "last")
        ?? inLists switch
        {
            0 => ListQuery.DefaultLimit,
            1 => InsideLimit,
            _ => DeeperLimit,
        };

    static int? Number(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;

    static string? Text(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <param name="always">A condition of the field itself.</param>
    /// <param name="of">The record whose list it is.</param>
    public static RecordList Read(FieldCall field, CatalogEntry entry, Filter? always, string? of)
    {
        var (call, arguments, type) = (GraphQLCall.Of(field), field.Arguments, entry.Type);
        var rights = call.NeedsRead(entry);
        var context = call.Caller.Settings.For(type);
        var errors = new FieldErrors();
        var asked = Asked(arguments, field.InLists);
        if (asked is < 0 or > ListQuery.MostRows)
            errors.Add(
                Number(arguments, "first") is null ? "last" : "first",
                "out_of_range",
                $"Must be a whole number from 0 to {ListQuery.MostRows}."
            );
        var (after, before) = (Text(arguments, "after"), Text(arguments, "before"));
        if (Number(arguments, "first") is not null && Number(arguments, "last") is not null || after is not null && before is not null)
            errors.Add("last", "invalid_value", "Ask from the start (first, after) or from the end (last, before), not both.");
        var backward = Number(arguments, "last") is not null || before is not null;
        var terms = new List<Filter>();
        if (always is not null)
            terms.Add(always);
        var left = ListQuery.MostTerms;
        if (arguments.TryGetProperty("where", out var where) && where.ValueKind == JsonValueKind.Object)
            terms.Add(Where(where, "", type, context, rights, errors, ref left));
        if (rights.Rows is not null)
            terms.Add(rights.Rows);
        if (Text(arguments, "q") is { } words)
        {
            var classes = rights.Searches(type);
            if (classes == WordClasses.None)
                errors.Add("q", "unknown", "A search finds words of fields that the key may not read.");
            else if (ListQuery.ReadSearch(words, classes, errors) is { } search)
                terms.Add(search);
        }
        var order =
            arguments.TryGetProperty("order", out var given) && given.ValueKind == JsonValueKind.Array
                ? string.Join(',', given.EnumerateArray().SelectMany(o => Order(o, "")))
                : "";
        var (sort, descending) = ListQuery.ReadSort(order, type, context, rights, errors);
        if (errors.Any)
            throw new FieldException($"{errors.All[0].Field}: {errors.All[0].Message}", ProblemCodes.InvalidParameter.Code);
        var shape =
            $"graphql|{call.Caller.Settings.Key.Value}|{type.Plural}|{of}|{order}|{Text(arguments, "q")}|{(where.ValueKind == JsonValueKind.Object ? where.GetRawText() : "")}";
        Position? position;
        try
        {
            position = (after ?? before) is { } cursor
                ? Cursor.Read(cursor, shape, sort.Count, call.Installation.Seal(Cursor.Purpose))
                : null;
        }
        catch (ProblemException)
        {
            throw new FieldException(
                "The cursor must be one of this same list: same key, same conditions, same order.",
                ProblemCodes.InvalidCursor.Code
            );
        }
        if (backward)
            (sort, descending) = ([.. sort.Select(s => s with { Descending = !s.Descending })], !descending);
        var query = new Query(
            type.Collection,
            terms.Count switch
            {
                0 => null,
                1 => terms[0],
                _ => new Filter.And(terms),
            },
            sort,
            descending,
            position,
            Math.Max(1, asked)
        );
        return new(query, backward, position is null, shape, entry, call) { Limit = asked };
    }

    public int Limit { get; init; }

    static Filter Where(
        JsonElement where,
        string path,
        ResourceType type,
        ReadContext context,
        Rights rights,
        FieldErrors errors,
        ref int left
    )
    {
        var terms = new List<Filter>();
        foreach (var member in where.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
                continue;
            if (path.Length == 0 && member.Name is "and" or "or")
            {
                var inner = new List<Filter>();
                foreach (var each in member.Value.EnumerateArray())
                    inner.Add(Where(each, "", type, context, rights, errors, ref left));
                terms.Add(member.Name == "and" ? new Filter.And(inner) : new Filter.Or(inner));
                continue;
            }
            if (IsOperation(member))
            {
                if (--left < 0)
                {
                    errors.Add("where", "too_many", $"A list takes at most {ListQuery.MostTerms} conditions.");
                    break;
                }
                var texts =
                    member.Value.ValueKind == JsonValueKind.Array
                        ? member.Value.EnumerateArray().Select(AsText).ToList()
                        : [AsText(member.Value)];
                if (
                    ReadFilter.Condition(
                        $"where.{path}.{member.Name}",
                        path,
                        member.Name == "neq" ? "ne" : member.Name,
                        texts,
                        type,
                        context,
                        rights,
                        errors
                    ) is
                    { } condition
                )
                    terms.Add(condition);
                continue;
            }
            terms.Add(
                Where(member.Value, path.Length == 0 ? member.Name : $"{path}.{member.Name}", type, context, rights, errors, ref left)
            );
        }
        return terms.Count == 1 ? terms[0] : new Filter.And(terms);
    }

    /// <summary>Fields hold objects of operations, operations hold values: only the latter are no objects.</summary>
    static bool IsOperation(JsonProperty member) => member.Value.ValueKind != JsonValueKind.Object;

    static string AsText(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    static IEnumerable<string> Order(JsonElement order, string path)
    {
        foreach (var member in order.EnumerateObject())
            if (member.Value.ValueKind == JsonValueKind.Object)
                foreach (var inner in Order(member.Value, path + member.Name + "."))
                    yield return inner;
            else if (member.Value.ValueKind == JsonValueKind.String)
                yield return (member.Value.GetString() == "DESC" ? "-" : "") + path + member.Name;
    }

    public string CursorOf(Row row)
    {
        IReadOnlyList<Key?> keys = [];
        if (Query.Sort.Count > 0)
        {
            var known = Entry.Type.Rekey(row.Id, row.Version, row.Json).Keys;
            keys = [.. Query.Sort.Select(s => known.Where(k => k.Field == s.Field).Select(k => (Key?)k.Value).FirstOrDefault())];
        }
        return Cursor.Write(new(keys, row.Id), Shape, Call.Installation.Seal(Cursor.Purpose));
    }

    /// <summary>The rows as a connection, with only what is asked for. Their bytes are passed on as they are and must live as long as the
    /// answer is written.</summary>
    /// <param name="more">Whether there are rows beyond the last one.</param>
    public async ValueTask<Loaded> ToConnection(IReadOnlyList<Row> rows, bool more, FieldCall field)
    {
        long? total = null;
        if (field.Asks("totalCount"))
            total = await Call.Counted(Call.Caller.Settings.Store.Count(Query.Collection, Query.Filter, MostCounted, field.Cancel));
        var (first, step) = Backward ? (rows.Count - 1, -1) : (0, 1);
        var members = new List<(string, Piece)>(4);
        if (total is not null)
            members.Add(("totalCount", Ascii(total.Value.ToString(CultureInfo.InvariantCulture))));
        if (field.Asks("pageInfo"))
        {
            var (hasNext, hasPrevious) = Backward ? (!FromStart, more) : (more, !FromStart);
            var (start, end) =
                rows.Count == 0 ? ("null", "null") : ($"\"{CursorOf(rows[first])}\"", $"\"{CursorOf(rows[rows.Count - 1 - first])}\"");
            members.Add(
                (
                    "pageInfo",
                    Ascii(
                        $"{{\"hasNextPage\":{(hasNext ? "true" : "false")},\"hasPreviousPage\":{(hasPrevious ? "true" : "false")},\"startCursor\":{start},\"endCursor\":{end}}}"
                    )
                )
            );
        }
        if (field.Asks("nodes"))
        {
            var nodes = new Piece[rows.Count];
            for (var i = 0; i < nodes.Length; i++)
                nodes[i] = Shown(rows[first + i * step]);
            members.Add(("nodes", Piece.Of(nodes)));
        }
        if (field.Asks("edges"))
        {
            var edges = new Piece[rows.Count];
            for (var i = 0; i < edges.Length; i++)
            {
                var row = rows[first + i * step];
                edges[i] = Piece.Of([("cursor", Ascii($"\"{CursorOf(row)}\"")), ("node", Shown(row))]);
            }
            members.Add(("edges", Piece.Of(edges)));
        }
        return new(Piece.Of([.. members]));
    }

    /// <summary>The row as it may be read; its cursor is made of all of it.</summary>
    ReadOnlyMemory<byte> Shown(Row row)
    {
        var rights = Call.Caller.Rights(Entry.Type);
        return Projection.Of(row.Json, rights.ReadsOf(row.Json));
    }

    static Piece Ascii(string json) => new(Encoding.ASCII.GetBytes(json));
}
