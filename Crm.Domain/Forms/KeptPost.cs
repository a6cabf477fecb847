// How a post becomes the entry that is kept, and how a kept entry becomes a post again.

using System.Buffers;
using System.Text.Json;
using Crm.Domain.Resources;

namespace Crm.Domain.Forms;

public static class KeptPost
{
    [ThreadStatic]
    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? scratch;

    static (ArrayBufferWriter<byte>, Utf8JsonWriter) Scratch()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new(buffer, new() { SkipValidation = true }));
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
    public static Submission Entry(PlannedForm form, FormPost post, PostOrigin from)
    {
        List<string>? unknown = null;
        foreach (var field in post.Fields)
            if (form.Field(field.Name) is null && field.Name != form.Form.Honeypot && !IsControl(field.Name))
                (unknown ??= []).Add(TextRules.Cut(field.Name, 128));
        return new()
        {
            Form = form.Form.Id,
            Fields = Write(post.Fields),
            UnknownFields = unknown is null ? [] : [.. unknown],
            Files =
            [
                .. post.Files.Select(f => new FileNote
                {
                    Field = TextRules.Cut(f.Name, 128),
                    Name = TextRules.Cut(f.FileName, 255),
                    ContentType = f.ContentType is null ? null : TextRules.Cut(f.ContentType, 200),
                    Size = f.Size,
                }),
            ],
            Page = from.Page,
            Referrer = from.Referrer,
            Origin = from.Origin,
            Ip = from.Ip,
            UserAgent = from.UserAgent,
            AcceptLanguage = from.AcceptLanguage,
            IdempotencyKey = from.IdempotencyKey,
            ContentType = post.ContentType,
            Raw = post.Problem is null || post.Raw.IsEmpty ? null : Convert.ToBase64String(post.Raw.Span),
        };
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

    /// <summary>The post that made the entry. An entry whose body could not be read stays unreadable.</summary>
    public static FormPost Of(Submission entry)
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
        // Of a body that was refused on its announcement, or broke off before its first byte, only the error tells.
        var error = entry.Errors.FirstOrDefault();
        var unread = entry.Raw is not null || error?.Code is "body_too_large" or "body_malformed";
        var problem = unread
            ? new BodyProblem(
                error?.Code ?? Problems.ProblemCodes.BodyMalformed.Code,
                error?.Field,
                error?.Message ?? "The body could not be read."
            )
            : null;
        return new(
            fields,
            [.. entry.Files.Select(f => new PostedFile(f.Field, f.Name, f.ContentType, f.Size))],
            problem,
            entry.Raw is null ? default : Convert.FromBase64String(entry.Raw),
            entry.ContentType
        );
    }
}
