// RFC 3492: writes any characters with the letters, digits and hyphen that a domain label may have.

using System.Text;

namespace Crm.Domain.Text;

/// <summary>Our own: IdnMapping does other things to a name, and other ones on every platform, before it encodes.</summary>
static class Punycode
{
    const int Base = 36,
        TMin = 1,
        TMax = 26,
        Skew = 38,
        Damp = 700,
        FirstBias = 72,
        FirstCode = 128;

    /// <summary>Encodes a label of valid UTF-16; without the "xn--".</summary>
    public static string Encode(string label)
    {
        var codes = label.EnumerateRunes().Select(rune => rune.Value).ToArray();
        var output = new StringBuilder();
        foreach (var code in codes)
            if (code < 128)
                output.Append((char)code);
        int basic = output.Length,
            handled = basic,
            n = FirstCode,
            delta = 0,
            bias = FirstBias;
        if (basic > 0)
            output.Append('-');
        while (handled < codes.Length)
        {
            var next = codes.Where(code => code >= n).Min();
            delta += (next - n) * (handled + 1);
            n = next;
            foreach (var code in codes)
            {
                if (code < n)
                    delta++;
                if (code != n)
                    continue;
                var q = delta;
                for (var k = Base; ; k += Base)
                {
                    var t = Math.Clamp(k - bias, TMin, TMax);
                    if (q < t)
                        break;
                    output.Append(Digit(t + (q - t) % (Base - t)));
                    q = (q - t) / (Base - t);
                }
                output.Append(Digit(q));
                bias = Adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled++;
            }
            delta++;
            n++;
        }
        return output.ToString();
    }

    /// <summary>Decodes what follows "xn--" in a label of at most 63 characters; false when nothing encodes to it.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, out string label)
    {
        label = "";
        var codes = new List<int>();
        var hyphen = text.LastIndexOf('-');
        for (var i = 0; i < hyphen; i++)
            codes.Add(text[i]);
        long n = FirstCode,
            index = 0;
        var bias = FirstBias;
        for (var at = hyphen < 0 ? 0 : hyphen + 1; at < text.Length; )
        {
            long before = index,
                weight = 1;
            for (var k = Base; ; k += Base)
            {
                if (at == text.Length)
                    return false;
                var c = text[at++];
                var digit =
                    c is >= 'a' and <= 'z' ? c - 'a'
                    : c is >= '0' and <= '9' ? c - '0' + 26
                    : Base;
                if (digit == Base)
                    return false;
                index += digit * weight;
                if (index > int.MaxValue)
                    return false;
                var t = Math.Clamp(k - bias, TMin, TMax);
                if (digit < t)
                    break;
                weight *= Base - t;
                if (weight > int.MaxValue)
                    return false;
            }
            bias = Adapt(index - before, codes.Count + 1, before == 0);
            n += index / (codes.Count + 1);
            index %= codes.Count + 1;
            if (!Rune.IsValid((int)Math.Min(n, int.MaxValue)))
                return false;
            codes.Insert((int)index++, (int)n);
        }
        label = string.Concat(codes.Select(code => new Rune(code).ToString()));
        return true;
    }

    static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    static int Adapt(long delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        var k = 0;
        for (; delta > (Base - TMin) * TMax / 2; k += Base)
            delta /= Base - TMin;
        return (int)(k + (Base - TMin + 1) * delta / (delta + Skew));
    }
}
