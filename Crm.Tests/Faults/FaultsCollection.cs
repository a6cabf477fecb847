// Tests that start processes of their own: one after the other in each of three groups, for together they would want more than the machine.

using Xunit;

namespace Crm.Tests.Faults;

/// <summary>Floods, kills and a disk that fails.</summary>
[CollectionDefinition(nameof(FaultsCollection))]
public sealed class FaultsCollection;

/// <summary>Several nodes on one database.</summary>
[CollectionDefinition(nameof(NodesCollection))]
public sealed class NodesCollection;

/// <summary>Starts, ends and commands, one process at a time.</summary>
[CollectionDefinition(nameof(CommandsCollection))]
public sealed class CommandsCollection;
