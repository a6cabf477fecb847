// A page of documents in one pooled buffer: a list is copied once from the database and once to the socket.

using System.Buffers;

namespace Crm.Domain.Stores;

/// <summary>Documents in order. Dispose it when the bytes have been written: the buffer goes back to the pool.</summary>
/// <param name="expected">About how many documents there will be.</param>
public sealed class Page(int expected = 1) : IDisposable
{
    const int UsualBytes = 2048,
        MostAtFirst = 256 * 1024;

    readonly List<(Id Id, long Version, int Start, int Length)> rows = [];
    byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Clamp(expected * UsualBytes, UsualBytes, MostAtFirst));
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

    /// <summary>All documents with a comma between each two: what stands inside a JSON array. Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Joined => buffer.AsMemory(0, used);

    public void Add(Id id, long version, ReadOnlySpan<byte> json)
    {
        if (used + json.Length + 1 > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(buffer.Length * 2, used + json.Length + 1));
            buffer.AsSpan(0, used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
        if (rows.Count > 0)
            buffer[used++] = (byte)',';
        json.CopyTo(buffer.AsSpan(used));
        rows.Add((id, version, used, json.Length));
        used += json.Length;
    }

    public void Dispose()
    {
        if (buffer.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, used) = ([], 0);
    }
}
