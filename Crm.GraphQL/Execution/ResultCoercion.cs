// A value that a resolver gave against the scalar or enum it shall be. Only for schemas that do not trust what they are given; a plan over
// stored JSON copies it.

using System.Globalization;
using System.Text.Json;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Execution;

static class ResultCoercion
{
    /// <summary>Writes the value in the form of its type; false when it has none.</summary>
    public static bool Write(JsonBuffer output, ReadOnlySpan<byte> json, NamedType type)
    {
        if (type is not EnumType && (type as ScalarType)?.IsBuiltIn != true)
        {
            output.Write(json);
            return true;
        }
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (Text(ref reader, type) is not { } text)
            return false;
        output.Write(text);
        return true;
    }

    static byte[]? Text(ref Utf8JsonReader reader, NamedType type)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        if (type is EnumType words)
            return text is not null && words.Has(text) ? Quoted(text) : null;
        bool? yes = reader.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        };
        var number = reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var n) && double.IsFinite(n) ? n : (double?)null;
        if (type == ScalarType.Boolean)
            return yes is not null ? Plain(yes.Value ? "true" : "false")
                : number is not null ? Plain(number != 0 ? "true" : "false")
                : null;
        if (type == ScalarType.String)
            return text is not null ? Quoted(text)
                : yes is not null ? Quoted(yes.Value ? "true" : "false")
                : number is not null ? Quoted(NumberText.Of(number.Value))
                : null;
        if (type == ScalarType.ID)
            return text is not null ? Quoted(text)
                : number is { } id && Math.Floor(id) == id ? Quoted(NumberText.Of(id))
                : null;
        if (yes is not null)
            return Plain(yes.Value ? "1" : "0");
        if (
            text is { Length: > 0 }
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read)
            && double.IsFinite(read)
        )
            number = read;
        return
            number is not { } value || type == ScalarType.Int && (Math.Floor(value) != value || value is < int.MinValue or > int.MaxValue)
            ? null
            : Plain(NumberText.Of(value));
    }

    static byte[] Plain(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    static byte[] Quoted(string text) => JsonSerializer.SerializeToUtf8Bytes(text);
}
