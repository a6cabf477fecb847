// The closed table of problem codes: what can go wrong, with its status, its title and what to do. docs/problems.md repeats it; a test
// compares them.

namespace Crm.Domain.Problems;

/// <summary>One kind of problem: a stable code, the HTTP status it is answered with, and a title that never changes with the
/// occurrence.</summary>
/// <param name="Means">What to do about it, as docs/problems.md and the page of its type have it.</param>
public sealed record ProblemCode(string Code, int Status, string Title, string Means);

public static class ProblemCodes
{
    // The request as a whole
    public static readonly ProblemCode BodyMalformed = new(
        "body_malformed",
        400,
        "The body could not be read",
        "It is not valid JSON, or not what this address takes."
    );
    public static readonly ProblemCode BodyTooLarge = new(
        "body_too_large",
        413,
        "The body is too large",
        "The API takes 1 MiB, forms 10 MiB. Send less, or in several requests."
    );
    public static readonly ProblemCode MediaTypeUnsupported = new(
        "media_type_unsupported",
        415,
        "This media type is not accepted here",
        "Send application/json, or what the reference says of this address."
    );
    public static readonly ProblemCode ContentEncodingUnsupported = new(
        "content_encoding_unsupported",
        415,
        "This content encoding is not accepted here",
        "Send the body as it is, or as gzip, deflate or br."
    );
    public static readonly ProblemCode CharsetUnsupported = new(
        "charset_unsupported",
        415,
        "This charset is not known",
        "Send UTF-8, or a charset of the WHATWG standard."
    );
    public static readonly ProblemCode EncodingInvalid = new(
        "encoding_invalid",
        400,
        "The text is not valid in its encoding",
        "Send UTF-8. Half of a surrogate pair is no character."
    );
    public static readonly ProblemCode NulCharacter = new(
        "nul_character",
        400,
        "The text contains the NUL character",
        "Leave the character with the code 0 out."
    );
    public static readonly ProblemCode TooManyFields = new("too_many_fields", 400, "There are too many fields", "Send fewer fields.");
    public static readonly ProblemCode NameTooLong = new("name_too_long", 400, "A field's name is too long", "Use a shorter name.");
    public static readonly ProblemCode ValueTooLong = new("value_too_long", 400, "A field's value is too long", "Send a shorter value.");
    public static readonly ProblemCode TooDeep = new(
        "too_deep",
        400,
        "The body is nested too deeply",
        "Put fewer objects and lists into each other."
    );
    public static readonly ProblemCode ArrayTooLong = new(
        "array_too_long",
        400,
        "A list has too many entries",
        "Send fewer entries, or in several requests."
    );
    public static readonly ProblemCode DuplicateField = new(
        "duplicate_field",
        400,
        "A field is given twice",
        "Give each field once in an object."
    );
    public static readonly ProblemCode PartHeadersTooLarge = new(
        "part_headers_too_large",
        400,
        "The headers of a part are too large",
        "Send shorter names of files and fields."
    );
    public static readonly ProblemCode UnknownParameter = new(
        "unknown_parameter",
        400,
        "The query has a parameter that does not exist here",
        "A parameter that does nothing is refused, so that nobody relies on it. The detail lists those that are allowed."
    );
    public static readonly ProblemCode InvalidParameter = new(
        "invalid_parameter",
        400,
        "A query parameter has a value that is not allowed",
        "The detail says which values are allowed."
    );
    public static readonly ProblemCode InvalidCursor = new(
        "invalid_cursor",
        400,
        "The cursor does not belong to this list",
        "Use a cursor with the same filter and order that it came from, or start without one."
    );
    public static readonly ProblemCode CursorExpired = new(
        "cursor_expired",
        410,
        "The place in the event feed is too old",
        "A place is kept for 30 days. Go on from earliest, and read what you keep copies of anew: what happened before is in its records."
    );
    public static readonly ProblemCode InvalidIdempotencyKey = new(
        "invalid_idempotency_key",
        400,
        "The Idempotency-Key header is not usable",
        "Send 1 to 255 printable ASCII characters."
    );

    // Who is asking
    public static readonly ProblemCode Unauthorized = new(
        "unauthorized",
        401,
        "A valid API key is needed",
        "Send Authorization: Bearer crm_sk_... with a key of this installation that is neither revoked nor over its time."
    );
    public static readonly ProblemCode InsufficientScope = new(
        "insufficient_scope",
        403,
        "The API key lacks a scope",
        "The detail names the scope. Whoever made the key can make one that has it."
    );
    public static readonly ProblemCode OriginNotAllowed = new(
        "origin_not_allowed",
        403,
        "The form does not accept posts from this origin",
        "Add the page's origin to allowedOrigins of the form or its site. The entry is kept and can be processed again."
    );
    public static readonly ProblemCode FormClosed = new(
        "form_closed",
        403,
        "The form is not open",
        "It is a draft or closed. The entry is kept and can be processed again when the form is open."
    );

    // What is asked for
    public static readonly ProblemCode NotFound = new(
        "not_found",
        404,
        "There is no such record",
        "There is none with this id or at this address, or the key may not see it."
    );
    public static readonly ProblemCode AddressExpired = new(
        "address_expired",
        410,
        "This address has expired",
        "Its time is over, or the key that made it was revoked. Ask for a new one."
    );
    public static readonly ProblemCode FormNotFound = new(
        "form_not_found",
        404,
        "There is no such form",
        "Look at the key in the address: GET /v1/forms lists them."
    );
    public static readonly ProblemCode NotAcceptable = new(
        "not_acceptable",
        406,
        "The accepted media types are not answered here",
        "Accept application/json, or what the reference says of this address."
    );
    public static readonly ProblemCode MethodNotAllowed = new(
        "method_not_allowed",
        405,
        "This method is not allowed here",
        "The header Allow lists the methods that are."
    );

    // What is sent
    public static readonly ProblemCode ValidationFailed = new(
        "validation_failed",
        422,
        "Some fields are not valid",
        "The errors name each field with a code and what is allowed. Nothing was stored; a form's entry is kept."
    );
    public static readonly ProblemCode DuplicateSubmission = new(
        "duplicate_submission",
        409,
        "This person has already sent the form",
        "The form takes one entry of each person. The entry is kept."
    );
    public static readonly ProblemCode AlreadyExists = new(
        "already_exists",
        409,
        "Another record has this value",
        "The errors name the field. Change the other record, or use its id."
    );
    public static readonly ProblemCode AmbiguousMatch = new(
        "ambiguous_match",
        409,
        "It is not clear whose this is",
        "Several leads have the phone number, or what is said does not tell; candidates names them."
    );
    public static readonly ProblemCode InUse = new(
        "in_use",
        409,
        "Other records refer to this one",
        "Change or delete those that refer to it first."
    );
    public static readonly ProblemCode Conflict = new(
        "conflict",
        409,
        "The record was changed at the same time",
        "Read it again, and try once more."
    );
    public static readonly ProblemCode UseVerb = new(
        "use_verb",
        409,
        "A verb does this, not a change of the field",
        "The member verb names it: POST to the record's address, a slash and the verb."
    );
    public static readonly ProblemCode WrongState = new(
        "wrong_state",
        409,
        "The record is not in a state that allows this",
        "The detail says which state it is in and which are allowed."
    );
    public static readonly ProblemCode IdempotencyKeyInUse = new(
        "idempotency_key_in_use",
        409,
        "A request with this Idempotency-Key is still running",
        "Wait for the first answer, and send the same again."
    );
    public static readonly ProblemCode IdempotencyKeyReused = new(
        "idempotency_key_reused",
        422,
        "This Idempotency-Key was used for another request",
        "Use a new key for each thing to be done."
    );
    public static readonly ProblemCode VersionMismatch = new(
        "version_mismatch",
        412,
        "The record has another version",
        "Somebody changed it. Read it again, and change what is there now."
    );
    public static readonly ProblemCode LimitReached = new(
        "limit_reached",
        422,
        "A limit of this workspace is reached",
        "The detail says which. Delete what is not needed any more."
    );
    public static readonly ProblemCode QueryTooCostly = new(
        "query_too_costly",
        422,
        "The query would take too long",
        "Filter by an indexed field too, or sort by createdAt."
    );

    // How it goes
    public static readonly ProblemCode RateLimited = new(
        "rate_limited",
        429,
        "Too many requests",
        "Wait as long as Retry-After says. Nothing was stored."
    );
    public static readonly ProblemCode UriTooLong = new(
        "uri_too_long",
        414,
        "The address is too long",
        "Path and query have at most 8,192 characters."
    );
    public static readonly ProblemCode HeadersTooLarge = new(
        "headers_too_large",
        431,
        "The request's headers are too large",
        "Send fewer or shorter headers; cookies of other sites on the same domain count."
    );
    public static readonly ProblemCode Unexpected = new(
        "unexpected",
        500,
        "Something went wrong on our side",
        "It was logged. Nothing was half done; the same request may be sent again."
    );
    public static readonly ProblemCode RecordDamaged = new(
        "record_damaged",
        500,
        "A stored record is damaged",
        "The errors name the record. Bring it back from a backup."
    );
    public static readonly ProblemCode SecretUnusable = new(
        "secret_unusable",
        503,
        "A secret cannot be sealed or opened on this server",
        "The detail says which master key is missing. Whoever runs the server sets it: docs/running.md, Secrets."
    );
    public static readonly ProblemCode StoreUnavailable = new(
        "store_unavailable",
        503,
        "The data cannot be stored or read right now",
        "Nothing was stored. Wait as long as Retry-After says."
    );

    public static readonly IReadOnlyDictionary<string, ProblemCode> All = typeof(ProblemCodes)
        .GetFields()
        .Where(f => f.FieldType == typeof(ProblemCode))
        .Select(f => (ProblemCode)f.GetValue(null)!)
        .ToDictionary(c => c.Code, StringComparer.Ordinal);
}
