// The reading connections: lent one by one, waited for without blocking a thread, opened anew after the disk failed.

using System.Collections.Concurrent;
using Crm.Domain.Stores;
using Microsoft.Data.Sqlite;

namespace Crm.Storage.Sqlite;

sealed class SqliteReaders(SqliteStoreOptions options, TimeProvider clock) : IDisposable
{
    readonly SemaphoreSlim free = new(options.ReaderConnections);
    readonly ConcurrentStack<(SqliteLink Link, int Generation)> idle = new();
    int generation;
    volatile bool closed;

    /// <summary>Told of each statement that a read runs. Tests ask.</summary>
    public Action<StatementRun>? Watch { get; set; }

    /// <summary>Runs a read on the calling thread, in one snapshot and within the budget.</summary>
    public async ValueTask<T> Read<T>(Func<SqliteLink, T> read, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        await free.WaitAsync(cancel);
        try
        {
            if (closed)
                throw new StoreUnavailableException("The store is closed.");
            return On(Rent(), read);
        }
        catch (SqliteFailure failure) when (failure.Interrupted)
        {
            throw new QueryTooCostlyException();
        }
        catch (Exception failure) when (failure is SqliteFailure or SqliteException)
        {
            throw new StoreUnavailableException("The database could not be read.", failure);
        }
        finally
        {
            free.Release();
        }
    }

    T On<T>((SqliteLink Link, int Generation) rented, Func<SqliteLink, T> read)
    {
        var link = rented.Link;
        var whole = false;
        try
        {
            link.StartBudget(options.QueryBudget);
            link.Watch = Watch;
            link.Run("BEGIN");
            var result = read(link);
            link.Run("COMMIT");
            whole = true;
            return result;
        }
        catch (Exception failure)
        {
            link.RollBack();
            whole = failure is not SqliteFailure { OfTheDisk: true };
            throw;
        }
        finally
        {
            if (whole && rented.Generation == Volatile.Read(ref generation) && !closed)
                idle.Push(rented);
            else
                link.Dispose();
        }
    }

    (SqliteLink, int) Rent()
    {
        var current = Volatile.Read(ref generation);
        while (idle.TryPop(out var kept))
        {
            if (kept.Generation == current)
                return kept;
            kept.Link.Dispose();
        }
        return (
            new(options.Path, options.ReaderCacheBytes, SqliteOpenMode.ReadWrite, clock, writes: false)
            {
                WalkFirst = options.WalkFirst,
                MostCandidates = options.MostCandidates,
            },
            current
        );
    }

    /// <summary>Every connection that is open now is closed after its read.</summary>
    public void Reopen()
    {
        Interlocked.Increment(ref generation);
        while (idle.TryPop(out var kept))
            kept.Link.Dispose();
    }

    public void Dispose()
    {
        closed = true;
        Reopen();
    }
}
