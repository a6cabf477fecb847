// Records of DNS: what the owner of a domain says about it.

using System.Net;
using Crm.Domain.Stores;
using DnsClient;
using DnsClient.Protocol;

namespace Crm.Api.Outbound;

/// <param name="server">Who is asked; null: the resolvers of this machine.</param>
public sealed class DnsRecords(IPEndPoint? server)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="setting">Crm__Dns: an address, or one with a port.</param>
    public static DnsRecords From(string? setting) =>
        string.IsNullOrWhiteSpace(setting) ? new((IPEndPoint?)null)
        : IPEndPoint.TryParse(setting, out var server) ? new(server.Port == 0 ? new(server.Address, 53) : server)
        : throw new StoreConfigurationException("Crm__Dns must be the address of a DNS server, such as 10.0.0.2 or 127.0.0.1:5353.");

    /// <summary>TXT records; none when there are none, and when nobody answers.</summary>
    public async Task<IReadOnlyList<string>> Texts(string name, CancellationToken cancel) => await FindTexts(name, cancel) ?? [];

    /// <summary>The same; null when nobody answers, which says nothing about the domain.</summary>
    public async Task<IReadOnlyList<string>?> FindTexts(string name, CancellationToken cancel) =>
        await Find(name, QueryType.TXT, cancel) is { } records
            ? [.. records.TxtRecords().Select(record => string.Concat(record.Text))]
            : null;

    /// <summary>Mail servers of a domain, the first choice first; null when nobody answers.</summary>
    public async Task<IReadOnlyList<string>?> FindMailServers(string domain, CancellationToken cancel) =>
        await Find(domain, QueryType.MX, cancel) is { } records
            ? [.. records.MxRecords().OrderBy(record => record.Preference).Select(record => record.Exchange.Value.TrimEnd('.'))]
            : null;

    async Task<IReadOnlyList<DnsResourceRecord>?> Find(string name, QueryType type, CancellationToken cancel)
    {
        try
        {
            var options = server is null ? new LookupClientOptions() : new LookupClientOptions(server);
            options.UseCache = false;
            options.Timeout = Patience;
            options.Retries = 1;
            var answer = await new LookupClient(options).QueryAsync(name, type, cancellationToken: cancel);
            return answer.HasError && answer.Header.ResponseCode is not DnsHeaderResponseCode.NotExistentDomain ? null : answer.Answers;
        }
        catch (Exception error)
            when (error is DnsResponseException or System.Net.Sockets.SocketException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }
}
