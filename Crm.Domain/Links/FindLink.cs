// Finds a link by what people type and paste: in capitals, with a full stop behind it, with its question mark escaped.

using Crm.Domain.Work;

namespace Crm.Domain.Links;

public static class FindLink
{
    /// <summary>Characters of what may be a slug with parameters that were escaped.</summary>
    public const int Most = 600;

    /// <summary>The link, and the parameters that were pasted as a part of its slug, without question mark. Exactly as it is written first,
    /// then without regard to case; <c>-</c> and <c>_</c> at the end may be the sentence's around it.</summary>
    public static async ValueTask<(KnownLink? Link, string Query)> Run(Installation installation, string? written, CancellationToken cancel)
    {
        if (written is not { Length: > 0 and <= Most } || !TryRead(written, out var slug, out var query))
            return (null, "");
        var small = slug.ToLowerInvariant();
        foreach (var spelling in new[] { slug, small, small.TrimEnd('-', '_') }.Distinct(StringComparer.Ordinal))
            if (spelling.Length > 0 && await installation.Settings.FindOrLastSeen(KnownLink.BySlug, spelling, cancel) is { } known)
                return (known, query);
        return (null, "");
    }

    /// <summary>The letters of the slug without the quotation marks, brackets and full stops around it; false when other words stand there
    /// too.</summary>
    public static bool TryRead(string written, out string slug, out string query)
    {
        (slug, query) = ("", "");
        var text = written.AsSpan();
        if (text.Contains('%'))
            text = Uri.UnescapeDataString(written);
        while (!text.IsEmpty && !IsOfSlug(text[0]))
        {
            if (char.IsLetterOrDigit(text[0]) || text[0] is '?' or '&' or '#')
                return false;
            text = text[1..];
        }
        var end = 0;
        while (end < text.Length && IsOfSlug(text[end]))
            end++;
        if (end is 0 or > 60)
            return false;
        var rest = text[end..];
        var mark = rest.IndexOfAny('?', '&', '#');
        foreach (var c in mark < 0 ? rest : rest[..mark])
            if (char.IsLetterOrDigit(c))
                return false;
        slug = text[..end].ToString();
        if (mark >= 0 && rest[mark] != '#')
        {
            var more = rest[(mark + 1)..];
            query = (more.IndexOf('#') is >= 0 and var fragment ? more[..fragment] : more).ToString();
        }
        return true;
    }

    static bool IsOfSlug(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';
}
