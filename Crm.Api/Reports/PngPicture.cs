// A picture as PNG, drawn by Skia from the marks themselves: no file and no markup of anybody is read for it, and the letters are the
// product's own, so that a machine without fonts draws the same.

using SkiaSharp;

namespace Crm.Api.Reports;

public static class PngPicture
{
    /// <summary>Pixels for each CSS pixel: screens with small pixels show two.</summary>
    public const int LargestScale = 2;

    static readonly Lazy<SKTypeface> Regular = new(() => Read("Inter-Regular.otf")),
        SemiBold = new(() => Read("Inter-SemiBold.otf"));

    /// <summary>As a picture of <paramref name="scale"/> times its width and height.</summary>
    public static byte[] Write(Picture picture, PictureTheme theme, int scale)
    {
        using var bitmap = new SKBitmap(
            new SKImageInfo(picture.Width * scale, picture.Height * scale, SKColorType.Rgba8888, SKAlphaType.Opaque)
        );
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Colour(Ink.Paper));
        canvas.Scale(scale);
        using var paint = new SKPaint { IsAntialias = true, StrokeJoin = SKStrokeJoin.Round };
        foreach (var mark in picture.Marks)
        {
            paint.Color = Colour(mark.Ink);
            switch (mark)
            {
                case Mark.Words words:
                    Draw(canvas, words, paint);
                    break;
                case Mark.Box box:
                    canvas.DrawRect((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height, paint);
                    break;
                case Mark.Path path:
                    Draw(canvas, path, paint);
                    break;
            }
        }
        canvas.Flush();
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();

        SKColor Colour(Ink ink) => SKColor.Parse(PictureColours.Of(ink, theme));
    }

    static void Draw(SKCanvas canvas, Mark.Path path, SKPaint paint)
    {
        using var way = new SKPathBuilder();
        var begins = true;
        foreach (var point in path.Points)
        {
            if (point is not var (x, y))
                begins = true;
            else if (begins)
            {
                way.MoveTo((float)x, (float)y);
                begins = false;
            }
            else
                way.LineTo((float)x, (float)y);
        }
        using var drawn = way.Detach();
        using var dashes = path.IsDashed ? SKPathEffect.CreateDash([4, 3], 0) : null;
        (paint.IsStroke, paint.StrokeWidth, paint.PathEffect) = (true, path.Thick, dashes);
        canvas.DrawPath(drawn, paint);
        (paint.IsStroke, paint.PathEffect) = (false, null);
    }

    /// <summary>Letters that the product's font does not have are taken from the machine's fonts, if it has any; else they are
    /// boxes.</summary>
    static void Draw(SKCanvas canvas, Mark.Words words, SKPaint paint)
    {
        var parts = Parts(words.Text, (words.IsBold ? SemiBold : Regular).Value, words.Size);
        var widths = parts.Select(part => part.Font.MeasureText(part.Text)).ToList();
        var x =
            (float)words.X
            - words.Anchor switch
            {
                Anchor.Start => 0,
                Anchor.Middle => widths.Sum() / 2,
                _ => widths.Sum(),
            };
        foreach (var ((text, font), width) in parts.Zip(widths))
        {
            canvas.DrawText(text, x, (float)words.Y, SKTextAlign.Left, font, paint);
            x += width;
        }
        foreach (var font in parts.Select(part => part.Font).Distinct())
            font.Dispose();
    }

    static List<(string Text, SKFont Font)> Parts(string text, SKTypeface typeface, int size)
    {
        var own = FontOf(typeface, size);
        var parts = new List<(string Text, SKFont Font)> { ("", own) };
        foreach (var rune in text.EnumerateRunes())
        {
            var (before, last) = parts[^1];
            var font =
                own.ContainsGlyph(rune.Value) ? own
                : last.ContainsGlyph(rune.Value) ? last
                : SKFontManager.Default.MatchCharacter(rune.Value) is { } other ? FontOf(other, size)
                : own;
            if (font == last)
                parts[^1] = (before + rune, font);
            else
                parts.Add((rune.ToString(), font));
        }
        return parts;
    }

    static SKFont FontOf(SKTypeface typeface, int size) => new(typeface, size) { Edging = SKFontEdging.Antialias, Subpixel = true };

    static SKTypeface Read(string file)
    {
        using var stream = typeof(PngPicture).Assembly.GetManifestResourceStream("Fonts/" + file)
            ?? throw new InvalidOperationException($"{file} is not in the program.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{file} could not be read.");
    }
}
