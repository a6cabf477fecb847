// A request as any of the transports brings it: read from a body, a query string or a message, within the limits for variables.

using System.Text.Json;
using Crm.Api.Http;
using Crm.Domain.Problems;

namespace Crm.Api.GraphQL;

/// <param name="Query">The text; null when only a document's id was sent.</param>
/// <param name="DocumentId">The id of a trusted document, as its own member or as clients of persisted queries send it.</param>
/// <param name="Fingerprint">Of the whole request, for idempotency.</param>
public sealed record GraphQLRequest(string? Query, string? DocumentId, string? OperationName, JsonElement Variables, string Fingerprint)
{
    public const int MostVariableDepth = 16,
        MostVariableBytes = 64 * 1024;

    public static async ValueTask<GraphQLRequest> Read(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method))
        {
            var query = http.Request.Query;
            return Of(
                Text("query"),
                Text("documentId"),
                Text("operationName"),
                Object(Text("variables"), "variables"),
                Object(Text("extensions"), "extensions"),
                ""
            );
            string? Text(string name) => query[name] is [{ Length: > 0 } text] ? text : null;
        }
        using var body = await JsonBodyReader.Read(http.Request, optional: false, http.RequestAborted);
        return Read(body.Root, body.Fingerprint);
    }

    /// <summary>Reads a body or a message's payload; throws a <see cref="ProblemException"/> that says what is wrong with it.</summary>
    public static GraphQLRequest Read(JsonElement body, string fingerprint)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw Malformed("The body must be one JSON object; batches are not taken.");
        return Of(
            Member(body, "query", JsonValueKind.String)?.GetString(),
            Member(body, "documentId", JsonValueKind.String)?.GetString(),
            Member(body, "operationName", JsonValueKind.String)?.GetString(),
            Member(body, "variables", JsonValueKind.Object)?.Clone() ?? default,
            Member(body, "extensions", JsonValueKind.Object) ?? default,
            fingerprint
        );
    }

    static GraphQLRequest Of(
        string? query,
        string? id,
        string? operation,
        JsonElement variables,
        JsonElement extensions,
        string fingerprint
    )
    {
        if (variables.ValueKind == JsonValueKind.Object)
        {
            if (Depth(variables) > MostVariableDepth)
                throw new ProblemException(ProblemCodes.TooDeep, $"variables may be nested {MostVariableDepth} deep at most.");
            if (System.Text.Encoding.UTF8.GetByteCount(variables.GetRawText()) > MostVariableBytes)
                throw new ProblemException(ProblemCodes.BodyTooLarge, $"variables may have at most {MostVariableBytes} bytes.");
        }
        // As Apollo's and other clients name a document that was stored before.
        if (
            id is null
            && extensions.ValueKind == JsonValueKind.Object
            && Member(extensions, "persistedQuery", JsonValueKind.Object) is { } persisted
        )
            id = Member(persisted, "sha256Hash", JsonValueKind.String)?.GetString();
        if (query is not { Length: > 0 } && id is not { Length: > 0 })
            throw Malformed("query is needed, as text, or the documentId of a trusted document.");
        return new(
            query is { Length: > 0 } ? query : null,
            id is { Length: > 0 } ? id : null,
            operation is { Length: > 0 } ? operation : null,
            variables,
            fingerprint
        );
    }

    /// <summary>Levels of objects and lists; the reader has limited them before.</summary>
    static int Depth(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => 1 + value.EnumerateObject().Select(m => Depth(m.Value)).DefaultIfEmpty(0).Max(),
            JsonValueKind.Array => 1 + value.EnumerateArray().Select(Depth).DefaultIfEmpty(0).Max(),
            _ => 0,
        };

    static JsonElement? Member(JsonElement body, string name, JsonValueKind kind) =>
        !body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == kind ? value
        : throw Malformed($"{name} must be {(kind == JsonValueKind.String ? "text" : "an object")}.");

    static JsonElement Object(string? text, string name)
    {
        if (text is null)
            return default;
        using var json = JsonBodyReader.Parse(System.Text.Encoding.UTF8.GetBytes(text));
        return json.RootElement.ValueKind switch
        {
            JsonValueKind.Null => default,
            JsonValueKind.Object => json.RootElement.Clone(),
            _ => throw Malformed($"{name} must be an object."),
        };
    }

    static ProblemException Malformed(string detail) => new(ProblemCodes.BodyMalformed, detail);
}
