// Who was erased while words of theirs waited outside the database, in a node's spool: an erasure could not meet them, so they are met
// when they come.

using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Erasures;

/// <summary>
/// Asks the erasures themselves, and not who is suppressed: the person may have come back by a form of their own since, and what they wrote
/// before is erased all the same. Of an erasure only seals are left, so that it is asked of each address that the text names.
/// </summary>
public sealed class ErasedMeanwhile
{
    /// <summary>No erasure takes longer from being asked for to its beginning.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    static readonly ResourceType Erasures = ResourceType.Of<Erasure>(),
        Entries = ResourceType.Of<Submission>();

    readonly SoughtPerson person;

    ErasedMeanwhile(SoughtPerson person) => this.person = person;

    /// <param name="said">When it was said.</param>
    /// <param name="json">What was said.</param>
    /// <returns>Null: it names nobody who was erased since.</returns>
    public static async ValueTask<ErasedMeanwhile?> In(
        Installation installation,
        IWorkspaceStore store,
        DateTimeOffset said,
        ReadOnlyMemory<byte> json,
        CancellationToken cancel
    )
    {
        var seals = new HashSet<string>(StringComparer.Ordinal);
        var since = new Filter.Ids(Id.FirstAt(said - Longest), Id.FirstAt(DateTimeOffset.MaxValue));
        await foreach (var page in store.Pages(new(Erasures.Collection, since, [], false, null, 100), cancel))
            for (var i = 0; i < page.Count; i++)
                if (
                    Erasures.FromRow<Erasure>(page[i]) is { DryRun: false } erasure
                    && (erasure.BegunAt ?? erasure.FinishedAt ?? DateTimeOffset.MinValue) >= said
                )
                    seals.UnionWith(erasure.Seals);
        if (seals.Count == 0)
            return null;
        var known = SoughtPerson.Known(json, (field, value) => seals.Contains(SuppressPerson.SealOf(installation, field, value)));
        return known.Count == 0 ? null : new(new(new HashSet<string>(), new HashSet<string>(), known, []));
    }

    /// <summary>Whether it is somebody else who only names the person: they give an address of their own.</summary>
    public bool IsOnlyNamedIn(ReadOnlyMemory<byte> json) => !person.IsValueOf(json) && person.IsBesideAnother(json);

    /// <summary>Somebody else's JSON without the person's addresses; null when one stands there in a writing that cannot be cut
    /// out.</summary>
    public byte[]? CutOut(ReadOnlyMemory<byte> json) => WithoutMention.Of(person, json) is var cut && !person.IsNamed(cut) ? cut : null;

    /// <summary>The entry as an erasure leaves it: of somebody else without the person's addresses, otherwise empty.</summary>
    public (Submission Left, bool IsTheirs) Met(Submission entry)
    {
        var json = Entries.ToJson(entry);
        return IsOnlyNamedIn(json) && WithoutMention.Of(person, Entries, entry) is Submission cut
            ? (cut, false)
            : ((Submission)WithoutPerson.Of(entry), true);
    }
}
