// A page in a total order: one find, whatever the position; the rest of the file says what "behind the position" means.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>
/// "After (A, B, id)" is an $or of pieces that each walk the same index: a = A and b = B and id after; a = A and b after B; a after A. The
/// server merges them in order. Missing values come first in a server's order as they do in ours, numbers before texts.
/// </summary>
sealed class MongoQuery
{
    readonly MongoPlan plan;
    readonly long ws;
    readonly Query query;
    readonly FieldPlan[] sort;
    readonly MongoStoreOptions options;

    public MongoQuery(MongoPlan plan, long ws, Query query, MongoStoreOptions options)
    {
        (this.plan, this.ws, this.query, this.options) = (plan, ws, query, options);
        if (query.Limit is < 1 or > 500)
            throw new ArgumentException("A page has 1 to 500 rows.");
        if (query.Sort.Count > 3)
            throw new ArgumentException("A sort has at most 3 keys.");
        sort = [.. query.Sort.Select(by => plan.Field(by.Field))];
        if (sort.Any(field => field.Many))
            throw new ArgumentException("A key with several values has no order.");
        if (query.After is { } after && after.Keys.Count != sort.Length)
            throw new ArgumentException("The position is of another sort.");
    }

    public async Task<Page> Run(MongoLink link, CancellationToken cancel)
    {
        var condition = new BsonWriter();
        var filter = new MongoFilter(plan, ws).Write(condition, query.Filter);
        if (query.After is { } after)
            Behind(condition, after);
        var order = new BsonWriter();
        foreach (var (field, by) in sort.Zip(query.Sort))
            order.Int(field.Path, by.Descending ? -1 : 1);
        order.Int("_id", query.IdDescending ? -1 : 1);
        string[] fields = filter.Exact ? ["v", "j", "m", .. sort.Select(field => field.Path)] : ["v", "j", "m", "k", "s"];

        var page = new Page(query.Limit);
        var last = new Position(new Key?[sort.Length], Id.Empty);
        var budget = new Budget(options);
        try
        {
            // One row more than asked tells that there is a next page. What must be looked through comes in batches until the page is full.
            await link.Find(
                plan.Name,
                condition,
                document =>
                {
                    if (!filter.Matches(document, query.Filter))
                        return budget.Goes();
                    var row = MongoDocument.Read(document);
                    if (page.Count == query.Limit || !page.HasRoom(row.Json.Length + row.Members.Length, query.MostBytes))
                    {
                        page.Next = last;
                        return false;
                    }
                    page.Add(row.Id, row.Version, row.Json, row.Members);
                    last = new([.. KeysOf(row.Keys)], row.Id);
                    return true;
                },
                cancel,
                filter.Exact ? query.Limit + 1 : 0,
                order,
                fields,
                options.QueryBudget
            );
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    Key?[] KeysOf(ReadOnlySpan<byte> keys)
    {
        var found = new Key?[sort.Length];
        for (var i = 0; i < found.Length; i++)
            found[i] = MongoDocument.Single(keys, sort[i]);
        return found;
    }

    void Behind(BsonWriter condition, Position after)
    {
        condition.Array("$or");
        for (var level = sort.Length; level >= 0; level--)
            foreach (var beyond in level == sort.Length ? [Beyond.Id] : Pieces(after.Keys[level], query.Sort[level].Descending))
            {
                condition.Document(null).Is(ws);
                for (var i = 0; i < level; i++)
                    Equal(condition, sort[i].Path, after.Keys[i]);
                Write(condition, level, beyond, after);
                condition.Close();
            }
        condition.Close();
    }

    enum Beyond
    {
        Id,
        AnyValue,
        Missing,
        AnyText,
        AnyNumber,
        Value,
    }

    /// <summary>What comes behind a key in its order. A server's "greater" stays with the type of the value, so the other types are pieces
    /// of their own.</summary>
    static IEnumerable<Beyond> Pieces(Key? at, bool descending) =>
        (at, descending) switch
        {
            (null, false) => [Beyond.AnyValue],
            (null, true) => [],
            ({ IsText: false }, false) => [Beyond.Value, Beyond.AnyText],
            ({ IsText: true }, false) => [Beyond.Value],
            ({ IsText: false }, true) => [Beyond.Value, Beyond.Missing],
            _ => [Beyond.Value, Beyond.AnyNumber, Beyond.Missing],
        };

    void Write(BsonWriter condition, int level, Beyond beyond, Position after)
    {
        if (beyond == Beyond.Id)
        {
            condition.Document("_id").Text(query.IdDescending ? "$lt" : "$gt", MongoPlan.RowId(ws, after.Id)).Close();
            return;
        }
        condition.Document(sort[level].Path);
        _ = beyond switch
        {
            Beyond.AnyValue => condition.Bool("$exists", true),
            Beyond.Missing => condition.Bool("$exists", false),
            Beyond.AnyText => condition.Text("$gte", ""),
            Beyond.AnyNumber => condition.Double("$lte", double.PositiveInfinity),
            _ => condition.Key(query.Sort[level].Descending ? "$lt" : "$gt", after.Keys[level]!.Value),
        };
        condition.Close();
    }

    static void Equal(BsonWriter condition, string path, Key? value)
    {
        if (value is { } key)
            condition.Key(path, key);
        else
            condition.Document(path).Bool("$exists", false).Close();
    }
}

/// <summary>How long documents may be looked through on this side.</summary>
sealed class Budget(MongoStoreOptions options)
{
    readonly System.Diagnostics.Stopwatch watch = System.Diagnostics.Stopwatch.StartNew();

    public bool Goes() => watch.Elapsed < options.QueryBudget ? true : throw new QueryTooCostlyException();
}
