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
        var size = Math.Abs(number);
        var digits = new string([.. size.ToString("R", CultureInfo.InvariantCulture).Split('E')[0].Where(char.IsAsciiDigit)]).TrimStart('0').TrimEnd('0');
        var scientific = size.ToString("E16", CultureInfo.InvariantCulture);
        var point = int.Parse(scientific[(scientific.IndexOf('E') + 1)..], CultureInfo.InvariantCulture) + 1; // digits before the point
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
