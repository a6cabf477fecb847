// Cells of CSV files (RFC 4180) for spreadsheets: texts that cannot be run, and amounts as people write them.

using System.Globalization;
using System.Text;
using Crm.Domain.Text;

namespace Crm.Api.Http;

public static class CsvText
{
    public const string MediaType = "text/csv; charset=utf-8",
        Line = "\r\n";

    /// <summary>Spreadsheets that open a file by a double click know by this mark alone that it is UTF-8.</summary>
    public const string Mark = "\uFEFF";

    /// <summary>
    /// A text, quoted. What a spreadsheet would run gets an apostrophe before it: at the beginning, and behind what a spreadsheet of
    /// another country takes for the end of a cell.
    /// </summary>
    /// <remarks>A phone number of digits behind a plus runs nothing, and would be none any more with an apostrophe.</remarks>
    /// <param name="raw">For programs, which run nothing: without apostrophes.</param>
    public static string Cell(string text, bool raw = false)
    {
        raw |= text is ['+', .. { Length: > 0 } digits] && !digits.AsSpan().ContainsAnyExceptInRange('0', '9');
        var cell = new StringBuilder(text.Length + 3).Append('"');
        for (var i = 0; i < text.Length; i++)
        {
            if (!raw && "=+-@\t\r\n＝＋－＠".Contains(text[i]) && (i == 0 || ";,\t|\"'\r\n".Contains(text[i - 1])))
                cell.Append('\'');
            cell.Append(text[i] == '"' ? "\"\"" : text[i].ToString());
        }
        return cell.Append('"').ToString();
    }

    /// <summary>An amount in whole units with all its decimals: 1250 cents are 12.50.</summary>
    public static string Amount(decimal minor, string currency)
    {
        var digits = Currency.Digits(currency);
        return (minor / (decimal)Math.Pow(10, digits)).ToString("F" + digits, CultureInfo.InvariantCulture);
    }

    /// <summary>Says that the answer is a file to be kept, and what it is called.</summary>
    /// <param name="name">In ASCII, without its ending.</param>
    public static void Name(HttpResponse response, string name) =>
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}.csv\"";
}
