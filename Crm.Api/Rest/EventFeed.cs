// GET /v1/events without a filter or an order: the feed. Pages in the order of the commits, each with the place to go on from, and a wait
// for what comes next.

using System.Buffers;
using System.Globalization;
using Crm.Api.Security;
using Crm.Api.Workers;
using Crm.Domain.Events;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Microsoft.OpenApi;

namespace Crm.Api.Rest;

public static class EventFeed
{
    public const int LongestWait = 60;

    const string FromEarliest = "earliest",
        FromLatest = "latest";

    /// <summary>What the feed takes; any other parameter asks for the list.</summary>
    static readonly string[] Parameters = ["after", "types", "wait", "limit", "fields"];

    /// <summary>What a stream takes: it has no pages, and waits as long as somebody reads.</summary>
    static readonly string[] OfStream = ["after", "types", "fields"];

    public static IEnumerable<IOpenApiParameter> InDocument =>
        [
            DocumentParts.Query(
                "types",
                $"Of the feed: only these types, separated by commas; lead.* is all of one kind. At most {WantedEvents.MostTypes}."
            ),
            DocumentParts.Parameter(
                EventFeedStream.Resume,
                ParameterLocation.Header,
                "Of the feed with Accept: text/event-stream, which sends events as they come: the id of the last one that was seen. Not among the answers here, for clients that are made of this read JSON.",
                DocumentParts.Text()
            ),
            DocumentParts.Query(
                "wait",
                "Without a filter and sort this is the feed: oldest first, page.next is never null, page.hasMore says whether to ask again at once. Seconds that an empty page waits for an event.",
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer,
                    Minimum = "0",
                    Maximum = DocumentParts.Invariant(LongestWait),
                    Default = 0,
                }
            ),
        ];

    public static bool Is(ResourceType type) => type.Clr == typeof(Event);

    public static bool IsAsked(HttpContext http, CatalogEntry entry) => Is(entry.Type) && (EventFeedStream.IsAsked(http) || IsPage(http));

    static bool IsPage(HttpContext http) =>
        http.Request.Query.Keys.All(name => Parameters.Contains(name)) && !ListFormat.Of(http.Request).IsCsv;

    public static async Task Answer(HttpContext http, CatalogEntry entry)
    {
        var caller = Caller.Of(http);
        var rights = caller.MustRead(entry.Type);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var asked = http.Request.Query;
        var errors = new FieldErrors();
        var limit = Whole("limit", ListQuery.DefaultLimit, 1, ListQuery.MostRows);
        var wait = Whole("wait", 0, 0, LongestWait);
        var asStream = EventFeedStream.IsAsked(http);
        if (asStream)
            foreach (var name in asked.Keys.Where(name => !OfStream.Contains(name)))
                errors.Add(name, "unknown", $"A stream takes: {string.Join(", ", OfStream)}.");
        var types = asked.ContainsKey("types")
            ? asked["types"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : null;
        if (types is { Length: 0 or > WantedEvents.MostTypes } || types?.All(WantedEvents.IsType) == false)
            errors.Add("types", "invalid", $"Takes 1 to {WantedEvents.MostTypes} types: lead.created, or lead.* for all of one kind.");
        if (errors.Any)
            throw new ProblemException(
                errors.All.All(error => error.Code == "unknown") ? ProblemCodes.UnknownParameter : ProblemCodes.InvalidParameter,
                $"{errors.All[0].Field}: {errors.All[0].Message}",
                errors.All
            );
        var fields = asked.ContainsKey("fields") ? ListQuery.ReadFields(asked["fields"].ToString(), entry.Type, rights) : null;

        var store = caller.Settings.Store;
        var positions = new EventPositions(installation, store);
        var resumed = asStream ? http.Request.Headers[EventFeedStream.Resume].ToString() : "";
        var from = (resumed.Length > 0 ? resumed : asked["after"].ToString()) switch
        {
            "" or FromEarliest => await positions.Earliest(http.RequestAborted),
            FromLatest => await positions.Last(http.RequestAborted),
            var after => await positions.Read(after, http.RequestAborted),
        };
        var feed = new ReadFeed(installation, store, new(types), rights.Rows);
        if (asStream)
        {
            await EventFeedStream.Follow(http, feed, from, json => Projection.Of(json, rights.ReadsOf(json), fields));
            return;
        }
        // Who has too many open connections is answered at once; a key that is revoked and a product that stops end the wait.
        using var live =
            wait > 0 && !HttpMethods.IsHead(http.Request.Method)
                ? http.RequestServices.GetRequiredService<LiveConnections>().TryOpen(http, caller)
                : null;
        var page = await feed.Run(
            from,
            limit,
            live is null ? TimeSpan.Zero : TimeSpan.FromSeconds(wait),
            live?.Ended ?? default,
            http.RequestAborted
        );
        await Write(http, page, rights, fields);

        int Whole(string name, int usual, int least, int most)
        {
            if (!asked.TryGetValue(name, out var text))
                return usual;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                return value;
            errors.Add(name, "out_of_range", $"Must be a whole number from {least} to {most}.");
            return usual;
        }
    }

    static Task Write(HttpContext http, FeedPage page, Rights rights, IReadOnlyList<string>? fields)
    {
        var rows = new ArrayBufferWriter<byte>(page.Events.Sum(happened => happened.Json.Length + 1) + 1);
        foreach (var (json, _) in page.Events)
        {
            if (rows.WrittenCount > 0)
                rows.Write(","u8);
            rows.Write(Projection.Of(json, rights.ReadsOf(json), fields).Span);
        }
        http.Response.Headers.Append("Vary", "Accept");
        return ResourceEndpoints.SendList(http, rows.WrittenMemory, page.Next.ToString(CultureInfo.InvariantCulture), page.HasMore);
    }
}
