// GET /desk and the addresses of its views: a page without data. What it shows, its script asks the public API for, with the key that is
// typed in.

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Crm.Domain.Forms;

namespace Crm.Api.Pages;

public static class Desk
{
    /// <summary>The script's files, the one that starts first.</summary>
    static readonly string[] Modules =
    [
        "desk.js",
        "desk-words.js",
        "desk-api.js",
        "desk-dom.js",
        "desk-frame.js",
        "desk-views.js",
        "desk-form.js",
        "desk-leads.js",
        "desk-lead.js",
        "desk-timeline.js",
        "desk-waiting.js",
        "desk-csv.js",
    ];

    static readonly Asset[] Scripts = [.. Modules.Select(Assets.Of)];

    static readonly string Style = Assets.Of("crm.css").Path;

    /// <summary>By what one file names another: the addresses change with the contents.</summary>
    static readonly string Imports = JsonSerializer.Serialize(
        new { imports = Scripts.Zip(Modules).ToDictionary(one => $"crm/{one.Second}", one => one.First.Path) }
    );

    static readonly string Preloads = string.Concat(
        Scripts.Select(script => $"""<link rel="modulepreload" nonce="NONCE" href="{script.Path}">""" + "\n")
    );

    /// <summary>Bytes of the script as it goes over the wire.</summary>
    public static int ScriptBytes => Scripts.Sum(script => script.Gzipped.Length);

    public static void Map(WebApplication app)
    {
        foreach (var path in new[] { "/desk", "/desk/waiting", "/desk/leads/{id}" })
            app.MapMethods(path, ["GET", "HEAD"], Show).ExcludeFromDescription();
    }

    static async Task Show(HttpContext http)
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        var page = Encoding.UTF8.GetBytes(PageOf(nonce, http.Request.Cookies["crm_theme"], LanguageOf(http.Request)));
        var response = http.Response;
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(page);
    }

    /// <summary>What the page says before its script runs, and without it, in every language that the desk speaks.</summary>
    static readonly Dictionary<string, (string Title, string NoScript)> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = ("Desk", "The desk needs JavaScript. Switch it on for this address."),
        ["es"] = ("Escritorio", "El escritorio necesita JavaScript. Actívelo para esta dirección."),
        ["pt"] = ("Secretária", "A secretária precisa de JavaScript. Ative-o para este endereço."),
        ["fr"] = ("Bureau", "Le bureau a besoin de JavaScript. Activez-le pour cette adresse."),
        ["de"] = ("Schreibtisch", "Der Schreibtisch braucht JavaScript. Schalten Sie es für diese Adresse ein."),
    };

    /// <summary>What was chosen, or the first of the browser's languages that the desk speaks.</summary>
    static string LanguageOf(HttpRequest request) =>
        request.Cookies["crm_language"] is { } chosen && Words.ContainsKey(chosen)
            ? chosen.ToLowerInvariant()
            : request
                .GetTypedHeaders()
                .AcceptLanguage.Where(one => one.Quality is not 0)
                .OrderByDescending(one => one.Quality ?? 1)
                .Select(one => FormLanguages.Primary(one.Value.ToString()).ToLowerInvariant())
                .FirstOrDefault(Words.ContainsKey)
                ?? "en";

    /// <param name="theme">What the browser remembers: light, dark, or nothing for the system's.</param>
    static string PageOf(string nonce, string? theme, string language) =>
        $"""
            <!doctype html>
            <html lang="{language}"{(theme is "light" or "dark" ? $" data-theme=\"{theme}\"" : "")}>
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="robots" content="noindex">
            <link rel="icon" href="data:,">
            <title>{Words[language].Title}</title>
            <link rel="stylesheet" href="{Style}">
            <script type="importmap" nonce="{nonce}">{Imports}</script>
            {Preloads.Replace("NONCE", nonce, StringComparison.Ordinal)}<script type="module" nonce="{nonce}" src="{Scripts[
                0
            ].Path}"></script>
            </head>
            <body>
            <noscript><p>{Words[language].NoScript}</p></noscript>
            </body>
            </html>
            """;
}
