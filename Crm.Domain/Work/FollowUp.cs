// What follows from a commit within that commit: counters, deliveries, and whatever a feature hangs into the catalog.

namespace Crm.Domain.Work;

/// <summary>Sees the changes of each unit of work before they are stored, and adds its own to them.</summary>
/// <param name="Name">Kebab case; names it in metrics and in work that was put off.</param>
public sealed record FollowUp(string Name)
{
    /// <summary>Adds what follows from one change alone, without a look at the store: called for every change as it is made.</summary>
    public Action<UnitOfWork, RecordChange>? Each { get; init; }

    /// <summary>Whether <see cref="Run"/> wants to see a change; asked for every change, so it must be quick.</summary>
    public Func<WorkspaceSettings, RecordChange, bool>? Wants { get; init; }

    /// <summary>Adds what follows from the changes that it wanted, all of this commit together.</summary>
    public Func<UnitOfWork, IReadOnlyList<RecordChange>, CancellationToken, ValueTask>? Run { get; init; }
}
