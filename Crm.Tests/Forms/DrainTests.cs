// What waited in a node's spool is taken over: its receipts lead somewhere, and its time is the one at which it came.

using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Spooling;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Storage.Sqlite;
using Crm.Tests.Erasures;
using Crm.Tests.Rest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Crm.Tests.Forms;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class DrainTests(CrmServer server) : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("crm-drain-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task a_receipt_of_a_spooled_repeat_leads_to_the_entry_that_it_repeats()
    {
        var (workspace, other) = (await server.NewWorkspace(), await server.NewWorkspace());
        var form = await workspace.ContactForm();
        var first = await workspace.Submit(form, new { email = "ana@silva.example.org" }, ("Idempotency-Key", "click-1"));
        var entry = first.Json!.S("id");

        // Of two nodes, and of one that was killed between the commit and the removal.
        var receipts = new[] { IdGenerator.At(TimeProvider.System.GetUtcNow()), IdGenerator.At(TimeProvider.System.GetUtcNow()) };
        foreach (var id in receipts.Append(receipts[0]))
            await Drain(form, [(id, "ana@silva.example.org", "click-1")]);

        var texts = receipts.Select(id => id.Text<Submission>()).ToList();
        foreach (var receipt in texts)
        {
            var read = await workspace.Get($"/v1/submissions/{receipt}");
            (read.Status, read.Json!.S("id")).Should().Be((200, entry));
            read["aliases"]!.AsArray().Select(alias => alias!.ToString()).Should().Equal(texts);
            (await other.Get($"/v1/submissions/{receipt}")).Status.Should().Be(404);
        }
        var asked = await workspace.Post("/graphql", new { query = $"{{ submission(id: \"{texts[1]}\") {{ id }} }}" });
        asked["data"]!["submission"]!.S("id").Should().Be(entry);
        (await workspace.All("/v1/submissions")).Should().ContainSingle().Which.S("version").Should().Be("3", "each alias is one change");
        (await workspace.All("/v1/leads")).Should().ContainSingle();

        // It is where the entry is, whichever lead that has become.
        var kept = await workspace.Post("/v1/leads", new { name = "Ana Silva", email = "ana.silva@example.org" });
        var lead = (await workspace.Get($"/v1/submissions/{entry}")).Json!.S("lead");
        var merged = await workspace.Post($"/v1/leads/{kept["id"]}/merge", new { lead });
        merged.Status.Should().Be(200, merged.Text);
        (await workspace.Get($"/v1/submissions/{texts[0]}")).Text.Should().Be((await workspace.Get($"/v1/submissions/{entry}")).Text);
        (await workspace.Post($"/v1/submissions/{texts[0]}/spam")).Json!.S("id").Should().Be(entry);

        await ErasureTests.Done(workspace, new { match = new { email = "ana@silva.example.org" } });
        (await workspace.Get($"/v1/submissions/{texts[0]}")).Status.Should().Be(404);
        (await workspace.Get($"/v1/submissions/{entry}")).Status.Should().Be(200);
    }

    [Fact]
    public async Task what_waited_has_the_time_at_which_it_came_and_is_behind_everything_in_the_order_of_commits()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        var came = TextRules.ToMillisecond(TimeProvider.System.GetUtcNow().AddDays(-40));
        (await workspace.Submit(form, new { email = "today@silva.example.org" })).Status.Should().Be(201);
        var before = (await Events(workspace, "/v1/events?type=lead.created&sort=position"))[^1]["position"]!.GetValue<long>();
        var began = TextRules.ToMillisecond(TimeProvider.System.GetUtcNow());

        var id = IdGenerator.At(came);
        await Drain(form, [(id, "then@silva.example.org", null)]);

        var entry = (await workspace.Get($"/v1/submissions/{id.Text<Submission>()}")).Json!;
        Time(entry, "createdAt").Should().Be(came);
        var lead = (await workspace.Get($"/v1/leads/{entry["lead"]}")).Json!;
        (Time(lead, "createdAt"), Time(lead["firstTouch"]!, "at")).Should().Be((came, came));
        // Whoever copies what changed, or resumes behind a position, meets it all the same.
        Time(lead, "updatedAt").Should().BeOnOrAfter(began);
        (await workspace.Get($"/v1/leads?updatedAt[gte]={began:yyyy-MM-ddTHH:mm:ss.fffZ}")).Data.Should().ContainSingle();
        (await Events(workspace, $"/v1/events?type=lead.created&position[gt]={before}")).Should().ContainSingle().Which["subject"]!
            .ToString()
            .Should()
            .Be(lead.S("id"));

        var day = came.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        foreach (var of in new[] { day, Today })
        {
            var report = await workspace.Get($"/v1/reports/forms?from={of}&to={of}");
            report.Data.Should().ContainSingle(report.Text).Which!.S("submissions").Should().Be("1");
        }
    }

    /// <summary>Once there is one: a store may number events behind the commit.</summary>
    static async Task<List<JsonNode>> Events(TestWorkspace workspace, string path)
    {
        for (var tries = 0; ; tries++)
        {
            var events = await workspace.All(path);
            if (events.Count > 0 && events.All(one => one["position"] is not null) || tries == 600)
                return events;
            await Task.Delay(50);
        }
    }

    static string Today =>
        TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    static DateTimeOffset Time(JsonNode of, string field) => of[field]!.GetValue<DateTimeOffset>();

    [Fact]
    public async Task one_that_nothing_can_be_made_of_is_set_aside_and_tried_again_only_by_hand()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.NewForm(
            new
            {
                name = "Roofs",
                fields = new object[]
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
        var gone = form["key"]!.ToString();
        (await workspace.Delete($"/v1/forms/{form["id"]}")).Status.Should().Be(204);
        using var file = SpoolFile.Open(folder);
        await file.Add(IdGenerator.At(TimeProvider.System.GetUtcNow()), null, Post(gone, "gone@silva.example.org", null));
        await file.Add(IdGenerator.At(TimeProvider.System.GetUtcNow()), null, "no JSON"u8.ToArray());
        var kept = (await workspace.ContactForm()).S("key");
        await file.Add(IdGenerator.At(TimeProvider.System.GetUtcNow()), null, Post(kept, "ana@silva.example.org", null));

        (await Run(file)).Should().Be((1, 2));
        file.Count.Should().Be(0, "nothing waits for the database");
        (await Run(file)).Should().Be((0, 0));
        (await Run(file, withProblems: true)).Should().Be((0, 2));
        file.Next(10, withProblems: true).Select(row => row.Problem).Should().HaveCount(2).And.NotContainNulls();
        (await workspace.All("/v1/leads")).Should().ContainSingle();
    }

    [Fact]
    public async Task who_was_erased_while_posts_waited_is_in_no_row_and_no_byte_of_the_spool_afterwards()
    {
        var workspace = await server.NewWorkspace();
        var number = (await workspace.StoreKey(server.Services.GetRequiredService<Installation>())).Value;
        var canaries = Canaries.Make(12);
        var (ana, eva, rui) = ($"{canaries[0]}@example.org", "eva@lima.example.org", "rui@costa.example.org");
        var form = await workspace.ContactForm();
        var gone = await workspace.NewForm(
            new
            {
                name = "Gone",
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
        foreach (var email in new[] { ana, eva })
            (await workspace.Submit(form, new { email, name = "Somebody" })).Status.Should().Be(201);
        using var file = SpoolFile.Open(folder);
        async Task<string> Wait(JsonNode of, string? page, FormPost post)
        {
            var id = IdGenerator.At(TimeProvider.System.GetUtcNow());
            var from = new PostOrigin(page, null, null, null, null, null, null);
            await file.Add(id, null, JsonSerializer.SerializeToUtf8Bytes(new SpooledPost(of.S("key"), 1, post, from, number)));
            return id.Text<Submission>();
        }
        static FormPost Said(params (string Name, string Value)[] fields) =>
            new([.. fields.Select(field => new PostedField(field.Name, [field.Value]))], [], null, default, null);
        var raw = System.Text.Encoding.UTF8.GetBytes($"{{\"email\":\"{ana}\",\"message\":\"{canaries[9]}");
        string[] theirs =
        [
            await Wait(form, $"https://x.example.org/{canaries[1]}", Said(("email", ana), ("name", $"{canaries[2]} {canaries[3]}"))),
            // Steps that end before anybody is looked for keep an entry too: a robot's, one that names nobody where the form asks for it,
            // and a body that cannot be read.
            await Wait(form, null, Said(("email", ana), (form.S("honeypot"), canaries[4]), ("message", canaries[5]))),
            await Wait(form, null, Said(("contact", ana), ("message", canaries[6]))),
            await Wait(form, null, new([], [], new("body_malformed", null, "It ends too early."), raw, "application/json")),
            await Wait(form, null, Said(("email", eva), ("message", canaries[7]))),
        ];
        var other = await Wait(form, null, Said(("email", rui), ("name", "Rui Costa"), ("message", $"Ana ({ana}) sends me.")));
        await Wait(gone, null, Said(("email", ana), ("message", canaries[^1])));

        foreach (var email in new[] { ana, eva })
            await ErasureTests.Done(workspace, new { match = new { email } });
        // Who came back meanwhile did not bring back what they had written before.
        (await workspace.Submit(form, new { email = eva, name = "Eva" })).Status.Should().Be(201);
        (await workspace.Delete($"/v1/forms/{gone["id"]}")).Status.Should().Be(204);
        Canaries.In(canaries, Directory.GetFiles(folder)).Should().HaveCountGreaterThan(9, "they are looked for in the right place");

        (await Run(file)).Should().Be((6, 1));
        Canaries.In(canaries[1..^1], Directory.GetFiles(folder)).Should().BeEmpty("what was taken over is overwritten, in the log too");
        (await Drainer(file).ForgetErased(default)).Should().Be(1);
        Canaries.In(canaries, Directory.GetFiles(folder)).Should().BeEmpty();
        (await Canaries.InRows(canaries, workspace)).Should().BeEmpty();
        foreach (var receipt in theirs)
        {
            var entry = await workspace.Get($"/v1/submissions/{receipt}");
            (entry["verdict"]!.ToString(), entry["reason"]!.ToString(), entry["fields"]!.ToJsonString(), entry["raw"])
                .Should()
                .Be(("rejected", "erased", "{}", (JsonNode?)null), entry.Text);
        }
        var cut = await workspace.Get($"/v1/submissions/{other}");
        (cut["verdict"]!.ToString(), cut["fields"]!["message"]!.ToString()).Should().Be(("accepted", "Ana ([erased]) sends me."));
        (await workspace.Get($"/v1/leads?email={rui}")).Data.Should().ContainSingle().Which!["message"]!
            .ToString()
            .Should()
            .Be("Ana ([erased]) sends me.");
        (await workspace.Get($"/v1/leads?email={eva}")).Data.Should().ContainSingle().Which!["message"].Should().BeNull();
    }

    /// <summary>Posts as a node keeps them, taken over by this one.</summary>
    async Task Drain(JsonNode form, IEnumerable<(Id Id, string Email, string? Key)> posts)
    {
        using var file = SpoolFile.Open(folder);
        foreach (var (id, email, key) in posts)
            await file.Add(id, key, Post(form.S("key"), email, key));
        (await Run(file)).SetAside.Should().Be(0);
        file.Count.Should().Be(0);
    }

    static byte[] Post(string form, string email, string? key) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new SpooledPost(
                form,
                1,
                new([new("email", [email])], [], null, default, "application/x-www-form-urlencoded"),
                new(null, null, null, null, null, null, key)
            )
        );

    async Task<(int Taken, int SetAside)> Run(SpoolFile file, bool withProblems = false) =>
        await Drainer(file).Run(null, (_, _) => { }, default, withProblems);

    DrainSpool Drainer(SpoolFile file) =>
        new(
            server.Services.GetRequiredService<Installation>(),
            server.Services.GetRequiredService<SubmitForm>(),
            file,
            NullLogger.Instance
        );
}
