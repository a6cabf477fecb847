// Refuses pages of strangers that make a browser reach the product under a name of theirs (DNS rebinding).

using System.Net;
using Crm.Api.Http;
using Crm.Domain.Problems;

namespace Crm.Api.Mcp;

static class ReachedAs
{
    /// <summary>
    /// A name that was made to lead here is in the request: as its host, and as the origin of the page. So the host must be an address,
    /// this machine's own name for itself, or the name by which the product is known; a page, if there is one, must be from there too.
    /// </summary>
    /// <exception cref="ProblemException">It was reached in another way.</exception>
    public static void Check(HttpContext http)
    {
        if (!IsOwn(http.Request.Host.Host) && !IsKnown(http, http.Request.Host.Value!))
            throw new ProblemException(
                ProblemCodes.HostNotAllowed,
                $"Reach it by an address, as localhost, or under the name of {PublicUrl.Variable}, which is not this one."
            );
        if (http.Request.Headers.Origin is not [{ } origin])
        {
            if (http.Request.Headers.Origin.Count > 0)
                throw Page();
            return;
        }
        if (
            !Uri.TryCreate(origin, UriKind.Absolute, out var page)
            || page.Scheme is not ("http" or "https")
            || !IsThisMachine(page.IdnHost) && !PublicUrl.IsOwn(http, page.Authority)
        )
            throw Page();
    }

    static ProblemException Page() => new(ProblemCodes.HostNotAllowed, "Pages of other origins may not call it.");

    /// <summary>An address cannot be made to lead elsewhere.</summary>
    static bool IsOwn(string host) => IsThisMachine(host) || IPAddress.TryParse(host.Trim('[', ']'), out _);

    static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);

    static bool IsKnown(HttpContext http, string host) =>
        http.RequestServices.GetRequiredService<PublicUrl>().Said is { } known
        && host.Equals(new Uri(known).Authority, StringComparison.OrdinalIgnoreCase);
}
