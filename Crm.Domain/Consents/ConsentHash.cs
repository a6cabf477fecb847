// The hashes of receipts: of what one says, under a key of its own, and of its place in the chain, under one of the installation's.

using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Consents;

static class ConsentHash
{
    const int KeyBytes = 32;

    public static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The keyed hash of everything that never changes; null when the key went with the person.</summary>
    public static string? OfContent(ConsentReceipt receipt)
    {
        if (receipt.Key is not { } key)
            return null;
        var json = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(json))
        {
            writer.WriteStartObject();
            writer.WriteString("givenBy", receipt.GivenBy);
            writer.WriteString("purpose", receipt.Purpose);
            writer.WriteBoolean("granted", receipt.Granted);
            writer.WriteString("basis", Names.Camel(receipt.Basis.ToString()));
            writer.WriteString("text", receipt.Text);
            writer.WriteString("textVersion", receipt.TextVersion);
            writer.WriteString("language", receipt.Language);
            writer.WriteString("page", receipt.Page);
            writer.WriteNumber("at", receipt.At!.Value.ToUnixTimeMilliseconds());
            writer.WriteString("method", Names.Camel(receipt.Method.ToString()));
            writer.WriteString("form", receipt.Form?.Text<Form>());
            writer.WriteString("submission", receipt.Submission?.Text<Submission>());
            writer.WriteString("withdraws", receipt.Withdraws?.Text<ConsentReceipt>());
            writer.WriteEndObject();
        }
        return Convert.ToHexStringLower(HMACSHA256.HashData(Convert.FromBase64String(key), json.WrittenSpan));
    }

    /// <summary>The key of the chain's hashes: of the key that signs, so that it is sealed with it. Null where that is not.</summary>
    public static byte[]? ChainKey(Installation installation) => installation.Signer?.Derive("consents");

    public static string OfPlace(byte[] chainKey, WorkspaceSettings settings, ConsentReceipt receipt, long seq, string? previous) =>
        Convert.ToHexStringLower(
            HMACSHA256.HashData(
                chainKey,
                Encoding.UTF8.GetBytes(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{settings.Key.Value}|{seq}|{previous}|{receipt.Id.Text<ConsentReceipt>()}|{receipt.Content}"
                    )
                )
            )
        );
}
