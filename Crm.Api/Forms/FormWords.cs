// What the hosted pages say themselves, in the languages they speak; a form's own words come from the form.

using Crm.Domain.Forms;

namespace Crm.Api.Forms;

/// <summary>The words of one language. <c>{0}</c> and <c>{1}</c> are numbers.</summary>
public sealed record FormWords
{
    public required string Send { get; init; }
    public required string Optional { get; init; }
    public required string NeededUnlessOptional { get; init; }
    public required string LeaveEmpty { get; init; }
    public required string Error { get; init; }
    public required string ThereIsAProblem { get; init; }
    public required string ThankYou { get; init; }
    public required string NotSentYet { get; init; }

    /// <summary>Before the name of a site.</summary>
    public required string BackTo { get; init; }

    /// <summary>With seconds.</summary>
    public required string TryAgain { get; init; }
    public required string FillIn { get; init; }
    public required string ChooseOne { get; init; }
    public required string ChooseSome { get; init; }
    public required string Tick { get; init; }
    public required string Between { get; init; }
    public required string AtLeast { get; init; }
    public required string AtMost { get; init; }

    /// <summary>Sentences for problems by their code. What is not here is said in English, as the API says it.</summary>
    public Dictionary<string, string> ByCode { get; init; } = [];

    static readonly FormWords English = new()
    {
        Send = "Send",
        Optional = "optional",
        NeededUnlessOptional = "Please fill in everything that is not marked as optional.",
        LeaveEmpty = "Leave this empty",
        Error = "Error",
        ThereIsAProblem = "There is a problem",
        ThankYou = "Thank you",
        NotSentYet = "Nothing has been sent yet. Please press the button at the end of this page.",
        BackTo = "Back to",
        TryAgain = "Nothing could be kept just now. Please press the button again in {0} seconds.",
        FillIn = "Please fill this in.",
        ChooseOne = "Please choose one.",
        ChooseSome = "Please choose at least one.",
        Tick = "Please tick this box.",
        Between = "Must be between {0} and {1}.",
        AtLeast = "Must be at least {0}.",
        AtMost = "Must be at most {1}.",
    };

    static readonly Dictionary<string, FormWords> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = English,
        ["pt"] = new()
        {
            Send = "Enviar",
            Optional = "opcional",
            NeededUnlessOptional = "Preencha tudo o que não estiver marcado como opcional.",
            LeaveEmpty = "Deixe vazio",
            Error = "Erro",
            ThereIsAProblem = "Há um problema",
            ThankYou = "Obrigado",
            NotSentYet = "Ainda não foi enviado nada. Use o botão no fim desta página.",
            BackTo = "Voltar para",
            TryAgain = "Não foi possível guardar nada agora. Use o botão de novo dentro de {0} segundos.",
            FillIn = "Preencha este campo.",
            ChooseOne = "Escolha uma opção.",
            ChooseSome = "Escolha pelo menos uma opção.",
            Tick = "Marque esta caixa.",
            Between = "Deve estar entre {0} e {1}.",
            AtLeast = "Deve ser pelo menos {0}.",
            AtMost = "Deve ser no máximo {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Escreva um e-mail completo, como ana@example.org.",
                ["invalid_phone"] = "Escreva um número de telefone com código de área.",
                ["invalid_url"] = "Escreva um endereço completo, como https://www.example.org.",
                ["invalid_date"] = "Escreva uma data como 2026-11-22.",
                ["wrong_type"] = "Escreva um número, como 12 ou 12.5.",
                ["too_long"] = "Este texto é longo demais.",
                ["not_a_choice"] = "Escolha uma das opções.",
                ["form_closed"] = "Este formulário não está aberto.",
                ["origin_not_allowed"] = "A página anterior não pode enviar este formulário. Envie-o daqui.",
            },
        },
        ["es"] = new()
        {
            Send = "Enviar",
            Optional = "opcional",
            NeededUnlessOptional = "Rellene todo lo que no esté marcado como opcional.",
            LeaveEmpty = "Deje esto vacío",
            Error = "Error",
            ThereIsAProblem = "Hay un problema",
            ThankYou = "Gracias",
            NotSentYet = "Todavía no se ha enviado nada. Pulse el botón al final de esta página.",
            BackTo = "Volver a",
            TryAgain = "Ahora no se ha podido guardar nada. Pulse el botón de nuevo en {0} segundos.",
            FillIn = "Rellene este campo.",
            ChooseOne = "Elija una opción.",
            ChooseSome = "Elija al menos una opción.",
            Tick = "Marque esta casilla.",
            Between = "Debe estar entre {0} y {1}.",
            AtLeast = "Debe ser al menos {0}.",
            AtMost = "Debe ser como máximo {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Escriba un correo completo, como ana@example.org.",
                ["invalid_phone"] = "Escriba un número de teléfono con prefijo.",
                ["invalid_url"] = "Escriba una dirección completa, como https://www.example.org.",
                ["invalid_date"] = "Escriba una fecha como 2026-11-22.",
                ["wrong_type"] = "Escriba un número, como 12 o 12.5.",
                ["too_long"] = "Este texto es demasiado largo.",
                ["not_a_choice"] = "Elija una de las opciones.",
                ["form_closed"] = "Este formulario no está abierto.",
                ["origin_not_allowed"] = "La página anterior no puede enviar este formulario. Envíelo desde aquí.",
            },
        },
        ["fr"] = new()
        {
            Send = "Envoyer",
            Optional = "facultatif",
            NeededUnlessOptional = "Veuillez remplir tout ce qui n’est pas marqué comme facultatif.",
            LeaveEmpty = "Laissez ce champ vide",
            Error = "Erreur",
            ThereIsAProblem = "Il y a un problème",
            ThankYou = "Merci",
            NotSentYet = "Rien n’a encore été envoyé. Veuillez utiliser le bouton en bas de cette page.",
            BackTo = "Retour à",
            TryAgain = "Rien n’a pu être enregistré pour le moment. Veuillez réessayer dans {0} secondes.",
            FillIn = "Veuillez remplir ce champ.",
            ChooseOne = "Veuillez choisir une réponse.",
            ChooseSome = "Veuillez choisir au moins une réponse.",
            Tick = "Veuillez cocher cette case.",
            Between = "Doit être entre {0} et {1}.",
            AtLeast = "Doit être au moins {0}.",
            AtMost = "Doit être au plus {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Écrivez une adresse complète, comme ana@example.org.",
                ["invalid_phone"] = "Écrivez un numéro de téléphone complet.",
                ["invalid_url"] = "Écrivez une adresse complète, comme https://www.example.org.",
                ["invalid_date"] = "Écrivez une date comme 2026-11-22.",
                ["wrong_type"] = "Écrivez un nombre, comme 12 ou 12.5.",
                ["too_long"] = "Ce texte est trop long.",
                ["not_a_choice"] = "Choisissez une des réponses.",
                ["form_closed"] = "Ce formulaire n’est pas ouvert.",
                ["origin_not_allowed"] = "La page précédente ne peut pas envoyer ce formulaire. Envoyez-le d’ici.",
            },
        },
        ["de"] = new()
        {
            Send = "Absenden",
            Optional = "freiwillig",
            NeededUnlessOptional = "Bitte füllen Sie alles aus, was nicht als freiwillig bezeichnet ist.",
            LeaveEmpty = "Lassen Sie dieses Feld leer",
            Error = "Fehler",
            ThereIsAProblem = "Etwas stimmt noch nicht",
            ThankYou = "Vielen Dank",
            NotSentYet = "Es wurde noch nichts gesendet. Bitte drücken Sie den Knopf am Ende dieser Seite.",
            BackTo = "Zurück zu",
            TryAgain = "Im Moment konnte nichts gespeichert werden. Bitte drücken Sie den Knopf in {0} Sekunden noch einmal.",
            FillIn = "Bitte füllen Sie dieses Feld aus.",
            ChooseOne = "Bitte wählen Sie etwas aus.",
            ChooseSome = "Bitte wählen Sie mindestens eine Antwort.",
            Tick = "Bitte kreuzen Sie dieses Feld an.",
            Between = "Muss zwischen {0} und {1} liegen.",
            AtLeast = "Muss mindestens {0} sein.",
            AtMost = "Darf höchstens {1} sein.",
            ByCode = new()
            {
                ["invalid_email"] = "Bitte schreiben Sie eine vollständige Adresse wie ana@example.org.",
                ["invalid_phone"] = "Bitte schreiben Sie eine Telefonnummer mit Vorwahl.",
                ["invalid_url"] = "Bitte schreiben Sie eine vollständige Adresse wie https://www.example.org.",
                ["invalid_date"] = "Bitte schreiben Sie ein Datum wie 2026-11-22.",
                ["wrong_type"] = "Bitte schreiben Sie eine Zahl wie 12 oder 12.5.",
                ["too_long"] = "Dieser Text ist zu lang.",
                ["not_a_choice"] = "Bitte wählen Sie eine der Antworten.",
                ["form_closed"] = "Dieses Formular ist geschlossen.",
                ["origin_not_allowed"] = "Die vorige Seite darf dieses Formular nicht absenden. Bitte senden Sie es von hier ab.",
            },
        },
        ["it"] = new()
        {
            Send = "Invia",
            Optional = "facoltativo",
            NeededUnlessOptional = "Compili tutto ciò che non è indicato come facoltativo.",
            LeaveEmpty = "Lasci vuoto questo campo",
            Error = "Errore",
            ThereIsAProblem = "C’è un problema",
            ThankYou = "Grazie",
            NotSentYet = "Non è stato ancora inviato nulla. Usi il pulsante in fondo alla pagina.",
            BackTo = "Torna a",
            TryAgain = "Per ora non è stato possibile salvare nulla. Usi di nuovo il pulsante tra {0} secondi.",
            FillIn = "Compili questo campo.",
            ChooseOne = "Scelga un’opzione.",
            ChooseSome = "Scelga almeno un’opzione.",
            Tick = "Spunti questa casella.",
            Between = "Deve essere tra {0} e {1}.",
            AtLeast = "Deve essere almeno {0}.",
            AtMost = "Deve essere al massimo {1}.",
            ByCode = new()
            {
                ["invalid_email"] = "Scriva un indirizzo e-mail completo, come ana@example.org.",
                ["invalid_phone"] = "Scriva un numero di telefono con prefisso.",
                ["invalid_url"] = "Scriva un indirizzo completo, come https://www.example.org.",
                ["invalid_date"] = "Scriva una data come 2026-11-22.",
                ["wrong_type"] = "Scriva un numero, come 12 o 12.5.",
                ["too_long"] = "Questo testo è troppo lungo.",
                ["not_a_choice"] = "Scelga una delle opzioni.",
                ["form_closed"] = "Questo modulo non è aperto.",
                ["origin_not_allowed"] = "La pagina precedente non può inviare questo modulo. Lo invii da qui.",
            },
        },
        ["nl"] = new()
        {
            Send = "Verzenden",
            Optional = "optioneel",
            NeededUnlessOptional = "Vul alles in wat niet als optioneel is aangegeven.",
            LeaveEmpty = "Laat dit veld leeg",
            Error = "Fout",
            ThereIsAProblem = "Er klopt iets niet",
            ThankYou = "Bedankt",
            NotSentYet = "Er is nog niets verzonden. Gebruik de knop onderaan deze pagina.",
            BackTo = "Terug naar",
            TryAgain = "Er kon nu niets worden bewaard. Gebruik de knop opnieuw over {0} seconden.",
            FillIn = "Vul dit veld in.",
            ChooseOne = "Maak een keuze.",
            ChooseSome = "Kies ten minste één mogelijkheid.",
            Tick = "Vink dit vakje aan.",
            Between = "Moet tussen {0} en {1} liggen.",
            AtLeast = "Moet ten minste {0} zijn.",
            AtMost = "Mag ten hoogste {1} zijn.",
            ByCode = new()
            {
                ["invalid_email"] = "Schrijf een volledig e-mailadres, zoals ana@example.org.",
                ["invalid_phone"] = "Schrijf een telefoonnummer met netnummer.",
                ["invalid_url"] = "Schrijf een volledig adres, zoals https://www.example.org.",
                ["invalid_date"] = "Schrijf een datum zoals 2026-11-22.",
                ["wrong_type"] = "Schrijf een getal, zoals 12 of 12.5.",
                ["too_long"] = "Deze tekst is te lang.",
                ["not_a_choice"] = "Kies een van de mogelijkheden.",
                ["form_closed"] = "Dit formulier is gesloten.",
                ["origin_not_allowed"] = "De vorige pagina mag dit formulier niet verzenden. Verzend het vanaf hier.",
            },
        },
    };

    /// <summary>The words for a language tag; English where we speak no better.</summary>
    public static FormWords For(string language) => All.GetValueOrDefault(FormLanguages.Primary(language), English);

    /// <summary>Those that have words.</summary>
    public static IEnumerable<string> Languages => All.Keys;

    /// <summary>What a visitor reads beside a field.</summary>
    public string Of(SubmissionError error, FormField field) =>
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
            _ => ByCode.GetValueOrDefault(error.Code, error.Message),
        };

    /// <summary>What a visitor reads about the whole post.</summary>
    public string Of(string code, string message) => ByCode.GetValueOrDefault(code, message);
}
