// Idempotency-Key over REST: a request that is sent again has one effect and one answer.

using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public class IdempotencyTests(CrmServer server)
{
    static (string, string) Key(string key) => ("Idempotency-Key", key);

    [Fact]
    public async Task the_same_request_again_gets_the_first_answer_and_makes_nothing()
    {
        var workspace = await server.NewWorkspace();
        var first = await workspace.Post("/v1/leads", new { email = "ana@example.org" }, Key("k1"));
        await workspace.Patch($"/v1/leads/{first["id"]}", new { company = "changed since" });

        var again = await workspace.Post("/v1/leads", new { email = "ana@example.org" }, Key("k1"));

        first.Status.Should().Be(201);
        first.Header("Idempotent-Replayed").Should().BeNull();
        again.Status.Should().Be(201);
        again.Text.Should().Be(first.Text);
        again.Header("Idempotent-Replayed").Should().Be("true");
        foreach (var name in new[] { "ETag", "Location", "Content-Type" })
            again.Header(name).Should().Be(first.Header(name), name);
        (await workspace.All("/v1/leads")).Should().ContainSingle();
        (await workspace.All("/v1/events?type=lead.created")).Should().ContainSingle();
    }

    [Fact]
    public async Task another_body_or_another_query_under_the_same_key_is_refused()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { email = "ana@example.org" }, Key("k1"));
        foreach (
            var body in new[]
            {
                """{"email":"bia@example.org"}""",
                server.Wire is null ? """{"email": "ana@example.org"}""" : """{"email":"Ana@example.org"}""",
                "{}",
                """{"email":"ana@example.org","lastName":"x"}""",
            }
        )
        {
            var refused = await workspace.Post("/v1/leads", body, Key("k1"));
            refused.Status.Should().Be(422, body);
            refused.Code.Should().Be("idempotency_key_reused");
        }
        if (server.Wire is not null)
            return; // PUT is REST's.
        var put = new { email = "caio@example.org", phone = "+5511912345678" };
        (await workspace.Put("/v1/leads?match=email", put, Key("k1"))).Status.Should().Be(201, "another method is another request");
        (await workspace.Put("/v1/leads?match=phone", put, Key("k1"))).Code.Should().Be("idempotency_key_reused");
        (await workspace.All("/v1/leads")).Should().HaveCount(2);
    }

    [Fact]
    public async Task fifty_copies_at_once_make_one_record()
    {
        var workspace = await server.NewWorkspace();
        var copies = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(_ => workspace.Post("/v1/leads", new { lastName = "Silva" }, Key("k1")))
        );
        copies.Should().OnlyContain(c => c.Status == 201 || c.Status == 409 && c.Code == "idempotency_key_in_use");
        var made = copies.Where(c => c.Status == 201).ToList();
        made.Select(c => c.Text).Distinct().Should().ContainSingle();
        made.Count(c => c.Header("Idempotent-Replayed") is null).Should().Be(1);
        (await workspace.All("/v1/leads")).Should().ContainSingle();
        (await workspace.Post("/v1/leads", new { lastName = "Silva" }, Key("k1"))).Text.Should().Be(made[0].Text);
    }

    [Theory]
    [InlineData("\"k\"", "k")]
    [InlineData("\"with, comma; and space\"", "\"with, comma; and space\"")]
    [InlineData("  k  ", "k")]
    public async Task a_key_counts_bare_and_quoted_alike(string first, string second)
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = "Silva" }, Key(first));
        (await workspace.Post("/v1/leads", new { lastName = "Silva" }, Key(second))).Header("Idempotent-Replayed").Should().Be("true");
    }

    [Fact]
    public async Task a_key_has_1_to_255_visible_characters()
    {
        var workspace = await server.NewWorkspace();
        foreach (
            var good in new[]
            {
                "a",
                new string('k', 255),
                "\"" + new string('q', 255) + "\"",
                "8e03978e-40d5-43e8-bc93-6894a57f9324",
                "~!@#$%^&*()[]{}|;:',.<>/?",
            }
        )
        {
            (await workspace.Post("/v1/members", new { name = "Bia", email = $"m{Guid.NewGuid():n}@example.org" }, Key(good)))
                .Status.Should()
                .Be(201, good);
        }
        foreach (var bad in new[] { "", " ", "\"\"", new string('k', 256), "\"" + new string('q', 256) + "\"" })
        {
            var refused = await workspace.Post("/v1/leads", new { lastName = "Silva" }, Key(bad));
            refused.Status.Should().Be(400, bad);
            refused.Code.Should().Be("invalid_idempotency_key");
        }
        (await workspace.All("/v1/leads")).Should().BeEmpty();
        var body = "{\"lastName\":\"x\"}";
        foreach (var odd in new[] { "a\u00c3\u00bc", "a\u007fb" })
            (
                await server.Raw(
                    $"POST /v1/leads HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {workspace.Key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nIdempotency-Key: {odd}\r\n\r\n{body}"
                )
            )
                .Status.Should()
                .Be(400, odd);
        (await workspace.All("/v1/leads")).Should().BeEmpty();
    }

    [Fact]
    public async Task a_refusal_is_heard_again_even_when_things_have_changed()
    {
        var workspace = await server.NewWorkspace();
        var ana = await workspace.Post("/v1/leads", new { email = "ana@example.org" });
        var bia = await workspace.Post("/v1/leads", new { email = "bia@example.org" });
        var absent = "lead_00000000000000000000000000";
        (string Path, object Body, int Status)[] requests =
        [
            ("/v1/leads", new { email = "nobody" }, 422),
            ("/v1/leads", new { email = "ana@example.org" }, 409),
            ($"/v1/leads/{absent}/merge", new { lead = ana["id"] }, 404),
            ($"/v1/leads/{bia["id"]}/unmerge", new { lead = ana["id"] }, 409),
            ($"/v1/leads/{bia["id"]}/merge", new { lead = absent }, 422),
        ];
        var first = new List<Reply>();
        for (var i = 0; i < requests.Length; i++)
        {
            first.Add(await workspace.Post(requests[i].Path, requests[i].Body, Key($"k{i}")));
            first[i].Status.Should().Be(requests[i].Status, first[i].Text);
        }
        await workspace.Delete($"/v1/leads/{ana["id"]}");
        for (var i = 0; i < requests.Length; i++)
        {
            var again = await workspace.Post(requests[i].Path, requests[i].Body, Key($"k{i}"));
            again.Status.Should().Be(requests[i].Status);
            again.Text.Should().Be(first[i].Text);
            again.Header("Content-Type").Should().Be("application/problem+json");
            again.Header("Idempotent-Replayed").Should().Be("true");
        }
        (await workspace.Post("/v1/leads", new { email = "ana@example.org" }))
            .Status.Should()
            .Be(201, "without the key it is a new request");
    }

    [Fact]
    public async Task a_request_that_was_not_understood_uses_no_key_up()
    {
        var workspace = await server.NewWorkspace();
        (await workspace.Post("/v1/leads", "{", Key("k1"))).Status.Should().Be(400);
        (
            await workspace
                .With("crm_sk_wrongkey_0000000000000000000000000000000000000000000")
                .Post("/v1/leads", new { lastName = "Silva" }, Key("k1"))
        )
            .Status.Should()
            .Be(401);
        (await workspace.Post("/v1/leads", new { lastName = "Silva" }, Key("k1"))).Status.Should().Be(201);
    }

    [Fact]
    public async Task the_secret_of_a_new_key_is_shown_once_and_kept_nowhere()
    {
        var workspace = await server.NewWorkspace();
        var body = new { name = "Sync", scopes = new[] { "leads:read" } };
        var first = await workspace.Post("/v1/api-keys", body, Key("k1"));
        var again = await workspace.Post("/v1/api-keys", body, Key("k1"));

        var secret = first["key"]!.GetValue<string>();
        secret.Should().MatchRegex("^crm_sk_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}$");
        again.Status.Should().Be(201);
        again.Header("Idempotent-Replayed").Should().Be("true");
        again.Json!.AsObject().ContainsKey("key").Should().BeFalse();
        again["id"]!.ToString().Should().Be(first["id"]!.ToString());
        again.Text.Should().NotContain(secret);
        (await workspace.All("/v1/api-keys")).Should().HaveCount(2);
        (await workspace.With(secret).Get("/v1/leads")).Status.Should().Be(200);

        var made = await server.Default.Post("/v1/workspaces", new { name = "Twice" }, Key(workspace.Id));
        var repeated = await server.Default.Post("/v1/workspaces", new { name = "Twice" }, Key(workspace.Id));
        repeated["id"]!.ToString().Should().Be(made["id"]!.ToString());
        repeated.Text.Should().NotContain(made["key"]!.ToString());
    }

    [Fact]
    public async Task a_long_answer_is_given_again_in_full()
    {
        var workspace = await server.NewWorkspace();
        var form = new
        {
            name = "Long",
            fields = Enumerable.Range(0, server.Wire is null ? 60 : 18).Select(i => new { name = $"f{i}", help = new string('h', 3000) }),
        };
        var first = await workspace.Post("/v1/forms", form, Key("k1"));
        first.Status.Should().Be(201);
        first.Text.Length.Should().BeGreaterThan(server.Wire is null ? 150_000 : 50_000);
        (await workspace.Post("/v1/forms", form, Key("k1"))).Text.Should().Be(first.Text);
    }

    [Fact]
    public async Task actions_take_a_key_too()
    {
        var workspace = await server.NewWorkspace();
        var kept = await workspace.Post("/v1/leads", new { lastName = "A" });
        var gone = await workspace.Post("/v1/leads", new { lastName = "B" });
        var first = await workspace.Post($"/v1/leads/{kept["id"]}/merge", new { lead = gone["id"] }, Key("k1"));
        var again = await workspace.Post($"/v1/leads/{kept["id"]}/merge", new { lead = gone["id"] }, Key("k1"));
        first.Status.Should().Be(200);
        again.Text.Should().Be(first.Text);
        var revoked = await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "*" } });
        await workspace.Post($"/v1/api-keys/{revoked["id"]}/revoke", null, Key("k2"));
        (await workspace.Post($"/v1/api-keys/{revoked["id"]}/revoke", null, Key("k2"))).Header("Idempotent-Replayed").Should().Be("true");
    }

    [Fact]
    public async Task a_key_belongs_to_its_workspace_and_its_caller()
    {
        var (one, two) = (await server.NewWorkspace(), await server.NewWorkspace());
        var body = new { lastName = "Silva" };
        var first = await one.Post("/v1/leads", body, Key("k1"));
        var second = await two.Post("/v1/leads", body, Key("k1"));
        second.Status.Should().Be(201);
        second.Header("Idempotent-Replayed").Should().BeNull();
        second["id"]!.ToString().Should().NotBe(first["id"]!.ToString());
        var colleague = one.With(
            (await one.Post("/v1/api-keys", new { name = "other", scopes = new[] { "*" } }))["key"]!.GetValue<string>()
        );
        (await colleague.Post("/v1/leads", body, Key("k1")))
            .Header("Idempotent-Replayed")
            .Should()
            .BeNull("two programs may number their requests alike");
    }
}
