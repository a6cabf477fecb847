// A message as it goes over the wire: headers that no value can add a line to, text and HTML in UTF-8, signed by the domain.

using System.Text;
using Crm.Domain.Mail;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using MimeKit;
using MimeKit.Cryptography;

namespace Crm.Api.Mail;

/// <summary>A mail with its envelope.</summary>
/// <param name="From">Where reports go; null: nowhere, as RFC 3834 wants it of answers that nobody reads reports of.</param>
public sealed record MadeMail(MimeMessage Mime, MailboxAddress? From, MailboxAddress To);

public sealed class MakeMail(Installation installation, Http.PublicUrl publicUrl)
{
    /// <summary>What a signature covers: also what a mail program unsubscribes by.</summary>
    static readonly HeaderId[] Signed =
    [
        HeaderId.From,
        HeaderId.To,
        HeaderId.Subject,
        HeaderId.Date,
        HeaderId.MessageId,
        HeaderId.ReplyTo,
        HeaderId.MimeVersion,
        HeaderId.ContentType,
        HeaderId.AutoSubmitted,
        HeaderId.ListId,
        HeaderId.ListUnsubscribe,
        HeaderId.ListUnsubscribePost,
    ];

    /// <summary>Null: its address cannot be written to, or is not there any more.</summary>
    public MadeMail? Run(WorkspaceKey workspace, Sender sender, Message message, DateTimeOffset now)
    {
        if (
            message.Address is not { } address
            || Mailbox(null, address) is not { } to
            || Mailbox(sender.FromName, sender.From!) is not { } from
        )
            return null;
        var mime = new MimeMessage { Subject = WriteMail.OneLine(message.Subject ?? ""), Date = now };
        if (message.MessageId is { } id)
            mime.MessageId = id;
        mime.From.Add(from);
        mime.To.Add(to);
        if ((message.ReplyTo ?? sender.ReplyTo) is { } replyTo && Mailbox(null, replyTo) is { } reply)
            mime.ReplyTo.Add(reply);
        // Programs that answer by themselves leave it alone.
        mime.Headers.Add(HeaderId.AutoSubmitted, message.Purpose == MessagePurpose.Answer ? "auto-replied" : "auto-generated");
        mime.Headers.Add("X-Auto-Response-Suppress", "All");
        mime.Headers.Add(HeaderId.ListId, $"<{Names.Camel(message.Purpose.ToString()).ToLowerInvariant()}.crm.{sender.Domain}>");
        var unsubscribe = Unsubscribe(workspace, message);
        if (unsubscribe is not null)
        {
            mime.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe}>");
            // One click by the mail program itself is for https only (RFC 8058).
            if (unsubscribe.StartsWith("https://", StringComparison.Ordinal))
                mime.Headers.Add(HeaderId.ListUnsubscribePost, "List-Unsubscribe=One-Click");
        }
        mime.Body = Body(message, unsubscribe);
        Sign(workspace, sender, mime);
        return new(mime, Return(workspace, sender, message), to);
    }

    /// <summary>Not of an answer to what somebody asked, nor to who works here.</summary>
    string? Unsubscribe(WorkspaceKey workspace, Message message) =>
        message.Purpose != MessagePurpose.Answer && !message.ToMember && publicUrl.Said is { } url
            ? $"{url}/u/{new MailToken(workspace, message.Id).Write(installation)}"
            : null;

    MailboxAddress? Return(WorkspaceKey workspace, Sender sender, Message message) =>
        sender.ReturnPath is { } path ? Mailbox(null, ReturnAddress.Of(installation, workspace, path, message.Id))
        : message.Purpose == MessagePurpose.Answer ? null
        : Mailbox(null, sender.From!);

    static MimeEntity Body(Message message, string? unsubscribe)
    {
        var words = MailWords.For(message.Language);
        var foot = unsubscribe is null ? "" : $"\n-- \n{words.Unsubscribe}\n{unsubscribe}\n";
        var text = Part("plain", Lines(message.Text ?? "") + foot);
        if (message.Html is not { Length: > 0 } html)
            return text;
        if (unsubscribe is not null)
            html += $"\n<p>{Escaped(words.Unsubscribe)} <a href=\"{Escaped(unsubscribe)}\">{Escaped(unsubscribe)}</a></p>\n";
        return new MultipartAlternative { text, Part("html", Lines(html)) };
    }

    static string Escaped(string value) => Domain.Templates.RenderTemplate.Escaped(value);

    /// <summary>Any line ends become the one that mails have when they are written.</summary>
    static string Lines(string text) => text.ReplaceLineEndings("\n");

    /// <summary>Quoted-printable or base64, whichever is shorter: no line of a mail may be longer than 998 bytes, and no server on the way
    /// may find a reason to change one and break the signature.</summary>
    static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype);
        part.SetText(Encoding.UTF8, text);
        part.ContentTransferEncoding = Mostly(text) ? ContentEncoding.QuotedPrintable : ContentEncoding.Base64;
        return part;
    }

    static bool Mostly(string text) => text.Count(c => c > '~') * 3 < text.Length;

    /// <summary>An address that another one could be hidden in is none. A name becomes one encoded or quoted word, whatever stands in
    /// it.</summary>
    static MailboxAddress? Mailbox(string? name, string address)
    {
        if (!Domain.Values.EmailAddress.TryNormalise(address, out var typed, out _, out _))
            return null;
        var at = typed.LastIndexOf('@');
        // The domain in ASCII: then the mail goes to servers that know no other, too.
        if (!Domain.Text.DomainName.TryToAscii(typed[(at + 1)..], out var domain, out _))
            return null;
        try
        {
            return new MailboxAddress(Encoding.UTF8, name is null ? null : WriteMail.OneLine(name), $"{typed[..at]}@{domain}");
        }
        catch (ParseException)
        {
            return null; // Some that carriers gave out, such as with two dots in a row, no mail server takes.
        }
    }

    void Sign(WorkspaceKey workspace, Sender sender, MimeMessage mime)
    {
        if (
            sender is not { DkimSelector: { } selector, DkimKey: not null }
            || SealedFields.Open(installation.MasterKeys, workspace, sender, "dkimKey") is not { } pem
        )
            return;
        using var key = new MemoryStream(Encoding.ASCII.GetBytes(pem));
        var signer = new DkimSigner(key, sender.Domain, selector)
        {
            HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed,
            AgentOrUserIdentifier = "@" + sender.Domain,
            QueryMethod = "dns/txt",
        };
        // What is signed must be what is sent.
        mime.Prepare(EncodingConstraint.SevenBit);
        signer.Sign(mime, [.. Signed.Where(header => mime.Headers.Contains(header))]);
    }
}
