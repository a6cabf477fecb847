// The real product for tests: Kestrel on a real port, a real store on disk, a workspace for each test.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using Xunit.Sdk;

namespace Crm.Tests;

/// <summary>One running product, shared by the tests of a collection. Each test makes a workspace of its own in it.</summary>
public sealed class CrmServer : IAsyncLifetime, IAsyncDisposable
{
    const string ConnectionSetting = "--ConnectionStrings:Crm=";

    /// <summary>Of servers on a database server.</summary>
    public const string MasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    public const string AdminKey = "crm_sk_testtest_0123456789abcdefghijklmnopqrstuvwxyz0123456";

    /// <summary>So many workspaces the small MongoDB server of the tests holds before each write takes it noticeably longer.</summary>
    const int WorkspacesOfSmallServer = 8;
    static readonly TimeSpan LongTest = TimeSpan.FromSeconds(3);

    readonly string folder = Directory.CreateTempSubdirectory("crm-test-").FullName;
    readonly string[] settings;
    readonly Catalog? catalog;
    WebApplication? app;
    Stores.MongoServer? mongo;
    int workspaces;
    long started;

    /// <summary>The one of the collection.</summary>
    public CrmServer()
        : this(null) => Renewed.Register(nameof(CrmServer), this);

    /// <param name="catalog">Another catalog than the product's own.</param>
    /// <param name="settings">Further settings as on the command line: <c>--Crm:RateLimits:Enabled=true</c>.</param>
    internal CrmServer(Catalog? catalog, params string[] settings) => (this.catalog, this.settings) = (catalog, settings);

    public Uri Address { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public IServiceProvider Services => app!.Services;

    /// <summary>What the workspaces' requests go through instead of REST; null: REST.</summary>
    public Rest.GraphQLWire? Wire { get; init; }

    /// <summary>Routes of a test's own beside the product's.</summary>
    internal Action<WebApplication>? Map { get; init; }

    public string DatabasePath => Path.Combine(folder, "crm.db");

    /// <summary>What ConnectionStrings__Crm says. CRM_TEST_STORE=postgres or =mongodb lets the same tests run there.</summary>
    public string Connection { get; private set; } = "";

    /// <summary>Such a store makes its master key by itself.</summary>
    bool IsEmbedded =>
        (
            settings.LastOrDefault(one => one.StartsWith(ConnectionSetting, StringComparison.Ordinal))?[ConnectionSetting.Length..]
            ?? Connection
        ).StartsWith("sqlite:", StringComparison.Ordinal);

    public async Task InitializeAsync()
    {
        Connection = Environment.GetEnvironmentVariable("CRM_TEST_STORE") switch
        {
            null or "" or "sqlite" => $"sqlite:{DatabasePath}",
            "postgres" => await (await Stores.PostgresCluster.Shared()).NewDatabase(),
            "mongodb" => (mongo = Stores.MongoServer.Start()).Connection,
            var other => throw new InvalidOperationException($"CRM_TEST_STORE={other}: allowed are sqlite, postgres and mongodb."),
        };
        app = await Api.Program.Build(
            [
                "--urls=http://127.0.0.1:0",
                $"--ConnectionStrings:Crm={Connection}",
                $"--Crm:AdminKey={AdminKey}",
                "--Crm:RateLimits:Enabled=false",
                .. IsEmbedded ? Array.Empty<string>() : [$"--Crm:MasterKey={MasterKey}"],
                "--Crm:LinkDomainProof=false",
                "--Logging:LogLevel:Default=Warning",
                .. settings,
            ],
            catalog
        );
        Map?.Invoke(app);
        await app.StartAsync();
        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                MaxConnectionsPerServer = 256,
            }
        )
        {
            BaseAddress = Address,
        };
        (workspaces, started) = (0, Stopwatch.GetTimestamp());
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    public async Task DisposeAsync()
    {
        await Stop();
        Directory.Delete(folder, recursive: true);
    }

    async Task Stop()
    {
        Http?.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
        mongo?.Dispose();
    }

    /// <summary>Whether its store is the small MongoDB server, on which a question takes a hundred times as long.</summary>
    public bool IsOnSmallServer => mongo is { IsSmall: true };

    /// <summary>Whether it must stay between two tests, because a class of tests shares what is in it.</summary>
    public bool IsKept { get; set; }

    /// <summary>Between two tests of a collection: a new product on an empty small MongoDB server, when the old one has much to
    /// hold.</summary>
    /// <param name="collection">Whose server; collections run side by side.</param>
    internal sealed class Renewed(string collection) : BeforeAfterTestAttribute
    {
        static readonly ConcurrentDictionary<string, CrmServer> Servers = [];

        public static void Register(string collection, CrmServer server) => Servers[collection] = server;

        public override void Before(MethodInfo test) => Servers[collection].started = Stopwatch.GetTimestamp();

        public override void After(MethodInfo test)
        {
            var server = Servers[collection];
            if (
                server is not { mongo.IsSmall: true, IsKept: false }
                || server.workspaces < WorkspacesOfSmallServer && Stopwatch.GetElapsedTime(server.started) < LongTest
            )
                return;
            Task.Run(async () =>
                {
                    await server.Stop();
                    await server.InitializeAsync();
                })
                .GetAwaiter()
                .GetResult();
        }
    }

    /// <summary>The workspace that the first start makes, with the admin key.</summary>
    public TestWorkspace Default => new(this, AdminKey, "");

    /// <summary>A fresh workspace with a key that may do everything in it.</summary>
    public async Task<TestWorkspace> NewWorkspace(string? defaultCountry = "BR")
    {
        var made = await Default.Post("/v1/workspaces", new { name = "Test", defaultCountry });
        made.Status.Should().Be(201, made.Text);
        Interlocked.Increment(ref workspaces);
        return new(this, made["key"]!.GetValue<string>(), made["id"]!.GetValue<string>());
    }
}

[CollectionDefinition(nameof(CrmServer))]
[CrmServer.Renewed(nameof(CrmServer))]
public sealed class CrmServerCollection : ICollectionFixture<CrmServer>;

/// <summary>An answer, read to its end.</summary>
public sealed record Reply(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders)
{
    readonly Lazy<JsonNode?> json = new(() => Text.Length == 0 ? null : JsonNode.Parse(Text));

    public JsonNode? Json => json.Value;
    public JsonNode? this[string name] => Json?[name];
    public JsonArray Data => Json!["data"]!.AsArray();

    /// <summary>The problem's stable code.</summary>
    /// <summary>Of a problem, or of GraphQL's first error.</summary>
    public string? Code => (this["code"] ?? (this["errors"] as JsonArray)?.FirstOrDefault()?["extensions"]?["code"])?.GetValue<string>();

    /// <summary>field:code of each error.</summary>
    public IReadOnlyList<string> Errors =>
        [.. (this["errors"]?.AsArray() ?? []).Select(e => $"{e!["field"]?.GetValue<string>()}:{e["code"]!.GetValue<string>()}")];

    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public override string ToString() => $"{Status} {Text}";

    public static async Task<Reply> Of(HttpResponseMessage response) =>
        new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers);
}

/// <summary>A workspace and a key for it.</summary>
public sealed class TestWorkspace(CrmServer server, string key, string id)
{
    public CrmServer Server => server;
    public string Key => key;
    public string Id => id;

    /// <summary>What the store knows it by.</summary>
    public async Task<Domain.Stores.WorkspaceKey> StoreKey(Installation product) =>
        (await product.Store.FindOwner(ResourceType.Of<ApiKey>().Collection, "hash", ApiKey.HashOf(key), default))!.Value.Workspace;

    /// <summary>The same workspace through another key.</summary>
    public TestWorkspace With(string otherKey) => new(server, otherKey, id);

    public Task<Reply> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<Reply> Post(string path, object? body = null, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, body, headers);

    public Task<Reply> Put(string path, object body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, body, headers);

    public Task<Reply> Patch(string path, object body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Patch, path, body, headers);

    public Task<Reply> Delete(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Delete, path, null, headers);

    /// <param name="body">Text is sent as it is; anything else as its JSON.</param>
    public async Task<Reply> Send(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers) =>
        server.Wire is { } wire && await wire.TrySend(this, method, path, body, headers) is { } reply
            ? reply
            : await SendPlain(method, path, body, headers);

    /// <summary>The same over HTTP as it is, whatever wire the server's tests speak.</summary>
    public async Task<Reply> SendPlain(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        if (key.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        using var response = await server.Http.SendAsync(request);
        return await Reply.Of(response);
    }

    /// <summary>The form that every workspace starts with.</summary>
    public async Task<JsonNode> ContactForm() => (await Get("/v1/forms?name=Contact")).Data[0]!;

    public async Task<JsonNode> NewForm(object form)
    {
        var made = await Post("/v1/forms", form);
        made.Status.Should().Be(201, made.Text);
        return made.Json!;
    }

    /// <summary>Posts a form as a script does (urlencoded, JSON answer), without any key.</summary>
    public Task<Reply> Submit(JsonNode form, object fields, params (string Name, string Value)[] headers) =>
        SubmitPairs(
            form,
            JsonSerializer
                .SerializeToNode(fields)!
                .AsObject()
                .SelectMany(p =>
                    p.Value is JsonArray many ? many.Select(v => (p.Key, v!.ToString())) : [(p.Key, p.Value?.ToString() ?? "")]
                ),
            headers
        );

    public async Task<Reply> SubmitPairs(
        JsonNode form,
        IEnumerable<(string Name, string Value)> fields,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/f/{form["key"]}")
        {
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
        if (!headers.Any(h => h.Name == "Accept"))
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await server.Http.SendAsync(request);
        return await Reply.Of(response);
    }

    /// <summary>All rows of a list, page by page.</summary>
    public async Task<List<JsonNode>> All(string path)
    {
        var rows = new List<JsonNode>();
        string? after = null;
        do
        {
            var page = await Get(path + (path.Contains('?') ? "&" : "?") + "limit=200" + (after is null ? "" : "&after=" + after));
            page.Status.Should().Be(200, page.Text);
            rows.AddRange(page.Data!);
            after = page["page"]!["hasMore"]!.GetValue<bool>() ? page["page"]!["next"]!.GetValue<string>() : null;
        } while (after is not null);
        return rows;
    }
}
