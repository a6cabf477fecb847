// Which bucket: the limit, and the address, form, link, site, affiliate, workspace or key that it is counted by.

using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;

namespace Crm.Api.Limiting;

/// <param name="Limit">Of which table.</param>
/// <param name="Network">See <see cref="Networks"/>; 0: not by address.</param>
/// <param name="Of">The public key of a form, an id, the number of a workspace; null: nothing but the address.</param>
public readonly record struct LimitKey(Limit Limit, ulong Network, string? Of)
{
    public bool Equals(LimitKey other) => ReferenceEquals(Limit, other.Limit) && Network == other.Network && Of == other.Of;

    public override int GetHashCode() =>
        HashCode.Combine(RuntimeHelpers.GetHashCode(Limit), Network, Of is null ? 0 : string.GetHashCode(Of, StringComparison.Ordinal));

    /// <summary>As nodes report it to each other.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Network:x} {Of}");

    /// <summary>What <see cref="Text"/> wrote; null for what another version wrote otherwise.</summary>
    public static LimitKey? Read(Limit limit, string text) =>
        text.IndexOf(' ') is > 0 and var space && ulong.TryParse(text.AsSpan(0, space), NumberStyles.HexNumber, null, out var network)
            ? new(limit, network, space + 1 < text.Length ? text[(space + 1)..] : null)
            : null;
}

/// <summary>An address as limits count it.</summary>
public static class Networks
{
    /// <summary>No address of IPv6 begins like this.</summary>
    const ulong Ipv4 = 0xFFFF_FFFF_0000_0000;

    /// <summary>One IPv4 address, however it is written, or the /64 of an IPv6 address; 0 for none.</summary>
    public static ulong Of(IPAddress? address)
    {
        if (address is null)
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length))
            return 0;
        return length == 4 ? Ipv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : address.IsIPv4MappedToIPv6 ? Ipv4 | BinaryPrimitives.ReadUInt32BigEndian(bytes[12..])
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    public static bool IsIpv4(ulong network) => (network & Ipv4) == Ipv4;

    /// <summary>The /56 and the /48 around a /64.</summary>
    public static ulong Of56(ulong network) => network & ~0xFFUL;

    public static ulong Of48(ulong network) => network & ~0xFFFFUL;
}
