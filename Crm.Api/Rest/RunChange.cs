// How a change is made, whichever edge asked for it: REST and GraphQL both come through here.

using Crm.Api.Security;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Rest;

/// <param name="render">The answer to a change that was made; with true, including what is shown once.</param>
/// <param name="again">A kept answer as the caller may read it now.</param>
/// <param name="refuse">The answer to a change that was refused, to be kept for a request that is sent again.</param>
public sealed class RunChange(
    Caller caller,
    Idempotency? idempotency,
    Func<ActionResult, bool, Answer> render,
    Func<ProblemException, Answer> refuse,
    Func<Answer, Answer> again
)
{
    /// <summary>Sales of one affiliate at the same time all change its month, each for the next place in it: nobody may be sent away for coming with many others.</summary>
    const int MostAttempts = 50;

    /// <summary>
    /// Asks for the first answer of a repeated request, runs the work, keeps the answer with it, commits, and starts over when somebody else
    /// changed the same record meanwhile. Without an idempotency key a refusal is thrown.
    /// </summary>
    /// <param name="match">The unique key by which the work finds its record: when somebody else has just made that record, the next attempt finds it.</param>
    public async Task<(Answer Answer, bool Replayed)> Run(
        Func<UnitOfWork, ValueTask<ActionResult>> run,
        string? match,
        CancellationToken cancel
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var work = caller.Work();
            if (idempotency is not null && await idempotency.Earlier(work, cancel) is { } earlier)
                return (again(earlier), true);
            ProblemException? refusal;
            try
            {
                var result = await run(work);
                var answer = render(result, false);
                idempotency?.Keep(work, answer);
                var committed = await work.Commit(cancel);
                if (committed.Committed)
                    return (result.ShownOnce.Count > 0 ? render(result, true) : answer, false);
                refusal = Refusal(work, committed, match);
            }
            catch (ProblemException problem) when (idempotency is not null && problem.Code.Status is 404 or 409 or 422)
            {
                refusal = problem;
            }
            if (refusal is not null)
            {
                if (idempotency is null)
                    throw refusal;
                // A repeated request hears the same refusal, even if things have changed: that is what the caller was told.
                work = caller.Work();
                var told = refuse(refusal);
                idempotency.Keep(work, told);
                if ((await work.Commit(cancel)).Committed)
                    return (told, false);
            }
            CrmMetrics.CommitRetries.Add(1);
            if (attempt >= MostAttempts)
                throw new ProblemException(ProblemCodes.Conflict, "Others keep changing the same record. Try again.");
        }
    }

    /// <summary>What a commit that was not made tells the caller: which value belongs to whom. Null when another attempt may succeed.</summary>
    ProblemException? Refusal(UnitOfWork work, CommitResult result, string? match)
    {
        // What was read has changed: whoever changed it may be who took the value, for the same reason.
        if (result.Conflicts.Any(c => c.Kind == ConflictKind.VersionMoved))
            return null;
        var taken = new FieldErrors();
        foreach (var conflict in result.Conflicts.Where(c => c.Kind == ConflictKind.KeyTaken))
        {
            var change = work.Changes[conflict.Change];
            var collection = change switch
            {
                Change.Insert i => i.Document.Collection,
                Change.Replace r => r.Document.Collection,
                _ => null,
            };
            var owner = work.Installation.Catalog.Entries.FirstOrDefault(e => e.Type.Collection.Name == collection?.Name);
            if (owner is null || owner.Type.Can == Domain.Resources.Operations.None)
                continue; // Bookkeeping of our own, as of the same request that another node answered first: the next attempt finds it.
            if (change is Change.Insert && conflict.Field == match)
                continue;
            var field = owner.Type.Filter(conflict.Field!) is null ? "name" : conflict.Field!;
            taken.Add(
                field,
                "taken",
                conflict.Owner is { } id && id != Id.Empty && caller.Rights(owner.Type).Rows is null
                    ? $"Belongs to {owner.Type.Text(id)}."
                    : "Is taken."
            );
        }
        return taken.Any ? new(ProblemCodes.AlreadyExists, $"{taken.All[0].Field}: {taken.All[0].Message}", taken.All) : null;
    }
}
