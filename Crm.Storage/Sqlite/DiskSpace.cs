// How much room the disk has, asked at most once a second.

namespace Crm.Storage.Sqlite;

sealed class DiskSpace(SqliteStoreOptions options, TimeProvider clock)
{
    readonly Func<long> freeSpace = options.FreeSpace
        ?? (() => new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(options.Path))!).AvailableFreeSpace);
    readonly Lock gate = new();
    long askedAt = long.MinValue;
    long free;
    bool wasShort;

    /// <summary>Nothing is written any more.</summary>
    public bool BelowFloor() => Free() < options.DiskFloorBytes;

    /// <summary>What is left is for forms.</summary>
    public bool BelowReserve() => Free() < options.DiskReserveBytes;

    long Free()
    {
        lock (gate)
        {
            if (askedAt != long.MinValue && clock.GetElapsedTime(askedAt) < TimeSpan.FromSeconds(1))
                return free;
            askedAt = clock.GetTimestamp();
            try
            {
                free = freeSpace();
            }
            catch (IOException)
            {
                free = long.MaxValue; // A disk that cannot say is tried; it says itself when it is full.
            }
            // Below the floor the refusals speak for themselves.
            if (free >= options.DiskFloorBytes && free < options.DiskReserveBytes != wasShort)
            {
                wasShort = !wasShort;
                options.Log?.Invoke(
                    wasShort
                        ? $"The disk has {free >> 20} MiB left: clicks and views are only counted, the room is kept for forms."
                        : "The disk has room again: clicks and views are stored."
                );
            }
            return free;
        }
    }
}
