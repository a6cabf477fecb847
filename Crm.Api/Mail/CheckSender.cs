// What DNS says about a sender's domain, and the record that is missing: without them other mail servers take its mails for forged.

using System.Security.Cryptography;
using Crm.Api.Outbound;
using Crm.Domain.Mail;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Mail;

/// <param name="Name">spf, dkim, dmarc or mx.</param>
/// <param name="Status">good, missing, wrong, or unknown when nobody answered.</param>
/// <param name="Says">The record as it is.</param>
/// <param name="Add">The record to add: its name, type and value.</param>
/// <param name="Because">A sentence.</param>
public sealed record CheckedRecord(string Name, string Status, string? Says, RecordToAdd? Add, string Because);

public sealed record RecordToAdd(string Name, string Type, string Value);

public sealed class CheckSender(Installation installation, DnsRecords dns)
{
    const string Good = "good",
        Missing = "missing",
        Wrong = "wrong",
        Unknown = "unknown";

    const string NobodyAnswers = "No DNS server answered. Try again later.";

    public async Task<IReadOnlyList<CheckedRecord>> Run(WorkspaceKey workspace, Sender sender, CancellationToken cancel)
    {
        var domain = sender.Domain;
        return
        [
            Spf(domain, sender.Host!, await dns.FindTexts(domain, cancel)),
            await Dkim(workspace, domain, sender, cancel),
            Dmarc(domain, await dns.FindTexts($"_dmarc.{domain}", cancel)),
            Mx(domain, await dns.FindMailServers(domain, cancel)),
        ];
    }

    static CheckedRecord Spf(string domain, string host, IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return new("spf", Unknown, null, null, NobodyAnswers);
        var records = texts.Where(text => text.Trim().StartsWith("v=spf1", StringComparison.OrdinalIgnoreCase)).ToList();
        var add = new RecordToAdd(domain, "TXT", $"v=spf1 a:{host} mx ~all");
        return records switch
        {
            [] => new("spf", Missing, null, add, "Nothing says which servers send mails of this domain."),
            [var one] when one.Contains("+all", StringComparison.OrdinalIgnoreCase) => new(
                "spf",
                Wrong,
                one,
                add,
                "It lets every server send mails of this domain: end it with ~all or -all."
            ),
            [var one] => new("spf", Good, one, null, "It must name the servers of your mail provider, as they ask for it."),
            _ => new("spf", Wrong, string.Join(" | ", records), null, "There are several. Other servers then look at none: keep one."),
        };
    }

    async Task<CheckedRecord> Dkim(WorkspaceKey workspace, string domain, Sender sender, CancellationToken cancel)
    {
        if (sender is not { DkimSelector: { } selector, DkimKey: not null })
            return new(
                "dkim",
                Missing,
                null,
                null,
                "The sender has no key: mails are signed only if its mail server does. Set dkimSelector and dkimKey to sign them here."
            );
        var name = $"{selector}._domainkey.{domain}";
        var ours = SealedFields.Open(installation.MasterKeys, workspace, sender, "dkimKey") is { } pem ? PublicPart(pem) : null;
        var add = ours is null ? null : new RecordToAdd(name, "TXT", $"v=DKIM1; k=rsa; p={ours}");
        if (await dns.FindTexts(name, cancel) is not { } texts)
            return new("dkim", Unknown, null, add, NobodyAnswers);
        var record = texts.FirstOrDefault(text => text.Contains("p=", StringComparison.Ordinal));
        if (record is null)
            return new("dkim", Missing, null, add, "The key that signs is not published: signatures cannot be checked.");
        return ours is null || Tag(record, "p") == ours
            ? new("dkim", Good, record, null, "The published key is the one that signs.")
            : new("dkim", Wrong, record, add, "Another key is published than the one that signs: signatures are found to be forged.");
    }

    /// <summary>Of an RSA key, as DNS has it; null for others.</summary>
    static string? PublicPart(string pem)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo());
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    static CheckedRecord Dmarc(string domain, IReadOnlyList<string>? texts)
    {
        if (texts is null)
            return new("dmarc", Unknown, null, null, NobodyAnswers);
        var add = new RecordToAdd($"_dmarc.{domain}", "TXT", "v=DMARC1; p=none");
        var record = texts.FirstOrDefault(text => text.Trim().StartsWith("v=DMARC1", StringComparison.OrdinalIgnoreCase));
        if (record is null)
            return new("dmarc", Missing, null, add, "Nothing says what becomes of mails that only pretend to be of this domain.");
        return Tag(record, "p") is "none" or "quarantine" or "reject"
            ? new("dmarc", Good, record, null, "It says what becomes of mails that only pretend to be of this domain.")
            : new("dmarc", Wrong, record, add, "It has no policy: p is none, quarantine or reject.");
    }

    static CheckedRecord Mx(string domain, IReadOnlyList<string>? servers) =>
        servers switch
        {
            null => new("mx", Unknown, null, null, NobodyAnswers),
            [] => new("mx", Missing, null, null, $"No mail arrives at {domain}: some servers take none from such a domain."),
            _ => new("mx", Good, string.Join(", ", servers), null, "Mails to this domain arrive."),
        };

    /// <summary>A part of a record such as p=...; white space in it does not count.</summary>
    static string? Tag(string record, string name) =>
        record
            .Split(';')
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2 && part[0].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(part => string.Concat(part[1].Where(c => !char.IsWhiteSpace(c))))
            .FirstOrDefault();
}
