// A value as SQLite holds it, made from a key on the caller's thread so that the writer only binds bytes.

using System.Text;
using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

enum CellKind : byte
{
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

readonly struct Cell : IEquatable<Cell>
{
    readonly long number;
    readonly byte[]? bytes;

    Cell(CellKind kind, long number, byte[]? bytes) => (Kind, this.number, this.bytes) = (kind, number, bytes);

    public CellKind Kind { get; }
    public long Integer => number;
    public double Real => BitConverter.Int64BitsToDouble(number);
    public ReadOnlySpan<byte> Bytes => bytes;
    public bool IsNull => Kind == CellKind.Null;

    public static readonly Cell Null = default;

    public static Cell Of(long value) => new(CellKind.Integer, value, null);

    public static Cell Text(byte[] utf8) => new(CellKind.Text, 0, utf8);

    public static Cell Text(string value) => Text(Encoding.UTF8.GetBytes(value));

    public static Cell Blob(byte[] value) => new(CellKind.Blob, 0, value);

    public static Cell Of(Id id) => Blob(id.ToBytes());

    public static Cell Of(Key key) => key.Text is { } text ? Text(text) : Of(key.Number);

    public static Cell Of(Key? key) => key is { } value ? Of(value) : Null;

    /// <summary>Whole numbers become SQLite integers: they compare by value with reals and take fewer bytes.</summary>
    public static Cell Of(double value)
    {
        if (double.IsNaN(value))
            throw new ArgumentException("A key cannot be NaN: it has no place in an order.");
        return Math.Abs(value) < 9e18 && value == Math.Floor(value)
            ? Of((long)value)
            : new(CellKind.Real, BitConverter.DoubleToInt64Bits(value), null);
    }

    public Key? ToKey() =>
        Kind switch
        {
            CellKind.Null => null,
            CellKind.Integer => Key.Of((double)number),
            CellKind.Real => Key.Of(Real),
            _ => Key.Of(Encoding.UTF8.GetString(bytes!)),
        };

    /// <summary>SQLite's order: missing, numbers, text by bytes.</summary>
    public static int Compare(in Cell left, in Cell right)
    {
        var byClass = Class(left.Kind) - Class(right.Kind);
        if (byClass != 0 || left.IsNull)
            return byClass;
        if (left.Kind is CellKind.Text or CellKind.Blob)
            return left.Bytes.SequenceCompareTo(right.Bytes);
        return left.Kind == CellKind.Integer && right.Kind == CellKind.Integer
            ? left.number.CompareTo(right.number)
            : left.AsDouble.CompareTo(right.AsDouble);
    }

    double AsDouble => Kind == CellKind.Integer ? number : Real;

    static int Class(CellKind kind) =>
        kind switch
        {
            CellKind.Null => 0,
            CellKind.Integer or CellKind.Real => 1,
            CellKind.Text => 2,
            _ => 3,
        };

    public bool Equals(Cell other) => Kind == other.Kind && number == other.number && Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is Cell other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(number);
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }
}
