// What follows from a commit within that commit, and what may refuse it: counters, deliveries, and what a feature hangs into the catalog.

namespace Crm.Domain.Work;

/// <summary>Sees the changes of each unit of work before they are stored, and adds its own to them.</summary>
/// <param name="Name">Kebab case; names it in metrics and in work that was put off.</param>
public sealed record FollowUp(string Name)
{
    /// <summary>What all <see cref="Run"/> together may add to one commit; what is more is put off (<see cref="FollowUpJob"/>).</summary>
    public const int MostAdded = 64;

    /// <summary>How long all <see cref="Run"/> together may take of one commit; the first call is always made, so that what one fact leads
    /// to is in its commit.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(2);

    /// <summary>
    /// Adds what follows from one change alone, without a look at the store: called for every change as it is made. Not bounded and never
    /// put off:
    /// what it adds are increments of counters, a part of the fact itself, without which they would not say what a recount says.
    /// </summary>
    public Action<UnitOfWork, RecordChange>? Each { get; init; }

    /// <summary>Whether <see cref="Run"/> wants to see a change; asked for every change, so it must be quick.</summary>
    public Func<WorkspaceSettings, RecordChange, bool>? Wants { get; init; }

    /// <summary>The same for an event: <see cref="Run"/> sees it with the change that it is about (<see
    /// cref="RecordChange.Event"/>).</summary>
    public Func<WorkspaceSettings, Event, bool>? WantsEvent { get; init; }

    /// <summary>Adds what follows from a change that it wanted, once for each: before the commit, or after it when the commit's bounds were
    /// reached.</summary>
    public Func<FollowUpCall, CancellationToken, ValueTask>? Run { get; init; }
}

/// <param name="Together">What it wanted of the same commit, this one too; of what was put off, some of it.</param>
/// <param name="Later">The change is stored already, and this is a commit of its own.</param>
public sealed record FollowUpCall(UnitOfWork Work, RecordChange Change, IReadOnlyList<RecordChange> Together, bool Later);

/// <summary>What may refuse a commit, whoever makes it: a rule that holds for a record however it came to be changed.</summary>
/// <param name="Wants">Whether it looks at a change; asked for every change, so it must be quick.</param>
/// <param name="Check">Looks at a change that it wants, when all changes of the commit are known (<see cref="UnitOfWork.Changes"/>): throws
/// the problem. Never put off, unlike a <see cref="FollowUp"/>.</param>
public sealed record CommitGuard(
    Func<WorkspaceSettings, RecordChange, bool> Wants,
    Func<UnitOfWork, RecordChange, CancellationToken, ValueTask> Check
);
