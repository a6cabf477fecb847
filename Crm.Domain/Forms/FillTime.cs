// The signed time that a hosted page carries: says how long a visitor took, and cannot be made up.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Domain.Forms;

/// <summary>Signs with a key of the installation, so that every node knows the others' pages.</summary>
public sealed class FillTime(byte[] key, TimeProvider clock)
{
    public const string FieldName = "_t";
    static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    public enum Verdict
    {
        Fine,
        TooFast,
        Expired,
        Forged,
    }

    /// <summary>Unix milliseconds, a dot, 16 characters of HMAC over the form's key and the time.</summary>
    public string Token(string formKey)
    {
        var ms = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"{ms}.{Sign(formKey, ms)}";
    }

    public Verdict Judge(string token, string formKey, long minimumSeconds)
    {
        var dot = token.IndexOf('.');
        if (
            dot is < 1 or > 16
            || !long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            || !CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(Sign(formKey, token[..dot])),
                Encoding.UTF8.GetBytes(token[(dot + 1)..])
            )
        )
            return Verdict.Forged;
        var took = clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(ms);
        return took < TimeSpan.FromSeconds(minimumSeconds) ? Verdict.TooFast
            : took > Longest ? Verdict.Expired
            : Verdict.Fine;
    }

    string Sign(string formKey, string ms) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"fill-time|{formKey}|{ms}"))[..8]);
}
