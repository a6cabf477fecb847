// Finds the asked members of stored objects. Rows of one kind are written alike, so the next member's name is guessed before it is read.

using System.Text.Json;

namespace Crm.GraphQL.Execution;

/// <summary>Where a value lies in its object's JSON; a member that is not there has no length.</summary>
public readonly record struct Place(int Start, int End);

/// <summary>
/// The members that one selection reads from its objects. It remembers how the last objects it did not know were laid out; a guess is
/// checked against the bytes, so that another layout costs time and
/// nothing else. Safe for any number of threads.
/// </summary>
/// <param name="names">The asked members; where they lie is told in their order.</param>
public sealed class StoredMembers(IReadOnlyList<string> names)
{
    /// <summary>Layouts that are learned, and members of one: what is stranger is read without guessing.</summary>
    const int MostLearned = 32,
        MostMembers = 256;

    readonly byte[][] asked = [.. names.Select(System.Text.Encoding.UTF8.GetBytes)];
    Layout layout = new([]);
    int learned;

    public int Count => asked.Length;

    /// <param name="Members">In their order, up to the last one that was asked for: the name with its quotes and its colon, and its number
    /// among the asked ones or -1.</param>
    sealed record Layout((byte[] Name, int Number)[] Members);

    /// <param name="places">As many as there are names, all empty.</param>
    public void Find(ReadOnlySpan<byte> json, Span<Place> places)
    {
        var left = asked.Length;
        var members = layout.Members;
        var next = 0;
        var strange = false;
        var at = StoredJson.SkipBlank(json, 0) + 1;
        while (left > 0 && (at = StoredJson.SkipBlank(json, at)) < json.Length && json[at] == '"')
        {
            int number,
                start;
            if (next < members.Length && json[at..].StartsWith(members[next].Name))
            {
                number = members[next].Number;
                start = at + members[next].Name.Length;
                next++;
            }
            else if (Later(json[at..], members, next + 1) is var later and >= 0)
            {
                number = members[later].Number;
                start = at + members[later].Name.Length;
                next = later + 1;
            }
            else
            {
                strange = true;
                var end = StoredJson.EndOfText(json, at);
                number = NumberOf(json[(at + 1)..(end - 1)]);
                start = StoredJson.SkipBlank(json, end) + 1; // behind the colon
            }
            start = StoredJson.SkipBlank(json, start);
            at = StoredJson.EndOfValue(json, start);
            if (number >= 0)
            {
                if (places[number].End == 0)
                    left--;
                places[number] = new(start, at);
            }
            at = StoredJson.SkipBlank(json, at) + 1; // behind the comma, or the end
        }
        if (strange && learned < MostLearned)
            Learn(json[..Math.Min(at, json.Length)]);
    }

    /// <summary>Where members are left out.</summary>
    static int Later(ReadOnlySpan<byte> json, (byte[] Name, int Number)[] members, int from)
    {
        for (var i = from; i < members.Length; i++)
            if (json.StartsWith(members[i].Name))
                return i;
        return -1;
    }

    void Learn(ReadOnlySpan<byte> json)
    {
        learned++;
        var members = new List<(byte[], int)>();
        var at = StoredJson.SkipBlank(json, 0) + 1;
        while (members.Count < MostMembers && (at = StoredJson.SkipBlank(json, at)) < json.Length && json[at] == '"')
        {
            var end = StoredJson.EndOfText(json, at);
            // With blanks before the colon it is never met again like this, which is harmless.
            members.Add(([.. json[at..end], (byte)':'], NumberOf(json[(at + 1)..(end - 1)])));
            at = StoredJson.SkipBlank(json, StoredJson.SkipBlank(json, end) + 1);
            if (at >= json.Length)
                break;
            at = StoredJson.SkipBlank(json, StoredJson.EndOfValue(json, at)) + 1;
        }
        layout = new([.. members]);
    }

    int NumberOf(ReadOnlySpan<byte> name)
    {
        if (name.Contains((byte)'\\'))
            return Unescaped(name);
        for (var i = 0; i < asked.Length; i++)
            if (name.SequenceEqual(asked[i]))
                return i;
        return -1;
    }

    int Unescaped(ReadOnlySpan<byte> name)
    {
        try
        {
            var reader = new Utf8JsonReader((byte[])[(byte)'"', .. name, (byte)'"']);
            reader.Read();
            for (var i = 0; i < asked.Length; i++)
                if (reader.ValueTextEquals(asked[i]))
                    return i;
            return -1;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArgumentException("A name is no text.", error);
        }
    }
}
