// The commits that wait become one: each is checked against what is stored and what those before it do; then only the net effect is
// written.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>
/// Nothing is read for new documents and new keys at first: they are nearly always free, and the server refuses a second one. When it does,
/// or when a commit has a conflict, the batch is made again with <c>full</c>, which reads everything and so can name all conflicts.
/// </summary>
sealed class MongoBatch(bool full)
{
    sealed record Stored(long Version, IReadOnlyList<string> Claims, MongoComputed? Computed);

    sealed record Owned(long Ws, Id Id);

    sealed class Row(MongoPlan plan, long ws, string id)
    {
        public MongoPlan Plan => plan;
        public long Ws => ws;
        public string Id => id;
        public Stored? Before { get; set; }
        public Stored? Now { get; set; }
        public MongoRow? Document { get; set; }
    }

    sealed class Claim
    {
        public Owned? Before { get; set; }
        public Owned? Now { get; set; }
    }

    static readonly string[] RowFields = ["v", "c", "w"];

    readonly Dictionary<(MongoPlan, string), Row> rows = [];
    readonly Dictionary<string, Claim> claims = new(StringComparer.Ordinal);
    readonly Dictionary<string, (long Ws, long By)> counters = new(StringComparer.Ordinal);

    /// <summary>Checks the commits in their order and keeps what those without conflicts do. False: there are conflicts, and not everything
    /// was read.</summary>
    public async Task<bool> Add(MongoLink link, List<MongoCommit> commits)
    {
        await ReadRows(link, commits);
        if (full)
            await ReadClaims(link, commits);
        foreach (var commit in commits)
        {
            commit.Result = Check(commit) is { } conflicts ? new(conflicts) : CommitResult.Done;
            if (commit.Result.Committed)
                Apply(commit);
            else if (!full)
                return false;
        }
        return true;
    }

    async Task ReadRows(MongoLink link, List<MongoCommit> commits)
    {
        foreach (var commit in commits)
        foreach (var change in commit.Changes)
            if (change.Plan is { } plan)
                rows.TryAdd((plan, change.RowId), new(plan, commit.Ws, change.RowId));
        var needed = commits
            .SelectMany(commit => commit.Changes)
            .Where(change => change.Plan is not null && (full || !change.Insert))
            .GroupBy(change => change.Plan!, change => change.RowId);
        foreach (var group in needed)
            await link.Find(
                group.Key.Name,
                AnyOf(group.Distinct()),
                document =>
                {
                    var found = MongoDocument.Read(document);
                    var row = rows[(group.Key, MongoPlan.RowId(found.Workspace, found.Id))];
                    row.Before = row.Now = new(found.Version, found.ClaimIds(), MongoComputed.Of(group.Key, found));
                    foreach (var claim in row.Before.Claims)
                        claims.TryAdd(claim, new() { Before = new(found.Workspace, found.Id), Now = new(found.Workspace, found.Id) });
                    return true;
                },
                CancellationToken.None,
                fields: [.. RowFields, .. group.Key.ComputedPaths]
            );
    }

    async Task ReadClaims(MongoLink link, List<MongoCommit> commits)
    {
        var wanted = commits
            .SelectMany(commit => commit.Changes)
            .SelectMany(change => change.Row?.Claims ?? [])
            .Select(claim => claim.Id)
            .ToHashSet(StringComparer.Ordinal);
        if (wanted.Count > 0)
            await link.Find(
                MongoStore.ClaimsName,
                AnyOf(wanted),
                document =>
                {
                    var (id, owner) = MongoStore.ReadClaim(document);
                    claims[id] = new() { Before = new(owner.Workspace.Value, owner.Id), Now = new(owner.Workspace.Value, owner.Id) };
                    return true;
                },
                CancellationToken.None
            );
    }

    /// <summary>The workspace is the head of each identity.</summary>
    static BsonWriter AnyOf(IEnumerable<string> ids)
    {
        var filter = new BsonWriter().Document("_id").Array("$in");
        foreach (var id in ids)
            filter.Text(null, id);
        return filter.Close().Close();
    }

    /// <summary>Every reason why the commit cannot be made; null when it can.</summary>
    List<Conflict>? Check(MongoCommit commit)
    {
        List<Conflict>? conflicts = null;
        // What this commit gives back is free for its other changes, and what one of them takes is taken for the next.
        var given = commit
            .Changes.Where(change => change.RowPlan is not null && !change.Insert)
            .SelectMany(change =>
                (rows[(change.Plan!, change.RowId)].Now?.Claims ?? []).Except(
                    change.Row?.Claims.Select(claim => claim.Id) ?? [],
                    StringComparer.Ordinal
                )
            )
            .ToHashSet(StringComparer.Ordinal);
        var taken = new Dictionary<string, Id>(StringComparer.Ordinal);
        for (var i = 0; i < commit.Changes.Length; i++)
        {
            var change = commit.Changes[i];
            if (change.RowPlan is not { } plan)
                continue;
            var row = rows[(plan, change.RowId)];
            if (change.Insert && row.Now is not null)
                (conflicts ??= []).Add(new(i, ConflictKind.IdTaken));
            else if (!change.Insert && row.Now is null)
                (conflicts ??= []).Add(new(i, ConflictKind.NotFound));
            else if (!change.Insert && row.Now!.Version != change.IfVersion)
                (conflicts ??= []).Add(new(i, ConflictKind.VersionMoved));
            foreach (var claim in change.Row?.Claims ?? [])
                if (taken.TryGetValue(claim.Id, out var rival))
                    (conflicts ??= []).Add(Taken(i, claim, rival));
                else if (
                    claims.GetValueOrDefault(claim.Id)?.Now is { } owner
                    && owner != new Owned(commit.Ws, change.Id)
                    && !given.Contains(claim.Id)
                )
                    (conflicts ??= []).Add(Taken(i, claim, owner.Ws == commit.Ws ? owner.Id : null));
                else
                    taken.Add(claim.Id, change.Insert ? Id.Empty : change.Id);
        }
        return conflicts;
    }

    static Conflict Taken(int change, MongoClaim claim, Id? owner) =>
        new(change, ConflictKind.KeyTaken, claim.Field.Name, claim.Value, owner);

    void Apply(MongoCommit commit)
    {
        foreach (var change in commit.Changes)
            if (change.RowPlan is { } plan && rows[(plan, change.RowId)].Now is { } old)
                foreach (var claim in old.Claims)
                    claims[claim].Now = null;
        foreach (var change in commit.Changes)
        {
            foreach (var counter in change.Counters)
                counters[counter] = (change.CounterSpace, counters.GetValueOrDefault(counter).By + change.By);
            if (change.RowPlan is not { } plan)
                continue;
            var row = rows[(plan, change.RowId)];
            row.Document = change.Row;
            row.Now = change.Row is { } document
                ? new(document.Version, [.. document.Claims.Select(claim => claim.Id)], row.Now?.Computed)
                : null;
            foreach (var claim in row.Now?.Claims ?? [])
            {
                if (!claims.TryGetValue(claim, out var state))
                    claims.Add(claim, state = new());
                state.Now = new(commit.Ws, change.Id);
            }
        }
        // Behind the others, of which one may have made the document or taken it away.
        foreach (var change in commit.Changes)
            if (change.Annotation is { } annotation && rows[(change.Plan!, change.RowId)] is { Now: { } now } row)
                row.Now = now with { Computed = MongoComputed.Merge(change.Plan!, now.Computed, annotation) };
    }

    /// <summary>The net effect: one operation for each document that is another now.</summary>
    public List<MongoOperation> Operations()
    {
        var operations = new List<MongoOperation>();
        foreach (var row in rows.Values.Where(row => row.Before != row.Now))
            operations.Add(
                (row.Before, row.Now) switch
                {
                    (null, { } now) => new(
                        row.Plan.Name,
                        OperationKind.Insert,
                        Where(row.Id, row.Ws),
                        MongoPlan.With(row.Document!.Bson, now.Computed)
                    ),
                    ({ } before, null) => new(row.Plan.Name, OperationKind.Remove, Where(row.Id, row.Ws).Long("v", before.Version), []),
                    ({ } before, { } now) when row.Document is { } document => new(
                        row.Plan.Name,
                        OperationKind.Replace,
                        Where(row.Id, row.Ws).Long("v", before.Version),
                        MongoPlan.With(document.Bson, now.Computed)
                    ),
                    ({ } before, { } now) => new(
                        row.Plan.Name,
                        OperationKind.Set,
                        Where(row.Id, row.Ws).Long("v", before.Version),
                        MongoPlan.Update(before.Computed, now.Computed)
                    ),
                    _ => throw new InvalidOperationException("A document that was not there and is not."),
                }
            );
        foreach (var (id, claim) in claims.Where(pair => pair.Value.Before != pair.Value.Now))
        {
            var document = claim.Now is { } owner ? MongoStore.WriteClaim(id, owner.Ws, owner.Id) : [];
            operations.Add(
                (claim.Before, claim.Now) switch
                {
                    (null, { } now) => new(MongoStore.ClaimsName, OperationKind.Insert, Where(id, now.Ws), document),
                    ({ } before, null) => new(
                        MongoStore.ClaimsName,
                        OperationKind.Remove,
                        Where(id, before.Ws).Text("i", MongoPlan.Suffix(before.Id)),
                        []
                    ),
                    ({ } before, _) => new(
                        MongoStore.ClaimsName,
                        OperationKind.Replace,
                        Where(id, before.Ws).Text("i", MongoPlan.Suffix(before.Id)),
                        document
                    ),
                    _ => throw new InvalidOperationException("A claim that nobody had and nobody has."),
                }
            );
        }
        foreach (var (id, (ws, by)) in counters)
            operations.Add(new(MongoStore.CountersName, OperationKind.Add, Where(id, ws), new BsonWriter().Long("n", by).ToArray()));
        return operations;
    }

    static BsonWriter Where(string id, long ws) => new BsonWriter().Text("_id", id).Is(ws);
}

enum OperationKind : byte
{
    Insert,
    Replace,
    Remove,
    Add,
    Set,
}

/// <summary>A write of one document: by its identity, its workspace and what it was when it was read.</summary>
/// <param name="Document">The document that is stored; with <see cref="OperationKind.Add"/>, what is added to which fields; with <see
/// cref="OperationKind.Set"/>, the update.</param>
sealed record MongoOperation(string Collection, OperationKind Kind, BsonWriter Filter, byte[] Document);
