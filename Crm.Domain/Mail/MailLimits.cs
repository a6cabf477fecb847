// How many mails somebody who never asked for one may get because others post with their address.

namespace Crm.Domain.Mail;

public static class MailLimits
{
    /// <summary>Answers to one address in a day: of one form, and of all forms of a workspace.</summary>
    public const int OfFormToAddress = 1,
        ToAddress = 3;

    public static readonly TimeSpan Day = TimeSpan.FromHours(24),
        Hour = TimeSpan.FromHours(1);

    /// <summary>
    /// What the limits know an address by: what is behind a plus sign and dots before the @ make another address and, at most providers,
    /// the same mailbox. For limits only; nobody's mail is somebody else's by it.
    /// </summary>
    public static string Folded(string canonical)
    {
        var lower = canonical.ToLowerInvariant();
        var at = lower.LastIndexOf('@');
        if (at <= 0)
            return lower;
        var local = lower[..at];
        var plus = local.IndexOf('+', StringComparison.Ordinal);
        local = (plus > 0 ? local[..plus] : local).Replace(".", "", StringComparison.Ordinal);
        return string.Concat(local, "@", lower.AsSpan(at + 1));
    }
}
