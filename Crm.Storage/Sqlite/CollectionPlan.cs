// How a collection lies in SQLite: its table, a column per single-valued key, and where every other key is kept.

using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>Where one field's values are. <c>Place</c> is null for a column that is not unique.</summary>
/// <param name="Collection">Part of what makes a field itself: two collections may have one of the same name and kind.</param>
/// <param name="Column">Quoted column of the collection's table, or null.</param>
/// <param name="Index">Quoted index (ws, column, id), or null.</param>
/// <param name="Place">Its letter in "many", or null when the column is all there is.</param>
sealed record FieldPlan(string Collection, string Name, KeyField? Key, string? Column, string? Index, char? Place, int Ordinal)
{
    public bool Claimed => Place == KeyBytes.Claim;
    public bool Entered => Place == KeyBytes.Entry;
    public bool Installation => Key?.Unique == KeyUnique.InInstallation;
    public bool Custom => Key is null;
    public bool Computed => Key?.Computed == true;

    /// <summary>It has one value, which is among the entries: they are in its order.</summary>
    public bool Ordered => Column is null && Entered && Key?.Many != true;
}

sealed class CollectionPlan
{
    public const string CustomPrefix = "custom.";

    readonly Dictionary<string, FieldPlan> fields = [];
    readonly Dictionary<long, string> updates = [];
    readonly Dictionary<long, Id> largest = [];
    bool annotated;
    readonly Dictionary<long, long> lastPositions = [];

    public CollectionPlan(Collection collection)
    {
        if (collection.Name.Length == 0 || collection.Name.Any(c => c is not ((>= 'a' and <= 'z') or '_' or (>= '0' and <= '9'))))
            throw new ArgumentException($"A collection's name has lower-case letters and underscores: '{collection.Name}'.");
        Collection = collection;
        Table = $"\"d_{collection.Name}\"";
        IdIndex = $"\"id_{collection.Name}\"";
        Search = $"\"s_{collection.Name}_words\"";
        SearchTerms = $"\"v_{collection.Name}_words\"";
        var columns = new List<FieldPlan>();
        foreach (var key in collection.Keys)
        {
            if (key.Name.Length == 0 || key.Name.Any(c => c is '"' or < ' ') || key.Name.StartsWith(CustomPrefix, StringComparison.Ordinal))
                throw new ArgumentException($"Not a key's name: '{key.Name}'.");
            if (key.Unique != KeyUnique.No && key.Kind != KeyKind.Text)
                throw new ArgumentException($"The unique key '{key.Name}' is not text.");
            if (key is { Computed: true, Unique: not KeyUnique.No })
                throw new ArgumentException($"The computed key '{key.Name}' cannot be unique.");
            var column = key.Many || key.Computed ? null : $"\"k_{key.Name.Replace(".", "__", StringComparison.Ordinal)}\"";
            char? place =
                key.Unique != KeyUnique.No ? KeyBytes.Claim
                : column is not null ? null
                : key.Indexed ? KeyBytes.Entry
                : KeyBytes.Only;
            var index = column is not null && key.Indexed ? $"\"i_{collection.Name}.{column[3..]}" : null;
            var field = new FieldPlan(collection.Name, key.Name, key, column, index, place, columns.Count);
            if (column is not null && columns.Exists(other => string.Equals(other.Column, column, StringComparison.OrdinalIgnoreCase)))
                throw new ArgumentException($"Two keys of '{collection.Name}' have the same column: {column}.");
            if (column is not null)
                columns.Add(field);
            fields.Add(key.Name, field);
        }
        if (columns.Count > 60)
            throw new ArgumentException($"'{collection.Name}' has more than 60 single-valued keys.");
        Columns = [.. columns];
        if (collection.Appended)
            Position = fields.GetValueOrDefault(Collection.PositionKey) is { Index: not null, Key.Kind: KeyKind.Number } position
                ? position
                : throw new ArgumentException($"'{collection.Name}' is appended to and has no indexed number '{Collection.PositionKey}'.");
        var names = string.Concat(Columns.Select(field => ", " + field.Column));
        var marks = string.Concat(Enumerable.Range(7, Columns.Length).Select(n => $", ?{n}"));
        InsertSql =
            $"INSERT INTO {Table}(ws, seq, id, version, words, many{names}, json) VALUES(?1, ?2, ?3, ?4, ?5, ?6{marks}, ?{7 + Columns.Length})";
        FindSql =
            $"SELECT t.seq, t.version, t.words, t.many{string.Concat(Columns.Select(field => ", t." + field.Column))} FROM {Table} t WHERE {Workspace.Is("t")} AND t.id = ?2";
        ExistsSql = $"SELECT 1 FROM {Table} t WHERE {Workspace.Is("t")} AND t.id = ?2";
        LargestSql = $"SELECT max(t.id) FROM {Table} t WHERE {Workspace.Is("t")}";
        GetSql = $"SELECT t.version, t.json FROM {Table} t WHERE {Workspace.Is("t")} AND t.id = ?2";
        GetAnnotatedSql =
            $"SELECT t.version, t.json, a.members FROM {Table} t LEFT JOIN annotation a ON a.collection = ?3 AND a.seq = t.seq WHERE {Workspace.Is("t")} AND t.id = ?2";
        SeqSql = $"SELECT t.seq FROM {Table} t INDEXED BY {IdIndex} WHERE {Workspace.Is("t")} AND t.id = ?2";
        DeleteSql = $"DELETE FROM {Table} AS t WHERE {Workspace.Is("t")} AND t.seq = ?2";
    }

    public Collection Collection { get; }
    public string Table { get; }
    public string IdIndex { get; }
    public string Search { get; }

    /// <summary>The terms of the search index, and which rows have them.</summary>
    public string SearchTerms { get; }

    public FieldPlan[] Columns { get; }

    /// <summary>The column of the positions; null unless the collection is appended to.</summary>
    public FieldPlan? Position { get; }

    public IEnumerable<FieldPlan> Fields => fields.Values;
    public string InsertSql { get; }
    public string FindSql { get; }
    public string ExistsSql { get; }
    public string LargestSql { get; }
    public string GetSql { get; }
    public string GetAnnotatedSql { get; }
    public string SeqSql { get; }
    public string DeleteSql { get; }

    /// <summary>Sequence numbers are given by the writer; only it reads or changes this.</summary>
    public long NextSeq { get; set; } = 1;

    /// <summary>Rows up to this one are in the search index, except those that wait in search_pending. Only the writer uses it.</summary>
    public long SearchedUpTo { get; set; }

    /// <summary>How many rows wait in search_pending, at most. Only the writer uses it.</summary>
    public long SearchPending { get; set; }

    /// <summary>Whether a document has, or had, computed members: only then is it worth looking for them. Set by the writer before its
    /// commit, never taken back.</summary>
    public bool Annotated
    {
        get => Volatile.Read(ref annotated);
        set => Volatile.Write(ref annotated, value);
    }

    /// <summary>
    /// No id of the workspace is above this one. New ids are made in order, so this answers "does it exist" for nearly every insert without
    /// a look at the disk. Only the writer uses it; a value that is too high after a roll-back costs a look, no more.
    /// </summary>
    public Id Largest(long ws, Func<Id> stored)
    {
        if (largest.TryGetValue(ws, out var id))
            return id;
        if (largest.Count >= 10_000)
            largest.Clear();
        id = stored();
        largest.Add(ws, id);
        return id;
    }

    public void Grow(long ws, Id id)
    {
        if (largest.TryGetValue(ws, out var before) && id.CompareTo(before) > 0)
            largest[ws] = id;
    }

    /// <summary>The last position that was given in a workspace, as far as it is remembered. Only the writer uses it.</summary>
    public long? LastPosition(long ws) => lastPositions.TryGetValue(ws, out var last) ? last : null;

    /// <summary>Remembers what was committed.</summary>
    public void Remember(long ws, long position)
    {
        if (lastPositions.Count >= 10_000)
            lastPositions.Clear();
        lastPositions[ws] = position;
    }

    /// <summary>What was committed is no longer certain: it is read again.</summary>
    public void ForgetPositions() => lastPositions.Clear();

    public FieldPlan Field(string name)
    {
        if (fields.TryGetValue(name, out var field))
            return field;
        if (name.Length > CustomPrefix.Length && name.StartsWith(CustomPrefix, StringComparison.Ordinal) && !name.Any(c => c < ' '))
            return new(Collection.Name, name, null, null, null, KeyBytes.Entry, -1);
        throw new ArgumentException($"'{Collection.Name}' has no key '{name}'.");
    }

    /// <summary>
    /// Sets the version, the JSON, and of the rest only what is told: SQLite rewrites every index whose column is named, changed or not.
    /// Bit 0: words, bit 1: many, bit 2+n: column n. The parameters are numbered the same way whatever is left out.
    /// </summary>
    public string UpdateSql(long changed)
    {
        if (updates.TryGetValue(changed, out var sql))
            return sql;
        var text = new StringBuilder($"UPDATE {Table} AS t SET version = ?3, json = ?4");
        if ((changed & 1) != 0)
            text.Append(", words = ?5");
        if ((changed & 2) != 0)
            text.Append(", many = ?6");
        for (var i = 0; i < Columns.Length; i++)
            if ((changed & (4L << i)) != 0)
                text.Append($", {Columns[i].Column} = ?{7 + i}");
        sql = text.Append($" WHERE {Workspace.Is("t")} AND t.seq = ?2").ToString();
        if (updates.Count < 128)
            updates.Add(changed, sql);
        return sql;
    }

    /// <summary>What is stored about the layout: a difference means that rows must be keyed anew.</summary>
    public string Description =>
        string.Join(
            '\n',
            fields
                .Values.OrderBy(kept => kept.Name, StringComparer.Ordinal)
                .Select(kept =>
                    $"{kept.Name} {kept.Key!.Kind} {(kept.Key.Many ? "many" : "one")} {(kept.Key.Indexed ? "indexed" : "plain")} {kept.Key.Unique}{(kept.Computed ? " computed" : "")}"
                )
                .Append(Collection.Searchable ? $"searchable by class {Collection.WordsFrom}" : "not searchable")
                .Concat(Collection.Appended ? ["appended"] : [])
        );
}

/// <summary>The only place that says which rows belong to a workspace: the first parameter of every statement is the workspace.</summary>
static class Workspace
{
    public static string Is(string alias) => $"{alias}.ws = ?1";
}
