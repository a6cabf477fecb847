// A text with * for any characters, compared in any case: what people write to mean many names at once.

namespace Crm.Domain.Traffic;

public sealed class TextPattern(string pattern)
{
    readonly string pattern = pattern.ToLowerInvariant();

    /// <summary>False for nothing and for an empty text. Takes steps in proportion to the product of both lengths, which are
    /// short.</summary>
    public bool Matches(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return false;
        var (at, in_, star, back) = (0, 0, -1, 0);
        text = text.ToLowerInvariant();
        while (in_ < text.Length)
            if (at < pattern.Length && pattern[at] == '*')
                (star, back) = (at++, in_);
            else if (at < pattern.Length && pattern[at] == text[in_])
                (at, in_) = (at + 1, in_ + 1);
            else if (star >= 0)
                (at, in_) = (star + 1, ++back); // the last star takes one more
            else
                return false;
        while (at < pattern.Length && pattern[at] == '*')
            at++;
        return at == pattern.Length;
    }
}
