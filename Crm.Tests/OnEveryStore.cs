// Marks the tests that ./test runs on every store: what depends on a store, and one journey for each feature.

using Xunit.Abstractions;
using Xunit.Sdk;

namespace Crm.Tests;

/// <summary>
/// Everything runs on SQLite. On PostgreSQL and MongoDB a class or a test runs that bears this: concurrency, uniqueness, isolation, a
/// journey; over REST only, since which wire brought a change no store can see. The stores' own suites (Stores, Nodes, Copy, Faults) name
/// their databases themselves. <c>./test store NAME</c> runs everything on one.
/// </summary>
[TraitDiscoverer("Crm.Tests.OnEveryStoreDiscoverer", "Crm.Tests")]
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OnEveryStoreAttribute : Attribute, ITraitAttribute;

public sealed class OnEveryStoreDiscoverer : ITraitDiscoverer
{
    public IEnumerable<KeyValuePair<string, string>> GetTraits(IAttributeInfo traitAttribute) => [new("Store", "every")];
}
