// Every setting of the product's own, with what it is unless it is said. docs/settings.md is this table; a setting that is not in it is
// named at the start, for nothing would follow from it.

using Crm.Api.Limiting;

namespace Crm.Api.Startup;

/// <param name="Name">As configuration has it, with colons.</param>
/// <param name="Usual">What holds unless it is said.</param>
/// <param name="What">What it does, one sentence or part of one.</param>
public sealed record KnownSetting(string Name, string Usual, string What)
{
    /// <summary>As the environment has it.</summary>
    public string Variable => Name.Replace(":", "__", StringComparison.Ordinal);
}

public static class KnownSettings
{
    public const string Section = "Crm";

    /// <summary>Behind it stands one of the limits of docs/limits.md.</summary>
    public const string Limits = "Crm:Limits:";

    public static readonly IReadOnlyList<KnownSetting> All =
    [
        new("Crm:AdminKey", "made at the first start", "the admin key; when it changes, the new one takes the place of the one before"),
        new("Crm:Backup:EveryHours", "`24`", "how often the product backs itself up, when it has a folder for that"),
        new("Crm:Backup:Folder", "none", "a folder into which the embedded database is backed up by schedule"),
        new("Crm:Backup:Keep", "`7/4/12`", "of how many days, weeks and months one backup is kept in that folder"),
        new("Crm:Backup:Passphrase", "none", "encrypts what `crm backup` and the schedule write"),
        new("Crm:Backup:PassphraseFile", "none", "the file whose first line is that passphrase"),
        new(
            "Crm:DefaultCountry",
            "found by time zone or language",
            "the country (`BR`) in which the first workspace reads phone numbers that come without a country code"
        ),
        new("Crm:DiskReserve", "`512MiB`", "what of the disk is kept for forms: with less free, clicks and views are only counted"),
        new("Crm:Dns", "the machine's", "the DNS server that is asked for records of senders' domains and of domains of links: `10.0.0.2`"),
        new(
            "Crm:Erasures:Journal",
            "`crm.db.erasures` beside the embedded database, none on a server",
            "where the journal of erasures is, which a restore needs: best where the backups are"
        ),
        new("Crm:GraphQL:MostSeconds", "`10`", "how long one GraphQL request may run"),
        new(
            "Crm:HealthUrls",
            "none",
            "addresses where only `/health` and `/metrics` answer, with connections of their own: `http://127.0.0.1:5081`"
        ),
        new(
            "Crm:LinkDomainProof",
            "`true`",
            "whether a domain of links has to prove by a DNS record that it is the workspace's; off where one firm owns the installation"
        ),
        new("Crm:Log:Format", "`text` on a terminal, else `json`", "how lines of the log are written, one a line with its time in UTC"),
        new(
            "Crm:MasterKey",
            "`master.key` beside the embedded database, which the first start makes; none on a server",
            "32 random bytes in base64 that seal secrets, the same on every node; an older key stands behind it, after a comma"
        ),
        new("Crm:Outbound:Allow", "none", "addresses and networks of your own that deliveries may reach"),
        new("Crm:Outbound:MailPorts", "`25,465,587,2525`", "ports of public addresses at which senders' mail servers may be reached"),
        new("Crm:Outbound:Ports", "`80,443,8443`", "ports of public addresses that deliveries may reach"),
        new("Crm:Outbound:Schedule", "docs/deliveries.md", "after which waits a delivery is tried again: `5s,5m,2h`"),
        new("Crm:Outbound:Timeout", "`15s`", "how long one try of a delivery may take"),
        new("Crm:PublicUrl", "as each request has it", "how the world reaches the product: `https://crm.example.org`, without a path"),
        new("Crm:RateLimits:Enabled", "`true`", "off for benchmarks only"),
        new("Crm:Retention:FirstRunAfterDays", "`7`", "how many days a new retention policy waits before it deletes"),
        new("Crm:Spool:MostBytes", "`1GiB`", "how much the spool takes at most; past it posts are answered 503"),
        new("Crm:Spool:Path", "none", "a lasting folder in which a node keeps form posts while PostgreSQL or MongoDB is away"),
        new("Crm:TrustedProxies", "none", "addresses or networks whose `X-Forwarded-For` counts"),
    ];

    /// <summary>A sentence for each setting that was given and that nobody reads, with the one that was probably meant.</summary>
    public static IEnumerable<string> Unknown(IConfiguration configuration, LimitTable limits)
    {
        var known = All.Select(one => one.Name).Concat(limits.Settings.Select(limit => Limits + limit.Setting)).ToList();
        foreach (var name in Leaves(configuration.GetSection(Section)))
            if (
                !known.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !name.Equals(Stores.MakeOfEmpty, StringComparison.OrdinalIgnoreCase)
            )
                yield return Sentence(name.Replace(":", "__", StringComparison.Ordinal), name, known);
        // One underscore is a name of its own for configuration, and stands in no section.
        foreach (var one in configuration.GetChildren())
            if (
                one.Value is not null
                && one.Key.StartsWith(Section + "_", StringComparison.OrdinalIgnoreCase)
                && known.Find(name => Letters(name).Equals(Letters(one.Key), StringComparison.OrdinalIgnoreCase)) is { } meant
            )
                yield return Sentence(one.Key, meant, known);
    }

    static IEnumerable<string> Leaves(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.GetChildren().Any() ? Leaves(child) : [child.Path]);

    static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    static string Sentence(string said, string name, IEnumerable<string> known) =>
        $"The setting {said} is not known and changes nothing."
        + (ClosestName.To(name, known) is { } meant ? $" Did you mean {meant.Replace(":", "__", StringComparison.Ordinal)}?" : "");
}
