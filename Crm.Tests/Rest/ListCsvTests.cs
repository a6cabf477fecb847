// Every list as a CSV file: the whole filter in one answer, by the rules of the list, safe in a spreadsheet, and whole or not at all.

using System.Text;
using System.Text.Json.Nodes;
using Crm.Api.Rest;
using Crm.Domain;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Rest;

[Collection(nameof(CrmServer))]
[OnEveryStore]
public sealed class ListCsvTests(CrmServer server)
{
    /// <summary>A file as whoever opens it reads it.</summary>
    sealed record Table(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string>> Rows)
    {
        public IEnumerable<string> Column(string title) => Rows.Select(row => row[At(title)]);

        public string this[int row, string title] => Rows[row][At(title)];

        int At(string title)
        {
            Titles.Should().Contain(title);
            return Titles.ToList().IndexOf(title);
        }

        public static Table Of(Reply reply)
        {
            reply.Status.Should().Be(200, reply.Text);
            reply.Header("Content-Type").Should().Be("text/csv; charset=utf-8");
            var rows = Read(reply.Text.TrimStart('\uFEFF'));
            rows.Should().OnlyContain(row => row.Count == rows[0].Count, "each row has a cell for each column");
            return new(rows[0], rows[1..]);
        }

        /// <summary>RFC 4180, to the letter.</summary>
        static List<List<string>> Read(string text)
        {
            var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
            for (var i = 0; i < text.Length; i++)
                if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                    cell.Append(text[i++]);
                else if (text[i] == '"')
                    quoted = !quoted;
                else if (!quoted && text[i] == ',')
                    Next();
                else if (!quoted && text[i] == '\r' && text[i + 1] == '\n')
                {
                    i++;
                    Next();
                    rows.Add(row);
                    row = [];
                }
                else
                    cell.Append(text[i]);
            (quoted, cell.Length, row.Count).Should().Be((false, 0, 0), "the last line ends as the others do");
            return rows;

            void Next()
            {
                row.Add(cell.ToString());
                cell.Clear();
            }
        }
    }

    static async Task<Table> Csv(TestWorkspace workspace, string path) =>
        Table.Of(await workspace.SendPlain(HttpMethod.Get, path + (path.Contains('?') ? "&" : "?") + "format=csv", null));

    [Fact]
    public async Task every_list_of_the_catalog_is_a_file_of_the_same_records_in_the_same_order()
    {
        var workspace = await server.NewWorkspace();
        var samples = new Samples(workspace, CrmCatalog.Standard);
        foreach (var entry in CrmCatalog.Standard.Public.Where(entry => entry.Type.Can.HasFlag(Operations.Read)))
        {
            // Without an order events are the feed.
            var path = $"/v1/{entry.Type.Plural}{(entry.Type.Plural == "events" ? "?sort=-createdAt" : "")}";
            if (entry.Type.Can.HasFlag(Operations.Create) && entry.Create is null)
                await samples.Make(entry);
            var asked = await workspace.SendPlain(HttpMethod.Get, path, null, ("Accept", "text/csv"));
            var file = Table.Of(asked);
            file.Titles.Should().OnlyHaveUniqueItems(path);
            file.Titles[0].Should().Be("id");
            file.Titles.Should().Contain(["createdAt", "updatedAt", "version"]);
            asked
                .Header("Content-Disposition")
                .Should()
                .MatchRegex($"^attachment; filename=\"{entry.Type.Plural}-\\d{{4}}-\\d\\d-\\d\\d\\.csv\"$");
            asked.Header("Vary").Should().Contain("Accept");
            var ids = (await workspace.All(path)).Select(row => row["id"]!.ToString()).ToList();
            // What is recorded meanwhile comes first in both.
            ids.TakeLast(file.Rows.Count).Should().Equal(file.Column("id"), path);
        }
        var lead = (await workspace.All("/v1/leads"))[^1]["id"];
        (await Csv(workspace, $"/v1/leads/{lead}/timeline")).Column("type").Should().Contain("lead.created");
    }

    [Fact]
    public async Task a_file_has_what_was_filtered_and_sorted_a_cell_for_each_value_and_amounts_as_people_write_them()
    {
        var workspace = await server.NewWorkspace();
        foreach (var (name, kind) in new[] { ("budget", "number"), ("colours", "choices") })
            (
                await workspace.Post(
                    "/v1/custom-fields",
                    kind == "number"
                        ? new
                        {
                            @for = "lead",
                            name,
                            kind,
                            label = name,
                        }
                        : new
                        {
                            @for = "lead",
                            name,
                            kind,
                            label = name,
                            choices = new[] { "red", "blue" },
                        }
                )
            ).Status.Should().Be(201);
        var owner = (await workspace.Post("/v1/members", new { name = "Bia, \"the\" boss", email = "bia@silva.example.org" }))["id"];
        for (var i = 0; i < 60; i++)
            (
                await workspace.Post(
                    "/v1/leads",
                    new
                    {
                        lastName = $"Silva {i:00}",
                        emails = new[]
                        {
                            new { address = $"b{i}@x.example.org", primary = false },
                            new { address = $"a{i}@x.example.org", primary = true },
                        },
                        phone = $"+551191234{i:0000}",
                        owner = i % 2 == 0 ? owner : null,
                        tags = new[] { "fair", "roof" },
                        address = new { city = "São Paulo" },
                        custom = new { budget = i + 0.5, colours = new[] { "red", "blue" } },
                    }
                )
            ).Status.Should().Be(201);

        var file = await Csv(workspace, "/v1/leads?owner[exists]=true&sort=-lastName");

        file.Column("lastName").Should().Equal(Enumerable.Range(0, 30).Select(i => $"Silva {58 - 2 * i:00}"));
        var row = 0;
        (file[row, "email"], file[row, "emails"], file[row, "phone"])
            .Should()
            .Be(("a58@x.example.org", "b58@x.example.org; a58@x.example.org", "+5511912340058"));
        (file[row, "owner"], file[row, "owner.name"]).Should().Be((owner!.ToString(), "Bia, \"the\" boss"));
        (file[row, "tags"], file[row, "address.city"], file[row, "address.line1"]).Should().Be(("fair; roof", "São Paulo", ""));
        (file[row, "custom.budget"], file[row, "custom.colours"], file[row, "version"]).Should().Be(("58.5", "red; blue", "1"));
        DateTimeOffset
            .Parse(file[row, "createdAt"], System.Globalization.CultureInfo.InvariantCulture)
            .Should()
            .BeAfter(TimeProvider.System.GetUtcNow().AddHours(-1));

        var some = await Csv(workspace, "/v1/leads?fields=tags,lastName&q=silva&limit=60");
        (some.Titles, some.Rows.Count).Should().BeEquivalentTo((new[] { "id", "tags", "lastName" }, 60));

        // Amounts by their currency's own digits.
        var customer = (await workspace.Post("/v1/customers", new { lastName = "Silva" }))["id"];
        foreach (var (amount, currency) in new[] { (1250, "EUR"), (1250, "JPY"), (1250, "KWD"), (5, "EUR") })
            (await workspace.Post("/v1/purchases", new { customer, total = new { amount, currency } })).Status.Should().Be(201);
        var purchases = await Csv(workspace, "/v1/purchases?sort=createdAt");
        purchases
            .Column("total")
            .Zip(purchases.Column("total.currency"))
            .Should()
            .Equal(("12.50", "EUR"), ("1250", "JPY"), ("1.250", "KWD"), ("0.05", "EUR"));
        purchases.Column("customer.name").Should().OnlyContain(name => name == "Silva");
    }

    [Fact]
    public async Task no_spreadsheet_runs_a_cell_and_programs_may_have_it_as_it_is()
    {
        var workspace = await server.NewWorkspace();
        string[] texts = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "＝1", "a;=1+1", "a\",\"=1+1", "-5", "plain"];
        for (var i = 0; i < texts.Length; i++)
            (await workspace.Post("/v1/leads", new { company = texts[i], phone = $"+551191234567{i}" })).Status.Should().Be(201);

        var file = await Csv(workspace, "/v1/leads?sort=createdAt&fields=company,phones");
        file.Column("company").Should().Equal("'=1+1", "'+1+1", "'-1+1", "'@SUM(A1)", "'＝1", "a;'=1+1", "a\",\"'=1+1", "'-5", "plain");
        file.Column("phone")
            .Should()
            .Equal(Enumerable.Range(0, texts.Length).Select(i => $"+551191234567{i}"), "a number of digits runs nothing");
        var raw = await workspace.SendPlain(HttpMethod.Get, "/v1/leads?sort=createdAt&fields=company&format=csv&raw=true&bom=false", null);
        Table.Of(raw).Column("company").Should().StartWith(["=1+1", "+1+1", "-1+1"]);

        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/leads?format=csv");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + workspace.Key);
        using var answer = await server.Http.SendAsync(request);
        (await answer.Content.ReadAsByteArrayAsync())[..3].Should().Equal(0xEF, 0xBB, 0xBF);
        raw.Text[0].Should().Be('i', "a program need not know the mark");
    }

    [Fact]
    public async Task what_a_file_has_not_says_its_last_line_and_where_the_list_goes_on()
    {
        var workspace = await server.NewWorkspace();
        for (var i = 0; i < 5; i++)
            (await workspace.Post("/v1/campaigns", new { name = $"C{i}" })).Status.Should().Be(201);
        var found = new List<string>();
        var (after, files) = ("", 0);
        do
        {
            var file = await Csv(workspace, $"/v1/campaigns?sort=name&limit=2{after}");
            var last = file.Rows[^1];
            var goesOn = last[0].StartsWith("This file has 2 rows, and there are more.", StringComparison.Ordinal);
            found.AddRange((goesOn ? file.Rows.SkipLast(1) : file.Rows).Select(row => row[file.Titles.ToList().IndexOf("name")]));
            if (goesOn)
                last.Skip(1).Should().OnlyContain(cell => cell == "");
            after = goesOn ? "&" + last[0].Split("ask for the next ones with ")[1] : "";
            files++;
        } while (after.Length > 0);
        (files, string.Join(' ', found)).Should().Be((3, "C0 C1 C2 C3 C4"));
        (await Csv(workspace, "/v1/campaigns?limit=5")).Rows.Should().HaveCount(5, "nothing is missing");
        ListCsv.MostRows.Should().Be(50_000);
    }

    [Fact]
    public async Task a_file_is_larger_than_any_page()
    {
        var workspace = await server.NewWorkspace();
        var installation = server.Services.GetRequiredService<Installation>();
        var settings = await installation.Settings.Workspace(await workspace.StoreKey(installation), default);
        const int Leads = 9;
        for (var i = 0; i < Leads; i++)
        {
            var work = new UnitOfWork(installation, settings, "system");
            work.Insert(new Lead { LastName = $"Silva {i}", Message = new string((char)('a' + i), 1_000_000) });
            (await work.Commit(default)).Committed.Should().BeTrue();
        }
        (await workspace.Get("/v1/leads?limit=200")).Data.Count.Should().BeLessThan(Leads, "a page ends at 8 MiB");

        var file = await Csv(workspace, "/v1/leads?sort=createdAt");

        file.Column("message")
            .Select(text => (text[0], text.Length))
            .Should()
            .Equal(Enumerable.Range(0, Leads).Select(i => ((char)('a' + i), 1_000_000)));
    }

    [Fact]
    public async Task what_a_key_may_not_read_has_no_column_no_cell_and_no_name()
    {
        var workspace = await server.NewWorkspace();
        var owner = (await workspace.Post("/v1/members", new { name = "Canary Bia", email = "bia@silva.example.org" }))["id"];
        (await workspace.Post("/v1/leads", new { lastName = "Silva", owner })).Status.Should().Be(201);
        async Task<TestWorkspace> Key(params string[] scopes) =>
            workspace.With((await workspace.Post("/v1/api-keys", new { name = "Some", scopes }))["key"]!.ToString());

        var leads = await Key("leads:read");
        var file = await Csv(leads, "/v1/leads");
        (file[0, "owner"], file[0, "owner.name"]).Should().Be((owner!.ToString(), ""), "it may not read members");
        (await (await Key("members:read")).SendPlain(HttpMethod.Get, "/v1/leads?format=csv", null)).Code.Should().Be("insufficient_scope");

        // Of events whose records a key may not read it has as much as in the list.
        var events = await Key("events:read");
        var (rows, cells) = (await events.All("/v1/events?sort=-createdAt"), await Csv(events, "/v1/events"));
        foreach (var (row, i) in rows.TakeLast(cells.Rows.Count).Select((row, i) => (row, i)))
        foreach (var member in new[] { "data", "changes", "subject", "type" })
            (cells[i, member].Length > 0).Should().Be(row[member] is not null, $"{member} of {row.ToJsonString()}");

        var stranger = await server.NewWorkspace();
        (await Csv(stranger, "/v1/leads")).Rows.Should().BeEmpty();
    }

    [Theory]
    [InlineData("format=xml", "format:invalid")]
    [InlineData("bom=false", "bom:invalid")]
    [InlineData("raw=true", "raw:invalid")]
    [InlineData("format=json&raw=true", "raw:invalid")]
    [InlineData("format=csv&raw=1", "raw:invalid")]
    [InlineData("format=csv&limit=0", "limit:out_of_range")]
    [InlineData("format=csv&limit=50001", "limit:out_of_range")]
    [InlineData("limit=201", "limit:out_of_range")]
    [InlineData("format=csv&nosuch=1", "nosuch:unknown")]
    [InlineData("format=csv&fields=nosuch", "fields:unknown")]
    [InlineData("format=csv&after=x", "after:invalid_cursor")]
    public async Task a_question_that_is_wrong_is_a_problem_and_no_file(string query, string error)
    {
        var reply = await (await server.NewWorkspace()).SendPlain(HttpMethod.Get, "/v1/leads?" + query, null);
        (reply.Status, reply.Header("Content-Type")).Should().Be((400, "application/problem+json"));
        reply.Errors.Should().Equal(error);
        reply.Header("Content-Disposition").Should().BeNull();
    }

    [Theory]
    [InlineData("text/csv", true)]
    [InlineData("text/*", true)]
    [InlineData("text/csv, application/json", true)]
    [InlineData("application/json, text/csv", false)]
    [InlineData("application/json;q=0.5, text/csv", true)]
    [InlineData("application/json, text/csv;q=0.9", false)]
    [InlineData("text/csv;q=0, */*", false)]
    [InlineData("*/*", false)]
    [InlineData("", false)]
    public async Task who_accepts_both_has_what_is_wanted_most(string accept, bool csv)
    {
        var reply = await (await server.NewWorkspace()).SendPlain(HttpMethod.Get, "/v1/leads", null, ("Accept", accept));
        (reply.Status, reply.Header("Content-Type")!.StartsWith("text/csv", StringComparison.Ordinal)).Should().Be((200, csv));
        (await (await server.NewWorkspace()).SendPlain(HttpMethod.Get, "/v1/leads?format=json", null, ("Accept", "text/csv")))
            .Json.Should()
            .NotBeNull();
    }

    [Fact]
    public async Task a_head_of_a_file_says_what_it_would_be()
    {
        var reply = await (await server.NewWorkspace()).SendPlain(HttpMethod.Head, "/v1/leads?format=csv", null);
        (reply.Status, reply.Text, reply.Header("Content-Type")).Should().Be((200, "", "text/csv; charset=utf-8"));
        reply.Header("Content-Disposition").Should().StartWith("attachment; filename=\"leads-");
    }
}
