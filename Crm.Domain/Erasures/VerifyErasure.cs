// POST /v1/erasures/{id}/verify: everything is searched again for somebody who was erased, by the seals of their addresses.

using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Erasures;

public static class VerifyErasure
{
    public static readonly ResourceAction Action = ResourceAction.On<Erasure>(
        "verify",
        "Searches everything again: answers a dry run, whose counts say what is found. Only what is kept is there when the person is gone.",
        async (work, erasure, cancel) =>
        {
            if (erasure is not { Status: ErasureStatus.Done, DryRun: false })
                throw new ProblemException(ProblemCodes.WrongState, "Only an erasure that is done, and was no dry run, can be verified.");
            await PrepareErasure.CheckOpen(work, cancel);
            work.Notify(PrepareErasure.Counters);
            return new(
                work.Insert(
                    new Erasure
                    {
                        DryRun = true,
                        Verifies = erasure.Id,
                        People = erasure.People,
                        Seals = erasure.Seals,
                    }
                )
            );
        },
        Effect.Looks
    );
}
