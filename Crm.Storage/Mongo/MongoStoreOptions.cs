// The settings of the MongoDB store, each with the reason for its default.

namespace Crm.Storage.Mongo;

public sealed class MongoStoreOptions
{
    /// <summary><c>mongodb://</c> or <c>mongodb+srv://</c>; without a database's name it is <c>crm</c>.</summary>
    public required string Uri { get; init; }

    /// <summary>
    /// So many reads run at once, each on a connection of the pool. Commits have their own beside them: many reads cannot keep a commit
    /// waiting.
    /// </summary>
    public int Reads { get; init; } = 32;

    /// <summary>How long one read may take on the server before it is answered with QueryTooCostlyException.</summary>
    public TimeSpan QueryBudget { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a server is looked for, and how long a call may wait for its turn: both together stay under the 5 s in which the
    /// API answers.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Without a replica set: how long a process that does not answer still owns the database. A restart after a kill waits so
    /// long.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told what an operator should know: upgrades, lost connections. Never what users stored.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>Counts the commands that go to the server (see <see cref="MongoStore.Commands"/>); for measurements.</summary>
    public bool CountCommands { get; init; }
}
