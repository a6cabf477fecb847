// Goes along the chain of receipts and names the first that is not as it was written.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Consents;

public sealed record WhichConsents
{
    [Field("Goes on behind this place, as the last answer said; from the beginning without it.", Min = 0)]
    public long? After { get; init; }
}

public sealed record ConsentsVerified
{
    [Field("How many receipts were looked at.")]
    public long Checked { get; init; }

    [Field("How many of them say nothing any more because their person was erased: of these the links hold.")]
    public long WithoutPerson { get; init; }

    [Field("How many receipts have no place in the chain yet; 1,000 at most are counted.")]
    public long Waiting { get; init; }

    [Field("Where the next call goes on; null: the end was reached, or a receipt is broken.")]
    public long? Next { get; init; }

    [Field("The first receipt that is not as it was written; null: none.")]
    public BrokenConsent? Broken { get; init; }
}

public sealed record BrokenConsent
{
    [Field("The receipt, or the one behind the place where one is missing; null when that was the last.", Max = 64)]
    public string? Consent { get; init; }

    [Field("Its place.")]
    public long Seq { get; init; }

    [Field(
        "missing: none is at this place. changed: it says something else than when it was given. moved: it is not the one that was put there.",
        Max = 20
    )]
    public string Because { get; init; } = "";
}

public static class VerifyConsents
{
    /// <summary>Receipts of one call.</summary>
    const int Most = 20_000;

    const int PageSize = 500,
        MostWaiting = 1000;

    static readonly ResourceType Type = ResourceType.Of<ConsentReceipt>();

    public static readonly ResourceAction Action = ResourceAction
        .OnList<WhichConsents>(
            "verify",
            "Verifies the chain of receipts, up to 20,000 in one call: whether each says what it said, and none is missing, added or moved.",
            async (work, which, cancel) => ActionResult.Of(await Run(work, which.After ?? 0, cancel)),
            Effect.Looks
        )
        .Answering<ConsentsVerified>();

    static async ValueTask<ConsentsVerified> Run(UnitOfWork work, long after, CancellationToken cancel)
    {
        var key = ConsentHash.ChainKey(work.Installation) ?? throw MasterKeys.Missing();
        var end = await work.FindBy<ConsentChain>("name", ConsentChain.OfConsents, cancel);
        var (place, hash, said) = (after, (string?)null, new ConsentsVerified());
        if (after > 0)
            await foreach (var one in At(work, after, cancel))
                hash = one.Hash;
        var query = new Query(
            Type.Collection,
            new Filter.Compare("seq", Comparison.Gt, Key.Of(after)),
            [new("seq", false)],
            false,
            null,
            PageSize
        );
        await foreach (var page in work.Store.Pages(query, cancel))
        {
            for (var i = 0; i < page.Count; i++)
            {
                var receipt = Type.FromRow<ConsentReceipt>(page[i]);
                // What came after the end was read is verified by the next call.
                if (receipt.Seq > (end?.Seq ?? 0))
                    return await Ended();
                if (Fault(receipt) is { } because)
                    return said with { Broken = Broken(receipt, because) };
                (place, hash) = (place + 1, receipt.Hash);
                said = said with { Checked = said.Checked + 1, WithoutPerson = said.WithoutPerson + (receipt.Key is null ? 1 : 0) };
            }
            if (said.Checked >= Most)
                return said with { Next = place };
        }
        return await Ended();

        string? Fault(ConsentReceipt receipt) =>
            receipt.Seq != place + 1 ? (receipt.Seq > place + 1 ? "missing" : "moved")
            : receipt.Key is not null && ConsentHash.OfContent(receipt) != receipt.Content ? "changed"
            : receipt.Previous != hash || receipt.Hash != ConsentHash.OfPlace(key, work.Settings, receipt, place + 1, hash) ? "moved"
            : null;

        BrokenConsent Broken(ConsentReceipt receipt, string because) =>
            new()
            {
                Consent = receipt.Id.Text<ConsentReceipt>(),
                Seq = because == "missing" ? place + 1 : receipt.Seq!.Value,
                Because = because,
            };

        async ValueTask<ConsentsVerified> Ended() =>
            end is not null && (place < end.Seq || hash != end.Hash && place > after)
                ? said with
                {
                    Broken = new() { Seq = place < end.Seq ? place + 1 : place, Because = place < end.Seq ? "missing" : "moved" },
                }
                : said with
                {
                    Waiting = await work.Store.Count(Type.Collection, ChainConsents.Waiting, MostWaiting, cancel),
                };
    }

    static async IAsyncEnumerable<ConsentReceipt> At(
        UnitOfWork work,
        long place,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var page = await work.Store.Query(
            new(Type.Collection, new Filter.Compare("seq", Comparison.Eq, Key.Of(place)), [], false, null, 1),
            cancel
        );
        for (var i = 0; i < page.Count; i++)
            yield return Type.FromRow<ConsentReceipt>(page[i]);
    }
}
