// Where the product may send to, how long it waits, and when it tries again: read once at start.

using System.Globalization;
using System.Net;
using Crm.Domain.Deliveries;
using Crm.Domain.Stores;

namespace Crm.Api.Outbound;

/// <param name="Allow">Networks that may be reached although they are not public, at any port.</param>
/// <param name="Ports">Ports that may be reached at public addresses.</param>
public sealed record OutboundOptions(IReadOnlyList<IPNetwork> Allow, IReadOnlyList<int> Ports, DeliveryPlan Plan)
{
    static readonly int[] UsualMailPorts = [25, 465, 587, 2525];

    /// <summary>Ports at which mail servers may be reached at public addresses.</summary>
    public IReadOnlyList<int> MailPorts { get; init; } = UsualMailPorts;

    public static OutboundOptions From(IConfigurationSection outbound)
    {
        var allow = Words(outbound["Allow"])
            .Select(text =>
                IPNetwork.TryParse(text, out var network) ? network
                : IPAddress.TryParse(text, out var address)
                    ? new(address, address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)
                : throw new StoreConfigurationException(
                    $"Crm__Outbound__Allow has the entry '{text}', which is neither an IP address nor a network such as 10.0.0.0/8."
                )
            )
            .ToList();
        var ports = ReadPorts("Ports", outbound["Ports"] ?? "80,443,8443");
        var mailPorts = outbound["MailPorts"] is { } said ? ReadPorts("MailPorts", said) : UsualMailPorts;
        var waits = outbound["Schedule"] is { } schedule
            ? Words(schedule)
                .Select(text =>
                    Time(text)
                    ?? throw new StoreConfigurationException(
                        $"Crm__Outbound__Schedule has the entry '{text}'; it is written as in 5s,5m,2h."
                    )
                )
                .ToList()
            : DeliveryPlan.Usual.Waits;
        var timeout = outbound["Timeout"] is { } patience
            ? Time(patience) is { } time && time >= TimeSpan.FromSeconds(0.1) && time <= TimeSpan.FromMinutes(2)
                ? time
                : throw new StoreConfigurationException("Crm__Outbound__Timeout is written as in 15s, from 0.1s to 2m.")
            : DeliveryPlan.Usual.Timeout;
        return waits.Count is > 0 and <= 30
            ? new(allow, ports, new(waits, timeout)) { MailPorts = mailPorts }
            : throw new StoreConfigurationException("Crm__Outbound__Schedule has 1 to 30 waits.");
    }

    static IReadOnlyList<int> ReadPorts(string setting, string text) =>
        [
            .. Words(text)
                .Select(word =>
                    int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65536
                        ? port
                        : throw new StoreConfigurationException($"Crm__Outbound__{setting} has the entry '{word}', which is no port.")
                ),
        ];

    static string[] Words(string? text) => (text ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries);

    static TimeSpan? Time(string text) =>
        text.Length > 1
        && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number is >= 0 and <= 1000
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(number),
                'm' => TimeSpan.FromMinutes(number),
                'h' => TimeSpan.FromHours(number),
                _ => null,
            }
            : null;
}
