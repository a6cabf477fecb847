// A picture as SVG: text that is always escaped, colours on every mark, and nothing a browser or mail program would have to fetch or run.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Reports;

public static class SvgPicture
{
    const string Font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif";

    /// <summary>Changes the colours where the reader prefers dark, and back on paper.</summary>
    static readonly string Style =
        $"@media (prefers-color-scheme:dark){{{Rules(PictureTheme.Dark)}}}@media print{{{Rules(PictureTheme.Light)}}}";

    /// <summary>For an answer that is only this picture.</summary>
    public static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors 'none'; sandbox";

    static string Rules(PictureTheme theme) =>
        string.Concat(
            Enum.GetValues<Ink>()
                .Select(ink =>
                    $".f{(int)ink}{{fill:{PictureColours.Of(ink, theme)}}}.s{(int)ink}{{stroke:{PictureColours.Of(ink, theme)}}}"
                )
        );

    /// <param name="theme">Null: light on the marks, for mail programs that drop style sheets, and the reader's where a style sheet
    /// counts.</param>
    public static string Write(Picture picture, PictureTheme? theme)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description" width="{picture.Width}" height="{picture.Height}" viewBox="0 0 {picture.Width} {picture.Height}" font-family="{Font}">
            <title id="title">{Escape(picture.Title)}</title>
            <desc id="description">{Escape(picture.Description)}</desc>

            """
        );
        if (theme is null)
            svg.Append("<style>").Append(Style).Append("</style>\n");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<rect width=\"{picture.Width}\" height=\"{picture.Height}\"{Coloured("fill", 'f', Ink.Paper)}/>\n"
        );
        foreach (var mark in picture.Marks)
            switch (mark)
            {
                case Mark.Words words:
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"<text x=\"{words.X:0.##}\" y=\"{words.Y:0.##}\" font-size=\"{words.Size}\"{(words.IsBold ? " font-weight=\"600\"" : "")} text-anchor=\"{words.Anchor.ToString().ToLowerInvariant()}\"{Coloured("fill", 'f', words.Ink)}>{Escape(words.Text)}</text>\n"
                    );
                    break;
                case Mark.Box box:
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"<rect x=\"{box.X:0.##}\" y=\"{box.Y:0.##}\" width=\"{box.Width:0.##}\" height=\"{box.Height:0.##}\"{Coloured("fill", 'f', box.Ink)}/>\n"
                    );
                    break;
                case Mark.Path path:
                    svg.Append(
                        CultureInfo.InvariantCulture,
                        $"<path d=\"{Way(path.Points)}\" fill=\"none\" stroke-width=\"{path.Thick}\" stroke-linejoin=\"round\"{(path.IsDashed ? " stroke-dasharray=\"4 3\"" : "")}{Coloured("stroke", 's', path.Ink)}/>\n"
                    );
                    break;
            }
        return svg.Append("</svg>\n").ToString();

        string Coloured(string attribute, char kind, Ink ink) =>
            (theme is null ? $" class=\"{kind}{(int)ink}\"" : "")
            + $" {attribute}=\"{PictureColours.Of(ink, theme ?? PictureTheme.Light)}\"";
    }

    static string Way(IReadOnlyList<(double X, double Y)?> points)
    {
        var way = new StringBuilder();
        var begins = true;
        foreach (var point in points)
            if (point is var (x, y))
            {
                way.Append(CultureInfo.InvariantCulture, $"{(begins ? 'M' : 'L')}{x:0.##} {y:0.##}");
                begins = false;
            }
            else
                begins = true;
        return way.ToString();
    }

    /// <summary>For text between tags and in attributes; what XML cannot hold is taken from it.</summary>
    public static string Escape(string text) =>
        Picture
            .Clean(text)
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal);
}
