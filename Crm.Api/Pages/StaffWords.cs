// The words of the pages of the people who work here: one table for whoever translates, one language of it for each browser.

using System.Text.Encodings.Web;
using System.Text.Json;

namespace Crm.Api.Pages;

static class StaffWords
{
    const string Table = "desk-words.txt";

    static readonly string[] Languages = ["en", "es", "pt", "fr", "de"];

    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The script that has the words of a language.</summary>
    public static string ModuleOf(string language) => $"desk-words-{language}.js";

    /// <summary>A line has a name and the words in each language, with bars between.</summary>
    public static IEnumerable<string[]> Rows =>
        Assets.TextOf(Table).Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => line.Split('|'));

    public static IEnumerable<(string Name, string Text)> Modules =>
        Languages.Select(
            (language, i) =>
                (
                    ModuleOf(language),
                    $"export const words = Object.assign(Object.create(null), {JsonSerializer.Serialize(Rows.ToDictionary(row => row[0], row => row[i + 1]), Readable)});\n"
                )
        );
}
