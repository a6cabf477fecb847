// GET /desk and the addresses of its views: a page without data. What it shows, its script asks the public API for, with the key that is
// typed in.

namespace Crm.Api.Pages;

public static class Desk
{
    static readonly StaffPage Page = new(
        new()
        {
            ["en"] = ("Desk", "The desk needs JavaScript. Switch it on for this address."),
            ["es"] = ("Escritorio", "El escritorio necesita JavaScript. Actívelo para esta dirección."),
            ["pt"] = ("Secretária", "A secretária precisa de JavaScript. Ative-o para este endereço."),
            ["fr"] = ("Bureau", "Le bureau a besoin de JavaScript. Activez-le pour cette adresse."),
            ["de"] = ("Schreibtisch", "Der Schreibtisch braucht JavaScript. Schalten Sie es für diese Adresse ein."),
        },
        "desk.js",
        "desk-words.js",
        "desk-api.js",
        "desk-dom.js",
        "desk-frame.js",
        "desk-enter.js",
        "desk-views.js",
        "desk-form.js",
        "desk-leads.js",
        "desk-lead.js",
        "desk-timeline.js",
        "desk-waiting.js",
        "desk-csv.js"
    );

    /// <summary>Bytes of the script as it goes over the wire.</summary>
    public static int ScriptBytes => Page.ScriptBytes;

    public static void Map(WebApplication app)
    {
        foreach (var path in new[] { "/desk", "/desk/waiting", "/desk/leads/{id}" })
            app.MapMethods(path, ["GET", "HEAD"], http => Page.Write(http)).ExcludeFromDescription();
    }
}
