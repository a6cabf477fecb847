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

    public static IEnumerable<IOpenApiParameter> InDocument =>
        [
            DocumentParts.Query(
                "types",
                $"Of the feed: only these types, separated by commas; lead.* is all of one kind. At most {WantedEvents.MostTypes}."
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

    public static bool IsAsked(HttpContext http, CatalogEntry entry) =>
        Is(entry.Type) && http.Request.Query.Keys.All(name => Parameters.Contains(name)) && !ListFormat.Of(http.Request).IsCsv;

    public static async Task Answer(HttpContext http, CatalogEntry entry)
    {
        var caller = Caller.Of(http);
        var rights = caller.MustRead(entry.Type);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var asked = http.Request.Query;
        var errors = new FieldErrors();
        var limit = Whole("limit", ListQuery.DefaultLimit, 1, ListQuery.MostRows);
        var wait = Whole("wait", 0, 0, LongestWait);
        var types = asked.ContainsKey("types")
            ? asked["types"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : null;
        if (types is { Length: 0 or > WantedEvents.MostTypes } || types?.All(WantedEvents.IsType) == false)
            errors.Add("types", "invalid", $"Takes 1 to {WantedEvents.MostTypes} types: lead.created, or lead.* for all of one kind.");
        if (errors.Any)
            throw new ProblemException(ProblemCodes.InvalidParameter, $"{errors.All[0].Field}: {errors.All[0].Message}", errors.All);
        var fields = asked.ContainsKey("fields") ? ListQuery.ReadFields(asked["fields"].ToString(), entry.Type, rights) : null;

        var store = caller.Settings.Store;
        var positions = new EventPositions(installation, store);
        var from = asked["after"].ToString() switch
        {
            "" or FromEarliest => await positions.Earliest(http.RequestAborted),
            FromLatest => await positions.Last(http.RequestAborted),
            var after => await positions.Read(after, http.RequestAborted),
        };
        // Who has too many open connections is answered at once; a key that is revoked and a product that stops end the wait.
        using var live =
            wait > 0 && !HttpMethods.IsHead(http.Request.Method)
                ? http.RequestServices.GetRequiredService<LiveConnections>().TryOpen(http, caller)
                : null;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, live?.Ended ?? default);
        var page = await new ReadFeed(installation, store, new(types), rights.Rows).Run(
            from,
            limit,
            live is null ? TimeSpan.Zero : TimeSpan.FromSeconds(wait),
            end.Token
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
        var rows = new ArrayBufferWriter<byte>(page.Events.Sum(json => json.Length + 1) + 1);
        foreach (var json in page.Events)
        {
            if (rows.WrittenCount > 0)
                rows.Write(","u8);
            rows.Write(Projection.Of(json, rights.ReadsOf(json), fields).Span);
        }
        http.Response.Headers.Append("Vary", "Accept");
        return ResourceEndpoints.SendList(http, rows.WrittenMemory, page.Next.ToString(CultureInfo.InvariantCulture), page.HasMore);
    }
}
