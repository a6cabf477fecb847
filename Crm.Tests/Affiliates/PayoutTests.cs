// Commissions are approved by the many, paid once for each reference, told in a statement, and a payment by mistake is undone.

using System.Text.Json.Nodes;
using Crm.Domain.Commissions;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Affiliates;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class PayoutTests(CrmServer server)
{
    static object Eur(long amount) => new { amount, currency = "EUR" };

    /// <summary>An affiliate that earns a tenth of each sale.</summary>
    /// <param name="Click">Somebody followed its link: the signed click.</param>
    sealed record Partner(TestWorkspace Workspace, string Id, string Click)
    {
        /// <summary>A sale of so many cents; the conversion's id.</summary>
        public async Task<string> Sale(long amount, string currency = "EUR", object? lead = null)
        {
            var made = await Workspace.Post(
                "/v1/conversions",
                new
                {
                    type = "sale",
                    click = Click,
                    orderId = $"{Guid.NewGuid():n}",
                    lead,
                    value = new { amount, currency },
                }
            );
            made.Status.Should().Be(201, made.Text);
            return made["id"]!.ToString();
        }

        public async Task<string> Does(string verb, object? body = null)
        {
            var reply = await Workspace.SendPlain(HttpMethod.Post, $"/v1/affiliates/{Id}/{verb}", body ?? new { });
            if (reply.Status != 200)
                return $"{reply.Status} {reply.Code} {string.Join(' ', reply.Errors)}".Trim();
            var sums = reply["sums"]!.AsArray().Select(sum => $"{sum!["amount"]} {sum["currency"]}");
            return string.Join(' ', sums.Prepend(reply["commissions"]!.ToString()));
        }

        /// <summary>Status and amount of each, the oldest first.</summary>
        public async Task<List<string>> Commissions() =>
            [
                .. (await Workspace.All($"/v1/commissions?affiliate={Id}&sort=createdAt")).Select(one =>
                    $"{one["status"]} {one["amount"]!["amount"]}"
                ),
            ];

        public async Task<long> Reported() =>
            (await Workspace.Get("/v1/reports/affiliates")).Data.Single(row => row!["affiliate"]!["id"]!.ToString() == Id)!["commission"]!
                .AsArray()
                .Sum(sum => sum!["amount"]!.GetValue<long>());
    }

    async Task<Partner> NewPartner()
    {
        var workspace = await server.NewWorkspace();
        var affiliate = await workspace.Post(
            "/v1/affiliates",
            new { name = "Garden blog", commissionRules = new[] { new { on = "sale", share = 1000 } } }
        );
        affiliate.Status.Should().Be(201, affiliate.Text);
        var link = await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/", affiliate = affiliate["id"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
        request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");
        using var went = await server.Http.SendAsync(request);
        var click = System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"]!;
        return new(workspace, affiliate["id"]!.ToString(), click);
    }

    [Fact]
    public async Task all_that_waits_is_approved_at_once_or_what_is_chosen_of_it()
    {
        var partner = await NewPartner();
        var (first, second) = (await partner.Sale(1_000), await partner.Sale(2_000));
        (await partner.Does("approve", new { conversions = new[] { second } })).Should().Be("1 200 EUR");
        (await partner.Commissions()).Should().Equal("pending 100", "approved 200");
        (await partner.Does("approve", new { on = "lead" })).Should().Be("0");
        (await partner.Does("approve", new { until = "2020-01-01T00:00:00Z" })).Should().Be("0");
        (await partner.Does("approve", new { until = TimeProvider.System.GetUtcNow().AddMinutes(5), on = "Sale" }))
            .Should()
            .Be("1 100 EUR");
        (await partner.Does("approve")).Should().Be("0", "it is done already");
        (await partner.Does("approve", new { conversions = new[] { first, first.Replace("conv_0", "conv_1") } }))
            .Should()
            .Be("422 validation_failed conversions.1:not_found");
        var other = await NewPartner();
        (await other.Does("approve", new { conversions = new[] { first } })).Should().StartWith("422");
        (await partner.Workspace.All($"/v1/events?type=commission.approved")).Should().HaveCount(2);
    }

    [Fact]
    public async Task a_payment_needs_a_reference_and_is_made_once_for_each()
    {
        var partner = await NewPartner();
        await partner.Sale(1_000);
        await partner.Sale(1_000, "USD");
        (await partner.Does("approve")).Should().Be("2 100 EUR 100 USD");
        foreach (var body in new object[] { new { }, new { reference = "" }, new { reference = (string?)null }, new { reference = "  " } })
            (await partner.Does("pay", body)).Should().Be("422 validation_failed reference:required");

        var all = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => partner.Does("pay", new { reference = "2026-11" })));
        all.Should().OnlyContain(answer => answer == "2 100 EUR 100 USD", "a repeat says what was paid");
        (await partner.Workspace.All("/v1/events?type=commission.paid")).Should().HaveCount(2, "and pays nothing");
        (await partner.Workspace.All("/v1/events?type=affiliate.paid")).Single()["data"]!
            .ToJsonString()
            .Should()
            .Be("""{"reference":"2026-11","commissions":2}""");

        await partner.Sale(3_000);
        await partner.Does("approve");
        (await partner.Does("pay", new { reference = "2026-11" })).Should().Be("2 100 EUR 100 USD", "what came later is not in it");
        (await partner.Does("pay", new { reference = "2026-12" })).Should().Be("1 300 EUR");
        (await partner.Workspace.All("/v1/commissions?payment=2026-12")).Should().ContainSingle();
    }

    [Fact]
    public async Task a_payment_is_undone_within_a_day_and_reports_stay_as_they_are()
    {
        var partner = await NewPartner();
        await partner.Sale(1_000);
        await partner.Sale(2_000);
        await partner.Does("approve");
        (await partner.Does("pay", new { reference = "A" })).Should().Be("2 300 EUR");
        (await partner.Does("undo-payment", new { reference = "B" })).Should().Be("422 validation_failed reference:not_found");
        (await partner.Does("undo-payment")).Should().Be("422 validation_failed reference:required");

        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => partner.Does("undo-payment", new { reference = "A" })));
        all.Should().OnlyContain(answer => answer == "2 300 EUR", "a repeat says what was undone");
        (await partner.Commissions()).Should().Equal("approved 100", "approved 200");
        var one = (await partner.Workspace.All("/v1/commissions"))[0];
        (one["payment"], one["paidAt"], one["undonePayments"]![0]!.ToString()).Should().Be((null, null, "A"));
        (await partner.Workspace.All("/v1/events?type=commission.paymentUndone")).Should().HaveCount(2);
        (await partner.Workspace.All("/v1/events?type=affiliate.paymentUndone")).Should().ContainSingle();
        (await partner.Reported()).Should().Be(300);
        (await partner.Does("pay", new { reference = "A" }))
            .Should()
            .Be("422 validation_failed reference:taken", "a late repeat of it pays nothing");
        (await partner.Does("pay", new { reference = "A2" })).Should().Be("2 300 EUR");
        (await partner.Reported()).Should().Be(300);
        (await partner.Does("pay", new { reference = "A" }))
            .Should()
            .Be("422 validation_failed reference:taken", "also when it is paid since");
        (await partner.Does("undo-payment", new { reference = "A" })).Should().Be("2 300 EUR", "that one was undone, and this one is not");
        (await partner.Commissions()).Should().Equal("paid 100", "paid 200");

        // A day later it stays.
        var installation = server.Services.GetRequiredService<Installation>();
        var settings = await installation.Settings.Workspace(await partner.Workspace.StoreKey(installation), default);
        foreach (var paid in await partner.Workspace.All("/v1/commissions"))
        {
            Id.TryParse<Commission>(paid["id"]!.ToString(), out var id);
            var work = new UnitOfWork(installation, settings, "system");
            var commission = (await work.Find<Commission>(id, default))!;
            work.Replace(commission, commission with { PaidAt = work.Now.AddHours(-24).AddMinutes(-1) }, null);
            (await work.Commit(default)).Committed.Should().BeTrue();
        }
        (await partner.Does("undo-payment", new { reference = "A2" })).Should().Be("409 wrong_state");
    }

    [Fact]
    public async Task what_was_set_off_before_a_payment_was_undone_comes_to_the_same()
    {
        var partner = await NewPartner();
        var (first, second) = (await partner.Sale(10_000), await partner.Sale(10_000));
        await partner.Does("approve");
        (await partner.Does("pay", new { reference = "A" })).Should().Be("2 2000 EUR");
        async Task Reverse(string conversion, object body) =>
            (await partner.Workspace.Post($"/v1/conversions/{conversion}/reverse", body)).Status.Should().Be(200);
        await Reverse(first, new { amount = Eur(4_000) });
        (await partner.Does("undo-payment", new { reference = "A" })).Should().Be("2 2000 EUR");
        (await partner.Commissions()).Should().Equal("approved 1000", "approved 1000", "approved -400");
        (await partner.Reported()).Should().Be(1_600);

        await Reverse(first, new { });
        (await partner.Reported()).Should().Be(1_000, "nothing is left of the first, and all of the second");
        var earned = (await partner.Workspace.All($"/v1/commissions?conversion={second}")).Single()["id"];
        (await partner.Workspace.Post($"/v1/commissions/{earned}/reverse")).Status.Should().Be(200);
        (await partner.Commissions()).Should().Equal("approved 1000", "reversed 1000", "approved -400", "approved -600");
        (await partner.Does("pay", new { reference = "B" })).Should().Be("3 0 EUR");
        (await partner.Reported()).Should().Be(0);
    }

    [Fact]
    public async Task a_statement_says_what_was_or_will_be_paid_and_who_bought_is_not_in_it()
    {
        var partner = await NewPartner();
        var lead = (await partner.Workspace.Post("/v1/leads", new { lastName = "Canary", email = "canary@silva.example.org" }))["id"];
        await partner.Sale(1_250);
        await partner.Sale(2_000, "JPY");
        await partner.Sale(10_000, lead: lead);
        await partner.Does("approve");
        await partner.Does("pay", new { reference = "2026-11" });
        await partner.Sale(3_000);
        await partner.Does("approve");
        async Task<Reply> Statement(string query) =>
            await partner.Workspace.SendPlain(HttpMethod.Get, $"/v1/affiliates/{partner.Id}/statement{query}", null);

        var paid = await Statement("?payment=2026-11&bom=false");
        paid.Status.Should().Be(200, paid.Text);
        paid.Header("Content-Disposition").Should().StartWith("attachment; filename=\"statement-");
        var lines = paid.Text.TrimEnd().Split("\r\n");
        lines[0].Should().Be("createdAt,on,value,value.currency,amount,amount.currency,status,payment,paidAt,why,conversion,id");
        lines.Should().HaveCount(6, paid.Text);
        lines[1].Should().Contain(",\"sale\",12.50,\"EUR\",1.25,\"EUR\",\"paid\",\"2026-11\",");
        lines[2].Should().Contain(",\"sale\",2000,\"JPY\",200,\"JPY\",\"paid\",");
        lines[4..].Should().Equal("\"total\",,,,11.25,\"EUR\",,,,,,", "\"total\",,,,200,\"JPY\",,,,,,");
        paid.Text.Should().NotContain("Canary").And.NotContain(lead!.ToString()).And.NotContain("canary@");

        var due = (await Statement("?bom=false")).Text.TrimEnd().Split("\r\n");
        due.Should().HaveCount(3);
        due[2].Should().StartWith("\"total\",,,,3.00,\"EUR\"");
        (await Statement("?payment=none&bom=false")).Text.TrimEnd().Split("\r\n").Should().ContainSingle();
        (await Statement("?from=2026")).Errors.Should().Equal("from:unknown");
        var some = partner.Workspace.With(
            (await partner.Workspace.Post("/v1/api-keys", new { name = "Some", scopes = new[] { "affiliates:read" } }))["key"]!.ToString()
        );
        (await some.SendPlain(HttpMethod.Get, $"/v1/affiliates/{partner.Id}/statement", null)).Code.Should().Be("insufficient_scope");
    }
}
