// How many rows have a word: counted no further than is needed, because a word that everybody has is in as many rows as there are.

using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

/// <summary>
/// To the search index the beginning of a word costs as much as all rows that have it, even when one of them is enough: it puts them
/// together before it answers. Its list of terms gives them one by one. So the words that few rows have are found there, and only they are
/// looked for; of the others each row's own words decide.
/// </summary>
sealed class WordLists(SqliteLink link, CollectionPlan plan, long ws)
{
    /// <summary>A word is still worth looking for when it has so many times the rows of the rarest.</summary>
    const int Step = 8;

    public static string CreateSql(CollectionPlan plan) =>
        $"CREATE VIRTUAL TABLE IF NOT EXISTS {plan.SearchTerms} USING fts5vocab({plan.Search}, 'instance')";

    /// <summary>The words that an index finds.</summary>
    public static List<string> Telling(Filter.Search search) =>
        search.Classes != WordClasses.None && search.Words.All(SqliteSearch.IsWord) ? [.. search.Words.Distinct()] : [];

    /// <summary>The rows of the first word that has no more than so many; null when each has more.</summary>
    public HashSet<long>? Few(IEnumerable<string> words, WordClasses classes, int most)
    {
        // The longest first: it is usually the rarest.
        foreach (var word in words.OrderByDescending(word => word.Length))
        {
            var found = new HashSet<long>();
            using var rows = Rows(word, classes, long.MaxValue).On(link);
            while (found.Count <= most && rows.Step())
                found.Add(rows.Integer(0));
            if (found.Count <= most)
                return found;
        }
        return null;
    }

    /// <summary>The rarest words, and how many rows the rarest has; no word when each has more rows than are of use.</summary>
    public (IReadOnlyList<string> Words, long Rows) Rarest(IReadOnlyCollection<string> words, WordClasses classes, long ofUse)
    {
        for (var most = (long)link.MostCandidates; ; most *= Step)
        {
            var ended = words.Select(word => (Word: word, Rows: Count(word, classes, most))).Where(one => one.Rows < most).ToList();
            if (ended.Count > 0)
                return ([.. ended.Select(one => one.Word)], ended.Min(one => one.Rows));
            if (most >= ofUse)
                return ([], most);
        }
    }

    long Count(string word, WordClasses classes, long most)
    {
        using var rows = Rows(word, classes, most).On(link);
        var count = 0L;
        while (count < most && rows.Step())
            count++;
        return count;
    }

    /// <summary>Numbers of rows with a word that begins so, once for each such word.</summary>
    SqlText Rows(string word, WordClasses classes, long most)
    {
        var sql = new SqlText(ws);
        sql.Add("SELECT doc FROM (");
        var arms = SqliteSearch
            .Beginnings(ws, word, classes)
            .Select(beginning =>
                $"SELECT i.doc FROM {plan.SearchTerms} i WHERE ?1 IS NOT NULL AND i.term >= {sql.Value(Cell.Text(beginning))} AND i.term < {sql.Value(Cell.Text(beginning + Last))}"
            );
        return sql.Add(string.Join(" UNION ALL ", arms)).Add($") LIMIT {sql.Value(Cell.Of(most))}");
    }

    /// <summary>Behind every character of a word.</summary>
    const string Last = "\U0010FFFF";
}
