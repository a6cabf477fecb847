// Receipts of consent: made by a form or over the API, chained, withdrawn by their person, and whole after an erasure.

using System.Diagnostics;
using System.Text.Json.Nodes;
using Crm.Domain.Consents;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.Erasures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Consents;

[Collection(nameof(CrmServer))]
public sealed class ConsentTests(CrmServer server)
{
    const string Text = "Aceito receber <ofertas> por e-mail.";

    static readonly ResourceType Type = ResourceType.Of<ConsentReceipt>();

    Installation Product => server.Services.GetRequiredService<Installation>();

    static Task<JsonNode> Form(TestWorkspace workspace) =>
        workspace.NewForm(
            new
            {
                name = "News",
                language = "pt-BR",
                fields = new object[]
                {
                    new
                    {
                        name = "email",
                        kind = "email",
                        mapsTo = "email",
                    },
                    new
                    {
                        name = "news",
                        kind = "consent",
                        purpose = "email-marketing",
                        help = Text,
                    },
                },
            }
        );

    /// <summary>Receipts in their order, when each has its place.</summary>
    static async Task<List<JsonNode>> Chained(TestWorkspace workspace, int count)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(30))
        {
            var all = await workspace.All("/v1/consents?sort=seq");
            if (all.Count == count && all.TrueForAll(one => one["seq"] is not null))
                return all;
            Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(60), $"{all.Count} receipts, some without a place");
        }
    }

    static async Task<Reply> Verify(TestWorkspace workspace, long? after = null)
    {
        var reply = await workspace.Post("/v1/consents/verify", new { after });
        reply.Status.Should().Be(200, reply.Text);
        return reply;
    }

    async Task<(IWorkspaceStore Store, ConsentReceipt Record)> Stored(TestWorkspace workspace, JsonNode receipt)
    {
        Id.TryParse<ConsentReceipt>(receipt["id"]!.ToString(), out var id).Should().BeTrue();
        var store = Product.Store.Open(await workspace.StoreKey(Product));
        return (store, Type.FromRow<ConsentReceipt>((await store.Get(Type.Collection, id, default))!.Value));
    }

    [Fact]
    public async Task a_ticked_box_makes_a_receipt_with_the_exact_text_and_its_place_in_the_chain()
    {
        var workspace = await server.NewWorkspace();
        var form = await Form(workspace);
        foreach (var who in new[] { "ana", "bruno", "ana" })
            (
                await workspace.Submit(
                    form,
                    new
                    {
                        email = $"{who}@silva.example.org",
                        news = "on",
                        _page = "https://www.silva.example.org/news",
                    }
                )
            ).Status.Should().Be(201);
        (await workspace.Submit(form, new { email = "eva@silva.example.org" })).Status.Should().Be(201, "an empty box says nothing");
        var all = await Chained(workspace, 3);
        all.Select(one => one["seq"]!.GetValue<long>()).Should().Equal(1, 2, 3);
        var first = all[0];
        (first["purpose"]!.ToString(), first["text"]!.ToString(), first["language"]!.ToString(), first["page"]!.ToString())
            .Should()
            .Be(("email-marketing", Text, "pt-BR", "https://www.silva.example.org/news"));
        (first["granted"]!.GetValue<bool>(), first["basis"]!.ToString(), first["method"]!.ToString(), first["textVersion"]!.ToString())
            .Should()
            .Be((true, "consent", "form", form["version"]!.ToString()));
        var lead = (await workspace.Get("/v1/leads?email=ana@silva.example.org")).Data[0]!;
        (first["lead"]!.ToString(), first["form"]!.ToString()).Should().Be((lead["id"]!.ToString(), form["id"]!.ToString()));
        (await workspace.Get($"/v1/consents?lead={lead["id"]}")).Data.Should().HaveCount(2);
        first["hash"]!.ToString().Should().Be(all[1]["previous"]!.ToString());
        first.AsObject().Select(member => member.Key).Should().NotContain("key").And.NotContain("chained");
        var whole = await Verify(workspace);
        (whole["checked"]!.GetValue<long>(), whole["broken"], whole["next"]).Should().Be((3, null, null), whole.Text);
    }

    [Fact]
    public async Task what_was_changed_taken_out_or_put_elsewhere_is_named()
    {
        var workspace = await server.NewWorkspace();
        var lead = (await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" }))["id"]!.ToString();
        for (var i = 0; i < 4; i++)
            (
                await workspace.Post(
                    "/v1/consents",
                    new
                    {
                        lead,
                        purpose = $"news-{i}",
                        text = "Said on the phone.",
                    }
                )
            ).Status.Should().Be(201);
        var all = await Chained(workspace, 4);
        (await Verify(workspace))["broken"].Should().BeNull();
        var (store, second) = await Stored(workspace, all[1]);
        var (_, third) = await Stored(workspace, all[2]);
        var (_, last) = await Stored(workspace, all[3]);
        foreach (
            var changed in new Func<ConsentReceipt, ConsentReceipt>[]
            {
                one => one with { Text = "Said on the phones." },
                one => one with { Granted = false },
                one => one with { Purpose = "ads" },
                one => one with { At = one.At!.Value.AddMilliseconds(1) },
            }
        )
            await Broken(second, changed(second), second, "changed");
        await Broken(second, second with { Hash = third.Hash }, second, "moved");
        await Broken(second, second with { Previous = null }, second, "moved");
        await Broken(second, second with { Seq = 3 }, null, "missing");
        await Broken(second, null, third, "missing");
        await Broken(last, null, null, "missing");
        (await Verify(workspace, after: 2))["checked"]!.GetValue<long>().Should().Be(2);

        async Task Broken(ConsentReceipt before, ConsentReceipt? after, ConsentReceipt? named, string because)
        {
            Change change = after is null
                ? new Change.Delete(Type.Collection, before.Id, before.Version)
                : new Change.Replace(Type.ToDocument(after with { Version = before.Version + 1 }), before.Version);
            (await store.Commit([change], default)).Committed.Should().BeTrue();
            var said = await Verify(workspace);
            said["broken"]!["because"]!.ToString().Should().Be(because, said.Text);
            if (named is not null)
                said["broken"]!["consent"]!.ToString().Should().Be(named.Id.Text<ConsentReceipt>());
            Change back = after is null
                ? new Change.Insert(Type.ToDocument(before))
                : new Change.Replace(Type.ToDocument(before), before.Version + 1);
            (await store.Commit([back], default)).Committed.Should().BeTrue();
            (await Verify(workspace))["broken"].Should().BeNull();
        }
    }

    [Fact]
    public async Task its_person_withdraws_it_by_a_button_and_opening_the_address_does_nothing()
    {
        var workspace = await server.NewWorkspace();
        var form = await Form(workspace);
        (await workspace.Submit(form, new { email = "ana@silva.example.org", news = "on" })).Status.Should().Be(201);
        var receipt = (await Chained(workspace, 1))[0];
        var link = await workspace.Post($"/v1/consents/{receipt["id"]}/link");
        link.Status.Should().Be(200, link.Text);
        var address = new Uri(link["url"]!.ToString()).AbsolutePath;

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Get })
            (await Visit(method, address)).Status.Should().Be(200);
        var page = await Visit(HttpMethod.Get, address);
        page.Text.Should()
            .Contain("lang=\"pt-BR\"")
            .And.Contain("<form method=\"post\">")
            .And.Contain("Retirar")
            .And.Contain("&lt;ofertas&gt;");
        page.Header("Cache-Control").Should().Be("no-store");
        (await workspace.All("/v1/consents")).Should().ContainSingle().Which["withdrawnAt"].Should().BeNull();

        for (var i = 0; i < 2; i++)
        {
            var done = await Visit(HttpMethod.Post, address);
            done.Status.Should().Be(200, done.Text);
            done.Text.Should().Contain("retirado").And.NotContain("<form");
        }
        var all = await Chained(workspace, 2);
        (all[1]["granted"]!.GetValue<bool>(), all[1]["method"]!.ToString(), all[1]["withdraws"]!.ToString())
            .Should()
            .Be((false, "link", receipt["id"]!.ToString()));
        all[0]["withdrawnAt"].Should().NotBeNull();
        var lead = (await workspace.Get("/v1/leads?email=ana@silva.example.org")).Data[0]!;
        lead["consent"]!.AsArray().Select(one => one!["granted"]!.GetValue<bool>()).Should().Equal(true, false);
        (await Verify(workspace))["broken"].Should().BeNull("withdrawing changes nothing of what was said");

        foreach (
            var other in new[] { address[..^1] + (address[^1] == 'A' ? 'B' : 'A'), "/consents/x", "/consents/" + new string('A', 200) }
        )
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
            (await Visit(method, other)).Status.Should().Be(404, other);

        async Task<Reply> Visit(HttpMethod method, string path)
        {
            using var request = new HttpRequestMessage(method, path) { Headers = { { "Accept", "text/html" } } };
            using var answer = await server.Http.SendAsync(request);
            return await Reply.Of(answer);
        }
    }

    [Fact]
    public async Task erasing_a_person_takes_what_was_said_and_breaks_no_link()
    {
        var workspace = await server.NewWorkspace();
        var form = await Form(workspace);
        foreach (var who in new[] { "ana", "bruno" })
            (await workspace.Submit(form, new { email = $"{who}@silva.example.org", news = $"I, {who}, agree" })).Status.Should().Be(201);
        await Chained(workspace, 2);
        await ErasureTests.Done(workspace, new { match = new { email = "ana@silva.example.org" } });
        var all = await Chained(workspace, 2);
        all.Count(one => one["text"] is null).Should().Be(1);
        var (_, emptied) = await Stored(workspace, all.Single(one => one["text"] is null));
        (emptied.Key, emptied.Page, emptied.TextVersion).Should().Be((null, null, null));
        var whole = await Verify(workspace);
        (whole["checked"]!.GetValue<long>(), whole["withoutPerson"]!.GetValue<long>(), whole["broken"])
            .Should()
            .Be((2, 1, null), whole.Text);
    }

    [Fact]
    public async Task what_an_entry_gave_is_taken_back_with_it_and_a_merge_takes_receipts_along()
    {
        var workspace = await server.NewWorkspace();
        var form = await Form(workspace);
        var known = (await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" }))["id"]!.ToString();
        var entry = (await workspace.Submit(form, new { email = "ana@silva.example.org", news = "on" }))["id"];
        (await workspace.Post($"/v1/submissions/{entry}/spam")).Status.Should().Be(200);
        var all = await Chained(workspace, 2);
        all.Select(one => (one["granted"]!.GetValue<bool>(), one["method"]!.ToString()))
            .Should()
            .Equal((true, "form"), (false, "takenBack"));
        (await workspace.Get($"/v1/leads/{known}"))["consent"]!.AsArray().Should().BeEmpty();

        (await workspace.Submit(form, new { email = "bruno@silva.example.org", news = "on" })).Status.Should().Be(201);
        await Chained(workspace, 3);
        var other = (await workspace.Get("/v1/leads?email=bruno@silva.example.org")).Data[0]!["id"]!.ToString();
        (await workspace.Post($"/v1/leads/{known}/merge", new { lead = other })).Status.Should().Be(200);
        (await workspace.Get($"/v1/consents?lead={known}")).Data.Should().HaveCount(3);
        (await Verify(workspace))["broken"].Should().BeNull();
    }

    [Fact]
    public async Task over_the_api_receipts_are_added_and_nothing_else()
    {
        var (workspace, stranger) = (await server.NewWorkspace(), await server.NewWorkspace());
        var lead = (await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" }))["id"]!.ToString();
        var made = await workspace.Post(
            "/v1/consents",
            new
            {
                lead,
                purpose = "phone",
                basis = "legitimateInterest",
                text = "Said yes on the phone.",
                at = "2026-01-02T03:04:05.678Z",
            }
        );
        made.Status.Should().Be(201, made.Text);
        (made["method"]!.ToString(), made["givenBy"]!.ToString()).Should().Be(("entered", lead));
        (await workspace.Get($"/v1/leads/{lead}"))["consent"]![0]!["basis"]!.ToString().Should().Be("legitimate-interest");
        var customer = (await workspace.Post("/v1/customers", new { email = "eva@silva.example.org" }))["id"]!.ToString();
        (await workspace.Post("/v1/consents", new { customer, purpose = "phone" })).Status.Should().Be(201);
        (await workspace.Get($"/v1/customers/{customer}"))["consent"]!.AsArray().Should().ContainSingle();

        foreach (
            var (body, error) in new (object, string)[]
            {
                (new { purpose = "phone" }, "lead:required"),
                (new { lead }, "purpose:required"),
                (new { lead, purpose = "two words" }, "purpose:invalid_purpose"),
                (
                    new
                    {
                        lead,
                        purpose = "phone",
                        at = "2126-01-02T03:04:05.678Z",
                    },
                    "at:in_future"
                ),
                (
                    new
                    {
                        lead,
                        purpose = "phone",
                        seq = 1,
                    },
                    "seq:read_only"
                ),
            }
        )
            (await workspace.Post("/v1/consents", body)).Errors.Should().Equal(error);
        (await stranger.Post("/v1/consents", new { lead, purpose = "phone" })).Errors.Should().Equal("lead:not_found");
        (await workspace.Patch($"/v1/consents/{made["id"]}", new { granted = false })).Status.Should().Be(405);
        (await workspace.Delete($"/v1/consents/{made["id"]}")).Status.Should().Be(405);
        var ended = await workspace.Post($"/v1/consents/{made["id"]}/withdraw");
        ended["withdrawnAt"].Should().NotBeNull();
        (await workspace.Post($"/v1/consents/{made["id"]}/withdraw"))["withdrawnAt"]!
            .ToString()
            .Should()
            .Be(ended["withdrawnAt"]!.ToString());
        await Chained(workspace, 3);
    }
}
