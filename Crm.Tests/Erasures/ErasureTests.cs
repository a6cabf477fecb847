// Everything of one person goes, out of every resource and out of the file's bytes; what is counted and owed stays.

using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Crm.Domain.Reports;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Erasures;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class ErasureTests(CrmServer server)
{
    internal static async Task<JsonNode> Done(TestWorkspace workspace, object request)
    {
        var made = await workspace.Post("/v1/erasures", request);
        made.Status.Should().Be(201, made.Text);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2); await Task.Delay(50))
            if (await workspace.Get($"/v1/erasures/{made["id"]}") is var now && now["status"]!.ToString() == "done")
                return now.Json!;
        throw new TimeoutException("The erasure does not end.");
    }

    static long Count(JsonNode run, string resource, string what) =>
        run["counts"]!.AsArray().FirstOrDefault(c => c!["resource"]!.ToString() == resource)?[what]!.GetValue<long>() ?? 0;

    static async Task<string> Made(TestWorkspace workspace, string path, object body, params (string, string)[] headers)
    {
        var made = await workspace.Post(path, body, headers);
        made.Status.Should().BeInRange(200, 201, made.Text);
        return made["id"]!.ToString();
    }

    [Fact]
    public async Task a_lead_with_conversions_is_erased_and_what_is_counted_and_owed_stays()
    {
        var workspace = await server.NewWorkspace();
        var lead = await Made(
            workspace,
            "/v1/leads",
            new
            {
                name = "Ana Silva",
                email = "ana@silva.example.org",
                phone = "+5511912345678",
            }
        );
        var other = await Made(workspace, "/v1/leads", new { name = "Rui Costa", email = "rui@costa.example.org" });
        var sale = new
        {
            type = "sale",
            orderId = "A-1",
            lead,
            value = new { amount = 9950, currency = "EUR" },
        };
        var conversion = await Made(workspace, "/v1/conversions", sale);

        var plan = await Done(workspace, new { match = new { email = "Ana@Silva.example.org" }, dryRun = true });
        (Count(plan, "leads", "emptied"), (await workspace.Get($"/v1/leads/{lead}"))["firstName"]!.ToString()).Should().Be((1, "Ana"));

        var run = await Done(workspace, new { match = new { email = "ana@silva.example.org" }, reason = "asked for it" });
        run["counts"]!.ToJsonString().Should().Be(plan["counts"]!.ToJsonString(), "the plan says what is done");
        run["match"].Should().BeNull();
        run["people"]!.AsArray().Select(p => p!.ToString()).Should().Contain(lead).And.NotContain(other);
        var left = await workspace.Get($"/v1/leads/{lead}");
        (left.Status, left["firstName"], left["emails"]!.AsArray().Count, left["status"]!.ToString())
            .Should()
            .Be((200, null, 0, "converted"));
        var kept = await workspace.Get($"/v1/conversions/{conversion}");
        (kept["lead"]!.ToString(), kept["value"]!["amount"]!.ToString()).Should().Be((lead, "9950"));
        Count(run, "conversions", "kept").Should().Be(1);
        (await workspace.Get($"/v1/leads/{other}"))["firstName"]!.ToString().Should().Be("Rui");
        (await workspace.Get("/v1/leads?email=ana@silva.example.org")).Data.Should().BeEmpty();
        (await workspace.Get("/v1/leads?q=silva")).Data.Should().BeEmpty();
        (await workspace.All("/v1/events?type=person.erased")).Should().ContainSingle();
        var (product, differences) = (server.Services.GetRequiredService<Installation>(), new List<Difference>());
        (await new Recount(product, false, differences.Add, _ => { }).Run(await workspace.StoreKey(product), default)).Should().BeTrue();
        differences.Should().BeEmpty();
    }

    [Fact]
    public async Task one_of_several_who_share_a_number_is_named_by_id_and_the_others_keep_it()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        foreach (var (name, email) in new[] { ("Ana Silva", "ana@silva.example.org"), ("Rui Costa", "rui@costa.example.org") })
            (
                await workspace.Submit(
                    form,
                    new
                    {
                        name,
                        email,
                        phone = "+5511912345678",
                        message = "Hello",
                    }
                )
            ).Status.Should().Be(201);
        var ana = (await workspace.Get("/v1/leads?email=ana@silva.example.org")).Data[0]!["id"]!.ToString();

        var unclear = await workspace.Post("/v1/erasures", new { match = new { phone = "+5511912345678" } });
        unclear.Errors.Should().Equal("match.phone:ambiguous_match");
        (await workspace.Post("/v1/erasures", new { match = new { id = "lead_00000000000000000000000000" } })).Status.Should().Be(422);
        (await workspace.Post("/v1/erasures", new { reason = "none" })).Status.Should().Be(422);

        await Done(workspace, new { match = new { id = ana } });
        var rui = (await workspace.Get("/v1/leads?email=rui@costa.example.org")).Data[0]!;
        (rui["firstName"]!.ToString(), rui["phones"]![0]!["number"]!.ToString()).Should().Be(("Rui", "+5511912345678"));
        var entries = await workspace.All("/v1/submissions");
        entries.Single(e => e["lead"]!.ToString() == ana)["fields"]!.AsObject().Should().BeEmpty();
        entries.Single(e => e["lead"]!.ToString() != ana)["fields"]!["email"]!.ToString().Should().Be("rui@costa.example.org");
    }

    [Fact]
    public async Task whose_address_or_number_only_contains_the_erased_ones_keeps_everything()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        (string Name, string Email, string Phone)[] people =
        [
            ("Ana Silva", "ana@silva.example.org", "+5511912345678"),
            ("Joana Reis", "joana@silva.example.org", "+35321234567"),
            ("Rui Costa", "x.ana@silva.example.org", "+4915112345678"),
            ("Eva Lima", "ana@silva.example.org.br", "+34911234567"),
            ("Ivo Dias", "ivo+ana@silva.example.org", "+33112345678"),
        ];
        foreach (var (name, email, phone) in people)
            (
                await workspace.Submit(
                    form,
                    new
                    {
                        name,
                        email,
                        phone,
                        message = $"Order 15511912345678, ref 55119123456789 of {name}",
                    }
                )
            ).Status.Should().Be(201);
        // Written in other ways, it is the same address.
        foreach (
            var message in new[] { "Write to ANA@Silva.example.org.", "mailto:ana@silva.example.org?subject=x", "+55 (11) 91234-5678" }
        )
            (await workspace.Submit(form, new { email = $"{Guid.NewGuid():N}@example.org", message })).Status.Should().Be(201);

        var run = await Done(workspace, new { match = new { email = "ana@silva.example.org" } });

        Count(run, "leads", "emptied").Should().Be(1);
        var entries = await workspace.All("/v1/submissions?sort=createdAt");
        entries
            .Take(5)
            .Select(entry => entry["fields"]!["email"]?.ToString())
            .Should()
            .Equal(null, people[1].Email, people[2].Email, people[3].Email, people[4].Email);
        entries.Skip(5).Should().OnlyContain(entry => entry["fields"]!["message"] == null);
        foreach (var (name, email, phone) in people[1..])
        {
            var lead = (await workspace.Get($"/v1/leads?email={Uri.EscapeDataString(email)}")).Data.Should().ContainSingle().Subject!;
            (lead["firstName"]!.ToString(), lead["phones"]![0]!["number"]!.ToString()).Should().Be((name.Split(' ')[0], phone));
        }
    }
}

/// <summary>On a file of its own, whose bytes are looked at.</summary>
public sealed class ErasedBytesTests
{
    static IEnumerable<byte[]> Encodings(string canary)
    {
        yield return Encoding.UTF8.GetBytes(canary);
        yield return Encoding.UTF8.GetBytes(canary.ToLowerInvariant());
        yield return Encoding.Unicode.GetBytes(canary);
        yield return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(canary)));
        // Of base64 what does not depend on the bytes before and behind.
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string(' ', before) + canary));
            yield return Encoding.UTF8.GetBytes(text[4..^4]);
        }
    }

    [Fact]
    public async Task of_twenty_canaries_in_every_place_no_byte_is_left_in_the_file_and_its_log()
    {
        await using var server = new CrmServer(null);
        await server.InitializeAsync();
        if (!server.Connection.StartsWith("sqlite:", StringComparison.Ordinal))
            return; // the bytes of a server's files are the server's
        var workspace = await server.NewWorkspace();
        var canaries = Enumerable.Range(0, 20).Select(i => $"Canary{i}q{Guid.NewGuid():N}"[..28]).ToArray();
        var (n, mail) = (0, $"{canaries[0]}@example.org");
        string Next() => canaries[++n];
        var form = await workspace.ContactForm();
        var first = await workspace.Submit(
            form,
            new
            {
                name = $"{Next()} {Next()}",
                email = mail,
                message = Next(),
                company = Next(),
                unknown = Next(),
            },
            ("Referer", $"https://www.example.org/{Next()}"),
            ("User-Agent", $"Mozilla/5.0 {Next()}")
        );
        first.Status.Should().Be(201, first.Text);
        // Values that differ are proposed.
        (
            await workspace.Submit(
                form,
                new
                {
                    email = mail,
                    company = Next(),
                    message = Next(),
                }
            )
        ).Status.Should().Be(201);
        var lead = (await workspace.Get($"/v1/leads?email={mail}")).Data[0]!["id"]!.ToString();
        async Task Ok(Task<Reply> sent)
        {
            var reply = await sent;
            reply.Status.Should().BeInRange(200, 204, reply.Text);
        }
        await Ok(
            workspace.Patch(
                $"/v1/leads/{lead}",
                new
                {
                    interest = Next(),
                    tags = new[] { Next() },
                    jobTitle = Next(),
                },
                ("Idempotency-Key", Next())
            )
        );
        await Ok(workspace.Patch($"/v1/leads/{lead}", new { address = new { line1 = Next(), city = Next() }, bestTimeToCall = Next() }));
        await Ok(
            workspace.Post(
                "/v1/touches",
                new
                {
                    kind = "call",
                    lead,
                    note = Next(),
                }
            )
        );
        var other = await workspace.Post("/v1/leads", new { name = Next(), email = $"{Next()}@example.org" }, ("Idempotency-Key", "k1"));
        await Ok(workspace.Post($"/v1/leads/{lead}/merge", new { lead = other["id"]!.ToString() }));
        n.Should().Be(19);
        await Ok(workspace.Post($"/v1/leads/{lead}/convert", new { }));
        (await workspace.Get("/v1/leads?q=" + canaries[1])).Data.Should().NotBeEmpty();
        Left(canaries, server.DatabasePath).Should().HaveCountGreaterThan(15, "they are looked for in the right place");

        await ErasureTests.Done(workspace, new { match = new { email = mail } });

        Left(canaries, server.DatabasePath).Should().BeEmpty();
        (await workspace.Get($"/v1/leads/{lead}")).Status.Should().Be(200);
    }

    static List<string> Left(string[] canaries, string database)
    {
        var found = new List<string>();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(database)!))
        {
            var bytes = LiveFile.Read(file);
            for (var i = 0; i < canaries.Length; i++)
                foreach (var form in Encodings(canaries[i]))
                    if (bytes.AsSpan().IndexOf(form) is var at and >= 0)
                    {
                        var around = bytes.AsSpan(Math.Max(0, at - 60)..Math.Min(bytes.Length, at + 60));
                        found.Add($"{i} in {Path.GetFileName(file)}: {Encoding.Latin1.GetString(around)}");
                        break;
                    }
        }
        return found;
    }
}
