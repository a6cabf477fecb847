// PostgreSQL and MongoDB are backed up and restored by their own programs, of the server's own version: which command that is.

using Crm.Api.Startup;
using Crm.Domain.Stores;

namespace Crm.Api.Commands;

/// <summary>
/// Told and not run: the programs belong to the server, stand on its machine or in its container, and say themselves what is wrong. The
/// address stays in the environment, for there is a password in it.
/// </summary>
static class ServersOwnTools
{
    const string Address = "\"$ConnectionStrings__Crm\"";

    /// <summary>A sentence for who asked for a backup of a server's database.</summary>
    public static string ForBackup(string connection, string file) =>
        Of(
            connection,
            $"pg_dump --no-owner --format=custom --file '{file}' {Address}",
            $"mongodump --uri {Address} --oplog --gzip --archive='{file}'",
            "is backed up"
        ) + ".";

    /// <summary>A sentence for who asked for the restoring of one. Nobody is served before the erasures were done again.</summary>
    public static string ForRestore(string connection, string file) =>
        Of(
            connection,
            $"pg_restore --no-owner --dbname {Address} '{file}'",
            $"mongorestore --uri {Address} --oplogReplay --gzip --archive='{file}' --drop",
            "is restored"
        ) + ", and then, before a node is started: crm erasures replay --erasures FILE.";

    static string Of(string connection, string postgres, string mongo, string deed) =>
        connection.StartsWith("postgres", StringComparison.Ordinal) ? $"PostgreSQL {deed} by its own program: {postgres}"
        : connection.StartsWith("mongodb", StringComparison.Ordinal) ? $"MongoDB {deed} by its own program: {mongo}"
        : throw new StoreConfigurationException(Stores.WhatItMustBe);
}
