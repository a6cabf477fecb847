// A step of SubmitForm: finds out whose post it is, and what it may do to a lead that is known.

using Crm.Domain.Leads;
using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Forms;

static class MatchLead
{
    /// <summary>Consents of one lead, and characters of all their texts: a page posts what was agreed to, and a stranger any
    /// text.</summary>
    const int MostConsents = 200,
        MostConsentText = 32 * 1024;

    /// <summary>
    /// Finds the person by the table of who is who. The first attempt takes the post for a new person's, which it mostly is; if not, the
    /// store refuses the commit, and every further attempt asks whose the identities are now: leads are merged and taken apart meanwhile.
    /// </summary>
    internal static async ValueTask<StepResult> LeadIsKnown(Intake intake, CancellationToken cancel)
    {
        if (intake.Choice is { Lead: { } chosen })
            // A member said whose post it is; what belongs to somebody else stays a proposal.
            intake.LeadBefore = await intake.Work.Get<Lead>(chosen, cancel);
        else if (intake is { Choice: null, MayBeKnown: true } && await FindPerson(intake, cancel) is StepResult.Stop stop)
            return stop;
        var taken = intake.Choice is null ? [] : await TakenAddresses(intake, cancel);
        List<IncomingValue> values = [.. intake.Values.Where(v => !taken.Any(t => t.Value == v))];
        var by = intake.SubmissionText;
        var proposed = new List<ProposedValue>();
        if (intake.LeadBefore is { } known)
            Apply(known, values, intake.Form.Form.MergePolicy);
        else if (values.Exists(v => v.Path is "email" or "phone" or "firstName" or "lastName" or "company"))
            Apply(new() { Id = intake.Work.NextId(), Owner = intake.Form.Form.Owner }, values, MergePolicy.FillEmpty);
        else if (taken.Count > 0)
        {
            intake.Submission = intake.Submission with { Candidates = [.. taken.Select(t => t.Owner).Distinct().Take(10)] };
            return StepResult.Quarantine("two_leads_match", "All it says of a person is an e-mail address that belongs to another lead.");
        }
        if (intake.Lead is null)
            return StepResult.Continue;
        if (taken.Count > 0)
            Apply(intake.Lead, [.. taken.Select(t => t.Value)], MergePolicy.ProposeAll);
        intake.Lead = intake.MayBeKnown
            ? await SharedNumbers.Marked(intake.Work, intake.Lead, intake.LeadBefore, cancel, intake.TakenOut?.After)
            : SharedNumbers.DummiesMarked(intake.Lead);
        WithWhatTheFormGives(intake);
        if (proposed.Count > 0)
            await Propose(intake, proposed, cancel);
        return StepResult.Continue;

        void Apply(Lead lead, IReadOnlyList<IncomingValue> incoming, MergePolicy policy)
        {
            (intake.Lead, var more) = ApplyValues.Apply(lead, incoming, policy, by, intake.Work.Now);
            proposed.AddRange(more);
        }
    }

    /// <summary>What differs from what is known waits beside the lead; what there is no room for is said on the entry, which has
    /// it.</summary>
    static async ValueTask Propose(Intake intake, List<ProposedValue> proposed, CancellationToken cancel)
    {
        var made = await ProposeChanges.To(intake.Work, intake.Lead!, proposed, intake.SubmissionText, intake.Submission.Id, cancel);
        (intake.Lead, intake.Proposals) = (made.Lead, made.Changes);
        Note(intake, [.. made.LeftOut.Select(left => SubmissionNote.NotProposed(left.Field))]);
    }

    /// <summary>What a lead has no room for takes the place of what else there is to note.</summary>
    static void Note(Intake intake, List<SubmissionNote> notes)
    {
        if (notes.Count > 0)
            intake.Submission = intake.Submission with
            {
                Notes =
                [
                    .. intake.Submission.Notes.Take(Math.Max(0, SubmissionNote.Most - notes.Count)),
                    .. notes.Take(SubmissionNote.Most),
                ],
            };
    }

    /// <summary>The form's tags and the consents that the post gave: on the lead of whoever gave them.</summary>
    static void WithWhatTheFormGives(Intake intake)
    {
        var lead = intake.Lead!;
        var (consents, notes) = (lead.Consent, new List<SubmissionNote>());
        foreach (var consent in intake.Consents)
            if (consents.Length >= MostConsents)
                notes.Add(SubmissionNote.NoConsent(consent.Purpose, "The lead has so many consents that this one is in the entry only."));
            else if (consents.Sum(TextOf) + TextOf(consent) <= MostConsentText)
                consents = consents.Add(consent);
            else
            {
                consents = consents.Add(consent with { Text = null, Page = null });
                notes.Add(
                    SubmissionNote.NoConsent(consent.Purpose, "The lead has this consent without its text and page, which the entry keeps.")
                );
            }
        intake.Lead = lead with { Tags = [.. lead.Tags.Union(intake.Form.Form.Tags).Take(50)], Consent = consents };
        Note(intake, notes);

        static int TextOf(GivenConsent consent) => (consent.Text?.Length ?? 0) + (consent.Page?.Length ?? 0);
    }

    static async ValueTask<StepResult> FindPerson(Intake intake, CancellationToken cancel)
    {
        var said = SaidIn(intake.Values);
        var whose = await WhoIsWho.Find<Lead>(intake.Work, said, cancel);
        // Asked one after the other, two identities may be seen before and after a merge that made their leads one.
        if (whose is Whose.OfTwo)
            whose = await WhoIsWho.Find<Lead>(intake.Work, said, cancel);
        switch (whose)
        {
            case Whose.OfTwo two:
                intake.Submission = intake.Submission with { Candidates = [.. two.Owners.Order().Take(10)] };
                return StepResult.Quarantine("two_leads_match", "Its e-mail addresses belong to different leads.");
            case Whose.Another another:
                // The entry names them, so that a member who knows better finds them.
                intake.Submission = intake.Submission with { Candidates = [.. another.Holders.Take(10)] };
                return intake.Form.Form.OnSharedPhone == SharedPhonePolicy.Quarantine && intake.Trust != Trust.Approved
                    ? StepResult.Quarantine("phone_shared", "Its phone number is another lead's, and it may be another person.")
                    : StepResult.Continue;
            case Whose.Theirs theirs:
                intake.LeadBefore = await intake.Work.Find<Lead>(theirs.Id, cancel);
                return intake.LeadBefore is null || intake.Trust == Trust.Approved
                    ? StepResult.Continue
                    : Repeated(intake, intake.LeadBefore);
            default:
                return StepResult.Continue;
        }
    }

    static StepResult Repeated(Intake intake, Lead lead)
    {
        switch (intake.Form.Form.DuplicatePolicy)
        {
            case DuplicatePolicy.Reject:
                return StepResult.Reject(ProblemCodes.DuplicateSubmission.Code, "This form was already sent by the same person.");
            case DuplicatePolicy.Quarantine:
                intake.Submission = intake.Submission with { Candidates = [lead.Id] };
                return StepResult.Quarantine("duplicate", "The person is already a lead.");
            default:
                return StepResult.Continue;
        }
    }

    static SaidOfPerson SaidIn(List<IncomingValue> values)
    {
        return new(
            [.. All("email").Select(EmailAddress.Canonical).Distinct()],
            All("externalId").FirstOrDefault(),
            [.. All("phone").Distinct()],
            string.Join(' ', All("firstName").Concat(All("middleName")).Concat(All("lastName")))
        );

        IEnumerable<string> All(string path) => values.Where(v => v.Path == path).Select(v => v.Value).OfType<string>();
    }

    /// <summary>The addresses of the post that are another lead's than the one a member chose, and whose they are.</summary>
    static async ValueTask<List<(IncomingValue Value, Id Owner)>> TakenAddresses(Intake intake, CancellationToken cancel)
    {
        var taken = new List<(IncomingValue, Id)>();
        foreach (var value in intake.Values.Where(v => v is { Path: "email", Target: null }))
        {
            var address = EmailAddress.Canonical((string)value.Value);
            if (
                await intake.Work.Store.FindByKey(ResourceType.Of<Lead>().Collection, "email", address, cancel) is { } owner
                && owner != intake.LeadBefore?.Id
                && !(intake.TakenOut is { After: var gives } && gives.Id == owner && !gives.Emails.Any(Is))
            )
                taken.Add((value, owner));

            bool Is(EmailEntry entry) => EmailAddress.Canonical(entry.Address!) == address;
        }
        return taken;
    }
}
