// Making a workspace that can be used at once: its first key and a working form come with it.

using System.Text.Json;
using Crm.Domain.Forms;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Retention;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Workspaces;

public static class CreateWorkspace
{
    /// <summary>For a key of the installation only. The answer carries the new workspace's first key, once.</summary>
    public static async ValueTask<ActionResult> Run(UnitOfWork work, JsonElement body, CancellationToken cancel)
    {
        if (body.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");
        var errors = new FieldErrors();
        var workspace = (Workspace)ResourceType.Of<Workspace>().ReadNew(body, ReadContext.Nothing, errors);
        if (errors.Any)
            throw ProblemException.Invalid(errors);
        var secret = ApiKey.NewSecret();
        var made = await Make(work.Installation, workspace, secret, installationKey: false, work.By, null, cancel);
        return new(made) { ShownOnce = new Dictionary<string, string> { ["key"] = secret } };
    }

    /// <summary>
    /// The workspace, its key, its form "Contact" and its usual retention policies, in one commit. The number is the time of making, moved
    /// on when taken; with <paramref name="exactly"/> it is that one, and null is returned when it is taken.
    /// </summary>
    public static ValueTask<Workspace?> Make(
        Installation installation,
        Workspace workspace,
        string secret,
        bool installationKey,
        string by,
        WorkspaceKey? exactly,
        CancellationToken cancel
    )
    {
        var first = exactly?.Value ?? installation.Now.ToUnixTimeMilliseconds();
        return CommitLoop.Run<Workspace?>(
            async attempt =>
            {
                var numbered = workspace with { Id = installation.Ids.Next(), Number = first + attempt - 1 };
                var settings = await WorkspaceSettings.Load(
                    installation.Catalog.Settings,
                    new NewSettingsReader(installation.Store.Open(new(numbered.Number)), numbered),
                    cancel
                );
                var work = new UnitOfWork(installation, settings, by);
                var made = work.Insert(numbered);
                work.Insert(
                    new ApiKey
                    {
                        Name = "Admin",
                        Scopes = ["*"],
                        Hash = ApiKey.HashOf(secret),
                        Start = ApiKey.StartOf(secret),
                        Installation = installationKey,
                    }
                );
                work.Insert(ContactForm());
                UsualPolicies.Make(work);
                return (work, made);
            },
            cancel,
            (_, met) =>
            {
                if (met.Conflicts.Any(c => c.Field == "hash"))
                    throw new ProblemException(ProblemCodes.AlreadyExists, "Another workspace has this key.");
                return new((exactly is not null, null));
            }
        );
    }

    /// <summary>The form every workspace starts with.</summary>
    public static Form ContactForm() =>
        new()
        {
            Name = "Contact",
            Key = PublicKey.New(),
            Fields =
            [
                new()
                {
                    Name = "name",
                    Label = "Name",
                    Kind = FormFieldKind.Text,
                    MapsTo = "name",
                    Autocomplete = "name",
                    MaxLength = 160,
                },
                new()
                {
                    Name = "email",
                    Label = "E-mail",
                    Kind = FormFieldKind.Email,
                    Required = true,
                    MapsTo = "email",
                    Autocomplete = "email",
                },
                new()
                {
                    Name = "phone",
                    Label = "Phone",
                    Kind = FormFieldKind.Phone,
                    MapsTo = "phone",
                    Autocomplete = "tel",
                },
                new()
                {
                    Name = "message",
                    Label = "Message",
                    Kind = FormFieldKind.LongText,
                    MapsTo = "message",
                    MaxLength = 8000,
                },
                // Not asked for; a page that sends it says something that a lead has a place for.
                new()
                {
                    Name = "company",
                    Label = "Company",
                    Kind = FormFieldKind.Hidden,
                    MapsTo = "company",
                    MaxLength = 150,
                },
            ],
        };
}
