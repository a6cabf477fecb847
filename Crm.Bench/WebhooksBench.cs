// What webhooks deliver in a second, how long after its commit an event is tried, and what capture loses while three of them are called.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Crm.Bench;

/// <summary>The receiver is this process: it answers 200 and notes when what came.</summary>
internal static class WebhooksBench
{
    private const double LeastDelivered = 2_000,
        MostMilliseconds = 1_000,
        LeastOfCapture = 0.8;

    /// <summary>Forms a second while the time to the first try is measured.</summary>
    private const int Pace = 1_000;

    private static readonly (string Name, string Value)[] Settings = [("Crm__Outbound__Allow", "127.0.0.1")];

    public static async Task Run(Workbench bench, CancellationToken ending)
    {
        await using var receiver = await Receiver.Start();
        await using var none = await bench.Product.StartReady("none", await bench.NewFolder("webhooks-none", ending), ending, Settings);
        await using var three = await bench.Product.StartReady("three", await bench.NewFolder("webhooks-three", ending), ending, Settings);
        foreach (var payload in new[] { "full", "full", "thin" })
            await Make(three, receiver, payload, ending);
        var (plain, called) = ("/f/" + await Product.FormKey(none, ending), "/f/" + await Product.FormKey(three, ending));
        var loads = await Rounds.Measure(
            [
                new("capture, no webhook", none, (seconds, end) => bench.Wrk.Capture(none, plain, seconds, end)),
                new("capture, three webhooks", three, (seconds, end) => bench.Wrk.Capture(three, called, seconds, end)),
            ],
            bench.Options,
            ending
        );
        var rates = loads.Select(Rounds.MedianRate).ToArray();
        bench.Figures.Note("webhooks", "capture, no webhook", rates[0], "/s", [.. loads[0].Select(l => l.Rate)]);
        bench.Figures.Note("webhooks", "capture, three webhooks", rates[1], "/s", [.. loads[1].Select(l => l.Rate)]);
        bench.Figures.AtLeast("webhooks", "three / none", rates[1] / rates[0], LeastOfCapture, "x");
        Rounds.NoteDisturbance("webhooks", loads, bench.Figures);

        // What waits is sent with nothing else to do.
        three.Resume();
        var before = receiver.Count;
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(bench.Options.Seconds), bench.Time, ending);
        bench.Figures.AtLeast(
            "webhooks",
            "deliveries, three webhooks",
            (receiver.Count - before) / Stopwatch.GetElapsedTime(began).TotalSeconds,
            LeastDelivered,
            "/s"
        );
        three.Pause();
        await MeasureFirstTries(bench, receiver, ending);
    }

    /// <summary>One webhook beside forms at a steady pace.</summary>
    private static async Task MeasureFirstTries(Workbench bench, Receiver receiver, CancellationToken ending)
    {
        await using var one = await bench.Product.StartReady("one", await bench.NewFolder("webhooks-one", ending), ending, Settings);
        await Make(one, receiver, "full", ending);
        var form = new Uri(one.Url, "/f/" + await Product.FormKey(one, ending));
        var posted = 0;
        async Task Post(int number)
        {
            using var body = new FormUrlEncodedContent([
                new("name", "Ana Silva"),
                new("email", $"cliente.{number}@mail.example.com"),
                new("message", "Hi"),
            ]);
            using var request = new HttpRequestMessage(HttpMethod.Post, form) { Content = body };
            request.Headers.Accept.ParseAdd("application/json");
            using var answer = await one.Http.SendAsync(request, ending);
            if (answer.IsSuccessStatusCode)
                Interlocked.Increment(ref posted);
        }
        async Task Load(double seconds)
        {
            var posts = new List<Task>();
            for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; )
            {
                while (posts.Count < Stopwatch.GetElapsedTime(began).TotalSeconds * Pace)
                    posts.Add(Post(Random.Shared.Next()));
                await Task.Delay(1, ending);
            }
            await Task.WhenAll(posts);
        }
        await Load(bench.Options.Warmup);
        await Task.Delay(TimeSpan.FromSeconds(1), bench.Time, ending);
        receiver.Clear();
        posted = 0;
        await Load(bench.Options.Seconds);
        for (var i = 0; i < 100 && receiver.Count < posted; i++)
            await Task.Delay(50, ending);
        var times = receiver.Milliseconds();
        if (times.Length == 0)
            throw new BenchException("Nothing arrived at the receiver.");
        bench.Figures.Note("webhooks", "forms while first tries are measured", posted / bench.Options.Seconds, "/s");
        bench.Figures.AtMost("webhooks", "commit to first try, p99", times[(int)(times.Length * 0.99)], MostMilliseconds, "ms");
    }

    private static async Task Make(Server product, Receiver receiver, string payload, CancellationToken ending)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(product.Url, "/v1/webhooks"))
        {
            Content = JsonContent.Create(
                new
                {
                    url = receiver.Address,
                    events = new[] { "lead.*" },
                    payload,
                }
            ),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Product.AdminKey);
        using var answer = await product.Http.SendAsync(request, ending);
        if (!answer.IsSuccessStatusCode)
            throw new BenchException(
                $"POST /v1/webhooks answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(ending)}"
            );
    }

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private ConcurrentBag<double> _times = [];
        private int _count;

        private Receiver(WebApplication app) => _app = app;

        public string Address { get; private set; } = "";
        public int Count => Volatile.Read(ref _count);

        public static async Task<Receiver> Start()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var receiver = new Receiver(builder.Build());
            receiver._app.Run(receiver.Take);
            await receiver._app.StartAsync();
            receiver.Address = receiver._app.Urls.First();
            return receiver;
        }

        /// <summary>The event's time is a little before its commit, so that what is measured is more than asked for.</summary>
        private async Task Take(HttpContext http)
        {
            var now = TimeProvider.System.GetUtcNow();
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            _times.Add((now - body.RootElement.GetProperty("timestamp").GetDateTimeOffset()).TotalMilliseconds);
            Interlocked.Increment(ref _count);
        }

        public void Clear()
        {
            _times = [];
            Volatile.Write(ref _count, 0);
        }

        public double[] Milliseconds() => [.. _times.Order()];

        public async ValueTask DisposeAsync() => await _app.DisposeAsync();
    }
}
