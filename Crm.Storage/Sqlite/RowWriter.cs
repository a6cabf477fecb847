// Checks a commit against what is stored, then writes it: after the checks nothing but the disk can fail.

using System.Runtime.InteropServices;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>Used by the writer's thread inside its transaction; it sees the commits before it in the same batch.</summary>
sealed class RowWriter(SqliteLink link, Names names)
{
    const string FindClaim = "SELECT ws, id, seq FROM claim WHERE space = ?1 AND field = ?2 AND value = ?3";
    const string AddClaim = "INSERT INTO claim(space, field, value, ws, id, seq) VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
    const string DropClaim = "DELETE FROM claim WHERE space IN (0, ?1) AND field = ?2 AND value = ?3 AND ws = ?1 AND id = ?4";
    public const string AddEntry = "INSERT INTO entry(ws, field, value, id, seq) VALUES(?1, ?2, ?3, ?4, ?5)";
    public const string DropEntry = "DELETE FROM entry WHERE ws = ?1 AND field = ?2 AND value = ?3 AND id = ?4";
    const string Count =
        "INSERT INTO counter(ws, name, value) VALUES(?1, ?2, ?3) ON CONFLICT(ws, name) DO UPDATE SET value = value + excluded.value";

    const string FindPosition = "SELECT last FROM position WHERE collection = ?1 AND ws = ?2";
    const string PutPosition =
        "INSERT INTO position(collection, ws, last) VALUES(?1, ?2, ?3) ON CONFLICT(collection, ws) DO UPDATE SET last = excluded.last";

    readonly Dictionary<(long Ws, CounterNames Names), long> counted = [];
    readonly SqliteAnnotations annotations = new(link, names);

    /// <summary>The last position that the batch has given, where it has given one.</summary>
    readonly Dictionary<(CollectionPlan Plan, long Ws), long> positions = [];

    byte[] numbered = [];

    /// <summary>Every reason why the commit cannot be made; null when it can.</summary>
    public List<Conflict>? Check(long ws, PreparedChange[] changes)
    {
        List<Conflict>? conflicts = null;
        foreach (var change in changes)
            if (change.RowPlan is { } plan && !change.Insert)
                change.Old = Find(ws, plan, change.Id);
        // What this commit gives back is free for its other changes, and what one of them takes is taken for the next.
        var given = changes.Length > 1 ? GivenBack(ws, changes) : null;
        Dictionary<(long Space, FieldPlan Field, Cell Value), Id>? taken = null;
        for (var i = 0; i < changes.Length; i++)
        {
            var change = changes[i];
            if (change.RowPlan is not { } plan)
                continue;
            if (change.Insert && Exists(ws, plan, change.Id))
                (conflicts ??= []).Add(new(i, ConflictKind.IdTaken));
            else if (!change.Insert && change.Old is null)
                (conflicts ??= []).Add(new(i, ConflictKind.NotFound));
            else if (!change.Insert && change.Old!.Version != change.IfVersion)
                (conflicts ??= []).Add(new(i, ConflictKind.VersionMoved));
            if (change.Document?.Claims is not { } claims)
                continue;
            foreach (var (field, value) in claims)
            {
                var key = (field.Installation ? 0 : ws, field, value);
                if (taken is not null && taken.TryGetValue(key, out var rival))
                    (conflicts ??= []).Add(KeyTaken(i, key, rival));
                else if (
                    OwnerOf(key, plan) is { } owner
                    && !(owner.Ws == ws && owner.Id.AsSpan().SequenceEqual(change.Id))
                    && given?.Contains(key) != true
                )
                    (conflicts ??= []).Add(KeyTaken(i, key, owner.Ws == ws ? Id.FromBytes(owner.Id) : null));
                else if (changes.Length > 1)
                    (taken ??= []).Add(key, change.Insert ? Id.Empty : Id.FromBytes(change.Id));
            }
        }
        return conflicts;
    }

    static Conflict KeyTaken(int change, (long, FieldPlan Field, Cell Value) key, Id? owner) =>
        new(change, ConflictKind.KeyTaken, key.Field.Name, key.Value.ToKey()!.Value.Text, owner);

    static HashSet<(long, FieldPlan, Cell)>? GivenBack(long ws, PreparedChange[] changes)
    {
        HashSet<(long, FieldPlan, Cell)>? given = null;
        foreach (var change in changes)
        {
            if (change.Old is not { } old || change.Document is { } same && same.Many.AsSpan().SequenceEqual(old.Many))
                continue;
            foreach (var (claimed, name, value) in KeyBytes.Placed(old.Many))
            {
                if (!claimed)
                    continue;
                var field = change.Plan!.Field(name);
                if (change.Document?.Claims?.Exists(kept => kept.Field.Name == name && kept.Value.Equals(value)) != true)
                    (given ??= []).Add((field.Installation ? 0 : ws, field, value));
            }
        }
        return given;
    }

    StoredRow? Find(long ws, CollectionPlan plan, byte[] id)
    {
        using var row = link.Prepare(plan.FindSql);
        row.Bind(1, ws);
        row.Blob(2, id);
        if (!row.Step())
            return null;
        var columns = new Cell[plan.Columns.Length];
        for (var i = 0; i < columns.Length; i++)
            columns[i] = row.Cell(4 + i);
        return new(row.Integer(0), row.Integer(1), row.Bytes(2).ToArray(), row.Bytes(3).ToArray(), columns);
    }

    bool Exists(long ws, CollectionPlan plan, byte[] id)
    {
        if (
            Id.FromBytes(id)
                .CompareTo(
                    plan.Largest(ws, () =>
                        link.First(plan.LargestSql, Cell.Of(ws)) is { IsNull: false } last ? Id.FromBytes(last.Bytes) : Id.Empty
                    )
                ) > 0
        )
            return false;
        using var row = link.Prepare(plan.ExistsSql);
        row.Bind(1, ws);
        row.Blob(2, id);
        return row.Step();
    }

    (long Ws, byte[] Id)? OwnerOf((long Space, FieldPlan Field, Cell Value) key, CollectionPlan plan)
    {
        using var row = link.Prepare(FindClaim);
        row.Bind(1, key.Space);
        row.Bind(2, names.Find(plan.Collection, key.Field.Name));
        row.Bind(3, key.Value);
        return row.Step() ? (row.Integer(0), row.Bytes(1).ToArray()) : null;
    }

    /// <summary>Writes a commit that <see cref="Check"/> found possible.</summary>
    public void Write(long ws, PreparedChange[] changes)
    {
        // First everything that is given back: another change of the same commit may take it.
        foreach (var change in changes)
            if (change.Old is { } old && !(change.Document is { } same && same.Many.AsSpan().SequenceEqual(old.Many)))
                DropKeys(ws, change.Plan!, change.Id, old.Many);
        var annotates = false;
        foreach (var change in changes)
        {
            if (change.Annotation is not null)
                annotates = true;
            else if (change.Counters is { } counters)
                CollectionsMarshal.GetValueRefOrAddDefault(counted, (ws, counters), out _) += change.By;
            else if (change.Counter is { } counter)
                Increment(change.InInstallation ? 0 : ws, counter, change.By);
            else if (change.Document is not { } document)
                Delete(ws, change.Plan!, change.Id, change.Old!);
            else if (change.Old is { } old)
                Replace(ws, old, document);
            else
                Insert(ws, document, change.Append);
        }
        // Behind the others, of which one may have made the row or taken it away.
        if (annotates)
            foreach (var change in changes)
                if (change.Annotation is { } annotation)
                    annotations.Write(ws, change.Plan!, change.Id, annotation);
    }

    void Insert(long ws, PreparedDocument document, bool append)
    {
        var plan = document.Plan;
        var seq = plan.NextSeq++;
        var json = document.Json;
        if (append)
            json = Number(ws, document);
        else
            Pass(ws, document);
        using (var row = link.Prepare(plan.InsertSql))
        {
            row.Bind(1, ws);
            row.Bind(2, seq);
            row.Blob(3, document.Id);
            row.Bind(4, document.Version);
            row.Text(5, document.Words);
            row.Blob(6, document.Many);
            for (var i = 0; i < document.Columns.Length; i++)
                row.Bind(7 + i, document.Columns[i]);
            row.Blob(7 + document.Columns.Length, json);
            row.Run();
        }
        plan.Grow(ws, Id.FromBytes(document.Id));
        AddKeys(ws, seq, document);
    }

    /// <summary>Gives the next position: as a key, and in the JSON, which is good until the next call.</summary>
    ReadOnlySpan<byte> Number(long ws, PreparedDocument document)
    {
        ref var last = ref LastPosition(ws, document.Plan);
        document.Columns[document.Plan.Position!.Ordinal] = Cell.Of(++last);
        return Positions.Put(document.Json, document.PositionAt, last, ref numbered);
    }

    /// <summary>A position that was given elsewhere is here: the next one is above it.</summary>
    void Pass(long ws, PreparedDocument document)
    {
        if (document.Plan.Position is not { } position || document.Columns[position.Ordinal] is not { IsNull: false } given)
            return;
        ref var last = ref LastPosition(ws, document.Plan);
        last = Math.Max(last, given.Integer);
    }

    ref long LastPosition(long ws, CollectionPlan plan)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(positions, (plan, ws), out var given);
        if (!given)
            last = plan.LastPosition(ws)
                ?? (
                    link.First(FindPosition, Cell.Text(plan.Collection.Name), Cell.Of(ws)) is { IsNull: false } stored ? stored.Integer : 0
                );
        return ref last;
    }

    void Replace(long ws, StoredRow old, PreparedDocument document)
    {
        var plan = document.Plan;
        var newMany = !document.Many.AsSpan().SequenceEqual(old.Many);
        var newWords = !document.Words.AsSpan().SequenceEqual(old.Words);
        var changed = (newWords ? 1L : 0) | (newMany ? 2L : 0);
        for (var i = 0; i < document.Columns.Length; i++)
            if (!document.Columns[i].Equals(old.Columns[i]))
                changed |= 4L << i;
        using (var row = link.Prepare(plan.UpdateSql(changed)))
        {
            row.Bind(1, ws);
            row.Bind(2, old.Seq);
            row.Bind(3, document.Version);
            row.Blob(4, document.Json);
            if (newWords)
                row.Text(5, document.Words);
            if (newMany)
                row.Blob(6, document.Many);
            for (var i = 0; i < document.Columns.Length; i++)
                if ((changed & (4L << i)) != 0)
                    row.Bind(7 + i, document.Columns[i]);
            row.Run();
        }
        if (newMany)
            AddKeys(ws, old.Seq, document);
        if (newWords && plan.Collection.Searchable && old.Seq <= plan.SearchedUpTo)
        {
            plan.SearchPending++;
            link.Run(SqliteSearch.AddPending, Cell.Of(names.Find(plan.Collection, SqliteSearch.Field)), Cell.Of(old.Seq));
        }
    }

    void Delete(long ws, CollectionPlan plan, byte[] id, StoredRow old)
    {
        annotations.Delete(ws, plan, id, old.Seq);
        link.Run(plan.DeleteSql, Cell.Of(ws), Cell.Of(old.Seq));
        if (plan.Collection.Searchable && old.Seq <= plan.SearchedUpTo)
        {
            // The number of the last row is given again after a restart: nothing of the former row may be left under it.
            link.Run(SqliteSearch.RemoveSql(plan), Cell.Of(old.Seq));
            link.Run(SqliteSearch.DropPending, Cell.Of(names.Find(plan.Collection, SqliteSearch.Field)), Cell.Of(old.Seq));
        }
    }

    /// <summary>Writes what the commits of the batch have counted, once for all that count the same, and how far their positions
    /// go.</summary>
    public void WriteCounted()
    {
        foreach (var ((plan, ws), last) in positions)
            link.Run(PutPosition, Cell.Text(plan.Collection.Name), Cell.Of(ws), Cell.Of(last));
        foreach (var ((ws, counters), by) in counted)
        foreach (var counter in counters.Utf8)
            Increment(ws, counter, by);
        counted.Clear();
    }

    /// <summary>Behind COMMIT: the positions of the batch are given for good.</summary>
    public void Committed()
    {
        foreach (var ((plan, ws), last) in positions)
            plan.Remember(ws, last);
        positions.Clear();
    }

    /// <summary>Forgets what commits have counted that are rolled back, and gives their positions back.</summary>
    public void RolledBack()
    {
        counted.Clear();
        positions.Clear();
    }

    void Increment(long ws, byte[] counter, long by)
    {
        using var row = link.Prepare(Count);
        row.Bind(1, ws);
        row.Text(2, counter);
        row.Bind(3, by);
        row.Run();
    }

    void AddKeys(long ws, long seq, PreparedDocument document)
    {
        if (document.Claims is { } claims)
            foreach (var (field, value) in claims)
                PutClaim(ws, seq, document, field, value);
        if (document.Entries is { } entries)
            foreach (var (field, value) in entries)
            {
                using var row = link.Prepare(AddEntry);
                row.Bind(1, ws);
                row.Bind(2, names.FindOrAdd(link, document.Plan.Collection.Name, field));
                row.Bind(3, value);
                row.Blob(4, document.Id);
                row.Bind(5, seq);
                row.Run();
            }
    }

    void PutClaim(long ws, long seq, PreparedDocument document, FieldPlan field, in Cell value)
    {
        using var row = link.Prepare(AddClaim);
        row.Bind(1, field.Installation ? 0 : ws);
        row.Bind(2, names.Find(document.Plan.Collection, field.Name));
        row.Bind(3, value);
        row.Bind(4, ws);
        row.Blob(5, document.Id);
        row.Bind(6, seq);
        row.Run();
    }

    void DropKeys(long ws, CollectionPlan plan, byte[] id, byte[] many)
    {
        foreach (var (claimed, field, value) in KeyBytes.Placed(many))
        {
            using var row = link.Prepare(claimed ? DropClaim : DropEntry);
            row.Bind(1, ws);
            row.Bind(2, names.Find(plan.Collection, field));
            row.Bind(3, value);
            row.Blob(4, id);
            row.Run();
        }
    }

    /// <summary>Stores the keys of a row as they are computed today. Of a key that became unique the first row claims the value; says how
    /// many claims others lost.</summary>
    public int Rekey(long ws, long seq, PreparedDocument document)
    {
        var plan = document.Plan;
        var json = document.Json;
        if (document.PositionAt > 0)
            json = Number(ws, document);
        else
            Pass(ws, document);
        var old = Find(ws, plan, document.Id)!;
        DropKeys(ws, plan, document.Id, old.Many);
        var taken = document.Claims?.FindAll(claim =>
            OwnerOf((claim.Field.Installation ? 0 : ws, claim.Field, claim.Value), plan) is not null
        );
        var lost = taken?.Count ?? 0;
        if (lost > 0)
            document = document.Without(taken!.Contains);
        using (var row = link.Prepare(plan.UpdateSql((4L << plan.Columns.Length) - 1)))
        {
            row.Bind(1, ws);
            row.Bind(2, seq);
            row.Bind(3, document.Version);
            row.Blob(4, json);
            row.Text(5, document.Words);
            row.Blob(6, document.Many);
            for (var i = 0; i < document.Columns.Length; i++)
                row.Bind(7 + i, document.Columns[i]);
            row.Run();
        }
        AddKeys(ws, seq, document);
        annotations.Rekey(ws, plan, document.Id, seq);
        return lost;
    }
}
