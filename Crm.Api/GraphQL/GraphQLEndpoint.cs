// GET and POST /graphql, as the GraphQL over HTTP specification says.

using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;

namespace Crm.Api.GraphQL;

public sealed class GraphQLEndpoint(Installation installation, RateLimits limits)
{
    /// <summary>Points that one request may cost: objects it may load.</summary>
    public const long MostCost = 1_000;

    const int MostSchemas = 200;
    const string ResponseJson = "application/graphql-response+json";

    static readonly Limits Limits = new();

    /// <summary>Workspaces with the same custom fields share a schema; nearly all have none.</summary>
    readonly ConcurrentDictionary<string, Documents> schemas = new(StringComparer.Ordinal);

    readonly ConditionalWeakTable<WorkspaceSettings, Documents> known = [];

    public static void Map(WebApplication app, Installation installation)
    {
        var endpoint = new GraphQLEndpoint(installation, app.Services.GetRequiredService<RateLimits>());
        app.MapMethods("/graphql", ["GET", "POST"], endpoint.Answer).WithMetadata(new NeedsKey());
    }

    Documents For(WorkspaceSettings settings) => known.GetValue(settings, _ =>
    {
        var takes = installation.Catalog.Public.Where(e => e.Type.TakesCustomFields).ToList();
        var fields = string.Join('|', takes.SelectMany(e => settings.For(e.Type).CustomFields.Select(f => $"{e.Type.Name}.{f.Name}:{f.Kind.Name}:{f.Description.Length}:{f.Description}")));
        if (schemas.Count >= MostSchemas)
            schemas.Clear();
        return schemas.GetOrAdd(fields, _ => new(ApiSchema.Build(installation.Catalog, type => settings.For(type).CustomFields), Limits));
    });

    sealed record Request(string Query, string? OperationName, JsonElement Variables, string Fingerprint);

    async Task Answer(HttpContext http)
    {
        var caller = Caller.Of(http);
        var request = await Read(http);
        var documents = For(caller.Settings);
        var read = documents.Read(request.Query);
        if (read.Errors.Count > 0)
        {
            await Refuse(http, caller, read.Errors);
            return;
        }
        Executor executor;
        var call = new GraphQLCall(http, installation, caller, request.Fingerprint);
        try
        {
            if (Chosen(read.Document!, request.OperationName) is not { } operation)
            {
                await Refuse(http, caller, [new(request.OperationName is null ? "Say which operation is meant: operationName." : "There is no operation of this name.")]);
                return;
            }
            if (operation.Kind == OperationKind.Mutation && HttpMethods.IsGet(http.Request.Method))
            {
                http.Response.Headers.Allow = "POST";
                await Problems.Write(http, ProblemCodes.MethodNotAllowed, "A mutation is sent by POST.");
                return;
            }
            var variables = Coercion.Variables(operation, documents.Schema, request.Variables);
            executor = Executor.Prepare(read.Plan(operation, documents.Schema, Limits, variables), documents.Schema, variables, call, http.RequestAborted);
        }
        catch (CoercionException error)
        {
            await Refuse(http, caller, [new(error.Message, [error.At])]);
            return;
        }
        catch (PlanException error)
        {
            await Refuse(http, caller, [new(error.Message, [error.At], Code: error.Code)]);
            return;
        }
        var cost = executor.Cost;
        if (cost > MostCost)
        {
            await Refuse(http, caller, [new($"The request costs {cost} points; {MostCost} are allowed. Ask for fewer rows.", Code: "COST_LIMIT")], cost);
            return;
        }
        if (limits.Enabled)
        {
            using var lease = limits.Costs.AttemptAcquire(caller.By, (int)cost);
            if (!lease.IsAcquired)
            {
                await limits.Refuse(http, lease, "graphql-cost");
                return;
            }
        }
        using var body = new JsonBuffer();
        body.Write("{\"data\":"u8);
        await executor.Run(body);
        if (executor.Errors.Count > 0)
        {
            body.Write(",\"errors\":"u8);
            body.Write(Errors(executor.Errors));
        }
        body.Write(Cost(caller, cost, call.Rows, call.Queries));
        body.Write((byte)'}');
        await Write(http, StatusCodes.Status200OK, body.Written);
    }

    static Operation? Chosen(Document document, string? name) =>
        name is null ? document.Operations is [var only] ? only : null : document.Operations.FirstOrDefault(o => o.Name == name);

    // ---- The request

    static async ValueTask<Request> Read(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            var query = http.Request.Query;
            Object(query["extensions"], "extensions");
            return new(query["query"] is [{ Length: > 0 } text] ? text : throw Malformed("query is needed, as text."), query["operationName"] is [{ Length: > 0 } name] ? name : null,
                Object(query["variables"], "variables"), "");
        }
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        if (body.Root.ValueKind != JsonValueKind.Object)
            throw Malformed("The body must be one JSON object; batches are not taken.");
        Member(body.Root, "extensions", JsonValueKind.Object);
        return new(Member(body.Root, "query", JsonValueKind.String)?.GetString() ?? throw Malformed("query is needed, as text."), Member(body.Root, "operationName", JsonValueKind.String)?.GetString() is { Length: > 0 } named ? named : null,
            Member(body.Root, "variables", JsonValueKind.Object)?.Clone() ?? default, body.Fingerprint);
    }

    static JsonElement? Member(JsonElement body, string name, JsonValueKind kind) =>
        !body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null : value.ValueKind == kind ? value : throw Malformed($"{name} must be {(kind == JsonValueKind.String ? "text" : "an object")}.");

    static JsonElement Object(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
            return default;
        try
        {
            using var json = JsonDocument.Parse(text, new() { MaxDepth = JsonBodyReader.MostDepth, AllowDuplicateProperties = false });
            return json.RootElement.ValueKind switch { JsonValueKind.Null => default, JsonValueKind.Object => json.RootElement.Clone(), _ => throw Malformed($"{name} must be an object.") };
        }
        catch (JsonException)
        {
            throw Malformed($"{name} must be a JSON object.");
        }
    }

    static ProblemException Malformed(string detail) => new(ProblemCodes.BodyMalformed, detail);

    // ---- The answer

    static bool IsModern(HttpContext http) => http.Request.Headers.Accept.ToString().Contains(ResponseJson, StringComparison.OrdinalIgnoreCase);

    /// <summary>A request that was not run: 400, but 200 for older clients, which read errors only from a 200.</summary>
    async Task Refuse(HttpContext http, Caller caller, IReadOnlyList<GraphError> errors, long cost = 0)
    {
        using var body = new JsonBuffer();
        body.Write("{\"errors\":"u8);
        body.Write(Errors(errors));
        body.Write(Cost(caller, cost, 0, 0));
        body.Write((byte)'}');
        await Write(http, IsModern(http) ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK, body.Written);
    }

    byte[] Cost(Caller caller, long asked, long spent, int queries)
    {
        var left = limits.Enabled ? limits.Costs.GetStatistics(caller.By)?.CurrentAvailablePermits ?? RateLimits.Cost.Burst : RateLimits.Cost.Burst;
        return System.Text.Encoding.ASCII.GetBytes($",\"extensions\":{{\"cost\":{{\"asked\":{asked},\"spent\":{spent},\"left\":{left},\"queries\":{queries}}}}}");
    }

    static ReadOnlySpan<byte> Errors(IReadOnlyList<GraphError> errors)
    {
        var json = new ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartArray();
        foreach (var error in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("message", error.Message);
            if (error.At is not null)
            {
                writer.WriteStartArray("locations");
                foreach (var (line, column) in error.At)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("line", line);
                    writer.WriteNumber("column", column);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            if (error.Path is not null)
            {
                writer.WriteStartArray("path");
                foreach (var step in error.Path)
                    if (step is int index) writer.WriteNumberValue(index); else writer.WriteStringValue((string)step);
                writer.WriteEndArray();
            }
            if (error.Code is not null)
            {
                writer.WriteStartObject("extensions");
                writer.WriteString("code", error.Code);
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.Flush();
        return json.WrittenSpan;
    }

    static async Task Write(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = (IsModern(http) ? ResponseJson : "application/json") + "; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
