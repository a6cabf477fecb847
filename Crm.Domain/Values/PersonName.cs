// Splits a full name into first and last, carefully: what is not clear stays together; and says whether two names can be one person's.

using System.Globalization;
using System.Text;
using Crm.Domain.Text;

namespace Crm.Domain.Values;

/// <summary>What two names say of two people.</summary>
public enum NameTie
{
    /// <summary>One of them has no name.</summary>
    Missing,
    Agree,
    Contradict,
}

public static class PersonName
{
    // Letters that no accent can be taken off, as people write them who lack the key.
    static readonly Dictionary<char, string> Plain = new()
    {
        ['ß'] = "ss",
        ['æ'] = "ae",
        ['œ'] = "oe",
        ['ø'] = "o",
        ['ł'] = "l",
        ['đ'] = "d",
        ['ð'] = "d",
        ['þ'] = "th",
        ['ı'] = "i",
    };

    // Words that belong to the last name after them. "Ana Maria da Silva" is a Silva, as "da Silva".
    static readonly HashSet<string> Particles = new(StringComparer.OrdinalIgnoreCase)
    {
        "da",
        "de",
        "do",
        "dos",
        "das",
        "d'",
        "e",
        "y",
        "i",
        "van",
        "von",
        "vom",
        "zu",
        "zur",
        "zum",
        "der",
        "den",
        "ter",
        "ten",
        "te",
        "del",
        "della",
        "di",
        "du",
        "des",
        "la",
        "le",
        "las",
        "los",
        "bin",
        "ibn",
        "bint",
        "al",
        "el",
        "san",
        "santa",
        "st.",
    };

    // Words that stand between two last names: "Silva e Costa", "Ortega y Gasset".
    static readonly HashSet<string> Joints = new(StringComparer.OrdinalIgnoreCase) { "e", "y", "i" };

    /// <summary>
    /// "Silva, Ana" is split at its comma; otherwise the last word, with the particles before it, is the last name; a single word
    /// is a first name. Nothing is removed (a title stays with the first name) and no letter changes, only white space is evened out.
    /// </summary>
    public static (string? First, string? Last) Split(string? full)
    {
        full = Clean(full);
        var words = Words(full);
        if (words.Length == 0)
            return (null, null);
        if (SplitAtComma(full!) is { } pair)
            return pair;
        if (words.Length == 1)
            return (words[0], null);
        // Chinese, Japanese and Korean names start with the family.
        if (words.All(IsEastAsian))
            return (Join(words, 1, words.Length), words[0]);

        var last = words.Length - 1;
        // "Sammy Davis Jr." is a Davis.
        if (IsSuffix(words[last]) && last > 1)
            last--;
        last = WithParticles(words, last);
        if (last > 1 && Joints.Contains(words[last]))
            last = WithParticles(words, last - 1);
        // "de la Cruz" has no first name; "Van Morrison" and "Al Green" have.
        if (last == 1 && char.IsLower(words[0][0]) && Particles.Contains(words[0]))
            return (null, Join(words, 0, words.Length));
        return (Join(words, 0, last), Join(words, last, words.Length));
    }

    /// <summary>
    /// Names agree when, without case and accents, the words of one are among the other's or their initials: "A. Silva" and "Ana Maria da
    /// Silva". Each word stands for one of the other's: "S. Silva" is not "Ana Silva". Spaces and hyphens between words may be missing.
    /// </summary>
    public static NameTie Compare(string? one, string? other)
    {
        var (first, second) = (Folded(one), Folded(other));
        if (first.Count == 0 || second.Count == 0)
            return NameTie.Missing;
        return IsAmong(first, second) || IsAmong(second, first) || string.Concat(first) == string.Concat(second)
            ? NameTie.Agree
            : NameTie.Contradict;
    }

    static bool IsAmong(List<string> few, List<string> many)
    {
        if (few.Count > many.Count)
            return false;
        var left = new List<string>(many);
        // Whole words first, so that an initial does not take a word that the other one needs.
        foreach (var initial in few.Where(word => !left.Remove(word)).ToList())
            if (!IsOneLetter(initial) || left.FindIndex(word => word.StartsWith(initial, StringComparison.Ordinal)) is var at && at < 0)
                return false;
            else
                left.RemoveAt(at);
        return true;
    }

    static bool IsOneLetter(string word) => Rune.GetRuneAt(word, 0).Utf16SequenceLength == word.Length;

    /// <summary>The words in lower case without accents; apostrophes join, everything else that is no letter or digit parts.</summary>
    static List<string> Folded(string? name)
    {
        var (words, word) = (new List<string>(), new StringBuilder());
        name ??= "";
        foreach (var c in Nfc.HasTooManyMarks(name) ? name : name.Normalize(NormalizationForm.FormKD))
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
                word.Append(Plain.TryGetValue(char.ToLowerInvariant(c), out var plain) ? plain : char.ToLowerInvariant(c));
            else if (
                c is not ('\'' or '\u2019' or '\u02BC' or '`')
                && CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark
            )
                End();
        End();
        return words;

        void End()
        {
            if (word.Length > 0)
                words.Add(word.ToString());
            word.Clear();
        }
    }

    /// <summary>
    /// A name as a person wrote it: what a page escaped for HTML is undone once (<c>O&amp;#039;Brien</c>), and marks of writing
    /// direction and other characters that show nothing are taken off the ends, where they turn the text that stands beside the name.
    /// </summary>
    public static string? Clean(string? name)
    {
        if (name is null)
            return null;
        var text = name.Contains('&', StringComparison.Ordinal) ? System.Net.WebUtility.HtmlDecode(name) : name;
        var span = text.AsSpan();
        while (!span.IsEmpty && ShowsNothing(span[0]))
            span = span[1..];
        while (!span.IsEmpty && ShowsNothing(span[^1]))
            span = span[..^1];
        text = span.ToString();
        // Turning marks inside that nothing ends any more.
        return text.AsSpan().IndexOfAny(Overrides) < 0 ? text : string.Concat(text.Where(c => !Overrides.Contains(c)));
    }

    static readonly System.Buffers.SearchValues<char> Overrides = System.Buffers.SearchValues.Create(
        "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069"
    );

    static bool ShowsNothing(char c) =>
        char.IsWhiteSpace(c) || char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format;

    static int WithParticles(string[] words, int last)
    {
        while (last > 1 && Particles.Contains(words[last - 1]))
            last--;
        return last;
    }

    // One comma with words on both sides, and not "Ana Silva, PhD": what follows a full name is not a first name.
    static (string? First, string? Last)? SplitAtComma(string full)
    {
        var comma = full.IndexOf(',');
        if (comma < 0 || full.IndexOf(',', comma + 1) >= 0)
            return null;
        var before = Words(full[..comma]);
        var after = Words(full[(comma + 1)..]);
        if (after.Length == 0 && before.Length > 0)
            return Split(full[..comma]);
        if (before.Length == 0)
            return Split(full[(comma + 1)..]);
        return after.Length == 1 && IsSuffix(after[0])
            ? SplitWithSuffix(full[..comma], after[0])
            : (string.Join(' ', after), string.Join(' ', before));
    }

    static (string? First, string? Last) SplitWithSuffix(string name, string suffix)
    {
        var (first, last) = Split(name);
        return last is null ? (first, suffix) : (first, $"{last}, {suffix}");
    }

    static bool IsSuffix(string word) =>
        word.TrimEnd('.').ToUpperInvariant()
            is "JR"
                or "SR"
                or "II"
                or "III"
                or "IV"
                or "PHD"
                or "PH.D"
                or "MD"
                or "M.D"
                or "ESQ"
                or "MBA"
                or "JÚNIOR"
                or "FILHO"
                or "NETO";

    static bool IsEastAsian(string word) =>
        word.All(c => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uAC00' and <= '\uD7A3'));

    static string[] Words(string? text) => (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    static string Join(string[] words, int from, int to) => string.Join(' ', words[from..to]);
}
