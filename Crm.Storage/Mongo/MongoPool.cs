// The pool of clients, and the threads that hold one each.

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>A pool is safe for all threads, a client belongs to the one that popped it.</summary>
sealed unsafe class MongoPool : IDisposable
{
    static long commands;
    readonly nint handle;

    public MongoPool(string uri, bool countCommands)
    {
        MongoLibrary.Load();
        NativeError error = default;
        var parsed = MongoLibrary.mongoc_uri_new_with_error(uri, &error);
        if (parsed == 0)
            throw new StoreConfigurationException($"The MongoDB connection string cannot be used: {Words(error)}.");
        try
        {
            Database = Marshal.PtrToStringUTF8(MongoLibrary.mongoc_uri_get_database(parsed)) is { Length: > 0 } name ? name : "crm";
            handle = MongoLibrary.mongoc_client_pool_new_with_error(parsed, &error);
            if (handle == 0)
                throw new StoreConfigurationException($"The MongoDB connection string cannot be used: {Words(error)}.");
            MongoLibrary.mongoc_client_pool_set_error_api(handle, 2);
            if (countCommands)
            {
                var callbacks = MongoLibrary.mongoc_apm_callbacks_new();
                MongoLibrary.mongoc_apm_set_command_started_cb(callbacks, &Started);
                MongoLibrary.mongoc_client_pool_set_apm_callbacks(handle, callbacks, null);
                MongoLibrary.mongoc_apm_callbacks_destroy(callbacks);
            }
        }
        finally
        {
            MongoLibrary.mongoc_uri_destroy(parsed);
        }
    }

    public string Database { get; }

    /// <summary>Commands sent to servers by every pool of this process that counts.</summary>
    public static long Commands => Interlocked.Read(ref commands);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void Started(nint what) => Interlocked.Increment(ref commands);

    static string Words(in NativeError error)
    {
        fixed (byte* message = error.Message)
            return Marshal.PtrToStringUTF8((nint)message)!.TrimEnd('.');
    }

    public MongoLink Pop()
    {
        var client = MongoLibrary.mongoc_client_pool_pop(handle);
        return client == 0
            ? throw new StoreUnavailableException("No connection to MongoDB is free.")
            : new(client, Database, linkClient => MongoLibrary.mongoc_client_pool_push(handle, linkClient));
    }

    public void Dispose() => MongoLibrary.mongoc_client_pool_destroy(handle);
}

/// <summary>Reads on threads of their own. What waited too long for one is refused: callers hear it while they still listen.</summary>
sealed class MongoReaders : IDisposable
{
    readonly BlockingCollection<Action<MongoLink>> waiting = [];
    readonly List<Thread> threads = [];
    readonly MongoPool pool;
    readonly MongoStoreOptions options;
    readonly TimeProvider clock;

    public MongoReaders(MongoPool pool, MongoStoreOptions options, TimeProvider clock)
    {
        (this.pool, this.options, this.clock) = (pool, options, clock);
        for (var i = 0; i < options.ReaderThreads; i++)
        {
            var thread = new Thread(Run) { IsBackground = true, Name = "mongo-reader" };
            threads.Add(thread);
            thread.Start();
        }
    }

    void Run()
    {
        using var link = pool.Pop();
        foreach (var read in waiting.GetConsumingEnumerable())
            read(link);
    }

    /// <summary>A cancelled caller goes its way; the read itself ends on its thread, by its own time limit.</summary>
    public ValueTask<T> Read<T>(Func<MongoLink, T> read, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = clock.GetTimestamp();
        try
        {
            waiting.Add(link => Answer(link, read, answer, asked, cancel), CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new StoreUnavailableException("The store is closing.");
        }
        return new(cancel.CanBeCanceled ? answer.Task.WaitAsync(cancel) : answer.Task);
    }

    void Answer<T>(MongoLink link, Func<MongoLink, T> read, TaskCompletionSource<T> answer, long asked, CancellationToken cancel)
    {
        try
        {
            if (cancel.IsCancellationRequested)
                answer.SetCanceled(cancel);
            else if (clock.GetElapsedTime(asked) > options.Patience)
                answer.SetException(new StoreUnavailableException("Too many reads wait for MongoDB."));
            else
                answer.SetResult(read(link));
        }
        catch (MongoFailure failure)
        {
            answer.SetException(
                failure.TooCostly ? new QueryTooCostlyException() : new StoreUnavailableException(failure.Message, failure)
            );
        }
        catch (Exception failure)
        {
            answer.SetException(failure);
        }
    }

    public void Dispose()
    {
        waiting.CompleteAdding();
        foreach (var thread in threads)
            thread.Join();
        waiting.Dispose();
    }
}
