// What the page of an access request says to the person, in every language that forms speak.

using Crm.Domain.Forms;

namespace Crm.Api.Rest;

/// <summary>The words of one language. <c>{0}</c> is the firm, a time, or a list.</summary>
/// <param name="Title">Above everything.</param>
/// <param name="AsOf">When it was so, and that there is a file for machines.</param>
/// <param name="LeftOut">Before what whoever made the file may not read.</param>
public sealed record AccessWords(string Language, string Title, string AsOf, string LeftOut)
{
    /// <summary>A person's own words come first; what stands here are the names of lists and fields, as long as they say something to
    /// somebody who does not work with them. Others are named as in data.json.</summary>
    static readonly Dictionary<string, string[]> Names = new(StringComparer.Ordinal)
    {
        // Each in the languages of Others.
        ["leads"] = ["Contactos", "Contactos", "Contacts", "Kontakte", "Contatti", "Contacten"],
        ["customers"] = ["Clientes", "Clientes", "Clients", "Kunden", "Clienti", "Klanten"],
        ["submissions"] =
        [
            "Formulários enviados",
            "Formularios enviados",
            "Formulaires envoyés",
            "Gesendete Formulare",
            "Moduli inviati",
            "Verzonden formulieren",
        ],
        ["touches"] =
        [
            "Visitas e conversas",
            "Visitas y conversaciones",
            "Visites et échanges",
            "Besuche und Gespräche",
            "Visite e colloqui",
            "Bezoeken en gesprekken",
        ],
        ["clicks"] = ["Cliques em links", "Clics en enlaces", "Clics sur des liens", "Klicks auf Links", "Clic su link", "Kliks op links"],
        ["visitors"] = ["Navegadores", "Navegadores", "Navigateurs", "Browser", "Browser", "Browsers"],
        ["conversions"] =
        [
            "Encomendas e inscrições",
            "Pedidos e inscripciones",
            "Commandes et inscriptions",
            "Bestellungen und Anmeldungen",
            "Ordini e iscrizioni",
            "Bestellingen en aanmeldingen",
        ],
        ["purchases"] = ["Compras", "Compras", "Achats", "Käufe", "Acquisti", "Aankopen"],
        ["commissions"] = ["Comissões", "Comisiones", "Commissions", "Provisionen", "Commissioni", "Commissies"],
        ["consents"] = ["Consentimentos", "Consentimientos", "Consentements", "Einwilligungen", "Consensi", "Toestemmingen"],
        ["purpose"] = ["Finalidade", "Finalidad", "Finalité", "Zweck", "Finalità", "Doel"],
        ["deliveries"] =
        [
            "Enviado a terceiros",
            "Enviado a terceros",
            "Transmis à des tiers",
            "An andere gesendet",
            "Inviato a terzi",
            "Naar anderen verzonden",
        ],
        ["firstName"] = ["Nome", "Nombre", "Prénom", "Vorname", "Nome", "Voornaam"],
        ["middleName"] = ["Segundo nome", "Segundo nombre", "Deuxième prénom", "Zweiter Vorname", "Secondo nome", "Tweede naam"],
        ["lastName"] = ["Apelido", "Apellidos", "Nom", "Nachname", "Cognome", "Achternaam"],
        ["name"] = ["Nome", "Nombre", "Nom", "Name", "Nome", "Naam"],
        ["emails"] = ["E-mail", "Correo electrónico", "E-mail", "E-Mail", "E-mail", "E-mail"],
        ["email"] = ["E-mail", "Correo electrónico", "E-mail", "E-Mail", "E-mail", "E-mail"],
        ["phones"] = ["Telefone", "Teléfono", "Téléphone", "Telefon", "Telefono", "Telefoon"],
        ["phone"] = ["Telefone", "Teléfono", "Téléphone", "Telefon", "Telefono", "Telefoon"],
        ["number"] = ["Número", "Número", "Numéro", "Nummer", "Numero", "Nummer"],
        ["address"] = ["Endereço", "Dirección", "Adresse", "Adresse", "Indirizzo", "Adres"],
        ["city"] = ["Cidade", "Ciudad", "Ville", "Ort", "Città", "Plaats"],
        ["region"] = ["Região", "Región", "Région", "Region", "Regione", "Regio"],
        ["postalCode"] = ["Código postal", "Código postal", "Code postal", "Postleitzahl", "CAP", "Postcode"],
        ["country"] = ["País", "País", "Pays", "Land", "Paese", "Land"],
        ["company"] = ["Empresa", "Empresa", "Entreprise", "Firma", "Azienda", "Bedrijf"],
        ["jobTitle"] = ["Cargo", "Cargo", "Fonction", "Position", "Ruolo", "Functie"],
        ["language"] = ["Língua", "Idioma", "Langue", "Sprache", "Lingua", "Taal"],
        ["message"] = ["Mensagem", "Mensaje", "Message", "Nachricht", "Messaggio", "Bericht"],
        ["notes"] = ["Notas", "Notas", "Notes", "Notizen", "Note", "Notities"],
        ["note"] = ["Nota", "Nota", "Note", "Notiz", "Nota", "Notitie"],
        ["consent"] = ["Consentimento", "Consentimiento", "Consentement", "Einwilligung", "Consenso", "Toestemming"],
        ["source"] = ["Origem", "Origen", "Origine", "Herkunft", "Origine", "Herkomst"],
        ["status"] = ["Estado", "Estado", "État", "Stand", "Stato", "Status"],
        ["createdAt"] = ["Guardado em", "Guardado el", "Enregistré le", "Gespeichert am", "Salvato il", "Opgeslagen op"],
        ["updatedAt"] = ["Alterado em", "Cambiado el", "Modifié le", "Geändert am", "Modificato il", "Gewijzigd op"],
        ["at"] = ["Data", "Fecha", "Date", "Zeitpunkt", "Data", "Tijdstip"],
        ["page"] = ["Página", "Página", "Page", "Seite", "Pagina", "Pagina"],
        ["ip"] = ["Endereço de rede", "Dirección de red", "Adresse réseau", "Netzadresse", "Indirizzo di rete", "Netwerkadres"],
        ["userAgent"] = ["Navegador", "Navegador", "Navigateur", "Browser", "Browser", "Browser"],
        ["fields"] =
        [
            "O que foi escrito",
            "Lo que se escribió",
            "Ce qui a été écrit",
            "Was geschrieben wurde",
            "Che cosa è stato scritto",
            "Wat is geschreven",
        ],
        ["value"] = ["Valor", "Valor", "Valeur", "Wert", "Valore", "Waarde"],
        ["amount"] = ["Montante", "Importe", "Montant", "Betrag", "Importo", "Bedrag"],
        ["currency"] = ["Moeda", "Moneda", "Devise", "Währung", "Valuta", "Valuta"],
    };

    static readonly AccessWords English = new(
        "en",
        "What {0} has stored about you",
        "As it was on {0} UTC. The file data.json has the same for machines.",
        "Not in this file, for whoever made it may not read it: {0}."
    );

    static readonly AccessWords[] Others =
    [
        new(
            "pt",
            "O que {0} guardou sobre si",
            "Como estava em {0} UTC. O ficheiro data.json tem o mesmo para máquinas.",
            "Não está neste ficheiro, porque quem o fez não o pode ler: {0}."
        ),
        new(
            "es",
            "Lo que {0} ha guardado sobre usted",
            "Tal como estaba el {0} UTC. El archivo data.json contiene lo mismo para máquinas.",
            "No está en este archivo, porque quien lo hizo no puede leerlo: {0}."
        ),
        new(
            "fr",
            "Ce que {0} a enregistré à votre sujet",
            "Dans l’état du {0} UTC. Le fichier data.json contient la même chose pour les machines.",
            "Absent de ce fichier, car son auteur ne peut pas le lire : {0}."
        ),
        new(
            "de",
            "Was {0} über Sie gespeichert hat",
            "Stand vom {0} UTC. Die Datei data.json enthält dasselbe für Maschinen.",
            "Nicht in dieser Datei, denn wer sie erstellt hat, darf es nicht lesen: {0}."
        ),
        new(
            "it",
            "Che cosa {0} ha salvato su di Lei",
            "Situazione al {0} UTC. Il file data.json contiene lo stesso per le macchine.",
            "Non è in questo file, perché chi lo ha creato non può leggerlo: {0}."
        ),
        new(
            "nl",
            "Wat {0} over u heeft opgeslagen",
            "Zoals het was op {0} UTC. Het bestand data.json bevat hetzelfde voor machines.",
            "Niet in dit bestand, omdat de maker het niet mag lezen: {0}."
        ),
    ];

    /// <summary>In the first of these languages that has words; English when none has.</summary>
    public static AccessWords For(IEnumerable<string?> tags) =>
        tags.OfType<string>().Select(FormLanguages.Primary).Select(In).OfType<AccessWords>().FirstOrDefault() ?? English;

    static AccessWords? In(string language) =>
        Others.Prepend(English).FirstOrDefault(one => one.Language.Equals(language, StringComparison.OrdinalIgnoreCase));

    public bool IsEnglish => ReferenceEquals(this, English);

    /// <summary>A list or a field as people call it.</summary>
    /// <param name="name">As data.json has it.</param>
    public string Of(string name) =>
        !IsEnglish && Names.TryGetValue(name, out var words) ? words[Array.IndexOf(Others, this)]
        : Domain.Text.English.Words(name) is var text && text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..]
        : name;
}
