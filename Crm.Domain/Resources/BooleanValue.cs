// Yes or no, in the words that forms and programs use.

using System.Text.Json;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

public sealed class BooleanValue : FieldKind
{
    public static readonly BooleanValue Instance = new();
    public override string Name => "boolean";
    public override bool IsPlain => true;
    public override KeyKind KeyKind => KeyKind.Number;

    public override bool TryRead(
        JsonElement json,
        Field field,
        ReadContext context,
        out object? value,
        out (string Code, string Message) error
    )
    {
        value = json.ValueKind == JsonValueKind.True;
        error = default;
        if (json.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return true;
        error = WrongType("true or false");
        return false;
    }

    public override bool TryParse(string text, Field field, ReadContext context, out object? value, out (string Code, string Message) error)
    {
        error = default;
        value =
            IsYes(text) ? true
            : No.Contains(text.Trim()) ? false
            : null;
        if (value is not null || text.Trim().Length == 0)
            return true;
        error = WrongType("true or false");
        return false;
    }

    static readonly HashSet<string> Yes = Words("true 1 on yes y t x checked ok sim s si sí oui ja j tak да はい 是");
    static readonly HashSet<string> No = Words("false 0 off no n f unchecked não nao nein non nej nie нет いいえ 否");

    /// <summary>What a script sends for nothing.</summary>
    static readonly HashSet<string> Nothing = Words("null undefined none nil n/a - nan");

    static HashSet<string> Words(string words) => new(words.Split(' '), StringComparer.OrdinalIgnoreCase);

    public static bool IsYes(string text) => Yes.Contains(text.Trim());

    /// <summary>
    /// Whether a box with this text was not ticked: a word for no or for nothing, or a sentence that starts with one or says that it does
    /// not agree. Every other text is what the page calls its box.
    /// </summary>
    public static bool IsRefusal(string text)
    {
        text = text.Trim();
        if (text.Length == 0 || No.Contains(text) || Nothing.Contains(text))
            return true;
        var end = text.AsSpan().IndexOfAnyExcept(Letters);
        var lower = text.ToLowerInvariant();
        return end > 1 && No.Contains(text[..end]) || RefusingWords.Any(word => lower.Contains(word, StringComparison.Ordinal));
    }

    static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create([
        .. Enumerable.Range(0, 0x2FF).Select(c => (char)c).Where(char.IsLetterOrDigit),
    ]);

    static readonly string[] RefusingWords =
    [
        "not agree",
        "don't agree",
        "don’t agree",
        "disagree",
        "decline",
        "not accept",
        "nicht ",
        "não concordo",
        "no acepto",
    ];

    public override void Write(Utf8JsonWriter writer, object value, Field field) => writer.WriteBooleanValue((bool)value);

    public override Key ToKey(object value, Field field) => Key.Of((bool)value ? 1 : 0);

    public override JsonSchema Schema(Field field) => new("boolean");
}
