// Who is really asking: X-Forwarded-For counts only when it comes from a configured proxy; otherwise it has no effect.

using System.Net;
using Crm.Api.Startup;

namespace Crm.Api.Security;

public sealed class ClientAddress(RequestDelegate next, CrmOptions options, UntrustedProxy untrusted)
{
    public Task InvokeAsync(HttpContext http)
    {
        // The header costs a look only when it is there.
        if (
            untrusted.Sentence is null
            && http.Request.Headers.ContainsKey("X-Forwarded-For")
            && !(http.Connection.RemoteIpAddress is { } asking && IsTrusted(asking))
        )
            untrusted.Met(http.Connection.RemoteIpAddress is { } address ? Plain(address) : null);
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
    public static string Network(IPAddress? address) => Cut(address);

    public static string Whole(IPAddress? address) => address is null ? "" : Plain(address).ToString();

    static string Cut(IPAddress? address)
    {
        if (address is null)
            return "";
        Span<byte> bytes = stackalloc byte[16];
        address = Plain(address);
        address.TryWriteBytes(bytes, out var length);
        if (length == 4)
            return $"{bytes[0]}.{bytes[1]}.{bytes[2]}.0";
        bytes[6..].Clear();
        return new IPAddress(bytes).ToString();
    }
}
