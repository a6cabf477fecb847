// What was measured and what it had to be: the table at the end, and the same as JSON for later comparison.

using System.Globalization;
using System.Text.Json;

namespace Crm.Bench;

/// <summary>One measured figure. Without a goal it only explains another one.</summary>
/// <param name="Runs">The single values behind a median, in the order in which they were measured.</param>
internal sealed record Figure(
    string Bench,
    string Name,
    double Value,
    string Unit,
    string? Goal = null,
    bool? Reached = null,
    double[]? Runs = null
);

/// <summary>Collects figures and shows each at once, so that a run that breaks off later still leaves what it found.</summary>
internal sealed class Figures
{
    private readonly List<Figure> _all = [];

    public bool AllReached => _all.TrueForAll(f => f.Reached != false);

    public void Note(string bench, string name, double value, string unit, double[]? runs = null) =>
        Add(new(bench, name, value, unit, Runs: runs));

    public void AtLeast(string bench, string name, double value, double goal, string unit) =>
        Add(new(bench, name, value, unit, $">= {Text(goal)}", value >= goal));

    public void AtMost(string bench, string name, double value, double goal, string unit, double[]? runs = null) =>
        Add(new(bench, name, value, unit, $"<= {Text(goal)}", value <= goal, runs));

    public void Below(string bench, string name, double value, double goal, string unit) =>
        Add(new(bench, name, value, unit, $"< {Text(goal)}", value < goal));

    private void Add(Figure figure)
    {
        _all.Add(figure);
        Console.WriteLine(
            $"  {figure.Name}: {Text(figure.Value)} {figure.Unit}"
                + (figure.Goal is null ? "" : $" (goal {figure.Goal}, {(figure.Reached == true ? "reached" : "MISSED")})")
        );
    }

    public void PrintTable()
    {
        if (_all.Count == 0)
            return;
        var rows = _all.Select(f =>
                new[]
                {
                    f.Bench,
                    f.Name,
                    $"{Text(f.Value)} {f.Unit}".TrimEnd(),
                    f.Goal ?? "",
                    f.Reached switch
                    {
                        true => "yes",
                        false => "NO",
                        null => "",
                    },
                }
            )
            .Prepend(["bench", "figure", "measured", "goal", "reached"])
            .ToList();
        var widths = Enumerable.Range(0, 5).Select(column => rows.Max(row => row[column].Length)).ToArray();
        Console.WriteLine();
        foreach (var row in rows)
            Console.WriteLine("  " + string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        Console.WriteLine("\nAlso in bench-results.json.");
    }

    /// <summary>Writes everything as one JSON file; nothing where nothing was measured, so that earlier results stay.</summary>
    public void Write(string path, Machine machine, Options options)
    {
        if (_all.Count == 0)
            return;
        var json = JsonSerializer.Serialize(
            new
            {
                machine,
                options,
                figures = _all,
            },
            Json
        );
        File.WriteAllText(path, json + "\n");
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Large numbers whole, small ones with two decimals: nobody compares the tenth of a request.</summary>
    public static string Text(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
