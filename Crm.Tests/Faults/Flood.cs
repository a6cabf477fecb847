// Visitors who post the form on many connections at once: new people, the same people again, retries, robots and mistakes, from a seed.

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Crm.Tests.Faults;

/// <param name="block">Part of every key, address and number (0 to 999), so that no two floods of a test send the same.</param>
public sealed class Flood(Ledger ledger, int seed, int block = 0)
{
    readonly Post?[] recent = new Post?[256];
    readonly ConcurrentDictionary<string, int> answers = new();
    readonly TaskCompletionSource firstAnswer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int number;

    public Task FirstAnswer => firstAnswer.Task;

    /// <summary>How often each answer came: "201", "503 store_unavailable", or the exception's name when none came.</summary>
    public IReadOnlyDictionary<string, int> Answers => answers;

    public string Said =>
        string.Join(
            ", ",
            answers
                .OrderBy(a => a.Key, StringComparer.Ordinal)
                .Select(a => string.Create(CultureInfo.InvariantCulture, $"{a.Value} x {a.Key}"))
        );

    /// <summary>Posts on every connection until it is told to stop or the product is gone. A 503 is waited out for a moment and sent again
    /// with its key.</summary>
    public async Task Run(CrmProcess crm, int connections, CancellationToken stop, TimeSpan pause = default)
    {
        using var http = Client(connections);
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(connection => Task.Run(() => Visit(http, crm, connection, pause, stop), CancellationToken.None))
        );
    }

    public static HttpClient Client(int connections) =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = connections,
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(30),
        };

    async Task Visit(HttpClient http, CrmProcess crm, int connection, TimeSpan pause, CancellationToken stop)
    {
        var random = new Random(HashCode(seed, connection));
        Post? again = null;
        while (!stop.IsCancellationRequested)
        {
            var post = again ?? Next(random);
            var status = await Send(http, crm, post);
            if (status is null)
                return;
            again = status == HttpStatusCode.ServiceUnavailable ? post : null;
            if (again is not null || pause > default(TimeSpan))
                await Task.Delay(again is not null ? TimeSpan.FromMilliseconds(20) : pause, CancellationToken.None);
        }
    }

    /// <summary>One visitor who goes on whatever happens, for nodes behind a front: what had no answer is sent again with its
    /// key.</summary>
    /// <param name="took">Told how long each answer took, in milliseconds.</param>
    public async Task RunAt(HttpClient http, Uri url, int connection, CancellationToken stop, Action<long> took)
    {
        var random = new Random(HashCode(seed, connection));
        Post? again = null;
        while (!stop.IsCancellationRequested)
        {
            var post = again ?? Next(random);
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            var status = await Send(http, url, post);
            took((long)System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            again = status is null or HttpStatusCode.ServiceUnavailable ? post : null;
            if (again is not null)
                await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>The framework's own hash differs from run to run; a seed must not.</summary>
    static int HashCode(int seed, int connection) => unchecked(seed * 31 + connection);

    Post Next(Random random)
    {
        var roll = random.Next(100);
        var earlier = recent[random.Next(recent.Length)];
        if (roll < 10 && earlier is not null)
            return earlier; // A double click or a retry, mostly while the first one is still under way.
        var n = Interlocked.Increment(ref number);
        var key = string.Create(CultureInfo.InvariantCulture, $"b{block}-{n}");
        var post = roll switch
        {
            < 30 when earlier is { Kind: PostKind.Person } => new Post(key, PostKind.Person, earlier.Email, null),
            < 80 => new Post(key, PostKind.Person, key + "@kill.example.org", random.Next(3) == 0 ? Phone(n) : null),
            < 92 => new Post(key, PostKind.Robot, key + "@robot.example.org", null),
            _ => new Post(key, PostKind.Invalid, "not an address", null),
        };
        recent[n % recent.Length] = post;
        return post;
    }

    /// <summary>A Brazilian mobile number that no other post of the test has: nine areas of São Paulo with 100,000 numbers each.</summary>
    string Phone(int n) => string.Create(CultureInfo.InvariantCulture, $"+55{11 + n / 100_000}9{block:000}{n % 100_000:00000}");

    /// <summary>Sends one post and enters what came of it. Null when no answer came.</summary>
    public Task<HttpStatusCode?> Send(HttpClient http, CrmProcess crm, Post post) => Send(http, crm.SubmitUrl, post);

    async Task<HttpStatusCode?> Send(HttpClient http, Uri url, Post post)
    {
        ledger.Sending(post);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = post.Body() };
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Headers.TryAddWithoutValidation("Idempotency-Key", post.Key);
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Enter(post, answer, text);
            firstAnswer.TrySetResult();
            return answer.StatusCode;
        }
        catch (Exception nothing) when (CrmProcess.IsGone(nothing))
        {
            Count(nothing is TaskCanceledException ? "no answer in 30 s" : "connection ended");
            if (nothing is TaskCanceledException)
                ledger.Complain($"{post.Key} had no answer in 30 s.");
            return null;
        }
    }

    void Enter(Post post, HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;
        var json = text.StartsWith('{') ? JsonNode.Parse(text) : null;
        var code = json?["code"]?.GetValue<string>();
        Count(
            code is null ? status.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{status} {code}")
        );
        switch (answer.StatusCode)
        {
            case HttpStatusCode.Created:
                ledger.Acknowledge(post, json!["id"]!.GetValue<string>());
                break;
            case HttpStatusCode.UnprocessableEntity:
                ledger.Refuse(post);
                break;
            case HttpStatusCode.ServiceUnavailable when code == "store_unavailable" && answer.Headers.RetryAfter is not null:
                break;
            default:
                ledger.Complain($"{post.Key} was answered with {status}: {text}");
                break;
        }
    }

    void Count(string answer) => answers.AddOrUpdate(answer, 1, (_, before) => before + 1);
}
