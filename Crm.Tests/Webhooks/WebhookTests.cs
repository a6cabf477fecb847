// Webhooks: what happens is sent to whoever asked for it, signed, as it was then, at least once under one id.

using System.Text.Json.Nodes;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Webhooks;
using Crm.Domain.Work;
using Crm.Tests.Deliveries;
using Crm.Tests.Erasures;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Webhooks;

public sealed class WebhookTests(DeliveringServer fixture) : IClassFixture<DeliveringServer>
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly CrmServer server = fixture.Crm;

    static async Task<(string Id, string Secret)> NewHook(TestWorkspace workspace, object hook)
    {
        var made = await workspace.Post("/v1/webhooks", hook);
        made.Status.Should().Be(201, made.Text);
        return (made["id"]!.ToString(), made["secret"]!.ToString());
    }

    static async Task Until(Func<Task<bool>> isSo, string what)
    {
        for (var began = System.Diagnostics.Stopwatch.GetTimestamp(); !await isSo(); await Task.Delay(30))
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException(what);
    }

    static Task<List<JsonNode>> Finished(TestWorkspace workspace, string hook, int count) =>
        DeliveryTests.Finished(() => workspace.All($"/v1/deliveries?webhook={hook}"), count);

    static string Type(Arrived arrived) => arrived.Json["type"]!.ToString();

    [OnEveryStore]
    [NeedsNodeFact]
    public async Task what_happened_arrives_as_it_was_then_and_is_accepted_by_the_libraries_of_receivers_during_a_rotation_too()
    {
        await using var receiver = await Receiver.Start();
        var workspace = await server.NewWorkspace();
        var another = await server.NewWorkspace();
        await NewHook(another, new { url = $"{receiver.Address}another", events = new[] { "*" } });
        var (hook, secret) = await NewHook(
            workspace,
            new
            {
                name = "Chat",
                url = $"{receiver.Address}full",
                events = new[] { "lead.*" },
                headers = new[] { new { name = "Authorization", value = "Bearer abc" } },
            }
        );
        secret.Should().MatchRegex(@"\Awhsec_[A-Za-z0-9+/]{43}=\z");
        var shown = await workspace.Get($"/v1/webhooks/{hook}");
        shown.Text.Should().NotContain(secret).And.NotContain("whsec_");
        (shown["active"]!.GetValue<bool>(), shown["payload"]!.ToString(), shown["apiVersion"]!.ToString())
            .Should()
            .Be((true, "full", "2026-12-01"));
        await NewHook(
            workspace,
            new
            {
                url = $"{receiver.Address}thin",
                events = new[] { "submission.accepted", "lead.updated" },
                payload = "thin",
                filter = "changed=status,owner",
            }
        );
        await NewHook(
            workspace,
            new
            {
                url = $"{receiver.Address}filtered",
                events = new[] { "lead.updated" },
                filter = "status=qualified",
            }
        );

        (
            await workspace.Submit(
                await workspace.ContactForm(),
                new
                {
                    name = "Ana Ünal",
                    email = "ana@silva.example.org",
                    message = "Hi 🌿",
                }
            )
        ).Status.Should().Be(201);
        var lead = (await workspace.All("/v1/leads")).Single()["id"]!.ToString();
        await Until(() => Task.FromResult(receiver.Ledger.Count == 2), "the form's lead");
        foreach (var change in new object[] { new { company = "Silva Ltda" }, new { status = "working" }, new { status = "qualified" } })
            (await workspace.Patch($"/v1/leads/{lead}", change)).Status.Should().Be(200);
        await Until(() => Task.FromResult(receiver.Ledger.Count == 8), "four of the lead, three thin, one filtered");

        var full = receiver.Ledger.Where(one => one.Path == "/full").ToList();
        var made = full.Single(one => Type(one) == "lead.created");
        made.Headers["Authorization"].Should().Be("Bearer abc");
        made.Headers["Content-Type"].Should().Be("application/json");
        made.Json["also"]!.ToJsonString().Should().Be("[\"submission.accepted\"]");
        (made.Json["data"]!["object"]!["id"]!.ToString(), made.Json["data"]!["object"]!["firstName"]!.ToString())
            .Should()
            .Be((lead, "Ana"));
        made.Json["data"]!["object"]!["status"]!.ToString().Should().Be("new", "it says how the lead was then");
        var working = full.Single(one => one.Json["data"]!["previous"]!["status"]?.ToString() == "new");
        working.Json["data"]!["object"]!["status"]!.ToString().Should().Be("working");
        working.Json["data"]!["previous"]!.AsObject().ContainsKey("company").Should().BeFalse("it did not change");
        full.Should().Contain(one => one.Json["data"]!["previous"]!.AsObject().ContainsKey("company"));
        (await workspace.Get($"/v1/events/{made.Json["event"]}"))["type"]!.ToString().Should().Be("lead.created");

        var thin = receiver.Ledger.Where(one => one.Path == "/thin").ToList();
        thin.Select(Type).Should().BeEquivalentTo("lead.created", "lead.updated", "lead.updated");
        thin.Should().OnlyContain(one => one.Json["data"]!["object"]!.ToJsonString() == $"{{\"id\":\"{lead}\"}}");
        receiver.Ledger.Single(one => one.Path == "/filtered").Json["data"]!["object"]!["status"]!
            .ToString()
            .Should()
            .Be("qualified", "the filter looks at the record as it became");
        receiver.Ledger.Should().NotContain(one => one.Path == "/another", "another workspace hears of nothing here");
        (await Verified(secret, full)).Should().AllBe("ok");
        (await Verified(WebhookSecret.New(), full)).Should().NotContain("ok");

        var rotated = await workspace.Post($"/v1/webhooks/{hook}/rotate", new { keepOldFor = "PT1H" });
        rotated.Status.Should().Be(200, rotated.Text);
        rotated["oldSecretUntil"].Should().NotBeNull();
        var tested = await workspace.Post($"/v1/webhooks/{hook}/test", new { type = "lead.converted" });
        tested.Status.Should().Be(200, tested.Text);
        await Until(() => Task.FromResult(receiver.Ledger.Any(one => Type(one) == "lead.converted")), "the test");
        var test = receiver.Ledger.Single(one => Type(one) == "lead.converted");
        (test.Id, test.Json["test"]!.GetValue<bool>(), test.Json["data"]!["object"]!["id"]!.ToString())
            .Should()
            .Be((tested["delivery"]!.ToString(), true, lead));
        test.Headers["webhook-signature"].Split(' ').Should().HaveCount(2);
        foreach (var one in new[] { secret, rotated["secret"]!.ToString() })
            (await Verified(one, [test])).Should().AllBe("ok");
        (await workspace.Post($"/v1/webhooks/{hook}/rotate", new { keepOldFor = "PT0S" })).Status.Should().Be(200);
        Type(await Tested(workspace, hook, receiver)).Should().Be("lead.clicked");
        (await Verified(secret, [receiver.Ledger.Last()])).Should().NotContain("ok");
        (await workspace.Post($"/v1/webhooks/{hook}/rotate", new { keepOldFor = "P8D" })).Errors.Should().Equal("keepOldFor:invalid");
        (await workspace.Post($"/v1/webhooks/{hook}/test", new { type = "lead.nosuch" })).Errors.Should().Equal("type:unknown");
    }

    static async Task<Arrived> Tested(TestWorkspace workspace, string hook, Receiver receiver)
    {
        var tested = await workspace.Post($"/v1/webhooks/{hook}/test", new { });
        var id = tested["delivery"]!.ToString();
        await Until(() => Task.FromResult(receiver.Ledger.Any(one => one.Id == id)), "a test");
        return receiver.Ledger.Single(one => one.Id == id);
    }

    sealed record Question(string Secret, string Body, string Id, string Timestamp, string Signature);

    sealed record Answer(string Standard, string Svix);

    static async Task<IEnumerable<string>> Verified(string secret, IReadOnlyList<Arrived> arrived) =>
        (
            await Npm.Ask<Question, Answer>(
                "webhooks.mjs",
                arrived.Select(one => new Question(
                    secret,
                    one.Body,
                    one.Id,
                    one.Headers["webhook-timestamp"],
                    one.Headers["webhook-signature"]
                ))
            )
        ).Zip(arrived, (answer, one) =>
            new[] { answer.Standard, answer.Svix }.All(json => json.StartsWith('{') && JsonNode.DeepEquals(JsonNode.Parse(json), one.Json))
                ? "ok"
                : $"{answer.Standard} {answer.Svix}"
        );

    [OnEveryStore]
    [Fact]
    public async Task every_event_of_every_way_to_write_arrives_once()
    {
        await using var receiver = await Receiver.Start();
        var workspace = await server.NewWorkspace();
        var (hook, _) = await NewHook(workspace, new { url = receiver.Address, events = new[] { "*" } });
        var form = await workspace.ContactForm();
        await workspace.Submit(
            form,
            new
            {
                name = "Ana",
                email = "ana@silva.example.org",
                message = "Hi",
            }
        );
        await workspace.Submit(
            form,
            new
            {
                name = "Ana",
                email = "ana@silva.example.org",
                message = "Again",
            }
        );
        var rui = DeliveryTests.Id(await workspace.Post("/v1/leads", new { name = "Rui", email = "rui@costa.example.org" }));
        var eva = DeliveryTests.Id(await workspace.Post("/v1/leads", new { name = "Eva", email = "eva@costa.example.org" }));
        (await workspace.Put("/v1/leads?match=email", new { email = "eva@costa.example.org", company = "Costa" })).Status.Should().Be(200);
        (await workspace.Patch($"/v1/leads/{rui}", new { status = "working" })).Status.Should().Be(200);
        (await workspace.Post($"/v1/leads/{rui}/merge", new { lead = eva })).Status.Should().Be(200);
        (await workspace.Post($"/v1/leads/{rui}/unmerge", new { lead = eva })).Status.Should().Be(200);
        (
            await workspace.Post(
                $"/v1/leads/{rui}/convert",
                new { purchase = new { orderId = "A-1", lines = new[] { new { product = "Panel" } } } }
            )
        )
            .Status.Should()
            .Be(200);
        var bulk = await workspace.Post(
            "/v1/links/bulk",
            new { links = Enumerable.Range(0, 40).Select(i => new { destination = $"https://www.silva.example.org/{i}" }) }
        );
        bulk.Status.Should().BeOneOf([200, 201], bulk.Text);
        var graph = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new { query = "mutation { createLead(input: {email: \"gil@costa.example.org\"}) { lead { id } } }" }
        );
        graph.Text.Should().Contain("lead_");
        DeliveryTests.Id(
            await workspace.Post(
                "/v1/conversions",
                new
                {
                    lead = eva,
                    orderId = "B-1",
                    value = new { amount = 5, currency = "EUR" },
                }
            )
        );
        (await workspace.Delete($"/v1/leads/{eva}")).Status.Should().BeOneOf(204, 200, 409);

        var happened = new List<JsonNode>();
        await Until(
            async () =>
            {
                happened =
                [
                    .. (await workspace.All("/v1/events?sort=-createdAt")).Where(one =>
                        one["subject"]!.ToString() != hook && string.CompareOrdinal(one["id"]!.ToString()[4..], hook[5..]) > 0
                    ),
                ];
                return happened.Count > 45
                    && receiver.Ledger.Select(one => one.Json["event"]!.ToString()).Distinct().Count() >= happened.Count;
            },
            "all events"
        );
        receiver
            .Ledger.Select(one => (one.Json["event"]!.ToString(), Type(one)))
            .Should()
            .BeEquivalentTo(happened.Select(one => (one["id"]!.ToString(), one["type"]!.ToString())));
        happened.Select(one => one["type"]!.ToString()).Should().BeSubsetOf(CrmCatalogEvents);
        happened
            .Select(one => one["type"]!.ToString())
            .Should()
            .Contain([
                "lead.created",
                "lead.updated",
                "lead.merged",
                "lead.mergedInto",
                "lead.unmerged",
                "lead.converted",
                "customer.purchased",
                "link.created",
                "conversion.created",
            ]);
        receiver.Ledger.Should().OnlyContain(one => one.Json["data"]!["object"]!["id"] != null);
        (await Finished(workspace, hook, happened.Count)).Should().OnlyContain(one => one["status"]!.ToString() == "delivered");
    }

    static IReadOnlyList<string> CrmCatalogEvents => Domain.CrmCatalog.Standard.EventTypes;

    [OnEveryStore]
    [Fact]
    public async Task a_receiver_that_is_gone_is_stopped_and_the_others_hear_of_it_and_what_it_never_wants_is_dead()
    {
        await using var receiver = await Receiver.Start();
        var workspace = await server.NewWorkspace();
        var (gone, _) = await NewHook(workspace, new { url = $"{receiver.Address}gone", events = new[] { "lead.created" } });
        var (picky, _) = await NewHook(workspace, new { url = $"{receiver.Address}picky", events = new[] { "lead.created" } });
        var (well, _) = await NewHook(workspace, new { url = $"{receiver.Address}well", events = new[] { "webhook.disabled" } });
        receiver.Answer = http =>
        {
            if (http.Request.Path == "/picky")
                http.Response.Headers["Webhook-Delivery"] = "abort-message";
            return Task.FromResult(
                http.Request.Path == "/gone" ? 410
                : http.Request.Path == "/picky" ? 422
                : 204
            );
        };
        DeliveryTests.Id(await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" }));
        var refused = (await Finished(workspace, picky, 1)).Single();
        (refused["status"]!.ToString(), refused["reason"]!.ToString(), refused["attempts"]!.GetValue<int>())
            .Should()
            .Be(("dead", "refused", 1));
        (await Finished(workspace, gone, 1)).Single()["reason"]!.ToString().Should().Be("gone");
        await Until(async () => !(await workspace.Get($"/v1/webhooks/{gone}"))["active"]!.GetValue<bool>(), "it is stopped");
        (await workspace.Get($"/v1/webhooks/{gone}"))["disabledBecause"]!.ToString().Should().Be("gone");
        (await workspace.Get($"/v1/webhooks/{picky}"))["active"]!.GetValue<bool>().Should().BeTrue();
        await Until(() => Task.FromResult(receiver.Ledger.Any(one => one.Path == "/well")), "the others hear of it");
        receiver.Ledger.Single(one => one.Path == "/well").Json["data"]!["object"]!["id"]!.ToString().Should().Be(gone);
        receiver.Ledger.Single(one => one.Path == "/well").Body.Should().NotContain("s1.", "a sealed secret is no part of a record");
        (await workspace.All($"/v1/deliveries?webhook={gone}&status=dead")).Should().HaveCount(1);

        receiver.Answer = _ => Task.FromResult(200);
        var dead = (await workspace.All($"/v1/deliveries?webhook={gone}")).Single()["id"]!.ToString();
        (await workspace.Post($"/v1/deliveries/{dead}/retry")).Code.Should().Be("wrong_state");
        (await workspace.Post($"/v1/webhooks/{gone}/test", new { })).Code.Should().Be("wrong_state");
        (await workspace.Patch($"/v1/webhooks/{gone}", new { active = true }))["disabledBecause"].Should().BeNull();
        (await workspace.Post($"/v1/deliveries/{dead}/retry")).Status.Should().Be(200);
        (await Finished(workspace, gone, 1)).Single()["status"]!.ToString().Should().Be("delivered");
        receiver.Ledger.Where(one => one.Id == dead).Select(one => one.Body).Distinct().Should().HaveCount(1, "its body is the same");
    }

    [OnEveryStore]
    [Fact]
    public async Task what_happened_to_one_record_arrives_in_order_when_that_is_asked_for_and_no_other_waits_for_it()
    {
        await using var receiver = await Receiver.Start();
        var workspace = await server.NewWorkspace();
        var (hook, _) = await NewHook(
            workspace,
            new
            {
                url = receiver.Address,
                events = new[] { "lead.*" },
                ordered = "subject",
            }
        );
        var refusals = new System.Collections.Concurrent.ConcurrentDictionary<string, int>();
        receiver.Answer = http =>
            Task.FromResult(refusals.AddOrUpdate(http.Request.Headers["Webhook-Id"].ToString(), 1, (_, n) => n + 1) % 3 == 0 ? 200 : 500);
        var leads = new List<string>();
        for (var i = 0; i < 3; i++)
            leads.Add(DeliveryTests.Id(await workspace.Post("/v1/leads", new { email = $"a{i}@silva.example.org" })));
        foreach (var name in new[] { "one", "two", "three" })
        foreach (var lead in leads)
            (await workspace.Patch($"/v1/leads/{lead}", new { company = name })).Status.Should().Be(200);
        await Finished(workspace, hook, 12);
        foreach (var lead in leads)
            receiver
                .Ledger.Where(one => one.Answered == 200 && one.Json["data"]!["object"]!["id"]!.ToString() == lead)
                .Select(one => one.Json["data"]!["object"]!["company"]?.ToString())
                .Should()
                .Equal(null, "one", "two", "three");
    }

    [OnEveryStore]
    [Fact]
    public async Task a_time_is_sent_again_under_the_same_ids_and_what_had_no_body_then_is_sent_thin()
    {
        await using var receiver = await Receiver.Start();
        var workspace = await server.NewWorkspace();
        var before = DeliveryTests.Id(await workspace.Post("/v1/leads", new { email = "before@silva.example.org" }));
        var (hook, _) = await NewHook(workspace, new { url = receiver.Address, events = new[] { "lead.*" } });
        receiver.Answer = _ => Task.FromResult(500);
        var failed = DeliveryTests.Id(await workspace.Post("/v1/leads", new { email = "failed@silva.example.org" }));
        (await Finished(workspace, hook, 1)).Single()["reason"]!.ToString().Should().Be("attempts_used");
        receiver.Answer = _ => Task.FromResult(200);
        var well = DeliveryTests.Id(await workspace.Post("/v1/leads", new { email = "well@silva.example.org" }));
        await Finished(workspace, hook, 2);
        var asItWas = receiver.Ledger.First(one => Subject(one) == failed).Body;

        async Task Replayed(object range, long sent)
        {
            var begun = await workspace.Post($"/v1/webhooks/{hook}/replay", range);
            begun.Status.Should().Be(200, begun.Text);
            var path = $"/v1/webhook-replays/{begun["replay"]}";
            await Until(async () => (await workspace.Get(path))["status"]!.ToString() == "done", "the replay");
            (await workspace.Get(path))["sent"]!.GetValue<long>().Should().Be(sent);
            (await workspace.Post(path + "/pause")).Code.Should().Be("wrong_state");
        }
        var from = "2026-01-01T00:00:00Z";
        await Replayed(new { from }, 1);
        await Until(() => Task.FromResult(receiver.Ledger.Last(one => Subject(one) == failed).Answered == 200), "it arrives");
        await Finished(workspace, hook, 2);
        var again = receiver.Ledger.Last(one => Subject(one) == failed);
        (again.Answered, again.Body).Should().Be((200, asItWas));
        receiver.Ledger.Where(one => Subject(one) == failed).Select(one => one.Id).Distinct().Should().ContainSingle();

        receiver.Ledger.Clear();
        await Replayed(
            new
            {
                from,
                only = "all",
                types = new[] { "lead.created" },
            },
            3
        );
        await Until(() => Task.FromResult(receiver.Ledger.Count == 3), "all three");
        receiver.Ledger.Select(Subject).Should().BeEquivalentTo(before, failed, well);
        receiver.Ledger.Single(one => Subject(one) == failed).Body.Should().Be(asItWas);
        var bare = receiver.Ledger.Single(one => Subject(one) == before).Json;
        (bare["replayed"]!.GetValue<bool>(), bare["data"]!["object"]!.AsObject().Count).Should().Be((true, 1));
        (await workspace.Post($"/v1/webhooks/{hook}/replay", new { from = "2099-01-01T00:00:00Z" }))
            .Errors.Should()
            .Equal("from:out_of_range");
    }

    static string Subject(Arrived arrived) => arrived.Json["data"]!["object"]!["id"]!.ToString();

    [OnEveryStore]
    [Fact]
    public async Task what_waits_to_be_sent_of_a_person_goes_with_them()
    {
        await using var receiver = await Receiver.Start();
        var workspace = await server.NewWorkspace();
        receiver.Answer = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
            return 200;
        };
        var (hook, _) = await NewHook(workspace, new { url = receiver.Address, events = new[] { "lead.*" } });
        DeliveryTests.Id(await workspace.Post("/v1/leads", new { email = "ana@silva.example.org" }));
        var installation = server.Services.GetRequiredService<Installation>();
        var store = installation.Store.Open(await workspace.StoreKey(installation));
        (await store.Count(ResourceType.Of<WebhookBody>().Collection, null, 9, default)).Should().Be(1);
        await ErasureTests.Done(workspace, new { match = new { email = "ana@silva.example.org" } });
        await foreach (var page in store.Pages(new(ResourceType.Of<WebhookBody>().Collection, null, [], false, null, 9), default))
            for (var i = 0; i < page.Count; i++)
                System.Text.Encoding.UTF8.GetString(page[i].Json.Span).Should().NotContain("ana@silva");
        (await workspace.All($"/v1/deliveries?webhook={hook}")).Should().NotContain(one => one["event"]!.ToString() == "lead.created");
    }

    [Fact]
    public async Task a_webhook_asks_only_for_what_there_is_and_what_whoever_makes_it_may_read()
    {
        var workspace = await server.NewWorkspace();
        var url = "https://automation.example.org/hooks";
        async Task<IReadOnlyList<string>> Refused(object hook) => (await workspace.Post("/v1/webhooks", hook)).Errors;
        (await Refused(new { url, events = new[] { "lead.created", "lead.nosuch" } })).Should().Equal("events.1:unknown");
        (await workspace.Post("/v1/webhooks", new { url, events = new[] { "lead.nosuch" } })).Text.Should().Contain("lead.created, ");
        (await Refused(new { url, events = new[] { "nosuch.*", "le*", "" } })).Should().Contain(["events.0:unknown", "events.1:unknown"]);
        (await Refused(new { url, events = Array.Empty<string>() })).Should().Equal("events:required");
        (await Refused(new { url = "ftp://a.example.org", events = new[] { "*" } })).Should().Equal("url:invalid");
        (await Refused(new { url = "https://me:pw@a.example.org", events = new[] { "*" } })).Should().Equal("url:invalid");
        (
            await Refused(
                new
                {
                    url,
                    events = new[] { "*" },
                    apiVersion = "2020-01-01",
                }
            )
        ).Should().Equal("apiVersion:unknown");
        (
            await Refused(
                new
                {
                    url,
                    events = new[] { "lead.*" },
                    filter = "email=ana@silva.example.org",
                }
            )
        ).Should().Contain("filter:not_allowed");
        (
            await Refused(
                new
                {
                    url,
                    events = new[] { "lead.*" },
                    filter = "changed=nosuch",
                }
            )
        ).Should().Equal("filter:invalid");
        (
            await Refused(
                new
                {
                    url,
                    events = new[] { "lead.*", "link.*" },
                    filter = "status=new",
                }
            )
        ).Should().Equal("filter:invalid");
        await NewHook(
            await server.NewWorkspace(),
            new
            {
                url,
                events = new[] { "lead.*" },
                filter = "status=new&changed=status",
            }
        );
        foreach (
            var (name, value, error) in new[]
            {
                ("Host", "x", "headers.0.name:not_allowed"),
                ("webhook-id", "x", "headers.0.name:not_allowed"),
                ("Content-Length", "1", "headers.0.name:not_allowed"),
                ("a b", "x", "headers.0.name:invalid"),
                ("X-A", "é", "headers.0.value:invalid"),
            }
        )
            (
                await Refused(
                    new
                    {
                        url,
                        events = new[] { "*" },
                        headers = new[] { new { name, value } },
                    }
                )
            ).Should().Contain(error, name);

        async Task<TestWorkspace> Key(params string[] scopes)
        {
            var key = await workspace.Post("/v1/api-keys", new { name = "k", scopes });
            key.Status.Should().Be(201, key.Text);
            return workspace.With(key["key"]!.ToString());
        }
        var narrow = await Key("webhooks:*", "links:read");
        (await narrow.Post("/v1/webhooks", new { url, events = new[] { "link.*", "lead.created" } }))
            .Errors.Should()
            .Equal("events.1:not_allowed");
        (
            await narrow.Post(
                "/v1/webhooks",
                new
                {
                    url,
                    events = new[] { "*" },
                    payload = "thin",
                }
            )
        ).Errors.Should().Contain("events.0:not_allowed");
        var (links, _) = await NewHook(narrow, new { url, events = new[] { "link.*" } });
        (await narrow.Patch($"/v1/webhooks/{links}", new { events = new[] { "lead.*" } })).Errors.Should().Equal("events.0:not_allowed");
        var (leads, _) = await NewHook(workspace, new { url, events = new[] { "lead.*" } });
        (await narrow.Patch($"/v1/webhooks/{leads}", new { url = "https://elsewhere.example.org/" }))
            .Errors.Should()
            .Equal("events.0:not_allowed");
        (await narrow.Post($"/v1/webhooks/{leads}/test", new { })).Status.Should().BeOneOf(200, 403);
        for (var i = 2; i < PrepareWebhook.Most; i++)
            await NewHook(workspace, new { url, events = new[] { "apiKey.revoked" } });
        (await workspace.Post("/v1/webhooks", new { url, events = new[] { "apiKey.revoked" } })).Code.Should().Be("limit_reached");
    }

    [Fact]
    public void the_types_of_events_are_as_approved()
    {
        var file = Path.Combine(Repository.Root, "openapi", "events.txt");
        var text = string.Join('\n', CrmCatalogEvents) + "\n";
        if (Environment.GetEnvironmentVariable("CRM_APPROVE") == "1")
            File.WriteAllText(file, text);
        File.ReadAllText(file).Should().Be(text, "a new type is approved by running this with CRM_APPROVE=1");
        CrmCatalogEvents.Should().OnlyContain(type => type.Length <= 100).And.OnlyHaveUniqueItems();
    }
}
