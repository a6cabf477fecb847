// The search index: words by prefix, filled in batches behind the commits because a row at a time costs more than the row itself.

using System.Globalization;
using System.Text;

namespace Crm.Storage.Sqlite;

/// <summary>
/// The index only proposes rows: the column "words" of each proposed row decides. So the index may run behind (rows above "searched" and
/// those in search_pending are proposed unseen) and may propose too much. Words are stored as workspace + "x" + word, so that looking for
/// a prefix touches nothing of another workspace and costs nothing for its size.
/// </summary>
sealed class SqliteSearch(SqliteLink link, Names names)
{
    /// <summary>The name under which search_pending counts; no declared key can have it.</summary>
    public const string Field = "\"words";

    /// <summary>So many rows behind the index are read one by one at most; then they are indexed together.</summary>
    public const int Tail = 1024;

    public const string AddPending = "INSERT OR IGNORE INTO search_pending(field, seq) VALUES(?1, ?2)";
    public const string DropPending = "DELETE FROM search_pending WHERE field = ?1 AND seq = ?2";

    /// <summary>The "ascii" tokenizer takes every character beyond ASCII as part of a word: as the words already are.</summary>
    public static string CreateSql(CollectionPlan plan) =>
        $"CREATE VIRTUAL TABLE {plan.Search} USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii')";

    public static string RemoveSql(CollectionPlan plan) => $"DELETE FROM {plan.Search} WHERE rowid = ?1";

    /// <summary>Words are letters and digits: what holds anything else begins none of them, and is not shown to the index or across two words.</summary>
    public static bool IsWord(string word) => !word.Any(c => c < 128 && !char.IsAsciiLetterOrDigit(c));

    public static string Word(long ws, string word) => ws.ToString("x", CultureInfo.InvariantCulture) + "x" + word;

    /// <summary>A query in which nothing of the words is syntax.</summary>
    public static string Match(long ws, IEnumerable<string> words) =>
        string.Join(" AND ", words.Select(word => $"\"{Word(ws, word).Replace("\"", "\"\"", StringComparison.Ordinal)}\" *"));

    /// <summary>Whether enough rows wait that indexing them pays.</summary>
    public static bool IsDue(CollectionPlan plan) =>
        plan.Collection.Searchable && plan.NextSeq - 1 - plan.SearchedUpTo + plan.SearchPending >= Tail;

    /// <summary>Indexes the rows up to a number, and those whose words changed. Inside a transaction of the writer.</summary>
    public void IndexUpTo(CollectionPlan plan, long upTo)
    {
        var field = names.Find(plan.Collection, Field);
        var text = new StringBuilder();
        using (
            var pending = link.Prepare(
                $"SELECT t.seq, t.ws, t.words FROM search_pending p JOIN {plan.Table} t ON t.seq = p.seq WHERE p.field = ?1"
            )
        )
        {
            pending.Bind(1, field);
            while (pending.Step())
            {
                link.Run(RemoveSql(plan), Cell.Of(pending.Integer(0)));
                Add(plan, pending, text);
            }
        }
        link.Run("DELETE FROM search_pending WHERE field = ?1", Cell.Of(field));
        using (var rows = link.Prepare($"SELECT seq, ws, words FROM {plan.Table} WHERE seq > ?1 AND seq <= ?2"))
        {
            rows.Bind(1, plan.SearchedUpTo);
            rows.Bind(2, upTo);
            while (rows.Step())
                Add(plan, rows, text);
        }
        link.Run(
            "UPDATE meta SET value = ?2 WHERE name = ?1",
            Cell.Text("searched:" + plan.Collection.Name),
            Cell.Text(upTo.ToString(CultureInfo.InvariantCulture))
        );
        plan.SearchedUpTo = upTo;
        plan.SearchPending = 0;
    }

    void Add(CollectionPlan plan, Statement row, StringBuilder text)
    {
        var words = row.Bytes(2);
        if (words.IsEmpty)
            return;
        text.Clear();
        foreach (var word in Encoding.UTF8.GetString(words).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            text.Append(Word(row.Integer(1), word)).Append(' ');
        link.Run($"INSERT INTO {plan.Search}(rowid, words) VALUES(?1, ?2)", Cell.Of(row.Integer(0)), Cell.Text(text.ToString()));
    }
}
