// Whose a domain of links is, its own DNS says: without that the first of many workspaces to enter it would have it.

using System.Security.Cryptography;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Sites;

/// <summary>What an operator can set, and how DNS is asked (<see cref="Installation.Options{T}"/>).</summary>
public sealed class LinkDomainProofs
{
    /// <summary>Not where all workspaces are the operator's own.</summary>
    public bool AreNeeded { get; init; } = true;

    /// <summary>The TXT records of a name; none when there are none, and when nobody answers.</summary>
    public Func<string, CancellationToken, Task<IReadOnlyList<string>>> TextRecords { get; init; } =
        (_, _) => Task.FromResult<IReadOnlyList<string>>([]);
}

public static class ProveLinkDomain
{
    public static readonly ResourceAction Action = ResourceAction.On<Site>(
        "prove",
        "Looks whether a TXT record of _crm.<linkDomain> says what linkDomainProof does. From then on the domain serves the workspace's links.",
        async (work, site, cancel) =>
        {
            if (site.LinkDomainStatus != LinkDomainStatus.Waiting || site.LinkDomain is not { } domain)
                return new(site);
            var records = await work.Installation.Options<LinkDomainProofs>().TextRecords($"_crm.{domain}", cancel);
            if (site.LinkDomainProof is not { } proof || !records.Any(record => record.Trim() == proof))
                throw new ProblemException(
                    ProblemCodes.WrongState,
                    $"linkDomain: _crm.{domain} has {(records.Count == 0 ? "no TXT record" : "other TXT records")} yet. It must say {site.LinkDomainProof}; new records can take some hours until they are seen."
                );
            var proved = site with { LinkDomainStatus = LinkDomainStatus.Proved, LinkDomainProof = null };
            await MustBeFree(work, proved, cancel);
            return new(work.Replace(site, proved));
        },
        Effect.Ordinary
    );

    /// <summary>A new domain waits for its proof, unless the operator enters it or wants none.</summary>
    internal static async ValueTask<Site> Prepared(UnitOfWork work, Site? before, Site site, CancellationToken cancel)
    {
        if (site.LinkDomain is null)
            return site with { LinkDomainStatus = null, LinkDomainProof = null };
        if (site.LinkDomain == before?.LinkDomain)
            return site with { LinkDomainStatus = site.LinkDomainStatus ?? LinkDomainStatus.Proved };
        if (work.Installation.Options<LinkDomainProofs>().AreNeeded && !await IsOperator(work, cancel))
            return site with
            {
                LinkDomainStatus = LinkDomainStatus.Waiting,
                LinkDomainProof = "crm-proof=" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            };
        site = site with { LinkDomainStatus = LinkDomainStatus.Proved, LinkDomainProof = null };
        await MustBeFree(work, site, cancel);
        return site;
    }

    static async ValueTask<bool> IsOperator(UnitOfWork work, CancellationToken cancel) =>
        Stores.Id.TryParse<ApiKey>(work.By, out var key) && await work.Find<ApiKey>(key, cancel) is { Installation: true };

    /// <summary>Two at the same time are met by the commit.</summary>
    static async ValueTask MustBeFree(UnitOfWork work, Site site, CancellationToken cancel)
    {
        var owner = await work.Installation.Store.FindOwner(ResourceType.Of<Site>().Collection, "servedDomain", site.ServedDomain!, cancel);
        if (owner is { } other && (other.Workspace != work.Settings.Key || other.Id != site.Id))
            throw new ProblemException(ProblemCodes.AlreadyExists, "linkDomain: Is taken.", [new("linkDomain", "taken", "Is taken.")]);
    }
}
