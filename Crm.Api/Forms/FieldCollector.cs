// What the three body parsers write into: the fields read so far, the limits on them, and the first problem.

using System.Buffers;
using System.Text;
using Crm.Domain.Forms;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

/// <summary>
/// Collects one body's fields. Every method that returns false has set <see cref="Problem"/>, and the parser stops there.
/// Not for use by several threads; disposing gives its scratch memory back.
/// </summary>
public sealed class FieldCollector : IDisposable
{
    readonly List<PostedField> fields;
    List<PostedFile>? files;
    char[] scratch = [];
    int last;

    /// <param name="expected">How many fields to make room for.</param>
    public FieldCollector(int expected = 8) => fields = new(Math.Clamp(expected, 0, FormLimits.Fields));

    public IReadOnlyList<PostedField> Fields => fields;
    public IReadOnlyList<PostedFile> Files => files is null ? [] : files;

    /// <summary>Why the body could not be read to its end; null so far.</summary>
    public BodyProblem? Problem { get; private set; }

    /// <summary>Keeps the first problem and returns false.</summary>
    public bool Fail(BodyProblem problem)
    {
        Problem ??= problem;
        return false;
    }

    /// <summary>Adds a value to the field of this name, both as bytes whose escapes are resolved already.</summary>
    public bool Add(ReadOnlySpan<byte> name, FormCharset nameCharset, ReadOnlySpan<byte> value, FormCharset valueCharset) =>
        TryName(name, nameCharset, out var at, out var text)
        && TryValue(value, valueCharset, text, out var content)
        && Put(at, text, content);

    /// <summary>Adds a value to the field of this name, which is in its final form.</summary>
    internal bool Add(ReadOnlySpan<char> name, string value)
    {
        var at = Find(name);
        if (at >= 0)
            return Put(at, fields[at].Name, value);
        return HasRoom() && Put(-1, new string(name), value);
    }

    /// <summary>Adds a file part.</summary>
    public bool AddFile(
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> fileName,
        FormCharset charset,
        ReadOnlySpan<byte> contentType,
        long size
    )
    {
        if (!TryNameText(name, charset, out var text))
            return false;
        var field = new string(text);
        if (!TryValue(fileName, charset, field, out var file))
            return false;
        string? type = null;
        if (!contentType.IsEmpty)
        {
            if (!TryValue(contentType, FormCharset.Windows1252, field, out type))
                return false;
            if (type.Length > FormLimits.ContentTypeCharacters)
                type = type[..FormLimits.ContentTypeCharacters];
        }
        (files ??= []).Add(new(field, file, type, size));
        return true;
    }

    /// <summary>Makes a value of its decoded characters, which are changed on the way.</summary>
    internal bool TryValue(Span<char> text, ReadOnlySpan<char> field, out string value)
    {
        text = text[..FormText.Clean(text, out var hadNul)];
        value = "";
        if (hadNul)
            return Fail(BodyProblems.Nul(field));
        value = Nfc.Normalize((ReadOnlySpan<char>)text);
        return !FormText.IsLongerThan(value, FormLimits.ValueBytes) || Fail(BodyProblems.ValueTooLong(new string(field)));
    }

    /// <summary>Makes a value of bytes whose escapes are resolved already.</summary>
    internal bool TryValue(ReadOnlySpan<byte> bytes, FormCharset charset, ReadOnlySpan<char> field, out string value)
    {
        if (charset < FormCharset.Utf16 && FormText.IsPlain(bytes))
        {
            value = Encoding.ASCII.GetString(bytes);
            return value.Length <= FormLimits.ValueBytes || Fail(BodyProblems.ValueTooLong(new string(field)));
        }
        var chars = Scratch(bytes.Length);
        var length = FormText.Decode(bytes, charset, chars);
        if (length < 0)
        {
            value = "";
            return Fail(BodyProblems.EncodingInvalid(new string(field), charset));
        }
        return TryValue(chars.AsSpan(0, length), field, out value);
    }

    /// <summary>Memory for decoding, good until the next call.</summary>
    internal char[] Scratch(int length)
    {
        if (scratch.Length >= length)
            return scratch;
        Dispose();
        return scratch = ArrayPool<char>.Shared.Rent(Math.Max(length, 1_024));
    }

    public void Dispose()
    {
        if (scratch.Length > 0)
            ArrayPool<char>.Shared.Return(scratch);
        scratch = [];
    }

    /// <summary>The field's place (-1: it is new) and its name in its final form.</summary>
    bool TryName(ReadOnlySpan<byte> bytes, FormCharset charset, out int at, out string name)
    {
        if (charset < FormCharset.Utf16 && FormText.IsPlain(bytes) && !bytes.Contains((byte)'['))
        {
            at = Find(bytes);
            if (at >= 0)
            {
                name = fields[at].Name;
                return true;
            }
            name = "";
            if (bytes.Length > FormLimits.NameBytes)
                return Fail(BodyProblems.NameTooLong(Encoding.ASCII.GetString(bytes)));
            if (!HasRoom())
                return false;
            name = Encoding.ASCII.GetString(bytes);
            return true;
        }

        at = -1;
        name = "";
        if (!TryNameText(bytes, charset, out var text))
            return false;
        at = Find(text);
        if (at >= 0)
        {
            name = fields[at].Name;
            return true;
        }
        if (!HasRoom())
            return false;
        name = new string(text);
        return true;
    }

    bool TryNameText(ReadOnlySpan<byte> bytes, FormCharset charset, out ReadOnlySpan<char> name)
    {
        name = [];
        var chars = Scratch(bytes.Length);
        var length = FormText.Decode(bytes, charset, chars);
        if (length < 0)
            return Fail(BodyProblems.EncodingInvalid(null, charset));
        if (!TryKey(chars.AsSpan(0, length), out var key))
            return false;
        key = key[..BracketName.Resolve(key, out var levels)];
        if (FormText.IsLongerThan(key, FormLimits.NameBytes))
            return Fail(BodyProblems.NameTooLong(key));
        if (levels > FormLimits.Depth)
            return Fail(BodyProblems.TooDeep(key));
        name = key;
        return true;
    }

    /// <summary>Cleans and normalises the characters of a name, brackets and all.</summary>
    internal bool TryKey(Span<char> text, out Span<char> key)
    {
        key = text[..FormText.Clean(text, out var hadNul)];
        if (!Nfc.IsSurelyNormalized(key))
            key = Nfc.Normalize((ReadOnlySpan<char>)key).ToCharArray();
        return !hadNul || Fail(BodyProblems.Nul(key));
    }

    bool HasRoom() => fields.Count < FormLimits.Fields || Fail(BodyProblems.TooManyFields);

    bool Put(int at, string name, string value)
    {
        if (at < 0)
        {
            last = fields.Count;
            fields.Add(new(name, new[] { value }));
            return true;
        }
        var values = fields[at].Values;
        if (values.Count >= FormLimits.ArrayLength)
            return Fail(BodyProblems.ArrayTooLong(name));
        if (values is List<string> list)
            list.Add(value);
        else
            fields[at] = new(name, new List<string>(4) { values[0], value });
        return true;
    }

    // At most 64 names: walking them costs less than a hash table, and nothing can be made to collide.
    // A repeated field mostly follows itself, so the last one found is asked first.
    int Find(ReadOnlySpan<char> name)
    {
        if (last < fields.Count && name.SequenceEqual(fields[last].Name))
            return last;
        for (var i = 0; i < fields.Count; i++)
            if (name.SequenceEqual(fields[i].Name))
                return last = i;
        return -1;
    }

    int Find(ReadOnlySpan<byte> name)
    {
        if (last < fields.Count && IsName(name, fields[last].Name))
            return last;
        for (var i = 0; i < fields.Count; i++)
            if (IsName(name, fields[i].Name))
                return last = i;
        return -1;
    }

    static bool IsName(ReadOnlySpan<byte> bytes, string name) =>
        bytes.Length == name.Length && (bytes.IsEmpty || (bytes[0] == name[0] && Ascii.Equals(bytes, name)));
}
