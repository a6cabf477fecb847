// The one way to seal what leaves the product and comes back: a keyed hash that nobody can make up.

using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>Seals texts with one of the installation's random keys (HMAC-SHA-256), the same on every node. Safe for any number of
/// callers.</summary>
public sealed class TokenSeal
{
    volatile byte[]? key;

    /// <summary>A hash for each thread that stays keyed: keying one anew takes four times as long as using it.</summary>
    readonly ThreadLocal<IncrementalHash> keyed;

    /// <param name="key">Null: it lies in a store that could not be asked yet.</param>
    public TokenSeal(byte[]? key)
    {
        this.key = key;
        keyed = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, this.key ?? throw NoKey));
    }

    static StoreUnavailableException NoKey => new("The installation's keys are in the database, which has not been reached yet.");

    /// <summary>The key was found.</summary>
    public void Use(byte[] found) => key = found;

    /// <summary>The first bytes of the seal, as many as <paramref name="seal"/> takes (at most 32).</summary>
    public void Write(ReadOnlySpan<byte> text, Span<byte> seal)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        keyed.Value!.AppendData(text);
        keyed.Value.GetHashAndReset(hash);
        hash[..seal.Length].CopyTo(seal);
    }

    /// <summary>The seal in lower-case hex: two characters for each byte.</summary>
    public string Hex(ReadOnlySpan<byte> text, int bytes = 10)
    {
        Span<byte> seal = stackalloc byte[bytes];
        Write(text, seal);
        return Convert.ToHexStringLower(seal);
    }

    /// <summary>Whether this is the text's seal; takes as long for a wrong one as for the right one.</summary>
    public bool IsHex(ReadOnlySpan<byte> text, string seal, int bytes = 10) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Hex(text, bytes)), Encoding.UTF8.GetBytes(seal));

    /// <summary>Whether these are the first bytes of the text's seal.</summary>
    public bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> seal)
    {
        Span<byte> right = stackalloc byte[seal.Length];
        Write(text, right);
        return CryptographicOperations.FixedTimeEquals(right, seal);
    }

    // ---- A content with its seal

    /// <summary>A content that leaves the product behind its seal, in letters that an address can have.</summary>
    /// <param name="context">What it belongs to: sealed along, not sent.</param>
    /// <param name="sealBytes">How long the seal is.</param>
    public string Enclose(ReadOnlySpan<byte> content, string context, int sealBytes)
    {
        var whole = new byte[sealBytes + content.Length];
        Write(Sealed(content, context), whole.AsSpan(0, sealBytes));
        content.CopyTo(whole.AsSpan(sealBytes));
        return Base64Url.EncodeToString(whole);
    }

    /// <summary>The content of a text of <see cref="Enclose"/> that came back; null for one that is not ours, or not of this
    /// context.</summary>
    public byte[]? Disclose(string text, string context, int sealBytes)
    {
        var whole = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (
            Base64Url.DecodeFromChars(text, whole, out _, out var length) != OperationStatus.Done
            || length <= sealBytes
            || !Is(Sealed(whole.AsSpan(sealBytes, length - sealBytes), context), whole.AsSpan(0, sealBytes))
            // One text for one content: letters may differ in bits that no byte is made of.
            || Base64Url.EncodeToString(whole.AsSpan(0, length)) != text
        )
            return null;
        return whole[sealBytes..length];
    }

    /// <summary>What is sealed: the context, an empty byte, and the content.</summary>
    static byte[] Sealed(ReadOnlySpan<byte> content, string context)
    {
        var length = Encoding.UTF8.GetByteCount(context);
        var text = new byte[length + 1 + content.Length];
        Encoding.UTF8.GetBytes(context, text);
        content.CopyTo(text.AsSpan(length + 1));
        return text;
    }
}
