// An installation on a database of its own in a temporary folder, without server and workers: what commits leave is looked at in peace.

using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Tests.Work;

sealed class TempInstallation : IAsyncDisposable
{
    readonly DirectoryInfo folder;
    readonly SqliteStore store;

    TempInstallation(DirectoryInfo folder, SqliteStore store, Installation installation) =>
        (this.folder, this.store, Installation) = (folder, store, installation);

    public Installation Installation { get; }

    /// <summary>The store itself, with what its reads count.</summary>
    public SqliteStore Sqlite => store;

    /// <summary>With the workspace and the admin key of a first start.</summary>
    /// <param name="mostCandidates">The store's bound; a small one makes few rows many.</param>
    /// <param name="clock">Null: the time as it is.</param>
    public static async Task<TempInstallation> Open(int mostCandidates = 2000, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        var folder = Directory.CreateTempSubdirectory("crm-work-");
        var store = new SqliteStore(new() { Path = Path.Combine(folder.FullName, "crm.db"), MostCandidates = mostCandidates }, clock);
        var installation = await Installation.Open(store, CrmCatalog.Standard, clock, default);
        await FirstStart.Ensure(installation, CrmServer.AdminKey);
        return new(folder, store, installation);
    }

    public ValueTask<WorkspaceSettings> Settings() => Installation.Settings.Workspace(FirstStart.Default, default);

    public ValueTask<long> Count<T>(WorkspaceKey? workspace = null)
        where T : Crm.Domain.Resources.Resource =>
        store.Open(workspace ?? FirstStart.Default).Count(Crm.Domain.Resources.ResourceType.Of<T>().Collection, null, 100_000, default);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Delete(true);
    }
}
