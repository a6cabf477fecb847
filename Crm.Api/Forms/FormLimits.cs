// How much a public form post may carry; one place, so that reader, tests and documentation say the same numbers.

namespace Crm.Api.Forms;

/// <summary>Limits of a public form's body. Exactly the number is fine, one more is not.</summary>
public static class FormLimits
{
    /// <summary>Bytes of a whole body.</summary>
    public const int BodyBytes = 65_536;

    /// <summary>Distinct field names.</summary>
    public const int Fields = 64;

    /// <summary>Bytes of a name in UTF-8, after decoding and with its brackets resolved.</summary>
    public const int NameBytes = 128;

    /// <summary>
    /// Bytes of one value in UTF-8, after decoding. This is the limit of long-text fields: the reader does not know the form,
    /// so the 8 KiB of every other field are left to the form's validation.
    /// </summary>
    public const int ValueBytes = 32_768;

    /// <summary>Values of one field, and elements of one JSON array.</summary>
    public const int ArrayLength = 256;

    /// <summary>JSON objects and arrays inside one another, the outermost counted; for <c>a[b][c]</c> the name and its brackets.</summary>
    public const int Depth = 8;

    /// <summary>JSON members in all objects together, so that looking for duplicates stays cheap where null and nesting leave no fields to
    /// count.</summary>
    public const int JsonMembers = 256;

    /// <summary>Parts of a multipart body, files and empty file inputs included.</summary>
    public const int Parts = 64;

    /// <summary>Bytes of a multipart boundary (RFC 2046).</summary>
    public const int BoundaryBytes = 70;

    /// <summary>Header lines of one part.</summary>
    public const int PartHeaderLines = 8;

    /// <summary>Bytes of one part header line without its line end.</summary>
    public const int PartHeaderLineBytes = 1_024;

    /// <summary>Characters of a media type that are kept with a post or a file.</summary>
    public const int ContentTypeCharacters = 200;
}
