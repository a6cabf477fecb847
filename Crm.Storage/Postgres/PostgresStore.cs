// PostgreSQL as a store: for several nodes of the product on one database.

using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>One PostgreSQL database (13 or later), shared with other nodes. See DESIGN.md beside this folder for the reasons.</summary>
public sealed class PostgresStore : IStore
{
    const int OldestServer = 13;
    const int ReadConnections = 16;
    static readonly TimeSpan QueryBudget = TimeSpan.FromSeconds(2);

    /// <summary>So long a read waits for a connection: callers are to be answered within five seconds, also while the database
    /// hangs.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>
    /// What a commit touches is always few rows by their keys. The planner thinks otherwise of a table that was empty when the statement
    /// was planned, and would then read the whole of it for each batch until statistics are made.
    /// </summary>
    const string ByIndex =
        "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off";

    readonly string address;
    readonly NpgsqlDataSource reads;
    readonly NpgsqlDataSource writes;
    readonly TimeProvider clock;
    readonly Action<string> log;
    readonly Dictionary<string, CollectionPlan> plans = [];
    readonly SemaphoreSlim free = new(ReadConnections);
    PostgresWriter? writer;

    /// <param name="address"><c>postgres://user:password@host:5432/database?sslmode=require</c>.</param>
    /// <exception cref="StoreConfigurationException">It is no such address.</exception>
    public PostgresStore(string address, TimeProvider clock, Action<string>? log)
    {
        (this.address, this.clock, this.log) = (address, clock, log ?? (_ => { }));
        reads = Source("reads", PostgresAddress.Read(address, $"-c statement_timeout={QueryBudget.TotalMilliseconds}", ReadConnections));
        // A commit's wait for its turn and for the disk is bounded too, so that a caller is answered while the database hangs. A node that
        // is stopped in the middle of one gives up its locks well before the others' time is over.
        var writing = PostgresAddress.Read(
            address,
            $"-c synchronous_commit=on -c statement_timeout=4000 -c idle_in_transaction_session_timeout=1500 {ByIndex}",
            connections: 6
        );
        writing.MinPoolSize = PostgresWriter.Batches;
        writes = Source("writes", writing);
    }

    /// <summary>Under a name: telemetry would call it by its connection string.</summary>
    static NpgsqlDataSource Source(string name, NpgsqlConnectionStringBuilder settings) =>
        new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();

    /// <summary>A batch begins beside another when that one is slow: no moment to wait for a new connection as well. Tried again, since a
    /// busy machine may take its time for the first ones.</summary>
    async Task OpenAhead(CancellationToken cancel)
    {
        for (var (open, attempt) = (new List<NpgsqlConnection>(), 1); ; attempt++)
            try
            {
                while (open.Count < PostgresWriter.Batches)
                    open.Add(await writes.OpenConnectionAsync(cancel));
                foreach (var connection in open)
                    await connection.DisposeAsync();
                return;
            }
            catch (NpgsqlException failure) when (attempt < 5 && failure.InnerException is TimeoutException) { }
    }

    public async Task Start(IReadOnlyList<Collection> collections, Rekey rekey, CancellationToken cancel)
    {
        if (writer is not null)
            throw new InvalidOperationException("The store is started already.");
        plans.Clear();
        foreach (var collection in collections)
            plans.Add(collection.Name, new(collection));
        try
        {
            // Another node may be upgrading: no limit on how long that may take.
            var patient = PostgresAddress.Read(address, "-c synchronous_commit=on", connections: 1);
            (patient.CommandTimeout, patient.Timeout, patient.Pooling) = (0, 15, false);
            await using var source = NpgsqlDataSource.Create(patient.ConnectionString);
            await using var connection = await source.OpenConnectionAsync(cancel);
            if (connection.PostgreSqlVersion.Major < OldestServer)
                throw new StoreConfigurationException(
                    $"PostgreSQL {connection.PostgreSqlVersion} is too old: this product needs {OldestServer} or later."
                );
            await using (var recovering = new NpgsqlCommand("SELECT pg_is_in_recovery()", connection))
                if ((bool)(await recovering.ExecuteScalarAsync(cancel))!)
                    throw new StoreConfigurationException("The PostgreSQL server is a standby, which takes no writes: name the primary.");
            await using (
                var full = new NpgsqlCommand(
                    "SELECT current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'",
                    connection
                )
            )
                if (!(bool)(await full.ExecuteScalarAsync(cancel))!)
                    log(
                        "PostgreSQL runs with fsync or full_page_writes off: commits may be lost, or the database destroyed, by a loss of power."
                    );
            await new PostgresSchema(connection, log).Start([.. plans.Values], rekey, cancel);
            await OpenAhead(cancel);
            writer = new(writes, PlanOf, plans.GetValueOrDefault, clock, log);
        }
        catch (PostgresException failure)
        {
            throw new StoreConfigurationException(
                failure.SqlState switch
                {
                    PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                        "PostgreSQL refused the user or the password in ConnectionStrings__Crm.",
                    PostgresErrorCodes.InvalidCatalogName =>
                        "The PostgreSQL database in ConnectionStrings__Crm does not exist: create it first (createdb).",
                    PostgresErrorCodes.InsufficientPrivilege =>
                        $"The PostgreSQL user may not make tables: give it CREATE on the schema, or the database as its owner ({failure.MessageText}).",
                    _ => $"PostgreSQL cannot be used: {failure.MessageText}.",
                },
                failure
            )
            {
                // Starting, ending, out of connections: another try may find it well.
                IsAway = failure.IsTransient,
            };
        }
        catch (NpgsqlException failure)
        {
            throw new StoreConfigurationException(
                $"PostgreSQL could not be reached: {(failure.InnerException ?? failure).Message.TrimEnd('.')}.",
                failure
            )
            {
                IsAway = true,
            };
        }
    }

    public bool IsShared => true;

    public IWorkspaceStore Open(WorkspaceKey workspace) => new PostgresWorkspace(this, workspace);

    public ValueTask<Owner?> FindOwner(Collection collection, string field, string value, CancellationToken cancel) =>
        PlanOf(collection).Field(field).InInstallation
            ? FindClaim(PlanOf(collection), 0, field, value, cancel)
            : throw new ArgumentException($"The key '{field}' is not unique in the installation.");

    internal ValueTask<Owner?> FindClaim(CollectionPlan plan, long ws, string name, string value, CancellationToken cancel)
    {
        var field = plan.Field(name);
        if (!field.Unique)
            throw new ArgumentException($"The key '{name}' is not unique.");
        return Read<Owner?>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(
                    "SELECT c.ws, c.id FROM claim c WHERE c.space = $1 AND c.collection = $2 AND c.field = $3 AND c.value = $4",
                    connection
                )
                {
                    Parameters =
                    {
                        new() { Value = field.InInstallation ? 0L : ws },
                        new() { Value = plan.Collection.Name },
                        new() { Value = name },
                        new() { Value = Value.Text(value) },
                    },
                };
                await using var rows = await command.ExecuteReaderAsync(cancel);
                return await rows.ReadAsync(cancel) ? new Owner(new(rows.GetInt64(0)), Value.Id(rows.GetGuid(1))) : null;
            },
            cancel
        );
    }

    public ValueTask<WorkspaceKey?> NextWorkspace(Collection collection, WorkspaceKey? after, CancellationToken cancel)
    {
        var plan = PlanOf(collection);
        return Read<WorkspaceKey?>(
            async connection =>
            {
                await using var command = new NpgsqlCommand(
                    $"SELECT t.ws FROM {plan.Table} t WHERE t.ws > $1 ORDER BY t.ws LIMIT 1",
                    connection
                )
                {
                    Parameters = { new() { Value = after?.Value ?? long.MinValue } },
                };
                return await command.ExecuteScalarAsync(cancel) is long ws ? new WorkspaceKey(ws) : null;
            },
            cancel
        );
    }

    public async ValueTask<bool> IsReady(CancellationToken cancel)
    {
        try
        {
            return writer is not null
                && await Read(
                    async connection =>
                    {
                        await using var command = new NpgsqlCommand("SELECT NOT pg_is_in_recovery()", connection);
                        return (bool)(await command.ExecuteScalarAsync(cancel))!;
                    },
                    cancel
                );
        }
        catch (Exception failure) when (failure is StoreUnavailableException or QueryTooCostlyException or OperationCanceledException)
        {
            return false;
        }
    }

    internal async ValueTask<T> Read<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancel)
    {
        if (writer is null)
            throw new StoreUnavailableException("The store is not started.");
        if (!await free.WaitAsync(Patience, cancel))
            throw new StoreUnavailableException("The database does not answer, or has too much to do.");
        try
        {
            return await OnConnection(read, cancel);
        }
        finally
        {
            free.Release();
        }
    }

    async ValueTask<T> OnConnection<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await using var connection = await reads.OpenConnectionAsync(cancel);
                return await read(connection);
            }
            catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.QueryCanceled)
            {
                throw new QueryTooCostlyException();
            }
            catch (NpgsqlException failure)
                when (attempt < 3 && (failure is not PostgresException ended || ended.SqlState == PostgresErrorCodes.AdminShutdown))
            {
                // A kept connection may have died since its last use; a new one tells whether the database is away.
            }
            catch (Exception failure) when (failure is NpgsqlException or ObjectDisposedException or TimeoutException)
            {
                throw new StoreUnavailableException("The database could not be read.", failure);
            }
    }

    internal ValueTask<CommitResult> Commit(long ws, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        if (writer is null)
            throw new StoreUnavailableException("The store is not started.");
        cancel.ThrowIfCancellationRequested();
        return changes.Count == 0 ? new(CommitResult.Done) : writer.Commit(ws, changes, cancel);
    }

    internal CollectionPlan PlanOf(Collection collection) =>
        plans.TryGetValue(collection.Name, out var plan)
            ? plan
            : throw new ArgumentException($"The store was not started with '{collection.Name}'.");

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
            await writer.DisposeAsync();
        await reads.DisposeAsync();
        await writes.DisposeAsync();
    }
}
