// What the product's own pages load: the stylesheet and their scripts, from this host, under names that change with what is in them.

using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.Pages;

/// <param name="Path">As pages name it: <c>/assets/crm.0a1b2c3d4e5f.css</c>.</param>
/// <param name="Text">As it is inlined.</param>
public sealed record Asset(string Path, string Text, string ContentType)
{
    public byte[] Plain { get; } = Encoding.UTF8.GetBytes(Text);

    public byte[] Gzipped { get; } = Compress(Encoding.UTF8.GetBytes(Text));

    static byte[] Compress(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.SmallestSize))
            gzip.Write(bytes);
        return to.ToArray();
    }
}

public static class Assets
{
    const string Folder = "Pages/";

    static readonly FrozenDictionary<string, Asset> ByName = typeof(Assets)
        .Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal) && !name.EndsWith(".txt", StringComparison.Ordinal))
        .Select(name => (Name: name[Folder.Length..], Asset: Read(name)))
        .Concat(StaffWords.Modules.Select(one => (one.Name, Asset: Made(one.Name, one.Text))))
        .ToFrozenDictionary(one => one.Name, one => one.Asset);

    static readonly FrozenDictionary<string, Asset> ByPath = ByName.Values.ToFrozenDictionary(asset => asset.Path);

    /// <summary>By its file's name in Crm.Api/Pages: <c>crm.css</c>.</summary>
    public static Asset Of(string name) => ByName[name];

    /// <summary>The first parts of the stylesheet, for pages that carry what they need in themselves.</summary>
    /// <param name="last">The number of the last part, as the comments in crm.css have it.</param>
    public static string StyleUpTo(int last)
    {
        var style = Of("crm.css").Text;
        var end = style.IndexOf($"/* {last + 1} ", StringComparison.Ordinal);
        return style[style.IndexOf("/* 1 ", StringComparison.Ordinal)..(end < 0 ? style.Length : end)];
    }

    /// <summary>Colours and sizes of part 1 by name, without the two hyphens: for pictures, which know no stylesheet.</summary>
    /// <param name="dark">Those of the dark theme, where it has its own.</param>
    public static IReadOnlyDictionary<string, string> Tokens(bool dark)
    {
        var tokens = StyleUpTo(1);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        Gather(tokens[..tokens.IndexOf("@media", StringComparison.Ordinal)]);
        if (dark)
            Gather(tokens[tokens.IndexOf(":root[data-theme=dark]", StringComparison.Ordinal)..]);
        return found;

        void Gather(string rules)
        {
            var body = rules[(rules.IndexOf('{') + 1)..rules.IndexOf('}')];
            foreach (var one in body.Split(';', StringSplitOptions.TrimEntries))
                if (one.Split(':', 2) is [['-', '-', .. var name], var value])
                    found[name] = value.Trim();
        }
    }

    public static void Map(WebApplication app) => app.MapMethods("/assets/{file}", ["GET", "HEAD"], Serve).ExcludeFromDescription();

    static Task Serve(HttpContext http)
    {
        var response = http.Response;
        if (!ByPath.TryGetValue(http.Request.Path.Value ?? "", out var asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        var isZipped = http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        var bytes = isZipped ? asset.Gzipped : asset.Plain;
        response.ContentType = asset.ContentType;
        response.ContentLength = bytes.Length;
        // What changes has another name.
        response.Headers.CacheControl = "public, max-age=31536000, immutable";
        response.Headers.Vary = "Accept-Encoding";
        if (isZipped)
            response.Headers.ContentEncoding = "gzip";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes).AsTask();
    }

    /// <summary>A file of Crm.Api/Pages as it is. Browsers count a line's end as one character, whatever the checkout made of it.</summary>
    internal static string TextOf(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(Folder + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    static Asset Read(string resource) => Made(resource[Folder.Length..], TextOf(resource[Folder.Length..]));

    static Asset Made(string file, string text)
    {
        var (name, extension) = (Path.GetFileNameWithoutExtension(file), Path.GetExtension(file));
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
        var type = extension == ".css" ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
        return new($"/assets/{name}.{hash}{extension}", text, type);
    }
}
