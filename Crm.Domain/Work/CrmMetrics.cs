// The product's own meters: what was taken in, what became of it, and how long each step took. Names carry no ids and no personal data.

using System.Diagnostics.Metrics;

namespace Crm.Domain.Work;

public static class CrmMetrics
{
    /// <summary>The name under which exporters find the meter.</summary>
    public const string Name = "Crm";

    static readonly Meter Meter = new(Name);

    /// <summary>Submissions by verdict and reason.</summary>
    public static readonly Counter<long> Submissions = Meter.CreateCounter<long>(
        "crm.submissions",
        description: "Submissions by verdict and reason"
    );

    /// <summary>Runs of a step of SubmitForm by outcome.</summary>
    public static readonly Counter<long> Steps = Meter.CreateCounter<long>(
        "crm.submit_form.steps",
        description: "Runs of a step by outcome"
    );

    public static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>(
        "crm.submit_form.step.duration",
        "s",
        "Time in a step"
    );

    /// <summary>Commits that met a change of somebody else (<see cref="CommitLoop"/>).</summary>
    public static readonly Counter<long> CommitRetries = Meter.CreateCounter<long>(
        "crm.commit.retries",
        description: "Commits that met a concurrent change"
    );

    /// <summary>Changes whose follow-up did not fit into their commit, by follow-up.</summary>
    public static readonly Counter<long> PutOff = Meter.CreateCounter<long>(
        "crm.follow_ups.put_off",
        description: "Changes whose follow-up was put off, by follow-up"
    );

    /// <summary>Tries of deliveries by result.</summary>
    public static readonly Counter<long> Deliveries = Meter.CreateCounter<long>(
        "crm.deliveries.tries",
        description: "Tries of deliveries by result"
    );

    /// <summary>Posts that were kept in the spool while the database was away.</summary>
    public static readonly Counter<long> Spooled = Meter.CreateCounter<long>(
        "crm.spool.kept",
        description: "Posts kept in the spool while the database was away"
    );

    /// <summary>Requests refused by a limit, by limit.</summary>
    public static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "crm.requests.refused",
        description: "Requests refused by a limit"
    );

    /// <summary>Requests that went on over a limit, kept without their bulk or only counted, by door and limit.</summary>
    public static readonly Counter<long> OverLimit = Meter.CreateCounter<long>(
        "crm.requests.over_limit",
        description: "Requests that went on over a limit, by door and limit"
    );

    /// <summary>Bytes that strangers' requests stored, by door.</summary>
    public static readonly Counter<long> Stored = Meter.CreateCounter<long>(
        "crm.requests.stored",
        "By",
        "Bytes that requests without a key stored, by door"
    );

    /// <summary>Facts that were counted without being stored, by kind.</summary>
    public static readonly Counter<long> CountedOnly = Meter.CreateCounter<long>(
        "crm.facts.counted_only",
        description: "Facts that were counted without being stored, by kind"
    );

    /// <summary>Clicks and views that no memory was left for while the database was away: neither stored nor counted.</summary>
    public static readonly Counter<long> Uncounted = Meter.CreateCounter<long>(
        "crm.facts.uncounted",
        description: "Clicks and views that were not counted, because too many waited for the database"
    );

    /// <summary>Records that left because a workspace's budget was used up, by budget and kind.</summary>
    public static readonly Counter<long> Evicted = Meter.CreateCounter<long>(
        "crm.records.evicted",
        description: "Records removed because a budget was used up, by budget and kind"
    );
}
