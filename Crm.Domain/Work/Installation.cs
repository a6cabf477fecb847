// What every use case works with: the store, the clock, the ids, the settings, the catalog.

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>The running product. One for each process; holds no data of its own but caches.</summary>
public sealed class Installation
{
    /// <summary>The purpose of the key that signs.</summary>
    const string Signing = "signing";

    readonly Dictionary<string, TokenSeal> seals = new(StringComparer.Ordinal);

    readonly CheckedStore looked;
    SigningKey? signer;
    bool isStarted;

    Installation(CheckedStore store, Catalog catalog, TimeProvider clock)
    {
        (looked, Catalog, Clock) = (store, catalog, clock);
        Ids = new(clock);
        Settings = new(store, catalog.Settings, clock);
        foreach (var purpose in catalog.Seals)
            seals[purpose] = new(null);
    }

    /// <summary>Creates or upgrades what is stored and makes the installation's random keys at the first start.</summary>
    /// <param name="damaged">Told of each record that is found damaged, once.</param>
    public static async Task<Installation> Open(
        IStore store,
        Catalog catalog,
        TimeProvider clock,
        CancellationToken cancel,
        Action<string>? damaged = null
    )
    {
        var installation = NotYetOpen(store, catalog, clock, damaged);
        await installation.Open(cancel);
        return installation;
    }

    /// <summary>Before its store is asked: to whoever needs that, it is away until <see cref="Open(CancellationToken)"/> has come
    /// through.</summary>
    public static Installation NotYetOpen(IStore store, Catalog catalog, TimeProvider clock, Action<string>? damaged = null) =>
        new(new(store, catalog.Types, damaged) { IsAway = true }, catalog, clock);

    /// <summary>Whether the store was reached since the start. Afterwards it may be away as any other time.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>What <see cref="Open(IStore, Catalog, TimeProvider, CancellationToken, Action{string}?)"/> does; again after it failed. Not
    /// twice at once.</summary>
    public async Task Open(CancellationToken cancel)
    {
        if (!isStarted)
            await looked.Start(Catalog.Collections, Catalog.Rekey, cancel);
        (isStarted, looked.IsAway) = (true, false);
        foreach (var purpose in Catalog.Seals)
            seals[purpose].Use(await Secret(purpose, cancel));
        signer = new(await Secret(Signing, cancel));
        foreach (var upgrade in Catalog.Upgrades)
            await upgrade(this, cancel);
        IsOpen = true;
    }

    /// <summary>A random key of 32 bytes, the same on every node and after every start.</summary>
    async Task<byte[]> Secret(string purpose, CancellationToken cancel)
    {
        var type = ResourceType.Of<InstallationSecret>();
        var rows = Store.Open(WorkspaceKey.Installation);
        // No CommitLoop: there is no installation yet that a unit of work could be for.
        while (true)
        {
            if (
                await rows.FindByKey(type.Collection, "purpose", purpose, cancel) is { } id
                && await rows.Get(type.Collection, id, cancel) is { } row
            )
                return Convert.FromBase64String(type.FromRow<InstallationSecret>(row).Value);
            var made = new InstallationSecret
            {
                Id = Ids.Next(),
                Version = 1,
                UpdatedAt = Now,
                Purpose = purpose,
                Value = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
            };
            await rows.Commit([new Change.Insert(type.ToDocument(made))], cancel);
        }
    }

    /// <summary>Seals with the installation's random key for this purpose, one of <see cref="Catalog.Seals"/>.</summary>
    public TokenSeal Seal(string purpose) => seals[purpose];

    /// <summary>Signs what others check without the product; its key is one of the installation's secrets.</summary>
    public SigningKey Signer => signer ?? throw new StoreUnavailableException("The key that signs was not read yet.");

    /// <summary>This process, among those on the same database.</summary>
    public string Node { get; } =
        $"{Environment.MachineName[..Math.Min(40, Environment.MachineName.Length)]}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    readonly ConcurrentDictionary<Type, object> options = new();

    /// <summary>What the operator set for a feature; its defaults when nothing was set.</summary>
    public T Options<T>()
        where T : class, new() => (T)options.GetOrAdd(typeof(T), _ => new T());

    public void Configure<T>(T set)
        where T : class, new() => options[typeof(T)] = set;

    public IStore Store => looked;
    public Catalog Catalog { get; }
    public TimeProvider Clock { get; }
    public IdGenerator Ids { get; }
    public SettingsCache Settings { get; }
    public Commits Commits { get; } = new();

    public DateTimeOffset Now => TextRules.ToMillisecond(Clock.GetUtcNow());
}
