// One client of libmongoc on its one thread: finds, aggregates, commands, bulk writes and one session, with managed bytes in and out.

namespace Crm.Storage.Mongo;

/// <summary>Is given each document; false: no more. The bytes are gone when it returns.</summary>
delegate bool Visit(ReadOnlySpan<byte> document);

sealed unsafe class MongoLink(nint client, string database, Action<nint> giveBack) : IDisposable
{
    const int LargestBatch = 1000;

    readonly Dictionary<string, nint> collections = [];
    readonly NativeBson first = new(),
        second = new(),
        reply = new();

    /// <summary>While a transaction is open, everything that is asked belongs to it.</summary>
    public MongoTransaction? Transaction { get; private set; }

    public MongoTransaction Begin()
    {
        Transaction = new(client, () => Transaction = null);
        return Transaction;
    }

    nint Collection(string name)
    {
        if (!collections.TryGetValue(name, out var handle))
            collections.Add(name, handle = MongoLibrary.mongoc_client_get_collection(client, database, name));
        return handle;
    }

    /// <param name="limit">0: all.</param>
    public void Find(
        string collection,
        BsonWriter filter,
        Visit visit,
        int limit = 0,
        BsonWriter? sort = null,
        string[]? fields = null,
        TimeSpan? budget = null
    )
    {
        var options = new BsonWriter();
        if (limit > 0)
            options.Long("limit", limit).Int("batchSize", Math.Min(limit, LargestBatch) + 1); // One more than the limit: the server closes the cursor with the first answer.
        if (sort is not null)
            options.Document("sort", sort.End());
        if (fields is not null)
        {
            options.Document("projection");
            foreach (var field in fields)
                options.Int(field, 1);
            options.Close();
        }
        Complete(options, budget);
        fixed (
            byte* condition = filter.End(),
                said = options.End()
        )
            Walk(
                MongoLibrary.mongoc_collection_find_with_opts(
                    Collection(collection),
                    first.View(condition, filter.End().Length),
                    second.View(said, options.End().Length),
                    0
                ),
                visit
            );
    }

    /// <param name="pipeline">A document with the array "pipeline".</param>
    public void Aggregate(string collection, BsonWriter pipeline, Visit visit, TimeSpan? budget = null)
    {
        var options = new BsonWriter();
        Complete(options, budget);
        fixed (
            byte* stages = pipeline.End(),
                said = options.End()
        )
            Walk(
                MongoLibrary.mongoc_collection_aggregate(
                    Collection(collection),
                    0,
                    first.View(stages, pipeline.End().Length),
                    second.View(said, options.End().Length),
                    0
                ),
                visit
            );
    }

    void Complete(BsonWriter options, TimeSpan? budget)
    {
        if (budget is { } time)
            options.Long("maxTimeMS", (long)time.TotalMilliseconds);
        Transaction?.AddTo(options);
    }

    static void Walk(nint cursor, Visit visit)
    {
        try
        {
            void* document;
            while (MongoLibrary.mongoc_cursor_next(cursor, &document))
                if (!visit(NativeBson.Bytes(document)))
                    return;
            NativeError error = default;
            void* answer = null;
            if (MongoLibrary.mongoc_cursor_error_document(cursor, &error, &answer))
                throw MongoFailure.Of(error, answer is null ? default : NativeBson.Bytes(answer));
        }
        finally
        {
            MongoLibrary.mongoc_cursor_destroy(cursor);
        }
    }

    /// <summary>A command that reads or asks about the server; neither read nor write concern is added.</summary>
    public byte[] Ask(BsonWriter command) => Command(command, write: false);

    /// <summary>A command that writes, with the write concern of the connection.</summary>
    public byte[] Tell(BsonWriter command) => Command(command, write: true);

    byte[] Command(BsonWriter command, bool write)
    {
        NativeError error = default;
        fixed (byte* said = command.End())
        {
            var asked = first.View(said, command.End().Length);
            var done = write
                ? MongoLibrary.mongoc_client_write_command_with_opts(client, database, asked, null, reply.Pointer, &error)
                : MongoLibrary.mongoc_client_command_simple(client, database, asked, 0, reply.Pointer, &error);
            return TakeReply(done, error);
        }
    }

    /// <summary>The library fills a reply in every case, and it is destroyed in every case.</summary>
    byte[] TakeReply(bool done, in NativeError error)
    {
        try
        {
            var bytes = NativeBson.Bytes(reply.Pointer);
            return done ? bytes.ToArray() : throw MongoFailure.Of(error, bytes);
        }
        finally
        {
            MongoLibrary.bson_destroy(reply.Pointer);
        }
    }

    /// <summary>Sends the operations as one bulk write; says how many documents were inserted, matched and removed.</summary>
    public Written Write(string collection, Action<MongoBulk> fill)
    {
        // In order, though none depends on another: what follows a refused command would be in vain, and after it the library no longer says why the first was refused.
        var options = new BsonWriter().Bool("ordered", true);
        Transaction?.AddTo(options);
        nint bulk;
        fixed (byte* said = options.End())
            bulk = MongoLibrary.mongoc_collection_create_bulk_operation_with_opts(
                Collection(collection),
                first.View(said, options.End().Length)
            );
        try
        {
            fill(new(bulk, first, second));
            NativeError error = default;
            var done = MongoLibrary.mongoc_bulk_operation_execute(bulk, reply.Pointer, &error) != 0;
            return Written.Of(TakeReply(done, error));
        }
        finally
        {
            MongoLibrary.mongoc_bulk_operation_destroy(bulk);
        }
    }

    public void Dispose()
    {
        Transaction?.Dispose();
        foreach (var collection in collections.Values)
            MongoLibrary.mongoc_collection_destroy(collection);
        giveBack(client);
        first.Dispose();
        second.Dispose();
        reply.Dispose();
    }
}

/// <summary>What a bulk write did.</summary>
readonly record struct Written(long Inserted, long Matched, long Removed, long Upserted)
{
    public static Written Of(ReadOnlySpan<byte> reply)
    {
        var written = new Written();
        for (var fields = new BsonReader(reply); fields.Next(); )
            written = fields.Name switch
            {
                var name when name.SequenceEqual("nInserted"u8) => written with { Inserted = fields.Long },
                var name when name.SequenceEqual("nMatched"u8) => written with { Matched = fields.Long },
                var name when name.SequenceEqual("nRemoved"u8) => written with { Removed = fields.Long },
                var name when name.SequenceEqual("nUpserted"u8) => written with { Upserted = fields.Long },
                _ => written,
            };
        return written;
    }
}
