// A record that requests name by a unique key of the whole installation, made ready once: a form by its key, a link by its slug.

using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>How a feature finds and prepares what its public endpoints are asked for; <see cref="SettingsCache.Find"/> remembers
/// it.</summary>
/// <param name="field">A field that is unique in the installation.</param>
/// <param name="make">What is kept: the record with its workspace, ready to be used.</param>
public sealed class RecordLookup<T, TFound>(string field, Func<WorkspaceSettings, T, TFound> make)
    where T : Resource
    where TFound : class
{
    static readonly ResourceType Type = ResourceType.Of<T>();

    /// <summary>Whether it is remembered, too, that there is none: where every request asks.</summary>
    public bool RemembersMissing { get; init; }

    /// <summary>Asks the store; null when there is none.</summary>
    internal async ValueTask<TFound?> Read(
        IStore store,
        Func<WorkspaceKey, CancellationToken, ValueTask<WorkspaceSettings>> settingsOf,
        string value,
        CancellationToken cancel
    )
    {
        if (await store.FindOwner(Type.Collection, field, value, cancel) is not { } owner)
            return null;
        var settings = await settingsOf(owner.Workspace, cancel);
        return await settings.Store.Get(Type.Collection, owner.Id, cancel) is { } row ? make(settings, Type.FromRow<T>(row)) : null;
    }
}
