// The changes of one request, committed together with the events that tell of them.

using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;

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
    bool touchesSettings,
        notifies;

    static (System.Buffers.ArrayBufferWriter<byte>, Utf8JsonWriter) Scratch()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        return (buffer, new(buffer, new() { SkipValidation = true }));
    }

    public Installation Installation => installation;
    public WorkspaceSettings Settings => settings;
    public string By => by;
    public IWorkspaceStore Store => settings.Store;
    public DateTimeOffset Now { get; } = at ?? installation.Now;
    public IReadOnlyList<Change> Changes => changes;

    /// <summary>A new id of this unit's time.</summary>
    public Id NextId() => at is { } time ? IdGenerator.At(time) : installation.Ids.Next();

    /// <summary>Members for this one answer that are stored nowhere (a new key).</summary>
    public Dictionary<string, string> ShownOnce => field ??= [];

    public async ValueTask<T?> Find<T>(Id id, CancellationToken cancel)
        where T : Resource => (T?)await Find(ResourceType.Of<T>(), id, cancel);

    public async ValueTask<Resource?> Find(ResourceType type, Id id, CancellationToken cancel) =>
        await Store.Get(type.Collection, id, cancel) is { } row ? type.FromRow(row) : null;

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
            (Resource)(record with { Id = id, Version = Math.Max(1, record.Version), UpdatedAt = record.Version > 1 ? Now : id.Time });
        changes.Add(new Change.Insert(type.ToDocument(stored)));
        Follow(new(type, null, stored));
        Told(type, stored, verb, data, related);
        return stored;
    }

    /// <summary>Puts <paramref name="after"/> in the place of <paramref name="before"/>; a conflict at commit when somebody else changed it meanwhile.</summary>
    public T Replace<T>(T before, T after, string? verb = "updated", Action<Utf8JsonWriter>? data = null, params string[] related)
        where T : Resource
    {
        var type = ResourceType.Of(after.GetType());
        var stored = (T)(Resource)(after with { Id = before.Id, Version = before.Version + 1, UpdatedAt = Now });
        changes.Add(new Change.Replace(type.ToDocument(stored), before.Version));
        Follow(new(type, before, stored));
        Told(type, stored, verb, data ?? (writer => ChangedFields(writer, type, before, stored)), related);
        return stored;
    }

    public void Delete(Resource record, string? verb = "deleted", Action<Utf8JsonWriter>? data = null, params string[] related)
    {
        var type = ResourceType.Of(record.GetType());
        changes.Add(new Change.Delete(type.Collection, record.Id, record.Version));
        Follow(new(type, record, null));
        Told(type, record, verb, data, related);
    }

    public void Increment(string counter, long amount) => changes.Add(new Change.Increment(counter, amount));

    public void Count(CounterNames counters, long amount) => changes.Add(new Change.Count(counters, amount));

    /// <summary>Counts up in the installation with this commit, and wakes who looks there.</summary>
    internal void Notify(string counter)
    {
        if (!changes.Any(change => change is Change.Increment { InInstallation: true } one && one.Counter == counter))
            changes.Add(new Change.Increment(counter, 1, InInstallation: true));
        notifies = true;
    }

    /// <summary>Shows a change to what follows from it.</summary>
    void Follow(in RecordChange change)
    {
        if (change.Before is { } before)
            foreach (var (field, value) in change.Type.Sharable(before))
                if (change.After is null || !change.Type.Sharable(change.After).Contains((field, value)))
                    (givenUp ??= []).Add((change.Type, before.Id, field, value));
        var all = installation.Catalog.FollowUps;
        for (var i = 0; i < all.Count; i++)
        {
            all[i].Each?.Invoke(this, change);
            if (all[i].Wants?.Invoke(settings, change) == true)
                ((wanted ??= new List<RecordChange>?[all.Count])[i] ??= []).Add(change);
        }
    }

    /// <summary>Tells that something happened: an event in the same commit.</summary>
    public void Tell(string type, string subject, Action<Utf8JsonWriter>? data = null, params string[] related)
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
        var told = new Event
        {
            Id = NextId(),
            Version = 1,
            UpdatedAt = Now,
            Type = type,
            Subject = subject,
            Related = [.. related],
            By = by,
            Data = json,
        };
        changes.Add(new Change.Insert(ResourceType.Of<Event>().ToDocument(told)));
    }

    void Told(ResourceType type, Resource record, string? verb, Action<Utf8JsonWriter>? data, string[] related)
    {
        touchesSettings |= installation.Catalog.IsSetting(type);
        if (verb is not null && type.TellsEvents)
            Tell($"{type.Name}.{verb}", type.Text(record.Id), data, related);
    }

    static void ChangedFields(Utf8JsonWriter writer, ResourceType type, Resource before, Resource after)
    {
        writer.WriteStartArray("fields");
        foreach (var field in type.Fields)
            if (field.Stored && !field.IsSecret && !ValuesEqual(field.Get(before), field.Get(after)))
                writer.WriteStringValue(field.JsonName);
        foreach (var name in before.Custom.Keys.Union(after.Custom.Keys))
            if (!Equals(before.Custom.GetValueOrDefault(name), after.Custom.GetValueOrDefault(name)))
                writer.WriteStringValue("custom." + name);
        writer.WriteEndArray();
    }

    /// <summary>Whether two field values are the same; lists by their entries.</summary>
    public static bool ValuesEqual(object? left, object? right) =>
        Equals(left, right)
        || left is not string
            && left is System.Collections.IEnumerable a
            && right is System.Collections.IEnumerable b
            && a.Cast<object>().SequenceEqual(b.Cast<object>());

    public async ValueTask<CommitResult> Commit(CancellationToken cancel)
    {
        if (changes.Count == 0)
            return CommitResult.Done;
        if (givenUp is not null)
            await HandOn.Run(this, changes, givenUp, cancel);
        for (var i = 0; i < wanted?.Length; i++)
            if (wanted[i] is { } those)
                await installation.Catalog.FollowUps[i].Run!(this, those, cancel);
        if (touchesSettings && installation.Store.IsShared)
            changes.Add(new Change.Increment(SettingsCache.Counter, 1, InInstallation: true));
        var result = await Store.Commit(changes, cancel);
        if (result.Committed && touchesSettings)
            installation.Settings.Forget(settings.Key);
        if (result.Committed)
            installation.Commits.Made(settings.Key);
        if (result.Committed && notifies)
            installation.Commits.Made(WorkspaceKey.Installation);
        return result;
    }
}
