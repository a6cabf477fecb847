// What a Matomo tracker sent: parameters of the query, of a form and of a bulk body, whatever the content type says.

using System.Text;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Domain.Problems;
using Microsoft.AspNetCore.WebUtilities;

namespace Crm.Api.Matomo;

/// <param name="Hits">The parameters of each request, by name; of a name that is repeated the last, as PHP has it.</param>
/// <param name="Bulk">Whether they came as a list.</param>
/// <param name="Token">token_auth of the whole; a request of a list may bring its own.</param>
/// <param name="WantsImage">False: 204 without a body (send_image=0).</param>
public sealed record MatomoRequest(IReadOnlyList<Dictionary<string, string>> Hits, bool Bulk, string? Token, bool WantsImage)
{
    /// <summary>Bytes of a body, requests of a list, parameters of one.</summary>
    public const int MostBytes = 256 * 1024,
        MostHits = 200,
        MostParameters = 200;

    public static async ValueTask<MatomoRequest> Read(HttpRequest request)
    {
        var query = Parameters(request.QueryString.Value);
        if (!HttpMethods.IsPost(request.Method))
            return Single(query);
        var body = await LimitedBody.Read(request, MostBytes);
        // curl says it is a form, scripts say text, programs say JSON: only the body tells.
        var start = body.AsSpan().IndexOfAnyExcept(" \t\r\n"u8);
        if (start >= 0 && body[start] == '{')
            return List(body, query);
        foreach (var (name, value) in Parameters("?" + Encoding.UTF8.GetString(body)))
            query.TryAdd(name, value);
        return Single(query);
    }

    static MatomoRequest Single(Dictionary<string, string> values) =>
        new([values], false, values.GetValueOrDefault("token_auth"), values.GetValueOrDefault("send_image") != "0");

    static MatomoRequest List(byte[] body, Dictionary<string, string> query)
    {
        using var document = JsonBodyReader.Parse(body);
        if (
            !document.RootElement.TryGetProperty("requests", out var requests)
            || requests.ValueKind != JsonValueKind.Array
            || requests.GetArrayLength() == 0
        )
            throw Refused("requests", "Must be a list of requests: \"?idsite=1&rec=1&url=...\" or {\"idsite\":1,...}.");
        if (requests.GetArrayLength() > MostHits)
            throw Refused("requests", $"May have at most {MostHits} entries.");
        var hits = requests
            .EnumerateArray()
            .Select(entry =>
                entry.ValueKind switch
                {
                    JsonValueKind.String => Parameters(entry.GetString()!),
                    JsonValueKind.Object => Members(entry),
                    _ => [],
                }
            )
            .ToList();
        var all = Members(document.RootElement);
        return new(
            hits,
            true,
            all.GetValueOrDefault("token_auth") ?? query.GetValueOrDefault("token_auth"),
            (all.GetValueOrDefault("send_image") ?? query.GetValueOrDefault("send_image")) != "0"
        );
    }

    static Dictionary<string, string> Parameters(string? query)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(query?.StartsWith('?') == true ? query : "?" + query))
            if (values.Count < MostParameters)
                values[pair.DecodeName().ToString()] = pair.DecodeValue().ToString();
        values.Remove("");
        return values;
    }

    static Dictionary<string, string> Members(JsonElement entry)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in entry.EnumerateObject())
            if (
                values.Count < MostParameters
                && member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            )
                values[member.Name] = member.Value.ValueKind switch
                {
                    JsonValueKind.True => "1",
                    JsonValueKind.False => "0",
                    _ => member.Value.ToString(),
                };
        return values;
    }

    static ProblemException Refused(string field, string message) =>
        new(ProblemCodes.InvalidParameter, $"{field}: {message}", [new(field, "invalid", message)]);
}
