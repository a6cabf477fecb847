// The MongoDB store: connects, finds out what the server can promise, and brings together readers and writer.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>One MongoDB database, shared by any number of nodes when it is on a replica set or a sharded cluster. See DESIGN.md beside this folder for the reasons.</summary>
public sealed class MongoStore(MongoStoreOptions options, TimeProvider clock) : IStore
{
    internal const string ClaimsName = "crm_claims",
        CountersName = "crm_counters",
        CommitsName = "crm_commits",
        MetaName = "crm_meta";

    /// <summary>A call that takes longer is given up: with the time to find a server it stays under the 5 s in which the API answers.</summary>
    static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(4);

    /// <summary>Indexes of a large collection take their time.</summary>
    static readonly TimeSpan LongestUpgrade = TimeSpan.FromHours(6);

    readonly Dictionary<string, MongoPlan> plans = [];
    readonly Action<string> log = options.Log ?? (_ => { });
    MongoPool? pool;
    MongoReaders? readers;
    MongoWriter? writer;
    bool closed;

    internal MongoStoreOptions Options => options;

    /// <summary>Commands sent to servers since the process started, by stores that count them.</summary>
    public static long Commands => MongoPool.Commands;

    public async Task Start(IReadOnlyList<Collection> collections, Rekey rekey, CancellationToken cancel)
    {
        if (pool is not null)
            throw new InvalidOperationException("The store is started already.");
        foreach (var collection in collections)
            plans.Add(collection.Name, new(collection));
        var uri = new MongoUri(options.Uri);
        // Native calls wait for the network: not on a thread of the pool, and not on the caller's.
        await Task.Factory.StartNew(() => Start(uri, rekey, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    void Start(MongoUri uri, Rekey rekey, CancellationToken cancel)
    {
        IMongoCommitter? committer = null;
        try
        {
            MongoTopology topology;
            // Asked with the options every server takes.
            using (var asking = new MongoPool(uri.For(options, standalone: true, LongestCall, 1), countCommands: false))
            using (var link = asking.Pop())
                topology = MongoTopology.Ask(link);
            IsShared = topology.Transactions;
            var clients = options.ReaderThreads + 2;
            using (var upgrading = new MongoPool(uri.For(options, !topology.Transactions, LongestUpgrade, 1), countCommands: false))
            using (var link = upgrading.Pop())
            {
                new MongoSchema(link, log).Start([.. plans.Values], rekey, cancel);
                committer = topology.Transactions
                    ? new MongoTransactions(clock, log)
                    : MongoJournal.Open(link, clock, options.Lease, log, cancel);
            }
            pool = new(uri.For(options, !topology.Transactions, LongestCall, clients), options.CountCommands);
            readers = new(pool, options, clock);
            writer = new(pool, committer, options, clock, log);
        }
        catch (MongoFailure failure)
        {
            throw failure.Refused
                ? new StoreConfigurationException(
                    "MongoDB refuses the user: the name or the password is wrong, or the user may not read and write the database.",
                    failure
                )
                : new StoreUnavailableException(failure.Message, failure);
        }
    }

    /// <summary>Without a replica set one process owns the database.</summary>
    public bool IsShared { get; private set; } = true;

    public IWorkspaceStore Open(WorkspaceKey workspace) => new MongoWorkspace(this, workspace);

    public ValueTask<Owner?> FindOwner(Collection collection, string field, string value, CancellationToken cancel) =>
        PlanOf(collection).Field(field).Installation
            ? FindClaim(PlanOf(collection), 0, field, value, cancel)
            : throw new ArgumentException($"The key '{field}' is not unique in the installation.");

    internal ValueTask<Owner?> FindClaim(MongoPlan plan, long ws, string name, string value, CancellationToken cancel)
    {
        var field = plan.Field(name);
        if (!field.Claimed)
            throw new ArgumentException($"The key '{name}' is not unique.");
        return Read<Owner?>(
            link =>
            {
                Owner? owner = null;
                link.Find(
                    ClaimsName,
                    new BsonWriter().Text("_id", plan.ClaimId(ws, field, value)),
                    document =>
                    {
                        owner = ReadClaim(document).Owner;
                        return false;
                    },
                    limit: 1,
                    budget: options.QueryBudget
                );
                return owner;
            },
            cancel
        );
    }

    public ValueTask<WorkspaceKey?> NextWorkspace(Collection collection, WorkspaceKey? after, CancellationToken cancel)
    {
        var plan = PlanOf(collection);
        return Read<WorkspaceKey?>(
            link =>
            {
                WorkspaceKey? next = null;
                link.Find(
                    plan.Name,
                    new BsonWriter().Document(Workspace.Field).Long("$gt", after?.Value ?? long.MinValue).Close(),
                    document =>
                    {
                        next = new(MongoDocument.Read(document).Workspace);
                        return false;
                    },
                    limit: 1,
                    new BsonWriter().Int(Workspace.Field, 1).Int("_id", 1),
                    [Workspace.Field],
                    options.QueryBudget
                );
                return next;
            },
            cancel
        );
    }

    /// <summary>A claim: who owns a unique value. Its identity is the value and where it is unique, so a second one cannot be stored, on a sharded cluster too.</summary>
    internal static byte[] WriteClaim(string id, long ws, Id owner) =>
        new BsonWriter().Text("_id", id).Is(ws).Text("i", MongoPlan.Suffix(owner)).ToArray();

    internal static (string Id, Owner Owner) ReadClaim(ReadOnlySpan<byte> document)
    {
        var (id, ws, owner) = ("", 0L, Id.Empty);
        for (var fields = new BsonReader(document); fields.Next(); )
            if (fields.Is("_id"u8))
                id = fields.Text;
            else if (fields.Is("w"u8))
                ws = fields.Long;
            else if (fields.Is("i"u8))
                owner = MongoPlan.IdOf(fields.Bytes);
        return (id, new(new(ws), owner));
    }

    public async ValueTask<bool> IsReady(CancellationToken cancel)
    {
        try
        {
            return await Read(
                link =>
                {
                    var found = false;
                    link.Find(
                        MetaName,
                        new BsonWriter().Text("_id", MongoSchema.VersionName),
                        _ => !(found = true),
                        limit: 1,
                        budget: options.QueryBudget
                    );
                    return found;
                },
                cancel
            );
        }
        catch (Exception failure) when (failure is StoreUnavailableException or QueryTooCostlyException or OperationCanceledException)
        {
            return false;
        }
    }

    internal ValueTask<T> Read<T>(Func<MongoLink, T> read, CancellationToken cancel) =>
        readers is { } started && !closed ? started.Read(read, cancel) : throw new StoreUnavailableException("The store is not started.");

    internal ValueTask<CommitResult> Commit(long ws, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        if (writer is not { } started)
            throw new StoreUnavailableException("The store is not started.");
        cancel.ThrowIfCancellationRequested();
        return changes.Count == 0 ? new(CommitResult.Done) : started.Commit(ws, MongoChange.Prepare(ws, changes, PlanOf), cancel);
    }

    internal MongoPlan PlanOf(Collection collection) =>
        plans.TryGetValue(collection.Name, out var plan)
            ? plan
            : throw new ArgumentException($"The store was not started with '{collection.Name}'.");

    public async ValueTask DisposeAsync()
    {
        if (closed)
            return;
        closed = true;
        if (writer is not null)
            await writer.DisposeAsync();
        readers?.Dispose();
        pool?.Dispose();
    }
}
