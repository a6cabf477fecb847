// What a post may do to a known lead, by the form's policy and for every kind of value: fill what is empty, or only propose.

using System.Text.Json.Nodes;
using Crm.Tests.Forms;
using Xunit;

namespace Crm.Tests.Leads;

[Collection(nameof(CrmServer))]
public sealed class MergePolicyTests(CrmServer server)
{
    /// <summary>A field of every kind: its name, its kind on the form, where it leads to, what is posted, and what it is then as
    /// JSON.</summary>
    static readonly (string Name, string Kind, string MapsTo, string Posted, string Json)[] Fields =
    [
        ("first", "text", "firstName", "Ana", "\"Ana\""),
        ("company", "text", "company", "Silva Ltda", "\"Silva Ltda\""),
        ("message", "longText", "message", "Hello\nthere", "\"Hello\\nthere\""),
        ("city", "text", "address.city", "Recife", "\"Recife\""),
        ("country", "text", "address.country", "BR", "\"BR\""),
        ("language", "text", "language", "pt-BR", "\"pt-BR\""),
        ("tags", "text", "tags", "fair", "[\"fair\"]"),
        ("budget", "number", "custom.budget", "10.5", "10.5"),
        ("count", "integer", "custom.count", "7", "7"),
        ("agreed", "boolean", "custom.agreed", "true", "true"),
        ("day", "date", "custom.day", "2026-12-31", "\"2026-12-31\""),
        ("size", "choice", "custom.size", "small", "\"small\""),
        ("likes", "choices", "custom.likes", "tea", "[\"tea\"]"),
        ("site", "url", "custom.site", "https://silva.example.org/", "\"https://silva.example.org/\""),
    ];

    static async Task<JsonNode> AnyKind(TestWorkspace workspace, string policy)
    {
        foreach (var (name, kind, path, _, _) in Fields.Where(f => f.MapsTo.StartsWith("custom.", StringComparison.Ordinal)))
        {
            var field = new JsonObject
            {
                ["for"] = "lead",
                ["name"] = path[7..],
                ["kind"] = kind,
            };
            if (kind is "choice" or "choices")
                field["choices"] = new JsonArray("small", "tea", "coffee");
            var made = await workspace.Post("/v1/custom-fields", field);
            made.Status.Should().Be(201, made.Text);
        }
        var fields = new JsonArray(
            JsonNode.Parse("""{"name":"email","kind":"email","mapsTo":"email"}"""),
            JsonNode.Parse("""{"name":"phone","kind":"phone","mapsTo":"phone"}""")
        );
        foreach (var (name, kind, path, _, _) in Fields)
        {
            var field = new JsonObject
            {
                ["name"] = name,
                ["kind"] = kind,
                ["mapsTo"] = path,
            };
            if (kind is "choice" or "choices")
                field["choices"] = new JsonArray("small", "tea", "coffee");
            fields.Add(field);
        }
        return await workspace.NewForm(
            new JsonObject
            {
                ["name"] = "Any kind",
                ["mergePolicy"] = policy,
                ["fields"] = fields,
            }
        );
    }

    static JsonNode? At(JsonNode? lead, string path) => path.Split('.').Aggregate(lead, (node, name) => node?[name]);

    [Theory]
    [InlineData("fillEmpty")]
    [InlineData("proposeAll")]
    public async Task an_empty_lead_is_filled_or_only_proposed_to_with_every_kind_of_value(string policy)
    {
        var workspace = await server.NewWorkspace();
        var form = await AnyKind(workspace, policy);
        await workspace.Submit(form, new { email = "ana@silva.example.org" });
        var posted = Fields.ToDictionary(f => f.Name, f => f.Posted);
        posted["email"] = "ana@silva.example.org";
        (await workspace.Entry(await workspace.Submit(form, posted))).S("verdict").Should().Be("merged");
        var lead = await workspace.LeadOf("ana@silva.example.org");
        var proposals = lead["proposedChanges"]!.AsArray();
        foreach (var (_, _, path, _, json) in Fields)
        {
            var proposed = proposals.Where(p => p!.S("field") == path).Select(p => p!["value"]!.ToJsonString());
            if (policy == "fillEmpty")
            {
                At(lead, path)!.ToJsonString().Should().Be(json, path);
                proposed.Should().BeEmpty(path);
            }
            else
            {
                (At(lead, path) is JsonArray { Count: 0 } or null).Should().BeTrue($"{path} is {At(lead, path)?.ToJsonString()}");
                proposed.Should().Equal([json], path);
            }
        }
        // What is proposed becomes the value when a member accepts it, and then it is what filling would have made.
        foreach (var proposal in proposals)
        {
            var accepted = await workspace.Post($"/v1/leads/{lead["id"]}/accept", new { change = proposal!.S("id") });
            accepted.Status.Should().Be(200, accepted.Text);
        }
        lead = await workspace.LeadOf("ana@silva.example.org");
        foreach (var (_, _, path, _, json) in Fields)
            At(lead, path)!.ToJsonString().Should().Be(json, path);
        lead.Proposals().Should().BeEmpty();
    }

    [Theory]
    [InlineData("fillEmpty", "email")]
    [InlineData("fillEmpty", "phone")]
    [InlineData("proposeAll", "email")]
    [InlineData("proposeAll", "phone")]
    public async Task an_address_or_a_number_that_a_lead_lacks_follows_the_policy_too(string policy, string lacks)
    {
        var workspace = await server.NewWorkspace();
        var form = await AnyKind(workspace, policy);
        const string email = "ana@silva.example.org",
            phone = "+5511911112222";
        await workspace.Submit(form, lacks == "phone" ? (object)new { email } : new { phone });
        var entry = await workspace.Entry(await workspace.Submit(form, new { email, phone }));
        entry.S("verdict").Should().Be("merged");
        var lead = await workspace.Lead(entry["lead"]);
        lead[lacks == "phone" ? "phones" : "emails"]!.AsArray().Should().HaveCount(policy == "fillEmpty" ? 1 : 0);
        string[] proposed = policy == "fillEmpty" ? [] : [$"{lacks}={(lacks == "phone" ? phone : email)}"];
        lead.Proposals().Should().Equal(proposed);
    }

    [Theory]
    [InlineData("fillEmpty")]
    [InlineData("proposeAll")]
    public async Task a_value_that_is_known_is_never_replaced_and_another_is_proposed_once(string policy)
    {
        var workspace = await server.NewWorkspace();
        var form = await AnyKind(workspace, policy);
        await workspace.Submit(
            form,
            new
            {
                email = "ana@silva.example.org",
                phone = "+5511911112222",
                company = "One",
                likes = "tea",
                tags = "a",
            }
        );
        for (var i = 0; i < 2; i++)
            await workspace.Submit(
                form,
                new
                {
                    email = "ana@silva.example.org",
                    phone = "+5511933334444",
                    company = "Two",
                    likes = "coffee",
                    tags = "b",
                }
            );
        var lead = await workspace.LeadOf("ana@silva.example.org");
        (lead.S("company"), lead["phones"]!.AsArray().Single()!.S("number")).Should().Be(("One", "+5511911112222"));
        var lists = policy == "fillEmpty";
        lead["tags"]!.ToJsonString().Should().Be(lists ? "[\"a\",\"b\"]" : "[\"a\"]");
        lead["custom"]!["likes"]!.ToJsonString().Should().Be(lists ? "[\"tea\",\"coffee\"]" : "[\"tea\"]");
        lead["proposedChanges"]!
            .AsArray()
            .Select(p => p!.S("field"))
            .Should()
            .BeEquivalentTo(lists ? ["phone", "company"] : new[] { "phone", "company", "tags", "custom.likes" });
        foreach (var proposal in lead["proposedChanges"]!.AsArray().Where(p => p!.S("field") is "tags" or "custom.likes"))
            (await workspace.Post($"/v1/leads/{lead["id"]}/accept", new { change = proposal!.S("id") })).Status.Should().Be(200);
        lead = await workspace.LeadOf("ana@silva.example.org");
        lead["tags"]!.ToJsonString().Should().Be("[\"a\",\"b\"]", "accepting takes nothing away");
    }
}
