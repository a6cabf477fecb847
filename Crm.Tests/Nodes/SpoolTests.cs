// The database is away and posts go on: each that was answered with success is one entry and one lead when the database is back.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Crm.Tests.Faults;
using Crm.Tests.Forms;
using Crm.Tests.Stores;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Nodes;

[Collection(nameof(NodesCollection))]
public sealed class SpoolTests(StoppablePostgres postgres, ITestOutputHelper output) : IClassFixture<StoppablePostgres>, IDisposable
{
    static bool Long => Environment.GetEnvironmentVariable("CRM_TEST_LONG") == "1";

    static readonly TimeSpan Patience = Long ? TimeSpan.FromMinutes(20) : TimeSpan.FromSeconds(90);

    /// <summary>Together they post 100 times in a second.</summary>
    const int Visitors = 20;

    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);

    const int Kills = 5;

    readonly string folder = OnDisk.NewFolder("crm-spool-").FullName;

    string Setting => $"--Crm:Spool:Path={folder}";

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [NeedsPostgresFact]
    public async Task posts_that_come_while_the_database_is_away_are_one_lead_each_also_when_the_node_is_killed_meanwhile()
    {
        foreach (var seconds in Long ? new[] { 60, 600 } : [6])
            await Outage(TimeSpan.FromSeconds(seconds));
    }

    async Task Outage(TimeSpan length)
    {
        var (address, url) = (await postgres.NewDatabase(), $"http://127.0.0.1:{PostgresCluster.FreePort()}");
        var receipts = new ConcurrentDictionary<string, string>();
        var (spooled, refused) = (0, 0);
        // A folder of its own: nodes of another database know other forms.
        var setting = $"{Setting}/{length.TotalSeconds}";
        var node = await CrmProcess.StartWithAt(address, url, setting);
        var target = node.SubmitUrl;
        try
        {
            using var http = Flood.Client(Visitors + 4);
            // On a busy machine a database that is there may answer too late.
            (await Post(http, target, "before@x.example.org", "key-before"))
                .Status.Should()
                .BeOneOf(HttpStatusCode.Created, HttpStatusCode.Accepted);
            await Until(async () => !(await Health(node)).Contains("spool"));

            using var stop = new CancellationTokenSource();
            var posting = Task.WhenAll(Enumerable.Range(0, Visitors).Select(n => Task.Run(() => Visit(http, n, stop.Token))));
            await Until(() => receipts.Count > 5);
            await postgres.Stop();
            var began = Stopwatch.GetTimestamp();
            await Until(() => Volatile.Read(ref spooled) > 20);

            (await Health(node)).Should().Contain("the spool is in use: the database is away");
            // The same post before and twice meanwhile, a double post without a key, and a browser.
            var repeat = await Post(http, target, "before@x.example.org", "key-before");
            repeat.Status.Should().Be(HttpStatusCode.Accepted);
            var first = await Post(http, target, "meanwhile@x.example.org", "key-meanwhile");
            (await Post(http, target, "meanwhile@x.example.org", "key-meanwhile")).Id.Should().Be(first.Id);
            (await Post(http, target, "double@x.example.org", null)).Status.Should().Be(HttpStatusCode.Accepted);
            (await Post(http, target, "double@x.example.org", null)).Status.Should().Be(HttpStatusCode.Accepted);
            (await Post(http, target, "browser@x.example.org", null, "text/html")).Status.Should().Be(HttpStatusCode.SeeOther);

            // Nodes that start meanwhile have seen no form but those that their folder knows.
            for (var kill = 1; kill < Kills; kill++)
            {
                await Until(() => Stopwatch.GetElapsedTime(began) > length * kill / Kills);
                await StartAgain();
                var kept = Volatile.Read(ref spooled);
                await Until(() => Volatile.Read(ref spooled) > kept);
            }
            await Until(() => Stopwatch.GetElapsedTime(began) > length);
            await postgres.Resume();
            // The one that takes over is killed, too.
            await StartAgain();
            await stop.CancelAsync();
            await posting;
            await Until(async () => !(await Health(node)).Contains("spool"));
            (await Post(http, target, "meanwhile@x.example.org", "key-meanwhile")).Id.Should().Be(first.Id);

            output.WriteLine($"{length}: {receipts.Count} receipts, {spooled} of them of the spool, {refused} refused");
            receipts["before@x.example.org"] = repeat.Id!;
            receipts["meanwhile@x.example.org"] = first.Id!;
            var inventory = await Inventory.Of(node);
            var entries = inventory.Submissions.Select(entry => entry.Id).ToHashSet();
            foreach (var id in receipts.Values.Where(id => !entries.Contains(id)))
                (await node.Get($"/v1/submissions/{id}")).Status.Should().Be(200, "it repeats an entry, and leads there");
            var leads = inventory.Leads.SelectMany(lead => lead.Emails).ToLookup(email => email);
            leads.Where(same => same.Count() > 1).Should().BeEmpty();
            receipts.Keys.Where(email => !leads.Contains(email)).Should().BeEmpty();
            foreach (var email in new[] { "before", "meanwhile", "double", "browser" })
                leads[email + "@x.example.org"].Should().ContainSingle();
            inventory.Submissions.Where(entry => entry.Key is not null).Select(entry => entry.Key).Should().OnlyHaveUniqueItems();
            refused.Should().BeLessThanOrEqualTo(receipts.Count / 20, "while a node runs posts are taken");
        }
        finally
        {
            await node.DisposeAsync();
        }

        async Task StartAgain()
        {
            await node.Kill();
            await node.DisposeAsync();
            node = await CrmProcess.StartWithAt(address, url, setting);
        }

        async Task Visit(HttpClient http, int visitor, CancellationToken end)
        {
            var next = Stopwatch.GetTimestamp();
            for (var n = 0; !end.IsCancellationRequested; n++)
            {
                var key = $"v{visitor}-{n}";
                var (status, id) = await PostUntilAnswered(http, key, end);
                if (status is HttpStatusCode.Created or HttpStatusCode.Accepted)
                    receipts[$"{key}@x.example.org"] = id!;
                else if (status is not null)
                    Interlocked.Increment(ref refused);
                if (status == HttpStatusCode.Accepted)
                    Interlocked.Increment(ref spooled);
                next += (long)(Pace.TotalSeconds * Stopwatch.Frequency);
                if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), next) is var wait && wait > TimeSpan.Zero)
                    await Task.Delay(wait, CancellationToken.None);
                else
                    next = Stopwatch.GetTimestamp(); // nobody posts what they did not get round to
            }
        }

        // Without a node nothing is promised; a visitor presses the button again.
        async Task<(HttpStatusCode? Status, string? Id)> PostUntilAnswered(HttpClient http, string key, CancellationToken end)
        {
            while (!end.IsCancellationRequested)
                try
                {
                    return await Post(http, target, $"{key}@x.example.org", key);
                }
                catch (Exception nothing) when (CrmProcess.IsGone(nothing))
                {
                    await Task.Delay(50, CancellationToken.None);
                }
            return (null, null);
        }
    }

    [NeedsPostgresFact]
    public async Task a_click_is_redirected_and_an_image_shown_meanwhile_and_both_are_counted_later()
    {
        await using var server = new CrmServer(null, $"--ConnectionStrings:Crm={await postgres.NewDatabase()}", Setting);
        await server.InitializeAsync();
        var workspace = await server.NewWorkspace();
        var link = (await workspace.Post("/v1/links", new { destination = "https://silva.example.org/roofs" })).Json!;
        await Click();
        await postgres.Stop();

        var token = "";
        for (var i = 0; i < 3; i++)
            token = await Click();
        for (var i = 0; i < 2; i++)
        {
            using var image = await Get($"/t/pixel.gif?link={link["slug"]}");
            (image.StatusCode, image.Content.Headers.ContentType?.MediaType).Should().Be((HttpStatusCode.OK, "image/gif"));
        }
        using (var unknown = await server.Http.GetAsync("/l/never-seen"))
            unknown.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);

        await postgres.Resume();
        await Until(async () =>
        {
            var read = await workspace.Get("/v1/reports/links");
            var line = read.Status == 200 ? read.Data.SingleOrDefault() : null;
            return (line?["clicks"]?.ToString(), line?["impressions"]?.ToString()) == ("4", "2");
        });
        // What follows is owed to a click that was only counted.
        var form = await workspace.ContactForm();
        (await workspace.Submit(form, new { email = "ana@silva.example.org", _click = token })).Status.Should().Be(201);
        (await workspace.All("/v1/leads")).Should().ContainSingle().Which["source"]!.S("link").Should().Be(link.S("id"));

        async Task<string> Click()
        {
            using var answer = await Get($"/l/{link["slug"]}");
            answer.StatusCode.Should().Be(HttpStatusCode.Redirect);
            answer.Headers.Location!.ToString().Should().StartWith("https://silva.example.org/roofs");
            return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0]["crm_click=".Length..];
        }

        async Task<HttpResponseMessage> Get(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0");
            return await server.Http.SendAsync(request);
        }
    }

    [NeedsPostgresFact]
    public async Task a_full_spool_says_so_and_loses_nothing_that_it_took()
    {
        await using var server = new CrmServer(
            null,
            $"--ConnectionStrings:Crm={await postgres.NewDatabase()}",
            Setting,
            "--Crm:Spool:MostBytes=256KiB"
        );
        await server.InitializeAsync();
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        (await workspace.Submit(form, new { email = "before@silva.example.org" })).Status.Should().Be(201);
        await postgres.Stop();

        var (taken, refused) = (new List<string>(), new List<Reply>());
        for (var i = 0; refused.Count < 3; i++)
        {
            var reply = await workspace.Submit(form, new { email = $"p{i}@silva.example.org", message = new string('x', 16 * 1024) });
            if (reply.Status == 202)
                taken.Add($"p{i}@silva.example.org");
            else
                refused.Add(reply);
        }
        refused.Should().OnlyContain(reply => reply.Status == 503 && reply.Code == "store_unavailable");
        refused[0].Text.Should().Contain("Nothing was stored. Try again in a moment.");
        refused[0].Header("Retry-After").Should().NotBeNull();
        taken.Should().NotBeEmpty();
        (await workspace.SendPlain(HttpMethod.Get, "/health/ready", null)).Status.Should().Be(503);

        await postgres.Resume();
        await Until(async () => await workspace.Get("/v1/leads?limit=200") is { Status: 200 } leads && leads.Data.Count >= taken.Count + 1);
        (await workspace.All("/v1/leads"))
            .Select(lead => lead["emails"]![0]!.S("address"))
            .Should()
            .BeEquivalentTo([.. taken, "before@silva.example.org"]);
        await Until(async () => (await workspace.Submit(form, new { email = "after@silva.example.org" })).Status == 201);
    }

    /// <summary>The small server holds everything in memory, so it is not ended but stands still.</summary>
    [NeedsMongoFact]
    public async Task on_mongodb_posts_wait_in_the_spool_too()
    {
        using var mongo = MongoServer.StartReplicaSet();
        await using var server = new CrmServer(null, $"--ConnectionStrings:Crm={mongo.Connection}", Setting);
        await server.InitializeAsync();
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        (await workspace.Submit(form, new { email = "before@silva.example.org" })).Status.Should().Be(201);

        await mongo.StandStill();
        var receipts = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            var reply = await workspace.Submit(form, new { email = $"p{i}@silva.example.org" }, ("Idempotency-Key", $"key-{i}"));
            reply.Status.Should().Be(202, reply.Text);
            receipts.Add(reply.Json!.S("id"));
        }
        mongo.GoOn();
        await Until(async () =>
            await workspace.Get("/v1/submissions?limit=200") is { Status: 200 } entries && entries.Data.Count == receipts.Count + 1
        );
        foreach (var receipt in receipts)
            (await workspace.Get($"/v1/submissions/{receipt}")).Json!.S("verdict").Should().Be("accepted");
        (await workspace.All("/v1/leads")).Should().HaveCount(receipts.Count + 1);
    }

    static async Task<string> Health(CrmProcess node)
    {
        using var ready = await node.Http.GetAsync("/health/ready");
        ready.StatusCode.Should().Be(HttpStatusCode.OK);
        return await ready.Content.ReadAsStringAsync();
    }

    static async Task<(HttpStatusCode? Status, string? Id)> Post(
        HttpClient http,
        Uri target,
        string email,
        string? key,
        string accept = "application/json"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new FormUrlEncodedContent([new("name", "Ana Silva"), new("email", email)]),
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)!["id"]?.GetValue<string>() : null);
    }

    static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    static async Task Until(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException("It does not come to that.");
            await Task.Delay(50);
        }
    }
}
