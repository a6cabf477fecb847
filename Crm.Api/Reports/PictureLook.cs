// How a picture shall look: its width, its theme, and of a PNG how many pixels stand for one of CSS.

using System.Globalization;
using Crm.Domain.Problems;

namespace Crm.Api.Reports;

/// <param name="Theme">Null: not said.</param>
/// <param name="Scale">Null: not said.</param>
public sealed record PictureLook(int Width, PictureTheme? Theme, int? Scale)
{
    public static readonly string[] Parameters = ["theme", "width", "scale"];

    /// <summary>As mails are wide.</summary>
    public const int MailWidth = 600;

    public PictureTheme PngTheme => Theme ?? PictureTheme.Light;

    public int PngScale => Scale ?? PngPicture.LargestScale;

    /// <param name="width">Unless the query says another.</param>
    public static PictureLook Read(IQueryCollection query, int width = ReportPicture.Usual) =>
        new(
            Number(query, "width", ReportPicture.Narrowest, ReportPicture.Widest) ?? width,
            !query.TryGetValue("theme", out var theme)
                ? null
                : theme.ToString() switch
                {
                    "light" => PictureTheme.Light,
                    "dark" => PictureTheme.Dark,
                    _ => throw Wrong("theme", "Allowed are: light, dark."),
                },
            Number(query, "scale", 1, PngPicture.LargestScale)
        );

    /// <summary>A whole number of the query; null when it is not there.</summary>
    public static int? Number(IQueryCollection query, string name, int least, int most)
    {
        if (!query.TryGetValue(name, out var text))
            return null;
        return
            int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
            ? number
            : throw Wrong(name, $"Must be a whole number from {least} to {most}.");
    }

    public static ProblemException Wrong(string parameter, string message) =>
        new(ProblemCodes.InvalidParameter, $"{parameter}: {message}", [new(parameter, "invalid", message)]);
}
