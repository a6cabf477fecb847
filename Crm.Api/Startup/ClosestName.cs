// What somebody probably meant who mistyped a name.

namespace Crm.Api.Startup;

static class ClosestName
{
    const int MostEdits = 3;

    /// <summary>The name that was probably meant; null when none is near.</summary>
    public static string? To(string token, IEnumerable<string> names) =>
        names
            .Select(name => (Name: name, Edits: Edits(token.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(near =>
                near.Edits <= Math.Min(MostEdits, near.Name.Trim('-').Length / 2) || near.Name.StartsWith(token, StringComparison.Ordinal)
            )
            .OrderBy(near => near.Edits)
            .Select(near => near.Name)
            .FirstOrDefault();

    /// <summary>How many letters have to be put in, taken out or replaced.</summary>
    static int Edits(string from, string to)
    {
        var above = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            above = row;
        }
        return above[^1];
    }
}
