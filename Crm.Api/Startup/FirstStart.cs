// The first minutes: makes the first workspace, its key and its form, and says how to post the first lead.

using Crm.Api.Http;
using Crm.Api.Spooling;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Crm.Api.Startup;

public static class FirstStart
{
    /// <summary>The number of the workspace that the first start makes.</summary>
    public static readonly WorkspaceKey Default = new(1);

    public static async Task Run(WebApplication app, Installation installation, CrmOptions options)
    {
        var file = app.Services.GetRequiredService<Spool>().File;
        // What is to be made is made when the database is there.
        var isOpen = installation.IsOpen;
        var made = isOpen ? await Ensure(installation, options.AdminKey, options.Country.Code) : null;
        var form = isOpen ? (await AnyForm(installation))?.Key : file?.FirstForm;
        // Tests and embedders start and stop the same process often; the operator reads the console.
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
                ?? Server.DefaultUrl;
            Console.Out.WriteLine(
                Greeting(
                    address.Replace("0.0.0.0", "127.0.0.1").Replace("[::]", "127.0.0.1"),
                    form,
                    made,
                    options,
                    Place(app),
                    KeyFile(app),
                    installation.Store.IsShared && file is null,
                    !isOpen,
                    app.Services.GetRequiredService<PublicUrl>().Said is null,
                    KnownSettings.Unknown(app.Configuration, options.Limits)
                )
            );
        });
    }

    /// <summary>Makes what is missing: the default workspace, and the admin key of the configuration. Returns a key that was made and has
    /// to be shown.</summary>
    public static async Task<string?> Ensure(Installation installation, string? adminKey, string? country = null)
    {
        var workspaces = ResourceType.Of<Workspace>();
        string? show = null;
        if (await installation.Store.FindOwner(workspaces.Collection, "numberClaim", Default.Value.ToString(), default) is null)
        {
            var secret = adminKey ?? ApiKey.NewSecret();
            // Two nodes may start at once on an empty database: the number is unique, so one of them makes the workspace.
            var first = await CreateWorkspace.Make(
                installation,
                new() { Name = "default", DefaultCountry = country },
                secret,
                installationKey: true,
                "system",
                Default,
                default
            );
            show = first is not null && adminKey is null ? secret : null;
        }
        if (adminKey is not null)
            await Configure(installation, adminKey);
        return show;
    }

    /// <summary>The key of the configuration is there and is the only one of its kind: one that it says no more goes. One that somebody
    /// revoked stays revoked.</summary>
    static async Task Configure(Installation installation, string adminKey)
    {
        var type = ResourceType.Of<ApiKey>();
        await CommitLoop.Run<bool>(
            async _ =>
            {
                var settings = await installation.Settings.Workspace(Default, default);
                var work = new UnitOfWork(installation, settings, "system");
                var (hash, isThere) = (ApiKey.HashOf(adminKey), false);
                // Few, and read only at the start: no index says which of them are configured.
                await foreach (var page in settings.Store.Pages(new(type.Collection, null, [], false, null, 500), default))
                    for (var i = 0; i < page.Count; i++)
                    {
                        var key = type.FromRow<ApiKey>(page[i]);
                        isThere |= key.Hash == hash;
                        if (key.Hash == hash && !key.Configured)
                            work.Replace(key, key with { Configured = true }, null);
                        else if (key.Hash != hash && key.Configured)
                            work.Delete(key);
                    }
                if (!isThere && await installation.Store.FindOwner(type.Collection, "hash", hash, default) is not null)
                    throw new StoreConfigurationException("Crm__AdminKey is a key of another workspace: say another one.");
                if (!isThere)
                    work.Insert(
                        new ApiKey
                        {
                            Name = "Admin (configuration)",
                            Scopes = ["*"],
                            Hash = hash,
                            Start = ApiKey.StartOf(adminKey),
                            Installation = true,
                            Configured = true,
                        }
                    );
                return (work, true);
            },
            default
        );
    }

    static async Task<Form?> AnyForm(Installation installation)
    {
        var forms = ResourceType.Of<Form>();
        using var page = await installation.Store.Open(Default).Query(new(forms.Collection, null, [], false, null, 1), default);
        return page.Count == 0 ? null : forms.FromRow<Form>(page[0]);
    }

    static string Greeting(
        string address,
        string? form,
        string? key,
        CrmOptions options,
        string store,
        string? keyFile,
        bool lacksSpool,
        bool isAway,
        bool isAskedHostNamed,
        IEnumerable<string> unknown
    )
    {
        var lines = new List<string> { $"Crm {Telemetry.Version} is running at {address}" };
        if (isAway)
            lines.Add("The database is away: form posts are kept in the spool until it is there; everything else is answered 503.");
        if (key is not null)
            lines.Add($"Admin API key: {key}");
        lines.Add($"Data:          {store}");
        if (keyFile is not null)
            lines.Add($"Master key:    {keyFile}");
        if (form is not null)
        {
            lines.Add($"Hosted form:   {address}/forms/{form}");
            lines.Add($"Submit URL:    {address}/f/{form}");
            lines.Add(
                $"Try it:        curl -H 'Accept: application/json' -d 'name=Ana Silva' -d 'email=ana@silva.example.org' {address}/f/{form}"
            );
        }
        lines.Add($"Read leads:    curl -H 'Authorization: Bearer {key ?? "YOUR_KEY"}' {address}/v1/leads");
        lines.Add($"Desk:          {address}/desk");
        lines.Add($"Reports:       {address}/reports");
        lines.Add($"API reference: {address}/swagger");
        lines.Add($"GraphQL:       {address}/graphql");
        lines.Add("Documents:     README.md and docs/ of the source; crm --help");
        if (isAskedHostNamed)
            lines.Add("Addresses name the host that each request asks for, until Crm__PublicUrl says how the world reaches this.");
        if (options.TrustedProxies.Count == 0)
            lines.Add("Behind a proxy?  Set Crm__TrustedProxies to its address, or all visitors count as one.");
        if (lacksSpool)
            lines.Add(
                "No spool: while the database is away, form posts are answered 503. Crm__Spool__Path, a lasting folder of this node, keeps them."
            );
        if (key is not null)
        {
            lines.Add(
                options.Country.Code is { } code
                    ? $"Phone numbers without a country code are read as {code}'s, by {options.Country.Because} (defaultCountry of the workspace)."
                    : "Phone numbers need their country code until the workspace has a defaultCountry (Crm__DefaultCountry at the first start)."
            );
            if (keyFile is not null)
                lines.Add("The master key opens the secrets in the database and is in no backup: keep a copy of its file apart from them.");
            lines.Add("The key is shown this once; only its hash is stored. A lost one is replaced by: crm keys new-admin");
        }
        lines.AddRange(unknown);
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>Where the master key lies, when it lies in a file.</summary>
    static string? KeyFile(WebApplication app)
    {
        var file = MasterKeyFile.Of(app);
        return file.Exists ? file.Path : null;
    }

    /// <summary>Where the data lies, in full, without anybody's password.</summary>
    static string Place(WebApplication app)
    {
        var connection = app.Configuration.GetConnectionString("Crm")!;
        return Stores.EmbeddedFile(connection, app.Environment.ContentRootPath)
            ?? (
                Uri.TryCreate(connection, UriKind.Absolute, out var at)
                    ? $"{at.Scheme}://{at.Authority}{at.AbsolutePath}"
                    : connection.Split(':')[0]
            );
    }
}
