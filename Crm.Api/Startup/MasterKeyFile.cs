// Where the master key comes from: Crm__MasterKey, or a file beside the embedded database that the first start makes.

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;

namespace Crm.Api.Startup;

/// <param name="path">Beside the embedded database; null: a database server's nodes are told by the setting only.</param>
public sealed class MasterKeyFile(string? path)
{
    const string Setting = "Crm:MasterKey";

    const string Variable = "Crm__MasterKey";

    /// <summary>Whatever the database is called.</summary>
    const string Name = "master.key";

    const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Null: there is none, and none will be made.</summary>
    public string? Path => path;

    public static MasterKeyFile Of(WebApplicationBuilder builder) => Beside(Stores.Connection(builder), builder.Environment);

    /// <summary>Of a running server, whose configuration says its database by now.</summary>
    public static MasterKeyFile Of(WebApplication app) => Beside(app.Configuration.GetConnectionString("Crm")!, app.Environment);

    /// <param name="database">The embedded database's file, or a symbolic link to it: the key lies beside the file itself.</param>
    public static MasterKeyFile Beside(string database) =>
        new(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(SqliteStoreOptions.FileBehind(database))!, Name));

    static MasterKeyFile Beside(string connection, IHostEnvironment environment) =>
        Stores.EmbeddedFile(connection, environment.ContentRootPath) is { } database ? Beside(database) : new(null);

    public static bool IsSaid(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[Setting]);

    public bool Exists => path is not null && File.Exists(path);

    /// <summary>The setting's keys first: they seal. What the file has stands behind them, so that a key can move from the file into the
    /// setting.</summary>
    /// <param name="mustOpen">Whether a database whose secrets none of them opens is refused.</param>
    public MasterKeys Keys(IConfiguration configuration, bool mustOpen)
    {
        var known = new List<MasterKey>();
        var isSaid = IsSaid(configuration);
        if (isSaid)
            known.AddRange(Read(configuration[Setting]!, Variable));
        if (Exists)
            known.AddRange(Read(File.ReadAllText(path!), $"'{path}'"));
        var place =
            path is null ? Variable
            : isSaid ? $"{Variable} or '{path}'"
            : $"'{path}', or to {Variable}";
        return new(known, path is null ? null : Make, place) { MustOpen = mustOpen };
    }

    static IEnumerable<MasterKey> Read(string text, string place)
    {
        var keys = new List<MasterKey>();
        foreach (var one in text.Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            var plain = one.TrimEnd('=').Replace('+', '-').Replace('/', '_');
            keys.Add(
                Base64Url.IsValid(plain, out var length) && length == MasterKey.Bytes
                    ? new(Base64Url.DecodeFromChars(plain))
                    : throw new StoreConfigurationException(
                        $"{place} must be 32 random bytes in base64, as 'openssl rand -base64 32' prints them; an older key may stand behind it, after a comma."
                    )
            );
        }
        return keys.Count > 0 ? keys : throw new StoreConfigurationException($"{place} is empty: bring the master key back from its copy.");
    }

    /// <summary>Whole or not there; nobody but its owner may read it. One that another process made meanwhile counts.</summary>
    MasterKey Make()
    {
        var (key, part) = (
            RandomNumberGenerator.GetBytes(MasterKey.Bytes),
            $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}"
        );
        try
        {
            var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                how.UnixCreateMode = OwnersOnly;
            using (var file = new FileStream(part, how))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(key) + "\n"));
                file.Flush(flushToDisk: true);
            }
            try
            {
                File.Move(part, path!, overwrite: false);
                return new(key);
            }
            catch (IOException) when (File.Exists(path))
            {
                return Read(File.ReadAllText(path), $"'{path}'").First();
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreConfigurationException($"The master key cannot be written to '{path}': {failure.Message}", failure);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
