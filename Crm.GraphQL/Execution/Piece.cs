// A value on its way into the answer: JSON, or parts that a resolver knows apart and that nobody has to look for in JSON.

using System.Text;
using System.Text.Json;

namespace Crm.GraphQL.Execution;

/// <summary>Nothing at all (<c>default</c>) is null. JSON must be correct, and stay as it is until the answer was written.</summary>
public readonly struct Piece
{
    readonly ReadOnlyMemory<byte> json;
    readonly object? parts;

    public Piece(ReadOnlyMemory<byte> json) => this.json = json;

    Piece(object parts) => this.parts = parts;

    public static Piece Of(Piece[] entries) => new(entries);

    /// <param name="members">A member that is not among them is null.</param>
    public static Piece Of((string Name, Piece Value)[] members) => new(members);

    public static implicit operator Piece(ReadOnlyMemory<byte> json) => new(json);

    public bool IsNull => parts is null && (json.IsEmpty || json.Span[0] == 'n');

    /// <summary>The entries, when they are known apart.</summary>
    public Piece[]? Entries => parts as Piece[];

    /// <summary>The members, when they are known apart.</summary>
    public (string Name, Piece Value)[]? Members => parts as (string, Piece)[];

    internal static readonly Piece EmptyObject = new((ReadOnlyMemory<byte>)"{}"u8.ToArray());

    public bool IsObject => parts is null ? !json.IsEmpty && json.Span[0] == '{' : parts is (string, Piece)[];

    public bool IsList => parts is null ? !json.IsEmpty && json.Span[0] == '[' : parts is Piece[];

    /// <summary>The member of that name; null when the members are not known apart, or it is none of them.</summary>
    public Piece Member(string name)
    {
        if (Members is { } members)
            foreach (var (known, value) in members)
                if (known == name)
                    return value;
        return default;
    }

    /// <summary>The value as JSON; put together now when only its parts are known.</summary>
    public ReadOnlyMemory<byte> Json
    {
        get
        {
            if (parts is null)
                return json;
            var buffer = new System.Buffers.ArrayBufferWriter<byte>(256);
            using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
                Write(writer);
            return buffer.WrittenMemory;
        }
    }

    void Write(Utf8JsonWriter writer)
    {
        if (IsNull)
            writer.WriteNullValue();
        else if (Entries is { } entries)
        {
            writer.WriteStartArray();
            foreach (var entry in entries)
                entry.Write(writer);
            writer.WriteEndArray();
        }
        else if (Members is { } members)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                value.Write(writer);
            }
            writer.WriteEndObject();
        }
        else
            writer.WriteRawValue(json.Span, skipInputValidation: true);
    }

    public override string ToString() => Encoding.UTF8.GetString(Json.Span);
}
