// What the page says by which a person withdraws a consent, in every language that forms speak.

namespace Crm.Api.Consents;

/// <param name="Ask">The heading.</param>
/// <param name="Means">What follows from it.</param>
/// <param name="Agreed">Above what was agreed to.</param>
/// <param name="Button">On the button.</param>
/// <param name="Done">The heading when it is done.</param>
/// <param name="DoneMeans">What has followed.</param>
public sealed record ConsentWords(string Ask, string Means, string Agreed, string Button, string Done, string DoneMeans)
{
    static readonly Dictionary<string, ConsentWords> All = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = new(
            "Withdraw your consent?",
            "We will not use your data for this any more.",
            "What you agreed to",
            "Withdraw",
            "Your consent is withdrawn",
            "We do not use your data for this any more."
        ),
        ["pt"] = new(
            "Retirar o seu consentimento?",
            "Deixaremos de usar os seus dados para isto.",
            "O que aceitou",
            "Retirar",
            "O seu consentimento foi retirado",
            "Já não usamos os seus dados para isto."
        ),
        ["es"] = new(
            "¿Retirar su consentimiento?",
            "Dejaremos de usar sus datos para esto.",
            "Lo que aceptó",
            "Retirar",
            "Su consentimiento se ha retirado",
            "Ya no usamos sus datos para esto."
        ),
        ["fr"] = new(
            "Retirer votre consentement ?",
            "Nous n’utiliserons plus vos données à cette fin.",
            "Ce que vous avez accepté",
            "Retirer",
            "Votre consentement est retiré",
            "Nous n’utilisons plus vos données à cette fin."
        ),
        ["de"] = new(
            "Einwilligung widerrufen?",
            "Wir verwenden Ihre Daten dann nicht mehr dafür.",
            "Wozu Sie eingewilligt haben",
            "Widerrufen",
            "Ihre Einwilligung ist widerrufen",
            "Wir verwenden Ihre Daten nicht mehr dafür."
        ),
        ["it"] = new(
            "Revocare il consenso?",
            "Non useremo più i suoi dati per questo.",
            "Che cosa ha accettato",
            "Revocare",
            "Il suo consenso è revocato",
            "Non usiamo più i suoi dati per questo."
        ),
        ["nl"] = new(
            "Uw toestemming intrekken?",
            "We gebruiken uw gegevens hier dan niet meer voor.",
            "Waarmee u instemde",
            "Intrekken",
            "Uw toestemming is ingetrokken",
            "We gebruiken uw gegevens hier niet meer voor."
        ),
    };

    /// <param name="language">A tag; of one that we do not speak the English words.</param>
    public static ConsentWords For(string language) => All.GetValueOrDefault(language.Split('-')[0]) ?? All["en"];
}
