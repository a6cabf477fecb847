// A disk of a few megabytes, in memory, that a test can fill; unmounted whatever happens.

using System.Diagnostics;
using System.Globalization;

namespace Crm.Tests.Faults;

public sealed class SmallDisk : IAsyncDisposable
{
    SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    string Filling => Path.Combine(Folder, "filling");

    public static async Task<SmallDisk> Mount(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("crm-disk-").FullName;
        await Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "tmpfs", folder);
        return new(folder);
    }

    public Task MakeReadOnly() => Run("mount", "-o", "remount,ro", Folder);

    public long Free => new DriveInfo(Folder).AvailableFreeSpace;

    /// <summary>Takes room at once until so many bytes are left.</summary>
    public void FillUpTo(long left)
    {
        using var file = new FileStream(Filling, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.None);
        var chunk = new byte[64 * 1024];
        try
        {
            while (Free > left)
                file.Write(chunk, 0, (int)Math.Min(chunk.Length, Math.Max(4096, Free - left)));
        }
        catch (IOException)
        {
            // Full to the last page, which is what was asked for.
        }
    }

    public void Clear() => File.Delete(Filling);

    public async ValueTask DisposeAsync()
    {
        // Lazily: a product that is just ending may still hold a file.
        await Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, said);
    }
}
