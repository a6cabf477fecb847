// application/json: an object, or what scripts make of one, flattened into fields with dotted names.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

/// <summary>
/// Nested objects become <c>a.b</c>, scalars in an array repeated values, objects in an array <c>a.0.b</c>. A number keeps its
/// source text, null leaves nothing, a member given twice is a repeated field. Names with PHP brackets mean the same here as in a form,
/// because scripts that turn a form into an object keep them. Lists of <c>{"name":…,"value":…}</c> are fields by that name; of a list of
/// objects the first is the post; JSON inside a JSON string is read once more.
/// </summary>
public static class JsonBody
{
    struct Frame
    {
        public bool IsArray;
        public int PathLength;
        public int Count;
    }

    // Deeper than the limit is passed over; the reader only has to know where it ends.
    const int ReaderDepth = 256;

    /// <param name="body">UTF-8 without a byte order mark.</param>
    public static void Read(ReadOnlySpan<byte> body, FieldCollector into) => Read(body, into, false);

    static void Read(ReadOnlySpan<byte> body, FieldCollector into, bool isInner)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = ReaderDepth });
        try
        {
            if (!Walk(ref json, into, isInner))
                return;
        }
        catch (JsonException)
        {
            into.Fail(
                BodyProblems.Malformed(
                    FormattableString.Invariant($"The body is not valid JSON: see byte {json.TokenStartIndex + 1} and what follows.")
                )
            );
        }
        var isList = body.TrimStart(" \t\r\n"u8).StartsWith((byte)'[');
        if (isList && into.Fields.Count == 0)
            into.Fail(BodyProblems.Malformed("The JSON of a form post must be 1 object."));
        FieldPairs.Flatten(into, isList);
    }

    static bool Walk(ref Utf8JsonReader json, FieldCollector into, bool isInner)
    {
        Span<Frame> frames = stackalloc Frame[FormLimits.Depth + 1];
        Span<char> path = stackalloc char[2 * FormLimits.NameBytes + 16];
        int depth = 0,
            length = 0;
        // A list around the whole post is one level that names nothing.
        var most = FormLimits.Depth;

        while (json.Read() && !into.IsFull)
        {
            var token = json.TokenType;
            if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                depth--;
                continue;
            }
            if (depth == 0 && token == JsonTokenType.String && !isInner)
            {
                var inner = Text(ref json, into);
                var bytes = new byte[System.Text.Encoding.UTF8.GetMaxByteCount(inner.Length)];
                Read(bytes.AsSpan(0, System.Text.Encoding.UTF8.GetBytes(inner, bytes)), into, true);
                return false;
            }
            if (depth == 0 && token is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return into.Fail(BodyProblems.Malformed("The JSON of a form post must be 1 object."));
            if (depth == 0 && token == JsonTokenType.StartArray)
                most++;

            if (token == JsonTokenType.PropertyName)
            {
                var name = FieldCollector.Clean(Text(ref json, into));
                name = name[..BracketName.Resolve(name, out _)];
                length = Append(path, frames[depth - 1].PathLength, into.CutName(name));
                continue;
            }

            var inArray = depth > 0 && frames[depth - 1].IsArray;
            if (inArray)
            {
                length = frames[depth - 1].PathLength;
                if (frames[depth - 1].Count++ >= FormLimits.ArrayLength)
                {
                    into.Note(BodyNotes.Cut(path[..length].ToString()));
                    json.Skip();
                    continue;
                }
            }

            if (token is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                if (depth == most)
                {
                    into.Note(
                        BodyNotes.Unreadable(
                            path[..length].ToString(),
                            "Values may be nested at most 8 levels deep; what is deeper is not here."
                        )
                    );
                    json.Skip();
                    continue;
                }
                if (inArray && (depth > 1 || frames[0].Count > 1 || token == JsonTokenType.StartArray || most == FormLimits.Depth))
                    length = AppendIndex(path, length, frames[depth - 1].Count - 1);
                frames[depth++] = new Frame { IsArray = token == JsonTokenType.StartArray, PathLength = length };
            }
            else if (token != JsonTokenType.Null)
                into.Add(
                    into.CutName(path[..length]),
                    token == JsonTokenType.True ? "true"
                        : token == JsonTokenType.False ? "false"
                        : into.Value(Text(ref json, into), path[..length])
                );
        }
        return true;
    }

    /// <summary>
    /// The text of the token, in scratch memory. The JSON grammar lets pass what text does not: bytes that are not UTF-8 and half a
    /// surrogate pair, so the reader's own way, which throws, is not taken.
    /// </summary>
    static Span<char> Text(ref Utf8JsonReader json, FieldCollector into)
    {
        var bytes = json.ValueSpan;
        var chars = into.Scratch(bytes.Length);
        var text = chars.AsSpan(0, into.Decode(bytes, Charset.Utf8, chars, out _));
        if (!json.ValueIsEscaped)
            return text;
        var (read, written) = (0, 0);
        while (read < text.Length)
        {
            var c = text[read++];
            if (c == '\\' && read < text.Length)
                switch (c = text[read++])
                {
                    case 'b':
                        c = '\b';
                        break;
                    case 'f':
                        c = '\f';
                        break;
                    case 'n':
                        c = '\n';
                        break;
                    case 'r':
                        c = '\r';
                        break;
                    case 't':
                        c = '\t';
                        break;
                    case 'u' when read + 4 <= text.Length:
                        c = (char)ushort.Parse(text.Slice(read, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                        read += 4;
                        break;
                }
            text[written++] = c;
        }
        text = text[..written];
        for (var i = 0; i < text.Length; i++)
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = '\uFFFD';
                into.Note(BodyNotes.Unreadable("", "Half of a surrogate pair stands alone; it was replaced by U+FFFD."));
            }
        return text;
    }

    static int Append(Span<char> path, int parent, ReadOnlySpan<char> name)
    {
        if (parent > 0 && parent < path.Length)
            path[parent++] = '.';
        name = name[..Math.Min(name.Length, path.Length - parent)];
        name.CopyTo(path[parent..]);
        return parent + name.Length;
    }

    static int AppendIndex(Span<char> path, int length, int index)
    {
        Span<char> digits = stackalloc char[12];
        index.TryFormat(digits, out var count, default, CultureInfo.InvariantCulture);
        return Append(path, length, digits[..count]);
    }
}
