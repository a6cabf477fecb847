// The address of a link as visitors are given it, and where it can be had as a QR code.

using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Work;

namespace Crm.Domain.Links;

public static class LinkAddress
{
    /// <param name="origin">How the world reaches the product.</param>
    public static string Of(WorkspaceSettings settings, string origin, Link link) =>
        DomainOf(settings, link) is { } domain ? On(domain, link) : $"{origin}/l/{link.Slug}";

    /// <param name="domain">A domain of links, as a site has it.</param>
    public static string On(string domain, Link link) => $"https://{domain}/{link.Slug}";

    /// <summary>See <see cref="CatalogEntry.Serve"/>.</summary>
    public static Resource Serve(WorkspaceSettings settings, string origin, Resource record)
    {
        var link = (Link)record;
        var own = $"{origin}/v1/links/{link.Id.Text<Link>()}";
        return link with { ShortUrl = Of(settings, origin, link), QrUrl = own + "/qr.svg", QrPngUrl = own + "/qr.png" };
    }

    /// <summary>A link to one brand's pages does not carry another brand's name.</summary>
    static string? DomainOf(WorkspaceSettings settings, Link link)
    {
        var sites = settings.Sites.Where(site => site.ServedDomain is not null).OrderBy(site => site.Id.Value).ToList();
        if (sites.Count == 0)
            return null;
        var host = HostOf(link.Destination);
        return (sites.Find(site => host is not null && IsOf(site, host)) ?? sites[0]).ServedDomain;
    }

    static bool IsOf(Site site, string host) =>
        site.AllowedOrigins.Append(site.Url).Any(address => host.Equals(HostOf(address), StringComparison.OrdinalIgnoreCase));

    static string? HostOf(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.IdnHost : null;
}
