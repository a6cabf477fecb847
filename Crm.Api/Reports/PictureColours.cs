// The colours of pictures: those of the pages, from the one stylesheet.

using Crm.Api.Pages;

namespace Crm.Api.Reports;

public enum PictureTheme
{
    Light,
    Dark,
}

public static class PictureColours
{
    static readonly Dictionary<(Ink, PictureTheme), string> all = (
        from theme in Enum.GetValues<PictureTheme>()
        let tokens = Assets.Tokens(theme == PictureTheme.Dark)
        from ink in Enum.GetValues<Ink>()
        select KeyValuePair.Create((ink, theme), tokens[TokenOf(ink)])
    ).ToDictionary();

    /// <summary>As CSS writes it: <c>#1f57b8</c>.</summary>
    public static string Of(Ink ink, PictureTheme theme) => all[(ink, theme)];

    static string TokenOf(Ink ink) =>
        ink switch
        {
            Ink.Text => "ink",
            Ink.Soft => "soft",
            Ink.Line => "line",
            Ink.First => "c1",
            Ink.Second => "c2",
            Ink.Third => "c3",
            _ => "card",
        };
}
