// What the hosted pages say themselves, in the languages they speak; a form's own words come from the form.

using Crm.Domain.Forms;

namespace Crm.Api.Forms;

/// <summary>The words of one language. <c>{0}</c> and <c>{1}</c> are numbers.</summary>
public sealed record FormWords
{
    public required string Send { get; init; }
    public required string Optional { get; init; }
    public required string Needed { get; init; }
    public required string LeaveEmpty { get; init; }
    public required string Error { get; init; }
    public required string ThereIsAProblem { get; init; }
    public required string ThankYou { get; init; }

    /// <summary>Below that, where the form says nothing of its own.</summary>
    public required string Arrived { get; init; }
    public required string NotSentYet { get; init; }

    public required string FillIn { get; init; }

    /// <summary>Of a value that is wrong in a way that has no sentence of its own.</summary>
    public required string Check { get; init; }

    /// <summary>Of a whole post.</summary>
    public required string NotRead { get; init; }

    /// <summary>What is wrong is not the visitor's to mend.</summary>
    public required string OwnFault { get; init; }
    public required string ChooseOne { get; init; }
    public required string ChooseSome { get; init; }
    public required string Tick { get; init; }
    public required string Between { get; init; }
    public required string AtLeast { get; init; }
    public required string AtMost { get; init; }

    /// <summary>Sentences for problems by their code. <c>{0}</c> is a phone number as people write it there.</summary>
    public required Dictionary<string, string> ByCode { get; init; }

    static readonly FormWords English = new()
    {
        Send = "Send",
        Optional = "optional",
        Needed = "needed",
        LeaveEmpty = "Leave this empty",
        Error = "Error",
        ThereIsAProblem = "There is a problem",
        ThankYou = "Thank you",
        Arrived = "Your message has arrived.",
        NotSentYet = "Nothing has been sent yet. Please press the button at the end of this page.",
        FillIn = "Fill this in.",
        Check = "Check this field.",
        NotRead = "We could not read your message. Check it and send it again.",
        OwnFault = "Something on this page is not right. Go back to where you came from and try again.",
        ChooseOne = "Please choose one.",
        ChooseSome = "Please choose at least one.",
        Tick = "Please tick this box.",
        Between = "Must be between {0} and {1}.",
        AtLeast = "Must be at least {0}.",
        AtMost = "Must be at most {1}.",
        ByCode = new()
        {
            ["invalid_email"] = "Enter a full address, like ana@example.org.",
            ["invalid_phone"] = "Enter a number with area code, like {0}.",
            ["invalid_url"] = "Enter a full address, like https://www.example.org.",
            ["invalid_date"] = "Enter a date, like 2026-11-22.",
            ["wrong_type"] = "Enter a number, like 12 or 12.5.",
            ["too_long"] = "This text is too long.",
            ["not_a_choice"] = "Choose one of the answers.",
            ["origin_not_allowed"] = "This form cannot be sent from the page before. Send it from here.",
            ["duplicate_submission"] = "You have sent this form before. We have your message.",
        },
    };

    static readonly Dictionary<string, FormWords> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = English,
        ["pt"] = new()
        {
            Send = "Enviar",
            Optional = "opcional",
            Needed = "obrigatório",
            LeaveEmpty = "Deixe vazio",
            Error = "Erro",
            ThereIsAProblem = "Há um problema",
            ThankYou = "Obrigado",
            Arrived = "Recebemos a sua mensagem.",
            NotSentYet = "Ainda não foi enviado nada. Use o botão no fim desta página.",
            FillIn = "Preencha este campo.",
            Check = "Verifique este campo.",
            NotRead = "Não conseguimos ler a sua mensagem. Verifique-a e envie-a de novo.",
            OwnFault = "Há algo errado nesta página. Volte à página anterior e tente de novo.",
            ChooseOne = "Escolha uma opção.",
            ChooseSome = "Escolha pelo menos uma opção.",
            Tick = "Marque esta caixa.",
            Between = "Deve estar entre {0} e {1}.",
            AtLeast = "Deve ser pelo menos {0}.",
            AtMost = "Deve ser no máximo {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Escreva um e-mail completo, como ana@example.org.",
                ["invalid_phone"] = "Escreva um número com código de área, como {0}.",
                ["invalid_url"] = "Escreva um endereço completo, como https://www.example.org.",
                ["invalid_date"] = "Escreva uma data como 2026-11-22.",
                ["wrong_type"] = "Escreva um número, como 12 ou 12.5.",
                ["too_long"] = "Este texto é longo demais.",
                ["not_a_choice"] = "Escolha uma das opções.",
                ["origin_not_allowed"] = "A página anterior não pode enviar este formulário. Envie-o daqui.",
                ["duplicate_submission"] = "Já enviou este formulário. Temos a sua mensagem.",
            },
        },
        ["es"] = new()
        {
            Send = "Enviar",
            Optional = "opcional",
            Needed = "obligatorio",
            LeaveEmpty = "Deje esto vacío",
            Error = "Error",
            ThereIsAProblem = "Hay un problema",
            ThankYou = "Gracias",
            Arrived = "Hemos recibido su mensaje.",
            NotSentYet = "Todavía no se ha enviado nada. Pulse el botón al final de esta página.",
            FillIn = "Rellene este campo.",
            Check = "Revise este campo.",
            NotRead = "No hemos podido leer su mensaje. Revíselo y envíelo de nuevo.",
            OwnFault = "Hay algo mal en esta página. Vuelva a la anterior e inténtelo de nuevo.",
            ChooseOne = "Elija una opción.",
            ChooseSome = "Elija al menos una opción.",
            Tick = "Marque esta casilla.",
            Between = "Debe estar entre {0} y {1}.",
            AtLeast = "Debe ser al menos {0}.",
            AtMost = "Debe ser como máximo {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Escriba un correo completo, como ana@example.org.",
                ["invalid_phone"] = "Escriba un teléfono con prefijo, como {0}.",
                ["invalid_url"] = "Escriba una dirección completa, como https://www.example.org.",
                ["invalid_date"] = "Escriba una fecha como 2026-11-22.",
                ["wrong_type"] = "Escriba un número, como 12 o 12.5.",
                ["too_long"] = "Este texto es demasiado largo.",
                ["not_a_choice"] = "Elija una de las opciones.",
                ["origin_not_allowed"] = "La página anterior no puede enviar este formulario. Envíelo desde aquí.",
                ["duplicate_submission"] = "Ya ha enviado este formulario. Tenemos su mensaje.",
            },
        },
        ["fr"] = new()
        {
            Send = "Envoyer",
            Optional = "facultatif",
            Needed = "obligatoire",
            LeaveEmpty = "Laissez ce champ vide",
            Error = "Erreur",
            ThereIsAProblem = "Il y a un problème",
            ThankYou = "Merci",
            Arrived = "Nous avons reçu votre message.",
            NotSentYet = "Rien n’a encore été envoyé. Veuillez utiliser le bouton en bas de cette page.",
            FillIn = "Remplissez ce champ.",
            Check = "Vérifiez ce champ.",
            NotRead = "Nous n’avons pas pu lire votre message. Vérifiez-le et renvoyez-le.",
            OwnFault = "Quelque chose ne va pas sur cette page. Revenez à la page précédente et réessayez.",
            ChooseOne = "Veuillez choisir une réponse.",
            ChooseSome = "Veuillez choisir au moins une réponse.",
            Tick = "Veuillez cocher cette case.",
            Between = "Doit être entre {0} et {1}.",
            AtLeast = "Doit être au moins {0}.",
            AtMost = "Doit être au plus {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Saisissez une adresse complète, comme ana@example.org.",
                ["invalid_phone"] = "Saisissez un numéro complet, comme {0}.",
                ["invalid_url"] = "Écrivez une adresse complète, comme https://www.example.org.",
                ["invalid_date"] = "Écrivez une date comme 2026-11-22.",
                ["wrong_type"] = "Écrivez un nombre, comme 12 ou 12.5.",
                ["too_long"] = "Ce texte est trop long.",
                ["not_a_choice"] = "Choisissez une des réponses.",
                ["origin_not_allowed"] = "La page précédente ne peut pas envoyer ce formulaire. Envoyez-le d’ici.",
                ["duplicate_submission"] = "Vous avez déjà envoyé ce formulaire. Nous avons votre message.",
            },
        },
        ["de"] = new()
        {
            Send = "Absenden",
            Optional = "freiwillig",
            Needed = "Pflichtfeld",
            LeaveEmpty = "Lassen Sie dieses Feld leer",
            Error = "Fehler",
            ThereIsAProblem = "Etwas stimmt noch nicht",
            ThankYou = "Vielen Dank",
            Arrived = "Ihre Nachricht ist angekommen.",
            NotSentYet = "Es wurde noch nichts gesendet. Bitte drücken Sie den Knopf am Ende dieser Seite.",
            FillIn = "Bitte ausfüllen.",
            Check = "Bitte prüfen Sie dieses Feld.",
            NotRead = "Wir konnten Ihre Nachricht nicht lesen. Prüfen Sie sie und senden Sie sie noch einmal.",
            OwnFault = "Auf dieser Seite stimmt etwas nicht. Gehen Sie zur vorigen Seite zurück und versuchen Sie es noch einmal.",
            ChooseOne = "Bitte wählen Sie etwas aus.",
            ChooseSome = "Bitte wählen Sie mindestens eine Antwort.",
            Tick = "Bitte kreuzen Sie dieses Feld an.",
            Between = "Muss zwischen {0} und {1} liegen.",
            AtLeast = "Muss mindestens {0} sein.",
            AtMost = "Darf höchstens {1} sein.",
            ByCode = new()
            {
                ["invalid_email"] = "Bitte eine vollständige Adresse wie ana@example.org.",
                ["invalid_phone"] = "Bitte eine Nummer mit Vorwahl wie {0}.",
                ["invalid_url"] = "Bitte schreiben Sie eine vollständige Adresse wie https://www.example.org.",
                ["invalid_date"] = "Bitte schreiben Sie ein Datum wie 2026-11-22.",
                ["wrong_type"] = "Bitte schreiben Sie eine Zahl wie 12 oder 12.5.",
                ["too_long"] = "Dieser Text ist zu lang.",
                ["not_a_choice"] = "Bitte wählen Sie eine der Antworten.",
                ["origin_not_allowed"] = "Die vorige Seite darf dieses Formular nicht absenden. Bitte senden Sie es von hier ab.",
                ["duplicate_submission"] = "Sie haben dieses Formular schon gesendet. Wir haben Ihre Nachricht.",
            },
        },
        ["it"] = new()
        {
            Send = "Invia",
            Optional = "facoltativo",
            Needed = "obbligatorio",
            LeaveEmpty = "Lasci vuoto questo campo",
            Error = "Errore",
            ThereIsAProblem = "C’è un problema",
            ThankYou = "Grazie",
            Arrived = "Abbiamo ricevuto il Suo messaggio.",
            NotSentYet = "Non è stato ancora inviato nulla. Usi il pulsante in fondo alla pagina.",
            FillIn = "Compili questo campo.",
            Check = "Controlli questo campo.",
            NotRead = "Non siamo riusciti a leggere il messaggio. Lo controlli e lo invii di nuovo.",
            OwnFault = "Qualcosa non va in questa pagina. Torni alla pagina precedente e riprovi.",
            ChooseOne = "Scelga un’opzione.",
            ChooseSome = "Scelga almeno un’opzione.",
            Tick = "Spunti questa casella.",
            Between = "Deve essere tra {0} e {1}.",
            AtLeast = "Deve essere almeno {0}.",
            AtMost = "Deve essere al massimo {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Scriva un indirizzo e-mail completo, come ana@example.org.",
                ["invalid_phone"] = "Scriva un numero con prefisso, come {0}.",
                ["invalid_url"] = "Scriva un indirizzo completo, come https://www.example.org.",
                ["invalid_date"] = "Scriva una data come 2026-11-22.",
                ["wrong_type"] = "Scriva un numero, come 12 o 12.5.",
                ["too_long"] = "Questo testo è troppo lungo.",
                ["not_a_choice"] = "Scelga una delle opzioni.",
                ["origin_not_allowed"] = "La pagina precedente non può inviare questo modulo. Lo invii da qui.",
                ["duplicate_submission"] = "Ha già inviato questo modulo. Abbiamo il Suo messaggio.",
            },
        },
        ["nl"] = new()
        {
            Send = "Verzenden",
            Optional = "optioneel",
            Needed = "verplicht",
            LeaveEmpty = "Laat dit veld leeg",
            Error = "Fout",
            ThereIsAProblem = "Er klopt iets niet",
            ThankYou = "Bedankt",
            Arrived = "We hebben uw bericht ontvangen.",
            NotSentYet = "Er is nog niets verzonden. Gebruik de knop onderaan deze pagina.",
            FillIn = "Vul dit veld in.",
            Check = "Controleer dit veld.",
            NotRead = "We konden uw bericht niet lezen. Controleer het en verzend het opnieuw.",
            OwnFault = "Er klopt iets niet op deze pagina. Ga terug naar de vorige pagina en probeer het opnieuw.",
            ChooseOne = "Maak een keuze.",
            ChooseSome = "Kies ten minste één mogelijkheid.",
            Tick = "Vink dit vakje aan.",
            Between = "Moet tussen {0} en {1} liggen.",
            AtLeast = "Moet ten minste {0} zijn.",
            AtMost = "Mag ten hoogste {1} zijn.",
            ByCode = new()
            {
                ["invalid_email"] = "Schrijf een volledig e-mailadres, zoals ana@example.org.",
                ["invalid_phone"] = "Schrijf een nummer met netnummer, zoals {0}.",
                ["invalid_url"] = "Schrijf een volledig adres, zoals https://www.example.org.",
                ["invalid_date"] = "Schrijf een datum zoals 2026-11-22.",
                ["wrong_type"] = "Schrijf een getal, zoals 12 of 12.5.",
                ["too_long"] = "Deze tekst is te lang.",
                ["not_a_choice"] = "Kies een van de mogelijkheden.",
                ["origin_not_allowed"] = "De vorige pagina mag dit formulier niet verzenden. Verzend het vanaf hier.",
                ["duplicate_submission"] = "U hebt dit formulier al verzonden. We hebben uw bericht.",
            },
        },
    };

    /// <summary>The words for a language tag; English where we speak no better.</summary>
    public static FormWords For(string language) => All.GetValueOrDefault(FormLanguages.Primary(language), English);

    /// <summary>Those that have words.</summary>
    public static IEnumerable<string> Languages => All.Keys;

    /// <summary>What a visitor reads beside a field.</summary>
    /// <param name="phone">A number as people write it there.</param>
    public string Of(SubmissionError error, FormField field, Func<string> phone) =>
        error.Code switch
        {
            "required" => field.Kind switch
            {
                FormFieldKind.Choice => ChooseOne,
                FormFieldKind.Choices => ChooseSome,
                FormFieldKind.Boolean or FormFieldKind.Consent => Tick,
                _ => FillIn,
            },
            "out_of_range" when (field.Minimum ?? field.Maximum) is not null => string.Format(
                null,
                field.Minimum is null ? AtMost
                    : field.Maximum is null ? AtLeast
                    : Between,
                field.Minimum,
                field.Maximum
            ),
            "invalid_phone" => string.Format(null, ByCode[error.Code], phone()),
            _ => ByCode.GetValueOrDefault(error.Code, Check),
        };

    /// <summary>What a visitor reads about the whole post. What the API says of it is for programs.</summary>
    public string Of(string code) => ByCode.GetValueOrDefault(code, NotRead);
}
