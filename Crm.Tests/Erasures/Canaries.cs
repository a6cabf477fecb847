// Words that must be gone, looked for in every form in which bytes may hold them.

using System.Text;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Mongo;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Npgsql;

namespace Crm.Tests.Erasures;

static class Canaries
{
    public static string[] Make(int count) => [.. Enumerable.Range(0, count).Select(i => $"Canary{i}q{Guid.NewGuid():N}"[..28])];

    static IEnumerable<byte[]> Encodings(string canary)
    {
        yield return Encoding.UTF8.GetBytes(canary);
        yield return Encoding.UTF8.GetBytes(canary.ToLowerInvariant());
        yield return Encoding.Unicode.GetBytes(canary);
        yield return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(canary)));
        // Of base64 what does not depend on the bytes before and behind.
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', before) + canary));
            yield return Encoding.UTF8.GetBytes(text[4..^4]);
        }
    }

    /// <summary>Each that is found, with where.</summary>
    public static List<string> In(string[] canaries, IEnumerable<string> files) =>
        [.. files.SelectMany(file => In(canaries, Path.GetFileName(file), LiveFile.Read(file)))];

    public static List<string> In(string[] canaries, string where, byte[] bytes)
    {
        var found = new List<string>();
        for (var i = 0; i < canaries.Length; i++)
            foreach (var form in Encodings(canaries[i]))
                if (bytes.AsSpan().IndexOf(form) is var at and >= 0)
                {
                    var around = bytes.AsSpan(Math.Max(0, at - 60)..Math.Min(bytes.Length, at + 60));
                    found.Add($"{i} in {where}: {Encoding.Latin1.GetString(around)}");
                    break;
                }
        return found;
    }

    /// <summary>In every row of every collection of a workspace.</summary>
    public static async Task<List<string>> InRows(string[] canaries, TestWorkspace workspace)
    {
        var product = workspace.Server.Services.GetRequiredService<Installation>();
        var (rows, found) = (product.Store.Open(await workspace.StoreKey(product)), new List<string>());
        foreach (var collection in product.Catalog.Collections)
        await foreach (var page in rows.Pages(new(collection, null, [], false, null, 500), default))
            for (var i = 0; i < page.Count; i++)
                found.AddRange(In(canaries, collection.Name, page[i].Json.ToArray()));
        return [.. found.DistinctBy(one => one.Split(' ')[0])];
    }

    /// <summary>In every row of every table or collection of a server's database, with keys, claims and search words, as its own tools
    /// read them.</summary>
    public static async Task<List<string>> InServer(string[] canaries, string connection)
    {
        var found = new List<string>();
        await foreach (
            var (table, row) in connection.StartsWith("mongodb", StringComparison.Ordinal) ? Mongo(connection) : Postgres(connection)
        )
            found.AddRange(In(canaries, table, row));
        return [.. found.DistinctBy(one => one.Split(' ')[0])];
    }

    static async IAsyncEnumerable<(string, byte[])> Postgres(string connection)
    {
        var (address, tables) = (new Uri(connection), new List<string>());
        await using var source = NpgsqlDataSource.Create(
            $"Host={address.Host};Port={address.Port};Username={address.UserInfo};Database={address.AbsolutePath[1..]};Pooling=false"
        );
        await using (var command = source.CreateCommand("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        await using (var names = await command.ExecuteReaderAsync())
            while (await names.ReadAsync())
                tables.Add(names.GetString(0));
        foreach (var table in tables)
        {
            await using var all = source.CreateCommand($"SELECT * FROM \"{table}\"");
            await using var rows = await all.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                for (var i = 0; i < rows.FieldCount; i++)
                    foreach (var value in rows.GetValue(i) is Array list and not byte[] ? list.Cast<object>() : [rows.GetValue(i)])
                        yield return ($"{table}.{rows.GetName(i)}", value as byte[] ?? Encoding.UTF8.GetBytes($"{value}"));
        }
    }

    static async IAsyncEnumerable<(string, byte[])> Mongo(string connection)
    {
        using var client = new MongoClient(connection);
        var database = client.GetDatabase(MongoUrl.Create(connection).DatabaseName);
        // By name: the small test server lists none.
        foreach (var name in CrmCatalog.Standard.Entries.Select(entry => entry.Type.Collection.Name).Concat(MongoStore.OwnCollections))
        foreach (
            var row in await (
                await database.GetCollection<RawBsonDocument>(name).FindAsync(Builders<RawBsonDocument>.Filter.Empty)
            ).ToListAsync()
        )
            using (row)
                yield return (name, row.ToBson());
    }
}
