// A site by its public names, ready to hear of its visitors; and the sites of a workspace as a part of its settings.

using Crm.Domain.Work;

namespace Crm.Domain.Sites;

/// <summary>A site with whose it is.</summary>
public sealed record KnownSite(WorkspaceSettings Settings, Site Site)
{
    /// <summary>By its public key.</summary>
    public static readonly RecordLookup<Site, KnownSite> ByKey = new("key", (settings, site) => new(settings, site));

    /// <summary>By its number in Matomo's parameters.</summary>
    public static readonly RecordLookup<Site, KnownSite> ByMatomoId = new("matomoId", (settings, site) => new(settings, site));

    /// <summary>The workspace whose links a host leads to. Every request that no route takes asks, so that there is none is remembered
    /// too.</summary>
    public static readonly RecordLookup<Site, WorkspaceSettings> ByLinkDomain = new("servedDomain", (settings, _) => settings)
    {
        RemembersMissing = true,
    };
}

public static class SitesInSettings
{
    public static readonly SettingsPart<IReadOnlyList<Site>> Part = new((_, reader, cancel) => reader.All<Site>(cancel));

    extension(WorkspaceSettings settings)
    {
        public IReadOnlyList<Site> Sites => settings.Get(Part);
    }
}
