// In which order the collections of tests begin: what takes longest first, so that the run does not end with one of them alone.

using Crm.Tests.Faults;
using Crm.Tests.InBrowser;
using Crm.Tests.Rest;
using Crm.Tests.Security;
using Xunit;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Crm.Tests.LongestFirst", "Crm.Tests")]

namespace Crm.Tests;

public sealed class LongestFirst : ITestCollectionOrderer
{
    static readonly string[] Long =
    [
        nameof(FaultsCollection),
        nameof(CrmServer),
        nameof(Chromium),
        nameof(NodesCollection),
        nameof(CommandsCollection),
        nameof(ProbedServer),
        nameof(GraphQLServer),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(Long, collection.DisplayName) is >= 0 and var place ? place : Long.Length);
}
