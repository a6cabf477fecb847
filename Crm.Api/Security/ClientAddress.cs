// Who is really asking: X-Forwarded-For counts only when it comes from a configured proxy; otherwise it has no effect.

using System.Net;
using Crm.Api.Startup;

namespace Crm.Api.Security;

public sealed class ClientAddress(RequestDelegate next, CrmOptions options)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (options.TrustedProxies.Count > 0 && http.Connection.RemoteIpAddress is { } remote && IsTrusted(remote))
        {
            // From the right: the first address that is not a proxy of ours is the client; what stands left of it anybody could have
            // written.
            foreach (var text in http.Request.Headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.TrimEntries).Reverse())
            {
                if (!IPAddress.TryParse(text, out var address))
                    break;
                http.Connection.RemoteIpAddress = address;
                if (!IsTrusted(address))
                    break;
            }
            if (http.Request.Headers["X-Forwarded-Proto"].ToString() is ("http" or "https") and var scheme)
                http.Request.Scheme = scheme;
        }
        return next(http);
    }

    bool IsTrusted(IPAddress address)
    {
        var plain = Plain(address);
        foreach (var network in options.TrustedProxies)
            if (network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain))
                return true;
        return false;
    }

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>The client's network: /24 for IPv4, /48 for IPv6. What is stored and logged unless a form says otherwise.</summary>
    public static string Network(IPAddress? address) => Cut(address, 3, 6, "0", "::");

    /// <summary>What limits count by: one IPv4 address, or a /64 of IPv6, which one household or server has.</summary>
    public static string LimitKey(IPAddress? address) => Cut(address, 4, 8, "", "::/64");

    public static string Whole(IPAddress? address) => address is null ? "" : Plain(address).ToString();

    static string Cut(IPAddress? address, int bytes4, int bytes6, string rest4, string rest6)
    {
        if (address is null)
            return "";
        Span<byte> bytes = stackalloc byte[16];
        address = Plain(address);
        address.TryWriteBytes(bytes, out var length);
        if (length == 4)
            return bytes4 == 4 ? $"{bytes[0]}.{bytes[1]}.{bytes[2]}.{bytes[3]}" : $"{bytes[0]}.{bytes[1]}.{bytes[2]}.{rest4}";
        bytes[bytes6..].Clear();
        return bytes6 == 6 ? new IPAddress(bytes).ToString() : new IPAddress(bytes) + rest6[2..];
    }
}
