// What saving a site adds: its public key and its number.

using System.Globalization;
using System.Security.Cryptography;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Sites;

public static class PrepareSite
{
    public static async ValueTask<Site> Run(Work.UnitOfWork work, Site? before, Site site, FieldErrors errors, CancellationToken cancel)
    {
        if (site.Key is null)
            site = site with { Key = PublicKey.New() };
        // Nine digits at random: nobody finds the neighbours by counting. Somebody's chosen number may be hit.
        while (site.MatomoId is null)
            if (
                RandomNumberGenerator.GetInt32(100_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture) is var number
                && await work.Installation.Store.FindOwner(ResourceType.Of<Site>().Collection, "matomoId", number, cancel) is null
            )
                site = site with { MatomoId = number };
        return await ProveLinkDomain.Prepared(work, before, site, cancel);
    }
}
