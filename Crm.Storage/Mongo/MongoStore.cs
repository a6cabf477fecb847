// The MongoDB store: connects, finds out what the server can promise, and brings together readers and writer.

using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>One MongoDB database, shared by any number of nodes when it is on a replica set or a sharded cluster. See DESIGN.md beside this
/// folder for the reasons.</summary>
public sealed class MongoStore(MongoStoreOptions options, TimeProvider clock) : IStore
{
    internal const string ClaimsName = "crm_claims",
        CountersName = "crm_counters",
        CommitsName = "crm_commits",
        MetaName = "crm_meta",
        PositionsName = "crm_positions";

    /// <summary>What it keeps besides the resources' collections.</summary>
    internal static readonly string[] OwnCollections = [ClaimsName, CountersName, CommitsName, MetaName, PositionsName];

    /// <summary>A call that takes longer is given up: with the time to find a server it stays under the 5 s in which the API
    /// answers.</summary>
    static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(4);

    /// <summary>
    /// At the start nobody waits for an answer: a server may be a little later than the product, and the driver's code is compiled on the
    /// way.
    /// </summary>
    const int PatienceAtStart = 5;

    /// <summary>Indexes of a large collection take their time.</summary>
    static readonly TimeSpan LongestUpgrade = TimeSpan.FromHours(6);

    readonly Dictionary<string, MongoPlan> plans = [];
    readonly Action<string> log = options.Log ?? (_ => { });
    readonly SemaphoreSlim reading = new(options.Reads);
    readonly MongoOrder order = new(clock);
    MongoConnection? connection;
    MongoWriter? writer;
    bool closed;

    internal MongoStoreOptions Options => options;

    /// <summary>Commands sent to servers since the process started, by stores that count them.</summary>
    public static long Commands => MongoConnection.Commands;

    public async Task Start(IReadOnlyList<Collection> collections, Rekey rekey, CancellationToken cancel)
    {
        if (connection is not null)
            throw new InvalidOperationException("The store is started already.");
        plans.Clear();
        foreach (var collection in collections)
            plans.Add(collection.Name, new(collection));
        var uri = new MongoUri(options.Uri);
        try
        {
            MongoTopology topology;
            // Asked with the options every server takes.
            using (var asking = Connect(uri, standalone: true, PatienceAtStart * options.Patience, LongestCall))
                topology = await MongoTopology.Ask(asking.Link, cancel);
            IsShared = topology.Transactions;
            IMongoCommitter committer;
            MongoSequencer sequencer;
            using (var upgrading = Connect(uri, !topology.Transactions, PatienceAtStart * options.Patience, LongestUpgrade))
            {
                await new MongoSchema(upgrading.Link, log).Start([.. plans.Values], rekey, cancel);
                committer = topology.Transactions
                    ? new MongoTransactions(clock, log)
                    : await MongoJournal.Open(upgrading.Link, clock, options.Lease, log, cancel);
                sequencer = new([.. plans.Values], committer);
                // What an upgrade found without a position, and what a killed process left.
                await sequencer.Run(upgrading.Link);
            }
            connection = Connect(uri, !topology.Transactions, options.Patience, LongestCall, options.CountCommands);
            writer = new(connection.Link, committer, sequencer, options, clock, log);
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

    MongoConnection Connect(MongoUri uri, bool standalone, TimeSpan patience, TimeSpan longestCall, bool countCommands = false)
    {
        var (settings, database) = uri.For(options, standalone, patience, longestCall);
        return new(settings, database, countCommands);
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
            async (link, stop) =>
            {
                Owner? owner = null;
                await link.Find(
                    ClaimsName,
                    new BsonWriter().Text("_id", plan.ClaimId(ws, field, value)),
                    document =>
                    {
                        owner = ReadClaim(document).Owner;
                        return false;
                    },
                    stop,
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
            async (link, stop) =>
            {
                WorkspaceKey? next = null;
                await link.Find(
                    plan.Name,
                    new BsonWriter().Document(Workspace.Field).Long("$gt", after?.Value ?? long.MinValue).Close(),
                    document =>
                    {
                        next = new(MongoDocument.Read(document).Workspace);
                        return false;
                    },
                    stop,
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

    /// <summary>A claim: who owns a unique value. Its identity is the value and where it is unique, so a second one cannot be stored, on a
    /// sharded cluster too.</summary>
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
                async (link, stop) =>
                {
                    var found = false;
                    await link.Find(
                        MetaName,
                        new BsonWriter().Text("_id", MongoSchema.VersionName),
                        _ => !(found = true),
                        stop,
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

    /// <summary>What waited too long for its turn is refused: callers hear it while they still listen.</summary>
    internal async ValueTask<T> Read<T>(Func<MongoLink, CancellationToken, Task<T>> read, CancellationToken cancel)
    {
        if (connection is not { } started || closed)
            throw new StoreUnavailableException("The store is not started.");
        if (!await reading.WaitAsync(options.Patience, cancel))
            throw new StoreUnavailableException("Too many reads wait for MongoDB.");
        try
        {
            return await read(started.Link, cancel);
        }
        catch (MongoFailure failure)
        {
            throw failure.TooCostly ? new QueryTooCostlyException() : new StoreUnavailableException(failure.Message, failure);
        }
        finally
        {
            reading.Release();
        }
    }

    internal ValueTask<CommitResult> Commit(long ws, IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        if (writer is not { } started)
            throw new StoreUnavailableException("The store is not started.");
        cancel.ThrowIfCancellationRequested();
        return changes.Count == 0 ? new(CommitResult.Done) : started.Commit(ws, MongoChange.Prepare(ws, changes, PlanOf, order), cancel);
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
        connection?.Dispose();
    }
}
