// How a post becomes the entry that is kept, and how a kept entry becomes a post again.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Text;

namespace Crm.Domain.Forms;

public static class KeptPost
{
    [ThreadStatic]
    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? scratch;

    static (ArrayBufferWriter<byte>, Utf8JsonWriter) Scratch()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new(buffer, JsonText.Trusted));
    }

    /// <summary>Names that steer the post and are no data; tokens of captchas are never kept.</summary>
    static readonly HashSet<string> Tokens = new(StringComparer.Ordinal)
    {
        "g-recaptcha-response",
        "h-captcha-response",
        "cf-turnstile-response",
        FillTime.FieldName,
    };

    /// <summary>Whether a name steers the post instead of saying something (<c>_next</c>, <c>_key</c>, ...).</summary>
    public static bool IsControl(string name) => name.Length > 0 && name[0] == '_' || Tokens.Contains(name) || name is "form-name";

    /// <summary>The entry as it came: everything posted, what the form does not know listed by name.</summary>
    public static Submission Entry(PlannedForm form, FormPost post, PostOrigin from) =>
        WithPost(
            new()
            {
                Form = form.Form.Id,
                Page = from.Page,
                Referrer = from.Referrer,
                Origin = from.Origin,
                Ip = from.Ip,
                UserAgent = from.UserAgent,
                AcceptLanguage = from.AcceptLanguage,
                IdempotencyKey = from.IdempotencyKey,
                ContentType = post.ContentType,
            },
            form,
            post
        );

    /// <summary>The entry with what its body says, which a reader of today may read better than the one that took it in.</summary>
    static Submission WithPost(Submission entry, PlannedForm form, FormPost post) =>
        entry with
        {
            Fields = Write(post.Fields),
            UnknownFields = [.. form.Unknown(post)],
            Files =
            [
                .. post.Files.Select(f => new FileNote
                {
                    Field = f.Name,
                    Name = TextRules.Cut(f.FileName, 255),
                    ContentType = f.ContentType is null ? null : TextRules.Cut(f.ContentType, 200),
                    Size = f.Size,
                }),
            ],
            Notes = [.. post.Notes],
            Raw = post.Problem is null || post.Raw.IsEmpty ? null : Convert.ToBase64String(post.Raw.Span),
        };

    /// <summary>Bytes of a field, and of all that the form does not know, in an entry that came over a limit.</summary>
    const int MostOfLimited = 1024,
        MostUnknownOfLimited = 8 * 1024;

    /// <summary>A post over a limit: what a person needs to answer it, and not what fills a disk. The bytes of a body that could not be
    /// read go, and what of a field is beyond 1 KiB.</summary>
    public static FormPost WithoutBulk(PlannedForm form, FormPost post)
    {
        var (fields, notes, room, dropped) = (new List<PostedField>(), post.Notes.ToList(), MostUnknownOfLimited, 0);
        foreach (var (name, values) in post.Fields)
        {
            var (left, cut, kept) = (MostOfLimited, false, new List<string>());
            foreach (var value in values)
            {
                var part = TextRules.CutBytes(value, left);
                cut |= part.Length < value.Length;
                left -= Encoding.UTF8.GetByteCount(part);
                if (part.Length > 0 || value.Length == 0 && kept.Count < 20)
                    kept.Add(part);
            }
            if (form.Field(name) is null && !IsControl(name) && (room -= Encoding.UTF8.GetByteCount(name) + MostOfLimited - left) < 0)
            {
                dropped++;
                continue;
            }
            fields.Add(new(name, kept));
            if (cut)
                Note(name, SubmissionNote.ValueCut, $"It came over a limit: the first {MostOfLimited} bytes are here.");
        }
        if (dropped > 0)
            Note("", SubmissionNote.FieldsSurplus, $"It came over a limit: {dropped} fields that the form does not know are not here.");
        return post with { Fields = fields, Raw = default, Notes = notes };

        void Note(string field, string code, string message)
        {
            if (notes.Count < SubmissionNote.Most)
                notes.Add(
                    new()
                    {
                        Field = TextRules.Cut(field, 256),
                        Code = code,
                        Message = message,
                    }
                );
        }
    }

    static JsonData Write(IReadOnlyList<PostedField> fields)
    {
        var (buffer, writer) = scratch ??= Scratch();
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        writer.WriteStartObject();
        foreach (var (name, values) in fields)
        {
            if (Tokens.Contains(name))
                continue;
            writer.WritePropertyName(name);
            if (values.Count == 1)
                writer.WriteStringValue(values[0]);
            else
            {
                writer.WriteStartArray();
                foreach (var value in values)
                    writer.WriteStringValue(value);
                writer.WriteEndArray();
            }
        }
        writer.WriteEndObject();
        writer.Flush();
        return new(buffer.WrittenSpan.ToArray());
    }

    /// <summary>Reads the bytes of a body; the edge that takes bodies in says how.</summary>
    public static Func<ReadOnlyMemory<byte>, string?, PlannedForm, FormPost>? Reader { get; set; }

    /// <summary>
    /// The post that made the entry, and the entry with what is known of it now: bytes that were kept because they could not be read are
    /// read again, with today's reader.
    /// </summary>
    public static (FormPost Post, Submission Entry) Again(Submission entry, PlannedForm form)
    {
        if (entry.Raw is null || Reader is null)
            return (Of(entry), entry);
        var raw = Convert.FromBase64String(entry.Raw);
        var post = Reader(raw, entry.ContentType, form);
        // A reader of an older version may have known more of a body that came in pieces.
        return post.Fields.Count == 0 ? (Of(entry), entry) : (post, WithPost(entry, form, post));
    }

    static FormPost Of(Submission entry)
    {
        using var document = entry.Fields.Parse();
        var fields = document
            .RootElement.EnumerateObject()
            .Select(m => new PostedField(
                m.Name,
                m.Value.ValueKind == JsonValueKind.Array
                    ? [.. m.Value.EnumerateArray().Select(v => v.GetString() ?? "")]
                    : [m.Value.GetString() ?? ""]
            ))
            .ToList();
        // Of a body that broke off before its first byte, or was refused on its announcement by an older version, only the error tells.
        var error = entry.Errors.FirstOrDefault();
        var unread = entry.Raw is not null || error?.Code is "body_too_large" or "body_malformed";
        var problem = unread
            ? new BodyProblem(
                error?.Code ?? Problems.ProblemCodes.BodyMalformed.Code,
                error?.Field is { Length: > 0 } field ? field : null,
                error?.Message ?? "The body could not be read."
            )
            : null;
        return new(
            fields,
            [.. entry.Files.Select(f => new PostedFile(f.Field, f.Name, f.ContentType, f.Size))],
            problem,
            entry.Raw is null ? default : Convert.FromBase64String(entry.Raw),
            entry.ContentType
        )
        {
            // What is said of a field's value is said anew, by the form as it is now.
            Notes = [.. entry.Notes.Where(n => n.Code != SubmissionNote.ValueUnreadable && !n.IsOfLead)],
        };
    }
}
