// Follows a workspace's events as they are committed, by whichever node: read from the store, each told once, with a place to go on from.

using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Events;

/// <param name="Json">The stored event.</param>
/// <param name="Cursor">Following from here goes on exactly behind this event.</param>
public sealed record FollowedEvent(ReadOnlyMemory<byte> Json, string Cursor);

/// <summary>
/// Events are in the order of their ids, which are given before the commit: one that was committed later can have the smaller id, above all
/// when several nodes write. So the last seconds are read again a few times a second, and what was told of them is remembered. Nothing else
/// is held: a follower that does not take its events leaves them in the store.
/// </summary>
public sealed class FollowEvents
{
    /// <summary>How often it is looked for what other nodes committed, and for late ones.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How much later than its id an event may be committed, and how far the nodes' clocks may be apart, together.</summary>
    static readonly TimeSpan Late = TimeSpan.FromSeconds(15);

    const int PageSize = 200,
        MostTold = 20_000,
        MostInCursor = 32;

    static readonly ResourceType Type = ResourceType.Of<Event>();

    readonly Installation installation;
    readonly IWorkspaceStore store;
    readonly HashSet<string>? types;
    readonly Filter? filter;

    /// <summary>Everything up to here is told or was not asked for.</summary>
    Id settled;

    /// <summary>The largest id that was seen.</summary>
    Id newest;

    /// <summary>What was told above <see cref="settled"/>.</summary>
    readonly SortedSet<Id> told = [];

    readonly bool fromNow;

    /// <param name="types">Only events of these types; null: of all.</param>
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
        (this.installation, this.store) = (installation, store);
        this.types = types?.ToHashSet(StringComparer.Ordinal);
        var of = subject is null ? null : new Filter.Compare("subject", Comparison.Eq, Key.Of(subject));
        filter = of is null || rows is null ? of ?? rows : new Filter.And([of, rows]);
        fromNow = after is null;
        if (after is not null && !Id.TryParse(after, Type.Prefix, out settled) && !Read(after))
            throw ProblemException.Invalid("after", "invalid_cursor", "Must be the id of an event or a cursor that came with one.");
        newest = settled;
    }

    /// <summary>From when this has returned, every commit is told. Once, before <see cref="Run"/>.</summary>
    public async ValueTask Start(CancellationToken cancel)
    {
        if (!fromNow)
            return;
        settled = newest = Id.FirstAt(installation.Now - Late);
        var more = true;
        while (more)
        {
            using var page = await store.Query(new(Type.Collection, filter, [], false, new([], newest), PageSize), cancel);
            for (var i = 0; i < page.Count; i++)
                told.Add(newest = page[i].Id);
            more = page.Next is not null;
        }
    }

    /// <summary>The events, in the order in which they are found; null now and then while there is none, so that whoever waits can show that he is alive.</summary>
    public async IAsyncEnumerable<FollowedEvent?> Run([EnumeratorCancellation] CancellationToken cancel)
    {
        var looked = installation.Clock.GetTimestamp();
        var back = true;
        while (true)
        {
            var committed = installation.Commits.Next(store.Workspace);
            var began = installation.Now;
            var from = back ? settled : newest;
            var more = true;
            while (more)
            {
                using var page = await store.Query(new(Type.Collection, filter, [], false, new([], from), PageSize), cancel);
                for (var i = 0; i < page.Count; i++)
                {
                    var row = page[i];
                    from = row.Id;
                    if (row.Id.CompareTo(newest) > 0)
                        newest = row.Id;
                    if (told.Contains(row.Id) || !Wanted(row.Json))
                        continue;
                    told.Add(row.Id);
                    yield return new(row.Json.ToArray(), Cursor());
                }
                more = page.Next is not null;
                // Far behind, nothing can come late any more.
                if (newest.CompareTo(Id.FirstAt(began - Late)) < 0)
                    Settle(newest);
            }
            // Advanced only behind a look back, and by the time at which it began: what came late before that was found by it.
            if (back)
                Settle(Id.FirstAt(began - Late));
            yield return null;
            await Task.WhenAny(committed, Task.Delay(LookEvery, installation.Clock, cancel));
            cancel.ThrowIfCancellationRequested();
            back = installation.Clock.GetElapsedTime(looked) >= LookEvery;
            if (back)
                looked = installation.Clock.GetTimestamp();
        }
    }

    void Settle(Id end)
    {
        if (told.Count > MostTold && told.ElementAt(told.Count - MostTold) is var most && most.CompareTo(end) > 0)
            end = most;
        if (end.CompareTo(settled) <= 0)
            return;
        settled = end;
        if (newest.CompareTo(settled) < 0)
            newest = settled;
        while (told.Count > 0 && told.Min.CompareTo(settled) <= 0)
            told.Remove(told.Min);
    }

    bool Wanted(ReadOnlyMemory<byte> json)
    {
        if (types is null)
            return true;
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            reader.Read();
            if (isType)
                return types.Contains(reader.GetString()!);
            reader.Skip();
        }
        return false;
    }

    /// <summary>The settled place and what was told above it; of very many, the last: what is committed late among the others is then not told.</summary>
    string Cursor()
    {
        var last = told.Count > MostInCursor ? told.Reverse().Take(MostInCursor).Reverse().ToList() : [.. told];
        var bytes = new byte[16 * (1 + last.Count)];
        (told.Count > MostInCursor ? told.ElementAt(told.Count - MostInCursor - 1) : settled).CopyTo(bytes);
        for (var i = 0; i < last.Count; i++)
            last[i].CopyTo(bytes.AsSpan(16 * (i + 1)));
        return Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    bool Read(string cursor)
    {
        const int most = (16 * (1 + MostInCursor) + 2) / 3 * 4;
        if (cursor.Length is 0 or > most)
            return false;
        var bytes = new byte[most];
        if (
            !Convert.TryFromBase64String(
                cursor.Replace('-', '+').Replace('_', '/').PadRight((cursor.Length + 3) / 4 * 4, '='),
                bytes,
                out var length
            )
            || length % 16 != 0
            || length == 0
        )
            return false;
        settled = Id.FromBytes(bytes);
        for (var at = 16; at < length; at += 16)
            told.Add(Id.FromBytes(bytes.AsSpan(at)));
        return true;
    }
}
