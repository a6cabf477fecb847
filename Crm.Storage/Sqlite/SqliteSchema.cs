// Start: makes the tables, and when a collection's keys changed, keys its rows anew; every step can be killed and run again.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>
/// A step and the note that it was done are one transaction. While rows are being keyed anew, "rekey:collection" says for which keys and
/// how far; as long as it is there the collection counts as changed, also for a product that knows the former keys.
/// </summary>
sealed class SqliteSchema(SqliteLink link, Names names, Action<string> log)
{
    /// <summary>Version of the tables below. A database with a higher one was written by a newer product.</summary>
    public const long Version = 2;

    const int RekeyBatch = 1000;
    const int IndexBatch = 10_000;

    public void Start(IReadOnlyList<CollectionPlan> plans, Rekey rekey, CancellationToken cancel)
    {
        CreateBase();
        // How far an appended collection's positions go in a workspace; its rows do not say, for they may be deleted.
        Transaction(() =>
            link.Execute(
                "CREATE TABLE IF NOT EXISTS position(collection TEXT NOT NULL, ws INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(collection, ws)) WITHOUT ROWID"
            )
        );
        names.Load(link);
        foreach (var plan in plans)
        {
            cancel.ThrowIfCancellationRequested();
            plan.Annotated = new SqliteAnnotations(link, names).Any(plan);
            var stored = Meta("collection:" + plan.Collection.Name);
            if (stored is null)
                Create(plan);
            else if (stored != plan.Description || Meta("rekey:" + plan.Collection.Name) is not null)
                Upgrade(plan, rekey, cancel);
            if (plan.Collection.Searchable)
                Transaction(() => link.Execute(WordLists.CreateSql(plan)));
            plan.NextSeq = link.First($"SELECT max(seq) FROM {plan.Table}") is { IsNull: false } last ? last.Integer + 1 : 1;
            plan.SearchedUpTo = plan.Collection.Searchable
                ? long.Parse(Meta("searched:" + plan.Collection.Name) ?? "0", CultureInfo.InvariantCulture)
                : 0;
            plan.SearchPending = link.First(
                "SELECT count(*) FROM search_pending WHERE field = ?1",
                Cell.Of(names.Find(plan.Collection, SqliteSearch.Field))
            ).Integer;
        }
    }

    void CreateBase()
    {
        if (link.First("SELECT count(*) FROM sqlite_schema WHERE name = 'meta'").Integer == 0)
        {
            if (link.First("SELECT count(*) FROM sqlite_schema").Integer != 0)
                throw new StoreConfigurationException(
                    "The database file belongs to another program: it has tables, but none of this product's."
                );
            Transaction(() =>
            {
                link.Execute("CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
                link.Execute(
                    "CREATE TABLE name(n INTEGER PRIMARY KEY, collection TEXT NOT NULL, field TEXT NOT NULL, UNIQUE(collection, field))"
                );
                // "space" is where the value is unique: the workspace, or 0 for the whole installation; "ws" is the owner's workspace.
                link.Execute(
                    "CREATE TABLE claim(space INTEGER NOT NULL, field INTEGER NOT NULL, value NOT NULL, ws INTEGER NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(space, field, value)) WITHOUT ROWID"
                );
                link.Execute(
                    "CREATE TABLE entry(ws INTEGER NOT NULL, field INTEGER NOT NULL, value NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(ws, field, value, id)) WITHOUT ROWID"
                );
                link.Execute(
                    "CREATE TABLE counter(ws INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY(ws, name)) WITHOUT ROWID"
                );
                link.Execute(SqliteAnnotations.Create);
                // Rows whose words changed after they were indexed: read row by row until the next batch goes into the index.
                link.Execute(
                    "CREATE TABLE search_pending(field INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY(field, seq)) WITHOUT ROWID"
                );
                SetMeta("schema", Version.ToString(CultureInfo.InvariantCulture));
            });
            return;
        }
        var stored = long.TryParse(Meta("schema"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
        if (stored > Version)
            throw new StoreConfigurationException(
                $"The database was written by a newer version of this product (schema {stored}, this one knows {Version}): start that version, or restore a backup made before the upgrade."
            );
        if (stored < 1)
            throw new StoreConfigurationException("The database's schema version cannot be read: restore a backup.");
        // Version 2 only adds: claims apart from keys and computed members, which version 1 would leave behind when their row goes.
        if (stored < Version)
            Transaction(() =>
            {
                link.Execute(SqliteAnnotations.Create);
                SetMeta("schema", Version.ToString(CultureInfo.InvariantCulture));
            });
    }

    void Create(CollectionPlan plan) =>
        Transaction(() =>
        {
            // The JSON is last: a key is read without walking through it.
            var columns = string.Concat(plan.Columns.Select(field => $"{field.Column}, "));
            link.Execute(
                $"CREATE TABLE {plan.Table}(seq INTEGER PRIMARY KEY, ws INTEGER NOT NULL, id BLOB NOT NULL, version INTEGER NOT NULL, words TEXT NOT NULL, many BLOB NOT NULL, {columns}json BLOB NOT NULL)"
            );
            link.Execute($"CREATE UNIQUE INDEX {plan.IdIndex} ON {plan.Table}(ws, id)");
            foreach (var field in plan.Columns)
                if (field.Index is not null)
                    CreateIndex(plan, field);
            if (plan.Collection.Searchable)
                CreateSearch(plan);
            NumberFields(plan);
            SetMeta("collection:" + plan.Collection.Name, plan.Description);
        });

    void CreateIndex(CollectionPlan plan, FieldPlan field) =>
        link.Execute($"CREATE INDEX IF NOT EXISTS {field.Index} ON {plan.Table}(ws, {field.Column}, id)");

    void CreateSearch(CollectionPlan plan)
    {
        link.Execute(SqliteSearch.CreateSql(plan));
        SetMeta("searched:" + plan.Collection.Name, "0");
    }

    void NumberFields(CollectionPlan plan)
    {
        foreach (var field in plan.Fields)
            if (field.Place is not null)
                names.FindOrAdd(link, plan.Collection.Name, field.Name);
        if (plan.Collection.Searchable)
            names.FindOrAdd(link, plan.Collection.Name, SqliteSearch.Field);
    }

    void Upgrade(CollectionPlan plan, Rekey rekey, CancellationToken cancel)
    {
        var name = plan.Collection.Name;
        log($"The keys of '{name}' changed: its rows are keyed anew.");
        Transaction(() =>
        {
            foreach (
                var index in Column(
                    $"SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'd_{name}' AND name LIKE 'i\\_%' ESCAPE '\\'"
                )
            )
                if (!plan.Columns.Any(field => field.Index == $"\"{index}\""))
                    link.Execute($"DROP INDEX \"{index}\"");
            var present = Column($"SELECT name FROM pragma_table_info('d_{name}')");
            foreach (var field in plan.Columns)
                if (!present.Contains(field.Column!.Trim('"'), StringComparer.OrdinalIgnoreCase))
                    link.Execute($"ALTER TABLE {plan.Table} ADD COLUMN {field.Column}");
            link.Execute($"DROP TABLE IF EXISTS {plan.SearchTerms}");
            link.Execute($"DROP TABLE IF EXISTS {plan.Search}");
            if (names.Find(plan.Collection, SqliteSearch.Field) is var search and >= 0)
                link.Run("DELETE FROM search_pending WHERE field = ?1", Cell.Of(search));
            if (plan.Collection.Searchable)
                CreateSearch(plan);
            NumberFields(plan);
            // The same target goes on where it stopped; another one starts again, for the rows say themselves what is stored for them.
            if (Meta("rekey:" + name) is not { } begun || begun[(begun.IndexOf('\n') + 1)..] != plan.Description)
                SetMeta("rekey:" + name, $"{KeyedAnew.Nothing(plan)}\n{plan.Description}");
        });
        var progress = Meta("rekey:" + name)!;
        var done = KeyedAnew.Read(progress[..progress.IndexOf('\n')]);
        var writer = new RowWriter(link, names);
        for (var more = true; more; )
        {
            cancel.ThrowIfCancellationRequested();
            Transaction(() =>
            {
                var batch = Batch(plan, done);
                foreach (var (seq, ws, id, version, json) in batch)
                {
                    var made = rekey(new(ws), plan.Collection, Id.FromBytes(id), version, json);
                    var document = Positions.KeyedAnew(made, plan.Collection, Id.FromBytes(id), version, json);
                    var lost = writer.Rekey(ws, seq, new(plan, document));
                    if (lost > 0)
                        log($"A row of '{name}' could not claim {lost} values: another row has them.");
                    done = plan.Collection.Appended ? new(0, ws, id) : new(seq, 0, null);
                }
                writer.WriteCounted();
                more = batch.Count == RekeyBatch;
                SetMeta("rekey:" + name, $"{done}\n{plan.Description}");
            });
            writer.Committed();
        }
        foreach (var field in plan.Columns)
            if (field.Index is not null)
                Transaction(() => CreateIndex(plan, field));
        if (plan.Collection.Searchable)
            FillSearch(plan, cancel);
        Transaction(() =>
        {
            SetMeta("collection:" + name, plan.Description);
            link.Run("DELETE FROM meta WHERE name = ?1", Cell.Text("rekey:" + name));
        });
        log($"The rows of '{name}' have their new keys.");
    }

    void FillSearch(CollectionPlan plan, CancellationToken cancel)
    {
        var last = link.First($"SELECT max(seq) FROM {plan.Table}") is { IsNull: false } max ? max.Integer : 0;
        plan.SearchedUpTo = 0;
        var search = new SqliteSearch(link, names);
        while (plan.SearchedUpTo < last)
        {
            cancel.ThrowIfCancellationRequested();
            var upTo = Math.Min(last, plan.SearchedUpTo + IndexBatch);
            Transaction(() => search.IndexUpTo(plan, upTo));
        }
    }

    List<(long Seq, long Workspace, byte[] Id, long Version, byte[] Json)> Batch(CollectionPlan plan, KeyedAnew after)
    {
        var rows = new List<(long, long, byte[], long, byte[])>(RekeyBatch);
        using var statement = link.Prepare(
            $"SELECT seq, ws, id, version, json FROM {plan.Table} "
                + (after.Id is null ? "WHERE seq > ?1 ORDER BY seq" : "WHERE (ws, id) > (?1, ?2) ORDER BY ws, id")
                + $" LIMIT {RekeyBatch}"
        );
        statement.Bind(1, after.Id is null ? after.Seq : after.Workspace);
        if (after.Id is not null)
            statement.Blob(2, after.Id);
        while (statement.Step())
            rows.Add(
                (
                    statement.Integer(0),
                    statement.Integer(1),
                    statement.Bytes(2).ToArray(),
                    statement.Integer(3),
                    statement.Bytes(4).ToArray()
                )
            );
        return rows;
    }

    /// <summary>How far rows are keyed anew: in the order in which they were stored; those that get positions meanwhile in the order of
    /// their ids.</summary>
    sealed record KeyedAnew(long Seq, long Workspace, byte[]? Id)
    {
        public static KeyedAnew Nothing(CollectionPlan plan) => plan.Collection.Appended ? new(0, long.MinValue, []) : new(0, 0, null);

        public static KeyedAnew Read(string text) =>
            text.Split(' ') is [var workspace, var id]
                ? new(0, long.Parse(workspace, CultureInfo.InvariantCulture), Convert.FromHexString(id))
                : new(long.Parse(text, CultureInfo.InvariantCulture), 0, null);

        public override string ToString() =>
            Id is null
                ? Seq.ToString(CultureInfo.InvariantCulture)
                : $"{Workspace.ToString(CultureInfo.InvariantCulture)} {Convert.ToHexString(Id)}";
    }

    List<string> Column(string sql)
    {
        var values = new List<string>();
        using var statement = link.Prepare(sql);
        while (statement.Step())
            values.Add(statement.Cell(0).ToKey()!.Value.Text!);
        return values;
    }

    string? Meta(string name) => link.First("SELECT value FROM meta WHERE name = ?1", Cell.Text(name)).ToKey()?.Text;

    void SetMeta(string name, string value) =>
        link.Run(
            "INSERT INTO meta(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            Cell.Text(name),
            Cell.Text(value)
        );

    void Transaction(Action body)
    {
        link.Execute("BEGIN IMMEDIATE");
        try
        {
            body();
            link.Execute("COMMIT");
            names.Committed();
        }
        catch
        {
            link.RollBack();
            names.RolledBack();
            throw;
        }
    }
}
