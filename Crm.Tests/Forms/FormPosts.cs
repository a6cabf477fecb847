// Posts of any shape to a form, and the entries and leads they leave: what the tests of form intake share.

using System.Text;
using System.Text.Json.Nodes;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Tests.Forms;

static class FormPosts
{
    public const string AcceptsHtml = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    /// <summary>Posts a body as it is; JSON is asked for unless another Accept is among the headers.</summary>
    public static async Task<Reply> PostBody(
        this TestWorkspace workspace,
        JsonNode form,
        HttpContent body,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/f/{form["key"]}") { Content = body };
        if (!headers.Any(h => h.Name == "Accept"))
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await workspace.Server.Http.SendAsync(request);
        return await Reply.Of(response);
    }

    public static Task<Reply> PostBody(
        this TestWorkspace workspace,
        JsonNode form,
        string body,
        string? contentType,
        params (string Name, string Value)[] headers
    ) => workspace.PostBody(form, Body(Encoding.UTF8.GetBytes(body), contentType), headers);

    public static HttpContent Body(byte[] bytes, string? contentType, string? encoding = null)
    {
        var content = new ByteArrayContent(bytes);
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        return content;
    }

    /// <summary>Posts the form as a browser without script does.</summary>
    public static Task<Reply> SubmitPage(
        this TestWorkspace workspace,
        JsonNode form,
        object fields,
        params (string Name, string Value)[] headers
    ) => workspace.Submit(form, fields, [("Accept", AcceptsHtml), .. headers]);

    /// <summary>The kept entry of a receipt.</summary>
    public static async Task<JsonNode> Entry(this TestWorkspace workspace, Reply receipt)
    {
        receipt.Status.Should().Be(201, receipt.Text);
        return (await workspace.Get($"/v1/submissions/{receipt["id"]}")).Json!;
    }

    /// <summary>The entry that was made last.</summary>
    public static async Task<JsonNode> LastEntry(this TestWorkspace workspace) =>
        (await workspace.Get("/v1/submissions?limit=1")).Data.Single()!;

    public static async Task<JsonNode> Entry(this TestWorkspace workspace, JsonNode entry) =>
        (await workspace.Get($"/v1/submissions/{entry["id"]}")).Json!;

    /// <summary>The one lead with this e-mail address, with its proposals.</summary>
    public static async Task<JsonNode> LeadOf(this TestWorkspace workspace, string email) =>
        await workspace.WithProposals(
            (await workspace.Get($"/v1/leads?email={Uri.EscapeDataString(email)}"))
                .Data.Should()
                .ContainSingle($"{email} is one person")
                .Subject!
        );

    /// <summary>The lead with its proposals.</summary>
    public static async Task<JsonNode> Lead(this TestWorkspace workspace, JsonNode? id) =>
        await workspace.WithProposals((await workspace.Get($"/v1/leads/{id}")).Json!);

    /// <summary>A lead with its open proposals as a member <c>proposedChanges</c>, the oldest first; it counts them itself.</summary>
    public static async Task<JsonNode> WithProposals(this TestWorkspace workspace, JsonNode lead)
    {
        if (lead["proposedChangeCount"] is not { } count)
            return lead;
        var rows =
            count.GetValue<long>() == 0 ? [] : await workspace.All($"/v1/proposed-changes?lead={lead["id"]}&status=open&sort=createdAt");
        rows.Should().HaveCount((int)count.GetValue<long>(), "the lead counts its proposals");
        lead["proposedChanges"] = new JsonArray([
            .. rows.Select(row => new JsonObject(
                new[] { "id", "field", "value", "by", "at" }.Select(name => KeyValuePair.Create(name, row[name]?.DeepClone()))
            )),
        ]);
        return lead;
    }

    public static async Task<JsonNode> Changed(this TestWorkspace workspace, JsonNode form, object change)
    {
        var changed = await workspace.Patch($"/v1/forms/{form["id"]}", change);
        changed.Status.Should().Be(200, changed.Text);
        return changed.Json!;
    }

    public static string S(this JsonNode node, string name) => node[name]?.ToString() ?? "";

    /// <summary>The proposed changes of a lead as <c>field=value</c>.</summary>
    public static IReadOnlyList<string> Proposals(this JsonNode lead) =>
        [.. lead["proposedChanges"]!.AsArray().Select(c => $"{c!["field"]}={c["value"]}")];

    public static IReadOnlyList<string> Texts(this JsonNode? list) => [.. list!.AsArray().Select(v => v!.ToString())];

    /// <summary>A signed time as our hosted page of this form would have carried it so long ago.</summary>
    public static async Task<string> Token(this CrmServer server, string formKey, TimeSpan ago)
    {
        var installation = server.Services.GetRequiredService<Installation>();
        var secrets = ResourceType.Of<InstallationSecret>();
        var rows = installation.Store.Open(WorkspaceKey.Installation);
        var id = await rows.FindByKey(secrets.Collection, "purpose", "fill-time", default);
        var row = await rows.Get(secrets.Collection, id!.Value, default);
        return new FillTime(new(Convert.FromBase64String(secrets.FromRow<InstallationSecret>(row!.Value).Value)), new Earlier(ago)).Token(
            formKey
        );
    }

    sealed class Earlier(TimeSpan ago) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - ago;
    }
}
