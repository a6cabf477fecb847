// What mails a form's posts lead to: one to the team, one to whoever posted.

using System.Collections.Immutable;
using Crm.Domain.Mail;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Forms;

public enum NotifyAs
{
    Instant,
    Hourly,
    Daily,
}

/// <summary>Who of the team hears of a form's posts.</summary>
public sealed record FormNotification
{
    [Field("The sender that the mails leave by.", Refers = typeof(Sender), Is = Is.Required | Is.Filterable)]
    public Id? Sender { get; init; }

    [Field("Members who hear of it.", Max = 20, Refers = typeof(Member), Is = Is.Filterable)]
    public ImmutableArray<Id> Members { get; init; } = [];

    [Field(
        "Addresses that hear of it, of people who are no members.",
        Kind = TextKind.Email,
        Max = 20,
        Example = "office@silva.example.org"
    )]
    public ImmutableArray<string> Addresses { get; init; } = [];

    [Field("At once (instant), or together every hour or every day.")]
    public NotifyAs As { get; init; }

    [Field(
        "Mails an hour at most, to each of them. The last one says so, and what follows in that hour comes together afterwards.",
        Min = 1,
        Max = 1000
    )]
    public long PerHour { get; init; } = 60;

    [Field("The language of the mails (BCP 47); the form's when empty.", Kind = TextKind.Language, Example = "pt")]
    public string? Language { get; init; }

    [Field("Off: nobody hears of it.")]
    public bool Active { get; init; } = true;
}

/// <summary>What whoever posted is answered.</summary>
public sealed record FormAnswer
{
    [Field("The sender that the mails leave by.", Refers = typeof(Sender), Is = Is.Required | Is.Filterable)]
    public Id? Sender { get; init; }

    [Field(
        "What the answer says; empty: that the message has arrived, in the visitor's language. Its places are name, firstName, form, site and workspace, and nothing else of what was posted: anybody can post with anybody's address.",
        Refers = typeof(MailTemplate),
        Is = Is.Filterable
    )]
    public Id? Template { get; init; }

    [Field("Answers of this form an hour at most.", Min = 1, Max = 10_000)]
    public long PerHour { get; init; } = 20;

    [Field("Off: nobody is answered.")]
    public bool Active { get; init; } = true;
}
