// What a template can show: texts, numbers, lists and named values, made once of a record's JSON.

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Crm.Domain.Templates;

public static class TemplateData
{
    /// <summary>Values of one record that a template can show, and how deep they lie; what is more is left out.</summary>
    const int MostValues = 2000,
        Deepest = 8;

    /// <summary>A text, decimal, boolean, list or dictionary of them; null for what is none.</summary>
    public static object? Of(JsonElement json)
    {
        var room = MostValues;
        return Of(json, 0, ref room);
    }

    static object? Of(JsonElement json, int depth, ref int room)
    {
        if (--room < 0 || depth > Deepest)
            return null;
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.Number:
                return json.TryGetDecimal(out var number) ? number : json.GetRawText();
            case JsonValueKind.True or JsonValueKind.False:
                return json.GetBoolean();
            case JsonValueKind.Array:
                var list = new List<object?>();
                foreach (var one in json.EnumerateArray())
                {
                    if (list.Count == Template.MostEntries || room <= 0)
                        break;
                    list.Add(Of(one, depth + 1, ref room));
                }
                return list;
            case JsonValueKind.Object:
                var named = new Dictionary<string, object?>(StringComparer.Ordinal);
                foreach (var member in json.EnumerateObject())
                {
                    if (room <= 0)
                        break;
                    named[member.Name] = Of(member.Value, depth + 1, ref room);
                }
                return named;
            default:
                return null;
        }
    }

    /// <summary>Whether a condition takes it for a value: not nothing, false, zero, an empty text or an empty list.</summary>
    public static bool Is(object? value) =>
        value switch
        {
            null or false or 0m or "" => false,
            string text => !string.IsNullOrWhiteSpace(text),
            IReadOnlyList<object?> list => list.Count > 0,
            IReadOnlyDictionary<string, object?> named => named.Count > 0,
            _ => true,
        };

    /// <summary>As it is shown without a filter.</summary>
    public static string Text(object? value) =>
        value switch
        {
            string text => text,
            true => "true",
            false => "false",
            decimal number => number.ToString(CultureInfo.InvariantCulture),
            IReadOnlyList<object?> list => Joined(list, ", "),
            _ => "",
        };

    /// <summary>A list's texts and numbers in one line, as far as one value goes.</summary>
    internal static string Joined(IReadOnlyList<object?> list, string between)
    {
        var line = new StringBuilder();
        foreach (var one in list.Take(Template.MostEntries))
            if (one is string or decimal or bool && Text(one) is { Length: > 0 } text)
            {
                line.Append(line.Length == 0 ? "" : between).Append(text);
                if (line.Length >= RenderTemplate.LongestValue)
                    break;
            }
        return line.ToString();
    }
}
