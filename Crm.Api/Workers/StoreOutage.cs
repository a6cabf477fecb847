// What the log says of a store that is away: one line when the first worker meets it, one when the last of them has met it again.

namespace Crm.Api.Workers;

/// <summary>One for all workers of the process: each outage is one thing to the operator, however many work.</summary>
public sealed class StoreOutage(ILogger<StoreOutage> log)
{
    readonly HashSet<string> waiting = new(StringComparer.Ordinal);

    /// <param name="because">The store's own words.</param>
    public void Met(string worker, string because)
    {
        lock (waiting)
            if (waiting.Add(worker) && waiting.Count == 1)
                log.LogWarning("The store is not available; background work waits for it. {Because}", because);
    }

    public void Over(string worker)
    {
        lock (waiting)
            if (waiting.Remove(worker) && waiting.Count == 0)
                log.LogInformation("The store is back; background work goes on.");
    }
}
