// Moves a whole installation from one database to another: what is there already is not copied again, and in the end both are compared.

using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Copy;

/// <summary>
/// Rows go over in the order of their ids, a page in one commit. So the target always holds the beginning of each collection and workspace,
/// and after a kill the copy goes on behind the last row that is there. Counters go last: what the target lacks is added, so a repeated run
/// adds nothing.
/// </summary>
/// <param name="done">Told how many rows were copied or found there.</param>
/// <param name="log">Told what an operator should know.</param>
public sealed class StoreCopy(IStore from, IStore to, Catalog catalog, Action<int> done, Action<string> log)
{
    /// <summary>Copies what is missing. A target with other data is refused with a sentence.</summary>
    public async Task Run(CancellationToken cancel)
    {
        foreach (var collection in catalog.Collections)
            await CheckTarget(collection, cancel);
        foreach (var collection in catalog.Collections)
        await foreach (var workspace in from.Workspaces(collection, cancel))
        {
            var last = await Last(collection, workspace, cancel);
            await foreach (
                var page in from.Open(workspace).Pages(WholeStore.All(collection, last is { } there ? new([], there) : null), cancel)
            )
            {
                await Copy(collection, workspace, page, cancel);
                done(page.Count);
            }
        }
        foreach (var workspace in await WholeStore.CountingWorkspaces(from, catalog, cancel))
            await CopyCounters(new(workspace), cancel);
    }

    /// <summary>The first and the last row of each workspace must be the source's: else it is somebody else's data.</summary>
    async Task CheckTarget(Collection collection, CancellationToken cancel)
    {
        await foreach (var workspace in to.Workspaces(collection, cancel))
        foreach (var descending in new[] { false, true })
        {
            using var page = await to.Open(workspace).Query(new(collection, null, [], descending, null, 1), cancel);
            var row = page[0];
            if (
                await from.Open(workspace).Get(collection, row.Id, cancel) is not { } source
                || source.Version != row.Version
                || !source.Json.Span.SequenceEqual(row.Json.Span)
            )
                throw new StoreConfigurationException(
                    $"The target holds other data ('{collection.Name}' has a row that the source has not): copy into an empty database, or go on with the copy that was begun there."
                );
        }
    }

    async Task<Id?> Last(Collection collection, WorkspaceKey workspace, CancellationToken cancel)
    {
        using var page = await to.Open(workspace).Query(new(collection, null, [], IdDescending: true, null, 1), cancel);
        return page.Count == 0 ? null : page[0].Id;
    }

    async Task Copy(Collection collection, WorkspaceKey workspace, Page page, CancellationToken cancel)
    {
        var (documents, annotated) = (new List<Document>(page.Count), new List<Id>());
        for (var i = 0; i < page.Count; i++)
        {
            // The keys are computed anew, so the target has those of this product whatever the source was written by.
            var own = page[i].Own;
            documents.Add(
                catalog.Rekey(workspace, collection, page[i].Id, page[i].Version, own) with
                {
                    Version = page[i].Version,
                    Json = own,
                }
            );
            if (page[i].Computed > 0)
                annotated.Add(page[i].Id);
        }
        var annotations = annotated.Count == 0 ? [] : await from.Open(workspace).GetAnnotations(collection, annotated, cancel);
        // No CommitLoop: rows go over as they are, and nobody else writes there.
        while (true)
        {
            var result = await to.Open(workspace)
                .Commit([.. documents.Select(document => new Change.Insert(document)), .. annotations], cancel);
            if (result.Committed)
                return;
            // A value of a key that became unique when several rows had it belongs to the first of them, there as here.
            if (result.Conflicts.FirstOrDefault(conflict => conflict.Kind != ConflictKind.KeyTaken) is { } other)
                throw new StoreConfigurationException(
                    $"The target changed while it was copied to ('{collection.Name}': {other.Kind}): stop whoever writes there, and start with an empty database."
                );
            foreach (var conflict in result.Conflicts)
            {
                log($"A row of '{collection.Name}' does not own its value of '{conflict.Field}': an earlier row does.");
                var document = documents[conflict.Change];
                documents[conflict.Change] = document with
                {
                    Claims = [.. document.Claimed.Where(claim => claim != (conflict.Field!, conflict.Value!))],
                };
            }
        }
    }

    async Task CopyCounters(WorkspaceKey workspace, CancellationToken cancel)
    {
        var there = (await to.Open(workspace).Counters("", int.MaxValue, cancel)).ToDictionary(
            counter => counter.Name,
            counter => counter.Value,
            StringComparer.Ordinal
        );
        var missing = (await from.Open(workspace).Counters("", int.MaxValue, cancel))
            .Select(counter => (Change)new Change.Increment(counter.Name, counter.Value - there.GetValueOrDefault(counter.Name)))
            .Where(change => change is Change.Increment { By: not 0 } || !there.ContainsKey(((Change.Increment)change).Counter));
        foreach (var chunk in missing.Chunk(500))
            await to.Open(workspace).Commit(chunk, cancel);
    }

    /// <summary>Compares both databases, row for row by checksum: a line for each collection, and whether all are equal.</summary>
    public async Task<bool> Compare(Action<string> report, CancellationToken cancel)
    {
        var equal = true;
        foreach (var collection in catalog.Collections)
            Line(
                collection.Name,
                await WholeStore.SumOf(from, collection, done, cancel),
                await WholeStore.SumOf(to, collection, _ => { }, cancel)
            );
        Line(
            WholeStore.Counters,
            await WholeStore.SumOfCounters(from, catalog, cancel),
            await WholeStore.SumOfCounters(to, catalog, cancel)
        );
        return equal;

        void Line(string name, Sum source, Sum target)
        {
            equal &= source == target;
            report(
                source == target
                    ? $"{name}: {source.Count}, equal ({source.Checksum[..16]})"
                    : $"{name}: DIFFERENT, source {source.Count} ({source.Checksum[..16]}), target {target.Count} ({target.Checksum[..16]})"
            );
        }
    }
}
