// kill -9 behind a commit that had much to follow: what was put off is done by the next lives, and each part of it once.

using System.Net.Http.Json;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;
using Crm.Tests.Deliveries;
using Crm.Tests.Work;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Faults;

[Collection(nameof(FaultsCollection))]
public sealed class FollowUpKillTests(ITestOutputHelper output)
{
    const int Paid = 300;
    static readonly string[] Settings = ["--Crm:Outbound:Allow=127.0.0.1", "--Crm:Outbound:Schedule=0.1s,0.2s,0.5s,1s,1s,1s"];

    [Fact]
    public async Task a_payment_of_300_commissions_is_told_300_times_each_once_though_it_is_killed_again_and_again()
    {
        var folder = OnDisk.NewFolder("crm-follow-ups-");
        var database = Path.Combine(folder.FullName, "crm.db");
        await using var network = await Receiver.Start();
        try
        {
            string affiliate;
            await using (var store = new SqliteStore(new() { Path = database }, TimeProvider.System))
            {
                var installation = await Installation.Open(store, CrmCatalog.Standard, TimeProvider.System, default);
                await FirstStart.Ensure(installation, CrmServer.AdminKey);
                affiliate = (
                    await PaidCommissions.Seed(
                        installation,
                        () => installation.Settings.Workspace(FirstStart.Default, default),
                        Paid,
                        network.Address
                    )
                ).Id.ToString("aff");
            }
            var left = new List<int>();
            for (var life = 0; life < 3; life++)
            {
                await using var crm = await CrmProcess.StartWith(database, Settings);
                if (life == 0)
                    using (
                        var paid = await crm.Http.PostAsJsonAsync(
                            new Uri(crm.Address, $"/v1/affiliates/{affiliate}/pay"),
                            new { reference = "2026-11" }
                        )
                    )
                        ((int)paid.StatusCode).Should().Be(200, await paid.Content.ReadAsStringAsync());
                await crm.Kill(); // in the middle of the jobs, or of sending what they made
                left.Add(network.Ledger.Count);
            }
            await using var last = await CrmProcess.StartWith(database, Settings);
            var deliveries = await DeliveryTests.Finished(() => last.All("/v1/deliveries"), Paid);
            deliveries.Should().HaveCount(Paid).And.OnlyContain(d => d["status"]!.ToString() == "delivered");
            deliveries.Select(d => d["subject"]!.ToString()).Should().OnlyHaveUniqueItems();
            network.Ledger.Select(h => h.Query["c"]).Distinct().Should().HaveCount(Paid);
            network
                .Ledger.GroupBy(h => h.Query["c"])
                .Should()
                .OnlyContain(told => told.Select(h => h.Id).Distinct().Count() == 1, "each is told under one id");
            output.WriteLine($"{string.Join(", ", left)} had arrived when it was killed");
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
