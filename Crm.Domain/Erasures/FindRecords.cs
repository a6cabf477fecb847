// One batch of an access request: which records are the person's.

using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Erasures;

public static class FindRecords
{
    /// <summary>The installation counts for each workspace how often one was asked for there.</summary>
    public const string Counters = "access/";

    /// <summary>How long the file can be fetched.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    const int BatchSize = 500,
        MostOpen = 100;

    /// <summary>Those that are not done.</summary>
    public static readonly Filter Open = new Filter.In(
        "status",
        [.. new[] { AccessStatus.Waiting, AccessStatus.Running }.Select(status => Key.Of(Names.Camel(status.ToString())))]
    );

    public static async ValueTask<AccessRequest> Prepare(
        UnitOfWork work,
        AccessRequest? before,
        AccessRequest after,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (await work.Store.Count(ResourceType.Of<AccessRequest>().Collection, Open, MostOpen, cancel) >= MostOpen)
            throw new ProblemException(ProblemCodes.LimitReached, $"{MostOpen} access requests are not done yet; wait for them.");
        await PersonMatch.CheckIsOne(work, after.Match, errors, cancel);
        work.Notify(Counters);
        return after;
    }

    /// <summary>The request behind the batch; null when another node goes on with it.</summary>
    public static ValueTask<AccessRequest?> Step(
        Installation installation,
        WorkspaceSettings settings,
        AccessRequest run,
        CancellationToken cancel
    ) =>
        CommitLoop.Batch(
            BatchSize,
            async most =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var next = run.Status == AccessStatus.Waiting ? await Begun(work, run, cancel) : await Batch(work, run, most, cancel);
                return (work, work.Replace(run, next, next.Status == AccessStatus.Done ? "done" : null));
            },
            cancel
        );

    static async ValueTask<AccessRequest> Begun(UnitOfWork work, AccessRequest run, CancellationToken cancel)
    {
        var found = await FindPerson.Run(work, run.Match!, cancel);
        return run with { Status = AccessStatus.Running, Sought = found.Sought.ToJson(), People = [.. found.People] };
    }

    static async ValueTask<AccessRequest> Batch(UnitOfWork work, AccessRequest run, int most, CancellationToken cancel)
    {
        var (sought, found) = (SoughtPerson.Read(run.Sought), new List<(ResourceType Type, Id Id)>());
        var walked = await WalkRecords.Batch(
            work,
            run.Stage,
            run.Place,
            most,
            (type, row) =>
            {
                // Copies and bookkeeping of the product's own say nothing that the records do not.
                if (type.Can.HasFlag(Operations.Read) && IsTheirs(sought, type, row, run.People))
                    found.Add((type, row.Id));
                return true;
            },
            cancel
        );
        if (walked is not var (stage, place))
            return run with
            {
                Status = AccessStatus.Done,
                Match = null,
                Sought = JsonData.EmptyObject,
                FinishedAt = work.Now,
                ExpiresAt = work.Now + Keep,
            };
        run = run with { Stage = stage, Place = place };
        if (found.Count == 0)
            return run;
        var count = run.Counts.FirstOrDefault(one => one.Resource == found[0].Type.Plural);
        var counted = new AccessCount { Resource = found[0].Type.Plural, Records = (count?.Records ?? 0) + found.Count };
        return run with
        {
            Records = new(JsonSerializer.SerializeToUtf8Bytes(run.ReadRecords().Concat(found.Select(one => one.Type.Text(one.Id))))),
            Counts = count is null ? run.Counts.Add(counted) : run.Counts.Replace(count, counted),
        };
    }

    /// <summary>What only names the person belongs to somebody else; what nobody's records are, and names others too, may.</summary>
    static bool IsTheirs(SoughtPerson sought, ResourceType type, Row row, ImmutableArray<string> people) =>
        WhoseRecord.Of(sought, type, row, people) == Belongs.ToPerson
        && (
            people.Contains(type.Text(row.Id))
            || sought.Own.Contains(type.Text(row.Id))
            || sought.IsReferredTo(row.Own)
            || !sought.IsBesideAnother(row.Own)
        );
}
