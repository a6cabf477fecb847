// The one way out of the product: decides on the address that is really connected to, whatever was written and whatever DNS says next.

using System.Net;
using System.Net.Sockets;
using Crm.Domain.Deliveries;

namespace Crm.Api.Outbound;

/// <summary>An address that must not be reached from here. The sentence is the same whether anything listens there or not.</summary>
public sealed class AddressNotAllowedException()
    : IOException("The address is not one of the public internet, or its port is not allowed.");

/// <param name="resolve">Looks up a host's addresses.</param>
public sealed class OutboundGuard(OutboundOptions options, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    public OutboundGuard(OutboundOptions options)
        : this(options, Dns.GetHostAddressesAsync) { }

    /// <summary>A handler that follows no redirect, takes no proxy from the environment, keeps no cookie, and connects through <see
    /// cref="Connect"/> only.</summary>
    public SocketsHttpHandler Handler() =>
        new()
        {
            ConnectCallback = async (context, cancel) => await Connect(context.DnsEndPoint, cancel),
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            PreAuthenticate = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        };

    /// <summary>Looks up once, refuses when any of the addresses is not allowed, and connects to one of these very addresses.</summary>
    /// <param name="forMail">To a mail server, which listens at other ports.</param>
    public async ValueTask<Stream> Connect(DnsEndPoint to, CancellationToken cancel, bool forMail = false)
    {
        var ports = forMail ? options.MailPorts : options.Ports;
        var host = to.Host.Trim('[', ']');
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolve(host, cancel);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
            if (!MayReach(address, to.Port, ports))
                throw new AddressNotAllowedException();
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            var socket = new Socket(plain.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(plain, to.Port), cancel);
                // What was connected to, and not what was asked for, is what counts.
                if (socket.RemoteEndPoint is not IPEndPoint remote || !MayReach(remote.Address, remote.Port, ports))
                    throw new AddressNotAllowedException();
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException unreachable)
            {
                socket.Dispose();
                last = unreachable;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        throw last!;
    }

    bool MayReach(IPAddress address, int port, IReadOnlyList<int> ports)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return options.Allow.Any(network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain))
            || PublicAddress.Is(plain) && ports.Contains(port);
    }
}
