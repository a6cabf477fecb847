// A file that only a passphrase opens, in pieces that can be neither changed, swapped, left out nor put in, and whose end is part of it.

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Stores;

namespace Crm.Api.Backups;

/// <summary>
/// Header: <c>CRMSEAL1</c>, rounds (4 bytes), salt (16), check (8), nonce prefix (7). Then pieces of 64 KiB and a last shorter one, each
/// AES-256-GCM with its tag behind it. A piece's nonce is the prefix, its number and whether it is the last (the STREAM construction), and
/// the header is authenticated with each. The key comes of the passphrase by PBKDF2-HMAC-SHA256; the check says that it is the right one
/// before anything is read.
/// </summary>
public static class SealedFile
{
    const int Rounds = 600_000,
        MostRounds = 10_000_000,
        SaltBytes = 16,
        CheckBytes = 8,
        PrefixBytes = 7,
        KeyBytes = 32,
        TagBytes = 16,
        HeaderBytes = 8 + 4 + SaltBytes + CheckBytes + PrefixBytes;

    public const int PieceBytes = 64 * 1024;

    static ReadOnlySpan<byte> Magic => "CRMSEAL1"u8;

    public static bool IsOne(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> begin = stackalloc byte[8];
        return stream.ReadAtLeast(begin, 8, throwOnEndOfStream: false) == 8 && begin.SequenceEqual(Magic);
    }

    /// <param name="first">Fills the first piece; at most <see cref="PieceBytes"/>, filled up with spaces.</param>
    public static async Task Write(ReadOnlyMemory<byte> first, Stream rest, Stream to, string passphrase)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), Rounds);
        RandomNumberGenerator.Fill(header.AsSpan(12, SaltBytes));
        RandomNumberGenerator.Fill(header.AsSpan(HeaderBytes - PrefixBytes));
        var (key, check) = Derive(passphrase, header);
        check.CopyTo(header, 12 + SaltBytes);
        await to.WriteAsync(header);
        using var cipher = new AesGcm(key, TagBytes);
        var plain = new byte[PieceBytes];
        plain.AsSpan().Fill((byte)' ');
        first.Span.CopyTo(plain);
        var (piece, length) = (new byte[PieceBytes + TagBytes], PieceBytes);
        for (uint number = 0; ; number++)
        {
            // A piece that is not full is the last; the content may end with a full one, and then an empty one follows.
            var last = length < PieceBytes;
            cipher.Encrypt(
                Nonce(header, number, last),
                plain.AsSpan(0, length),
                piece.AsSpan(0, length),
                piece.AsSpan(length, TagBytes),
                header
            );
            await to.WriteAsync(piece.AsMemory(0, length + TagBytes));
            if (last)
                return;
            length = await rest.ReadAtLeastAsync(plain, PieceBytes, throwOnEndOfStream: false);
        }
    }

    /// <summary>Writes what follows the first piece, and returns that. What it wrote counts only when it has returned.</summary>
    /// <param name="file">For sentences.</param>
    /// <exception cref="StoreConfigurationException">The passphrase is another, or the file is not as it was written.</exception>
    public static async Task<byte[]> Read(Stream from, Stream rest, string passphrase, string file)
    {
        var header = new byte[HeaderBytes];
        if (
            await from.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes
            || BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)) is not (> 0 and <= MostRounds)
        )
            throw Changed(file);
        var (key, check) = Derive(passphrase, header);
        if (!CryptographicOperations.FixedTimeEquals(check, header.AsSpan(12 + SaltBytes, CheckBytes)))
            throw new StoreConfigurationException($"The passphrase is not the one that '{file}' was encrypted with.");
        using var cipher = new AesGcm(key, TagBytes);
        byte[]? first = null;
        var (plain, piece) = (new byte[PieceBytes], new byte[PieceBytes + TagBytes]);
        for (uint number = 0; ; number++)
        {
            var length = await from.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false) - TagBytes;
            if (length < 0)
                throw Changed(file);
            var last = length < PieceBytes;
            try
            {
                cipher.Decrypt(
                    Nonce(header, number, last),
                    piece.AsSpan(0, length),
                    piece.AsSpan(length, TagBytes),
                    plain.AsSpan(0, length),
                    header
                );
            }
            catch (AuthenticationTagMismatchException)
            {
                throw Changed(file);
            }
            if (first is null)
                first = plain[..length];
            else
                await rest.WriteAsync(plain.AsMemory(0, length));
            if (!last)
                continue;
            return await from.ReadAsync(piece) == 0 ? first : throw Changed(file);
        }
    }

    static StoreConfigurationException Changed(string file) => new($"'{file}' is cut short or was changed since it was written.");

    static (byte[] Key, byte[] Check) Derive(string passphrase, byte[] header)
    {
        var secret = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(passphrase.Normalize(NormalizationForm.FormC)),
            header.AsSpan(12, SaltBytes),
            BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(8)),
            HashAlgorithmName.SHA256,
            KeyBytes
        );
        return (
            HKDF.Expand(HashAlgorithmName.SHA256, secret, KeyBytes, "crm backup key"u8.ToArray()),
            HKDF.Expand(HashAlgorithmName.SHA256, secret, CheckBytes, "crm backup check"u8.ToArray())
        );
    }

    static byte[] Nonce(byte[] header, uint number, bool last)
    {
        var nonce = new byte[12];
        header.AsSpan(HeaderBytes - PrefixBytes).CopyTo(nonce);
        BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(PrefixBytes), number);
        nonce[^1] = last ? (byte)1 : (byte)0;
        return nonce;
    }
}
