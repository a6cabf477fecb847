// A website posts a form: the list of steps that every post goes through, each of which goes on or says why not. The entry is saved either
// way.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Crm.Domain.Commissions;
using Crm.Domain.Consents;
using Crm.Domain.Erasures;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

/// <summary>What became of a post.</summary>
/// <param name="Submission">The kept entry.</param>
/// <param name="Repeated">Whether this is the receipt of an earlier post with the same key.</param>
/// <param name="Problem">Why it was rejected; null otherwise.</param>
public sealed record Receipt(Submission Submission, bool Repeated, StepResult.Stop? Problem)
{
    /// <summary>Whether it waits outside the database and has no verdict yet.</summary>
    public bool IsSpooled { get; init; }
}

public sealed class SubmitForm(Installation installation)
{
    static readonly ResourceType Entries = ResourceType.Of<Submission>();

    readonly FillTime fillTime = FillTime.Of(installation);

    /// <summary>A step's name is its name in metrics; its order here is its order in life.</summary>
    public static readonly IReadOnlyList<(string Name, Func<SubmitForm, Intake, CancellationToken, ValueTask<StepResult>> Run)> Steps =
    [
        ("body_is_readable", (_, intake, _) => new(BodyIsReadable(intake))),
        ("form_is_open", (_, intake, _) => new(FormIsOpen(intake))),
        ("origin_is_allowed", (_, intake, _) => new(OriginIsAllowed(intake))),
        ("not_sent_before", (_, intake, cancel) => NotSentBefore(intake, cancel)),
        ("not_a_robot", (submit, intake, _) => new(submit.NotARobot(intake))),
        ("within_limits", (_, intake, _) => new(WithinLimits(intake))),
        ("fields_are_valid", (_, intake, _) => new(ReadFields.FieldsAreValid(intake))),
        ("consent_is_recorded", (_, intake, _) => new(ConsentIsRecorded(intake))),
        ("person_may_come", (_, intake, cancel) => LiftSuppression.PersonMayCome(intake, cancel)),
        ("lead_is_known", (_, intake, cancel) => MatchLead.LeadIsKnown(intake, cancel)),
        ("touch_is_attached", (_, intake, cancel) => AttachTouch.TouchIsAttached(intake, cancel)),
    ];

    /// <summary>Posts of one person wait for each other in this process instead of failing each other's commits.</summary>
    static readonly SemaphoreSlim[] Turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(1))];

    /// <summary>
    /// Takes a post in. When this returns, the entry is on disk with its verdict, together with the lead it made or changed and the events
    /// that tell of it.
    /// Throws only <see cref="StoreUnavailableException"/> (nothing was stored, nothing was promised) and cancellation.
    /// </summary>
    /// <param name="id">The entry's; null: a new one. Who tries again after a <see cref="StoreUnavailableException"/> names the same one,
    /// for the commit may have come through.</param>
    public ValueTask<Receipt> Run(PlannedForm form, FormPost post, PostOrigin from, CancellationToken cancel, Id? id = null) =>
        Run(form, post, from, Trust.Visitor, null, null, null, cancel, id ?? installation.Ids.Next());

    /// <summary>
    /// Takes over a post that waited outside the database; its time, and that of what it makes, is that of its id. The id has answered
    /// somebody already: when an entry with it is there, it was taken over before, and that is the receipt; when it repeats another entry,
    /// the id leads to that one from now on.
    /// </summary>
    public ValueTask<Receipt> RunSpooled(PlannedForm form, FormPost post, PostOrigin from, Id id, CancellationToken cancel) =>
        Run(form, post, from, Trust.Visitor, null, null, null, cancel, id, isSpooled: true);

    /// <summary>Processes a kept entry again; the entry keeps its id and its time.</summary>
    /// <param name="takeOut">Takes the entry out of the lead that it is in, in the same commit; null: it is not moved. An entry that is
    /// moved and would come to no lead is a problem, and nothing is stored.</param>
    public ValueTask<Receipt> RunAgain(
        PlannedForm form,
        Submission earlier,
        Trust trust,
        LeadChoice? choice,
        CancellationToken cancel,
        Func<UnitOfWork, CancellationToken, ValueTask<TakenOut?>>? takeOut = null
    )
    {
        var (post, entry) = KeptPost.Again(earlier, form);
        if (post.Problem is { } problem && !ReadFields.NamesSomebody(form, post))
            throw new ProblemException(
                ProblemCodes.WrongState,
                "The body of this entry cannot be read, and nothing that was read of it names a person: " + problem.Message
            );
        return Run(form, post, KeptPost.OriginOf(earlier), trust, (earlier, entry), choice, takeOut, cancel, earlier.Id);
    }

    async ValueTask<Receipt> Run(
        PlannedForm form,
        FormPost post,
        PostOrigin from,
        Trust trust,
        (Submission Stored, Submission ReadAgain)? kept,
        LeadChoice? choice,
        Func<UnitOfWork, CancellationToken, ValueTask<TakenOut?>>? takeOut,
        CancellationToken cancel,
        Id id,
        bool isSpooled = false
    )
    {
        var earlier = kept?.Stored;
        if (from.Limited)
            post = KeptPost.WithoutBulk(form, post);
        var entry = kept?.ReadAgain ?? KeptPost.Entry(form, post, from) with { Id = id };
        SemaphoreSlim? turn = null;
        try
        {
            var receipt = await CommitLoop.Run<Receipt>(Attempt, cancel, Met);
            if (!receipt.Repeated)
                CrmMetrics.Submissions.Add(
                    1,
                    new("verdict", Names.Camel(receipt.Submission.Verdict.ToString())),
                    new("reason", receipt.Submission.Reason)
                );
            return receipt;
        }
        finally
        {
            turn?.Release();
        }

        async ValueTask<(UnitOfWork?, Receipt)> Attempt(int attempt)
        {
            var intake = Started(attempt, post, from, entry);
            var erased = isSpooled
                ? await ErasedMeanwhile.In(installation, form.Settings.Store, id.Time, Entries.ToJson(intake.Submission), cancel)
                : null;
            var met = erased?.Met(entry);
            // Of somebody else's post the address goes before anything is made of it.
            if (met is (var cut, false))
                intake = Started(
                    attempt,
                    KeptPost.Of(cut, post),
                    KeptPost.OriginOf(cut) with
                    {
                        Click = from.Click,
                        Limited = from.Limited,
                    },
                    cut
                );
            StepResult outcome;
            if (takeOut is not null)
                intake.TakenOut = await takeOut(intake.Work, cancel);
            try
            {
                outcome = await RunSteps(intake, cancel);
            }
            catch (Exception error) when (error is not (StoreUnavailableException or OperationCanceledException))
            {
                // Whatever is wrong with our code or with this lead's data, the visitor's entry is not: it is kept and can be processed
                // again.
                intake.Work = Begun();
                outcome = new StepResult.Stop(Verdict.Failed, "error", error.GetType().Name);
            }
            if (outcome is StepResult.Repeat repeat)
                return isSpooled ? WithAlias(intake.Work, repeat.First) : (null, new(repeat.First, true, null));
            // Whatever the steps found: it is kept as the erasure would have left it, so that its receipt goes on answering.
            if (met is (var left, true))
            {
                intake = Started(attempt, new([], [], null, default, null), KeptPost.OriginOf(left), left);
                outcome = LiftSuppression.Refused;
            }
            var stop = outcome as StepResult.Stop;
            if (attempt == CommitLoop.Most)
            {
                intake.Work = Begun();
                stop = new(Verdict.Failed, "contention", "Too many changes of the same person at the same time.");
            }
            if (takeOut is not null && (stop is not null || intake.Lead is null))
                throw new ProblemException(ProblemCodes.WrongState, stop?.Message ?? NamesNobody);
            // Taken without a lead it would be off the list, and whoever looked at it would never hear that nothing came of it.
            if (earlier is not null && stop is null && intake.Lead is null && (choice is not null || ReadFields.MayNameSomebody(form)))
                throw new ProblemException(ProblemCodes.WrongState, NamesNobody);
            var saved = await EverythingIsSaved(intake, stop, cancel);
            return (intake.Work, new(saved, false, stop?.Verdict == Verdict.Rejected ? stop : null));
        }

        Intake Started(int attempt, FormPost said, PostOrigin came, Submission kept) =>
            new()
            {
                Form = form,
                Post = said,
                From = came,
                Trust = trust,
                Earlier = earlier,
                Choice = choice,
                MayBeKnown = attempt > 1 || earlier is not null,
                // What an earlier try found wrong is found again, or is no longer wrong.
                Work = Begun(),
                Submission = kept with { Attempts = kept.Attempts + 1, Errors = [], Candidates = [] },
            };

        UnitOfWork Begun() => new(installation, form.Settings, form.Text, isSpooled ? id.Time : null) { IsTakenOver = isSpooled };

        (UnitOfWork?, Receipt) WithAlias(UnitOfWork work, Submission first)
        {
            var alias = id.Text<Submission>();
            if (first.Id == id || first.Aliases.Contains(alias))
                return (null, new(first, true, null));
            var aliases = first.Aliases.Length < Submission.MostAliases ? first.Aliases : first.Aliases.RemoveAt(0);
            return (work, new(work.Replace(first, first with { Aliases = aliases.Add(alias) }, null), true, null));
        }

        async ValueTask<(bool, Receipt?)> Met(UnitOfWork _, CommitResult result)
        {
            // An earlier try whose answer was lost had come through.
            if (
                earlier is null
                && result.Conflicts.Any(c => c.Kind == ConflictKind.IdTaken)
                && await form.Settings.Store.Get(Entries.Collection, id, cancel) is { } row
            )
                return (true, new(Entries.FromRow<Submission>(row), true, null));
            if (earlier is not null && result.Conflicts.Any(c => c.Kind == ConflictKind.VersionMoved && c.Change == 0))
                throw new ProblemException(ProblemCodes.Conflict, "The submission was processed by somebody else at the same time.");
            if (earlier is not null && result.Conflicts.Any(c => c.Field == "postKey"))
                throw new ProblemException(
                    ProblemCodes.WrongState,
                    "The visitor sent the form again with the same key, and that entry was taken."
                );
            if (
                turn is null
                && result.Conflicts.FirstOrDefault(c => c is { Kind: ConflictKind.KeyTaken, Field: "email" or "phone" })?.Owner is { } owner
            )
            {
                turn = Turns[(int)(uint)(owner.Value % (uint)Turns.Length)];
                await turn.WaitAsync(cancel);
            }
            return (false, null);
        }
    }

    async ValueTask<StepResult> RunSteps(Intake intake, CancellationToken cancel)
    {
        foreach (var (name, run) in Steps)
        {
            var began = Stopwatch.GetTimestamp();
            using var span = CrmTraces.Begin(name);
            var result = await run(this, intake, cancel);
            var outcome = result switch
            {
                StepResult.Stop stop => stop.Reason,
                StepResult.Repeat => "repeat",
                _ => "go_on",
            };
            CrmMetrics.Steps.Add(1, new("step", name), new("outcome", outcome));
            if (CrmMetrics.StepDuration.Enabled)
                CrmMetrics.StepDuration.Record(
                    Stopwatch.GetElapsedTime(began).TotalSeconds,
                    new KeyValuePair<string, object?>("step", name)
                );
            if (!ReferenceEquals(result, StepResult.Continue))
                return result;
        }
        return StepResult.Continue;
    }

    // ---- The steps

    /// <summary>What was read of a body that could not be read to its end counts, if there is a person in it.</summary>
    static StepResult BodyIsReadable(Intake intake) =>
        intake.Post.Problem is { } problem && !ReadFields.NamesSomebody(intake.Form, intake.Post)
            ? StepResult.Reject(problem.Code, problem.Message)
            : StepResult.Continue;

    static StepResult FormIsOpen(Intake intake) =>
        intake.Form.Form.Status == FormStatus.Published || intake.Trust == Trust.Approved
            ? StepResult.Continue
            : StepResult.Reject(ProblemCodes.FormClosed.Code, "This form is not open.");

    static StepResult OriginIsAllowed(Intake intake) =>
        intake.Form.Allows(intake.From.Origin) || intake.Trust == Trust.Approved
            ? StepResult.Continue
            : StepResult.Reject(ProblemCodes.OriginNotAllowed.Code, "Pages of this origin may not post this form.");

    /// <summary>A double click, a retry and a beacon carry the same key: they are one post.</summary>
    static async ValueTask<StepResult> NotSentBefore(Intake intake, CancellationToken cancel)
    {
        if (intake.Trust != Trust.Visitor || intake.From.IdempotencyKey is null)
            return StepResult.Continue;
        return await intake.Work.FindBy<Submission>("postKey", intake.Submission.PostKey!, cancel) is { } submission
            ? new StepResult.Repeat(submission)
            : StepResult.Continue;
    }

    /// <summary>Signals are kept; they lead to quarantine, where a member decides. Nothing is dropped.</summary>
    StepResult NotARobot(Intake intake)
    {
        var form = intake.Form.Form;
        if (intake.Trust == Trust.Approved)
            return StepResult.Continue;
        var signals = new List<string>();
        if (!string.IsNullOrWhiteSpace(intake.Post.First(form.Honeypot)))
            signals.Add("honeypot");
        if (intake.Earlier is null && intake.Post.First(FillTime.FieldName) is { } token && FillTime.LooksLikeOurs(token))
            switch (fillTime.Judge(token, form.Key, form.MinimumFillSeconds, intake.Submission.CreatedAt))
            {
                case FillTime.Verdict.TooFast:
                    signals.Add("too_fast");
                    break;
                case FillTime.Verdict.Forged:
                    signals.Add("forged_time");
                    break;
            }
        // The signed time itself is not kept. What it told then still holds, as long as the form asks for it.
        if (intake.Earlier is { } earlier && form.MinimumFillSeconds > 0)
            signals.AddRange(earlier.Signals.Where(s => s is "too_fast" or "forged_time"));
        if (signals.Count == 0)
            return StepResult.Continue;
        intake.Submission = intake.Submission with { Signals = [.. intake.Submission.Signals.Union(signals)] };
        return StepResult.Quarantine(signals[0], "Looks like a robot.");
    }

    /// <summary>Nobody is sent away for coming with many others: what comes over a limit waits for a member.</summary>
    static StepResult WithinLimits(Intake intake) =>
        intake.From.Limited ? StepResult.Quarantine(LimitedReason, "Came over a limit.") : StepResult.Continue;

    const string NamesNobody =
        "The entry names nobody: no e-mail address, phone number, name or company could be read in it. It waits as before.";

    /// <summary>Why an entry over a limit waits.</summary>
    public const string LimitedReason = "limited";

    static StepResult ConsentIsRecorded(Intake intake)
    {
        foreach (var field in intake.Form.Fields)
            if (field.Definition.Kind == FormFieldKind.Consent)
            {
                // As FieldsAreValid reads it.
                var ticked = ReadFields.Ticked(intake.Form.Posted(intake.Post, field));
                if (ticked is not null) // An empty box is no refusal; it says nothing.
                    intake.Consents.Add(
                        new()
                        {
                            Purpose = TextRules.Cut(field.Definition.Purpose ?? field.Definition.Name!, 60),
                            Granted = true,
                            // A page that posts what was agreed to says it better than our label.
                            Text = field.Definition.Help ?? (BooleanValue.IsYes(ticked) ? field.Label : TextRules.Cut(ticked, 4000)),
                            At = intake.Submission.CreatedAt,
                            Submission = intake.Submission.Id,
                            Page = intake.From.Page,
                        }
                    );
            }
        return StepResult.Continue;
    }

    static ConsentReceipt ReceiptOf(Intake intake, GivenConsent consent, Id lead) =>
        new()
        {
            Lead = lead,
            Purpose = consent.Purpose,
            Granted = consent.Granted,
            Text = consent.Text,
            TextVersion = intake.Form.Form.Version.ToString(CultureInfo.InvariantCulture),
            Language = intake.Form.Form.Language,
            Page = consent.Page,
            At = consent.At,
            Method = ConsentMethod.Form,
            Form = intake.Form.Form.Id,
            Submission = consent.Submission,
        };

    /// <summary>The entry, the lead and the events that tell of them: one commit.</summary>
    static async ValueTask<Submission> EverythingIsSaved(Intake intake, StepResult.Stop? stop, CancellationToken cancel)
    {
        var work = intake.Work;
        var lead = stop is null ? intake.Lead : null;
        var entry = intake.Submission with
        {
            Verdict = stop?.Verdict ?? (intake.LeadBefore is null ? Verdict.Accepted : Verdict.Merged),
            Reason = stop?.Reason,
            Lead = lead?.Id ?? intake.Earlier?.Lead,
            MadeLead = lead is not null && intake.LeadBefore is null,
        };
        if (stop is { Verdict: Verdict.Rejected } && entry.Errors.Length == 0)
            entry = entry with
            {
                Errors =
                [
                    new()
                    {
                        Field = intake.Post.Problem?.Field ?? "",
                        Code = stop.Reason,
                        Message = stop.Message,
                    },
                ],
            };
        if (stop is { Verdict: Verdict.Failed })
            entry = entry with { Errors = [new() { Code = stop.Reason, Message = stop.Message }] };
        var saved = intake.Earlier is { } earlier ? work.Replace(earlier, entry, null) : work.Insert(entry, null);
        var id = ResourceType.Of<Submission>().Text(saved.Id);
        // Before another lead takes them, this one gives its addresses and numbers up.
        if (intake.TakenOut is { } taken)
        {
            work.Replace(
                taken.Before,
                taken.After,
                "submissionDetached",
                writer => writer.WriteString("submission", id),
                id,
                intake.Lead!.Id.Text<Lead>()
            );
            taken.SaveProposals(work);
            await KeepConsent.TakeBack(work, saved.Id, cancel);
        }
        var verdict = "submission." + Names.Camel(saved.Verdict.ToString());
        void Entry(Utf8JsonWriter writer)
        {
            writer.WriteString("submission", id);
            writer.WriteString("form", intake.Form.Text);
            if (saved.Reason is not null)
                writer.WriteString("reason", saved.Reason);
        }
        // A post that makes or changes a lead is told once, as what became of the lead.
        if (lead is null)
            work.RecordEvent(verdict, id, Entry, intake.Form.Text);
        // Both leads of a post that names two are told, so that the team sees it on each.
        if (stop is not null)
            foreach (var candidate in saved.Candidates)
                work.RecordEvent(
                    "lead.mentioned",
                    candidate.Text<Lead>(),
                    writer =>
                    {
                        writer.WriteString("submission", id);
                        writer.WriteString("reason", saved.Reason);
                    },
                    [id, .. saved.Candidates.Where(c => c != candidate).Select(c => c.Text<Lead>())]
                );
        if (lead is not null)
        {
            var leadText = lead.Id.Text<Lead>();
            if (intake.LeadBefore is { } before)
            {
                var after = work.Replace(before, lead, null);
                work.RecordEvent(
                    "lead.updated",
                    [verdict],
                    leadText,
                    new(ResourceType.Of<Lead>(), before, after),
                    Entry,
                    id,
                    intake.Form.Text
                );
            }
            else
            {
                var made = work.Insert(lead, null);
                work.RecordEvent(
                    "lead.created",
                    [verdict],
                    leadText,
                    new(ResourceType.Of<Lead>(), null, made),
                    Entry,
                    id,
                    intake.Form.Text
                );
                await EarnCommission.ForLead(work, lead, cancel);
            }
            foreach (var proposal in intake.Proposals)
                work.Insert(proposal, null);
            foreach (var consent in intake.Consents)
                KeepConsent.Insert(work, ReceiptOf(intake, consent, lead.Id));
            // A sale that the click's destination reports finds its customer by it.
            if (intake.Click is { Version: > 0 } click && (click.Lead is null || click.Id == intake.TakenOut?.Click?.Id))
                work.Replace(click, click with { Lead = lead.Id }, null);
            if (intake.Visitor is { } visitor)
                work.Replace(visitor, visitor with { Lead = lead.Id }, null);
        }
        return saved;
    }
}
