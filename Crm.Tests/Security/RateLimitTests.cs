// How often: limits by key, by visitor and form, and for wrong keys, on a server that has them switched on.

using System.Text.RegularExpressions;
using Xunit;

namespace Crm.Tests.Security;

public sealed class RateLimitTests : IAsyncLifetime
{
    readonly CrmServer server = new(null, "--Crm:RateLimits:Enabled=true");
    TestWorkspace workspace = null!;

    public async Task InitializeAsync()
    {
        await server.InitializeAsync();
        workspace = await server.NewWorkspace();
    }

    public Task DisposeAsync() => server.DisposeAsync();

    /// <summary>Sends until the first 429; some more than the burst are taken meanwhile, for tokens come back.</summary>
    static async Task<(int Taken, Reply Refused)> UntilRefused(Func<Task<Reply>> send, int most = 3000)
    {
        var taken = 0;
        for (; taken < most; taken += 20)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => send()));
            if (replies.FirstOrDefault(r => r.Status == 429) is { } refused)
                return (taken + replies.Count(r => r.Status != 429), refused);
        }
        throw new InvalidOperationException($"{most} requests and no limit.");
    }

    static void IsRefusal(Reply reply)
    {
        reply.Status.Should().Be(429);
        reply.Code.Should().Be("rate_limited");
        reply.Header("Content-Type").Should().Be("application/problem+json");
        int.Parse(reply.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture).Should().BeInRange(1, 60);
    }

    [Fact]
    public async Task a_key_has_a_hundred_requests_at_once_and_every_answer_says_what_is_left()
    {
        var other = workspace.With(
            (await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "*" } }))["key"]!.GetValue<string>()
        );
        var first = await other.Get("/v1/leads?limit=1");
        first.Header("RateLimit-Policy").Should().Be("\"key\";q=100;w=10");
        first.Header("RateLimit").Should().MatchRegex("^\"key\";r=99;t=1$");

        var (taken, refused) = await UntilRefused(() => other.Get("/v1/leads?limit=1"));

        taken.Should().BeGreaterThanOrEqualTo(99);
        IsRefusal(refused);
        refused.Header("RateLimit").Should().MatchRegex("^\"key\";r=\\d;t=\\d+$");
        (await workspace.Get("/v1/leads")).Status.Should().Be(200, "another key has its own bucket");
        foreach (
            var path in new[]
            {
                "/V1/Leads",
                "/v1/leads/",
                "/v1/LEADS/?limit=1",
                "/v1/members",
                "/v1/leads/lead_00000000000000000000000000/timeline",
            }
        )
            (await UntilRefused(() => other.Get(path), 200)).Taken.Should().BeLessThan(100, path);
    }

    [Fact]
    public async Task a_refused_write_stores_nothing()
    {
        var sent = 0;
        var (_, refused) = await UntilRefused(() => workspace.Post("/v1/leads", new { lastName = $"L{Interlocked.Increment(ref sent)}" }));
        IsRefusal(refused);
        await Task.Delay(2000);
        var made = (await server.Default.Get("/v1/leads?limit=1")).Status;
        made.Should().Be(200);
        var (taken, _) = (await workspace.All("/v1/leads"), 0);
        taken.Count.Should().BeLessThan(sent);
    }

    [Fact]
    public async Task a_visitor_may_post_a_form_twenty_times_at_once_however_he_writes_its_address()
    {
        var form = await workspace.ContactForm();
        var second = await workspace.NewForm(
            new
            {
                name = "Second",
                fields = new[]
                {
                    new
                    {
                        name = "email",
                        kind = "email",
                        mapsTo = "email",
                    },
                },
            }
        );
        var n = 0;
        Task<Reply> Post(string path, params (string, string)[] headers) =>
            workspace.With("").Send(HttpMethod.Post, path, new { email = $"p{Interlocked.Increment(ref n)}@example.org" }, headers);

        var first = await Post($"/f/{form["key"]}");
        first
            .Header("RateLimit-Policy")
            .Should()
            .Contain("\"form-address\";q=20;w=120")
            .And.Contain("\"address\";q=60;w=60")
            .And.Contain("\"form\";q=600;w=60");
        (await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => Post($"/f/{form["key"]}")))).Should().OnlyContain(r => r.Status == 201);
        (await workspace.All("/v1/submissions?reason=limited")).Count.Should().BeInRange(1, 5, "twenty at once, and some that came back");

        foreach (var path in new[] { $"/F/{form["key"]}", $"/f/{form["key"]}/", $"/f/{form["key"]}?x=1", $"/%66/{form["key"]}" })
            await IsLimited(() => Post(path), path);
        foreach (var header in new[] { "X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP" })
            await IsLimited(() => Post($"/f/{form["key"]}", (header, header == "Forwarded" ? "for=203.0.113.9" : "203.0.113.9")), header);
        await IsTaken(await Post($"/f/{second["key"]}"), "another form has its own bucket");
        await IsTaken(
            await workspace.Submit(form, new { email = "server@example.org" }, ("Authorization", "Bearer " + workspace.Key)),
            "a server that posts with its key posts for many visitors"
        );
    }

    async Task<string?> ReasonOf(Reply receipt)
    {
        receipt.Status.Should().Be(201, receipt.Text);
        return (await workspace.Get($"/v1/submissions/{receipt["id"]}"))["reason"]?.ToString();
    }

    /// <summary>Every six seconds one comes back, which a busy machine may wait for; a way around would have twenty.</summary>
    async Task IsLimited(Func<Task<Reply>> post, string because)
    {
        string? reason = null;
        for (var tries = 0; tries < 5 && reason is null; tries++)
            reason = await ReasonOf(await post());
        reason.Should().Be("limited", because);
    }

    async Task IsTaken(Reply receipt, string because) => (await ReasonOf(receipt)).Should().BeNull(because);

    [Fact]
    public async Task wrong_keys_run_out_and_a_good_one_still_works()
    {
        var guesser = workspace.With("crm_sk_guess000_0000000000000000000000000000000000000000000");
        var replies = new List<Reply>();
        for (var i = 0; i < 15; i++)
            replies.Add(await guesser.Get("/v1/leads"));
        replies.Take(10).Should().OnlyContain(r => r.Status == 401);
        replies.Count(r => r.Status == 429).Should().BeGreaterThanOrEqualTo(3);
        IsRefusal(replies.Last(r => r.Status == 429));
        (await guesser.Get("/V1/leads/", ("X-Forwarded-For", "203.0.113.9"))).Status.Should().Be(429);
        (await guesser.With("").Get("/v1/members")).Status.Should().Be(429, "no key is a wrong key");
        (await workspace.Get("/v1/leads")).Status.Should().Be(200);
    }

    [Fact]
    public async Task an_address_has_sixty_public_requests_at_once()
    {
        var form = await workspace.ContactForm();
        var (taken, refused) = await UntilRefused(() => workspace.With("").Get($"/forms/{form["key"]}"), 400);
        taken.Should().BeInRange(60, 90);
        IsRefusal(refused);
        (await workspace.Get("/v1/leads")).Status.Should().Be(200);
        (await workspace.With("").Get("/health/live")).Status.Should().Be(200);
    }
}

public sealed class TrustedProxyTests : IAsyncLifetime
{
    readonly CrmServer server = new(null, "--Crm:RateLimits:Enabled=true", "--Crm:TrustedProxies=127.0.0.1 10.0.0.0/8");

    public Task InitializeAsync() => server.InitializeAsync();

    public Task DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task behind_a_trusted_proxy_each_visitor_has_his_own_limit_and_cannot_write_himself_another()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var n = 0;
        Task<Reply> Post(string forwarded) =>
            workspace.Submit(form, new { email = $"p{Interlocked.Increment(ref n)}@example.org" }, ("X-Forwarded-For", forwarded));

        var replies = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => Post("203.0.113.1")));
        replies.Should().OnlyContain(r => r.Status == 201);
        (await workspace.All("/v1/submissions?reason=limited")).Count.Should().BeInRange(1, 5);

        await Is("limited", "198.51.100.7, 203.0.113.1", "what stands left of the client the client wrote himself");
        await Is("limited", "198.51.100.7, 203.0.113.1, 10.1.2.3", "our own proxies in between do not count");
        await Is(null, "203.0.113.2");
        await Is(null, "203.0.113.1, 203.0.113.3");
        await Is(null, "2001:db8:0:1::1");
        await Is("limited", "::ffff:203.0.113.1", "the same address in another spelling");
        await Is(null, "nonsense");

        async Task Is(string? reason, string forwarded, string because = "")
        {
            // As many tries as one comes back in on a busy machine; another visitor would have twenty.
            string? found = null;
            for (var tries = 0; tries == 0 || tries < 5 && reason is not null && found is null; tries++)
            {
                var receipt = await Post(forwarded);
                receipt.Status.Should().Be(201, receipt.Text);
                found = (await workspace.Get($"/v1/submissions/{receipt["id"]}"))["reason"]?.ToString();
            }
            found.Should().Be(reason, because);
        }

        var submissions = await workspace.All("/v1/submissions");
        submissions
            .Select(s => s["ip"]!.GetValue<string>())
            .Should()
            .Contain("203.0.113.0")
            .And.Contain("2001:db8::")
            .And.Contain("127.0.0.0");
        Regex
            .IsMatch((await workspace.Get("/v1/events?limit=1", ("X-Forwarded-Proto", "https"))).Header("Link")!, "^<https://")
            .Should()
            .BeTrue();
    }

    [Fact]
    public async Task one_household_of_ipv6_is_one_visitor()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 25)
                .Select(i =>
                    workspace.Submit(form, new { email = $"v{i}@example.org" }, ("X-Forwarded-For", $"2001:db8:0:5:{i + 1:x}::{i + 1:x}"))
                )
        );
        replies.Should().OnlyContain(r => r.Status == 201);
        (await workspace.All("/v1/submissions?reason=limited")).Count.Should().BeInRange(1, 5);
        var other = await workspace.Submit(form, new { email = "w@example.org" }, ("X-Forwarded-For", "2001:db8:0:6::1"));
        (await workspace.Get($"/v1/submissions/{other["id"]}"))["reason"].Should().BeNull();
    }
}
