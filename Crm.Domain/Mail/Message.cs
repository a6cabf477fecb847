// A message: a mail that we sent, with what became of it, or one that came in.

using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Templates;

namespace Crm.Domain.Mail;

public enum MessageDirection
{
    Out,
    In,
}

/// <summary>What a mail is for.</summary>
public enum MessagePurpose
{
    /// <summary>The team hears of a form's posts.</summary>
    Notification,

    /// <summary>Whoever posted a form is answered.</summary>
    Answer,

    /// <summary>A person wrote to us.</summary>
    Reply,

    /// <summary>A mail server reports of a mail, and which one it means is not understood.</summary>
    Report,
}

public enum MessageStatus
{
    Waiting,
    Sent,
    Bounced,
    Complained,
    Failed,
    Received,
}

[Resource("message", "messages", "msg", "A mail that was sent, with what became of it, or one that came in.", Can = Operations.Read)]
public sealed record Message : Resource
{
    /// <summary>Why a mail was not sent: its recipient wants none, or none arrives there.</summary>
    public const string Suppressed = "suppressed";

    public static readonly StateTable States = StateTable
        .Of<Message, MessageStatus>("status", message => message.Status)
        .Product(MessageStatus.Sent, MessageStatus.Waiting, MessageStatus.Failed)
        .Product(MessageStatus.Failed, MessageStatus.Waiting)
        .Product(MessageStatus.Bounced, MessageStatus.Waiting, MessageStatus.Sent, MessageStatus.Failed)
        .Product(MessageStatus.Complained, MessageStatus.Waiting, MessageStatus.Sent, MessageStatus.Bounced, MessageStatus.Failed);

    [Field("Sent (out) or come in (in).", Is = Is.ReadOnly | Is.Filterable)]
    public MessageDirection Direction { get; init; }

    [Field("What it is for.", Is = Is.ReadOnly | Is.Filterable)]
    public MessagePurpose Purpose { get; init; }

    [Field("What became of it.", Is = Is.ReadOnly | Is.Indexed)]
    public MessageStatus Status { get; init; }

    [Field("Why it failed, bounced or was not sent, as a word: mailbox_unknown, suppressed, ...", Max = 40, Is = Is.ReadOnly | Is.NoPerson)]
    public string? Reason { get; init; }

    [Field("The lead it is about.", Refers = typeof(Lead), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Lead { get; init; }

    [Field("The form whose post led to it.", Refers = typeof(Form), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Id? Form { get; init; }

    [Field(
        "The sender that it leaves by or came in for.",
        Refers = typeof(Sender),
        Is = Is.ReadOnly | Is.Indexed,
        OnDelete = OnDelete.Keep
    )]
    public Id? Sender { get; init; }

    [Field("The message that it answers.", Refers = typeof(Message), Is = Is.ReadOnly, OnDelete = OnDelete.Keep)]
    public Id? InReplyTo { get; init; }

    [Field("Who gets it; of one that came in, who wrote it.", Kind = TextKind.Email, Is = Is.ReadOnly | Is.Personal | Is.Indexed)]
    public string? Address { get; init; }

    [Field("Where its reader's answer goes.", Kind = TextKind.Email, Is = Is.ReadOnly | Is.Personal)]
    public string? ReplyTo { get; init; }

    [Field("Whether its reader works here: then it has no link to unsubscribe by.", Is = Is.ReadOnly)]
    public bool ToMember { get; init; }

    [Field("Its language.", Kind = TextKind.Language, Is = Is.ReadOnly)]
    public string? Language { get; init; }

    [Field("The subject.", Max = 1000, Is = Is.ReadOnly | Is.Personal)]
    public string? Subject { get; init; }

    [Field("What it says.", Kind = TextKind.Long, Max = RenderTemplate.MostBytes, Is = Is.ReadOnly | Is.Personal)]
    public string? Text { get; init; }

    [Field("The same as HTML.", Kind = TextKind.Long, Max = RenderTemplate.MostBytes, Is = Is.ReadOnly | Is.Personal)]
    public string? Html { get; init; }

    [Field("When it left or came in.", Is = Is.ReadOnly | Is.Filterable)]
    public DateTimeOffset? At { get; init; }

    [Field("The Message-ID that another mail server knows it by.", Max = 300, Is = Is.ReadOnly | Is.Opaque)]
    public string? MessageId { get; init; }

    /// <summary>Answers to one address in the order of their times: a range of it says how many there were.</summary>
    [Field("Folded address and time of an answer.", Max = 320, Kind = TextKind.Name, Is = Is.Secret | Is.Indexed | Is.Opaque)]
    public string? AnsweredKey { get; init; }

    /// <summary>Answers and notifications of one form in the order of their times.</summary>
    [Field("Purpose, form and time.", Max = 80, Kind = TextKind.Name, Is = Is.Secret | Is.Indexed | Is.NoPerson)]
    public string? FormKey { get; init; }

    /// <summary>A mail that came in is taken once.</summary>
    [Field("Sender and Message-ID of a mail that came in.", Max = 100, Is = Is.Secret | Is.Unique | Is.NoPerson)]
    public string? CameInKey { get; init; }

    internal static string KeyOf(string name, DateTimeOffset at) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}|{at.ToUnixTimeMilliseconds():D15}");

    /// <summary>Those of a name since then.</summary>
    internal static Filter Since(string key, string name, DateTimeOffset since) =>
        new Filter.And([
            new Filter.Compare(key, Comparison.Gte, Key.Of(KeyOf(name, since))),
            new Filter.Compare(key, Comparison.Lt, Key.Of(name + "|~")),
        ]);
}
