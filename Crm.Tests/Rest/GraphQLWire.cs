// The other wire of the same tests: a REST request becomes a GraphQL request, and its answer what REST would have answered.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Rest;

/// <summary>A product whose tests speak GraphQL: what a test asks of /v1 goes to /graphql.</summary>
public sealed class GraphQLServer : IAsyncLifetime
{
    public GraphQLServer() => CrmServer.Renewed.Register(nameof(GraphQLServer), Server);

    public CrmServer Server { get; } = new(null) { Wire = new GraphQLWire() };

    public Task InitializeAsync() => Server.InitializeAsync();

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        // A translator that passes everything on would let every test pass.
        Server.Wire!.Translated.Should().BeGreaterThan(Server.Wire.PassedOn, "most of what the tests asked went over GraphQL");
    }
}

[CollectionDefinition(nameof(GraphQLServer))]
[CrmServer.Renewed(nameof(GraphQLServer))]
public sealed class GraphQLServerCollection : ICollectionFixture<GraphQLServer>;

public sealed class GraphQLWire
{
    int translated,
        passedOn;

    public int Translated => translated;
    public int PassedOn => passedOn;

    /// <summary>Null when this is not for GraphQL: what only REST has (other paths, fields=, HEAD, PUT, ETags of reads), and what the
    /// schema does not let through, which REST must then refuse too.</summary>
    public async Task<Reply?> TrySend(
        TestWorkspace workspace,
        HttpMethod method,
        string path,
        object? body,
        (string Name, string Value)[] headers
    )
    {
        if (
            !path.StartsWith("/v1/", StringComparison.Ordinal) || await Translate(workspace, method, path, body, headers) is not { } request
        )
        {
            if (path.StartsWith("/v1/", StringComparison.Ordinal))
                Interlocked.Increment(ref passedOn);
            return null;
        }
        var reply = await workspace.SendPlain(
            HttpMethod.Post,
            "/graphql",
            new JsonObject { ["query"] = request.Query, ["variables"] = request.Variables.DeepClone() }.ToJsonString(),
            [.. headers.Where(h => h.Name is not "If-Match"), ("Accept", "application/graphql-response+json")]
        );
        if (reply.Status is not (200 or 400) || reply.Json?["type"] is not null)
            return reply; // A problem with the request itself: the same over both wires.
        if (reply["errors"] is JsonArray errors)
        {
            var code = errors[0]!["extensions"]?["code"]?.ToString();
            if (code == "UNTRUSTED_DOCUMENT")
                return null; // The test has switched everything else off.
            if (code is not null && ProblemCodes.All.TryGetValue(code, out var known))
            {
                Interlocked.Increment(ref translated);
                // Over REST the whole request is refused, and says where it stands in the query.
                var rest = await workspace.SendPlain(method, path, body, headers);
                rest.Status.Should().Be(known.Status, $"GraphQL says {reply.Text} and REST {rest}");
                if (method != HttpMethod.Head)
                    rest.Code.Should().Be(code);
                return rest;
            }
            // Refused by the schema before anything ran: REST must not let it through either.
            Interlocked.Increment(ref passedOn);
            var refused = await workspace.SendPlain(method, path, body, headers);
            refused
                .Status.Should()
                .BeGreaterThanOrEqualTo(400, $"GraphQL refused {request.Query} with {request.Variables.ToJsonString()}: {reply.Text}");
            return refused;
        }
        Interlocked.Increment(ref translated);
        return request.Answer(reply["data"]!["x"], reply);
    }

    sealed record Request(string Query, JsonObject Variables, Func<JsonNode?, Reply, Reply> Answer);

    static async Task<Request?> Translate(
        TestWorkspace workspace,
        HttpMethod method,
        string path,
        object? body,
        (string Name, string Value)[] headers
    )
    {
        var parts = path.Split('?', 2);
        var steps = parts[0]["/v1/".Length..].Split('/');
        if (
            CrmCatalog.Standard.Find(steps[0]) is not { } entry
            || entry.Type.Can == Operations.None
            || steps.Any(s => s.Length == 0)
            || headers.Any(h => h.Name is "Content-Type" or "Content-Encoding" or "If-None-Match" or "Authorization")
        )
            return null;
        var settings = await workspace
            .Server.Services.GetRequiredService<Installation>()
            .Settings.Find(KnownKey.ByHash, ApiKey.HashOf(workspace.Key), default);
        var custom = settings is { } found ? found.Settings.For(entry.Type).CustomFields : [];
        var type = entry.Type;
        var all = type.Can.HasFlag(Operations.Read) ? "{ " + Selection(type, custom) + " }" : "{ id version createdAt updatedAt }";
        if (method == HttpMethod.Get && steps.Length == 2 && parts.Length == 1)
            return new(
                $"query($id: ID!) {{ x: {type.Name}(id: $id) {all} }}",
                new() { ["id"] = Uri.UnescapeDataString(steps[1]) },
                (record, reply) => record is null ? Problem(ProblemCodes.NotFound, reply) : Answer(200, Rest(record, type), reply)
            );
        if ((method == HttpMethod.Get || method == HttpMethod.Head) && steps.Length == 1)
            return List(
                type,
                custom,
                parts.ElementAtOrDefault(1) ?? "",
                all,
                workspace.Server.Address,
                parts[0],
                method == HttpMethod.Head
            );
        if (parts.Length > 1 || method != HttpMethod.Post && method != HttpMethod.Patch && method != HttpMethod.Delete)
            return null;
        JsonNode? sent;
        try
        {
            sent = body switch
            {
                null => null,
                string text => JsonNode.Parse(text),
                _ => System.Text.Json.JsonSerializer.SerializeToNode(body),
            };
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
        if (sent is not (null or JsonObject) || sent is null && method != HttpMethod.Delete && steps.Length == 1)
            return null;
        var input = sent as JsonObject ?? [];
        if (input.ContainsKey("id") || input.ContainsKey("ifVersion"))
            return null;
        var name = Pascal(type.Name);
        string verb;
        var success = 200;
        var takesInput = true;
        if (method == HttpMethod.Post && steps.Length == 1 && type.Can.HasFlag(Operations.Create))
            (verb, success) = ("create" + name, 201);
        else if (method == HttpMethod.Patch && steps.Length == 2 && type.Can.HasFlag(Operations.Update))
            verb = "update" + name;
        else if (method == HttpMethod.Delete && steps.Length == 2 && type.Can.HasFlag(Operations.Delete))
            (verb, success) = ("delete" + name, 204);
        else if (
            method == HttpMethod.Post
            && steps.Length > 1
            && entry.Actions.FirstOrDefault(a => a.Name == steps[^1] && a.OnRecord == (steps.Length == 3)) is { } action
        )
        {
            verb = Camel(action.Name) + (action.OnRecord ? name : Pascal(type.Plural));
            takesInput = action.OnRecord || action.Input is not null;
            if (action.Input is null && input.Count > 0)
                return null;
        }
        else
            return null;
        input = (JsonObject)input.DeepClone();
        if (
            verb.StartsWith("create", StringComparison.Ordinal) is false
            && steps.Length > 1
            && (steps.Length == 3 || method != HttpMethod.Post)
        )
            input["id"] = Uri.UnescapeDataString(steps[1]);
        if (headers.FirstOrDefault(h => h.Name == "If-Match").Value is { } match)
        {
            if (!long.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                return null;
            input["ifVersion"] = version;
        }
        var inputType = Pascal(verb) + "Input";
        return new(
            $"mutation{(takesInput ? $"($input: {inputType}!)" : "")} {{ x: {verb}{(takesInput ? "(input: $input)" : "")} {{ {(method == HttpMethod.Delete ? "" : $"{type.Name} {all} result shownOnce ")}errors {{ code message: message ... on FieldProblem {{ field }} }} }} }}",
            takesInput ? new() { ["input"] = input } : [],
            (payload, reply) => Payload(payload!, success, type, reply, workspace.Server.Address)
        );
    }

    static Request? List(ResourceType type, IReadOnlyList<Field> custom, string query, string all, Uri address, string path0, bool head)
    {
        var variables = new JsonObject();
        var where = new JsonObject();
        string[]? fields = null;
        foreach (var (name, values) in QueryHelpers.ParseQuery(query))
        {
            if (values.Count != 1 || values[0] is not { Length: > 0 } value)
                return null;
            switch (name)
            {
                case "limit":
                    if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) || limit == 0)
                        return null;
                    variables["first"] = limit;
                    continue;
                case "fields":
                    fields = ["id", .. value.Split(',')];
                    if (
                        fields.Any(f =>
                            type.Fields.All(k => k.Name != f || k.IsSecret || k.Kind is ObjectValue)
                            && f is not ("id" or "version" or "createdAt" or "updatedAt")
                        )
                    )
                        return null;
                    continue;
                case "after":
                    variables["after"] = value;
                    continue;
                case "q":
                    if (!type.Collection.Searchable)
                        return null;
                    variables["q"] = value;
                    continue;
                case "sort":
                    variables["order"] = new JsonArray([
                        .. value.Split(',').Select(s => Nested(s.TrimStart('-'), s.StartsWith('-') ? "DESC" : "ASC")),
                    ]);
                    continue;
            }
            var bracket = name.IndexOf('[', StringComparison.Ordinal);
            if (bracket >= 0 && !name.EndsWith(']'))
                return null;
            var (path, op) = bracket < 0 ? (name, "eq") : (name[..bracket], name[(bracket + 1)..].TrimEnd(']'));
            var field = type.Filter(path) ?? custom.FirstOrDefault(f => "custom." + f.Name == path);
            var isMoment = path is "createdAt" or "updatedAt";
            if (field is null && !isMoment)
                return null;
            JsonNode? Typed(string text) =>
                op == "exists"
                    ? text == "true"
                        ? true
                        : text == "false"
                            ? false
                            : text
                    : ((field?.Kind as ListValue)?.Item ?? field?.Kind)?.Name switch
                    {
                        "integer" => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : text,
                        "number" => decimal.TryParse(
                            text,
                            NumberStyles.Number & ~NumberStyles.AllowThousands,
                            CultureInfo.InvariantCulture,
                            out var d
                        )
                            ? d
                            : text,
                        "boolean" => text is "true" or "1" ? true
                        : text is "false" or "0" ? false
                        : text,
                        _ => text,
                    };
            var condition = Nested(
                path,
                new JsonObject
                {
                    [op == "ne" ? "neq" : op] = op is "in" or "nin" ? new JsonArray([.. value.Split(',').Select(Typed)]) : Typed(value),
                }
            );
            where["and"] = new JsonArray([.. (where["and"]?.AsArray().Select(n => n!.DeepClone()) ?? []), condition]);
        }
        if (where.Count > 0)
            variables["where"] = where;
        var name2 = Pascal(type.Name);
        var q = type.Collection.Searchable;
        return new(
            $"query($first: Int, $after: String, $where: {name2}FilterInput, $order: [{name2}SortInput!]{(q ? ", $q: String" : "")}) {{ x: {Camel(type.Plural)}(first: $first, after: $after, where: $where, order: $order{(q ? ", q: $q" : "")}) {{ nodes {all} pageInfo {{ hasNextPage endCursor }} }} }}",
            variables,
            (list, reply) =>
            {
                var more = list!["pageInfo"]!["hasNextPage"]!.GetValue<bool>();
                var next = more ? list["pageInfo"]!["endCursor"]!.GetValue<string>() : null;
                var answer = Answer(
                    200,
                    new JsonObject
                    {
                        ["data"] = new JsonArray([.. list["nodes"]!.AsArray().Select(r => Only(Rest(r!, type), fields))]),
                        ["page"] = new JsonObject { ["next"] = next, ["hasMore"] = more },
                    },
                    reply
                );
                if (more)
                    answer.Headers.TryAddWithoutValidation(
                        "Link",
                        $"<{address.ToString().TrimEnd('/')}{path0}?{string.Join('&', query.Split('&').Where(p => p.Length > 0 && !p.StartsWith("after=", StringComparison.Ordinal)).Append("after=" + next))}>; rel=\"next\""
                    );
                return head ? answer with { Text = "" } : answer;
            }
        );
    }

    static JsonNode Only(JsonNode record, string[]? fields)
    {
        if (fields is null)
            return record;
        var only = new JsonObject();
        foreach (var (name, value) in record.AsObject())
            if (fields.Contains(name))
                only[name] = value?.DeepClone();
        return only;
    }

    static JsonObject Nested(string path, JsonNode? value)
    {
        foreach (var step in path.Split('.').Reverse())
            value = new JsonObject { [step] = value };
        return (JsonObject)value!;
    }

    // ---- What is asked of a record, and as REST writes it

    static string Selection(ResourceType type, IReadOnlyList<Field> custom) =>
        "id version createdAt updatedAt " + Selection(type.Fields) + (custom.Count > 0 ? $" custom {{ {Selection(custom)} }}" : "");

    static string Selection(IEnumerable<Field> fields) =>
        string.Join(
            ' ',
            fields
                .Where(f => f.IsShown)
                .Select(f =>
                    f.Refers is { } refers && CrmCatalog.Standard.For(ResourceType.Of(refers)).Type.Can.HasFlag(Operations.Read)
                        ? $"{f.Name}: {f.Name}{(f.IsMany ? "Ids" : "Id")}"
                    : (f.Kind is ListValue list ? list.Item : f.Kind) is ObjectValue inner
                        ? $"{f.Name} {{ {Selection(inner.Type.Fields)} }}"
                    : f.Name
                )
        );

    static JsonNode Rest(JsonNode record, ResourceType type)
    {
        var rest = (JsonObject)record.DeepClone();
        if (type.TakesCustomFields)
            rest["custom"] = rest["custom"] is JsonObject custom
                ? new JsonObject(
                    custom.Where(m => m.Value is not null).Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value!.DeepClone()))
                )
                : [];
        return rest;
    }

    static Reply Payload(JsonNode payload, int success, ResourceType type, Reply reply, Uri address)
    {
        if (payload["errors"] is JsonArray errors)
        {
            var whole = errors[0]!;
            return Problem(
                ProblemCodes.All[whole["code"]!.ToString()],
                reply,
                whole["message"]!.ToString(),
                errors
                    .Skip(1)
                    .Select(e => new JsonObject
                    {
                        ["field"] = e!["field"]?.DeepClone(),
                        ["code"] = e["code"]!.DeepClone(),
                        ["message"] = e["message"]!.DeepClone(),
                    })
            );
        }
        if (success == 204)
            return new(204, "", reply.Headers, reply.ContentHeaders);
        if (payload[type.Name] is not JsonObject record)
            return Answer(success, payload["result"], reply);
        var rest = Rest(record, type);
        foreach (var (name, value) in payload["shownOnce"]?.AsObject() ?? [])
            rest[name] = value!.DeepClone();
        var answer = Answer(success, rest, reply);
        if (success == 201)
            answer.Headers.TryAddWithoutValidation("Location", new Uri(address, $"/v1/{type.Plural}/{record["id"]}").ToString());
        return answer;
    }

    static Reply Answer(int status, JsonNode? body, Reply reply)
    {
        var answer = new Reply(status, body?.ToJsonString() ?? "", new HttpResponseMessage().Headers, new ByteArrayContent([]).Headers);
        foreach (var (name, values) in reply.Headers)
            answer.Headers.TryAddWithoutValidation(name, values);
        answer.ContentHeaders.TryAddWithoutValidation("Content-Type", "application/json");
        if (body is JsonObject && body["version"] is { } version)
            answer.Headers.TryAddWithoutValidation("ETag", $"\"{version}\"");
        return answer;
    }

    static Reply Problem(ProblemCode code, Reply reply, string? detail = null, IEnumerable<JsonNode>? errors = null)
    {
        var answer = Answer(
            code.Status,
            new JsonObject
            {
                ["title"] = code.Title,
                ["status"] = code.Status,
                ["code"] = code.Code,
                ["detail"] = detail ?? code.Title,
                ["errors"] = new JsonArray([.. errors ?? []]),
            },
            reply
        );
        answer.ContentHeaders.Remove("Content-Type");
        answer.ContentHeaders.TryAddWithoutValidation("Content-Type", "application/problem+json");
        return answer;
    }

    static string Camel(string kebab) => char.ToLowerInvariant(kebab[0]) + Pascal(kebab)[1..];

    static string Pascal(string name) => string.Concat(name.Split('-').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}
