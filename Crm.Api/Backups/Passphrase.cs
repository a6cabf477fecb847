// The passphrase of a backup: from a file or from the settings, never from the command line, where others would see it.

using System.CommandLine;
using Crm.Domain.Stores;

namespace Crm.Api.Backups;

static class Passphrase
{
    const int Shortest = 12;

    public static Option<string?> Option() =>
        new("--passphrase-file")
        {
            HelpName = "FILE",
            Description =
                "Its first line is the passphrase of an encrypted backup; without it Crm__Backup__PassphraseFile or Crm__Backup__Passphrase, if one is set.",
        };

    /// <summary>Null: none was given.</summary>
    public static string? Read(string? file, IConfiguration settings)
    {
        file ??= settings["Crm:Backup:PassphraseFile"] is { Length: > 0 } configured ? configured : null;
        if (file is null)
            return settings["Crm:Backup:Passphrase"] is { Length: > 0 } set ? Checked(set, "Crm__Backup__Passphrase") : null;
        try
        {
            return Checked(File.ReadLines(file).FirstOrDefault() ?? "", $"The first line of '{file}'");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StoreConfigurationException($"The passphrase cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    static string Checked(string passphrase, string where) =>
        passphrase.Length >= Shortest
            ? passphrase
            : throw new StoreConfigurationException($"{where} is too short for a passphrase: {Shortest} characters are the least.");
}
