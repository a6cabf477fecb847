// What saving an affiliate checks and adds.

using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Affiliates;

public static class PrepareAffiliate
{
    public static ValueTask<Affiliate> Run(
        UnitOfWork work,
        Affiliate? before,
        Affiliate affiliate,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        for (var i = 0; i < affiliate.CommissionRules.Length; i++)
            affiliate.CommissionRules[i].Check($"commissionRules.{i}", errors);
        affiliate.StatusWords?.Check("statusWords", errors);
        return new(affiliate.PostbackKey is null ? affiliate with { PostbackKey = PublicKey.New() } : affiliate);
    }
}
