// Writes BSON into one growing buffer: the stored JSON is copied once, as it is, and no tree of values is built for it.

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

enum BsonType : byte
{
    Double = 1,
    Text = 2,
    Document = 3,
    Array = 4,
    Binary = 5,
    Boolean = 8,
    Time = 9,
    Null = 10,
    Int32 = 16,
    Int64 = 18,
}

/// <summary>
/// A document is open from the start; <see cref="End"/> closes it. A name is ASCII or any other UTF-8 without NUL; null inside an array:
/// the next number.
/// </summary>
sealed class BsonWriter
{
    byte[] buffer;
    int used = 4;
    readonly Stack<(int Start, int Items)> open = new();
    int items;
    bool ended;

    public BsonWriter(int expected = 256) => buffer = new byte[expected];

    public BsonWriter Double(string? name, double value)
    {
        Head(BsonType.Double, name);
        BinaryPrimitives.WriteDoubleLittleEndian(Room(8), value);
        return this;
    }

    public BsonWriter Int(string? name, int value)
    {
        Head(BsonType.Int32, name);
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);
        return this;
    }

    public BsonWriter Long(string? name, long value)
    {
        Head(BsonType.Int64, name);
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
        return this;
    }

    public BsonWriter Time(string? name, DateTimeOffset value)
    {
        Head(BsonType.Time, name);
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value.ToUnixTimeMilliseconds());
        return this;
    }

    public BsonWriter Bool(string? name, bool value)
    {
        Head(BsonType.Boolean, name);
        Room(1)[0] = value ? (byte)1 : (byte)0;
        return this;
    }

    public BsonWriter Null(string? name)
    {
        Head(BsonType.Null, name);
        return this;
    }

    public BsonWriter Text(string? name, string value)
    {
        Head(BsonType.Text, name);
        var length = Encoding.UTF8.GetByteCount(value);
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), length + 1);
        Encoding.UTF8.GetBytes(value, Room(length));
        Room(1)[0] = 0;
        return this;
    }

    public BsonWriter Utf8(string? name, ReadOnlySpan<byte> value)
    {
        Head(BsonType.Text, name);
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value.Length + 1);
        value.CopyTo(Room(value.Length));
        Room(1)[0] = 0;
        return this;
    }

    public BsonWriter Binary(string? name, ReadOnlySpan<byte> value)
    {
        Head(BsonType.Binary, name);
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value.Length);
        Room(1)[0] = 0;
        value.CopyTo(Room(value.Length));
        return this;
    }

    /// <summary>A key is text or a double, whole numbers too: one type for a path, so that every index and comparison agrees.</summary>
    public BsonWriter Key(string? name, Key value)
    {
        if (value.Text is { } text)
            return Text(name, text);
        if (double.IsNaN(value.Number))
            throw new ArgumentException("A key cannot be NaN: it has no place in an order.");
        return Double(name, value.Number == 0 ? 0 : value.Number);
    }

    /// <summary>A whole document that was written before.</summary>
    public BsonWriter Document(string? name, ReadOnlySpan<byte> document)
    {
        Head(BsonType.Document, name);
        document.CopyTo(Room(document.Length));
        return this;
    }

    /// <summary>The element a reader stands on, as it is.</summary>
    public BsonWriter Copy(in BsonReader element)
    {
        Room(1)[0] = (byte)element.Type;
        element.Name.CopyTo(Room(element.Name.Length));
        Room(1)[0] = 0;
        element.Raw.CopyTo(Room(element.Raw.Length));
        return this;
    }

    public BsonWriter Document(string? name) => Begin(BsonType.Document, name);

    public BsonWriter Array(string? name) => Begin(BsonType.Array, name);

    BsonWriter Begin(BsonType type, string? name)
    {
        Head(type, name);
        open.Push((used, items));
        items = 0;
        Room(4);
        return this;
    }

    /// <summary>Closes the innermost document or array that is open.</summary>
    public BsonWriter Close()
    {
        Room(1)[0] = 0;
        (var start, items) = open.Pop();
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(start), used - start);
        return this;
    }

    /// <summary>The finished document, valid as long as the writer.</summary>
    public ReadOnlySpan<byte> End()
    {
        if (open.Count > 0)
            throw new InvalidOperationException("A part of the document is still open.");
        if (!ended)
        {
            Room(1)[0] = 0;
            BinaryPrimitives.WriteInt32LittleEndian(buffer, used);
            ended = true;
        }
        return buffer.AsSpan(0, used);
    }

    public byte[] ToArray() => End().ToArray();

    /// <summary>Starts a new document in the same memory.</summary>
    public BsonWriter Clear()
    {
        (used, items, ended) = (4, 0, false);
        open.Clear();
        return this;
    }

    void Head(BsonType type, string? name)
    {
        Room(1)[0] = (byte)type;
        if (name is null)
        {
            var digits = Room(11);
            items++.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
            used -= 11 - written;
        }
        else
        {
            var most = Room(Encoding.UTF8.GetByteCount(name));
            Encoding.UTF8.GetBytes(name, most);
        }
        Room(1)[0] = 0;
    }

    Span<byte> Room(int length)
    {
        if (used + length > buffer.Length)
            System.Array.Resize(ref buffer, Math.Max(buffer.Length * 2, used + length));
        used += length;
        return buffer.AsSpan(used - length, length);
    }
}
