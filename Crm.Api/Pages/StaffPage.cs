// The pages of the people who work here: one stylesheet, a few scripts from this host, a policy that runs nothing else, and no data in it
// but what everybody may know.

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Crm.Domain.Forms;

namespace Crm.Api.Pages;

/// <param name="words">What the page says before its script runs and without it, in each language that it speaks, English first: the
/// title of the window, and the sentence for browsers that run no script.</param>
/// <param name="modules">The script's files in Crm.Api/Pages, the one that starts first.</param>
public sealed class StaffPage(OrderedDictionary<string, (string Title, string NoScript)> words, params string[] modules)
{
    static readonly string Style = Assets.Of("crm.css").Path;

    readonly Asset[] scripts = [.. modules.Select(Assets.Of)];

    /// <summary>By what one file names another: the addresses change with the contents, and the words with the language.</summary>
    readonly Dictionary<string, string> imports = words.Keys.ToDictionary(
        language => language,
        language =>
            JsonSerializer.Serialize(
                new
                {
                    imports = modules
                        .ToDictionary(one => $"crm/{one}", one => Assets.Of(one).Path)
                        .Append(new("crm/desk-words-of.js", WordsIn(language).Path))
                        .ToDictionary(),
                }
            )
    );

    static Asset WordsIn(string language) => Assets.Of(StaffWords.ModuleOf(language));

    /// <summary>Bytes of the script as it goes over the wire, with the longest of the languages.</summary>
    public int ScriptBytes => scripts.Sum(script => script.Gzipped.Length) + words.Keys.Max(language => WordsIn(language).Gzipped.Length);

    /// <param name="said">What the script reads as JSON from the element with the id <c>page</c>; null: nothing.</param>
    public async Task Write(HttpContext http, object? said = null)
    {
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));
        var page = Encoding.UTF8.GetBytes(PageOf(nonce, http.Request.Cookies["crm_theme"], LanguageOf(http.Request), said));
        var response = http.Response;
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(page);
    }

    /// <summary>What was chosen, or the first of the browser's languages that the page speaks.</summary>
    string LanguageOf(HttpRequest request) =>
        request.Cookies["crm_language"]?.ToLowerInvariant() is { } chosen && words.ContainsKey(chosen)
            ? chosen
            : request
                .GetTypedHeaders()
                .AcceptLanguage.Where(one => one.Quality is not 0)
                .OrderByDescending(one => one.Quality ?? 1)
                .Select(one => FormLanguages.Primary(one.Value.ToString()).ToLowerInvariant())
                .FirstOrDefault(words.ContainsKey)
                ?? words.GetAt(0).Key;

    /// <param name="theme">What the browser remembers: light, dark, or nothing for the system's.</param>
    string PageOf(string nonce, string? theme, string language, object? said)
    {
        var (title, needs) = words[language];
        var html = new StringBuilder(4096);
        html.Append($"<!doctype html>\n<html lang=\"{language}\"")
            .Append(theme is "light" or "dark" ? $" data-theme=\"{theme}\"" : "")
            .Append(">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
            .Append("<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"data:,\">\n")
            .Append($"<title>{HtmlEncoder.Default.Encode(title)}</title>\n<link rel=\"stylesheet\" href=\"{Style}\">\n")
            .Append($"<script type=\"importmap\" nonce=\"{nonce}\">{imports[language]}</script>\n");
        // The usual encoder leaves no < in it, whatever names there are.
        if (said is not null)
            html.Append(
                $"<script type=\"application/json\" id=\"page\" nonce=\"{nonce}\">{JsonSerializer.Serialize(said, JsonSerializerOptions.Web)}</script>\n"
            );
        foreach (var script in scripts.Append(WordsIn(language)))
            html.Append($"<link rel=\"modulepreload\" nonce=\"{nonce}\" href=\"{script.Path}\">\n");
        return html.Append($"<script type=\"module\" nonce=\"{nonce}\" src=\"{scripts[0].Path}\"></script>\n</head>\n<body>\n")
            .Append($"<noscript><p>{HtmlEncoder.Default.Encode(needs)}</p></noscript>\n</body>\n</html>")
            .ToString();
    }
}
