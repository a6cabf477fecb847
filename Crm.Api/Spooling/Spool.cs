// What a node does with posts while the database is away: they wait on its own disk, and the sender hears that they are stored.

using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Crm.Api.Limiting;
using Crm.Domain.Forms;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Spooling;

/// <summary>A post as it waits: as it came, and of which form.</summary>
/// <param name="FormKey">The form is looked up again when it is taken over: what was remembered of it meanwhile decides nothing.</param>
/// <param name="Workspace">Its number, for when there is no such form any more; 0 in what an older version kept.</param>
public sealed record SpooledPost(string FormKey, long FormVersion, FormPost Post, PostOrigin From, long Workspace = 0);

/// <summary>One for each process. Without a folder it keeps nothing, and posts are answered 503 while the database is away.</summary>
public sealed class Spool : IDisposable
{
    const int MostForms = 10_000;

    readonly SpoolFile? file;
    readonly ConcurrentDictionary<string, PlannedForm> forms = new(StringComparer.Ordinal);

    readonly Installation installation;
    readonly Lock keeping = new();

    public Spool(SpoolFile? file, Installation installation, IMeterFactory meters)
    {
        (this.file, this.installation) = (file, installation);
        if (file is not null)
            meters
                .Create(CrmMetrics.Name)
                .CreateObservableGauge("crm.spool.entries", () => file.Count, description: "Posts that wait for the database");
    }

    /// <summary>Of the setting <c>Crm__Spool__Path</c>; an embedded database is on the same machine and needs none.</summary>
    public static SpoolFile? Open(IConfiguration configuration, Installation installation, string root) =>
        installation.Store.IsShared && configuration["Crm:Spool:Path"] is { Length: > 0 } folder
            ? SpoolFile.Open(Path.GetFullPath(folder, root), MostBytes(configuration))
            : null;

    const long FewestBytes = 256 * 1024;

    /// <summary>What Crm__Spool__MostBytes says.</summary>
    static long MostBytes(IConfiguration configuration) =>
        configuration["Crm:Spool:MostBytes"] is not { } text ? SpoolFile.MostBytes
        : Allowance.TryNumber(text.Trim(), out var bytes) && bytes >= FewestBytes ? bytes
        : throw new StoreConfigurationException("Crm__Spool__MostBytes must be a number of bytes from 256KiB, such as 1073741824 or 1GiB.");

    public SpoolFile? File => file;

    /// <summary>Called after each post that was kept.</summary>
    public event Action? Kept;

    volatile bool isInUse;

    /// <summary>Posts go here at once, until the database takes what waits: in this way they stay in order, and nobody waits to hear once
    /// more that it is away.</summary>
    public bool IsInUse => isInUse;

    /// <summary>The database is back.</summary>
    public void End() => isInUse = false;

    /// <summary>Remembers a form that the database showed, for the time when it shows none, also to a node that is started then. Without a
    /// file it is for the page that gives a visitor back what they typed.</summary>
    public void Saw(string key, PlannedForm form)
    {
        if (forms.TryGetValue(key, out var known) && ReferenceEquals(known, form))
            return;
        if (forms.Count >= MostForms)
            forms.Clear();
        forms[key] = form;
        if (file is null)
            return;
        // Nobody waits for this: it is for another day.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => KeepForm(file, key));
    }

    /// <summary>The database shows that there is no such form any more.</summary>
    public void SawNone(string key)
    {
        if (forms.TryRemove(key, out _))
            file?.ForgetForm(key);
    }

    void KeepForm(SpoolFile into, string key)
    {
        lock (keeping)
            try
            {
                // As it is by now: whoever comes last keeps the last one.
                if (forms.TryGetValue(key, out var form))
                    into.KeepForm(key, SpooledForm.Write(form));
            }
            catch (Exception failure)
                when (failure is Microsoft.Data.Sqlite.SqliteException or ObjectDisposedException or InvalidOperationException)
            {
                // The file is full, or the node ends: the form is not kept this time.
            }
    }

    /// <summary>A form as it was last seen; null when it never was.</summary>
    public async ValueTask<PlannedForm?> Form(string key)
    {
        if (forms.TryGetValue(key, out var seen))
            return seen;
        return file?.Form(key) is { } json && await SpooledForm.Read(json, installation) is { } form ? forms.GetOrAdd(key, form) : null;
    }

    /// <summary>Keeps a post that the database could not take.</summary>
    /// <param name="id">The id that it was tried with: if that try came through after all, it is the same entry.</param>
    /// <exception cref="StoreUnavailableException">It cannot be kept here either.</exception>
    public async ValueTask<Receipt> Keep(PlannedForm form, FormPost post, PostOrigin from, Id id)
    {
        if (file is null)
            throw new StoreUnavailableException("The database is away, and this node has no spool.");
        if (from.Limited)
            post = KeptPost.WithoutBulk(form, post);
        var entry = KeptPost.Entry(form, post, from) with { Id = id };
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new SpooledPost(form.Form.Key, form.Form.Version, post, from, form.Settings.Key.Value)
        );
        isInUse = true;
        var kept = await file.Add(id, entry.PostKey, json);
        CrmMetrics.Spooled.Add(1);
        Kept?.Invoke();
        return new(entry with { Id = kept }, kept != id, null) { IsSpooled = true };
    }

    public void Dispose() => file?.Dispose();
}
