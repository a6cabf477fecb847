// A SQLite that can lose its log does not write the file.

using Crm.Domain.Stores;
using Crm.Storage.Sqlite;
using Xunit;

namespace Crm.Tests.Stores;

public sealed class SqliteVersionTests
{
    [Theory]
    [InlineData("3.51.2")]
    [InlineData("3.50.4")]
    [InlineData("3.9.9")]
    [InlineData("2.99.99")]
    [InlineData("")]
    [InlineData("unknown")]
    public void an_older_one_is_refused_with_a_sentence(string version)
    {
        var check = () => SqliteVersion.Check(version);
        check.Should().Throw<StoreConfigurationException>().WithMessage($"The SQLite library is of version {version}: before 3.51.3 *");
    }

    [Theory]
    [InlineData("3.51.3")]
    [InlineData("3.51.10")]
    [InlineData("3.53.4")]
    [InlineData("3.100.0")]
    [InlineData("4.0.0")]
    public void the_one_that_mended_it_and_later_ones_pass(string version)
    {
        var check = () => SqliteVersion.Check(version);
        check.Should().NotThrow();
    }

    [Fact]
    public void the_one_that_the_product_brings_passes()
    {
        var check = () => SqliteVersion.Check(SqliteLink.LibraryVersion);
        check.Should().NotThrow(SqliteLink.LibraryVersion);
    }

    [Fact]
    public async Task a_start_with_an_older_one_makes_no_file()
    {
        var folder = Directory.CreateTempSubdirectory("crm-version-").FullName;
        try
        {
            var store = new SqliteStore(new() { Path = Path.Combine(folder, "crm.db"), LibraryVersion = "3.50.4" }, TimeProvider.System);
            var start = () => store.Start([], (_, _, _, _, _) => throw new InvalidOperationException("Nothing is keyed anew."), default);
            await start.Should().ThrowAsync<StoreConfigurationException>().WithMessage("*3.50.4*");
            Directory.GetFileSystemEntries(folder).Should().BeEmpty();
            await store.DisposeAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
