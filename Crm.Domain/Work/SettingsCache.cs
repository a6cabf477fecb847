// What nearly every request needs and few change, kept in memory until one changes: workspaces' settings, and records by their public keys.

using System.Collections.Concurrent;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>
/// Reads through to the store and keeps what it found. A change in this process is seen by the next request: the entry is forgotten after
/// its commit and before its answer, and with it all that was found in its generation. Loads that began before a change are not kept. On a
/// database with several nodes each change counts up in the store, every node looks there a few times a second (<see cref="Look"/>), and
/// what is kept counts only for a moment after a look: a node that was stopped for a while trusts nothing that it remembers.
/// </summary>
public sealed class SettingsCache(IStore store, SettingsPlan plan, TimeProvider clock)
{
    const int Most = 50_000;

    /// <summary>Of each look-up: each entry may hold the settings of its time.</summary>
    const int MostSeen = 5_000;
    readonly ConcurrentDictionary<WorkspaceKey, WorkspaceSettings> workspaces = new();

    /// <summary>By <see cref="RecordLookup{T, TFound}"/>: a bounded cache of what it found.</summary>
    readonly ConcurrentDictionary<object, object> found = new();

    /// <summary>The same by what was seen last, however long ago, for when the store shows nothing.</summary>
    readonly ConcurrentDictionary<object, object> seen = new();
    long generation;
    long lookedAt;
    long failedAt;
    long counted;

    /// <summary>The installation's counter of changes to settings.</summary>
    public const string Counter = "settings";

    /// <summary>How often a node looks whether settings changed elsewhere.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>So long after a failure what was seen last is given at once: not everybody waits to find the store away once
    /// more.</summary>
    static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>After so long without a look nothing that is kept counts. With it, a change is seen everywhere within a second.</summary>
    static readonly TimeSpan Trusted = TimeSpan.FromMilliseconds(900);

    bool Counts => !store.IsShared || Volatile.Read(ref lookedAt) is var at && at != 0 && clock.GetElapsedTime(at) < Trusted;

    /// <summary>Forgets everything when another node changed something.</summary>
    public async ValueTask Look(CancellationToken cancel)
    {
        var began = clock.GetTimestamp();
        var now = await store.Open(WorkspaceKey.Installation).Counters(Counter, 1, cancel) is [var (_, value)] ? value : 0;
        if (now != counted)
        {
            counted = now;
            Interlocked.Increment(ref generation);
            workspaces.Clear();
        }
        Volatile.Write(ref lookedAt, began);
    }

    /// <summary>
    /// Drops what is kept of a workspace. Settings change rarely, so what is remembered by key, slug or host goes with it, whosever it is.
    /// </summary>
    public void Forget(WorkspaceKey workspace)
    {
        Interlocked.Increment(ref generation);
        workspaces.TryRemove(workspace, out _);
    }

    public async ValueTask<WorkspaceSettings> Workspace(WorkspaceKey key, CancellationToken cancel)
    {
        if (Counts && workspaces.TryGetValue(key, out var known))
            return known;
        var began = Volatile.Read(ref generation);
        var loaded = await WorkspaceSettings.Load(plan, new(store.Open(key)), cancel);
        if (workspaces.Count >= Most)
            workspaces.Clear();
        workspaces[key] = loaded;
        // A change between our reading and our keeping would otherwise stay unseen.
        if (Volatile.Read(ref generation) != began)
            workspaces.TryRemove(key, out _);
        return loaded;
    }

    /// <summary>What a feature's look-up finds by this value of its key; null when there is none.</summary>
    public ValueTask<TFound?> Find<T, TFound>(RecordLookup<T, TFound> lookup, string value, CancellationToken cancel)
        where T : Resource
        where TFound : class
    {
        var kept = (BoundedCache<string, TFound?>)found.GetOrAdd(lookup, static _ => new BoundedCache<string, TFound?>(Most));
        var began = Volatile.Read(ref generation);
        return Counts && kept.TryGet(value, began, out var known) ? new(known) : Read(lookup, kept, value, began, cancel);
    }

    /// <summary>What a look-up finds; while the store is away what it found last, which may be old. Throws <see
    /// cref="StoreUnavailableException"/> when it never found anything.</summary>
    public async ValueTask<TFound?> FindOrLastSeen<T, TFound>(RecordLookup<T, TFound> lookup, string value, CancellationToken cancel)
        where T : Resource
        where TFound : class
    {
        if (!store.IsShared)
            return await Find(lookup, value, cancel);
        var last = (BoundedCache<string, TFound?>)seen.GetOrAdd(lookup, static _ => new BoundedCache<string, TFound?>(MostSeen));
        var (failed, isKnown) = (Volatile.Read(ref failedAt), last.TryGet(value, 0, out var before));
        if (isKnown && failed != 0 && clock.GetElapsedTime(failed) < AskAgain)
            return before;
        if (failed != 0)
            Volatile.Write(ref failedAt, clock.GetTimestamp()); // this one asks; whoever comes meanwhile does not
        try
        {
            var found = await Find(lookup, value, cancel);
            if (failed != 0)
                Volatile.Write(ref failedAt, 0);
            if ((found is not null || lookup.RemembersMissing) && !(isKnown && ReferenceEquals(before, found)))
                last.Keep(value, found, 0);
            return found;
        }
        catch (StoreUnavailableException)
        {
            Volatile.Write(ref failedAt, clock.GetTimestamp());
            if (isKnown)
                return before;
            throw;
        }
    }

    async ValueTask<TFound?> Read<T, TFound>(
        RecordLookup<T, TFound> lookup,
        BoundedCache<string, TFound?> kept,
        string value,
        long began,
        CancellationToken cancel
    )
        where T : Resource
        where TFound : class
    {
        var read = await lookup.Read(store, Workspace, value, cancel);
        if (read is not null || lookup.RemembersMissing)
            kept.Keep(value, read, began);
        return read;
    }
}
