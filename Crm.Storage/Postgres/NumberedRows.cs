// The appended rows of a batch: the database numbers them from the workspace's row of "position", in the order of the commits.

using System.Runtime.InteropServices;
using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

/// <summary>
/// Whoever has the row of "position" numbers on; everybody else waits for his COMMIT, and a roll-back gives the numbers back. So these are
/// a batch's last statements, and all take the rows by ascending workspace.
/// </summary>
sealed class NumberedRows
{
    readonly List<(RowKey Key, Document Document)> appended = [];
    readonly Dictionary<(CollectionPlan Plan, long Ws), long> passed = [];

    /// <summary>In the order of the commits and of their changes.</summary>
    public void Append(RowKey key, Document document) => appended.Add((key, document));

    /// <summary>A position that was given elsewhere is stored: the next one is above it.</summary>
    public void Pass(RowKey key, Document document)
    {
        if (key.Plan.Position is null || PostgresCommit.PositionOf(document) is not { } position)
            return;
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(passed, (key.Plan, key.Ws), out _);
        last = Math.Max(last, position);
    }

    public void Write(NpgsqlBatch batch, Dictionary<RowKey, RowState> rows)
    {
        if (passed.Count > 0)
        {
            var sorted = passed.OrderBy(pair => pair.Key.Plan.Collection.Name, StringComparer.Ordinal).ThenBy(pair => pair.Key.Ws).ToList();
            batch.BatchCommands.Add(
                Command.Of(
                    RowStatements.PassPositions,
                    Command.Each(sorted, pair => pair.Key.Plan.Collection.Name),
                    Command.Each(sorted, pair => pair.Key.Ws),
                    Command.Each(sorted, pair => pair.Value)
                )
            );
        }
        foreach (var group in appended.GroupBy(row => row.Key.Plan).OrderBy(group => group.Key.Collection.Name, StringComparer.Ordinal))
            Write(batch, group.Key, [.. group], rows);
    }

    /// <summary>Also what a later commit of the batch has changed or deleted has used its number; that row is not written here.</summary>
    static void Write(
        NpgsqlBatch batch,
        CollectionPlan plan,
        List<(RowKey Key, Document Document)> appended,
        Dictionary<RowKey, RowState> rows
    )
    {
        var counts = new SortedDictionary<long, long>();
        foreach (var (key, _) in appended)
            counts[key.Ws] = counts.GetValueOrDefault(key.Ws) + 1;
        var left = new Dictionary<long, long>(counts);
        var written = new List<(RowKey Key, Document Document)>(appended.Count);
        var behind = new List<long>(appended.Count);
        foreach (var row in appended)
        {
            var after = --left[row.Key.Ws];
            if (!ReferenceEquals(rows[row.Key].Written, row.Document))
                continue;
            written.Add(row);
            behind.Add(after);
        }
        var command = FinalState.Rows(plan, plan.Statements.Append!, written);
        command.Parameters.Add(Command.Each(written, row => row.Document.PositionAt));
        command.Parameters.Add(Command.Each(behind, after => after));
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. counts.Keys] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. counts.Values] });
        batch.BatchCommands.Add(command);
    }
}
