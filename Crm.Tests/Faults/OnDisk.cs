// Folders of tests for which it matters that files are on a disk: the product is killed in a commit, or the disk fails. Others' may be in memory.

namespace Crm.Tests.Faults;

static class OnDisk
{
    /// <summary>./test puts temporary files into memory where there is room, and says here where the disk is.</summary>
    static readonly string Root = Environment.GetEnvironmentVariable("CRM_TEST_DISK") is { Length: > 0 } disk ? disk : Path.GetTempPath();

    public static DirectoryInfo NewFolder(string prefix) =>
        Directory.CreateDirectory(Path.Combine(Root, prefix + Path.GetRandomFileName()));
}
