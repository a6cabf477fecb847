// Computed members beside a document: how they are put together and read as part of it, the same bytes whatever the database.

using System.Buffers;
using System.Text.Json;

namespace Crm.Domain.Stores;

public static class Annotations
{
    /// <summary>Whether a key is one of a computed member: it has the member's name, or begins with it and a dot.</summary>
    public static bool IsOf(string key, string member) =>
        key.StartsWith(member, StringComparison.Ordinal) && (key.Length == member.Length || key[member.Length] == '.');

    /// <summary>The members' names.</summary>
    /// <exception cref="ArgumentException">It is no JSON object, or names a member twice.</exception>
    public static IReadOnlyList<string> Names(ReadOnlySpan<byte> members) => [.. Read(members).Select(member => member.Name)];

    /// <summary>
    /// What is stored after a change: its members in the place of those of the same name, new ones behind them; a member that becomes null
    /// goes. Empty: none is left.
    /// </summary>
    public static byte[] Merge(ReadOnlySpan<byte> before, ReadOnlySpan<byte> change)
    {
        var members = before.IsEmpty ? [] : Read(before);
        foreach (var (name, json) in Read(change))
        {
            var at = members.FindIndex(member => member.Name == name);
            if (at >= 0)
                members[at] = (name, json);
            else
                members.Add((name, json));
        }
        members.RemoveAll(member => member.Json is null);
        if (members.Count == 0)
            return [];
        var merged = new ArrayBufferWriter<byte>(before.Length + change.Length);
        foreach (var (_, json) in members)
        {
            merged.Write(merged.WrittenCount == 0 ? "{"u8 : ","u8);
            merged.Write(json);
        }
        merged.Write("}"u8);
        return merged.WrittenSpan.ToArray();
    }

    /// <summary>A document's bytes with the members at their end.</summary>
    /// <param name="members">An object, as <see cref="Merge"/> made it.</param>
    public static byte[] Join(ReadOnlySpan<byte> json, ReadOnlySpan<byte> members)
    {
        var joined = new byte[json.Length + members.Length];
        return joined[..Join(json, members, joined)];
    }

    /// <summary>The same into a buffer that is long enough for both; returns how many bytes were written. What is no object stays as it
    /// is.</summary>
    internal static int Join(ReadOnlySpan<byte> json, ReadOnlySpan<byte> members, Span<byte> to)
    {
        json.CopyTo(to);
        if (json.IsEmpty || json[^1] != '}')
            return json.Length;
        var length = json.Length - 1;
        if (json[..length].TrimEnd(" \t\r\n"u8) is [.., not (byte)'{'])
            to[length++] = (byte)',';
        members[1..].CopyTo(to[length..]);
        return length + members.Length - 1;
    }

    /// <summary>The members with their names, as they are written; null in the place of a null.</summary>
    static List<(string Name, byte[]? Json)> Read(ReadOnlySpan<byte> members)
    {
        var read = new List<(string, byte[]?)>();
        try
        {
            var json = new Utf8JsonReader(members);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new ArgumentException("Computed members are an object.");
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var (name, start) = (json.GetString()!, (int)json.TokenStartIndex);
                if (read.Exists(member => member.Item1 == name))
                    throw new ArgumentException($"The computed member '{name}' is there twice.");
                json.Read();
                var isNull = json.TokenType == JsonTokenType.Null;
                json.Skip();
                read.Add((name, isNull ? null : members[start..(int)json.BytesConsumed].ToArray()));
            }
            if (json.Read())
                throw new ArgumentException("Computed members are one object.");
        }
        catch (JsonException)
        {
            throw new ArgumentException("Computed members are JSON.");
        }
        return read;
    }
}
