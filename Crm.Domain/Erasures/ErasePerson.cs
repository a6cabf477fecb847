// One batch of an erasure: what is emptied, what is deleted, the counts and the place to go on from are one commit.

using System.Collections.Immutable;
using System.Text;
using Crm.Domain.Affiliates;
using Crm.Domain.Events;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Erasures;

/// <summary>
/// Goes through every resource of the catalog that is no setting, so that one that is added later is reached too. A record stays when it is
/// counted or owed, without the fields that say something of a person (<see cref="WithoutPerson"/>); copies of records go. Killed at any
/// point, the next node goes on behind the last batch.
/// </summary>
public static class ErasePerson
{
    /// <summary>The event that tells of it.</summary>
    public const string Erased = "person.erased";

    const int BatchSize = 100;

    /// <summary>Events name no person; affiliates and members are people of their own to the workspace; erasures end without whom they
    /// were for.</summary>
    static readonly ResourceType[] Spared =
    [
        ResourceType.Of<Event>(),
        ResourceType.Of<Affiliate>(),
        ResourceType.Of<Member>(),
        ResourceType.Of<Erasure>(),
        ResourceType.Of<InstallationSecret>(),
        ResourceType.Of<Lease>(),
        ResourceType.Of<NodeReport>(),
    ];

    public static IReadOnlyList<ResourceType> Walked(Catalog catalog) =>
        [.. catalog.Entries.Where(entry => !entry.IsSetting && !Spared.Contains(entry.Type)).Select(entry => entry.Type)];

    /// <summary>The erasure behind the batch; null when another node goes on with it.</summary>
    public static async ValueTask<Erasure?> Step(
        Installation installation,
        WorkspaceSettings settings,
        Erasure run,
        CancellationToken cancel
    )
    {
        // Before it is said to be done; again and again, if it was killed there.
        if (run.Status == ErasureStatus.Cleaning)
            await installation.Store.Scrub(cancel);
        return await CommitLoop.Batch(
            BatchSize,
            async most =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var next = run.Status switch
                {
                    ErasureStatus.Waiting => await Begun(work, run, cancel),
                    ErasureStatus.Running => run,
                    _ => run with { Status = ErasureStatus.Done, FinishedAt = work.Now },
                };
                var changes = new List<(Resource Before, Resource? After)>();
                if (run.Status == ErasureStatus.Running)
                    next = await Batch(work, run, changes, most, cancel);
                next = work.Replace(run, next, next.Status == ErasureStatus.Done ? "done" : null);
                if (next is { Status: ErasureStatus.Done, DryRun: false })
                    work.RecordEvent(Erased, run.Id.Text<Erasure>(), null, [.. run.People]);
                foreach (var (before, after) in changes)
                    if (after is null)
                        work.Delete(before, null);
                    else
                        work.Replace(before, after, null);
                return (work, next);
            },
            cancel
        );
    }

    static async ValueTask<Erasure> Begun(UnitOfWork work, Erasure run, CancellationToken cancel)
    {
        var (sought, people) = await FindPerson.Run(work, run.Match!, cancel);
        var seal = work.Installation.Seal(PrepareErasure.Purpose);
        return run with
        {
            Status = ErasureStatus.Running,
            Sought = sought.ToJson(),
            People = [.. people],
            Seals = run.DryRun
                ? []
                : [.. sought.Addresses.Select(one => seal.Hex(Encoding.UTF8.GetBytes(one.ToLowerInvariant()), 16)).Distinct().Take(100)],
        };
    }

    static async ValueTask<Erasure> Batch(
        UnitOfWork work,
        Erasure run,
        List<(Resource Before, Resource? After)> changes,
        int most,
        CancellationToken cancel
    )
    {
        var (types, sought) = (Walked(work.Installation.Catalog), SoughtPerson.Read(run.Sought));
        if (run.Stage >= types.Count)
            return run with { Status = ErasureStatus.Cleaning, Match = null, Sought = JsonData.EmptyObject };
        var type = types[(int)run.Stage];
        var after = Id.TryParse(run.Place, type.Prefix, out var place) ? new Position([], place) : null;
        using var page = await work.Store.Query(new(type.Collection, null, [], false, after, most), cancel);
        var count = new ErasureCount { Resource = type.Plural };
        var (last, whole) = (run.Place, true);
        for (var i = 0; i < page.Count && whole; i++)
        {
            var row = page[i];
            last = type.Text(row.Id);
            if (!IsOf(sought, type, row, run.People))
                continue;
            var record = type.FromRow(row);
            var without = IsCopy(type) ? null : WithoutPerson.Of(record);
            if (without is not null && type.ToJson(without).AsSpan().SequenceEqual(type.ToJson(record)))
            {
                count = count with { Kept = count.Kept + 1 };
                continue;
            }
            count = without is null ? count with { Deleted = count.Deleted + 1 } : count with { Emptied = count.Emptied + 1 };
            if (run.DryRun)
                continue;
            changes.Add((record, without));
            // A number that somebody gives up is handed on to another holder in the same commit, who may be the next one here.
            whole = record is not Person;
        }
        return Counted(run, count) with
        {
            Stage = whole && page.Next is null ? run.Stage + 1 : run.Stage,
            Place = whole && page.Next is null ? null : last,
        };
    }

    /// <summary>A person is known by id only: another one may have written the first one's address into their own record.</summary>
    static bool IsOf(SoughtPerson sought, ResourceType type, Row row, ImmutableArray<string> people) =>
        typeof(Person).IsAssignableFrom(type.Clr)
            ? people.Contains(type.Text(row.Id))
            : sought.Own.Contains(type.Text(row.Id)) || sought.IsIn(row.Json);

    /// <summary>What only repeats other records, or belongs to one, serves nobody without them.</summary>
    static bool IsCopy(ResourceType type) =>
        type.HoldsCopies || type.References.Any(reference => reference.Field.OnDelete == OnDelete.Delete);

    static Erasure Counted(Erasure run, ErasureCount more)
    {
        if (more is { Emptied: 0, Deleted: 0, Kept: 0 })
            return run;
        var before = run.Counts.FirstOrDefault(one => one.Resource == more.Resource);
        var sum = before is null
            ? more
            : before with
            {
                Emptied = before.Emptied + more.Emptied,
                Deleted = before.Deleted + more.Deleted,
                Kept = before.Kept + more.Kept,
            };
        return run with { Counts = before is null ? run.Counts.Add(sum) : run.Counts.Replace(before, sum) };
    }
}
