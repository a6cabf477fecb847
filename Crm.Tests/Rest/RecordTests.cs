// One record at a time over REST: making, reading, changing and deleting it, for every resource of the catalog alike.

using System.Text.Json.Nodes;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
public class RecordTests(CrmServer server)
{
    public static TheoryData<string> Resources => [.. CrmCatalog.Standard.Public.Select(e => e.Type.Plural)];
    public static TheoryData<string> Creatable =>
        [.. CrmCatalog.Standard.Public.Where(e => e.Type.Can.HasFlag(Operations.Create) && e.Create is null).Select(e => e.Type.Plural)];
    public static TheoryData<string> Changeable =>
        [.. CrmCatalog.Standard.Public.Where(e => e.Type.Can.HasFlag(Operations.Update)).Select(e => e.Type.Plural)];

    /// <summary>What a worker does once it is made.</summary>
    static readonly string[] Jobs = ["reclassifications", "erasures", "access-requests", "retention-policies", "consents"];

    static CatalogEntry Entry(string plural) => CrmCatalog.Standard.Find(plural)!;

    [Theory]
    [MemberData(nameof(Creatable))]
    public async Task a_record_with_every_field_is_stored_and_read_back_as_it_was_sent(string plural)
    {
        var workspace = await server.NewWorkspace();
        var entry = Entry(plural);
        var body = await new Samples(workspace, CrmCatalog.Standard).Body(entry);

        var made = await workspace.Post($"/v1/{plural}", body);

        made.Status.Should().Be(201, made.Text);
        Samples.Covers(made.Json, body).Should().BeTrue($"{body} was sent and {made.Json} is stored");
        made["version"]!.GetValue<long>().Should().Be(1);
        made.Header("ETag").Should().Be("\"1\"");
        made.Header("Location").Should().Be($"{server.Address}v1/{plural}/{made["id"]}");
        made["createdAt"]!
            .ToString()
            .Should()
            .MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            .And.Be(made["updatedAt"]!.ToString());
        var read = await workspace.Get(new Uri(made.Header("Location")!).PathAndQuery);
        read.Status.Should().Be(200);
        var once = made.Json!.AsObject();
        if (plural == "api-keys")
            once.Remove("key");
        if (plural == "webhooks")
            once.Remove("secret");
        if (plural == "report-shares")
            once.Remove("token");
        // A worker may have gone on with it by then.
        if (!Jobs.Contains(plural) || read.Header("ETag") == "\"1\"")
        {
            read.Header("ETag").Should().Be("\"1\"");
            JsonNode.DeepEquals(read.Json, once).Should().BeTrue();
        }
        var listed = await Newest();
        // A worker may have gone on with it between the two.
        for (var i = 0; i < 20 && listed["version"]!.ToString() != read["version"]!.ToString(); i++)
            (read, listed) = (await workspace.Get(new Uri(made.Header("Location")!).PathAndQuery), await Newest());
        listed.ToJsonString().Should().Be(read.Json!.ToJsonString(), "a list and a single read are the same bytes");

        async Task<JsonNode> Newest() => (await workspace.Get($"/v1/{plural}?sort=-createdAt&limit=1")).Data[0]!;
    }

    [Theory]
    [MemberData(nameof(Changeable))]
    public async Task each_field_is_changed_by_itself_and_the_others_stay(string plural)
    {
        var workspace = await server.NewWorkspace();
        var (entry, samples) = (Entry(plural), new Samples(workspace, CrmCatalog.Standard));
        var path = $"/v1/{plural}/{(await samples.Make(entry))["id"]}";
        foreach (var field in entry.Type.Fields.Where(f => Samples.IsWritable(f) && !f.IsWriteOnce))
        {
            var before = (await workspace.Get(path)).Json!.AsObject();
            var value = await samples.Value(field, $"{plural}.{field.Name}");
            if (plural == "retention-policies" && field.Name == "field")
                continue; // Clicks have one date only.
            if (plural == "webhooks" && field.Name == "apiVersion")
                continue; // There is one only.
            if (plural == "senders" && field.Name is "user" or "dkimSelector")
                continue; // They come with their secret.
            if (field.Kind is IntegerValue && before[field.Name] is { } number)
                value = number.GetValue<long>() - 1;
            if (JsonNode.DeepEquals(before[field.Name], value))
                value = field.Kind switch
                {
                    BooleanValue => false,
                    ChoiceValue choice => choice.Words(field)[0],
                    _ => field.Kind.Name switch
                    {
                        "country" => "DE",
                        "currency" => value!.ToString() == "EUR" ? "BRL" : "EUR",
                        "language" => "de",
                        "timeZone" => "Europe/Berlin",
                        _ => value,
                    },
                };

            var changed = await workspace.Patch(path, new JsonObject { [field.Name] = value?.DeepClone() });

            changed.Status.Should().Be(200, $"{field.Name}: {changed.Text}");
            Samples.Covers(changed[field.Name], value).Should().BeTrue($"{field.Name} was set to {value} and is {changed[field.Name]}");
            changed["version"]!.GetValue<long>().Should().Be(before["version"]!.GetValue<long>() + 1, field.Name);
            changed.Header("ETag").Should().Be($"\"{changed["version"]}\"");
            var after = (await workspace.Get(path)).Json!.AsObject();
            JsonNode.DeepEquals(after, changed.Json).Should().BeTrue();
            foreach (var (name, old) in before)
                if (
                    name != field.Name
                    && name
                        is not (
                            "version"
                            or "updatedAt"
                            or "provenance"
                            or "netTotal"
                            or "warnings"
                            or "nextRunAt"
                            or "shortUrl"
                            or "qrUrl"
                            or "qrPngUrl"
                        )
                )
                    JsonNode
                        .DeepEquals(after[name], old)
                        .Should()
                        .BeTrue($"{field.Name} was changed, and {name} went from {old} to {after[name]}");
        }
    }

    [Theory]
    [MemberData(nameof(Creatable))]
    public async Task a_deleted_record_is_gone(string plural)
    {
        var workspace = await server.NewWorkspace();
        var entry = Entry(plural);
        var record = await new Samples(workspace, CrmCatalog.Standard).Make(entry);
        var path = $"/v1/{plural}/{record["id"]}";
        if (!entry.Type.Can.HasFlag(Operations.Delete))
        {
            (await workspace.Delete(path)).Status.Should().Be(405);
            return;
        }

        (await workspace.Delete(path)).Status.Should().Be(204);

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete, HttpMethod.Patch })
        {
            if (method == HttpMethod.Patch && !entry.Type.Can.HasFlag(Operations.Update))
                continue;
            var again = await workspace.Send(method, path, method == HttpMethod.Patch ? new { } : null);
            again.Status.Should().Be(404, again.Text);
            again.Code.Should().Be("not_found");
        }
        (await workspace.All($"/v1/{plural}")).Should().NotContain(r => r["id"]!.ToString() == record["id"]!.ToString());
        (await workspace.Get($"/v1/events?type={entry.Type.Name}.deleted&subject={record["id"]}")).Data.Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task what_a_resource_cannot_do_is_a_405_that_lists_what_it_can(string plural)
    {
        var workspace = await server.NewWorkspace();
        var can = Entry(plural).Type.Can;
        var id = Entry(plural).Type.Text(new(5));
        (HttpMethod Method, string Path, Operations Needs)[] all =
        [
            (HttpMethod.Post, $"/v1/{plural}", Operations.Create),
            (HttpMethod.Patch, $"/v1/{plural}/{id}", Operations.Update),
            (HttpMethod.Delete, $"/v1/{plural}/{id}", Operations.Delete),
            (HttpMethod.Delete, $"/v1/{plural}", Operations.None),
            (HttpMethod.Patch, $"/v1/{plural}", Operations.None),
            (HttpMethod.Post, $"/v1/{plural}/{id}", Operations.None),
            (HttpMethod.Put, $"/v1/{plural}/{id}", Operations.None),
        ];
        foreach (var (method, path, needs) in all.Where(a => a.Needs == Operations.None || !can.HasFlag(a.Needs)))
        {
            var refused = await workspace.Send(method, path, new { });
            refused.Status.Should().Be(405, $"{method} {path}: {refused.Text}");
            refused.Code.Should().Be("method_not_allowed");
            refused.Header("Allow").Should().Contain("GET");
        }
    }

    [Theory]
    [MemberData(nameof(Changeable))]
    public async Task sending_a_whole_record_back_changes_nothing(string plural)
    {
        var workspace = await server.NewWorkspace();
        var record = await new Samples(workspace, CrmCatalog.Standard).Make(Entry(plural));
        var events = (await workspace.All("/v1/events?sort=-createdAt")).Count;

        var echoed = await workspace.Patch($"/v1/{plural}/{record["id"]}", record);

        echoed.Status.Should().Be(200, echoed.Text);
        JsonNode.DeepEquals(echoed.Json, record).Should().BeTrue($"{record} was sent back and became {echoed.Json}");
        (await workspace.All("/v1/events?sort=-createdAt")).Should().HaveCount(events);
    }

    [Fact]
    public async Task sending_a_lead_back_with_every_kind_of_custom_field_changes_nothing()
    {
        var workspace = await server.NewWorkspace();
        var values = await CustomFieldsOfEveryKind(workspace);
        var made = await workspace.Post("/v1/leads", new { lastName = "Silva", custom = values });
        made.Status.Should().Be(201, made.Text);
        Samples.Covers(made["custom"], values).Should().BeTrue($"{values} was sent and {made["custom"]} is stored");

        var echoed = await workspace.Patch($"/v1/leads/{made["id"]}", (await workspace.Get($"/v1/leads/{made["id"]}")).Json!);

        echoed.Status.Should().Be(200, echoed.Text);
        JsonNode.DeepEquals(echoed.Json, made.Json).Should().BeTrue($"{made.Json} became {echoed.Json}");
    }

    [Fact]
    public async Task a_value_whose_custom_field_was_deleted_does_not_keep_the_lead_from_being_saved()
    {
        var workspace = await server.NewWorkspace();
        var field = await workspace.Post(
            "/v1/custom-fields",
            new
            {
                @for = "lead",
                name = "budget",
                kind = "integer",
            }
        );
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva", custom = new { budget = 5 } });
        (await workspace.Delete($"/v1/custom-fields/{field["id"]}")).Status.Should().Be(204);

        var whole = (await workspace.Get($"/v1/leads/{lead["id"]}")).Json!.AsObject();
        whole["lastName"] = "Costa";
        var saved = await workspace.Patch($"/v1/leads/{lead["id"]}", whole);

        saved.Status.Should().Be(200, saved.Text);
        saved["lastName"]!.GetValue<string>().Should().Be("Costa");
        (await workspace.Patch($"/v1/leads/{lead["id"]}", new { custom = new { budget = 6 } }))
            .Errors.Should()
            .Equal("custom.budget:unknown");
    }

    /// <summary>A custom field of every kind on leads; returns a value for each.</summary>
    internal static async Task<JsonObject> CustomFieldsOfEveryKind(TestWorkspace workspace)
    {
        var values = new JsonObject
        {
            ["text"] = "Nice",
            ["longText"] = "Two\nlines",
            ["integer"] = 1000,
            ["number"] = 1250,
            ["boolean"] = true,
            ["date"] = "2026-11-22",
            ["dateTime"] = "2026-11-22T10:15:30.000Z",
            ["email"] = "other@silva.example.org",
            ["phone"] = "+5511987654321",
            ["url"] = "https://silva.example.org/x",
            ["choice"] = "gold",
            ["choices"] = new JsonArray("a", "b"),
        };
        foreach (var (kind, _) in values)
        {
            var made = await workspace.Post(
                "/v1/custom-fields",
                new
                {
                    @for = "lead",
                    name = kind,
                    kind,
                    choices = kind is "choice" ? ["gold", "silver"]
                    : kind is "choices" ? new[] { "a", "b", "c" }
                    : [],
                }
            );
            made.Status.Should().Be(201, made.Text);
        }
        return values;
    }

    // ---- Mass assignment

    [Theory]
    [MemberData(nameof(Resources))]
    public async Task what_the_product_sets_cannot_be_written(string plural)
    {
        var workspace = await server.NewWorkspace();
        var (entry, samples) = (Entry(plural), new Samples(workspace, CrmCatalog.Standard));
        var record = await samples.Make(entry);
        var attempts = new List<(string Name, JsonNode? Value)>
        {
            ("id", entry.Type.Text(new(77))),
            ("version", 77),
            ("createdAt", "2001-01-01T00:00:00.000Z"),
            ("updatedAt", "2001-01-01T00:00:00.000Z"),
            ("workspaceId", "ws_x"),
            ("workspace", 1),
            ("Workspace", 1),
            ("ws", 1),
            ("seq", 1),
            ("keys", new JsonArray()),
            ("words", "x"),
            ("__proto__", new JsonObject()),
            ("$type", "System.String"),
        };
        foreach (var name in new[] { "role", "owner", "score", "scopes" })
            if (entry.Type.Field(name) is null)
                attempts.Add((name, "admin"));
        foreach (var field in entry.Type.Fields.Where(f => !Samples.IsWritable(f) && f is not { Kind: SealedValue, IsWritable: true }))
            attempts.Add((field.Name, field.Kind is BooleanValue ? true : await samples.Value(field, $"{plural}.{field.Name}")));

        foreach (var (name, value) in attempts)
        {
            if (entry.Type.Can.HasFlag(Operations.Create) && entry.Create is null)
            {
                var body = await samples.Body(entry);
                body[name] = value?.DeepClone();
                Refused(await workspace.Post($"/v1/{plural}", body), name);
            }
            if (entry.Type.Can.HasFlag(Operations.Update))
                Refused(await workspace.Patch($"/v1/{plural}/{record["id"]}", new JsonObject { [name] = value?.DeepClone() }), name);
        }
        (await workspace.Get($"/v1/{plural}/{record["id"]}"))
            .Json!.ToJsonString()
            .Should()
            .Be(record.ToJsonString(), "no attempt may leave a trace");

        void Refused(Reply reply, string name)
        {
            reply.Status.Should().Be(422, $"{name}: {reply.Text}");
            reply.Errors.Should().ContainSingle().Which.Should().BeOneOf($"{name}:read_only", $"{name}:unknown");
        }
    }

    [Fact]
    public async Task the_installations_workspaces_take_no_fields_of_the_product_either()
    {
        var count = (await server.Default.All("/v1/workspaces")).Count;
        foreach (var name in new[] { "id", "version", "createdAt", "number", "numberClaim", "key", "installation" })
            (await server.Default.Post("/v1/workspaces", new JsonObject { ["name"] = "X", [name] = 5 }))
                .Errors.Should()
                .ContainSingle()
                .Which.Should()
                .StartWith(name + ":");
        (await server.Default.All("/v1/workspaces")).Should().HaveCount(count);
    }

    [Theory]
    [MemberData(nameof(Changeable))]
    public async Task what_is_fixed_at_creation_cannot_be_changed(string plural)
    {
        var workspace = await server.NewWorkspace();
        var (entry, samples) = (Entry(plural), new Samples(workspace, CrmCatalog.Standard));
        var record = await samples.Make(entry);
        foreach (var field in entry.Type.Fields.Where(f => f.IsWriteOnce))
        {
            JsonNode other = field.Kind switch
            {
                ListValue => new JsonArray("leads:write"),
                ChoiceValue choice => choice.Words(field)[^1],
                _ => "another_one",
            };
            var refused = await workspace.Patch($"/v1/{plural}/{record["id"]}", new JsonObject { [field.Name] = other });
            refused.Status.Should().Be(422, $"{field.Name}: {refused.Text}");
            refused.Errors.Should().Equal($"{field.Name}:read_only");
        }
    }

    // ---- Merge patch

    [Fact]
    public async Task a_merge_patch_removes_with_null_merges_objects_and_replaces_lists()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post(
            "/v1/custom-fields",
            new
            {
                @for = "lead",
                name = "budget",
                kind = "integer",
            }
        );
        await workspace.Post(
            "/v1/custom-fields",
            new
            {
                @for = "lead",
                name = "tier",
                kind = "text",
            }
        );
        var lead = await workspace.Post(
            "/v1/leads",
            new
            {
                firstName = "Ana",
                lastName = "Silva",
                tags = new[] { "a", "b" },
                address = new
                {
                    line1 = "Rua 1",
                    city = "São Paulo",
                    country = "br",
                },
                custom = new { budget = 5, tier = "gold" },
            }
        );
        lead.Status.Should().Be(201, lead.Text);

        var changed = await workspace.Patch(
            $"/v1/leads/{lead["id"]}",
            """{"firstName":null,"address":{"city":null,"region":"SP"},"tags":["c"],"custom":{"tier":null}}"""
        );

        changed.Status.Should().Be(200, changed.Text);
        changed["firstName"].Should().BeNull();
        changed
            .Json!.AsObject()
            .ContainsKey("firstName")
            .Should()
            .BeTrue("a missing value is null, and the shape does not depend on the data");
        changed["lastName"]!.GetValue<string>().Should().Be("Silva");
        changed["tags"]!.ToJsonString().Should().Be("""["c"]""");
        changed["address"]!
            .ToJsonString()
            .Should()
            .Be("""{"line1":"Rua 1","line2":null,"city":null,"region":"SP","postalCode":null,"country":"BR"}""");
        changed["custom"]!.ToJsonString().Should().Be("""{"budget":5}""");

        var emptied = await workspace.Patch($"/v1/leads/{lead["id"]}", """{"address":null,"tags":[],"custom":null}""");

        emptied["address"].Should().BeNull();
        emptied["tags"]!.ToJsonString().Should().Be("[]");
        emptied["custom"]!.ToJsonString().Should().Be("{}");
        emptied["status"]!.GetValue<string>().Should().Be("new");
        (await workspace.Patch($"/v1/leads/{lead["id"]}", """{"tags":null,"status":null}"""))
            .Errors.Should()
            .BeEquivalentTo("tags:not_nullable", "status:not_nullable");
        (await workspace.Patch($"/v1/leads/{lead["id"]}", """{"lastName":null}""")).Errors.Should().Equal("email:required");
    }

    [Fact]
    public async Task the_short_forms_of_email_phone_and_name_set_the_primary_entries()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post(
            "/v1/leads",
            new
            {
                name = "Ana Maria Silva",
                email = "Ana@Silva.example.org",
                phone = "11 91234-5678",
            }
        );
        lead.Status.Should().Be(201, lead.Text);
        lead["firstName"]!.GetValue<string>().Should().Be("Ana Maria");
        lead["lastName"]!.GetValue<string>().Should().Be("Silva");
        lead["phones"]!.ToJsonString().Should().Be("""[{"number":"\u002B5511912345678","kind":"mobile","primary":true,"shared":false}]""");

        var changed = await workspace.Patch($"/v1/leads/{lead["id"]}", new { email = "new@silva.example.org", phone = (string?)null });

        changed["emails"]!.AsArray().Select(e => $"{e!["address"]} {e["primary"]}").Should().Equal("new@silva.example.org true");
        changed["phones"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task unknown_fields_are_named_wherever_they_stand()
    {
        var workspace = await server.NewWorkspace();

        var refused = await workspace.Post(
            "/v1/leads",
            """{"lastName":"Silva","nosuch":1,"Email":"x","address":{"town":"x"},"emails":[{"address":"a@example.org","note":"x"}],"custom":{"budget":1}}"""
        );

        refused.Status.Should().Be(422);
        refused.Code.Should().Be("validation_failed");
        refused
            .Errors.Should()
            .BeEquivalentTo("nosuch:unknown", "Email:unknown", "address.town:unknown", "emails.0.note:unknown", "custom.budget:unknown");
        refused["errors"]![0]!["message"]!
            .GetValue<string>()
            .Should()
            .Contain("firstName")
            .And.Contain("email")
            .And.Contain("custom")
            .And.NotContain("provenance");
        (await workspace.All("/v1/leads")).Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"lastName":5}""", "lastName:wrong_type")]
    [InlineData("""{"lastName":{"a":1}}""", "lastName:wrong_type")]
    [InlineData("""{"lastName":["a"]}""", "lastName:wrong_type")]
    [InlineData("""{"score":"5"}""", "score:wrong_type")]
    [InlineData("""{"score":1.5}""", "score:wrong_type")]
    [InlineData("""{"score":1000001}""", "score:out_of_range")]
    [InlineData("""{"score":99999999999999999999999999}""", "score:wrong_type")]
    [InlineData("""{"score":1e999}""", "score:wrong_type")]
    [InlineData("""{"status":"New"}""", "status:not_a_choice")]
    [InlineData("""{"status":0}""", "status:wrong_type")]
    [InlineData("""{"owner":"lead_00000000000000000000000000"}""", "owner:invalid_id")]
    [InlineData("""{"owner":"member_00000000000000000000000000"}""", "owner:not_found")]
    [InlineData("""{"owner":{}}""", "owner:invalid_id")]
    [InlineData("""{"tags":{"0":"a"}}""", "tags:wrong_type")]
    [InlineData("""{"tags":[1]}""", "tags:wrong_type")]
    [InlineData("""{"tags":[["a"]]}""", "tags:wrong_type")]
    [InlineData("""{"address":"Rua 1"}""", "address:wrong_type")]
    [InlineData("""{"address":[]}""", "address:wrong_type")]
    [InlineData("""{"address":{"country":"1!"}}""", "address.country:invalid_country")]
    [InlineData("""{"emails":{"address":"a@example.org"}}""", "emails:wrong_type")]
    [InlineData("""{"emails":[null]}""", "emails.0:wrong_type")]
    [InlineData("""{"emails":[{}]}""", "emails.0.address:required")]
    [InlineData("""{"emails":[{"address":"a@example.org"},{"address":"nobody"}]}""", "emails.1.address:invalid_email")]
    [InlineData("""{"email":5}""", "email:wrong_type")]
    [InlineData("""{"email":"nobody"}""", "email:invalid_email")]
    [InlineData("""{"phone":"12"}""", "phone:invalid_phone")]
    [InlineData("""{"language":"deutsch sprache"}""", "language:invalid_language")]
    [InlineData("""{"timeZone":"Mars/Olympus"}""", "timeZone:invalid_time_zone")]
    [InlineData("""{"timeZone":"../../../../etc/passwd"}""", "timeZone:invalid_time_zone")]
    [InlineData("""{"custom":5}""", "custom:wrong_type")]
    [InlineData("""{"custom":[]}""", "custom:wrong_type")]
    [InlineData("""{"lastName":"a\u0000b"}""", "lastName:nul_character")]
    public async Task a_wrong_value_is_named_with_its_path_and_nothing_is_stored(string body, string error)
    {
        if (server.Wire is not null && body is """{"emails":{"address":"a@example.org"}}""")
            return; // GraphQL takes one value as a list of one.
        var workspace = await server.NewWorkspace();
        var made = await workspace.Post("/v1/leads", new { lastName = "Silva" });

        foreach (
            var refused in new[]
            {
                await workspace.Post("/v1/leads", "{\"firstName\":\"Ana\"," + body[1..]),
                await workspace.Patch($"/v1/leads/{made["id"]}", body),
            }
        )
        {
            refused.Status.Should().Be(422, refused.Text);
            refused.Code.Should().Be("validation_failed");
            refused.Errors.Should().Equal(error);
        }
        (await workspace.All("/v1/leads")).Should().ContainSingle().Which["version"]!.GetValue<long>().Should().Be(1);
    }

    [Fact]
    public async Task all_mistakes_are_told_at_once()
    {
        var workspace = await server.NewWorkspace();
        var refused = await workspace.Post(
            "/v1/members",
            new
            {
                name = "",
                email = "nobody",
                role = "king",
                active = "yes",
            }
        );
        refused.Errors.Should().BeEquivalentTo("name:required", "email:invalid_email", "role:not_a_choice", "active:wrong_type");
    }

    [Fact]
    public async Task a_moment_without_its_offset_is_refused()
    {
        var workspace = await server.NewWorkspace();
        foreach (var text in new[] { "2030-01-01T00:00:00", "2030-01-01", "tomorrow", "", "2030-13-01T00:00:00Z" })
        {
            var refused = await workspace.Post(
                "/v1/api-keys",
                new
                {
                    name = "x",
                    scopes = new[] { "*" },
                    expiresAt = text,
                }
            );
            refused.Errors.Should().Equal(["expiresAt:invalid_date_time"], text);
        }
        var made = await workspace.Post(
            "/v1/api-keys",
            new
            {
                name = "x",
                scopes = new[] { "*" },
                expiresAt = "2030-01-01T02:00:00.1234567+02:00",
            }
        );
        made["expiresAt"]!.GetValue<string>().Should().Be("2030-01-01T00:00:00.123Z");
    }

    // ---- Versions

    [Fact]
    public async Task if_match_lets_only_the_reader_of_the_newest_version_write()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        var path = $"/v1/leads/{lead["id"]}";

        (await workspace.Patch(path, new { lastName = "Costa" }, ("If-Match", "\"1\""))).Status.Should().Be(200);
        foreach (var tag in server.Wire is null ? ["\"1\"", "\"3\"", "2", "W/\"2\"", "\"x\"", ""] : new[] { "\"1\"", "\"3\"" }) // GraphQL has versions, not tags.
        {
            var late = await workspace.Patch(path, new { lastName = "Late" }, ("If-Match", tag));
            late.Status.Should().Be(412, tag);
            late.Code.Should().Be("version_mismatch");
            (await workspace.Delete(path, ("If-Match", tag))).Status.Should().Be(412, tag);
        }
        (await workspace.Get(path))["lastName"]!.GetValue<string>().Should().Be("Costa");
        (await workspace.Patch(path, new { lastName = "Lima" }, ("If-Match", "\"1\", \"2\""))).Status.Should().Be(200);
        (await workspace.Patch(path, new { lastName = "Reis" }, ("If-Match", "*"))).Status.Should().Be(200);
        (await workspace.Delete(path, ("If-Match", "\"4\""))).Status.Should().Be(204);
        (await workspace.Delete(path, ("If-Match", "*"))).Status.Should().Be(404);
    }

    [Fact]
    public async Task if_none_match_spares_a_reader_what_he_has()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        var path = $"/v1/leads/{lead["id"]}";
        foreach (var tag in new[] { "\"1\"", "W/\"1\"", "\"9\", \"1\"", "*" })
        {
            var same = await workspace.Get(path, ("If-None-Match", tag));
            same.Status.Should().Be(304, tag);
            same.Text.Should().BeEmpty();
            same.Header("ETag").Should().Be("\"1\"");
        }
        (await workspace.Get(path, ("If-None-Match", "\"2\""))).Status.Should().Be(200);
        await workspace.Patch(path, new { lastName = "Costa" });
        (await workspace.Get(path, ("If-None-Match", "\"1\"")))["lastName"]!.GetValue<string>().Should().Be("Costa");
    }

    [Fact]
    public async Task fifty_writers_at_once_lose_no_change()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva", emails = Array.Empty<object>() });
        var path = $"/v1/leads/{lead["id"]}";
        string[] fields = ["firstName", "company", "jobTitle", "salutation", "middleName"];

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => workspace.Patch(path, new JsonObject { [fields[i % 5]] = $"v{i}" }))
        );

        var done = answers.Count(a => a.Status == 200);
        answers.Should().OnlyContain(a => a.Status == 200 || a.Status == 409 && a.Code == "conflict");
        var after = await workspace.Get(path);
        after["version"]!.GetValue<long>().Should().Be(done + 1);
        (await workspace.All($"/v1/events?subject={lead["id"]}&type=lead.updated")).Should().HaveCount(done);
    }

    // ---- Several records

    [Fact]
    public async Task a_member_who_owns_leads_is_not_deleted()
    {
        var workspace = await server.NewWorkspace();
        var member = await workspace.Post("/v1/members", new { name = "Bia", email = "bia@example.org" });
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva", owner = member["id"] });

        var refused = await workspace.Delete($"/v1/members/{member["id"]}");

        refused.Status.Should().Be(409);
        refused.Code.Should().Be("in_use");
        refused.Text.Should().Contain("leads").And.Contain("owner");
        (await workspace.Patch($"/v1/leads/{lead["id"]}", """{"owner":null}""")).Status.Should().Be(200);
        (await workspace.Delete($"/v1/members/{member["id"]}")).Status.Should().Be(204);
    }

    [Fact]
    public async Task whatever_a_record_refers_to_is_not_deleted_under_it()
    {
        var workspace = await server.NewWorkspace();
        var samples = new Samples(workspace, CrmCatalog.Standard);
        foreach (var entry in CrmCatalog.Standard.Public.Where(e => e.Type.Can.HasFlag(Operations.Create) && e.Create is null))
        foreach (var field in entry.Type.Fields.Where(f => f.Refers is not null && Samples.IsWritable(f) && f.OnDelete != OnDelete.Keep))
        {
            var owner = CrmCatalog.Standard.For(ResourceType.Of(field.Refers!));
            if (!owner.Type.Can.HasFlag(Operations.Delete))
                continue;
            var record = await samples.Make(entry);
            var id = (record[field.Name] is JsonArray many ? many[0] : record[field.Name])!.GetValue<string>();
            var refused = await workspace.Delete($"/v1/{owner.Type.Plural}/{id}");
            refused.Status.Should().Be(409, $"{entry.Type.Plural}.{field.Name} refers to {id}: {refused.Text}");
            refused.Code.Should().Be("in_use");
        }
    }

    [Fact]
    public void a_reference_that_callers_write_can_be_searched_or_outlives_its_record()
    {
        foreach (var entry in CrmCatalog.Standard.Public)
            Walk(entry.Type, entry.Type.Plural);

        static void Walk(ObjectType type, string path)
        {
            foreach (var field in type.Fields.Where(Samples.IsWritable))
                if ((field.Kind is ListValue list ? list.Item : field.Kind) is ObjectValue inner)
                    Walk(inner.Type, $"{path}.{field.Name}");
                else if (field.Refers is not null)
                    (field.IsFilterable || field.OnDelete == OnDelete.Keep)
                        .Should()
                        .BeTrue($"{path}.{field.Name} would be left pointing at nothing: what it refers to cannot be seen to be in use");
        }
    }

    [Fact]
    public async Task an_address_that_belongs_to_another_lead_is_refused_with_its_owner_and_a_number_where_it_is_the_same_person()
    {
        var workspace = await server.NewWorkspace();
        var ana = await workspace.Post(
            "/v1/leads",
            new
            {
                lastName = "Silva",
                email = "ana@example.org",
                phone = "+5511912345678",
            }
        );
        var bia = await workspace.Post("/v1/leads", new { lastName = "Costa" });
        foreach (
            var (body, field) in new (object, string)[]
            {
                (new { email = "ANA@EXAMPLE.org" }, "email"),
                (new { emails = new[] { new { address = "x@example.org" }, new { address = "ana@example.org" } } }, "email"),
            }
        )
        foreach (var refused in new[] { await workspace.Post("/v1/leads", body), await workspace.Patch($"/v1/leads/{bia["id"]}", body) })
        {
            refused.Status.Should().Be(409, refused.Text);
            refused.Code.Should().Be("already_exists");
            refused.Errors.Should().Equal($"{field}:taken");
            refused.Text.Should().Contain(ana["id"]!.GetValue<string>());
        }
        // A number alone is weak: nothing contradicts, so a new lead would be the same person; a known one may share it.
        var same = await workspace.Post("/v1/leads", new { phone = "(11) 91234-5678" });
        (same.Status, same.Code).Should().Be((409, "already_exists"));
        same.Errors.Should().Equal("phone:taken");
        same.Text.Should().Contain(ana["id"]!.GetValue<string>());
        var shares = await workspace.Patch($"/v1/leads/{bia["id"]}", new { phone = "(11) 91234-5678" });
        (shares.Status, shares["phones"]![0]!["shared"]!.GetValue<bool>()).Should().Be((200, true));
        (await workspace.All("/v1/leads")).Should().HaveCount(2);

        var other = await server.NewWorkspace();
        (await other.Post("/v1/leads", new { email = "ana@example.org", phone = "+5511912345678" }))
            .Status.Should()
            .Be(201, "each workspace has its own people");
    }

    [Fact]
    public async Task a_member_and_a_custom_field_have_one_name_each()
    {
        var workspace = await server.NewWorkspace();
        var member = await workspace.Post("/v1/members", new { name = "Bia", email = "bia@example.org" });
        var again = await workspace.Post("/v1/members", new { name = "Other", email = "Bia@example.org" });
        again.Code.Should().Be("already_exists");
        again.Errors.Should().Equal("email:taken");
        again.Text.Should().Contain(member["id"]!.GetValue<string>());

        var field = await workspace.Post(
            "/v1/custom-fields",
            new
            {
                @for = "lead",
                name = "budget",
                kind = "integer",
            }
        );
        var twice = await workspace.Post(
            "/v1/custom-fields",
            new
            {
                @for = "lead",
                name = "budget",
                kind = "text",
            }
        );
        twice.Code.Should().Be("already_exists");
        twice.Errors.Should().Equal("name:taken");
        twice.Text.Should().Contain(field["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("email", "Ana@Silva.example.org", "ana@silva.example.org")]
    [InlineData("phone", "+55 11 91234-5678", "11912345678")]
    public async Task put_makes_a_lead_the_first_time_and_changes_it_the_second(string match, string first, string second)
    {
        var workspace = await server.NewWorkspace();
        var made = await workspace.Put(
            $"/v1/leads?match={match}",
            new JsonObject
            {
                [match] = first,
                ["lastName"] = "Silva",
                ["company"] = "A",
            }
        );
        made.Status.Should().Be(201, made.Text);
        made.Header("Location").Should().EndWith(made["id"]!.GetValue<string>());

        var changed = await workspace.Put($"/v1/leads?match={match}", new JsonObject { [match] = second, ["company"] = "B" });

        changed.Status.Should().Be(200, changed.Text);
        changed["id"]!.GetValue<string>().Should().Be(made["id"]!.GetValue<string>());
        changed["lastName"]!.GetValue<string>().Should().Be("Silva");
        changed["company"]!.GetValue<string>().Should().Be("B");
        changed[match + "s"]!.ToJsonString().Should().Be(made[match + "s"]!.ToJsonString());
        var same = await workspace.Put($"/v1/leads?match={match}", new JsonObject { [match] = second, ["company"] = "B" });
        same["version"]!.GetValue<long>().Should().Be(2, "nothing was changed");
        (await workspace.Put($"/v1/leads?match={match}", new JsonObject { [match] = second, ["company"] = "C" }, ("If-Match", "\"1\"")))
            .Status.Should()
            .Be(412);
    }

    [Fact]
    public async Task put_says_what_it_needs()
    {
        var workspace = await server.NewWorkspace();
        (await workspace.Put("/v1/leads", new { email = "a@example.org" })).Code.Should().Be("invalid_parameter");
        (await workspace.Put("/v1/leads?match=name", new { email = "a@example.org" })).Errors.Should().Equal("match:not_a_choice");
        (await workspace.Put("/v1/leads?match=email&dry=1", new { email = "a@example.org" })).Code.Should().Be("unknown_parameter");
        (await workspace.Put("/v1/leads?match=email", new { lastName = "x" })).Errors.Should().Equal("email:required");
        (await workspace.Put("/v1/leads?match=email", new { email = "" })).Errors.Should().Equal("email:required");
        (await workspace.Put("/v1/leads?match=email", new { email = 5 })).Errors.Should().Equal("email:required");
        (await workspace.Put("/v1/leads?match=email", new { email = "nobody" })).Errors.Should().Equal("email:invalid_email");
        (await workspace.Put("/v1/leads?match=email", "[]")).Code.Should().Be("body_malformed");
        (await workspace.All("/v1/leads")).Should().BeEmpty();
    }

    [Fact]
    public async Task forty_upserts_of_one_person_at_once_make_one_lead()
    {
        var workspace = await server.NewWorkspace();
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(i => workspace.Put("/v1/leads?match=email", new { email = "ana@example.org", company = $"C{i}" }))
        );
        answers.Should().OnlyContain(a => a.Status == 201 || a.Status == 200 || a.Status == 409 && a.Code == "conflict");
        answers.Should().ContainSingle(a => a.Status == 201);
        (await workspace.All("/v1/leads")).Should().ContainSingle();
    }

    [Fact]
    public async Task a_timeline_tells_what_happened_to_one_lead_newest_first()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva", email = "ana@example.org" });
        var other = await workspace.Post("/v1/leads", new { lastName = "Costa" });
        await workspace.Patch($"/v1/leads/{lead["id"]}", new { company = "Silva Ltda" });
        await workspace.Patch($"/v1/leads/{other["id"]}", new { company = "Costa Ltda" });

        var timeline = await workspace.Get($"/v1/leads/{lead["id"]}/timeline");
        timeline.Data.Select(e => e!["type"]!.GetValue<string>()).Should().Equal("lead.updated", "lead.created");
        timeline.Data[0]!["changes"]!.ToJsonString().Should().Contain("""{"field":"company","from":null,"to":null}""");
        timeline.Data[0]!["by"]!.GetValue<string>().Should().StartWith("key_");
        timeline.Text.Should().NotContain(other["id"]!.GetValue<string>());

        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline?type=lead.created&fields=type")).Data.Should().ContainSingle();
        var first = await workspace.Get($"/v1/leads/{lead["id"]}/timeline?limit=1");
        var second = await workspace.Get(new Uri(first.Header("Link")!.Split('<', '>')[1]).PathAndQuery);
        second.Data.Single()!["type"]!.GetValue<string>().Should().Be("lead.created");
        second["page"]!["hasMore"]!.GetValue<bool>().Should().BeFalse();
        (await workspace.Get($"/v1/leads/{other["id"]}/timeline?limit=1&after={first["page"]!["next"]}"))
            .Code.Should()
            .Be("invalid_cursor");

        (await workspace.Delete($"/v1/leads/{lead["id"]}")).Status.Should().Be(204);
        (await workspace.Get($"/v1/leads/{lead["id"]}/timeline")).Status.Should().Be(404);
    }

    [Fact]
    public async Task a_timeline_goes_on_after_a_merge_and_after_undoing_it()
    {
        var workspace = await server.NewWorkspace();
        var kept = await workspace.Post("/v1/leads", new { lastName = "Silva", email = "ana@example.org" });
        var gone = await workspace.Post("/v1/leads", new { lastName = "Silva", phone = "+5511912345678" });

        var merged = await workspace.Post($"/v1/leads/{kept["id"]}/merge", new { lead = gone["id"] });

        merged.Status.Should().Be(200, merged.Text);
        (await workspace.Get($"/v1/leads/{kept["id"]}/timeline"))
            .Data.Select(e => e!["type"]!.GetValue<string>())
            .Should()
            .BeEquivalentTo("lead.created", "lead.created", "lead.merged", "lead.mergedInto");
        (await workspace.Get($"/v1/leads/{gone["id"]}")).Status.Should().Be(404);
        (await workspace.Post($"/v1/leads/{kept["id"]}/unmerge", new { lead = gone["id"] })).Status.Should().Be(200);
        (await workspace.Get($"/v1/leads/{gone["id"]}/timeline")).Status.Should().Be(200);
    }

    [Fact]
    public async Task a_read_of_some_fields_returns_them_and_the_id()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { firstName = "Ana", lastName = "Silva" });
        (await workspace.Get($"/v1/leads/{lead["id"]}?fields=lastName,version"))
            .Text.Should()
            .Be($$"""{"id":"{{lead["id"]}}","version":1,"lastName":"Silva"}""");
        (await workspace.Get($"/v1/leads/{lead["id"]}?fields=nosuch")).Code.Should().Be("unknown_parameter");
        (await workspace.Get($"/v1/leads/{lead["id"]}?limit=5")).Errors.Should().Equal("limit:unknown");
        (await workspace.Get($"/v1/leads/{lead["id"]}?after=x")).Errors.Should().Equal("after:unknown");
        if (server.Wire is not null)
            return; // HEAD is REST's.
        var head = await workspace.Send(HttpMethod.Head, $"/v1/leads/{lead["id"]}", null);
        head.Status.Should().Be(200);
        head.Text.Should().BeEmpty();
        head.Header("ETag").Should().Be("\"1\"");
        long.Parse(head.Header("Content-Length")!)
            .Should()
            .Be((await workspace.Get($"/v1/leads/{lead["id"]}")).ContentHeaders.ContentLength);
    }

    [Fact]
    public async Task an_id_of_another_kind_or_of_no_kind_is_not_found()
    {
        var workspace = await server.NewWorkspace();
        var lead = await workspace.Post("/v1/leads", new { lastName = "Silva" });
        var id = lead["id"]!.GetValue<string>();
        foreach (
            var wrong in new[]
            {
                id.ToUpperInvariant(),
                "member" + id[4..],
                id[5..],
                id + "0",
                id[..^1],
                "lead_zzzzzzzzzzzzzzzzzzzzzzzzzz",
                "lead_",
                "1",
                "..%2f..",
                "%F0%9F%98%80",
                "' OR 1=1",
                "a.b",
                "null",
                new string('x', 4000),
            }
        )
        foreach (var path in new[] { $"/v1/leads/{wrong}", $"/v1/leads/{wrong}/timeline" })
        {
            var reply = await workspace.Get(path);
            reply.Status.Should().Be(404, path);
            reply.Code.Should().Be("not_found", path);
        }
    }
}
