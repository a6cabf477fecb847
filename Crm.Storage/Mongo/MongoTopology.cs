// What the server is: whether it can make transactions, and whether it is new enough.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Storage.Mongo;

/// <param name="Transactions">A member of a replica set, or the router of a sharded cluster.</param>
sealed record MongoTopology(bool Transactions)
{
    const int Oldest = 6;

    public static async Task<MongoTopology> Ask(MongoLink link, CancellationToken cancel)
    {
        var version = "";
        var answer = await link.Ask(new BsonWriter().Int("buildInfo", 1), cancel);
        for (var fields = new BsonReader(answer); fields.Next(); )
            if (fields.Is("version"u8))
                version = fields.Text;
        if (!int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || major < Oldest)
            throw new StoreConfigurationException(
                $"The MongoDB server is version {(version.Length == 0 ? "unknown" : version)}; {Oldest}.0 or later is needed."
            );
        var transactions = false;
        answer = await link.Ask(new BsonWriter().Int("hello", 1), cancel);
        for (var fields = new BsonReader(answer); fields.Next(); )
            if (fields.Is("setName"u8) || fields.Is("msg"u8) && fields.Type == BsonType.Text && fields.Text == "isdbgrid")
                transactions = true;
        return new(transactions);
    }
}
