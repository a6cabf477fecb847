// The rows, entries and claims of a batch as it leaves them, as statements that take all rows of a collection at once.

using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

static class FinalState
{
    /// <summary>Adds what makes the database look like this; rows and claims in an order that is the same for everybody. Of rows that get a
    /// position only the entries; they themselves come last.</summary>
    public static void Write(NpgsqlBatch batch, Dictionary<RowKey, RowState> rows, Dictionary<ClaimKey, ClaimState> claims)
    {
        foreach (var group in rows.GroupBy(pair => pair.Key.Plan).OrderBy(group => group.Key.Collection.Name, StringComparer.Ordinal))
        {
            List<(RowKey Key, Document Document)> added = [],
                changed = [],
                later = [];
            List<RowKey> gone = [];
            List<(RowKey Key, RowState State)> computed = [];
            foreach (var (key, state) in group.OrderBy(pair => pair.Key.Ws).ThenBy(pair => pair.Key.Id))
                if (state.Written is { } document)
                    (
                        state.Existed ? changed
                        : state.IsAppended ? later
                        : added
                    ).Add((key, document));
                else if (state is { Existed: true, Version: null })
                    gone.Add(key);
            foreach (var (key, state) in group)
                if (state.Computed is not null && (state.Existed || state.Version is not null))
                    computed.Add((key, state));
            var (plan, sql) = (group.Key, group.Key.Statements);
            if (added.Count > 0)
                batch.BatchCommands.Add(Rows(plan, sql.Insert, added));
            if (changed.Count > 0)
                batch.BatchCommands.Add(Rows(plan, sql.Update, changed));
            if (gone.Count > 0)
                batch.BatchCommands.Add(Command.Of(sql.Delete, Command.Each(gone, key => key.Ws), Command.Each(gone, key => key.Id)));
            if (changed.Count + gone.Count > 0)
                batch.BatchCommands.Add(
                    Command.Of(
                        sql.DeleteEntries,
                        new NpgsqlParameter<long[]> { TypedValue = [.. changed.Select(row => row.Key.Ws), .. gone.Select(key => key.Ws)] },
                        new NpgsqlParameter<Guid[]> { TypedValue = [.. changed.Select(row => row.Key.Id), .. gone.Select(key => key.Id)] },
                        new NpgsqlParameter<bool[]> { TypedValue = [.. changed.Select(_ => false), .. gone.Select(_ => true)] }
                    )
                );
            Computed(batch, plan, computed);
            Entries(batch, plan, added.Concat(changed).Concat(later), computed);
        }
        Claims(batch, claims);
    }

    /// <summary>Lets the rows that have computed members for the first time say so: when all of them are there, also those that got a
    /// position.</summary>
    public static void Mark(NpgsqlBatch batch, Dictionary<RowKey, RowState> rows)
    {
        var first = rows.Where(pair => pair.Value is { Members.Length: > 0, Computed: not null, Marked: false });
        foreach (var group in first.GroupBy(pair => pair.Key.Plan, pair => pair.Key))
        {
            var keys = group.ToList();
            batch.BatchCommands.Add(
                Command.Of(group.Key.Statements.MarkAnnotated, Command.Each(keys, key => key.Ws), Command.Each(keys, key => key.Id))
            );
        }
    }

    /// <summary>Computed members as they are now; of their keys those that change go, and come back among the entries.</summary>
    static void Computed(NpgsqlBatch batch, CollectionPlan plan, List<(RowKey Key, RowState State)> rows)
    {
        if (rows.Count == 0)
            return;
        var sql = plan.Statements;
        var (put, gone) = (rows.FindAll(row => row.State.Members.Length > 0), rows.FindAll(row => row.State.Members.Length == 0));
        if (put.Count > 0)
            batch.BatchCommands.Add(
                Command.Of(
                    sql.PutMembers,
                    Command.Each(put, row => row.Key.Ws),
                    Command.Each(put, row => row.Key.Id),
                    Command.Each(put, row => row.State.Members)
                )
            );
        if (gone.Count > 0)
            batch.BatchCommands.Add(
                Command.Of(sql.DeleteMembers, Command.Each(gone, row => row.Key.Ws), Command.Each(gone, row => row.Key.Id))
            );
        var fields = rows.Where(row => row.State.Existed)
            .SelectMany(row => row.State.Computed!.Keys.Select(field => (row.Key, Field: field)))
            .ToList();
        if (fields.Count > 0)
            batch.BatchCommands.Add(
                Command.Of(
                    sql.DeleteComputed,
                    Command.Each(fields, one => one.Key.Ws),
                    Command.Each(fields, one => one.Key.Id),
                    Command.Each(fields, one => one.Field)
                )
            );
    }

    public static NpgsqlBatchCommand Rows(CollectionPlan plan, string sql, List<(RowKey Key, Document Document)> rows)
    {
        var command = Command.Of(
            sql,
            Command.Each(rows, row => row.Key.Ws),
            Command.Each(rows, row => row.Key.Id),
            Command.Each(rows, row => row.Document.Version),
            Command.Each(rows, row => Value.Bytes(row.Document.Json))
        );
        if (plan.Collection.Searchable)
            command.Parameters.Add(Command.Each(rows, row => Words.Of(row.Key.Ws, row.Document.Words)));
        var columns = Array.ConvertAll(plan.Columns, field => field.IsText ? (Array)new byte[]?[rows.Count] : new double?[rows.Count]);
        for (var i = 0; i < rows.Count; i++)
            foreach (var (name, value) in rows[i].Document.Keys)
                if (plan.Field(name) is { Column: not null } field)
                    if (field.IsText)
                        ((byte[]?[])columns[field.Place])[i] = Value.Text(value.Text!);
                    else
                        ((double?[])columns[field.Place])[i] = Value.Number(value.Number);
        foreach (var column in columns)
            command.Parameters.Add(
                column is byte[]?[] texts
                    ? new NpgsqlParameter<byte[]?[]> { TypedValue = texts }
                    : new NpgsqlParameter<double?[]> { TypedValue = (double?[])column }
            );
        return command;
    }

    /// <summary>Keys that are neither columns nor claimed.</summary>
    static void Entries(
        NpgsqlBatch batch,
        CollectionPlan plan,
        IEnumerable<(RowKey Key, Document Document)> written,
        List<(RowKey Key, RowState State)> computed
    )
    {
        List<(RowKey Row, string Field, Key Value)>? entries = null;
        foreach (var (row, document) in written)
        {
            var first = entries?.Count ?? 0;
            foreach (var (name, value) in document.Keys)
                if (IsEntered(plan.Field(name), document, value) && !Repeated(entries, first, name, value))
                    (entries ??= []).Add((row, name, value));
        }
        foreach (var (row, state) in computed)
        foreach (var (field, values) in state.Computed!)
        foreach (var value in values)
            (entries ??= []).Add((row, field, value));
        if (entries is null)
            return;
        var texts = Command.Each(entries, entry => entry.Value.Text is { } text ? Value.Text(text) : null);
        batch.BatchCommands.Add(
            Command.Of(
                plan.Statements.InsertEntries,
                Command.Each(entries, e => e.Row.Ws),
                Command.Each(entries, e => e.Row.Id),
                Command.Each(entries, e => e.Field),
                texts,
                Command.Each([.. texts.TypedValue!], text => text is null ? null : Value.Head(text)),
                Command.Each(entries, e => e.Value.IsText ? null : (double?)Value.Number(e.Value.Number))
            )
        );
    }

    /// <summary>Of a unique key the values that are not claimed: by them those who have it too are found.</summary>
    static bool IsEntered(FieldPlan field, Document document, Key value) =>
        field.Unique ? document.Claims?.Contains((field.Name, value.Text!)) == false : field.Column is null;

    static bool Repeated(List<(RowKey Row, string Field, Key Value)>? entries, int first, string name, Key value)
    {
        for (var i = first; i < entries?.Count; i++)
            if (entries[i].Field == name && entries[i].Value == value)
                return true;
        return false;
    }

    static void Claims(NpgsqlBatch batch, Dictionary<ClaimKey, ClaimState> claims)
    {
        var changed = claims
            .Where(pair => pair.Value.Now != pair.Value.Before)
            .OrderBy(pair => pair.Key.Space)
            .ThenBy(pair => pair.Key.Field.Of.Collection.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Field.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Value, StringComparer.Ordinal)
            .ToList();
        var gone = changed.FindAll(pair => pair.Value.Before is not null);
        if (gone.Count > 0)
            batch.BatchCommands.Add(Command.Of(RowStatements.DeleteClaims, [.. Keys(gone)]));
        var taken = changed.FindAll(pair => pair.Value.Now is not null);
        if (taken.Count > 0)
            batch.BatchCommands.Add(
                Command.Of(
                    RowStatements.InsertClaims,
                    [
                        .. Keys(taken),
                        Command.Each(taken, pair => pair.Value.Now!.Value.Ws),
                        Command.Each(taken, pair => pair.Value.Now!.Value.Id),
                        Command.Each(taken, pair => pair.Value.Now!.Value.Apart),
                    ]
                )
            );

        static NpgsqlParameter[] Keys(List<KeyValuePair<ClaimKey, ClaimState>> of) =>
            [
                Command.Each(of, pair => pair.Key.Space),
                Command.Each(of, pair => pair.Key.Field.Of.Collection.Name),
                Command.Each(of, pair => pair.Key.Field.Name),
                Command.Each(of, pair => Value.Text(pair.Key.Value)),
            ];
    }
}

/// <summary>Statements with parameters of a known type, so that Npgsql need not look for it.</summary>
static class Command
{
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<NpgsqlParameter> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value);
        return command;
    }

    public static NpgsqlParameter<T> One<T>(T value) => new() { TypedValue = value };

    /// <summary>A value of each row, as an array.</summary>
    public static NpgsqlParameter<TValue[]> Each<TRow, TValue>(List<TRow> rows, Func<TRow, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(rows[i]);
        return new() { TypedValue = values };
    }
}
