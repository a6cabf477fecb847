// SQL under construction: text that is ours, values that are parameters. $1 is always the workspace.

using System.Text;
using Npgsql;

namespace Crm.Storage.Postgres;

sealed class SqlText
{
    readonly StringBuilder text = new();
    readonly List<object> values = [];

    public SqlText(long ws)
    {
        Ws = ws;
        values.Add(ws);
    }

    public long Ws { get; }

    public SqlText Add(string ours)
    {
        text.Append(ours);
        return this;
    }

    /// <summary>Adds a parameter and returns its mark.</summary>
    public string Value(object value)
    {
        values.Add(value);
        return "$" + values.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public NpgsqlCommand On(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(text.ToString(), connection);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
