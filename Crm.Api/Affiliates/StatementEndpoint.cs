// GET /v1/affiliates/{id}/statement: what an affiliate was or will be paid, commission by commission, as a file to send along.

using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Affiliates;
using Crm.Domain.Commissions;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Affiliates;

public static class StatementEndpoint
{
    /// <summary>Nothing that says who bought.</summary>
    static readonly string[] Columns = ["createdAt", "on", "value", "amount", "status", "payment", "paidAt", "why", "conversion", "id"];

    static readonly string[] Parameters = ["payment", "after", "bom", "raw"];

    public static void Map(WebApplication app)
    {
        var catalog = app.Services.GetRequiredService<Installation>().Catalog;
        var affiliates = catalog.For(ResourceType.Of<Affiliate>());
        var commissions = catalog.For(ResourceType.Of<Commission>());
        app.MapMethods("/v1/affiliates/{id}/statement", ["GET", "HEAD"], http => Answer(http, affiliates, commissions))
            .With(affiliates, "statement", "read")
            .WithMetadata(new Acceptable("text/csv"));
    }

    /// <summary>The commissions of the payment that <c>payment</c> names; without it those that are approved and not paid yet.</summary>
    static async Task Answer(HttpContext http, CatalogEntry affiliates, CatalogEntry commissions)
    {
        var (caller, query) = (Caller.Of(http), http.Request.Query);
        UnknownParameter.Refuse(http, $"Allowed are: {string.Join(", ", Parameters)}.", Parameters);
        var affiliate = (Affiliate)
            await SaveRecord.Target(caller.Work(), affiliates, http.Request.RouteValues["id"] as string, http.RequestAborted);
        var rights = caller.MustRead(commissions.Type);
        var payment = query["payment"].ToString();
        // A condition on what may not be read would tell of it.
        if (!rights.ReadsFilter(commissions.Type, "payment") || !rights.ReadsFilter(commissions.Type, "status"))
            throw new ProblemException(ProblemCodes.InsufficientScope, "The key may not read which commissions are paid.");
        var which =
            payment.Length > 0 ? FindCommissions.InPayment(affiliate, payment) : FindCommissions.With(affiliate, CommissionStatus.Approved);
        var seal = http.RequestServices.GetRequiredService<Installation>().Seal(Cursor.Purpose);
        var shape = $"{Cursor.Shape(caller.Settings.Key, commissions.Type, affiliates.Type.Text(affiliate.Id), query)}statement";
        var list = new ListQuery(
            new(
                commissions.Type.Collection,
                rights.Rows is null ? which : new Filter.And([which, rights.Rows]),
                [],
                false,
                query["after"].ToString() is { Length: > 0 } after ? Cursor.Read(after, shape, 0, seal) : null,
                ListCsv.MostRows
            ),
            Columns,
            shape
        );
        await ListCsv.Write(
            http,
            commissions,
            list,
            ListFormat.Csv(http.Request),
            rights,
            position => Cursor.Write(position, shape, seal),
            new Totals()
        );
    }

    /// <summary>What the rows come to, in each currency.</summary>
    sealed class Totals() : CsvFile("statement")
    {
        readonly SortedDictionary<string, long> sums = new(StringComparer.Ordinal);

        public override void Each(JsonElement record, FieldSet reads)
        {
            if (!reads.Contains("amount") || !record.TryGetProperty("amount", out var amount) || amount.ValueKind != JsonValueKind.Object)
                return;
            var currency = amount.GetProperty("currency").GetString()!;
            sums[currency] = sums.GetValueOrDefault(currency) + amount.GetProperty("amount").GetInt64();
        }

        public override IEnumerable<IReadOnlyDictionary<string, CsvCell>> Ends() =>
            sums.Select(sum => new Dictionary<string, CsvCell>
            {
                ["createdAt"] = new("total"),
                ["amount"] = new(CsvText.Amount(sum.Value, sum.Key), true),
                ["amount.currency"] = new(sum.Key),
            });
    }
}
