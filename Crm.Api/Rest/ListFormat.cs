// How a list is answered: pages of JSON, or one CSV file of all that the filter finds.

using Crm.Api.Security;
using Crm.Domain.Problems;

namespace Crm.Api.Rest;

/// <param name="Mark">Whether the file begins with the mark by which spreadsheets know UTF-8.</param>
/// <param name="Raw">For programs: texts as they are, also those that a spreadsheet would run.</param>
public readonly record struct ListFormat(bool IsCsv, bool Mark = true, bool Raw = false)
{
    public static readonly string[] Parameters = ["format", "bom", "raw"];

    /// <summary>What the address says counts before what the header accepts.</summary>
    public static ListFormat Of(HttpRequest request)
    {
        var isCsv = request.Query.TryGetValue("format", out var said)
            ? said.ToString() switch
            {
                "csv" => true,
                "json" => false,
                _ => throw Invalid("format", "Allowed are: json, csv."),
            }
            : Acceptable.JsonOrCsv.Preferred(request.Headers.Accept) == "text/csv";
        return isCsv ? Csv(request) : new(isCsv, Switch(request, "bom", true, isCsv), Switch(request, "raw", false, isCsv));
    }

    /// <summary>Where nothing else is answered.</summary>
    public static ListFormat Csv(HttpRequest request) => new(true, Switch(request, "bom", true, true), Switch(request, "raw", false, true));

    static bool Switch(HttpRequest request, string name, bool usual, bool isCsv)
    {
        if (!request.Query.TryGetValue(name, out var said))
            return usual;
        // What is for another format would silently do nothing.
        if (!isCsv)
            throw Invalid(name, "Is for format=csv only.");
        return said.ToString() switch
        {
            "true" => true,
            "false" => false,
            _ => throw Invalid(name, "Must be true or false."),
        };
    }

    static ProblemException Invalid(string name, string message) =>
        new(ProblemCodes.InvalidParameter, $"{name}: {message}", [new(name, "invalid", message)]);
}
