// One limit: how many requests and how many stored bytes a minute, and how much of both at once.

using System.Globalization;

namespace Crm.Api.Limiting;

/// <param name="PerMinute">What comes back in a minute.</param>
/// <param name="Burst">What a full bucket holds; 0: this is not limited.</param>
public readonly record struct Allowance(long PerMinute, long Burst)
{
    public static readonly Allowance None = default;

    public bool IsNone => Burst == 0;

    /// <summary>For a larger network: as much as so many smaller ones have.</summary>
    public Allowance Times(int factor) => new(PerMinute * factor, Burst * factor);

    /// <summary><c>10/20</c>: ten a minute, twenty at once; <c>10</c>: as many at once; KiB, MiB and GiB may follow a number;
    /// <c>off</c>: no limit.</summary>
    public static bool TryParse(string text, out Allowance allowance)
    {
        allowance = None;
        if (text.Trim().Equals("off", StringComparison.OrdinalIgnoreCase))
            return true;
        var parts = text.Split('/', StringSplitOptions.TrimEntries);
        if (parts.Length is 0 or > 2 || !TryNumber(parts[0], out var perMinute) || !TryNumber(parts[^1], out var burst))
            return false;
        allowance = new(perMinute, burst);
        return true;
    }

    /// <summary>A number above 0; KiB, MiB and GiB may follow it.</summary>
    internal static bool TryNumber(string text, out long number)
    {
        var unit = 1L;
        foreach (var (name, bytes) in new[] { ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30) })
            if (text.EndsWith(name, StringComparison.OrdinalIgnoreCase))
                (text, unit) = (text[..^3].TrimEnd(), bytes);
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 0 and <= 1L << 32;
        number *= unit;
        return isNumber;
    }

    public override string ToString() => IsNone ? "off" : $"{Text(PerMinute)}/{Text(Burst)}";

    internal static string Text(long number) =>
        number >= 1 << 30 && number % (1 << 30) == 0 ? $"{number >> 30}GiB"
        : number >= 1 << 20 && number % (1 << 20) == 0 ? $"{number >> 20}MiB"
        : number >= 1 << 10 && number % (1 << 10) == 0 ? $"{number >> 10}KiB"
        : number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Compared by what it is, not by what it says: it is a part of each bucket's key.</summary>
/// <param name="name">As in the RateLimit headers, in metrics and in what nodes report to each other.</param>
public sealed class Limit(string name, Allowance requests, Allowance bytes)
{
    public string Name => name;

    /// <summary>Requests; of a list, each thing that it says.</summary>
    public Allowance Requests => requests;

    /// <summary>Bytes stored, charged after the commit: a bucket may go into debt by one request.</summary>
    public Allowance Bytes => bytes;

    public bool IsOff => requests.IsNone && bytes.IsNone;
}

/// <summary>
/// A limit by address: one IPv4 address or one /64 of IPv6, which a household or a server has. Who has many /64 has them in one /56 or /48:
/// these have as much as four and sixteen.
/// </summary>
public sealed record AddressLimit(Limit One, Limit Of56, Limit Of48)
{
    public static AddressLimit Of(string name, Allowance requests, Allowance bytes) =>
        new(
            new(name, requests, bytes),
            new(name + "-56", requests.Times(4), bytes.Times(4)),
            new(name + "-48", requests.Times(16), bytes.Times(16))
        );
}
