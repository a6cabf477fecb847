// What the requests of a workspace need of its settings, kept in memory: each feature says its own part.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>A workspace with what its requests need. Immutable: a change of a setting makes a new one.</summary>
public sealed class WorkspaceSettings
{
    readonly Dictionary<SettingsPart, object> parts = [];
    ReadContexts contexts = ReadContexts.None;

    WorkspaceSettings(IWorkspaceStore store) => Store = store;

    /// <summary>Reads every part in the plan's order.</summary>
    public static async ValueTask<WorkspaceSettings> Load(SettingsPlan plan, SettingsReader reader, CancellationToken cancel)
    {
        var settings = new WorkspaceSettings(reader.Store);
        foreach (var part in plan.Parts)
            settings.parts[part] = await part.Read(settings, reader, cancel);
        settings.contexts = settings.Get(plan.ReadContexts);
        return settings;
    }

    public WorkspaceKey Key => Store.Workspace;
    public IWorkspaceStore Store { get; }

    public T Get<T>(SettingsPart<T> part)
        where T : class => (T)parts[part];

    /// <summary>What reading a value of this resource depends on here.</summary>
    public ReadContext For(ResourceType type) => contexts.For(type);
}

/// <summary>What is read of a workspace before its first request.</summary>
/// <param name="Parts">In this order: a part may look at those before it.</param>
/// <param name="ReadContexts">The part that says how the workspace's values are read.</param>
public sealed record SettingsPlan(IReadOnlyList<SettingsPart> Parts, SettingsPart<ReadContexts> ReadContexts);

/// <summary>How a part of the settings is read; <see cref="SettingsPart{T}"/> says of which type it is.</summary>
public abstract class SettingsPart
{
    internal abstract ValueTask<object> Read(WorkspaceSettings before, SettingsReader reader, CancellationToken cancel);
}

/// <summary>One feature's part of a workspace's settings.</summary>
/// <param name="read">Makes it of stored records, and of the parts that stand before it in the plan.</param>
public sealed class SettingsPart<T>(Func<WorkspaceSettings, SettingsReader, CancellationToken, ValueTask<T>> read) : SettingsPart
    where T : class
{
    internal override async ValueTask<object> Read(WorkspaceSettings before, SettingsReader reader, CancellationToken cancel) =>
        await read(before, reader, cancel);
}

/// <summary>Reads all records of a resource in one workspace: settings are few.</summary>
public class SettingsReader(IWorkspaceStore store)
{
    public IWorkspaceStore Store => store;

    public virtual async ValueTask<IReadOnlyList<T>> All<T>(CancellationToken cancel)
        where T : Resource
    {
        var type = ResourceType.Of<T>();
        var all = new List<T>();
        await foreach (var page in store.Pages(new(type.Collection, null, [], false, null, 500), cancel))
            for (var i = 0; i < page.Count; i++)
                all.Add(type.FromRow<T>(page[i]));
        return all;
    }

    /// <summary>Those whose indexed field has this value, where the others are many.</summary>
    /// <param name="has">The same of a record.</param>
    public virtual async ValueTask<IReadOnlyList<T>> Those<T>(string field, bool value, Func<T, bool> has, CancellationToken cancel)
        where T : Resource
    {
        var type = ResourceType.Of<T>();
        var all = new List<T>();
        var query = new Query(type.Collection, new Filter.Compare(field, Comparison.Eq, Key.Of(value ? 1 : 0)), [], false, null, 500);
        await foreach (var page in store.Pages(query, cancel))
            for (var i = 0; i < page.Count; i++)
                all.Add(type.FromRow<T>(page[i]));
        return all;
    }

    /// <summary>Whether there is one whose indexed field has this word, where there may be many.</summary>
    /// <param name="has">The same of a record.</param>
    public virtual async ValueTask<bool> Any<T>(string field, string word, Func<T, bool> has, CancellationToken cancel)
        where T : Resource =>
        await store.Count(ResourceType.Of<T>().Collection, new Filter.Compare(field, Comparison.Eq, Key.Of(word)), 1, cancel) > 0;
}

/// <summary>Reads a workspace of these records alone: one that is about to be made, or whose store is away.</summary>
public sealed class NewSettingsReader(IWorkspaceStore store, params Resource[] records) : SettingsReader(store)
{
    public override ValueTask<IReadOnlyList<T>> All<T>(CancellationToken cancel) => new([.. records.OfType<T>()]);

    public override ValueTask<IReadOnlyList<T>> Those<T>(string field, bool value, Func<T, bool> has, CancellationToken cancel) =>
        new([.. records.OfType<T>().Where(has)]);

    public override ValueTask<bool> Any<T>(string field, string word, Func<T, bool> has, CancellationToken cancel) =>
        new(records.OfType<T>().Any(has));
}
