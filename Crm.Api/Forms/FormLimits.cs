// How much of a public form post is kept; one place, so that reader, tests and documentation say the same numbers.

namespace Crm.Api.Forms;

/// <summary>
/// What is kept of a public form's body. Nothing here refuses a post: what is more is cut or dropped, and noted on the entry. An
/// unimportant part must not cost the important one.
/// </summary>
public static class FormLimits
{
    /// <summary>Bytes of a body that are read; then reading stops, and what was read counts.</summary>
    public const int BodyBytes = 10 * 1024 * 1024;

    /// <summary>Bytes of a body that lie in memory as they came. What is longer goes through <see cref="BodySieve"/>.</summary>
    public const int PlainBytes = 65_536;

    /// <summary>Bytes of a longer body that are left when files and overlong values are sieved out.</summary>
    public const int SievedBytes = 2 * 1024 * 1024;

    /// <summary>Bytes of a body that could not be read, kept for a reader of tomorrow.</summary>
    public const int RawBytes = 256 * 1024;

    /// <summary>Bytes of all values together, in UTF-8.</summary>
    public const int TextBytes = 256 * 1024;

    /// <summary>Of <see cref="TextBytes"/>, those that only short values may use: the e-mail address behind nine long texts.</summary>
    public const int TextBytesForShort = 32 * 1024;

    /// <summary>Bytes of a value that counts as short.</summary>
    public const int ShortBytes = 2_048;

    /// <summary>Distinct field names.</summary>
    public const int Fields = 200;

    /// <summary>Bytes of a name in UTF-8, after decoding and with its brackets resolved.</summary>
    public const int NameBytes = 256;

    /// <summary>
    /// Bytes of one value in UTF-8, after decoding. This is the limit of long-text fields: the reader does not know the form's kinds,
    /// so the 8 KiB of every other field are left to the form's validation.
    /// </summary>
    public const int ValueBytes = 32_768;

    /// <summary>Values of one field, and elements of one JSON array.</summary>
    public const int ArrayLength = 256;

    /// <summary>JSON objects and arrays inside one another, the outermost counted; for <c>a[b][c]</c> the name and its brackets.</summary>
    public const int Depth = 8;

    /// <summary>Fields without a place after which the rest is not looked at: no page has so many.</summary>
    public const int SurplusFields = 5_000;

    /// <summary>Files that are noted.</summary>
    public const int Files = 64;

    /// <summary>Bytes of a multipart boundary (RFC 2046).</summary>
    public const int BoundaryBytes = 70;

    /// <summary>Header lines of one part.</summary>
    public const int PartHeaderLines = 32;

    /// <summary>Bytes of the part header line that names the part.</summary>
    public const int PartHeaderLineBytes = 4_096;

    /// <summary>Characters of a media type that are kept with a post or a file.</summary>
    public const int ContentTypeCharacters = 200;
}
