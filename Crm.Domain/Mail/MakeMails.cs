// Makes the mails that posts asked for: one node for each workspace, so that limits hold to the mail, in commits that take the asking away.

using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public static class MakeMails
{
    /// <summary>Askings of one commit; those that go into one mail count as one.</summary>
    const int MostAsked = 500,
        MostAlone = 50,
        MostShown = 50;

    static readonly ResourceType Type = ResourceType.Of<MailJob>();

    /// <summary>One batch. Returns when there is something to do again: now, when something is due; null: nothing was asked.</summary>
    public static ValueTask<DateTimeOffset?> Step(Installation installation, WorkspaceSettings settings, CancellationToken cancel) =>
        CommitLoop.Run<DateTimeOffset?>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var (due, next) = await Due(settings, work.Now, cancel);
                if (due.Count == 0)
                    return (null, next);
                await Make(work, due, cancel);
                return (work, work.Now);
            },
            cancel
        );

    static async ValueTask<(List<MailJob> Due, DateTimeOffset? Next)> Due(
        WorkspaceSettings settings,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        using var page = await settings.Store.Query(
            new(Type.Collection, new Filter.Compare("queue", Comparison.Gte, Key.Of("0")), [new("queue", false)], false, null, MostAsked),
            cancel
        );
        var (due, alone) = (new List<MailJob>(), 0);
        for (var i = 0; i < page.Count; i++)
        {
            var job = Type.FromRow<MailJob>(page[i]);
            if (job.DueAt > now)
                return (due, job.DueAt);
            if (job.Together || ++alone <= MostAlone)
                due.Add(job);
        }
        return (due, null);
    }

    static async ValueTask Make(UnitOfWork work, List<MailJob> due, CancellationToken cancel)
    {
        var (answers, rounds) = (new List<Message>(), new Dictionary<Id, long>());
        foreach (var job in due.Where(job => !job.Together))
        {
            var form = FormOf(work, job);
            if (form is not null && job.Purpose == MessagePurpose.Notification && await IsOver(work, form, rounds, cancel))
            {
                // It is not lost: it comes together with the others of this hour.
                work.Replace(
                    job,
                    job with
                    {
                        DueAt = AskForMail.NextTime(work.Settings, NotifyAs.Hourly, work.Now),
                        Together = true,
                    },
                    null
                );
                continue;
            }
            work.Delete(job, null);
            if (form is null || await EntryOf(work, job, cancel) is not { } entry)
                continue;
            if (job.Purpose == MessagePurpose.Answer)
            {
                if (await AnswerSender.Run(work, form, entry, answers, cancel) is { } answer)
                    answers.Add(answer);
            }
            else if (IsTaken(entry))
                await Notify(work, form, [entry], 1, rounds, cancel);
        }
        foreach (var group in due.Where(job => job.Together).GroupBy(job => job.Form))
        {
            var form = FormOf(work, group.First());
            var entries = new List<Submission>();
            var count = 0;
            foreach (var job in group)
            {
                work.Delete(job, null);
                count++;
                if (form is not null && entries.Count < MostShown && await EntryOf(work, job, cancel) is { } entry && IsTaken(entry))
                    entries.Add(entry);
            }
            if (form is not null && entries.Count > 0)
                await Notify(work, form, entries, count < MostShown ? entries.Count : count, rounds, cancel);
        }
    }

    /// <summary>Not put away as spam meanwhile, nor emptied.</summary>
    static bool IsTaken(Submission entry) => entry.Verdict is Verdict.Accepted or Verdict.Merged;

    static Form? FormOf(UnitOfWork work, MailJob job) =>
        Id.TryParse<Form>(job.Form, out var id) ? work.Settings.Mail.Forms.GetValueOrDefault(id) : null;

    static async ValueTask<Submission?> EntryOf(UnitOfWork work, MailJob job, CancellationToken cancel) =>
        Id.TryParse<Submission>(job.Submission, out var id) ? await work.Find<Submission>(id, cancel) : null;

    static async ValueTask Notify(
        UnitOfWork work,
        Form form,
        IReadOnlyList<Submission> entries,
        int count,
        Dictionary<Id, long> rounds,
        CancellationToken cancel
    )
    {
        var isLast = form.Notify is { As: NotifyAs.Instant } notify && await Rounds(work, form, rounds, cancel) == notify.PerHour - 1;
        var next = isLast ? AskForMail.NextTime(work.Settings, NotifyAs.Hourly, work.Now) : (DateTimeOffset?)null;
        if (await NotifyTeam.Run(work, form, entries, count, next, cancel))
            rounds[form.Id] = await Rounds(work, form, rounds, cancel) + 1;
    }

    static async ValueTask<bool> IsOver(UnitOfWork work, Form form, Dictionary<Id, long> rounds, CancellationToken cancel) =>
        form.Notify is { } notify && await Rounds(work, form, rounds, cancel) >= notify.PerHour;

    /// <summary>Mails of this hour, with those of this unit.</summary>
    static async ValueTask<long> Rounds(UnitOfWork work, Form form, Dictionary<Id, long> rounds, CancellationToken cancel)
    {
        if (rounds.TryGetValue(form.Id, out var known))
            return known;
        var hour = work.Now.AddTicks(-(work.Now.Ticks % TimeSpan.TicksPerHour));
        return rounds[form.Id] = await work.Store.Count(
            ResourceType.Of<Message>().Collection,
            Message.Since("formKey", NotifyTeam.FormName(form), hour),
            form.Notify!.PerHour,
            cancel
        );
    }
}
