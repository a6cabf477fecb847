// docs/limits.md says what the limits are, and a wrong setting is a sentence; and what a click pays for its limits, told and not asserted.

using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Crm.Api.GraphQL;
using Crm.Api.Limiting;
using Crm.Api.Links;
using Crm.Api.Security;
using Crm.Domain.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Security;

public sealed class LimitTableTests(ITestOutputHelper output)
{
    static LimitTable Table(params (string Name, string Value)[] settings) =>
        LimitTable.From(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create($"Crm:Limits:{s.Name}", (string?)s.Value)))
                .Build()
                .GetSection("Crm:Limits")
        );

    [Fact]
    public void the_page_of_limits_has_each_with_its_value()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "limits.md"));
        foreach (var (name, value) in Table().Settings)
            Regex.IsMatch(page, $"`{name}`(?: \\|)? {Regex.Escape(value)} ").Should().BeTrue($"`{name}` is {value}");
    }

    [Theory]
    [InlineData("FormAddress", "ten")]
    [InlineData("FormAddressBytes", "1MiB/2MiB/3MiB")]
    [InlineData("Connections", "0")]
    [InlineData("NoSuch", "1")]
    public void a_wrong_setting_is_a_sentence(string name, string value)
    {
        var wrong = () => Table((name, value));
        wrong.Should().Throw<StoreConfigurationException>().WithMessage($"Crm__Limits__{name}*.");
    }

    [Fact]
    public void a_bucket_in_debt_lets_nothing_in_until_it_is_paid()
    {
        var bucket = new Bucket(new("x", new(1, 2), new(1, 100)));
        bucket.TryTake(1).Should().BeTrue();
        bucket.Charge(0, 1000);
        bucket.Has().Should().BeFalse("its bytes are owed");
        bucket.After().Should().BeCloseTo(TimeSpan.FromMinutes(900), TimeSpan.FromMinutes(1));
        new Bucket(new("x", Allowance.None, new(1, 100))).TryTake(1).Should().BeTrue();
    }

    [Fact]
    public void three_nodes_that_report_to_each_other_let_in_as_much_as_one()
    {
        var limit = new Limit("x", new(1, 30), new(1, 1000));
        var nodes = Enumerable.Range(0, 3).Select(_ => new Buckets()).ToList();
        nodes.ForEach(node => node.CountTaken());
        var (key, taken) = (new LimitKey(limit, 7, "form"), 0);
        for (var round = 0; round < 20; round++)
        {
            foreach (var node in nodes)
                for (var i = 0; i < 2; i++)
                    taken += node.Take(key).IsAcquired ? 1 : 0;
            foreach (var (node, said) in nodes.Select(node => (node, node.TakeCounts())).ToList())
            foreach (var (text, amounts) in said.SelectMany(one => one.Value))
            foreach (var other in nodes.Where(other => other != node))
                other.TakeAway(limit, text, amounts[0], amounts[1]);
        }
        taken.Should().BeInRange(30, 33);
        nodes.Should().OnlyContain(node => !node.Has(key, 3));
    }

    [Fact]
    public async Task what_a_click_pays_for_its_limits_is_told()
    {
        const int Rounds = 100_000;
        string[] open = ["LinkAddress", "Link", "WorkspaceLinks"];
        var server = new CrmServer(null, ["--Crm:RateLimits:Enabled=true", .. open.Select(name => $"--Crm:Limits:{name}=1000000000")]);
        await server.InitializeAsync();
        try
        {
            var workspace = await server.NewWorkspace();
            var link = await workspace.Post("/v1/links", new { destination = "https://www.silva.example.org/" });
            var endpoint = server
                .Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.First(e => e.Metadata.GetMetadata<PublicLink>() is not null);
            endpoint = new RouteEndpoint(_ => Task.CompletedTask, ((RouteEndpoint)endpoint).RoutePattern, 0, endpoint.Metadata, "link");
            async Task<double> Nanoseconds(bool withAll)
            {
                var app = new ApplicationBuilder(server.Services);
                if (withAll)
                {
                    app.UseWebSockets(SocketConnection.Options);
                    app.UseMiddleware<LinkDomains>();
                    app.UseMiddleware<SiteCors>();
                }
                app.UseMiddleware<Access>();
                if (withAll)
                    app.UseLimits();
                app.Run(http => http.GetEndpoint()!.RequestDelegate!(http));
                var run = app.Build();
                var best = double.MaxValue;
                for (var pass = 0; pass < 5; pass++)
                {
                    var began = Stopwatch.GetTimestamp();
                    for (var i = 0; i < Rounds / 5; i++)
                    {
                        var http = new DefaultHttpContext { RequestServices = server.Services };
                        http.Connection.RemoteIpAddress = new(new byte[] { 10, 0, (byte)(i >> 6), (byte)i });
                        http.Request.RouteValues["slug"] = link["slug"]!.ToString();
                        http.SetEndpoint(endpoint);
                        await run(http);
                        http.Response.StatusCode.Should().Be(200);
                    }
                    best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalNanoseconds / (Rounds / 5));
                }
                return best;
            }
            var (without, with) = (await Nanoseconds(false), await Nanoseconds(true));
            output.WriteLine($"a click without limits {without:0} ns, with limits {with:0} ns: {with - without:0} ns more");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
