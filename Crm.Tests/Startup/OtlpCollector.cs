// A collector of telemetry for tests: takes OTLP (http/protobuf) on this machine and reads spans and metrics out of it by the field numbers
// of the protocol.

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Crm.Tests.Startup;

/// <param name="Source">Whose instrumentation made it.</param>
sealed record CollectedSpan(
    IReadOnlyDictionary<string, string> Resource,
    string Source,
    string Name,
    IReadOnlyDictionary<string, string> Attributes
);

/// <param name="Value">A counter's sum, or how many values a histogram has; as of this export.</param>
sealed record CollectedPoint(
    IReadOnlyDictionary<string, string> Resource,
    string Meter,
    string Name,
    IReadOnlyDictionary<string, string> Attributes,
    double Value
);

sealed class OtlpCollector : IAsyncDisposable
{
    readonly WebApplication app;
    readonly ConcurrentQueue<byte[]> bodies = new();

    OtlpCollector(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;
    public ConcurrentQueue<CollectedSpan> Spans { get; } = new();
    public ConcurrentQueue<CollectedPoint> Points { get; } = new();

    /// <summary>Whether a text stands anywhere in what arrived.</summary>
    public bool Holds(string text) => bodies.Any(body => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public static async Task<OtlpCollector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/traces", http => collector.Take(http, collector.TakeTraces));
        app.MapPost("/v1/metrics", http => collector.Take(http, collector.TakeMetrics));
        await app.StartAsync();
        collector.Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return collector;
    }

    async Task Take(HttpContext http, Action<Message> take)
    {
        http.Request.ContentType.Should().Be("application/x-protobuf");
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        bodies.Enqueue(body.ToArray());
        take(Message.Of(body.ToArray()));
        // An empty message: everything was taken.
        http.Response.ContentType = "application/x-protobuf";
    }

    void TakeTraces(Message request)
    {
        foreach (var (resource, scope, span) in request.InScopes(2))
            Spans.Enqueue(new(resource, scope, span.Text(5), span.Attributes(9)));
    }

    void TakeMetrics(Message request)
    {
        const int name = 1,
            gauge = 5,
            sum = 7,
            histogram = 9;
        foreach (var (resource, scope, metric) in request.InScopes(2))
        {
            foreach (var point in metric.All(gauge).Concat(metric.All(sum)).SelectMany(numbers => numbers.All(1)))
                Points.Enqueue(
                    new(
                        resource,
                        scope,
                        metric.Text(name),
                        point.Attributes(7),
                        point.Has(6) ? (long)point.Number(6) : BitConverter.UInt64BitsToDouble(point.Number(4))
                    )
                );
            foreach (var point in metric.All(histogram).SelectMany(values => values.All(1)))
                Points.Enqueue(new(resource, scope, metric.Text(name), point.Attributes(9), point.Number(4)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(true));
        await app.DisposeAsync();
    }

    /// <summary>A message as it travels: values by field number, a submessage or text as its bytes.</summary>
    sealed class Message
    {
        readonly List<(int Field, ulong Number, byte[] Bytes)> values = [];

        public static Message Of(byte[] bytes)
        {
            var message = new Message();
            var input = new CodedInputStream(bytes);
            while (input.ReadTag() is var tag and not 0)
            {
                var field = WireFormat.GetTagFieldNumber(tag);
                message.values.Add(
                    WireFormat.GetTagWireType(tag) switch
                    {
                        WireFormat.WireType.Varint => (field, input.ReadUInt64(), []),
                        WireFormat.WireType.Fixed64 => (field, input.ReadFixed64(), []),
                        WireFormat.WireType.Fixed32 => (field, input.ReadFixed32(), []),
                        WireFormat.WireType.LengthDelimited => (field, 0, input.ReadBytes().ToByteArray()),
                        var other => throw new InvalidDataException($"OTLP has no {other}."),
                    }
                );
            }
            return message;
        }

        public bool Has(int field) => values.Any(v => v.Field == field);

        public ulong Number(int field) => values.FirstOrDefault(v => v.Field == field).Number;

        public string Text(int field) => Encoding.UTF8.GetString(values.FirstOrDefault(v => v.Field == field).Bytes ?? []);

        public IEnumerable<Message> All(int field) => values.Where(v => v.Field == field).Select(v => Of(v.Bytes));

        /// <summary>Texts, truth values and whole numbers; others are left out.</summary>
        public IReadOnlyDictionary<string, string> Attributes(int field) =>
            All(field)
                .ToDictionary(
                    pair => pair.Text(1),
                    pair =>
                        pair.All(2).Single() is var value && value.Has(1) ? value.Text(1)
                        : value.Has(2) ? (value.Number(2) == 1 ? "true" : "false")
                        : value.Number(3).ToString(CultureInfo.InvariantCulture)
                );

        /// <summary>A request for traces or for metrics: the items of each scope of each resource.</summary>
        public IEnumerable<(IReadOnlyDictionary<string, string> Resource, string Scope, Message Item)> InScopes(int items) =>
            from ofResource in All(1)
            let resource = ofResource.All(1).Single().Attributes(1)
            from ofScope in ofResource.All(2)
            let scope = ofScope.All(1).Single().Text(1)
            from item in ofScope.All(items)
            select (resource, scope, item);
    }
}
