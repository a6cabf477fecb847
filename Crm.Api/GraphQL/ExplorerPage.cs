// GET /graphql for people: one page with everything in it, which asks for a key and sends requests like any other client.

using System.Security.Cryptography;
using System.Text;

namespace Crm.Api.GraphQL;

static class ExplorerPage
{
    static readonly string Style = Part("explorer.css"),
        Script = Part("explorer.js");

    static readonly byte[] Page = Encoding.UTF8.GetBytes(
        Part("explorer.html").Replace("/*STYLE*/", Style, StringComparison.Ordinal).Replace("/*SCRIPT*/", Script, StringComparison.Ordinal)
    );

    // This style and this script, and no address but ours: nothing that an answer holds can run or be sent elsewhere.
    static readonly string Policy =
        $"default-src 'none'; script-src '{Hash(Script)}'; style-src '{Hash(Style)}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    /// <summary>A browser that goes to the address. Clients of the API do not take HTML.</summary>
    public static bool IsAsked(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method)
        && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static Task Write(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.ContentLength = Page.Length;
        http.Response.Headers.ContentSecurityPolicy = Policy;
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        return http.Response.Body.WriteAsync(Page).AsTask();
    }

    static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static string Part(string name)
    {
        using var stream = typeof(ExplorerPage).Assembly.GetManifestResourceStream("Explorer/" + name)!;
        using var reader = new StreamReader(stream);
        // Browsers count a line's end as one character, whatever the checkout made of it.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
