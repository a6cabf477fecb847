// An affiliate with many approved commissions and a postback that hears of each that is paid: one request with much to follow.

using Crm.Domain.Affiliates;
using Crm.Domain.Commissions;
using Crm.Domain.Postbacks;
using Crm.Domain.Work;

namespace Crm.Tests.Work;

static class PaidCommissions
{
    /// <param name="address">Of the receiver, with a slash at the end.</param>
    public static async Task<Affiliate> Seed(Installation installation, Func<ValueTask<WorkspaceSettings>> settings, int count, Uri address)
    {
        var work = new UnitOfWork(installation, await settings(), "system");
        var affiliate = work.Insert(new Affiliate { Name = "Garden blog" });
        for (var i = 0; i < count; i++)
            work.Insert(
                new Commission
                {
                    Affiliate = affiliate.Id,
                    Status = CommissionStatus.Approved,
                    On = "sale",
                    Amount = new() { Amount = 100, Currency = "EUR" },
                }
            );
        (await work.Commit(default)).Committed.Should().BeTrue();
        work = new(installation, await settings(), "system");
        work.Insert(new OutgoingPostback { Url = address + "p?c={commission_id}", On = ["commission.paid", "sale"] });
        (await work.Commit(default)).Committed.Should().BeTrue();
        return affiliate;
    }
}
