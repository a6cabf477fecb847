// A value that several have and one stands for: who gives it up hands it to the oldest other, in the same commit.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

static class HandOn
{
    /// <summary>
    /// So many holders are looked at. More than one is only passed over when this very commit removes it too.
    /// </summary>
    const int Most = 50;

    /// <summary>
    /// Adds to the changes of a commit what makes the next holder of each given-up value its owner. Who comes to hold a value at the same
    /// time as its owner goes is not seen: then nobody claims it until the next who has it does, and nothing has two owners.
    /// </summary>
    /// <param name="put">Puts the second record in the place of the first, in this commit.</param>
    public static async ValueTask Run(
        IWorkspaceStore store,
        Action<Resource, Resource> put,
        List<Change> changes,
        IReadOnlyList<(ResourceType Type, Id By, string Field, string Value)> given,
        CancellationToken cancel
    )
    {
        foreach (var (type, by, field, value) in given)
        {
            // What a follow-up added may have been taken back.
            if (!changes.Exists(change => change is Change.Delete gone && gone.Id == by || Written(change)?.Id == by))
                continue;
            if (changes.Exists(change => Written(change) is { } document && document.Collection == type.Collection && Claims(document)))
                continue;
            foreach (var id in await store.FindHolders(type.Collection, field, value, Most, cancel))
                if (id != by && await TakesOver(id))
                    break;

            bool Claims(Document document) => document.Claimed.Contains((field, value));

            async ValueTask<bool> TakesOver(Id id)
            {
                var at = changes.FindIndex(change =>
                    Written(change) is { } own
                        ? own.Id == id && own.Collection == type.Collection
                        : change is Change.Delete gone && gone.Id == id && gone.Collection == type.Collection
                );
                if (at < 0)
                {
                    if (
                        await store.Get(type.Collection, id, cancel) is not { } row
                        || type.FromRow(row) is not { } holder
                        || type.WithClaim(holder, field, value) is not { } owner
                    )
                        return false;
                    put(holder, owner);
                    return true;
                }
                // This commit changes the holder anyway: it owns the value in what is stored then.
                if (
                    Written(changes[at]) is not { } document
                    || type.WithClaim(type.FromRow(new(id, document.Version, document.Json)), field, value) is not { } changed
                )
                    return false;
                changes[at] = changes[at] is Change.Replace replace
                    ? replace with
                    {
                        Document = type.ToDocument(changed),
                    }
                    : new Change.Insert(type.ToDocument(changed));
                return true;
            }
        }
    }

    static Document? Written(Change change) =>
        change switch
        {
            Change.Insert insert => insert.Document,
            Change.Replace replace => replace.Document,
            _ => null,
        };
}
