// The keys that open what the database must not say by itself: they come from outside of it.

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Problems;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>32 bytes, and the name by which what it sealed names it.</summary>
public sealed class MasterKey
{
    public const int Bytes = 32;

    readonly byte[] key;

    /// <param name="key">32 random bytes.</param>
    public MasterKey(byte[] key)
    {
        this.key = key;
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(key, "crm master key"u8).AsSpan(0, 4));
    }

    /// <summary>Says nothing of the key.</summary>
    public string Id { get; }

    /// <summary>A key and a nonce for one text: as many texts as one likes may be sealed.</summary>
    internal void Derive(ReadOnlySpan<byte> salt, Span<byte> keyAndNonce) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, keyAndNonce, salt, "crm sealed 1"u8);
}

/// <summary>
/// AES-256-GCM, with the place where a text is stored as what is authenticated along: at another place its ciphertext opens nothing. Safe
/// for any number of callers.
/// </summary>
public sealed class MasterKeys
{
    const int SaltBytes = 16,
        TagBytes = 16,
        AesKeyBytes = 32,
        NonceBytes = 12;

    /// <summary>The form of a sealed text: <c>s1.KEY.BASE64URL</c>.</summary>
    const string Form = "s1";

    readonly Func<MasterKey>? make;
    readonly string? place;
    readonly Lock making = new();
    volatile IReadOnlyList<MasterKey> known;
    volatile bool isAnothers;

    /// <summary>None, and nowhere to look for one: who only reads needs none.</summary>
    public MasterKeys()
        : this([], null, null) { }

    /// <param name="known">The first seals; those behind it only open what they sealed before.</param>
    /// <param name="make">Makes and keeps one where there is none; null: somebody has to say one.</param>
    /// <param name="place">Where keys are looked for, for sentences.</param>
    public MasterKeys(IReadOnlyList<MasterKey> known, Func<MasterKey>? make, string? place) =>
        (this.known, this.make, this.place) = (known, make, place);

    /// <summary>Whether an installation is not opened whose secrets none of these keys opens.</summary>
    public bool MustOpen { get; init; }

    /// <summary>Whether a text can be sealed, if need be with a key that is made for it.</summary>
    public bool CanSeal => known.Count > 0 || make is not null && !isAnothers;

    public bool Knows(string id) => known.Any(key => key.Id == id);

    /// <summary>The name of the key that sealed a text; null when it is none that was sealed.</summary>
    public static string? KeyOf(string text) => text.Split('.') is [Form, var id, _] ? id : null;

    /// <summary>What is stored was sealed by a key that is not here: none is made in its place.</summary>
    /// <exception cref="StoreConfigurationException">It may not be opened so.</exception>
    public void Lacks(string id)
    {
        isAnothers = true;
        if (MustOpen)
            throw new StoreConfigurationException(
                $"The secrets in the database are sealed by the master key {id}, which is not here: bring it back to {place ?? "Crm__MasterKey"}. An older key stands behind the newer one, with a comma between them."
            );
    }

    /// <param name="where">The place where it is stored, and the only one where it opens.</param>
    /// <exception cref="ProblemException">There is no key.</exception>
    public string Seal(string text, string where)
    {
        var key = First();
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[SaltBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(whole.AsSpan(0, SaltBytes));
        Span<byte> derived = stackalloc byte[AesKeyBytes + NonceBytes];
        key.Derive(whole.AsSpan(0, SaltBytes), derived);
        using (var aes = new AesGcm(derived[..AesKeyBytes], TagBytes))
            aes.Encrypt(
                derived[AesKeyBytes..],
                plain,
                whole.AsSpan(SaltBytes + TagBytes),
                whole.AsSpan(SaltBytes, TagBytes),
                Encoding.UTF8.GetBytes(where)
            );
        CryptographicOperations.ZeroMemory(derived);
        CryptographicOperations.ZeroMemory(plain);
        return $"{Form}.{key.Id}.{Base64Url.EncodeToString(whole)}";
    }

    /// <exception cref="ProblemException">Its key is not here, or it was sealed for another place or changed.</exception>
    public string Open(string sealedText, string where)
    {
        if (sealedText.Split('.') is not [Form, var id, var content] || !Base64Url.IsValid(content))
            throw Unusable("A stored secret is not in the form in which secrets are sealed.");
        var key = known.FirstOrDefault(key => key.Id == id)
            ?? throw Unusable(
                $"A stored secret is sealed by the master key {id}, which this server does not have{(place is null ? "" : $": it belongs to {place}")}."
            );
        var whole = Base64Url.DecodeFromChars(content);
        if (whole.Length < SaltBytes + TagBytes)
            throw Unusable("A stored secret is cut short.");
        Span<byte> derived = stackalloc byte[AesKeyBytes + NonceBytes];
        key.Derive(whole.AsSpan(0, SaltBytes), derived);
        var plain = new byte[whole.Length - SaltBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(derived[..AesKeyBytes], TagBytes);
            aes.Decrypt(
                derived[AesKeyBytes..],
                whole.AsSpan(SaltBytes + TagBytes),
                whole.AsSpan(SaltBytes, TagBytes),
                plain,
                Encoding.UTF8.GetBytes(where)
            );
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Unusable("A stored secret was sealed for another record, or was changed.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    MasterKey First()
    {
        if (known is [var first, ..])
            return first;
        lock (making)
        {
            if (known is [var made, ..])
                return made;
            if (make is null || isAnothers)
                throw Missing();
            return (known = [make()])[0];
        }
    }

    /// <summary>What needs a secret cannot be done.</summary>
    public static ProblemException Missing() =>
        Unusable(
            "This server has no master key, which seals secrets: set Crm__MasterKey to 32 random bytes in base64 (openssl rand -base64 32), the same on every node."
        );

    static ProblemException Unusable(string sentence) => new(ProblemCodes.SecretUnusable, sentence);
}
