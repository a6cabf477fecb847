// The workspace that the demo fills: one of its own, found again by its number, so that no lead of anybody stands among made-up ones.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Demo;

static class DemoWorkspace
{
    public const string Name = "demo";

    /// <summary>Other workspaces are numbered by the time of their making, the first one is 1.</summary>
    static readonly WorkspaceKey Number = new(2);

    /// <summary>Makes it unless it is there.</summary>
    /// <returns>Its number, and its key when it was made just now.</returns>
    public static async Task<(WorkspaceKey Workspace, string? Key)> Ensure(Installation installation)
    {
        if (
            await installation.Store.FindOwner(ResourceType.Of<Workspace>().Collection, "numberClaim", Number.Value.ToString(), default)
            is not null
        )
            return (Number, null);
        var secret = ApiKey.NewSecret();
        var made = await CreateWorkspace.Make(
            installation,
            new() { Name = Name, DefaultCountry = "BR" },
            secret,
            installationKey: false,
            "system",
            Number,
            default
        );
        return (Number, made is null ? null : secret);
    }
}
