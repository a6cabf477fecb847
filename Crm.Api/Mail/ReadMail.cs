// Reads a mail that came in, whoever wrote it: its text, whom it answers, and what a report says. Never throws; what cannot be read is
// text.

using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Crm.Domain.Mail;
using Crm.Domain.Resources;
using MimeKit;

namespace Crm.Api.Mail;

public static partial class ReadMail
{
    /// <summary>How deep parts may lie in parts; characters of text that are kept; addresses, ids and tokens that are looked at.</summary>
    const int Deepest = 20,
        MostText = 100_000,
        MostNamed = 50;

    public static IncomingMail Run(byte[] bytes)
    {
        MimeMessage mime;
        try
        {
            using var stream = new MemoryStream(bytes, writable: false);
            var options = ParserOptions.Default.Clone();
            options.MaxMimeDepth = Deepest;
            mime = MimeMessage.Load(options, stream);
        }
        catch (Exception error) when (error is FormatException or IOException or ArgumentException)
        {
            return new(null, null, [], [], "", Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, MostText))), false, null);
        }
        var report = Report(mime);
        return new(
            mime.MessageId is { Length: > 0 } id ? TextRules.Cut(id, 300) : null,
            mime.From.Mailboxes.FirstOrDefault()?.Address,
            [.. Addressed(mime).Take(MostNamed)],
            [.. new[] { mime.InReplyTo }.Concat(mime.References.Reverse()).OfType<string>().Take(MostNamed)],
            mime.Subject ?? "",
            Tidy(TextOf(mime)),
            IsAutomatic(mime),
            report
        );
    }

    static string Tidy(string text) => TextRules.TryTidy(TextRules.Cut(text, MostText), keepLines: true, out var tidy, out _) ? tidy : "";

    static IEnumerable<string> Addressed(MimeMessage mime) =>
        mime
            .To.Mailboxes.Concat(mime.Cc.Mailboxes)
            .Select(one => one.Address)
            .Concat(
                mime.Headers.Where(header => header.Field.ToLowerInvariant() is "delivered-to" or "x-original-to" or "envelope-to")
                    .Select(header => header.Value.Trim().Trim('<', '>'))
            );

    /// <summary>RFC 3834 and what came before it.</summary>
    static bool IsAutomatic(MimeMessage mime) =>
        mime.Headers[HeaderId.AutoSubmitted] is { } auto && !auto.Trim().StartsWith("no", StringComparison.OrdinalIgnoreCase)
        || mime.Headers.Contains("X-Autoreply")
        || mime.Headers.Contains("X-Autorespond")
        || mime.Headers.Contains(HeaderId.ListId)
        || mime.Headers["X-Auto-Response-Suppress"] is not null
        || mime.Headers[HeaderId.Precedence]?.Trim().ToLowerInvariant() is "bulk" or "auto_reply" or "list" or "junk"
        || mime.Headers[HeaderId.ReturnPath]?.Trim() is "<>";

    static string TextOf(MimeMessage mime)
    {
        if (mime.TextBody is { } text)
            return text;
        // Marks of HTML are cut out: what is kept is read as text and by nothing that runs it.
        return mime.HtmlBody is { } html ? WebUtility.HtmlDecode(WithoutMarks(TextRules.Cut(html, 4 * MostText))) : "";
    }

    /// <summary>Once through, whatever stands in it.</summary>
    static string WithoutMarks(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length; )
        {
            var open = html.IndexOf('<', at);
            if (open < 0)
                return text.Append(html, at, html.Length - at).ToString();
            text.Append(html, at, open - at);
            var close = html.IndexOf('>', open);
            if (close < 0)
                return text.ToString();
            at = close + 1;
            foreach (var hidden in Hidden)
                if (html.AsSpan(open + 1).StartsWith(hidden, StringComparison.OrdinalIgnoreCase))
                {
                    var end = html.IndexOf("</" + hidden, at, StringComparison.OrdinalIgnoreCase);
                    at = end < 0 ? html.Length : end;
                }
            text.Append(html.AsSpan(open + 1).StartsWith("br", StringComparison.OrdinalIgnoreCase) ? '\n' : ' ');
        }
        return text.ToString();
    }

    static readonly string[] Hidden = ["style", "script", "head", "title"];

    // ---- Reports

    static MailReport? Report(MimeMessage mime)
    {
        var parts = mime.BodyParts.Take(100).ToList();
        var feedback = parts.OfType<MessageFeedbackReport>().FirstOrDefault();
        var delivery = parts.OfType<MessageDeliveryStatus>().FirstOrDefault();
        if (feedback is null && delivery is null)
            return null;
        var (status, hasFailed) = delivery is null ? (null, false) : Status(delivery);
        var originals = Originals(parts);
        return new(
            feedback is not null,
            status,
            hasFailed,
            [.. originals.SelectMany(Ids).Distinct().Take(MostNamed)],
            [
                .. originals
                    .SelectMany(headers => new[] { headers["Return-Path"], headers["X-Return-Path"] })
                    .Concat([feedback?.Fields["Original-Mail-From"]])
                    .OfType<string>()
                    .Select(address => address.Trim().Trim('<', '>'))
                    .Take(MostNamed),
            ],
            [
                .. originals
                    .Select(headers => headers["List-Unsubscribe"])
                    .OfType<string>()
                    .SelectMany(links => Token().Matches(TextRules.Cut(links, 4000)))
                    .Select(match => match.Groups[1].Value)
                    .Take(MostNamed),
            ]
        );
    }

    static IEnumerable<string> Ids(HeaderList headers) =>
        headers["Message-ID"] is { } id ? [TextRules.Cut(id.Trim().Trim('<', '>'), 300)] : [];

    [GeneratedRegex("/u/([A-Za-z0-9_-]{20,80})", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex Token();

    /// <summary>The worst that is said of a recipient: a mail of ours has one.</summary>
    static (string? Status, bool HasFailed) Status(MessageDeliveryStatus report)
    {
        HeaderListCollection groups;
        try
        {
            groups = report.StatusGroups;
        }
        catch (Exception error) when (error is FormatException or IOException)
        {
            return (null, false);
        }
        foreach (var group in groups.Take(MostNamed))
            if (group["Action"]?.Trim().Equals("failed", StringComparison.OrdinalIgnoreCase) == true)
                return (group["Status"]?.Trim().Split(' ')[0], true);
        return (null, false);
    }

    /// <summary>The mail that a report is about, whole or only its headers.</summary>
    static List<HeaderList> Originals(IEnumerable<MimeEntity> parts)
    {
        var originals = new List<HeaderList>();
        foreach (var part in parts)
            switch (part)
            {
                case MessagePart { Message: { } whole }:
                    originals.Add(whole.Headers);
                    break;
                case MimePart { Content: not null } text when text.ContentType.IsMimeType("text", "rfc822-headers"):
                    using (var content = new MemoryStream())
                    {
                        text.Content.DecodeTo(content);
                        content.Position = 0;
                        try
                        {
                            originals.Add(HeaderList.Load(content));
                        }
                        catch (FormatException)
                        {
                            // Then it says nothing.
                        }
                    }
                    break;
            }
        return originals;
    }
}
