// The first minutes: makes the first workspace, its key and its form, and says how to post the first lead.

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
                    options.Country,
                    options.TrustedProxies.Count > 0,
                    installation.Store.IsShared && file is null,
                    !isOpen
                )
            );
        });
    }

    /// <summary>Makes what is missing: the default workspace, and the admin key of the configuration. Returns a key that was made and has
    /// to be shown.</summary>
    public static async Task<string?> Ensure(Installation installation, string? adminKey, string? country = null)
    {
        var workspaces = ResourceType.Of<Workspace>();
        var keys = ResourceType.Of<ApiKey>();
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
        if (adminKey is not null && await installation.Store.FindOwner(keys.Collection, "hash", ApiKey.HashOf(adminKey), default) is null)
        {
            var work = new UnitOfWork(installation, await installation.Settings.Workspace(Default, default), "system");
            work.Insert(
                new ApiKey
                {
                    Name = "Admin (configuration)",
                    Scopes = ["*"],
                    Hash = ApiKey.HashOf(adminKey),
                    Start = ApiKey.StartOf(adminKey),
                    Installation = true,
                }
            );
            await work.Commit(default);
        }
        return show;
    }

    static async Task<Form?> AnyForm(Installation installation)
    {
        var forms = ResourceType.Of<Form>();
        using var page = await installation.Store.Open(Default).Query(new(forms.Collection, null, [], false, null, 1), default);
        return page.Count == 0 ? null : forms.FromRow<Form>(page[0]);
    }

    static string Greeting(string address, string? form, string? key, FirstCountry country, bool isProxyKnown, bool lacksSpool, bool isAway)
    {
        var lines = new List<string> { $"Crm is running at {address}" };
        if (isAway)
            lines.Add("The database is away: form posts are kept in the spool until it is there; everything else is answered 503.");
        if (key is not null)
            lines.Add($"Admin API key: {key}");
        if (form is not null)
        {
            lines.Add($"Hosted form:   {address}/forms/{form}");
            lines.Add($"Submit URL:    {address}/f/{form}");
            lines.Add(
                $"Try it:        curl -H 'Accept: application/json' -d 'name=Ana Silva' -d 'email=ana@silva.example.org' {address}/f/{form}"
            );
        }
        lines.Add($"Read leads:    curl -H 'Authorization: Bearer {key ?? "YOUR_KEY"}' {address}/v1/leads");
        lines.Add($"API reference: {address}/swagger");
        if (!isProxyKnown)
            lines.Add("Behind a proxy?  Set Crm__TrustedProxies to its address, or all visitors count as one.");
        if (lacksSpool)
            lines.Add(
                "No spool: while the database is away, form posts are answered 503. Crm__Spool__Path, a lasting folder of this node, keeps them."
            );
        if (key is not null)
        {
            lines.Add(
                country.Code is { } code
                    ? $"Phone numbers without a country code are read as {code}'s, by {country.Because} (defaultCountry of the workspace)."
                    : "Phone numbers need their country code until the workspace has a defaultCountry (Crm__DefaultCountry at the first start)."
            );
            lines.Add("The key is shown this once; only its hash is stored.");
        }
        return string.Join(Environment.NewLine, lines);
    }
}
