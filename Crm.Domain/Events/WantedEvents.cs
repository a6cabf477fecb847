// Which events somebody wants to hear of: by type, by pattern, by record. Looked for in the stored bytes, so that each is read once.

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Crm.Domain.Events;

/// <summary>By <c>type</c> or by any of <c>also</c>, in one spelling for subscriptions and the feed.</summary>
public sealed partial class WantedEvents
{
    public const int MostTypes = 50,
        LongestType = 100;

    readonly HashSet<string>? whole;
    readonly string[] beginnings;
    readonly string? subject;

    /// <param name="types">Types such as lead.created, or patterns such as lead.* and *; null: all. See <see cref="IsType"/>.</param>
    /// <param name="subject">Only events of this record; null: of all.</param>
    public WantedEvents(IEnumerable<string>? types, string? subject = null)
    {
        this.subject = subject;
        var all = types?.ToList();
        beginnings = [.. all?.Where(type => type.EndsWith('*')).Select(type => type[..^1]) ?? []];
        whole = all is null || beginnings.Contains("") ? null : all.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Whether a text can name types: <c>lead.created</c>, <c>lead.*</c> for all of one kind, or <c>*</c>.</summary>
    public static bool IsType(string text) => text.Length <= LongestType && Shape().IsMatch(text);

    [GeneratedRegex(@"\A(\*|[A-Za-z]+\.(\*|\w+))\z")]
    private static partial Regex Shape();

    bool IsWanted(string type) =>
        whole!.Contains(type) || Array.Exists(beginnings, beginning => type.StartsWith(beginning, StringComparison.Ordinal));

    /// <param name="json">The stored event.</param>
    /// <param name="position">Its place, wanted or not.</param>
    public bool Takes(ReadOnlySpan<byte> json, out long position)
    {
        var (ofType, ofSubject) = (whole is null, subject is null);
        position = 0;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("position"u8))
            {
                reader.Read();
                position = reader.GetInt64();
            }
            else if (whole is not null && reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                ofType |= IsWanted(reader.GetString()!);
            }
            else if (whole is not null && reader.ValueTextEquals("also"u8))
            {
                for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.String; )
                    ofType |= IsWanted(reader.GetString()!);
            }
            else if (subject is not null && reader.ValueTextEquals("subject"u8))
            {
                reader.Read();
                ofSubject = reader.ValueTextEquals(subject);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        return ofType && ofSubject;
    }
}
