// A webhook at which nothing arrives: how long it is called all the same. By a clock of the test's own, for it takes days.

using Crm.Domain.Campaigns;
using Crm.Domain.Deliveries;
using Crm.Domain.Resources;
using Crm.Domain.Webhooks;
using Crm.Domain.Work;
using Crm.Tests.Work;
using Xunit;

namespace Crm.Tests.Webhooks;

public sealed class StoppedWebhookTests
{
    sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    static readonly TimeSpan Step = TimeSpan.FromHours(2);

    [Fact]
    public async Task after_five_days_in_which_nothing_arrived_it_is_stopped_and_one_arrival_begins_them_anew()
    {
        foreach (var (arrivesAfter, stopsAfter) in new[] { (TimeSpan.MaxValue, 5), (TimeSpan.FromDays(3), 8) })
        {
            var clock = new SetClock();
            await using var crm = await TempInstallation.Open(clock: clock);
            var work = new UnitOfWork(crm.Installation, await crm.Settings(), "api-key");
            var hook = work.Insert(
                new Webhook
                {
                    Url = "https://automation.example.org/hooks",
                    Events = ["campaign.*"],
                    ApiVersion = Webhook.Versions[^1],
                    ActiveSince = clock.Now,
                    Readable = ["campaigns"],
                }
            );
            (await work.Commit(default)).Committed.Should().BeTrue();
            var (began, arrived) = (clock.Now, false);
            for (; await IsActive(crm, hook) && clock.Now - began < TimeSpan.FromDays(20); clock.Now += Step)
            {
                work = new(crm.Installation, await crm.Settings(), "api-key");
                work.Insert(new Campaign { Name = "Spring" });
                (await work.Commit(default)).Committed.Should().BeTrue();
                var claimed = await ClaimDeliveries.Run(
                    crm.Installation,
                    await crm.Settings(),
                    DeliveryPlan.Usual,
                    (_, _) => new(100),
                    default
                );
                claimed.Taken.Should().NotBeEmpty();
                foreach (var delivery in claimed.Taken)
                {
                    var isIn = !arrived && clock.Now - began >= arrivesAfter;
                    arrived |= isIn;
                    await SettleDelivery.Run(
                        crm.Installation,
                        await crm.Settings(),
                        DeliveryPlan.Usual,
                        delivery,
                        new(isIn ? AttemptResult.Delivered : AttemptResult.Refused, isIn ? 200 : 500, null, TimeSpan.Zero),
                        default
                    );
                }
            }
            (clock.Now - Step - began)
                .Should()
                .BeGreaterThanOrEqualTo(TimeSpan.FromDays(stopsAfter))
                .And.BeLessThan(TimeSpan.FromDays(stopsAfter + 1));
            var stopped = await Found(crm, hook);
            stopped.DisabledBecause.Should().Be("failing");
        }
    }

    static async Task<bool> IsActive(TempInstallation crm, Webhook hook) => (await Found(crm, hook)).Active;

    static async Task<Webhook> Found(TempInstallation crm, Webhook hook) =>
        await new UnitOfWork(crm.Installation, await crm.Settings(), "api-key").Get<Webhook>(hook.Id, default);
}
