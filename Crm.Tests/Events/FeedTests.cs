// The event feed through the front door: in the order of the commits, everything once, with a place that always leads on.

using System.Diagnostics;
using System.Globalization;
using Crm.Api.Workers;
using Crm.Domain.Events;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Events;

[Collection(nameof(CrmServer))]
public sealed class FeedTests(CrmServer server)
{
    readonly Installation product = server.Services.GetRequiredService<Installation>();

    sealed record Page(List<string> Subjects, string Next, bool HasMore);

    static async Task<Page> Read(TestWorkspace workspace, string query)
    {
        var answer = await workspace.Get("/v1/events" + query);
        answer.Status.Should().Be(200, answer.Text);
        return new(
            [.. answer.Data.Select(happened => happened!["subject"]!.ToString())],
            answer["page"]!["next"]!.GetValue<string>(),
            answer["page"]!["hasMore"]!.GetValue<bool>()
        );
    }

    static async Task<string> Lead(TestWorkspace workspace, string name) =>
        (await workspace.Post("/v1/leads", new { lastName = name }))["id"]!.ToString();

    async Task RecordEvents(TestWorkspace workspace, DateTimeOffset at, params string[] subjects)
    {
        var settings = await product.Settings.Workspace(await workspace.StoreKey(product), default);
        var work = new UnitOfWork(product, settings, "system", at);
        foreach (var subject in subjects)
            work.RecordEvent("clock.test", subject);
        (await work.Commit(default)).Committed.Should().BeTrue();
    }

    [Fact]
    [OnEveryStore]
    public async Task the_feed_of_many_writers_is_one_order_with_everything_once()
    {
        var workspace = await server.NewWorkspace();
        var start = await Read(workspace, "?after=latest");
        var writers = Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(async n =>
                {
                    var made = new List<string>();
                    for (var i = 0; i < 12; i++)
                        made.Add(await Lead(workspace, $"L{n}.{i}"));
                    return made;
                })
        );
        var read = await Task.WhenAll(Everything(7), Everything(50));
        var made = (await writers).SelectMany(one => one).ToList();
        read[0].Should().Equal(read[1], "two readers see one order");
        read[0].Should().BeEquivalentTo(made);
        read[0].Should().OnlyHaveUniqueItems();

        async Task<List<string>> Everything(int limit)
        {
            var (all, after) = (new List<string>(), start.Next);
            while (all.Count < 96)
            {
                var page = await Read(workspace, $"?after={after}&types=lead.*&wait=30&limit={limit}");
                all.AddRange(page.Subjects);
                after = page.Next;
            }
            return all;
        }
    }

    [Fact]
    public async Task an_empty_page_leads_on_and_waits_for_what_comes()
    {
        var workspace = await server.NewWorkspace();
        var ana = await Lead(workspace, "Ana");
        var first = await Read(workspace, "");
        first.Subjects.Should().Contain(ana);
        first.HasMore.Should().BeFalse();
        (await Read(workspace, "?after=earliest")).Should().BeEquivalentTo(first);
        (await Read(workspace, "?after=latest")).Should().BeEquivalentTo(new Page([], first.Next, false));
        (await Read(workspace, $"?after={first.Next}")).Should().BeEquivalentTo(new Page([], first.Next, false));

        var waiting = Read(workspace, $"?after={first.Next}&wait=60&types=lead.created");
        await workspace.Post("/v1/campaigns", new { name = "Spring" });
        waiting.IsCompleted.Should().BeFalse("a campaign is not waited for");
        var bia = await Lead(workspace, "Bia");
        var came = await waiting;
        came.Subjects.Should().Equal(bia);

        // The place is behind what was passed over too, and the next page's address is in the header.
        var more = await workspace.Get($"/v1/events?after={first.Next}&limit=1&fields=type,position");
        more.Data.Single()!.AsObject().Select(member => member.Key).Should().Equal("id", "position", "type");
        more["page"]!["hasMore"]!.GetValue<bool>().Should().BeTrue();
        more.Header("Link").Should().Contain($"after={more["page"]!["next"]}").And.Contain("fields=");
        (await Read(workspace, $"?after={first.Next}&types=visitor.*")).Next.Should().Be(came.Next);
    }

    [Fact]
    public async Task what_the_feed_does_not_take_is_refused_by_name_and_a_filter_or_an_order_asks_for_the_list()
    {
        var workspace = await server.NewWorkspace();
        await Lead(workspace, "Ana");
        foreach (
            var (query, code, field) in new[]
            {
                ("wait=61", "invalid_parameter", "wait:out_of_range"),
                ("wait=-1", "invalid_parameter", "wait:out_of_range"),
                ("limit=0", "invalid_parameter", "limit:out_of_range"),
                ("types=", "invalid_parameter", "types:invalid"),
                ("types=lead", "invalid_parameter", "types:invalid"),
                ("types=*.created", "invalid_parameter", "types:invalid"),
                ("after=soon", "invalid_cursor", "after:invalid_cursor"),
                ("after=999999", "invalid_cursor", "after:invalid_cursor"),
                ("fields=nonsense", "unknown_parameter", "fields:unknown"),
            }
        )
        {
            var refused = await workspace.Get("/v1/events?" + query);
            (refused.Status, refused.Code).Should().Be((400, code), query);
            refused.Errors.Should().Equal(field);
        }
        var list = await workspace.Get("/v1/events?sort=-createdAt");
        list["page"]!["next"].Should().BeNull();
        list.Data[0]!["type"]!.ToString().Should().Be("lead.created", "the newest first");
        (await workspace.Get("/v1/events?type=lead.created"))["page"]!["next"].Should().BeNull();
        (await workspace.Get("/v1/events?type=lead.created&wait=1")).Errors.Should().Equal("wait:unknown");
    }

    [Fact]
    public async Task a_reader_that_was_away_for_longer_than_30_days_is_told_from_where_to_go_on()
    {
        var workspace = await server.NewWorkspace();
        var start = long.Parse((await Read(workspace, "?after=latest")).Next, CultureInfo.InvariantCulture);
        await RecordEvents(workspace, product.Now.AddDays(-31), "one", "two");
        await RecordEvents(workspace, product.Now.AddDays(-29), "three");

        var late = await workspace.Get($"/v1/events?after={start}");
        (late.Status, late.Code).Should().Be((410, "cursor_expired"));
        var earliest = late["earliest"]!.ToString();
        (await Read(workspace, $"?after={earliest}&types=clock.*")).Subjects.Should().Equal("three");
        (await Read(workspace, $"?after={start + 2}&types=clock.*")).Subjects.Should().Equal("three");
        (await workspace.Get("/v1/events?type=clock.test")).Data.Should().HaveCount(3, "the list has all that is stored");
    }

    [Fact]
    public async Task the_feed_shows_of_an_event_what_may_be_read_of_its_record_and_ends_with_its_key()
    {
        var workspace = await server.NewWorkspace();
        var ana = await Lead(workspace, "Ana");
        (await (await Key("leads:read")).Workspace.Get("/v1/events")).Code.Should().Be("insufficient_scope");
        var (some, key) = await Key("events:read");
        (await some.Get("/v1/events?types=lead.created")).Data.Single()!.AsObject().Should().NotContainKey("data");
        (await workspace.Get("/v1/events?types=lead.created")).Data.Single()!["subject"]!.ToString().Should().Be(ana);

        var waiting = some.Get("/v1/events?after=latest&wait=60");
        await Task.Delay(200);
        (await workspace.Post($"/v1/api-keys/{key}/revoke")).Status.Should().Be(200);
        (await waiting)
            .Data.Should()
            .NotContain(told => !told!["type"]!.ToString().StartsWith("apiKey."), "its key is gone, so the wait is over");

        async Task<(TestWorkspace Workspace, string Key)> Key(string scope)
        {
            var made = await workspace.Post("/v1/api-keys", new { name = "Some", scopes = new[] { scope } });
            return (workspace.With(made["key"]!.ToString()), made["id"]!.ToString());
        }
    }

    [NeedsNodeFact]
    public async Task an_event_source_follows_the_feed_comes_again_where_it_was_and_ends_with_its_key()
    {
        var workspace = await server.NewWorkspace();
        var key = await workspace.Post("/v1/api-keys", new { name = "Some", scopes = new[] { "*:read" } });
        var ana = await Lead(workspace, "Ana");
        using var node = Process.Start(
            new ProcessStartInfo("node", ["event-source.mjs", server.Address.ToString(), key["key"]!.ToString(), "earliest"])
            {
                WorkingDirectory = Npm.Folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            (await Line()).Should().Be("open 1");
            (await Line()).Should().Be("event " + ana);
            var bia = await Lead(workspace, "Bia");
            (await Line()).Should().Be("event " + bia);
            await node.StandardInput.WriteLineAsync("cut");
            await node.StandardInput.FlushAsync();
            var eva = await Lead(workspace, "Eva");
            string[] next = [await Line(), await Line()];
            next.Should().Equal(["open 2", "event " + eva], "what was seen does not come twice, and nothing is missed");
            await workspace.Post($"/v1/api-keys/{key["id"]}/revoke");
            (await Line()).Should().Be("closed 401");
        }
        finally
        {
            if (!node.HasExited)
                node.Kill();
        }

        async Task<string> Line() =>
            await node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60))
            ?? throw new InvalidOperationException(await node.StandardError.ReadToEndAsync());
    }

    [Fact]
    public async Task a_stream_of_events_says_what_is_wrong_before_it_begins()
    {
        var workspace = await server.NewWorkspace();
        await Lead(workspace, "Ana");
        foreach (
            var (query, place, status, code) in new (string, string?, int, string)[]
            {
                ("?wait=1", null, 400, "unknown_parameter"),
                ("?limit=1", null, 400, "unknown_parameter"),
                ("?subject=lead_01h455vb4pex5vsknk084sn02q", null, 400, "unknown_parameter"),
                ("?types=lead", null, 400, "invalid_parameter"),
                ("?after=soon", null, 400, "invalid_cursor"),
                ("?after=latest", "999999", 400, "invalid_cursor"),
            }
        )
        {
            (string, string)[] headers = [("Accept", "text/event-stream"), .. place is null ? [] : new[] { ("Last-Event-ID", place) }];
            var refused = await workspace.Get("/v1/events" + query, headers);
            (refused.Status, refused.Code).Should().Be((status, code), query);
        }
        (await workspace.Get("/v1/leads", ("Accept", "text/event-stream"))).Status.Should().Be(406, "only events are followed");
        (await workspace.Get("/v1/events", ("Accept", "*/*")))["page"]!["next"].Should().NotBeNull();

        // As many as a key may have open, and one more.
        using var open = new HttpClient { BaseAddress = server.Address };
        open.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + workspace.Key);
        open.DefaultRequestHeaders.TryAddWithoutValidation("Accept", "text/event-stream");
        var streams = await Task.WhenAll(
            Enumerable
                .Range(0, LiveConnections.MostOfKey)
                .Select(_ => open.GetAsync("/v1/events?after=latest", HttpCompletionOption.ResponseHeadersRead))
        );
        streams.Should().OnlyContain(stream => stream.Content.Headers.ContentType!.MediaType == "text/event-stream");
        using var surplus = await open.GetAsync("/v1/events?after=latest", HttpCompletionOption.ResponseHeadersRead);
        ((int)surplus.StatusCode).Should().Be(429);
        foreach (var stream in streams)
            stream.Dispose();
    }

    [Fact]
    public async Task a_wait_that_is_ended_is_an_empty_page_that_leads_on()
    {
        var workspace = await server.NewWorkspace();
        var store = (await product.Settings.Workspace(await workspace.StoreKey(product), default)).Store;
        var place = long.Parse((await Read(workspace, "?after=latest")).Next, CultureInfo.InvariantCulture);
        using var ended = new CancellationTokenSource();
        var feed = new ReadFeed(product, store, new(["clock.*"]), null);
        var waiting = feed.Run(place, 50, TimeSpan.FromMinutes(5), ended.Token, default).AsTask();
        await ended.CancelAsync();
        (await waiting.WaitAsync(TimeSpan.FromSeconds(60))).Events.Should().BeEmpty();
        var page = await feed.Run(0, 50, TimeSpan.FromMinutes(5), new CancellationToken(true), default);
        (page.Next >= place, page.Events.Count)
            .Should()
            .Be((true, 0), "it was over before it began, and what is there is read all the same");
    }
}
