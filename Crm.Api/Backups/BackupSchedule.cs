// When the server backs its embedded database up by itself, where to, and how many of the backups stay.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Api.Backups;

/// <param name="Database">The embedded database; null: there is no schedule.</param>
/// <param name="Folder">Where the backups go.</param>
/// <param name="Every">From one backup to the next.</param>
/// <param name="Passphrase">Null: they are not encrypted.</param>
public sealed record BackupSchedule(string? Database, string Folder, TimeSpan Every, BackupsKept Keep, string? Passphrase)
{
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1),
        Longest = TimeSpan.FromDays(31);

    /// <param name="database">The embedded database; null: another one is used.</param>
    /// <param name="root">What a relative folder counts from.</param>
    public static BackupSchedule From(IConfiguration configuration, string? database, string root)
    {
        var settings = configuration.GetSection("Crm:Backup");
        if (settings["Folder"] is not { Length: > 0 } folder)
            return new(null, "", default, BackupsKept.Usual, null);
        if (database is null)
            throw new StoreConfigurationException(
                "Crm__Backup__Folder is for the embedded database; PostgreSQL and MongoDB are backed up by their own programs: crm backup says how."
            );
        folder = Path.GetFullPath(folder, root);
        // Not made: a disk that is not mounted would be filled up beside it.
        if (!Directory.Exists(folder))
            throw new StoreConfigurationException($"There is no folder '{folder}', which Crm__Backup__Folder names.");
        if (
            !double.TryParse(settings["EveryHours"] ?? "24", CultureInfo.InvariantCulture, out var hours)
            || !(hours >= Shortest.TotalHours && hours <= Longest.TotalHours)
        )
            throw new StoreConfigurationException("Crm__Backup__EveryHours must be a number up to 744, such as 24 or 0.5.");
        return new(
            database,
            folder,
            TimeSpan.FromHours(hours),
            BackupsKept.Read(settings["Keep"])
                ?? throw new StoreConfigurationException(
                    "Crm__Backup__Keep must be days, weeks and months, each with a number from 0 to 1000: 7/4/12."
                ),
            Backups.Passphrase.Read(null, configuration)
        );
    }
}

/// <summary>Why the last backup by schedule failed, for whoever asks how the product is.</summary>
public sealed class BackupFailure
{
    volatile string? because;

    /// <summary>Null: it did not.</summary>
    public string? Because
    {
        get => because;
        set => because = value;
    }

    public string? Line => because is { } why ? $"the last backup by schedule failed, and is tried again: {why}" : null;
}
