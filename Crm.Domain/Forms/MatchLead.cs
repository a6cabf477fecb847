// A step of SubmitForm: finds out whose post it is, and what it may do to a lead that is known.

using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Traffic;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

static class MatchLead
{
    /// <summary>
    /// Finds the person by the store's unique keys. The first attempt takes the post for a new person's, which it mostly is; if not, the
    /// store refuses the commit, and every further attempt asks who owns the identities now: leads are merged and taken apart meanwhile.
    /// </summary>
    internal static async ValueTask<StepResult> LeadIsKnown(Intake intake, CancellationToken cancel)
    {
        if (intake.MayBeKnown && intake.ChosenLead is null)
        {
            await FindOwners(intake, cancel);
            // Asked one after the other, two identities may be seen before and after a merge that made their leads one.
            if (intake.Owners.Count > 1)
                await FindOwners(intake, cancel);
        }
        if (intake.ChosenLead is { } chosen)
        {
            // A member said whose post it is; identities that belong to somebody else stay proposals.
            intake.LeadBefore = await intake.Work.Get<Lead>(chosen, cancel);
        }
        else if (intake.Owners.Count > 1)
        {
            intake.Submission = intake.Submission with { Candidates = [.. intake.Owners.Order().Take(10)] };
            return StepResult.Quarantine("two_leads_match", "Its e-mail address and its phone number belong to different leads.");
        }
        else if (intake.Owners.Count == 1)
        {
            intake.LeadBefore = await intake.Work.Find<Lead>(intake.Owners.First(), cancel);
            if (intake.LeadBefore is not null && intake.Trust != Trust.Approved)
                switch (intake.Form.Form.DuplicatePolicy)
                {
                    case DuplicatePolicy.Reject:
                        return StepResult.Reject(ProblemCodes.DuplicateSubmission.Code, "This form was already sent by the same person.");
                    case DuplicatePolicy.Quarantine:
                        intake.Submission = intake.Submission with { Candidates = [intake.LeadBefore.Id] };
                        return StepResult.Quarantine("duplicate", "The person is already a lead.");
                }
        }
        var by = intake.SubmissionText;
        if (intake.LeadBefore is { } known)
        {
            var conflicting = intake.ChosenLead is null ? [] : await ConflictingIdentities(intake, known, cancel);
            intake.Lead = ApplyValues
                .Apply(known, [.. intake.Values.Except(conflicting)], intake.Form.Form.MergePolicy, by, intake.Work.Now)
                .Lead;
            intake.Lead = ApplyValues.Apply(intake.Lead, conflicting, MergePolicy.ProposeAll, by, intake.Work.Now).Lead;
        }
        else if (intake.Values.Exists(v => v.Path is "email" or "phone" or "firstName" or "lastName" or "company"))
            intake.Lead = ApplyValues
                .Apply(
                    new() { Id = intake.Work.Installation.Ids.Next(), Owner = intake.Form.Form.Owner },
                    intake.Values,
                    MergePolicy.FillEmpty,
                    by,
                    intake.Work.Now
                )
                .Lead;
        if (intake.Lead is not null)
            intake.Lead = intake.Lead with
            {
                Tags = [.. intake.Lead.Tags.Union(intake.Form.Form.Tags).Take(50)],
                Consent =
                    intake.Consents.Count == 0 || intake.Lead.Consent.Length >= 200
                        ? intake.Lead.Consent
                        : intake.Lead.Consent.AddRange(intake.Consents),
            };
        return StepResult.Continue;
    }

    static async ValueTask FindOwners(Intake intake, CancellationToken cancel)
    {
        var leads = ResourceType.Of<Lead>();
        intake.Owners.Clear();
        foreach (var (field, key) in Identities(intake))
            if (await intake.Work.Store.FindByKey(leads.Collection, field, key, cancel) is { } owner)
                intake.Owners.Add(owner);
    }

    static IEnumerable<(string Field, string Key)> Identities(Intake intake) =>
        intake.Values.Where(v => v.Target is null).Select(v => (v.Path, IdentityOf(v)));

    static string IdentityOf(IncomingValue value) =>
        value.Path == "email" ? EmailAddress.Canonical((string)value.Value) : (string)value.Value;

    /// <summary>The addresses and numbers of the post that are another lead's.</summary>
    static async ValueTask<List<IncomingValue>> ConflictingIdentities(Intake intake, Lead lead, CancellationToken cancel)
    {
        var conflicting = new List<IncomingValue>();
        foreach (var value in intake.Values.Where(v => v.Target is null))
            if (
                await intake.Work.Store.FindByKey(ResourceType.Of<Lead>().Collection, value.Path, IdentityOf(value), cancel) is { } owner
                && owner != lead.Id
            )
                conflicting.Add(value);
        return conflicting;
    }
}
