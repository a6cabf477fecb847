// How a collection lies in PostgreSQL: its table, a column per single-valued key, and a table of entries for every other key.

using System.Runtime.InteropServices;
using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Postgres;

/// <summary>Where one field's values are: in a column of the row, among the claims, or among the row's entries. One object per declared
/// field.</summary>
/// <param name="column">Quoted column, or null: there may be several values.</param>
/// <param name="place">The column's place among the collection's columns.</param>
sealed class FieldPlan(CollectionPlan of, string name, KeyField? key, string? column, int place)
{
    public CollectionPlan Of => of;
    public string Name => name;
    public KeyField? Key => key;
    public string? Column => column;
    public int Place => place;
    public bool Unique { get; } = key is { Unique: not KeyUnique.No };
    public bool InInstallation => key?.Unique == KeyUnique.InInstallation;
    public bool Custom => key is null;
    public bool Computed { get; } = key is { Computed: true };
    public bool IsText => key is not { Kind: KeyKind.Number };

    /// <summary>Filters find its values in the claims; only those that are not claimed need entries.</summary>
    public bool Claimed => Unique && column is null;

    /// <summary>Its values are whole in an index.</summary>
    public bool IsBounded { get; } = key is { } declared && (declared.Unique != KeyUnique.No || declared.Indexed && column is not null);

    /// <summary>Text is bytea: compared byte by byte whatever the database's collation, and any character may be in it.</summary>
    public string Type => IsText ? "bytea" : "float8";
}

sealed class CollectionPlan
{
    public const string CustomPrefix = "custom.";
    const int MostColumns = 64;

    readonly Dictionary<string, FieldPlan> fields = [];

    public CollectionPlan(Collection collection)
    {
        if (collection.Name.Length == 0 || collection.Name.Any(c => c is not ((>= 'a' and <= 'z') or '_' or (>= '0' and <= '9'))))
            throw new ArgumentException($"A collection's name has lower-case letters and underscores: '{collection.Name}'.");
        Collection = collection;
        Table = $"\"d_{collection.Name}\"";
        Entries = $"\"e_{collection.Name}\"";
        Annotations = $"\"a_{collection.Name}\"";
        Members = $"CASE WHEN t.annotated THEN (SELECT a.members FROM {Annotations} a WHERE a.ws = t.ws AND a.id = t.id) END";
        foreach (var key in collection.Keys)
        {
            if (
                key.Name.Length is 0 or > 50
                || key.Name.Any(c => c is '"' or < ' ')
                || key.Name.StartsWith(CustomPrefix, StringComparison.Ordinal)
            )
                throw new ArgumentException($"Not a key's name: '{key.Name}'.");
            if (key.Unique != KeyUnique.No && key.Kind != KeyKind.Text)
                throw new ArgumentException($"The unique key '{key.Name}' is not text.");
            if (key is { Computed: true, Unique: not KeyUnique.No })
                throw new ArgumentException($"The computed key '{key.Name}' cannot be unique.");
            var one = !key.Many && !key.Computed;
            fields.Add(
                key.Name,
                new(
                    this,
                    key.Name,
                    key,
                    one ? $"\"k_{key.Name.Replace(".", "__", StringComparison.Ordinal)}\"" : null,
                    !one ? -1 : fields.Values.Count(field => field.Column is not null)
                )
            );
        }
        Columns = [.. fields.Values.Where(field => field.Column is not null)];
        if (Columns.Length > MostColumns)
            throw new ArgumentException($"'{collection.Name}' has more than {MostColumns} keys with one value.");
        HasUnique = fields.Values.Any(field => field.Unique);
        Computed = [.. fields.Values.Where(field => field.Computed).Select(field => field.Name)];
        if (collection.Appended)
            Position = fields.GetValueOrDefault(Collection.PositionKey) is { Column: not null, IsText: false, Key.Indexed: true } position
                ? position
                : throw new ArgumentException($"'{collection.Name}' is appended to and has no indexed number '{Collection.PositionKey}'.");
        Statements = new(this);
    }

    public Collection Collection { get; }
    public string Table { get; }
    public string Entries { get; }

    /// <summary>The table of computed members; their keys are among the entries.</summary>
    public string Annotations { get; }

    /// <summary>The computed members of a row of <see cref="Table"/> t, NULL when it has none: looked for only where there are or were
    /// any.</summary>
    public string Members { get; }

    /// <summary>The keys of computed members.</summary>
    public string[] Computed { get; }
    public FieldPlan[] Columns { get; }
    public bool HasUnique { get; }

    /// <summary>The column of the positions; null unless the collection is appended to.</summary>
    public FieldPlan? Position { get; }

    public RowStatements Statements { get; }

    /// <summary>Multi-valued keys whose values are claims.</summary>
    public IEnumerable<FieldPlan> Claimed => fields.Values.Where(declared => declared.Claimed);

    public string Index(FieldPlan field) => $"\"i_{Collection.Name}.{field.Column!.Trim('"')[2..]}\"";

    public FieldPlan Field(string name)
    {
        if (fields.TryGetValue(name, out var field))
            return field;
        if (name.Length > CustomPrefix.Length && name.StartsWith(CustomPrefix, StringComparison.Ordinal) && !name.Any(c => c < ' '))
            return new(this, name, null, null, -1);
        throw new ArgumentException($"'{Collection.Name}' has no key '{name}'.");
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

/// <summary>A value as it is bound: text as its UTF-8 bytes, a number as a double.</summary>
static class Value
{
    /// <summary>So many bytes of an entry's text are in the index; a B-tree page takes no long values.</summary>
    public const int Indexed = 500;

    /// <summary>The longest text of a column or a unique key that an index takes.</summary>
    public const int Longest = 2000;

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The bytes themselves where they are a whole array, which stored JSON mostly is.</summary>
    public static byte[] Bytes(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part) && part.Offset == 0 && part.Count == part.Array!.Length
            ? part.Array
            : bytes.ToArray();

    public static byte[] Head(byte[] text) => text.Length <= Indexed ? text : text[..Indexed];

    public static object Of(Key key) => key.Text is { } text ? Text(text) : Number(key.Number);

    public static double Number(double number) =>
        double.IsNaN(number) ? throw new ArgumentException("A key cannot be NaN: it has no place in an order.") : number + 0.0; // -0 becomes 0

    /// <summary>The smallest bytes above all texts that start like this: no byte of UTF-8 is 255, so the last one can always
    /// grow.</summary>
    public static byte[] After(byte[] prefix)
    {
        var after = (byte[])prefix.Clone();
        after[^1]++;
        return after;
    }

    public static Guid Id(Id id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.CopyTo(bytes);
        return new(bytes, bigEndian: true);
    }

    public static Id Id(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Domain.Stores.Id.FromBytes(bytes);
    }
}

/// <summary>The only place that says which rows belong to a workspace: the first parameter of every statement is the workspace.</summary>
static class Workspace
{
    public static string Is(string alias) => $"{alias}.ws = $1";
}
