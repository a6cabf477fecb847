// Notices that the product stands behind a proxy which it was not told to trust: until it is, all visitors are one address.

using System.Net;

namespace Crm.Api.Startup;

/// <summary>
/// Said once in the log, and in /health/ready as long as the process runs. Anybody can send the header, so nothing follows from it but this
/// sentence.
/// </summary>
public sealed class UntrustedProxy(ILogger<UntrustedProxy> log)
{
    string? seen;

    /// <summary>One sentence; null: nobody has been seen.</summary>
    public string? Sentence { get; private set; }

    /// <summary>Somebody says for whom they ask, and is not trusted to.</summary>
    public void Met(IPAddress? address)
    {
        if (seen is not null || Interlocked.CompareExchange(ref seen, address?.ToString() ?? "an unknown address", null) is not null)
            return;
        Sentence =
            $"X-Forwarded-For comes from {seen}, which is not trusted, so all visitors behind it count as one address. "
            + $"If it is your proxy, set Crm__TrustedProxies={seen}.";
        log.LogWarning("{Sentence}", Sentence);
    }
}
