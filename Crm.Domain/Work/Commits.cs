// Wakes those who wait for something new in a workspace when this process has committed it. Only a hint: what is new stands in the store.

using System.Collections.Concurrent;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public sealed class Commits
{
    readonly ConcurrentDictionary<WorkspaceKey, TaskCompletionSource> waiting = new();

    /// <summary>Ends with the next commit in this process. Take it before reading the store, so that nothing falls between.</summary>
    public Task Next(WorkspaceKey workspace) =>
        waiting.GetOrAdd(workspace, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Made(WorkspaceKey workspace)
    {
        if (waiting.TryRemove(workspace, out var those))
            those.SetResult();
    }
}
