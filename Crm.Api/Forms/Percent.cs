// Percent escapes, resolved in place.

namespace Crm.Api.Forms;

static class Percent
{
    /// <summary>Resolves %XX from a position on; a percent sign without two hex digits behind it stays.</summary>
    /// <returns>The new length.</returns>
    public static int Decode(Span<byte> text, int from)
    {
        var written = from;
        var read = from;
        while (true)
        {
            // Text between escapes is moved in one piece: of a long message most is text.
            var plain = text[read..].IndexOf((byte)'%');
            if (plain < 0)
                plain = text.Length - read;
            if (plain > 0)
            {
                if (written != read)
                    text.Slice(read, plain).CopyTo(text[written..]);
                written += plain;
                read += plain;
            }
            if (read == text.Length)
                return written;

            var b = text[read++];
            if (read + 1 < text.Length)
            {
                int high = Hex(text[read]),
                    low = Hex(text[read + 1]);
                if ((high | low) >= 0)
                {
                    b = (byte)(high << 4 | low);
                    read += 2;
                }
            }
            text[written++] = b;
        }
    }

    /// <summary>Resolves the three escapes that browsers write into a multipart name, and no other.</summary>
    /// <returns>The new length.</returns>
    public static int DecodeQuoted(Span<byte> text)
    {
        var written = 0;
        for (var read = 0; read < text.Length; read++)
        {
            var b = text[read];
            if (b == '%' && read + 2 < text.Length)
            {
                var escape = (Hex(text[read + 1]) << 4) | Hex(text[read + 2]);
                if (escape is '"' or '\r' or '\n')
                {
                    b = (byte)escape;
                    read += 2;
                }
            }
            text[written++] = b;
        }
        return written;
    }

    /// <summary>The digit's value; -1 for no hex digit.</summary>
    static int Hex(byte c) =>
        c switch
        {
            >= (byte)'0' and <= (byte)'9' => c - '0',
            >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
            _ => -1,
        };
}
