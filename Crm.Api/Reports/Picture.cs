// The hand that draws SVG: text that is always escaped, colours that hold in light and dark, and nothing a browser or mail program would
// have to fetch or run.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Reports;

/// <summary>What a mark stands for; decides its colour.</summary>
public enum Ink
{
    Text,
    Soft,
    Line,
    First,
    Second,
    Third,
}

/// <summary>
/// Every mark carries its colour as an attribute, for mail programs that drop style sheets. The style sheet only changes colours where the
/// reader prefers dark.
/// </summary>
public sealed class Picture(int width)
{
    const string Font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif";

    // Each colour has a contrast of 4.5 and more to its paper, lines are only company.
    static readonly (string Light, string Dark)[] Colours =
    [
        ("#18202c", "#e9edf3"),
        ("#4b5566", "#b1bbc9"),
        ("#d8dee8", "#2c3644"),
        ("#1a56b8", "#8ab8ff"),
        ("#b45309", "#f5b25c"),
        ("#1b6e3c", "#7fd6a0"),
    ];
    const string Paper = "#ffffff",
        DarkPaper = "#171e28";

    static readonly string Style =
        "@media (prefers-color-scheme:dark){.p{fill:"
        + DarkPaper
        + "}"
        + string.Concat(Colours.Select((c, i) => $".f{i}{{fill:{c.Dark}}}.s{i}{{stroke:{c.Dark}}}"))
        + "}@media print{.p{fill:"
        + Paper
        + "}"
        + string.Concat(Colours.Select((c, i) => $".f{i}{{fill:{c.Light}}}.s{i}{{stroke:{c.Light}}}"))
        + "}";

    /// <summary>For an answer that is only this picture.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'; sandbox";

    readonly StringBuilder marks = new();

    public int Width => width;

    public void Text(double x, double y, string text, int size = 13, Ink ink = Ink.Text, string anchor = "start", bool bold = false) =>
        marks.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size}\"{(bold ? " font-weight=\"600\"" : "")} text-anchor=\"{anchor}\" class=\"f{(int)ink}\" fill=\"{Colours[(int)ink].Light}\">{Escape(text)}</text>\n"
        );

    public void Bar(double x, double y, double w, double h, Ink ink) =>
        marks.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(0, w):0.##}\" height=\"{Math.Max(0, h):0.##}\" class=\"f{(int)ink}\" fill=\"{Colours[(int)ink].Light}\"/>\n"
        );

    public void Line(double x1, double y1, double x2, double y2, Ink ink) =>
        marks.Append(
            CultureInfo.InvariantCulture,
            $"<path d=\"M{x1:0.##} {y1:0.##}L{x2:0.##} {y2:0.##}\" fill=\"none\" stroke-width=\"1\" class=\"s{(int)ink}\" stroke=\"{Colours[(int)ink].Light}\"/>\n"
        );

    public void Curve(IEnumerable<(double X, double Y)> points, Ink ink) =>
        marks.Append(
            CultureInfo.InvariantCulture,
            $"<polyline points=\"{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.##},{p.Y:0.##}")))}\" fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" class=\"s{(int)ink}\" stroke=\"{Colours[(int)ink].Light}\"/>\n"
        );

    /// <param name="title">What it is, for people who hear it.</param>
    /// <param name="description">What can be seen in it.</param>
    public string Finish(double height, string title, string description) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" width="{width}" height="{height:0}" viewBox="0 0 {width} {height:0}" font-family="{Font}">
            <title id="title">{Escape(title)}</title>
            <desc id="description">{Escape(description)}</desc>
            <style>{Style}</style>
            <rect width="{width}" height="{height:0}" class="p" fill="{Paper}"/>
            {marks}</svg>

            """
        );

    /// <summary>A text that fits into a width; longer ones end with an ellipsis. Letters are measured roughly and never too
    /// narrow.</summary>
    public static string Fit(string text, double room, int size, bool bold = false)
    {
        if (bold)
            room /= Bold;
        var (used, cut) = (0.0, 0);
        var whole = StringInfo.GetTextElementEnumerator(text);
        while (whole.MoveNext())
        {
            var element = whole.GetTextElement();
            used += WidthOf(element) * size;
            if (used > room)
                return cut == 0 ? "…" : text[..cut].TrimEnd() + "…";
            if (used <= room - size)
                cut = whole.ElementIndex + element.Length;
        }
        return text;
    }

    public static double Measure(string text, int size, bool bold = false)
    {
        var width = 0.0;
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
            width += WidthOf(elements.GetTextElement()) * size;
        return bold ? width * Bold : width;
    }

    /// <summary>So much wider are bold letters in the widest of the fonts.</summary>
    const double Bold = 1.2;

    static double WidthOf(string element) =>
        element[0] switch
        {
            'i' or 'l' or 'j' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or 'I' => 0.32,
            'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.95,
            < (char)0x1100 => char.IsUpper(element[0]) ? 0.75 : 0.64,
            _ => 1.1,
        };

    /// <summary>Markup and what XML cannot hold is taken from it, and so is what would turn the direction of the text around.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            _ = rune.Value switch
            {
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '&' => safe.Append("&amp;"),
                '"' => safe.Append("&quot;"),
                '\'' => safe.Append("&#39;"),
                < 0x20 or (>= 0x7F and < 0xA0) or 0x2028 or 0x2029 => safe.Append(' '),
                (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0xFFFE or 0xFFFF => safe,
                _ => safe.Append(rune.ToString()),
            };
        return safe.ToString();
    }
}
