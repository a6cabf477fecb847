// SQL under construction: text that is ours, values that are parameters. ?1 is always the workspace.

using System.Text;

namespace Crm.Storage.Sqlite;

sealed class SqlText
{
    readonly StringBuilder text = new();
    readonly List<Cell> values = [];

    /// <param name="plan">Of the rows that the statement reads, if it reads their JSON or asks for their keys.</param>
    public SqlText(long ws, CollectionPlan? plan = null)
    {
        values.Add(Cell.Of(ws));
        Annotated = plan?.Annotated == true;
    }

    /// <summary>Whether computed members are looked for: asked once, so that all parts of the statement agree.</summary>
    public bool Annotated { get; }

    /// <summary>Whether the statement gives rows' numbers and sort keys, and the rows come to them in the end.</summary>
    public bool OnlyKeys { get; init; }

    public void Wrap(string before, string after) => text.Insert(0, before).Append(after);

    public SqlText Add(string ours)
    {
        text.Append(ours);
        return this;
    }

    /// <summary>Adds a parameter and returns its mark.</summary>
    public string Value(in Cell value)
    {
        values.Add(value);
        return "?" + values.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public Statement On(SqliteLink link)
    {
        var statement = link.Prepare(text.ToString());
        for (var i = 0; i < values.Count; i++)
            statement.Bind(i + 1, values[i]);
        return statement;
    }
}
