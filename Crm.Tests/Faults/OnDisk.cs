// Folders on a disk, for tests in which the product is killed amid a commit or the disk fails. Those of others may be in memory.

namespace Crm.Tests.Faults;

static class OnDisk
{
    /// <summary>./test puts temporary files into memory where there is room, and says here where the disk is.</summary>
    static readonly string Root = Environment.GetEnvironmentVariable("CRM_TEST_DISK") is { Length: > 0 } disk ? disk : Path.GetTempPath();

    public static DirectoryInfo NewFolder(string prefix) =>
        Directory.CreateDirectory(Path.Combine(Root, prefix + Path.GetRandomFileName()));
}
