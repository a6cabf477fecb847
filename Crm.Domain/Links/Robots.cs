// Tells from what a browser says of itself whether a person sits before it. A verdict is kept with the click; nothing is dropped for it.

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Crm.Domain.Links;

public static partial class Robots
{
    /// <summary>Words of programs that fetch, check, copy or preview pages. Each stands for itself: as a whole word, or as the beginning of
    /// one where that is what such programs are called.</summary>
    [GeneratedRegex(
        """
            bot\b|bots\b|bot[-_/;)]|crawl|spider|slurp|scrap|scan(?:ner|ning)?\b|preview|monitor|headless|lighthouse|phantomjs|selenium|playwright|puppeteer|cypress|webdriver|electron/
            |fetch|grab|harvest|archive|httrack|wget|curl/|libwww|python|httpx|aiohttp|okhttp|go-http|java/|\bnode\b|axios|\bphp|\bperl\b|ruby|postman|insomnia|http-?client|httpclient
            |facebookexternalhit|whatsapp/|skype|slack-|embedly|pinterest/|zapier|wordpress|googleimageproxy|google-|googleother|feed(?:fetcher|ly|burner)|\brss\b|dataprovider
            |valid(?:ator|ation)|check(?:er)?\b|linkcheck|audit|inspect|analy[sz]er|detect|measure|insight|pagespeed|gtmetrix|pingdom|uptime|statuscake|site24x7|24x7|synthetic|catchpoint|speedcurve|ptst/
            |proxy|transcod|retriev|download|capture|screenshot|webkit2png|radar|abuse|security|virus|clamav|openvas|nessus|nikto|sqlmap|burp
            |parser|index(?:er|ing)|search(?:engine|bot)|sogou|nutch|yahoo!|yandex(?!search|\.browser|browser| yabrowser)|baidu(?:spider)|duckduckgo-fav|discovery|classifier|library|optimi[sz]e|agent\b|tools?\b|torrent
            |advisor|catch\b|cloud(?:flare|view)|server\b|\burl|splash|\bfeed\b|synapse|testlocally|grader|watch(?:towr|\b)|glance|cleaner|finder\b|convertify|bluecoat|firephp|functionize|neustar
            |silktide|rigor\b|dareboost|dejaclick|datanyze|foregenix|hotjar|iplabel|infrawatch|linktiger|pageburst|prospecting|virtuoso|wappalyzer
            """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant
    )]
    private static partial Regex Words();

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

    /// <param name="isNavigation">Whether the request says that it navigates (Sec-Fetch-Mode).</param>
    /// <returns>Reasons; none for a person.</returns>
    public static ImmutableArray<string> SignalsOf(string? userAgent, bool isNavigation)
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
            // Every Chrome of today says that it navigates; what claims to be one and does not is a scanner.
            Verdict.PersonWhenNavigating when !isNavigation => NoNavigation,
            _ => [],
        };
    }

    static int seen;
    static readonly ImmutableArray<string> NoUserAgent = ["no_user_agent"],
        Robot = ["robot"],
        NoNavigation = ["no_navigation"];

    static Verdict Judge(string userAgent)
    {
        // Every browser that people use has called itself Mozilla or Opera for decades.
        if (
            Words().IsMatch(userAgent)
            || !(
                userAgent.StartsWith("Mozilla/5.0 (", StringComparison.Ordinal)
                || userAgent.StartsWith("Mozilla/4.0 (compatible; MSIE", StringComparison.Ordinal)
                || userAgent.StartsWith("Opera/", StringComparison.Ordinal)
            )
        )
            return Verdict.Robot;
        return userAgent.Contains(" Chrome/", StringComparison.Ordinal) ? Verdict.PersonWhenNavigating : Verdict.Person;
    }
}
