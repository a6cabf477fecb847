// What saving a link checks and adds: its slug, where it may lead, and that it does not lead back to itself.

using System.Security.Cryptography;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Links;

public static class PrepareLink
{
    const string Letters = "abcdefghjkmnpqrstvwxyz0123456789";

    /// <summary>Links of ours that one may lead through.</summary>
    const int LongestChain = 5;

    public static async ValueTask<Link> Run(UnitOfWork work, Link? before, Link link, FieldErrors errors, CancellationToken cancel)
    {
        if (link.Slug.Length == 0)
            link = link with { Slug = RandomNumberGenerator.GetString(Letters, 9) };
        else if (!link.Slug.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            errors.Add("slug", "invalid", "Must have letters, digits, - and _ only.");
        else if (before?.Slug != link.Slug)
            // Who types an address from paper does not know which letters are large; an older link keeps its own.
            link = link with { Slug = link.Slug.ToLowerInvariant() };
        var schemes = work.Settings.Workspace.LinkSchemes;
        if (link.Destination is { } destination)
        {
            if (!LinkDestination.Is(destination, schemes))
                errors.Add(
                    "destination",
                    "invalid",
                    "Must be an absolute http or https address without user name and control characters, or one of an app "
                        + (schemes.IsEmpty ? "whose scheme is among the workspace's linkSchemes." : $"({string.Join(", ", schemes)}).")
                );
            else if (await LeadsBack(work, link, destination, cancel))
                errors.Add("destination", "loop", "Leads back to this link: nobody would arrive anywhere.");
        }
        for (var i = 0; i < link.Parameters.Length; i++)
            if (link.Parameters[i].IndexOf('=') <= 0)
                errors.Add($"parameters.{i}", "invalid", "Must be name=value.");
        for (var i = 0; i < link.PassOn.Length; i++)
            if (LinkRoute.SaysWho(link.PassOn[i]))
                errors.Add($"passOn.{i}", "invalid", "Says who somebody is, and is not passed on.");
        return link;
    }

    /// <summary>Whether the destination is this link's own address, or that of another link of ours that leads there in the end. Whatever
    /// the host is: an installation is reached by more names than it knows.</summary>
    static async ValueTask<bool> LeadsBack(UnitOfWork work, Link link, string destination, CancellationToken cancel)
    {
        for (var links = 0; links < LongestChain; links++)
        {
            if (SlugIn(work.Settings, destination) is not { } written || !FindLink.TryRead(written, out var slug, out _))
                return false;
            if (slug.Equals(link.Slug, StringComparison.OrdinalIgnoreCase))
                return true;
            var (next, _) = await FindLink.Run(work.Installation, written, cancel);
            if (next?.Link is not { Destination: { } further } found)
                return false;
            if (found.Id == link.Id)
                return true; // by the slug that it still has
            destination = further;
        }
        return true;
    }

    /// <summary>What stands where links have their slug: /l/SLUG, or /SLUG on a domain of links. Null for other addresses.</summary>
    static string? SlugIn(WorkspaceSettings settings, string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;
        var parts = uri.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts switch
        {
            [var l, var slug] when l.Equals("l", StringComparison.OrdinalIgnoreCase) => slug,
            [var slug] when settings.Sites.Any(site => uri.IdnHost.Equals(site.LinkDomain, StringComparison.OrdinalIgnoreCase)) => slug,
            _ => null,
        };
    }
}
