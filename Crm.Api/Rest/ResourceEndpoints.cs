// The REST routes of every resource, made from the catalog: list, read, create, change, delete, and the verbs.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Api.Security;
using Crm.Domain;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
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
                app.MapMethods(list, Reading, http => List(http, entry)).With(entry, "list", "read");
                app.MapMethods(list + "/{id}", Reading, http => Get(http, entry)).With(entry, "get", "read");
            }
            if (type.Can.HasFlag(Operations.Create))
                app.MapPost(list, http => Create(http, entry)).With(entry, "create", "write");
            if (type.Can.HasFlag(Operations.Update))
                app.MapPatch(list + "/{id}", http => Update(http, entry)).With(entry, "update", "write");
            if (type.Can.HasFlag(Operations.Delete))
                app.MapDelete(list + "/{id}", http => Delete(http, entry)).With(entry, "delete", "write");
            foreach (var action in entry.Actions)
                app.MapPost(list + (action.OnRecord ? "/{id}/" : "/") + action.Name, http => Act(http, entry, action)).With(entry, action.Name, "write", action);
        }
    }

    public static void With(this IEndpointConventionBuilder route, CatalogEntry entry, string name, string access, ResourceAction? action = null) =>
        route.WithMetadata(new NeedsScope(entry.Type.Plural, access), new RestOperation(entry, name, action));

    // ---- Reading

    static Task List(HttpContext http, CatalogEntry entry) => List(http, entry, null);

    /// <summary>A page of a resource; <paramref name="always"/> is a condition of the route itself, <paramref name="of"/> the record it comes from.</summary>
    public static async Task List(HttpContext http, CatalogEntry entry, Filter? always, string? of = null)
    {
        var caller = Caller.Of(http);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var list = ListQuery.Read(http.Request.Query, entry.Type, caller.Settings, installation.CursorKey, always, of);
        using var page = await caller.Settings.Store.Query(list.Query, http.RequestAborted);
        var next = page.Next is { } position ? Cursor.Write(position, list.Shape, installation.CursorKey) : null;
        if (next is not null)
            http.Response.Headers.Link = $"<{Absolute(http, http.Request.Path)}{WithAfter(http.Request.Query, next)}>; rel=\"next\"";
        await SendList(http, list.Fields is null && !entry.Type.HasSecrets ? page.Joined : Projected(page, entry, list.Fields), next);
    }

    /// <summary>What is stored is what is read: the bytes of the page go out as they are, in one piece.</summary>
    static async Task SendList(HttpContext http, ReadOnlyMemory<byte> rows, string? next)
    {
        var head = "{\"data\":["u8;
        var tail = Encoding.ASCII.GetBytes(next is null ? "],\"page\":{\"next\":null,\"hasMore\":false}}" : $"],\"page\":{{\"next\":\"{next}\",\"hasMore\":true}}}}");
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

    /// <summary>The page's rows with the asked fields only, and without secrets.</summary>
    static ReadOnlyMemory<byte> Projected(Page page, CatalogEntry entry, IReadOnlyList<string>? fields)
    {
        var rows = new ArrayBufferWriter<byte>(16 * 1024);
        using var writer = new Utf8JsonWriter(rows);
        for (var i = 0; i < page.Count; i++)
        {
            if (i > 0)
                rows.Write(","u8);
            writer.Reset();
            var json = entry.Type.HasSecrets ? entry.Type.ToJson(entry.Type.FromRow(page[i]), withSecrets: false) : page[i].Json;
            if (fields is null)
                writer.WriteRawValue(json.Span, skipInputValidation: true);
            else
                Projection.Write(writer, json.Span, fields);
            writer.Flush();
        }
        return rows.WrittenMemory;
    }

    static string WithAfter(IQueryCollection query, string after)
    {
        var pairs = query.Where(p => p.Key != "after").SelectMany(p => p.Value, (p, value) => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(value ?? "")}");
        return "?" + string.Join('&', pairs.Append("after=" + after));
    }

    static string Absolute(HttpContext http, string path) => $"{http.Request.Scheme}://{http.Request.Host}{path}";

    static async Task Get(HttpContext http, CatalogEntry entry)
    {
        var row = await Row(http, entry);
        var tag = ETag(row.Version);
        http.Response.Headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || t == tag || t == "W/" + tag))
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        if (http.Request.Query.Keys.FirstOrDefault(k => k != "fields") is { } other)
            throw new ProblemException(ProblemCodes.UnknownParameter, $"{other}: Allowed is: fields.", [new(other, "unknown", "Allowed is: fields.")]);
        var fields = ListQuery.Read(http.Request.Query, entry.Type, Caller.Of(http).Settings, []).Fields;
        var json = entry.Type.HasSecrets ? entry.Type.ToJson(entry.Type.FromRow(row), withSecrets: false) : row.Json;
        if (fields is not null)
        {
            var body = new ArrayBufferWriter<byte>(json.Length);
            using (var writer = new Utf8JsonWriter(body))
                Projection.Write(writer, json.Span, fields);
            json = body.WrittenMemory;
        }
        await new Answer(StatusCodes.Status200OK, json, ETag: tag).Write(http);
    }

    static async ValueTask<Row> Row(HttpContext http, CatalogEntry entry) =>
        Id.TryParse(http.Request.RouteValues["id"] as string, entry.Type.Prefix, out var id)
        && await Caller.Of(http).Settings.Store.Get(entry.Type.Collection, id, http.RequestAborted) is { } row
            ? row
            : throw ProblemException.NotFound(entry.Type.Name);

    public static string ETag(long version) => $"\"{version.ToString(CultureInfo.InvariantCulture)}\"";

    // ---- Writing

    static async Task Create(HttpContext http, CatalogEntry entry)
    {
        if (entry.Create is not null && !Caller.Of(http).Key.Installation)
            throw new ProblemException(ProblemCodes.InsufficientScope, "Only the installation's own admin key may do this.");
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        await Run(http, entry, body.Fingerprint, () => StatusCodes.Status201Created, async work => entry.Create is not null
            ? await entry.Create(work, body.Root, http.RequestAborted)
            : new(await SaveRecord.Create(work, entry, body.Root, http.RequestAborted)) { ShownOnce = work.ShownOnce });
    }

    static async Task Update(HttpContext http, CatalogEntry entry)
    {
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        await Run(http, entry, null, () => StatusCodes.Status200OK, async work =>
            new(await SaveRecord.Update(work, entry, await Target(http, work, entry), body.Root, http.RequestAborted)));
    }

    static Task Delete(HttpContext http, CatalogEntry entry) => Run(http, entry, null, () => StatusCodes.Status204NoContent, async work =>
    {
        await SaveRecord.Delete(work, entry, await Target(http, work, entry), http.RequestAborted);
        return new(null);
    });

    static async Task Act(HttpContext http, CatalogEntry entry, ResourceAction action)
    {
        using var body = await JsonBodyReader.Read(http.Request, optional: true, http.RequestAborted);
        object? input = null;
        if (action.Input is not null)
        {
            var errors = new FieldErrors();
            if (body.Root.ValueKind != JsonValueKind.Object)
                throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");
            var shape = ObjectType.Of(action.Input);
            input = shape.Read(body.Root, Activator.CreateInstance(action.Input)!, Caller.Of(http).Settings.For(entry.Type), errors, "", ReadMode.Create);
            if (errors.Any)
                throw ProblemException.Invalid(errors);
        }
        await Run(http, entry, body.Fingerprint, () => StatusCodes.Status200OK, async work =>
            await action.Run(new(work, action.OnRecord ? await Target(http, work, entry) : null, input), http.RequestAborted));
    }

    /// <summary>The record of the URL; refuses it when If-Match names another version.</summary>
    public static async ValueTask<Resource> Target(HttpContext http, UnitOfWork work, CatalogEntry entry)
    {
        if (!Id.TryParse(http.Request.RouteValues["id"] as string, entry.Type.Prefix, out var id) || await work.Find(entry.Type, id, http.RequestAborted) is not { } record)
            throw ProblemException.NotFound(entry.Type.Name);
        CheckIfMatch(http, record.Version);
        return record;
    }

    public static void CheckIfMatch(HttpContext http, long version)
    {
        var header = http.Request.Headers.IfMatch;
        if (header.Count > 0 && !header.ToString().Split(',', StringSplitOptions.TrimEntries).Any(t => t == "*" || t == ETag(version)))
            throw new ProblemException(ProblemCodes.VersionMismatch, $"The record's version is {ETag(version)}. Read it again, then decide.");
    }

    const int MostAttempts = 10;

    /// <summary>
    /// Runs a change: asks for the first answer of a repeated request, runs the work, keeps the answer with it, commits, and starts over when
    /// somebody else changed the same record meanwhile.
    /// </summary>
    /// <param name="success">The status of the answer, asked for after the work was run.</param>
    /// <param name="match">The unique key by which the work finds its record: when somebody else has just made that record, the next attempt finds it.</param>
    public static async Task Run(HttpContext http, CatalogEntry entry, string? fingerprint, Func<int> success, Func<UnitOfWork, ValueTask<ActionResult>> run, string? match = null)
    {
        var caller = Caller.Of(http);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var cancel = http.RequestAborted;
        using var idempotency = fingerprint is null ? null : Idempotency.Begin(http, caller.Settings, caller.By, fingerprint);
        for (var attempt = 1; ; attempt++)
        {
            var work = new UnitOfWork(installation, caller.Settings, caller.By);
            if (idempotency is not null && await idempotency.Earlier(work, cancel) is { } earlier)
            {
                http.Response.Headers["Idempotent-Replayed"] = "true";
                await earlier.Write(http);
                return;
            }
            ProblemException? refusal;
            try
            {
                var result = await run(work);
                var answer = Rendered(http, result, success(), shown: false);
                idempotency?.Keep(work, answer);
                var committed = await work.Commit(cancel);
                if (committed.Committed)
                {
                    await (result.ShownOnce.Count > 0 ? Rendered(http, result, success(), shown: true) : answer).Write(http);
                    return;
                }
                refusal = Refusal(work, committed, match);
            }
            catch (ProblemException problem) when (idempotency is not null && problem.Code.Status is 404 or 409 or 422)
            {
                refusal = problem;
            }
            if (refusal is not null)
            {
                if (idempotency is null)
                    throw refusal;
                // A repeated request hears the same refusal, even if things have changed: that is what the caller was told.
                work = new(installation, caller.Settings, caller.By);
                var told = new Answer(refusal.Code.Status, Problems.Body(http, refusal.Code, refusal.Detail, refusal.Errors), "application/problem+json");
                idempotency.Keep(work, told);
                if ((await work.Commit(cancel)).Committed)
                {
                    await told.Write(http);
                    return;
                }
            }
            CrmMetrics.CommitRetries.Add(1);
            if (attempt >= MostAttempts)
                throw new ProblemException(ProblemCodes.Conflict, "Others keep changing the same record. Try again.");
        }
    }

    /// <summary>What a commit that was not made tells the caller: which value belongs to whom. Null when another attempt may succeed.</summary>
    static ProblemException? Refusal(UnitOfWork work, CommitResult result, string? match)
    {
        var taken = new FieldErrors();
        foreach (var conflict in result.Conflicts.Where(c => c.Kind == ConflictKind.KeyTaken))
        {
            var change = work.Changes[conflict.Change];
            var collection = change switch { Change.Insert i => i.Document.Collection, Change.Replace r => r.Document.Collection, _ => null };
            var owner = work.Installation.Catalog.Entries.FirstOrDefault(e => e.Type.Collection.Name == collection?.Name);
            if (owner is null || owner.Type.Clr == typeof(IdempotencyRecord))
                continue; // Another node answered the same request first: the next attempt finds its answer.
            if (change is Change.Insert && conflict.Field == match)
                continue;
            var field = owner.Type.Filter(conflict.Field!) is null ? "name" : conflict.Field!;
            taken.Add(field, "taken", conflict.Owner is { } id && id != Id.Empty ? $"Belongs to {owner.Type.Text(id)}." : "Is taken.");
        }
        return taken.Any ? new(ProblemCodes.AlreadyExists, $"{taken.All[0].Field}: {taken.All[0].Message}", taken.All) : null;
    }

    static Answer Rendered(HttpContext http, ActionResult result, int success, bool shown)
    {
        if (result.Json is not null)
            return new(success, result.Json.Utf8);
        if (result.Record is not { } record)
            return new(StatusCodes.Status204NoContent, default);
        var type = ResourceType.Of(record.GetType());
        ReadOnlyMemory<byte> json = type.ToJson(record, withSecrets: false);
        if (shown)
        {
            // The secret goes after the opening brace of this one answer, and nowhere else.
            var buffer = new ArrayBufferWriter<byte>(json.Length + 128);
            buffer.Write("{"u8);
            foreach (var (name, value) in result.ShownOnce)
                buffer.Write(Encoding.UTF8.GetBytes($"{JsonSerializer.Serialize(name)}:{JsonSerializer.Serialize(value)},"));
            buffer.Write(json.Span[1..]);
            json = buffer.WrittenMemory;
        }
        var location = success == StatusCodes.Status201Created ? Absolute(http, $"/v1/{type.Plural}/{type.Text(record.Id)}") : null;
        return new(success, json, Location: location, ETag: ETag(record.Version));
    }
}
