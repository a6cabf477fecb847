// Start: makes the indexes, and when a collection's keys changed, keys its documents anew; every step can be killed and run again, by
// several nodes at once too.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>
/// While documents are being keyed anew, "rekey:collection" says for which keys and how far; as long as it is there the collection counts
/// as changed, also for a product that knows the former keys. Two nodes that do it at once do the same twice: a document is replaced only
/// in the version that was read, and its claims go in before it and out behind it.
/// </summary>
sealed class MongoSchema(MongoLink link, Action<string> log)
{
    /// <summary>Of the layout. A database with a higher one was written by a newer product.</summary>
    public const long Version = 2;

    public const string VersionName = "schema";
    const int RekeyBatch = 500;
    static readonly TimeSpan MarksAreKept = TimeSpan.FromDays(30);

    public async Task Start(IReadOnlyList<MongoPlan> plans, Rekey rekey, CancellationToken cancel)
    {
        var stored = await Meta(VersionName, cancel);
        if (stored is not null && (!long.TryParse(stored, out var version) || version < 1))
            throw new StoreConfigurationException("The database's schema version cannot be read: restore a backup.");
        if (stored is not null && long.Parse(stored, System.Globalization.CultureInfo.InvariantCulture) > Version)
            throw new StoreConfigurationException(
                $"The database was written by a newer version of this product (schema {stored}, this one knows {Version}): start that version, or restore a backup made before the upgrade."
            );
        if (stored is null)
        {
            // Made before the first transaction: a collection cannot be made in one on every server.
            await link.CreateIndexes(MongoStore.ClaimsName, [("owner", [Workspace.Field, "_id"])], expireAfter: null, cancel);
            await link.CreateIndexes(MongoStore.CountersName, [("name", [Workspace.Field, "_id"])], expireAfter: null, cancel);
            await link.CreateIndexes(MongoStore.CommitsName, [("at", ["at"])], MarksAreKept, cancel);
            await SetMeta(VersionName, Version.ToString(System.Globalization.CultureInfo.InvariantCulture), cancel);
        }
        else if (stored != Version.ToString(System.Globalization.CultureInfo.InvariantCulture))
            // Version 2 only adds: a product of version 1 would lose computed members with every replace.
            await SetMeta(VersionName, Version.ToString(System.Globalization.CultureInfo.InvariantCulture), cancel);
        if (plans.Any(plan => plan.Collection.Appended))
            await link.CreateIndexes(MongoStore.PositionsName, [("workspace", [Workspace.Field, "_id"])], expireAfter: null, cancel);
        foreach (var plan in plans)
        {
            cancel.ThrowIfCancellationRequested();
            var before = await Meta("collection:" + plan.Name, cancel);
            if (before == plan.Description && await Meta("rekey:" + plan.Name, cancel) is null)
                continue;
            await link.CreateIndexes(plan.Name, plan.Indexes(), expireAfter: null, cancel);
            if (plan.Collection.Appended)
                await link.CreateIndexes(plan.Name, [("order", [MongoSequencer.Order])], expireAfter: null, cancel, sparse: true);
            if (before is not null)
                await RekeyAll(plan, rekey, cancel);
            await SetMeta("collection:" + plan.Name, plan.Description, cancel);
            await link.Write(MongoStore.MetaName, bulk => bulk.Remove(Named("rekey:" + plan.Name)), cancel);
        }
    }

    async Task RekeyAll(MongoPlan plan, Rekey rekey, CancellationToken cancel)
    {
        var name = "rekey:" + plan.Name;
        log($"The keys of '{plan.Name}' changed: its documents are keyed anew.");
        // The same target goes on where it stopped; another one starts again, for the documents say themselves what is stored for them.
        // What waits for its position is counted on the way, so that it gets it in the order of the ids, and before all that is appended.
        var (last, count) = ("", 0L);
        if (await Meta(name, cancel) is { } begun && begun[(begun.IndexOf('\n') + 1)..] == plan.Description)
        {
            var done = begun[..begun.IndexOf('\n')].Split(' ');
            (last, count) = (done[0], done is [_, var text] ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0);
        }
        for (var more = true; more; )
        {
            cancel.ThrowIfCancellationRequested();
            await SetMeta(
                name,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{last} {count}\n{plan.Description}"),
                cancel
            );
            var batch = await Read(plan, rekey, new BsonWriter().Document("_id").Text("$gt", last).Close(), count, cancel);
            more = batch.Count == RekeyBatch;
            foreach (var one in batch)
            {
                // Computed members change without a version: who finds others than he read looks again.
                for (var now = one; !await Rekey(now); )
                    if (
                        await Read(plan, rekey, Named(one.Row.RowId), count, cancel) is [var again]
                        && again.Version == one.Version
                        && again.Waits == one.Waits
                    )
                        now = again;
                    else
                        break;
                (last, count) = (one.Row.RowId, count + 1);
            }
        }
        log($"The documents of '{plan.Name}' have their new keys.");
    }

    /// <summary>A document with its keys of today, and what was read of it.</summary>
    /// <param name="Waits">It waits for its position then, unless another node gave it one meanwhile.</param>
    sealed record Rekeyed(MongoRow Row, long Ws, long Version, bool Waits, List<string> Claims, MongoComputed? Computed);

    /// <param name="count">So many were read before.</param>
    async Task<List<Rekeyed>> Read(MongoPlan plan, Rekey rekey, BsonWriter which, long count, CancellationToken cancel)
    {
        var batch = new List<Rekeyed>();
        await link.Find(
            plan.Name,
            which,
            document =>
            {
                var row = MongoDocument.Read(document);
                var made = rekey(new(row.Workspace), plan.Collection, row.Id, row.Version, row.Json.ToArray());
                var keyed = Positions.KeyedAnew(made, plan.Collection, row.Id, row.Version, row.Json.ToArray());
                var waits = keyed.PositionAt > 0;
                var encoded = plan.Encode(row.Workspace, keyed, waits ? count + batch.Count + 1 : 0);
                batch.Add(new(encoded, row.Workspace, row.Version, waits, row.ClaimIds(), MongoComputed.Of(plan, row)));
                return true;
            },
            cancel,
            RekeyBatch,
            new BsonWriter().Int("_id", 1)
        );
        return batch;
    }

    /// <summary>Of a key that became unique the first document claims the value. False: the document is not as it was read.</summary>
    async Task<bool> Rekey(Rekeyed one)
    {
        var (row, ws, version, waits, before, computed) = one;
        var lost = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in row.Claims)
            if (!before.Contains(claim.Id) && !await Take(claim, ws, row.Id))
                lost.Add(claim.Id);
        if (lost.Count > 0)
            log($"A document of '{row.Plan.Name}' could not claim {lost.Count} values: another one has them.");
        var asRead = new BsonWriter().Text("_id", row.RowId).Is(ws).Long("v", version);
        if (waits)
            asRead.Null(row.Plan.Field(Collection.PositionKey).Path);
        _ = computed is null ? asRead.Document("m").Bool("$exists", false).Close() : asRead.Utf8("m", computed.Members);
        var written = await link.Write(row.Plan.Name, bulk =>
            bulk.Replace(asRead, MongoPlan.With(lost.Count == 0 ? row.Bson : Without(row.Bson, lost), computed))
        );
        if (written.Matched == 0)
            return false;
        foreach (var gone in before.Except(row.Claims.Select(claim => claim.Id), StringComparer.Ordinal))
            await link.Write(MongoStore.ClaimsName, bulk =>
                bulk.Remove(new BsonWriter().Text("_id", gone).Is(ws).Text("i", MongoPlan.Suffix(row.Id)))
            );
        return true;
    }

    async Task<bool> Take(MongoClaim claim, long ws, Id id)
    {
        try
        {
            await link.Write(MongoStore.ClaimsName, bulk => bulk.Insert(MongoStore.WriteClaim(claim.Id, ws, id)));
            return true;
        }
        catch (MongoFailure failure) when (failure.Duplicate)
        {
            var mine = false;
            await link.Find(
                MongoStore.ClaimsName,
                Named(claim.Id),
                document =>
                {
                    mine = MongoStore.ReadClaim(document).Owner == new Owner(new(ws), id);
                    return false;
                },
                CancellationToken.None,
                limit: 1
            );
            return mine;
        }
    }

    /// <summary>The document with fewer claims; everything else as it is.</summary>
    static byte[] Without(ReadOnlySpan<byte> document, HashSet<string> lost)
    {
        var kept = new BsonWriter(document.Length);
        for (var fields = new BsonReader(document); fields.Next(); )
        {
            if (!fields.Is("c"u8))
            {
                kept.Copy(fields);
                continue;
            }
            kept.Array("c");
            for (var claims = fields.Document; claims.Next(); )
                if (!lost.Contains(claims.Text))
                    kept.Text(null, claims.Text);
            kept.Close();
        }
        return kept.ToArray();
    }

    static BsonWriter Named(string name) => new BsonWriter().Text("_id", name);

    async Task<string?> Meta(string name, CancellationToken cancel)
    {
        string? value = null;
        await link.Find(
            MongoStore.MetaName,
            Named(name),
            document =>
            {
                for (var fields = new BsonReader(document); fields.Next(); )
                    if (fields.Is("value"u8))
                        value = fields.Text;
                return false;
            },
            cancel,
            limit: 1
        );
        return value;
    }

    Task SetMeta(string name, string value, CancellationToken cancel) =>
        link.Write(
            MongoStore.MetaName,
            bulk => bulk.Update(Named(name), new BsonWriter().Document("$set").Text("value", value).Close(), upsert: true),
            cancel
        );
}
