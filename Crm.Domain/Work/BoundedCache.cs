// A bounded memory of what was read, valid for one generation of what it was read from.

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Crm.Domain.Work;

/// <summary>
/// Keeps what was used last: half of it is young, and when the young half is full it becomes the old one, whose entries are young again
/// when they are asked for. So many different keys in a row push out
/// what nobody asks for, and not everything at once. All that was kept in an earlier generation is as good as forgotten.
/// </summary>
/// <param name="most">Entries, about.</param>
sealed class BoundedCache<TKey, TValue>(int most)
    where TKey : notnull
{
    sealed class State(long generation, ConcurrentDictionary<TKey, TValue>? old)
    {
        public long Generation => generation;
        public ConcurrentDictionary<TKey, TValue>? Old => old;
        public ConcurrentDictionary<TKey, TValue> Young { get; } = new();
        public int Added;
    }

    State state = new(0, null);

    public bool TryGet(TKey key, long generation, [MaybeNullWhen(false)] out TValue value)
    {
        var now = Volatile.Read(ref state);
        value = default;
        if (now.Generation != generation)
            return false;
        if (now.Young.TryGetValue(key, out value))
            return true;
        if (now.Old is null || !now.Old.TryGetValue(key, out value))
            return false;
        Put(now, key, value);
        return true;
    }

    /// <param name="generation">As it was before the value was read: what changed since then leaves the entry unseen.</param>
    public void Keep(TKey key, TValue value, long generation)
    {
        var now = Volatile.Read(ref state);
        if (now.Generation < generation)
        {
            Interlocked.CompareExchange(ref state, new(generation, null), now);
            now = Volatile.Read(ref state);
        }
        if (now.Generation == generation)
            Put(now, key, value);
    }

    void Put(State now, TKey key, TValue value)
    {
        now.Young[key] = value;
        // Counted by hand: the dictionary would lock all of itself to say how many it has.
        if (Interlocked.Increment(ref now.Added) == most / 2)
            Interlocked.CompareExchange(ref state, new(now.Generation, now.Young), now);
    }
}
