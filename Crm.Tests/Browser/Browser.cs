// What browser tests share: one Chromium, a website of another origin whose pages post to the product, and a slow proxy before it.

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

namespace Crm.Tests.InBrowser;

/// <summary>One browser for all tests of the collection; each test opens a tab with cookies, cache and storage of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // The headless browser says so in its name, and a real visitor's does not.
    const string UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

    /// <summary>Milliseconds; a busy machine is no failure.</summary>
    const float Patience = 60_000;

    IPlaywright? playwright;
    IBrowser? browser;

    public async Task InitializeAsync()
    {
        if (Needs.Chromium.Missing is not null)
            return;
        Assertions.SetDefaultExpectTimeout(Patience);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Needs.ChromiumPath,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    // Names of a LAN: to a browser plain http there is another thing than on localhost.
                    "--host-resolver-rules=MAP *.test 127.0.0.1",
                ],
            }
        );
    }

    public async Task DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        playwright?.Dispose();
    }

    /// <param name="script">Whether pages may run script.</param>
    /// <param name="width">Of the window, in CSS pixels.</param>
    public async Task<Tab> Open(bool script = true, int width = 1280, bool dark = false)
    {
        var context = await browser!.NewContextAsync(
            new()
            {
                UserAgent = UserAgent,
                Locale = "en-GB",
                JavaScriptEnabled = script,
                ViewportSize = new() { Width = width, Height = 800 },
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                ReducedMotion = ReducedMotion.Reduce,
            }
        );
        context.SetDefaultTimeout(Patience);
        context.SetDefaultNavigationTimeout(Patience);
        return new(context, await context.NewPageAsync());
    }
}

/// <summary>A tab that remembers what its pages asked for and what went wrong in them.</summary>
public sealed class Tab : IAsyncDisposable
{
    readonly IBrowserContext context;

    public Tab(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.Request += (_, request) => Requests.Enqueue(request.Url);
        page.PageError += (_, error) => Errors.Enqueue(error);
        page.Console += (_, message) =>
        {
            // The browser reports every answer of 400 and more as an error of the page; a page of ours may well have such a status.
            if (
                message.Type is "error" or "warning"
                && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)
            )
                Errors.Enqueue(message.Text);
        };
        page.Dialog += async (_, dialog) =>
        {
            Dialogs.Enqueue(dialog.Message);
            await dialog.DismissAsync();
        };
    }

    public IPage Page { get; }
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What a visitor's console would show: errors of scripts, refused content, blocked requests.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    public ConcurrentQueue<string> Dialogs { get; } = new();

    public Task<IResponse?> GoTo(Uri address) => Page.GotoAsync(address.ToString());

    /// <summary>Lets the browser fill in a form as it does for a visitor who picks the address that it remembers: which field gets
    /// what, and which none, is the browser's decision.</summary>
    /// <param name="from">The field that the visitor clicked into.</param>
    /// <returns>The names of the fields that got a value.</returns>
    public async Task<string[]> Autofill(string from, params (string Type, string Value)[] address)
    {
        var session = await context.NewCDPSessionAsync(Page);
        var filled = new TaskCompletionSource<string[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Event("Autofill.addressFormFilled").OnEvent += (_, message) =>
            filled.TrySetResult([
                .. message!
                    .Value.GetProperty("filledFields")
                    .EnumerateArray()
                    .Where(field => field.GetProperty("value").GetString() != "")
                    .Select(field => field.GetProperty("name").GetString()!),
            ]);
        await session.SendAsync("Autofill.enable");
        var root = (await session.SendAsync("DOM.getDocument"))!.Value.GetProperty("root").GetProperty("nodeId").GetInt32();
        var field = (await session.SendAsync("DOM.querySelector", new() { ["nodeId"] = root, ["selector"] = $"[name={from}]" }))!.Value;
        var node = (
            await session.SendAsync("DOM.describeNode", new() { ["nodeId"] = field.GetProperty("nodeId").GetInt32() })
        )!.Value.GetProperty("node");
        var frame = (await session.SendAsync("Page.getFrameTree"))!
            .Value.GetProperty("frameTree")
            .GetProperty("frame")
            .GetProperty("id")
            .GetString()!;
        var fields = address.Select(part => new Dictionary<string, object> { ["name"] = part.Type, ["value"] = part.Value }).ToArray();
        // The browser looks at a new form a moment after it is there, and fills nothing before.
        for (var tries = 0; !filled.Task.IsCompleted && tries < 120; tries++)
        {
            try
            {
                await session.SendAsync(
                    "Autofill.trigger",
                    new()
                    {
                        ["fieldId"] = node.GetProperty("backendNodeId").GetInt32(),
                        ["frameId"] = frame,
                        ["address"] = new Dictionary<string, object> { ["fields"] = fields },
                    }
                );
            }
            catch (PlaywrightException) when (tries < 119) { }
            await Task.WhenAny(filled.Task, Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System));
        }
        return await filled.Task.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System);
    }

    /// <summary>The addresses asked for that are not of this origin.</summary>
    public IEnumerable<string> RequestsOutside(Uri own) =>
        Requests.Where(r => new Uri(r) is var url && url.Scheme is "http" or "https" && url.Authority != own.Authority);

    public ValueTask DisposeAsync() => context.DisposeAsync();
}

/// <summary>A website of somebody else: another port, and a host name that is not the product's either, so that browsers see another
/// site.</summary>
public sealed class OtherSite : IAsyncLifetime
{
    readonly ConcurrentDictionary<string, (string Type, byte[] Bytes)> pages = new();
    WebApplication? app;

    public string Origin { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        app = await TestWeb.Start(http =>
        {
            if (!pages.TryGetValue(http.Request.Path, out var page))
            {
                http.Response.StatusCode = 404;
                return Task.CompletedTask;
            }
            http.Response.ContentType = page.Type;
            return http.Response.Body.WriteAsync(page.Bytes, http.RequestAborted).AsTask();
        });
        Origin = $"http://localhost:{TestWeb.AddressOf(app).Port}";
    }

    public async Task DisposeAsync() => await app!.DisposeAsync();

    /// <summary>Puts a page on the site, at an address of its own.</summary>
    /// <param name="encoding">Old websites say theirs in the page and not in the answer's header, as here.</param>
    public Uri Add(string body, string title = "Another site", string head = "", Encoding? encoding = null)
    {
        var path = $"/{pages.Count}-{Guid.NewGuid():n}";
        var charset = (encoding ?? Encoding.UTF8).WebName;
        pages[path] = (
            encoding is null ? "text/html; charset=utf-8" : "text/html",
            (encoding ?? Encoding.UTF8).GetBytes(
                $"<!doctype html><html lang=\"en\"><head><meta charset=\"{charset}\"><link rel=\"icon\" href=\"data:,\"><title>{title}</title>{head}</head><body>{body}</body></html>"
            )
        );
        return new(Origin + path);
    }
}

/// <summary>Stands before the product and passes everything on at once, but holds the answers to posts back: a slow network as the visitor
/// feels it.</summary>
public sealed class SlowProxy : IAsyncDisposable
{
    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly WebApplication app;
    int posts;

    SlowProxy(WebApplication app) => this.app = app;

    public static async Task<SlowProxy> Before(Uri product)
    {
        SlowProxy? proxy = null;
        var app = await TestWeb.Start(context => proxy!.Pass(context, product));
        return proxy = new(app);
    }

    public Uri Address => TestWeb.AddressOf(app);

    /// <summary>Posts that the product has answered; the visitor may still be waiting.</summary>
    public int Posts => Volatile.Read(ref posts);

    public void Release() => released.TrySetResult();

    async Task Pass(HttpContext context, Uri product)
    {
        var from = context.Request;
        using var request = new HttpRequestMessage(new(from.Method), new Uri(product, from.Path + from.QueryString));
        if (from.ContentLength > 0)
        {
            using var body = new MemoryStream();
            await from.Body.CopyToAsync(body);
            request.Content = new ByteArrayContent(body.ToArray());
        }
        foreach (var (name, value) in from.Headers)
            if (!request.Headers.TryAddWithoutValidation(name, value.ToArray()))
                request.Content?.Headers.TryAddWithoutValidation(name, value.ToArray());
        using var answer = await http.SendAsync(request);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (HttpMethods.IsPost(from.Method))
        {
            Interlocked.Increment(ref posts);
            await released.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        }
        if (context.RequestAborted.IsCancellationRequested)
            return;
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, value) in answer.Headers.Concat(answer.Content.Headers))
            if (name is not "Transfer-Encoding")
                context.Response.Headers[name] = value.ToArray();
        await context.Response.Body.WriteAsync(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        http.Dispose();
        await app.DisposeAsync();
    }
}

static class TestWeb
{
    public static async Task<WebApplication> Start(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}

/// <summary>The product that the pages are opened of.</summary>
public sealed class BrowsedServer : IAsyncLifetime
{
    public CrmServer Server { get; } = new(null);

    public Task InitializeAsync() => Server.InitializeAsync();

    public Task DisposeAsync() => Server.DisposeAsync();
}

[CollectionDefinition(nameof(Chromium))]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>, ICollectionFixture<BrowsedServer>, ICollectionFixture<OtherSite>;

/// <summary>Where pictures are left for people who want to look: CRM_TEST_PICTURES names a folder.</summary>
static class Pictures
{
    public static string? Folder { get; } =
        Environment.GetEnvironmentVariable("CRM_TEST_PICTURES") is { Length: > 0 } folder
            ? Directory.CreateDirectory(folder).FullName
            : null;
}

/// <summary>What the tests ask the product afterwards.</summary>
static class Afterwards
{
    /// <summary>The kept entries of a form, oldest first, as soon as there are that many; a beacon comes when it comes.</summary>
    public static async Task<List<JsonNode>> Submissions(this TestWorkspace workspace, JsonNode form, int expected)
    {
        List<JsonNode> rows = [];
        for (var tries = 0; tries < 600; tries++)
        {
            rows = await workspace.All($"/v1/submissions?form={form["id"]}&sort=createdAt");
            if (rows.Count >= expected)
                break;
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        rows.Should().HaveCount(expected);
        return rows;
    }

    /// <summary>Waits until the page's address ends so. Asked again and again: Playwright's own waiting misses an arrival between its look
    /// and its wait.</summary>
    public static Task LandsOn(this IPage page, string end) => Assertions.Expect(page).ToHaveURLAsync(new Regex(Regex.Escape(end) + "$"));

    public static string Verdict(this JsonNode submission) =>
        submission["reason"] is { } reason ? $"{submission["verdict"]} {reason}" : submission["verdict"]!.GetValue<string>();

    public static string Text(this JsonNode node, string name) => node[name]?.ToString() ?? "";

    /// <summary>The address of the form's hosted page.</summary>
    public static Uri Hosted(this CrmServer server, JsonNode form, string more = "") => new(server.Address, $"/forms/{form["key"]}{more}");

    /// <summary>Where the form's posts go.</summary>
    public static Uri Target(this CrmServer server, JsonNode form) => new(server.Address, $"/f/{form["key"]}");

    /// <summary>As text between tags or in an attribute.</summary>
    public static string Encoded(string text) =>
        new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace("\"", "&quot;").ToString();
}
