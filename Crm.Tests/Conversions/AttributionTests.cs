// Attribution: every model shares a conversion's value among what led to it, to the last cent, and says why.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Conversions;
using Crm.Domain.Values;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Crm.Tests.Conversions;

[Collection(nameof(CrmServer))]
public sealed class AttributionTests(CrmServer server)
{
    const string Browser = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
        Page = "https://www.silva.example.org/";

    [Fact]
    public void shares_add_up_exactly_in_every_model_over_every_history()
    {
        var histories =
            from ages in Gen.ListOf(Gen.Choose(0, 60 * 24 * 800)).Where(list => list.Count > 0)
            from direct in Gen.ListOf(ArbMap.Default.GeneratorFor<bool>(), ages.Count)
            from amount in Gen.OneOf(
                Gen.Choose(-100, 100).Select(a => (long)a),
                ArbMap.Default.GeneratorFor<long>().Where(a => a != long.MinValue),
                Gen.Constant(long.MaxValue)
            )
            select (ages, direct, amount);
        Prop.ForAll(histories.ToArbitrary(), history =>
            {
                var touches = history
                    .ages.OrderDescending()
                    .Zip(history.direct, (age, direct) =>
                        new AttributedStep(DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(-age), direct)
                    )
                    .ToList();
                foreach (var model in Enum.GetValues<AttributionModel>())
                {
                    var weights = Domain.Conversions.Attribution.Weights(model, touches);
                    var shares = Domain.Conversions.Attribution.Share(history.amount, weights);
                    shares.Aggregate((Int128)0, (sum, share) => sum + share).Should().Be(history.amount, model.ToString());
                    shares.Should().OnlyContain(share => share == 0 || Math.Sign(share) == Math.Sign(history.amount));
                    // Nobody gets more than one unit beside his exact part.
                    var all = weights.Sum(w => (decimal)w);
                    if (Math.Abs(history.amount) < 1_000_000)
                        shares
                            .Zip(weights, (share, weight) => Math.Abs(share - history.amount * weight / all))
                            .Should()
                            .OnlyContain(off => off < 1, model.ToString());
                }
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void whatever_part_is_given_back_the_shares_are_what_is_left_in_every_model()
    {
        var histories =
            from ages in Gen.ListOf(Gen.Choose(0, 60 * 24 * 100)).Where(list => list.Count > 0)
            from value in Gen.Choose(1, 1_000_000)
            from parts in Gen.ListOf(Gen.Choose(-1_000, 300_000))
            select (ages, value, parts);
        Prop.ForAll(histories.ToArbitrary(), history =>
            {
                var touches = history
                    .ages.OrderDescending()
                    .Select(age => new AttributedStep(DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(-age), age % 3 == 0))
                    .ToList();
                var eur = new Money { Amount = history.value, Currency = "EUR" };
                var conversion = new Conversion { Value = eur };
                long left = history.value;
                foreach (var part in history.parts)
                {
                    // More than is left cannot be given back; below zero it is a correction upwards.
                    var taken = Math.Min(part, left);
                    left -= taken;
                    conversion = conversion with
                    {
                        Adjustments = conversion.Adjustments.Add(new() { Amount = eur with { Amount = -taken } }),
                    };
                    conversion.NetValue!.Amount.Should().Be(left);
                    foreach (var model in Enum.GetValues<AttributionModel>())
                        Domain
                            .Conversions.Attribution.Share(
                                conversion.NetValue.Amount,
                                Domain.Conversions.Attribution.Weights(model, touches)
                            )
                            .Sum()
                            .Should()
                            .Be(left, model.ToString());
                }
                (conversion with { ReversedAt = DateTimeOffset.UnixEpoch }).NetValue!.Amount.Should().Be(0);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void each_model_gives_to_whom_it_says()
    {
        var days = new[] { (0, false), (7, false), (14, false), (14, true) }
            .Select(d => new AttributedStep(DateTimeOffset.UnixEpoch.AddDays(d.Item1), d.Item2))
            .ToList();
        long[] Of(AttributionModel model, long amount) =>
            Domain.Conversions.Attribution.Share(amount, Domain.Conversions.Attribution.Weights(model, days));
        Of(AttributionModel.First, 101).Should().Equal(101, 0, 0, 0);
        Of(AttributionModel.Last, 101).Should().Equal(0, 0, 0, 101);
        Of(AttributionModel.LastNonDirect, 101).Should().Equal(0, 0, 101, 0);
        Of(AttributionModel.Linear, 101).Should().Equal(26, 25, 25, 25);
        Of(AttributionModel.PositionBased, 100).Should().Equal(40, 10, 10, 40);
        Of(AttributionModel.TimeDecay, 1100).Should().Equal(100, 200, 400, 400);
        Domain
            .Conversions.Attribution.Weights(AttributionModel.LastNonDirect, [new(default, true), new(default, true)])
            .Should()
            .Equal(0, 1);
    }

    [OnEveryStore]
    [Fact]
    public async Task a_conversion_says_what_it_is_owed_to_and_the_shares_are_its_value()
    {
        var workspace = await server.NewWorkspace();
        var site = (await workspace.Post("/v1/sites", new { name = "Shop" })).Json!;
        var affiliate = (await workspace.Post("/v1/affiliates", new { name = "Garden blog" })).Json!;
        var link = (
            await workspace.Post(
                "/v1/links",
                new
                {
                    destination = Page,
                    channel = "affiliates",
                    affiliate = affiliate["id"],
                }
            )
        ).Json!;
        using var follow = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}");
        follow.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var went = await server.Http.SendAsync(follow);
        var visitor = (await Tell(site, new { kind = "pageView", page = went.Headers.Location!.AbsoluteUri }))["visitor"]!.ToString();
        await Tell(
            site,
            new
            {
                visitor,
                kind = "pageView",
                page = Page + "inside",
                referrer = Page,
            }
        );
        await Tell(
            site,
            new
            {
                visitor,
                kind = "pageView",
                page = Page + "?utm_source=news&utm_medium=email",
            }
        );
        await Tell(
            site,
            new
            {
                visitor,
                kind = "pageView",
                page = Page,
            }
        );
        (
            await workspace.Submit(
                await workspace.ContactForm(),
                new
                {
                    email = "ana@silva.example.org",
                    _visitor = visitor,
                    _page = Page,
                }
            )
        ).Status.Should().Be(201);
        var lead = (await workspace.Get("/v1/leads")).Data.Single()!["id"]!.ToString();
        await workspace.Post("/v1/touches", new { kind = "call", lead });
        var conversion = (await workspace.Post("/v1/conversions", new { lead, value = new { amount = 1001, currency = "EUR" } })).Json![
            "id"
        ]!.ToString();

        string[] kinds = ["affiliates", "email", "direct", ""];
        foreach (
            var (model, amounts) in new (string, long[])[]
            {
                ("first", [1001, 0, 0, 0]),
                ("last", [0, 0, 0, 1001]),
                ("lastNonDirect", [0, 0, 0, 1001]),
                ("linear", [251, 250, 250, 250]),
                ("positionBased", [401, 100, 100, 400]),
            }
        )
        {
            var answer = await workspace.Get($"/v1/attribution/{conversion}?model={model}");
            answer.Status.Should().Be(200, answer.Text);
            var shares = answer["shares"]!.AsArray();
            shares.Select(s => s!["channel"]?.ToString() ?? "").Should().Equal(kinds, answer.Text);
            shares.Select(s => s!["amount"]!["amount"]!.GetValue<long>()).Should().Equal(amounts, model);
            shares.Sum(s => s!["perMillion"]!.GetValue<long>()).Should().Be(1_000_000);
            shares.Should().OnlyContain(s => s!["why"]!.ToString().Length > 10);
            shares[0]!["affiliate"]!.ToString().Should().Be(affiliate["id"]!.ToString());
        }
        (await workspace.Get($"/v1/attribution/{conversion}?model=timeDecay"))["shares"]!
            .AsArray()
            .Sum(s => s!["amount"]!["amount"]!.GetValue<long>())
            .Should()
            .Be(1001);
        var refunded = new { amount = new { amount = 334, currency = "EUR" } };
        (await workspace.Post($"/v1/conversions/{conversion}/reverse", refunded)).Status.Should().Be(200);
        foreach (
            var (model, amounts) in new (string, long[])[]
            {
                ("first", [667, 0, 0, 0]),
                ("linear", [167, 167, 167, 166]),
                ("positionBased", [267, 67, 66, 267]),
            }
        )
            (await workspace.Get($"/v1/attribution/{conversion}?model={model}"))["shares"]!
                .AsArray()
                .Select(s => s!["amount"]!["amount"]!.GetValue<long>())
                .Should()
                .Equal(amounts, model);
        (await workspace.Get($"/v1/attribution/{conversion}?model=best")).Errors.Should().Equal("model:not_a_choice");
        (await (await server.NewWorkspace()).Get($"/v1/attribution/{conversion}")).Status.Should().Be(404);
        var alone = (await workspace.Post("/v1/conversions", new { value = new { amount = 7, currency = "EUR" } })).Json!["id"]!.ToString();
        (await workspace.Get($"/v1/attribution/{alone}"))["shares"]!.AsArray().Should().ContainSingle().Which!["amount"]!["amount"]!
            .GetValue<long>()
            .Should()
            .Be(7);
    }

    async Task<JsonNode> Tell(JsonNode site, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/t/events?site={site["key"]}")
        {
            Content = new StringContent(JsonSerializer.Serialize(body)),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", Browser);
        using var answer = await server.Http.SendAsync(request);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
