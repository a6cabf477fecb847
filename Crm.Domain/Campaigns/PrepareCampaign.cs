// What saving a campaign checks.

using Crm.Domain.Resources;

namespace Crm.Domain.Campaigns;

public static class PrepareCampaign
{
    public static ValueTask<Campaign> Run(
        Work.UnitOfWork work,
        Campaign? before,
        Campaign campaign,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (campaign.EndsOn < campaign.StartsOn)
            errors.Add("endsOn", "out_of_range", "Must not be before startsOn.");
        return new(campaign);
    }
}
