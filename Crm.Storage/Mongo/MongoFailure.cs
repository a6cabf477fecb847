// What the driver threw instead of a result, sorted by what has to be done about it.

using System.Net;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;

namespace Crm.Storage.Mongo;

/// <summary>
/// One exception for the driver's many. It carries the driver's own words, and the driver's exception, only when the server was not
/// reached:
/// a server's words can repeat what users stored.
/// </summary>
sealed class MongoFailure : Exception
{
    const int Authentication = 18,
        Unauthorized = 13,
        TimedOut = 50,
        NoMemoryToSort = 292,
        DuplicateKey = 11000,
        WriteConflict = 112,
        NoSuchTransaction = 251;
    readonly Exception failure;
    readonly int[] codes;

    MongoFailure(string message, Exception failure, int[] codes)
        : base(message, failure is MongoServerException ? null : failure) => (this.failure, this.codes) = (failure, codes);

    /// <summary>Null: it is not the driver's.</summary>
    public static MongoFailure? Of(Exception failure, ClusterDescription cluster) =>
        failure switch
        {
            MongoServerException answered when Codes(answered) is var codes => new(
                codes.Length == 0 ? "MongoDB answered with an error." : $"MongoDB answered with error {codes[0]}.",
                failure,
                codes
            ),
            MongoException => new($"MongoDB: {Reason(failure)}.", failure, []),
            TimeoutException => new($"MongoDB did not answer in time{Reasons(cluster)}.", failure, []),
            ObjectDisposedException => new("MongoDB: the connections are closed.", failure, []),
            _ => null,
        };

    /// <summary>A server sends error numbers for the whole command, for single writes of it, or for what a majority did not
    /// confirm.</summary>
    static int[] Codes(MongoServerException failure) =>
        failure switch
        {
            MongoBulkWriteException bulk =>
            [
                .. bulk.WriteErrors.Select(error => error.Code),
                .. bulk.WriteConcernError is { } unconfirmed ? [unconfirmed.Code] : Array.Empty<int>(),
            ],
            MongoWriteException { WriteError: { } error } => [error.Code],
            MongoWriteException { WriteConcernError: { } unconfirmed } => [unconfirmed.Code],
            MongoExecutionTimeoutException => [TimedOut],
            MongoCommandException command => [command.Code],
            _ => [],
        };

    static string Reason(Exception failure) => failure.GetBaseException().Message.Split('\n')[0].TrimEnd('.', '\r');

    /// <summary>Why no server could be used, as far as the driver's monitors know.</summary>
    static string Reasons(ClusterDescription cluster)
    {
        var reasons = cluster
            .Servers.Where(server => server.HeartbeatException is not null)
            .Select(server => $"{Name(server.EndPoint)}: {Reason(server.HeartbeatException)}")
            .Concat(cluster.DnsMonitorException is { } unknown ? [Reason(unknown)] : Array.Empty<string>())
            .ToArray();
        return reasons.Length == 0 ? "" : $" ({string.Join("; ", reasons)})";
    }

    static string Name(EndPoint server) => server is DnsEndPoint name ? $"{name.Host}:{name.Port}" : $"{server}";

    bool Says(string label) => failure is MongoException exception && exception.HasErrorLabel(label);

    /// <summary>The server was not reached, or the connection broke: what was asked may or may not have happened.</summary>
    public bool Away =>
        failure
            is MongoConnectionException
                or MongoConnectionPoolPausedException
                or MongoNotPrimaryException
                or MongoNodeIsRecoveringException
                or TimeoutException
        || Says("RetryableWriteError");

    /// <summary>Another transaction was in the way: the whole of it can be tried again.</summary>
    public bool Transient => Says("TransientTransactionError") || codes.Contains(WriteConflict) || codes.Contains(NoSuchTransaction);

    /// <summary>The identity of a new document is taken.</summary>
    public bool Duplicate => codes.Contains(DuplicateKey);

    /// <summary>The query's time or the server's memory for sorting was used up.</summary>
    public bool TooCostly => codes.Contains(TimedOut) || codes.Contains(NoMemoryToSort);

    /// <summary>Name or password are wrong, or do not allow this.</summary>
    public bool Refused => failure is MongoAuthenticationException || codes.Contains(Authentication) || codes.Contains(Unauthorized);
}
