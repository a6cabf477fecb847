// The little grammar that texts made from definitions need: names of the code as words, and "a" or "an" before them.

using System.Text;

namespace Crm.Domain.Text;

public static class English
{
    /// <summary>A name of the code as people write it: <c>apiKey</c> and <c>api-keys</c> are "API key" and "API keys".</summary>
    public static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var c in name)
            if (c == '-')
                words.Append(' ');
            else if (char.IsAsciiLetterUpper(c) && words.Length > 0)
                words.Append(' ').Append(char.ToLowerInvariant(c));
            else
                words.Append(char.ToLowerInvariant(c));
        var text = words.ToString();
        return text == "api" || text.StartsWith("api ", StringComparison.Ordinal) ? "API" + text[3..] : text;
    }

    /// <summary>With the article before it that its sound asks for.</summary>
    public static string A(string words) => (TakesAn(words) ? "an " : "a ") + words;

    /// <summary>By the sound and not by the letter: a URL, an hour, an SLA.</summary>
    public static bool TakesAn(string words)
    {
        var first = words.Split(' ', '-', '\'', '\u2019')[0];
        if (first.Length == 0)
            return false;
        // Said letter by letter: an API, an HTML page, an SVG picture, but a URL and a UTM parameter.
        if (first.Length > 1 && first.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))
            return "AEFHILMNORSX8".Contains(first[0]) && !Said.Contains(first);
        var word = first.ToLowerInvariant();
        if (SilentH.Any(start => word.StartsWith(start, StringComparison.Ordinal)))
            return true;
        return "aeiou8".Contains(word[0]) && !LikeYou.Any(start => word.StartsWith(start, StringComparison.Ordinal));
    }

    /// <summary>Abbreviations that are read as words.</summary>
    static readonly string[] Said = ["REST", "LAN", "MIME", "SIM"];

    static readonly string[] SilentH = ["hour", "honest", "honour", "heir"];

    /// <summary>Vowels that begin with the sound of y or w.</summary>
    static readonly string[] LikeYou = ["one", "once", "uni", "use", "usu", "uti", "utm", "eu", "url"];
}
