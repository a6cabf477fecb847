// Which SQLite may write the file: one that does not lose a log which two connections reset at once.

using Crm.Domain.Stores;

namespace Crm.Storage.Sqlite;

static class SqliteVersion
{
    /// <summary>The first release without the fault.</summary>
    static readonly Version Oldest = new(3, 51, 3);

    /// <summary>Lets a start go on, or says in a sentence why not.</summary>
    /// <param name="version">As the library calls itself: <c>3.53.4</c>.</param>
    /// <exception cref="StoreConfigurationException">It is older than 3.51.3, or no version at all.</exception>
    public static void Check(string version)
    {
        if (!Version.TryParse(version, out var found) || found < Oldest)
            throw new StoreConfigurationException(
                $"The SQLite library is of version {version}: before {Oldest} it can lose commits that were acknowledged (the WAL-reset fault), so the product does not start with it."
            );
    }
}
