// The closed table of problem codes: what can go wrong, with its status and title. Documented in docs/problems.md; a test compares them.

namespace Crm.Domain.Problems;

/// <summary>One kind of problem: a stable code, the HTTP status it is answered with, and a title that never changes with the
/// occurrence.</summary>
public sealed record ProblemCode(string Code, int Status, string Title);

public static class ProblemCodes
{
    // The request as a whole
    public static readonly ProblemCode BodyMalformed = new("body_malformed", 400, "The body could not be read");
    public static readonly ProblemCode BodyTooLarge = new("body_too_large", 413, "The body is too large");
    public static readonly ProblemCode MediaTypeUnsupported = new("media_type_unsupported", 415, "This media type is not accepted here");
    public static readonly ProblemCode ContentEncodingUnsupported = new(
        "content_encoding_unsupported",
        415,
        "This content encoding is not accepted here"
    );
    public static readonly ProblemCode CharsetUnsupported = new("charset_unsupported", 415, "This charset is not known");
    public static readonly ProblemCode EncodingInvalid = new("encoding_invalid", 400, "The text is not valid in its encoding");
    public static readonly ProblemCode NulCharacter = new("nul_character", 400, "The text contains the NUL character");
    public static readonly ProblemCode TooManyFields = new("too_many_fields", 400, "There are too many fields");
    public static readonly ProblemCode NameTooLong = new("name_too_long", 400, "A field's name is too long");
    public static readonly ProblemCode ValueTooLong = new("value_too_long", 400, "A field's value is too long");
    public static readonly ProblemCode TooDeep = new("too_deep", 400, "The body is nested too deeply");
    public static readonly ProblemCode ArrayTooLong = new("array_too_long", 400, "A list has too many entries");
    public static readonly ProblemCode DuplicateField = new("duplicate_field", 400, "A field is given twice");
    public static readonly ProblemCode PartHeadersTooLarge = new("part_headers_too_large", 400, "The headers of a part are too large");
    public static readonly ProblemCode UnknownParameter = new(
        "unknown_parameter",
        400,
        "The query has a parameter that does not exist here"
    );
    public static readonly ProblemCode InvalidParameter = new(
        "invalid_parameter",
        400,
        "A query parameter has a value that is not allowed"
    );
    public static readonly ProblemCode InvalidCursor = new("invalid_cursor", 400, "The cursor does not belong to this list");
    public static readonly ProblemCode InvalidIdempotencyKey = new(
        "invalid_idempotency_key",
        400,
        "The Idempotency-Key header is not usable"
    );

    // Who is asking
    public static readonly ProblemCode Unauthorized = new("unauthorized", 401, "A valid API key is needed");
    public static readonly ProblemCode InsufficientScope = new("insufficient_scope", 403, "The API key lacks a scope");
    public static readonly ProblemCode OriginNotAllowed = new("origin_not_allowed", 403, "The form does not accept posts from this origin");
    public static readonly ProblemCode FormClosed = new("form_closed", 403, "The form is not open");

    // What is asked for
    public static readonly ProblemCode NotFound = new("not_found", 404, "There is no such record");
    public static readonly ProblemCode FormNotFound = new("form_not_found", 404, "There is no such form");
    public static readonly ProblemCode NotAcceptable = new("not_acceptable", 406, "The accepted media types are not answered here");
    public static readonly ProblemCode MethodNotAllowed = new("method_not_allowed", 405, "This method is not allowed here");

    // What is sent
    public static readonly ProblemCode ValidationFailed = new("validation_failed", 422, "Some fields are not valid");
    public static readonly ProblemCode DuplicateSubmission = new("duplicate_submission", 409, "This person has already sent the form");
    public static readonly ProblemCode AlreadyExists = new("already_exists", 409, "Another record has this value");
    public static readonly ProblemCode AmbiguousMatch = new("ambiguous_match", 409, "It is not clear whose this is");
    public static readonly ProblemCode InUse = new("in_use", 409, "Other records refer to this one");
    public static readonly ProblemCode Conflict = new("conflict", 409, "The record was changed at the same time");
    public static readonly ProblemCode UseVerb = new("use_verb", 409, "A verb does this, not a change of the field");
    public static readonly ProblemCode WrongState = new("wrong_state", 409, "The record is not in a state that allows this");
    public static readonly ProblemCode IdempotencyKeyInUse = new(
        "idempotency_key_in_use",
        409,
        "A request with this Idempotency-Key is still running"
    );
    public static readonly ProblemCode IdempotencyKeyReused = new(
        "idempotency_key_reused",
        422,
        "This Idempotency-Key was used for another request"
    );
    public static readonly ProblemCode VersionMismatch = new("version_mismatch", 412, "The record has another version");
    public static readonly ProblemCode LimitReached = new("limit_reached", 422, "A limit of this workspace is reached");
    public static readonly ProblemCode QueryTooCostly = new("query_too_costly", 422, "The query would take too long");

    // How it goes
    public static readonly ProblemCode RateLimited = new("rate_limited", 429, "Too many requests");
    public static readonly ProblemCode UriTooLong = new("uri_too_long", 414, "The address is too long");
    public static readonly ProblemCode HeadersTooLarge = new("headers_too_large", 431, "The request's headers are too large");
    public static readonly ProblemCode Unexpected = new("unexpected", 500, "Something went wrong on our side");
    public static readonly ProblemCode RecordDamaged = new("record_damaged", 500, "A stored record is damaged");
    public static readonly ProblemCode StoreUnavailable = new("store_unavailable", 503, "The data cannot be stored or read right now");

    public static readonly IReadOnlyDictionary<string, ProblemCode> All = typeof(ProblemCodes)
        .GetFields()
        .Where(f => f.FieldType == typeof(ProblemCode))
        .Select(f => (ProblemCode)f.GetValue(null)!)
        .ToDictionary(c => c.Code, StringComparer.Ordinal);
}
