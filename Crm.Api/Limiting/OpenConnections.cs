// How many connections an address may hold open: one client that opens them all and says nothing must not shut everybody else out.

using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Crm.Api.Limiting;

/// <summary>
/// Counted where a connection is accepted, before a byte of it is read; one too many is closed at once. Nothing is known of who is behind a
/// proxy at that point: proxies that are trusted have no limit.
/// </summary>
/// <param name="most">Of one IPv4 address or one /64; four and sixteen times as many of a /56 and a /48.</param>
public sealed class OpenConnections(int most, IReadOnlyList<IPNetwork> trusted)
{
    readonly ConcurrentDictionary<(int Bits, ulong Network), int> open = new();

    public ConnectionDelegate Limit(ConnectionDelegate next) =>
        async connection =>
        {
            if ((connection.RemoteEndPoint as IPEndPoint)?.Address is not { } address || IsTrusted(address))
            {
                await next(connection);
                return;
            }
            var network = Networks.Of(address);
            (int, ulong)[] of = Networks.IsIpv4(network)
                ? [(64, network)]
                : [(64, network), (56, Networks.Of56(network)), (48, Networks.Of48(network))];
            var isWithin = true;
            for (var i = 0; i < of.Length; i++)
                isWithin &= open.AddOrUpdate(of[i], 1, static (_, before) => before + 1) <= most * (1 << (2 * i));
            try
            {
                if (isWithin)
                    await next(connection);
                else
                    Domain.Work.CrmMetrics.Refused.Add(1, new KeyValuePair<string, object?>("limit", "connections"));
                if (!isWithin)
                    connection.Abort(new ConnectionAbortedException("Too many connections of one address."));
            }
            finally
            {
                foreach (var one in of)
                    if (open.AddOrUpdate(one, 0, static (_, before) => before - 1) == 0)
                        open.TryRemove(KeyValuePair.Create(one, 0));
            }
        };

    bool IsTrusted(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in trusted)
            if (network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain))
                return true;
        return false;
    }
}
