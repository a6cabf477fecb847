// Which moves a record's state can make, and who owns each: a change of the field, or a verb that does more than that.

using System.Reflection;
using Crm.Domain.Problems;

namespace Crm.Domain.Resources;

/// <summary>
/// The moves of one status field, said on its resource as <c>public static readonly StateTable States</c>. A patch that would do a verb's
/// work is refused with the verb's name; a verb asks whether it may move the record. OpenAPI and GraphQL describe it.
/// </summary>
public sealed class StateTable
{
    /// <param name="Verb">Null: by changing the field itself, or by the product's own work.</param>
    sealed record Move(string From, string To, string? Verb, bool ByProduct = false);

    readonly List<Move> moves = [];
    readonly Func<Resource, string> read;

    StateTable(string field, Func<Resource, string> read) => (Field, this.read) = (field, read);

    /// <summary>The field's name.</summary>
    public string Field { get; }

    public static StateTable Of<TRecord, TState>(string field, Func<TRecord, TState> read)
        where TRecord : Resource
        where TState : struct, Enum => new(field, record => Names.Camel(read((TRecord)record).ToString()));

    /// <summary>States that a change of the field moves between, each to each; a new record starts in one of them.</summary>
    public StateTable Patch<TState>(params IReadOnlyList<TState> among)
        where TState : struct, Enum
    {
        foreach (var from in among)
        foreach (var to in among)
            moves.Add(new(Word(from), Word(to), null));
        return this;
    }

    /// <summary>A move that only this verb makes.</summary>
    public StateTable Verb<TState>(string verb, TState to, params IReadOnlyList<TState> from)
        where TState : struct, Enum
    {
        foreach (var one in from)
            moves.Add(new(Word(one), Word(to), verb));
        return this;
    }

    /// <summary>A move that the product's own work makes: intake, a worker.</summary>
    public StateTable Product<TState>(TState to, params IReadOnlyList<TState> from)
        where TState : struct, Enum
    {
        foreach (var one in from)
            moves.Add(new(Word(one), Word(to), null, ByProduct: true));
        return this;
    }

    static string Word<TState>(TState state)
        where TState : struct, Enum => Names.Camel(state.ToString());

    /// <summary>The table of a resource; null when it has none.</summary>
    internal static StateTable? OfResource(Type clr) =>
        clr.GetField("States", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as StateTable;

    /// <summary>What is wrong with a caller's change of the field; null when it may be.</summary>
    /// <param name="before">Null for a new record.</param>
    public StateRefusal? Refusal(Resource? before, Resource after)
    {
        var (from, to) = (before is null ? null : read(before), read(after));
        if (
            from == to
            || moves.Exists(move => move is { Verb: null, ByProduct: false } && (from is null || move.From == from) && move.To == to)
        )
            return null;
        var verb = moves.Find(move => move.Verb is not null && (from is null || move.From == from) && move.To == to)?.Verb;
        return new(
            verb,
            verb is not null ? $"Becomes {to} by the verb {verb} only."
                : from is null ? $"A new record cannot be {to}."
                : $"Is {from}, and cannot become {to}."
        );
    }

    /// <summary>The states that a verb starts from.</summary>
    public IEnumerable<string> From(string verb) => moves.Where(move => move.Verb == verb).Select(move => move.From).Distinct();

    /// <summary>Nothing, when a verb can be run on this record as it is.</summary>
    /// <exception cref="ProblemException">409 <c>wrong_state</c>: it says how the record is and how it would have to be.</exception>
    public void Require(string verb, Resource record)
    {
        var now = read(record);
        var from = From(verb).ToList();
        if (!from.Contains(now))
            throw new ProblemException(ProblemCodes.WrongState, $"It is {now}, and must be {string.Join(" or ", from)}.");
    }

    /// <summary>One sentence about the moves that verbs own, for readers of the API.</summary>
    public string Description =>
        string.Join(
            " ",
            moves
                .GroupBy(move => move.To)
                .Where(group => group.All(move => move.Verb is not null))
                .Select(group => $"Becomes {group.Key} by the verb {string.Join(" or ", group.Select(move => move.Verb).Distinct())} only.")
        );
}

/// <param name="Verb">The verb that makes the move; null when none does.</param>
public sealed record StateRefusal(string? Verb, string Message);
