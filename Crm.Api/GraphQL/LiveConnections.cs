// Connections that stay open: how many there may be, and that they end when their key does or the product stops.

using System.Collections.Concurrent;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Api.Workers;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.GraphQL;

public enum EndedBy
{
    Nobody,
    Key,
    Stop,
}

/// <summary>One open connection. Dispose it when it is closed.</summary>
public sealed class LiveConnection(LiveConnections all, string address) : IDisposable
{
    readonly CancellationTokenSource ended = new();
    int reason;

    /// <summary>Counts by address until it is known whose it is.</summary>
    public string Address => address;

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
    /// <summary>On this node; of one key; of one address whose key is not known yet.</summary>
    public const int Most = 2_000,
        MostOfKey = 50,
        MostUnknown = 20;

    /// <summary>A revoked key is seen by a node within half a second; its connections end within one.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    readonly ConcurrentDictionary<LiveConnection, bool> open = new();
    readonly Lock gate = new();
    readonly CancellationToken stopping;

    public LiveConnections(Installation installation, IHostApplicationLifetime life, StoreOutage outage, ILogger<LiveConnections> log)
        : base(installation, outage, log)
    {
        stopping = life.ApplicationStopping;
        stopping.Register(() =>
        {
            foreach (var (connection, _) in open)
                connection.End(EndedBy.Stop);
        });
    }

    /// <summary>Null when there are too many.</summary>
    public LiveConnection? TryOpen(HttpContext http)
    {
        var connection = new LiveConnection(this, ClientAddress.LimitKey(http.Connection.RemoteIpAddress));
        lock (gate)
        {
            if (open.Count >= Most || open.Keys.Count(c => c.Caller is null && c.Address == connection.Address) >= MostUnknown)
                return null;
            open[connection] = true;
        }
        if (stopping.IsCancellationRequested)
            connection.End(EndedBy.Stop);
        return connection;
    }

    internal bool Give(LiveConnection connection, Caller caller)
    {
        lock (gate)
        {
            if (open.Keys.Count(c => c.Caller?.Key.Id == caller.Key.Id) >= MostOfKey)
                return false;
            connection.Caller = caller;
            return true;
        }
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
