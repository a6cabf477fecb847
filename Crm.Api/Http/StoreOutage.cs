// What the log says of a store that is away: one line when the first request or worker meets it, one when the last of them has met it
// again.

using Crm.Api.Spooling;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Http;

/// <summary>One for the whole process: each outage is one thing to the operator, however many requests are refused and workers
/// wait.</summary>
public sealed class StoreOutage(ILogger<StoreOutage> log, Installation? installation = null, Spool? spool = null) : IDisposable
{
    const string Requests = "requests";

    /// <summary>How often it is looked whether requests would be answered again.</summary>
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    readonly HashSet<string> waiting = new(StringComparer.Ordinal);
    volatile bool ended;

    public void Dispose() => ended = true;

    /// <param name="because">The store's own words.</param>
    public void Met(string worker, string because) => IsNew(worker, because);

    public void Over(string worker)
    {
        lock (waiting)
            if (waiting.Remove(worker) && waiting.Count == 0)
                log.LogInformation("The store is back.");
    }

    /// <summary>Where a request that was refused for it is answered otherwise than by <see cref="Problems"/>.</summary>
    public static void Met(HttpContext by, StoreUnavailableException away) =>
        by.RequestServices.GetRequiredService<StoreOutage>().MetByRequest(away);

    /// <summary>A request was refused for it. That it is back no request says: reads may go on all the time.</summary>
    public void MetByRequest(StoreUnavailableException away)
    {
        if (
            IsNew(Requests, away.InnerException is { } inner ? $"{away.Message} {inner.Message}" : away.Message) && installation is not null
        )
            _ = LookUntilBack(installation);
    }

    async Task LookUntilBack(Installation watched)
    {
        do await Task.Delay(LookEvery, watched.Clock);
        while (!ended && !await watched.Store.IsReady(CancellationToken.None));
        if (!ended)
            Over(Requests);
    }

    bool IsNew(string who, string because)
    {
        lock (waiting)
        {
            if (!waiting.Add(who))
                return false;
            if (waiting.Count == 1)
                log.LogWarning(
                    "The store is not available: {Kept}requests that need it are answered 503, and background work waits. {Because}",
                    spool?.File is null ? "" : "form posts are kept in the spool, other ",
                    because
                );
            return true;
        }
    }
}
