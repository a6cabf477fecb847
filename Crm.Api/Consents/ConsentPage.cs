// GET /consents/{token} shows what a person agreed to, with a button; POST withdraws it. Opening the address does nothing: scanners of mail
// open every one.

using System.Text;
using Crm.Api.Pages;
using Crm.Api.Security;
using Crm.Domain.Consents;
using Crm.Domain.Forms;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Api.Consents;

public static class ConsentPage
{
    static readonly ResourceType Receipts = ResourceType.Of<ConsentReceipt>();

    public static void Map(WebApplication app)
    {
        app.MapMethods("/consents/{token}", ["GET", "HEAD"], http => Answer(http, withdraws: false))
            .WithMetadata(new PublicConsent(), new ForVisitors())
            .RequireRateLimiting(Doors.Open);
        app.MapMethods("/consents/{token}", ["POST"], http => Answer(http, withdraws: true))
            .WithMetadata(new PublicConsent(), new ForVisitors())
            .RequireRateLimiting(Doors.Open);
    }

    static async Task Answer(HttpContext http, bool withdraws)
    {
        http.Response.Headers.CacheControl = "no-store";
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var token = ConsentToken.Read(installation.Seal(ConsentToken.Purpose), http.Request.RouteValues["token"] as string);
        if (token is null || await Find(installation, token, http.RequestAborted) is not var (settings, receipt))
        {
            await VisitorPages.NotFound(http);
            return;
        }
        if (withdraws)
            receipt = await Withdrawn(installation, settings, receipt, http.RequestAborted);
        await Page(http, settings, receipt, await FormOf(settings, receipt, http.RequestAborted)).Write(http, StatusCodes.Status200OK);
    }

    static async ValueTask<(WorkspaceSettings, ConsentReceipt)?> Find(
        Installation installation,
        ConsentToken token,
        CancellationToken cancel
    )
    {
        var settings = await installation.Settings.Workspace(token.Workspace, cancel);
        return await settings.Store.Get(Receipts.Collection, token.Consent, cancel) is { } row
            ? (settings, Receipts.FromRow<ConsentReceipt>(row))
            : null;
    }

    static ValueTask<ConsentReceipt> Withdrawn(
        Installation installation,
        WorkspaceSettings settings,
        ConsentReceipt receipt,
        CancellationToken cancel
    ) =>
        CommitLoop.Run<ConsentReceipt>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, receipt.Id.Text<ConsentReceipt>());
                var now = await work.Get<ConsentReceipt>(receipt.Id, cancel);
                var after = await KeepConsent.Withdraw(work, now, ConsentMethod.Link, cancel);
                return (after.Version == now.Version ? null : work, after);
            },
            cancel
        );

    static async ValueTask<Form?> FormOf(WorkspaceSettings settings, ConsentReceipt receipt, CancellationToken cancel)
    {
        var forms = ResourceType.Of<Form>();
        return receipt.Form is { } id && await settings.Store.Get(forms.Collection, id, cancel) is { } row
            ? forms.FromRow<Form>(row)
            : null;
    }

    static VisitorPage Page(HttpContext http, WorkspaceSettings settings, ConsentReceipt receipt, Form? form)
    {
        VisitorWords.For(http, receipt.Language, out var language);
        var words = ConsentWords.For(language);
        var site = VisitorPages.SiteOf(settings, site => site.Id == form?.Site);
        var (title, means) = receipt.CanBeWithdrawn ? (words.Ask, words.Means) : (words.Done, words.DoneMeans);
        var page = new VisitorPage(title, language, site).Say(title, means);
        if (receipt.Text is { Length: > 0 } text)
            page.Add(
                new StringBuilder("<section class=\"field\"><h2>")
                    .Append(VisitorPage.Text(words.Agreed))
                    .Append("</h2><p class=\"text\"><bdi>")
                    .Append(VisitorPage.Text(text))
                    .Append("</bdi></p></section>")
                    .ToString()
            );
        return receipt.CanBeWithdrawn
            ? page.Add($"<form method=\"post\"><button class=\"b go\">{VisitorPage.Text(words.Button)}</button></form>")
            : page.AddWayBack();
    }
}
