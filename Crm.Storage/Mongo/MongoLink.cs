// The way to one database through the driver: finds, aggregates, commands and bulk writes, with BSON as bytes in and out.

using MongoDB.Bson;
using MongoDB.Driver;

namespace Crm.Storage.Mongo;

/// <summary>Is given each document; false: no more. The bytes are gone when it returns.</summary>
delegate bool Visit(ReadOnlySpan<byte> document);

/// <summary>
/// Safe for any number of callers, but with a session. What the driver throws comes out as <see cref="MongoFailure"/>; cancelled calls as
/// ever.
/// </summary>
/// <param name="session">What is asked and written belongs to its transaction.</param>
sealed class MongoLink(IMongoDatabase database, IClientSessionHandle? session = null)
{
    const int LargestBatch = 1000;

    /// <summary>The stored documents have their identities, and nobody makes one for them.</summary>
    static readonly MongoCollectionSettings AsTheyAre = new() { AssignIdOnInsert = false };

    IMongoCollection<RawBsonDocument> Collection(string name) => database.GetCollection<RawBsonDocument>(name, AsTheyAre);

    static RawBsonDocument Raw(BsonWriter document) => new(document.ToArray());

    /// <summary>Starts a transaction with the concerns of the client.</summary>
    public Task<MongoTransaction> Begin(CancellationToken cancel) =>
        Call(async () =>
        {
            var begun = await database.Client.StartSessionAsync(cancellationToken: cancel);
            begun.StartTransaction();
            return new MongoTransaction(begun, new(database, begun));
        });

    /// <summary>Translates what a call throws.</summary>
    public async Task<T> Call<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failure) when (MongoFailure.Of(failure, database.Client.Cluster.Description) is { } translated)
        {
            throw translated;
        }
    }

    /// <param name="limit">0: all.</param>
    public Task Find(
        string collection,
        BsonWriter filter,
        Visit visit,
        CancellationToken cancel,
        int limit = 0,
        BsonWriter? sort = null,
        string[]? fields = null,
        TimeSpan? budget = null
    )
    {
        var options = new FindOptions<RawBsonDocument> { MaxTime = budget };
        if (limit > 0)
        {
            // A batch of one more than the limit: the server closes the cursor with the first answer.
            options.Limit = limit;
            options.BatchSize = Math.Min(limit, LargestBatch) + 1;
        }
        if (sort is not null)
            options.Sort = Raw(sort);
        if (fields is not null)
            options.Projection = new BsonDocument(fields.Select(field => new BsonElement(field, 1)));
        FilterDefinition<RawBsonDocument> condition = Raw(filter);
        return Walk(
            () =>
                session is null
                    ? Collection(collection).FindAsync(condition, options, cancel)
                    : Collection(collection).FindAsync(session, condition, options, cancel),
            visit,
            cancel
        );
    }

    public Task Aggregate(string collection, IEnumerable<BsonWriter> stages, Visit visit, CancellationToken cancel, TimeSpan? budget = null)
    {
        var options = new AggregateOptions { MaxTime = budget };
        PipelineDefinition<RawBsonDocument, RawBsonDocument> pipeline = stages.Select(Raw).ToArray<BsonDocument>();
        return Walk(() => Collection(collection).AggregateAsync(pipeline, options, cancel), visit, cancel);
    }

    Task Walk(Func<Task<IAsyncCursor<RawBsonDocument>>> ask, Visit visit, CancellationToken cancel) =>
        Call(async () =>
        {
            using var cursor = await ask();
            while (await cursor.MoveNextAsync(cancel))
                foreach (var document in cursor.Current)
                    using (document)
                        if (!visit(Bytes(document)))
                            return false;
            return true;
        });

    /// <summary>The bytes where the driver has them, unless they lie in several pieces.</summary>
    static ReadOnlySpan<byte> Bytes(RawBsonDocument document)
    {
        var slice = document.Slice;
        var piece = slice.AccessBackingBytes(0);
        if (piece.Count >= slice.Length)
            return piece.AsSpan(0, slice.Length);
        var whole = new byte[slice.Length];
        slice.GetBytes(0, whole, 0, whole.Length);
        return whole;
    }

    /// <summary>A command that asks about the server; neither read nor write concern is added.</summary>
    public Task<byte[]> Ask(BsonWriter command, CancellationToken cancel) =>
        Call(async () =>
        {
            using var answer = await database.RunCommandAsync<RawBsonDocument>(Raw(command), cancellationToken: cancel);
            return Bytes(answer).ToArray();
        });

    public Task CreateIndexes(
        string collection,
        IEnumerable<(string Name, string[] Paths)> indexes,
        TimeSpan? expireAfter,
        CancellationToken cancel,
        bool? sparse = null
    )
    {
        var models = indexes.Select(index => new CreateIndexModel<RawBsonDocument>(
            new BsonDocument(index.Paths.Select(path => new BsonElement(path, 1))),
            new()
            {
                Name = index.Name,
                ExpireAfter = expireAfter,
                Sparse = sparse,
            }
        ));
        return Call(() => Collection(collection).Indexes.CreateManyAsync(models, cancel));
    }

    /// <summary>Sends the operations as one bulk write; says how many documents were inserted, matched and removed.</summary>
    public async Task<Written> Write(string collection, Action<MongoBulk> fill, CancellationToken cancel = default)
    {
        var bulk = new MongoBulk();
        fill(bulk);
        // In order, though none depends on another: what follows a refused command would be in vain.
        var options = new BulkWriteOptions { IsOrdered = true };
        var done = await Call(() =>
            session is null
                ? Collection(collection).BulkWriteAsync(bulk.Operations, options, cancel)
                : Collection(collection).BulkWriteAsync(session, bulk.Operations, options, cancel)
        );
        return new(done.InsertedCount, done.MatchedCount, done.DeletedCount, done.Upserts.Count);
    }
}

/// <summary>What a bulk write did.</summary>
readonly record struct Written(long Inserted, long Matched, long Removed, long Upserted);
