// Follows a workspace's events as they are committed, by whichever node: read from the store by position, each told once, with a place to
// go on from.

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
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
public sealed class FollowEvents
{
    /// <summary>How often it is looked for what other nodes committed.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an event that was committed may be without a position, on a database that numbers behind the commit.</summary>
    static readonly TimeSpan MostUnnumbered = TimeSpan.FromSeconds(3);

    const int PageSize = 200,
        MostDigits = 15;

    static readonly ResourceType Type = ResourceType.Of<Event>();
    static readonly Sort[] Forward = [new(Collection.PositionKey, false)],
        Backward = [new(Collection.PositionKey, true)];

    readonly Installation installation;
    readonly IWorkspaceStore store;
    readonly HashSet<string>? types;
    readonly string? subject;
    readonly Id? afterEvent;
    readonly Filter? rows;

    /// <summary>Everything up to here is told or was not asked for; null: not known before <see cref="Start"/>.</summary>
    long? position;

    /// <param name="types">Only events that are of one of these types, by <c>type</c> or by <c>also</c>; null: of all.</param>
    /// <param name="subject">Only events of this record.</param>
    /// <param name="after">An event's id or cursor; null: only what is committed from now on.</param>
    /// <param name="rows">Only those that whoever follows may read; null: all.</param>
    public FollowEvents(
        Installation installation,
        IWorkspaceStore store,
        IEnumerable<string>? types,
        string? subject,
        string? after,
        Filter? rows = null
    )
    {
        (this.installation, this.store, this.subject, this.rows) = (installation, store, subject, rows);
        this.types = types?.ToHashSet(StringComparer.Ordinal);
        if (after is null)
            return;
        if (Id.TryParse(after, Type.Prefix, out var id))
            afterEvent = id;
        else if (after.Length <= MostDigits && long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var place))
            position = place;
        else
            throw Wrong(
                "Must be the id of an event or a cursor that came with one. A cursor that is no number is of an earlier version: take the id of the event."
            );
    }

    static ProblemException Wrong(string message) => ProblemException.Invalid("after", "invalid_cursor", message);

    /// <summary>From when this has returned, every commit is told. Once, before <see cref="Run"/>.</summary>
    /// <exception cref="ProblemException">There is no such event, or the cursor is of another database.</exception>
    public async ValueTask Start(CancellationToken cancel)
    {
        if (afterEvent is { } id)
        {
            position = await PositionOf(id, cancel);
            return;
        }
        var last = await Last(cancel);
        if (position > last)
            throw Wrong(
                $"Is ahead of what is stored, which ends at {last}: it came from another database, or from before a backup was restored."
            );
        position ??= last;
    }

    /// <summary>
    /// The position of what was committed last. Some databases number behind the commit: an event that is still without its position was
    /// committed before, so the newest one is waited for. By id alone it could be an old one, after a clock was set back.
    /// </summary>
    async ValueTask<long> Last(CancellationToken cancel)
    {
        async ValueTask<Event?> First(Sort[] sort)
        {
            using var page = await store.Query(new(Type.Collection, null, sort, true, null, 1), cancel);
            return page.Count == 0 ? null : Type.FromRow<Event>(page[0]);
        }
        var newest = await First([]);
        if (newest is null)
            return 0;
        var ofNewest = newest.Position ?? await PositionOf(newest.Id, cancel);
        var highest = await First(Backward);
        return Math.Max(ofNewest, highest?.Position ?? 0);
    }

    async ValueTask<long> PositionOf(Id id, CancellationToken cancel)
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
                    new(Type.Collection, rows, Forward, false, new([Key.Of(last)], Id.Largest), PageSize),
                    cancel
                );
                for (var i = 0; i < page.Count; i++)
                {
                    if (page.DamageAt(i) is not null)
                        continue; // it was logged, and must not keep those behind it from anybody
                    var json = page[i].Json;
                    var wanted = IsWanted(json.Span, out last);
                    if (wanted)
                        yield return new(json.ToArray(), last.ToString(CultureInfo.InvariantCulture));
                }
                more = page.Next is not null;
            }
            yield return null;
            await Task.WhenAny(committed, Task.Delay(LookEvery, installation.Clock, cancel));
            cancel.ThrowIfCancellationRequested();
        }
    }

    bool IsWanted(ReadOnlySpan<byte> json, out long at)
    {
        var (ofType, ofSubject) = (types is null, subject is null);
        at = 0;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("position"u8))
            {
                reader.Read();
                at = reader.GetInt64();
            }
            else if (types is not null && reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                ofType |= types.Contains(reader.GetString()!);
            }
            else if (types is not null && reader.ValueTextEquals("also"u8))
            {
                for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.String; )
                    ofType |= types.Contains(reader.GetString()!);
            }
            else if (subject is not null && reader.ValueTextEquals("subject"u8))
            {
                reader.Read();
                ofSubject = reader.ValueTextEquals(subject);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        return ofType && ofSubject;
    }
}
