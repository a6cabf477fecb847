// A page of documents in one pooled buffer: a list is copied once from the database and once to the socket.

using System.Buffers;

namespace Crm.Domain.Stores;

/// <summary>Documents in order. Dispose it when the bytes have been written: the buffer goes back to the pool.</summary>
/// <param name="expected">About how many documents there will be.</param>
public sealed class Page(int expected = 1) : IDisposable
{
    const int UsualBytes = 2048,
        MostAtFirst = 256 * 1024;

    readonly List<(Id Id, long Version, int Start, int Length, int Computed)> rows = [];
    byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Clamp(expected * UsualBytes, UsualBytes, MostAtFirst));
    int used;
    Dictionary<int, DamagedRecordException>? damaged;

    public int Count => rows.Count;

    /// <summary>Of all documents and what stands between them.</summary>
    public long Bytes => used;

    /// <summary>Whether a document of this length may come into a page of so many bytes; the first one always may.</summary>
    public bool HasRoom(int length, long mostBytes) => rows.Count == 0 || used + 1L + length <= mostBytes;

    /// <summary>Where the next page starts; null when there is no further row.</summary>
    public Position? Next { get; set; }

    /// <summary>The bytes are valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="DamagedRecordException">It is damaged.</exception>
    public Row this[int index]
    {
        get
        {
            if (damaged is not null && damaged.TryGetValue(index, out var damage))
                throw damage;
            var (id, version, start, length, computed) = rows[index];
            return new(id, version, buffer.AsMemory(start, length), computed);
        }
    }

    /// <summary>All documents with a comma between each two: what stands inside a JSON array. Valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="DamagedRecordException">One of them is damaged.</exception>
    public ReadOnlyMemory<byte> Joined => damaged is null ? buffer.AsMemory(0, used) : throw damaged.MinBy(found => found.Key).Value;

    /// <summary>The place of the first damaged document; null when all are sound.</summary>
    public int? FirstDamaged => damaged?.Keys.Min();

    /// <summary>Which document is at this place, whether it can be read or not.</summary>
    public (Id Id, long Version) VersionAt(int index) => (rows[index].Id, rows[index].Version);

    /// <summary>What is wrong with the document at this place; null when it is sound.</summary>
    public DamagedRecordException? DamageAt(int index) => damaged?.GetValueOrDefault(index);

    /// <summary>From now on this document cannot be read; the others can.</summary>
    public void MarkDamaged(int index, DamagedRecordException damage) => (damaged ??= [])[index] = damage;

    /// <param name="members">The document's computed members; empty when it has none.</param>
    public void Add(Id id, long version, ReadOnlySpan<byte> json, ReadOnlySpan<byte> members = default)
    {
        if (used + json.Length + members.Length + 1 > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, used + json.Length + members.Length + 1));
            buffer.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        if (rows.Count > 0)
            buffer[used++] = (byte)',';
        var length = json.Length;
        if (members.IsEmpty)
            json.CopyTo(buffer.AsSpan(used));
        else
            length = Annotations.Join(json, members, buffer.AsSpan(used));
        rows.Add((id, version, used, length, length - json.Length));
        used += length;
    }

    public void Dispose()
    {
        if (buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, used) = ([], 0);
    }
}
