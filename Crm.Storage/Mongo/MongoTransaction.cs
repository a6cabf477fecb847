// A session with one transaction in it.

namespace Crm.Storage.Mongo;

sealed unsafe class MongoTransaction : IDisposable
{
    readonly nint session;
    readonly long number;
    readonly Action ended;
    bool open;

    public MongoTransaction(nint client, Action ended)
    {
        this.ended = ended;
        NativeError error = default;
        session = MongoLibrary.mongoc_client_start_session(client, null, &error);
        if (session == 0)
            throw MongoFailure.Of(error, default);
        try
        {
            number = ReadNumber();
            // No options: the transaction reads and writes with the majorities of the connection string.
            if (!MongoLibrary.mongoc_client_session_start_transaction(session, 0, &error))
                throw MongoFailure.Of(error, default);
            open = true;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The library knows a session in a call's options by the number it appends itself; read once, it can be written with the other options.</summary>
    long ReadNumber()
    {
        using var options = new NativeBson();
        NativeError error = default;
        MongoLibrary.bson_init(options.Pointer);
        try
        {
            if (!MongoLibrary.mongoc_client_session_append(session, options.Pointer, &error))
                throw MongoFailure.Of(error, default);
            var fields = new BsonReader(NativeBson.Bytes(options.Pointer));
            return fields.Next() && fields.Is("sessionId"u8)
                ? fields.Long
                : throw new InvalidDataException("libmongoc appends a session in an unknown way.");
        }
        finally
        {
            MongoLibrary.bson_destroy(options.Pointer);
        }
    }

    public void AddTo(BsonWriter options) => options.Long("sessionId", number);

    /// <summary>When it throws, the transaction may have been committed all the same.</summary>
    public void Commit()
    {
        open = false;
        using var reply = new NativeBson();
        NativeError error = default;
        var done = MongoLibrary.mongoc_client_session_commit_transaction(session, reply.Pointer, &error);
        try
        {
            if (!done)
                throw MongoFailure.Of(error, NativeBson.Bytes(reply.Pointer));
        }
        finally
        {
            MongoLibrary.bson_destroy(reply.Pointer);
        }
    }

    /// <summary>Without a commit before, nothing of it has happened.</summary>
    public void Dispose()
    {
        NativeError error = default;
        if (open)
            MongoLibrary.mongoc_client_session_abort_transaction(session, &error);
        MongoLibrary.mongoc_client_session_destroy(session);
        ended();
    }
}
