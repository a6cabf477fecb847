// What nearly every request needs and few change: workspaces, custom fields, sites, forms and keys, kept in memory until one changes.

using System.Collections.Concurrent;
using Crm.Domain.CustomFields;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Postbacks;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Traffic;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Work;

/// <summary>A workspace with what its requests need.</summary>
public sealed class WorkspaceSettings
{
    readonly ReadContext plain;
    readonly Dictionary<string, ReadContext> contexts;

    public WorkspaceSettings(
        WorkspaceKey key,
        IWorkspaceStore store,
        Workspace workspace,
        IReadOnlyList<CustomField> customFields,
        IReadOnlyList<Site> sites,
        IReadOnlyList<OutgoingPostback> postbacks,
        TrafficRules traffic
    )
    {
        (Key, Store, Workspace, Sites) = (key, store, workspace, sites);
        Traffic = traffic;
        (AllPostbacks, Postbacks) = (postbacks.Count, [.. postbacks.Where(postback => postback.Active)]);
        Days = new(TimeZoneInfo.TryFindSystemTimeZoneById(workspace.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc);
        plain = new(workspace.DefaultCountry, []);
        contexts = customFields
            .GroupBy(f => f.For!)
            .ToDictionary(
                g => g.Key,
                g => new ReadContext(workspace.DefaultCountry, [.. g.OrderBy(f => f.Id).Select(f => f.ToField())]),
                StringComparer.Ordinal
            );
    }

    public WorkspaceKey Key { get; }
    public IWorkspaceStore Store { get; }
    public Workspace Workspace { get; }
    public IReadOnlyList<Site> Sites { get; }

    /// <summary>By which channels and robots are told.</summary>
    public TrafficRules Traffic { get; }

    /// <summary>Postbacks that are called.</summary>
    public IReadOnlyList<OutgoingPostback> Postbacks { get; }

    /// <summary>How many there are, with those that are not.</summary>
    public int AllPostbacks { get; }

    /// <summary>The days of the workspace's time zone.</summary>
    public Reports.LocalDays Days { get; }

    /// <summary>What reading a value of this resource depends on here.</summary>
    public ReadContext For(ResourceType type) => contexts.GetValueOrDefault(type.Name, plain);
}

/// <summary>
/// Reads through to the store and keeps what it found. A change in this process is seen by the next request: the entry is forgotten after
/// its commit and before its answer, and with it all that was found in its generation. Loads that began before a change are not kept. On a database with several nodes each change counts up
/// in the store, every node looks there a few times a second (<see cref="Look"/>), and what is kept counts only for a moment after a look:
/// a node that was stopped for a while trusts nothing that it remembers.
/// </summary>
public sealed class SettingsCache(Installation installation)
{
    const int Most = 50_000;
    readonly ConcurrentDictionary<WorkspaceKey, WorkspaceSettings> workspaces = new();
    readonly Remembered<string, PlannedForm> forms = new(Most);
    readonly Remembered<string, KnownLink> links = new(Most);
    readonly Remembered<(string Field, string Value), Touches.KnownSite> sites = new(Most);
    readonly Remembered<string, WorkspaceSettings?> domains = new(Most);
    readonly Remembered<string, (WorkspaceSettings Settings, ApiKey Key)> keys = new(Most);
    long generation;
    long lookedAt;
    long counted;

    /// <summary>The installation's counter of changes to settings.</summary>
    public const string Counter = "settings";

    /// <summary>How often a node looks whether settings changed elsewhere.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>After so long without a look nothing that is kept counts. With it, a change is seen everywhere within a second.</summary>
    static readonly TimeSpan Trusted = TimeSpan.FromMilliseconds(900);

    bool Counts =>
        !installation.Store.IsShared || Volatile.Read(ref lookedAt) is var at && at != 0 && installation.Clock.GetElapsedTime(at) < Trusted;

    /// <summary>Forgets everything when another node changed something.</summary>
    public async ValueTask Look(CancellationToken cancel)
    {
        var began = installation.Clock.GetTimestamp();
        var now = await installation.Store.Open(WorkspaceKey.Installation).Counters(Counter, 1, cancel) is [var (_, value)] ? value : 0;
        if (now != counted)
        {
            counted = now;
            Interlocked.Increment(ref generation);
            workspaces.Clear();
        }
        Volatile.Write(ref lookedAt, began);
    }

    static readonly HashSet<Type> Held =
    [
        typeof(Workspace),
        typeof(CustomField),
        typeof(Site),
        typeof(Form),
        typeof(ApiKey),
        typeof(Link),
        typeof(TrustedDocuments.TrustedDocument),
        typeof(OutgoingPostback),
        typeof(ChannelRule),
        typeof(BotRule),
    ];

    public static bool Holds(ResourceType type) => Held.Contains(type.Clr);

    /// <summary>Workspaces that had a request since this process started.</summary>
    public IReadOnlyCollection<WorkspaceKey> Known => [.. workspaces.Keys];

    /// <summary>Drops what is kept of a workspace. Settings change rarely, so what is remembered by key, slug or host goes with it, whosever it is.</summary>
    public void Forget(WorkspaceKey workspace)
    {
        Interlocked.Increment(ref generation);
        workspaces.TryRemove(workspace, out _);
    }

    public async ValueTask<WorkspaceSettings> Workspace(WorkspaceKey key, CancellationToken cancel)
    {
        if (Counts && workspaces.TryGetValue(key, out var known))
            return known;
        var began = Volatile.Read(ref generation);
        var store = installation.Store.Open(key);
        var all = await All<Workspace>(store, cancel);
        var sites = await All<Site>(store, cancel);
        var loaded = new WorkspaceSettings(
            key,
            store,
            all[0],
            await All<CustomField>(store, cancel),
            sites,
            await All<OutgoingPostback>(store, cancel),
            new(await All<ChannelRule>(store, cancel), await All<BotRule>(store, cancel), sites)
        );
        if (workspaces.Count >= Most)
            workspaces.Clear();
        workspaces[key] = loaded;
        // A change between our reading and our keeping would otherwise stay unseen.
        if (Volatile.Read(ref generation) != began)
            workspaces.TryRemove(key, out _);
        return loaded;
    }

    /// <summary>The form with this public key, ready to be posted; null when there is none.</summary>
    public async ValueTask<PlannedForm?> Form(string formKey, CancellationToken cancel)
    {
        var began = Volatile.Read(ref generation);
        if (Counts && forms.TryGet(formKey, began, out var known))
            return known;
        var type = ResourceType.Of<Form>();
        if (await installation.Store.FindOwner(type.Collection, "key", formKey, cancel) is not { } owner)
            return null;
        var settings = await Workspace(owner.Workspace, cancel);
        if (await settings.Store.Get(type.Collection, owner.Id, cancel) is not { } row)
            return null;
        var planned = new PlannedForm(settings, type.FromRow<Form>(row));
        forms.Keep(formKey, planned, began);
        return planned;
    }

    /// <summary>The link with this slug, ready to be followed; null when there is none.</summary>
    public async ValueTask<KnownLink?> Link(string slug, CancellationToken cancel)
    {
        var began = Volatile.Read(ref generation);
        if (Counts && links.TryGet(slug, began, out var known))
            return known;
        var type = ResourceType.Of<Link>();
        if (await installation.Store.FindOwner(type.Collection, "slug", slug, cancel) is not { } owner)
            return null;
        var settings = await Workspace(owner.Workspace, cancel);
        if (await settings.Store.Get(type.Collection, owner.Id, cancel) is not { } row)
            return null;
        var found = new KnownLink(settings, type.FromRow<Link>(row));
        links.Keep(slug, found, began);
        return found;
    }

    /// <summary>The site with this public key; null when there is none.</summary>
    public ValueTask<Touches.KnownSite?> Site(string siteKey, CancellationToken cancel) => Site("key", siteKey, cancel);

    /// <summary>The site with this number in Matomo's parameters; null when there is none.</summary>
    public ValueTask<Touches.KnownSite?> MatomoSite(string number, CancellationToken cancel) => Site("matomoId", number, cancel);

    async ValueTask<Touches.KnownSite?> Site(string field, string value, CancellationToken cancel)
    {
        var began = Volatile.Read(ref generation);
        if (Counts && sites.TryGet((field, value), began, out var known))
            return known;
        var type = ResourceType.Of<Site>();
        if (await installation.Store.FindOwner(type.Collection, field, value, cancel) is not { } owner)
            return null;
        var settings = await Workspace(owner.Workspace, cancel);
        if (await settings.Store.Get(type.Collection, owner.Id, cancel) is not { } row)
            return null;
        var found = new Touches.KnownSite(settings, type.FromRow<Site>(row));
        sites.Keep((field, value), found, began);
        return found;
    }

    /// <summary>The workspace whose links a host leads to; null, which is remembered too, when it is nobody's.</summary>
    public async ValueTask<WorkspaceSettings?> LinkDomain(string host, CancellationToken cancel)
    {
        var began = Volatile.Read(ref generation);
        if (Counts && domains.TryGet(host, began, out var known))
            return known;
        var settings =
            host.Length is > 0 and <= 253
            && await installation.Store.FindOwner(ResourceType.Of<Site>().Collection, "linkDomain", host, cancel) is { } owner
                ? await Workspace(owner.Workspace, cancel)
                : null;
        domains.Keep(host, settings, began);
        return settings;
    }

    /// <summary>The api key whose SHA-256 this is, with its workspace; null when there is none. Whether it is still usable is the caller's to ask.</summary>
    public async ValueTask<(WorkspaceSettings Settings, ApiKey Key)?> ApiKey(string hash, CancellationToken cancel)
    {
        var began = Volatile.Read(ref generation);
        if (Counts && keys.TryGet(hash, began, out var known))
            return known;
        var type = ResourceType.Of<ApiKey>();
        if (await installation.Store.FindOwner(type.Collection, "hash", hash, cancel) is not { } owner)
            return null;
        var settings = await Workspace(owner.Workspace, cancel);
        if (await settings.Store.Get(type.Collection, owner.Id, cancel) is not { } row)
            return null;
        var found = (settings, type.FromRow<ApiKey>(row));
        keys.Keep(hash, found, began);
        return found;
    }

    static async ValueTask<IReadOnlyList<T>> All<T>(IWorkspaceStore store, CancellationToken cancel)
        where T : Resource
    {
        var type = ResourceType.Of<T>();
        var all = new List<T>();
        Position? after = null;
        do
        {
            using var page = await store.Query(new(type.Collection, null, [], false, after, 500), cancel);
            for (var i = 0; i < page.Count; i++)
                all.Add(type.FromRow<T>(page[i]));
            after = page.Next;
        } while (after is not null);
        return all;
    }
}
