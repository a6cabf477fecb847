// Lists over REST: pages without gaps or repeats, every filter operator on every kind of field, search, and what is refused with which
// words.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Crm.Api.Rest;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace Crm.Tests.Rest;

/// <summary>A workspace with thirty leads that differ in every filterable way; nobody changes them.</summary>
public class ThirtyLeads(CrmServer server) : IAsyncLifetime
{
    public static readonly string[] OddCompanies =
    [
        "100% sure",
        "under_score",
        "O'Neil & Sons",
        "say \"hi\"",
        "back\\slash",
        "cash$",
        "dot.com",
        "dotXcom",
        "star*",
        "{brace}",
        "(paren)",
        "semi;colon",
        "--dash",
        "<b>",
        "100 sure",
        "underXscore",
    ];

    public TestWorkspace Workspace { get; private set; } = null!;
    public List<JsonNode> Rows { get; private set; } = null!;
    public string Bia { get; private set; } = null!;
    public string Caio { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        server.IsKept = true; // These leads are read by every test of the class.
        Workspace = await server.NewWorkspace();
        await RecordTests.CustomFieldsOfEveryKind(Workspace);
        Bia = (await Workspace.Post("/v1/members", new { name = "Bia", email = "bia@example.org" }))["id"]!.GetValue<string>();
        Caio = (await Workspace.Post("/v1/members", new { name = "Caio", email = "caio@example.org" }))["id"]!.GetValue<string>();
        string?[] lastNames = ["Silva", "Costa", null, "silva", "Ávila", "Zé", null, "Álvares", "Costa", "日本"];
        string[] statuses = ["new", "working", "qualified", "unqualified", "qualified"];
        for (var i = 0; i < 30; i++)
        {
            var custom = new JsonObject();
            if (i % 3 != 0)
                custom["integer"] = (i * 37 % 11 - 5) * 100;
            if (i % 4 != 0)
                custom["number"] = (i % 5) + 0.25m;
            if (i % 2 == 0)
                custom["boolean"] = i % 4 == 0;
            if (i % 5 != 0)
                custom["text"] = i % 2 == 0 ? "Nice" : $"Word {i % 7}";
            if (i % 3 == 1)
                custom["choice"] = i % 2 == 0 ? "gold" : "silver";
            if (i % 3 == 2)
                custom["choices"] = i % 2 == 0 ? new JsonArray("a", "b") : new JsonArray("b", "c");
            if (i % 2 == 1)
                custom["date"] = $"2026-0{1 + i % 9}-15";
            if (i % 7 == 1)
                custom["dateTime"] = $"2026-01-0{1 + i % 5}T00:00:00.000Z";
            if (i % 6 == 1)
                custom["email"] = $"Alt{i}@Bücher.example";
            if (i % 6 == 2)
                custom["phone"] = $"+55119{50_000_000 + i}";
            if (i % 6 == 3)
                custom["url"] = $"https://Example.org/{i}";
            var made = await Workspace.Post(
                "/v1/leads",
                new
                {
                    firstName = i % 2 == 0 ? "Ana" : "João",
                    lastName = lastNames[i % 10],
                    company = i < OddCompanies.Length ? OddCompanies[i]
                    : i < 24 ? null
                    : "Silva Ltda",
                    email = i % 4 == 3 ? null : $"Person{i}@x{i % 3}.example.org",
                    phone = i % 5 == 0 ? $"+55119{40_000_000 + i}" : null,
                    status = statuses[i % 5],
                    score = i * 7 % 10 - 3,
                    owner = i % 3 == 0 ? Bia
                    : i % 3 == 1 ? Caio
                    : null,
                    tags = i % 3 == 0 ? ["fair", $"t{i % 2}"]
                    : i % 3 == 1 ? new[] { "Web" }
                    : [],
                    address = i % 2 == 0 ? new { city = i % 4 == 0 ? "São Paulo" : "Rio", country = i % 4 == 0 ? "BR" : "PT" } : null,
                    custom,
                }
            );
            made.Status.Should().Be(201, made.Text);
        }
        Rows = await Workspace.All("/v1/leads?sort=createdAt");
        Rows.Should().HaveCount(30);
    }

    public Task DisposeAsync()
    {
        server.IsKept = false;
        return Task.CompletedTask;
    }
}

[Collection(nameof(CrmServer))]
public sealed class ListTests(CrmServer server, ThirtyLeads leads) : Lists(server, leads), IClassFixture<ThirtyLeads>;

/// <summary>The tests, whichever wire the server's tests speak.</summary>
public abstract class Lists(CrmServer server, ThirtyLeads leads)
{
    TestWorkspace Workspace => leads.Workspace;

    static string Url(string name, string value) => $"/v1/leads?{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}";

    static string Id(JsonNode row) => row["id"]!.GetValue<string>();

    // ---- Pages and order

    [Theory]
    [InlineData("")]
    [InlineData("createdAt")]
    [InlineData("-createdAt")]
    [InlineData("lastName")]
    [InlineData("-lastName")]
    [InlineData("score")]
    [InlineData("-score,lastName")]
    [InlineData("lastName,-score,createdAt")]
    [InlineData("custom.integer")]
    [InlineData("-custom.integer")]
    [InlineData("custom.text,-custom.integer")]
    [InlineData("-custom.number,custom.date")]
    [InlineData("updatedAt")]
    [InlineData("-updatedAt,score")]
    public async Task pages_follow_each_other_without_gap_or_repeat(string sort)
    {
        var expected = Ordered(sort).Select(Id).ToList();
        foreach (var limit in new[] { 1, 7, 200 })
        {
            var ids = new List<string>();
            var url = $"/v1/leads?limit={limit}" + (sort.Length == 0 ? "" : "&sort=" + sort);
            while (true)
            {
                var page = await Workspace.Get(url);
                page.Status.Should().Be(200, page.Text);
                ids.AddRange(page.Data.Select(r => Id(r!)));
                var more = page["page"]!["hasMore"]!.GetValue<bool>();
                more.Should().Be(ids.Count < 30);
                if (!more)
                {
                    page["page"]!["next"].Should().BeNull();
                    page.Header("Link").Should().BeNull();
                    break;
                }
                page.Data.Should().HaveCount(limit);
                page.Header("Link").Should().EndWith("; rel=\"next\"").And.Contain("after=" + page["page"]!["next"]);
                url = new Uri(page.Header("Link")!.Split('<', '>')[1]).PathAndQuery;
            }
            ids.Should().Equal(expected, $"sort={sort} limit={limit}");
        }
    }

    /// <summary>The rows in the promised order: missing values first when ascending, texts by their lower case, the id decides the
    /// rest.</summary>
    List<JsonNode> Ordered(string sort)
    {
        var parts = sort.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0)
            parts = ["-createdAt"];
        var rows = leads.Rows.ToList();
        rows.Sort(
            (a, b) =>
            {
                foreach (var part in parts)
                {
                    var descending = part[0] == '-';
                    var name = part.TrimStart('-');
                    var compared = name == "createdAt" ? string.CompareOrdinal(Id(a), Id(b)) : Compare(At(a, name), At(b, name));
                    if (compared != 0)
                        return descending ? -compared : compared;
                }
                return parts[^1][0] == '-' ? string.CompareOrdinal(Id(b), Id(a)) : string.CompareOrdinal(Id(a), Id(b));
            }
        );
        return rows;
    }

    static int Compare(JsonNode? a, JsonNode? b) =>
        (a, b) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            _ when a.GetValueKind() == JsonValueKind.Number => a.GetValue<decimal>().CompareTo(b.GetValue<decimal>()),
            _ => string.CompareOrdinal(Fold(a), Fold(b)),
        };

    static JsonNode? At(JsonNode row, string path) => path.Split('.').Aggregate((JsonNode?)row, (at, name) => at?[name]);

    static string Fold(JsonNode? text) => text!.GetValue<string>().ToLowerInvariant();

    [Fact]
    public async Task rows_that_come_in_between_two_pages_move_nothing()
    {
        var workspace = await server.NewWorkspace();
        for (var i = 0; i < 6; i++)
            await workspace.Post("/v1/leads", new { lastName = $"B{i}" });
        foreach (var sort in new[] { "-createdAt", "createdAt", "lastName", "-lastName" })
        {
            var before = (await workspace.All("/v1/leads")).Select(Id).ToHashSet();
            var seen = new List<string>();
            string? after = null;
            do
            {
                var page = await workspace.Get($"/v1/leads?limit=2&sort={sort}" + (after is null ? "" : "&after=" + after));
                seen.AddRange(page.Data.Select(r => Id(r!)));
                after = page["page"]!["next"]?.GetValue<string>();
                if (seen.Count < 8)
                    await workspace.Post("/v1/leads", new { lastName = seen.Count % 4 == 0 ? "A" : "C" });
            } while (after is not null);
            seen.Should().OnlyHaveUniqueItems(sort);
            before.Except(seen).Should().BeEmpty(sort);
        }
    }

    [Fact]
    public async Task a_cursor_goes_on_where_its_row_was_even_when_the_row_is_gone()
    {
        var workspace = await server.NewWorkspace();
        foreach (var name in new[] { "A", "B", "C" })
            await workspace.Post("/v1/leads", new { lastName = name });
        var first = await workspace.Get("/v1/leads?sort=lastName&limit=2");
        await workspace.Delete($"/v1/leads/{first.Data[1]!["id"]}");
        (await workspace.Get($"/v1/leads?sort=lastName&limit=2&after={first["page"]!["next"]}"))
            .Data.Select(r => r!["lastName"]!.ToString())
            .Should()
            .Equal("C");
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("200", 30)]
    [InlineData(null, 30)]
    [InlineData("0", null)]
    [InlineData("201", null)]
    [InlineData("-1", null)]
    [InlineData("+5", null)]
    [InlineData("1.5", null)]
    [InlineData("1e2", null)]
    [InlineData("ten", null)]
    [InlineData("", null)]
    [InlineData("99999999999999999999", null)]
    public async Task limit_is_a_number_from_1_to_200(string? limit, int? rows)
    {
        var page = await Workspace.Get(limit is null ? "/v1/leads" : Url("limit", limit));
        if (rows is not null)
            page.Data.Should().HaveCount(rows.Value);
        else
        {
            page.Status.Should().Be(400);
            page.Code.Should().Be("invalid_parameter");
            page.Errors.Should().Equal("limit:out_of_range");
        }
    }

    [Fact]
    public async Task a_page_has_fifty_rows_unless_asked_otherwise()
    {
        var workspace = await server.NewWorkspace();
        await Task.WhenAll(Enumerable.Range(0, 51).Select(i => workspace.Post("/v1/leads", new { lastName = $"L{i}" })));
        var page = await workspace.Get("/v1/leads");
        page.Data.Should().HaveCount(50);
        page["page"]!["hasMore"]!.GetValue<bool>().Should().BeTrue();
    }

    [Fact]
    public async Task head_answers_the_headers_of_get()
    {
        var get = await Workspace.Get("/v1/leads?limit=3");
        var head = await Workspace.Send(HttpMethod.Head, "/v1/leads?limit=3", null);
        if (server.Wire is not null)
            return; // HEAD is REST's.
        head.Status.Should().Be(200);
        head.Text.Should().BeEmpty();
        foreach (var name in new[] { "Content-Type", "Content-Length", "Link", "Cache-Control" })
            head.Header(name).Should().Be(get.Header(name), name);
        (await Workspace.Send(HttpMethod.Head, "/v1/leads?nosuch=1", null)).Status.Should().Be(400);
    }

    [Fact]
    public async Task fields_chooses_members_in_stored_order()
    {
        var page = await Workspace.Get("/v1/leads?limit=5&sort=createdAt&fields=score,lastName,custom,score");
        foreach (var (row, whole) in page.Data.Zip(leads.Rows))
        {
            row!.AsObject().Select(m => m.Key).Should().Equal("id", "lastName", "score", "custom");
            Samples.Covers(whole, row).Should().BeTrue();
        }
        (await Workspace.Get("/v1/leads?limit=1&fields=")).Data[0]!.AsObject().Count.Should().Be(leads.Rows[0].AsObject().Count);
        var unknown = await Workspace.Get("/v1/leads?fields=lastName,nosuch,emails.address");
        unknown.Code.Should().Be("unknown_parameter");
        unknown.Errors.Should().Equal("fields:unknown", "fields:unknown");
        unknown["detail"]!.GetValue<string>().Should().Contain("'nosuch'").And.Contain("lastName, emails");
    }

    [Fact]
    public async Task the_link_keeps_every_parameter_and_goes_to_the_address_that_was_asked()
    {
        var page = await Workspace.Get("/v1/leads?limit=2&company[ne]=a%26b%3D%22c%22&tags=fair&tags=Web&fields=lastName");
        var link = new Uri(page.Header("Link")!.Split('<', '>')[1]);
        link.GetLeftPart(UriPartial.Authority).Should().Be(server.Address.GetLeftPart(UriPartial.Authority));
        var query = QueryHelpers.ParseQuery(link.Query);
        query["company[ne]"].ToString().Should().Be("a&b=\"c\"");
        query["tags"].ToArray().Should().Equal("fair", "Web");
        (await Workspace.Get(link.PathAndQuery)).Status.Should().Be(200);
    }

    // ---- Filters

    sealed record Case(string Name, string Value, Func<JsonNode, bool> Matches);

    IEnumerable<Case> Cases()
    {
        Func<JsonNode, string?> Text(string path) => row => At(row, path) is { } value ? Fold(value) : null;
        Func<JsonNode, decimal?> Number(string path) => row => At(row, path)?.GetValue<decimal>();
        Func<JsonNode, string[]> Many(string path) => row => [.. (At(row, path)?.AsArray() ?? []).Select(Fold)];
        Func<JsonNode, string[]> Emails() => row => [.. row["emails"]!.AsArray().Select(e => Fold(e!["address"]))];
        Func<JsonNode, string[]> Phones() => row => [.. row["phones"]!.AsArray().Select(e => Fold(e!["number"]))];

        foreach (
            var (path, value, part, prefix) in new[]
            {
                ("company", "SILVA ltda", "SIL", "silv"),
                ("firstName", "joão", "OÃ", "jo"),
                ("lastName", "Costa", "il", "á"),
                ("address.city", "são paulo", "o p", "Rí"),
                ("custom.text", "NICE", "or", "word"),
                ("jobTitle", "x", "x", "x"),
                ("custom.url", "https://example.org/3", "EXAMPLE", "HTTPS://e"),
                ("address.country", "br", "R", "B"),
                ("custom.phone", "+5511950000002", "1195", "+55"),
            }
        )
        {
            var text = Text(path);
            var key = value.ToLowerInvariant();
            yield return new(path, value, r => text(r) == key);
            yield return new($"{path}[eq]", value, r => text(r) == key);
            yield return new($"{path}[ne]", value, r => text(r) != key);
            yield return new($"{path}[gt]", value, r => text(r) is { } t && string.CompareOrdinal(t, key) > 0);
            yield return new($"{path}[gte]", value, r => text(r) is { } t && string.CompareOrdinal(t, key) >= 0);
            yield return new($"{path}[lt]", value, r => text(r) is { } t && string.CompareOrdinal(t, key) < 0);
            yield return new($"{path}[lte]", value, r => text(r) is { } t && string.CompareOrdinal(t, key) <= 0);
            yield return new($"{path}[contains]", part, r => text(r)?.Contains(part.ToLowerInvariant(), StringComparison.Ordinal) == true);
            yield return new($"{path}[startsWith]", prefix, r =>
                text(r)?.StartsWith(prefix.ToLowerInvariant(), StringComparison.Ordinal) == true
            );
            yield return new($"{path}[exists]", "true", r => text(r) is not null);
            yield return new($"{path}[exists]", "false", r => text(r) is null);
            yield return new($"{path}[in]", $"{value}", r => text(r) == key);
            yield return new($"{path}[nin]", $"{value}", r => text(r) != key);
        }
        foreach (
            var (path, value, other) in new[] { ("score", "2", "-1"), ("custom.integer", "100", "-300"), ("custom.number", "2.25", "4.25") }
        )
        {
            var number = Number(path);
            var (n, o) = (decimal.Parse(value, CultureInfo.InvariantCulture), decimal.Parse(other, CultureInfo.InvariantCulture));
            yield return new(path, value, r => number(r) == n);
            yield return new($"{path}[ne]", value, r => number(r) != n);
            yield return new($"{path}[gt]", value, r => number(r) > n);
            yield return new($"{path}[gte]", value, r => number(r) >= n);
            yield return new($"{path}[lt]", value, r => number(r) < n);
            yield return new($"{path}[lte]", value, r => number(r) <= n);
            yield return new($"{path}[in]", $"{value}, {other}", r => number(r) == n || number(r) == o);
            yield return new($"{path}[nin]", $"{value},{other}", r => number(r) != n && number(r) != o);
            yield return new($"{path}[exists]", "true", r => number(r) is not null);
        }
        bool? Flag(JsonNode r) => At(r, "custom.boolean")?.GetValue<bool>();
        yield return new("custom.boolean", "true", r => Flag(r) == true);
        yield return new("custom.boolean", "false", r => Flag(r) == false);
        yield return new("custom.boolean[ne]", "true", r => Flag(r) != true);
        yield return new("custom.boolean[in]", "true,false", r => Flag(r) is not null);
        yield return new("custom.boolean[exists]", "false", r => Flag(r) is null);
        foreach (
            var (path, value, other) in new[]
            {
                ("status", "new", "qualified"),
                ("owner", leads.Bia, leads.Caio),
                ("custom.choice", "gold", "silver"),
            }
        )
        {
            var word = Text(path);
            yield return new(path, value, r => word(r) == value);
            yield return new($"{path}[ne]", value, r => word(r) != value);
            yield return new($"{path}[in]", $"{value},{other}", r => word(r) == value || word(r) == other);
            yield return new($"{path}[nin]", $"{value},{other}", r => word(r) != value && word(r) != other);
            yield return new($"{path}[exists]", "true", r => word(r) is not null);
            yield return new($"{path}[exists]", "false", r => word(r) is null);
        }
        foreach (
            var (path, many, value, other, part, prefix) in new[]
            {
                ("tags", Many("tags"), "FAIR", "web", "ai", "we"),
                ("custom.choices", Many("custom.choices"), "b", "a", "", ""),
                ("email", Emails(), "PERSON2@x2.example.org", "person0@x0.example.org", "X1.EX", "Person1"),
                ("phone", Phones(), "+5511940000005", "+5511940000010", "4000001", "+5511"),
            }
        )
        {
            yield return new(path, value, r => many(r).Contains(value.ToLowerInvariant()));
            yield return new($"{path}[ne]", value, r => !many(r).Contains(value.ToLowerInvariant()));
            yield return new($"{path}[in]", $"{value},{other}", r => many(r).Contains(value.ToLowerInvariant()) || many(r).Contains(other));
            yield return new($"{path}[nin]", $"{value},{other}", r =>
                !many(r).Contains(value.ToLowerInvariant()) && !many(r).Contains(other)
            );
            yield return new($"{path}[exists]", "true", r => many(r).Length > 0);
            yield return new($"{path}[exists]", "false", r => many(r).Length == 0);
            if (part.Length > 0)
            {
                yield return new($"{path}[contains]", part, r =>
                    many(r).Any(v => v.Contains(part.ToLowerInvariant(), StringComparison.Ordinal))
                );
                yield return new($"{path}[startsWith]", prefix, r =>
                    many(r).Any(v => v.StartsWith(prefix.ToLowerInvariant(), StringComparison.Ordinal))
                );
            }
        }
        yield return new("phone", "(11) 94000-0005", r => Phones()(r).Contains("+5511940000005"));
        yield return new("custom.email", "alt7@bücher.EXAMPLE", r => Text("custom.email")(r) == "alt7@bücher.example");
        yield return new("custom.email[contains]", "BÜCHER", r => Text("custom.email")(r) is not null);
        var date = Text("custom.date");
        yield return new("custom.date", "2026-04-15", r => date(r) == "2026-04-15");
        yield return new("custom.date[gte]", "2026-05-01", r => string.CompareOrdinal(date(r), "2026-05") > 0);
        yield return new("custom.date[lt]", "2026-05-01", r => date(r) is { } d && string.CompareOrdinal(d, "2026-05") < 0);
        yield return new("custom.dateTime[gte]", "2026-01-03T01:00:00+01:00", r =>
            string.CompareOrdinal(Text("custom.dateTime")(r), "2026-01-03t00:00:00.000z") >= 0
        );
        foreach (var path in new[] { "createdAt", "updatedAt" })
        {
            var at = leads.Rows[11][path]!.GetValue<string>();
            int Time(JsonNode r) => string.CompareOrdinal(r[path]!.GetValue<string>(), at);
            yield return new(path, at, r => Time(r) == 0);
            yield return new($"{path}[ne]", at, r => Time(r) != 0);
            yield return new($"{path}[gt]", at, r => Time(r) > 0);
            yield return new($"{path}[gte]", at, r => Time(r) >= 0);
            yield return new($"{path}[lt]", at, r => Time(r) < 0);
            yield return new($"{path}[lte]", at, r => Time(r) <= 0);
            yield return new(
                $"{path}[lte]",
                DateTimeOffset.Parse(at, CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(5)).ToString("o"),
                r => Time(r) <= 0
            );
        }
        yield return new("createdAt[gt]", "9999-12-31T23:59:59.999Z", _ => false);
        yield return new("createdAt[lte]", "9999-12-31T23:59:59.999Z", _ => true);
        yield return new("createdAt[lt]", "0001-01-01T00:00:00Z", _ => false);
        yield return new("createdAt[gte]", "1969-12-31T23:59:59Z", _ => true);
        yield return new("createdAt[lt]", "2026-01-01", _ => false);
        foreach (var c in "%_'\"\\$.*{(;-<&")
        {
            yield return new("company[contains]", c.ToString(), r => Text("company")(r)?.Contains(c) == true);
            yield return new("company[startsWith]", $"back{c}", r =>
                Text("company")(r)?.StartsWith($"back{c}", StringComparison.Ordinal) == true
            );
            yield return new("tags[contains]", c.ToString(), _ => false);
        }
        foreach (var company in ThirtyLeads.OddCompanies)
            yield return new("company", company, r => Text("company")(r) == company.ToLowerInvariant());
    }

    [Fact]
    public async Task every_operator_finds_exactly_the_rows_it_describes()
    {
        var wrong = new List<string>();
        var found = 0;
        foreach (var test in Cases())
        {
            var page = await Workspace.Get(Url(test.Name, test.Value) + "&limit=200&sort=createdAt");
            var expected = leads.Rows.Where(test.Matches).Select(Id).ToList();
            if (page.Status != 200)
                wrong.Add($"{test.Name}={test.Value}: {page.Text}");
            else if (!page.Data.Select(r => Id(r!)).SequenceEqual(expected))
                wrong.Add($"{test.Name}={test.Value}: {page.Data.Count} rows instead of {expected.Count}");
            if (expected.Count is > 0 and < 30)
                found++;
        }
        wrong.Should().BeEmpty();
        found.Should().BeGreaterThan(150, "most cases must tell some rows from others");
    }

    [Fact]
    public async Task filters_are_all_asked_at_once_and_hold_with_every_sort()
    {
        var expected = leads
            .Rows.Where(r => r["status"]!.GetValue<string>() is "new" or "working")
            .Where(r => r["score"]!.GetValue<long>() >= 0 && At(r, "custom.integer")?.GetValue<long>() < 200)
            .Select(Id)
            .ToList();
        expected.Should().NotBeEmpty();
        foreach (var sort in new[] { "createdAt", "-score", "lastName", "custom.integer", "-custom.text" })
            (await Workspace.All($"/v1/leads?score[gte]=0&status=new&status=working&custom.integer[lt]=200&sort={sort}"))
                .Select(Id)
                .Should()
                .BeEquivalentTo(expected, sort);
        (await Workspace.All("/v1/leads?score[gte]=0&score[lt]=3"))
            .Should()
            .OnlyContain(r => r["score"]!.GetValue<long>() >= 0 && r["score"]!.GetValue<long>() < 3)
            .And.NotBeEmpty();
    }

    [Theory]
    [InlineData("ana", "firstName", "Ana")]
    [InlineData("AN", "firstName", "Ana")]
    [InlineData("joao", "firstName", "João")]
    [InlineData("JOÃO", "firstName", "João")]
    [InlineData("avila", "lastName", "Ávila")]
    [InlineData("zé", "lastName", "Zé")]
    [InlineData("日", "lastName", "日本")]
    public async Task search_finds_the_beginnings_of_words_without_case_and_accents(string q, string field, string value)
    {
        var found = await Workspace.All(Url("q", q));
        found.Should().NotBeEmpty();
        found.Select(Id).Should().BeEquivalentTo(leads.Rows.Where(r => At(r, field)?.GetValue<string>() == value).Select(Id));
    }

    [Fact]
    public async Task search_finds_addresses_numbers_and_custom_texts_and_combines_words()
    {
        (await Workspace.All(Url("q", "person7@x1.example.org"))).Should().BeEmpty("that lead has no address");
        (await Workspace.All(Url("q", "person8@x2.example.org"))).Should().ContainSingle();
        (await Workspace.All(Url("q", "5511940000010"))).Should().ContainSingle();
        (await Workspace.All(Url("q", "nice")))
            .Should()
            .HaveCount(leads.Rows.Count(r => At(r, "custom.text")?.GetValue<string>() == "Nice"));
        (await Workspace.All(Url("q", "silva ana")))
            .Select(Id)
            .Should()
            .BeEquivalentTo(
                leads
                    .Rows.Where(r =>
                        r["firstName"]!.GetValue<string>() == "Ana"
                        && r.ToJsonString().Contains("silva", StringComparison.OrdinalIgnoreCase)
                    )
                    .Select(Id)
            );
        (await Workspace.All(Url("q", "ana") + "&status=new&sort=lastName"))
            .Should()
            .OnlyContain(r => r["status"]!.GetValue<string>() == "new")
            .And.NotBeEmpty();
        (await Workspace.All(Url("q", "lva"))).Should().BeEmpty("only beginnings of words count");
        (await Workspace.All(Url("q", "nobodyhasthis"))).Should().BeEmpty();
        foreach (
            var odd in new[]
            {
                "\"",
                "'",
                "*",
                "ana*",
                "ana OR joao",
                "NEAR(ana)",
                "-ana",
                "ana:*",
                "^ana",
                "%",
                "\\",
                "(",
                "ana\" OR \"joao",
                new string('a', 200),
            }
        )
            (await Workspace.Get(Url("q", odd))).Status.Should().Be(200, odd);
        (await Workspace.Get(Url("q", new string('a', 201)))).Errors.Should().Equal("q:too_long");
        (await Workspace.Get("/v1/leads?q=%00")).Errors.Should().Equal("q:nul_character");
        (await Workspace.Get("/v1/events?q=x")).Errors.Should().Equal("q:unknown");
    }

    [Fact]
    public async Task every_filter_and_every_sort_of_every_resource_finds_its_record()
    {
        var workspace = await server.NewWorkspace();
        var samples = new Samples(workspace, CrmCatalog.Standard);
        foreach (var entry in CrmCatalog.Standard.Public)
        {
            var (type, record) = (entry.Type, await samples.Make(entry));
            Domain.Stores.Id.TryParse(Id(record), type.Prefix, out var id).Should().BeTrue();
            var keys = type.ToDocument(type.FromRow(new(id, 1, JsonSerializer.SerializeToUtf8Bytes(record))))
                .Keys.ToLookup(k => k.Field, k => k.Value);
            foreach (var (name, field) in type.Filters)
            {
                foreach (var key in keys[name])
                {
                    var value = field.Kind.Name.StartsWith("dateTime", StringComparison.Ordinal)
                        ? DateTimeOffset.FromUnixTimeMilliseconds((long)key.Number).ToString("o")
                        : key.ToString();
                    var found = await workspace.Get($"/v1/{type.Plural}?{name}={Uri.EscapeDataString(value)}&limit=200");
                    found.Status.Should().Be(200, $"{type.Plural}?{name}={value}: {found.Text}");
                    found.Data.Select(r => Id(r!)).Should().Contain(Id(record), $"{type.Plural}?{name}={value}");
                    (await workspace.Get($"/v1/{type.Plural}?{name}[ne]={Uri.EscapeDataString(value)}&limit=200"))
                        .Data.Select(r => Id(r!))
                        .Should()
                        .NotContain(Id(record));
                }
                (await workspace.Get($"/v1/{type.Plural}?{name}[exists]={(keys[name].Any() ? "true" : "false")}&limit=200"))
                    .Data.Select(r => Id(r!))
                    .Should()
                    .Contain(Id(record), $"{type.Plural}.{name}");
            }
            foreach (var sort in ListQuery.Sortable(type, ReadContext.Nothing))
            foreach (var sign in new[] { "", "-" })
                (await workspace.Get($"/v1/{type.Plural}?sort={sign}{sort}&limit=200"))
                    .Data.Select(r => Id(r!))
                    .Should()
                    .Contain(Id(record), $"{type.Plural} by {sort}");
        }
    }

    // ---- What is refused

    [Theory]
    [InlineData("nosuch", "1", "nosuch:unknown", "status")]
    [InlineData("lastname", "Silva", "lastname:unknown", "lastName")]
    [InlineData("Limit", "5", "Limit:unknown", "limit")]
    [InlineData("emails", "x", "emails:unknown", "email")]
    [InlineData("provenance", "x", "provenance:unknown", "status")]
    [InlineData("custom.nosuch", "1", "custom.nosuch:unknown", "custom.integer")]
    [InlineData("custom.nosuch[gte]", "1", "custom.nosuch:unknown", "custom.integer")]
    [InlineData("custom", "1", "custom:unknown", "custom.integer")]
    [InlineData("company[like]", "x", "company[like]:unknown", "startsWith")]
    [InlineData("company[EQ]", "x", "company[EQ]:unknown", "eq, ne")]
    [InlineData("company[]", "x", "company[]:unknown", "eq, ne")]
    [InlineData("company[eq", "x", "company[eq:unknown", "company")]
    [InlineData("[eq]", "x", "[eq]:unknown", "company")]
    [InlineData("company[eq][eq]", "x", "company[eq][eq]:unknown", "eq, ne")]
    [InlineData("company' OR '1'='1", "x", "company' OR '1'='1:unknown", "company")]
    [InlineData("", "x", null, "company")]
    [InlineData("score[contains]", "1", "score[contains]:unknown", "text")]
    [InlineData("custom.integer[startsWith]", "1", "custom.integer[startsWith]:unknown", "text")]
    [InlineData("createdAt[in]", "2026-01-01T00:00:00Z", "createdAt[in]:unknown", "gte")]
    [InlineData("createdAt[exists]", "true", "createdAt[exists]:unknown", "gte")]
    [InlineData("sort", "nosuch", "sort:unknown", "lastName")]
    [InlineData("sort", "firstName", "sort:unknown", "lastName")]
    [InlineData("sort", "tags", "sort:unknown", "lastName")]
    [InlineData("sort", "email", "sort:unknown", "lastName")]
    [InlineData("sort", "custom.choices", "sort:unknown", "custom.integer")]
    [InlineData("sort", "lastName desc", "sort:unknown", "lastName")]
    [InlineData("sort", "lastName;DROP TABLE lead", "sort:unknown", "lastName")]
    [InlineData("fields", "nosuch", "fields:unknown", "lastName")]
    public async Task an_unknown_parameter_field_or_operator_is_named_and_what_is_allowed_is_listed(
        string name,
        string value,
        string? error,
        string allowed
    )
    {
        var refused = await Workspace.Get(Url(name, value));
        refused.Status.Should().Be(400, refused.Text);
        refused.Code.Should().Be("unknown_parameter");
        if (error is not null)
            refused.Errors.Should().Equal(error);
        refused["errors"]![0]!["message"]!.GetValue<string>().Should().Contain(allowed);
        refused["detail"]!.GetValue<string>().Should().Contain(refused["errors"]![0]!["message"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("score", "abc", "score:invalid_value")]
    [InlineData("score[gte]", "1.5", "score[gte]:invalid_value")]
    [InlineData("score[gte]", "99999999999999999999999", "score[gte]:invalid_value")]
    [InlineData("score", "", "score:invalid_value")]
    [InlineData("score[in]", "1,x", "score[in]:invalid_value")]
    [InlineData("score", "NaN", "score:invalid_value")]
    [InlineData("custom.number", "1e3", "custom.number:invalid_value")]
    [InlineData("custom.boolean", "maybe", "custom.boolean:invalid_value")]
    [InlineData("status", "bogus", "status:invalid_value")]
    [InlineData("status", "New", "status:invalid_value")]
    [InlineData("custom.choice", "bronze", "custom.choice:invalid_value")]
    [InlineData("custom.date", "22.13.2026", "custom.date:invalid_value")]
    [InlineData("owner", "bia", "owner:invalid_value")]
    [InlineData("owner", "lead_00000000000000000000000000", "owner:invalid_value")]
    [InlineData("email", "nobody", "email:invalid_value")]
    [InlineData("phone", "12", "phone:invalid_value")]
    [InlineData("company", "", "company:invalid_value")]
    [InlineData("company", "a\0b", "company:invalid_value")]
    [InlineData("company[contains]", "", "company[contains]:invalid_value")]
    [InlineData("company[exists]", "1", "company[exists]:wrong_type")]
    [InlineData("createdAt[gte]", "yesterday", "createdAt[gte]:invalid_date_time")]
    [InlineData("createdAt[gte]", "", "createdAt[gte]:invalid_value")]
    [InlineData("updatedAt[gte]", "2026-13-01T00:00:00Z", "updatedAt[gte]:invalid_value")]
    [InlineData("sort", "lastName,score,updatedAt,custom.text", "sort:too_many")]
    public async Task a_value_of_the_wrong_kind_is_named(string name, string value, string error)
    {
        var refused = await Workspace.Get(Url(name, value));
        refused.Status.Should().Be(400, refused.Text);
        refused.Code.Should().Be("invalid_parameter");
        refused.Errors.Should().Equal(error);
    }

    [Fact]
    public async Task a_list_takes_fifty_filters_and_a_filter_a_hundred_values()
    {
        (await Workspace.Get("/v1/leads?score[in]=" + string.Join(',', Enumerable.Range(0, 100)))).Status.Should().Be(200);
        (await Workspace.Get("/v1/leads?score[in]=" + string.Join(',', Enumerable.Range(0, 101))))
            .Errors.Should()
            .Equal("score[in]:too_many");
        (await Workspace.Get("/v1/leads?" + string.Join('&', Enumerable.Range(0, 101).Select(i => $"score={i}"))))
            .Errors.Should()
            .Equal("score:too_many");
        var many =
            "/v1/leads?"
            + string.Join(
                '&',
                new[] { "company", "lastName", "firstName", "jobTitle", "interest", "tags" }
                    .SelectMany(
                        f => new[] { "eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "contains", "startsWith" },
                        (f, op) => $"{f}[{op}]=a"
                    )
                    .Take(51)
            );
        (await Workspace.Get(many)).Errors.Should().Equal(":too_many");
        (await Workspace.Get(many[..many.LastIndexOf('&')])).Status.Should().Be(200);
    }

    [Fact]
    public async Task nothing_secret_can_be_filtered_sorted_or_chosen_and_no_list_of_what_is_allowed_names_it()
    {
        var workspace = await server.NewWorkspace();
        foreach (var entry in CrmCatalog.Standard.Public)
        {
            var secrets = entry.Type.Fields.Where(f => f.IsSecret).Select(f => f.Name).ToList();
            foreach (var secret in secrets)
            foreach (
                var query in new[]
                {
                    $"{secret}=a",
                    $"{secret}[startsWith]=a",
                    $"{secret}[exists]=true",
                    $"{secret}[gt]=0",
                    $"sort={secret}",
                    $"sort=-{secret}",
                    $"fields={secret}",
                }
            )
            {
                var refused = await workspace.Get($"/v1/{entry.Type.Plural}?{query}");
                refused.Code.Should().Be("unknown_parameter", $"{entry.Type.Plural}?{query}");
                refused["errors"]![0]!["message"]!
                    .GetValue<string>()
                    .Split("Allowed")[^1]
                    .Split(' ', ',', '.', ':')
                    .Should()
                    .NotContain(secret);
            }
        }
    }

    // ---- Cursors

    [Fact]
    public async Task a_cursor_fits_its_own_list_only()
    {
        var other = await server.NewWorkspace();
        for (var i = 0; i < 3; i++)
        {
            await other.Post("/v1/leads", new { lastName = $"L{i}" });
            await other.Post("/v1/members", new { name = $"M{i}", email = $"m{i}@example.org" });
        }
        var own = await Next(Workspace, "/v1/leads?limit=1");
        var foreign = await Next(other, "/v1/leads?limit=1");
        var cursors = new List<(string Why, string Query)>
        {
            ("another workspace's", "after=" + foreign),
            ("another resource's", "after=" + await Next(Workspace, "/v1/members?limit=1")),
            ("a cursor of the events", "after=" + await Next(Workspace, "/v1/events?limit=1")),
            ("another sort", $"sort=lastName&after={own}"),
            ("the same order written as a sort", $"sort=-createdAt&after={own}"),
            ("a sorted list's for the unsorted", "after=" + await Next(Workspace, "/v1/leads?limit=1&sort=lastName")),
            ("the other direction", "sort=-lastName&after=" + await Next(Workspace, "/v1/leads?limit=1&sort=lastName")),
            ("another filter", $"score[gte]=0&after={own}"),
            ("another search", $"q=ana&after={own}"),
            ("a filter dropped", "after=" + await Next(Workspace, "/v1/leads?limit=1&score[gte]=0")),
            ("twice", $"after={own}&after={own}"),
        };
        var bytes = WebEncoders.Base64UrlDecode(own);
        for (var i = 0; i < bytes.Length; i++)
        {
            var tampered = (byte[])bytes.Clone();
            tampered[i] ^= 1;
            cursors.Add(($"byte {i} changed", "after=" + WebEncoders.Base64UrlEncode(tampered)));
        }
        foreach (
            var garbage in new[]
            {
                "x",
                "null",
                "0",
                "-",
                "=",
                "%00",
                "%20",
                "%FF",
                "é",
                "a+b/c==",
                own + "A",
                own[..^4],
                own[4..],
                new string('A', 4000),
                new string('A', 5000),
                Id(leads.Rows[3]),
                "eyJpZCI6MX0",
                "W10",
                "{\"id\":1}",
            }
        )
            cursors.Add(("garbage", "after=" + garbage));

        foreach (var (why, query) in cursors)
        {
            var refused = await Workspace.Get("/v1/leads?" + query);
            refused.Status.Should().Be(400, $"{why}: {query}");
            refused.Code.Should().Be("invalid_cursor", why);
            refused.Errors.Should().Equal("after:invalid_cursor");
        }
        (await Workspace.Get($"/v1/leads?after={own}&limit=9&fields=lastName"))
            .Status.Should()
            .Be(200, "page size and fields may change on the way");
        (
            await Workspace
                .With(
                    (await Workspace.Post("/v1/api-keys", new { name = "other", scopes = new[] { "leads:read" } }))[
                        "key"
                    ]!.GetValue<string>()
                )
                .Get($"/v1/leads?after={own}")
        )
            .Status.Should()
            .Be(200, "another key of the workspace may go on");
        (await Workspace.Get("/v1/leads?after=")).Status.Should().Be(200, "an empty cursor is the first page");

        static async Task<string> Next(TestWorkspace workspace, string url) =>
            (await workspace.Get(url))["page"]!["next"]!.GetValue<string>();
    }

    [Fact]
    public async Task a_list_shows_nothing_of_another_workspace()
    {
        var other = await server.NewWorkspace();
        foreach (var entry in CrmCatalog.Standard.Public)
        {
            var own = (await Workspace.All($"/v1/{entry.Type.Plural}")).Select(Id).ToHashSet();
            (await other.All($"/v1/{entry.Type.Plural}")).Select(Id).Should().NotIntersectWith(own, entry.Type.Plural);
        }
        (await other.All("/v1/leads")).Should().BeEmpty();
        (await other.Get(Url("email", "person0@x0.example.org"))).Data.Should().BeEmpty();
        (await other.Get(Url("q", "ana"))).Data.Should().BeEmpty();
        (await other.Get(Url("owner", leads.Bia))).Data.Should().BeEmpty();
        (await other.Get("/v1/leads?custom.integer=100")).Code.Should().Be("unknown_parameter", "custom fields are the workspace's own");
    }
}
