// The names of the counters of what is stored: of each node their own, so that no two nodes wait for each other's.

using System.Globalization;
using Crm.Domain.Stores;

namespace Crm.Domain.Budgets;

/// <summary>
/// <c>stored/clicks/bytes</c> where one process has the store; <c>stored/clicks/bytes/07</c> for one of several nodes, whose names fall on
/// sixteen. What is stored is their sum. A node's may be below 0: it removed what another one had stored.
/// </summary>
public static class StorageCounters
{
    public const string Start = "stored/";

    /// <summary>Behind the names of one for all.</summary>
    const int Nodes = 16;

    /// <summary>The same objects each time: a store adds a batch's up by them (<see cref="CounterNames"/>).</summary>
    internal static CounterNames[] Of(string name) =>
        [
            new([name]),
            .. Enumerable.Range(0, Nodes).Select(node => new CounterNames([$"{name}/{node.ToString("00", CultureInfo.InvariantCulture)}"])),
        ];

    /// <summary>Which of them a node has.</summary>
    internal static int Place(IStore store, string node)
    {
        if (!store.IsShared)
            return 0;
        var sum = 0;
        foreach (var letter in node)
            sum = unchecked(sum * 31 + letter);
        return 1 + (int)((uint)sum % Nodes);
    }

    /// <summary>The name without the node.</summary>
    public static string WithoutNode(string name) => name.AsSpan().Count('/') > 2 ? name[..name.LastIndexOf('/')] : name;
}
