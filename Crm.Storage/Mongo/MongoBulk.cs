// The operations of one bulk write.

using MongoDB.Bson;
using MongoDB.Driver;

namespace Crm.Storage.Mongo;

sealed class MongoBulk
{
    readonly List<WriteModel<RawBsonDocument>> operations = [];

    public IReadOnlyList<WriteModel<RawBsonDocument>> Operations => operations;

    public void Insert(byte[] document) => operations.Add(new InsertOneModel<RawBsonDocument>(new(document)));

    public void Replace(BsonWriter filter, byte[] document) => Replace(filter.ToArray(), document);

    public void Replace(byte[] filter, byte[] document) =>
        operations.Add(new ReplaceOneModel<RawBsonDocument>(new RawBsonDocument(filter), new(document)));

    /// <summary>Makes the document if no other matches.</summary>
    public void ReplaceOrInsert(byte[] filter, byte[] document) =>
        operations.Add(new ReplaceOneModel<RawBsonDocument>(new RawBsonDocument(filter), new(document)) { IsUpsert = true });

    public void Update(BsonWriter filter, BsonWriter update, bool upsert = false) => Update(filter.ToArray(), update.ToArray(), upsert);

    public void Update(byte[] filter, byte[] update, bool upsert = false) =>
        operations.Add(new UpdateOneModel<RawBsonDocument>(new RawBsonDocument(filter), new RawBsonDocument(update)) { IsUpsert = upsert });

    public void Remove(BsonWriter filter) => Remove(filter.ToArray());

    public void Remove(byte[] filter) => operations.Add(new DeleteOneModel<RawBsonDocument>(new RawBsonDocument(filter)));
}
