// One post on its way through the steps of SubmitForm: what came, what is known so far, what is to be saved.

using System.Collections.Immutable;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

/// <summary>What the request says about the visitor, apart from the form's fields. Texts are tidy and within the submission's
/// limits.</summary>
/// <param name="Click">The signed click that the browser still knows; one in the page's address or in the form counts first.</param>
/// <param name="Limited">It came over a limit: it is kept in quarantine, without its bulk.</param>
public sealed record PostOrigin(
    string? Page,
    string? Referrer,
    string? Origin,
    string? Ip,
    string? UserAgent,
    string? AcceptLanguage,
    string? IdempotencyKey,
    string? Click = null,
    bool Limited = false
);

/// <summary>How much is taken on trust.</summary>
public enum Trust
{
    /// <summary>A visitor's post: every step counts.</summary>
    Visitor,

    /// <summary>A kept entry processed again after a form or a rule was changed: every step counts, except "not sent before".</summary>
    Again,

    /// <summary>A member vouches for a kept entry: it is processed whatever the form's state, origin and robot signals; values that are not
    /// valid stay in the entry only.</summary>
    Approved,
}

/// <summary>Whose post it is, by a member's word.</summary>
/// <param name="Lead">Null: a new lead's.</param>
public sealed record LeadChoice(Id? Lead);

/// <summary>A lead that loses an entry with what only this one brought.</summary>
/// <param name="Click">The click that led to it, when it is the lead's by this entry only.</param>
/// <param name="Visitor">The browser that sent it, when it is the lead's by this entry only.</param>
/// <param name="Proposals">What the entry proposed: gone, or another entry's from now on, which sent the same.</param>
public sealed record TakenOut(
    Lead Before,
    Lead After,
    Links.Click? Click,
    Visitor? Visitor,
    IReadOnlyList<(ProposedChange Before, ProposedChange? After)> Proposals
)
{
    public void SaveProposals(UnitOfWork work)
    {
        foreach (var (before, after) in Proposals)
            if (after is null)
                work.Delete(before, null);
            else
                work.Replace(before, after, null);
    }
}

/// <summary>A post in work. Steps read and write it; nothing else does.</summary>
public sealed class Intake
{
    public required PlannedForm Form { get; init; }
    public required FormPost Post { get; init; }
    public required PostOrigin From { get; init; }
    public Trust Trust { get; init; }

    /// <summary>The kept entry that is processed again; null for a new post.</summary>
    public Submission? Earlier { get; init; }

    /// <summary>What a member said of whose post it is; null: nothing.</summary>
    public LeadChoice? Choice { get; init; }

    /// <summary>The lead that the entry is taken out of in the same commit; null when it is in none.</summary>
    public TakenOut? TakenOut { get; set; }

    /// <summary>What is to be saved together. Made anew for each attempt.</summary>
    public required UnitOfWork Work { get; set; }

    public required Submission Submission { get; set; }

    /// <summary>Whether somebody owns an identity of this post, as far as is known; only then it costs a look.</summary>
    public bool MayBeKnown { get; init; }

    // ---- What the steps find out

    public List<IncomingValue> Values { get; } = [];
    public List<GivenConsent> Consents { get; } = [];

    /// <summary>The browser that sent it, when it is to become the lead's.</summary>
    public Visitor? Visitor { get; set; }

    /// <summary>The lead as it was; null when the post makes a new one or none.</summary>
    public Lead? LeadBefore { get; set; }

    /// <summary>The click that brought the visitor.</summary>
    public Links.Click? Click { get; set; }

    public Lead? Lead { get; set; }

    /// <summary>What it proposes to the lead.</summary>
    public ImmutableArray<ProposedChange> Proposals { get; set; } = [];

    public string SubmissionText => Submission.Id.Text<Submission>();
}

/// <summary>What a step decides.</summary>
public abstract record StepResult
{
    sealed record Going : StepResult;

    public static readonly StepResult Continue = new Going();

    /// <summary>The post ends here; it is saved with this verdict and reason.</summary>
    public sealed record Stop(Verdict Verdict, string Reason, string Message) : StepResult;

    /// <summary>The same post was here before: its first receipt is the answer, nothing is saved.</summary>
    public sealed record Repeat(Submission First) : StepResult;

    public static StepResult Reject(string reason, string message) => new Stop(Verdict.Rejected, reason, message);

    public static StepResult Quarantine(string reason, string message) => new Stop(Verdict.Quarantined, reason, message);
}
