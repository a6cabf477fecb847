// What a number in a report is owed to, as counters' names have it.

using Crm.Domain.Stores;

namespace Crm.Domain.Values;

/// <summary>A link with its campaign, affiliate and channel as they were then; or a form; or a value of a dimension of its own.</summary>
public readonly record struct Subject
{
    public const char Source = 's';
    public const char Form = 'f';
    public const string NoChannel = "unassigned";

    readonly Id? link,
        campaign,
        affiliate,
        form;

    // The channel of a source, or the value of a dimension of its own.
    readonly string? text;

    Subject(Id? link, Id? campaign, Id? affiliate, string channel) =>
        (Kind, this.link, this.campaign, this.affiliate, text) = (Source, link, campaign, affiliate, channel);

    Subject(char kind, Id? form, string? value) => (Kind, this.form, text) = (kind, form, value);

    public static Subject Of(Credit credit) => new(credit.Link, credit.Campaign, credit.Affiliate, credit.Channel ?? NoChannel);

    public static Subject OfForm(Id form) => new(Form, form, null);

    /// <summary>See <see cref="Dimension.Value"/>.</summary>
    internal static Subject OfValue(char kind, string value) => new(kind, null, value);

    /// <summary>The first letter of its counters' names.</summary>
    public char Kind { get; }

    /// <summary>
    /// Which reports' series it is part of: l(inks), c(ampaigns), a(ffiliates) of a source, the kind of all others; channels and the funnel
    /// have every source.
    /// </summary>
    public string Groups =>
        Kind == Source ? $"{(link is null ? "" : "l")}{(campaign is null ? "" : "c")}{(affiliate is null ? "" : "a")}" : Kind.ToString();

    /// <summary>The part of a counter's name before its measure: link, campaign, affiliate, channel; a hyphen for what is
    /// unknown.</summary>
    public string Text =>
        Kind == Source ? $"{Text26(link)}/{Text26(campaign)}/{Text26(affiliate)}/{text}"
        : form is not null ? Text26(form)
        : text!;

    /// <summary>Kind and text: what <see cref="Read"/> makes the same subject of.</summary>
    public string Written => $"{Kind}/{Text}";

    /// <summary>Null for what no subject wrote.</summary>
    public static Subject? Read(string written)
    {
        if (written.Length < 3 || written[1] != '/')
            return null;
        var (kind, text) = (written[0], written[2..]);
        if (kind == Form && Id26(text) is { } form)
            return OfForm(form);
        if (kind != Source)
            return OfValue(kind, text);
        return text.Split('/', 4) is [var link, var campaign, var affiliate, var channel]
            ? new(Id26(link), Id26(campaign), Id26(affiliate), channel)
            : null;
    }

    static Id? Id26(string text) => Id.TryParse("_" + text, "", out var id) ? id : null;

    static string Text26(Id? id) => id is { } known ? known.ToString("")[1..] : "-";
}
