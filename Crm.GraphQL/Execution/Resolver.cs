// How the executor gets at values: members of the parent's JSON, or one call for all parents of a level.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.GraphQL.Language;

namespace Crm.GraphQL.Execution;

/// <summary>What went wrong, for the answer's <c>errors</c>.</summary>
public sealed record GraphError(string Message, IReadOnlyList<Location>? At = null, IReadOnlyList<object>? Path = null, string? Code = null)
{
    /// <summary>The validation rule that found it; not for the answer.</summary>
    public string? Rule { get; init; }
}

/// <summary>A field that could not be resolved; its message is for the caller.</summary>
public sealed class FieldException(string message, string code) : Exception(message)
{
    public string Code => code;
}

/// <summary>The value of a field for one parent.</summary>
public readonly struct Loaded(Piece value, GraphError? error = null)
{
    public Loaded(ReadOnlyMemory<byte> json, GraphError? error = null)
        : this(new Piece(json), error) { }

    public Piece Value => value;
    public GraphError? Error => error;

    public static readonly Loaded Null = default;
    public bool IsNull => value.IsNull;

    public static Loaded Of(JsonNode? node) => node is null ? Null : new((ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(node));
}

/// <param name="Parents">The JSON of every object of this level that the field stands in.</param>
/// <param name="Arguments">An object with the arguments that were given or have a default.</param>
/// <param name="Context">What the caller of the executor handed in.</param>
/// <param name="Place">Where the field stands among the root's fields; tells mutations of one request apart.</param>
public sealed record FieldCall(
    IReadOnlyList<ReadOnlyMemory<byte>> Parents,
    JsonElement Arguments,
    PlannedField Field,
    object? Context,
    string Place,
    CancellationToken Cancel
)
{
    /// <summary>How many lists the field stands in.</summary>
    public int InLists => Field.InLists;

    /// <summary>Whether a field of the result is asked for.</summary>
    public bool Asks(string name) => Field.Asks(name);
}

/// <param name="Member">The member of the parent's JSON; null when <paramref name="Load"/> computes the value.</param>
/// <param name="Load">Gives one result for each parent.</param>
/// <param name="Rows">How many objects the field may load for one parent, by its arguments and by how many lists it stands in; its cost.
/// Null: none.</param>
public sealed record Resolver(
    string? Member,
    Func<FieldCall, ValueTask<IReadOnlyList<Loaded>>>? Load,
    Func<JsonElement, int, int>? Rows = null
)
{
    /// <summary>Whether the objects that it loads for a parent are many: what stands in them stands in a list.</summary>
    public bool IsList { get; init; }

    public static Resolver Of(Func<FieldCall, JsonNode?> one) => new(null, call =>
        {
            var value = Loaded.Of(one(call));
            return new([.. call.Parents.Select(_ => value)]);
        });

    public static Resolver OfEach(Func<ReadOnlyMemory<byte>, JsonNode?> each) =>
        new(null, call => new([.. call.Parents.Select(p => Loaded.Of(each(p)))]));

    /// <summary>The member of that name, loaded and not copied.</summary>
    public static Resolver OfMember(string name)
    {
        var members = new StoredMembers([name]);
        return new(null, call => new([
                .. call.Parents.Select(parent =>
                {
                    Span<Place> places = new Place[1];
                    members.Find(parent.Span, places);
                    return new Loaded(parent[places[0].Start..places[0].End]);
                }),
            ]));
    }
}
