// What mails say that no template says otherwise, in every language that forms speak.

using Crm.Domain.Forms;

namespace Crm.Domain.Mail;

/// <summary>The words of one language. <c>{0}</c> is the form's name, a number or a time.</summary>
public sealed record MailWords
{
    /// <summary>Subjects of mails to the team: of one entry by name, of several.</summary>
    public required string NewEntry { get; init; }
    public required string NewEntries { get; init; }

    /// <summary>Above the entries of one mail: how many of how many are in it.</summary>
    public required string ShownOf { get; init; }
    public required string Open { get; init; }

    /// <summary>In the last mail of an hour.</summary>
    public required string LastOfHour { get; init; }

    /// <summary>Of an answer to whoever posted.</summary>
    public required string Thanks { get; init; }
    public required string Dear { get; init; }
    public required string Arrived { get; init; }
    public required string NotYou { get; init; }

    public required string Unsubscribe { get; init; }

    static readonly Dictionary<string, MailWords> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new()
        {
            NewEntry = "New entry: {0}",
            NewEntries = "{1} new entries: {0}",
            ShownOf = "{0} of {1} are shown here.",
            Open = "Open",
            LastOfHour = "This is the last mail of this hour. What follows comes together at {0}.",
            Thanks = "Thank you for your message",
            Dear = "Dear {0},",
            Arrived = "Thank you. Your message has arrived. We will be in touch.",
            NotYou = "You did not write to us? Then somebody entered your address by mistake, and you need not do anything.",
            Unsubscribe = "Get no more of these mails:",
        },
        ["pt"] = new()
        {
            NewEntry = "Nova entrada: {0}",
            NewEntries = "{1} novas entradas: {0}",
            ShownOf = "São mostradas aqui {0} de {1}.",
            Open = "Abrir",
            LastOfHour = "Esta é a última mensagem desta hora. O que se segue chega em conjunto às {0}.",
            Thanks = "Obrigado pela sua mensagem",
            Dear = "Olá {0},",
            Arrived = "Obrigado. Recebemos a sua mensagem e entraremos em contacto.",
            NotYou = "Não nos escreveu? Então alguém indicou o seu endereço por engano e não precisa de fazer nada.",
            Unsubscribe = "Não receber mais estas mensagens:",
        },
        ["es"] = new()
        {
            NewEntry = "Nueva entrada: {0}",
            NewEntries = "{1} entradas nuevas: {0}",
            ShownOf = "Aquí se muestran {0} de {1}.",
            Open = "Abrir",
            LastOfHour = "Este es el último correo de esta hora. Lo que siga llegará junto a las {0}.",
            Thanks = "Gracias por su mensaje",
            Dear = "Hola, {0}:",
            Arrived = "Gracias. Hemos recibido su mensaje y nos pondremos en contacto con usted.",
            NotYou = "¿No nos ha escrito? Entonces alguien indicó su dirección por error y no tiene que hacer nada.",
            Unsubscribe = "No recibir más estos correos:",
        },
        ["fr"] = new()
        {
            NewEntry = "Nouvelle entrée : {0}",
            NewEntries = "{1} nouvelles entrées : {0}",
            ShownOf = "{0} sur {1} sont affichées ici.",
            Open = "Ouvrir",
            LastOfHour = "Ceci est le dernier message de cette heure. La suite arrivera ensemble à {0}.",
            Thanks = "Merci pour votre message",
            Dear = "Bonjour {0},",
            Arrived = "Merci. Votre message est arrivé. Nous vous répondrons.",
            NotYou = "Vous ne nous avez pas écrit ? Quelqu’un a alors saisi votre adresse par erreur, et vous n’avez rien à faire.",
            Unsubscribe = "Ne plus recevoir ces messages :",
        },
        ["de"] = new()
        {
            NewEntry = "Neuer Eintrag: {0}",
            NewEntries = "{1} neue Einträge: {0}",
            ShownOf = "{0} von {1} stehen hier.",
            Open = "Öffnen",
            LastOfHour = "Das ist die letzte Nachricht dieser Stunde. Was folgt, kommt zusammen um {0}.",
            Thanks = "Danke für Ihre Nachricht",
            Dear = "Guten Tag {0},",
            Arrived = "Vielen Dank. Ihre Nachricht ist angekommen. Wir melden uns.",
            NotYou = "Sie haben uns nicht geschrieben? Dann hat jemand Ihre Adresse versehentlich angegeben, und Sie müssen nichts tun.",
            Unsubscribe = "Diese Nachrichten nicht mehr erhalten:",
        },
        ["it"] = new()
        {
            NewEntry = "Nuovo invio: {0}",
            NewEntries = "{1} nuovi invii: {0}",
            ShownOf = "Qui ne sono mostrati {0} di {1}.",
            Open = "Apri",
            LastOfHour = "Questo è l'ultimo messaggio di quest'ora. Ciò che segue arriva insieme alle {0}.",
            Thanks = "Grazie per il suo messaggio",
            Dear = "Buongiorno {0},",
            Arrived = "Grazie. Il suo messaggio è arrivato. La contatteremo.",
            NotYou = "Non ci ha scritto? Allora qualcuno ha indicato il suo indirizzo per errore e non deve fare nulla.",
            Unsubscribe = "Non ricevere più questi messaggi:",
        },
        ["nl"] = new()
        {
            NewEntry = "Nieuwe inzending: {0}",
            NewEntries = "{1} nieuwe inzendingen: {0}",
            ShownOf = "Hier staan {0} van {1}.",
            Open = "Openen",
            LastOfHour = "Dit is het laatste bericht van dit uur. Wat volgt, komt samen om {0}.",
            Thanks = "Dank u voor uw bericht",
            Dear = "Beste {0},",
            Arrived = "Dank u. Uw bericht is aangekomen. Wij nemen contact met u op.",
            NotYou = "Heeft u ons niet geschreven? Dan heeft iemand uw adres per ongeluk ingevuld en hoeft u niets te doen.",
            Unsubscribe = "Deze berichten niet meer ontvangen:",
        },
    };

    /// <summary>Of a tag, or English.</summary>
    public static MailWords For(string? language) => All.GetValueOrDefault(FormLanguages.Primary(language ?? "en")) ?? All["en"];

    /// <summary>Languages whose words there are.</summary>
    public static IReadOnlyCollection<string> Languages => All.Keys;
}
