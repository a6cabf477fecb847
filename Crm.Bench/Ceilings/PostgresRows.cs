// Ceilings A and B on PostgreSQL: an INSERT for each body on a pool of connections, or one INSERT with unnest for all that wait.

using Npgsql;

namespace Crm.Bench.Ceilings;

internal sealed class PostgresRows : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;
    private readonly List<(byte[] Body, TaskCompletionSource Done)> _waiting = [];
    private readonly SemaphoreSlim _arrived = new(0);

    private PostgresRows(NpgsqlDataSource source, bool grouped)
    {
        _source = source;
        Store = grouped ? StoreTogether : StoreAlone;
        if (grouped)
            _ = Task.Run(WriteForever);
    }

    public Func<byte[], Task> Store { get; }

    /// <summary>postgres://user:password@host:port/database for Npgsql.</summary>
    public static string ConnectionString(string address)
    {
        var uri = new Uri(address);
        var user = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = uri.AbsolutePath.Trim('/'),
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            MaxPoolSize = 24,
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        }.ConnectionString;
    }

    public static async Task<PostgresRows> Open(string address, bool grouped)
    {
        var source = NpgsqlDataSource.Create(ConnectionString(address));
        await using var create = source.CreateCommand(
            "CREATE TABLE IF NOT EXISTS rows(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea NOT NULL)"
        );
        await create.ExecuteNonQueryAsync();
        return new(source, grouped);
    }

    private async Task StoreAlone(byte[] body)
    {
        await using var insert = _source.CreateCommand("INSERT INTO rows(body) VALUES($1)");
        insert.Parameters.Add(new() { Value = body });
        await insert.ExecuteNonQueryAsync();
    }

    private Task StoreTogether(byte[] body)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
            _waiting.Add((body, done));
        _arrived.Release();
        return done.Task;
    }

    private async Task WriteForever()
    {
        while (true)
        {
            await _arrived.WaitAsync();
            List<(byte[] Body, TaskCompletionSource Done)> batch;
            lock (_waiting)
            {
                batch = [.. _waiting];
                _waiting.Clear();
            }
            if (batch.Count == 0)
                continue;
            await using var insert = _source.CreateCommand("INSERT INTO rows(body) SELECT * FROM unnest($1)");
            insert.Parameters.Add(new() { Value = batch.Select(row => row.Body).ToArray() });
            await insert.ExecuteNonQueryAsync();
            foreach (var (_, done) in batch)
                done.SetResult();
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
