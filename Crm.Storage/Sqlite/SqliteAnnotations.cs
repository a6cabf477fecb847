// Computed members: beside the rows, so that changing them touches no row, and looked for only where a collection has any.

using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>
/// A row of "annotation" holds the members and, as "many" does for a document, their keys. Entries stand where all entries stand. The
/// methods on a link are the writer's, inside its transaction.
/// </summary>
sealed class SqliteAnnotations(SqliteLink link, Names names)
{
    /// <summary>The name under which a collection is numbered; no declared key can have it.</summary>
    public const string Field = "\"annotations";

    public const string Create =
        "CREATE TABLE IF NOT EXISTS annotation(collection INTEGER NOT NULL, seq INTEGER NOT NULL, members BLOB NOT NULL, many BLOB NOT NULL, PRIMARY KEY(collection, seq)) WITHOUT ROWID";

    const string Find = "SELECT members, many FROM annotation WHERE collection = ?1 AND seq = ?2";
    const string Put =
        "INSERT INTO annotation(collection, seq, members, many) VALUES(?1, ?2, ?3, ?4) ON CONFLICT(collection, seq) DO UPDATE SET members = excluded.members, many = excluded.many";
    const string Drop = "DELETE FROM annotation WHERE collection = ?1 AND seq = ?2";

    // ---- Reading

    /// <summary>The join that a statement needs before it may say <see cref="Members"/> or <see cref="Many"/>.</summary>
    public static string Join(CollectionPlan plan, Names names, SqlText sql) =>
        sql.Annotated ? $" LEFT JOIN annotation a ON a.collection = {names.Find(plan.Collection, Field)} AND a.seq = t.seq" : "";

    /// <summary>The last column, where it is there at all: a page of rows without any is not to pay for it.</summary>
    public static string Members(SqlText sql) => sql.Annotated ? ", a.members" : "";

    /// <summary>The bytes that a field's values are in, when it has no column.</summary>
    public static string Many(FieldPlan field, SqlText sql) =>
        !field.Computed ? "t.many"
        : sql.Annotated ? "coalesce(a.many, x'')"
        : "x''";

    /// <summary>The columns "members" and "many" as the change that made them.</summary>
    public static Change.Annotate ToChange(CollectionPlan plan, Id id, Statement row, int column) =>
        new(
            plan.Collection,
            id,
            row.Bytes(column).ToArray(),
            [.. KeyBytes.Read(row.Bytes(column + 1)).Select(item => (item.Field, item.Value.ToKey()!.Value))]
        );

    // ---- Writing

    /// <summary>Whether any document of the collection has computed members.</summary>
    public bool Any(CollectionPlan plan) =>
        link.First("SELECT count(*) FROM (SELECT 1 FROM annotation WHERE collection = ?1 LIMIT 1)", Number(plan)).Integer > 0;

    Cell Number(CollectionPlan plan) => Cell.Of(names.Find(plan.Collection, Field));

    public void Write(long ws, CollectionPlan plan, byte[] id, PreparedAnnotation annotation)
    {
        long seq;
        using (var row = link.Prepare(plan.SeqSql))
        {
            row.Bind(1, ws);
            row.Blob(2, id);
            if (!row.Step())
                return;
            seq = row.Integer(0);
        }
        names.FindOrAdd(link, plan.Collection.Name, Field);
        plan.Annotated = true;
        var (before, many) = Stored(plan, seq);
        var items = KeyBytes.Read(many);
        var gone = items.RemoveAll(item => annotation.Names.Any(member => Annotations.IsOf(item.Field, member)));
        if (gone > 0)
            DropEntries(ws, plan, id, many, member => annotation.Names.Any(name => Annotations.IsOf(member, name)));
        AddEntries(ws, plan, id, seq, annotation.Keys);
        Store(
            plan,
            seq,
            Annotations.Merge(before, annotation.Members),
            Pack(plan, items.Select(item => (item.Field, item.Value)).Concat(annotation.Keys))
        );
    }

    /// <summary>With its document.</summary>
    public void Delete(long ws, CollectionPlan plan, byte[] id, long seq)
    {
        if (!plan.Annotated)
            return;
        DropEntries(ws, plan, id, Stored(plan, seq).Many, _ => true);
        link.Run(Drop, Number(plan), Cell.Of(seq));
    }

    /// <summary>Puts the keys where the fields' plans of today say.</summary>
    public void Rekey(long ws, CollectionPlan plan, byte[] id, long seq)
    {
        if (!plan.Annotated || Stored(plan, seq) is not { Members.Length: > 0 } stored)
            return;
        DropEntries(ws, plan, id, stored.Many, _ => true);
        var kept = KeyBytes
            .Read(stored.Many)
            .Where(item =>
                plan.Collection.Key(item.Field) is { Computed: true } key && key.Kind == KeyKind.Text == (item.Value.Kind == CellKind.Text)
            )
            .Select(item => (item.Field, item.Value))
            .ToList();
        AddEntries(ws, plan, id, seq, kept);
        Store(plan, seq, stored.Members, Pack(plan, kept));
    }

    (byte[] Members, byte[] Many) Stored(CollectionPlan plan, long seq)
    {
        using var row = link.Prepare(Find);
        row.Bind(1, Number(plan));
        row.Bind(2, seq);
        return row.Step() ? (row.Bytes(0).ToArray(), row.Bytes(1).ToArray()) : ([], []);
    }

    void Store(CollectionPlan plan, long seq, byte[] members, byte[] many)
    {
        if (members.Length == 0)
            link.Run(Drop, Number(plan), Cell.Of(seq));
        else
            link.Run(Put, Number(plan), Cell.Of(seq), Cell.Blob(members), Cell.Blob(many));
    }

    static byte[] Pack(CollectionPlan plan, IEnumerable<(string Field, Cell Value)> keys)
    {
        var many = new List<byte>();
        foreach (var (field, value) in keys)
            KeyBytes.Append(many, plan.Field(field).Place!.Value, field, value.ToKey()!.Value);
        return [.. many];
    }

    void DropEntries(long ws, CollectionPlan plan, byte[] id, byte[] many, Func<string, bool> which)
    {
        foreach (var (_, field, value) in KeyBytes.Placed(many))
            if (which(field))
                link.Run(RowWriter.DropEntry, Cell.Of(ws), Cell.Of(names.Find(plan.Collection, field)), value, Cell.Blob(id));
    }

    void AddEntries(long ws, CollectionPlan plan, byte[] id, long seq, IEnumerable<(string Field, Cell Value)> keys)
    {
        foreach (var (field, value) in keys)
            if (plan.Field(field).Entered)
                link.Run(
                    RowWriter.AddEntry,
                    Cell.Of(ws),
                    Cell.Of(names.FindOrAdd(link, plan.Collection.Name, field)),
                    value,
                    Cell.Blob(id),
                    Cell.Of(seq)
                );
    }
}

/// <summary>Computed members made ready on their caller's thread.</summary>
sealed class PreparedAnnotation
{
    readonly Change.Annotate change;

    /// <exception cref="ArgumentException">No database could store it.</exception>
    public PreparedAnnotation(CollectionPlan plan, Change.Annotate change)
    {
        this.change = change;
        Names = AnnotatedKeys.Check(plan.Collection, change);
        Keys = [.. change.Keys.Distinct().Select(key => (key.Field, Cell.Of(key.Value)))];
    }

    public ReadOnlySpan<byte> Members => change.Members.Span;
    public IReadOnlyList<string> Names { get; }
    public IReadOnlyList<(string Field, Cell Value)> Keys { get; }
}
