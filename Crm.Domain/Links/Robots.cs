// Tells from what a browser says of itself whether a person sits before it. A verdict is kept with the click; nothing is dropped for it.

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Crm.Domain.Links;

public static partial class Robots
{
    /// <summary>Words of programs that fetch, check, copy or preview pages. Each stands for itself: as a whole word, or as the beginning of
    /// one where that is what such programs are called. Apps and phones with such a word in their name are named as what they are
    /// not.</summary>
    [GeneratedRegex(
        """
            (?<!\bcu)bots?(?:\b|[-_/;)])|crawl|spider|slurp|scrap|(?<!cam)scan(?:ner|ning)?\b|preview|monitor|headless|lighthouse|phantomjs|selenium|playwright|puppeteer|cypress|webdriver
            |fetch|grab(?!/\d)|harvest|archive|httrack|wget|curl/|libwww|python|httpx|aiohttp|okhttp|go-http|java/|\bnode\b|axios|\bphp|\bperl\b|ruby|postman|insomnia|http-?client|httpclient
            |facebookexternalhit|slack-|slackbot|embedly|zapier|wordpress|googleimageproxy|google-(?!read)|googleother|google\ favicon|-google\b|feed(?:er|fetcher|ly|burner)|\brss\b|dataprovider
            |valid(?:ator|ation)|check(?:er)?\b|linkcheck|audit|inspect|analy[sz]er|detect|measure|insight|pagespeed|gtmetrix|pingdom|uptime|statuscake|site24x7|24x7|synthetic|catchpoint|speedcurve|ptst/
            |proxy|transcod|retriev|download|capture|screenshot|webkit2png|radar|abuse|security|virus|clamav|openvas|nessus|nikto|sqlmap|burp
            |parser|index(?:er|ing)|search(?:engine|bot)|sogou\ (?:web|pic|inst|news|video|blog|orion|test)|nutch|yahoo!|yandex(?!search|\.browser|browser| yabrowser)|baiduspider|duckduckgo-fav|discovery
            |classifier|library|optimi[sz]e|agent\b|tools?\b|torrent|advisor|catch\b|cloud(?:flare|view)|server\b|\burl|splash|\bfeed\b|synapse|testlocally|grader|watch(?:towr|er\b)|glance|cleaner
            |finder\b|convertify|bluecoat|firephp|functionize|neustar|silktide|rigor\b|dareboost|dejaclick|datanyze|foregenix|hotjar|iplabel|infrawatch|linktiger|pageburst|prospecting|virtuoso|wappalyzer
            |attracta|browsex|offbyone|powermarks|outbrain|verif(?:y|ier)|collapsify|hardenize|sindup|readable/|marketgoo|\bnews(?:now|ai)|manus-user|\bdlc/|cookiehub|heritrix
            """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex Words();

    /// <summary>What programs say that are proud of themselves, and browsers do not: an address of a page or a mailbox; that they are
    /// compatible, under another name than browsers have.</summary>
    [GeneratedRegex(
        """
            https?:|\bwww\.|@[a-z][a-z0-9-]*\.|\w\.(?:com|org|net|io)\b(?!\.)
            |\bcompatible\S?;?\s*(?!MSIE|Konqueror|iCab|OmniWeb|NetPositive|Origyn|IBrowse|ABrowse|[^\w+]*$)[\w+]
            """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex Introductions();

    /// <summary>The name of an Android phone says nothing: there are phones called Cubot, Discovery and Tool.</summary>
    [GeneratedRegex(@"(?<=\bAndroid [\d.]+; (?:[a-z]{2}[-_][a-z]{2}; )?)[^;)]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Phones();

    /// <summary>Every browser that people use has called itself Mozilla or Opera for decades; some apps and old phones have a name of their
    /// own.</summary>
    [GeneratedRegex(
        @"^(?:Mozilla/5\.0 \(|Mozilla/4\.0 \(compatible; MSIE|Opera/|\[FB(?:AN|_IAB)/|UCWEB/|BlackBerry\d|Nokia\w+/|SAMSUNG-|SonyEricsson|MQQBrowser/)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Browsers();

    /// <summary>Its version; Chrome says at each request whether it navigates since 80.</summary>
    [GeneratedRegex(@" Chrome/(?<version>\d{1,4})\b", RegexOptions.CultureInvariant)]
    private static partial Regex Chrome();

    enum Verdict : byte
    {
        Person,
        Robot,
        PersonWhenNavigating,
    }

    /// <summary>Browsers say the same of themselves at each request, and looking for all those words takes longer than storing a
    /// click.</summary>
    static readonly ConcurrentDictionary<string, Verdict> Seen = new(StringComparer.Ordinal);

    /// <summary>Whoever sends ever new ones makes us forget; 500 long ones are half a megabyte.</summary>
    const int MostSeen = 500;

    /// <param name="navigation">What the request says of what it is for.</param>
    /// <returns>Reasons; none for a person.</returns>
    public static ImmutableArray<string> SignalsOf(string? userAgent, Navigation navigation)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return NoUserAgent;
        if (!Seen.TryGetValue(userAgent, out var verdict))
        {
            verdict = Judge(userAgent);
            if (Volatile.Read(ref seen) >= MostSeen)
            {
                Seen.Clear();
                Volatile.Write(ref seen, 0);
            }
            if (Seen.TryAdd(userAgent, verdict))
                Interlocked.Increment(ref seen);
        }
        return verdict switch
        {
            Verdict.Robot => Robot,
            // A picture, a script or a program that fetches: nobody has clicked, whoever it is.
            _ when navigation == Navigation.No => NoNavigation,
            // Every Chrome of today says that it navigates; what claims to be one and does not is a scanner.
            Verdict.PersonWhenNavigating when navigation == Navigation.Unsaid => NoNavigation,
            _ => [],
        };
    }

    static int seen;
    static readonly ImmutableArray<string> NoUserAgent = ["no_user_agent"],
        Robot = ["robot"],
        NoNavigation = ["no_navigation"];

    static Verdict Judge(string userAgent)
    {
        var said = Phones().Replace(userAgent, "");
        if (!Browsers().IsMatch(said) || Words().IsMatch(said) || Introductions().IsMatch(said))
            return Verdict.Robot;
        return
            Chrome().Match(said) is { Success: true } chrome
            && int.Parse(chrome.Groups["version"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) >= 80
            ? Verdict.PersonWhenNavigating
            : Verdict.Person;
    }
}

/// <summary>What a request says of what it is for (Sec-Fetch-Mode, Sec-Fetch-Dest).</summary>
public enum Navigation
{
    /// <summary>Nothing, where that means nothing: browsers say it to addresses with https only, and scripts of pages never
    /// navigate.</summary>
    Unknown,

    /// <summary>Somebody goes to a page.</summary>
    Yes,

    /// <summary>A picture, a script, a fetch.</summary>
    No,

    /// <summary>Nothing, where browsers of today say it.</summary>
    Unsaid,
}
