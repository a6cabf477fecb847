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

    /// <summary>Letters that the product's font does not have are blocks, whatever fonts the machine has: a picture is the same
    /// everywhere.</summary>
    static void Draw(SKCanvas canvas, Mark.Words words, SKPaint paint)
    {
        using var font = new SKFont((words.IsBold ? SemiBold : Regular).Value, words.Size)
        {
            Edging = SKFontEdging.Antialias,
            Subpixel = true,
        };
        var align = words.Anchor switch
        {
            Anchor.Start => SKTextAlign.Left,
            Anchor.Middle => SKTextAlign.Center,
            _ => SKTextAlign.Right,
        };
        canvas.DrawText(words.Text, (float)words.X, (float)words.Y, align, font, paint);
    }

    static SKTypeface Read(string file)
    {
        using var stream = typeof(PngPicture).Assembly.GetManifestResourceStream("Fonts/" + file)
            ?? throw new InvalidOperationException($"{file} is not in the program.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"{file} could not be read.");
    }
}
