// What every use case works with: the store, the clock, the ids, the settings, the catalog.

using System.Security.Cryptography;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;

namespace Crm.Domain.Work;

/// <summary>The running product. One for each process; holds no data of its own but caches.</summary>
public sealed class Installation
{
    Installation(IStore store, Catalog catalog, TimeProvider clock)
    {
        (Store, Catalog, Clock) = (store, catalog, clock);
        Ids = new(clock);
        Settings = new(this);
    }

    /// <summary>Creates or upgrades what is stored and makes the installation's random keys at the first start.</summary>
    public static async Task<Installation> Open(IStore store, Catalog catalog, TimeProvider clock, CancellationToken cancel)
    {
        await store.Start(catalog.Collections, catalog.Rekey, cancel);
        var installation = new Installation(store, catalog, clock);
        installation.CursorKey = await installation.Secret("cursors", cancel);
        installation.FillTime = new(await installation.Secret("fill-time", cancel), clock);
        installation.FollowLink = new(installation, await installation.Secret("clicks", cancel));
        installation.TakeEvents = new(installation);
        installation.SubmitForm = new(installation, installation.FillTime);
        return installation;
    }

    /// <summary>A random key of 32 bytes, the same on every node and after every start.</summary>
    async Task<byte[]> Secret(string purpose, CancellationToken cancel)
    {
        var type = ResourceType.Of<InstallationSecret>();
        var rows = Store.Open(WorkspaceKey.Installation);
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

    public byte[] CursorKey { get; private set; } = [];
    public FillTime FillTime { get; private set; } = null!;
    public SubmitForm SubmitForm { get; private set; } = null!;
    public Touches.TakeEvents TakeEvents { get; private set; } = null!;
    public FollowLink FollowLink { get; private set; } = null!;

    /// <summary>This process, among those on the same database.</summary>
    public string Node { get; } =
        $"{Environment.MachineName[..Math.Min(40, Environment.MachineName.Length)]}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";

    public IStore Store { get; }
    public Catalog Catalog { get; }
    public TimeProvider Clock { get; }
    public IdGenerator Ids { get; }
    public SettingsCache Settings { get; }
    public Commits Commits { get; } = new();

    public DateTimeOffset Now => TextRules.ToMillisecond(Clock.GetUtcNow());
}
