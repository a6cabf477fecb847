// The REST routes of every resource, made from the catalog: list, read, create, change, delete, and the verbs.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <summary>Says which operation a route is, for the API's description and for the tests that probe every route.</summary>
public sealed record RestOperation(CatalogEntry Entry, string Name, ResourceAction? Action = null);

public static class ResourceEndpoints
{
    static readonly string[] Reading = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder app, Catalog catalog)
    {
        foreach (var entry in catalog.Public)
        {
            var type = entry.Type;
            var list = $"/v1/{type.Plural}";
            if (type.Can.HasFlag(Operations.Read))
            {
                app.MapMethods(list, Reading, http => List(http, entry))
                    .With(entry, "list", "read")
                    .WithMetadata(EventFeed.Is(type) ? EventFeedStream.Answered : Acceptable.JsonOrCsv);
                app.MapMethods(list + "/{id}", Reading, http => Get(http, entry)).With(entry, "get", "read");
            }
            if (type.Can.HasFlag(Operations.Create))
                app.MapPost(list, http => Create(http, entry)).With(entry, "create", "write");
            if (type.Can.HasFlag(Operations.Update))
                app.MapPatch(list + "/{id}", http => Update(http, entry)).With(entry, "update", "write");
            if (type.Can.HasFlag(Operations.Delete))
                app.MapDelete(list + "/{id}", http => Delete(http, entry)).With(entry, "delete", "write");
            foreach (var action in entry.Actions)
                app.MapPost(list + (action.OnRecord ? "/{id}/" : "/") + action.Name, http => Act(http, entry, action))
                    .With(entry, action.Name, "write", action);
        }
    }

    public static IEndpointConventionBuilder With(
        this IEndpointConventionBuilder route,
        CatalogEntry entry,
        string name,
        string access,
        ResourceAction? action = null
    ) => route.WithMetadata(new NeedsScope(entry.Type, access), new RestOperation(entry, name, action), Acceptable.Json);

    /// <summary>A change has no parameters: one that did nothing would be believed to.</summary>
    static void TakesNoParameters(HttpContext http)
    {
        if (http.Request.Query.Keys.FirstOrDefault() is { } name)
            throw new ProblemException(
                ProblemCodes.UnknownParameter,
                $"{TextRules.Cut(name, 60)}: A change takes no parameters.",
                [new(TextRules.Cut(name, 60), "unknown", "A change takes no parameters; what is to be changed stands in the body.")]
            );
    }

    // ---- Reading

    static Task List(HttpContext http, CatalogEntry entry) =>
        EventFeed.IsAsked(http, entry) ? EventFeed.Answer(http, entry) : List(http, entry, null);

    /// <summary>A page of a resource; <paramref name="always"/> is a condition of the route itself, <paramref name="of"/> the record it
    /// comes from.</summary>
    /// <param name="rights">Where the route gives others than the caller has to the resource.</param>
    public static async Task List(HttpContext http, CatalogEntry entry, Filter? always, string? of = null, Rights? rights = null)
    {
        var caller = Caller.Of(http);
        rights ??= caller.Rights(entry.Type);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var (format, seal) = (ListFormat.Of(http.Request), installation.Seal(Cursor.Purpose));
        var list = ListQuery.Read(http.Request.Query, entry.Type, caller.Settings, rights, seal, always, of, format);
        http.Response.Headers.Append("Vary", "Accept");
        if (format.IsCsv)
        {
            await ListCsv.Write(http, entry, list, format, rights, position => Cursor.Write(position, list.Shape, seal));
            return;
        }
        using var page = await SoundPage(http, caller.Settings.Store, list, installation);
        var next = page.Next is { } position ? Cursor.Write(position, list.Shape, seal) : null;
        await SendList(
            http,
            list.Fields is null && rights.ReadsWhole && entry.AnswersStored
                ? page.Joined
                : Projected(page, entry, caller, rights, list.Fields),
            next,
            hasMore: next is not null
        );
    }

    /// <summary>
    /// A page without what is damaged: it ends before the first damaged record, and the next one is the error that names it. The error's
    /// Link leads behind it, so that one record takes no other with it.
    /// </summary>
    static async ValueTask<Page> SoundPage(HttpContext http, IWorkspaceStore store, ListQuery list, Installation installation)
    {
        var page = await store.Query(list.Query, http.RequestAborted);
        if (page.FirstDamaged is not { } sound)
            return page;
        var damage = page.DamageAt(sound)!;
        page.Dispose();
        page = await store.Query(list.Query with { Limit = Math.Max(1, sound) }, http.RequestAborted);
        if (sound > 0)
            return page;
        var behind = page.Next;
        page.Dispose();
        if (behind is not null)
            http.Response.Headers.Link = NextLink(http, Cursor.Write(behind, list.Shape, installation.Seal(Cursor.Purpose)));
        throw damage;
    }

    static string NextLink(HttpContext http, string next) =>
        $"<{PublicUrl.Of(http, http.Request.Path)}{WithAfter(http.Request.Query, next)}>; rel=\"next\"";

    /// <summary>What is stored is what is read: the bytes of the page go out as they are, in one piece.</summary>
    /// <param name="next">Where to go on; in the header too.</param>
    public static async Task SendList(HttpContext http, ReadOnlyMemory<byte> rows, string? next, bool hasMore)
    {
        if (next is not null)
            http.Response.Headers.Link = NextLink(http, next);
        var head = "{\"data\":["u8;
        var tail = Encoding.ASCII.GetBytes(
            $"],\"page\":{{\"next\":{(next is null ? "null" : $"\"{next}\"")},\"hasMore\":{(hasMore ? "true" : "false")}}}}}"
        );
        var length = head.Length + rows.Length + tail.Length;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        var body = http.Response.BodyWriter;
        var bytes = body.GetSpan(length);
        head.CopyTo(bytes);
        rows.Span.CopyTo(bytes[head.Length..]);
        tail.CopyTo(bytes[(head.Length + rows.Length)..]);
        body.Advance(length);
        await body.FlushAsync(http.RequestAborted);
    }

    /// <summary>The page's rows with the asked fields only, of those that may be read, and without secrets.</summary>
    static ReadOnlyMemory<byte> Projected(Page page, CatalogEntry entry, Caller caller, Rights rights, IReadOnlyList<string>? fields)
    {
        var rows = new ArrayBufferWriter<byte>(16 * 1024);
        using var writer = JsonText.Writer(rows);
        for (var i = 0; i < page.Count; i++)
        {
            if (i > 0)
                rows.Write(","u8);
            writer.Reset();
            var reads = rights.ReadsOf(page[i].Json);
            var json = entry.ToAnswer(caller.Settings, caller.Origin, page[i], reads);
            if (fields is null && reads.IsAll)
                writer.WriteRawValue(json.Span, skipInputValidation: true);
            else
                Projection.Write(writer, json.Span, fields, reads);
            writer.Flush();
        }
        return rows.WrittenMemory;
    }

    static string WithAfter(IQueryCollection query, string after)
    {
        var pairs = query
            .Where(p => p.Key != "after")
            .SelectMany(p => p.Value, (p, value) => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(value ?? "")}");
        return "?" + string.Join('&', pairs.Append("after=" + after));
    }

    static async Task Get(HttpContext http, CatalogEntry entry)
    {
        var rights = Caller.Of(http).Rights(entry.Type);
        var row = await Row(http, entry, rights);
        var reads = rights.ReadsOf(row.Json);
        var tag = ETag(row.Version, reads);
        http.Response.Headers.ETag = tag;
        if (
            http
                .Request.Headers.IfNoneMatch.ToString()
                .Split(',', StringSplitOptions.TrimEntries)
                .Any(t => t == "*" || t == tag || t == "W/" + tag)
        )
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (http.Request.Query.Keys.FirstOrDefault(k => k != "fields") is { } other)
            throw new ProblemException(
                ProblemCodes.UnknownParameter,
                $"{other}: Allowed is: fields.",
                [new(other, "unknown", "Allowed is: fields.")]
            );
        var seal = http.RequestServices.GetRequiredService<Installation>().Seal(Cursor.Purpose);
        var fields = ListQuery.Read(http.Request.Query, entry.Type, Caller.Of(http).Settings, rights, seal).Fields;
        var caller = Caller.Of(http);
        var json = entry.ToAnswer(caller.Settings, caller.Origin, row, reads);
        await new Answer(StatusCodes.Status200OK, Projection.Of(json, reads, fields), ETag: tag).Write(http);
    }

    static async ValueTask<Row> Row(HttpContext http, CatalogEntry entry, Rights rights) =>
        Id.TryParse(http.Request.RouteValues["id"] as string, entry.Type.Prefix, out var id)
        && await FindRow.Of(Caller.Of(http).Settings.Store, entry.Type, id, http.RequestAborted) is { } row
        && rights.Shows(entry.Type, row)
            ? row
            : throw ProblemException.NotFound(entry.Type.Name);

    /// <summary>The version, and which fields are shown when not all are: what one caller has kept is not another's.</summary>
    public static string ETag(long version, FieldSet? reads = null) =>
        reads is null or { IsAll: true }
            ? string.Create(CultureInfo.InvariantCulture, $"\"{version}\"")
            : string.Create(CultureInfo.InvariantCulture, $"\"{version}-{reads.Plan}\"");

    // ---- Writing

    static async Task Create(HttpContext http, CatalogEntry entry)
    {
        TakesNoParameters(http);
        Caller.Of(http).MustBeAllowedToMake(entry);
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        await Run(
            http,
            entry,
            body.Fingerprint,
            () => StatusCodes.Status201Created,
            work => SaveRecord.Make(work, entry, body.Root, http.RequestAborted)
        );
    }

    static async Task Update(HttpContext http, CatalogEntry entry)
    {
        TakesNoParameters(http);
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        await Run(
            http,
            entry,
            null,
            () => StatusCodes.Status200OK,
            async work => new(await SaveRecord.Update(work, entry, await Target(http, work, entry), body.Root, http.RequestAborted))
        );
    }

    static Task Delete(HttpContext http, CatalogEntry entry)
    {
        TakesNoParameters(http);
        return Run(
            http,
            entry,
            null,
            () => StatusCodes.Status204NoContent,
            async work =>
            {
                await SaveRecord.Delete(work, entry, await Target(http, work, entry), http.RequestAborted);
                return new(null);
            }
        );
    }

    static async Task Act(HttpContext http, CatalogEntry entry, ResourceAction action)
    {
        TakesNoParameters(http);
        using var body = await JsonBodyReader.Read(http.Request, optional: true, http.RequestAborted);
        var input = action.ReadInput(body.Root, Caller.Of(http).Settings.For(entry.Type));
        await Run(
            http,
            entry,
            body.Fingerprint,
            () => StatusCodes.Status200OK,
            async work =>
            {
                await SaveRecord.MayAct(work, entry, action, input, http.RequestAborted);
                return await action.Run(work, action.OnRecord ? await Target(http, work, entry) : null, input, http.RequestAborted);
            }
        );
    }

    /// <summary>The record of the URL; refuses it when If-Match names another version.</summary>
    public static async ValueTask<Resource> Target(HttpContext http, UnitOfWork work, CatalogEntry entry)
    {
        var record = await SaveRecord.Target(work, entry, http.Request.RouteValues["id"] as string, http.RequestAborted);
        CheckIfMatch(http, record.Version);
        return record;
    }

    public static void CheckIfMatch(HttpContext http, long version)
    {
        var header = http.Request.Headers.IfMatch;
        if (header.Count > 0 && !header.ToString().Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || IsOf(t, version)))
            throw new ProblemException(
                ProblemCodes.VersionMismatch,
                $"The record's version is {ETag(version)}. Read it again, then decide."
            );
    }

    /// <summary>Whether a tag is of this version, whichever fields it was shown with.</summary>
    static bool IsOf(string tag, long version) =>
        tag == ETag(version)
        || tag.StartsWith(string.Create(CultureInfo.InvariantCulture, $"\"{version}-"), StringComparison.Ordinal) && tag.EndsWith('"');

    /// <summary>Runs a change and writes what it comes to.</summary>
    /// <param name="success">The status of the answer, asked for after the work was run.</param>
    public static async Task Run(
        HttpContext http,
        CatalogEntry entry,
        string? fingerprint,
        Func<int> success,
        Func<UnitOfWork, ValueTask<ActionResult>> run,
        string? match = null
    )
    {
        var caller = Caller.Of(http);
        var plan = ChangePlan.Of(http, entry);
        using var idempotency = ChangePlan.Once(http, caller)
            ?? (fingerprint is null ? null : Idempotency.Begin(http, caller.Settings, caller.By, fingerprint));
        var change = new RunChange(
            caller,
            idempotency,
            (result, shown) => Rendered(http, result, success(), shown),
            refusal => Refused(http, refusal),
            answer => Again(http, answer),
            plan
        );
        var (answer, replayed) = await change.Run(run, match, http.RequestAborted);
        if (replayed)
            http.Response.Headers["Idempotent-Replayed"] = "true";
        await answer.Write(http);
    }

    /// <summary>A refusal as it is kept for a request that is sent again.</summary>
    public static Answer Refused(HttpContext http, ProblemException refusal) =>
        new(refusal.Code.Status, Problems.Body(http, refusal), "application/problem+json");

    public static Answer Rendered(HttpContext http, ActionResult result, int success, bool shown)
    {
        if (result.Json is not null)
            return new(success, result.Json.Utf8);
        if (result.Record is not { } record)
            return new(StatusCodes.Status204NoContent, default);
        var type = ResourceType.Of(record.GetType());
        var (caller, entry) = (Caller.Of(http), http.RequestServices.GetRequiredService<Installation>().Catalog.For(type));
        var reads = caller.Rights(type).ReadsOf(type.ToJson(record, withSecrets: false));
        var json = Projection.Of(entry.ToAnswer(caller.Settings, caller.Origin, record, reads), reads);
        if (shown)
        {
            // The secret goes after the opening brace of this one answer, and nowhere else.
            var buffer = new ArrayBufferWriter<byte>(json.Length + 128);
            buffer.Write("{"u8);
            foreach (var (name, value) in result.ShownOnce)
                buffer.Write([.. JsonText.Bytes(name), (byte)':', .. JsonText.Bytes(value), (byte)',']);
            buffer.Write(json.Span[1..]);
            json = buffer.WrittenMemory;
        }
        var location = success == StatusCodes.Status201Created ? PublicUrl.Of(http, $"/v1/{type.Plural}/{type.Text(record.Id)}") : null;
        return new(success, json, Location: location, ETag: ETag(record.Version, reads));
    }

    /// <summary>An answer that was kept, as it may be read now.</summary>
    static Answer Again(HttpContext http, Answer kept)
    {
        if (kept.Status >= 300 || kept.ETag is null || Json.Text(kept.Body, "id") is not { } id)
            return kept;
        var catalog = http.RequestServices.GetRequiredService<Installation>().Catalog;
        if (catalog.Public.FirstOrDefault(entry => Id.TryParse(id, entry.Type.Prefix, out _)) is not { } entry)
            return kept;
        var reads = Caller.Of(http).Rights(entry.Type).ReadsOf(kept.Body);
        foreach (var made in entry.Type.Fields.Where(field => field.IsServed && !reads.Contains(field.MadeOf!)))
            reads = reads.Without(made.Name);
        return kept with { Body = Projection.Of(kept.Body, reads) };
    }
}
