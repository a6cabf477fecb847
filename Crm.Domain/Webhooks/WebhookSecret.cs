// What a webhook's requests are signed with, and how: as Standard Webhooks 1.0 says.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

public static class WebhookSecret
{
    const string Start = "whsec_";
    const int Bytes = 32;

    public static string New() => Start + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The header's value: one signature, or two while there is a secret of before.</summary>
    /// <param name="id">The message's id, the same at each try.</param>
    /// <param name="at">When this try begins.</param>
    public static string Sign(
        Installation installation,
        WorkspaceSettings settings,
        Webhook hook,
        string id,
        DateTimeOffset at,
        ReadOnlySpan<byte> body
    )
    {
        var start = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        var signed = (byte[])[.. start, .. body];
        var signature = Signature(SealedFields.Open(installation.MasterKeys, settings.Key, hook, "secret")!, signed);
        return hook.OldSecretUntil > at && SealedFields.Open(installation.MasterKeys, settings.Key, hook, "oldSecret") is { } old
            ? $"{signature} {Signature(old, signed)}"
            : signature;
    }

    static string Signature(string secret, byte[] signed) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Start.Length..]), signed));
}
