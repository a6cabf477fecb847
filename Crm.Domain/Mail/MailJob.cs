// A mail that is still to be made: what a form's post asks for in its own commit, so that what is stored is answered and reported.

using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Mail;

/// <summary>Names the post and nothing of what it says.</summary>
[Resource("mailJob", "mail-jobs", "mjob", "A mail that is still to be made.", Can = Operations.None, RecordsEvents = false)]
public sealed record MailJob : Resource
{
    /// <summary>The installation counts for each workspace how often mails were asked for there.</summary>
    public const string Counters = "mail/";

    [Field("Notification or answer.", Is = Is.Secret)]
    public MessagePurpose Purpose { get; init; }

    [Field("The form.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string Form { get; init; } = "";

    [Field("The entry.", Max = 64, Is = Is.Secret | Is.NoPerson)]
    public string Submission { get; init; } = "";

    [Field("When it is made.", Is = Is.Secret)]
    public DateTimeOffset DueAt { get; init; }

    [Field("Whether it is one of several in one mail.", Is = Is.Secret)]
    public bool Together { get; init; }

    [Field("The time as text.", Max = 40, Kind = TextKind.Name, Is = Is.Secret | Is.Indexed | Is.NoPerson)]
    public string Queue => QueueKey(DueAt);

    internal static string QueueKey(DateTimeOffset due) => due.ToUnixTimeMilliseconds().ToString("D15", CultureInfo.InvariantCulture);
}
