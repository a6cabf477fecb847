// What an installation consists of: resources, and what hears of each commit. Features hang themselves in here; this file names none.

using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;

namespace Crm.Domain.Work;

/// <summary>
/// A resource as the product serves it. REST, OpenAPI, the store's indexes and the isolation tests walk these; none knows a resource by
/// name.
/// </summary>
public sealed record CatalogEntry(ResourceType Type)
{
    /// <param name="prepare">What saving needs besides the fields' own rules.</param>
    /// <param name="actions">The resource's verbs.</param>
    public static CatalogEntry Of<T>(Prepare<T>? prepare = null, params IReadOnlyList<ResourceAction> actions)
        where T : Resource =>
        new(ResourceType.Of<T>())
        {
            Prepare = prepare is null
                ? null
                : async (work, before, after, errors, cancel) => await prepare(work, (T?)before, (T)after, errors, cancel),
            Actions = actions,
        };

    /// <summary>A resource whose records are kept in memory (see <see cref="IsSetting"/>).</summary>
    public static CatalogEntry OfSetting<T>(Prepare<T>? prepare = null, params IReadOnlyList<ResourceAction> actions)
        where T : Resource => Of(prepare, actions) with { IsSetting = true };

    /// <summary>See <see cref="Prepare{T}"/>.</summary>
    public Func<UnitOfWork, Resource?, Resource, FieldErrors, CancellationToken, ValueTask<Resource>>? Prepare { get; init; }

    /// <summary>Replaces making a record where that is more than one record in one workspace.</summary>
    public Func<UnitOfWork, JsonElement, CancellationToken, ValueTask<ActionResult>>? Create { get; init; }

    public IReadOnlyList<ResourceAction> Actions { get; init; } = [];

    /// <summary>What deleting a record needs besides that nothing refers to it: throws the problem.</summary>
    public Func<UnitOfWork, Resource, CancellationToken, ValueTask>? BeforeDelete { get; init; }

    /// <summary>See <see cref="NarrowRights"/>.</summary>
    public NarrowRights? Narrow { get; init; }

    /// <summary>
    /// Events of other resources' names that speak of a record of this one (<c>customer.purchased</c> of a purchase): who may not read this
    /// one reads nothing of them.
    /// </summary>
    public IReadOnlyList<string> AlsoRecordedAs { get; init; } = [];

    /// <summary>
    /// Fills in the members that are made when a record is answered (<see cref="Field.IsServed"/>); null where there are none. The text is
    /// how the world reaches the product: scheme, host and port.
    /// </summary>
    public Func<WorkspaceSettings, string, Resource, Resource>? Serve { get; init; }

    /// <summary>A record with the members that are made for the answer.</summary>
    public Resource Served(WorkspaceSettings settings, string origin, Resource record) => Serve?.Invoke(settings, origin, record) ?? record;

    /// <summary>A record without secrets and with what is made for the answer, as far as these fields are shown of it. The other fields
    /// are left to <see cref="Projection"/>.</summary>
    public byte[] ToAnswer(WorkspaceSettings settings, string origin, Resource record, FieldSet reads) =>
        Type.ToJson(Served(settings, origin, record), withSecrets: false, field => reads.Contains(field.MadeOf!));

    /// <summary>The same of a stored row; its own bytes where nothing is to be left out or made.</summary>
    public ReadOnlyMemory<byte> ToAnswer(WorkspaceSettings settings, string origin, in Row row, FieldSet reads) =>
        AnswersStored ? row.Json : ToAnswer(settings, origin, Type.FromRow(row), reads);

    /// <summary>Whether what is stored is what is answered.</summary>
    public bool AnswersStored => !Type.HasSecrets && Serve is null;

    /// <summary>
    /// Whether records of it are kept in memory by <see cref="SettingsCache"/>: a change of one makes every node read its settings again.
    /// </summary>
    public bool IsSetting { get; init; }
}

/// <summary>Takes away from the rights to a resource whose records speak of other records what the rights to those do not allow.</summary>
/// <param name="rightsTo">The caller's rights to every other resource.</param>
/// <param name="own">The rights to the resource as such.</param>
public delegate Rights NarrowRights(Catalog catalog, Func<ResourceType, Rights> rightsTo, Rights own);

/// <summary>What saving a record needs besides the fields' own rules: may change it, may add errors.</summary>
/// <param name="before">Null for a new one.</param>
public delegate ValueTask<T> Prepare<T>(UnitOfWork work, T? before, T after, FieldErrors errors, CancellationToken cancel)
    where T : Resource;

/// <summary>The resources of an installation and what its features want to hear of.</summary>
public sealed class Catalog
{
    readonly Dictionary<string, CatalogEntry> byPlural;
    readonly Dictionary<ResourceType, CatalogEntry> byType;

    public Catalog(IReadOnlyList<CatalogEntry> entries)
    {
        Entries = entries;
        byPlural = entries.ToDictionary(e => e.Type.Plural, StringComparer.Ordinal);
        byType = entries.ToDictionary(e => e.Type);
    }

    public IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>What sees each commit's changes before they are stored, in this order.</summary>
    public IReadOnlyList<FollowUp> FollowUps { get; init; } = [];

    /// <summary>What may refuse a commit.</summary>
    public IReadOnlyList<CommitGuard> Guards { get; init; } = [];

    /// <summary>What features hang in for one another, found by its type.</summary>
    public IReadOnlyList<object> Parts { get; init; } = [];

    public IEnumerable<T> PartsOf<T>() => Parts.OfType<T>();

    /// <summary>What can be asked of the numbers, and so what is counted.</summary>
    public ReportList Reports { get; init; } = ReportList.None;

    /// <summary>What is kept in memory of each workspace.</summary>
    public required SettingsPlan Settings { get; init; }

    /// <summary>What takes something away from what a key's scopes give, in this order.</summary>
    public IReadOnlyList<RightsRule> RightsRules { get; init; } = [];

    /// <summary>Purposes of the installation's random keys (<see cref="Installation.Seal"/>).</summary>
    public IReadOnlyList<string> Seals { get; init; } = [];

    /// <summary>
    /// What a start does to what older versions stored, in this order, before anything is served. Each finds out by itself, and quickly,
    /// whether there is something to do; may be killed anywhere and be run by several nodes at once.
    /// </summary>
    public IReadOnlyList<Func<Installation, CancellationToken, Task>> Upgrades { get; init; } = [];

    /// <summary>The resources that the API shows.</summary>
    public IEnumerable<CatalogEntry> Public => Entries.Where(e => e.Type.Can != Operations.None);

    public CatalogEntry? Find(string plural) => byPlural.GetValueOrDefault(plural);

    public CatalogEntry For(ResourceType type) => byType[type];

    public bool IsSetting(ResourceType type) => byType.TryGetValue(type, out var entry) && entry.IsSetting;

    /// <summary>A catalog with further resources: one line for each.</summary>
    public Catalog With(params CatalogEntry[] more) => With([.. Entries, .. more], Reports, RightsRules);

    /// <summary>A catalog with further reports: one line for each.</summary>
    public Catalog With(params ReportDefinition[] more) => With(Entries, new([.. Reports.All, .. more]), RightsRules);

    Catalog With(IReadOnlyList<CatalogEntry> entries, ReportList reports, IReadOnlyList<RightsRule> rights) =>
        new(entries)
        {
            FollowUps = FollowUps,
            Guards = Guards,
            Parts = Parts,
            Reports = reports,
            Settings = Settings,
            RightsRules = rights,
            Seals = Seals,
            Upgrades = Upgrades,
        };

    /// <summary>The same resources for callers whose rights are narrowed by these rules too.</summary>
    public Catalog With(params RightsRule[] more) => With(Entries, Reports, [.. RightsRules, .. more]);

    public IReadOnlyList<ResourceType> Types => [.. Entries.Select(e => e.Type)];

    public IReadOnlyList<Collection> Collections => [.. Entries.Select(e => e.Type.Collection)];

    /// <summary>Computes a stored record's keys anew (the store calls it after a definition changed).</summary>
    public Document Rekey(WorkspaceKey workspace, Collection collection, Id id, long version, ReadOnlyMemory<byte> json) =>
        Entries.First(e => e.Type.Collection.Name == collection.Name).Type.Rekey(id, version, json);
}
