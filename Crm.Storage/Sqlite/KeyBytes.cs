// The column "many": a document's multi-valued, unique and custom keys as bytes that plain instr() can search.

using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Crm.Domain.Stores;
using SQLitePCL;

namespace Crm.Storage.Sqlite;

/// <summary>
/// Items stand one behind the other: 1, place, field, 2, kind, value, 1. The closing 1 opens the next item. The bytes 1 to 3 of a value
/// are escaped, so an item is found by searching for its bytes and a field by searching for its head, without parsing a row.
/// </summary>
static class KeyBytes
{
    /// <summary>
    /// Where else the value stands: as a claim, as an entry, or nowhere. A value of a unique key that is not claimed has a second item,
    /// <see cref="Unclaimed"/>, right behind the first: it stands as an
    /// entry. A claim that is no key has only <see cref="Apart"/>, which no filter looks for.
    /// </summary>
    public const char Claim = 'c',
        Entry = 'e',
        Only = 'o',
        Unclaimed = 'u',
        Apart = 'x';

    /// <summary>The start of every item of a field.</summary>
    public static byte[] Head(char place, string field) => Encoding.UTF8.GetBytes($"\u0001{place}{field}\u0002");

    /// <summary>A whole item: found in "many" exactly when the document has this value.</summary>
    public static byte[] Item(char place, string field, Key value)
    {
        var bytes = new List<byte>(field.Length + 24);
        Append(bytes, place, field, value);
        return [.. bytes];
    }

    public static void Append(List<byte> many, char place, string field, Key value)
    {
        if (many.Count == 0)
            many.Add(1);
        many.Add((byte)place);
        foreach (var b in Encoding.UTF8.GetBytes(field))
            many.Add(b);
        many.Add(2);
        many.Add(value.IsText ? (byte)'t' : (byte)'n');
        foreach (var b in Encoding.UTF8.GetBytes(value.Text ?? Number(value.Number)))
        {
            if (b is >= 1 and <= 3)
            {
                many.Add(3);
                many.Add((byte)(b + 0x10));
            }
            else
                many.Add(b);
        }
        many.Add(1);
    }

    static string Number(double value) => (value == 0 ? 0 : value).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Reads all items back.</summary>
    public static List<(char Place, string Field, Cell Value)> Read(ReadOnlySpan<byte> many)
    {
        var items = new List<(char, string, Cell)>();
        while (many.Length > 1)
        {
            var two = many.IndexOf((byte)2);
            var end = many[1..].IndexOf((byte)1) + 1;
            items.Add(((char)many[1], Encoding.UTF8.GetString(many[2..two]), Value(many[(two + 1)..end])));
            many = many[end..];
        }
        return items;
    }

    /// <summary>The items that stand somewhere else too: as a claim, or else as an entry.</summary>
    public static IEnumerable<(bool Claimed, string Field, Cell Value)> Placed(byte[] many)
    {
        var items = Read(many);
        for (var i = 0; i < items.Count; i++)
        {
            var (place, field, value) = items[i];
            if (place is Entry or Apart)
                yield return (place == Apart, field, value);
            else if (place == Claim)
                yield return (i + 1 == items.Count || items[i + 1].Place != Unclaimed, field, value);
        }
    }

    static Cell Value(ReadOnlySpan<byte> kindAndValue)
    {
        var value = kindAndValue[1..];
        if (kindAndValue[0] == (byte)'n')
            return Utf8Parser.TryParse(value, out double number, out var used) && used == value.Length
                ? Cell.Of(number)
                : Cell.Of(double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture));
        return Cell.Text(Unescape(value));
    }

    static byte[] Unescape(ReadOnlySpan<byte> value)
    {
        if (!value.Contains((byte)3))
            return value.ToArray();
        var plain = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
            plain.Add(value[i] == 3 ? (byte)(value[++i] - 0x10) : value[i]);
        return [.. plain];
    }

    /// <summary>Teaches a connection to read "many": crm_value(many, head) and crm_any(many, head, operation, value).</summary>
    public static void Register(sqlite3 handle)
    {
        const int flags = raw.SQLITE_UTF8 | raw.SQLITE_DETERMINISTIC;
        raw.sqlite3_create_function(handle, "crm_value", 2, flags, null, (context, _, args) =>
        {
            var value = FirstValue(raw.sqlite3_value_blob(args[0]), raw.sqlite3_value_blob(args[1]));
            switch (value.Kind)
            {
                case CellKind.Null:
                    raw.sqlite3_result_null(context);
                    break;
                case CellKind.Integer:
                    raw.sqlite3_result_int64(context, value.Integer);
                    break;
                case CellKind.Real:
                    raw.sqlite3_result_double(context, value.Real);
                    break;
                default:
                    if (value.Bytes.IsEmpty)
                        raw.sqlite3_result_text(context, "");
                    else
                        raw.sqlite3_result_text(context, value.Bytes);
                    break;
            }
        });
        raw.sqlite3_create_function(handle, "crm_any", 4, flags, null, (context, _, args) =>
            raw.sqlite3_result_int(
                context,
                Any(raw.sqlite3_value_blob(args[0]), raw.sqlite3_value_blob(args[1]), (Match)raw.sqlite3_value_int(args[2]), args[3])
                    ? 1
                    : 0
            )
        );
    }

    static Cell FirstValue(ReadOnlySpan<byte> many, ReadOnlySpan<byte> head)
    {
        var start = many.IndexOf(head);
        if (start < 0)
            return Cell.Null;
        var rest = many[(start + head.Length)..];
        return Value(rest[..rest.IndexOf((byte)1)]);
    }

    public enum Match
    {
        Gt,
        Gte,
        Lt,
        Lte,
        Contains,
        StartsWith,
        In,
    }

    static bool Any(ReadOnlySpan<byte> many, ReadOnlySpan<byte> head, Match match, sqlite3_value argument)
    {
        var isText = raw.sqlite3_value_type(argument) is raw.SQLITE_TEXT or raw.SQLITE_BLOB;
        var bytes = isText ? raw.sqlite3_value_blob(argument) : default;
        var number = isText ? 0 : raw.sqlite3_value_double(argument);
        for (var start = many.IndexOf(head); start >= 0; start = many.IndexOf(head))
        {
            var item = many[start..];
            var end = item[1..].IndexOf((byte)1) + 1;
            var found =
                match == Match.In
                    ? bytes.IndexOf(item[..(end + 1)]) >= 0
                    : Matches(Value(item[head.Length..end]), match, isText, bytes, number);
            if (found)
                return true;
            many = item[end..];
        }
        return false;
    }

    static bool Matches(in Cell value, Match match, bool isText, ReadOnlySpan<byte> bytes, double number)
    {
        if (value.Kind == CellKind.Text != isText)
            return false;
        if (match == Match.Contains)
            return value.Bytes.IndexOf(bytes) >= 0;
        if (match == Match.StartsWith)
            return value.Bytes.StartsWith(bytes);
        var order = isText
            ? value.Bytes.SequenceCompareTo(bytes)
            : (value.Kind == CellKind.Integer ? value.Integer : value.Real).CompareTo(number);
        return match switch
        {
            Match.Gt => order > 0,
            Match.Gte => order >= 0,
            Match.Lt => order < 0,
            _ => order <= 0,
        };
    }
}
