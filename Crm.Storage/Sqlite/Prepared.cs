// A commit made ready on its caller's thread: the writer is one thread for everybody, so it gets bytes to bind and nothing to compute.

using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

sealed class PreparedDocument
{
    readonly Document document;

    public PreparedDocument(CollectionPlan plan, Document document)
    {
        this.document = document;
        Plan = plan;
        Id = document.Id.ToBytes();
        Columns = new Cell[plan.Columns.Length];
        var many = new List<byte>();
        HashSet<(string, Key)>? seen = null;
        foreach (var (name, value) in document.Keys)
        {
            var field = plan.Field(name);
            if (field.Key is { } key && key.Kind == KeyKind.Text != value.IsText)
                throw new ArgumentException($"The key '{name}' has a value of the other kind.");
            if (field.Computed)
                throw new ArgumentException($"The key '{name}' is computed: no document carries it.");
            var cell = Cell.Of(value);
            if (field.Column is not null)
            {
                if (!Columns[field.Ordinal].IsNull)
                    throw new ArgumentException($"The key '{name}' has two values.");
                Columns[field.Ordinal] = cell;
            }
            else if (!(seen ??= []).Add((name, value)))
                continue;
            if (field.Place is not { } place)
                continue;
            KeyBytes.Append(many, place, name, value);
            var claimed = place == KeyBytes.Claim && document.Claims?.Contains((name, value.Text!)) != false;
            if (claimed)
                (Claims ??= []).Add((field, cell));
            else if (place == KeyBytes.Claim)
                KeyBytes.Append(many, KeyBytes.Unclaimed, name, value);
            if (!claimed && place != KeyBytes.Only)
                (Entries ??= []).Add((name, cell));
        }
        foreach (var (name, value) in document.Claims ?? [])
            AddApart(plan.Field(name), value, many);
        Many = [.. many];
        Words = SqliteSearch.Words(document.Words);
    }

    /// <summary>A claim that is not among the keys.</summary>
    void AddApart(FieldPlan field, string value, List<byte> many)
    {
        if (!field.Claimed)
            throw new ArgumentException($"The key '{field.Name}' is not unique.");
        var cell = Cell.Text(value);
        if (Claims?.Exists(claim => claim.Field == field && claim.Value.Equals(cell)) == true)
            return;
        KeyBytes.Append(many, KeyBytes.Apart, field.Name, Key.Of(value));
        (Claims ??= []).Add((field, cell));
    }

    /// <summary>The same document without some of its claims: it keeps the values as keys.</summary>
    public PreparedDocument Without(Predicate<(FieldPlan Field, Cell Value)> lost) =>
        new(
            Plan,
            document with
            {
                Claims = [.. Claims!.Where(claim => !lost(claim)).Select(claim => (claim.Field.Name, claim.Value.ToKey()!.Value.Text!))],
            }
        );

    public CollectionPlan Plan { get; }
    public byte[] Id { get; }
    public long Version => document.Version;
    public ReadOnlySpan<byte> Json => document.Json.Span;
    public int PositionAt => document.PositionAt;
    public Cell[] Columns { get; }
    public byte[] Many { get; }

    /// <summary>As <see cref="SqliteSearch.Words"/> writes them.</summary>
    public byte[] Words { get; }

    public List<(FieldPlan Field, Cell Value)>? Claims { get; private set; }
    public List<(string Field, Cell Value)>? Entries { get; }
}

/// <summary>One change; which of the members are set says which kind it is.</summary>
sealed class PreparedChange
{
    public PreparedDocument? Document { get; init; }
    public CollectionPlan? Plan { get; init; }
    public byte[] Id { get; init; } = [];
    public long IfVersion { get; init; }
    public bool Insert { get; init; }

    /// <summary>Computed members: the change touches no row.</summary>
    public PreparedAnnotation? Annotation { get; init; }

    /// <summary>An insert that gets a position.</summary>
    public bool Append { get; init; }

    public byte[]? Counter { get; init; }

    /// <summary>Several counters at once, added up over a batch.</summary>
    public CounterNames? Counters { get; init; }

    public long By { get; init; }
    public bool InInstallation { get; init; }

    /// <summary>The plan of the row that is inserted, replaced or deleted; null with all other changes.</summary>
    public CollectionPlan? RowPlan => Annotation is null ? Plan : null;

    /// <summary>Filled by the checks: the row that is replaced or deleted.</summary>
    public StoredRow? Old { get; set; }

    public static PreparedChange[] Prepare(IReadOnlyList<Change> changes, Func<Collection, CollectionPlan> planOf)
    {
        var prepared = new PreparedChange[changes.Count];
        for (var i = 0; i < prepared.Length; i++)
        {
            prepared[i] = changes[i] switch
            {
                Change.Insert { Document: var document } => OfDocument(document, 0, insert: true),
                Change.Append { Document: var document } => OfDocument(document, 0, insert: true, append: true),
                Change.Replace { Document: var document, IfVersion: var version } => OfDocument(document, version, insert: false),
                Change.Delete { Collection: var collection, Id: var id, IfVersion: var version } => new()
                {
                    Plan = planOf(collection),
                    Id = id.ToBytes(),
                    IfVersion = version,
                },
                Change.Annotate annotate => OfAnnotation(annotate),
                Change.Increment increment => new()
                {
                    Counter = Encoding.UTF8.GetBytes(increment.Counter),
                    By = increment.By,
                    InInstallation = increment.InInstallation,
                },
                Change.Count count => new() { Counters = count.Counters, By = count.By },
                var other => throw new ArgumentException($"Unknown change: {other.GetType().Name}."),
            };
            for (var j = 0; j < i; j++)
                if (prepared[i].RowPlan is { } plan && plan == prepared[j].RowPlan && prepared[i].Id.AsSpan().SequenceEqual(prepared[j].Id))
                    throw new ArgumentException("Two changes of one commit touch the same document.");
        }
        return prepared;

        PreparedChange OfAnnotation(Change.Annotate annotate)
        {
            var plan = planOf(annotate.Collection);
            return new()
            {
                Annotation = new(plan, annotate),
                Plan = plan,
                Id = annotate.Id.ToBytes(),
            };
        }

        PreparedChange OfDocument(Document document, long ifVersion, bool insert, bool append = false)
        {
            var ready = new PreparedDocument(planOf(document.Collection), document);
            Positions.Check(document, append, ready.Plan.Position is { } position ? !ready.Columns[position.Ordinal].IsNull : null);
            return new()
            {
                Document = ready,
                Plan = ready.Plan,
                Id = ready.Id,
                IfVersion = ifVersion,
                Insert = insert,
                Append = append,
            };
        }
    }
}

/// <summary>A row as the writer found it.</summary>
sealed record StoredRow(long Seq, long Version, byte[] Words, byte[] Many, Cell[] Columns);
