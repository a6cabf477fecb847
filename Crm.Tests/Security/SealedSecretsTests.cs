// Secrets that the product has to use: written through the front door, readable nowhere, opened at their own place by their own key only.

using System.Text;
using System.Text.Json.Nodes;
using Crm.Api.Copy;
using Crm.Domain;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Security;

[Resource("vault", "vaults", "vault", "A thing with secrets that only a test has.")]
public sealed record Vault : Resource
{
    [Field("What people call it.", Max = 40, Is = Is.Required)]
    public string? Name { get; init; }

    [Field("A password.", Max = 100)]
    public SealedText? Password { get; init; }

    [Field("Another.", Is = Is.WriteOnce)]
    public SealedText? Pin { get; init; }

    [Field("One that the product makes.", Is = Is.Secret)]
    public SealedText? Made { get; init; }
}

public sealed class VaultServer : IAsyncLifetime
{
    public static readonly Catalog Catalog = CrmCatalog.Standard.With(
        CatalogEntry.Of<Vault>(
            (_, before, after, _, _) => new(before is null ? after with { Made = SealedText.Of("made " + after.Name) } : after)
        )
    );

    public CrmServer Server { get; } = new(Catalog);

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

[OnEveryStore]
public sealed class SealedSecretsTests(VaultServer vaults) : IClassFixture<VaultServer>
{
    Installation Product => vaults.Server.Services.GetRequiredService<Installation>();

    static ResourceType Type => ResourceType.Of<Vault>();

    async Task<(WorkspaceKey Workspace, Vault Record)> Stored(TestWorkspace workspace, string made)
    {
        Id.TryParse<Vault>(made, out var id).Should().BeTrue();
        var key = await workspace.StoreKey(Product);
        return (key, Type.FromRow<Vault>((await Product.Store.Open(key).Get(Type.Collection, id, default))!.Value));
    }

    static async Task<string> Made(TestWorkspace workspace, object vault) => (await workspace.Post("/v1/vaults", vault))["id"]!.ToString();

    async Task<string?> Opened(TestWorkspace workspace, string made, string field)
    {
        var (key, record) = await Stored(workspace, made);
        return SealedFields.Open(Product.MasterKeys, key, record, field);
    }

    [Fact]
    public async Task a_secret_is_written_and_never_given_out_and_whoever_uses_it_opens_it()
    {
        var workspace = await vaults.Server.NewWorkspace();
        const string secret = " Pa\"ss|wörd\n🔑 ";
        var answers = new List<Reply>();
        var made = await workspace.Post(
            "/v1/vaults",
            new
            {
                name = "A",
                password = secret,
                pin = "0042-canary",
            },
            ("Idempotency-Key", "one")
        );
        made.Status.Should().Be(201, made.Text);
        answers.Add(made);
        answers.Add(
            await workspace.Post(
                "/v1/vaults",
                new
                {
                    name = "A",
                    password = secret,
                    pin = "0042-canary",
                },
                ("Idempotency-Key", "one")
            )
        );
        answers[1]["id"]!.ToString().Should().Be(made["id"]!.ToString());
        answers.Add(await workspace.Get($"/v1/vaults/{made["id"]}"));
        answers.Add(await workspace.Get("/v1/vaults"));
        answers.Add(await workspace.Get("/v1/vaults", ("Accept", "text/csv")));
        answers.Add(await workspace.Get("/v1/events?sort=-createdAt"));
        (await Opened(workspace, made["id"]!.ToString(), "password")).Should().Be(secret, "spaces and lines are part of it");
        (await Opened(workspace, made["id"]!.ToString(), "pin")).Should().Be("0042-canary");
        (await Opened(workspace, made["id"]!.ToString(), "made")).Should().Be("made A");

        answers.Add(await workspace.Patch($"/v1/vaults/{made["id"]}", new { name = "B" }));
        (await Opened(workspace, made["id"]!.ToString(), "password")).Should().Be(secret, "what is not said stays");
        answers.Add(await workspace.Patch($"/v1/vaults/{made["id"]}", new { password = "another-canary" }));
        (await Opened(workspace, made["id"]!.ToString(), "password")).Should().Be("another-canary");
        (await workspace.Patch($"/v1/vaults/{made["id"]}", new { pin = "0043" })).Errors.Should().Equal("pin:read_only");
        (await workspace.Patch($"/v1/vaults/{made["id"]}", new { made = "x" })).Errors.Should().Equal("made:read_only");
        (await workspace.Post("/v1/vaults", new { name = "x", password = new string('x', 101) }))
            .Errors.Should()
            .Equal("password:too_long");
        (await workspace.Post("/v1/vaults", new { name = "x", password = 7 })).Errors.Should().Equal("password:wrong_type");
        answers.Add(await workspace.Patch($"/v1/vaults/{made["id"]}", new { password = (string?)null }));
        (await Opened(workspace, made["id"]!.ToString(), "password")).Should().BeNull();
        foreach (var query in new[] { "password=x", "sort=password", "fields=password", "made[exists]=true" })
            (await workspace.Get($"/v1/vaults?{query}")).Status.Should().Be(400, query);

        using var lines = new MemoryStream();
        await WholeStore.Export(Product.Store, VaultServer.Catalog, lines, default);
        foreach (var text in answers.Select(answer => answer.Text).Append(Encoding.UTF8.GetString(lines.ToArray())))
            text.Should().NotContain("canary").And.NotContain("ss|w").And.NotContain("made A");
        foreach (var answer in answers)
            answer.Text.Should().NotContain("password\":").And.NotContain("s1.");
    }

    [Fact]
    public async Task graphql_takes_a_secret_and_has_no_field_that_gives_it()
    {
        var workspace = await vaults.Server.NewWorkspace();
        var made = await workspace.Post(
            "/graphql",
            new
            {
                query = "mutation { createVault(input: {name: \"G\", password: \"graph-canary\"}) { vault { id name } errors { __typename } } }",
            }
        );
        var record = made["data"]!["createVault"]!["vault"]!;
        (await Opened(workspace, record["id"]!.ToString(), "password")).Should().Be("graph-canary");
        foreach (var field in new[] { "password", "pin", "made" })
            (await workspace.Post("/graphql", new { query = $"{{ vaults {{ nodes {{ {field} }} }} }}" }))
                .Text.Should()
                .Contain("errors")
                .And.NotContain("canary");
        var schemas = JsonNode.Parse(await vaults.Server.Http.GetStringAsync("/openapi/v1.json"))!["components"]!["schemas"]!;
        schemas["Vault"]!["properties"]!.AsObject().Select(one => one.Key).Should().NotContain("password").And.NotContain("made");
        schemas["VaultInput"]!["properties"]!.AsObject().Select(one => one.Key).Should().Contain("password").And.NotContain("made");
        schemas["VaultPatch"]!["properties"]!.AsObject().Select(one => one.Key).Should().Contain("password").And.NotContain("pin");
    }

    [Fact]
    public async Task what_is_sealed_opens_at_its_own_place_only()
    {
        var (one, two) = (await vaults.Server.NewWorkspace(), await vaults.Server.NewWorkspace());
        var (key, mine) = await Stored(
            one,
            await Made(
                one,
                new
                {
                    name = "A",
                    password = "same",
                    pin = "same",
                }
            )
        );
        var (_, other) = await Stored(one, await Made(one, new { name = "A", password = "same" }));
        var (foreign, _) = await Stored(two, await Made(two, new { name = "A", password = "same" }));
        other.Password!.Stored.Should().NotBe(mine.Password!.Stored, "equal secrets look different");
        SealedFields.Open(Product.MasterKeys, key, mine, "password").Should().Be("same");
        foreach (
            var (workspace, record) in new[]
            {
                (key, other with { Password = mine.Password }),
                (key, mine with { Password = mine.Pin }),
                (foreign, mine),
                (key, mine with { Password = Changed(mine.Password.Stored!, 12) }),
                (key, mine with { Password = Changed(mine.Password.Stored!, mine.Password.Stored!.Length - 3) }),
            }
        )
            Product
                .Invoking(product => SealedFields.Open(product.MasterKeys, workspace, record, "password"))
                .Should()
                .Throw<ProblemException>()
                .Which.Code.Should()
                .Be(ProblemCodes.SecretUnusable);
        mine.Password.ToString().Should().NotContain("same");
        mine.ToString().Should().NotContain("s1.");
    }

    /// <summary>As it would be read from a row that somebody changed.</summary>
    static SealedText Changed(string text, int at)
    {
        var changed = text.ToCharArray();
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        var json = new JsonObject { ["name"] = "A", ["password"] = new string(changed) };
        return Type.FromRow<Vault>(new(Id.Empty, 1, Encoding.UTF8.GetBytes(json.ToJsonString()))).Password!;
    }
}

public sealed class MasterKeysTests
{
    static MasterKey New() => new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(MasterKey.Bytes));

    static MasterKeys Keys(params MasterKey[] known) => new(known, null, "Crm__MasterKey");

    [Fact]
    public void any_text_comes_back_and_none_is_seen()
    {
        var (keys, random) = (Keys(New()), new Random(1));
        for (var i = 0; i < 200; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => char.ConvertFromUtf32(random.Next(32, 0xD7FF))));
            var stored = keys.Seal(text, "1|vault|a|password");
            keys.Open(stored, "1|vault|a|password").Should().Be(text);
            keys.Seal(text, "1|vault|a|password").Should().NotBe(stored);
        }
    }

    [Fact]
    public void an_older_key_behind_the_new_one_opens_what_it_sealed_and_seals_no_more()
    {
        var (old, young) = (New(), New());
        var stored = Keys(old).Seal("x", "here");
        Keys(young, old).Open(stored, "here").Should().Be("x");
        MasterKeys.KeyOf(Keys(young, old).Seal("x", "here")).Should().Be(young.Id);
        var wrong = Keys(young).Invoking(keys => keys.Open(stored, "here")).Should().Throw<ProblemException>().Which;
        wrong.Code.Should().Be(ProblemCodes.SecretUnusable);
        wrong.Detail.Should().Contain(old.Id).And.Contain("Crm__MasterKey");
    }

    [Fact]
    public void without_a_key_a_sentence_says_what_to_set_and_nothing_else_is_hindered()
    {
        new MasterKeys()
            .Invoking(keys => keys.Seal("x", "here"))
            .Should()
            .Throw<ProblemException>()
            .WithMessage("*Crm__MasterKey*openssl*");
        foreach (var text in new[] { "", "s1", "s1.aaaa", "s1.aaaa.!!", "s2.aaaa.AAAA", "s1.aaaa.AAAA" })
            Keys(New()).Invoking(keys => keys.Open(text, "here")).Should().Throw<ProblemException>(text);
        MasterKeys.KeyOf("AAAA").Should().BeNull();
    }

    [NeedsPostgresFact]
    public async Task a_server_on_a_database_server_starts_without_a_key_and_asks_for_it_when_it_shall_sign()
    {
        var database = await (await PostgresCluster.Shared()).NewDatabase();
        await using (var server = new CrmServer(null, $"--ConnectionStrings:Crm={database}", "--Crm:MasterKey="))
        {
            await server.InitializeAsync();
            (await server.Http.GetStringAsync("/.well-known/jwks.json")).Should().Be("""{"keys":[]}""");
            var form = await server.Default.ContactForm();
            (await server.Default.Submit(form, new { email = "ana@silva.example.org", name = "Ana" })).Status.Should().Be(201);
            var refused = await server.Default.Post("/v1/erasures", new { match = new { email = "ana@silva.example.org" } });
            (refused.Status, refused.Code).Should().Be((503, "secret_unusable"), refused.Text);
            refused["detail"]!.ToString().Should().Contain("Crm__MasterKey");
            (await server.Default.Post("/v1/erasures", new { match = new { email = "ana@silva.example.org" }, dryRun = true }))
                .Status.Should()
                .Be(201);
        }
        await using (var server = new CrmServer(null, $"--ConnectionStrings:Crm={database}"))
        {
            await server.InitializeAsync();
            (await Erasures.ErasureTests.Done(server.Default, new { match = new { email = "ana@silva.example.org" } }))["certificate"]!
                .ToString()
                .Should()
                .NotBeEmpty();
        }
        var (exit, said) = await Faults.CrmProcess.Run(
            database,
            arguments: [$"--Crm:MasterKey={Convert.ToBase64String(new byte[MasterKey.Bytes])}"]
        );
        exit.Should().Be(1, said);
        said.Split('\n').Should().ContainSingle().Which.Should().Contain("sealed by the master key").And.Contain("Crm__MasterKey");
    }
}
