// A character set that text may come in, by any label of the WHATWG encoding standard, and its strict decoding.

using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Crm.Domain.Text;

/// <summary>
/// Decodes as browsers encode. us-ascii is read as UTF-8, of which it is a part; "replacement" and x-user-defined of the standard are no
/// sets that a person types in, and not here.
/// </summary>
public sealed class Charset
{
    readonly char[]? table;
    readonly Encoding? encoding;

    Charset(string name, char[]? table = null, Encoding? encoding = null) => (Name, this.table, this.encoding) = (name, table, encoding);

    public static readonly Charset Utf8 = new("utf-8");

    /// <summary>UTF-16 whose byte order mark decides; little endian without one.</summary>
    public static readonly Charset Utf16 = new("utf-16");
    public static readonly Charset Utf16LittleEndian = new("utf-16le");
    public static readonly Charset Utf16BigEndian = new("utf-16be");
    public static readonly Charset Windows1252 = OfCodePage("windows-1252", 1252);

    public string Name { get; }

    /// <summary>Whether &amp;, = and every other character of ASCII is its one byte.</summary>
    public bool IsAsciiBased => this != Utf16 && this != Utf16LittleEndian && this != Utf16BigEndian;

    /// <summary>Finds a set by one of its labels, in any case and with white space around.</summary>
    public static bool TryFind(ReadOnlySpan<char> label, out Charset charset)
    {
        label = label.Trim(" \t\r\n\f");
        charset = Utf8;
        return label.Length is > 0 and <= 40 && Labels.Value.TryGetValue(label.ToString(), out charset!);
    }

    /// <summary>Decodes strictly.</summary>
    /// <param name="chars">At least as long as <paramref name="bytes"/>.</param>
    /// <returns>The characters written, or -1 when the bytes are not valid in the set.</returns>
    public int Decode(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (table is not null)
        {
            for (var i = 0; i < bytes.Length; i++)
                if ((chars[i] = table[bytes[i]]) == '\uFFFD')
                    return -1;
            return bytes.Length;
        }
        if (encoding is null)
            return this == Utf8 ? DecodeUtf8(bytes, chars) : DecodeUtf16(bytes, chars);
        try
        {
            return encoding.GetChars(bytes, chars);
        }
        catch (ArgumentException) // What does not fit says the same as what does not decode.
        {
            return -1;
        }
    }

    static int DecodeUtf8(ReadOnlySpan<byte> bytes, Span<char> chars) =>
        System.Text.Unicode.Utf8.ToUtf16(bytes, chars, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
            ? written
            : -1;

    int DecodeUtf16(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length % 2 != 0)
            return -1;
        var bigEndian = this == Utf16BigEndian || this == Utf16 && bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        var length = bytes.Length / 2;
        for (var i = 0; i < length; i++)
            chars[i] = (char)(
                bigEndian
                    ? BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..])
                    : BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..])
            );
        return HasLoneSurrogate(chars[..length]) ? -1 : length;
    }

    static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
                return true;
            i++;
        }
        return false;
    }

    static Charset OfCodePage(string name, int codePage)
    {
        // Asked of the provider itself: registering it would change Encoding.GetEncoding for the whole process.
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(
            codePage,
            EncoderFallback.ExceptionFallback,
            codePage < 900 || codePage is >= 1250 and <= 1258 or >= 10000 and < 30000
                ? new DecoderReplacementFallback("\uFFFD")
                : DecoderFallback.ExceptionFallback
        ) ?? throw new InvalidOperationException($"The framework has no code page {codePage}.");
        return encoding.IsSingleByte
            ? new(name, encoding.GetChars([.. Enumerable.Range(0, 256).Select(b => (byte)b)]))
            : new(name, null, encoding);
    }

    /// <summary>A set that the framework lacks: ASCII, its control characters, and these 96.</summary>
    static Charset OfUpperHalf(string name, string upper) => new(name, [.. Enumerable.Range(0, 0xA0).Select(c => (char)c), .. upper]);

    static readonly Lazy<Dictionary<string, Charset>> Labels = new(() =>
    {
        var found = new Dictionary<string, Charset>(StringComparer.OrdinalIgnoreCase);
        Add(Utf8, "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 us-ascii ascii ansi_x3.4-1968");
        Add(Utf16, "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff");
        Add(Utf16LittleEndian, "");
        Add(Utf16BigEndian, "unicodefffe");
        Add(
            Windows1252,
            "cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 iso-ir-100 latin1 l1 csisolatin1 cp819 ibm819"
        );
        for (var page = 1250; page <= 1258; page++)
            if (page != 1252)
                Add(OfCodePage($"windows-{page}", page), $"cp{page} x-cp{page}");
        AddTo("windows-1254", "iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 iso-ir-148 latin5 l5 csisolatin5");
        foreach (var part in new[] { 2, 3, 4, 5, 6, 7, 8, 13, 15 })
            Add(
                OfCodePage($"iso-8859-{part}", 28590 + part),
                $"iso8859-{part} iso8859{part} iso_8859-{part} iso_8859-{part}:1987 iso_8859-{part}:1988"
            );
        AddTo("iso-8859-2", "csisolatin2 iso-ir-101 l2 latin2");
        AddTo("iso-8859-3", "csisolatin3 iso-ir-109 l3 latin3");
        AddTo("iso-8859-4", "csisolatin4 iso-ir-110 l4 latin4");
        AddTo("iso-8859-5", "csisolatincyrillic cyrillic iso-ir-144");
        AddTo("iso-8859-6", "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127");
        AddTo("iso-8859-7", "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 sun_eu_greek");
        AddTo("iso-8859-8", "csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 visual iso-8859-8-i csiso88598i logical");
        AddTo("iso-8859-15", "csisolatin9 latin9 l9");
        Add(
            OfUpperHalf(
                "iso-8859-10",
                "\u00A0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00ADŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ"
            ),
            "iso8859-10 iso885910 csisolatin6 iso-ir-157 l6 latin6"
        );
        Add(
            OfUpperHalf(
                "iso-8859-14",
                "\u00A0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00AD®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ"
            ),
            "iso8859-14 iso885914"
        );
        Add(
            OfUpperHalf(
                "iso-8859-16",
                "\u00A0ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ"
            ),
            ""
        );
        Add(OfCodePage("windows-874", 874), "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620");
        Add(OfCodePage("ibm866", 866), "866 cp866 csibm866");
        Add(OfCodePage("koi8-r", 20866), "cskoi8r koi koi8 koi8_r");
        Add(OfCodePage("koi8-u", 21866), "koi8-ru");
        Add(OfCodePage("macintosh", 10000), "csmacintosh mac x-mac-roman");
        Add(OfCodePage("x-mac-cyrillic", 10007), "x-mac-ukrainian");
        // The standard decodes gbk and gb2312 as their extension.
        Add(OfCodePage("gb18030", 54936), "gbk x-gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58");
        Add(OfCodePage("big5", 950), "big5-hkscs cn-big5 csbig5 x-x-big5");
        Add(OfCodePage("euc-jp", 51932), "cseucpkdfmtjapanese x-euc-jp");
        Add(OfCodePage("shift_jis", 932), "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis");
        Add(OfCodePage("iso-2022-jp", 50220), "csiso2022jp");
        Add(
            OfCodePage("euc-kr", 949),
            "cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"
        );
        return found;

        void Add(Charset charset, string labels)
        {
            found[charset.Name] = charset;
            AddTo(charset.Name, labels);
        }

        void AddTo(string name, string labels)
        {
            foreach (var label in labels.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                found[label] = found[name];
        }
    });
}
