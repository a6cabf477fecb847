// The character sets a form post may come in, and the labels they go by.

namespace Crm.Api.Forms;

/// <summary>A character set; us-ascii is read as UTF-8, of which it is a part, and iso-8859-1 as windows-1252, as browsers do.</summary>
public enum FormCharset
{
    Utf8,
    Windows1252,
    Latin9,

    /// <summary>UTF-16 whose byte order mark decides; little endian without one.</summary>
    Utf16,
    Utf16LittleEndian,
    Utf16BigEndian,
}

static class FormCharsets
{
    /// <summary>Finds a character set by one of the labels of the WHATWG encoding standard, in any case.</summary>
    public static bool TryFind(ReadOnlySpan<char> label, out FormCharset charset)
    {
        label = label.Trim(" \t\r\n\f");
        charset = FormCharset.Utf8;
        if (Is(label, "utf-8") || Is(label, "utf8") || Is(label, "us-ascii") || Is(label, "ascii"))
            return true;
        if (
            Is(label, "iso-8859-1")
            || Is(label, "iso8859-1")
            || Is(label, "iso_8859-1")
            || Is(label, "latin1")
            || Is(label, "windows-1252")
            || Is(label, "cp1252")
            || Is(label, "x-cp1252")
        )
        {
            charset = FormCharset.Windows1252;
            return true;
        }
        if (Is(label, "iso-8859-15") || Is(label, "iso8859-15") || Is(label, "iso_8859-15") || Is(label, "latin9") || Is(label, "l9"))
        {
            charset = FormCharset.Latin9;
            return true;
        }
        if (Is(label, "utf-16le"))
        {
            charset = FormCharset.Utf16LittleEndian;
            return true;
        }
        if (Is(label, "utf-16be"))
        {
            charset = FormCharset.Utf16BigEndian;
            return true;
        }
        if (Is(label, "utf-16"))
        {
            charset = FormCharset.Utf16;
            return true;
        }
        return false;
    }

    /// <summary>
    /// What the value of a form's <c>_charset_</c> field says about the other fields. Browsers fill it in, and never with UTF-16:
    /// a form of a UTF-16 page is sent as UTF-8, so that is how it is read here too.
    /// </summary>
    public static bool TryFindSaidByForm(ReadOnlySpan<byte> value, out FormCharset charset)
    {
        charset = FormCharset.Utf8;
        if (value.Length > 32)
            return false;
        Span<char> label = stackalloc char[32];
        for (var i = 0; i < value.Length; i++)
            label[i] = (char)value[i];
        if (!TryFind(label[..value.Length], out charset))
            return false;
        if (charset >= FormCharset.Utf16)
            charset = FormCharset.Utf8;
        return true;
    }

    static bool Is(ReadOnlySpan<char> label, string name) => label.Equals(name, StringComparison.OrdinalIgnoreCase);
}
