// postgres://user:password@host:port/database?option=value, as everybody else writes it, for Npgsql, which writes it otherwise.

using System.Globalization;
using Crm.Domain.Stores;
using Npgsql;

namespace Crm.Storage.Postgres;

static class PostgresAddress
{
    const string Shape = "ConnectionStrings__Crm must be postgres://user:password@host:port/database";

    /// <param name="settings">Settings of the server's session, as for psql's PGOPTIONS.</param>
    public static NpgsqlConnectionStringBuilder Read(string address, string settings, int connections)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            throw new StoreConfigurationException($"{Shape}.");
        var database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        if (database.Length == 0)
            throw new StoreConfigurationException($"{Shape}: the database is missing.");
        var user = uri.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length > 0 ? uri.Host : "localhost",
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = database,
            ApplicationName = "crm",
            Options = settings,
            MaxPoolSize = connections,
            Timeout = 3,
            CommandTimeout = 4,
            CancellationTimeout = 500,
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 3,
            NoResetOnClose = true, // What a session is set to is set by the address; nothing is left to reset.
            IncludeErrorDetail = false,
        };
        if (user[0].Length > 0)
            builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = pair.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (pair, "");
            switch (name.ToLowerInvariant())
            {
                case "host":
                    builder.Host = value;
                    break; // a socket's folder has no other place in an address
                case "port":
                    builder.Port = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
                        ? port
                        : throw new StoreConfigurationException($"{Shape}: port must be a number.");
                    break;
                case "sslmode"
                    when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                    builder.SslMode = mode;
                    break;
                case "sslrootcert":
                    builder.RootCertificate = value;
                    break;
                case "search_path" or "schema":
                    builder.SearchPath = value;
                    break;
                default:
                    throw new StoreConfigurationException(
                        $"ConnectionStrings__Crm: '{name}' is not known. Allowed are host, port, sslmode, sslrootcert, search_path."
                    );
            }
        }
        return builder;
    }
}
