// A commit made ready on its caller's thread: what no database could store is refused here, and its keys are worked out once.

using Crm.Domain.Stores;

namespace Crm.Storage.Postgres;

readonly record struct RowKey(CollectionPlan Plan, long Ws, Guid Id);

/// <param name="Space">Where the value is unique: the workspace, or 0 for the whole installation.</param>
readonly record struct ClaimKey(long Space, FieldPlan Field, string Value);

/// <summary>One change of a commit: of a row, of its computed members, or of a counter.</summary>
/// <param name="Document">What the row will be; null: it is deleted.</param>
/// <param name="Other">An increment, a count or computed members; null: it is about a row.</param>
/// <param name="IsAppend">It is an insert that gets a position.</param>
readonly record struct Step(
    RowKey Row,
    Document? Document,
    bool IsInsert,
    long IfVersion,
    ClaimKey[] Claims,
    Change? Other,
    bool IsAppend = false
);

sealed class PostgresCommit
{
    /// <exception cref="ArgumentException">No database could make this commit.</exception>
    public PostgresCommit(long ws, IReadOnlyList<Change> changes, Func<Collection, CollectionPlan> planOf)
    {
        Ws = ws;
        Steps = new Step[changes.Count];
        for (var i = 0; i < Steps.Length; i++)
        {
            Steps[i] = changes[i] switch
            {
                Change.Insert { Document: var document } => Of(planOf(document.Collection), ws, document, true, 0),
                Change.Append { Document: var document } => Of(planOf(document.Collection), ws, document, true, 0, isAppend: true),
                Change.Replace { Document: var document, IfVersion: var version } => Of(
                    planOf(document.Collection),
                    ws,
                    document,
                    false,
                    version
                ),
                Change.Delete delete => new(
                    new(planOf(delete.Collection), ws, Value.Id(delete.Id)),
                    null,
                    false,
                    delete.IfVersion,
                    [],
                    null
                ),
                Change.Annotate annotate => Of(planOf(annotate.Collection), ws, annotate),
                Change.Increment or Change.Count => new(default, null, false, 0, [], changes[i]),
                _ => throw new ArgumentException($"Unknown change: {changes[i].GetType().Name}."),
            };
            OnlyAdds &= Steps[i].IsInsert || Steps[i].Other is not null;
        }
        OnlyAdds &= Array.TrueForAll(Steps, step =>
            step.Other is not Change.Annotate || Array.Exists(Steps, s => s.IsInsert && s.Row == step.Row)
        );
        CheckThatRowsDiffer();
    }

    public long Ws { get; }
    public Step[] Steps { get; }

    /// <summary>It changes nothing that is there: new rows and counters only.</summary>
    public bool OnlyAdds { get; } = true;

    static Step Of(CollectionPlan plan, long ws, Document document, bool isInsert, long ifVersion, bool isAppend = false)
    {
        Check(plan, document);
        Positions.Check(document, isAppend, plan.Position is null ? null : PositionOf(document) is not null);
        return new(new(plan, ws, Value.Id(document.Id)), document, isInsert, ifVersion, ClaimsOf(plan, ws, document), null, isAppend);
    }

    public static long? PositionOf(Document document)
    {
        foreach (var (name, value) in document.Keys)
            if (name == Collection.PositionKey)
                return (long)value.Number;
        return null;
    }

    static Step Of(CollectionPlan plan, long ws, Change.Annotate annotate)
    {
        AnnotatedKeys.Check(plan.Collection, annotate);
        foreach (var (_, value) in annotate.Keys)
            if (!value.IsText)
                Value.Number(value.Number);
        return new(new(plan, ws, Value.Id(annotate.Id)), null, false, 0, [], annotate);
    }

    void CheckThatRowsDiffer()
    {
        for (var i = 1; i < Steps.Length; i++)
            if (Steps[i].Other is null)
                for (var j = 0; j < i; j++)
                    if (Steps[j].Row == Steps[i].Row && Steps[j].Other is null)
                        throw new ArgumentException("Two changes of one commit touch the same document.");
    }

    static void Check(CollectionPlan plan, Document document)
    {
        ulong seen = 0;
        foreach (var (name, value) in document.Keys)
        {
            var field = plan.Field(name);
            if (field.Key is { } key && key.Kind == KeyKind.Text != value.IsText)
                throw new ArgumentException($"The key '{name}' has a value of the other kind.");
            if (field.Computed)
                throw new ArgumentException($"The key '{name}' is computed: no document carries it.");
            if (field.Column is not null)
            {
                var bit = 1UL << field.Place;
                if ((seen & bit) != 0)
                    throw new ArgumentException($"The key '{name}' has two values.");
                seen |= bit;
            }
            if (!value.IsText)
                Value.Number(value.Number);
            else if (field.IsBounded)
                CheckLength(name, value.Text!);
        }
        foreach (var (name, value) in document.Claims ?? [])
            CheckLength(name, plan.Field(name).Unique ? value : throw new ArgumentException($"The key '{name}' is not unique."));
    }

    static void CheckLength(string name, string value)
    {
        if (value.Length > Value.Longest / 3 && Value.Text(value).Length > Value.Longest)
            throw new ArgumentException($"The key '{name}' is longer than {Value.Longest} bytes, which an index takes.");
    }

    public static ClaimKey[] ClaimsOf(CollectionPlan plan, long ws, Document document)
    {
        if (!plan.HasUnique)
            return [];
        List<ClaimKey>? claims = null;
        if (document.Claims is { } listed)
            foreach (var (name, value) in listed)
                Add(plan.Field(name), value);
        else
            foreach (var (name, value) in document.Keys)
                if (plan.Field(name) is { Unique: true } field)
                    Add(field, value.Text!);
        return claims is null ? [] : [.. claims];

        void Add(FieldPlan field, string value)
        {
            var claim = new ClaimKey(field.InInstallation ? 0 : ws, field, value);
            if (claims?.Contains(claim) != true)
                (claims ??= []).Add(claim);
        }
    }

    /// <summary>Whether a claim is not among the document's keys: no filter may find it.</summary>
    public static bool IsApart(Document document, in ClaimKey claim) =>
        document.Claims is not null && !document.Keys.Contains((claim.Field.Name, Key.Of(claim.Value)));
}
