// What only links have: their public address, one that names a lead, and both as a QR code.

using System.Globalization;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Api.Links;

public static class LinkEndpoints
{
    const int UsualScale = 8,
        MostScale = 40;

    public static void Map(WebApplication app)
    {
        var links = app.Services.GetRequiredService<Installation>().Catalog.For(ResourceType.Of<Link>());
        app.MapMethods("/v1/links/{id}/address", ["GET", "HEAD"], http => Address(http, links)).With(links, "address", "read");
        app.MapMethods("/v1/links/{id}/qr.svg", ["GET", "HEAD"], http => Qr(http, links, svg: true))
            .With(links, "qr", "read")
            .WithMetadata(new Acceptable("image/svg+xml"));
        app.MapMethods("/v1/links/{id}/qr.png", ["GET", "HEAD"], http => Qr(http, links, svg: false))
            .With(links, "qr", "read")
            .WithMetadata(new Acceptable("image/png"));
    }

    static async Task Address(HttpContext http, CatalogEntry links)
    {
        var (_, address) = await Target(http, links, []);
        await new Answer(StatusCodes.Status200OK, JsonText.Bytes(new { url = address })).Write(http);
    }

    static async Task Qr(HttpContext http, CatalogEntry links, bool svg)
    {
        var (link, address) = await Target(http, links, ["scale"]);
        var scale = UsualScale;
        if (
            http.Request.Query.TryGetValue("scale", out var text)
            && (!int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out scale) || scale is < 1 or > MostScale)
        )
            throw Refused("scale", "invalid", $"Must be a whole number from 1 to {MostScale}: pixels of one module.");
        var name = Caller.Of(http).Rights(links.Type).Reads.Contains("name") ? link.Name ?? link.Slug : link.Slug;
        using var code = QrPicture.Of(address);
        if (svg)
            http.Response.Headers.ContentSecurityPolicy = Reports.SvgPicture.ContentSecurityPolicy;
        await (
            svg
                ? new Answer(StatusCodes.Status200OK, QrPicture.Svg(code, name, scale), "image/svg+xml; charset=utf-8")
                : new Answer(StatusCodes.Status200OK, QrPicture.Png(code, scale), "image/png")
        ).Write(http);
    }

    /// <summary>The link of the path with the address that visitors are given: on the workspace's own link domain if <c>domain</c> names
    /// one of its sites, and for one lead if <c>lead</c> does.</summary>
    static async Task<(Link Link, string Address)> Target(HttpContext http, CatalogEntry links, string[] more)
    {
        var query = http.Request.Query;
        string[] allowed = ["lead", "domain", .. more];
        UnknownParameter.Refuse(http, $"Allowed are: {string.Join(", ", allowed)}.", allowed);
        var (caller, installation) = (Caller.Of(http), http.RequestServices.GetRequiredService<Installation>());
        var (settings, work) = (caller.Settings, caller.Work());
        var link = (Link)await SaveRecord.Target(work, links, http.Request.RouteValues["id"] as string, http.RequestAborted);
        if (!caller.Rights(links.Type).Reads.Contains("slug"))
            throw new ProblemException(ProblemCodes.InsufficientScope, "The key may not read where links are found.");
        var address = LinkAddress.Of(settings, caller.Origin, link);
        if (query.TryGetValue("domain", out var domain))
            address = settings.Sites.Any(site => site.ServedDomain == domain.ToString().ToLowerInvariant())
                ? LinkAddress.On(domain.ToString().ToLowerInvariant(), link)
                : throw Refused("domain", "not_found", "Must be the linkDomain of a site of this workspace, and proved.");
        if (query.TryGetValue("lead", out var lead))
        {
            // Who may make the address of a lead may also see that there is one.
            var leads = ResourceType.Of<Lead>();
            caller.MustRead(leads);
            if (!Id.TryParse<Lead>(lead.ToString(), out var id) || await work.FindShown(leads, id, http.RequestAborted) is null)
                throw Refused("lead", "not_found", "There is no lead with this id.");
            address += $"?{LeadToken.Parameter}={LeadToken.Of(installation).Write(settings.Key, id, link.Id)}";
        }
        return (link, address);
    }

    static ProblemException Refused(string parameter, string code, string message) =>
        new(ProblemCodes.InvalidParameter, $"{parameter}: {message}", [new(parameter, code, message)]);
}
