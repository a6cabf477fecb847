// Connections that stay open: how many there may be, and that they end when their key does or the product stops.

using System.Collections.Concurrent;
using Crm.Api.Http;
using Crm.Api.Limiting;
using Crm.Api.Security;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Workers;

public enum EndedBy
{
    Nobody,
    Key,
    Stop,

    /// <summary>Too many connections of its address had not said whose they are, and it was silent longest.</summary>
    Silence,
}

/// <summary>One open connection. Dispose it when it is closed.</summary>
public sealed class LiveConnection(LiveConnections all, ulong network, long number) : IDisposable
{
    readonly CancellationTokenSource ended = new();
    int reason;

    /// <summary>Counts by address until it is known whose it is. See <see cref="Networks"/>.</summary>
    public ulong Network => network;

    /// <summary>The order in which connections came.</summary>
    public long Number => number;

    public Caller? Caller { get; internal set; }
    public EndedBy Reason => (EndedBy)Volatile.Read(ref reason);

    /// <summary>Cancelled when the connection must end.</summary>
    public CancellationToken Ended => ended.Token;

    internal void End(EndedBy by)
    {
        if (Interlocked.CompareExchange(ref reason, (int)by, (int)EndedBy.Nobody) == (int)EndedBy.Nobody)
            ended.Cancel();
    }

    /// <summary>From now on it is a key's connection; false when the key has too many.</summary>
    public bool Belongs(Caller caller) => all.Give(this, caller);

    /// <summary>Not disposed of itself: <see cref="End"/> may run at the same time, and there is no timer in it.</summary>
    public void Dispose() => all.Forget(this);
}

public sealed class LiveConnections : Worker
{
    /// <summary>Of keys on this node; of one key; on this node of those that have not said whose they are.</summary>
    public const int Most = 2_000,
        MostOfKey = 50,
        MostUnknown = 1_000;

    /// <summary>A revoked key is seen by a node within half a second; its connections end within one.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    readonly ConcurrentDictionary<LiveConnection, bool> open = new();
    readonly Lock gate = new();
    readonly CancellationToken stopping;
    readonly int mostOfAddress;
    long last;

    public LiveConnections(
        Installation installation,
        RateLimits limits,
        IHostApplicationLifetime life,
        StoreOutage outage,
        ILogger<LiveConnections> log
    )
        : base(installation, outage, log)
    {
        mostOfAddress = limits.Table.UnknownSockets;
        stopping = life.ApplicationStopping;
        stopping.Register(() =>
        {
            foreach (var (connection, _) in open)
                connection.End(EndedBy.Stop);
        });
    }

    /// <summary>
    /// A connection that says whose it is counts for its key and for nothing else. One that does not counts for its address until it does;
    /// where these are too many, the one that was silent longest ends: who fills the places of an address with silence shuts nobody out, as
    /// those who say their key at once have it said before their turn to go comes.
    /// </summary>
    /// <param name="caller">Whose it is, if the request says so; null: its first message will.</param>
    /// <returns>Null when the key has too many.</returns>
    public LiveConnection? TryOpen(HttpContext http, Caller? caller)
    {
        var connection = new LiveConnection(this, Networks.Of(http.Connection.RemoteIpAddress), Interlocked.Increment(ref last));
        LiveConnection? silent = null;
        lock (gate)
        {
            if (caller is not null)
            {
                if (!Give(connection, caller))
                    return null;
            }
            else
                silent = Longest(connection.Network);
            open[connection] = true;
        }
        silent?.End(EndedBy.Silence);
        if (stopping.IsCancellationRequested)
            connection.End(EndedBy.Stop);
        return connection;
    }

    internal bool Give(LiveConnection connection, Caller caller)
    {
        lock (gate)
        {
            if (connection.Caller?.Key.Id == caller.Key.Id)
                return true;
            var (all, ofKey) = (0, 0);
            foreach (var (other, _) in open)
                if (other.Caller is { } known)
                {
                    all++;
                    ofKey += known.Key.Id == caller.Key.Id ? 1 : 0;
                }
            if (all >= Most || ofKey >= MostOfKey)
                return false;
            connection.Caller = caller;
            return true;
        }
    }

    /// <summary>Of those that have not said whose they are, the oldest of the address, of its larger networks or of all, whichever of them
    /// has its share; null when none has.</summary>
    LiveConnection? Longest(ulong network)
    {
        var silent = open.Keys.Where(c => c.Caller is null && c.Reason == EndedBy.Nobody).ToList();
        foreach (
            var (most, isOf) in new (int, Func<ulong, bool>)[]
            {
                (mostOfAddress, other => other == network),
                (4 * mostOfAddress, other => !Networks.IsIpv4(network) && Networks.Of56(other) == Networks.Of56(network)),
                (16 * mostOfAddress, other => !Networks.IsIpv4(network) && Networks.Of48(other) == Networks.Of48(network)),
                (MostUnknown, _ => true),
            }
        )
            if (silent.Where(c => isOf(c.Network)).ToList() is { } those && those.Count >= most)
                return those.MinBy(c => c.Number);
        return null;
    }

    internal void Forget(LiveConnection connection) => open.TryRemove(connection, out _);

    protected override string Name => "live-connections";
    protected override TimeSpan LongestPause => TimeSpan.FromSeconds(1);

    /// <summary>While the store is away nothing can be read over a connection either.</summary>
    protected override async ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop)
    {
        foreach (var each in open.Keys.Where(c => c.Caller is not null).GroupBy(c => c.Caller!.Key.Hash))
            if (
                await Installation.Settings.Find(KnownKey.ByHash, each.Key, stop) is not { } found
                || !found.Key.IsUsable(Installation.Clock.GetUtcNow())
            )
                foreach (var connection in each)
                    connection.End(EndedBy.Key);
        return LookEvery;
    }
}
