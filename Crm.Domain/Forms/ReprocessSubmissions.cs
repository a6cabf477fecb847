// Kept entries get another chance: processed again after a form or a rule was changed, vouched for by a member, put away as spam, or held
// again.

using System.Text.Json;
using Crm.Domain.Consents;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

public sealed record WhoseSubmission
{
    [Field("Whose it is: a lead's id, or \"new\" for a lead of its own. Empty: whom it names.", Max = 40, Example = "new")]
    public string? Lead { get; init; }
}

public sealed record OtherHome
{
    [Field("Where it goes: a lead's id, or \"new\" for a lead of its own.", Max = 40, Is = Is.Required, Example = "new")]
    public string? Lead { get; init; }
}

public sealed record WhichSubmissions
{
    [Field("Entries of this form only.", Refers = typeof(Form))]
    public Id? Form { get; init; }

    [Field("Entries with this verdict: rejected, failed or quarantined.")]
    public Verdict? Verdict { get; init; }

    [Field("Entries with this reason only.", Max = 60)]
    public string? Reason { get; init; }

    [Field("At most so many; the answer says whether there are more.", Min = 1, Max = 500)]
    public long Limit { get; init; } = 100;

    [Field("Go on after this submission, as the last answer said.", Refers = typeof(Submission))]
    public Id? After { get; init; }
}

public static class ReprocessSubmissions
{
    /// <summary>The verdicts that can be looked at again.</summary>
    static readonly IReadOnlyList<string> Open = [.. Submission.States.From("reprocess")];

    public static readonly IReadOnlyList<ResourceAction> Actions =
    [
        ResourceAction.On<Submission>(
            "reprocess",
            "Processes an entry again, by the form as it is now. For entries that were rejected, quarantined or failed.",
            async (work, entry, cancel) => new(await Again(work, entry, Trust.Again, null, cancel)),
            Effect.Ordinary
        ),
        ResourceAction
            .OnList<WhichSubmissions>(
                "reprocess",
                "Processes entries again, by the forms as they are now: those that were rejected, quarantined or failed, oldest first.",
                Many,
                Effect.Ordinary
            )
            .Answering<ReprocessedSubmissions>(),
        ResourceAction.On<Submission, WhoseSubmission>(
            "approve",
            "A member vouches for an entry: it is processed whatever spoke against it; values that are not valid stay in the entry.",
            async (work, entry, whose, cancel) =>
                new(await Again(work, entry, Trust.Approved, await Choice(work, whose.Lead, cancel), cancel)),
            Effect.Ordinary
        ),
        ResourceAction.On<Submission, OtherHome>(
            "detach",
            "Takes an entry out of the lead it was added to, with the values, proposals, consents, tags and touches that only it brought, and gives it to another lead or makes one of it.",
            Detach,
            Effect.Merges
        ),
        ResourceAction.On<Submission>(
            "spam",
            "Puts an entry away as spam. A lead that it alone made goes with it, of another one what only it brought; approving brings both back.",
            Spam,
            Effect.Deletes
        ),
        ResourceAction.On<Submission>(
            "hold",
            "Takes an approval back, or stops an entry that was taken: a lead that it alone made goes, of another one what only it brought, and it waits until somebody decides.",
            Hold,
            Effect.Deletes
        ),
    ];

    static async ValueTask<Submission> Again(
        UnitOfWork work,
        Submission submission,
        Trust trust,
        LeadChoice? choice,
        CancellationToken cancel
    )
    {
        Submission.States.Require("reprocess", submission);
        var form = submission.Form is { } id ? await work.Find<Form>(id, cancel) : null;
        if (form is null)
            throw new ProblemException(ProblemCodes.WrongState, "The entry's form does not exist any more.");
        return (await new SubmitForm(work.Installation).RunAgain(new(work.Settings, form), submission, trust, choice, cancel)).Submission;
    }

    /// <summary>What a caller says of whose it is.</summary>
    static async ValueTask<LeadChoice?> Choice(UnitOfWork work, string? lead, CancellationToken cancel)
    {
        if (lead is null)
            return null;
        if (lead == "new")
            return new LeadChoice(null);
        if (!Id.TryParse<Lead>(lead, out var id))
            throw ProblemException.Invalid("lead", "invalid_id", "Must be the id of a lead, or \"new\".");
        return await work.FindShown(ResourceType.Of<Lead>(), id, cancel) is not null
            ? new LeadChoice(id)
            : throw ProblemException.Invalid("lead", "not_found", "There is no lead with this id.");
    }

    static async ValueTask<ActionResult> Detach(UnitOfWork work, Submission entry, OtherHome to, CancellationToken cancel)
    {
        Submission.States.Require("detach", entry);
        if (entry.Lead is null)
            throw new ProblemException(ProblemCodes.WrongState, "The entry is in no lead.");
        var choice = await Choice(work, to.Lead, cancel);
        if (choice!.Lead == entry.Lead)
            throw ProblemException.Invalid("lead", "same_record", "The entry is in this lead already.");
        if (entry.Form is not { } id || await work.Find<Form>(id, cancel) is not { } form)
            throw new ProblemException(ProblemCodes.WrongState, "The entry's form does not exist any more.");
        var receipt = await new SubmitForm(work.Installation).RunAgain(
            new(work.Settings, form),
            entry,
            Trust.Approved,
            choice,
            cancel,
            async (attempt, stop) =>
            {
                var taken = await TakeEntryOut.From(attempt, entry, stop);
                return taken is null || !TakeEntryOut.LeavesNobody(taken)
                    ? taken
                    : throw new ProblemException(
                        ProblemCodes.WrongState,
                        "Nothing would be left of the lead that says who it is: merge it with the other one instead."
                    );
            }
        );
        return new(receipt.Submission);
    }

    static async ValueTask<ActionResult> Many(UnitOfWork work, WhichSubmissions which, CancellationToken cancel)
    {
        if (which.Verdict is { } one && !Open.Contains(Names.Camel(one.ToString())))
            throw ProblemException.Invalid("verdict", "not_a_choice", $"Must be one of: {string.Join(", ", Open)}.");
        var type = ResourceType.Of<Submission>();
        var terms = new List<Filter>
        {
            new Filter.In(
                "verdict",
                [.. Open.Where(open => which.Verdict is not { } v || open == Names.Camel(v.ToString())).Select(open => Key.Of(open))]
            ),
        };
        if (which.Form is { } form)
            terms.Add(new Filter.Compare("form", Comparison.Eq, Key.Of(form.Text<Form>())));
        if (which.Reason is { } reason)
            terms.Add(new Filter.Compare("reason", Comparison.Eq, Key.Of(TextRules.Fold(reason))));
        else // What a member put away comes back only when it is asked for.
            terms.Add(new Filter.Not(new Filter.In("reason", [Key.Of(Submission.SpamReason), Key.Of(Submission.HeldReason)])));
        var found = new List<Submission>();
        bool more;
        using (
            var page = await work.Store.Query(
                new(type.Collection, new Filter.And(terms), [], false, which.After is { } after ? new([], after) : null, (int)which.Limit),
                cancel
            )
        )
        {
            for (var i = 0; i < page.Count; i++)
                found.Add(type.FromRow<Submission>(page[i]));
            more = page.Next is not null;
        }
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var submission in found)
        {
            string outcome;
            try
            {
                outcome = Names.Camel((await Again(work, submission, Trust.Again, null, cancel)).Verdict.ToString());
            }
            catch (ProblemException)
            {
                outcome = "skipped"; // Its form is gone, or somebody else is at it.
            }
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
        }
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("processed", found.Count);
            writer.WriteStartObject("verdicts");
            foreach (var (outcome, count) in counts)
                writer.WriteNumber(outcome, count);
            writer.WriteEndObject();
            writer.WriteBoolean("hasMore", more);
            if (found.Count > 0)
                writer.WriteString("after", type.Text(found[^1].Id));
            else
                writer.WriteNull("after");
            writer.WriteEndObject();
        }
        return new(null, new(buffer.WrittenSpan.ToArray()));
    }

    static ValueTask<ActionResult> Spam(UnitOfWork work, Submission submission, CancellationToken cancel) =>
        submission.Reason == Submission.SpamReason
            ? new(new ActionResult(submission))
            : PutAside(work, submission, Verdict.Rejected, Submission.SpamReason, "submission.spam", cancel);

    static ValueTask<ActionResult> Hold(UnitOfWork work, Submission submission, CancellationToken cancel)
    {
        Submission.States.Require("hold", submission);
        return PutAside(work, submission, Verdict.Quarantined, Submission.HeldReason, "submission.held", cancel);
    }

    /// <summary>Takes an entry out of what it made or changed, and says why it lies there now.</summary>
    static async ValueTask<ActionResult> PutAside(
        UnitOfWork work,
        Submission submission,
        Verdict verdict,
        string reason,
        string saying,
        CancellationToken cancel
    )
    {
        var type = ResourceType.Of<Submission>();
        var id = type.Text(submission.Id);
        var keepsLead = submission.Lead;
        if (
            submission is { MadeLead: true, Lead: { } made }
            && await work.Find<Lead>(made, cancel) is { Version: 1 } lead
            && await work.Store.Count(type.Collection, new Filter.Compare("lead", Comparison.Eq, Key.Of(made.Text<Lead>())), 2, cancel) == 1
        )
        {
            foreach (var proposal in await ProposeChanges.Of(work, made, cancel))
                work.Delete(proposal, null);
            work.Delete(lead, "deleted", writer => writer.WriteString("reason", reason), id);
            keepsLead = null;
        }
        else if (submission.Verdict is Verdict.Accepted or Verdict.Merged && await TakeEntryOut.From(work, submission, cancel) is { } taken)
            TakeBack(work, TakeEntryOut.LeavesNobody(taken) ? TakeEntryOut.WithIdentity(taken) : taken, id, reason);
        await KeepConsent.TakeBack(work, submission.Id, cancel);
        var put = work.Replace(
            submission,
            submission with
            {
                Verdict = verdict,
                Reason = reason,
                Lead = keepsLead,
                MadeLead = submission.MadeLead && keepsLead is not null,
            },
            null
        );
        work.RecordEvent(saying, keepsLead is { } kept ? kept.Text<Lead>() : id, writer => writer.WriteString("submission", id), id);
        return new(put);
    }

    /// <summary>What only the entry gave to a lead that is somebody's. Who the lead is stays if nothing else says it.</summary>
    static void TakeBack(UnitOfWork work, TakenOut taken, string submission, string reason)
    {
        var type = ResourceType.Of<Lead>();
        if (!type.ToJson(taken.Before).AsSpan().SequenceEqual(type.ToJson(taken.After)))
            work.Replace(
                taken.Before,
                taken.After,
                "updated",
                writer =>
                {
                    writer.WriteString("submission", submission);
                    writer.WriteString("reason", reason);
                },
                submission
            );
        taken.SaveProposals(work);
        if (taken.Click is { } click)
            work.Replace(click, click with { Lead = null }, null);
        if (taken.Visitor is { } visitor)
            work.Replace(visitor, visitor with { Lead = null }, null);
    }
}
