// What an operator hears of the master key beside a backup: it is in none, and what was sealed opens with it only.

using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Startup;

static class SealedSecrets
{
    /// <summary>Behind a backup that was made; null: there is no master key yet.</summary>
    public static string? NotInBackup(MasterKeyFile file, bool isSaid) =>
        isSaid || file.Exists
            ? $"The master key is not in it: keep {(isSaid ? "what Crm__MasterKey says" : $"a copy of '{file.Path}'")} apart from the backups. Without it the secrets in them cannot be opened."
            : null;

    /// <summary>Which master key a restored file needs that is not here; null: none.</summary>
    public static async Task<string?> Lacking(string database, MasterKeys keys)
    {
        foreach (var json in await SqliteBackup.Documents(database, ResourceType.Of<InstallationSecret>().Collection.Name))
        {
            using var document = JsonDocument.Parse(json);
            if (
                document.RootElement.TryGetProperty("sealed", out var text)
                && text.ValueKind == JsonValueKind.String
                && MasterKeys.KeyOf(text.GetString()!) is { } key
                && !keys.Knows(key)
            )
                return key;
        }
        return null;
    }
}
