// The one loop around commits that may meet somebody else's change: read and decide, commit, and after a conflict all of it anew.

using Crm.Domain.Problems;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

public static class CommitLoop
{
    /// <summary>
    /// Attempts. Sales of one affiliate at the same time all change its month, each for the next place in it: nobody may be sent away for
    /// coming with many others.
    /// </summary>
    public const int Most = 50;

    /// <summary>When this returns, the unit is on disk, or there was none to commit.</summary>
    /// <param name="build">
    /// Reads and decides from the beginning, at each attempt (from 1) in a unit of its own. Without a unit there is nothing to commit, and
    /// the result stands.
    /// </param>
    /// <param name="onConflict">Sees what a commit met. Ends the loop with another result, throws, or lets it try again; without it, it
    /// always does.</param>
    /// <exception cref="ProblemException"><see cref="ProblemCodes.Conflict"/>: the attempts are used up.</exception>
    public static async ValueTask<T> Run<T>(
        Func<int, ValueTask<(UnitOfWork? Work, T Result)>> build,
        CancellationToken cancel,
        Func<UnitOfWork, CommitResult, ValueTask<(bool Ends, T? Result)>>? onConflict = null,
        int attempts = Most
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var (work, result) = await build(attempt);
            if (work is null)
                return result;
            var committed = await work.Commit(cancel);
            if (committed.Committed)
                return result;
            CrmMetrics.CommitRetries.Add(1);
            if (onConflict is not null && await onConflict(work, committed) is (true, var other))
                return other!;
            if (attempt >= attempts)
                throw new ProblemException(ProblemCodes.Conflict, "Others keep changing the same record. Try again.");
        }
    }

    /// <summary>A batch of a job whose record says how far it is. What meets others' changes too often goes on one by one.</summary>
    /// <param name="build">Gets how many to take. The job's record is the first change of the unit.</param>
    /// <returns>The job behind the batch; null when somebody else has changed its record: another node goes on with it.</returns>
    public static ValueTask<TJob?> Batch<TJob>(int size, Func<int, ValueTask<(UnitOfWork Work, TJob Next)>> build, CancellationToken cancel)
        where TJob : class =>
        Run<TJob?>(
            async attempt => await build(attempt > Most / 2 ? 1 : size),
            cancel,
            (_, met) => new((met.Conflicts.Any(conflict => conflict.Change == 0), null))
        );
}
