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
    VerifyingKey? verifier;
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
        await ReadSigningKey(cancel);
        foreach (var upgrade in Catalog.Upgrades)
            await upgrade(this, cancel);
        IsOpen = true;
    }

    /// <summary>A random key of 32 bytes, the same on every node and after every start.</summary>
    async Task<byte[]> Secret(string purpose, CancellationToken cancel)
    {
        // No CommitLoop: there is no installation yet that a unit of work could be for.
        while (true)
        {
            if (await FindSecret(purpose, cancel) is { } kept)
                return Convert.FromBase64String(kept.Value);
            var made = NewSecret(purpose) with { Value = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };
            await Store.Open(WorkspaceKey.Installation).Commit([new Change.Insert(Secrets.ToDocument(made))], cancel);
        }
    }

    static ResourceType Secrets => ResourceType.Of<InstallationSecret>();

    async Task<InstallationSecret?> FindSecret(string purpose, CancellationToken cancel)
    {
        var rows = Store.Open(WorkspaceKey.Installation);
        return
            await rows.FindByKey(Secrets.Collection, "purpose", purpose, cancel) is { } id
            && await rows.Get(Secrets.Collection, id, cancel) is { } row
            ? Secrets.FromRow<InstallationSecret>(row)
            : null;
    }

    InstallationSecret NewSecret(string purpose) =>
        new()
        {
            Id = Ids.Next(),
            Version = 1,
            UpdatedAt = Now,
            Purpose = purpose,
        };

    /// <summary>
    /// The key that signs is stored under the master key, and shows whether the master key is the right one. What an older version stored
    /// as it is is sealed as soon as there is a master key; without one it is used as it is, and none is made.
    /// </summary>
    async Task ReadSigningKey(CancellationToken cancel)
    {
        while (signer is null)
        {
            var kept = await FindSecret(Signing, cancel);
            if (kept?.Sealed?.Stored is { } stored && MasterKeys.KeyOf(stored) is { } key)
            {
                verifier = new(Convert.FromBase64String(kept.Public!));
                if (!MasterKeys.Knows(key))
                {
                    MasterKeys.Lacks(key);
                    return;
                }
                Sign(SealedFields.Open(MasterKeys, WorkspaceKey.Installation, kept, "sealed")!);
                return;
            }
            if (!MasterKeys.CanSeal)
            {
                if (kept is not null)
                    Sign(kept.Value);
                return;
            }
            var seed = kept?.Value ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
            var sealing = SealedFields.Seal(
                MasterKeys,
                WorkspaceKey.Installation,
                Secrets,
                (kept is null ? NewSecret(Signing) : kept with { Version = kept.Version + 1, UpdatedAt = Now }) with
                {
                    Value = "",
                    Sealed = SealedText.Of(seed),
                    Public = Convert.ToBase64String(new SigningKey(Convert.FromBase64String(seed)).Public.Bytes),
                }
            );
            var document = Secrets.ToDocument(sealing);
            Change change = kept is null ? new Change.Insert(document) : new Change.Replace(document, kept.Version);
            if (!(await Store.Open(WorkspaceKey.Installation).Commit([change], cancel)).Committed)
                continue;
            Sign(seed);
            if (kept is not null)
                await Store.Scrub(cancel);
        }

        void Sign(string seed)
        {
            signer = new(Convert.FromBase64String(seed));
            verifier = signer.Public;
        }
    }

    /// <summary>Seals with the installation's random key for this purpose, one of <see cref="Catalog.Seals"/>.</summary>
    public TokenSeal Seal(string purpose) => seals[purpose];

    /// <summary>Signs what others check without the product; its key is one of the installation's secrets. Null where no master key is
    /// and none was stored before there were master keys.</summary>
    public SigningKey? Signer => signer;

    /// <summary>Checks what was signed, also where the master key is not; null: nothing was ever signed.</summary>
    public VerifyingKey? Verifier => verifier;

    /// <summary>What seals secrets. Set before it is opened; the same on every node.</summary>
    public MasterKeys MasterKeys => Options<MasterKeys>();

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
