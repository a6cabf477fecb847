// Several commits as one transaction: what they touch is read and locked, or taken for new; each is checked in turn, and the final state is
// written.

using System.Runtime.InteropServices;
using System.Text;
using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>A row as it was found and as the commits of a batch leave it; no version: not there.</summary>
sealed class RowState
{
    public bool Existed;
    public long? Version;
    public ClaimKey[] Claims = [];
    public Document? Written;

    /// <summary>Computed members; empty when there are none.</summary>
    public byte[] Members = [];

    /// <summary>The row says already that there are computed members.</summary>
    public bool Marked;

    /// <summary>The keys that change with them, by field; null when nothing of it changes.</summary>
    public Dictionary<string, List<Key>>? Computed;

    /// <summary>What is written gets its position from the database.</summary>
    public bool IsAppended;
}

/// <param name="Apart">The value is not among the row's keys.</param>
readonly record struct Claimant(long Ws, Guid Id, bool Apart)
{
    public bool Is(long ws, Guid id) => Ws == ws && Id == id;
}

/// <summary>Who claims a value: as it was found and as the commits of a batch leave it.</summary>
sealed class ClaimState
{
    public Claimant? Before,
        Now;
}

/// <summary>
/// Other nodes write at the same time. Rows that exist are locked before they are checked; new ids and unique keys are decided by
/// constraints (error 23505 makes the caller take the batch back and check again). Everybody locks in the same order, so that nobody waits
/// in a circle.
/// </summary>
/// <param name="planNamed">The plan of a collection's name; null for one that this product does not know.</param>
sealed class PostgresBatch(NpgsqlConnection connection, Func<string, CollectionPlan?> planNamed)
{
    readonly Dictionary<RowKey, RowState> rows = [];
    readonly Dictionary<ClaimKey, ClaimState> claims = [];
    readonly Dictionary<(long Ws, string Name), long> increments = [];
    readonly HashSet<RowKey> annotated = [];
    readonly NumberedRows numbered = new();
    bool begun;

    /// <summary>Looks at what the commits touch, in a transaction of its own that <see cref="Finish"/> ends.</summary>
    public async Task Look(IReadOnlyList<PostgresCommit> commits)
    {
        Expect(commits);
        await Read();
    }

    /// <summary>Takes every row and unique key for new: for commits that only add. The database refuses the whole batch where that is
    /// wrong.</summary>
    public void Expect(IReadOnlyList<PostgresCommit> commits)
    {
        foreach (var commit in commits)
        foreach (ref readonly var step in commit.Steps.AsSpan())
        {
            if (step.Row.Plan is null)
                continue;
            rows.TryAdd(step.Row, new());
            if (step.Other is Change.Annotate)
                annotated.Add(step.Row);
            foreach (var claim in step.Claims)
                claims.TryAdd(claim, new());
        }
    }

    /// <summary>Each commit's result, in their order; those without a conflict are what <see cref="Finish"/> writes.</summary>
    public CommitResult[] Judge(IReadOnlyList<PostgresCommit> commits)
    {
        var results = new CommitResult[commits.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var conflicts = Check(commits[i]);
            results[i] = conflicts is null ? CommitResult.Done : new(conflicts);
            if (conflicts is null)
                Apply(commits[i]);
        }
        return results;
    }

    // ---- What is there

    async Task Read()
    {
        begun = true;
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("BEGIN ISOLATION LEVEL READ COMMITTED") } };
        var byPlan = rows.Keys.GroupBy(key => key.Plan).OrderBy(group => group.Key.Collection.Name, StringComparer.Ordinal).ToList();
        foreach (var group in byPlan)
        {
            var sorted = group.OrderBy(key => key.Ws).ThenBy(key => key.Id).ToList();
            batch.BatchCommands.Add(
                Command.Of(group.Key.Statements.Lock, Command.Each(sorted, key => key.Ws), Command.Each(sorted, key => key.Id))
            );
        }
        var members = annotated.GroupBy(key => key.Plan).ToList();
        foreach (var group in members)
        {
            var keys = group.ToList();
            batch.BatchCommands.Add(
                Command.Of(group.Key.Statements.FindMembers, Command.Each(keys, key => key.Ws), Command.Each(keys, key => key.Id))
            );
        }
        // Behind the locks: whoever changes a row's keys has the row.
        FindClaims(batch, [.. claims.Keys], rows.Keys.Where(key => key.Plan.HasUnique).ToList());
        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var group in byPlan)
        {
            while (await reader.ReadAsync())
            {
                var state = rows[new(group.Key, reader.GetInt64(0), reader.GetGuid(1))];
                (state.Existed, state.Version) = (true, reader.GetInt64(2));
            }
            await reader.NextResultAsync();
        }
        foreach (var group in members)
        {
            while (await reader.ReadAsync())
            {
                var state = rows[new(group.Key, reader.GetInt64(0), reader.GetGuid(1))];
                (state.Members, state.Marked) = (reader.GetFieldValue<byte[]>(2), true);
            }
            await reader.NextResultAsync();
        }
        await ReadClaims(reader);
    }

    static void FindClaims(NpgsqlBatch batch, List<ClaimKey> keys, List<RowKey> of)
    {
        if (keys.Count > 0)
            batch.BatchCommands.Add(
                Command.Of(
                    RowStatements.FindClaims,
                    Command.Each(keys, c => c.Space),
                    Command.Each(keys, c => c.Field.Of.Collection.Name),
                    Command.Each(keys, c => c.Field.Name),
                    Command.Each(keys, c => Value.Text(c.Value))
                )
            );
        if (of.Count > 0)
            batch.BatchCommands.Add(
                Command.Of(RowStatements.FindClaimsOfRows, Command.Each(of, key => key.Ws), Command.Each(of, key => key.Id))
            );
    }

    /// <summary>Who owns the keys that were asked for, and which keys the rows own.</summary>
    async Task ReadClaims(NpgsqlDataReader reader)
    {
        var owned = new Dictionary<RowKey, HashSet<ClaimKey>>();
        do while (await reader.ReadAsync())
        {
            if (planNamed(reader.GetString(1)) is not { } plan)
                continue;
            var (ws, id) = (reader.GetInt64(4), reader.GetGuid(5));
            var claim = new ClaimKey(
                reader.GetInt64(0),
                plan.Field(reader.GetString(2)),
                Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(3))
            );
            if (!claims.TryGetValue(claim, out var state))
                claims.Add(claim, state = new());
            state.Before = state.Now = new(ws, id, reader.GetBoolean(6));
            var row = new RowKey(plan, ws, id);
            if (!owned.TryGetValue(row, out var all))
                owned.Add(row, all = []);
            all.Add(claim);
        }
        while (await reader.NextResultAsync());
        foreach (var (row, all) in owned)
            if (rows.TryGetValue(row, out var state))
                state.Claims = [.. all];
    }

    // ---- One commit

    /// <summary>Every reason why the commit cannot be made; null when it can. Earlier commits of the batch count as made.</summary>
    List<Conflict>? Check(PostgresCommit commit)
    {
        List<Conflict>? conflicts = null;
        HashSet<ClaimKey>? given = null;
        var steps = commit.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            ref readonly var step = ref steps[i];
            if (step.Other is not null)
                continue;
            var state = rows[step.Row];
            if (step.IsInsert)
            {
                if (state.Version is not null)
                    (conflicts ??= []).Add(new(i, ConflictKind.IdTaken));
                continue;
            }
            if (state.Version is null)
                (conflicts ??= []).Add(new(i, ConflictKind.NotFound));
            else if (state.Version != step.IfVersion)
                (conflicts ??= []).Add(new(i, ConflictKind.VersionMoved));
            if (state.Version is null)
                continue;
            // What this commit gives back is free for its other changes.
            foreach (var claim in state.Claims)
                if (!step.Claims.Contains(claim))
                    (given ??= []).Add(claim);
        }
        Dictionary<ClaimKey, Id>? taken = null;
        for (var i = 0; i < steps.Length; i++)
        {
            ref readonly var step = ref steps[i];
            foreach (var claim in step.Claims)
                if (taken is not null && taken.TryGetValue(claim, out var rival))
                    (conflicts ??= []).Add(new(i, ConflictKind.KeyTaken, claim.Field.Name, claim.Value, rival));
                else if (claims[claim].Now is { } owner && !owner.Is(commit.Ws, step.Row.Id) && given?.Contains(claim) != true)
                    (conflicts ??= []).Add(
                        new(i, ConflictKind.KeyTaken, claim.Field.Name, claim.Value, owner.Ws == commit.Ws ? Value.Id(owner.Id) : null)
                    );
                else
                    (taken ??= []).Add(claim, step.IsInsert ? Id.Empty : step.Document!.Id);
        }
        return conflicts;
    }

    void Apply(PostgresCommit commit)
    {
        foreach (ref readonly var step in commit.Steps.AsSpan())
            if (step.Other is null)
                foreach (var claim in rows[step.Row].Claims)
                    if (claims[claim] is { Now: { } owner } state && owner.Is(commit.Ws, step.Row.Id))
                        state.Now = null;
        foreach (ref readonly var step in commit.Steps.AsSpan())
        {
            switch (step.Other)
            {
                case Change.Annotate:
                    continue;
                case Change.Increment one:
                    Add(one.InInstallation ? 0 : commit.Ws, one.Counter, one.By);
                    continue;
                case Change.Count many:
                    foreach (var name in many.Counters.Names)
                        Add(commit.Ws, name, many.By);
                    continue;
            }
            var state = rows[step.Row];
            (state.Version, state.Written, state.Claims, state.IsAppended) = (
                step.Document?.Version,
                step.Document,
                step.Claims,
                step.IsAppend
            );
            if (step.IsAppend)
                numbered.Append(step.Row, step.Document!);
            else if (step.Document is { } written)
                numbered.Pass(step.Row, written);
            if (step.Document is null)
                (state.Members, state.Computed) = ([], step.Row.Plan.Computed.ToDictionary(field => field, _ => new List<Key>()));
            foreach (var claim in step.Claims)
                claims[claim].Now = new(commit.Ws, step.Row.Id, PostgresCommit.IsApart(step.Document!, claim));
        }
        // Behind the others, of which one may have made the row or taken it away.
        foreach (ref readonly var step in commit.Steps.AsSpan())
            if (step.Other is Change.Annotate annotate && rows[step.Row] is { Version: not null } row)
                Annotate(step.Row.Plan, row, annotate);
    }

    static void Annotate(CollectionPlan plan, RowState row, Change.Annotate change)
    {
        row.Members = Annotations.Merge(row.Members, change.Members.Span);
        row.Computed ??= [];
        var names = Annotations.Names(change.Members.Span);
        foreach (var field in plan.Computed)
            if (names.Any(member => Annotations.IsOf(field, member)))
                row.Computed[field] = [.. change.Keys.Where(key => key.Field == field).Select(key => key.Value).Distinct()];
    }

    void Add(long ws, string counter, long by) => CollectionsMarshal.GetValueRefOrAddDefault(increments, (ws, counter), out _) += by;

    // ---- The final state

    /// <summary>Writes the final state and the mark, and commits: one round trip.</summary>
    /// <param name="mark">By its being there somebody who lost the answer finds out that the commit was made.</param>
    public async Task Finish(Guid mark)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (!begun)
            batch.BatchCommands.Add(new("BEGIN ISOLATION LEVEL READ COMMITTED"));
        batch.BatchCommands.Add(Command.Of("INSERT INTO mark(id) VALUES($1)", Command.One(mark)));
        FinalState.Write(batch, rows, claims);
        // Late, since every batch waits for the counters that the one before it has.
        if (increments.Count > 0)
        {
            var sorted = increments.OrderBy(pair => pair.Key.Ws).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal).ToList();
            batch.BatchCommands.Add(
                Command.Of(
                    RowStatements.Count,
                    Command.Each(sorted, pair => pair.Key.Ws),
                    Command.Each(sorted, pair => Value.Text(pair.Key.Name)),
                    Command.Each(sorted, pair => pair.Value)
                )
            );
        }
        // Last: from here to the end of COMMIT nobody else gets a position in these workspaces, which is what keeps the order of the
        // numbers that of the commits.
        numbered.Write(batch, rows);
        FinalState.Mark(batch, rows);
        batch.BatchCommands.Add(new("COMMIT"));
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Stores the keys of a row as they are computed today. Of a key that became unique the first row claims the value; says how
    /// many claims others lost.</summary>
    public static async Task<int> Rekey(
        NpgsqlConnection connection,
        CollectionPlan plan,
        long ws,
        Document document,
        CancellationToken cancel
    )
    {
        var work = new PostgresBatch(connection, name => name == plan.Collection.Name ? plan : null);
        var (row, wanted) = (new RowKey(plan, ws, Value.Id(document.Id)), PostgresCommit.ClaimsOf(plan, ws, document));
        foreach (var claim in wanted)
            work.claims.TryAdd(claim, new());
        await using (var find = new NpgsqlBatch(connection))
        {
            FindClaims(find, [.. wanted], [row]);
            await using var reader = await find.ExecuteReaderAsync(cancel);
            await work.ReadClaims(reader);
        }
        var lost = wanted.Where(claim => work.claims[claim].Before is { } owner && !owner.Is(ws, row.Id)).ToList();
        foreach (var (claim, state) in work.claims)
            if (!wanted.Contains(claim))
                state.Now = state.Before is { } owner && owner.Is(ws, row.Id) ? null : state.Before;
            else if (!lost.Contains(claim))
                state.Now = new(ws, row.Id, PostgresCommit.IsApart(document, claim));
        if (lost.Count > 0)
            document = document with { Claims = [.. wanted.Except(lost).Select(claim => (claim.Field.Name, claim.Value))] };
        work.rows[row] = new()
        {
            Existed = true,
            Version = document.Version,
            Written = document,
        };
        await using var batch = new NpgsqlBatch(connection);
        FinalState.Write(batch, work.rows, work.claims);
        await batch.ExecuteNonQueryAsync(cancel);
        return lost.Count;
    }
}
