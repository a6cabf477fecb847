// The statements that read and write the rows of one collection: one text for each, so that the server prepares it once.

namespace Crm.Storage.Postgres;

/// <summary>Every statement takes arrays, a value for each row; the first two are always the workspaces and the ids.</summary>
sealed class RowStatements
{
    public RowStatements(CollectionPlan plan)
    {
        // Only searchable collections send words; for all others the column is empty.
        var searchable = plan.Collection.Searchable;
        string[] own = searchable ? ["version", "json", "words"] : ["version", "json"];
        var parameters = 2 + own.Length + plan.Columns.Length;
        string From(int count, string more) =>
            $"unnest({Marks(count)}) AS a(ws, id{string.Concat(own.Select(name => ", " + name))}{string.Concat(plan.Columns.Select((_, i) => $", k{i}"))}{more})";
        var from = From(parameters, "");
        var words = searchable ? "array_to_tsvector(string_to_array(a.words, ' '))" : "''::tsvector";
        Lock =
            $"SELECT t.ws, t.id, t.version FROM {plan.Table} t JOIN unnest($1, $2) AS a(ws, id) ON t.ws = a.ws AND t.id = a.id ORDER BY t.ws, t.id FOR UPDATE OF t";
        Insert =
            $"INSERT INTO {plan.Table}(ws, id, version, json, words{string.Concat(plan.Columns.Select(field => ", " + field.Column))}) "
            + $"SELECT a.ws, a.id, a.version, a.json, {words}{string.Concat(plan.Columns.Select((_, i) => $", a.k{i}"))} FROM {from}";
        if (plan.Position is { } position)
            Append = Numbering(plan, position, From(parameters + 2, ", at, behind"), parameters, words);
        Update =
            $"UPDATE {plan.Table} t SET version = a.version, json = a.json, words = {words}{string.Concat(plan.Columns.Select((field, i) => $", {field.Column} = a.k{i}"))} FROM {from} WHERE t.ws = a.ws AND t.id = a.id";
        Delete = $"DELETE FROM {plan.Table} t USING unnest($1, $2) AS a(ws, id) WHERE t.ws = a.ws AND t.id = a.id";
        InsertEntries = $"INSERT INTO {plan.Entries}(ws, id, field, t, head, n) SELECT * FROM unnest({Marks(6)})";
        // A row that is replaced keeps the keys of its computed members.
        var kept =
            plan.Computed.Length == 0
                ? ""
                : $" AND (a.gone OR e.field NOT IN ({string.Join(", ", plan.Computed.Select(name => $"'{name.Replace("'", "''", StringComparison.Ordinal)}'"))}))";
        DeleteEntries = $"DELETE FROM {plan.Entries} e USING unnest($1, $2, $3) AS a(ws, id, gone) WHERE e.ws = a.ws AND e.id = a.id{kept}";
        DeleteComputed =
            $"DELETE FROM {plan.Entries} e USING unnest($1, $2, $3) AS a(ws, id, field) WHERE e.ws = a.ws AND e.id = a.id AND e.field = a.field";
        FindMembers =
            $"SELECT m.ws, m.id, m.members FROM {plan.Annotations} m JOIN unnest($1, $2) AS a(ws, id) ON m.ws = a.ws AND m.id = a.id";
        PutMembers =
            $"INSERT INTO {plan.Annotations}(ws, id, members) SELECT * FROM unnest($1, $2, $3) ON CONFLICT(ws, id) DO UPDATE SET members = excluded.members";
        MarkAnnotated = $"UPDATE {plan.Table} t SET annotated = true FROM unnest($1, $2) AS a(ws, id) WHERE t.ws = a.ws AND t.id = a.id";
        DeleteMembers = $"DELETE FROM {plan.Annotations} m USING unnest($1, $2) AS a(ws, id) WHERE m.ws = a.ws AND m.id = a.id";
    }

    /// <summary>
    /// Counts the workspaces' positions up and inserts rows with theirs. Behind the parameters of <see cref="Insert"/>: where the number
    /// goes in each JSON, how many rows of its workspace come after each; then, once each, the workspaces and how many rows they get.
    /// </summary>
    static string Numbering(CollectionPlan plan, FieldPlan position, string from, int parameters, string words)
    {
        const string number = "(g.last - a.behind)";
        return $"WITH given AS (INSERT INTO position AS p(collection, ws, last) SELECT '{plan.Collection.Name}', c.ws, c.n FROM unnest(${parameters + 3}, ${parameters + 4}) AS c(ws, n) ORDER BY c.ws ON CONFLICT(collection, ws) DO UPDATE SET last = p.last + excluded.last RETURNING p.ws, p.last) "
            + $"INSERT INTO {plan.Table}(ws, id, version, json, words{string.Concat(plan.Columns.Select(field => ", " + field.Column))}) "
            + $"SELECT a.ws, a.id, a.version, substr(a.json, 1, a.at) || convert_to({number}::text, 'UTF8') || substr(a.json, a.at + {Positions.Place.Length + 1}), {words}{string.Concat(plan.Columns.Select((field, i) => field == position ? $", {number}::float8" : $", a.k{i}"))} FROM {from} JOIN given g ON g.ws = a.ws";
    }

    public string Lock { get; }
    public string Insert { get; }

    /// <summary>Null: the collection is not appended to.</summary>
    public string? Append { get; }

    public string Update { get; }
    public string Delete { get; }
    public string InsertEntries { get; }
    public string DeleteEntries { get; }
    public string DeleteComputed { get; }
    public string FindMembers { get; }
    public string PutMembers { get; }
    public string DeleteMembers { get; }
    public string MarkAnnotated { get; }

    public const string FindClaims =
        "SELECT c.space, c.collection, c.field, c.value, c.ws, c.id, c.apart FROM claim c JOIN unnest($1, $2, $3, $4) AS a(space, collection, field, value) ON c.space = a.space AND c.collection = a.collection AND c.field = a.field AND c.value = a.value";

    public const string FindClaimsOfRows =
        "SELECT c.space, c.collection, c.field, c.value, c.ws, c.id, c.apart FROM claim c JOIN unnest($1, $2) AS a(ws, id) ON c.ws = a.ws AND c.id = a.id";

    public const string InsertClaims =
        "INSERT INTO claim(space, collection, field, value, ws, id, apart) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";

    public const string DeleteClaims =
        "DELETE FROM claim c USING unnest($1, $2, $3, $4) AS a(space, collection, field, value) WHERE c.space = a.space AND c.collection = a.collection AND c.field = a.field AND c.value = a.value";

    public const string Count =
        "INSERT INTO counter AS c(ws, name, value) SELECT a.ws, a.name, a.value FROM unnest($1, $2, $3) AS a(ws, name, value) ON CONFLICT(ws, name) DO UPDATE SET value = c.value + excluded.value";

    public const string PassPositions =
        "INSERT INTO position AS p(collection, ws, last) SELECT a.collection, a.ws, a.last FROM unnest($1, $2, $3) AS a(collection, ws, last) ORDER BY a.collection, a.ws ON CONFLICT(collection, ws) DO UPDATE SET last = greatest(p.last, excluded.last)";

    static string Marks(int count) => string.Join(", ", Enumerable.Range(1, count).Select(n => $"${n}"));
}
