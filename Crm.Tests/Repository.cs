// Where the repository's own files are, seen from the test binary.

namespace Crm.Tests;

public static class Repository
{
    public static string Root { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Crm.Api.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException("The tests run inside the repository: Crm.Api.sln was not found above the test binary.");
    }
}
