// What of a link does not depend on who follows it, worked out once: where it leads, with what, and for which channel that speaks.

using System.Collections.Frozen;
using System.Collections.Immutable;
using Crm.Domain.Leads;
using Crm.Domain.Touches;
using Crm.Domain.Traffic;

namespace Crm.Domain.Links;

/// <summary>A link's destination with its own parameters, ready to be completed by a visit's.</summary>
public sealed class LinkRoute
{
    readonly string start;
    readonly string fragment;
    readonly bool hasQuery;
    readonly FrozenSet<string> own;
    readonly string page;
    readonly Arrival plain;
    readonly TrafficRules rules;
    readonly FrozenSet<string> passed;
    readonly string? isItself;

    LinkRoute(Link link, string destination, TrafficRules rules)
    {
        var uri = new Uri(destination);
        var isWeb = uri.Scheme is "http" or "https";
        var ofApp = isWeb ? null : destination.Split('#', 2);
        var head = new System.Text.StringBuilder(
            ofApp?[0] ?? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped)
        );
        hasQuery = ofApp is null ? uri.Query.Length > 0 : ofApp[0].Contains('?');
        var names = new List<string>();
        foreach (var parameter in link.Parameters)
        {
            var equals = parameter.IndexOf('=');
            names.Add(parameter[..equals]);
            Append(head, hasQuery, parameter[..equals], parameter[(equals + 1)..]);
            hasQuery = true;
        }
        page = head.ToString();
        Destination = isWeb ? Ascii(uri) : destination;
        (start, fragment) = ofApp is null
            ? (Ascii(new Uri(page)), new Uri(page + uri.Fragment).Fragment)
            : (page, ofApp.Length > 1 ? "#" + ofApp[1] : "");
        own = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        passed = link.PassOn.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        isItself = isWeb && uri.AbsolutePath.Equals("/l/" + link.Slug, StringComparison.OrdinalIgnoreCase) ? uri.Authority : null;
        this.rules = rules;
        plain = Arrival.Read(page, null, _ => null, rules);
    }

    /// <summary>The stored address as it can stand in a header.</summary>
    public string Destination { get; }

    /// <summary>Escaped throughout, and the host as DNS knows it: nothing in it ends a header, and a header is ASCII.</summary>
    static string Ascii(Uri uri) =>
        uri.Host == uri.IdnHost
            ? uri.AbsoluteUri
            : new UriBuilder(uri) { Host = uri.IdnHost }
                .Uri
                .AbsoluteUri;

    /// <summary>Null for a link without a destination that anybody may be sent to.</summary>
    /// <param name="schemes">Of apps, as the workspace allows them.</param>
    public static LinkRoute? Of(Link link, TrafficRules rules, ImmutableArray<string> schemes) =>
        link.Destination is { } destination && LinkDestination.Is(destination, schemes) ? new(link, destination, rules) : null;

    /// <summary>Whether somebody who came to this host would come back here: a link of before such links were refused.</summary>
    public bool LeadsBackTo(string host) => isItself is not null && isItself.Equals(host, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a visitor's parameter goes on because the link says so, besides those that always do.</summary>
    public bool Passes(string parameter) => passed.Count > 0 && (passed.Contains(parameter) || passed.Contains("*")) && !SaysWho(parameter);

    /// <summary>Whether a parameter says who somebody is: it never goes on.</summary>
    public static bool SaysWho(string parameter) =>
        parameter.Equals(ClickToken.Parameter, StringComparison.OrdinalIgnoreCase)
        || parameter.Equals(LeadToken.Parameter, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the link sets this parameter itself: a visitor's own does not take its place.</summary>
    public bool Sets(string parameter) => own.Contains(parameter);

    /// <summary>How somebody arrives who brought these parameters and came from that page.</summary>
    public Arrival Arrive(IReadOnlyList<KeyValuePair<string, string>> passed, string? referrer) =>
        passed.Count == 0 ? plain.From(referrer, rules) : Arrival.Read(Head(page, passed).ToString(), referrer, _ => null, rules);

    /// <summary>The address to go to: the destination, the link's parameters, the visitor's, and the signed click last.</summary>
    public string Address(IReadOnlyList<KeyValuePair<string, string>> passed, string token) =>
        passed.Count == 0
            ? string.Concat(start, hasQuery ? "&" + ClickToken.Parameter + "=" : "?" + ClickToken.Parameter + "=", token, fragment)
            : Append(Head(start, passed), true, ClickToken.Parameter, token).Append(fragment).ToString();

    System.Text.StringBuilder Head(string from, IReadOnlyList<KeyValuePair<string, string>> passed)
    {
        var (head, more) = (new System.Text.StringBuilder(from), hasQuery);
        foreach (var (name, value) in passed)
        {
            Append(head, more, name, value);
            more = true;
        }
        return head;
    }

    /// <summary>Each name and value escaped whole.</summary>
    static System.Text.StringBuilder Append(System.Text.StringBuilder address, bool more, string name, string value) =>
        address.Append(more ? '&' : '?').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
}
