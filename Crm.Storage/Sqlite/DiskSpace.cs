// How much room the disk has, asked at most once a second.

namespace Crm.Storage.Sqlite;

sealed class DiskSpace(SqliteStoreOptions options, TimeProvider clock)
{
    readonly Func<long> freeSpace = options.FreeSpace
        ?? (() => new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(options.Path))!).AvailableFreeSpace);
    readonly Lock gate = new();
    long askedAt = long.MinValue;
    bool below;

    public bool BelowFloor()
    {
        lock (gate)
        {
            if (askedAt != long.MinValue && clock.GetElapsedTime(askedAt) < TimeSpan.FromSeconds(1))
                return below;
            askedAt = clock.GetTimestamp();
            try
            {
                below = freeSpace() < options.DiskFloorBytes;
            }
            catch (IOException)
            {
                below = false; // A disk that cannot say is tried; it says itself when it is full.
            }
            return below;
        }
    }
}
