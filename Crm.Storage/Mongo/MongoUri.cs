// The connection string: what would weaken the promises is refused with a sentence, what they need is added.

using Crm.Domain.Stores;
using MongoDB.Driver;

namespace Crm.Storage.Mongo;

/// <summary>
/// A write is acknowledged when a majority has it in its journal, a read sees what a majority has, and both go to the primary. Whoever
/// wrote another wish into the string would get weaker promises than the product makes, so it is not overruled silently.
/// </summary>
sealed class MongoUri
{
    static readonly Dictionary<string, string> Needed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["w"] = "majority",
        ["journal"] = "true",
        ["readConcernLevel"] = "majority",
        ["retryWrites"] = "true",
        ["readPreference"] = "primary",
    };

    /// <summary>Other words for one of the needed options, and what only makes sense with other values of them.</summary>
    static readonly Dictionary<string, string> Weaker = new(StringComparer.OrdinalIgnoreCase)
    {
        ["j"] = "journal",
        ["fsync"] = "journal",
        ["safe"] = "w",
        ["readPreferenceTags"] = "readPreference",
        ["maxStalenessSeconds"] = "readPreference",
        ["slaveOk"] = "readPreference",
    };

    readonly string address;
    readonly List<string> wishes = [];

    public MongoUri(string uri)
    {
        if (!uri.StartsWith("mongodb://", StringComparison.Ordinal) && !uri.StartsWith("mongodb+srv://", StringComparison.Ordinal))
            throw new StoreConfigurationException("A MongoDB connection string starts with mongodb:// or mongodb+srv://.");
        var question = uri.IndexOf('?');
        address = question < 0 ? uri : uri[..question];
        // The options follow a path: "mongodb://host/?..."; a host without one gets it.
        if (address.IndexOf('/', address.IndexOf("//", StringComparison.Ordinal) + 2) < 0)
            address += "/";
        foreach (var option in question < 0 ? [] : uri[(question + 1)..].Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = option.Split('=', 2);
            var name = parts[0];
            var value = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
            if (Weaker.TryGetValue(name, out var said) && !(name.Equals("j", StringComparison.OrdinalIgnoreCase) && value == "true"))
                throw Refuse(name, value, said);
            if (Needed.TryGetValue(name, out var needed) && !value.Equals(needed, StringComparison.OrdinalIgnoreCase))
                throw Refuse(name, value, name);
            if (!Needed.ContainsKey(name) && !Weaker.ContainsKey(name))
                wishes.Add(option);
        }
    }

    static StoreConfigurationException Refuse(string name, string value, string said)
    {
        var needed = Needed.First(pair => pair.Key.Equals(said, StringComparison.OrdinalIgnoreCase));
        return new(
            $"The MongoDB connection string says {name}={value}, which is weaker than what is promised: leave it out, {needed.Key} is always {needed.Value}."
        );
    }

    /// <summary>
    /// What the driver is told. A server that is not part of a replica set knows neither retryable writes nor majorities of readers.
    /// Throws StoreConfigurationException when the driver cannot read the string.
    /// </summary>
    /// <param name="patience">How long a server is looked for.</param>
    public (MongoClientSettings Settings, string Database) For(
        MongoStoreOptions options,
        bool standalone,
        TimeSpan patience,
        TimeSpan longestCall
    )
    {
        try
        {
            var url = MongoUrl.Create(wishes.Count == 0 ? address : $"{address}?{string.Join('&', wishes)}");
            var settings = MongoClientSettings.FromUrl(url);
            settings.WriteConcern = WriteConcern.WMajority.With(wTimeout: settings.WriteConcern.WTimeout, journal: true);
            settings.ReadPreference = ReadPreference.Primary;
            settings.ReadConcern = standalone ? ReadConcern.Local : ReadConcern.Majority;
            settings.RetryWrites = !standalone;
            if (!Wished("serverSelectionTimeoutMS"))
                settings.ServerSelectionTimeout = patience;
            if (!Wished("connectTimeoutMS"))
                settings.ConnectTimeout = options.Patience;
            if (!Wished("socketTimeoutMS"))
                settings.SocketTimeout = longestCall;
            if (!Wished("waitQueueTimeoutMS"))
                settings.WaitQueueTimeout = options.Patience;
            if (!Wished("maxPoolSize"))
                settings.MaxConnectionPoolSize = options.Reads + 2; // One writes, one is spare.
            if (!Wished("appName"))
                settings.ApplicationName = "crm";
            return (settings, url.DatabaseName is { Length: > 0 } name ? name : "crm");
        }
        catch (Exception failure) when (failure is MongoException or ArgumentException or FormatException)
        {
            // The driver hides name and password in its words.
            throw new StoreConfigurationException(
                $"The MongoDB connection string cannot be used: {failure.Message.Split('\n')[0].TrimEnd('.', '\r')}."
            );
        }
    }

    bool Wished(string name) => wishes.Exists(wish => wish.Split('=')[0].Equals(name, StringComparison.OrdinalIgnoreCase));
}
