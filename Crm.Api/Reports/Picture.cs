// What a picture is made of: marks by what they stand for, and how much room letters take. SvgPicture and PngPicture make files of it.

using System.Globalization;
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
    Paper,
}

public enum Anchor
{
    Start,
    Middle,
    End,
}

/// <summary>A mark, in CSS pixels from the upper left corner.</summary>
public abstract record Mark(Ink Ink)
{
    /// <param name="Y">Of the line that the letters stand on.</param>
    public sealed record Words(double X, double Y, string Text, int Size, Ink Ink, Anchor Anchor, bool IsBold) : Mark(Ink);

    public sealed record Box(double X, double Y, double Width, double Height, Ink Ink) : Mark(Ink);

    /// <summary>A line from point to point; null begins another one.</summary>
    public sealed record Path(IReadOnlyList<(double X, double Y)?> Points, int Thick, Ink Ink, bool IsDashed) : Mark(Ink);
}

/// <param name="width">In CSS pixels: letters keep their size in a narrow picture.</param>
public sealed class Picture(int width)
{
    readonly List<Mark> marks = [];

    public int Width => width;

    public int Height { get; private set; }

    /// <summary>What it is, for people who hear it.</summary>
    public string Title { get; private set; } = "";

    /// <summary>What can be seen in it.</summary>
    public string Description { get; private set; } = "";

    public IReadOnlyList<Mark> Marks => marks;

    public void Text(double x, double y, string text, int size = 13, Ink ink = Ink.Text, Anchor anchor = Anchor.Start, bool bold = false) =>
        marks.Add(new Mark.Words(x, y, Clean(text), size, ink, anchor, bold));

    public void Bar(double x, double y, double w, double h, Ink ink) => marks.Add(new Mark.Box(x, y, Math.Max(0, w), Math.Max(0, h), ink));

    public void Line(double x1, double y1, double x2, double y2, Ink ink, int thick = 1) =>
        marks.Add(new Mark.Path([(x1, y1), (x2, y2)], thick, ink, false));

    public void Curve(IEnumerable<(double X, double Y)> points, Ink ink, bool dashed = false) =>
        marks.Add(new Mark.Path([.. points.Select(point => ((double, double)?)point)], 2, ink, dashed));

    /// <summary>A bar whose number is not its last: an outline with strokes across it.</summary>
    public void Unfinished(double x, double y, double w, double h, Ink ink)
    {
        if (w <= 0 || h <= 0)
            return;
        const double Apart = 5;
        Bar(x, y, w, h, Ink.Paper);
        List<(double, double)?> strokes = [(x + 0.5, y + h), (x + 0.5, y + 0.5), (x + w - 0.5, y + 0.5), (x + w - 0.5, y + h)];
        // Each runs up to the right, from the left or the lower side to the upper or the right one.
        for (var way = Apart; way < w + h; way += Apart)
        {
            strokes.Add(null);
            strokes.Add(way <= h ? (x, y + way) : (x + way - h, y + h));
            strokes.Add(way <= w ? (x + way, y) : (x + w, y + way - w));
        }
        marks.Add(new Mark.Path(strokes, 1, ink, false));
    }

    public Picture Finish(double height, string title, string description)
    {
        (Height, Title, Description) = ((int)Math.Round(height), Clean(title), Clean(description));
        return this;
    }

    // ---- Letters

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

    /// <summary>What XML cannot hold is taken from a text, and so is what would turn its direction around.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            _ = rune.Value switch
            {
                < 0x20 or (>= 0x7F and < 0xA0) or 0x2028 or 0x2029 => clean.Append(' '),
                (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0xFFFE or 0xFFFF => clean,
                _ => clean.Append(rune.ToString()),
            };
        return clean.ToString();
    }
}
