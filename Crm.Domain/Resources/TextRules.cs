// The rules that every text obeys, and how texts are folded so that equality and order are the same in every database.

using System.Buffers;
using System.Globalization;
using System.Text;
using Crm.Domain.Text;

namespace Crm.Domain.Resources;

public static class TextRules
{
    static readonly SearchValues<char> Plain = SearchValues.Create(
        " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    // Latin with its accents: no control characters, and without a combining mark (all are above) in NFC already.
    static readonly SearchValues<char> Composed = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Concat(Enumerable.Range(0xA0, 0x300 - 0xA0)).Select(code => (char)code),
    ]);

    /// <summary>
    /// NFC, without surrounding space and control characters (line breaks and tabs stay in long text). False for NUL and for half of a
    /// surrogate pair, which no database and no JSON reader would give back as it came.
    /// </summary>
    public static bool TryTidy(string text, bool keepLines, out string tidy, out (string Code, string Message) error)
    {
        error = default;
        tidy = text;
        if (!text.AsSpan().ContainsAnyExcept(Plain) || !text.AsSpan().ContainsAnyExcept(Composed))
        {
            tidy = text.Trim();
            return true;
        }
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\0')
            {
                error = ("nul_character", "Must not contain the NUL character.");
                return false;
            }
            if (char.IsSurrogate(c))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(c, text[i + 1]))
                {
                    error = ("encoding_invalid", "Must be valid Unicode: half of a surrogate pair stands alone.");
                    return false;
                }
                clean.Append(c).Append(text[++i]);
                continue;
            }
            if (c is '\r')
            {
                if (keepLines && !(i + 1 < text.Length && text[i + 1] == '\n'))
                    clean.Append('\n');
                else if (!keepLines)
                    clean.Append(' ');
            }
            else if (c is '\n' or '\t')
                clean.Append(keepLines ? c : ' ');
            else if (!char.IsControl(c) && c < '\uFFFE') // The last two are no characters; a text with U+FFFE cannot even be normalised.
                clean.Append(c);
        }
        tidy = Nfc.Normalize(clean.ToString()).Trim();
        return true;
    }

    /// <summary>The first characters of a text; never half of a surrogate pair.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text
        : length == 0 ? ""
        : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>The first characters of a text that fit into so many bytes of UTF-8.</summary>
    public static string CutBytes(string text, int bytes)
    {
        var cut = Cut(text, Math.Max(0, bytes));
        while (System.Text.Encoding.UTF8.GetByteCount(cut) is var length && length > bytes)
            cut = Cut(cut, Math.Max(0, cut.Length - Math.Max(1, (length - bytes) / 4)));
        return cut;
    }

    /// <summary>How texts for people compare: NFC, each character in its simple lower case, at most 200 characters. Accents
    /// count.</summary>
    public static string Fold(string text)
    {
        if (text.Length > 200)
            text = text[..(char.IsHighSurrogate(text[199]) ? 199 : 200)];
        return text.ToLowerInvariant();
    }

    /// <summary>Search words: runs of letters and digits, lower case, without accents, at most 40 characters each.</summary>
    public static void AddWords(string text, ISet<string> words)
    {
        var source = Ascii.IsValid(text) || Nfc.HasTooManyMarks(text) ? text : text.Normalize(NormalizationForm.FormD);
        Span<char> word = stackalloc char[40];
        var length = 0;
        for (var i = 0; i < source.Length; i++)
        {
            var c = source[i];
            if (char.IsLetterOrDigit(c))
            {
                if (length < word.Length)
                    word[length++] = char.ToLowerInvariant(c);
            }
            else if (char.IsSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
            {
                if (length > 0)
                    words.Add(new string(word[..length]));
                length = 0;
            }
        }
        if (length > 0)
            words.Add(new string(word[..length]));
    }

    public static DateTimeOffset ToMillisecond(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>An absolute http(s) address: no user name, no control characters, no backslash, nothing invisible in the host.</summary>
    public static bool IsWebAddress(string text) =>
        !PlainHost(text).IsEmpty && !text.AsSpan().ContainsAnyExcept(AddressLetters)
        || (
            text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        )
            && !text.AsSpan().ContainsAny('\\', ' ')
            && !text.Any(char.IsControl)
            && !HasOddHost(text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2))
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.UserInfo.Length == 0
            && uri.Host.Length > 0
            && HasName(uri);

    static readonly SearchValues<char> HostLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-."),
        AddressLetters = SearchValues.Create("!#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~");

    /// <summary>
    /// The host of an https address as nearly all are written: a name of small letters and digits, without a port. Empty for all others,
    /// which take a parser: among them are numbers in their many spellings.
    /// </summary>
    public static ReadOnlySpan<char> PlainHost(string url)
    {
        const string https = "https://";
        if (!url.StartsWith(https, StringComparison.Ordinal))
            return default;
        var rest = url.AsSpan(https.Length);
        var host = rest.IndexOfAny('/', '?', '#') is >= 0 and var end ? rest[..end] : rest;
        var plain =
            host.Length is > 0 and <= 63
            && !host.ContainsAnyExcept(HostLetters)
            && host.IndexOf("--") < 0
            && host.IndexOf("..") < 0
            && host.IndexOf("-.") < 0
            && host.IndexOf(".-") < 0
            && host[0] is not ('.' or '-')
            && host[^1] is not ('.' or '-')
            && char.IsAsciiLetter(host[host.LastIndexOf('.') + 1]);
        return plain ? host : default;
    }

    /// <summary>Whether there are characters before the path that turn or hide what stands beside them, or escapes: Uri drops them or takes
    /// them for the path, and a browser refuses the address.</summary>
    static bool HasOddHost(ReadOnlySpan<char> address)
    {
        var host = address.IndexOfAny('/', '?', '#') is >= 0 and var end ? address[..end] : address;
        foreach (var c in host)
            if (c == '%' || char.GetUnicodeCategory(c) == UnicodeCategory.Format)
                return true;
        return false;
    }

    /// <summary>Whether DNS could know the host: some that Uri takes (with a full-width slash) have no ASCII spelling, and asking for it
    /// throws.</summary>
    static bool HasName(Uri uri)
    {
        try
        {
            return uri.IdnHost.Length > 0 && (uri.HostNameType != UriHostNameType.Dns || !EndsInNumber(uri.IdnHost));
        }
        catch (UriFormatException)
        {
            return false;
        }
    }

    /// <summary>Such a host is an IPv4 address or, for a browser, nothing (URL standard, "ends in a number").</summary>
    static bool EndsInNumber(ReadOnlySpan<char> host)
    {
        var name = host.EndsWith(".") ? host[..^1] : host;
        var last = name[(name.LastIndexOf('.') + 1)..];
        return last.Length > 0
            && (
                !last.ContainsAnyExceptInRange('0', '9')
                || last.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && !last[2..].ContainsAnyExcept(HexDigits)
            );
    }

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The origin of an address that is one (a trailing slash is forgiven): scheme, host, port if not the scheme's own; lower
    /// case.</summary>
    public static bool TryOrigin(string text, out string origin)
    {
        origin = "";
        if (IsAppOrigin(text))
        {
            origin = text.TrimEnd('/').ToLowerInvariant();
            return true;
        }
        if (
            !IsWebAddress(text)
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.PathAndQuery != "/"
            || uri.Fragment.Length > 0
            || text.Contains('?')
            || text.Contains('#')
        )
            return false;
        origin = OriginOf(uri);
        return true;
    }

    /// <summary>Apps post from pages with a scheme of their own: capacitor://localhost, tauri://localhost, chrome-extension://….</summary>
    static bool IsAppOrigin(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        if (end is < 2 or > 40 || text.Length > 255 || !char.IsAsciiLetter(text[0]))
            return false;
        var scheme = text[..end].ToLowerInvariant();
        var host = text.AsSpan(end + 3).TrimEnd('/');
        return scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '+')
            && scheme
                is not ("http" or "https" or "ws" or "wss" or "ftp" or "file" or "blob" or "data" or "javascript" or "vbscript" or "about")
            && host.Length > 0
            && !host.ToString().Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_' or ':'));
    }

    /// <summary>The same site's other origin: with www for one without, and the other way round. Null for addresses and single
    /// names.</summary>
    public static string? WithOrWithoutWww(string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        var start = origin.IndexOf("://", StringComparison.Ordinal) + 3;
        if (uri.HostNameType != UriHostNameType.Dns || !uri.Host.Contains('.'))
            return null;
        if (!uri.Host.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
            return origin.Insert(start, "www.");
        return uri.Host.IndexOf('.', 4) > 0 ? origin.Remove(start, 4) : null;
    }

    public static string OriginOf(Uri uri) =>
        $"{uri.Scheme}://{(uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost.ToLowerInvariant() : uri.Host)}{(uri.IsDefaultPort ? "" : ":" + uri.Port.ToString(CultureInfo.InvariantCulture))}";

    /// <summary>Host and port of an address, without its scheme.</summary>
    public static string HostOf(Uri uri) => OriginOf(uri)[(uri.Scheme.Length + 3)..];

    public static bool IsLanguageTag(string text)
    {
        var first = true;
        foreach (var range in text.AsSpan().Split('-'))
        {
            var part = text.AsSpan()[range];
            if (part.Length is 0 or > 8 || !IsAsciiLettersOrDigits(part) || first && (part.Length < 2 || !IsLetters(part)))
                return false;
            first = false;
        }
        return true;
    }

    public static bool IsName(string text) => char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    static bool IsLetters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetter(c))
                return false;
        return true;
    }

    static bool IsAsciiLettersOrDigits(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c))
                return false;
        return true;
    }
}
