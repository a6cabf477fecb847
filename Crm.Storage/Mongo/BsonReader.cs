// Walks the elements of a BSON document where they lie: nothing is copied and nothing is built.

using System.Buffers.Binary;
using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <summary>Knows the types this product writes and those a server answers with; a document that is cut off or has another type is an
/// exception.</summary>
ref struct BsonReader
{
    readonly ReadOnlySpan<byte> document;
    int at;
    ReadOnlySpan<byte> value;

    public BsonReader(ReadOnlySpan<byte> document)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(document);
        if (length < 5 || length > document.Length)
            throw new InvalidDataException("A BSON document is cut off.");
        this.document = document[..length];
        at = 4;
    }

    public BsonType Type { get; private set; }

    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>Moves to the next element; false behind the last.</summary>
    public bool Next()
    {
        Type = (BsonType)document[at++];
        if (Type == 0)
            return false;
        var rest = document[at..];
        var end = rest.IndexOf((byte)0);
        Name = rest[..end];
        rest = rest[(end + 1)..];
        value = rest[..Length(Type, rest)];
        at += end + 1 + value.Length;
        return true;
    }

    static int Length(BsonType type, ReadOnlySpan<byte> rest) =>
        (byte)type switch
        {
            1 or 9 or 17 or 18 => 8,
            2 => checked(4 + BinaryPrimitives.ReadInt32LittleEndian(rest)),
            3 or 4 => BinaryPrimitives.ReadInt32LittleEndian(rest),
            5 => checked(5 + BinaryPrimitives.ReadInt32LittleEndian(rest)),
            7 => 12, // ObjectId
            8 => 1,
            6 or 10 => 0,
            16 => 4,
            19 => 16, // Decimal128
            var other => throw new InvalidDataException($"BSON type {other} was not expected."),
        };

    /// <summary>The value as it is stored.</summary>
    public readonly ReadOnlySpan<byte> Raw => value;

    public readonly bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);

    public readonly double Double =>
        Type switch
        {
            BsonType.Double => BinaryPrimitives.ReadDoubleLittleEndian(value),
            BsonType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(value),
            BsonType.Int64 or BsonType.Time => BinaryPrimitives.ReadInt64LittleEndian(value),
            _ => throw new InvalidDataException($"{Type} is not a number."),
        };

    public readonly long Long =>
        Type switch
        {
            BsonType.Int64 or BsonType.Time => BinaryPrimitives.ReadInt64LittleEndian(value),
            BsonType.Boolean => value[0],
            _ => (long)Double,
        };

    public readonly bool IsNumber => Type is BsonType.Double or BsonType.Int32 or BsonType.Int64;

    /// <summary>The bytes of a text or a binary.</summary>
    public readonly ReadOnlySpan<byte> Bytes =>
        Type switch
        {
            BsonType.Text => value[4..^1],
            BsonType.Binary => value[5..],
            _ => throw new InvalidDataException($"{Type} has no bytes."),
        };

    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>The elements of a document or an array.</summary>
    public readonly BsonReader Document => new(Whole);

    /// <summary>The bytes of a document or an array, to be read later.</summary>
    public readonly ReadOnlySpan<byte> Whole =>
        Type is BsonType.Document or BsonType.Array ? value : throw new InvalidDataException($"{Type} has no elements.");

    public readonly Key? Key =>
        Type switch
        {
            BsonType.Null => null,
            BsonType.Text => Domain.Stores.Key.Of(Text),
            _ => Domain.Stores.Key.Of(Double),
        };
}
