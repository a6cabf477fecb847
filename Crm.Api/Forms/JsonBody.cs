// application/json: one object, flattened into fields with dotted names.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Crm.Api.Http;

namespace Crm.Api.Forms;

/// <summary>
/// Nested objects become <c>a.b</c>, scalars in an array repeated values, objects in an array <c>a.0.b</c>. A number keeps its
/// source text, null leaves nothing. Names with PHP brackets mean the same here as in a form, because scripts that turn a form into
/// an object keep them.
/// </summary>
public static class JsonBody
{
    // Longer in escapes than the longest name can be: six characters for one byte.
    const int KeyBytes = FormLimits.NameBytes * 6;

    struct Frame
    {
        public bool IsArray;
        public int PathLength;
        public int Count;
        public int Object;
    }

    /// <param name="body">UTF-8 without a byte order mark.</param>
    public static void Read(ReadOnlySpan<byte> body, FieldCollector into)
    {
        // The reader's own depth is out of reach: this loop stops sooner and can name the field.
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = FormLimits.Depth + 2 });
        using var seen = new SeenKeys();
        try
        {
            Walk(ref json, into, seen);
        }
        catch (JsonException)
        {
            into.Fail(
                BodyProblems.Malformed(
                    FormattableString.Invariant($"The body is not valid JSON: see byte {json.TokenStartIndex + 1} and what follows.")
                )
            );
        }
    }

    static void Walk(ref Utf8JsonReader json, FieldCollector into, SeenKeys seen)
    {
        Span<Frame> frames = stackalloc Frame[FormLimits.Depth];
        Span<char> path = stackalloc char[FormLimits.NameBytes + 16];
        Span<char> key = stackalloc char[KeyBytes];
        int depth = 0,
            length = 0,
            objects = 0;

        while (json.Read())
        {
            var token = json.TokenType;
            if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                depth--;
                continue;
            }
            if (depth == 0 && token != JsonTokenType.StartObject)
            {
                into.Fail(BodyProblems.Malformed("The JSON of a form post must be 1 object."));
                return;
            }

            if (token == JsonTokenType.PropertyName)
            {
                if (
                    !TryKey(ref json, key, into, out var count)
                    || !into.TryKey(key[..count], out var name)
                    || !seen.TryAdd(frames[depth - 1].Object, name, into)
                    || !TryAppend(path, frames[depth - 1].PathLength, depth, name, into, out length)
                )
                    return;
                continue;
            }

            var inArray = depth > 0 && frames[depth - 1].IsArray;
            if (inArray)
            {
                length = frames[depth - 1].PathLength;
                if (frames[depth - 1].Count++ == FormLimits.ArrayLength)
                {
                    into.Fail(BodyProblems.ArrayTooLong(path[..length]));
                    return;
                }
            }

            if (token is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                if (depth == FormLimits.Depth)
                {
                    into.Fail(BodyProblems.TooDeep(path[..length]));
                    return;
                }
                if (inArray && !TryAppendIndex(path, frames[depth - 1].Count - 1, into, ref length))
                    return;
                frames[depth++] = new Frame
                {
                    IsArray = token == JsonTokenType.StartArray,
                    PathLength = length,
                    Object = ++objects,
                };
            }
            else if (!TryScalar(ref json, path[..length], into))
            {
                return;
            }
        }
    }

    static bool TryScalar(ref Utf8JsonReader json, scoped ReadOnlySpan<char> name, FieldCollector into)
    {
        string value;
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return true;
            case JsonTokenType.True:
                value = "true";
                break;
            case JsonTokenType.False:
                value = "false";
                break;
            case JsonTokenType.String when json.ValueIsEscaped:
                var chars = into.Scratch(json.ValueSpan.Length);
                if (!TryCopy(ref json, chars, out var count))
                    return into.Fail(BodyProblems.EncodingInvalid(new string(name), FormCharset.Utf8));
                if (!into.TryValue(chars.AsSpan(0, count), name, out value))
                    return false;
                break;
            default:
                if (!into.TryValue(json.ValueSpan, FormCharset.Utf8, name, out value))
                    return false;
                break;
        }
        return into.Add(name, value);
    }

    static bool TryKey(ref Utf8JsonReader json, scoped Span<char> buffer, FieldCollector into, out int count)
    {
        count = 0;
        if (json.ValueSpan.Length > KeyBytes)
            return into.Fail(BodyProblems.NameTooLong(Shown(json.ValueSpan)));
        return TryCopy(ref json, buffer, out count) || into.Fail(BodyProblems.EncodingInvalid(null, FormCharset.Utf8));
    }

    /// <summary>As much of a name as can be shown of one that is too long to be decoded.</summary>
    static string Shown(ReadOnlySpan<byte> name) =>
        FormText.IsPlain(name[..FormLimits.NameBytes]) ? Encoding.ASCII.GetString(name[..FormLimits.NameBytes]) : "";

    /// <summary>False for what the JSON grammar lets pass and text does not: bytes that are not UTF-8, half a surrogate pair.</summary>
    static bool TryCopy(ref Utf8JsonReader json, scoped Span<char> destination, out int count)
    {
        if (!json.ValueIsEscaped)
        {
            count = FormText.Decode(json.ValueSpan, FormCharset.Utf8, destination);
            return count >= 0;
        }
        try
        {
            count = json.CopyString(destination);
            return true;
        }
        catch (InvalidOperationException)
        {
            count = 0;
            return false;
        }
    }

    static bool TryAppend(Span<char> path, int parent, int depth, Span<char> name, FieldCollector into, out int length)
    {
        length = 0;
        name = name[..BracketName.Resolve(name, out var levels)];
        var dot = depth > 1 ? 1 : 0;
        if (parent + dot + name.Length > FormLimits.NameBytes)
            return into.Fail(BodyProblems.NameTooLong(name));
        if (dot > 0)
            path[parent] = '.';
        name.CopyTo(path[(parent + dot)..]);
        length = parent + dot + name.Length;
        if (FormText.IsLongerThan(path[..length], FormLimits.NameBytes))
            return into.Fail(BodyProblems.NameTooLong(path[..length]));
        return depth + levels - 1 <= FormLimits.Depth || into.Fail(BodyProblems.TooDeep(path[..length]));
    }

    static bool TryAppendIndex(Span<char> path, int index, FieldCollector into, ref int length)
    {
        path[length++] = '.';
        index.TryFormat(path[length..], out var digits, default, CultureInfo.InvariantCulture);
        length += digits;
        return !FormText.IsLongerThan(path[..length], FormLimits.NameBytes) || into.Fail(BodyProblems.NameTooLong(path[..length]));
    }

    /// <summary>The members met so far, each with its object: of two members of one name, two readers may believe different ones.</summary>
    sealed class SeenKeys : IDisposable
    {
        readonly record struct Key(int Object, int Start, int Length);

        Key[] keys = ArrayPool<Key>.Shared.Rent(FormLimits.JsonMembers);
        char[] text = ArrayPool<char>.Shared.Rent(1_024);
        int count,
            used;

        public bool TryAdd(int owner, ReadOnlySpan<char> name, FieldCollector into)
        {
            for (var i = count - 1; i >= 0; i--)
                if (keys[i].Object == owner && name.SequenceEqual(text.AsSpan(keys[i].Start, keys[i].Length)))
                    return into.Fail(BodyProblems.Duplicate(name));
            if (count == FormLimits.JsonMembers)
                return into.Fail(BodyProblems.TooManyMembers);
            if (used + name.Length > text.Length)
            {
                var larger = ArrayPool<char>.Shared.Rent((used + name.Length) * 2);
                text.AsSpan(0, used).CopyTo(larger);
                ArrayPool<char>.Shared.Return(text);
                text = larger;
            }
            name.CopyTo(text.AsSpan(used));
            keys[count++] = new(owner, used, name.Length);
            used += name.Length;
            return true;
        }

        public void Dispose()
        {
            ArrayPool<Key>.Shared.Return(keys);
            ArrayPool<char>.Shared.Return(text);
            keys = [];
            text = [];
        }
    }
}
