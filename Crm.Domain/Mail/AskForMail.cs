// A post that was taken asks for the mails of its form, in its own commit: one small row each, whatever the mail will say.

using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Mail;

public static class AskForMail
{
    /// <summary>Nobody waits for an answer to what they sent longer ago.</summary>
    static readonly TimeSpan LateAnswer = TimeSpan.FromDays(3);

    public static readonly FollowUp FollowUp = new("mail") { Wants = Wants, Run = Run };

    static bool Wants(WorkspaceSettings settings, RecordChange change) =>
        change is { After: Submission { Verdict: Verdict.Accepted or Verdict.Merged, Form: { } form } }
        && change.Before is not Submission { Verdict: Verdict.Accepted or Verdict.Merged }
        && settings.Mail.Forms.ContainsKey(form);

    static ValueTask Run(FollowUpCall call, CancellationToken cancel)
    {
        var (work, entry) = (call.Work, (Submission)call.Change.After!);
        if (!work.Settings.Mail.Forms.TryGetValue(entry.Form!.Value, out var form))
            return default;
        if (form.Notify is { Active: true } notify)
            Add(MessagePurpose.Notification, NextTime(work.Settings, notify.As, work.Installation.Now), notify.As != NotifyAs.Instant);
        if (form.AutoAnswer is { Active: true } && work.Installation.Now - entry.CreatedAt < LateAnswer)
            Add(MessagePurpose.Answer, work.Installation.Now, false);
        work.Notify(MailJob.Counters);
        return default;

        void Add(MessagePurpose purpose, DateTimeOffset due, bool together) =>
            work.Insert(
                new MailJob
                {
                    Purpose = purpose,
                    Form = form.Id.Text<Form>(),
                    Submission = entry.Id.Text<Submission>(),
                    DueAt = due,
                    Together = together,
                },
                null
            );
    }

    /// <summary>When a mail of this kind is made: at once, at the next full hour, or when the workspace's next day begins.</summary>
    internal static DateTimeOffset NextTime(WorkspaceSettings settings, NotifyAs how, DateTimeOffset now) =>
        how switch
        {
            NotifyAs.Instant => now,
            NotifyAs.Hourly => now.AddTicks(TimeSpan.TicksPerHour - now.Ticks % TimeSpan.TicksPerHour),
            _ => settings.Days.StartOf(settings.Days.DayOf(now).AddDays(1)),
        };
}
