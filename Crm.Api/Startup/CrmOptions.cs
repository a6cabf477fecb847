// What an operator can set, read once at start; a wrong value is a sentence, not a surprise later.

using System.Net;
using Crm.Api.Limiting;
using Crm.Api.Outbound;
using Crm.Domain.Retention;
using Crm.Domain.Stores;

namespace Crm.Api.Startup;

/// <param name="AdminKey">The first admin key; null: one is made at first start and printed once.</param>
/// <param name="RateLimits">Off for benchmarks.</param>
/// <param name="TrustedProxies">Only these may say for whom they ask (X-Forwarded-For, X-Forwarded-Proto).</param>
/// <param name="GraphQLTime">How long one GraphQL query may run.</param>
/// <param name="Outbound">Where deliveries may go.</param>
public sealed record CrmOptions(
    string? AdminKey,
    bool RateLimits,
    IReadOnlyList<IPNetwork> TrustedProxies,
    TimeSpan GraphQLTime,
    OutboundOptions Outbound
)
{
    /// <summary>What strangers may do how often, and how much of it is stored.</summary>
    public required LimitTable Limits { get; init; }

    /// <summary>The country of the workspace that the first start makes.</summary>
    public FirstCountry Country { get; init; } = new(null, "");

    /// <summary>Whether a domain of links must be proved by its DNS.</summary>
    public bool LinkDomainProof { get; init; } = true;

    /// <summary>Who is asked what the owner of a domain says.</summary>
    public DnsRecords Dns { get; init; } = new(null);

    /// <summary>When retention policies run.</summary>
    public RetentionSchedule Retention { get; init; } = new();

    public static CrmOptions From(IConfiguration configuration)
    {
        var crm = configuration.GetSection("Crm");
        var adminKey = crm["AdminKey"];
        if (
            adminKey is not null
            && (
                !adminKey.StartsWith("crm_sk_", StringComparison.Ordinal)
                || adminKey.Length is < 32 or > 200
                || adminKey.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
            )
        )
            throw new StoreConfigurationException(
                "Crm__AdminKey must start with crm_sk_ and have 32 to 200 letters, digits, underscores and hyphens."
            );
        var proxies = new List<IPNetwork>();
        foreach (var text in (crm["TrustedProxies"] ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries))
            if (IPNetwork.TryParse(text, out var network))
                proxies.Add(network);
            else if (IPAddress.TryParse(text, out var address))
                proxies.Add(new(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128));
            else
                throw new StoreConfigurationException(
                    $"Crm__TrustedProxies has the entry '{text}', which is neither an IP address nor a network such as 10.0.0.0/8."
                );
        if (!bool.TryParse(crm["RateLimits:Enabled"] ?? "true", out var limits))
            throw new StoreConfigurationException("Crm__RateLimits__Enabled must be true or false.");
        if (
            !double.TryParse(crm["GraphQL:MostSeconds"] ?? "10", System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            || seconds is not (>= 0 and <= 600)
        )
            throw new StoreConfigurationException("Crm__GraphQL__MostSeconds must be a number from 0 to 600.");
        if (!bool.TryParse(crm["LinkDomainProof"] ?? "true", out var proof))
            throw new StoreConfigurationException("Crm__LinkDomainProof must be true or false.");
        if (
            !double.TryParse(crm["Retention:FirstRunAfterDays"] ?? "7", System.Globalization.CultureInfo.InvariantCulture, out var days)
            || days is not (>= 0 and <= 365)
        )
            throw new StoreConfigurationException("Crm__Retention__FirstRunAfterDays must be a number from 0 to 365.");
        return new(adminKey, limits, proxies, TimeSpan.FromSeconds(seconds), OutboundOptions.From(crm.GetSection("Outbound")))
        {
            Country = FirstCountry.Find(crm["DefaultCountry"]),
            Limits = LimitTable.From(crm.GetSection("Limits")),
            LinkDomainProof = proof,
            Dns = DnsRecords.From(crm["Dns"]),
            Retention = new() { FirstRunAfter = TimeSpan.FromDays(days) },
        };
    }
}

/// <summary>Errors that an operator can mend, as the one sentence that says how.</summary>
public static class Sentence
{
    /// <summary>Thrown where settings files and addresses are read, and not by a fault of ours.</summary>
    static bool IsOfSettings(Exception error) =>
        error is InvalidDataException || error.Message.StartsWith("Invalid url", StringComparison.OrdinalIgnoreCase);

    public static string? ForOperator(Exception error) =>
        error switch
        {
            StoreConfigurationException wrong => wrong.Message,
            DamagedRecordException damage => damage.Message,
            StoreUnavailableException cannot => "The product cannot start, because the database cannot be written: " + cannot.Message,
            IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => taken.Message
                + " Set another with --urls http://127.0.0.1:PORT.",
            IOException or UnauthorizedAccessException => error.Message,
            System.Net.Sockets.SocketException socket => $"The product cannot listen where it shall: {socket.Message.TrimEnd('.')}.",
            FormatException or InvalidDataException when IsOfSettings(error) => $"A setting cannot be read: {error.Message.TrimEnd('.')}.",
            InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } listening =>
                $"The product cannot listen where it shall: {listening.Message.ReplaceLineEndings(" ").TrimEnd('.')}.",
            _ => null,
        };
}
