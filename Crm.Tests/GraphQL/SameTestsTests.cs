// The tests of REST once more, over GraphQL: making, changing, deleting, lists, verbs, idempotency, merging, custom fields, scopes and
// isolation are one.

using Crm.Tests.Forms;
using Crm.Tests.Leads;
using Crm.Tests.Rest;
using Crm.Tests.Security;
using Xunit;
using Xunit.Abstractions;

namespace Crm.Tests.GraphQL;

[Collection(nameof(GraphQLServer))]
public sealed class RecordsOverGraphQL(GraphQLServer graphql) : RecordTests(graphql.Server);

[Collection(nameof(GraphQLServer))]
public sealed class IdempotencyOverGraphQL(GraphQLServer graphql) : IdempotencyTests(graphql.Server);

[Collection(nameof(GraphQLServer))]
public sealed class MergeOverGraphQL(GraphQLServer graphql, ITestOutputHelper output) : MergeTests(graphql.Server, output);

[Collection(nameof(GraphQLServer))]
public sealed class OnePersonOverGraphQL(GraphQLServer graphql, ITestOutputHelper output) : OnePersonTests(graphql.Server, output);

[Collection(nameof(GraphQLServer))]
public sealed class KeysOverGraphQL(GraphQLServer graphql) : KeyTests(graphql.Server);

[Collection(nameof(GraphQLServer))]
public sealed class ProbesOverGraphQL(GraphQLServer graphql) : Prober(graphql.Server);

[Collection(nameof(GraphQLServer))]
public sealed class ReprocessOverGraphQL(GraphQLServer graphql) : ReprocessTests(graphql.Server);

public sealed class ThirtyLeadsOverGraphQL(GraphQLServer graphql) : ThirtyLeads(graphql.Server);

[Collection(nameof(GraphQLServer))]
public sealed class ListsOverGraphQL(GraphQLServer graphql, ThirtyLeadsOverGraphQL leads)
    : Lists(graphql.Server, leads),
        IClassFixture<ThirtyLeadsOverGraphQL>;
