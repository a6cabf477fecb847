// Policies that suit a small firm: a new workspace has them from its first day, an older one finds them switched off.

using System.Globalization;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Retention;

public static class UsualPolicies
{
    /// <summary>What may yet become a customer goes only where somebody has switched that on.</summary>
    static readonly (RetentionPolicy Policy, bool IsForNew)[] All =
    [
        (new() { On = RetainedKind.Entries, Purpose = "Who was refused may ask why, for a year." }, true),
        (new() { On = RetainedKind.Quarantine, Purpose = "What waits is looked at within half a year." }, false),
        (new() { On = RetainedKind.Clicks, Purpose = "Two years are compared, month by month." }, true),
        (
            new()
            {
                On = RetainedKind.Touches,
                Filter = "kind[nin]=call,visit,meeting",
                Purpose = "A year is compared with the one before; what was talked about stays with its lead.",
            },
            true
        ),
        (
            new()
            {
                On = RetainedKind.Visitors,
                Filter = "lead[exists]=false",
                Purpose = "Browsers that nobody sent a form from; a lead's stay with the lead.",
            },
            true
        ),
        (new() { On = RetainedKind.Deliveries, Purpose = "What others got is asked about within a quarter." }, true),
        (new() { On = RetainedKind.Events, Purpose = "Who changed what is asked about within two years." }, true),
        (new() { On = RetainedKind.Leads, Purpose = "Who was silent for three years expects to be forgotten." }, false),
    ];

    /// <summary>Into the commit that makes a workspace. The first run waits like that of any policy.</summary>
    public static void Make(UnitOfWork work) => Insert(work, work.Now + work.Installation.Options<RetentionSchedule>().FirstRunAfter);

    /// <param name="firstRun">Null: none of them runs until it is switched on.</param>
    static void Insert(UnitOfWork work, DateTimeOffset? firstRun)
    {
        foreach (var (policy, isForNew) in All)
            work.Insert(
                policy with
                {
                    OlderThan = Retained.Of(policy.On).Usual,
                    Active = isForNew && firstRun is not null,
                    NextRunAt = isForNew ? firstRun : null,
                },
                null
            );
        work.Notify(PrepareRetentionPolicy.Counters);
    }

    /// <summary>
    /// An upgrade: a workspace that never had a policy is offered these, once. That it had one says the counter of its policies, which
    /// changes in the same commit; of several nodes that start at once, the workspace's own record lets one pass.
    /// </summary>
    public static async Task Offer(Installation installation, CancellationToken cancel)
    {
        await foreach (var workspace in installation.Store.Workspaces(ResourceType.Of<Workspace>().Collection, cancel))
        {
            if (await HadAny(installation, workspace, cancel))
                continue;
            await CommitLoop.Run(
                async _ =>
                {
                    if (await HadAny(installation, workspace, cancel))
                        return (null, false);
                    var work = new UnitOfWork(installation, await installation.Settings.Workspace(workspace, cancel), "system");
                    if (await work.Find<Workspace>(work.Settings.Workspace.Id, cancel) is not { } record)
                        return (null, false);
                    work.Replace(record, record, null);
                    Insert(work, null);
                    return (work, true);
                },
                cancel
            );
        }
    }

    static async ValueTask<bool> HadAny(Installation installation, WorkspaceKey workspace, CancellationToken cancel)
    {
        var counter = string.Create(CultureInfo.InvariantCulture, $"{PrepareRetentionPolicy.Counters}{workspace.Value}");
        // Of the names that begin so, a longer number's among them, its own is the first.
        var counters = await installation.Store.Open(WorkspaceKey.Installation).Counters(counter, 1, cancel);
        return counters is [(var name, > 0)] && name == counter;
    }
}
