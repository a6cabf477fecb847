// Every route of the running product, with another workspace's id in every place where an id can stand: it must be as if that id did not
// exist.

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Crm.Api.Rest;
using Crm.Domain;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Tests.Forms;
using Crm.Tests.Rest;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Crm.Tests.Security;

[Collection(nameof(ProbedServer))]
public sealed class ProberTests(ProbedServer probed) : Prober(probed.Server);

public abstract partial class Prober(CrmServer server)
{
    const string Canary = "canaryb";

    readonly Catalog catalog = CrmCatalog.Standard;
    readonly Dictionary<string, List<JsonNode>> victims = new(StringComparer.Ordinal);
    readonly HashSet<string> victimIds = new(StringComparer.Ordinal);
    readonly List<string> wrong = [];
    readonly HashSet<string> probed = [];
    TestWorkspace mine = null!,
        theirs = null!;
    Samples samples = null!;
    string proposal = "";
    int probes;

    /// <summary>A place for an id in a request.</summary>
    /// <param name="Send">Sends the request with this id.</param>
    /// <param name="Foreign">An id of the other workspace.</param>
    /// <param name="Absent">One that nobody has.</param>
    /// <param name="Deleted">Makes one that is deleted here; null when there is none.</param>
    /// <param name="Own">Makes one that works here, to see that the probe would notice; null when nothing can be told from it.</param>
    sealed record Probe(
        string Where,
        Func<string, Task<Reply>> Send,
        string Foreign,
        string Absent,
        Func<Task<string?>>? Deleted,
        Func<Task<string>>? Own
    );

    [OnEveryStore]
    [Fact]
    public async Task another_workspaces_id_is_like_no_id_in_every_place_of_every_route()
    {
        await Prepare();
        var before = await Settled();

        foreach (var route in Routes.WithKey(server))
        await foreach (var probe in ProbesOf(route))
        {
            probed.Add(route.ToString());
            // What answers is the same on every store: further ones are asked at some places, the small MongoDB server at few, since all
            // of them took it twenty minutes.
            if (
                probes++
                    % (
                        server.IsOnSmallServer ? 128
                        : server.IsEmbedded ? 1
                        : 8
                    )
                != 0
            )
                continue;
            var absent = await Same(probe, "another workspace's", probe.Foreign);
            if (probe.Deleted is not null && await probe.Deleted() is { } deleted)
                absent = await Same(probe, "a deleted", deleted);
            if (probe.Own is not null)
            {
                var own = await probe.Own();
                if (Plain(await probe.Send(own), own) == absent)
                    wrong.Add($"{probe.Where}: one's own id is answered like an absent one, so that the probe tells nothing: {absent}");
            }
        }

        wrong.Should().BeEmpty();
        Routes
            .WithKey(server)
            .Select(r => r.ToString())
            .Except(probed)
            .Should()
            .BeEquivalentTo(
                [
                    "POST /v1/workspaces",
                    "POST /v1/trusted-documents/upload",
                    "POST /v1/consents/verify",
                    "GET /v1/reports/{name}",
                    "HEAD /v1/reports/{name}",
                    "GET /v1/reports/{name}/address",
                    "HEAD /v1/reports/{name}/address",
                ],
                "these take no id; whatever else is not probed is a hole"
            );
        probes.Should().BeGreaterThan(150);
        (await Snapshot()).Should().Equal(before, "whatever was answered, the other workspace's rows must be what they were");
    }

    /// <summary>What an id that nobody has is answered, which this one is answered too. Lists that background work writes to, such as
    /// events, may differ once; what tells the ids apart differs each time.</summary>
    async Task<string> Same(Probe probe, string which, string id)
    {
        for (var tries = 1; ; tries++)
        {
            var absent = Plain(await probe.Send(probe.Absent), probe.Absent);
            var answer = Plain(Checked(await probe.Send(id), id, probe.Where), id);
            if (answer != absent && tries < 5)
                continue;
            if (answer != absent)
                wrong.Add($"{probe.Where} with {which} id: {answer} instead of {absent}");
            return absent;
        }
    }

    /// <summary>Status, headers and body; the id that was sent is left out, and so is the cursor, which is sealed with the query.</summary>
    static string Plain(Reply reply, string id) =>
        AnyCursor()
            .Replace(
                $"{reply.Status} {reply.Header("Content-Type")} {reply.Header("Content-Length")} {reply.Header("ETag")} {reply.Header("Link")} {reply.Text}"
                    .Replace(id, "ID", StringComparison.Ordinal)
                    .Replace(Uri.EscapeDataString(id), "ID", StringComparison.Ordinal),
                "CURSOR"
            );

    [GeneratedRegex("(?<=after=|\"next\":\")[A-Za-z0-9_-]+")]
    private static partial Regex AnyCursor();

    /// <summary>Nothing of the other workspace may be in any byte, but the id that was sent.</summary>
    Reply Checked(Reply reply, string sent, string where)
    {
        // The address of the next page repeats what was asked for.
        var text = reply.Text + reply.Headers + reply.ContentHeaders;
        if (sent != "")
            text = text.Replace(Uri.EscapeDataString(sent), "");
        if (text.Contains(Canary, StringComparison.OrdinalIgnoreCase))
            wrong.Add($"{where}: the answer holds a text of the other workspace: {text}");
        foreach (Match id in AnyId().Matches(text))
            if (id.Value != sent && victimIds.Contains(id.Value))
                wrong.Add($"{where}: the answer holds the other workspace's {id.Value}");
        return reply;
    }

    [GeneratedRegex("[a-z]+_[0-7][0-9a-z]{25}")]
    private static partial Regex AnyId();

    // ---- Two workspaces

    async Task Prepare()
    {
        (mine, theirs) = (await server.NewWorkspace(), await server.NewWorkspace());
        samples = new(mine, catalog);
        var other = new Samples(theirs, catalog, Canary, first: 500_000);
        foreach (var entry in catalog.Public)
            victims[entry.Type.Plural] = [await other.Make(entry), await other.Make(entry)];
        // A lead with a proposed change, and an entry that could be processed again.
        var form = await theirs.ContactForm();
        foreach (var name in new[] { "One Canaryb", "Two Canaryb" })
            (await theirs.Submit(form, new { name, email = $"{Canary}.proposal@example.org" })).Status.Should().Be(201);
        proposal = (await theirs.LeadOf($"{Canary}.proposal@example.org"))["proposedChanges"]![0]!.S("id");
        await theirs.Patch($"/v1/forms/{form["id"]}", new { status = "closed" });
        (await theirs.Submit(form, new { name = "Late Canaryb", email = $"{Canary}.late@example.org" })).Status.Should().Be(403);
        await theirs.Patch($"/v1/forms/{form["id"]}", new { status = "published" });
        foreach (var entry in catalog.Public)
        foreach (var row in await theirs.All($"/v1/{entry.Type.Plural}"))
        foreach (Match id in AnyId().Matches(row.ToJsonString()))
            victimIds.Add(id.Value);
        // Both were made by the installation's key.
        foreach (var made in await mine.All("/v1/events?sort=createdAt"))
            victimIds.Remove(made["by"]!.ToString());
        victimIds.Count.Should().BeGreaterThan(30);
        foreach (var entry in catalog.Public)
            await samples.Make(entry);
    }

    /// <summary>The snapshot, once every event of what came before is in the feed (a store may number them behind the commit) and what
    /// runs beside the requests has come to its end.</summary>
    async Task<List<string>> Settled()
    {
        var last = (await theirs.Post("/v1/leads", new { lastName = Canary + " last" }))["id"]!.ToString();
        for (var tries = 0; tries < 1200 && (await theirs.Get($"/v1/events?subject={last}")).Data.Count == 0; tries++)
            await Task.Delay(25);
        for (var (tries, before) = (0, await Snapshot()); ; tries++)
        {
            await Task.Delay(server.IsOnSmallServer ? 2000 : 50);
            var now = await Snapshot();
            if (now.SequenceEqual(before) || tries == 30)
                return now;
            before = now;
        }
    }

    /// <summary>All rows of the other workspace.</summary>
    async Task<List<string>> Snapshot()
    {
        var rows = new List<string>();
        foreach (var entry in catalog.Public)
        foreach (var row in await theirs.All($"/v1/{entry.Type.Plural}?sort=createdAt"))
            rows.Add(row.ToJsonString());
        return rows;
    }

    string Foreign(ResourceType type) => victims[type.Plural][0]["id"]!.GetValue<string>();

    static string Absent(ResourceType type) =>
        type.Text(new(new UInt128(0x0190_0000_0000_7000, (ulong)Random.Shared.NextInt64() | 0x8000_0000_0000_0000)));

    async Task<string> Own(ResourceType type) => (await samples.Make(catalog.For(type)))["id"]!.GetValue<string>();

    async Task<string?> Deleted(ResourceType type)
    {
        if (!type.Can.HasFlag(Operations.Delete))
            return null;
        var id = await Own(type);
        (await mine.Delete($"/v1/{type.Plural}/{id}")).Status.Should().Be(204);
        return id;
    }

    // ---- How each route is called

    IAsyncEnumerable<Probe> ProbesOf(KeyRoute route) =>
        route.Operation switch
        {
            { Action.Name: "bulk" } => InRows(route),
            { Action: { } action } operation => InAction(route, operation.Entry.Type, action.OnRecord, action.Input),
            { Name: "list" } operation => InQuery(route, operation.Entry.Type),
            { Name: "get" } operation => InPath(route, operation.Entry.Type, () => Task.FromResult<object?>(null)),
            { Name: "address" or "qr" } operation => InLinkAddress(route, operation.Entry.Type),
            { Name: "pixel" } operation => InPixelAddress(route, operation.Entry.Type),
            { Name: "timeline" or "attribution" or "storage" or "file" or "statement" or "check" } operation => InPath(
                route,
                operation.Entry.Type,
                () => Task.FromResult<object?>(null)
            ),
            { Name: "delete" } operation => InPath(route, operation.Entry.Type, () => Task.FromResult<object?>(null)),
            { Name: "update" } operation => Both(
                InPath(route, operation.Entry.Type, () => Task.FromResult<object?>(new { })),
                InPatch(route, operation.Entry.Type)
            ),
            { Name: "create" } operation => InBody(route, operation.Entry.Type),
            { Name: "report" or "pictureAddress" } => AsyncEnumerable.Empty<Probe>(), // Takes no ids; what it counts is the workspace's own, which LinkTests check.
            { Name: "upsert" } operation => InBody(route, operation.Entry.Type),
            _ => throw new InvalidOperationException(
                $"The prober does not know how to call {route}: teach it, so that another workspace's ids are tried there."
            ),
        };

    static async IAsyncEnumerable<Probe> Both(IAsyncEnumerable<Probe> one, IAsyncEnumerable<Probe> other)
    {
        await foreach (var probe in one)
            yield return probe;
        await foreach (var probe in other)
            yield return probe;
    }

    async IAsyncEnumerable<Probe> InRows(KeyRoute route)
    {
        foreach (
            var (member, type) in new[]
            {
                ("campaign", ResourceType.Of<Domain.Campaigns.Campaign>()),
                ("affiliate", ResourceType.Of<Domain.Affiliates.Affiliate>()),
            }
        )
            yield return new(
                $"{route} as {member} of a row",
                id =>
                    mine.Send(
                        route.Method,
                        route.Pattern,
                        new
                        {
                            links = new[]
                            {
                                new Dictionary<string, string> { ["destination"] = "https://x.example.org/", [member] = id },
                            },
                        }
                    ),
                Foreign(type),
                Absent(type),
                () => Deleted(type),
                () => Own(type)
            );
    }

    async IAsyncEnumerable<Probe> InLinkAddress(KeyRoute route, ResourceType type)
    {
        await foreach (var probe in InPath(route, type, () => Task.FromResult<object?>(null)))
            yield return probe;
        var lead = ResourceType.Of<Domain.Leads.Lead>();
        yield return new(
            $"{route} as lead",
            async id => await mine.Send(route.Method, route.At(await Own(type)) + "?lead=" + id, null),
            Foreign(lead),
            Absent(lead),
            () => Deleted(lead),
            () => Own(lead)
        );
    }

    async IAsyncEnumerable<Probe> InPixelAddress(KeyRoute route, ResourceType type)
    {
        await foreach (var probe in InLinkAddress(route, type))
            yield return probe;
        var campaign = ResourceType.Of<Domain.Campaigns.Campaign>();
        yield return new(
            $"{route} as campaign",
            async id => await mine.Send(route.Method, route.At(await Own(type)) + "?campaign=" + id, null),
            Foreign(campaign),
            Absent(campaign),
            () => Deleted(campaign),
            () => Own(campaign)
        );
    }

    async IAsyncEnumerable<Probe> InPath(KeyRoute route, ResourceType type, Func<Task<object?>> body)
    {
        yield return new(
            $"{route} in the path",
            async id => await mine.Send(route.Method, route.At(id), await body()),
            Foreign(type),
            Absent(type),
            () => Deleted(type),
            () => Own(type)
        );
        foreach (var version in new[] { "\"1\"", "*" })
            yield return new(
                $"{route} in the path with If-Match {version}",
                async id => await mine.Send(route.Method, route.At(id), await body(), ("If-Match", version)),
                Foreign(type),
                Absent(type),
                null,
                null
            );
    }

    async IAsyncEnumerable<Probe> InAction(KeyRoute route, ResourceType type, bool onRecord, Type? input)
    {
        var shape = input is null ? null : ObjectType.Of(input);
        async Task<JsonObject?> Body() => shape is null ? null : await samples.Object(shape, $"{type.Plural}.{route.Operation!.Name}");
        if (onRecord)
            await foreach (var probe in InPath(route, type, async () => await Body()))
                yield return probe;
        if (shape is null)
            yield break;
        // A reason is kept as it was said, and given back.
        foreach (var (path, field) in Places(shape, []).Where(place => place.Field.Name != "reason"))
        {
            var refers = field.Refers is null ? null : ResourceType.Of(field.Refers);
            // Only what must be there says anything about one's own id: a filter of one's own may find nothing too.
            yield return new(
                $"{route} as {string.Join('.', path)}",
                async id => await mine.Send(route.Method, route.At(onRecord ? await Own(type) : ""), At(await Body(), path, id)),
                refers is null ? proposal : Foreign(refers),
                refers is null ? new string('0', proposal.Length) : Absent(refers),
                refers is null ? null : () => Deleted(refers),
                field.IsRequired && refers is not null && route.Operation!.Name != "unmerge" ? () => Own(refers) : null
            ); // Two leads that were never merged are like none.
        }
    }

    async IAsyncEnumerable<Probe> InBody(KeyRoute route, ResourceType type)
    {
        if (catalog.For(type).Create is not null)
            yield break;
        var url = route.Method == HttpMethod.Put ? route.Pattern + "?match=email" : route.Pattern;
        async Task<JsonObject> Body()
        {
            var body = await samples.Body(catalog.For(type));
            if (route.Method == HttpMethod.Put)
                body["email"] = body["emails"]![0]!["address"]!.GetValue<string>();
            return body;
        }
        foreach (var (path, field) in Places(type, []).Where(p => p.Field.Refers is not null))
        {
            var refers = ResourceType.Of(field.Refers!);
            yield return new(
                $"{route} as {string.Join('.', path)}",
                async id => await mine.Send(route.Method, url, At(await Body(), path, id)),
                Foreign(refers),
                Absent(refers),
                () => Deleted(refers),
                () => Own(refers)
            );
        }
        // A route without a place for an id is still called: with a body that is its own.
        probed.Add(route.ToString());
        Checked(await mine.Send(route.Method, url, await Body()), "", route.ToString())
            .Status.Should()
            .BeInRange(200, 201, route.ToString());
    }

    async IAsyncEnumerable<Probe> InPatch(KeyRoute route, ResourceType type)
    {
        var entry = catalog.For(type);
        foreach (var (path, field) in Places(type, []).Where(p => p.Field.Refers is not null && !p.Field.IsWriteOnce))
        {
            var refers = ResourceType.Of(field.Refers!);
            string? target = null;
            yield return new(
                $"{route} as {string.Join('.', path)}",
                async id =>
                    await mine.Send(
                        route.Method,
                        route.At(target ??= await Own(type)),
                        At(new JsonObject { [path[0]] = (await samples.Body(entry))[path[0]]?.DeepClone() }, path, id)
                    ),
                Foreign(refers),
                Absent(refers),
                () => Deleted(refers),
                () => Own(refers)
            );
        }
    }

    /// <summary>Where callers write ids, and in the bodies of actions any text that could be one.</summary>
    static IEnumerable<(string[] Path, Field Field)> Places(ObjectType type, string[] path)
    {
        foreach (var field in type.Fields.Where(Samples.IsWritable))
        {
            var inner = field.Kind is ListValue list ? list.Item : field.Kind;
            string[] here = field.Kind is ListValue ? [.. path, field.Name, "0"] : [.. path, field.Name];
            if (inner is ObjectValue nested)
                foreach (var place in Places(nested.Type, here))
                    yield return place;
            else if (field.Refers is not null || inner.Name == "text")
                yield return (here, field);
        }
    }

    static JsonObject At(JsonObject? body, string[] path, string id)
    {
        JsonNode at = body!;
        foreach (var step in path[..^1])
            at = at is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : at[step]!;
        if (at is JsonArray items)
            items[0] = id;
        else
            at[path[^1]] = id;
        return body!;
    }

    async IAsyncEnumerable<Probe> InQuery(KeyRoute route, ResourceType type)
    {
        var row = victims[type.Plural][0];
        Id.TryParse(row["id"]!.GetValue<string>(), type.Prefix, out var id);
        var keys = type.ToDocument(type.FromRow(new(id, 1, JsonSerializer.SerializeToUtf8Bytes(row))))
            .Keys.ToLookup(k => k.Field, k => k.Value);
        foreach (var (name, field) in type.Filters)
        {
            var values = keys[name].Where(k => k.IsText).Select(k => k.Text!).ToList();
            if (field.Refers is not null && values.Count == 0)
                values = [Foreign(ResourceType.Of(field.Refers))];
            foreach (
                var value in values.Where(v =>
                    field.IsUnique || field.Refers is not null || v.Contains(Canary, StringComparison.Ordinal) || AnyId().IsMatch(v)
                )
            )
            {
                var absent =
                    AnyId().IsMatch(value) ? value[..^8] + "00000000"
                    : value.Contains(Canary, StringComparison.Ordinal) ? value.Replace(Canary, "canaryz", StringComparison.Ordinal)
                    : value[0] == '+' ? "+5511999999999"
                    : new string('0', value.Length);
                foreach (
                    var op in field.Refers is null && field.Kind.Name is "text" or "email"
                        ? new[] { "", "[in]", "[startsWith]", "[contains]", "[ne]" }
                        : ["", "[in]", "[ne]"]
                )
                    yield return new(
                        $"{route}?{name}{op}",
                        text => mine.Send(route.Method, $"{route.Pattern}?{name}{op}={Uri.EscapeDataString(text)}", null),
                        value,
                        absent,
                        null,
                        null
                    );
            }
        }
        if (type.Collection.Searchable)
            yield return new(
                $"{route}?q",
                text => mine.Send(route.Method, $"{route.Pattern}?q={text}", null),
                Canary,
                "canaryz",
                null,
                null
            );
        foreach (var sort in ListQuery.Sortable(type, ReadContext.Nothing))
        {
            var cursor = (await theirs.Get($"{route.Pattern}?limit=1&sort={sort}"))["page"]!["next"]?.GetValue<string>();
            if (cursor is null)
                continue;
            var own = (await mine.Get($"{route.Pattern}?limit=1&sort={sort}"))["page"]!["next"]?.GetValue<string>();
            yield return new(
                $"{route}?sort={sort}&after",
                text => mine.Send(route.Method, $"{route.Pattern}?limit=1&sort={sort}&after={text}", null),
                cursor,
                new string('A', cursor.Length),
                null,
                own is null ? null : () => Task.FromResult(own)
            );
        }
        // A route without a place for an id is still called.
        probed.Add(route.ToString());
        Checked(await mine.Send(route.Method, route.Pattern + "?limit=200", null), "", route.ToString()).Status.Should().Be(200);
    }

    // ---- What is no id but says that something exists

    static bool NamesRecords(Field field) =>
        field.Refers is not null
        || (field.Kind is ListValue list ? list.Item : field.Kind) is ObjectValue inner && inner.Type.Fields.Any(NamesRecords);

    [Fact]
    public async Task what_is_unique_in_one_workspace_is_free_in_another()
    {
        await Prepare();
        var before = await Settled();
        var samples = new Samples(mine, catalog, Canary, first: 500_000 + 300_000);
        // A domain belongs to whoever proves it: that another workspace has entered it says nothing.
        var product = server.Services.GetRequiredService<Installation>();
        var proofs = product.Options<LinkDomainProofs>();
        product.Configure(new LinkDomainProofs());
        try
        {
            foreach (var entry in catalog.Public.Where(e => e.Type.Can.HasFlag(Operations.Create) && e.Create is null))
            {
                var body = await samples.Body(entry);
                // The very values of the other workspace's record, as far as callers write them and they are no ids.
                foreach (
                    var field in entry.Type.Fields.Where(f =>
                        Samples.IsWritable(f) && !NamesRecords(f) && !f.Traits.HasFlag(Is.UniqueEverywhere)
                    )
                )
                    if (victims[entry.Type.Plural][0][field.Name] is { } value)
                        body[field.Name] = Samples.Writable(field.Kind, value);
                var made = await mine.Post($"/v1/{entry.Type.Plural}", body);
                made.Status.Should().Be(201, $"{entry.Type.Plural}: {made.Text}");
            }
        }
        finally
        {
            product.Configure(proofs);
        }
        var put = await mine.Put("/v1/leads?match=email", new { email = $"{Canary}.proposal@example.org", lastName = "Mine" });
        put.Status.Should().Be(201, put.Text);
        (await Snapshot()).Should().Equal(before);
    }

    [Fact]
    public async Task an_idempotency_key_of_another_workspace_replays_nothing()
    {
        await Prepare();
        var body = new { lastName = Canary + " once" };
        await theirs.Post("/v1/leads", body, ("Idempotency-Key", "shared"));
        var before = await Settled();
        var own = await mine.Post("/v1/leads", body, ("Idempotency-Key", "shared"));
        own.Status.Should().Be(201);
        own.Header("Idempotent-Replayed").Should().BeNull();
        victimIds.Should().NotContain(own["id"]!.GetValue<string>());
        (await mine.Post("/v1/leads", new { lastName = "other body" }, ("Idempotency-Key", "shared")))
            .Code.Should()
            .Be("idempotency_key_reused", "by one's own record, not the other's");
        (await Snapshot()).Should().Equal(before);
    }
}
