// A page of the event feed: what was committed behind a place, in that order; waits for the first one when asked to.

using System.Globalization;
using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Events;

/// <param name="Events">As they are stored, each with its place.</param>
/// <param name="Next">Where to go on. Everything up to here was looked at, wanted or not.</param>
/// <param name="HasMore">There is more to read at once.</param>
public sealed record FeedPage(IReadOnlyList<FollowedEvent> Events, long Next, bool HasMore);

/// <param name="rows">Only those that the reader may read; null: all.</param>
public sealed class ReadFeed(Installation installation, IWorkspaceStore store, WantedEvents wanted, Filter? rows)
{
    /// <summary>Events that are looked at for one page: one that wants what is rare comes again sooner than it costs too much.</summary>
    const int MostLookedAt = 20_000,
        PageSize = 500,
        MostBytes = 8 << 20;

    /// <summary>Where all commits of this process are known, others are looked for only in case.</summary>
    static readonly TimeSpan WhenAlone = TimeSpan.FromSeconds(5);

    readonly EventPositions positions = new(installation, store);

    /// <param name="from">A place of <see cref="EventPositions"/>.</param>
    /// <param name="wait">How long an empty page waits for an event.</param>
    /// <param name="ended">Ends the wait: the page is then as it is. Nothing that is read is cut by it.</param>
    /// <exception cref="ProblemException">What follows on the place is older than places are honoured.</exception>
    public async ValueTask<FeedPage> Run(long from, int limit, TimeSpan wait, CancellationToken ended, CancellationToken cancel)
    {
        var began = installation.Clock.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            var committed = installation.Commits.Next(store.Workspace);
            var page = await Read(from, limit, isFirst, cancel);
            var left = wait - installation.Clock.GetElapsedTime(began);
            if (page.Events.Count > 0 || page.HasMore || left <= TimeSpan.Zero)
                return page;
            from = page.Next;
            var look = installation.Store.IsShared ? EventPositions.LookEvery : WhenAlone;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ended, cancel);
            await Task.WhenAny(committed, Task.Delay(left < look ? left : look, installation.Clock, over.Token));
            await over.CancelAsync();
            if (ended.IsCancellationRequested || cancel.IsCancellationRequested)
                return page;
        }
    }

    async ValueTask<FeedPage> Read(long from, int limit, bool mayBeOld, CancellationToken cancel)
    {
        // Asked for first: what is up to here can be read afterwards, so that a page's end is the end of what was looked at.
        var highest = await positions.Highest(cancel);
        var (found, bytes, last) = (new List<FollowedEvent>(), 0, from);
        for (var lookedAt = 0; ; )
        {
            using var page = await store.Query(
                new(
                    EventPositions.Type.Collection,
                    rows,
                    EventPositions.Forward,
                    false,
                    new([Key.Of(last)], Id.Largest),
                    Math.Min(PageSize, Math.Max(limit, 1))
                ),
                cancel
            );
            if (lookedAt == 0 && mayBeOld && page.Count > 0 && page.VersionAt(0).Id.Time < installation.Now - EventPositions.Honoured)
                if (await positions.Earliest(cancel) is var earliest && from < earliest)
                    throw Expired(earliest);
            for (var i = 0; i < page.Count; i++)
            {
                if (page.DamageAt(i) is not null)
                    continue; // it was logged, and must not keep those behind it from anybody
                var json = page[i].Json;
                if (wanted.Takes(json.Span, out last))
                {
                    found.Add(new(json.ToArray(), last.ToString(CultureInfo.InvariantCulture)));
                    bytes += json.Length;
                }
                if (found.Count == limit || bytes >= MostBytes)
                    return new(found, last, i + 1 < page.Count || page.Next is not null);
            }
            if (page.Next is null)
                return new(found, Math.Max(last, highest), false);
            last = (long)page.Next.Keys[0]!.Value.Number;
            if ((lookedAt += page.Count) >= MostLookedAt)
                return new(found, last, true);
        }
    }

    static ProblemException Expired(long earliest) =>
        new(
            ProblemCodes.CursorExpired,
            "What follows on this place is older than 30 days.",
            [new("after", "cursor_expired", "Take the place that earliest names, or earliest itself.")]
        )
        {
            Earliest = earliest.ToString(CultureInfo.InvariantCulture),
        };
}
