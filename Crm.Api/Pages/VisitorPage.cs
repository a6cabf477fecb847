// The frame of every page that strangers see: whose page it is, a sheet with what it says, and what becomes of their data. One request, no
// script.

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Sites;

namespace Crm.Api.Pages;

/// <param name="title">Of the window.</param>
/// <param name="language">What the page is written in, as a tag.</param>
/// <param name="site">Whose page it is; null: nobody's in particular.</param>
public sealed class VisitorPage(string title, string language, Site? site)
{
    static readonly string Style = Assets.StyleUpTo(4);
    static readonly string StyleHash = HashOf(Style);
    static readonly HtmlEncoder Html = HtmlEncoder.Default;

    readonly VisitorWords words = VisitorWords.For(language);
    readonly StringBuilder body = new(4096);

    /// <summary>Where its forms may lead besides to us, as the policy has it: each with a space before it.</summary>
    public string FormsLeadTo { get; init; } = "";

    /// <summary>Origins whose pages may show it in a frame.</summary>
    public IReadOnlyCollection<string> Framers { get; init; } = [];

    /// <summary>Text as text.</summary>
    public static string Text(string? text) => Html.Encode(text ?? "");

    public VisitorPage Add(string html)
    {
        body.Append(html);
        return this;
    }

    /// <summary>What happened, and what it means for whoever reads it.</summary>
    public VisitorPage Say(string what, params IEnumerable<string> means)
    {
        body.Append($"<h1>{Text(what)}</h1>");
        foreach (var sentence in means)
            body.Append($"<p class=\"text\">{Text(sentence)}</p>");
        return this;
    }

    /// <summary>The one way on that there always is: to the site.</summary>
    public VisitorPage AddWayBack()
    {
        if (site?.Url is { } url)
            body.Append($"<a class=\"b side\" href=\"{Text(url)}\"><bdi>{Text(words.BackTo)} <bdi>{Text(site.Name)}</bdi></bdi></a>");
        return this;
    }

    public Task Write(HttpContext http, int status)
    {
        var own = Brand(site?.Color);
        var bytes = Encoding.UTF8.GetBytes(ToHtml(own));
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = bytes.Length;
        response.Headers["X-Robots-Tag"] = "noindex";
        var styles = own is null ? $"'{StyleHash}'" : $"'{StyleHash}' '{HashOf(own)}'";
        var pictures =
            site is null ? "data:"
            : SiteLogo.AddressOf(site) is { } address ? "data: " + TextRules.OriginOf(address)
            : "data: 'self'";
        var framers = Framers.Count == 0 ? "'self'" : "'self' " + string.Join(' ', Framers);
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src {styles}; img-src {pictures}; form-action 'self'{FormsLeadTo}; base-uri 'none'; frame-ancestors {framers}";
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes).AsTask();
    }

    string ToHtml(string? own)
    {
        var direction = FormLanguages.IsRightToLeft(language) ? " dir=\"rtl\"" : "";
        var html = new StringBuilder(16 * 1024)
            .Append($"<!doctype html><html lang=\"{Text(language)}\"{direction}><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" content=\"noindex\">")
            // Without an icon of its own a page makes the browser ask for one.
            .Append($"<link rel=\"icon\" href=\"data:,\"><title>{Text(title)}</title><style>{Style}</style>");
        if (own is not null)
            html.Append($"<style>{own}</style>");
        html.Append("</head><body class=\"open\"><div class=\"sheet\">");
        if (site?.Name is { Length: > 0 } name)
            html.Append($"<header class=\"from\">{Tile(name)}<bdi>{Text(name)}</bdi></header>");
        html.Append("<main class=\"card\">").Append(body).Append("</main>");
        AddFooter(html);
        return html.Append("</div></body></html>").ToString();
    }

    /// <summary>The logo, or the first letters of the name where there is none.</summary>
    string Tile(string name)
    {
        // The name stands beside it: the picture says nothing more.
        if (SiteLogo.AddressOf(site!) is { } address)
            return $"<img src=\"{Text(address.AbsoluteUri)}\" alt=\"\">";
        if (site!.Key is { } key && SiteLogo.IsInRecord(site))
            return $"<img src=\"/logos/{Text(key)}?v={site.Version.ToString(CultureInfo.InvariantCulture)}\" alt=\"\">";
        var letters = string.Concat(name.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(FirstLetter).OfType<string>().Take(2));
        return letters.Length == 0 ? "" : $"<span class=\"mono\" aria-hidden=\"true\">{Text(letters)}</span>";
    }

    static string? FirstLetter(string word) =>
        StringInfo.GetNextTextElement(word) is { } first && Rune.GetRuneAt(first, 0) is var rune && Rune.IsLetterOrDigit(rune)
            ? rune.ToString().ToUpperInvariant()
            : null;

    void AddFooter(StringBuilder html)
    {
        if (site is null)
            return;
        var privacy = site.PrivacyUrl is { } url ? $"<a href=\"{Text(url)}\">{Text(words.Privacy)}</a>" : "";
        var text = site.PrivacyText is { Length: > 0 } said ? $"<span>{Text(said)}</span>" : "";
        var host = Uri.TryCreate(site.Url, UriKind.Absolute, out var home)
            ? $"<a href=\"{Text(home.AbsoluteUri)}\" dir=\"ltr\">{Text(home.Host)}</a>"
            : "";
        if (privacy.Length + text.Length + host.Length > 0)
            html.Append($"<footer>{text}{privacy}{host}</footer>");
    }

    static string HashOf(string style) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));

    // ---- The firm's colour

    /// <summary>The colour, the one that text on it has, and an edge where it hardly differs from the sheet. Written from numbers: what is
    /// stored as a colour cannot become anything else.</summary>
    static string? Brand(string? color)
    {
        if (color is not ['#', .. { Length: 6 } digits] || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, null, out var rgb))
            return null;
        var light = Luminance(rgb);
        var onBrand = Contrast(light, 1) >= Contrast(light, 0) ? "#fff" : "#000";
        return $":root{{--brand:#{rgb:x6};--on-brand:{onBrand};--brand-edge:{Edge(false)}}}@media screen and (prefers-color-scheme:dark){{:root{{--brand-edge:{Edge(true)}}}}}";

        string Edge(bool dark) => Contrast(light, CardLuminance(dark)) < 3 ? "var(--control)" : "transparent";
    }

    static double CardLuminance(bool dark) => dark ? DarkCard : LightCard;

    static readonly double LightCard = Luminance(Rgb(Assets.Tokens(dark: false)["card"])),
        DarkCard = Luminance(Rgb(Assets.Tokens(dark: true)["card"]));

    static int Rgb(string token) =>
        int.Parse(
            token.Length == 4 ? string.Concat(token.Skip(1).Select(digit => $"{digit}{digit}")) : token[1..],
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture
        );

    /// <summary>As WCAG reckons it.</summary>
    static double Luminance(int rgb)
    {
        return 0.2126 * Linear(rgb >> 16) + 0.7152 * Linear((rgb >> 8) & 255) + 0.0722 * Linear(rgb & 255);

        static double Linear(int part) =>
            part / 255.0 is <= 0.04045 and var low ? low / 12.92 : Math.Pow((part / 255.0 + 0.055) / 1.055, 2.4);
    }

    static double Contrast(double one, double other) => (Math.Max(one, other) + 0.05) / (Math.Min(one, other) + 0.05);
}
