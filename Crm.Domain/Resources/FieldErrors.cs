// What is wrong with the fields of a record, so that a caller hears all of it at once.

using System.Text.Json;

namespace Crm.Domain.Resources;

/// <summary>What is wrong with one field: a stable code and a sentence that says what is allowed.</summary>
public sealed record FieldError(string Field, string Code, string Message)
{
    /// <summary>As every answer has it.</summary>
    /// <param name="withoutField">Whether one about the whole has no member <c>field</c>, instead of an empty one.</param>
    public void Write(Utf8JsonWriter writer, bool withoutField = false)
    {
        writer.WriteStartObject();
        if (Field.Length > 0 || !withoutField)
            writer.WriteString("field", Field);
        writer.WriteString("code", Code);
        writer.WriteString("message", Message);
        writer.WriteEndObject();
    }
}

/// <summary>Collects what is wrong, so that a caller hears all of it at once. At most 50 are kept.</summary>
public sealed class FieldErrors
{
    const int Most = 50;
    readonly List<FieldError> list = [];

    public IReadOnlyList<FieldError> All => list;
    public bool Any => list.Count > 0;

    public void Add(string field, string code, string message)
    {
        if (list.Count < Most)
            list.Add(new(field, code, message));
    }
}
