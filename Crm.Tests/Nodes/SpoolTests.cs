// The database is away and posts go on: each that was answered with success is one entry and one lead when the database is back.

using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Crm.Tests.Faults;
using Crm.Tests.Stores;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.Nodes;

[Collection(nameof(FaultsCollection))]
public sealed class SpoolTests(ITestOutputHelper output)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [NeedsPostgresFact]
    public async Task posts_that_come_while_the_database_is_away_are_one_lead_each_also_when_the_node_is_killed_meanwhile()
    {
        await using var cluster = await PostgresCluster.Start();
        var address = await cluster.NewDatabase();
        var folder = Directory.CreateTempSubdirectory("crm-spool-").FullName;
        var setting = $"--Crm:Spool:Path={folder}";
        var receipts = new ConcurrentDictionary<string, string>();
        var (spooled, refused) = (0, 0);
        var node = await CrmProcess.StartWith(address, setting);
        try
        {
            using var http = Flood.Client(8);
            (await Post(http, node, "before@x.example.org", "key-before")).Status.Should().Be(HttpStatusCode.Created);

            using var stop = new CancellationTokenSource();
            var posting = Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() => Visit(http, node, n, stop.Token))));
            await Until(() => receipts.Count > 5);
            await cluster.Stop("immediate");
            await Until(() => Volatile.Read(ref spooled) > 20);
            await Task.Delay(TimeSpan.FromSeconds(6));

            using (var ready = await http.GetAsync(new Uri(node.Address, "/health/ready")))
            {
                ready.StatusCode.Should().Be(HttpStatusCode.OK);
                (await ready.Content.ReadAsStringAsync()).Should().Contain("the spool is in use: the database is away");
            }
            // The same post before and twice meanwhile, a double post without a key, and a browser.
            (await Post(http, node, "before@x.example.org", "key-before")).Status.Should().Be(HttpStatusCode.Accepted);
            var first = await Post(http, node, "meanwhile@x.example.org", "key-meanwhile");
            (await Post(http, node, "meanwhile@x.example.org", "key-meanwhile")).Id.Should().Be(first.Id);
            (await Post(http, node, "double@x.example.org", null)).Status.Should().Be(HttpStatusCode.Accepted);
            (await Post(http, node, "double@x.example.org", null)).Status.Should().Be(HttpStatusCode.Accepted);
            (await Post(http, node, "browser@x.example.org", null, "text/html")).Status.Should().Be(HttpStatusCode.SeeOther);

            await stop.CancelAsync();
            await posting;
            await node.Kill();
            await node.DisposeAsync();
            await cluster.Resume();
            // The one that drains is killed, too.
            node = await CrmProcess.StartWith(address, setting);
            await node.Kill();
            await node.DisposeAsync();
            node = await CrmProcess.StartWith(address, setting);
            await Until(async () => !(await (await node.Http.GetAsync("/health/ready")).Content.ReadAsStringAsync()).Contains("spool"));
            (await Post(http, node, "meanwhile@x.example.org", "key-meanwhile")).Id.Should().Be(first.Id);

            var inventory = await Inventory.Of(node);
            output.WriteLine($"{receipts.Count} receipts, {spooled} of them of the spool, {refused} refused");
            var entries = inventory.Submissions.Select(entry => entry.Id).ToHashSet();
            receipts.Values.Where(id => !entries.Contains(id)).Should().BeEmpty("what was answered with success is there");
            var leads = inventory.Leads.SelectMany(lead => lead.Emails).ToLookup(email => email);
            leads.Where(same => same.Count() > 1).Should().BeEmpty();
            receipts.Keys.Where(email => !leads.Contains(email)).Should().BeEmpty();
            foreach (var email in new[] { "before", "meanwhile", "double", "browser" })
                leads[email + "@x.example.org"].Should().ContainSingle();
            inventory.Submissions.Where(entry => entry.Key is "key-before" or "key-meanwhile").Should().HaveCount(2);
            refused.Should().BeLessThanOrEqualTo(receipts.Count / 20, "while a node runs posts are taken");
        }
        finally
        {
            await node.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        async Task Visit(HttpClient http, CrmProcess crm, int visitor, CancellationToken end)
        {
            for (var n = 0; !end.IsCancellationRequested; n++)
            {
                var email = $"v{visitor}-{n}@x.example.org";
                var (status, id) = await Post(http, crm, email, $"v{visitor}-{n}");
                if (status is HttpStatusCode.Created or HttpStatusCode.Accepted)
                    receipts[email] = id!;
                else
                    Interlocked.Increment(ref refused);
                if (status == HttpStatusCode.Accepted)
                    Interlocked.Increment(ref spooled);
                await Task.Delay(40, CancellationToken.None);
            }
        }
    }

    static async Task<(HttpStatusCode Status, string? Id)> Post(
        HttpClient http,
        CrmProcess crm,
        string email,
        string? key,
        string accept = "application/json"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, crm.SubmitUrl)
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
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(50, limit.Token);
    }
}
