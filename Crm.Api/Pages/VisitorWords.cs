// What pages for strangers say that are not about one form's fields, in every language that forms speak.

using System.Globalization;
using Crm.Domain.Forms;

namespace Crm.Api.Pages;

/// <summary>The words of one language. <c>{0}</c> are minutes.</summary>
public sealed record VisitorWords
{
    public required string NotSent { get; init; }
    public required string TryAgain { get; init; }
    public required string Limited { get; init; }
    public required string FromYourNetwork { get; init; }
    public required string Unavailable { get; init; }
    public required string CannotAnswer { get; init; }
    public required string Closed { get; init; }
    public required string Expired { get; init; }
    public required string NotFound { get; init; }

    /// <summary>Before what the visitor had typed where there is no form any more to type it into.</summary>
    public required string Typed { get; init; }

    /// <summary>Above what was kept of it.</summary>
    public required string Sent { get; init; }

    /// <summary><c>{0}</c> is their address.</summary>
    public required string WeReply { get; init; }

    /// <summary>Before the name of a site.</summary>
    public required string BackTo { get; init; }
    public required string Privacy { get; init; }

    /// <summary>The first page: what this is, what it is for, and for whom the links are.</summary>
    public required string Here { get; init; }
    public required string WhatFor { get; init; }
    public required string ForTheTeam { get; init; }
    public required string Desk { get; init; }
    public required string Reports { get; init; }
    public required string Developers { get; init; }

    static readonly Dictionary<string, VisitorWords> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new()
        {
            NotSent = "Your message was not sent.",
            TryAgain = "Try again in {0} min.",
            Limited = "Wait a moment",
            FromYourNetwork = "Many messages came from your network.",
            Unavailable = "Back soon",
            CannotAnswer = "We cannot answer right now.",
            Closed = "This form is closed.",
            Expired = "This link has expired. Ask for a new one.",
            NotFound = "We cannot find this page. Check the address.",
            Typed = "What you wrote",
            Sent = "What you sent",
            WeReply = "We will reply to {0}.",
            BackTo = "Back to",
            Privacy = "Privacy",
            Here = "This is Crm",
            WhatFor = "Websites use this address for their forms and links. If one of them sent you here, go back and check the address.",
            ForTheTeam = "For the team, with an access key:",
            Desk = "Desk",
            Reports = "Reports",
            Developers = "Developers",
        },
        ["es"] = new()
        {
            NotSent = "Su mensaje no se ha enviado.",
            TryAgain = "Inténtelo de nuevo en {0} min.",
            Limited = "Espere un momento",
            FromYourNetwork = "Han llegado muchos mensajes desde su red.",
            Unavailable = "Volvemos pronto",
            CannotAnswer = "Ahora no podemos responder.",
            Closed = "Este formulario está cerrado.",
            Expired = "Este enlace ha caducado. Pida otro.",
            NotFound = "No encontramos esta página. Revise la dirección.",
            Typed = "Lo que escribió",
            Sent = "Lo que envió",
            WeReply = "Responderemos a {0}.",
            BackTo = "Volver a",
            Privacy = "Privacidad",
            Here = "Esto es Crm",
            WhatFor =
                "Hay sitios web que usan esta dirección para sus formularios y enlaces. Si llegó desde uno de ellos, vuelva y revise la dirección.",
            ForTheTeam = "Para el equipo, con una clave de acceso:",
            Desk = "Escritorio",
            Reports = "Informes",
            Developers = "Desarrolladores",
        },
        ["pt"] = new()
        {
            NotSent = "A sua mensagem não foi enviada.",
            TryAgain = "Tente de novo daqui a {0} min.",
            Limited = "Aguarde um momento",
            FromYourNetwork = "Chegaram muitas mensagens da sua rede.",
            Unavailable = "Voltamos já",
            CannotAnswer = "Não podemos responder agora.",
            Closed = "Este formulário está fechado.",
            Expired = "Este link expirou. Peça outro.",
            NotFound = "Não encontramos esta página. Verifique o endereço.",
            Typed = "O que escreveu",
            Sent = "O que enviou",
            WeReply = "Vamos responder para {0}.",
            BackTo = "Voltar para",
            Privacy = "Privacidade",
            Here = "Isto é o Crm",
            WhatFor =
                "Há sites que usam este endereço para os seus formulários e links. Se veio de um deles, volte e verifique o endereço.",
            ForTheTeam = "Para a equipa, com uma chave de acesso:",
            Desk = "Secretária",
            Reports = "Relatórios",
            Developers = "Programadores",
        },
        ["fr"] = new()
        {
            NotSent = "Votre message n’a pas été envoyé.",
            TryAgain = "Réessayez dans {0} min.",
            Limited = "Patientez un instant",
            FromYourNetwork = "Beaucoup de messages viennent de votre réseau.",
            Unavailable = "De retour bientôt",
            CannotAnswer = "Nous ne pouvons pas répondre pour l’instant.",
            Closed = "Ce formulaire est fermé.",
            Expired = "Ce lien a expiré. Demandez-en un autre.",
            NotFound = "Page introuvable. Vérifiez l’adresse.",
            Typed = "Ce que vous avez écrit",
            Sent = "Ce que vous avez envoyé",
            WeReply = "Nous répondrons à {0}.",
            BackTo = "Retour à",
            Privacy = "Confidentialité",
            Here = "Voici Crm",
            WhatFor =
                "Des sites utilisent cette adresse pour leurs formulaires et leurs liens. Si vous venez de l’un d’eux, revenez en arrière et vérifiez l’adresse.",
            ForTheTeam = "Pour l’équipe, avec une clé d’accès :",
            Desk = "Bureau",
            Reports = "Rapports",
            Developers = "Développeurs",
        },
        ["de"] = new()
        {
            NotSent = "Ihre Nachricht wurde nicht gesendet.",
            TryAgain = "Versuchen Sie es in {0} Min. noch einmal.",
            Limited = "Einen Moment bitte",
            FromYourNetwork = "Aus Ihrem Netz kamen viele Nachrichten.",
            Unavailable = "Gleich wieder da",
            CannotAnswer = "Wir können gerade nicht antworten.",
            Closed = "Dieses Formular ist geschlossen.",
            Expired = "Dieser Link ist abgelaufen. Bitten Sie um einen neuen.",
            NotFound = "Diese Seite gibt es nicht. Prüfen Sie die Adresse.",
            Typed = "Was Sie geschrieben haben",
            Sent = "Was Sie gesendet haben",
            WeReply = "Wir antworten an {0}.",
            BackTo = "Zurück zu",
            Privacy = "Datenschutz",
            Here = "Das ist Crm",
            WhatFor =
                "Websites nutzen diese Adresse für ihre Formulare und Links. Wenn Sie von einer kommen, gehen Sie zurück und prüfen Sie die Adresse.",
            ForTheTeam = "Für das Team, mit einem Zugangsschlüssel:",
            Desk = "Schreibtisch",
            Reports = "Berichte",
            Developers = "Entwickler",
        },
        ["it"] = new()
        {
            NotSent = "Il messaggio non è stato inviato.",
            TryAgain = "Riprovi tra {0} min.",
            Limited = "Attenda un momento",
            FromYourNetwork = "Dalla Sua rete sono arrivati molti messaggi.",
            Unavailable = "Torniamo presto",
            CannotAnswer = "Al momento non possiamo rispondere.",
            Closed = "Questo modulo è chiuso.",
            Expired = "Questo link è scaduto. Ne chieda un altro.",
            NotFound = "Questa pagina non si trova. Controlli l’indirizzo.",
            Typed = "Che cosa ha scritto",
            Sent = "Che cosa ha inviato",
            WeReply = "Risponderemo a {0}.",
            BackTo = "Torna a",
            Privacy = "Privacy",
            Here = "Questo è Crm",
            WhatFor =
                "Alcuni siti usano questo indirizzo per i loro moduli e link. Se viene da uno di essi, torni indietro e controlli l’indirizzo.",
            ForTheTeam = "Per il team, con una chiave di accesso:",
            Desk = "Scrivania",
            Reports = "Rapporti",
            Developers = "Sviluppatori",
        },
        ["nl"] = new()
        {
            NotSent = "Uw bericht is niet verzonden.",
            TryAgain = "Probeer het over {0} min. opnieuw.",
            Limited = "Een ogenblik geduld",
            FromYourNetwork = "Er kwamen veel berichten van uw netwerk.",
            Unavailable = "Zo weer terug",
            CannotAnswer = "We kunnen nu niet antwoorden.",
            Closed = "Dit formulier is gesloten.",
            Expired = "Deze link is verlopen. Vraag om een nieuwe.",
            NotFound = "Deze pagina is er niet. Controleer het adres.",
            Typed = "Wat u schreef",
            Sent = "Wat u stuurde",
            WeReply = "We antwoorden naar {0}.",
            BackTo = "Terug naar",
            Privacy = "Privacy",
            Here = "Dit is Crm",
            WhatFor =
                "Websites gebruiken dit adres voor hun formulieren en links. Komt u van een daarvan, ga dan terug en controleer het adres.",
            ForTheTeam = "Voor het team, met een toegangssleutel:",
            Desk = "Bureau",
            Reports = "Rapporten",
            Developers = "Ontwikkelaars",
        },
    };

    /// <summary>The words for a language tag; English where we speak no better.</summary>
    public static VisitorWords For(string tag) => All.GetValueOrDefault(FormLanguages.Primary(tag)) ?? All["en"];

    /// <summary>Those that have words.</summary>
    public static IEnumerable<string> Languages => All.Keys;

    /// <summary>In the form's language; without one in the first of the browser's languages that we speak.</summary>
    /// <param name="language">What the page is then written in.</param>
    public static VisitorWords For(HttpContext http, string? formLanguage, out string language)
    {
        language = formLanguage
            ?? http.Request.GetTypedHeaders()
                .AcceptLanguage.Where(one => one.Quality is not 0)
                .OrderByDescending(one => one.Quality ?? 1)
                .Select(one => FormLanguages.Primary(one.Value.ToString()).ToLowerInvariant())
                .FirstOrDefault(All.ContainsKey)
            ?? "en";
        return For(language);
    }

    /// <summary>Why nothing could be done, what became of the message, and when to come again.</summary>
    public IEnumerable<string> About(bool limited, bool afterPost, int seconds)
    {
        yield return limited ? FromYourNetwork : CannotAnswer;
        if (afterPost)
            yield return NotSent;
        yield return string.Format(CultureInfo.InvariantCulture, TryAgain, Math.Max(1, (seconds + 59) / 60));
    }
}
