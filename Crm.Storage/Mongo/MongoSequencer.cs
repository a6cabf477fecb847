// Gives appended documents their positions behind their commit: no transaction of a batch has to wait for another node's.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>
/// What was appended is found by the field "o", its place in the order of the commits. A step numbers it and counts the workspace's
/// document in <c>crm_positions</c> up in one transaction, which only one node can do at a time: it replaces the count that it has read. So
/// every node may try, and nobody waits for one that died.
/// </summary>
sealed class MongoSequencer(IReadOnlyList<MongoPlan> plans, IMongoCommitter committer)
{
    /// <summary>The index of what waits for its position.</summary>
    public const string Order = "o";

    /// <summary>Where the number goes in the JSON.</summary>
    public const string Place = "p";

    const string LastField = "n";

    /// <summary>Documents of one transaction.</summary>
    const int Most = 500;

    sealed record Waiting(string RowId, long Ws, long Version, long Order, byte[] Document);

    readonly MongoPlan[] appended = [.. plans.Where(plan => plan.Collection.Appended)];

    /// <summary>
    /// Numbers what was committed before. Nobody's commit depends on it: what somebody else was at first is left for the next time.
    /// </summary>
    public async Task Run(MongoLink link)
    {
        foreach (var plan in appended)
            for (var more = true; more; )
            {
                more = (await Find(link, plan, most: 1)).Count > 0;
                if (!more)
                    continue;
                var found = 0;
                try
                {
                    more = await committer.Write(link, async inside =>
                    {
                        var waiting = await Find(inside, plan, Most);
                        found = waiting.Count;
                        return await Number(inside, plan, waiting);
                    });
                }
                catch (MongoFailure failure) when (failure.Transient || failure.Duplicate)
                {
                    more = false;
                }
                more &= found == Most;
            }
    }

    /// <summary>What waits, in the order of the commits.</summary>
    static async Task<List<Waiting>> Find(MongoLink link, MongoPlan plan, int most)
    {
        var found = new List<Waiting>();
        await link.Find(
            plan.Name,
            new BsonWriter().Document(Order).Long("$gt", 0).Close(),
            document =>
            {
                var row = MongoDocument.Read(document);
                found.Add(new(MongoPlan.RowId(row.Workspace, row.Id), row.Workspace, row.Version, row.Order, document.ToArray()));
                return true;
            },
            CancellationToken.None,
            most,
            new BsonWriter().Int(Order, 1)
        );
        return found;
    }

    static async Task<List<MongoOperation>> Number(MongoLink link, MongoPlan plan, List<Waiting> waiting)
    {
        var operations = new List<MongoOperation>();
        foreach (var workspace in waiting.GroupBy(row => row.Ws).OrderBy(group => group.Key))
        {
            var count = MongoPlan.CountId(plan, workspace.Key);
            var before = await Last(link, count, workspace.Key);
            var last = Math.Max(before ?? 0, await Highest(link, plan, workspace.Key, before ?? 0));
            foreach (var row in workspace)
                operations.Add(
                    new(
                        plan.Name,
                        OperationKind.Replace,
                        new BsonWriter().Text("_id", row.RowId).Is(row.Ws).Long("v", row.Version).Long(Order, row.Order),
                        Numbered(plan, row.Document, ++last)
                    )
                );
            var where = new BsonWriter().Text("_id", count).Is(workspace.Key);
            operations.Add(
                new(
                    MongoStore.PositionsName,
                    before is null ? OperationKind.Insert : OperationKind.Replace,
                    before is { } read ? where.Long(LastField, read) : where,
                    new BsonWriter().Text("_id", count).Is(workspace.Key).Long(LastField, last).ToArray()
                )
            );
        }
        return operations;
    }

    /// <summary>The last position that was given in a workspace; null: none was.</summary>
    static async Task<long?> Last(MongoLink link, string count, long ws)
    {
        long? last = null;
        await link.Find(
            MongoStore.PositionsName,
            new BsonWriter().Text("_id", count).Is(ws),
            document =>
            {
                for (var fields = new BsonReader(document); fields.Next(); )
                    if (fields.Is("n"u8))
                        last = fields.Long;
                return false;
            },
            CancellationToken.None,
            limit: 1
        );
        return last;
    }

    /// <summary>
    /// The highest stored position above <paramref name="after"/>, or 0: what was copied from another database brought its own.
    /// </summary>
    static async Task<long> Highest(MongoLink link, MongoPlan plan, long ws, long after)
    {
        var position = plan.Field(Collection.PositionKey);
        var highest = 0L;
        await link.Find(
            plan.Name,
            new BsonWriter().Is(ws).Document(position.Path).Double("$gt", after).Close(),
            document =>
            {
                highest = (long)(MongoDocument.Single(MongoDocument.Read(document).Keys, position)?.Number ?? 0);
                return false;
            },
            CancellationToken.None,
            limit: 1,
            new BsonWriter().Int(position.Path, -1)
        );
        return highest;
    }

    /// <summary>The document with its position as key and in its JSON, and no longer waiting.</summary>
    static byte[] Numbered(MongoPlan plan, ReadOnlySpan<byte> document, long position)
    {
        var made = new BsonWriter(document.Length + 64);
        byte[] buffer = [];
        var place = MongoDocument.Read(document).PositionAt;
        for (var fields = new BsonReader(document); fields.Next(); )
            if (fields.Is("o"u8) || fields.Is("p"u8))
                continue;
            else if (fields.Is("k"u8))
            {
                made.Document("k");
                for (var keys = fields.Document; keys.Next(); )
                    made.Copy(keys);
                made.Key(plan.Field(Collection.PositionKey).Leaf, Key.Of(position)).Close();
            }
            else if (fields.Is("j"u8))
                made.Utf8("j", Positions.Put(fields.Bytes, place, position, ref buffer));
            else
                made.Copy(fields);
        return made.ToArray();
    }
}

/// <summary>
/// The order of a node's commits, and roughly that of all nodes': numbers that only grow, and that a double can hold, as which some servers
/// compare them.
/// </summary>
sealed class MongoOrder(TimeProvider clock)
{
    long last;

    public long Next()
    {
        for (var before = Interlocked.Read(ref last); ; before = Interlocked.Read(ref last))
        {
            var next = Math.Max(before + 1, clock.GetUtcNow().ToUnixTimeMilliseconds() << 10);
            if (Interlocked.CompareExchange(ref last, next, before) == before)
                return next;
        }
    }
}
