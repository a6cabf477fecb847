// Does what was put off from a commit that had too much to follow: after it, in commits of their own, each part once.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public static class RunFollowUps
{
    /// <summary>
    /// Does a part of the workspace's oldest job: what follows, and the job without that part, are one commit, so each part is done once,
    /// whoever is killed and however many nodes try. False: there is nothing left that this product knows how to do.
    /// </summary>
    public static ValueTask<bool> Step(Installation installation, WorkspaceSettings settings, CancellationToken cancel) =>
        CommitLoop.Run<bool>(
            async _ =>
            {
                var (job, followUp) = await Oldest(installation, settings, cancel);
                if (job is null)
                    return (null, false);
                var work = new UnitOfWork(installation, settings, job.By);
                var changes = job.Read(name => installation.Catalog.Entries.First(entry => entry.Type.Name == name).Type);
                var (done, room) = (0, FollowUp.MostAdded);
                // The first goes however much it adds: alone in its commit it is as little as can be.
                for (; done < changes.Count; done++)
                    if (await work.TryFollow(followUp!, changes[done], changes, true, done == 0 ? int.MaxValue : room, cancel) is { } added)
                        room -= added;
                    else
                        break;
                if (done == changes.Count)
                    work.Delete(job, null);
                else
                    work.Replace(job, job with { Changes = FollowUpJob.Write(changes.Skip(done)) }, null);
                return (work, true);
            },
            cancel
        );

    /// <summary>A job of a follow-up that is not known here is a newer node's.</summary>
    static async ValueTask<(FollowUpJob? Job, FollowUp? FollowUp)> Oldest(
        Installation installation,
        WorkspaceSettings settings,
        CancellationToken cancel
    )
    {
        var type = ResourceType.Of<FollowUpJob>();
        await foreach (var page in settings.Store.Pages(new(type.Collection, null, [], false, null, 1), cancel))
            if (
                page.Count > 0
                && type.FromRow<FollowUpJob>(page[0]) is var job
                && installation.Catalog.FollowUps.FirstOrDefault(one => one.Name == job.FollowUp) is { } followUp
            )
                return (job, followUp);
        return (null, null);
    }
}
