// Several commits as one transaction: what they touch is read and locked, each is checked in turn, and the final state is written.

using System.Text;
using System.Text.Json;
using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>
/// Other nodes write at the same time. Rows that exist are locked before they are checked; new ids and unique keys are decided by constraints
/// (error 23505 makes the caller take the batch back and check again). Everybody locks in the same order, so that nobody waits in a circle.
/// </summary>
sealed class PostgresBatch(NpgsqlConnection connection, Func<Collection, CollectionPlan> planOf)
{
    readonly record struct RowKey(CollectionPlan Plan, long Ws, Guid Id);

    readonly record struct ClaimKey(long Space, string Collection, string Field, string Value);

    /// <summary>A row as it was found and as the commits of this batch leave it; no version: not there.</summary>
    sealed class RowState
    {
        public bool Existed;
        public long? Version;
        public List<ClaimKey> Claims = [];
        public Document? Written;
    }

    readonly Dictionary<RowKey, RowState> rows = [];
    readonly Dictionary<ClaimKey, (long Ws, Guid Id)?> owned = [];
    readonly Dictionary<ClaimKey, (long Ws, Guid Id)?> owners = [];
    readonly Dictionary<(long Ws, string Name), long> increments = [];

    /// <summary>Writes what can be written, and returns each commit's result. The transaction is open afterwards; <see cref="Finish"/> ends it.</summary>
    public async Task<CommitResult[]> Write(IReadOnlyList<(long Ws, IReadOnlyList<Change> Changes)> commits)
    {
        await Read(commits);
        var results = new CommitResult[commits.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var conflicts = Check(commits[i].Ws, commits[i].Changes);
            results[i] = conflicts is null ? CommitResult.Done : new(conflicts);
            if (conflicts is null)
                Apply(commits[i].Ws, commits[i].Changes);
        }
        return results;
    }

    // ---- What is there

    async Task Read(IReadOnlyList<(long Ws, IReadOnlyList<Change> Changes)> commits)
    {
        foreach (var (ws, changes) in commits)
            foreach (var change in changes)
                switch (change)
                {
                    case Change.Insert insert: Add(ws, insert.Document.Collection, insert.Document.Id, insert.Document); break;
                    case Change.Replace replace: Add(ws, replace.Document.Collection, replace.Document.Id, replace.Document); break;
                    case Change.Delete delete: Add(ws, delete.Collection, delete.Id, null); break;
                }
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("BEGIN ISOLATION LEVEL READ COMMITTED"));
        var byPlan = rows.Keys.GroupBy(key => key.Plan).OrderBy(group => group.Key.Collection.Name, StringComparer.Ordinal).ToList();
        foreach (var group in byPlan)
        {
            var sorted = group.OrderBy(key => key.Ws).ThenBy(key => key.Id).ToList();
            batch.BatchCommands.Add(Command(
                $"SELECT t.ws, t.id, t.version, t.claims FROM {group.Key.Table} t JOIN unnest($1, $2) AS a(ws, id) ON t.ws = a.ws AND t.id = a.id ORDER BY t.ws, t.id FOR UPDATE OF t",
                sorted.Select(key => key.Ws).ToArray(), sorted.Select(key => key.Id).ToArray()));
        }
        if (owned.Count > 0)
            batch.BatchCommands.Add(FindClaims([.. owned.Keys]));
        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var group in byPlan)
        {
            while (await reader.ReadAsync())
            {
                var (ws, id) = (reader.GetInt64(0), reader.GetGuid(1));
                var state = rows[new(group.Key, ws, id)];
                (state.Existed, state.Version, state.Claims) = (true, reader.GetInt64(2), ReadClaims(group.Key, ws, reader.GetFieldValue<byte[]>(3)));
                foreach (var claim in state.Claims)
                    owned[claim] = (ws, id);
            }
            await reader.NextResultAsync();
        }
        while (await reader.ReadAsync())
            owned[new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(3)))] = (reader.GetInt64(4), reader.GetGuid(5));
        foreach (var (claim, owner) in owned)
            owners[claim] = owner;

        void Add(long ws, Collection collection, Id id, Document? document)
        {
            var plan = planOf(collection);
            rows.TryAdd(new(plan, ws, Value.Id(id)), new());
            if (document is not null)
                foreach (var claim in ClaimsOf(plan, ws, document))
                    owned.TryAdd(claim, null);
        }
    }

    static NpgsqlBatchCommand FindClaims(List<ClaimKey> claims) => Command(
        "SELECT c.space, c.collection, c.field, c.value, c.ws, c.id FROM claim c JOIN unnest($1, $2, $3, $4) AS a(space, collection, field, value) ON c.space = a.space AND c.collection = a.collection AND c.field = a.field AND c.value = a.value",
        claims.Select(c => c.Space).ToArray(), claims.Select(c => c.Collection).ToArray(), claims.Select(c => c.Field).ToArray(), claims.Select(c => Value.Text(c.Value)).ToArray());

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }

    static List<ClaimKey> ClaimsOf(CollectionPlan plan, long ws, Document document)
    {
        List<ClaimKey>? claims = null;
        foreach (var (name, value) in document.Keys)
            if (plan.Field(name) is { Unique: true } field && new ClaimKey(field.InInstallation ? 0 : ws, plan.Collection.Name, name, value.Text!) is var claim && claims?.Contains(claim) != true)
                (claims ??= []).Add(claim);
        return claims ?? [];
    }

    /// <summary>What a row claimed when it was written is kept with it: field, value, field, value.</summary>
    static byte[] WriteClaims(List<ClaimKey> claims) => claims.Count == 0 ? [] : JsonSerializer.SerializeToUtf8Bytes(claims.SelectMany(claim => new[] { claim.Field, claim.Value }));

    static List<ClaimKey> ReadClaims(CollectionPlan plan, long ws, byte[] stored) => stored.Length == 0 ? [] :
        [.. JsonSerializer.Deserialize<string[]>(stored)!.Chunk(2).Select(pair => new ClaimKey(plan.Field(pair[0]).InInstallation ? 0 : ws, plan.Collection.Name, pair[0], pair[1]))];

    // ---- One commit

    /// <summary>Every reason why the commit cannot be made; null when it can. Earlier commits of the batch count as made.</summary>
    List<Conflict>? Check(long ws, IReadOnlyList<Change> changes)
    {
        List<Conflict>? conflicts = null;
        HashSet<ClaimKey>? given = null;
        for (var i = 0; i < changes.Count; i++)
        {
            var (key, document, ifVersion) = Of(ws, changes[i]);
            if (key is not { } row)
                continue;
            var state = rows[row];
            if (changes[i] is Change.Insert)
            {
                if (state.Version is not null)
                    (conflicts ??= []).Add(new(i, ConflictKind.IdTaken));
                continue;
            }
            if (state.Version is null)
                (conflicts ??= []).Add(new(i, ConflictKind.NotFound));
            else if (state.Version != ifVersion)
                (conflicts ??= []).Add(new(i, ConflictKind.VersionMoved));
            if (state.Version is null)
                continue;
            // What this commit gives back is free for its other changes.
            var kept = document is null ? [] : ClaimsOf(row.Plan, ws, document);
            foreach (var claim in state.Claims)
                if (!kept.Contains(claim))
                    (given ??= []).Add(claim);
        }
        Dictionary<ClaimKey, Id>? taken = null;
        for (var i = 0; i < changes.Count; i++)
        {
            var (key, document, _) = Of(ws, changes[i]);
            if (key is not { } row || document is null)
                continue;
            foreach (var claim in ClaimsOf(row.Plan, ws, document))
                if (taken is not null && taken.TryGetValue(claim, out var rival))
                    (conflicts ??= []).Add(new(i, ConflictKind.KeyTaken, claim.Field, claim.Value, rival));
                else if (owners.GetValueOrDefault(claim) is { } owner && !(owner.Ws == ws && owner.Id == row.Id) && given?.Contains(claim) != true)
                    (conflicts ??= []).Add(new(i, ConflictKind.KeyTaken, claim.Field, claim.Value, owner.Ws == ws ? Value.Id(owner.Id) : null));
                else
                    (taken ??= []).Add(claim, changes[i] is Change.Insert ? Id.Empty : document.Id);
        }
        return conflicts;
    }

    (RowKey? Row, Document? Document, long IfVersion) Of(long ws, Change change) => change switch
    {
        Change.Insert { Document: var document } => (new(planOf(document.Collection), ws, Value.Id(document.Id)), document, 0),
        Change.Replace { Document: var document, IfVersion: var version } => (new(planOf(document.Collection), ws, Value.Id(document.Id)), document, version),
        Change.Delete delete => (new(planOf(delete.Collection), ws, Value.Id(delete.Id)), null, delete.IfVersion),
        _ => (null, null, 0),
    };

    void Apply(long ws, IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
            if (Of(ws, change).Row is { } row)
                foreach (var claim in rows[row].Claims)
                    if (owners.GetValueOrDefault(claim) is { } owner && owner == (ws, row.Id))
                        owners[claim] = null;
        foreach (var change in changes)
        {
            if (change is Change.Increment increment)
                Add(increment.InInstallation ? 0 : ws, increment.Counter, increment.By);
            else if (change is Change.Count count)
                foreach (var name in count.Counters.Names)
                    Add(ws, name, count.By);
            var (key, document, _) = Of(ws, change);
            if (key is not { } row)
                continue;
            var state = rows[row];
            (state.Version, state.Written, state.Claims) = (document?.Version, document, document is null ? [] : ClaimsOf(row.Plan, ws, document));
            foreach (var claim in state.Claims)
                owners[claim] = (ws, row.Id);
        }
    }

    void Add(long ws, string counter, long by) => increments[(ws, counter)] = increments.GetValueOrDefault((ws, counter)) + by;

    // ---- The final state

    /// <summary>Writes the final state and the mark, and commits: one round trip.</summary>
    /// <param name="mark">By its being there somebody who lost the answer finds out that the commit was made.</param>
    public async Task Finish(Guid mark)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command("INSERT INTO mark(id) VALUES($1)", mark));
        WriteRows(batch);
        if (increments.Count > 0)
        {
            var sorted = increments.OrderBy(pair => pair.Key.Ws).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal).ToList();
            batch.BatchCommands.Add(Command(
                "INSERT INTO counter AS c(ws, name, value) SELECT a.ws, a.name, a.value FROM unnest($1, $2, $3) AS a(ws, name, value) ON CONFLICT(ws, name) DO UPDATE SET value = c.value + excluded.value",
                sorted.Select(pair => pair.Key.Ws).ToArray(), sorted.Select(pair => Value.Text(pair.Key.Name)).ToArray(), sorted.Select(pair => pair.Value).ToArray()));
        }
        batch.BatchCommands.Add(new("COMMIT"));
        await batch.ExecuteNonQueryAsync();
    }

    void WriteRows(NpgsqlBatch batch)
    {
        foreach (var group in rows.GroupBy(pair => pair.Key.Plan).OrderBy(group => group.Key.Collection.Name, StringComparer.Ordinal))
        {
            var changed = group.Where(pair => pair.Value.Written is not null || pair.Value is { Existed: true, Version: null }).OrderBy(pair => pair.Key.Ws).ThenBy(pair => pair.Key.Id).ToList();
            Rows(batch, group.Key, [.. changed.Where(pair => pair.Value is { Existed: false, Version: not null })], isNew: true);
            Rows(batch, group.Key, [.. changed.Where(pair => pair.Value is { Existed: true, Version: not null })], isNew: false);
            var gone = changed.Where(pair => pair.Value is { Existed: true, Version: null }).Select(pair => pair.Key).ToList();
            if (gone.Count > 0)
                batch.BatchCommands.Add(Command($"DELETE FROM {group.Key.Table} t USING unnest($1, $2) AS a(ws, id) WHERE t.ws = a.ws AND t.id = a.id", gone.Select(k => k.Ws).ToArray(), gone.Select(k => k.Id).ToArray()));
            Entries(batch, group.Key, changed.Select(pair => (pair.Key, pair.Value)).ToList());
        }
        Claims(batch);
    }

    static void Rows(NpgsqlBatch batch, CollectionPlan plan, List<KeyValuePair<RowKey, RowState>> written, bool isNew)
    {
        if (written.Count == 0)
            return;
        var values = new List<object>
        {
            written.Select(pair => pair.Key.Ws).ToArray(), written.Select(pair => pair.Key.Id).ToArray(), written.Select(pair => pair.Value.Version!.Value).ToArray(),
            written.Select(pair => pair.Value.Written!.Json.ToArray()).ToArray(), written.Select(pair => WriteClaims(pair.Value.Claims)).ToArray(),
            written.Select(pair => Words.Of(pair.Key.Ws, pair.Value.Written!.Words)).ToArray(),
        };
        foreach (var field in plan.Columns)
        {
            if (field.IsText)
                values.Add(written.Select(pair => Single(pair.Value.Written!, field) is { } key ? Short(field, Value.Text(key.Text!)) : null).ToArray());
            else
                values.Add(written.Select(pair => Single(pair.Value.Written!, field) is { } key ? Value.Number(key.Number) : (double?)null).ToArray());
        }
        var marks = string.Join(", ", Enumerable.Range(1, values.Count).Select(n => $"${n}"));
        var columns = string.Concat(plan.Columns.Select(field => ", " + field.Column));
        var names = string.Concat(plan.Columns.Select((_, i) => $", k{i}"));
        var from = $"unnest({marks}) AS a(ws, id, version, json, claims, words{names})";
        const string Lexemes = "array_to_tsvector(string_to_array(a.words, ' '))";
        var sql = isNew
            ? $"INSERT INTO {plan.Table}(ws, id, version, json, claims, words{columns}) SELECT a.ws, a.id, a.version, a.json, a.claims, {Lexemes}{string.Concat(plan.Columns.Select((_, i) => $", a.k{i}"))} FROM {from}"
            : $"UPDATE {plan.Table} t SET version = a.version, json = a.json, claims = a.claims, words = {Lexemes}{string.Concat(plan.Columns.Select((field, i) => $", {field.Column} = a.k{i}"))} FROM {from} WHERE t.ws = a.ws AND t.id = a.id";
        batch.BatchCommands.Add(Command(sql, [.. values]));
    }

    static Key? Single(Document document, FieldPlan field)
    {
        foreach (var (name, value) in document.Keys)
            if (name == field.Name)
                return value;
        return null;
    }

    static byte[] Short(FieldPlan field, byte[] text) => text.Length <= Value.Longest || field.Key is { Indexed: false, Unique: KeyUnique.No }
        ? text : throw new ArgumentException($"The key '{field.Name}' is longer than {Value.Longest} bytes, which an index takes.");

    static void Entries(NpgsqlBatch batch, CollectionPlan plan, List<(RowKey Key, RowState State)> changed)
    {
        var before = changed.Where(row => row.State.Existed).Select(row => row.Key).ToList();
        if (before.Count > 0)
            batch.BatchCommands.Add(Command($"DELETE FROM {plan.Entries} e USING unnest($1, $2) AS a(ws, id) WHERE e.ws = a.ws AND e.id = a.id", before.Select(k => k.Ws).ToArray(), before.Select(k => k.Id).ToArray()));
        var entries = changed.Where(row => row.State.Written is not null)
            .SelectMany(row => row.State.Written!.Keys.Where(key => plan.Field(key.Field).Column is null).Distinct().Select(key => (row.Key, key.Field, key.Value))).ToList();
        if (entries.Count == 0)
            return;
        var texts = entries.Select(entry => entry.Value.Text is { } text ? Value.Text(text) : null).ToArray();
        batch.BatchCommands.Add(Command($"INSERT INTO {plan.Entries}(ws, id, field, t, head, n) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
            entries.Select(e => e.Key.Ws).ToArray(), entries.Select(e => e.Key.Id).ToArray(), entries.Select(e => e.Field).ToArray(),
            texts, texts.Select(text => text is null ? null : Value.Head(text)).ToArray(), entries.Select(e => e.Value.IsText ? null : (double?)Value.Number(e.Value.Number)).ToArray()));
    }

    void Claims(NpgsqlBatch batch)
    {
        var changed = owners.Where(pair => pair.Value != owned.GetValueOrDefault(pair.Key))
            .OrderBy(pair => pair.Key.Space).ThenBy(pair => pair.Key.Collection, StringComparer.Ordinal).ThenBy(pair => pair.Key.Field, StringComparer.Ordinal).ThenBy(pair => pair.Key.Value, StringComparer.Ordinal).ToList();
        var gone = changed.Where(pair => owned.GetValueOrDefault(pair.Key) is not null).Select(pair => pair.Key).ToList();
        if (gone.Count > 0)
            batch.BatchCommands.Add(Command(
                "DELETE FROM claim c USING unnest($1, $2, $3, $4) AS a(space, collection, field, value) WHERE c.space = a.space AND c.collection = a.collection AND c.field = a.field AND c.value = a.value",
                gone.Select(c => c.Space).ToArray(), gone.Select(c => c.Collection).ToArray(), gone.Select(c => c.Field).ToArray(), gone.Select(c => Value.Text(c.Value)).ToArray()));
        var taken = changed.Where(pair => pair.Value is not null).Select(pair => (pair.Key, Owner: pair.Value!.Value)).ToList();
        if (taken.Count > 0)
            batch.BatchCommands.Add(Command("INSERT INTO claim(space, collection, field, value, ws, id) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
                taken.Select(c => c.Key.Space).ToArray(), taken.Select(c => c.Key.Collection).ToArray(), taken.Select(c => c.Key.Field).ToArray(),
                taken.Select(c => Value.Text(c.Key.Value)).ToArray(), taken.Select(c => c.Owner.Ws).ToArray(), taken.Select(c => c.Owner.Id).ToArray()));
    }

    /// <summary>Stores the keys of a row as they are computed today. Of a key that became unique the first row keeps the value; says how many keys others lost.</summary>
    public static async Task<int> Rekey(NpgsqlConnection connection, CollectionPlan plan, long ws, Document document, CancellationToken cancel)
    {
        var work = new PostgresBatch(connection, _ => plan);
        var (row, claims) = (new RowKey(plan, ws, Value.Id(document.Id)), ClaimsOf(plan, ws, document));
        await using (var find = new NpgsqlBatch(connection) { BatchCommands = { FindClaims(claims), Command("SELECT c.space, c.field, c.value FROM claim c WHERE c.ws = $1 AND c.collection = $2 AND c.id = $3", ws, plan.Collection.Name, row.Id) } })
        await using (var reader = await find.ExecuteReaderAsync(cancel))
        {
            foreach (var claim in claims)
                work.owned[claim] = null;
            while (await reader.ReadAsync(cancel))
                work.owned[new(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(3)))] = (reader.GetInt64(4), reader.GetGuid(5));
            await reader.NextResultAsync(cancel);
            while (await reader.ReadAsync(cancel))
                work.owned[new(reader.GetInt64(0), plan.Collection.Name, reader.GetString(1), Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(2)))] = (ws, row.Id);
        }
        var kept = claims.Where(claim => work.owned[claim] is not { } owner || owner == (ws, row.Id)).ToList();
        foreach (var (claim, owner) in work.owned)
            work.owners[claim] = kept.Contains(claim) ? (ws, row.Id) : owner == (ws, row.Id) ? null : owner;
        work.rows[row] = new() { Existed = true, Version = document.Version, Written = document, Claims = kept };
        await using var batch = new NpgsqlBatch(connection);
        work.WriteRows(batch);
        await batch.ExecuteNonQueryAsync(cancel);
        return claims.Count - kept.Count;
    }

    /// <summary>A commit that no database could make: found on the caller's thread, before it waits.</summary>
    public static void Prepare(IReadOnlyList<Change> changes, Func<Collection, CollectionPlan> planOf)
    {
        var touched = new HashSet<(CollectionPlan, Id)>();
        foreach (var change in changes)
        {
            var document = (change as Change.Insert)?.Document ?? (change as Change.Replace)?.Document;
            (CollectionPlan, Id)? row = document is not null ? (planOf(document.Collection), document.Id) : change is Change.Delete delete ? (planOf(delete.Collection), delete.Id) : null;
            if (row is { } one && !touched.Add(one))
                throw new ArgumentException("Two changes of one commit touch the same document.");
            if (document is null)
                continue;
            HashSet<string>? seen = null;
            foreach (var (name, value) in document.Keys)
            {
                var field = row!.Value.Item1.Field(name);
                if (field.Key is { } key && key.Kind == KeyKind.Text != value.IsText)
                    throw new ArgumentException($"The key '{name}' has a value of the other kind.");
                if (field.Column is not null && !(seen ??= []).Add(name))
                    throw new ArgumentException($"The key '{name}' has two values.");
                if (value.IsText)
                    _ = field.Column is not null || field.Unique ? Short(field, Value.Text(value.Text!)) : null;
                else
                    Value.Number(value.Number);
            }
        }
    }
}
