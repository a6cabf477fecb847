// The kinds of value that people choose by a word, for a field of a form or one of their own: the one list of them.

namespace Crm.Domain.Resources;

/// <summary>
/// A form's field and a custom field each say with an enum which of these words they take, and what such a word means for them beyond the
/// value: a consent is a boolean with a text. The word is the kind's own name.
/// </summary>
public static class ChosenKinds
{
    static readonly Dictionary<string, FieldKind> ByWord = new FieldKind[]
    {
        TextValue.Line,
        TextValue.Long,
        TextValue.Email,
        TextValue.Phone,
        TextValue.Url,
        IntegerValue.Instance,
        NumberValue.Instance,
        BooleanValue.Instance,
        DateValue.Instance,
        DateTimeValue.Instance,
        ChoiceValue.OfWords,
        new ListValue(ChoiceValue.OfWords, ListShape.For(typeof(string))),
    }.ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>The kind of an enum's word.</summary>
    /// <exception cref="KeyNotFoundException">The word is none of the list: the enum's owner has a meaning of its own for it.</exception>
    public static FieldKind Of<TWord>(TWord word)
        where TWord : struct, Enum => ByWord[Names.Camel(word.ToString())];
}
