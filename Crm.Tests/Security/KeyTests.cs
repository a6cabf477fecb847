// API keys: what each scope opens, when a key stops to work, that nothing but the key says whose workspace it is, and that no secret comes
// out.

using System.Text;
using Crm.Api.Security;
using Crm.Domain;
using Crm.Domain.Workspaces;
using Xunit;

namespace Crm.Tests.Security;

[Collection(nameof(CrmServer))]
public partial class KeyTests(CrmServer server)
{
    static async Task<TestWorkspace> Key(TestWorkspace workspace, params string[] scopes)
    {
        var made = await workspace.Post("/v1/api-keys", new { name = "Test", scopes });
        made.Status.Should().Be(201, made.Text);
        return workspace.With(made["key"]!.GetValue<string>());
    }

    // ---- Scopes

    /// <summary>The same for everybody: what they show of a workspace they ask for with a key.</summary>
    static readonly string[] Pages =
    [
        "/",
        "/desk",
        "/desk/waiting",
        "/desk/leads/new",
        "/desk/leads/{id}",
        "/reports",
        "/robots.txt",
        "/favicon.ico",
        "/favicon.svg",
        "/.well-known/jwks.json",
    ];

    [Fact]
    public void every_route_needs_a_key_or_is_known_to_be_open()
    {
        foreach (var route in Routes.All(server))
        {
            if (
                route.Metadata.GetMetadata<NeedsScope>() is not null
                || route.Metadata.GetMetadata<NeedsKey>() is not null
                || route.Metadata.GetMetadata<PublicForm>() is not null
                || route.Metadata.GetMetadata<Api.Security.PublicLink>() is not null
                || route.Metadata.GetMetadata<Api.Security.PublicPostback>() is not null
                || route.Metadata.GetMetadata<PublicTracker>() is not null
                || route.Metadata.GetMetadata<PublicShare>() is not null
                || route.Metadata.GetMetadata<PublicPicture>() is not null
                || route.Metadata.GetMetadata<PublicConsent>() is not null
                || route.Metadata.GetMetadata<PublicMail>() is not null
            )
                continue;
            var pattern = "/" + route.RoutePattern.RawText!.TrimStart('/');
            if (Pages.Contains(pattern))
                continue;
            new[] { "/health/", "/openapi/", "/swagger", "/assets/", "/logos/", "/problems/" }
                .Should()
                .Contain(open => pattern.StartsWith(open, StringComparison.Ordinal), $"{pattern} has no NeedsScope");
        }
    }

    [Fact]
    public async Task a_key_opens_the_routes_of_its_scope_and_no_other()
    {
        var workspace = await server.NewWorkspace();
        var routes = Routes.WithKey(server);
        routes.Count.Should().BeGreaterThan(30);
        var wrong = new List<string>();
        foreach (var entry in CrmCatalog.Standard.Public)
        foreach (var access in new[] { "read", "write" })
            await Check($"{entry.Type.Plural}:{access}", needs => needs.Plural == entry.Type.Plural && needs.Access == access);
        await Check("*:read", needs => needs.Access == "read");
        await Check("*:write", needs => needs.Access == "write");
        await Check("leads:*", needs => needs.Plural == "leads");
        await Check("*:*", _ => true);
        await Check("*", _ => true);
        wrong.Should().BeEmpty();

        async Task Check(string scope, Func<NeedsScope, bool> opens)
        {
            var key = await Key(workspace, scope);
            foreach (var route in routes)
            {
                // A wrong body: what the key opens goes on to be refused for that, and nothing is done.
                var reply = await key.Send(
                    route.Method,
                    route.At(route.Operation!.Entry.Type.Text(new(9))),
                    route.Method == HttpMethod.Get || route.Method == HttpMethod.Head ? null : "[]"
                );
                var refused = reply.Status == 403 && (reply.Text.Length == 0 || reply.Code == "insufficient_scope");
                if (opens(route.Needs) ? refused && route.Pattern != "/v1/workspaces" || reply.Status is 401 or >= 500 : !refused)
                    wrong.Add($"{scope} at {route}: {reply}");
                else if (refused && !opens(route.Needs))
                {
                    reply
                        .Header("WWW-Authenticate")
                        .Should()
                        .Be($"Bearer realm=\"crm\", error=\"insufficient_scope\", scope=\"{route.Needs.Plural}:{route.Needs.Access}\"");
                    if (route.Method != HttpMethod.Head)
                        reply["detail"]!.GetValue<string>().Should().Contain($"{route.Needs.Plural}:{route.Needs.Access}");
                }
            }
        }
    }

    [Theory]
    [InlineData("leads")]
    [InlineData("leads:delete")]
    [InlineData("lead:read")]
    [InlineData("Leads:read")]
    [InlineData("nosuch:read")]
    [InlineData("secrets:read")]
    [InlineData("idempotency-records:read")]
    [InlineData(":read")]
    [InlineData("leads:")]
    [InlineData("**")]
    [InlineData("leads:read,leads:write")]
    public async Task a_scope_that_does_not_exist_is_refused(string scope)
    {
        var workspace = await server.NewWorkspace();
        var refused = await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "leads:read", scope } });
        refused.Status.Should().Be(422);
        refused.Errors.Should().Equal("scopes.1:unknown");
        (await workspace.Post("/v1/api-keys", new { name = "x", scopes = Array.Empty<string>() })).Errors.Should().Equal("scopes:required");
    }

    [Fact]
    public async Task a_key_cannot_make_a_key_that_may_do_more()
    {
        var workspace = await server.NewWorkspace();
        var maker = await Key(workspace, "api-keys:*", "leads:read", "forms:*");
        foreach (var given in new[] { "leads:read", "forms:read", "forms:write", "forms:*", "api-keys:write" })
            (await maker.Post("/v1/api-keys", new { name = "x", scopes = new[] { given } })).Status.Should().Be(201, given);
        var keys = (await workspace.All("/v1/api-keys")).Count;
        foreach (var taken in new[] { "*", "*:*", "*:read", "*:write", "leads:write", "leads:*", "members:read" })
        {
            var refused = await maker.Post("/v1/api-keys", new { name = "x", scopes = new[] { "leads:read", taken } });
            refused.Status.Should().Be(422, taken);
            refused.Errors.Should().Equal("scopes.1:not_allowed");
        }
        (await workspace.All("/v1/api-keys")).Should().HaveCount(keys);
        var mine = (await maker.All("/v1/api-keys")).First(k => k["scopes"]!.AsArray().Count == 3);
        (await maker.Patch($"/v1/api-keys/{mine["id"]}", new { scopes = new[] { "*" } })).Errors.Should().Equal("scopes:read_only");
    }

    [Fact]
    public async Task a_key_changes_only_keys_that_it_could_give()
    {
        var workspace = await server.NewWorkspace();
        var admin = (await workspace.All("/v1/api-keys")).Single()["id"]!.ToString();
        var forms = await workspace.Post("/v1/api-keys", new { name = "f", scopes = new[] { "leads:read", "forms:read" } });
        var maker = await Key(workspace, "api-keys:*", "leads:read");
        foreach (var (id, field) in new[] { (admin, "scopes.0"), (forms["id"]!.ToString(), "scopes.1") })
        {
            foreach (
                var change in new object[]
                {
                    new { expiresAt = "2001-01-01T00:00:00Z" },
                    new { expiresAt = "2099-01-01T00:00:00Z" },
                    new { name = "mine" },
                }
            )
            {
                var refused = await maker.Patch($"/v1/api-keys/{id}", change);
                refused.Status.Should().Be(422, refused.Text);
                refused.Errors.Should().Equal(field + ":not_allowed");
            }
            foreach (var refused in new[] { await maker.Post($"/v1/api-keys/{id}/revoke"), await maker.Delete($"/v1/api-keys/{id}") })
            {
                refused.Status.Should().Be(403, refused.Text);
                refused.Code.Should().Be("insufficient_scope");
                refused.Errors.Should().Equal(field + ":not_allowed");
            }
            const string errors = "{errors{code ...on FieldProblem{field}}}";
            var graph = await maker.Post(
                "/graphql",
                new
                {
                    query = $"mutation{{a:updateApiKey(input:{{id:\"{id}\",expiresAt:\"2001-01-01T00:00:00Z\"}}){errors}"
                        + $" b:revokeApiKey(input:{{id:\"{id}\"}}){errors} c:deleteApiKey(input:{{id:\"{id}\"}}){errors}}}",
                }
            );
            foreach (var (alias, code) in new[] { ("a", "validation_failed"), ("b", "insufficient_scope"), ("c", "insufficient_scope") })
                graph["data"]![alias]!["errors"]!
                    .ToJsonString()
                    .Should()
                    .Be($"[{{\"code\":\"{code}\"}},{{\"code\":\"not_allowed\",\"field\":\"{field}\"}}]", graph.Text);
        }
        (await workspace.Get("/v1/leads")).Status.Should().Be(200, "the admin's key works on");
        var lesser = (await workspace.Post("/v1/api-keys", new { name = "l", scopes = new[] { "leads:read" } }))["id"];
        foreach (var end in new[] { "2001-01-01T00:00:00Z", "2099-01-01T00:00:00Z" })
            (await maker.Patch($"/v1/api-keys/{lesser}", new { expiresAt = end })).Status.Should().Be(200);
        (await maker.Post($"/v1/api-keys/{lesser}/revoke")).Status.Should().Be(200);
        (await maker.Delete($"/v1/api-keys/{lesser}")).Status.Should().Be(204);
        // The installation's key can more than its scopes say.
        var ours = (await server.Default.All("/v1/api-keys")).First(k => k["installation"]!.GetValue<bool>())["id"];
        (await (await Key(server.Default, "*")).Post($"/v1/api-keys/{ours}/revoke")).Errors.Should().Equal("installation:not_allowed");
    }

    [Fact]
    public async Task a_key_makes_neither_itself_nor_another_last_longer_than_it_does()
    {
        var workspace = await server.NewWorkspace();
        Task<Reply> Ending(TestWorkspace by, string? expiresAt) =>
            by.Post(
                "/v1/api-keys",
                new
                {
                    name = "x",
                    scopes = new[] { "*" },
                    expiresAt,
                }
            );
        var made = await Ending(workspace, "2090-01-01T00:00:00Z");
        var (key, own) = (workspace.With(made["key"]!.ToString()), $"/v1/api-keys/{made["id"]}");
        foreach (var later in new[] { "{\"expiresAt\":\"2099-01-01T00:00:00Z\"}", "{\"expiresAt\":null}" })
            (await key.Patch(own, later)).Errors.Should().Equal("expiresAt:not_allowed");
        var graph = await key.Post(
            "/graphql",
            new
            {
                query = $"mutation{{updateApiKey(input:{{id:\"{made["id"]}\",expiresAt:null}}){{errors{{code ...on FieldProblem{{field}}}}}}}}",
            }
        );
        graph.Text.Should().Contain("\"code\":\"not_allowed\",\"field\":\"expiresAt\"");
        (await Ending(key, null)).Errors.Should().Equal("expiresAt:not_allowed");
        var child = await Ending(key, "2080-01-01T00:00:00Z");
        child.Status.Should().Be(201, child.Text);
        (await key.Patch($"/v1/api-keys/{child["id"]}", "{\"expiresAt\":null}")).Errors.Should().Equal("expiresAt:not_allowed");
        (await workspace.With(child["key"]!.ToString()).Patch(own, new { expiresAt = "2095-01-01T00:00:00Z" }))
            .Errors.Should()
            .Equal("expiresAt:not_allowed");
        (await key.Patch(own, new { name = "renamed", expiresAt = "2085-01-01T00:00:00Z" })).Status.Should().Be(200, "less is allowed");
        (await workspace.Patch(own, new { expiresAt = "2099-01-01T00:00:00Z" })).Status.Should().Be(200, "by a key that lasts longer");
    }

    [Fact]
    public async Task only_the_installations_own_key_makes_workspaces()
    {
        var workspace = await server.NewWorkspace();
        var before = (await server.Default.All("/v1/events?type=workspace.created")).Count;
        foreach (
            var key in new[]
            {
                workspace,
                await Key(workspace, "*"),
                await Key(workspace, "workspaces:write"),
                await Key(server.Default, "*"),
                await Key(server.Default, "workspaces:write"),
            }
        )
        {
            var refused = await key.Post("/v1/workspaces", new { name = "Mine" });
            refused.Status.Should().Be(403, refused.Text);
            refused.Code.Should().Be("insufficient_scope");
            (
                await key.Post(
                    "/v1/api-keys",
                    new
                    {
                        name = "x",
                        scopes = new[] { "*" },
                        installation = true,
                    }
                )
            ).Status.Should().BeOneOf(403, 422);
        }
        (await server.Default.All("/v1/events?type=workspace.created")).Should().HaveCount(before);
        (await server.Default.Post("/v1/workspaces", new { name = "Theirs" })).Status.Should().Be(201);
    }

    // ---- Keys that do not work

    [Fact]
    public async Task without_a_good_key_every_route_is_a_401_that_says_how()
    {
        var workspace = await server.NewWorkspace();
        var nobody = workspace.With("");
        foreach (var route in Routes.WithKey(server))
        {
            var reply = await nobody.Send(
                route.Method,
                route.At(route.Operation!.Entry.Type.Text(new(9))),
                route.Method == HttpMethod.Get || route.Method == HttpMethod.Head ? null : "{"
            );
            reply.Status.Should().Be(401, route.ToString());
            reply.Header("WWW-Authenticate").Should().Be("Bearer realm=\"crm\"");
            if (route.Method != HttpMethod.Head)
                reply.Code.Should().Be("unauthorized");
        }
        var good = workspace.Key;
        foreach (
            var header in new[]
            {
                "Bearer",
                "Bearer ",
                "Bearer crm_sk_",
                good,
                "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(good + ":")),
                "Token " + good,
                "Bearer " + good[..^1],
                "Bearer " + good + "x",
                "Bearer " + good.ToUpperInvariant(),
                "Bearer " + good.ToLowerInvariant(),
                "Bearer crm_sk_00000000_0000000000000000000000000000000000000000000",
                "Bearer \"" + good + "\"",
                "Bearer " + good + "," + good,
                "Bearer " + good + " " + good,
                "Bearer " + ApiKey.HashOf(good),
                "Bearer crm_sk_" + ApiKey.HashOf(good),
                "Bearer " + new string('a', 5000),
                "Bearer ' OR 1=1 --aaaaaaaaaaaaaaaaaa",
            }
        )
        {
            var reply = await nobody.Get("/v1/leads", ("Authorization", header));
            reply.Status.Should().Be(401, header);
            reply.Header("WWW-Authenticate").Should().Be("Bearer realm=\"crm\", error=\"invalid_token\"");
            reply.Text.Should().NotContain(good);
        }
        (await nobody.Get("/v1/leads", ("Authorization", "Bearer " + good), ("Authorization", "Bearer " + good)))
            .Status.Should()
            .Be(401, "two credentials are none");
        (await nobody.Get("/v1/leads", ("Authorization", "bearer  " + good + " ")))
            .Status.Should()
            .Be(200, "the scheme's case and spaces do not matter");
    }

    [Fact]
    public async Task a_key_counts_in_its_header_only()
    {
        var workspace = await server.NewWorkspace();
        var nobody = workspace.With("");
        foreach (var name in new[] { "key", "api_key", "apikey", "access_token", "token", "Authorization", "bearer" })
        {
            (await nobody.Get($"/v1/leads?{name}={workspace.Key}")).Status.Should().Be(401, name);
            (await workspace.Get($"/v1/leads?{name}={workspace.Key}"))
                .Code.Should()
                .Be("unknown_parameter", "nobody should learn to put it there");
        }
        foreach (
            var name in new[]
            {
                "X-Api-Key",
                "Api-Key",
                "X-Auth-Token",
                "Cookie",
                "Proxy-Authorization",
                "X-Authorization",
                "X-Forwarded-Authorization",
                "X-Original-Authorization",
            }
        )
            (
                await nobody.Get(
                    "/v1/leads",
                    (name, name == "Cookie" ? $"Authorization=Bearer {workspace.Key}; key={workspace.Key}" : "Bearer " + workspace.Key)
                )
            )
                .Status.Should()
                .Be(401, name);
        (
            await nobody.Post(
                "/v1/leads",
                new
                {
                    lastName = "x",
                    access_token = workspace.Key,
                    authorization = "Bearer " + workspace.Key,
                }
            )
        ).Status.Should().Be(401);
        (await workspace.All("/v1/leads")).Should().BeEmpty();
    }

    [Fact]
    public async Task a_revoked_key_is_refused_from_the_very_next_request_on()
    {
        var workspace = await server.NewWorkspace();
        for (var round = 0; round < 5; round++)
        {
            var made = await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "*" } });
            var key = workspace.With(made["key"]!.GetValue<string>());
            (await key.Get("/v1/leads")).Status.Should().Be(200);
            // Readers that are under way while the key is revoked must not put it back into a cache.
            using var stop = new CancellationTokenSource();
            var readers = Enumerable
                .Range(0, 4)
                .Select(async _ =>
                {
                    while (!stop.IsCancellationRequested)
                        await key.Get("/v1/leads?limit=1");
                })
                .ToList();
            var revoked =
                round % 2 == 0
                    ? await workspace.Post($"/v1/api-keys/{made["id"]}/revoke")
                    : await workspace.Delete($"/v1/api-keys/{made["id"]}");
            var next = await key.Get("/v1/leads");
            var write = await key.Post("/v1/leads", new { lastName = "late" });
            await stop.CancelAsync();
            await Task.WhenAll(readers);
            revoked.Status.Should().BeOneOf(200, 204);
            next.Status.Should().Be(401);
            write.Status.Should().Be(401);
            (await key.Get("/v1/leads")).Status.Should().Be(401);
        }
        (await workspace.All("/v1/leads")).Should().BeEmpty();
    }

    [Fact]
    public async Task a_key_can_revoke_itself_and_stays_revoked()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "*" } });
        var key = workspace.With(made["key"]!.GetValue<string>());
        var revoked = await key.Post($"/v1/api-keys/{made["id"]}/revoke");
        revoked.Status.Should().Be(200);
        revoked["revokedAt"].Should().NotBeNull();
        (await key.Get("/v1/leads")).Status.Should().Be(401);
        (await workspace.Patch($"/v1/api-keys/{made["id"]}", """{"revokedAt":null}""")).Errors.Should().Equal("revokedAt:read_only");
        (await workspace.Patch($"/v1/api-keys/{made["id"]}", new { expiresAt = "2099-01-01T00:00:00Z" })).Status.Should().Be(200);
        (await key.Get("/v1/leads")).Status.Should().Be(401);
    }

    [Fact]
    public async Task an_expired_key_is_refused()
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post(
            "/v1/api-keys",
            new
            {
                name = "x",
                scopes = new[] { "*" },
                expiresAt = "2001-01-01T00:00:00Z",
            }
        );
        var key = workspace.With(made["key"]!.GetValue<string>());
        (await key.Get("/v1/leads")).Status.Should().Be(401);
        await workspace.Patch($"/v1/api-keys/{made["id"]}", new { expiresAt = "2099-01-01T00:00:00Z" });
        (await key.Get("/v1/leads")).Status.Should().Be(200);
        await workspace.Patch($"/v1/api-keys/{made["id"]}", new { expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(1) });
        await Task.Delay(1200);
        (await key.Get("/v1/leads")).Status.Should().Be(401, "a key that was used a moment ago expires too");
    }

    // ---- Nothing but the key

    [Fact]
    public async Task no_header_changes_whose_workspace_it_is_or_what_is_asked()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var lead = await workspace.Post("/v1/leads", new { lastName = "Own" });
        var foreign = await other.Post("/v1/leads", new { lastName = "Foreign" });
        string[] spoofed =
        [
            "Workspace",
            "X-Workspace",
            "X-Workspace-Id",
            "X-Crm-Workspace",
            "X-Tenant",
            "X-Tenant-Id",
            "X-Organization",
            "X-Account",
            "User",
            "X-User",
            "X-User-Id",
            "X-Remote-User",
            "Remote-User",
            "X-Forwarded-User",
            "X-Forwarded-Email",
            "X-Auth-Request-User",
            "X-Authenticated-User",
            "X-Admin",
            "X-Role",
            "X-Scopes",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-Prefix",
            "X-Forwarded-Path",
            "X-Forwarded-Uri",
            "X-Forwarded-Method",
            "Forwarded",
            "X-Real-IP",
            "X-Client-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "X-Original-URL",
            "X-Rewrite-URL",
            "X-Original-Host",
            "X-Host",
            "X-HTTP-Method-Override",
            "X-HTTP-Method",
            "X-Method-Override",
            "X-Custom-IP-Authorization",
        ];
        var list = await workspace.Get("/v1/leads");
        foreach (var header in spoofed)
        foreach (
            var value in new[]
            {
                other.Id,
                "*",
                "admin",
                "default",
                "1",
                "DELETE",
                $"/v1/leads/{foreign["id"]}",
                "https",
                "evil.example",
                other.Key,
                "Bearer " + other.Key,
            }
        )
        {
            var same = await workspace.Get("/v1/leads", (header, value));
            same.Status.Should().Be(200, $"{header}: {value}");
            same.Text.Should().Be(list.Text, $"{header}: {value}");
            if (value is "DELETE" or "admin" or "https" or "evil.example")
            {
                (await workspace.With("").Get("/v1/leads", (header, value))).Status.Should().Be(401, $"{header}: {value}");
                (await workspace.Post($"/v1/leads/{lead["id"]}", new { }, (header, value))).Status.Should().Be(405);
                var page = await workspace.Get("/v1/events?limit=1", (header, value));
                page.Header("Link").Should().StartWith($"<{server.Address}v1/events?");
            }
        }
        foreach (var header in spoofed)
            (await workspace.Get($"/v1/leads/{foreign["id"]}", (header, other.Id))).Status.Should().Be(404, header);
        (await workspace.Get("/v1/leads?_method=DELETE")).Code.Should().Be("unknown_parameter");
        (await workspace.Get("/v1/leads?workspace=" + other.Id)).Code.Should().Be("unknown_parameter");
        (await workspace.Get($"/v1/leads/{lead["id"]}")).Status.Should().Be(200);
    }

    [Fact]
    public async Task a_key_of_another_workspace_adds_nothing_to_a_receipt()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var form = await workspace.ContactForm();
        foreach (
            var (key, tells) in new[]
            {
                (workspace.Key, true),
                (other.Key, false),
                ((await Key(workspace, "leads:*")).Key, false),
                ("crm_sk_00000000_0000000000000000000000000000000000000000000", false),
            }
        )
        {
            var receipt = await workspace.Submit(form, new { email = $"v{key[^4..]}@example.org" }, ("Authorization", "Bearer " + key));
            receipt.Status.Should().Be(201, receipt.Text);
            receipt.Json!.AsObject().ContainsKey("verdict").Should().Be(tells);
            receipt.Json!.AsObject().ContainsKey("lead").Should().Be(tells);
        }
        (await other.All("/v1/leads")).Should().BeEmpty();
    }

    // ---- Secrets

    [Fact]
    public async Task no_answer_and_no_file_holds_a_key_and_no_answer_its_hash()
    {
        var workspace = await server.NewWorkspace();
        var first = await workspace.Post("/v1/api-keys", new { name = "one", scopes = new[] { "*" } }, ("Idempotency-Key", "k"));
        var second = await workspace.Post("/v1/api-keys", new { name = "two", scopes = new[] { "leads:read" } });
        await workspace.Post("/v1/api-keys", new { name = "one", scopes = new[] { "*" } }, ("Idempotency-Key", "k"));
        await workspace.Patch($"/v1/api-keys/{first["id"]}", new { name = "renamed" });
        await workspace.With(second["key"]!.GetValue<string>()).Post("/v1/leads", new { });
        await workspace.Post($"/v1/api-keys/{second["id"]}/revoke");
        string[] keys = [workspace.Key, first["key"]!.GetValue<string>(), second["key"]!.GetValue<string>()];
        var secrets = keys.Concat(keys.Select(ApiKey.HashOf))
            .Concat(keys.Select(k => Convert.ToBase64String(Convert.FromHexString(ApiKey.HashOf(k)))))
            .Concat(keys.Select(k => k[16..]))
            .ToList();
        var number = server.Services.GetService(typeof(Domain.Work.Installation)) is Domain.Work.Installation installation
            ? (await installation.Settings.Find(KnownKey.ByHash, ApiKey.HashOf(workspace.Key), default))!.Settings.Key.Value.ToString(
                System.Globalization.CultureInfo.InvariantCulture
            )
            : "";
        number.Should().NotBeEmpty();

        var seen = 0;
        foreach (var entry in CrmCatalog.Standard.Public)
        {
            var rows = await workspace.All($"/v1/{entry.Type.Plural}");
            foreach (var row in rows)
            {
                var single = await workspace.Get($"/v1/{entry.Type.Plural}/{row["id"]}");
                foreach (var text in new[] { single.Text + single.Headers + single.ContentHeaders, row.ToJsonString() })
                {
                    foreach (var secret in secrets)
                        text.Should().NotContainEquivalentOf(secret);
                    text.Should().NotContain(number, "the store's number of a workspace is nobody's business");
                    foreach (var field in entry.Type.Fields.Where(f => f.IsSecret))
                        text.Should().NotContain($"\"{field.Name}\":");
                }
                seen++;
            }
        }
        seen.Should().BeGreaterThan(10);
        foreach (
            var file in Directory
                .GetFiles(Path.GetDirectoryName(server.DatabasePath)!, "crm.db*")
                .Where(f => !f.EndsWith(".lock", StringComparison.Ordinal))
        )
        {
            var bytes = LiveFile.Read(file);
            foreach (var key in keys)
                bytes
                    .AsSpan()
                    .IndexOf(Encoding.ASCII.GetBytes(key[16..]))
                    .Should()
                    .Be(-1, $"{Path.GetFileName(file)} must not hold the key itself");
        }
    }
}
