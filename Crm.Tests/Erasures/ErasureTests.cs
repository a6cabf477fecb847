// Everything of one person goes, out of every resource and out of the file's bytes; what is counted and owed stays.

using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Rest;
using Crm.Domain.Erasures;
using Crm.Domain.Forms;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
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
        return await Ended(workspace, made["id"]!.ToString());
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
        entries
            .Skip(5)
            .Select(entry => entry["fields"]!["message"]?.ToString())
            .Should()
            .Equal("Write to [erased].", "mailto:[erased]?subject=x", "[erased]");
        entries.Skip(5).Should().OnlyContain(entry => entry["fields"]!["email"] != null, "the rest of it is theirs");
        foreach (var (name, email, phone) in people[1..])
        {
            var lead = (await workspace.Get($"/v1/leads?email={Uri.EscapeDataString(email)}")).Data.Should().ContainSingle().Subject!;
            (lead["firstName"]!.ToString(), lead["phones"]![0]!["number"]!.ToString()).Should().Be((name.Split(' ')[0], phone));
        }
    }

    [Fact]
    public async Task of_somebody_elses_records_only_the_address_goes_in_whatever_writing()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var (ana, rui) = ("ana@silva.example.org", "rui@costa.example.org");
        await Made(workspace, "/v1/leads", new { name = "Ana Silva", email = ana });
        string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        (
            await workspace.SubmitPairs(
                form,
                [
                    ("name", "Rui Costa"),
                    ("email", rui),
                    ("message", $"My colleague ({ana.ToUpperInvariant()}) sends me, not {"x." + ana}."),
                    ("json", JsonSerializer.Serialize(new { who = ana, note = "stays" })),
                    ("page", $"https://x.example.org/?to={Uri.EscapeDataString(Uri.EscapeDataString(ana))}&from=me"),
                    ("kept", Base64($"to=ana%40silva.example.org&from={rui}")),
                    (ana, "a name"),
                ],
                ("Referer", $"https://www.example.org/?who=ana%40silva.example.org&a=b")
            )
        )
            .Status.Should()
            .Be(201);
        // What could not be read is kept as bytes, of another charset too.
        using (
            var broken = new HttpRequestMessage(HttpMethod.Post, $"/f/{form["key"]}")
            {
                Content = new ByteArrayContent([
                    .. Encoding.UTF8.GetBytes($"{{\"email\":\"{rui}\",\"message\":\"\\n{ana} caf"),
                    0xE9,
                    .. "\",x"u8,
                ]),
            }
        )
        {
            broken.Content.Headers.ContentType = new("application/json");
            broken.Headers.Add("Accept", "application/json");
            using var answer = await server.Http.SendAsync(broken);
        }
        var lead = (await workspace.Get($"/v1/leads?email={rui}")).Data[0]!["id"]!.ToString();
        await Made(
            workspace,
            "/v1/touches",
            new
            {
                kind = "call",
                lead,
                note = $"Knows {ana} well",
            }
        );

        var run = await Done(workspace, new { match = new { email = ana } });

        var entries = await workspace.All("/v1/submissions?sort=createdAt");
        var fields = entries[0]["fields"]!;
        (fields["email"]!.ToString(), fields["message"]!.ToString(), fields["json"]!.ToString())
            .Should()
            .Be((rui, "My colleague ([erased]) sends me, not x.ana@silva.example.org.", """{"who":"[erased]","note":"stays"}"""));
        fields["page"]!.ToString().Should().Be("https://x.example.org/?to=[erased]&from=me");
        Encoding.UTF8.GetString(Convert.FromBase64String(fields["kept"]!.ToString())).Should().Be($"to=[erased]&from={rui}");
        fields["[erased]"]!.ToString().Should().Be("a name");
        entries[0]["page"]!.ToString().Should().Be("https://www.example.org/?who=[erased]&a=b");
        entries
            .Skip(1)
            .Select(entry => entry["raw"]?.ToString())
            .OfType<string>()
            .Should()
            .OnlyContain(raw => !Encoding.Latin1.GetString(Convert.FromBase64String(raw)).Contains(ana));
        var left = await workspace.Get($"/v1/leads/{lead}");
        (left["firstName"]!.ToString(), left["emails"]![0]!["address"]!.ToString()).Should().Be(("Rui", rui));
        left["message"]!.ToString().Should().Be(fields["message"]!.ToString());
        (await workspace.All($"/v1/touches?lead={lead}"))
            .Select(touch => touch["note"]?.ToString())
            .Should()
            .Contain("Knows [erased] well");
        (Count(run, "leads", "cut"), Count(run, "touches", "cut")).Should().Be((1, 1));
        Count(run, "submissions", "cut").Should().BeGreaterThan(0);
    }

    [Fact]
    public async Task who_was_erased_is_brought_back_by_nobody_and_comes_back_by_a_form_of_their_own()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var (ana, phone) = ("ana@silva.example.org", "+5511912345678");
        var lead = await Made(
            workspace,
            "/v1/leads",
            new
            {
                name = "Ana Silva",
                email = ana,
                phone,
                externalId = "user_7",
            }
        );
        var other = await Made(workspace, "/v1/leads", new { name = "Rui Costa", email = "rui@costa.example.org" });
        Task<Reply> Told() =>
            workspace.Post(
                "/track/lead",
                new
                {
                    clickId = "",
                    eventName = "Sign up",
                    customerExternalId = "user_7",
                    customerName = "Ana Silva",
                    customerEmail = ana,
                }
            );
        (await Told()).Status.Should().Be(200);
        var posted = server.Services.GetRequiredService<Installation>().Ids.Next();
        await Done(workspace, new { match = new { email = ana } });

        async Task Refused(Task<Reply> sent, string field)
        {
            var reply = await sent;
            (reply.Status, string.Join(' ', reply.Errors)).Should().Be((422, field + ":erased"), reply.Text);
        }
        await Refused(workspace.Post("/v1/leads", new { name = "Ana", email = "ANA@silva.example.org" }), "email");
        await Refused(workspace.Post("/v1/leads", new { name = "Ana", phone }), "phone");
        await Refused(workspace.Post("/v1/leads", new { name = "Ana", externalId = "user_7" }), "externalId");
        await Refused(workspace.Post("/v1/customers", new { lastName = "Silva", email = ana }), "email");
        await Refused(workspace.Put("/v1/leads?match=email", new { name = "Ana", email = ana }), "email");
        await Refused(workspace.Patch($"/v1/leads/{other}", new { emails = new[] { new { address = ana } } }), "email");
        // What another system reports of them is counted, without them.
        (await Told()).Status.Should().Be(200);
        var signedUp = (await workspace.All("/v1/conversions")).Should().ContainSingle().Subject;
        (signedUp["lead"]!.ToString(), signedUp["orderId"]!.ToString()[..7]).Should().Be((lead, "erased:"));
        (await workspace.Get($"/v1/leads/{lead}"))["firstName"].Should().BeNull();
        // A post from before the erasure, that waited outside the database meanwhile.
        var fields = new[] { ("email", ana), ("name", "Ana Silva"), ("message", "Hello") };
        var late = await server
            .Services.GetRequiredService<SubmitForm>()
            .RunSpooled(
                await Planned(form["key"]!.ToString()),
                new([.. fields.Select(field => new PostedField(field.Item1, [field.Item2]))], [], null, default, null),
                new(null, null, null, null, null, null, null),
                posted,
                default
            );
        (late.Submission.Verdict, late.Submission.Reason, late.Submission.Fields)
            .Should()
            .Be((Verdict.Rejected, "erased", JsonData.EmptyObject));
        (await workspace.All("/v1/leads")).Should().HaveCount(2);

        (await workspace.SubmitPairs(form, fields)).Status.Should().Be(201);
        var back = (await workspace.Get($"/v1/leads?email={ana}")).Data.Should().ContainSingle().Subject!;
        back["id"]!.ToString().Should().NotBe(lead);
        var entry = (await workspace.All("/v1/submissions?sort=createdAt"))[^1];
        entry["notes"]!.AsArray().Select(note => note!["code"]!.ToString()).Should().Equal("suppression_lifted");
        (await workspace.Patch($"/v1/leads/{back["id"]}", new { jobTitle = "Buyer" })).Status.Should().Be(200);
    }

    async Task<PlannedForm> Planned(string key) =>
        (await server.Services.GetRequiredService<Installation>().Settings.Find(PlannedForm.ByKey, key, default))!;

    [NeedsNodeFact]
    public async Task the_certificate_is_checked_by_another_tool_and_a_changed_byte_is_refused()
    {
        var workspace = await server.NewWorkspace();
        var lead = await Made(workspace, "/v1/leads", new { name = "Ana Silva", email = "ana@silva.example.org" });
        var plan = await Done(workspace, new { match = new { id = lead }, dryRun = true });
        plan["certificate"].Should().BeNull();
        var run = await Done(workspace, new { match = new { email = "ana@silva.example.org" }, reason = "asked for it" });

        var keys = await server.Http.GetStringAsync("/.well-known/jwks.json");
        var said = JsonNode.Parse(
            await Npm.Run(
                "certificate.mjs",
                new JsonObject { ["keys"] = JsonNode.Parse(keys), ["certificate"] = run["certificate"]!.ToString() }.ToJsonString()
            )
        )!;
        (said["valid"]!.GetValue<bool>(), said["changed"]!.GetValue<int>()).Should().Be((true, 0), "of all bytes none can be another");
        var payload = said["payload"]!;
        (
            payload["erasure"]!.ToString(),
            payload["workspace"]!.ToString(),
            payload["requestedBy"]!.ToString(),
            payload["reason"]!.ToString()
        )
            .Should()
            .Be((run["id"]!.ToString(), workspace.Id, "email", "asked for it"));
        payload["counts"]!.ToJsonString().Should().Be(run["counts"]!.ToJsonString());
        payload.ToJsonString().Should().NotContain("ana@silva");
    }

    [Fact]
    public async Task verifying_searches_everything_again_by_the_seals()
    {
        var workspace = await server.NewWorkspace();
        await Made(workspace, "/v1/leads", new { name = "Ana Silva", email = "ana@silva.example.org" });
        var run = await Done(workspace, new { match = new { email = "ana@silva.example.org" } });

        async Task<JsonNode> Verified()
        {
            var asked = await workspace.Post($"/v1/erasures/{run["id"]}/verify");
            (asked.Status, asked["dryRun"]!.GetValue<bool>(), asked["verifies"]!.ToString())
                .Should()
                .Be((200, true, run["id"]!.ToString()));
            return await Ended(workspace, asked["id"]!.ToString());
        }
        (await Verified())["counts"]!.AsArray().Should().OnlyContain(count => count!["emptied"]!.GetValue<long>() == 0);
        // Somebody writes the address down again.
        await Made(
            workspace,
            "/v1/leads",
            new
            {
                name = "Rui",
                email = "rui@costa.example.org",
                message = "Met ana@silva.example.org",
            }
        );
        Count(await Verified(), "leads", "cut").Should().Be(1);
        (await workspace.Post($"/v1/erasures/{(await Verified())["id"]}/verify")).Status.Should().Be(409);
    }

    static async Task<JsonNode> Ended(TestWorkspace workspace, string id, string list = "erasures")
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < TimeSpan.FromMinutes(2); await Task.Delay(50))
            if (await workspace.Get($"/v1/{list}/{id}") is var now && now["status"]!.ToString() == "done")
                return now.Json!;
        throw new TimeoutException($"One of {list} does not end.");
    }

    [Fact]
    public async Task who_asks_what_is_stored_about_them_gets_all_of_it_and_nothing_of_anybody_else()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var (ana, rui) = ("ana@silva.example.org", "rui@costa.example.org");
        var mine = Enumerable.Range(0, 6).Select(i => $"Mine{i}q{Guid.NewGuid():N}"[..20]).ToArray();
        var theirs = Enumerable.Range(0, 6).Select(i => $"Theirs{i}q{Guid.NewGuid():N}"[..20]).ToArray();
        foreach (var (name, email, words) in new[] { ("Ana Silva", ana, mine), ("Rui Costa", rui, theirs) })
            (
                await workspace.SubmitPairs(
                    form,
                    [
                        ("name", $"{name} {words[0]}"),
                        ("email", email),
                        ("message", $"<b>{words[1]}</b> {(email == rui ? "of " + ana : "")}"),
                        ("company", words[2]),
                        ("unknown", words[3]),
                    ]
                )
            )
                .Status.Should()
                .Be(201);
        foreach (var (email, words) in new[] { (ana, mine), (rui, theirs) })
        {
            var lead = (await workspace.Get($"/v1/leads?email={email}")).Data[0]!["id"]!.ToString();
            (await workspace.Patch($"/v1/leads/{lead}", new { language = "pt-BR" })).Status.Should().Be(200);
            await Made(
                workspace,
                "/v1/touches",
                new
                {
                    kind = "call",
                    lead,
                    note = words[4],
                }
            );
            await Made(workspace, $"/v1/leads/{lead}/convert", new { });
            await Made(
                workspace,
                "/v1/conversions",
                new
                {
                    type = "sale",
                    orderId = words[5],
                    lead,
                }
            );
        }

        var asked = await workspace.Post("/v1/access-requests", new { match = new { email = ana } });
        asked.Status.Should().Be(201, asked.Text);
        var done = await Ended(workspace, asked["id"]!.ToString(), "access-requests");
        (done["match"], done["records"]).Should().Be((null, null));

        var path = $"/v1/access-requests/{done["id"]}/file";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", workspace.Key);
        using var answer = await server.Http.SendAsync(request);
        ((int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Headers.TransferEncodingChunked == true)
            .Should()
            .Be((200, "application/zip", true), "it is sent record by record");
        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        zip.Entries.Select(entry => entry.Name).Should().Equal("data.json", "page.html");
        var (data, page) = (await Read(zip, "data.json"), await Read(zip, "page.html"));
        foreach (var word in mine)
            (data.Contains(word), page.Contains(word)).Should().Be((true, true), word);
        foreach (var word in theirs.Append(rui))
            (data.Contains(word), page.Contains(word)).Should().Be((false, false), word);
        page.Should().Contain($"&lt;b&gt;{mine[1]}&lt;/b&gt;").And.NotContain("<b>");
        page.Should()
            .Contain("<html lang=\"pt\">")
            .And.Contain("guardou sobre si")
            .And.Contain("<dt>Mensagem</dt>", "the person's language");
        var records = JsonNode.Parse(data)!["records"]!.AsObject();
        records.Select(one => one.Key).Should().Contain(["leads", "customers", "submissions", "touches", "conversions"]);
        foreach (var count in done["counts"]!.AsArray())
            records[count!["resource"]!.ToString()]!.AsArray().Count.Should().Be(count["records"]!.GetValue<int>());

        (await (await server.NewWorkspace()).Get(path)).Status.Should().Be(404);
        (await workspace.With("").Get(path)).Status.Should().Be(401);
        // A week later.
        var (product, id) = (server.Services.GetRequiredService<Installation>(), done["id"]!.ToString());
        var settings = await product.Settings.Workspace(await workspace.StoreKey(product), default);
        await CommitLoop.Run(
            async _ =>
            {
                var work = new UnitOfWork(product, settings, "system");
                var stored = await work.Get<AccessRequest>(Id.TryParse<AccessRequest>(id, out var parsed) ? parsed : default, default);
                return (work, work.Replace(stored, stored with { ExpiresAt = product.Now.AddMinutes(-1) }));
            },
            default
        );
        (await workspace.Get(path)).Code.Should().Be("wrong_state");
    }

    [Fact]
    public void the_page_speaks_every_language_that_forms_do()
    {
        foreach (var language in FormLanguages.Spoken)
        {
            var words = AccessWords.For([null, "tlh", language + "-XX", "en"]);
            words.Language.Should().Be(language);
            words.Of("nobodyKnows").Should().Be("Nobody knows");
            if (language != "en")
                words.Of("createdAt").Should().NotBe("Created at");
        }
        AccessWords.For([]).IsEnglish.Should().BeTrue();
    }

    static async Task<string> Read(ZipArchive zip, string name)
    {
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        return await reader.ReadToEndAsync();
    }
}

/// <summary>On a file of its own, whose bytes are looked at; on a database server every row.</summary>
[OnEveryStore]
public sealed class ErasedBytesTests
{
    [Fact]
    public async Task of_twenty_canaries_in_every_place_no_byte_is_left_in_the_file_and_its_log()
    {
        await using var server = new CrmServer(null);
        await server.InitializeAsync();
        var workspace = await server.NewWorkspace();
        var canaries = Canaries.Make(20);
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
        (await Left()).Should().HaveCountGreaterThan(15, "they are looked for in the right place");

        await ErasureTests.Done(workspace, new { match = new { email = mail } });

        (await Left()).Should().BeEmpty();
        (await workspace.Get($"/v1/leads/{lead}")).Status.Should().Be(200);

        // The bytes of a server's files are the server's.
        async Task<List<string>> Left() =>
            server.Connection.StartsWith("sqlite:", StringComparison.Ordinal)
                ? Canaries.In(canaries, Directory.GetFiles(Path.GetDirectoryName(server.DatabasePath)!))
                : await Canaries.InServer(canaries, server.Connection);
    }
}
