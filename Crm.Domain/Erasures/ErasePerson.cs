// One batch of an erasure: what is emptied, what is deleted, the counts and the place to go on from are one commit.

using System.Collections.Immutable;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

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

    /// <summary>Records that one batch looks at, and that the event names.</summary>
    const int BatchSize = 100,
        MostNamed = 20;

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
                var (changes, suppressed) = (new List<(Resource Before, Resource? After)>(), new List<Suppression>());
                var next = run.Status switch
                {
                    ErasureStatus.Waiting => await Begun(work, run, suppressed, cancel),
                    ErasureStatus.Running => run,
                    _ => Certificate.Of(work, run with { Status = ErasureStatus.Done, FinishedAt = work.Now }),
                };
                if (run.Status == ErasureStatus.Running)
                    next = await Batch(work, run, changes, most, cancel);
                next = work.Replace(run, next, next.Status == ErasureStatus.Done ? "done" : null);
                if (next is { Status: ErasureStatus.Done, DryRun: false })
                    work.RecordEvent(Erased, run.Id.Text<Erasure>(), null, [.. run.People.Take(MostNamed)]);
                if (suppressed.Count > 0)
                    work.TouchSettings();
                foreach (var one in suppressed)
                    work.Insert(one, null);
                if (next.Status == ErasureStatus.Running && run.Status == ErasureStatus.Waiting && !run.DryRun)
                    await SuppressPerson.ForgetAddresses(work, SoughtPerson.Read(next.Sought), cancel);
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

    static async ValueTask<Erasure> Begun(UnitOfWork work, Erasure run, List<Suppression> suppressed, CancellationToken cancel)
    {
        var found = await (run.Match is { } match ? FindPerson.Run(work, match, cancel) : FindPerson.Run(work, [.. run.People], cancel));
        var people = run.People.Union(found.People).ToList();
        run = run with { BegunAt = run.BegunAt ?? work.Now };
        if (run.Match is not null)
            run = run with
            {
                Seals = run.DryRun
                    ? []
                    : [.. found.Identities.Select(one => SuppressPerson.SealOf(work.Installation, one.Field, one.Value))],
            };
        if (!run.DryRun)
            suppressed.AddRange(await SuppressPerson.Missing(work, run.Seals, people, run.BegunAt, cancel));
        return run with { Status = ErasureStatus.Running, Sought = found.Sought.ToJson(), People = [.. people] };
    }

    static async ValueTask<Erasure> Batch(
        UnitOfWork work,
        Erasure run,
        List<(Resource Before, Resource? After)> changes,
        int most,
        CancellationToken cancel
    )
    {
        var sought = SoughtPerson.Read(run.Sought);
        var seals = run.Match is null ? run.Seals.ToHashSet() : [];
        var count = new ErasureCount();
        var walked = await WalkRecords.Batch(work, run.Stage, run.Place, most, Each, cancel);
        return walked is not var (stage, place)
            ? run with
            {
                Status = ErasureStatus.Cleaning,
                MatchedBy = run.Match?.By,
                Match = null,
                Sought = JsonData.EmptyObject,
            }
            : Counted(run, count) with
            {
                Stage = stage,
                Place = place,
            };

        bool Each(ResourceType type, Row row)
        {
            count = count with { Resource = type.Plural };
            // Of an erasure that is done again only the seals are known: what they know is looked for in each record.
            var person =
                seals.Count == 0
                    ? sought
                    : sought.With(
                        SoughtPerson.Known(row.Json, (field, value) =>
                            seals.Contains(SuppressPerson.SealOf(work.Installation, field, value))
                        )
                    );
            if (WhoseRecord.Of(person, type, row, run.People) is not { } whose)
                return true;
            var record = type.FromRow(row);
            var without = Without(work, whose, person, type, row, record);
            if (without is not null && type.ToJson(without).AsSpan().SequenceEqual(type.ToJson(record)))
            {
                count = count with { Kept = count.Kept + 1 };
                return true;
            }
            count =
                without is null ? count with { Deleted = count.Deleted + 1 }
                : whose == Belongs.ToAnother ? count with { Cut = count.Cut + 1 }
                : count with { Emptied = count.Emptied + 1 };
            if (run.DryRun)
                return true;
            changes.Add((record, without));
            // A number that somebody gives up is handed on to another holder in the same commit, who may be the next one here.
            return record is not Person;
        }
    }

    /// <summary>What is left of a record; null when it goes.</summary>
    static Resource? Without(UnitOfWork work, Belongs whose, SoughtPerson person, ResourceType type, Row row, Resource record)
    {
        // A copy whose value is the address itself says nothing without it.
        if (
            whose == Belongs.ToAnother
            && !(IsCopy(type) && person.IsValueOf(row.Own))
            && WithoutMention.Of(person, type, record) is { } cut
        )
            return cut;
        if (IsCopy(type))
            return null;
        var emptied = WithoutNames(work, person, type, WithoutPerson.Of(record));
        // In what stays, such as the number of an order, somebody may have written an address all the same.
        return person.IsNamed(type.ToJson(emptied)) ? WithoutMention.Of(person, type, emptied) ?? emptied : emptied;
    }

    /// <summary>What another system calls the person may be the number of what they did: the seal of it stands there, so that the same
    /// thing still counts once.</summary>
    static Resource WithoutNames(UnitOfWork work, SoughtPerson person, ResourceType type, Resource emptied)
    {
        foreach (var field in type.Fields)
            if (field.Stored && field.Get(emptied) is string text && person.Others.Contains(text))
                field.Set(emptied, SuppressPerson.PseudonymOf(work.Installation, text));
        return emptied;
    }

    /// <summary>What only repeats other records, or belongs to one, serves nobody without them.</summary>
    static bool IsCopy(ResourceType type) =>
        type.HoldsCopies || type.References.Any(reference => reference.Field.OnDelete == OnDelete.Delete);

    static Erasure Counted(Erasure run, ErasureCount more)
    {
        if (more is { Emptied: 0, Deleted: 0, Kept: 0, Cut: 0 })
            return run;
        var before = run.Counts.FirstOrDefault(one => one.Resource == more.Resource);
        var sum = before is null
            ? more
            : before with
            {
                Emptied = before.Emptied + more.Emptied,
                Deleted = before.Deleted + more.Deleted,
                Cut = before.Cut + more.Cut,
                Kept = before.Kept + more.Kept,
            };
        return run with { Counts = before is null ? run.Counts.Add(sum) : run.Counts.Replace(before, sum) };
    }
}
