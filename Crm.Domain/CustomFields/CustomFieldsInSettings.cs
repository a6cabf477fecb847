// How a workspace's values are read: its default country and its own fields, as a part of its settings.

using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.CustomFields;

public static class CustomFieldsInSettings
{
    public static readonly SettingsPart<ReadContexts> Part = new(
        async (settings, reader, cancel) =>
        {
            var country = settings.Workspace.DefaultCountry;
            var fields = await reader.All<CustomField>(cancel);
            return new(
                new(country, []),
                fields
                    .GroupBy(field => field.For!)
                    .ToDictionary(
                        group => group.Key,
                        group => new ReadContext(country, [.. group.OrderBy(field => field.Id).Select(field => field.ToField())]),
                        StringComparer.Ordinal
                    )
            );
        }
    );
}
