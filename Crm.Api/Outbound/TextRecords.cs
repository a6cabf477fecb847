// TXT records of DNS: what the owner of a domain says about it.

using DnsClient;

namespace Crm.Api.Outbound;

public static class TextRecords
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>As the resolvers of this machine know them now; none when nobody answers.</summary>
    public static async Task<IReadOnlyList<string>> Of(string name, CancellationToken cancel)
    {
        try
        {
            var client = new LookupClient(
                new LookupClientOptions
                {
                    UseCache = false,
                    Timeout = Patience,
                    Retries = 1,
                }
            );
            var answer = await client.QueryAsync(name, QueryType.TXT, cancellationToken: cancel);
            return [.. answer.Answers.TxtRecords().Select(record => string.Concat(record.Text))];
        }
        catch (Exception error)
            when (error is DnsResponseException or System.Net.Sockets.SocketException or InvalidOperationException or ArgumentException)
        {
            return [];
        }
    }
}
