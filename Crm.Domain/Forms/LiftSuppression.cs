// A step of SubmitForm: somebody who was erased and posts a form themselves is back; what they had posted before is not.

using Crm.Domain.Erasures;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Forms;

static class LiftSuppression
{
    /// <summary>Why an entry from before an erasure is refused: it waited somewhere meanwhile, and is kept without the person.</summary>
    const string Erased = "erased";

    internal static readonly StepResult Refused = StepResult.Reject(Erased, "The person asked to be erased after it was posted.");

    internal static async ValueTask<StepResult> PersonMayCome(Intake intake, CancellationToken cancel)
    {
        if (!intake.Work.Settings.HasSuppressions)
            return StepResult.Continue;
        var lifted = new HashSet<Id>();
        foreach (var value in intake.Values)
        {
            if (
                value.Path is not (SuppressPerson.Email or SuppressPerson.Phone or SuppressPerson.ExternalId)
                || await SuppressPerson.Find(intake.Work, value.Path, (string)value.Value, cancel) is not { } suppression
            )
                continue;
            if (intake.Submission.CreatedAt <= (suppression.Since ?? suppression.CreatedAt))
            {
                intake.Submission = (Submission)WithoutPerson.Of(intake.Submission);
                return Refused;
            }
            if (lifted.Add(suppression.Id))
                intake.Work.Delete(suppression, null);
        }
        if (lifted.Count > 0)
        {
            intake.Work.TouchSettings();
            intake.Submission = intake.Submission with
            {
                Notes =
                [
                    .. intake.Submission.Notes.Take(SubmissionNote.Most - 1),
                    new()
                    {
                        Code = SubmissionNote.SuppressionLifted,
                        Message = "The person had been erased and came again by this form: what they send from now on is kept.",
                    },
                ],
            };
        }
        return StepResult.Continue;
    }
}
