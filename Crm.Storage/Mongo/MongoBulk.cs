// The operations of one bulk write; the library copies each, so the bytes may be used again at once.

namespace Crm.Storage.Mongo;

readonly unsafe struct MongoBulk(nint bulk, NativeBson first, NativeBson second)
{
    /// <summary>Our documents are well-formed, and the library's check of them refuses NUL in a text.</summary>
    static readonly byte[] Unchecked = new BsonWriter().Bool("validate", false).ToArray();

    /// <summary>Makes the document if no other matches.</summary>
    static readonly byte[] Upserting = new BsonWriter().Bool("validate", false).Bool("upsert", true).ToArray();

    public void Insert(ReadOnlySpan<byte> document)
    {
        using var options = new NativeBson();
        NativeError error = default;
        fixed (
            byte* bytes = document,
                said = Unchecked
        )
            if (
                !MongoLibrary.mongoc_bulk_operation_insert_with_opts(
                    bulk,
                    first.View(bytes, document.Length),
                    options.View(said, Unchecked.Length),
                    &error
                )
            )
                throw MongoFailure.Of(error, default);
    }

    public void Replace(BsonWriter filter, ReadOnlySpan<byte> document) => Replace(filter.End(), document);

    public void Replace(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> document) => Change(filter, document, Unchecked, replace: true);

    public void ReplaceOrInsert(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> document) =>
        Change(filter, document, Upserting, replace: true);

    public void Update(BsonWriter filter, BsonWriter update, bool upsert = false) => Update(filter.End(), update.End(), upsert);

    public void Update(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> update, bool upsert = false) =>
        Change(filter, update, upsert ? Upserting : Unchecked, replace: false);

    void Change(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> document, byte[] options, bool replace)
    {
        using var third = new NativeBson();
        NativeError error = default;
        fixed (
            byte* condition = filter,
                bytes = document,
                said = options
        )
        {
            var (which, what, how) = (
                (nint)first.View(condition, filter.Length),
                (nint)second.View(bytes, document.Length),
                (nint)third.View(said, options.Length)
            );
            var taken = replace
                ? MongoLibrary.mongoc_bulk_operation_replace_one_with_opts(bulk, (void*)which, (void*)what, (void*)how, &error)
                : MongoLibrary.mongoc_bulk_operation_update_one_with_opts(bulk, (void*)which, (void*)what, (void*)how, &error);
            if (!taken)
                throw MongoFailure.Of(error, default);
        }
    }

    public void Remove(BsonWriter filter) => Remove(filter.End());

    public void Remove(ReadOnlySpan<byte> filter)
    {
        NativeError error = default;
        fixed (byte* condition = filter)
            if (!MongoLibrary.mongoc_bulk_operation_remove_one_with_opts(bulk, first.View(condition, filter.Length), null, &error))
                throw MongoFailure.Of(error, default);
    }
}
