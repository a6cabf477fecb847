// Start: makes the tables, and when a collection's keys changed, keys its rows anew; every step can be killed and run again, by any node.

using System.Globalization;
using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>
/// One node at a time, by an advisory lock of the session. A step and the note that it was done are one transaction. While rows are being
/// keyed anew, "rekey:collection" says for which keys and how far.
/// </summary>
sealed class PostgresSchema(NpgsqlConnection connection, Action<string> log)
{
    /// <summary>Version of the tables below. A database with a higher one was written by a newer product.</summary>
    public const long Version = 3;

    const int RekeyBatch = 1000;
    const long Lock = 0x43524D; // "CRM"

    public async Task Start(IReadOnlyList<CollectionPlan> plans, Rekey rekey, CancellationToken cancel)
    {
        await Execute("SELECT pg_advisory_lock($1)", cancel, Lock);
        try
        {
            await CreateBase(plans, cancel);
            foreach (var plan in plans)
            {
                var stored = await Meta("collection:" + plan.Collection.Name, cancel);
                if (stored is null)
                    await Create(plan, cancel);
                else if (stored != plan.Description || await Meta("rekey:" + plan.Collection.Name, cancel) is not null)
                    await Upgrade(plan, rekey, cancel);
            }
        }
        finally
        {
            if (connection.State == System.Data.ConnectionState.Open)
                await Execute("SELECT pg_advisory_unlock($1)", CancellationToken.None, Lock);
        }
    }

    async Task CreateBase(IReadOnlyList<CollectionPlan> plans, CancellationToken cancel)
    {
        if (await Scalar("SELECT to_regclass('meta')::text", cancel) is null)
            await Transaction(
                async () =>
                {
                    await Execute("CREATE TABLE meta(name text PRIMARY KEY, value text NOT NULL)", cancel);
                    // "space" is where the value is unique: the workspace, or 0 for the whole installation; "ws" is the owner's workspace.
                    await Execute(
                        "CREATE TABLE claim(space bigint NOT NULL, collection text NOT NULL, field text NOT NULL, value bytea NOT NULL, ws bigint NOT NULL, id uuid NOT NULL, apart boolean NOT NULL DEFAULT false, PRIMARY KEY(space, collection, field, value))",
                        cancel
                    );
                    await Execute(IndexClaimsByRow, cancel);
                    await Execute(
                        "CREATE TABLE counter(ws bigint NOT NULL, name bytea NOT NULL, value bigint NOT NULL, PRIMARY KEY(ws, name))",
                        cancel
                    );
                    // "made" is false for the mark of somebody who only asked.
                    await Execute(
                        "CREATE TABLE mark(id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), made boolean NOT NULL DEFAULT true)",
                        cancel
                    );
                    await SetMeta("schema", Version.ToString(CultureInfo.InvariantCulture), cancel);
                },
                cancel
            );
        var stored = long.TryParse(await Meta("schema", cancel), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;
        if (stored > Version)
            throw new StoreConfigurationException(
                $"The database was written by a newer version of this product (schema {stored}, this one knows {Version}): start that version, or restore a backup made before the upgrade."
            );
        if (stored < 1)
            throw new StoreConfigurationException(
                "The database has a table 'meta' that is not this product's: give it a database or a schema of its own."
            );
        if (stored == 1)
            await Transaction(() => ToClaimsAlone(plans, cancel), cancel);
        if (stored < 3)
            await Transaction(() => ToComputedMembers(plans, cancel), cancel);
        // How far an appended collection's positions go in a workspace; its rows do not say, for they may be deleted. Half-empty pages, so
        // that counting up touches no index.
        await Execute(
            "CREATE TABLE IF NOT EXISTS position(collection text NOT NULL, ws bigint NOT NULL, last bigint NOT NULL, PRIMARY KEY(collection, ws)) WITH (fillfactor = 50)",
            cancel
        );
    }

    /// <summary>Until version 2 every claim was one of its row's keys, and nothing was computed.</summary>
    async Task ToComputedMembers(IReadOnlyList<CollectionPlan> plans, CancellationToken cancel)
    {
        foreach (var plan in plans)
            if (await Meta("collection:" + plan.Collection.Name, cancel) is not null)
            {
                await Execute($"ALTER TABLE {plan.Table} ADD COLUMN IF NOT EXISTS annotated boolean NOT NULL DEFAULT false", cancel);
                await CreateAnnotations(plan, cancel);
            }
        await Execute("ALTER TABLE claim ADD COLUMN IF NOT EXISTS apart boolean NOT NULL DEFAULT false", cancel);
        await SetMeta("schema", "3", cancel);
    }

    const string IndexClaimsByRow = "CREATE INDEX \"claim.row\" ON claim(ws, id)";

    /// <summary>Schema 1 kept what a row claims three times: as claims, as entries, and beside the row.</summary>
    async Task ToClaimsAlone(IReadOnlyList<CollectionPlan> plans, CancellationToken cancel)
    {
        log("The tables are brought to the layout of this version.");
        await Execute(IndexClaimsByRow, cancel);
        foreach (var plan in plans)
            if (await Meta("collection:" + plan.Collection.Name, cancel) is not null)
            {
                await Execute($"ALTER TABLE {plan.Table} DROP COLUMN claims", cancel);
                await PackCheaply(plan, cancel);
                await Execute(
                    $"DELETE FROM {plan.Entries} e WHERE e.field = ANY($1)",
                    cancel,
                    [plan.Claimed.Select(field => field.Name).ToArray()]
                );
            }
        await SetMeta("schema", "2", cancel);
    }

    /// <summary>Rows above 2 KB are compressed, by default in a way that takes longer than all the rest of storing them.</summary>
    async Task PackCheaply(CollectionPlan plan, CancellationToken cancel) =>
        await Execute(
            await Scalar("SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)", cancel) is not null
                ? $"ALTER TABLE {plan.Table} ALTER COLUMN json SET COMPRESSION lz4"
                : $"ALTER TABLE {plan.Table} SET (toast_tuple_target = 8160)",
            cancel
        );

    Task Create(CollectionPlan plan, CancellationToken cancel) =>
        Transaction(
            async () =>
            {
                var columns = string.Concat(plan.Columns.Select(field => $", {field.Column} {field.Type}"));
                await Execute(
                    $"CREATE TABLE {plan.Table}(ws bigint NOT NULL, id uuid NOT NULL, version bigint NOT NULL, json bytea NOT NULL, annotated boolean NOT NULL DEFAULT false, words tsvector NOT NULL{columns}, PRIMARY KEY(ws, id))",
                    cancel
                );
                await PackCheaply(plan, cancel);
                // "head" is as much of a text as an index takes.
                await Execute(
                    $"CREATE TABLE {plan.Entries}(ws bigint NOT NULL, id uuid NOT NULL, field text NOT NULL, t bytea, head bytea, n float8)",
                    cancel
                );
                var name = plan.Collection.Name;
                await Execute($"CREATE INDEX \"e_{name}.id\" ON {plan.Entries}(ws, id)", cancel);
                await Execute($"CREATE INDEX \"e_{name}.text\" ON {plan.Entries}(ws, field, head, id) WHERE head IS NOT NULL", cancel);
                await Execute($"CREATE INDEX \"e_{name}.number\" ON {plan.Entries}(ws, field, n, id) WHERE n IS NOT NULL", cancel);
                await CreateIndexes(plan, cancel);
                await CreateAnnotations(plan, cancel);
                await SetMeta("collection:" + name, plan.Description, cancel);
            },
            cancel
        );

    Task CreateAnnotations(CollectionPlan plan, CancellationToken cancel) =>
        Execute(
            $"CREATE TABLE IF NOT EXISTS {plan.Annotations}(ws bigint NOT NULL, id uuid NOT NULL, members bytea NOT NULL, PRIMARY KEY(ws, id))",
            cancel
        );

    async Task CreateIndexes(CollectionPlan plan, CancellationToken cancel)
    {
        foreach (var field in plan.Columns)
            if (field.Key!.Indexed)
                await Execute(
                    $"CREATE INDEX IF NOT EXISTS {plan.Index(field)} ON {plan.Table}(ws, {field.Column} NULLS FIRST, id)",
                    cancel
                );
        if (plan.Collection.Searchable)
            await Execute($"CREATE INDEX IF NOT EXISTS \"s_{plan.Collection.Name}\" ON {plan.Table} USING gin(words)", cancel);
    }

    async Task Upgrade(CollectionPlan plan, Rekey rekey, CancellationToken cancel)
    {
        var name = plan.Collection.Name;
        log($"The keys of '{name}' changed: its rows are keyed anew.");
        await Transaction(
            async () =>
            {
                foreach (
                    var index in await Column(
                        $"SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'd_{name}' AND indexname LIKE 'i\\_%'",
                        cancel
                    )
                )
                    if (!plan.Columns.Any(field => field.Key!.Indexed && plan.Index(field) == $"\"{index}\""))
                        await Execute($"DROP INDEX \"{index}\"", cancel);
                foreach (var field in plan.Columns)
                {
                    var type = (string?)
                        await Scalar(
                            "SELECT format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped",
                            cancel,
                            plan.Table,
                            field.Column!.Trim('"')
                        );
                    if (type is not null && type != (field.IsText ? "bytea" : "double precision"))
                        await Execute($"ALTER TABLE {plan.Table} DROP COLUMN {field.Column}", cancel);
                    await Execute($"ALTER TABLE {plan.Table} ADD COLUMN IF NOT EXISTS {field.Column} {field.Type}", cancel);
                }
                // The same target goes on where it stopped; another one starts again.
                if (await Meta("rekey:" + name, cancel) is not { } begun || begun[(begun.IndexOf('\n') + 1)..] != plan.Description)
                    await SetMeta("rekey:" + name, $"{long.MinValue} {Guid.Empty}\n{plan.Description}", cancel);
            },
            cancel
        );
        for (var more = true; more; )
            await Transaction(async () => more = await RekeySome(plan, rekey, cancel), cancel);
        await Transaction(
            async () =>
            {
                await CreateIndexes(plan, cancel);
                await SetMeta("collection:" + name, plan.Description, cancel);
                await Execute("DELETE FROM meta WHERE name = $1", cancel, "rekey:" + name);
            },
            cancel
        );
        log($"The rows of '{name}' have their new keys.");
    }

    async Task<bool> RekeySome(CollectionPlan plan, Rekey rekey, CancellationToken cancel)
    {
        var note = (await Meta("rekey:" + plan.Collection.Name, cancel))!;
        var at = note[..note.IndexOf('\n')].Split(' ');
        var (ws, id) = (long.Parse(at[0], CultureInfo.InvariantCulture), Guid.Parse(at[1]));
        var rows = new List<(long Ws, Guid Id, long Version, byte[] Json)>();
        await using (
            var command = new NpgsqlCommand(
                $"SELECT ws, id, version, json FROM {plan.Table} WHERE (ws, id) > ($1, $2) ORDER BY ws, id LIMIT {RekeyBatch} FOR UPDATE",
                connection
            )
            {
                Parameters =
                {
                    new() { Value = ws },
                    new() { Value = id },
                },
            }
        )
        await using (var reader = await command.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
                rows.Add((reader.GetInt64(0), reader.GetGuid(1), reader.GetInt64(2), reader.GetFieldValue<byte[]>(3)));
        var positions = new SortedDictionary<long, long>();
        foreach (var row in rows)
        {
            var made = rekey(new(row.Ws), plan.Collection, Value.Id(row.Id), row.Version, row.Json);
            var document = Positions.KeyedAnew(made, plan.Collection, Value.Id(row.Id), row.Version, row.Json);
            if (plan.Position is not null)
                document = await Numbered(plan, row.Ws, document, positions, cancel);
            var lost = await PostgresBatch.Rekey(connection, plan, row.Ws, document, cancel);
            if (lost > 0)
                log($"A row of '{plan.Collection.Name}' could not claim {lost} values: another row has them.");
            (ws, id) = (row.Ws, row.Id);
        }
        if (positions.Count > 0)
            await Execute(
                RowStatements.PassPositions,
                cancel,
                positions.Keys.Select(_ => plan.Collection.Name).ToArray(),
                positions.Keys.ToArray(),
                positions.Values.ToArray()
            );
        await SetMeta("rekey:" + plan.Collection.Name, $"{ws.ToString(CultureInfo.InvariantCulture)} {id}\n{plan.Description}", cancel);
        return rows.Count == RekeyBatch;
    }

    /// <summary>The document with the next position of its workspace, unless it has one.</summary>
    /// <param name="positions">The last position of each workspace that was met.</param>
    async Task<Document> Numbered(
        CollectionPlan plan,
        long ws,
        Document document,
        SortedDictionary<long, long> positions,
        CancellationToken cancel
    )
    {
        if (!positions.TryGetValue(ws, out var last))
            last = await Scalar("SELECT last FROM position WHERE collection = $1 AND ws = $2 FOR UPDATE", cancel, plan.Collection.Name, ws)
                is long stored
                ? stored
                : 0;
        if (document.PositionAt > 0)
            document = Positions.Numbered(document, ++last);
        else if (PostgresCommit.PositionOf(document) is { } given)
            last = Math.Max(last, given);
        positions[ws] = last;
        return document;
    }

    async Task<string?> Meta(string name, CancellationToken cancel) =>
        await Scalar("SELECT value FROM meta WHERE name = $1", cancel, name) as string;

    Task SetMeta(string name, string value, CancellationToken cancel) =>
        Execute("INSERT INTO meta(name, value) VALUES($1, $2) ON CONFLICT(name) DO UPDATE SET value = excluded.value", cancel, name, value);

    async Task<List<string>> Column(string sql, CancellationToken cancel)
    {
        var values = new List<string>();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            values.Add(reader.GetString(0));
        return values;
    }

    async Task<object?> Scalar(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancel) is { } value and not DBNull ? value : null;
    }

    async Task Execute(string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    NpgsqlCommand Command(string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    async Task Transaction(Func<Task> body, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await body();
        await transaction.CommitAsync(cancel);
    }
}
