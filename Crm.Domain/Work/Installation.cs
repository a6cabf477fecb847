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

    Installation(IStore store, Catalog catalog, TimeProvider clock)
    {
        (Store, Catalog, Clock) = (store, catalog, clock);
        Ids = new(clock);
        Settings = new(store, catalog.Settings, clock);
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
        var looked = new CheckedStore(store, catalog.Types, damaged);
        await looked.Start(catalog.Collections, catalog.Rekey, cancel);
        var installation = new Installation(looked, catalog, clock);
        foreach (var purpose in catalog.Seals)
            installation.seals[purpose] = new(await installation.Secret(purpose, cancel));
        installation.Signer = new(await installation.Secret(Signing, cancel));
        foreach (var upgrade in catalog.Upgrades)
            await upgrade(installation, cancel);
        return installation;
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
    public SigningKey Signer { get; private set; } = null!;

    /// <summary>This process, among those on the same database.</summary>
    public string Node { get; } =
        $"{Environment.MachineName[..Math.Min(40, Environment.MachineName.Length)]}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    readonly ConcurrentDictionary<Type, object> options = new();

    /// <summary>What the operator set for a feature; its defaults when nothing was set.</summary>
    public T Options<T>()
        where T : class, new() => (T)options.GetOrAdd(typeof(T), _ => new T());

    public void Configure<T>(T set)
        where T : class, new() => options[typeof(T)] = set;

    public IStore Store { get; }
    public Catalog Catalog { get; }
    public TimeProvider Clock { get; }
    public IdGenerator Ids { get; }
    public SettingsCache Settings { get; }
    public Commits Commits { get; } = new();

    public DateTimeOffset Now => TextRules.ToMillisecond(Clock.GetUtcNow());
}
