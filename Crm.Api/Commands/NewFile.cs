// A file that a command writes: never over another one, and a wrong path is a sentence.

using Crm.Domain.Stores;

namespace Crm.Api.Commands;

static class NewFile
{
    /// <summary>Writes a whole file; when that fails, there is none.</summary>
    public static async Task Write(string path, Func<Stream, Task> write)
    {
        Check(path);
        var made = false;
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew);
            made = true;
            await write(file);
        }
        catch (Exception failure)
        {
            if (made)
                File.Delete(path);
            if (failure is IOException or UnauthorizedAccessException)
                throw Unwritable(path, failure);
            throw;
        }
    }

    /// <summary>Runs what writes a file; what the system says against it becomes a sentence.</summary>
    public static async Task<T> Written<T>(string path, Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, failure);
        }
    }

    static StoreConfigurationException Unwritable(string path, Exception failure) =>
        new($"'{path}' cannot be written: {failure.Message.TrimEnd('.')}.", failure);

    /// <summary>Says why a file of this name cannot be made, as far as it can be seen beforehand.</summary>
    public static void Check(string path)
    {
        if (path.Contains('\0') || string.IsNullOrWhiteSpace(path))
            throw new StoreConfigurationException($"'{path.Replace("\0", "", StringComparison.Ordinal)}' is no path of a file.");
        if (Directory.Exists(path))
            throw new StoreConfigurationException($"'{path}' is a folder: say the name of a file in it.");
        if (File.Exists(path))
            throw new StoreConfigurationException($"'{path}' exists: nothing is overwritten.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            throw new StoreConfigurationException($"There is no folder '{folder}'.");
    }
}
