// How a collection lies in MongoDB: which path a key has, what a document looks like, and which indexes there are.

using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>The only place that says which documents belong to a workspace.</summary>
static class Workspace
{
    public const string Field = "w";

    public static BsonWriter Is(this BsonWriter document, long ws) => document.Long(Field, ws);
}

/// <param name="Path">"k." and the escaped name.</param>
/// <param name="Key">Null: a custom field.</param>
sealed record FieldPlan(string Name, string Path, KeyField? Key)
{
    public bool Claimed => Key is { Unique: not KeyUnique.No };
    public bool Installation => Key?.Unique == KeyUnique.InInstallation;
    public bool Custom => Key is null;
    public bool Many => Key?.Many == true;
    public bool Computed => Key?.Computed == true;
    public bool Indexed => Key is { Indexed: true } || Claimed;

    /// <summary>The name inside "k".</summary>
    public string Leaf => Path[2..];
}

/// <summary>
/// <c>{_id: "ws|id", w: ws, v: version, c: [claims], k: {keys}, e: [custom entries], s: [words], j: JSON, m: computed members}</c>; with
/// <c>o</c> and <c>p</c> it waits for its position.
/// The identity is text that sorts as the id does; the workspace is in it because one id may exist in two workspaces. Keys of computed
/// members are among the others.
/// </summary>
sealed class MongoPlan
{
    public const string CustomPrefix = "custom.";
    readonly Dictionary<string, FieldPlan> fields = [];

    public MongoPlan(Collection collection)
    {
        if (
            collection.Name.Length == 0
            || collection.Name.Any(c => c is not ((>= 'a' and <= 'z') or '_' or (>= '0' and <= '9')))
            || collection.Name.StartsWith("crm_", StringComparison.Ordinal)
        )
            throw new ArgumentException(
                $"A collection's name has lower-case letters and underscores and does not start with crm_: '{collection.Name}'."
            );
        Collection = collection;
        foreach (var key in collection.Keys)
        {
            if (key.Name.Length == 0 || key.Name.Any(c => c is '"' or < ' ') || key.Name.StartsWith(CustomPrefix, StringComparison.Ordinal))
                throw new ArgumentException($"Not a key's name: '{key.Name}'.");
            if (key.Unique != KeyUnique.No && key.Kind != KeyKind.Text)
                throw new ArgumentException($"The unique key '{key.Name}' is not text.");
            if (key is { Computed: true, Unique: not KeyUnique.No })
                throw new ArgumentException($"The computed key '{key.Name}' cannot be unique.");
            fields.Add(key.Name, new(key.Name, "k." + Escape(key.Name), key));
        }
        if (collection.Appended && collection.Key(Collection.PositionKey) is not { Kind: KeyKind.Number, Many: false, Indexed: true })
            throw new ArgumentException($"'{collection.Name}' is appended to and has no indexed number '{Collection.PositionKey}'.");
    }

    public Collection Collection { get; }
    public string Name => Collection.Name;
    public IEnumerable<FieldPlan> Fields => fields.Values;

    public FieldPlan Field(string name)
    {
        if (fields.TryGetValue(name, out var field))
            return field;
        if (name.Length > CustomPrefix.Length && name.StartsWith(CustomPrefix, StringComparison.Ordinal) && !name.Any(c => c < ' '))
            return new(name, "k." + Escape(name), null);
        throw new ArgumentException($"'{Collection.Name}' has no key '{name}'.");
    }

    /// <summary>A path's dots and dollars have a meaning of their own.</summary>
    static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal)
            .Replace(".", "~1", StringComparison.Ordinal)
            .Replace("$", "~2", StringComparison.Ordinal);

    public static string RowId(long ws, Id id) => string.Create(CultureInfo.InvariantCulture, $"{ws}|{Suffix(id)}");

    /// <summary>The 26 characters of an id, without a prefix.</summary>
    public static string Suffix(Id id) => id.ToString("")[1..];

    /// <summary>Reads what <see cref="RowId"/> or <see cref="Suffix"/> wrote.</summary>
    public static Id IdOf(ReadOnlySpan<byte> rowId)
    {
        Span<char> text = stackalloc char[1 + Id.SuffixLength];
        text[0] = '_';
        Encoding.ASCII.GetChars(rowId[^Id.SuffixLength..], text[1..]);
        return Id.TryParse(text, "", out var id) ? id : throw new InvalidDataException("A stored id cannot be read.");
    }

    /// <summary>Where a unique value is claimed: the workspace, or 0 for the installation; the collection; the field; the value as it
    /// is.</summary>
    public string ClaimId(long ws, FieldPlan field, string value) =>
        string.Create(CultureInfo.InvariantCulture, $"{(field.Installation ? 0 : ws)}|{Collection.Name}|{field.Leaf}|{value}");

    /// <summary>A custom field's value in the array "e", which one index serves for all custom fields: name, kind, value, in an order of
    /// its own.</summary>
    public static string Entry(FieldPlan field, Key value) =>
        EntryHead(field) + (value.Text is { } text ? "t" + text : "n" + Sortable(value.Number));

    public static string EntryHead(FieldPlan field) => field.Leaf + "\u0001";

    /// <summary>A double as hexadecimal digits in the order of the values.</summary>
    static string Sortable(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        return ((ulong)(bits < 0 ? ~bits : bits ^ long.MinValue)).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether what is stored under this name has its position; null: the collection is not appended to.</summary>
    public bool? HasPosition(Document document) =>
        Collection.Appended ? document.Keys.Any(key => key.Field == Collection.PositionKey) : null;

    /// <summary>Where it is counted how far a workspace's positions go.</summary>
    public static string CountId(MongoPlan plan, long ws) => string.Create(CultureInfo.InvariantCulture, $"{ws}|{plan.Name}");

    /// <param name="order">Above 0: it waits for its position, in this order.</param>
    public MongoRow Encode(long ws, Document document, long order = 0)
    {
        var rowId = RowId(ws, document.Id);
        var claims = new List<MongoClaim>();
        var byField = new List<(FieldPlan Field, List<Key> Values)>();
        foreach (var (name, value) in document.Keys)
        {
            var index = byField.FindIndex(found => found.Field.Name == name);
            var field = index < 0 ? Field(name) : byField[index].Field;
            if (field.Computed)
                throw new ArgumentException($"The key '{name}' is computed: no document carries it.");
            if (field.Key is { } key && key.Kind == KeyKind.Text != value.IsText)
                throw new ArgumentException($"The key '{name}' has a value of the other kind.");
            if (index < 0)
                byField.Add((field, [value]));
            else if (!field.Many && !field.Custom)
                throw new ArgumentException($"The key '{name}' has two values.");
            else if (byField[index].Values.Contains(value))
                continue;
            else
                byField[index].Values.Add(value);
            if (field.Claimed && document.Claims is null)
                claims.Add(new(ClaimId(ws, field, value.Text!), field, value.Text!));
        }
        foreach (var (name, value) in document.Claims?.Distinct() ?? [])
            claims.Add(
                Field(name) is { Claimed: true } field
                    ? new(ClaimId(ws, field, value), field, value)
                    : throw new ArgumentException($"The key '{name}' is not unique.")
            );
        var bson = new BsonWriter(document.Json.Length + 768).Text("_id", rowId).Is(ws).Long("v", document.Version);
        if (order > 0)
            bson.Long(MongoSequencer.Order, order).Int(MongoSequencer.Place, document.PositionAt);
        if (claims.Count > 0)
        {
            bson.Array("c");
            foreach (var claim in claims)
                bson.Text(null, claim.Id);
            bson.Close();
        }
        bson.Document("k");
        foreach (var (field, values) in byField)
            Values(bson, field.Leaf, field.Many, values);
        bson.Close();
        if (byField.Exists(entry => entry.Field.Custom))
        {
            bson.Array("e");
            foreach (var (field, values) in byField)
                if (field.Custom)
                    foreach (var value in values)
                        bson.Text(null, Entry(field, value));
            bson.Close();
        }
        if (document.Words.Count > 0)
        {
            bson.Array("s");
            foreach (var (word, classes) in document.Words)
            foreach (var (of, letter) in Letters)
                if ((of & classes) != 0)
                    bson.Text(null, letter + word);
            bson.Close();
        }
        // As text where it is text: then the shell shows it. Bytes that are no UTF-8 stay bytes, and both come back as they were.
        var json = document.Json.Span;
        _ = Utf8.IsValid(json) ? bson.Utf8("j", json) : bson.Binary("j", json);
        return new(this, rowId, document.Id, document.Version, claims, bson.ToArray());
    }

    /// <summary>A word stands in "s" behind the letter of its class, once for each class that it has: a search in one touches nothing of
    /// another.</summary>
    public static readonly IReadOnlyList<(WordClasses Class, string Letter)> Letters =
    [
        (WordClasses.Open, "x"),
        (WordClasses.Contact, "y"),
        (WordClasses.Sensitive, "z"),
    ];

    static void Values(BsonWriter bson, string name, bool many, List<Key> values)
    {
        if (!many && values.Count == 1)
        {
            bson.Key(name, values[0]);
            return;
        }
        bson.Array(name);
        foreach (var value in values)
            bson.Key(null, value);
        bson.Close();
    }

    /// <summary>A document that was written without its computed members, with them.</summary>
    public static byte[] With(byte[] document, MongoComputed? computed)
    {
        if (computed is null)
            return document;
        var whole = new BsonWriter(document.Length + computed.Members.Length + 256);
        for (var fields = new BsonReader(document); fields.Next(); )
        {
            if (!fields.Is("k"u8))
            {
                whole.Copy(fields);
                continue;
            }
            whole.Document("k");
            for (var keys = fields.Document; keys.Next(); )
                whole.Copy(keys);
            foreach (var (field, values) in computed.Keys)
                Values(whole, field.Leaf, field.Many, values);
            whole.Close();
        }
        return whole.Utf8("m", computed.Members).ToArray();
    }

    /// <summary>The update that changes nothing of a document but its computed members.</summary>
    public static byte[] Update(MongoComputed? before, MongoComputed? now)
    {
        var update = new BsonWriter();
        if (now is not null)
        {
            update.Document("$set").Utf8("m", now.Members);
            foreach (var (field, values) in now.Keys)
                Values(update, field.Path, field.Many, values);
            update.Close();
        }
        var gone = before?.Keys.Keys.Where(field => now?.Keys.ContainsKey(field) != true).ToList() ?? [];
        if (now is null || gone.Count > 0)
        {
            update.Document("$unset");
            foreach (var field in gone)
                update.Text(field.Path, "");
            if (now is null)
                update.Text("m", "");
            update.Close();
        }
        return update.ToArray();
    }

    /// <summary>What of a document the computed members need: read beside its version.</summary>
    public IEnumerable<string> ComputedPaths => fields.Values.Where(key => key.Computed).Select(key => key.Path).Prepend("m");

    /// <summary>Name and paths of every index. The workspace is first in each, the id last: equal values are in the order of the
    /// ids.</summary>
    public IEnumerable<(string Name, string[] Paths)> Indexes()
    {
        yield return ("id", [Workspace.Field, "_id"]);
        yield return ("custom", [Workspace.Field, "e"]);
        if (Collection.Searchable)
            yield return ("words", [Workspace.Field, "s"]);
        foreach (var key in fields.Values.Where(key => key.Indexed))
            yield return ("k_" + key.Leaf, [Workspace.Field, key.Path, "_id"]);
    }

    /// <summary>What is stored about the layout: a difference means that rows must be keyed anew.</summary>
    public string Description =>
        string.Join(
            '\n',
            fields
                .Values.OrderBy(kept => kept.Name, StringComparer.Ordinal)
                .Select(kept =>
                    $"{kept.Name} {kept.Key!.Kind} {(kept.Many ? "many" : "one")} {(kept.Key.Indexed ? "indexed" : "plain")} {kept.Key.Unique}{(kept.Computed ? " computed" : "")}"
                )
                .Append(Collection.Searchable ? $"searchable by class {Collection.WordsFrom}" : "not searchable")
                .Concat(Collection.Appended ? ["appended"] : [])
        );
}

/// <summary>A unique key of a document.</summary>
sealed record MongoClaim(string Id, FieldPlan Field, string Value);

/// <summary>A document ready to be written.</summary>
sealed record MongoRow(MongoPlan Plan, string RowId, Id Id, long Version, IReadOnlyList<MongoClaim> Claims, byte[] Bson);
