// What may refuse a commit, whoever makes it: a rule that holds for a record however it came to be changed.

namespace Crm.Domain.Work;

/// <param name="Wants">Whether it looks at a change; asked for every change, so it must be quick.</param>
/// <param name="Check">Looks at a change that it wants, when all changes of the commit are known (<see cref="UnitOfWork.Changes"/>): throws
/// the problem. Never put off, unlike a <see cref="FollowUp"/>.</param>
public sealed record CommitGuard(
    Func<WorkspaceSettings, RecordChange, bool> Wants,
    Func<UnitOfWork, RecordChange, CancellationToken, ValueTask> Check
);
