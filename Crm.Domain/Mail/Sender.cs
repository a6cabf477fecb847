// A sender: the mail server that mails leave by, and in whose name.

using Crm.Domain.Resources;
using Crm.Domain.Text;

namespace Crm.Domain.Mail;

/// <summary>How the connection to the mail server is encrypted.</summary>
public enum MailTls
{
    /// <summary>From the first byte, usually on port 465.</summary>
    Implicit,

    /// <summary>Asked for in the open, usually on port 587; a server that does not offer it gets nothing.</summary>
    StartTls,

    /// <summary>Not at all: for a server of one's own in one's own network.</summary>
    None,
}

[Resource("sender", "senders", "snd", "The mail server that mails leave by, and in whose name they are written.")]
public sealed record Sender : Resource
{
    [Field("What people call it.", Max = 100, Is = Is.Required | Is.Searchable | Is.Sortable, Example = "Silva, answers")]
    public string? Name { get; init; }

    [Field("The mail server (SMTP).", Max = 253, Is = Is.Required, Example = "smtp.silva.example.org")]
    public string? Host { get; init; }

    [Field("Its port; 465 when empty, or 587 with startTls and 25 with none.", Min = 1, Max = 65535, Example = "465")]
    public long? Port { get; init; }

    [Field("How the connection is encrypted: implicit (from the first byte), startTls, or none, which takes no password.")]
    public MailTls Tls { get; init; }

    [Field("The name that it is signed in with; none: it is not.", Max = 320, Example = "crm@silva.example.org")]
    public string? User { get; init; }

    [Field("The password for it. Sealed: it is shown to nobody.", Max = 1000)]
    public SealedText? Password { get; init; }

    [Field("The address that mails come from.", Kind = TextKind.Email, Is = Is.Required, Example = "hello@silva.example.org")]
    public string? From { get; init; }

    [Field("The name beside it.", Max = 100, Example = "Silva Energia")]
    public string? FromName { get; init; }

    [Field("Where answers go; from when empty.", Kind = TextKind.Email, Example = "office@silva.example.org")]
    public string? ReplyTo { get; init; }

    [Field(
        "A mailbox whose mails come in at inboxKey: mail servers report there what could not be delivered. Without one, answers to visitors are sent without a return address.",
        Kind = TextKind.Email,
        Example = "bounces@silva.example.org"
    )]
    public string? ReturnPath { get; init; }

    [Field("The name under which from's domain publishes the key that signs (DKIM).", Max = 100, Example = "crm1")]
    public string? DkimSelector { get; init; }

    [Field("The private key that signs mails (DKIM), RSA or Ed25519, in PEM. Sealed: it is shown to nobody.", Max = 8000)]
    public SealedText? DkimKey { get; init; }

    [Field("How many mails one domain of recipients is sent a minute at most, by each node.", Min = 1, Max = 10_000)]
    public long PerMinuteAndDomain { get; init; } = 300;

    [Field("Off: its mails wait for a retry and nothing new is sent by it.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    [Field(
        "Names the sender in /in/mail/{key}, where mail servers hand over what comes in for it.",
        Max = 40,
        Is = Is.ReadOnly | Is.UniqueEverywhere
    )]
    public string? InboxKey { get; init; }

    /// <summary>The port that counts.</summary>
    public int UsedPort =>
        (int)(
            Port
            ?? Tls switch
            {
                MailTls.Implicit => 465,
                MailTls.StartTls => 587,
                _ => 25,
            }
        );

    /// <summary>The domain that a mail of it is from: what SPF, DKIM and DMARC are looked up for.</summary>
    public string Domain => DomainOf(From ?? "");

    /// <summary>In ASCII.</summary>
    public static string DomainOf(string address) =>
        address.LastIndexOf('@') is >= 0 and var at && DomainName.TryToAscii(address[(at + 1)..], out var ascii, out _) ? ascii : "";

    public override void Check(FieldErrors errors)
    {
        // A single word too: names of one's own network, such as a container's.
        if (
            Host is { } host
            && !System.Net.IPAddress.TryParse(host, out _)
            && (host.StartsWith('.') || host.EndsWith('.') || host.Any(c => !char.IsLetterOrDigit(c) && c is not ('-' or '.' or '_')))
        )
            errors.Add("host", "invalid", "Must be the name of a mail server, without scheme and port: smtp.example.org.");
        if (Tls == MailTls.None && (User is not null || Password is not null))
            errors.Add("tls", "invalid", "A password is not sent over a connection that is not encrypted: choose implicit or startTls.");
        if (User is null != Password is null)
            errors.Add(User is null ? "user" : "password", "required", "User and password belong together.");
        if (DkimSelector is null != DkimKey is null)
            errors.Add(DkimSelector is null ? "dkimSelector" : "dkimKey", "required", "DKIM needs a selector and a key.");
        if (
            DkimSelector is { } selector
            && (
                selector.StartsWith('.')
                || selector.EndsWith('.')
                || selector.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            )
        )
            errors.Add("dkimSelector", "invalid", "Must be a name in letters, digits, hyphens and dots.");
    }
}
