// Follows a workspace's events as they are committed, by whichever node: read from the store by position, each told once, with a place to
// go on from.

using System.Globalization;
using System.Runtime.CompilerServices;
using Crm.Domain.Problems;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Events;

/// <param name="Json">The stored event.</param>
/// <param name="Cursor">Following from here goes on exactly behind this event: its position.</param>
public sealed record FollowedEvent(ReadOnlyMemory<byte> Json, string Cursor);

/// <summary>
/// Positions are in the order of the commits, so what was told never has to be looked at again, whatever the clocks of the nodes say.
/// Nothing is held: a follower that does not take its events leaves them in the store. Types and subject are looked for here and not by the
/// store, for then each event is read once, however rare the wanted ones are.
/// </summary>
/// <param name="after">An event's id or cursor; null: only what is committed from now on.</param>
/// <param name="rows">Only those that whoever follows may read; null: all.</param>
public sealed class FollowEvents(Installation installation, IWorkspaceStore store, WantedEvents wanted, string? after, Filter? rows = null)
{
    const int PageSize = 200;

    readonly EventPositions positions = new(installation, store);

    /// <summary>Everything up to here is told or was not asked for; null: not known before <see cref="Start"/>.</summary>
    long? position;

    /// <summary>From when this has returned, every commit is told. Once, before <see cref="Run"/>.</summary>
    /// <exception cref="ProblemException">There is no such event, or the cursor is of another database.</exception>
    public async ValueTask Start(CancellationToken cancel) =>
        position = after is null ? await positions.Last(cancel) : await positions.Read(after, cancel);

    /// <summary>The events by position; null now and then while there is none, so that whoever waits can show that he is alive.</summary>
    public async IAsyncEnumerable<FollowedEvent?> Run([EnumeratorCancellation] CancellationToken cancel)
    {
        var last = position ?? throw new InvalidOperationException("Not started.");
        while (true)
        {
            var committed = installation.Commits.Next(store.Workspace);
            for (var more = true; more; )
            {
                using var page = await store.Query(
                    new(EventPositions.Type.Collection, rows, EventPositions.Forward, false, new([Key.Of(last)], Id.Largest), PageSize),
                    cancel
                );
                for (var i = 0; i < page.Count; i++)
                {
                    if (page.DamageAt(i) is not null)
                        continue; // it was logged, and must not keep those behind it from anybody
                    var json = page[i].Json;
                    if (wanted.Takes(json.Span, out last))
                        yield return new(json.ToArray(), last.ToString(CultureInfo.InvariantCulture));
                }
                if (more = page.Next is not null)
                    last = (long)page.Next!.Keys[0]!.Value.Number;
            }
            yield return null;
            await Task.WhenAny(committed, Task.Delay(EventPositions.LookEvery, installation.Clock, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }
}
