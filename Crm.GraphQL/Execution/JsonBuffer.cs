// The answer as it grows; what turned out to be null is taken back.

using System.Buffers;

namespace Crm.GraphQL.Execution;

/// <summary>Bytes from the pool; dispose it when they have been sent.</summary>
public sealed class JsonBuffer : IDisposable
{
    byte[] bytes = ArrayPool<byte>.Shared.Rent(32 * 1024);

    /// <summary>How long it may become; writing more throws <see cref="AnswerTooLargeException"/>.</summary>
    public int Most { get; set; } = Array.MaxLength;

    /// <summary>Can be set back, not forward.</summary>
    public int Length { get; set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Write(byte one)
    {
        if (Length == bytes.Length)
            Grow(1);
        bytes[Length++] = one;
    }

    public void Write(ReadOnlySpan<byte> more)
    {
        if (Length + more.Length > bytes.Length)
            Grow(more.Length);
        more.CopyTo(bytes.AsSpan(Length));
        Length += more.Length;
    }

    /// <summary>One after the other.</summary>
    public void Write(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var length = one.Length + other.Length;
        if (Length + length > bytes.Length)
            Grow(length);
        var room = bytes.AsSpan(Length, length);
        one.CopyTo(room);
        other.CopyTo(room[one.Length..]);
        Length += length;
    }

    void Grow(int more)
    {
        if ((long)Length + more > Most)
            throw new AnswerTooLargeException();
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length * 2, Length + more));
        bytes.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }

    public void Dispose()
    {
        if (bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(bytes);
        (bytes, Length) = ([], 0);
    }
}

/// <summary>An answer would be longer than it may be.</summary>
public sealed class AnswerTooLargeException() : Exception("The answer would be too large.");
