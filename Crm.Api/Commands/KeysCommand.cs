// The keys command: makes, lists and revokes API keys for whoever runs the installation, who may have lost the last one.

using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Crm.Api.Startup;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Commands;

/// <summary>Who may write the database may do everything with it: no key is asked for.</summary>
static class KeysCommand
{
    const string By = "system";

    public static Command Make()
    {
        var workspace = new Option<string?>("--workspace")
        {
            HelpName = "NAME",
            Description = "Name, id or number of the workspace; the first one unless it is said.",
        };
        return new("keys", "Makes, lists and revokes API keys. With the embedded database stop the server first.")
        {
            New(workspace),
            NewAdmin(),
            List(workspace),
            Revoke(workspace),
        };
    }

    static Command New(Option<string?> workspace)
    {
        var name = new Option<string?>("--name") { HelpName = "TEXT", Description = "What it is used for, as lists of keys show it." };
        var purpose = new Option<string?>("--for")
        {
            HelpName = string.Join('|', KeyPurposes.All.Keys),
            Description = "The scopes that a page of the product needs.",
        };
        purpose.AcceptOnlyFromAmong([.. KeyPurposes.All.Keys]);
        var scopes = new Option<string?>("--scopes")
        {
            HelpName = "LIST",
            Description = "What it may do, with commas: leads:read,forms:write. * is everything of the workspace.",
        };
        var days = new Option<int?>("--days") { HelpName = "N", Description = "How long it lasts; for ever unless it is said." };
        var command = new Command("new", "Makes a key and prints it, this once.")
        {
            workspace,
            name,
            purpose,
            scopes,
            days,
            Settings.Argument(),
        };
        command.Validators.Add(given =>
        {
            if (given.GetValue(purpose) is null == given.GetValue(scopes) is null)
                given.AddError("Say what the key is for: --for desk, or --scopes leads:read,forms:write.");
            if (given.GetValue(days) is <= 0 or > 36_500)
                given.AddError("--days must be a number from 1 to 36500.");
        });
        command.SetAction((parsed, cancel) => InWorkspace(parsed, parsed.GetValue(workspace), (installation, settings) => Store(
                        installation,
                        settings,
                        new()
                        {
                            Name = parsed.GetValue(name) ?? (parsed.GetValue(purpose) is { } word ? $"For {word}" : "Made by crm keys"),
                            Scopes = parsed.GetValue(purpose) is { } one
                                ? [.. KeyPurposes.All[one]]
                                :
                                [
                                    .. parsed
                                        .GetValue(scopes)!
                                        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                                ],
                            ExpiresAt = parsed.GetValue(days) is { } n ? installation.Now.AddDays(n) : null,
                        },
                        cancel
                    )));
        return command;
    }

    static Command NewAdmin()
    {
        var command = new Command(
            "new-admin",
            "Makes a key that may do everything, also make workspaces: the way back when the admin key is lost. The lost one is revoked by 'crm keys revoke'."
        )
        {
            Settings.Argument(),
        };
        command.SetAction((parsed, cancel) => InWorkspace(parsed, null, (installation, settings) => Store(
                        installation,
                        settings,
                        new()
                        {
                            Name = "Admin",
                            Scopes = ["*"],
                            Installation = true,
                        },
                        cancel
                    )));
        return command;
    }

    static Command List(Option<string?> workspace)
    {
        var command = new Command("list", "Lists the keys of a workspace: id, first characters, name, scopes.")
        {
            workspace,
            Settings.Argument(),
        };
        command.SetAction((parsed, cancel) => InWorkspace(parsed, parsed.GetValue(workspace), async (installation, settings) =>
                {
                    var type = ResourceType.Of<ApiKey>();
                    await foreach (var page in settings.Store.Pages(new(type.Collection, null, [], false, null, 500), cancel))
                        for (var i = 0; i < page.Count; i++)
                        {
                            var key = type.FromRow<ApiKey>(page[i]);
                            var state =
                                key.RevokedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"revoked {at:yyyy-MM-dd}")
                                : key.IsUsable(installation.Now) ? "usable"
                                : "expired";
                            Console.Out.WriteLine(
                                $"{key.Id.Text<ApiKey>()}  {key.Start}...  {state}  {key.Name}  {string.Join(',', key.Scopes)}{(key.Installation ? "  (makes workspaces)" : "")}"
                            );
                        }
                }));
        return command;
    }

    static Command Revoke(Option<string?> workspace)
    {
        var which = new Argument<string>("key") { Description = "The key's id, or its first characters as 'list' shows them." };
        var command = new Command("revoke", "Refuses a key from now on. Cannot be undone.") { which, workspace, Settings.Argument() };
        command.SetAction((parsed, cancel) => InWorkspace(parsed, parsed.GetValue(workspace), async (installation, settings) =>
                {
                    var (type, asked) = (ResourceType.Of<ApiKey>(), parsed.GetValue(which)!);
                    var found = new List<ApiKey>();
                    await foreach (var page in settings.Store.Pages(new(type.Collection, null, [], false, null, 500), cancel))
                        for (var i = 0; i < page.Count; i++)
                            if (
                                type.FromRow<ApiKey>(page[i]) is var key
                                && (key.Id.Text<ApiKey>() == asked || key.Start == asked.TrimEnd('.'))
                            )
                                found.Add(key);
                    if (found is not [var one])
                        throw new StoreConfigurationException(
                            found.Count == 0 ? $"There is no key '{asked}' in this workspace." : $"'{asked}' is several keys: say the id."
                        );
                    if (one.RevokedAt is null)
                    {
                        var work = new UnitOfWork(installation, settings, By);
                        work.Replace(one, one with { RevokedAt = work.Now }, "revoked");
                        await work.Commit(cancel);
                    }
                    Console.Out.WriteLine($"The key {one.Start}... ({one.Name}) is revoked.");
                }));
        return command;
    }

    /// <summary>By the rules of keys that are made over the API.</summary>
    static async Task Store(Installation installation, WorkspaceSettings settings, ApiKey key, CancellationToken cancel)
    {
        var work = new UnitOfWork(installation, settings, By);
        var errors = new FieldErrors();
        var ready = await PrepareApiKey.Run(work, null, key, errors, cancel);
        if (key.Scopes.IsDefaultOrEmpty)
            errors.Add("scopes", "required", "Say at least one scope.");
        if (errors.Any)
            throw new StoreConfigurationException($"--{errors.All[0].Field}: {errors.All[0].Message}");
        var made = work.Insert(ready);
        await work.Commit(cancel);
        Console.Out.WriteLine($"{(key.Installation ? "Admin API key" : "API key")}: {work.ShownOnce["key"]}");
        Console.Out.WriteLine(
            $"It is {made.Id.Text<ApiKey>()} of the workspace '{settings.Workspace.Name}', shown this once; only its hash is stored."
        );
    }

    static async Task<int> InWorkspace(ParseResult parsed, string? named, Func<Installation, WorkspaceSettings, Task> run)
    {
        var builder = Settings.Builder(parsed);
        Telemetry.Configure(builder);
        var installation = await Stores.Open(builder, CrmCatalog.Standard, MissingDatabase.Refuse);
        await using var store = installation.Store;
        var key = named is null ? FirstStart.Default : await Find(installation, named);
        await run(installation, await installation.Settings.Workspace(key, default));
        return CommandLine.Done;
    }

    static async Task<WorkspaceKey> Find(Installation installation, string named)
    {
        var type = ResourceType.Of<Workspace>();
        var (found, names) = (new List<WorkspaceKey>(), new List<string>());
        await foreach (var at in installation.Store.Workspaces(type.Collection, default))
        await foreach (var page in installation.Store.Open(at).Pages(new(type.Collection, null, [], false, null, 500), default))
            for (var i = 0; i < page.Count; i++)
            {
                var workspace = type.FromRow<Workspace>(page[i]);
                names.Add($"'{workspace.Name}'");
                if (
                    string.Equals(workspace.Name, named, StringComparison.OrdinalIgnoreCase)
                    || workspace.Id.Text<Workspace>() == named
                    || workspace.Number.ToString(CultureInfo.InvariantCulture) == named
                )
                    found.Add(new(workspace.Number));
            }
        return found switch
        {
            [var one] => one,
            [] => throw new StoreConfigurationException(
                $"There is no workspace '{named}'. There are: {string.Join(", ", names.Take(20))}."
            ),
            _ => throw new StoreConfigurationException($"Several workspaces are called '{named}': say the id or the number."),
        };
    }
}
