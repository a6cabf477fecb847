// A page of documents in one pooled buffer: a list is copied once from the database and once to the socket.

using System.Buffers;

namespace Crm.Domain.Stores;

/// <summary>Documents in order. Dispose it when the bytes have been written: the buffer goes back to the pool.</summary>
public sealed class Page : IDisposable
{
    readonly List<(Id Id, long Version, int Start, int Length)> rows = [];
    byte[] buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
    int used;

    public int Count => rows.Count;

    /// <summary>Where the next page starts; null when there is no further row.</summary>
    public Position? Next { get; set; }

    /// <summary>The bytes are valid until <see cref="Dispose"/>.</summary>
    public Row this[int index]
    {
        get
        {
            var (id, version, start, length) = rows[index];
            return new(id, version, buffer.AsMemory(start, length));
        }
    }

    public void Add(Id id, long version, ReadOnlySpan<byte> json)
    {
        if (used + json.Length > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, used + json.Length));
            buffer.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        json.CopyTo(buffer.AsSpan(used));
        rows.Add((id, version, used, json.Length));
        used += json.Length;
    }

    public void Dispose()
    {
        if (buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }
}
