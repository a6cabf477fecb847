// The product that the prober asks: one of its own, since on a slow store it takes as long as all other tests together.

using Xunit;

namespace Crm.Tests.Security;

public sealed class ProbedServer : IAsyncLifetime
{
    public ProbedServer() => CrmServer.Renewed.Register(nameof(ProbedServer), Server);

    public CrmServer Server { get; } = new(null);

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

[CollectionDefinition(nameof(ProbedServer))]
[CrmServer.Renewed(nameof(ProbedServer))]
public sealed class ProbedServerCollection : ICollectionFixture<ProbedServer>;
