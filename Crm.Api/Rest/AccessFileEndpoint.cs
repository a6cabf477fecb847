// GET /v1/access-requests/{id}/file: what is stored about a person, as one zip for them: data.json for machines, page.html to read.

using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain.Customers;
using Crm.Domain.Erasures;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Rest;

public static class AccessFileEndpoint
{
    const string MediaType = "application/zip";

    const int BufferBytes = 64 * 1024;

    public static void Map(WebApplication app)
    {
        var catalog = app.Services.GetRequiredService<Installation>().Catalog;
        var requests = catalog.For(ResourceType.Of<AccessRequest>());
        app.MapMethods("/v1/access-requests/{id}/file", ["GET", "HEAD"], http => Give(http, requests, catalog))
            .With(requests, "file", "read")
            .WithMetadata(new Acceptable(MediaType));
    }

    static async Task Give(HttpContext http, CatalogEntry requests, Catalog catalog)
    {
        UnknownParameter.Refuse(http, "Nothing is allowed here.");
        var (caller, cancel) = (Caller.Of(http), http.RequestAborted);
        var work = caller.Work();
        var request = (AccessRequest)await SaveRecord.Target(work, requests, http.Request.RouteValues["id"] as string, cancel);
        if (request.Status != AccessStatus.Done)
            throw new ProblemException(ProblemCodes.WrongState, "It is not done yet: ask again when its status is done.");
        if (request.ExpiresAt < work.Now)
            throw new ProblemException(
                ProblemCodes.WrongState,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The file could be fetched until {request.ExpiresAt:yyyy-MM-dd'T'HH:mm:ss'Z'}. Make another request."
                )
            );
        http.Response.ContentType = MediaType;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{request.Id.Text<AccessRequest>()}.zip\"";
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        var found = new Found(work, catalog, caller.Rights, request.ReadRecords());
        var words = AccessWords.For(await Languages(work, request, cancel));
        // Record by record to whoever asked: a file on the disk would be a copy that nobody erases, and one in memory as large as the
        // person's history.
        await using var body = new BufferedStream(http.Response.Body, BufferBytes);
        await using (var zip = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, null, cancel))
        {
            await using (var data = await zip.CreateEntry("data.json").OpenAsync(cancel))
                await WriteData(data, work, request, found, cancel);
            await using (var page = await zip.CreateEntry("page.html").OpenAsync(cancel))
                await WritePage(page, words, work, found, cancel);
        }
        await body.FlushAsync(cancel);
    }

    /// <summary>What the person says they prefer, and then that of the last form they wrote on.</summary>
    static async ValueTask<IReadOnlyList<string?>> Languages(UnitOfWork work, AccessRequest request, CancellationToken cancel)
    {
        var tags = new List<string?>();
        foreach (var one in request.People)
            if (Id.TryParse<Lead>(one, out var lead))
                tags.Add((await work.Find<Lead>(lead, cancel))?.Language);
            else if (Id.TryParse<Customer>(one, out var customer))
                tags.Add((await work.Find<Customer>(customer, cancel))?.Language);
        var entry = request.ReadRecords().LastOrDefault(one => Id.TryParse<Submission>(one, out _));
        if (
            Id.TryParse<Submission>(entry, out var last)
            && await work.Find<Submission>(last, cancel) is { Form: { } form }
            && await work.Find<Form>(form, cancel) is { } written
        )
            tags.Add(written.Language);
        return tags;
    }

    /// <summary>The records as they are now, as far as the key may read them.</summary>
    sealed class Found(UnitOfWork work, Catalog catalog, Func<ResourceType, Rights> rightsTo, IReadOnlyList<string> ids)
    {
        IEnumerable<(ResourceType Type, IReadOnlyList<Id> Ids)> All =>
            WalkRecords
                .Types(catalog)
                .Select(type =>
                    (
                        type,
                        (IReadOnlyList<Id>)[.. ids.Select(one => Id.TryParse(one, type.Prefix, out var id) ? id : (Id?)null).OfType<Id>()]
                    )
                )
                .Where(one => one.Item2.Count > 0);

        public IEnumerable<ResourceType> Types => All.Select(one => one.Type).Where(type => rightsTo(type).MayRead);

        /// <summary>Resources that the key may not read: whoever sends the file on has to know that it is not all.</summary>
        public IEnumerable<ResourceType> LeftOut => All.Select(one => one.Type).Where(type => !rightsTo(type).MayRead);

        public async IAsyncEnumerable<ReadOnlyMemory<byte>> Of(
            ResourceType type,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
        )
        {
            var rights = rightsTo(type);
            await foreach (var page in work.Store.GetAll(type.Collection, All.First(one => one.Type == type).Ids, cancel))
                for (var i = 0; i < page.Count; i++)
                    if (rights.Shows(type, page[i]))
                    {
                        var json = type.HasSecrets ? type.ToJson(type.FromRow(page[i]), withSecrets: false) : page[i].Json;
                        yield return Projection.Of(json, rights.ReadsOf(json));
                    }
        }
    }

    static async Task WriteData(Stream to, UnitOfWork work, AccessRequest request, Found found, CancellationToken cancel)
    {
        await using var writer = new Utf8JsonWriter(
            to,
            new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        writer.WriteStartObject();
        writer.WriteString("request", request.Id.Text<AccessRequest>());
        writer.WriteString("workspace", work.Settings.Workspace.Name);
        writer.WriteString("madeAt", work.Now);
        writer.WriteStartArray("leftOut");
        foreach (var type in found.LeftOut)
            writer.WriteStringValue(type.Plural);
        writer.WriteEndArray();
        writer.WriteStartObject("records");
        foreach (var type in found.Types)
        {
            writer.WriteStartArray(type.Plural);
            await foreach (var json in found.Of(type, cancel))
            {
                using var record = JsonDocument.Parse(json);
                record.RootElement.WriteTo(writer);
                await writer.FlushAsync(cancel);
            }
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static async Task WritePage(Stream to, AccessWords words, UnitOfWork work, Found found, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(to, new UTF8Encoding(false), leaveOpen: true);
        string With(string sentence, string what) => WebUtility.HtmlEncode(string.Format(CultureInfo.InvariantCulture, sentence, what));
        var title = With(words.Title, work.Settings.Workspace.Name ?? "");
        var at = With(words.AsOf, work.Now.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        await writer.WriteAsync(
            $$"""
            <!doctype html>
            <html lang="{{words.Language}}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{title}}</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            section { border-top: 1px solid #888; margin-top: 2rem; }
            dl { display: grid; grid-template-columns: 14rem 1fr; gap: .25rem 1rem; }
            dt { color: #555; } dd { margin: 0; overflow-wrap: anywhere; } dd dl { grid-template-columns: 10rem 1fr; }
            </style>
            </head>
            <body>
            <h1>{{title}}</h1>
            <p>{{at}}</p>

            """
        );
        foreach (var type in found.LeftOut)
            await writer.WriteAsync($"<p>{With(words.LeftOut, words.Of(type.Plural))}</p>\n");
        foreach (var type in found.Types)
        {
            await writer.WriteAsync($"<h2>{WebUtility.HtmlEncode(words.Of(type.Plural))}</h2>\n");
            // What a list is for is said in English only.
            if (words.IsEnglish)
                await writer.WriteAsync($"<p>{WebUtility.HtmlEncode(type.Description)}</p>\n");
            await foreach (var json in found.Of(type, cancel))
            {
                using var record = JsonDocument.Parse(json);
                var html = new StringBuilder("<section>\n");
                Write(html, words, record.RootElement);
                await writer.WriteAsync(html.Append("</section>\n"), cancel);
                await writer.FlushAsync(cancel);
            }
        }
        await writer.WriteAsync("</body>\n</html>\n");
    }

    /// <summary>What is empty says nothing and is left out.</summary>
    static void Write(StringBuilder html, AccessWords words, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                html.Append("<dl>\n");
                foreach (var member in value.EnumerateObject().Where(member => !IsEmpty(member.Value)))
                {
                    html.Append("<dt>").Append(WebUtility.HtmlEncode(words.Of(member.Name))).Append("</dt><dd>");
                    Write(html, words, member.Value);
                    html.Append("</dd>\n");
                }
                html.Append("</dl>\n");
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    html.Append("<div>");
                    Write(html, words, item);
                    html.Append("</div>\n");
                }
                break;
            default:
                html.Append(WebUtility.HtmlEncode(value.ToString()));
                break;
        }
    }

    static bool IsEmpty(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null => true,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => value.EnumerateObject().All(member => IsEmpty(member.Value)),
            JsonValueKind.String => value.GetString()!.Length == 0,
            _ => false,
        };
}
