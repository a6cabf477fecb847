// The smallest Kestrel programs that still keep the product's promise: what they reach on this machine is what there is to reach.

using System.Buffers;
using System.Globalization;

namespace Crm.Bench.Ceilings;

/// <summary>The serving modes of this executable; each runs as its own process, as the product does.</summary>
internal static class Ceiling
{
    public const string Insert = "serve-insert";
    public const string GroupInsert = "serve-group-insert";
    public const string Rows = "serve-rows";
    public const string Redirect = "serve-redirect";
    public const string Engine = "serve-graphql";
    public const string JsonWriter = "serve-json-writer";

    public static bool IsMode(string word) => word is Insert or GroupInsert or Rows or Redirect or Engine or JsonWriter;

    /// <summary>Serves until SIGTERM at ASPNETCORE_URLS, with the database or the file of leads named by the second argument.</summary>
    public static async Task Serve(string mode, string database)
    {
        if (mode == Rows)
        {
            await Run(http => SendRows(http, database));
            return;
        }

        if (mode is Engine or JsonWriter)
        {
            await Run(mode == Engine ? GraphQLLeads.ByEngine(database) : GraphQLLeads.ByWriter(database));
            return;
        }

        if (mode == Redirect)
        {
            await Run(http =>
            {
                http.Response.StatusCode = StatusCodes.Status302Found;
                http.Response.Headers.Location = "https://www.silva.example.org/";
                return Task.CompletedTask;
            });
            return;
        }

        if (database.StartsWith("postgres", StringComparison.Ordinal))
        {
            await using var rows = await PostgresRows.Open(database, grouped: mode == GroupInsert);
            await Run(http => StoreBody(http, rows.Store));
            return;
        }

        // A and B differ in this one number, so that their distance is the price of a commit per row and nothing else.
        using var writer = new RowWriter(database, mode == Insert ? 1 : int.MaxValue);
        await Run(http => StoreBody(http, writer.Store));
    }

    private static async Task Run(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(http => http.Request.Path == "/health/ready" ? Task.CompletedTask : answer(http));
        await app.RunAsync();
    }

    private static async Task StoreBody(HttpContext http, Func<byte[], Task> store)
    {
        var body = new byte[http.Request.ContentLength ?? 0];
        await http.Request.Body.ReadExactlyAsync(body, http.RequestAborted);
        await store(body);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Stored.Length;
        Stored.AsSpan().CopyTo(http.Response.BodyWriter.GetSpan(Stored.Length));
        http.Response.BodyWriter.Advance(Stored.Length);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static async Task SendRows(HttpContext http, string database)
    {
        // The path is /rows/{first key}: the rows of each measured page lie under keys of their own.
        var first = long.Parse(http.Request.Path.Value.AsSpan("/rows/".Length), CultureInfo.InvariantCulture);
        var page = RowReader.OfThisThread(database).ReadPage(first);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = page.Length;
        // Copied before the first await: after it another request may own this thread's buffer.
        http.Response.BodyWriter.Write(page);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static readonly byte[] Stored = "{\"id\":\"sub_01h455vb4pex5vsknk084sn02q\",\"next\":\"http://127.0.0.1/thanks\"}"u8.ToArray();
}
