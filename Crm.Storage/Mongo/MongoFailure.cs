// What libmongoc answered instead of a result, sorted by what has to be done about it.

using System.Runtime.InteropServices;
using System.Text;

namespace Crm.Storage.Mongo;

/// <summary>
/// The message carries the library's own words only when the server was not reached: a server's words can repeat what users stored.
/// </summary>
sealed class MongoFailure : Exception
{
    const uint OfStream = 2,
        OfServerSelection = 15,
        OfServer = 17;
    const uint Authentication = 18,
        Unauthorized = 13,
        TimedOut = 50,
        NoMemoryToSort = 292,
        DuplicateKey = 11000,
        WriteConflict = 112,
        NoSuchTransaction = 251;
    readonly uint domain;
    readonly uint code;

    unsafe MongoFailure(in NativeError error, string message, ReadOnlySpan<byte> reply)
        : base(message)
    {
        (domain, code) = (error.Domain, error.Code);
        Labels = reply.IsEmpty ? [] : ReadLabels(reply);
    }

    public static unsafe MongoFailure Of(in NativeError error, ReadOnlySpan<byte> reply)
    {
        string words;
        fixed (byte* message = error.Message)
            words = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(message));
        return new(error, error.Domain == OfServer ? $"MongoDB answered with error {error.Code}." : $"MongoDB: {words}", reply);
    }

    public IReadOnlyList<string> Labels { get; }

    /// <summary>The server was not reached, or the connection broke: what was asked may or may not have happened.</summary>
    public bool Away => domain is OfStream or OfServerSelection || Labels.Contains("RetryableWriteError");

    /// <summary>Another transaction was in the way: the whole of it can be tried again.</summary>
    public bool Transient =>
        Labels.Contains("TransientTransactionError") || domain == OfServer && code is WriteConflict or NoSuchTransaction;

    public bool Duplicate => code == DuplicateKey;

    /// <summary>The query's time or the server's memory for sorting was used up.</summary>
    public bool TooCostly => domain == OfServer && code is TimedOut or NoMemoryToSort;

    /// <summary>Name or password are wrong, or do not allow this.</summary>
    public bool Refused => domain == OfServer && code is Authentication or Unauthorized || domain == 3 && code == 11;

    public bool UnknownCommand => domain == OfServer && code is 59;

    static List<string> ReadLabels(ReadOnlySpan<byte> reply)
    {
        var labels = new List<string>();
        var fields = new BsonReader(reply);
        while (fields.Next())
            if (fields.Is("errorLabels"u8) && fields.Type == BsonType.Array)
                for (var items = fields.Document; items.Next(); )
                    if (items.Type == BsonType.Text)
                        labels.Add(Encoding.UTF8.GetString(items.Bytes));
        return labels;
    }
}
