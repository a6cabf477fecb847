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
/// <param name="plan">Shows a change before it is made; null: it is made at once.</param>
public sealed class RunChange(
    Caller caller,
    Idempotency? idempotency,
    Func<ActionResult, bool, Answer> render,
    Func<ProblemException, Answer> refuse,
    Func<Answer, Answer> again,
    ChangePlan? plan = null
)
{
    /// <summary>
    /// Asks for the first answer of a repeated request, runs the work, keeps the answer with it, commits, and starts over when somebody
    /// else changed the same record meanwhile. Without an idempotency key a refusal is thrown.
    /// </summary>
    /// <param name="match">The unique key by which the work finds its record: when somebody else has just made that record, the next
    /// attempt finds it.</param>
    public async Task<(Answer Answer, bool Replayed)> Run(
        Func<UnitOfWork, ValueTask<ActionResult>> run,
        string? match,
        CancellationToken cancel
    )
    {
        var (result, answer, replayed) = await CommitLoop.Run<(ActionResult? Result, Answer Answer, bool Replayed)>(
            async _ =>
            {
                var work = caller.Work();
                if (idempotency is not null && await idempotency.Earlier(work, cancel) is { } earlier)
                    return (null, (null, again(earlier), true));
                try
                {
                    var made = await run(work);
                    if (plan?.Hold(work, made, result => render(result, false)) is { } shown)
                        return (null, (null, shown, false));
                    var told = render(made, false);
                    idempotency?.Keep(work, told);
                    return (work, (made, told, false));
                }
                catch (ProblemException problem) when (idempotency is not null && problem.Code.Status is 404 or 409 or 422)
                {
                    var (refused, told) = Refused(problem, idempotency!);
                    return (refused, (null, told, false));
                }
            },
            cancel,
            async (work, met) =>
            {
                if (Refusal(work, met, match) is not { } refusal)
                    return (false, default);
                if (idempotency is null)
                    throw refusal;
                var (refused, told) = Refused(refusal, idempotency);
                return ((await refused.Commit(cancel)).Committed, (null, told, false));
            }
        );
        return (result is { ShownOnce.Count: > 0 } ? render(result, true) : answer, replayed);
    }

    /// <summary>A repeated request hears the same refusal, even if things have changed: that is what the caller was told.</summary>
    (UnitOfWork Work, Answer Told) Refused(ProblemException refusal, Idempotency kept)
    {
        var work = caller.Work();
        var told = refuse(refusal);
        kept.Keep(work, told);
        return (work, told);
    }

    /// <summary>What a commit that was not made tells the caller: which value belongs to whom. Null when another attempt may
    /// succeed.</summary>
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
            // Somebody took a number that several may have: the next attempt sees whose it is.
            if (owner.Type.MayBeShared(conflict.Field!))
                return null;
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
