// How many bytes the commits of one request put on disk: what a stranger's request costs is what it stores.

using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>
/// Each unit of work adds to it once its commit is on disk, whichever use case it belongs to: a door that forgot to ask would be one that
/// costs nothing. Only what runs in the same request is measured.
/// </summary>
public sealed class StoredBytes
{
    /// <summary>What a row costs besides its JSON, and each of its keys and counters besides their text: about what the stores'
    /// tables and indexes take.</summary>
    const int OfRow = 120,
        OfKey = 48;

    static readonly AsyncLocal<StoredBytes?> Current = new();

    long total;

    public long Total => Interlocked.Read(ref total);

    /// <summary>From here on, in this request.</summary>
    public static StoredBytes Measure() => Current.Value = new();

    internal static void Add(IReadOnlyList<Change> changes)
    {
        if (Current.Value is not { } measured)
            return;
        var bytes = 0L;
        for (var i = 0; i < changes.Count; i++)
            bytes += changes[i] switch
            {
                Change.Insert one => Of(one.Document),
                Change.Append one => Of(one.Document),
                Change.Replace one => Of(one.Document),
                Change.Count one => one.Counters.Names.Count * OfKey,
                _ => OfKey,
            };
        Interlocked.Add(ref measured.total, bytes);
    }

    /// <summary>What one record takes, by the same measure.</summary>
    public static long Of(Document document)
    {
        var bytes = OfRow + (long)document.Json.Length + document.Words.Count * OfKey;
        for (var i = 0; i < document.Keys.Count; i++)
            bytes += OfKey + (document.Keys[i].Value.Text?.Length ?? 0);
        return bytes;
    }
}
