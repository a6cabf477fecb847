// GraphQL through the front door: what is read, what is changed, and what is refused is the same as over REST.

using System.Text.Json.Nodes;
using Crm.Api.GraphQL;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.GraphQL.Types;
using Crm.GraphQL.Validation;
using Crm.Tests.Rest;
using Xunit;

namespace Crm.Tests.GraphQL;

[Collection(nameof(CrmServer))]
public sealed class GraphQLTests(CrmServer server)
{
    static readonly (string, string) Modern = ("Accept", "application/graphql-response+json");

    static Task<Reply> Ask(TestWorkspace workspace, string query, object? variables = null, params (string, string)[] headers) =>
        workspace.Post("/graphql", new { query, variables }, headers);

    static async Task<JsonNode> Data(TestWorkspace workspace, string query, object? variables = null)
    {
        var reply = await Ask(workspace, query, variables);
        reply.Status.Should().Be(200, reply.Text);
        reply["errors"].Should().BeNull(reply.Text);
        return reply["data"]!;
    }

    // ---- Clients and the schema

    [NeedsNodeFact]
    public async Task other_peoples_clients_work_and_the_audit_passes_in_full()
    {
        var workspace = await server.NewWorkspace();
        await workspace.Post("/v1/leads", new { lastName = "Silva" });
        var committed = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "openapi", "schema.graphql"));
        var said = JsonNode.Parse(
            await Npm.Run(
                "graphql-clients.mjs",
                committed,
                $"{server.Address}graphql",
                workspace.Key,
                Path.Combine(Repository.Root, "docs", "graphql.md")
            )
        )!;
        said["failed"]!.AsArray().Should().BeEmpty(said.ToJsonString());
        said["audits"]!.GetValue<int>().Should().Be(61);
        foreach (var client in new[] { "request", "urql", "apollo" })
            said[client]!.ToString().Should().Be("1", $"{client}: {said.ToJsonString()}");
        said["methods"]!.AsArray().Select(m => m!.GetValue<string>()).Should().Equal("GET");
        said["schemaErrors"]!.AsArray().Should().BeEmpty();
        said["same"]!.GetValue<bool>().Should().BeTrue("introspection and the committed file describe one schema");
        foreach (var client in new[] { "request", "urql", "apollo" })
            said["refusals"]![client]!.ToString().Should().Contain("API key", $"{client} shows why a wrong key is refused");
        said["shown"]!.GetValue<int>().Should().BeGreaterThan(2);
        said["invalid"]!.AsArray().Should().BeEmpty("what docs/graphql.md shows works as pasted");
        said["done"]!.ToString().Should().StartWith("link_");
        said["failure"]!.AsArray().Should().NotBeEmpty().And.OnlyContain(e => e!["message"]!.ToString().Length > 0 && e["code"] != null);
        said["failure"]!.AsArray().Select(e => e!["field"]?.ToString()).Should().Contain("destination");
    }

    [Fact]
    public async Task the_committed_schema_is_the_one_that_is_served()
    {
        var schema = ApiSchema.Build(CrmCatalog.Standard, _ => []);
        SchemaValidator.Validate(schema).Should().BeEmpty();
        var served = SchemaText.Of(schema) + "\n";
        var file = Path.Combine(Repository.Root, "openapi", "schema.graphql");
        if (Environment.GetEnvironmentVariable("CRM_APPROVE") == "1")
            await File.WriteAllTextAsync(file, served);
        var committed = await File.ReadAllTextAsync(file);
        var changes = committed == served ? [] : SchemaChanges.Between(Schema.FromText(committed), schema);
        committed
            .Should()
            .Be(
                served,
                $"a change of the schema must be visible in the diff: run the test once with CRM_APPROVE=1 and look at what changed. For clients: {(changes.Count == 0 ? "nothing that they could stumble over" : string.Join("; ", changes))}. What differs"
            );
    }

    // ---- Reading

    [Fact]
    public async Task a_list_is_filtered_sorted_paged_both_ways_and_counted()
    {
        var workspace = await server.NewWorkspace();
        for (var i = 0; i < 7; i++)
            await workspace.Post(
                "/v1/leads",
                new
                {
                    lastName = $"Name{i}",
                    company = i % 2 == 0 ? "Even, Ltd" : "Odd",
                    email = $"p{i}@example.org",
                }
            );
        const string list =
            "query($n:Int $after:String){leads(first:$n after:$after order:[{lastName:DESC}] where:{or:[{company:{in:[\"Even, Ltd\"]}} {email:{eq:\"p1@example.org\"}}]}){nodes{lastName} edges{cursor node{lastName}} totalCount pageInfo{hasNextPage hasPreviousPage endCursor}}}";
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await Data(workspace, list, new { n = 2, after }))["leads"]!;
            page["totalCount"]!.GetValue<int>().Should().Be(5);
            page["pageInfo"]!["hasPreviousPage"]!.GetValue<bool>().Should().Be(after is not null);
            page["edges"]!
                .AsArray()
                .Select(e => e!["node"]!["lastName"]!.ToString())
                .Should()
                .Equal(page["nodes"]!.AsArray().Select(n => n!["lastName"]!.ToString()));
            seen.AddRange(page["nodes"]!.AsArray().Select(n => n!["lastName"]!.ToString()));
            after = page["pageInfo"]!["hasNextPage"]!.GetValue<bool>() ? page["pageInfo"]!["endCursor"]!.ToString() : null;
        } while (after is not null);
        seen.Should().Equal("Name6", "Name4", "Name2", "Name1", "Name0");

        var last = (await Data(workspace, "{leads(last:2 order:[{lastName:ASC}]){nodes{lastName} pageInfo{hasPreviousPage startCursor}}}"))[
            "leads"
        ]!;
        last["nodes"]!.AsArray().Select(n => n!["lastName"]!.ToString()).Should().Equal("Name5", "Name6");
        var before = (
            await Data(
                workspace,
                "query($b:String){leads(last:2 before:$b order:[{lastName:ASC}]){nodes{lastName} pageInfo{hasNextPage}}}",
                new { b = last["pageInfo"]!["startCursor"] }
            )
        )["leads"]!;
        before["nodes"]!.AsArray().Select(n => n!["lastName"]!.ToString()).Should().Equal("Name3", "Name4");
        before["pageInfo"]!["hasNextPage"]!.GetValue<bool>().Should().BeTrue();
        var cost = (await Ask(workspace, "query($n:Int){leads(first:$n){nodes{id}}}", new { n = 20 }))["extensions"]!["cost"]!;
        (cost["asked"]!.GetValue<int>(), cost["spent"]!.GetValue<int>())
            .Should()
            .Be((20, 7), "asked is what could come, by the variables; spent is what came");
    }

    [Fact]
    public async Task every_field_reads_what_rest_reads()
    {
        var workspace = await server.NewWorkspace();
        var samples = new Samples(workspace, CrmCatalog.Standard);
        foreach (var entry in CrmCatalog.Standard.Public.Where(e => e.Type.Can.HasFlag(Operations.Read)))
        {
            var record = await samples.Make(entry);
            var plain = entry
                .Type.Fields.Where(f =>
                    f.Stored
                    && !f.IsSecret
                    && f.Refers is null
                    && (f.Kind is not ObjectValue and not Domain.Resources.ListValue { Item: ObjectValue })
                )
                .Select(f => f.Name)
                .ToList();
            var got = (
                await Data(
                    workspace,
                    $"query($id:ID!){{one:{entry.Type.Name}(id:$id){{__typename id version createdAt updatedAt {string.Join(' ', plain)}}} node(id:$id){{id __typename}}}}",
                    new { id = record["id"] }
                )
            )["one"]!;
            foreach (var name in plain.Concat(["id", "version", "createdAt"]))
                JsonNode.DeepEquals(got[name], record[name]).Should().BeTrue($"{entry.Type.Name}.{name}: {got[name]} and {record[name]}");
        }
    }

    [Fact]
    public async Task three_levels_take_the_same_number_of_store_queries_for_any_number_of_leads()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        const string query =
            "{leads(first:50){nodes{email_:emails{address} source{form{name key}} submissions(first:3){nodes{id verdict form{name}} totalCount:edges{cursor}}}}}";
        var counts = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            for (var again = 0; again < (i == 0 ? 5 : 1); again++)
                (
                    await workspace.Submit(
                        form,
                        new
                        {
                            name = $"Visitor {i}",
                            email = $"v{i}@example.org",
                            message = $"message {again}",
                        }
                    )
                ).Status.Should().Be(201);
            if (i is 1 or 11)
            {
                var reply = await Ask(workspace, query);
                reply["errors"].Should().BeNull(reply.Text);
                counts.Add(reply["extensions"]!["cost"]!["queries"]!.GetValue<int>());
                var leads = reply["data"]!["leads"]!["nodes"]!.AsArray();
                leads.Should().HaveCount(i + 1);
                leads[^1]!["submissions"]!["nodes"]!.AsArray().Should().HaveCount(3, "the first lead has five, and three are asked for");
                foreach (var lead in leads)
                {
                    lead!["source"]!["form"]!["name"]!.ToString().Should().Be("Contact");
                    lead["submissions"]!["nodes"]!.AsArray().Should().OnlyContain(s => s!["form"]!["name"]!.ToString() == "Contact");
                }
            }
        }
        counts.Distinct().Should().ContainSingle("the number of queries does not depend on the number of leads");
        counts[0].Should().Be(4);
    }

    [Fact]
    public async Task a_list_inside_of_a_list_is_a_small_page_when_nothing_is_said_and_usual_questions_pass()
    {
        var workspace = await server.NewWorkspace();
        var lead = (await workspace.Post("/v1/leads", new { lastName = "Silva" }))["id"]!.ToString();
        for (var i = 0; i < 12; i++)
            await workspace.Post("/v1/touches", new { lead, kind = "call" });
        const string touches = "touches{nodes{id} pageInfo{hasNextPage endCursor}}";
        foreach (
            var query in new[]
            {
                $"{{leads{{nodes{{id {touches} submissions{{nodes{{id}}}} conversions{{nodes{{id}}}} }}}}}}",
                $"{{campaigns{{nodes{{links{{nodes{{clicks{{nodes{{id}}}}}}}}}}}} leads{{nodes{{id {touches}}}}}}}",
                "{forms{nodes{submissions{nodes{lead{lastName touches{nodes{id}}}}}}}}",
            }
        )
            await Data(workspace, query);
        var inside = (await Data(workspace, $"{{leads{{nodes{{{touches}}}}}}}"))["leads"]!["nodes"]![0]!["touches"]!;
        inside["nodes"]!.AsArray().Should().HaveCount(RecordList.InsideLimit);
        inside["pageInfo"]!["hasNextPage"]!.GetValue<bool>().Should().BeTrue("what is left out is said");
        var rest = (
            await Data(
                workspace,
                "query($after:String){leads{nodes{touches(after:$after){nodes{id}}}}}",
                new { after = inside["pageInfo"]!["endCursor"] }
            )
        )["leads"]!["nodes"]![0]!["touches"]!["nodes"]!;
        rest.AsArray().Should().HaveCount(2, "pages of a list go on from each other");
        (await Data(workspace, $"query($id:ID!){{lead(id:$id){{{touches}}}}}", new { id = lead }))["lead"]!["touches"]!["nodes"]!
            .AsArray()
            .Should()
            .HaveCount(12, "a list of one record stands in no list");
        (await Data(workspace, "{leads{nodes{touches(first:12){nodes{id}}}}}"))["leads"]!["nodes"]![0]!["touches"]!["nodes"]!
            .AsArray()
            .Should()
            .HaveCount(12);
    }

    [Fact]
    public void what_an_input_needs_is_required_by_its_type_and_a_change_needs_nothing_but_the_id()
    {
        var schema = ApiSchema.Build(CrmCatalog.Standard, _ => []);
        string Type(string input, string field) => ((InputObjectType)schema.Type(input)!).Field(field)!.Type.ToString()!;
        Type("CreateLinkInput", "destination").Should().Be("String!");
        Type("UpdateLinkInput", "destination").Should().Be("String");
        Type("UpdateLinkInput", "id").Should().Be("ID!");
        Type("MergeLeadInput", "lead").Should().Be("ID!");
        Type("BulkLinksInput", "links").Should().Be("[JSON!]!");
        Type("CreateFormInput", "minimumFillSeconds").Should().Be("Long", "it has a default");
        Type("FormFieldInput", "name").Should().Be("String!", "entries of lists are made anew");
        foreach (var entry in CrmCatalog.Standard.Public.Where(e => e.Type.Can.HasFlag(Operations.Create)))
        foreach (var field in entry.Type.Fields.Where(f => f.Stored && !f.IsReadOnly && !f.IsSecret))
            Type($"Create{char.ToUpperInvariant(entry.Type.Name[0])}{entry.Type.Name[1..]}Input", field.Name)
                .EndsWith('!')
                .Should()
                .Be(entry.Type.MustBeGiven(field), $"{entry.Type.Name}.{field.Name}");
    }

    [Theory]
    [InlineData("POST", "{}", "", 401, "unauthorized")]
    [InlineData("POST", "{}", "nosuch", 401, "unauthorized")]
    [InlineData("POST", "[", null, 400, "body_malformed")]
    [InlineData("POST", "{}", null, 400, "body_malformed")]
    [InlineData("DELETE", null, null, 405, "method_not_allowed")]
    [InlineData("GET", null, null, 414, "uri_too_long")]
    public async Task every_refusal_is_an_error_of_graphql(string method, string? body, string? key, int status, string code)
    {
        var workspace = await server.NewWorkspace();
        var path = status == 414 ? "/graphql?query=" + new string('x', 9_000) : "/graphql";
        foreach (var accept in new[] { "application/graphql-response+json", "application/json", "*/*" })
        {
            var reply = await (key is null ? workspace : workspace.With(key)).Send(new(method), path, body, ("Accept", accept));
            reply.Status.Should().Be(status, reply.Text);
            var error = reply["errors"]!.AsArray().Should().ContainSingle().Which!;
            error["message"]!.ToString().Should().NotBeEmpty();
            error["extensions"]!["code"]!.ToString().Should().Be(code);
            reply.Json!.AsObject().Should().ContainSingle("an answer has data, errors and extensions, and there is no data");
            reply.Header("Content-Type").Should().StartWith(accept == "*/*" ? "application/json" : accept);
        }
    }

    [Fact]
    public async Task a_workspaces_own_fields_are_typed_and_are_not_there_for_others()
    {
        var (mine, theirs) = (await server.NewWorkspace(), await server.NewWorkspace());
        await mine.Post(
            "/v1/custom-fields",
            new
            {
                @for = "lead",
                name = "budget",
                kind = "integer",
            }
        );
        foreach (var amount in new[] { 500, 1500 })
        {
            var made = await Data(
                mine,
                "mutation($b:Long){createLead(input:{lastName:\"x\" custom:{budget:$b}}){lead{custom{budget}} errors{message}}}",
                new { b = amount }
            );
            made["createLead"]!["lead"]!["custom"]!["budget"]!.GetValue<int>().Should().Be(amount);
        }
        var found = (await Data(mine, "{leads(where:{custom:{budget:{gte:1000}}} order:[{custom:{budget:DESC}}]){nodes{custom{budget}}}}"))[
            "leads"
        ]!["nodes"]!.AsArray();
        found.Should().ContainSingle().Which!["custom"]!["budget"]!.GetValue<int>().Should().Be(1500);
        (await Ask(theirs, "{leads{nodes{custom{budget}}}}", null, Modern)).Status.Should().Be(400);
    }

    // ---- Changing

    [Fact]
    public async Task a_record_is_made_changed_and_deleted_with_rests_rules()
    {
        var workspace = await server.NewWorkspace();
        var made = (
            await Data(
                workspace,
                "mutation{createLead(input:{email:\"Ana@Example.org\" lastName:\"Silva\" address:{city:\"Recife\"}}){lead{id version emails{address primary} address{city}} errors{message}}}"
            )
        )["createLead"]!;
        made["errors"].Should().BeNull();
        var id = made["lead"]!["id"]!.ToString();
        made["lead"]!["address"]!["city"]!.ToString().Should().Be("Recife");
        var rest = await workspace.Get($"/v1/leads/{id}");
        rest["emails"]![0]!["address"]!.ToString().Should().Be(made["lead"]!["emails"]![0]!["address"]!.ToString());

        const string taken =
            "mutation{createLead(input:{email:\"ana@example.org\"}){lead{id} errors{__typename ... on Error{message code} ... on FieldProblem{field}}}}";
        var refused = (await Data(workspace, taken))["createLead"]!;
        refused["lead"].Should().BeNull();
        refused["errors"]!.AsArray().Select(e => e!["code"]!.ToString()).Should().Equal("already_exists", "taken");
        refused["errors"]![1]!["field"]!.ToString().Should().Be("email");

        var changed = (
            await Data(
                workspace,
                "mutation($id:ID!){updateLead(input:{id:$id lastName:null company:\"New\"}){lead{lastName company version}errors{code}}}",
                new { id }
            )
        )["updateLead"]!;
        changed["lead"]!["lastName"].Should().BeNull();
        changed["lead"]!["version"]!.GetValue<int>().Should().Be(2);
        var stale = (
            await Data(workspace, "mutation($id:ID!){updateLead(input:{id:$id ifVersion:1 company:\"Old\"}){errors{code}}}", new { id })
        )["updateLead"]!;
        stale["errors"]![0]!["code"]!.ToString().Should().Be("version_mismatch");
        (await Data(workspace, "mutation($id:ID!){deleteLead(input:{id:$id}){errors{code}}}", new { id }))["deleteLead"]!
            ["errors"]
            .Should()
            .BeNull();
        (await workspace.Get($"/v1/leads/{id}")).Status.Should().Be(404);
        (await workspace.All("/v1/events?sort=-createdAt"))
            .Select(e => e["type"]!.ToString())
            .Should()
            .Contain(["lead.created", "lead.updated", "lead.deleted"]);
    }

    [Fact]
    public async Task two_leads_are_merged_and_unmerged()
    {
        var workspace = await server.NewWorkspace();
        var (one, two) = (
            (await workspace.Post("/v1/leads", new { lastName = "A" }))["id"]!.ToString(),
            (await workspace.Post("/v1/leads", new { email = "b@example.org" }))["id"]!.ToString()
        );
        var merged = (
            await Data(
                workspace,
                "mutation($a:ID! $b:ID!){mergeLead(input:{id:$a lead:$b}){lead{emails{address} mergedFromIds} errors{message}}}",
                new { a = one, b = two }
            )
        )["mergeLead"]!;
        merged["lead"]!["mergedFromIds"]![0]!.ToString().Should().Be(two);
        (await workspace.Get($"/v1/leads/{two}")).Status.Should().Be(404);
        (await Data(workspace, "mutation($a:ID! $b:ID!){unmergeLead(input:{id:$a lead:$b}){errors{message}}}", new { a = one, b = two }))[
            "unmergeLead"
        ]!
            ["errors"]
            .Should()
            .BeNull();
        (await workspace.Get($"/v1/leads/{two}")).Status.Should().Be(200);
    }

    [Fact]
    public async Task a_request_that_is_sent_again_changes_nothing_again()
    {
        var workspace = await server.NewWorkspace();
        const string two = "mutation{a:createLead(input:{lastName:\"A\"}){lead{id}} b:createLead(input:{lastName:\"B\"}){lead{id}}}";
        var first = await Ask(workspace, two, null, ("Idempotency-Key", "k"));
        var again = await Ask(workspace, two, null, ("Idempotency-Key", "k"));
        again.Status.Should().Be(200, again.Text);
        first["data"].Should().NotBeNull(first.Text);
        again["data"]!.ToJsonString().Should().Be(first["data"]!.ToJsonString());
        again.Header("Idempotent-Replayed").Should().Be("true");
        first["data"]!["a"]!["lead"]!["id"]!.ToString().Should().NotBe(first["data"]!["b"]!["lead"]!["id"]!.ToString());
        (await workspace.All("/v1/leads")).Should().HaveCount(2);
        var other = await Ask(workspace, "mutation{a:createLead(input:{lastName:\"C\"}){errors{code}}}", null, ("Idempotency-Key", "k"));
        other["data"]!["a"]!["errors"]![0]!["code"]!.ToString().Should().Be("idempotency_key_reused");
        (await workspace.All("/v1/leads")).Should().HaveCount(2);
    }

    // ---- Who may

    [Fact]
    public async Task a_key_reads_and_changes_only_what_its_scopes_allow_on_every_level()
    {
        var workspace = await server.NewWorkspace();
        var form = await workspace.ContactForm();
        await workspace.Submit(
            form,
            new
            {
                name = "Ana",
                email = "ana@example.org",
                message = "hello",
            }
        );
        var reader = workspace.With(
            (await workspace.Post("/v1/api-keys", new { name = "r", scopes = new[] { "leads:read" } }))["key"]!.ToString()
        );
        var reply = await Ask(reader, "{leads(first:5){nodes{id source{form{name}} submissions(first:5){nodes{id}}}} forms{nodes{name}}}");
        reply.Status.Should().Be(200, reply.Text);
        reply["data"].Should().NotBeNull(reply.Text);
        reply["data"]!["forms"].Should().BeNull();
        reply["data"]!["leads"]!["nodes"]![0]!["submissions"].Should().BeNull();
        reply["data"]!["leads"]!["nodes"]![0]!["source"]!["form"].Should().BeNull();
        reply["errors"]!
            .AsArray()
            .Select(e => string.Join('.', e!["path"]!.AsArray()) + ":" + e["extensions"]!["code"])
            .Should()
            .BeEquivalentTo(
                "leads.nodes.0.source.form:insufficient_scope",
                "leads.nodes.0.submissions:insufficient_scope",
                "forms:insufficient_scope"
            );
        var write = await Ask(reader, "mutation{createLead(input:{lastName:\"x\"}){lead{id}}}");
        write["errors"]![0]!["extensions"]!["code"]!.ToString().Should().Be("insufficient_scope");
        (await workspace.All("/v1/leads")).Should().ContainSingle();
        (await Ask(workspace.With(""), "{__schema{types{name}}}")).Status.Should().Be(401, "nothing is told to somebody without a key");
    }

    [Fact]
    public async Task a_scope_opens_its_own_root_fields_and_no_other()
    {
        var workspace = await server.NewWorkspace();
        var schema = ApiSchema.Build(CrmCatalog.Standard, _ => []);
        var probes = 0;
        foreach (var entry in CrmCatalog.Standard.Public)
        foreach (var access in new[] { "read", "write" })
        {
            var scope = $"{entry.Type.Plural}:{access}";
            var key = workspace.With(
                (await workspace.Post("/v1/api-keys", new { name = "k", scopes = new[] { scope } }))["key"]!.ToString()
            );
            foreach (var other in CrmCatalog.Standard.Public)
            {
                var id = other.Type.Text(new(9));
                var record = char.ToUpperInvariant(other.Type.Name[0]) + other.Type.Name[1..];
                foreach (
                    var field in schema.Query.Fields.Where(f =>
                        f.Type.Named.Name == record
                        || f.Type.Named is Crm.GraphQL.Types.ObjectType list && list.Field("nodes")?.Type.Named.Name == record
                    )
                )
                    await Probe(
                        $"{{{field.Name}{(field.Argument("id") is null ? "" : $"(id:\"{id}\")")}{{__typename}}}}",
                        other == entry && access == "read"
                    );
                foreach (
                    var field in schema.Mutation!.Fields.Where(f =>
                        ((Crm.GraphQL.Types.ObjectType)f.Type.Named).Field(other.Type.Name) is not null
                    )
                )
                {
                    var input = field.Argument("input")?.Type.Named is InputObjectType needs ? $"(input:{Needed(needs, id)})" : "";
                    await Probe($"mutation{{{field.Name}{input}{{__typename}}}}", other == entry && access == "write");
                }
            }

            async Task Probe(string query, bool open)
            {
                probes++;
                var reply = await Ask(key, query);
                reply.Status.Should().Be(200, reply.Text);
                (reply["errors"]?[0]?["extensions"]?["code"]?.ToString() != "insufficient_scope")
                    .Should()
                    .Be(open, $"{scope}: {query}: {reply.Text}");
            }
        }
        probes.Should().BeGreaterThan(300);
    }

    /// <summary>An input with what its type requires, and nothing else.</summary>
    static string Needed(InputObjectType type, string id) =>
        $"{{{string.Join(' ', type.Fields.Where(f => f.Type is NonNullType).Select(f => $"{f.Name}:{Needed(f.Type.Nullable, id)}"))}}}";

    static string Needed(GraphType type, string id) =>
        type switch
        {
            ListType => "[]",
            InputObjectType inner => Needed(inner, id),
            EnumType words => words.Values[0].Name,
            { } scalar when scalar == ScalarType.ID => $"\"{id}\"",
            { } scalar when scalar.ToString() is "Long" or "Int" or "Decimal" => "1",
            _ => "\"x\"",
        };

    [Fact]
    public async Task another_workspaces_id_is_like_no_id_in_every_query_and_every_change()
    {
        var (mine, theirs) = (await server.NewWorkspace(), await server.NewWorkspace());
        var samples = new Samples(theirs, CrmCatalog.Standard, "canaryq", first: 900_000);
        var schema = ApiSchema.Build(CrmCatalog.Standard, _ => []);
        var probes = 0;
        foreach (var entry in CrmCatalog.Standard.Public)
        {
            var (type, name) = (entry.Type, char.ToUpperInvariant(entry.Type.Name[0]) + entry.Type.Name[1..]);
            var foreign = (await samples.Make(entry))["id"]!.ToString();
            var before = (await theirs.Get($"/v1/{type.Plural}/{foreign}")).Text;
            var absent = type.Text(Domain.Stores.Id.FirstAt(DateTimeOffset.UnixEpoch.AddDays(20_000)));
            List<string> requests =
            [
                $"query($id:ID!){{{type.Name}(id:$id){{id}}}}",
                "query($id:ID!){node(id:$id){id __typename}}",
                "query($id:ID!){nodes(ids:[$id]){id}}",
            ];
            if (type.Can.HasFlag(Operations.Update))
                requests.Add($"mutation($id:ID!){{update{name}(input:{{id:$id}}){{{type.Name}{{id}} errors{{code message}}}}}}");
            if (type.Can.HasFlag(Operations.Delete))
                requests.Add($"mutation($id:ID!){{delete{name}(input:{{id:$id}}){{{type.Name}{{id}} errors{{code message}}}}}}");
            foreach (
                var (path, field) in CrmCatalog
                    .Standard.Entries.Where(e => e.Type.Can.HasFlag(Operations.Create) && e.Create is null)
                    .SelectMany(e =>
                        e.Type.References.Where(r => r.Field.Refers == type.Clr && !r.Field.IsReadOnly && !r.Path.Contains('.'))
                            .Select(r => (e.Type.Name, r))
                    )
                    .Select(x => (x.Name, x.r.Field))
            )
            {
                var create = $"Create{char.ToUpperInvariant(path[0])}{path[1..]}";
                var others = ((InputObjectType)schema.Type(create + "Input")!).Fields.Where(f =>
                    f.Type is NonNullType && f.Name != field.Name
                );
                requests.Add(
                    $"mutation($id:ID!){{c{create[1..]}(input:{{{field.Name}:{(field.IsMany ? "[$id]" : "$id")} {string.Join(' ', others.Select(f => $"{f.Name}:{Needed(f.Type.Nullable, absent)}"))}}}){{errors{{code message}}}}}}"
                );
            }
            foreach (var request in requests)
            {
                probes++;
                var (one, other) = (await Ask(mine, request, new { id = foreign }), await Ask(mine, request, new { id = absent }));
                one.Status.Should().Be(200, one.Text);
                one.Text.Replace(foreign, "ID", StringComparison.Ordinal)
                    .Should()
                    .Be(other.Text.Replace(absent, "ID", StringComparison.Ordinal), request);
                one.Text.Should().NotContain("canaryq");
            }
            (await theirs.Get($"/v1/{type.Plural}/{foreign}")).Text.Should().Be(before);
        }
        probes.Should().BeGreaterThan(30);
    }

    // ---- What is refused

    [Theory]
    [InlineData("{leads{nodes{hash}}}", "hash")]
    [InlineData("{leads{nodes{id}}", "ends")]
    [InlineData("{leads}", "selection")]
    [InlineData("query($x:Int){leads{nodes{id}}}", "$x")]
    [InlineData("{leads(first:\"x\"){nodes{id}}}", "first")]
    [InlineData("{...a} fragment a on Query{...b} fragment b on Query{...a}", "itself")]
    [InlineData("{a:leads{nodes{id}} a:forms{nodes{id}}}", "two ways")]
    [InlineData("{leads(first:200){nodes{submissions(first:50){nodes{id}}}}}", "points")]
    [InlineData("query __schema{apiKeys{nodes{hash}}}", "hash")]
    public async Task a_wrong_document_is_a_400_that_names_only_what_was_sent(string query, string about)
    {
        var workspace = await server.NewWorkspace();
        var reply = await Ask(workspace, query, null, Modern);
        reply.Status.Should().Be(400, reply.Text);
        reply["data"].Should().BeNull();
        reply["errors"]![0]!["message"]!.ToString().Should().Contain(about);
        foreach (var hidden in new[] { "lastName", "LeadsConnection", "Did you mean" })
            reply.Text.Should().NotContain(hidden);
        (await Ask(workspace, query)).Status.Should().Be(200, "older clients read errors only from a 200");
    }

    [Fact]
    public async Task hostile_documents_get_a_quick_400()
    {
        var workspace = await server.NewWorkspace();
        var deep = 15_000;
        var fan =
            string.Concat(Enumerable.Range(0, 30).Select(i => $"fragment f{i} on Query{{...f{i + 1} ...f{i + 1}}}"))
            + "fragment f30 on Query{__typename}";
        string[] documents =
        [
            string.Concat(Enumerable.Repeat("{a", deep)),
            "{a(b:" + new string('[', deep),
            "{a(b:" + string.Concat(Enumerable.Repeat("{c:", deep / 2)),
            "query($a:" + new string('[', deep),
            "{" + string.Concat(Enumerable.Range(0, 400).Select(i => $"a{i}:__typename ")) + "}",
            "{__typename " + string.Concat(Enumerable.Repeat("@skip(if:false)", 500)) + "}",
            "{" + string.Concat(Enumerable.Repeat("__typename ", 5_000)) + "}",
            "{...f0}" + fan,
            "{leads{nodes" + string.Concat(Enumerable.Repeat("{submissions{nodes{lead", 10)) + "{id}" + new string('}', 32),
            "{__schema{types" + string.Concat(Enumerable.Repeat("{fields{type", 12)) + "{name}" + new string('}', 26),
        ];
        foreach (var document in documents)
        {
            var reply = await Ask(workspace, document, null, Modern);
            reply.Status.Should().Be(400, document[..60]);
        }
        (await Ask(workspace, "{__typename}")).Status.Should().Be(200);
    }

    [Fact]
    public async Task a_mutation_is_not_taken_by_get()
    {
        var workspace = await server.NewWorkspace();
        var reply = await workspace.Get("/graphql?query=" + Uri.EscapeDataString("mutation{createLead(input:{lastName:\"x\"}){lead{id}}}"));
        reply.Status.Should().Be(405);
        reply.Header("Allow").Should().Be("POST");
        (await workspace.All("/v1/leads")).Should().BeEmpty();
        (await workspace.Get("/graphql?query={__typename}")).Status.Should().Be(200);
    }
}
