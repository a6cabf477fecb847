// The changes of one request, committed together with the events that tell of them.

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;

namespace Crm.Domain.Work;

/// <summary>Collects changes; nothing is stored before <see cref="Commit"/>. For one workspace and one cause.</summary>
/// <param name="by">Who causes it: an api key's, a form's or a member's id, or <c>system</c>.</param>
/// <param name="at">When it happened, for what is entered later; null: now.</param>
public sealed class UnitOfWork(Installation installation, WorkspaceSettings settings, string by, DateTimeOffset? at = null)
{
    [ThreadStatic]
    static (System.Buffers.ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? scratch;

    readonly List<Change> changes = new(6);
    List<(ResourceType Type, Id By, string Field, string Value)>? givenUp;
    List<RecordChange>?[]? wanted;
    List<(CommitGuard Guard, RecordChange Change)>? guarded;
    bool touchesSettings,
        notifies;

    static (System.Buffers.ArrayBufferWriter<byte>, Utf8JsonWriter) Scratch()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        return (buffer, new(buffer, JsonText.Trusted));
    }

    public Installation Installation => installation;
    public WorkspaceSettings Settings => settings;
    public string By => by;
    public IWorkspaceStore Store => settings.Store;
    public DateTimeOffset Now { get; } = at ?? installation.Now;
    public IReadOnlyList<Change> Changes => changes;

    /// <summary>
    /// What happened then was answered then, and is taken over only now: records are of then and were changed now, so that whoever copies
    /// what changed since they last looked meets them. Otherwise what is entered for another time was also changed then.
    /// </summary>
    public bool IsTakenOver { get; init; }

    /// <summary>The time of a change: never before the record's creation, whatever the clock says or the time for which it is
    /// entered.</summary>
    DateTimeOffset ChangedAt(Id created)
    {
        var now = IsTakenOver ? installation.Now : Now;
        return now > created.Time ? now : created.Time;
    }

    /// <summary>What whoever causes it may do, by resource; null: everything, as the product itself.</summary>
    public Func<ResourceType, Rights>? CallerRights { get; init; }

    /// <summary>How the world reaches the product, for what is answered: scheme, host and port. Empty for the product's own work.</summary>
    public string Origin { get; init; } = "";

    public Rights RightsTo(ResourceType type) => CallerRights?.Invoke(type) ?? Rights.Everything;

    /// <summary>A new id of this unit's time.</summary>
    public Id NextId() => at is { } time ? IdGenerator.At(time) : installation.Ids.Next();

    /// <summary>Members for this one answer that are stored nowhere (a new key).</summary>
    public Dictionary<string, string> ShownOnce => field ??= [];

    public async ValueTask<T?> Find<T>(Id id, CancellationToken cancel)
        where T : Resource => (T?)await Find(ResourceType.Of<T>(), id, cancel);

    public async ValueTask<Resource?> Find(ResourceType type, Id id, CancellationToken cancel) =>
        await Store.Get(type.Collection, id, cancel) is { } row ? type.FromRow(row) : null;

    /// <summary>The record that has this value of a unique field; null when none has.</summary>
    public async ValueTask<T?> FindBy<T>(string field, string value, CancellationToken cancel)
        where T : Resource =>
        await Store.FindByKey(ResourceType.Of<T>().Collection, field, value, cancel) is { } id ? await Find<T>(id, cancel) : null;

    /// <summary>The record, unless it is none for the caller: for ids that a caller wrote.</summary>
    public async ValueTask<Resource?> FindShown(ResourceType type, Id id, CancellationToken cancel) =>
        await FindRow.Of(Store, type, id, cancel) is { } row && RightsTo(type).Shows(type, row) ? type.FromRow(row) : null;

    /// <summary>The record, or the problem that there is none.</summary>
    public async ValueTask<T> Get<T>(Id id, CancellationToken cancel)
        where T : Resource => await Find<T>(id, cancel) ?? throw ProblemException.NotFound(ResourceType.Of<T>().Name);

    /// <summary>Adds a record; gives it an id unless it has one, version 1 and its time.</summary>
    public T Insert<T>(T record, string? verb = "created", Action<Utf8JsonWriter>? data = null, params string[] related)
        where T : Resource
    {
        var type = ResourceType.Of(record.GetType());
        var id = record.Id == Id.Empty ? NextId() : record.Id;
        // A record that comes back (version above 1) was changed now; a new one at its creation.
        var stored = (T)
            (Resource)(
                record with
                {
                    Id = id,
                    Version = Math.Max(1, record.Version),
                    UpdatedAt = record.Version > 1 || IsTakenOver ? ChangedAt(id) : id.Time,
                }
            );
        if (type.SealedFields.Count > 0)
            stored = SealedFields.Seal(installation.MasterKeys, settings.Key, type, stored);
        var document = type.ToDocument(stored);
        changes.Add(new Change.Insert(document));
        Made(new(type, null, stored) { Stored = document }, verb, data, related);
        return stored;
    }

    /// <summary>Puts <paramref name="after"/> in the place of <paramref name="before"/>; a conflict at commit when somebody else changed it
    /// meanwhile.</summary>
    public T Replace<T>(T before, T after, string? verb = "updated", Action<Utf8JsonWriter>? data = null, params string[] related)
        where T : Resource
    {
        var type = ResourceType.Of(after.GetType());
        var stored = (T)(Resource)(after with { Id = before.Id, Version = before.Version + 1, UpdatedAt = ChangedAt(before.Id) });
        if (type.SealedFields.Count > 0)
            stored = SealedFields.Seal(installation.MasterKeys, settings.Key, type, stored);
        var document = type.ToDocument(stored);
        changes.Add(new Change.Replace(document, before.Version));
        Made(new(type, before, stored) { Stored = document }, verb, data, related);
        return stored;
    }

    public void Delete(Resource record, string? verb = "deleted", Action<Utf8JsonWriter>? data = null, params string[] related)
    {
        var type = ResourceType.Of(record.GetType());
        changes.Add(new Change.Delete(type.Collection, record.Id, record.Version));
        Made(new(type, record, null), verb, data, related);
    }

    public void Increment(string counter, long amount) => changes.Add(new Change.Increment(counter, amount));

    public void Count(CounterNames counters, long amount) => changes.Add(new Change.Count(counters, amount));

    /// <summary>Says to every node that there is something to do in this workspace: counts up in the installation with this commit, and
    /// wakes who looks there.</summary>
    /// <param name="counters">What the counters' names start with; the workspace's number follows.</param>
    public void Notify(string counters)
    {
        var counter = string.Create(CultureInfo.InvariantCulture, $"{counters}{settings.Key.Value}");
        if (!changes.Any(change => change is Change.Increment { InInstallation: true } one && one.Counter == counter))
            changes.Add(new Change.Increment(counter, 1, InInstallation: true));
        notifies = true;
    }

    /// <summary>What is kept in memory of the workspace depends on this commit, though none of its records is a setting.</summary>
    public void TouchSettings() => touchesSettings = true;

    /// <summary>Shows a change to what follows from it.</summary>
    void Follow(in RecordChange change)
    {
        if (change.Before is { } before)
            foreach (var (field, value) in change.Type.Sharable(before))
                if (change.After is null || !change.Type.Sharable(change.After).Contains((field, value)))
                    (givenUp ??= []).Add((change.Type, before.Id, field, value));
        foreach (var guard in installation.Catalog.Guards)
            if (guard.Wants(settings, change))
                (guarded ??= []).Add((guard, change));
        var all = installation.Catalog.FollowUps;
        for (var i = 0; i < all.Count; i++)
        {
            all[i].Each?.Invoke(this, change);
            if (all[i].Wants?.Invoke(settings, change) == true)
                ((wanted ??= new List<RecordChange>?[all.Count])[i] ??= []).Add(change);
        }
    }

    /// <summary>What follows from all changes together, within the bounds of a commit; the rest is put off.</summary>
    async ValueTask FollowAll(CancellationToken cancel)
    {
        var (room, began, isFirst) = (FollowUp.MostAdded, Stopwatch.GetTimestamp(), true);
        for (var i = 0; i < wanted!.Length; i++)
        for (var n = 0; n < wanted[i]?.Count; n++)
        {
            var (followUp, those) = (installation.Catalog.FollowUps[i], wanted[i]!);
            if (
                (isFirst || Stopwatch.GetElapsedTime(began) < FollowUp.Longest)
                && await TryFollow(followUp, those[n], those, false, room, cancel) is { } added
            )
            {
                (room, isFirst) = (room - added, false);
                continue;
            }
            PutOff(followUp, those.Skip(n));
            break;
        }
    }

    /// <summary>Into the commit that was too much: records of a size that each commit afterwards can rewrite.</summary>
    void PutOff(FollowUp followUp, IEnumerable<RecordChange> changes)
    {
        foreach (var some in changes.Chunk(FollowUp.MostAdded))
        {
            Insert(
                new FollowUpJob
                {
                    FollowUp = followUp.Name,
                    By = by,
                    Changes = FollowUpJob.Write(some),
                },
                null
            );
            CrmMetrics.PutOff.Add(some.Length, new KeyValuePair<string, object?>("follow_up", followUp.Name));
        }
        Notify(FollowUpJob.Counters);
    }

    /// <summary>Has a follow-up see one change. When it adds more records than there is room for, all of that is taken back, and null
    /// returned.</summary>
    internal async ValueTask<int?> TryFollow(
        FollowUp followUp,
        RecordChange change,
        IReadOnlyList<RecordChange> together,
        bool later,
        int room,
        CancellationToken cancel
    )
    {
        var (before, settingsBefore, notifiesBefore) = (changes.Count, touchesSettings, notifies);
        var wantedBefore = wanted is null ? null : Array.ConvertAll(wanted, list => list?.Count ?? 0);
        await followUp.Run!(new(this, change, together, later), cancel);
        var added = 0;
        for (var i = before; i < changes.Count; i++)
            if (changes[i] is not (Change.Increment or Change.Count))
                added++;
        if (added <= room)
            return added;
        changes.RemoveRange(before, changes.Count - before);
        (touchesSettings, notifies) = (settingsBefore, notifiesBefore);
        for (var i = 0; i < wanted?.Length; i++)
            if (wanted[i] is { } list)
                list.RemoveRange(wantedBefore?[i] ?? 0, list.Count - (wantedBefore?[i] ?? 0));
        return null;
    }

    /// <summary>Records that something happened: an event in the same commit.</summary>
    public void RecordEvent(string type, string subject, Action<Utf8JsonWriter>? data = null, params string[] related) =>
        RecordEvent(type, [], subject, default, data, related);

    /// <param name="also">What else it was: whoever looks for one of these types finds this event too, once.</param>
    /// <param name="change">The change that it is about, whose fields it names.</param>
    public void RecordEvent(
        string type,
        ImmutableArray<string> also,
        string subject,
        in RecordChange change,
        Action<Utf8JsonWriter>? data,
        params string[] related
    )
    {
        var json = JsonData.EmptyObject;
        if (data is not null)
        {
            var (buffer, writer) = scratch ??= Scratch();
            buffer.ResetWrittenCount();
            writer.Reset(buffer);
            writer.WriteStartObject();
            data(writer);
            writer.WriteEndObject();
            writer.Flush();
            json = new(buffer.WrittenSpan.ToArray());
        }
        var id = NextId();
        var happened = new Event
        {
            Id = id,
            Version = 1,
            UpdatedAt = id.Time,
            Type = type,
            Also = also,
            Subject = subject,
            Related = [.. related],
            By = by,
            Changes = change.Fields(),
            Data = json,
        };
        changes.Add(new Change.Append(ResourceType.Of<Event>().ToDocument(happened)));
        var all = installation.Catalog.FollowUps;
        for (var i = 0; i < all.Count; i++)
            if (all[i].WantsEvent?.Invoke(settings, happened) == true)
                ((wanted ??= new List<RecordChange>?[all.Count])[i] ??= []).Add(change with { Event = happened });
    }

    /// <summary>What every change leads to, whichever kind it is: what follows from it, and its event.</summary>
    void Made(in RecordChange change, string? verb, Action<Utf8JsonWriter>? data, string[] related)
    {
        Follow(change);
        var type = change.Type;
        touchesSettings |= installation.Catalog.IsSetting(type);
        if (verb is not null && type.RecordsEvents)
            RecordEvent($"{type.Name}.{verb}", [], type.Text(change.Record.Id), change, data, related);
    }

    public async ValueTask<CommitResult> Commit(CancellationToken cancel)
    {
        if (changes.Count == 0)
            return CommitResult.Done;
        if (givenUp is not null)
            await HandOn.Run(Store, (holder, owner) => Replace(holder, owner), changes, givenUp, cancel);
        if (wanted is not null)
            await FollowAll(cancel);
        foreach (var (guard, change) in guarded ?? [])
            await guard.Check(this, change, cancel);
        if (touchesSettings && installation.Store.IsShared)
            changes.Add(new Change.Increment(SettingsCache.Counter, 1, InInstallation: true));
        using var span = CrmTraces.Begin("commit");
        var result = await Store.Commit(changes, cancel);
        if (result.Committed)
            StoredBytes.Add(changes);
        if (result.Committed && touchesSettings)
            installation.Settings.Forget(settings.Key);
        if (result.Committed)
            installation.Commits.Made(settings.Key);
        if (result.Committed && notifies)
            installation.Commits.Made(WorkspaceKey.Installation);
        return result;
    }
}
