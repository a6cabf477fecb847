// The signed time that a hosted page carries: says how long a visitor took, and cannot be made up.

using System.Globalization;
using System.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

/// <summary>Signs with a key of the installation, so that every node knows the others' pages.</summary>
public sealed class FillTime(TokenSeal seal, TimeProvider clock)
{
    /// <summary>The purpose of the installation's key that signs it.</summary>
    public const string Purpose = "fill-time";

    public static FillTime Of(Installation installation) => new(installation.Seal(Purpose), installation.Clock);

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
        return $"{ms}.{seal.Hex(Text(formKey, ms), SealBytes)}";
    }

    /// <summary>Whether a text is one of these tokens by its looks. Pages use the name <c>_t</c> for cache busters and times of their own;
    /// what does not even look like ours says nothing.</summary>
    public static bool LooksLikeOurs(string text) =>
        text.IndexOf('.') == MillisecondDigits
        && text.Length == MillisecondDigits + 1 + 2 * SealBytes
        && !text.AsSpan(0, MillisecondDigits).ContainsAnyExceptInRange('0', '9');

    /// <summary>Until the year 2286.</summary>
    const int MillisecondDigits = 13;

    /// <param name="posted">When the post came.</param>
    public Verdict Judge(string token, string formKey, long minimumSeconds, DateTimeOffset posted)
    {
        var dot = token.IndexOf('.');
        if (
            dot is < 1 or > 16
            || !long.TryParse(token.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            || !seal.IsHex(Text(formKey, token[..dot]), token[(dot + 1)..], SealBytes)
        )
            return Verdict.Forged;
        var took = posted - DateTimeOffset.FromUnixTimeMilliseconds(ms);
        return took < TimeSpan.FromSeconds(minimumSeconds) ? Verdict.TooFast
            : took > Longest ? Verdict.Expired
            : Verdict.Fine;
    }

    const int SealBytes = 8;

    static byte[] Text(string formKey, string ms) => Encoding.UTF8.GetBytes($"fill-time|{formKey}|{ms}");
}
