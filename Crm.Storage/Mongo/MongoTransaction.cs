// A session with one transaction in it.

using MongoDB.Driver;

namespace Crm.Storage.Mongo;

/// <param name="inside">What is asked and written through it belongs to the transaction.</param>
sealed class MongoTransaction(IClientSessionHandle session, MongoLink inside) : IAsyncDisposable
{
    public MongoLink Inside => inside;

    /// <summary>The driver asks once more when the answer is lost. When it throws, the transaction may have been committed all the
    /// same.</summary>
    public Task Commit() =>
        inside.Call(async () =>
        {
            await session.CommitTransactionAsync();
            return true;
        });

    /// <summary>Without a commit before, nothing of it has happened.</summary>
    public async ValueTask DisposeAsync()
    {
        if (session.IsInTransaction)
            await session.AbortTransactionAsync();
        session.Dispose();
    }
}
