// What a node keeps of a form, so that it takes posts of it also when it is started while the database is away.

using System.Text.Json;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.Spooling;

/// <summary>
/// The form, its site and its workspace, without secrets: what reads a post, says which pages may read the answer, and leads to the page of
/// thanks. Whether a post is accepted is decided when it is taken over, by the form as it is then; so neither keys nor rules are here.
/// </summary>
sealed record SpooledForm(long Workspace, IReadOnlyList<SpooledForm.Kept> Records)
{
    /// <param name="Type">The resource's name.</param>
    /// <param name="Json">As the database has it.</param>
    public sealed record Kept(string Type, string Id, long Version, JsonElement Json);

    static readonly ResourceType[] Types = [ResourceType.Of<Form>(), ResourceType.Of<Site>(), ResourceType.Of<Workspace>()];

    public static byte[] Write(PlannedForm form)
    {
        var (settings, own) = (form.Settings, form.Form);
        // What a field of the workspace's own requires is said by the form's own field here: fields of the workspace are not kept.
        var kept = own with { Fields = [.. form.Fields.Select(field => field.Definition with { Required = field.Required })] };
        IEnumerable<Resource> records = [kept, settings.Workspace, .. settings.Sites.Where(site => site.Id == own.Site)];
        return JsonSerializer.SerializeToUtf8Bytes(new SpooledForm(settings.Key.Value, [.. records.Select(Of)]));
    }

    static Kept Of(Resource record)
    {
        var type = ResourceType.Of(record.GetType());
        using var json = JsonDocument.Parse(type.ToJson(record, withSecrets: false));
        return new(type.Name, type.Text(record.Id), record.Version, json.RootElement.Clone());
    }

    /// <summary>Null when it cannot be read: another version of the product wrote it.</summary>
    public static async ValueTask<PlannedForm?> Read(byte[] json, Installation installation)
    {
        try
        {
            if (JsonSerializer.Deserialize<SpooledForm>(json) is not { } kept)
                return null;
            Resource[] records = [.. kept.Records.Select(Record)];
            var reader = new NewSettingsReader(installation.Store.Open(new(kept.Workspace)), records);
            var settings = await WorkspaceSettings.Load(installation.Catalog.Settings, reader, CancellationToken.None);
            return new(settings, records.OfType<Form>().Single());
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    static Resource Record(Kept kept)
    {
        var type = Types.First(type => type.Name == kept.Type);
        return Id.TryParse(kept.Id, type.Prefix, out var id)
            ? type.FromRow(new(id, kept.Version, JsonSerializer.SerializeToUtf8Bytes(kept.Json)))
            : throw new FormatException("No id.");
    }
}
