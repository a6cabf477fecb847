// The fault tests run one after the other: each has processes of its own and wants some of the machine.

using Xunit;

namespace Crm.Tests.Faults;

[CollectionDefinition(nameof(FaultsCollection))]
public sealed class FaultsCollection;
