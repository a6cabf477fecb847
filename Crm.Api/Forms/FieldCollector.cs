// What the three body parsers write into: the fields read so far, what had to be left out of them, and what stopped the reading.

using System.Buffers;
using System.Text;
using Crm.Domain.Forms;
using Crm.Domain.Text;

namespace Crm.Api.Forms;

/// <summary>
/// Collects one body's fields within <see cref="FormLimits"/>; what is too much is cut or dropped and noted. Not for use by several
/// threads; disposing gives its scratch memory back.
/// </summary>
/// <param name="hints">What is known of the form.</param>
/// <param name="expected">How many fields to make room for.</param>
public sealed class FieldCollector(BodyHints hints, int expected = 8) : IDisposable
{
    readonly List<PostedField> fields = new(Math.Clamp(expected, 0, FormLimits.Fields));
    List<PostedFile>? files;
    List<SubmissionNote>? notes;
    char[] scratch = [];
    int last;
    int surplus;
    int room = FormLimits.TextBytes;

    public IReadOnlyList<PostedField> Fields => fields;
    public IReadOnlyList<PostedFile> Files => files is null ? [] : files;
    public IReadOnlyList<SubmissionNote> Notes =>
        surplus > 0 ? [BodyNotes.Surplus(surplus), .. (notes ?? []).Take(SubmissionNote.Most - 1)]
        : notes is null ? []
        : notes;

    /// <summary>Why the body could not be read to its end; null so far.</summary>
    public BodyProblem? Problem { get; private set; }

    /// <summary>Bytes beyond ASCII in texts that were valid in their charset.</summary>
    public int Fitting { get; private set; }

    /// <summary>Bytes beyond ASCII in texts that were not.</summary>
    public int Misfitting { get; private set; }

    /// <summary>Whether what was not valid in its charset is valid UTF-8.</summary>
    public bool MisfitsAreUtf8 { get; private set; } = true;

    /// <summary>Whether the rest need not be looked at.</summary>
    public bool IsFull => surplus > FormLimits.SurplusFields;

    /// <summary>Keeps the first problem and returns false.</summary>
    public bool Fail(BodyProblem problem)
    {
        Problem ??= problem;
        return false;
    }

    /// <summary>Notes what was left out, once for each field.</summary>
    public void Note(SubmissionNote note)
    {
        notes ??= [];
        if (notes.Count < SubmissionNote.Most && !notes.Exists(n => n.Field == note.Field && n.Code == note.Code))
            notes.Add(note);
    }

    /// <summary>Adds a value to the field of this name, both as bytes whose escapes are resolved already.</summary>
    public void Add(ReadOnlySpan<byte> name, Charset nameCharset, ReadOnlySpan<byte> value, Charset valueCharset)
    {
        if (TryPlace(name, nameCharset, out var at, out var text))
            Put(at, text, Value(value, valueCharset, text));
    }

    /// <summary>Adds a value to the field of this name, which is in its final form.</summary>
    internal void Add(ReadOnlySpan<char> name, string value)
    {
        var at = Find(name);
        if (at >= 0)
            Put(at, fields[at].Name, value);
        else if (HasRoom(name))
            Put(-1, new string(name), value);
    }

    /// <summary>Takes a field out again; its values are no longer counted.</summary>
    internal void Remove(string name) => fields.RemoveAll(f => f.Name == name);

    /// <summary>Notes a file part: its content is not kept.</summary>
    public void AddFile(ReadOnlySpan<byte> name, ReadOnlySpan<byte> fileName, Charset charset, ReadOnlySpan<byte> contentType, long size)
    {
        var field = new string(NameText(name, charset));
        if (Files.Count >= FormLimits.Files)
        {
            surplus++;
            return;
        }
        var file = Value(fileName, charset, field);
        var type = contentType.IsEmpty ? null : Value(contentType, Charset.Windows1252, field);
        if (type?.Length > FormLimits.ContentTypeCharacters)
            type = type[..FormLimits.ContentTypeCharacters];
        (files ??= []).Add(new(field, file, type, size));
        Note(BodyNotes.FileDropped(field, file, size));
    }

    /// <summary>Makes a value of its decoded characters, which are changed on the way.</summary>
    internal string Value(Span<char> text, ReadOnlySpan<char> field)
    {
        if (text.Contains('\0'))
            Note(BodyNotes.Unreadable(new string(field), "The character U+0000 was taken out of the value."));
        var value = Nfc.Normalize((ReadOnlySpan<char>)text[..FormText.Clean(text)]);
        return CutTo(value, FormLimits.ValueBytes, field);
    }

    /// <summary>Makes a value of bytes whose escapes are resolved already.</summary>
    internal string Value(ReadOnlySpan<byte> bytes, Charset charset, ReadOnlySpan<char> field)
    {
        if (charset.IsAsciiBased && FormText.IsPlain(bytes) && (charset == Charset.Utf8 || bytes.IndexOf("&#"u8) < 0))
            return CutTo(Encoding.ASCII.GetString(bytes), FormLimits.ValueBytes, field);
        // Cut before it is decoded, so that what a sieve cut in the middle of a character is not met.
        const int Enough = FormLimits.ValueBytes + 512;
        if (charset == Charset.Utf8 && bytes.Length > Enough)
        {
            var end = Enough;
            while (end > Enough - 4 && (bytes[end] & 0xC0) == 0x80)
                end--;
            bytes = bytes[..end];
        }
        var chars = Scratch(bytes.Length);
        var text = chars.AsSpan(0, Decode(bytes, charset, chars, out var used));
        if (used != Charset.Utf8 && text.IndexOf("&#") >= 0)
            text = text[..FormText.ResolveReferences(text)];
        return Value(text, field);
    }

    /// <summary>
    /// Decodes; never fails. Bytes that are not valid in the charset they are said to have are UTF-8 if they can be, and otherwise in the
    /// charset of the form's pages, as far as it is known.
    /// </summary>
    internal int Decode(ReadOnlySpan<byte> bytes, Charset charset, Span<char> chars, out Charset used)
    {
        used = charset;
        var length = charset.Decode(bytes, chars);
        var high = HighBytes(bytes);
        if (length >= 0)
        {
            Fitting += high;
            return length;
        }
        Misfitting += Math.Max(high, 1);
        if (charset != Charset.Utf8 && (length = Charset.Utf8.Decode(bytes, chars)) >= 0)
        {
            used = Charset.Utf8;
            return length;
        }
        MisfitsAreUtf8 = false;
        used = hints.Pages;
        if (used != charset && (length = used.Decode(bytes, chars)) >= 0)
            return length;
        used = Charset.Windows1252;
        return used.Decode(bytes, chars);
    }

    static int HighBytes(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var b in bytes)
            count += b >> 7;
        return count;
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

    /// <summary>The field's place (-1: it is new) and its name in its final form; false when there is none for it.</summary>
    bool TryPlace(ReadOnlySpan<byte> bytes, Charset charset, out int at, out string name)
    {
        name = "";
        if (
            charset.IsAsciiBased
            && bytes.Length <= FormLimits.NameBytes
            && FormText.IsPlain(bytes)
            && !bytes.Contains((byte)'[')
            && (at = Find(bytes)) >= 0
        )
        {
            name = fields[at].Name;
            return true;
        }
        var text = NameText(bytes, charset);
        at = Find(text);
        if (at >= 0)
        {
            name = fields[at].Name;
            return true;
        }
        if (!HasRoom(text))
            return false;
        name = new string(text);
        return true;
    }

    /// <summary>A name in its final form, in the scratch memory or in memory of its own.</summary>
    ReadOnlySpan<char> NameText(ReadOnlySpan<byte> bytes, Charset charset)
    {
        var cut = bytes.Length > 8 * FormLimits.NameBytes;
        if (cut)
            bytes = bytes[..(8 * FormLimits.NameBytes)];
        var chars = Scratch(bytes.Length);
        var text = Clean(chars.AsSpan(0, Decode(bytes, charset, chars, out _)));
        text = text[..BracketName.Resolve(text, out var levels)];
        if (levels > FormLimits.Depth)
            Note(BodyNotes.Unreadable("", "Names are nested at most 8 levels deep; deeper brackets are a part of the name."));
        return CutName(text);
    }

    /// <summary>The name, not longer than a name may be.</summary>
    internal ReadOnlySpan<char> CutName(ReadOnlySpan<char> name)
    {
        if (!FormText.IsLongerThan(name, FormLimits.NameBytes))
            return name;
        name = name[..FormText.LengthWithin(name, FormLimits.NameBytes)];
        Note(BodyNotes.Cut(new string(name)));
        return name;
    }

    /// <summary>Cleans and normalises the characters of a name, brackets and all.</summary>
    internal static Span<char> Clean(Span<char> text)
    {
        text = text[..FormText.Clean(text)];
        return Nfc.IsSurelyNormalized(text) ? text : Nfc.Normalize((ReadOnlySpan<char>)text).ToCharArray();
    }

    string CutTo(string value, int bytes, ReadOnlySpan<char> field)
    {
        var length = FormText.LengthWithin(value, bytes);
        if (length == value.Length)
            return value;
        Note(BodyNotes.Cut(new string(field)));
        return value[..length];
    }

    /// <summary>A field of the form's own always has a place: the last one that the form does not know makes room for it.</summary>
    bool HasRoom(ReadOnlySpan<char> name)
    {
        if (fields.Count < FormLimits.Fields)
            return true;
        surplus++;
        if (!hints.IsOwn(new string(name)))
            return false;
        var other = fields.FindLastIndex(f => !hints.IsOwn(f.Name));
        if (other < 0)
            return false;
        fields.RemoveAt(other);
        return true;
    }

    void Put(int at, string name, string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        var mayHave = Math.Max(0, bytes <= FormLimits.ShortBytes ? room : room - FormLimits.TextBytesForShort);
        if (bytes > mayHave)
        {
            value = CutTo(value, mayHave, name);
            bytes = Encoding.UTF8.GetByteCount(value);
        }
        room -= bytes;
        if (at < 0)
        {
            last = fields.Count;
            fields.Add(new(name, new[] { value }));
            return;
        }
        var values = fields[at].Values;
        if (values.Count >= FormLimits.ArrayLength)
            surplus++;
        else if (values is List<string> list)
            list.Add(value);
        else
            fields[at] = new(name, new List<string>(4) { values[0], value });
    }

    // At most 200 names: walking them costs less than a hash table, and nothing can be made to collide.
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
