// Which addresses belong to the public internet: the only ones that an address somebody wrote into this product may lead to.

using System.Net;
using System.Net.Sockets;

namespace Crm.Domain.Deliveries;

public static class PublicAddress
{
    static readonly IPNetwork[] Special4 = Networks(
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
    );

    // ::/96 are the deprecated spellings of IPv4 addresses; it holds :: and ::1.
    static readonly IPNetwork[] Special6 = Networks(
        "::/96 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 64:ff9b:1::/48 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
    );

    /// <summary>Prefixes that carry an IPv4 address, and where: it is that one which is reached.</summary>
    static readonly (IPNetwork Network, int At)[] Carriers = [(IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    static IPNetwork[] Networks(string text) => [.. text.Split(' ').Select(network => IPNetwork.Parse(network))];

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Special4.Any(network => network.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || Special6.Any(network => network.Contains(address)))
            return false;
        foreach (var (network, at) in Carriers)
            if (network.Contains(address))
                return Is(new IPAddress(address.GetAddressBytes().AsSpan(at, 4)));
        return true;
    }
}
