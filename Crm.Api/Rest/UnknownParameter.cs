// Refuses a parameter of an address that does nothing there, so that nobody relies on it.

using Crm.Domain.Problems;
using Crm.Domain.Resources;

namespace Crm.Api.Rest;

public static class UnknownParameter
{
    const int LongestName = 60;

    /// <param name="says">The sentence about what is allowed.</param>
    /// <exception cref="ProblemException">There is a parameter that is none of these; the first is named.</exception>
    public static void Refuse(HttpContext http, string says, params IEnumerable<string> allowed)
    {
        if (http.Request.Query.Keys.FirstOrDefault(key => !allowed.Contains(key)) is not { } unknown)
            return;
        var name = TextRules.Cut(unknown, LongestName);
        throw new ProblemException(ProblemCodes.UnknownParameter, $"{name}: {says}", [new(name, "unknown", says)]);
    }
}
