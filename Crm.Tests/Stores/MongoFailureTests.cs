// What the driver throws, sorted: the kinds of errors that the small test server never gives are made by hand.

using System.Net;
using System.Reflection;
using Crm.Storage.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;
using Xunit;

namespace Crm.Tests.Stores;

public sealed class MongoFailureTests
{
    const string Words = "E11000 duplicate key error: ana@x.example";
    static readonly ConnectionId Connection = new(new ServerId(new ClusterId(), new DnsEndPoint("host", 27017)));
    static readonly ClusterDescription Nothing = new(new ClusterId(), false, null, ClusterType.Unknown, []);

    static MongoFailure Sorted(Exception failure) => MongoFailure.Of(failure, Nothing)!;

    static MongoCommandException Command(int code) => new(Connection, Words, null, new BsonDocument("code", code));

    /// <summary>The driver gives no way to make the errors that are part of an answer.</summary>
    static T Part<T>(params object?[] values) =>
        (T)Activator.CreateInstance(typeof(T), BindingFlags.Instance | BindingFlags.NonPublic, null, values, null)!;

    static MongoBulkWriteException<RawBsonDocument> Bulk(ServerErrorCategory category, int code) =>
        new(Connection, null, [Part<BulkWriteError>(0, category, code, Words, new BsonDocument())], null, []);

    [Fact]
    public void an_identity_that_is_taken_is_known_whether_the_command_or_a_write_in_it_was_refused()
    {
        MongoServerException[] kinds =
        [
            Command(11000),
            Bulk(ServerErrorCategory.DuplicateKey, 11000),
            new MongoWriteException(
                Connection,
                Part<WriteError>(ServerErrorCategory.DuplicateKey, 11000, Words, new BsonDocument()),
                null,
                null
            ),
        ];
        foreach (var kind in kinds)
        {
            var failure = Sorted(kind);
            (failure.Duplicate, failure.Away, failure.Transient, failure.TooCostly).Should().Be((true, false, false, false));
            failure.ToString().Should().Contain("11000").And.NotContain("ana@x", "a server repeats what users stored");
        }
        Sorted(Command(121)).Duplicate.Should().BeFalse();
        Sorted(Bulk(ServerErrorCategory.Uncategorized, 121)).Duplicate.Should().BeFalse();
    }

    [Fact]
    public void another_transaction_in_the_way_is_known_by_its_label_and_by_its_number()
    {
        var labelled = Command(1);
        labelled.AddErrorLabel("TransientTransactionError");
        Sorted(labelled).Transient.Should().BeTrue();
        Sorted(Command(112)).Transient.Should().BeTrue();
        Sorted(Bulk(ServerErrorCategory.Uncategorized, 112)).Transient.Should().BeTrue();
        Sorted(Command(1)).Transient.Should().BeFalse();
    }

    [Fact]
    public void a_server_that_is_away_is_told_from_one_that_refuses()
    {
        Exception[] away =
        [
            new MongoConnectionException(Connection, "The connection broke."),
            new MongoNotPrimaryException(Connection, null, new BsonDocument("code", 10107)),
            new MongoNodeIsRecoveringException(Connection, null, new BsonDocument("code", 11600)),
            new TimeoutException("A timeout occurred after 2000ms selecting a server."),
        ];
        foreach (var failure in away)
            Sorted(failure).Away.Should().BeTrue(failure.GetType().Name);
        Sorted(Command(13)).Away.Should().BeFalse();
        Sorted(Command(13)).Refused.Should().BeTrue();
        Sorted(new MongoAuthenticationException(Connection, "Unable to authenticate.")).Refused.Should().BeTrue();
        Sorted(new MongoExecutionTimeoutException(Connection, "operation exceeded time limit")).TooCostly.Should().BeTrue();
        Sorted(Command(292)).TooCostly.Should().BeTrue();
    }

    [Fact]
    public void a_cancelled_call_and_a_fault_of_our_own_are_nothing_of_the_driver_s()
    {
        MongoFailure.Of(new OperationCanceledException(), Nothing).Should().BeNull();
        MongoFailure.Of(new InvalidOperationException(), Nothing).Should().BeNull();
    }
}
