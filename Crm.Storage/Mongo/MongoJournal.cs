// A batch without transactions: written whole into one document first, which is the commit, and from there to its places.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>
/// A server outside a replica set changes one document at a time. So the commit is a change of one document: "writer" gets all operations
/// of the batch at once. Then they are carried out, each in a way that may be repeated, and an interrupted process is followed by one that
/// starts with what the document still holds. All or nothing and uniqueness so hold as ever; what is weaker is said at start: readers can
/// see a batch half carried out, and one process owns the database.
/// </summary>
sealed class MongoJournal : IMongoCommitter
{
    const string Name = "writer";
    const long LargestDocument = 15L << 20;

    readonly string owner = Guid.NewGuid().ToString("n");
    readonly TimeProvider clock;
    long number;

    readonly TimeSpan lease;

    MongoJournal(TimeProvider clock, TimeSpan lease) => (this.clock, this.lease) = (clock, lease);

    public static async Task<MongoJournal> Open(
        MongoLink link,
        TimeProvider clock,
        TimeSpan lease,
        Action<string> log,
        CancellationToken cancel
    )
    {
        var journal = new MongoJournal(clock, lease);
        await link.Write(MongoStore.MetaName, bulk =>
            bulk.Update(
                new BsonWriter().Text("_id", Name),
                new BsonWriter().Document("$setOnInsert").Text("owner", "").Long("until", 0).Long("number", 0).Binary("batch", []).Close(),
                upsert: true
            )
        );
        if (!await journal.Own(link))
        {
            log($"Another process owned the database moments ago: waiting {lease.TotalSeconds} s for it.");
            await Task.Delay(lease + TimeSpan.FromSeconds(1), clock, cancel);
            if (!await journal.Own(link))
                throw new StoreConfigurationException(
                    "The MongoDB database is in use by another process: without a replica set one process owns it."
                );
        }
        log(
            "MongoDB is not a replica set: commits are kept whole by a journal document, but readers can see one half carried out, and only one process may use the database."
        );
        var (_, batch) = await journal.Read(link);
        if (batch.Length > 0)
            await journal.CarryOut(link, batch);
        return journal;
    }

    /// <summary>Takes the database, if nobody's lease runs; what its last owner had committed stays in the document.</summary>
    async Task<bool> Own(MongoLink link)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var free = new BsonWriter().Text("_id", Name).Document("until").Long("$lt", now).Close();
        var taken = await link.Write(MongoStore.MetaName, bulk =>
            bulk.Update(free, new BsonWriter().Document("$set").Text("owner", owner).Long("until", Until).Close())
        );
        if (taken.Matched != 1)
            return false;
        (number, _) = await Read(link);
        return true;
    }

    long Until => (clock.GetUtcNow() + lease).ToUnixTimeMilliseconds();

    async Task<(long Number, byte[] Batch)> Read(MongoLink link)
    {
        var (found, batch) = (0L, Array.Empty<byte>());
        await link.Find(
            MongoStore.MetaName,
            new BsonWriter().Text("_id", Name),
            document =>
            {
                for (var fields = new BsonReader(document); fields.Next(); )
                    if (fields.Is("number"u8))
                        found = fields.Long;
                    else if (fields.Is("batch"u8))
                        batch = fields.Bytes.ToArray();
                return false;
            },
            CancellationToken.None,
            limit: 1
        );
        return (found, batch);
    }

    BsonWriter Mine() => new BsonWriter().Text("_id", Name).Text("owner", owner);

    public bool LooksFirst => true;

    public async Task<bool> Write(MongoLink link, Func<MongoLink, Task<List<MongoOperation>>> prepare)
    {
        // After a failure half-way the document may hold a batch that was not carried out: that comes first.
        var (stored, left) = await Read(link);
        if (left.Length > 0)
        {
            number = stored;
            await CarryOut(link, left);
        }
        var operations = await prepare(link);
        if (operations.Count == 0)
            return true;
        var batch = Pack(operations);
        if (batch.Length > LargestDocument)
            throw new StoreUnavailableException("The commit is too large for a MongoDB that is not a replica set.");
        var update = new BsonWriter(batch.Length + 200)
            .Document("$set")
            .Long("number", stored + 1)
            .Long("until", Until)
            .Binary("batch", batch)
            .Close();
        try
        {
            var put = await link.Write(MongoStore.MetaName, bulk => bulk.Update(Mine().Long("number", stored), update));
            if (put.Matched != 1)
                throw new StoreUnavailableException("Another process has taken over the database.");
        }
        catch (MongoFailure failure) when (failure.Away)
        {
            // The answer was lost: the document says whether the batch is in it.
            var (kept, _) = await Read(link);
            if (kept != stored + 1)
                throw;
        }
        number = stored + 1;
        await CarryOut(link, batch);
        return true;
    }

    static byte[] Pack(List<MongoOperation> operations)
    {
        var packed = new BsonWriter(4096).Array("operations");
        foreach (var operation in operations)
            packed
                .Document(null)
                .Text("to", operation.Collection)
                .Int("kind", (int)operation.Kind)
                .Document("where", operation.Filter.End())
                .Document("what", operation.Document.Length == 0 ? new BsonWriter().End() : operation.Document)
                .Close();
        return packed.Close().ToArray();
    }

    /// <summary>Writes each document to its place. Repeating it changes nothing, also when a part was written before.</summary>
    async Task CarryOut(MongoLink link, byte[] batch)
    {
        var byCollection = new Dictionary<string, List<(OperationKind Kind, byte[] Where, byte[] What)>>();
        var all = new BsonReader(batch);
        all.Next();
        for (var operations = all.Document; operations.Next(); )
        {
            var (to, kind, where, what) = ("", OperationKind.Insert, Array.Empty<byte>(), Array.Empty<byte>());
            for (var fields = operations.Document; fields.Next(); )
                if (fields.Is("to"u8))
                    to = fields.Text;
                else if (fields.Is("kind"u8))
                    kind = (OperationKind)fields.Long;
                else if (fields.Is("where"u8))
                    where = fields.Whole.ToArray();
                else
                    what = fields.Whole.ToArray();
            (byCollection.TryGetValue(to, out var list) ? list : byCollection[to] = []).Add((kind, where, what));
        }
        // Claims first: what a document says of itself is never true before its unique keys are its own.
        foreach (var (collection, operations) in byCollection.OrderByDescending(pair => pair.Key == MongoStore.ClaimsName))
        {
            if (collection == MongoStore.CountersName)
                await Count(link, [.. operations.Select(operation => (operation.Where, operation.What))]);
            else
                await link.Write(collection, bulk =>
                {
                    foreach (var (kind, where, what) in operations.OrderBy(operation => operation.Kind))
                        if (kind == OperationKind.Insert)
                            bulk.ReplaceOrInsert(where, what);
                        else if (kind == OperationKind.Replace)
                            bulk.Replace(where, what);
                        else if (kind == OperationKind.Set)
                            bulk.Update(where, what);
                        else
                            bulk.Remove(where);
                });
        }
        await link.Write(MongoStore.MetaName, bulk =>
            bulk.Update(Mine().Long("number", number), new BsonWriter().Document("$set").Binary("batch", []).Long("until", Until).Close())
        );
    }

    /// <summary>A counter remembers the last batch that was added to it.</summary>
    async Task Count(MongoLink link, List<(byte[] Where, byte[] What)> counts)
    {
        await link.Write(MongoStore.CountersName, bulk =>
        {
            foreach (var (where, _) in counts)
                bulk.Update(where, new BsonWriter().Document("$setOnInsert").Long("n", 0).Long("batch", 0).Close().ToArray(), upsert: true);
        });
        await link.Write(MongoStore.CountersName, bulk =>
        {
            foreach (var (where, what) in counts)
            {
                var once = new BsonWriter();
                for (var fields = new BsonReader(where); fields.Next(); )
                    once.Copy(fields);
                once.Document("batch").Long("$ne", number).Close();
                bulk.Update(
                    once.ToArray(),
                    new BsonWriter().Document("$inc", what).Document("$set").Long("batch", number).Close().ToArray()
                );
            }
        });
    }

    /// <summary>Keeps the lease while nobody commits.</summary>
    public Task Idle(MongoLink link) =>
        link.Write(MongoStore.MetaName, bulk => bulk.Update(Mine(), new BsonWriter().Document("$set").Long("until", Until).Close()));

    public Task Close(MongoLink link) =>
        link.Write(MongoStore.MetaName, bulk => bulk.Update(Mine(), new BsonWriter().Document("$set").Long("until", 0).Close()));
}
