// Backs the embedded database up by schedule, removes the backups that need not stay, and says in the log what it did.

using Crm.Api.Backups;
using Crm.Api.Http;
using Crm.Domain.Links;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Api.Workers;

public sealed class BackingUp(
    Installation installation,
    StoreOutage outage,
    BackupSchedule schedule,
    BackupFailure failure,
    ErasureJournal journal,
    ILogger<BackingUp> log
) : Worker(installation, outage, log)
{
    /// <summary>After one that failed, unless the next is due sooner.</summary>
    static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(10);

    /// <summary>A restart says nothing of when the last was made: the files do.</summary>
    BackupFolder Folder => field ??= new(schedule.Folder, Installation.Seal(ClickToken.Purpose).Hex("backups"u8, 4));

    protected override string Name => "backing-up";

    protected override bool Begin() => schedule.Database is not null;

    protected override async ValueTask<TimeSpan> Step(HeldLease? lease, CancellationToken stop)
    {
        try
        {
            if (Due() is var due && due > TimeSpan.Zero)
                return due;
            await BackUp(schedule.Database!);
            failure.Because = null;
            return Due();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or StoreConfigurationException)
        {
            if (failure.Because is null)
                Log.LogError("The backup failed; it is tried again. {Because}", error.Message);
            failure.Because = error.Message;
            return schedule.Every < AfterFailure ? schedule.Every : AfterFailure;
        }
    }

    TimeSpan Due()
    {
        var backups = Folder.Backups();
        if (backups.Count == 0)
            return TimeSpan.Zero;
        var due = backups.Max(backup => backup.At) + schedule.Every - Installation.Now;
        // One of the future, by a clock that was set back, does not put the next one off for years.
        return due < schedule.Every ? due : schedule.Every;
    }

    async Task BackUp(string database)
    {
        var began = Installation.Clock.GetTimestamp();
        var file = Folder.FileFor(Installation.Now, schedule.Passphrase is not null);
        var manifest = await TakeBackup.Run(database, file, schedule.Passphrase, journal, Installation.Clock);
        new LastBackup(manifest.MadeAt, file, manifest.Bytes).Note(database);
        var removed = Folder.Prune(schedule.Keep, Installation.Now);
        Log.LogInformation(
            "Backed up: {Records} records, {Bytes} bytes in {File}, within {Seconds:0.0} s; {Removed} older backups were removed.",
            manifest.AllRecords,
            new FileInfo(file).Length,
            file,
            Installation.Clock.GetElapsedTime(began).TotalSeconds,
            removed
        );
    }
}
