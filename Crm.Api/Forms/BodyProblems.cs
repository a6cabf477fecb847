// Every way a form body can be refused: its code and the sentence that says what is allowed.

using System.Globalization;
using Crm.Domain.Forms;

namespace Crm.Api.Forms;

static class BodyProblems
{
    public static readonly BodyProblem TooLarge = new(
        "body_too_large",
        null,
        Text($"A form post may have at most {FormLimits.BodyBytes:N0} bytes.")
    );

    public static readonly BodyProblem ContentEncoding = new(
        "content_encoding_unsupported",
        null,
        "A form post must not be compressed: send it without Content-Encoding."
    );

    public static readonly BodyProblem MediaType = new(
        "media_type_unsupported",
        null,
        "A form post must be application/x-www-form-urlencoded, multipart/form-data, application/json or text/plain."
    );

    public static BodyProblem Malformed(string message) => new("body_malformed", null, message);

    public static BodyProblem TooManyFields =>
        new("too_many_fields", null, Text($"A form post may have at most {FormLimits.Fields} fields."));

    public static BodyProblem TooManyParts =>
        new("too_many_fields", null, Text($"A multipart body may have at most {FormLimits.Parts} parts."));

    public static BodyProblem TooManyMembers =>
        new("too_many_fields", null, Text($"A JSON body may have at most {FormLimits.JsonMembers} members in all its objects."));

    public static BodyProblem NameTooLong(ReadOnlySpan<char> name) =>
        new("name_too_long", Cut(name), Text($"The name of a field may have at most {FormLimits.NameBytes} bytes in UTF-8."));

    public static BodyProblem ValueTooLong(string field) =>
        new("value_too_long", field, Text($"A value may have at most {FormLimits.ValueBytes:N0} bytes in UTF-8."));

    public static BodyProblem TooDeep(ReadOnlySpan<char> name) =>
        new("too_deep", name.IsEmpty ? null : Cut(name), Text($"Values may be nested at most {FormLimits.Depth} levels deep."));

    public static BodyProblem ArrayTooLong(ReadOnlySpan<char> name) =>
        new("array_too_long", name.IsEmpty ? null : Cut(name), Text($"A field may have at most {FormLimits.ArrayLength} values."));

    public static BodyProblem Duplicate(ReadOnlySpan<char> name) =>
        new("duplicate_field", Cut(name), "A member of a JSON object may be given only 1 time.");

    public static BodyProblem EncodingInvalid(string? field, FormCharset charset) =>
        new("encoding_invalid", field, $"The text must be valid {FormText.NameOf(charset)}.");

    public static BodyProblem CharsetUnsupported(string? field) =>
        new("charset_unsupported", field, "The charset must be utf-8, us-ascii, iso-8859-1, iso-8859-15, windows-1252 or utf-16.");

    public static BodyProblem Nul(ReadOnlySpan<char> field) =>
        new("nul_character", Cut(field), "A name or a value must not contain the character U+0000.");

    public static BodyProblem PartHeadersTooLarge =>
        new(
            "part_headers_too_large",
            null,
            Text($"A part may have at most {FormLimits.PartHeaderLines} header lines of at most {FormLimits.PartHeaderLineBytes:N0} bytes.")
        );

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name short enough to be shown; a refused one may be as long as the body.</summary>
    static string Cut(ReadOnlySpan<char> name)
    {
        const int Shown = FormLimits.NameBytes;
        if (name.Length <= Shown)
            return new string(name);
        return new string(name[..(char.IsHighSurrogate(name[Shown - 1]) ? Shown - 1 : Shown)]);
    }
}
