// A link that shows reports to somebody without a key: which ones, of which days, until when. Only a hash of it is stored.

using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

public enum ReportTraffic
{
    /// <summary>Clicks of people only.</summary>
    Human,
    All,
}

[Resource(
    "reportShare",
    "report-shares",
    "share",
    "A link that shows chosen reports, with filters that cannot be changed, to whoever has it: /reports/s/{token}. The token is shown once. It ends when it expires, is deleted, or when the key that made it does.",
    Can = Operations.Read | Operations.Create | Operations.Delete
)]
public sealed record ReportShare : Resource
{
    /// <summary>Nobody remembers a link for longer.</summary>
    public const int MostDays = 366;

    public const int UsualDays = 30;

    [Field("Who it is for.", Max = 100, Is = Is.Required | Is.WriteOnce | Is.Searchable, Example = "Agency")]
    public string? Name { get; init; }

    [Field("Names of reports that it shows, in their order.", Max = 20, Is = Is.Required | Is.WriteOnce, Example = "overview")]
    public ImmutableArray<string> Reports { get; init; } = [];

    [Field(
        "Shows the last so many days, today included, whenever it is opened. 30 without from and to.",
        Min = 1,
        Max = ReportQuestion.LongestPeriod,
        Is = Is.WriteOnce,
        Example = "30"
    )]
    public long? Days { get; init; }

    [Field("Instead of days: the first day.", Is = Is.WriteOnce, Example = "2026-11-01")]
    public DateOnly? From { get; init; }

    [Field("The last day, included.", Is = Is.WriteOnce, Example = "2026-11-30")]
    public DateOnly? To { get; init; }

    [Field("What the course is cut into.", Is = Is.WriteOnce)]
    public Interval Interval { get; init; }

    [Field("Whether robots' clicks count among the clicks.", Is = Is.WriteOnce)]
    public ReportTraffic Traffic { get; init; }

    [Field("Whether the previous period stands beside it.", Is = Is.WriteOnce)]
    public bool Compare { get; init; } = true;

    [Field("When it ends: 30 days from now unless it is given, 366 at most, and not after the key that makes it.", Is = Is.WriteOnce)]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Field(
        "The key that made it. It shows what that key may read.",
        Refers = typeof(ApiKey),
        Is = Is.ReadOnly | Is.Indexed,
        OnDelete = OnDelete.Delete
    )]
    public Id? ApiKey { get; init; }

    [Field("SHA-256 of the token.", Max = 64, Is = Is.Secret | Is.UniqueEverywhere)]
    public string Hash { get; init; } = "";

    /// <summary>256 random bits in letters that no program breaks a line at.</summary>
    public static string NewToken() =>
        RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", TokenLength);

    public const int TokenLength = 43;

    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Its filters as parameters of a report.</summary>
    /// <param name="today">In the workspace's time zone.</param>
    public IEnumerable<KeyValuePair<string, string>> Parameters(DateOnly today)
    {
        var (from, to) = From is { } first && To is { } last ? (first, last) : (today.AddDays(1 - (int)(Days ?? UsualDays)), today);
        yield return new("from", from.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        yield return new("to", to.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        yield return new("traffic", Traffic == ReportTraffic.All ? "all" : "human");
        if (Compare)
            yield return new("compare", "previous");
    }
}
