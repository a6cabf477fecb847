// A Content-Type header taken apart: the media type and the two parameters that matter to a body.

namespace Crm.Api.Forms;

/// <summary>Lenient where browsers are: broken parameters are passed over, of a repeated charset the first counts.</summary>
readonly ref struct MediaType
{
    /// <summary>Type and subtype as sent, without white space around.</summary>
    public ReadOnlySpan<char> Essence { get; private init; }

    /// <summary>The charset parameter; null when there is none.</summary>
    public string? Charset { get; private init; }

    /// <summary>The boundary parameter; null when there is none.</summary>
    public string? Boundary { get; private init; }

    /// <summary>Two boundaries: whoever looked at the body before may have read another one.</summary>
    public bool BoundaryIsAmbiguous { get; private init; }

    public bool Is(string essence) => Essence.Equals(essence, StringComparison.OrdinalIgnoreCase);

    public static MediaType Parse(ReadOnlySpan<char> header)
    {
        var end = header.IndexOf(';');
        if (end < 0)
            return new MediaType { Essence = header.Trim() };

        string? charset = null,
            boundary = null;
        var ambiguous = false;
        var rest = header[(end + 1)..];
        while (!rest.IsEmpty)
        {
            var stop = rest.IndexOfAny(';', '=');
            if (stop < 0)
                break;
            if (rest[stop] == ';')
            {
                rest = rest[(stop + 1)..];
                continue;
            }
            var name = rest[..stop].Trim();
            rest = rest[(stop + 1)..].TrimStart(' ');
            var value = TakeValue(ref rest, out var escaped);
            // Text is made of the two that matter only: a header may carry thousands.
            if (name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                charset ??= Unescape(value, escaped);
            }
            else if (name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
            {
                if (boundary is null)
                    boundary = Unescape(value, escaped);
                else
                    ambiguous = true;
            }
        }
        return new MediaType
        {
            Essence = header[..end].Trim(),
            Charset = charset,
            Boundary = boundary,
            BoundaryIsAmbiguous = ambiguous,
        };
    }

    static ReadOnlySpan<char> TakeValue(ref ReadOnlySpan<char> rest, out bool escaped)
    {
        escaped = false;
        ReadOnlySpan<char> value;
        if (rest.StartsWith('"'))
        {
            var close = 1;
            while (close < rest.Length && rest[close] != '"')
            {
                if (rest[close] == '\\' && close + 1 < rest.Length)
                {
                    escaped = true;
                    close++;
                }
                close++;
            }
            value = rest[1..close];
            rest = rest[Math.Min(close + 1, rest.Length)..];
            var next = rest.IndexOf(';');
            rest = next < 0 ? [] : rest[(next + 1)..];
            return value;
        }

        var end = rest.IndexOf(';');
        value = rest[..(end < 0 ? rest.Length : end)].Trim();
        rest = end < 0 ? [] : rest[(end + 1)..];
        return value;
    }

    static string Unescape(ReadOnlySpan<char> value, bool escaped)
    {
        if (!escaped)
            return new string(value);
        var buffer = new char[value.Length];
        var length = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length)
                i++;
            buffer[length++] = value[i];
        }
        return new string(buffer, 0, length);
    }
}
