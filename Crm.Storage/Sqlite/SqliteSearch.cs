// The search index: words by prefix, filled in batches behind the commits because a row at a time costs more than the row itself.

using System.Globalization;
using System.Text;
using Crm.Domain.Stores;
using SQLitePCL;

namespace Crm.Storage.Sqlite;

/// <summary>
/// The index only proposes rows: the column "words" of each proposed row decides. So the index may run behind (rows above "searched" and
/// those in search_pending are proposed unseen) and may propose too much. Words are stored as workspace + class + word, so that looking for
/// a prefix touches nothing of another workspace or class and costs nothing for its size. A word of several classes is there once for each.
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

    /// <summary>Words are letters and digits: what holds anything else begins none of them, and is not shown to the index or across two
    /// words.</summary>
    public static bool IsWord(string word) => !word.Any(c => c < 128 && !char.IsAsciiLetterOrDigit(c));

    static readonly (WordClasses Class, char Letter)[] Letters =
    [
        (WordClasses.Open, 'x'),
        (WordClasses.Contact, 'y'),
        (WordClasses.Sensitive, 'z'),
    ];

    /// <summary>
    /// The column "words": each word behind a blank, so that " an" is found exactly where a word begins with "an"; behind a word that is
    /// not just open stand its classes, as one byte below 8.
    /// </summary>
    public static byte[] Words(IReadOnlyList<Word> words)
    {
        if (words.Count == 0)
            return [];
        var text = new StringBuilder(words.Count * 12);
        foreach (var (word, classes) in words)
        {
            text.Append(' ').Append(word);
            if (classes != WordClasses.Open)
                text.Append((char)classes);
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Whether a word of one of these classes begins like this. <paramref name="prefix"/> starts with the blank.</summary>
    static bool Has(ReadOnlySpan<byte> words, ReadOnlySpan<byte> prefix, WordClasses classes)
    {
        for (var at = words.IndexOf(prefix); at >= 0; at = words.IndexOf(prefix))
        {
            words = words[(at + 1)..];
            var end = words.IndexOfAnyInRange((byte)0, (byte)' ');
            var own = end < 0 || words[end] == ' ' ? WordClasses.Open : (WordClasses)words[end];
            if ((own & classes) != 0)
                return true;
        }
        return false;
    }

    /// <summary>Teaches a connection to tell classes apart: crm_word(words, prefix, classes).</summary>
    public static void Register(sqlite3 handle) =>
        raw.sqlite3_create_function(handle, "crm_word", 3, raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC, null, (context, _, args) =>
            raw.sqlite3_result_int(
                context,
                Has(raw.sqlite3_value_blob(args[0]), raw.sqlite3_value_blob(args[1]), (WordClasses)raw.sqlite3_value_int(args[2])) ? 1 : 0
            )
        );

    /// <summary>The condition that each of the words begins a word of the row.</summary>
    public static string Condition(Filter.Search search, SqlText sql) =>
        search.Words.Count == 0 ? "1"
        : !search.Words.All(IsWord) ? "0"
        : "("
            + string.Join(
                " AND ",
                search.Words.Select(word =>
                    search.Classes == WordClasses.All
                        ? $"instr(t.words, {sql.Value(Cell.Text(" " + word))}) > 0"
                        : $"crm_word(t.words, {sql.Value(Cell.Text(" " + word))}, {(int)search.Classes})"
                )
            )
            + ")";

    static string Prefix(long ws, char letter) => ws.ToString("x", CultureInfo.InvariantCulture) + letter;

    /// <summary>How the index's terms begin for words of these classes that begin so.</summary>
    public static IEnumerable<string> Beginnings(long ws, string word, WordClasses classes) =>
        Letters.Where(one => (one.Class & classes) != 0).Select(one => Prefix(ws, one.Letter) + word);

    /// <summary>A query in which nothing of the words is syntax.</summary>
    public static string Match(long ws, IEnumerable<string> words, WordClasses classes) =>
        string.Join(
            " AND ",
            words.Select(word =>
                "("
                + string.Join(
                    " OR ",
                    Beginnings(ws, word, classes).Select(one => $"\"{one.Replace("\"", "\"\"", StringComparison.Ordinal)}\" *")
                )
                + ")"
            )
        );

    /// <summary>Whether enough rows wait that indexing them pays.</summary>
    public static bool IsDue(CollectionPlan plan, int tail) =>
        plan.Collection.Searchable && plan.NextSeq - 1 - plan.SearchedUpTo + plan.SearchPending >= tail;

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

    /// <summary>Writes some pages of the index's parts anew as one, without the words of rows that are gone; true when more is left to
    /// do.</summary>
    public bool PutTogether(CollectionPlan plan, bool begins)
    {
        const int Pages = 200;
        var before = link.TotalChanges;
        link.Run($"INSERT INTO {plan.Search}({plan.Search}, rank) VALUES('merge', ?1)", Cell.Of(begins ? -Pages : Pages));
        // What FTS5 counts for the command itself is one.
        return link.TotalChanges - before >= 2;
    }

    void Add(CollectionPlan plan, Statement row, StringBuilder text)
    {
        var words = row.Bytes(2);
        if (words.IsEmpty)
            return;
        text.Clear();
        var prefixes = Array.ConvertAll(Letters, one => Prefix(row.Integer(1), one.Letter));
        foreach (var word in Encoding.UTF8.GetString(words).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (own, classes) = word[^1] < ' ' ? (word[..^1], (WordClasses)word[^1]) : (word, WordClasses.Open);
            for (var i = 0; i < Letters.Length; i++)
                if ((Letters[i].Class & classes) != 0)
                    text.Append(prefixes[i]).Append(own).Append(' ');
        }
        link.Run($"INSERT INTO {plan.Search}(rowid, words) VALUES(?1, ?2)", Cell.Of(row.Integer(0)), Cell.Text(text.ToString()));
    }
}
