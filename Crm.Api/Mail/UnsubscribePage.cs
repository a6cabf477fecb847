// /u/{token}: whoever wants no more mails says so here. A look at the page changes nothing, for programs look at every link of a mail.

using Crm.Api.Pages;
using Crm.Api.Security;
using Crm.Domain.Mail;
using Crm.Domain.Work;

namespace Crm.Api.Mail;

public static class UnsubscribePage
{
    public static void Map(WebApplication app)
    {
        app.MapMethods("/u/{token}", ["GET", "HEAD"], Show)
            .WithMetadata(new ForVisitors(), new PublicMail())
            .RequireRateLimiting(Doors.Page);
        app.MapPost("/u/{token}", Take).WithMetadata(new ForVisitors(), new PublicMail()).RequireRateLimiting(Doors.Page);
    }

    static async Task Show(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (Read(http) is not { } token || await Known(http, token) is not { } message)
        {
            await VisitorPages.NotFound(http);
            return;
        }
        var words = UnsubscribeWords.For(http, message.Language, out var language);
        await new VisitorPage(words.Title, language, null)
            .Say(words.Title, words.Asks)
            // Its address is its own: the token stands there already.
            .Add($"<form method=\"post\"><button class=\"b go\" type=\"submit\">{VisitorPage.Text(words.Button)}</button></form>")
            .Write(http, StatusCodes.Status200OK);
    }

    /// <summary>The button, and a mail program's one click (RFC 8058), whatever its body says.</summary>
    static async Task Take(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var installation = http.RequestServices.GetRequiredService<Installation>();
        // Done even if whoever clicked does not wait for the answer.
        if (Read(http) is not { } token || !await Unsubscribe.Run(installation, token, CancellationToken.None))
        {
            await VisitorPages.NotFound(http);
            return;
        }
        if (!ForVisitors.WantsPage(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.ContentType = "text/plain; charset=utf-8";
            await http.Response.WriteAsync("Unsubscribed.\n", http.RequestAborted);
            return;
        }
        var message = await Known(http, token);
        var words = UnsubscribeWords.For(http, message?.Language, out var language);
        await new VisitorPage(words.Done, language, null).Say(words.Done, words.Means).Write(http, StatusCodes.Status200OK);
    }

    static MailToken? Read(HttpContext http) =>
        MailToken.Read(http.RequestServices.GetRequiredService<Installation>(), http.Request.RouteValues["token"] as string);

    static async Task<Message?> Known(HttpContext http, MailToken token)
    {
        var installation = http.RequestServices.GetRequiredService<Installation>();
        var settings = await installation.Settings.Workspace(token.Workspace, http.RequestAborted);
        return await new UnitOfWork(installation, settings, "visitor").Find<Message>(token.Message, http.RequestAborted);
    }
}

/// <summary>What the pages of mails say.</summary>
public sealed record UnsubscribeWords(string Title, string Asks, string Button, string Done, string Means)
{
    static readonly Dictionary<string, UnsubscribeWords> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new(
            "Get no more mails?",
            "Then we send nothing more to this address.",
            "Unsubscribe",
            "You get no more mails.",
            "We send nothing more to this address."
        ),
        ["es"] = new(
            "¿No quiere recibir más correos?",
            "Entonces no enviaremos nada más a esta dirección.",
            "Darse de baja",
            "No recibirá más correos.",
            "No enviaremos nada más a esta dirección."
        ),
        ["pt"] = new(
            "Não quer receber mais mensagens?",
            "Nesse caso não enviamos mais nada para este endereço.",
            "Cancelar a subscrição",
            "Não vai receber mais mensagens.",
            "Não enviamos mais nada para este endereço."
        ),
        ["fr"] = new(
            "Ne plus recevoir de messages ?",
            "Nous n’enverrons alors plus rien à cette adresse.",
            "Se désabonner",
            "Vous ne recevrez plus de messages.",
            "Nous n’envoyons plus rien à cette adresse."
        ),
        ["de"] = new(
            "Keine Nachrichten mehr erhalten?",
            "Dann senden wir nichts mehr an diese Adresse.",
            "Abmelden",
            "Sie erhalten keine Nachrichten mehr.",
            "Wir senden nichts mehr an diese Adresse."
        ),
        ["it"] = new(
            "Non vuole più ricevere messaggi?",
            "Allora non invieremo più nulla a questo indirizzo.",
            "Annulla l’iscrizione",
            "Non riceverà più messaggi.",
            "Non inviamo più nulla a questo indirizzo."
        ),
        ["nl"] = new(
            "Geen berichten meer ontvangen?",
            "Dan sturen wij niets meer naar dit adres.",
            "Afmelden",
            "U ontvangt geen berichten meer.",
            "Wij sturen niets meer naar dit adres."
        ),
    };

    /// <summary>In the language of the mail, else the browser's.</summary>
    public static UnsubscribeWords For(HttpContext http, string? mail, out string language)
    {
        language = MailLanguage.Of(All.Keys, [mail, .. MailLanguage.Accepted(http.Request.Headers.AcceptLanguage)]);
        return All[language];
    }
}
