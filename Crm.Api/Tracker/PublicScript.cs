// A script of ours for other people's pages: small, zipped once, kept by browsers for an hour, the same for everybody.

using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Tracker;

/// <param name="resource">The script's name in the assembly.</param>
public sealed class PublicScript(string resource)
{
    readonly byte[] plain = Read(resource),
        zipped = Zip(Read(resource));
    readonly string etag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Read(resource))[..12])}\"";

    public async Task Give(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=3600, stale-while-revalidate=86400";
        headers.ETag = etag;
        headers.Vary = "Accept-Encoding";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"; // Other people's pages are what it is for.
        headers.AccessControlAllowOrigin = "*";
        http.Response.ContentType = "text/javascript; charset=utf-8";
        if (
            http
                .Request.Headers.IfNoneMatch.ToString()
                .Split(',')
                .Any(tag => tag.Trim() is var t && (t == etag || t == "W/" + etag || t == "*"))
        )
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var zip = http
            .Request.Headers.AcceptEncoding.ToString()
            .Split(',')
            .Any(e =>
                e.Trim().Equals("gzip", StringComparison.OrdinalIgnoreCase)
                || e.Trim().StartsWith("gzip;", StringComparison.OrdinalIgnoreCase)
                    && !e.Replace(" ", "", StringComparison.Ordinal).EndsWith("q=0", StringComparison.Ordinal)
            );
        if (zip)
            headers.ContentEncoding = "gzip";
        var bytes = zip ? zipped : plain;
        http.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsGet(http.Request.Method))
            await http.Response.Body.WriteAsync(bytes);
    }

    static byte[] Read(string resource)
    {
        using var stream = typeof(PublicScript).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    static byte[] Zip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.SmallestSize))
            zip.Write(bytes);
        return memory.ToArray();
    }
}
