// Gives receipts their places in the chain, in the order in which they are found: a form's commit waits for no other's.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Consents;

public static class ChainConsents
{
    const int BatchSize = 100;

    static readonly ResourceType Type = ResourceType.Of<ConsentReceipt>();

    internal static readonly Filter Waiting = new Filter.Compare("chained", Comparison.Eq, Key.Of(0));

    /// <summary>One batch, in one commit with the chain's end. Without the key of the chain they go on waiting.</summary>
    /// <returns>Whether there is more.</returns>
    public static async ValueTask<bool> Step(Installation installation, WorkspaceSettings settings, CancellationToken cancel)
    {
        if (ConsentHash.ChainKey(installation) is not { } key)
            return false;
        return await CommitLoop.Run<bool>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                using var page = await work.Store.Query(new(Type.Collection, Waiting, [], false, null, BatchSize), cancel);
                if (page.Count == 0)
                    return (null, false);
                var end = await work.FindBy<ConsentChain>("name", ConsentChain.OfConsents, cancel);
                var (seq, hash) = (end?.Seq ?? 0, end?.Hash);
                for (var i = 0; i < page.Count; i++)
                {
                    var receipt = Type.FromRow<ConsentReceipt>(page[i]);
                    var next = ConsentHash.OfPlace(key, settings, receipt, ++seq, hash);
                    work.Replace(receipt, receipt with { Seq = seq, Previous = hash, Hash = next, Chained = true }, null);
                    hash = next;
                }
                var after = new ConsentChain { Seq = seq, Hash = hash! };
                if (end is null)
                    work.Insert(after, null);
                else
                    work.Replace(end, end with { Seq = seq, Hash = hash! }, null);
                return (work, page.Next is not null);
            },
            cancel
        );
    }
}
