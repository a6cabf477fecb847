// Adding a resource costs its record and one line in the catalog: this one exists only here, and REST serves all of it.

using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Xunit;

namespace Crm.Tests.Rest;

public enum GadgetSize
{
    Small,
    Medium,
    Large,
}

[Resource("gadget", "gadgets", "gad", "A thing that only a test has.", TakesCustomFields = true)]
public sealed record Gadget : Resource
{
    [Field("What people call it.", Max = 40, Is = Is.Required | Is.Sortable | Is.Searchable, Example = "Lamp")]
    public string? Name { get; init; }

    [Field("Its number in the warehouse.", Max = 20, Is = Is.Unique)]
    public string? Code { get; init; }

    [Field("How many there are.", Min = 0, Max = 1000, Is = Is.Sortable)]
    public long Stock { get; init; }

    [Field("Kilograms.", Is = Is.Filterable)]
    public decimal? Weight { get; init; }

    [Field("Whether it is sold.", Is = Is.Indexed)]
    public bool Active { get; init; } = true;

    [Field("How large it is.", Is = Is.Indexed)]
    public GadgetSize Size { get; init; }

    [Field("Who looks after it.", Refers = typeof(Member), Is = Is.Indexed)]
    public Domain.Stores.Id? Keeper { get; init; }

    [Field("Colours it comes in.", Max = 5, Is = Is.Filterable)]
    public ImmutableArray<string> Colours { get; init; } = [];

    [Field("Those it is made of.", Max = 10, Refers = typeof(Gadget), Is = Is.Filterable)]
    public ImmutableArray<Domain.Stores.Id> Parts { get; init; } = [];

    [Field("Who repairs it.", Max = 10)]
    public ImmutableArray<GadgetRepair> Repairs { get; init; } = [];

    [Field("Since when it is sold.", Is = Is.Sortable)]
    public DateOnly? Since { get; init; }

    [Field("Set by nobody.", Is = Is.ReadOnly)]
    public string? Seen { get; init; }
}

public sealed record GadgetRepair
{
    [Field("What was done.", Max = 100, Is = Is.Required)]
    public string? Note { get; init; }

    [Field("By whom.", Refers = typeof(Member), OnDelete = OnDelete.Keep)]
    public Domain.Stores.Id? By { get; init; }
}

public sealed class GadgetServer : IAsyncLifetime
{
    public static readonly Catalog Catalog = CrmCatalog.Standard.With(CatalogEntry.Of<Gadget>());

    public CrmServer Server { get; } = new(Catalog);

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

[OnEveryStore]
public sealed class ThrowawayResourceTests(GadgetServer gadgets) : IClassFixture<GadgetServer>
{
    [Fact]
    public async Task it_is_made_read_listed_filtered_sorted_searched_changed_and_deleted()
    {
        var workspace = await gadgets.Server.NewWorkspace();
        var member = (await workspace.Post("/v1/members", new { name = "Bia", email = "bia@example.org" }))["id"]!.GetValue<string>();
        (
            await workspace.Post(
                "/v1/custom-fields",
                new
                {
                    @for = "gadget",
                    name = "shelf",
                    kind = "integer",
                }
            )
        ).Status.Should().Be(201);

        var lamp = await workspace.Post(
            "/v1/gadgets",
            new
            {
                name = "Lamp",
                code = "L-1",
                stock = 5,
                weight = 1.25,
                size = "large",
                keeper = member,
                colours = new[] { "red", "blue" },
                since = "2026-01-02",
                repairs = new[] { new { note = "bulb", by = member } },
                custom = new { shelf = 7 },
            }
        );
        lamp.Status.Should().Be(201, lamp.Text);
        lamp["id"]!.GetValue<string>().Should().StartWith("gad_");
        lamp["active"]!.GetValue<bool>().Should().BeTrue();
        var chair = await workspace.Post(
            "/v1/gadgets",
            new
            {
                name = "Chair",
                stock = 50,
                active = false,
                parts = new[] { lamp["id"] },
            }
        );
        chair.Status.Should().Be(201, chair.Text);
        (await workspace.Get($"/v1/gadgets/{lamp["id"]}")).Text.Should().Be(lamp.Text);

        foreach (
            var (query, names) in new[]
            {
                ("", "Chair Lamp"),
                ("sort=name", "Chair Lamp"),
                ("sort=-name", "Lamp Chair"),
                ("sort=stock", "Lamp Chair"),
                ("sort=-since", "Lamp Chair"),
                ("sort=custom.shelf", "Chair Lamp"),
                ("name=lamp", "Lamp"),
                ("code=L-1", "Lamp"),
                ("stock[gt]=5", "Chair"),
                ("weight[lt]=2", "Lamp"),
                ("active=false", "Chair"),
                ("size=large", "Lamp"),
                ("size=small", "Chair"),
                ($"keeper={member}", "Lamp"),
                ("keeper[exists]=false", "Chair"),
                ("colours=RED", "Lamp"),
                ($"parts={lamp["id"]}", "Chair"),
                ("since[gte]=2026-01-01", "Lamp"),
                ("custom.shelf[gte]=7", "Lamp"),
                ("custom.shelf=8", ""),
                ("q=la", "Lamp"),
                ("updatedAt[gt]=2001-01-01", "Chair Lamp"),
            }
        )
            string.Join(' ', (await workspace.All("/v1/gadgets?" + query)).Select(r => r["name"]!.GetValue<string>()))
                .Should()
                .Be(names, query);

        var changed = await workspace.Patch(
            $"/v1/gadgets/{lamp["id"]}",
            new
            {
                stock = 4,
                colours = new[] { "green" },
                custom = new { shelf = (int?)null },
            }
        );
        changed["stock"]!.GetValue<long>().Should().Be(4);
        changed["colours"]!.ToJsonString().Should().Be("""["green"]""");
        changed["custom"]!.ToJsonString().Should().Be("{}");
        (await workspace.Delete($"/v1/members/{member}")).Code.Should().Be("in_use");
        (await workspace.Delete($"/v1/gadgets/{lamp["id"]}")).Code.Should().Be("in_use", "the chair is made of it");
        (await workspace.Delete($"/v1/gadgets/{chair["id"]}")).Status.Should().Be(204);
        (await workspace.Delete($"/v1/gadgets/{lamp["id"]}")).Status.Should().Be(204);
        (await workspace.All($"/v1/events?subject={lamp["id"]}&sort=createdAt"))
            .Select(e => e["type"]!.GetValue<string>())
            .Should()
            .Equal("gadget.created", "gadget.updated", "gadget.deleted");
    }

    [Fact]
    public async Task its_rules_hold()
    {
        var workspace = await gadgets.Server.NewWorkspace();
        var other = await gadgets.Server.NewWorkspace();
        var foreign = (await other.Post("/v1/members", new { name = "B", email = "b@example.org" }))["id"]!.GetValue<string>();
        var foreignPart = (await other.Post("/v1/gadgets", new { name = "Part" }))["id"]!.GetValue<string>();
        var first = await workspace.Post("/v1/gadgets", new { name = "Lamp", code = "L-1" });
        (await other.Post("/v1/gadgets", new { name = "Lamp", code = "L-1" })).Status.Should().Be(201);
        foreach (
            var (body, error) in new (object, string)[]
            {
                (new { }, "name:required"),
                (new { name = new string('x', 41) }, "name:too_long"),
                (new { name = "x", stock = -1 }, "stock:out_of_range"),
                (new { name = "x", stock = 1001 }, "stock:out_of_range"),
                (new { name = "x", weight = "1" }, "weight:wrong_type"),
                (new { name = "x", size = "huge" }, "size:not_a_choice"),
                (new { name = "x", colours = new[] { "a", "b", "c", "d", "e", "f" } }, "colours:too_many"),
                (new { name = "x", since = "2026-02-30" }, "since:invalid_date"),
                (new { name = "x", seen = "x" }, "seen:read_only"),
                (new { name = "x", nosuch = 1 }, "nosuch:unknown"),
                (new { name = "x", keeper = foreign }, "keeper:not_found"),
                (new { name = "x", parts = new[] { foreignPart } }, "parts:not_found"),
                (new { name = "x", repairs = new[] { new { note = "x", by = foreign } } }, "repairs.0.by:not_found"),
                (new { name = "x", repairs = new[] { new { note = "" } } }, "repairs.0.note:required"),
                (new { name = "x", custom = new { shelf = 1 } }, "custom.shelf:unknown"),
            }
        )
            (await workspace.Post("/v1/gadgets", body)).Errors.Should().Equal(error);
        var taken = await workspace.Post("/v1/gadgets", new { name = "x", code = "L-1" });
        taken.Code.Should().Be("already_exists");
        taken.Errors.Should().Equal("code:taken");
        taken.Text.Should().Contain(first["id"]!.GetValue<string>());
        (await workspace.Post("/v1/gadgets", new { name = "x", code = "l-1" }))
            .Status.Should()
            .Be(201, "what is unique is told apart by its bytes");
    }

    [Fact]
    public async Task scopes_cursors_and_repeated_requests_work_for_it_as_for_any_other()
    {
        var workspace = await gadgets.Server.NewWorkspace();
        var reader = await workspace.Post("/v1/api-keys", new { name = "x", scopes = new[] { "gadgets:read" } });
        reader.Status.Should().Be(201, reader.Text);
        var first = await workspace.Post("/v1/gadgets", new { name = "A" }, ("Idempotency-Key", "k"));
        (await workspace.Post("/v1/gadgets", new { name = "A" }, ("Idempotency-Key", "k"))).Text.Should().Be(first.Text);
        await workspace.Post("/v1/gadgets", new { name = "B" });
        var key = workspace.With(reader["key"]!.GetValue<string>());
        var page = await key.Get("/v1/gadgets?sort=name&limit=1");
        (await key.Get($"/v1/gadgets?sort=name&limit=1&after={page["page"]!["next"]}")).Data[0]!["name"]!
            .GetValue<string>()
            .Should()
            .Be("B");
        (await key.Post("/v1/gadgets", new { name = "C" })).Code.Should().Be("insufficient_scope");
        (await key.Get("/v1/leads")).Code.Should().Be("insufficient_scope");
        (await workspace.Patch($"/v1/gadgets/{first["id"]}", new { stock = 1 }, ("If-Match", "\"2\""))).Status.Should().Be(412);
    }

    [Fact]
    public async Task an_id_list_and_an_entry_of_a_list_are_checked_when_they_are_changed()
    {
        var workspace = await gadgets.Server.NewWorkspace();
        var part = (await workspace.Post("/v1/gadgets", new { name = "Part" }))["id"]!.GetValue<string>();
        var whole = await workspace.Post("/v1/gadgets", new { name = "Whole", parts = new[] { part } });
        (await workspace.Patch($"/v1/gadgets/{whole["id"]}", new { parts = new[] { part, "gad_00000000000000000000000000" } }))
            .Errors.Should()
            .Equal("parts:not_found");
        (
            await workspace.Patch(
                $"/v1/gadgets/{whole["id"]}",
                new { repairs = new[] { new { note = "x", by = "member_00000000000000000000000000" } } }
            )
        )
            .Errors.Should()
            .Equal("repairs.0.by:not_found");
        (await workspace.Get($"/v1/gadgets/{whole["id"]}"))["version"]!.GetValue<long>().Should().Be(1);
    }

    [Fact]
    public async Task the_description_of_the_api_has_it()
    {
        var document = JsonNode.Parse(await gadgets.Server.Http.GetStringAsync("/openapi/v1.json"))!;
        document["paths"]!["/v1/gadgets"]!["post"].Should().NotBeNull();
        document["paths"]!["/v1/gadgets/{id}"]!["patch"].Should().NotBeNull();
        document.ToJsonString().Should().Contain("What people call it.").And.Contain("A thing that only a test has.");
    }
}
