// Places in the order of a workspace's events: where it begins, where it ends, and which one somebody names.

using System.Globalization;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Events;

/// <summary>A place is the position of the last event that was seen: reading goes on exactly behind it; 0 is before all.</summary>
public sealed class EventPositions(Installation installation, IWorkspaceStore store)
{
    /// <summary>How often it is looked for what other nodes committed.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a reader may be away and go on where it was.</summary>
    public static readonly TimeSpan Honoured = TimeSpan.FromDays(30);

    /// <summary>How long an event that was committed may be without a position, on a database that numbers behind the commit.</summary>
    static readonly TimeSpan MostUnnumbered = TimeSpan.FromSeconds(3);

    const int MostDigits = 15;

    internal static readonly ResourceType Type = ResourceType.Of<Event>();
    internal static readonly Sort[] Forward = [new(Collection.PositionKey, false)];
    static readonly Sort[] Backward = [new(Collection.PositionKey, true)];

    static ProblemException Wrong(string message) =>
        new(ProblemCodes.InvalidCursor, $"after: {message}", [new("after", "invalid_cursor", message)]);

    /// <summary>What somebody wrote as the place from which to go on: a position, or the id of an event.</summary>
    /// <exception cref="ProblemException">There is no such event, or the cursor is of another database.</exception>
    public async ValueTask<long> Read(string after, CancellationToken cancel)
    {
        if (Id.TryParse(after, Type.Prefix, out var id))
            return await Of(id, cancel);
        if (after.Length > MostDigits || !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            throw Wrong(
                "Must be the id of an event or a cursor that came with one. A cursor that is no number is of an earlier version: take the id of the event."
            );
        var last = await Last(cancel);
        return place <= last
            ? place
            : throw Wrong(
                $"Is ahead of what is stored, which ends at {last}: it came from another database, or from before a backup was restored."
            );
    }

    /// <summary>
    /// The position of what was committed last. Some databases number behind the commit: an event that is still without its position was
    /// committed before, so the newest one is waited for. By id alone it could be an old one, after a clock was set back.
    /// </summary>
    public async ValueTask<long> Last(CancellationToken cancel)
    {
        if (await First(null, [], true, cancel) is not { } newest)
            return 0;
        return Math.Max(newest.Position ?? await Of(newest.Id, cancel), await Highest(cancel));
    }

    /// <summary>The highest position that is given; every lower one is stored and can be read.</summary>
    public async ValueTask<long> Highest(CancellationToken cancel) => (await First(null, Backward, true, cancel))?.Position ?? 0;

    /// <summary>The first place from which a reader may still go on: before the first event of the last 30 days.</summary>
    public async ValueTask<long> Earliest(CancellationToken cancel)
    {
        var since = new Filter.Ids(Id.FirstAt(installation.Now - Honoured), Id.Largest);
        return await First(since, [], false, cancel) is { } first
            ? (first.Position ?? await Of(first.Id, cancel)) - 1
            : await Highest(cancel);
    }

    async ValueTask<Event?> First(Filter? filter, Sort[] sort, bool descending, CancellationToken cancel)
    {
        using var page = await store.Query(new(Type.Collection, filter, sort, descending, null, 1), cancel);
        return page.Count == 0 ? null : Type.FromRow<Event>(page[0]);
    }

    async ValueTask<long> Of(Id id, CancellationToken cancel)
    {
        for (var asked = installation.Clock.GetTimestamp(); ; )
        {
            if (await store.Get(Type.Collection, id, cancel) is not { } row)
                throw Wrong("There is no such event.");
            if (Type.FromRow<Event>(row).Position is { } known)
                return known;
            if (installation.Clock.GetElapsedTime(asked) > MostUnnumbered)
                throw new StoreUnavailableException("The event has no position yet.");
            await Task.Delay(LookEvery / 10, installation.Clock, cancel);
        }
    }
}
