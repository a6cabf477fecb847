// Work that one node does at a time: held for a while, renewed, and fenced, so that a node that was stopped in the middle spoils nothing.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>
/// A right to do a piece of work until a time. The lease is a record in the store; its version is the fence: <see cref="Fence"/> put into a
/// commit makes that commit fail if somebody else has taken the work over meanwhile, however late the commit comes.
/// </summary>
public sealed class HeldLease
{
    static readonly ResourceType Type = ResourceType.Of<Lease>();

    readonly Installation installation;
    Lease record;
    long renewed;

    HeldLease(Installation installation, Lease record) =>
        (this.installation, this.record, renewed) = (installation, record, installation.Clock.GetTimestamp());

    static IWorkspaceStore Rows(Installation installation) => installation.Store.Open(WorkspaceKey.Installation);

    /// <summary>The lease, or null while another node has it.</summary>
    public static async ValueTask<HeldLease?> Take(Installation installation, string work, TimeSpan length, CancellationToken cancel)
    {
        var rows = Rows(installation);
        var held =
            await rows.FindByKey(Type.Collection, "work", work, cancel) is { } id && await rows.Get(Type.Collection, id, cancel) is { } row
                ? Type.FromRow<Lease>(row)
                : null;
        // Where one process has the store, whoever else held it has ended, and nobody waits for the end of his time.
        if (held is not null && held.Holder != installation.Node && held.Until > installation.Now && installation.Store.IsShared)
            return null;
        var taken = (held ?? new() { Id = installation.Ids.Next(), Work = work }) with
        {
            Version = (held?.Version ?? 0) + 1,
            UpdatedAt = installation.Now,
            Holder = installation.Node,
            Until = installation.Now + length,
        };
        Change change = held is null ? new Change.Insert(Type.ToDocument(taken)) : new Change.Replace(Type.ToDocument(taken), held.Version);
        return (await rows.Commit([change], cancel)).Committed ? new(installation, taken) : null;
    }

    /// <summary>A change for a commit in the installation's workspace: renews the lease, and fails the commit if the work is another node's
    /// now.</summary>
    public Change Fence(TimeSpan length)
    {
        var before = record.Version;
        record = record with { Version = before + 1, UpdatedAt = installation.Now, Until = installation.Now + length };
        return new Change.Replace(Type.ToDocument(record), before);
    }

    /// <summary>Holds it for longer; false when it is another node's now: the work must stop.</summary>
    public async ValueTask<bool> Renew(TimeSpan length, CancellationToken cancel) =>
        (await Rows(installation).Commit([Fence(length)], cancel)).Committed;

    /// <summary>For work of many steps, before each: renews it once a quarter of its time is over. False when it is another node's
    /// now.</summary>
    public async ValueTask<bool> Hold(TimeSpan length, CancellationToken cancel)
    {
        var now = installation.Clock.GetTimestamp();
        if (installation.Clock.GetElapsedTime(renewed, now) < length / 4)
            return true;
        if (!await Renew(length, cancel))
            return false;
        renewed = now;
        return true;
    }

    /// <summary>Lets the next node have it at once.</summary>
    public async ValueTask GiveBack(CancellationToken cancel) =>
        await Rows(installation).Commit([new Change.Delete(Type.Collection, record.Id, record.Version)], cancel);
}
