// A QR code as a picture: SVG for print, PNG for everything else.

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Crm.Api.Reports;
using Crm.Domain.Links;

namespace Crm.Api.Links;

public static class QrPicture
{
    /// <summary>Empty modules that belong around the code.</summary>
    const int Quiet = 4;

    /// <param name="scale">Pixels of one module.</param>
    public static byte[] Svg(QrCode code, string title, int scale)
    {
        var side = code.Size + 2 * Quiet;
        var path = new StringBuilder();
        for (var y = 0; y < code.Size; y++)
        for (var x = 0; x < code.Size; x++)
        {
            var start = x;
            while (x < code.Size && code[x, y])
                x++;
            if (x > start)
                path.Append(CultureInfo.InvariantCulture, $"M{start + Quiet} {y + Quiet}h{x - start}v1H{start + Quiet}z");
        }
        return Encoding.UTF8.GetBytes(
            $"""
            <svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="{side * scale}" height="{side
                * scale}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">
            <title id="title">{Picture.Escape(title)}</title>
            <rect width="{side}" height="{side}" fill="#ffffff"/>
            <path d="{path}" fill="#000000"/>
            </svg>

            """
        );
    }

    /// <summary>One bit for each pixel.</summary>
    public static byte[] Png(QrCode code, int scale)
    {
        var side = (code.Size + 2 * Quiet) * scale;
        var row = (side + 7) / 8;
        var pixels = new byte[(row + 1) * side];
        for (var y = 0; y < side; y++)
        for (var x = 0; x < side; x++)
        {
            var (mx, my) = (x / scale - Quiet, y / scale - Quiet);
            if (mx < 0 || my < 0 || mx >= code.Size || my >= code.Size || !code[mx, my])
                pixels[y * (row + 1) + 1 + x / 8] |= (byte)(0x80 >> x % 8);
        }
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zlib.Write(pixels);
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, side);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), side);
        head[8] = 1; // bits of grey
        Chunk("IHDR"u8, head);
        Chunk("IDAT"u8, packed.ToArray());
        Chunk("IEND"u8, []);
        return png.ToArray();

        void Chunk(ReadOnlySpan<byte> type, byte[] data)
        {
            Span<byte> number = stackalloc byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            png.Write(number);
            png.Write(type);
            png.Write(data);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(data, Crc(type, 0xFFFFFFFF)) ^ 0xFFFFFFFF);
            png.Write(number);
        }
    }

    static uint Crc(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = crc >> 1 ^ (crc & 1) * 0xEDB88320;
        }
        return crc;
    }
}
