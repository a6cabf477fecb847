// What processing many entries again answers, described: how it ended for them, and where to go on.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Forms;

public sealed record ReprocessedSubmissions
{
    [Field("How many entries were looked at.", Is = Is.Required)]
    public long Processed { get; init; }

    [Field("How it ended, entry by entry; only what happened is there.", Is = Is.Required)]
    public VerdictCounts Verdicts { get; init; } = new();

    [Field("Whether there are more.", Is = Is.Required)]
    public bool HasMore { get; init; }

    [Field("The last entry that was looked at: send it as after to go on behind it.", Refers = typeof(Submission))]
    public Id? After { get; init; }
}

public sealed record VerdictCounts
{
    [Field("Entries that made a lead.")]
    public long? Accepted { get; init; }

    [Field("Entries that were added to a known lead.")]
    public long? Merged { get; init; }

    [Field("Entries that wait for a member.")]
    public long? Quarantined { get; init; }

    [Field("Entries that were refused again.")]
    public long? Rejected { get; init; }

    [Field("Entries that could not be processed.")]
    public long? Failed { get; init; }

    [Field("Entries that stay as they are: their form is gone, or somebody else is at them.")]
    public long? Skipped { get; init; }
}
