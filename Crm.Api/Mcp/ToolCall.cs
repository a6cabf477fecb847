// One call of a tool: its arguments by name, and the requests that it makes.

using System.Text;
using System.Text.Json;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Api.Mcp;

public sealed class ToolCall(
    string tool,
    IReadOnlyDictionary<string, JsonElement> arguments,
    HttpContext http,
    Installation installation,
    RestRoutes routes,
    CancellationToken cancel
)
{
    readonly HashSet<string> read = new(StringComparer.Ordinal);

    public HttpContext Http => http;
    public Caller Caller { get; } = Caller.Of(http);
    public Catalog Catalog => installation.Catalog;
    public RestRoutes Routes => routes;
    public CancellationToken Cancel => cancel;

    public Task<RestReply> Rest(RestCall call) => routes.Run(http, call, cancel);

    // ---- Arguments

    static ProblemException Wrong(string name, string message, string code = "invalid") =>
        new(ProblemCodes.InvalidParameter, $"{name}: {message}", [new(name, code, message)]);

    JsonElement? Find(string name)
    {
        read.Add(name);
        return arguments.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;
    }

    public string? Text(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            _ => throw Wrong(name, "Must be a text.", "wrong_type"),
        };

    public string MustText(string name) => Text(name) is { Length: > 0 } text ? text : throw Wrong(name, "A value is needed.", "required");

    public int? Whole(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var whole) => whole,
            _ => throw Wrong(name, "Must be a whole number.", "wrong_type"),
        };

    /// <summary>How many rows are asked for, for what they cost; what is not allowed is refused where they are read.</summary>
    public int Limit(int usual, int most) => Math.Clamp(Whole("limit") ?? usual, 1, most);

    public JsonElement? Object(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Object } found => found,
            _ => throw Wrong(name, "Must be an object.", "wrong_type"),
        };

    /// <summary>A list of texts, or a text with commas.</summary>
    public string? Joined(string name) =>
        Find(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Array } list => string.Join(',', list.EnumerateArray().Select(one => Plain(one, name))),
            _ => throw Wrong(name, "Must be a list of texts.", "wrong_type"),
        };

    static string Plain(JsonElement value, string name) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw Wrong(name, "Must be a text, a number or a boolean.", "wrong_type"),
        };

    /// <summary>An object whose members are parameters of an address.</summary>
    /// <param name="taken">Parameters that have an argument of their own.</param>
    public IEnumerable<KeyValuePair<string, string?>> Parameters(string name, params string[] taken)
    {
        foreach (var member in Object(name)?.EnumerateObject() ?? [])
        {
            if (taken.Contains(member.Name))
                throw Wrong($"{name}.{member.Name}", "Is no filter.", "unknown");
            if (member.Value.ValueKind != JsonValueKind.Array)
                yield return new(member.Name, Plain(member.Value, $"{name}.{member.Name}"));
            else if (member.Value.GetArrayLength() == 0) // it would be no condition, and find everything
                throw Wrong($"{name}.{member.Name}", "Must have a value.", "required");
            else
                foreach (var one in member.Value.EnumerateArray()) // given several times, as in an address
                    yield return new(member.Name, Plain(one, $"{name}.{member.Name}"));
        }
    }

    public CatalogEntry Resource(string name = "resource") =>
        MustText(name) is var plural && Catalog.Find(plural) is { } entry && entry.Type.Can != Operations.None
            ? entry
            : throw Wrong(name, $"There is no such resource. There are: {string.Join(", ", Catalog.Public.Select(e => e.Type.Plural))}.");

    /// <summary>What does nothing is refused, so that nobody relies on it.</summary>
    public void TakesNothingElse()
    {
        if (arguments.Keys.FirstOrDefault(name => !read.Contains(name)) is { } other)
            throw new ProblemException(
                ProblemCodes.UnknownParameter,
                $"{TextRules.Cut(other, 60)}: Allowed are: {string.Join(", ", read)}.",
                [new(TextRules.Cut(other, 60), "unknown", $"Allowed are: {string.Join(", ", read)}.")]
            );
    }

    /// <summary>What is planned is the whole call, whichever of its arguments somebody changes.</summary>
    public AsksForPlans Plans()
    {
        var token = Text("plan");
        var call = new StringBuilder(tool);
        foreach (var (name, value) in arguments.Where(one => one.Key != "plan").OrderBy(one => one.Key, StringComparer.Ordinal))
            call.Append('\n').Append(name).Append('=').Append(value.GetRawText());
        return new(call.ToString(), token);
    }

    public ToolAudience Audience => new(Caller, Catalog, routes);

    public RouteEndpoint Route(CatalogEntry entry, string operation) =>
        routes.Find(entry, operation)
        ?? throw new ProblemException(ProblemCodes.MethodNotAllowed, $"{operation} is nothing that can be done with {entry.Type.Plural}.");
}
