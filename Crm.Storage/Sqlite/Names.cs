// Small numbers for (collection, field): an entry or a claim carries the number instead of the name.

using System.Collections.Concurrent;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>Readers look up; the writer adds inside its transaction and takes back what was rolled back.</summary>
sealed class Names
{
    readonly ConcurrentDictionary<(string Collection, string Field), long> known = new();
    readonly List<(string, string)> added = [];
    long last;

    public void Load(SqliteLink link)
    {
        known.Clear();
        last = 0;
        using var rows = link.Prepare("SELECT n, collection, field FROM name");
        while (rows.Step())
        {
            var number = rows.Integer(0);
            known[(rows.Cell(1).ToKey()!.Value.Text!, rows.Cell(2).ToKey()!.Value.Text!)] = number;
            last = Math.Max(last, number);
        }
    }

    /// <summary>-1 when nothing was ever stored under this name: no entry has that number.</summary>
    public long Find(Collection collection, string field) => known.TryGetValue((collection.Name, field), out var number) ? number : -1;

    public long FindOrAdd(SqliteLink writer, string collection, string field)
    {
        if (known.TryGetValue((collection, field), out var number))
            return number;
        number = ++last;
        writer.Run("INSERT INTO name(n, collection, field) VALUES(?1, ?2, ?3)", Cell.Of(number), Cell.Text(collection), Cell.Text(field));
        known[(collection, field)] = number;
        added.Add((collection, field));
        return number;
    }

    public void Committed() => added.Clear();

    public void RolledBack()
    {
        foreach (var name in added)
            known.TryRemove(name, out _);
        added.Clear();
    }
}
