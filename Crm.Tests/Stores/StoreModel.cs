// The store contract in memory and in the plainest words: what random tests compare a database with.

using System.Text;
using Crm.Domain.Stores;

namespace Crm.Tests.Stores;

/// <summary>One workspace of one collection.</summary>
public sealed class StoreModel
{
    public Dictionary<Id, Document> Rows { get; } = [];

    /// <summary>Computed members of the rows, in the order in which they came, each with its keys.</summary>
    public Dictionary<Id, List<(string Member, string Json, List<(string, Key)> Keys)>> Computed { get; } = [];

    /// <summary>The rows as they are read: with their computed members at the end and their keys among the others.</summary>
    public IEnumerable<Document> Read => Rows.Keys.Select(ReadOne);

    public Document ReadOne(Id id) =>
        Computed.TryGetValue(id, out var members) && members.Count > 0
            ? Rows[id] with
            {
                Keys = [.. Rows[id].Keys, .. members.SelectMany(member => member.Keys)],
                Json = (byte[])
                    [
                        .. Rows[id].Json.Span[..^1],
                        .. Encoding.UTF8.GetBytes(string.Concat(members.Select(member => $",\"{member.Member}\":{member.Json}")) + "}"),
                    ],
            }
            : Rows[id];

    public SortedDictionary<string, long> Counters { get; } = new(StringComparer.Ordinal);

    /// <summary>What was appended and is still there, by position.</summary>
    public SortedDictionary<long, Id> Story { get; } = [];

    /// <summary>Given once, a position is not given again.</summary>
    public long LastPosition { get; private set; }

    public static int Compare(Key? left, Key? right)
    {
        int Class(Key? key) =>
            key is not { } value ? 0
            : value.IsText ? 2
            : 1;
        if (Class(left) != Class(right) || left is null)
            return Class(left) - Class(right);
        return left.Value.IsText
            ? Encoding.UTF8.GetBytes(left.Value.Text!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right!.Value.Text!))
            : left.Value.Number.CompareTo(right!.Value.Number);
    }

    public static List<(Id Id, Key?[] Keys)> Order(IEnumerable<(Id Id, Key?[] Keys)> rows, Sort[] sort, bool idDescending)
    {
        var ordered = rows.ToList();
        ordered.Sort(
            (left, right) =>
            {
                for (var i = 0; i < sort.Length; i++)
                    if (Compare(left.Keys[i], right.Keys[i]) is var byKey and not 0)
                        return sort[i].Descending ? -byKey : byKey;
                return idDescending ? right.Id.CompareTo(left.Id) : left.Id.CompareTo(right.Id);
            }
        );
        return ordered;
    }

    static IEnumerable<Key> Values(Document row, string field) => row.Keys.Where(key => key.Field == field).Select(key => key.Value);

    static Key? Value(Document row, string field) => Values(row, field).Select(key => (Key?)key).FirstOrDefault();

    public static bool Matches(Document row, Filter? filter) =>
        filter switch
        {
            null => true,
            Filter.And and => and.Terms.All(term => Matches(row, term)),
            Filter.Or or => or.Terms.Any(term => Matches(row, term)),
            Filter.Not not => !Matches(row, not.Term),
            Filter.Compare { Comparison: Comparison.Ne } ne => !Values(row, ne.Field).Any(value => Meets(value, Comparison.Eq, ne.Value)),
            Filter.Compare compare => Values(row, compare.Field).Any(value => Meets(value, compare.Comparison, compare.Value)),
            Filter.In any => Values(row, any.Field).Any(value => any.Values.Any(one => Meets(value, Comparison.Eq, one))),
            Filter.Exists exists => Values(row, exists.Field).Any(),
            Filter.Ids ids => row.Id.CompareTo(ids.From) >= 0 && row.Id.CompareTo(ids.Before) < 0,
            Filter.Search search => search.Words.All(word =>
                row.Words.Any(own => own.Text.StartsWith(word, StringComparison.Ordinal) && (own.Classes & search.Classes) != 0)
            ),
            _ => throw new ArgumentException(filter.GetType().Name),
        };

    static bool Meets(Key value, Comparison comparison, Key with)
    {
        if (value.IsText != with.IsText)
            return false;
        var order = Compare(value, with);
        return comparison switch
        {
            Comparison.Eq => order == 0,
            Comparison.Gt => order > 0,
            Comparison.Gte => order >= 0,
            Comparison.Lt => order < 0,
            Comparison.Lte => order <= 0,
            Comparison.Contains => value.Text!.Contains(with.Text!, StringComparison.Ordinal),
            _ => value.Text!.StartsWith(with.Text!, StringComparison.Ordinal),
        };
    }

    public List<Id> Query(Filter? filter, Sort[] sort, bool idDescending) =>
        [
            .. Order(
                    Read.Where(row => Matches(row, filter)).Select(row => (row.Id, sort.Select(by => Value(row, by.Field)).ToArray())),
                    sort,
                    idDescending
                )
                .Select(row => row.Id),
        ];

    public List<string> Groups(Filter? filter, string[] groupBy, string sum) =>
        [
            .. Read.Where(row => Matches(row, filter))
                .GroupBy(row => string.Join('|', groupBy.Select(field => Name(Value(row, field)))))
                .Select(group => $"{group.Key}: {group.Count()} {group.Sum(row => Value(row, sum)?.Number ?? 0)}")
                .Order(StringComparer.Ordinal),
        ];

    public static string Name(Key? key) =>
        key is not { } value ? "-"
        : value.IsText ? "t" + value.Text
        : "n" + value;

    public Id? Owner(string field, string value) =>
        Rows.Values.Where(row => row.Claimed.Contains((field, value))).Select(row => (Id?)row.Id).FirstOrDefault();

    public List<Id> Holders(string field, string value, int limit) =>
        [
            .. Rows
                .Values.Where(row => row.Claimed.Contains((field, value)) || Values(row, field).Contains(Key.Of(value)))
                .OrderBy(row => !row.Claimed.Contains((field, value)))
                .ThenBy(row => row.Id)
                .Select(row => row.Id)
                .Take(limit),
        ];

    /// <summary>Makes the commit, or says why not.</summary>
    public HashSet<Conflict> Commit(IReadOnlyList<Change> changes)
    {
        var conflicts = new HashSet<Conflict>();
        var after = new Dictionary<Id, Document>(Rows);
        // What stays as it is owns its keys; what this commit stores takes them in the order of its changes.
        for (var i = 0; i < changes.Count; i++)
            switch (changes[i])
            {
                case Change.Insert insert when Rows.ContainsKey(insert.Document.Id):
                    conflicts.Add(new(i, ConflictKind.IdTaken));
                    break;
                case Change.Append append when Story.ContainsValue(append.Document.Id):
                    conflicts.Add(new(i, ConflictKind.IdTaken));
                    break;
                case Change.Delete { Collection.Appended: true } gone:
                    if (!Story.ContainsValue(gone.Id))
                        conflicts.Add(new(i, ConflictKind.NotFound));
                    else if (gone.IfVersion != 1)
                        conflicts.Add(new(i, ConflictKind.VersionMoved));
                    break;
                case Change.Replace { Document.Id: var id, IfVersion: var version }:
                    Touch(i, id, version);
                    break;
                case Change.Delete { Id: var id, IfVersion: var version }:
                    Touch(i, id, version);
                    break;
            }
        var taken = new Dictionary<(string, string), Id>();
        for (var i = 0; i < changes.Count; i++)
        {
            var document = (changes[i] as Change.Insert)?.Document ?? (changes[i] as Change.Replace)?.Document;
            if (document is null)
                continue;
            foreach (var (field, value) in document.Claimed)
            {
                var owner = Owner(field, value);
                if (taken.TryGetValue((field, value), out var rival))
                    conflicts.Add(new(i, ConflictKind.KeyTaken, field, value, rival));
                else if (owner is { } other && other != document.Id && !GivesBack(changes, other, field, value))
                    conflicts.Add(new(i, ConflictKind.KeyTaken, field, value, other));
                else
                    taken[(field, value)] = changes[i] is Change.Insert ? Id.Empty : document.Id;
            }
        }
        if (conflicts.Count == 0)
            foreach (var change in changes)
                switch (change)
                {
                    case Change.Insert insert:
                        Rows[insert.Document.Id] = insert.Document;
                        break;
                    case Change.Replace replace:
                        Rows[replace.Document.Id] = replace.Document;
                        break;
                    case Change.Append append:
                        Story.Add(++LastPosition, append.Document.Id);
                        break;
                    case Change.Delete { Collection.Appended: true } gone:
                        Story.Remove(Story.First(told => told.Value == gone.Id).Key);
                        break;
                    case Change.Delete delete:
                        Rows.Remove(delete.Id);
                        Computed.Remove(delete.Id);
                        break;
                    case Change.Increment increment:
                        Counters[increment.Counter] = Counters.GetValueOrDefault(increment.Counter) + increment.By;
                        break;
                    case Change.Count count:
                        foreach (var name in count.Counters.Names)
                            Counters[name] = Counters.GetValueOrDefault(name) + count.By;
                        break;
                }
        if (conflicts.Count == 0)
            foreach (var annotate in changes.OfType<Change.Annotate>().Where(change => Rows.ContainsKey(change.Id)))
                Annotate(annotate);
        return conflicts;

        void Touch(int change, Id id, long version)
        {
            if (!Rows.TryGetValue(id, out var row))
                conflicts.Add(new(change, ConflictKind.NotFound));
            else if (row.Version != version)
                conflicts.Add(new(change, ConflictKind.VersionMoved));
        }
    }

    void Annotate(Change.Annotate change)
    {
        if (!Computed.TryGetValue(change.Id, out var members))
            Computed.Add(change.Id, members = []);
        using var json = System.Text.Json.JsonDocument.Parse(change.Members);
        foreach (var member in json.RootElement.EnumerateObject())
        {
            var keys = change.Keys.Where(key => key.Field.Split('.')[0] == member.Name).ToList();
            var at = members.FindIndex(known => known.Member == member.Name);
            if (at < 0)
                members.Add((member.Name, member.Value.GetRawText(), keys));
            else
                members[at] = (member.Name, member.Value.GetRawText(), keys);
        }
        members.RemoveAll(member => member.Json == "null");
    }

    static bool GivesBack(IReadOnlyList<Change> changes, Id owner, string field, string value) =>
        changes.Any(change =>
            change is Change.Delete { Collection.Appended: false } delete && delete.Id == owner
            || change is Change.Replace replace && replace.Document.Id == owner && !replace.Document.Claimed.Contains((field, value))
        );
}
