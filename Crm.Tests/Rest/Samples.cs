// Makes valid records of every resource out of the definitions of its fields, for tests that walk the catalog.

using System.Globalization;
using System.Text.Json.Nodes;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Tests.Rest;

/// <param name="marker">Part of every text, so that a test can look for it in places where it must not be.</param>
/// <param name="first">Where numbers start, for samples of several workspaces that must not be alike.</param>
sealed class Samples(TestWorkspace workspace, Catalog catalog, string marker = "sample", int first = 0)
{
    static int turns,
        sites;
    int number = first;

    /// <summary>One of these words, another each time, also when a few other tests draw meanwhile.</summary>
    static string Another(string of)
    {
        var words = of.Split(' ');
        return words[(uint)Interlocked.Increment(ref turns) % words.Length];
    }

    /// <summary>What a definition alone does not tell: values that depend on other resources or on each other.</summary>
    static readonly Dictionary<string, Func<JsonNode?>> Special = new(StringComparer.Ordinal)
    {
        ["api-keys.scopes"] = () => new JsonArray("leads:read"),
        ["custom-fields.for"] = () => "lead",
        ["custom-fields.kind"] = () => "text",
        ["forms.fields.mapsTo"] = () => "company",
        ["forms.allowedRedirectHosts"] = () => new JsonArray($"r{Random.Shared.Next(1_000_000)}.example.org"),
        ["forms.pageCharset"] = () =>
            Another("windows-1251 shift_jis windows-1250 euc-kr iso-8859-2 big5 windows-1253 euc-jp gb18030 koi8-r"),
        ["campaigns.startsOn"] = () =>
            new DateOnly(2020, 1, 1).AddDays(Random.Shared.Next(2000)).ToString("O", CultureInfo.InvariantCulture), // before endsOn
        ["conversions.click"] = () => null,
        ["conversions.value"] = () => new JsonObject { ["amount"] = 1250, ["currency"] = "EUR" },
        ["affiliates.currency"] = () => Another("EUR BRL USD GBP CHF JPY CZK PLN SEK CAD"),
        ["affiliates.commissionRules.on"] = () => "sale",
        ["leads.convert.purchase"] = () =>
            new JsonObject
            {
                ["orderId"] = $"{Guid.NewGuid():N}",
                ["lines"] = new JsonArray(new JsonObject { ["product"] = "Solar panel" }),
            },
        ["touches.at"] = () => $"2026-01-02T03:04:05.{Random.Shared.Next(1000):000}Z", // not in the future
        ["sites.currency"] = () => Interlocked.Increment(ref sites) % 2 == 0 ? "EUR" : "BRL",
        ["sites.matomoId"] = () => Random.Shared.Next(1, 100_000_000).ToString(CultureInfo.InvariantCulture),
        ["sites.logo"] = () =>
            // A PNG by its first bytes.
            "data:image/png;base64,"
            + Convert.ToBase64String([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Guid.NewGuid().ToByteArray()]),
        ["sites.color"] = () => $"#{Random.Shared.Next(1 << 24):x6}",
        ["sites.linkDomain"] = () => $"{Guid.NewGuid():N}.example.org",
        ["channel-rules.channel"] = () => $"c{Guid.NewGuid():N}",
        ["bot-rules.userAgent"] = () => $"Sample{Guid.NewGuid():N}",
        ["bot-rules.network"] = () => $"10.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}.0/24",
        ["reclassifications.since"] = () => "2026-01-02T03:04:05.678Z",
        ["retention-policies.on"] = () => "clicks",
        ["retention-policies.field"] = () => "createdAt",
        ["retention-policies.filter"] = () => $"createdAt[lt]={Random.Shared.Next(2000, 2025)}-01-02T03:04:05.678Z",
        ["retention-policies.olderThan"] = () => $"P{Random.Shared.Next(100, 10_000)}D",
        ["erasures.match"] = () => new JsonObject { ["email"] = $"{Guid.NewGuid():N}@example.org" },
        ["access-requests.match"] = () => new JsonObject { ["email"] = $"{Guid.NewGuid():N}@example.org" },
        ["affiliates.commissionRules.repeat"] = () => "firstOnly",
        ["affiliates.commissionRules.times"] = () => null,
        ["affiliates.commissionRules.months"] = () => null,
        ["postbacks.url"] = () => $"https://network.example.org/{Guid.NewGuid():N}?cid={{click_id}}",
        ["postbacks.on"] = () => new JsonArray(Guid.NewGuid().ToString("N")), // called for nothing that happens here
        ["webhooks.url"] = () => $"https://automation.example.org/{Guid.NewGuid():N}",
        ["webhooks.events"] = () => new JsonArray(Another("retentionPolicy.confirmed retentionPolicy.unconfirmed retentionPolicy.ran")),
        ["webhooks.filter"] = () => $"createdAt[lt]={Random.Shared.Next(2000, 2025)}-01-02T03:04:05.678Z",
        ["webhooks.apiVersion"] = () => "2026-12-01",
        ["webhooks.headers.name"] = () => $"X-{Guid.NewGuid():N}",
        ["webhooks.rotate.keepOldFor"] = () => "PT1H",
        ["webhooks.test.type"] = () => "retentionPolicy.ran",
        ["webhooks.replay.types"] = () => new JsonArray("retentionPolicy.ran"),
        ["webhooks.replay.from"] = () => "2026-01-02T03:04:05.678Z",
        ["webhooks.replay.to"] = () => null,
        ["report-shares.reports"] = () => new JsonArray(Another("overview links campaigns affiliates channels forms funnel countries")),
        ["consents.customer"] = () => null, // instead of a lead
        ["consents.purpose"] = () => $"p{Guid.NewGuid():N}",
        ["consents.at"] = () => $"2026-01-02T03:04:05.{Random.Shared.Next(1000):000}Z", // not in the future
        ["workspaces.hours.windows.from"] = () => "09:00",
        ["workspaces.hours.windows.to"] = () => "18:00",
        ["workspaces.hours.away.from"] = () => "2026-01-02T03:04:05.678Z",
        ["workspaces.hours.away.to"] = () => "2026-01-03T03:04:05.678Z",
        ["members.hours.windows.from"] = () => $"0{Random.Shared.Next(10)}:{Random.Shared.Next(10, 60)}",
        ["members.hours.windows.to"] = () => $"1{Random.Shared.Next(10)}:{Random.Shared.Next(10, 60)}",
        ["members.hours.away.from"] = () => "2026-01-02T03:04:05.678Z",
        ["members.hours.away.to"] = () => "2026-01-03T03:04:05.678Z",
        ["report-shares.from"] = () => null, // instead of days
        ["report-shares.to"] = () => null,
        ["report-shares.expiresAt"] = () =>
            TimeProvider
                .System.GetUtcNow()
                .AddMinutes(Random.Shared.Next(10_000, 400_000))
                .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["senders.host"] = () => $"{Guid.NewGuid():N}.example.org",
        ["senders.tls"] = () => "startTls",
        ["senders.user"] = () => null, // without its password
        ["senders.dkimSelector"] = () => null,
        ["senders.password"] = () => null,
        ["senders.dkimKey"] = () => null,
        ["links.bulk.links"] = () => new JsonArray(new JsonObject { ["destination"] = "https://www.silva.example.org/" }),
        ["links.parameters"] = () => new JsonArray($"utm_source={Guid.NewGuid():N}"),
    };

    /// <summary>A record of a resource, made the way callers make one.</summary>
    public async Task<JsonNode> Make(CatalogEntry entry)
    {
        if (entry.Type.Can.HasFlag(Operations.Create) && entry.Create is null)
        {
            var made = await workspace.Post($"/v1/{entry.Type.Plural}", await Body(entry));
            // It changes by itself until it is done.
            while (
                entry.Type.Plural is "reclassifications" or "erasures" or "access-requests"
                    && (await workspace.Get($"/v1/{entry.Type.Plural}/{made["id"]}"))["status"]!.ToString() != "done"
                || entry.Type.Plural is "consents" && (await workspace.Get($"/v1/consents/{made["id"]}"))["seq"] is null
            )
                await Task.Delay(20);
            made.Status.Should().Be(201, $"a sample of {entry.Type.Plural} was sent and the answer is {made.Text}");
            return (await workspace.Get($"/v1/{entry.Type.Plural}/{made["id"]}")).Json!;
        }
        switch (entry.Type.Plural)
        {
            case "workspaces" or "events":
                return (await workspace.Get($"/v1/{entry.Type.Plural}?limit=1")).Data[0]!;
            case "submissions":
                var receipt = await workspace.Submit(
                    await workspace.ContactForm(),
                    new
                    {
                        name = Text("visitor"),
                        email = $"{marker}.{++number}@example.org",
                        message = Text("message"),
                    }
                );
                receipt.Status.Should().Be(201, receipt.Text);
                return (await workspace.Get($"/v1/submissions/{receipt["id"]}")).Json!;
            case "proposed-changes":
                var known = new { email = $"{marker}.{++number}@example.org" };
                foreach (var company in new[] { "one", "two" })
                    (await workspace.Submit(await workspace.ContactForm(), new { known.email, company = Text(company) }))
                        .Status.Should()
                        .Be(201);
                return (await workspace.Get("/v1/proposed-changes?limit=1")).Data[0]!;
            case "clicks":
                var link = await Make(catalog.Entries.First(e => e.Type.Plural == "links"));
                using (var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{link["slug"]}"))
                using (var went = await workspace.Server.Http.SendAsync(request))
                    ((int)went.StatusCode).Should().Be(302);
                return (await workspace.Get("/v1/clicks?limit=1")).Data[0]!;
            case "commissions":
                var affiliate = await workspace.Post(
                    "/v1/affiliates",
                    new
                    {
                        name = Text("affiliate"),
                        commissionRules = new[] { new { on = "sale", amount = new { amount = 100, currency = "EUR" } } },
                    }
                );
                var led = await workspace.Post(
                    "/v1/links",
                    new { destination = "https://www.silva.example.org/", affiliate = affiliate["id"] }
                );
                using (var request = new HttpRequestMessage(HttpMethod.Get, $"/l/{led["slug"]}"))
                using (var went = await workspace.Server.Http.SendAsync(request))
                    (
                        await workspace.Post(
                            "/v1/conversions",
                            new { click = System.Web.HttpUtility.ParseQueryString(went.Headers.Location!.Query)["crm_click"] }
                        )
                    )
                        .Status.Should()
                        .Be(201);
                return (await workspace.Get($"/v1/commissions?affiliate={affiliate["id"]}")).Data[0]!;
            case "deliveries":
                var called = $"s{Guid.NewGuid():N}";
                (
                    await workspace.Post(
                        "/v1/postbacks",
                        new
                        {
                            name = Text("postback"),
                            url = $"https://localhost/{marker}",
                            on = new[] { called },
                        }
                    )
                ).Status.Should().Be(201);
                (await workspace.Post("/v1/conversions", new { type = called, orderId = $"{Guid.NewGuid():N}" })).Status.Should().Be(201);
                while (true)
                {
                    // It is not allowed to go to this machine, and changes no more then.
                    if ((await workspace.Get($"/v1/deliveries?event={called}")).Data is [{ } one] && one["status"]!.ToString() == "dead")
                        return (await workspace.Get($"/v1/deliveries/{one["id"]}")).Json!;
                    await Task.Delay(20);
                }
            case "webhook-replays":
                var hook = await Make(catalog.Entries.First(e => e.Type.Plural == "webhooks"));
                var begun = await workspace.Post($"/v1/webhooks/{hook["id"]}/replay", new { from = "2026-01-02T03:04:05.678Z" });
                begun.Status.Should().Be(200, begun.Text);
                while (true)
                {
                    if (
                        (await workspace.Get($"/v1/webhook-replays/{begun["replay"]}")) is var replay
                        && replay["status"]!.ToString() == "done"
                    )
                        return replay.Json!;
                    await Task.Delay(20);
                }
            case "messages":
                // To this machine it is not allowed to go, and changes no more then.
                var sender = await workspace.Post(
                    "/v1/senders",
                    new
                    {
                        name = Text("sender"),
                        host = "localhost",
                        from = "hello@example.org",
                    }
                );
                sender.Status.Should().Be(201, sender.Text);
                var mailing = await workspace.NewForm(
                    new
                    {
                        name = Text("form"),
                        fields = new[] { new { name = "email", mapsTo = "email" } },
                        notify = new { sender = sender["id"], addresses = new[] { $"{marker}.{++number}@example.org" } },
                    }
                );
                (await workspace.Submit(mailing, new { email = $"{marker}.{++number}@example.org" })).Status.Should().Be(201);
                while (true)
                {
                    if (
                        (await workspace.Get($"/v1/messages?form={mailing["id"]}")).Data is [{ } mail]
                        && mail["status"]!.ToString() == "failed"
                    )
                        return (await workspace.Get($"/v1/messages/{mail["id"]}")).Json!;
                    await Task.Delay(20);
                }
            case "visitors":
                var site = await Make(catalog.Entries.First(e => e.Type.Plural == "sites"));
                (
                    await workspace
                        .With("")
                        .Post(
                            $"/t/events?site={site["key"]}",
                            new
                            {
                                kind = "pageView",
                                page = "https://www.silva.example.org/",
                                consent = true,
                            }
                        )
                ).Status.Should().Be(200);
                return (await workspace.Get("/v1/visitors?limit=1")).Data[0]!;
            default:
                throw new InvalidOperationException($"Samples must be told how a record of {entry.Type.Plural} comes about.");
        }
    }

    /// <summary>A body for POST with a value for every field that callers may write.</summary>
    public async Task<JsonObject> Body(CatalogEntry entry) => await Object(entry.Type, entry.Type.Plural);

    /// <summary>A commission's share in percent is taken and not looked at.</summary>
    public static bool IsWritable(Field field) => field is { Stored: true, IsReadOnly: false, IsSecret: false, Name: not "sharePercent" };

    public async Task<JsonObject> Object(ObjectType type, string path)
    {
        var body = new JsonObject();
        foreach (var field in type.Fields.Where(field => IsWritable(field) || field is { Kind: SealedValue, IsWritable: true }))
            body[field.Name] = await Value(field, $"{path}.{field.Name}");
        return body;
    }

    public async Task<JsonNode?> Value(Field field, string path) =>
        Special.TryGetValue(path, out var special) ? special() : await Value(field, field.Kind, path);

    async Task<JsonNode?> Value(Field field, FieldKind kind, string path)
    {
        var n = ++number;
        switch (kind)
        {
            case ListValue list:
                return new JsonArray(await Value(field, list.Item, path));
            case ObjectValue inner:
                return await Object(inner.Type, path);
            case ChoiceValue choice:
                // A lead becomes converted by a verb only.
                return choice.Words(field).Last(word => word != "converted");
            case ReferenceValue:
                var refers = catalog.For(ResourceType.Of(field.Refers!));
                return (await Make(refers))["id"]!.GetValue<string>();
        }
        switch (kind.Name)
        {
            case "text" when field.Name == "slug":
                return $"{marker}-{Guid.NewGuid():N}"[..Math.Min(40, marker.Length + 33)].ToLowerInvariant();
            case "text" when path == "links.destination":
                return $"https://www.example.org/{marker}/{n}";
            case "text" when field.Name == "linkSchemes":
                return $"sampleapp{n}";
            case "secret":
                return Cut($"{Secret} {marker} {n}", field);
            case "text":
                return Cut(Text(field.Name), field);
            case "longText":
                return Cut(Text(field.Name) + "\nsecond line", field);
            case "email":
                return $"{marker}.{n}@example.org";
            case "phone":
                return $"+55119{40_000_000 + n}";
            case "url":
                return $"https://www.example.org/{marker}/{n}";
            case "origin":
                return $"https://{marker}-{n}.example.org";
            case "country":
                return "BR";
            case "currency":
                return "EUR";
            case "language":
                return "pt-BR";
            case "timeZone":
                return "America/Sao_Paulo";
            case "name":
                return $"{marker}_{n}";
            case "integer":
                return Math.Clamp(n, field.Min, field.Max == 0 ? long.MaxValue : field.Max);
            case "number":
                return n + 0.5m;
            case "boolean":
                return true;
            case "date":
                return new DateOnly(2026, 1, 1).AddDays(n).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            case "dateTime":
                return $"2030-01-02T03:04:{n % 60:00}.678Z";
            case "json":
                return new JsonObject { ["any"] = Text("json") };
            default:
                throw new InvalidOperationException($"Samples must be told what a value of kind {kind.Name} looks like ({path}).");
        }
    }

    /// <summary>What a caller may send of a value that was read: without the members that are read-only, which REST passes over and
    /// GraphQL's input types do not have.</summary>
    public static JsonNode? Writable(FieldKind kind, JsonNode? value) =>
        (kind, value) switch
        {
            (ListValue list, JsonArray items) => new JsonArray([.. items.Select(item => Writable(list.Item, item))]),
            (ObjectValue inner, JsonObject members) => new JsonObject(
                inner
                    .Type.Fields.Where(f => IsWritable(f) && members.ContainsKey(f.Name))
                    .Select(f => KeyValuePair.Create(f.Name, Writable(f.Kind, members[f.Name])))
            ),
            _ => value?.DeepClone(),
        };

    string Text(string what) => $"{marker} {what} {++number}";

    static string Cut(string text, Field field) =>
        field.Max > 0 && !field.IsMany && text.Length > field.Max ? text[^(int)field.Max..].Trim() : text;

    /// <summary>What a secret that is only written begins with.</summary>
    const string Secret = "secret-sample";

    static bool IsSecret(JsonNode? sent) =>
        sent is System.Text.Json.Nodes.JsonValue value
        && value.TryGetValue<string>(out var text)
        && text.StartsWith(Secret, StringComparison.Ordinal);

    /// <summary>Whether everything of <paramref name="sent"/> is in <paramref name="got"/>; what else is there does not matter.</summary>
    public static bool Covers(JsonNode? got, JsonNode? sent) =>
        (got, sent) switch
        {
            (JsonObject g, JsonObject s) => s.All(m => IsSecret(m.Value) ? !g.ContainsKey(m.Key) : Covers(g[m.Key], m.Value)),
            (JsonArray g, JsonArray s) => g.Count == s.Count && g.Zip(s).All(p => Covers(p.First, p.Second)),
            _ => JsonNode.DeepEquals(got, sent),
        };
}
