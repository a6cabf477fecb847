// What the product signs so that others can check it without asking the product: compact JWS (RFC 7515) by Ed25519 (RFC 8037).

using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Domain.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Crm.Domain.Work;

/// <summary>The public half of a key that signs.</summary>
public sealed class VerifyingKey(byte[] publicKey)
{
    readonly Ed25519PublicKeyParameters key = new(publicKey);

    /// <summary>The JWK thumbprint (RFC 7638): the key's name wherever it is seen.</summary>
    public string Id { get; } =
        Base64Url.EncodeToString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes($"{{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"{Base64Url.EncodeToString(publicKey)}\"}}")
            )
        );

    public byte[] Bytes => publicKey;

    public string X => Base64Url.EncodeToString(publicKey);

    /// <summary>The payload of a text that this key signed as this type; null for everything else.</summary>
    public byte[]? Read(string signed, string type)
    {
        if (signed.Split('.') is not [var header, var payload, var signature])
            return null;
        try
        {
            var signer = new Ed25519Signer();
            signer.Init(false, key);
            var bytes = Encoding.ASCII.GetBytes($"{header}.{payload}");
            signer.BlockUpdate(bytes, 0, bytes.Length);
            if (!signer.VerifySignature(Base64Url.DecodeFromChars(signature)))
                return null;
            using var said = JsonDocument.Parse(Base64Url.DecodeFromChars(header));
            return said.RootElement.GetProperty("typ").ValueEquals(type) ? Base64Url.DecodeFromChars(payload) : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}

/// <summary>One of the installation's keys: see <see cref="Installation.Signer"/>.</summary>
public sealed class SigningKey
{
    readonly Ed25519PrivateKeyParameters key;

    /// <param name="seed">32 random bytes.</param>
    public SigningKey(byte[] seed)
    {
        key = new(seed);
        Public = new(key.GeneratePublicKey().GetEncoded());
    }

    public VerifyingKey Public { get; }

    /// <summary>A key for another purpose, as secret as this one.</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key.GetEncoded(), 32, info: Encoding.UTF8.GetBytes(purpose));

    /// <param name="type">What it is, so that a text of one kind is never taken for one of another.</param>
    public string Sign(string type, ReadOnlySpan<byte> payload)
    {
        var header = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(header))
        {
            writer.WriteStartObject();
            writer.WriteString("alg", "EdDSA");
            writer.WriteString("typ", type);
            writer.WriteString("kid", Public.Id);
            writer.WriteEndObject();
        }
        var text = $"{Base64Url.EncodeToString(header.WrittenSpan)}.{Base64Url.EncodeToString(payload)}";
        var signer = new Ed25519Signer();
        signer.Init(true, key);
        var bytes = Encoding.ASCII.GetBytes(text);
        signer.BlockUpdate(bytes, 0, bytes.Length);
        return $"{text}.{Base64Url.EncodeToString(signer.GenerateSignature())}";
    }
}
