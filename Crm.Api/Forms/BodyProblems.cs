// The few ways in which a form body cannot be read: its code and the sentence that says what is allowed.

using System.Globalization;
using Crm.Domain.Forms;

namespace Crm.Api.Forms;

static class BodyProblems
{
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

    public static readonly BodyProblem Interrupted = Malformed(
        "The body ended before its announced length, or was not framed as HTTP asks."
    );

    public static BodyProblem Malformed(string message) => new("body_malformed", null, message);
}

/// <summary>What is said of a post that was read with something left out.</summary>
static class BodyNotes
{
    public static readonly SubmissionNote TooLong = new()
    {
        Code = SubmissionNote.ValueCut,
        Message = Text($"Of a body, {FormLimits.BodyBytes:N0} bytes are read; this one is longer, and its end is not here."),
    };

    public static SubmissionNote Surplus(int count) =>
        new()
        {
            Code = SubmissionNote.FieldsSurplus,
            Message = Text(
                $"Of a post, {FormLimits.Fields} fields with {FormLimits.TextBytes:N0} bytes of text are kept; {count:N0} more came."
            ),
        };

    public static SubmissionNote Cut(string field) =>
        new()
        {
            Field = field,
            Code = SubmissionNote.ValueCut,
            Message = Text(
                $"Cut off: a value has {FormLimits.ValueBytes:N0} bytes, a name {FormLimits.NameBytes}, all values {FormLimits.TextBytes:N0}."
            ),
        };

    public static SubmissionNote Unreadable(string field, string message) =>
        new()
        {
            Field = field,
            Code = SubmissionNote.ValueUnreadable,
            Message = message,
        };

    public static SubmissionNote FileDropped(string field, string file, long size) =>
        new()
        {
            Field = field,
            Code = SubmissionNote.FileDropped,
            Message = Text($"A file's content is not kept: {(file.Length > 100 ? file[..100] : file)}, {size:N0} bytes."),
        };

    public static SubmissionNote Guessed(string message) => new() { Code = SubmissionNote.CharsetGuessed, Message = message };

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
