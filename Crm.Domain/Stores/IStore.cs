// The store contract: documents in, documents out. Crm.Storage keeps it once per database; Crm.Tests/Stores checks all of them.

namespace Crm.Domain.Stores;

/// <summary>Which workspace a row belongs to: the first column of every key and every index. 0 is the installation itself.</summary>
public readonly record struct WorkspaceKey(long Value)
{
    public static readonly WorkspaceKey Installation = new(0);
}

/// <summary>
/// One database. Safe for any number of callers at once. Every method throws <see cref="StoreUnavailableException"/> (and nothing else of
/// the database's own) when the database cannot be reached, is full or is failing; nothing is half done then.
/// </summary>
public interface IStore : IAsyncDisposable
{
    /// <summary>
    /// Creates or upgrades what is stored so that every collection can be used. Safe to be killed at any point and to be run again;
    /// a database written by a newer product is refused with a sentence. <paramref name="rekey"/> computes a document's keys anew from its
    /// JSON: called for the rows of a collection whose keys changed since the last start.
    /// </summary>
    Task Start(IReadOnlyList<Collection> collections, Rekey rekey, CancellationToken cancel);

    /// <summary>The rows of one workspace. This is the only way to them: every condition on the workspace is written behind it.</summary>
    IWorkspaceStore Open(WorkspaceKey workspace);

    /// <summary>Who owns an installation-wide unique key (an api key's hash, a form's key); null when nobody does.</summary>
    ValueTask<Owner?> FindOwner(Collection collection, string field, string value, CancellationToken cancel);

    /// <summary>
    /// The first workspace above <paramref name="after"/> (null: of all) that holds a document of the collection; null when there is none.
    /// With a query by id in each, this walks everything that is stored. For copying and exporting an installation: no request may lead
    /// here.
    /// </summary>
    ValueTask<WorkspaceKey?> NextWorkspace(Collection collection, WorkspaceKey? after, CancellationToken cancel);

    /// <summary>Whether other processes may write to the same database: what is kept in memory may then be old.</summary>
    bool IsShared { get; }

    /// <summary>
    /// True while there is so little room that what remains is kept for forms: clicks and views are counted then without being stored.
    /// Asked for each click. Never true where the database's room is looked after elsewhere. Never throws.
    /// </summary>
    bool IsShort => false;

    /// <summary>Lets go of the bytes of what was deleted or replaced, as far as the database lets the product do that: a file of its own
    /// has none of them afterwards. A server's own log and pages follow its settings.</summary>
    ValueTask Scrub(CancellationToken cancel) => ValueTask.CompletedTask;

    /// <summary>Gives the room of what was deleted back to the disk, a little at a time between commits, and keeps some of it for what
    /// comes next. A server of its own looks after that itself.</summary>
    ValueTask GiveBack(CancellationToken cancel) => ValueTask.CompletedTask;

    /// <summary>True when a commit would be accepted now: the database answers and has room. Never throws.</summary>
    ValueTask<bool> IsReady(CancellationToken cancel);
}

/// <summary>The rows of one workspace. What another workspace holds can be neither read, changed, counted nor found out by an
/// error.</summary>
public interface IWorkspaceStore
{
    WorkspaceKey Workspace { get; }

    /// <summary>The document, or null. Sees every commit that was answered before the call.</summary>
    ValueTask<Row?> Get(Collection collection, Id id, CancellationToken cancel);

    /// <summary>
    /// The documents of these ids, each once, in the order asked, without those that do not exist. At most 500 ids. The page ends as a
    /// query's does when its bytes are <paramref name="mostBytes"/>: its <see cref="Page.Next"/> is then the last id that was given.
    /// </summary>
    ValueTask<Page> GetMany(
        Collection collection,
        IReadOnlyList<Id> ids,
        CancellationToken cancel,
        long mostBytes = Stores.Query.UsualBytes
    );

    /// <summary>
    /// The next page in a total order: the sort keys, then the id. Missing values come first when ascending. The page ends at its limit of
    /// rows or of bytes, whichever comes first. The cost depends on the page, not on how many pages came before. Throws
    /// <see cref="QueryTooCostlyException"/> when no index serves the filter and the budget is used up.
    /// </summary>
    ValueTask<Page> Query(Query query, CancellationToken cancel);

    /// <summary>How many documents match, counted no further than <paramref name="atMost"/>.</summary>
    ValueTask<long> Count(Collection collection, Filter? filter, long atMost, CancellationToken cancel);

    /// <summary>For each distinct combination of the <paramref name="groupBy"/> keys: how many documents, and the sums of the numeric
    /// <paramref name="sum"/> keys, in no order. More than 10,000 groups are a <see cref="QueryTooCostlyException"/>.</summary>
    ValueTask<IReadOnlyList<Group>> GroupAndSum(
        Collection collection,
        Filter? filter,
        IReadOnlyList<string> groupBy,
        IReadOnlyList<string> sum,
        CancellationToken cancel
    );

    /// <summary>The document that claims a value of a unique key in this workspace, or null.</summary>
    ValueTask<Id?> FindByKey(Collection collection, string field, string value, CancellationToken cancel);

    /// <summary>
    /// Who of this workspace has a value of a unique key: its claim's owner first (of a claim of the whole installation only if it is
    /// here), then those that have it as a key and do not claim it, the oldest first. At most <paramref name="limit"/>. The cost depends on
    /// how many are given, not on how many there are.
    /// </summary>
    ValueTask<IReadOnlyList<Id>> FindHolders(Collection collection, string field, string value, int limit, CancellationToken cancel);

    /// <summary>
    /// All of the changes or none. When it returns <see cref="CommitResult.Committed"/>, they are on disk and will survive the loss of
    /// power.
    /// Otherwise nothing was changed and <see cref="CommitResult.Conflicts"/> names every change that could not be made (a version that
    /// moved on, a row that is gone, a claim with another owner). Two changes of one commit may not touch the same document
    /// (ArgumentException). A claim that one change gives back another change of the same commit may take. Once a commit waits for the
    /// disk, <paramref name="cancel"/> takes it back only if its turn has not come.
    /// </summary>
    ValueTask<CommitResult> Commit(IReadOnlyList<Change> changes, CancellationToken cancel);

    /// <summary>The computed members of these documents and their keys, as changes that would make them again; documents without any are
    /// left out. At most 500 ids.</summary>
    ValueTask<IReadOnlyList<Change.Annotate>> GetAnnotations(Collection collection, IReadOnlyList<Id> ids, CancellationToken cancel);

    /// <summary>The counters whose name starts with <paramref name="prefix"/> (ordinal), by name; at most <paramref
    /// name="limit"/>.</summary>
    ValueTask<IReadOnlyList<(string Name, long Value)>> Counters(string prefix, int limit, CancellationToken cancel);

    /// <summary>
    /// Folds all counters whose names start with one of <paramref name="prefixes"/>, of which none starts with another, into what <paramref
    /// name="begin"/> makes: without a list of them in memory. A read that
    /// has to start over begins anew. In the order of the prefixes on stores where they are read at several moments. Throws <see
    /// cref="QueryTooCostlyException"/> when the budget is used up.
    /// </summary>
    ValueTask<T> FoldCounters<T>(IReadOnlyList<string> prefixes, Func<T> begin, CounterFold<T> each, CancellationToken cancel);
}

/// <param name="sums">What has been folded so far.</param>
/// <param name="prefix">The place of the counter's prefix among those asked for.</param>
/// <param name="name">The counter's name in UTF-8, valid during the call only.</param>
public delegate void CounterFold<in T>(T sums, int prefix, ReadOnlySpan<byte> name, long value);

/// <summary>
/// Computes a document's keys and search words from its stored JSON. For one of an appended collection that was stored without a position
/// it also makes the JSON with the place for it (<see cref="Document.PositionAt"/>); the store numbers those in the order of their ids.
/// </summary>
public delegate Document Rekey(WorkspaceKey workspace, Collection collection, Id id, long version, ReadOnlyMemory<byte> json);

/// <summary>What the store has to know of a resource.</summary>
/// <param name="Name">Lower-case letters and underscores; used as a table's name.</param>
/// <param name="Searchable">Whether documents carry search words.</param>
/// <param name="Appended">
/// New documents come by <see cref="Change.Append"/> only, and the store numbers them. Such a collection declares the key <see
/// cref="PositionKey"/>: a number, indexed, one value.
/// </param>
/// <param name="WordsFrom">Says on one line what the words are made from, and what of the keys is not claimed: when it changes, the
/// rows get
/// them anew, as after a change of the keys.</param>
public sealed record Collection(string Name, IReadOnlyList<KeyField> Keys, bool Searchable, bool Appended = false, string WordsFrom = "")
{
    /// <summary>The key of an appended document's number.</summary>
    public const string PositionKey = "position";

    public KeyField? Key(string name) => Keys.FirstOrDefault(key => key.Name == name);
}

/// <summary>A value by which documents are found: computed by the domain, compared by the store, byte for byte.</summary>
/// <param name="Name">Letters, digits, dots and underscores. Names that start with <c>custom.</c> are not declared here: a document simply
/// carries them.</param>
/// <param name="Many">A document may have several values; a filter matches when any of them does. Not sortable.</param>
/// <param name="Indexed">Filters and sorts on it use an index. Without, they are answered within the query's budget.</param>
/// <param name="Computed">Its values come with <see cref="Change.Annotate"/> and never with a document. Not unique.</param>
public sealed record KeyField(
    string Name,
    KeyKind Kind,
    bool Many = false,
    bool Indexed = false,
    KeyUnique Unique = KeyUnique.No,
    bool Computed = false
);

public enum KeyKind
{
    Text,
    Number,
}

/// <summary>Where a claim on a value of the key has one owner only. Unique keys are text.</summary>
public enum KeyUnique
{
    No,
    InWorkspace,
    InInstallation,
}

/// <summary>A key's value. Text compares by its UTF-8 bytes, numbers by value; times are Unix milliseconds and booleans 0 or 1.</summary>
public readonly record struct Key
{
    Key(string? text, double number) => (Text, Number) = (text, number);

    public string? Text { get; }
    public double Number { get; }
    public bool IsText => Text is not null;

    public static Key Of(string text) => new(text, 0);

    public static Key Of(double number) => new(null, number);

    public override string ToString() => Text ?? Number.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What kind of fields a search word comes from: who may not read those may not find by them either.</summary>
[Flags]
public enum WordClasses
{
    None = 0,
    Open = 1,

    /// <summary>How a person is reached: e-mail, phone, street.</summary>
    Contact = 2,

    Sensitive = 4,
    All = Open | Contact | Sensitive,
}

/// <summary>A search word of a document.</summary>
/// <param name="Classes">Of all the fields that it is in; at least one.</param>
public readonly record struct Word(string Text, WordClasses Classes)
{
    public static implicit operator Word(string text) => new(text, WordClasses.Open);
}

/// <summary>One document to be stored: the JSON as callers will read it, and the keys by which they will find it.</summary>
/// <param name="Version">Starts at 1; a replacement carries the next one.</param>
/// <param name="Json">UTF-8, opaque to the store, returned byte for byte. Of a document with computed members it is an object.</param>
/// <param name="Keys">Declared fields and <c>custom.*</c>. A field that is not <see cref="KeyField.Many"/> occurs at most once.</param>
/// <param name="Words">Search words, folded, each once with all its classes; only letters and digits. Empty unless the collection is
/// searchable.</param>
/// <param name="Claims">
/// What the document makes unique: a unique key and a value of it, which one document may claim. Keys find, claims own: a value among the
/// keys that is not claimed is found like any other and hinders nobody, and a claim need not be among the keys. Null: every value of the
/// unique keys.
/// </param>
public sealed record Document(
    Collection Collection,
    Id Id,
    long Version,
    ReadOnlyMemory<byte> Json,
    IReadOnlyList<(string Field, Key Value)> Keys,
    IReadOnlyList<Word> Words,
    IReadOnlyList<(string Field, string Value)>? Claims = null
)
{
    /// <summary>
    /// Where in <see cref="Json"/> the store puts an appended document's position, in bytes: <c>null</c> stands there, and the number takes
    /// its place. 0: nowhere.
    /// </summary>
    public int PositionAt { get; init; }

    /// <summary>The claims, whether they are listed or follow from the keys.</summary>
    public IEnumerable<(string Field, string Value)> Claimed =>
        Claims
        ?? Keys.Where(key => Collection.Key(key.Field) is { Unique: not KeyUnique.No })
            .Select(key => (key.Field, key.Value.Text!))
            .Distinct();
}

/// <summary>One change of a commit.</summary>
public abstract record Change
{
    /// <summary>
    /// Stores a new document of an <see cref="Collection.Appended"/> collection and gives it its position: 1, 2, 3 and so on in the
    /// workspace, in the order of the commits and of the changes in each, without gaps. Who has read position n never meets a new one that
    /// is not above n. The position stands in the JSON and is the key
    /// <see cref="Collection.PositionKey"/>. A conflict when the id is taken.
    /// </summary>
    /// <param name="Document">With <see cref="Document.PositionAt"/>, and without a key for the position.</param>
    public sealed record Append(Document Document) : Change;

    /// <summary>
    /// Stores a new document; a conflict when its id or one of its claims is taken. Into an appended collection only what has its position
    /// already, as key and in the JSON: a copy of another store. What is appended afterwards goes on behind the highest.
    /// </summary>
    public sealed record Insert(Document Document) : Change;

    /// <summary>Puts the document in the place of the one with the same id, if that one's version is <paramref name="IfVersion"/>. Its
    /// computed members stay.</summary>
    public sealed record Replace(Document Document, long IfVersion) : Change;

    /// <summary>Removes a document, its keys, its claims and its computed members, if its version is <paramref
    /// name="IfVersion"/>.</summary>
    public sealed record Delete(Collection Collection, Id Id, long IfVersion) : Change;

    /// <summary>
    /// Sets computed members of a document: they stand at the end of its JSON wherever it is read, and their keys find and sort like
    /// others. Neither the version nor what <see cref="Replace"/> stores
    /// moves. Never conflicts: where no such document is, nothing happens. It comes after the other changes of its commit, of which one may
    /// be about the same document, and several of one commit in their order.
    /// </summary>
    /// <param name="Members">
    /// An object (ArgumentException otherwise) with names that the document itself has not. Each member takes the place of the one of that
    /// name; null removes it; members that are not named stay.
    /// </param>
    /// <param name="Keys">
    /// Keys that are declared <see cref="KeyField.Computed"/>, each named as one of these members or as one with a dot behind it. They take
    /// the place of all that those members had.
    /// </param>
    public sealed record Annotate(Collection Collection, Id Id, ReadOnlyMemory<byte> Members, IReadOnlyList<(string Field, Key Value)> Keys)
        : Change;

    /// <summary>Adds to a counter that starts at 0. Never conflicts.</summary>
    /// <param name="InInstallation">The counter is the installation's (<see cref="WorkspaceKey.Installation"/>) and not the
    /// workspace's.</param>
    public sealed record Increment(string Counter, long By, bool InInstallation = false) : Change;

    /// <summary>Adds the same to several counters of the workspace that start at 0. Never conflicts.</summary>
    public sealed record Count(CounterNames Counters, long By) : Change;
}

/// <summary>
/// The counters that one number is kept in. Made once and given again with each thing that is counted, so that a store can add up a batch's
/// by the object and not by their names.
/// </summary>
public sealed class CounterNames(IReadOnlyList<string> names)
{
    byte[][]? utf8;

    public IReadOnlyList<string> Names => names;

    public IReadOnlyList<byte[]> Utf8 => utf8 ??= [.. names.Select(System.Text.Encoding.UTF8.GetBytes)];
}

public sealed record CommitResult(IReadOnlyList<Conflict> Conflicts)
{
    public static readonly CommitResult Done = new([]);
    public bool Committed => Conflicts.Count == 0;
}

/// <summary>Why a change could not be made.</summary>
/// <param name="Change">The change's place in the commit, from 0.</param>
/// <param name="Field">With <see cref="ConflictKind.KeyTaken"/>: which unique field.</param>
/// <param name="Value">With <see cref="ConflictKind.KeyTaken"/>: the value that has another owner.</param>
/// <param name="Owner">With <see cref="ConflictKind.KeyTaken"/>: who owns it, unless it is in another workspace; <see cref="Id.Empty"/>
/// when that is an insert of the same commit.</param>
public sealed record Conflict(int Change, ConflictKind Kind, string? Field = null, string? Value = null, Id? Owner = null);

public enum ConflictKind
{
    /// <summary>The document does not exist (replace, delete).</summary>
    NotFound,

    /// <summary>The document's version is another one (replace, delete).</summary>
    VersionMoved,

    /// <summary>A document with this id exists (insert).</summary>
    IdTaken,

    /// <summary>A claim has another owner.</summary>
    KeyTaken,
}

/// <summary>A stored document as it comes back.</summary>
/// <param name="Json">What was stored, with the computed members at its end.</param>
/// <param name="Computed">By how many bytes the computed members make it longer; 0 when it has none.</param>
public readonly record struct Row(Id Id, long Version, ReadOnlyMemory<byte> Json, int Computed = 0)
{
    /// <summary>What was stored, without computed members.</summary>
    public ReadOnlyMemory<byte> Own => Computed == 0 ? Json : (byte[])[.. Json.Span[..^(Computed + 1)], (byte)'}'];

    /// <param name="members">Empty when there are none.</param>
    public static Row Of(Id id, long version, byte[] json, ReadOnlySpan<byte> members)
    {
        if (members.IsEmpty)
            return new(id, version, json);
        var joined = Annotations.Join(json, members);
        return new(id, version, joined, joined.Length - json.Length);
    }
}

public readonly record struct Owner(WorkspaceKey Workspace, Id Id);

public sealed record Group(IReadOnlyList<Key?> Keys, long Count, IReadOnlyList<double> Sums);

/// <summary>The database is away, full or failing. Callers answer 503 with Retry-After; nothing was half done.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What is stored of a record is no JSON: a failing disk or a foreign hand. The message is a sentence that names it.</summary>
/// <param name="record">Its id, as callers write it.</param>
/// <param name="list">The plural of its resource.</param>
public sealed class DamagedRecordException(string record, string list)
    : Exception($"The record {record} of {list} is damaged: what is stored of it cannot be read. A backup may have it whole.")
{
    public string Record => record;
    public string List => list;
}

/// <summary>No index serves the filter, and reading the rest would take longer than a query may; or there are too many groups.</summary>
public sealed class QueryTooCostlyException()
    : Exception("No index serves this filter and sort, and reading all rows would take too long.");

/// <summary>The database cannot be used as it is configured: wrong path, no right to write, written by a newer product. The message is one
/// sentence for the operator.</summary>
public sealed class StoreConfigurationException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Nobody answers there, or not yet: the configuration may be right and the database away.</summary>
    public bool IsAway { get; init; }
}
