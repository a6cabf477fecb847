// What of a link does not depend on who follows it, worked out once: where it leads, with what, and for which channel that speaks.

using System.Collections.Frozen;
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

    LinkRoute(Link link, Uri uri, TrafficRules rules)
    {
        var head = new System.Text.StringBuilder(
            uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.PathAndQuery, UriFormat.UriEscaped)
        );
        hasQuery = uri.Query.Length > 0;
        var names = new List<string>();
        foreach (var parameter in link.Parameters)
        {
            var equals = parameter.IndexOf('=');
            names.Add(parameter[..equals]);
            Append(head, hasQuery, parameter[..equals], parameter[(equals + 1)..]);
            hasQuery = true;
        }
        page = head.ToString();
        Destination = Ascii(uri);
        (start, fragment) = (Ascii(new Uri(page)), new Uri(page + uri.Fragment).Fragment);
        own = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
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
    public static LinkRoute? Of(Link link, TrafficRules rules) =>
        link.Destination is { } destination && PrepareLink.IsDestination(destination) ? new(link, new(destination), rules) : null;

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
