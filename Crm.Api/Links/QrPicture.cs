// A text as a QR code (ISO/IEC 18004) and the code as a picture: SVG for print, PNG for everything else.

using System.Globalization;
using System.Text;
using Crm.Api.Reports;
using QRCoder;

namespace Crm.Api.Links;

public static class QrPicture
{
    /// <summary>
    /// Byte mode, error correction level M, the smallest version that holds the text; its matrix has the quiet zone of 4 modules around it.
    /// Throws <see cref="QRCoder.Exceptions.DataTooLongException"/> for a text of more than 2,331 bytes.
    /// </summary>
    public static QRCodeData Of(string text) => QRCodeGenerator.GenerateQrCode(Encoding.UTF8.GetBytes(text), QRCodeGenerator.ECCLevel.M);

    /// <summary>Written here, as the library's has no title for those who cannot see it.</summary>
    /// <param name="scale">Pixels of one module.</param>
    public static byte[] Svg(QRCodeData code, string title, int scale)
    {
        var (modules, side) = (code.ModuleMatrix, code.ModuleMatrix.Count);
        var path = new StringBuilder();
        for (var y = 0; y < side; y++)
        for (var x = 0; x < side; x++)
        {
            var start = x;
            while (x < side && modules[y][x])
                x++;
            if (x > start)
                path.Append(CultureInfo.InvariantCulture, $"M{start} {y}h{x - start}v1H{start}z");
        }
        return Encoding.UTF8.GetBytes(
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="{side * scale}" height="{side
                * scale}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">
            <title id="title">{SvgPicture.Escape(title)}</title>
            <rect width="{side}" height="{side}" fill="#ffffff"/>
            <path d="{path}" fill="#000000"/>
            </svg>

            """
        );
    }

    /// <summary>One bit for each pixel.</summary>
    /// <remarks>The library's picture is not disposed of: it would take the caller's code along.</remarks>
    /// <param name="scale">Pixels of one module.</param>
    public static byte[] Png(QRCodeData code, int scale) => new PngByteQRCode(code).GetGraphic(scale);
}
