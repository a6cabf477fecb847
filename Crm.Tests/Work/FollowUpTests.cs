// What follows from a commit: in the commit while that stays small, else put off and done later, each part once.

using Crm.Domain.Commissions;
using Crm.Domain.Conversions;
using Crm.Domain.Deliveries;
using Crm.Domain.Postbacks;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Xunit;

namespace Crm.Tests.Work;

public sealed class FollowUpTests
{
    const int Paid = 300;
    static readonly Uri Nowhere = new("https://network.example.org/");

    [Fact]
    public async Task a_payment_of_300_commissions_is_one_bounded_commit_and_300_deliveries_later_each_once()
    {
        await using var crm = await TempInstallation.Open();
        var affiliate = await PaidCommissions.Seed(crm.Installation, crm.Settings, Paid, Nowhere);
        var work = new UnitOfWork(crm.Installation, await crm.Settings(), "api-key");
        await PayAffiliate.Pay.Run(work, affiliate, new Payment { Reference = "2026-11" }, default);
        (await work.Commit(default)).Committed.Should().BeTrue();

        (await crm.Count<Delivery>()).Should().BeInRange(1, FollowUp.MostAdded, "the first is never put off, and there is a bound");
        (await crm.Count<FollowUpJob>()).Should().BeInRange(4, 5);
        // Two at once, as when a node was stopped and its lease is another's.
        var steps = await Task.WhenAll(Worked(), Worked());
        steps.Sum().Should().BeGreaterThanOrEqualTo(4);
        (await crm.Count<FollowUpJob>()).Should().Be(0);
        var settings = await crm.Settings();
        using var page = await settings.Store.Query(new(ResourceType.Of<Delivery>().Collection, null, [], false, null, 500), default);
        var deliveries = Enumerable.Range(0, page.Count).Select(i => ResourceType.Of<Delivery>().FromRow<Delivery>(page[i])).ToList();
        deliveries.Should().HaveCount(Paid).And.OnlyContain(d => d.Event == "commission.paid" && d.Status == DeliveryStatus.Waiting);
        deliveries.Select(d => d.Subject).Should().OnlyHaveUniqueItems();
        deliveries.Should().OnlyContain(d => d.Url == $"{Nowhere}p?c={d.Subject}");

        async Task<int> Worked()
        {
            var done = 0;
            for (var before = await crm.Count<Delivery>(); await RunFollowUps.Step(crm.Installation, await crm.Settings(), default); done++)
                before.Should().BeGreaterThan(0);
            return done;
        }
    }

    [Fact]
    public async Task a_single_conversion_is_told_in_its_own_commit()
    {
        await using var crm = await TempInstallation.Open();
        await PaidCommissions.Seed(crm.Installation, crm.Settings, 0, Nowhere);
        var work = new UnitOfWork(crm.Installation, await crm.Settings(), "api-key");
        work.Insert(new Conversion { Type = "sale", OrderId = "A 1" });
        (await work.Commit(default)).Committed.Should().BeTrue();
        (await crm.Count<Delivery>(), await crm.Count<FollowUpJob>()).Should().Be((1, 0));
    }

    [Fact]
    public async Task a_fact_with_more_to_follow_than_a_commit_may_hold_is_put_off_whole_and_knows_its_commission()
    {
        const int Postbacks = 100;
        await using var crm = await TempInstallation.Open();
        var affiliate = await PaidCommissions.Seed(crm.Installation, crm.Settings, 0, Nowhere);
        var work = new UnitOfWork(crm.Installation, await crm.Settings(), "system");
        for (var i = 1; i < Postbacks; i++)
            work.Insert(new OutgoingPostback { Url = $"{Nowhere}{i}?p={{payout}}", On = ["sale"] });
        (await work.Commit(default)).Committed.Should().BeTrue();

        work = new(crm.Installation, await crm.Settings(), "api-key");
        var sale = work.Insert(new Conversion { Type = "sale", OrderId = "A 1" });
        (await work.Commit(default)).Committed.Should().BeTrue();
        (await crm.Count<Delivery>(), await crm.Count<FollowUpJob>()).Should().Be((0, 1), "nothing of it is half there");
        // Stored by another commit: it is found by its fact.
        work = new(crm.Installation, await crm.Settings(), "api-key");
        work.Insert(
            new Commission
            {
                Affiliate = affiliate.Id,
                Conversion = sale.Id,
                On = "sale",
                Amount = new() { Amount = 1250, Currency = "EUR" },
            }
        );
        (await work.Commit(default)).Committed.Should().BeTrue();
        (await RunFollowUps.Step(crm.Installation, await crm.Settings(), default)).Should().BeTrue();
        (await crm.Count<Delivery>(), await crm.Count<FollowUpJob>()).Should().Be((Postbacks, 0));
        var settings = await crm.Settings();
        using var page = await settings.Store.Query(new(ResourceType.Of<Delivery>().Collection, null, [], false, null, 500), default);
        Enumerable
            .Range(0, page.Count)
            .Count(i => ResourceType.Of<Delivery>().FromRow<Delivery>(page[i]).Url.EndsWith("?p=12.50", StringComparison.Ordinal))
            .Should()
            .Be(Postbacks - 1);
        (await RunFollowUps.Step(crm.Installation, await crm.Settings(), default)).Should().BeFalse();
    }

    [Fact]
    public async Task a_commit_that_always_meets_others_is_given_up_after_its_attempts_with_one_problem()
    {
        await using var crm = await TempInstallation.Open();
        var settings = await crm.Settings();
        var built = 0;
        var run = () =>
            CommitLoop
                .Run<int>(
                    attempt =>
                    {
                        built = attempt;
                        var work = new UnitOfWork(crm.Installation, settings, "system");
                        work.Delete(new OutgoingPostback { Id = crm.Installation.Ids.Next(), Version = 1 });
                        return new((work, attempt));
                    },
                    default,
                    attempts: 3
                )
                .AsTask();
        (await run.Should().ThrowAsync<ProblemException>()).Which.Code.Should().Be(ProblemCodes.Conflict);
        built.Should().Be(3);
    }
}
