// Numbers as JavaScript writes them: the form that clients and the reference implementation compare.

using System.Globalization;

namespace Crm.GraphQL.Language;

public static class NumberText
{
    /// <summary>The shortest digits that are this number again; an exponent only below 1e-6 and from 1e21 on.</summary>
    public static string Of(double number)
    {
        if (number == 0)
            return "0";
        var shortest = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var parts = shortest[0].Split('.');
        var (whole, rest) = (parts[0].TrimStart('0'), parts.Length > 1 ? parts[1] : "");
        // How many digits stand before the point.
        var point =
            (whole.Length > 0 ? whole.Length : rest.TrimStart('0').Length - rest.Length)
            + (shortest.Length > 1 ? int.Parse(shortest[1], CultureInfo.InvariantCulture) : 0);
        var digits = (whole + rest).TrimStart('0').TrimEnd('0');
        var text = point switch
        {
            > 21 or <= -6 => $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(point > 0 ? "+" : "-")}{Math.Abs(point - 1)}",
            <= 0 => "0." + new string('0', -point) + digits,
            _ when digits.Length <= point => digits + new string('0', point - digits.Length),
            _ => digits[..point] + "." + digits[point..],
        };
        return number < 0 ? "-" + text : text;
    }
}
