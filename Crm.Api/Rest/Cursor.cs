// A list's cursor: the position of the last row, sealed so that it fits one list of one workspace and cannot be made up.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Crm.Domain;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

public static class Cursor
{
    /// <summary>The purpose of the installation's key that seals it.</summary>
    public const string Purpose = CrmCatalog.ListCursors;

    const int SealBytes = 12;
    static readonly string[] NotPartOfTheShape = ["after", "limit", "fields", .. ListFormat.Parameters];

    /// <summary>What a cursor belongs to: the workspace, the resource, the record whose list it is (if any), and the filters and sort as
    /// written.</summary>
    public static string Shape(WorkspaceKey workspace, ResourceType type, string? of, IQueryCollection query)
    {
        if (query.Count == 0)
            return $"{workspace.Value}|{type.Plural}|{of}|";
        var shape = new StringBuilder($"{workspace.Value}|{type.Plural}|{of}|");
        foreach (var (name, values) in query.Where(p => !NotPartOfTheShape.Contains(p.Key)).OrderBy(p => p.Key, StringComparer.Ordinal))
            shape.Append(name).Append('=').Append(values.ToString()).Append('&');
        return shape.ToString();
    }

    public static string Write(Position position, string shape, TokenSeal seal)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(position.Id.ToString(""));
            foreach (var value in position.Keys)
                switch (value)
                {
                    case null:
                        writer.WriteNullValue();
                        break;
                    case { IsText: true } text:
                        writer.WriteStringValue(text.Text);
                        break;
                    case { } number:
                        writer.WriteNumberValue(number.Number);
                        break;
                }
            writer.WriteEndArray();
        }
        return seal.Enclose(buffer.WrittenSpan, shape, SealBytes);
    }

    public static Position Read(string text, string shape, int sortFields, TokenSeal seal)
    {
        if (text.Length <= 4096 && seal.Disclose(text, shape, SealBytes) is { } content)
        {
            using var document = JsonDocument.Parse(content);
            var values = document.RootElement.EnumerateArray().ToList();
            if (values.Count == sortFields + 1 && Id.TryParse(values[0].GetString(), "", out var id))
                return new(
                    [
                        .. values
                            .Skip(1)
                            .Select(v =>
                                v.ValueKind switch
                                {
                                    JsonValueKind.Null => (Key?)null,
                                    JsonValueKind.Number => Key.Of(v.GetDouble()),
                                    _ => Key.Of(v.GetString()!),
                                }
                            ),
                    ],
                    id
                );
        }
        throw new ProblemException(
            ProblemCodes.InvalidCursor,
            "after must be the page.next of this same list: same key, same filters, same sort.",
            [new("after", "invalid_cursor", "Not a cursor of this list.")]
        );
    }
}
