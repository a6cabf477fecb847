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
using Microsoft.AspNetCore.WebUtilities;

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
        var content = buffer.WrittenSpan;
        var whole = new byte[SealBytes + content.Length];
        seal.Write(Sealed(content, shape), whole.AsSpan(0, SealBytes));
        content.CopyTo(whole.AsSpan(SealBytes));
        return WebEncoders.Base64UrlEncode(whole);
    }

    public static Position Read(string text, string shape, int sortFields, TokenSeal seal)
    {
        if (
            text.Length <= 4096
            && TryDecode(text) is { } whole
            && whole.Length > SealBytes
            && seal.Is(Sealed(whole.AsSpan(SealBytes), shape), whole.AsSpan(0, SealBytes))
        )
        {
            using var document = JsonDocument.Parse(whole.AsMemory(SealBytes));
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

    static byte[]? TryDecode(string text)
    {
        try
        {
            return WebEncoders.Base64UrlDecode(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>What is sealed: the list's shape, an empty byte, and the position.</summary>
    static byte[] Sealed(ReadOnlySpan<byte> content, string shape)
    {
        var length = Encoding.UTF8.GetByteCount(shape);
        var text = new byte[length + 1 + content.Length];
        Encoding.UTF8.GetBytes(shape, text);
        content.CopyTo(text.AsSpan(length + 1));
        return text;
    }
}
