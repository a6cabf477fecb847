// POST /track/click: a page says that its visitor came by a link, without having gone through its redirect.

using System.Buffers;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Limiting;
using Crm.Api.Links;
using Crm.Api.Rest;
using Crm.Api.Security;
using Crm.Api.Tracker;
using Crm.Domain.Affiliates;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Text;
using Crm.Domain.Work;
using Microsoft.AspNetCore.WebUtilities;

namespace Crm.Api.Dub;

public static class DubClick
{
    public static async Task Take(HttpContext http)
    {
        AnyPage.Allow(http);
        var installation = http.RequestServices.GetRequiredService<Installation>();
        using var body = JsonBodyReader.Parse(await LimitedBody.Read(http.Request, DubEndpoints.MostBytes));
        var said = DubEndpoints.Read(body.RootElement);
        var (domain, key, url, referrer) = (
            said.Text("domain", 253, required: true),
            said.Text("key", 60, required: true),
            said.Text("url", 2048),
            said.Text("referrer", 2048)
        );
        var earlier = said.Text("earlier", 80);
        if (said.Errors.Any)
            throw ProblemException.Invalid(said.Errors);
        if (
            (await FindLink.Run(installation, key, http.RequestAborted)).Link is not { } known
            || !await IsOn(installation, known, domain!, http)
        )
            throw new ProblemException(ProblemCodes.NotFound, "There is no such link on this domain.");
        var visit = FollowLinkEndpoint.VisitOf(http) with
        {
            Query = Query(url),
            Referrer = referrer,
            Navigation = Navigation.Yes,
            Speculative = false,
            EarlierClick = earlier,
        };
        // On disk even if the page is gone by now: they have come. The link and its workspace are known only now.
        var limits = http.RequestServices.GetRequiredService<RateLimits>();
        var over =
            Passage.IsOver(http)
            || !limits
                .TakeNamed(
                    http,
                    new LimitKey(limits.Table.Link, 0, known.By),
                    new LimitKey(limits.Table.WorkspaceLinks, 0, $"{known.Settings.Key.Value}")
                )
                .IsAcquired;
        var (decision, token) = await http.RequestServices.GetRequiredService<FollowLink>().Run(known, visit, over, CancellationToken.None);
        if (decision is not LinkDecision.Go)
            throw new ProblemException(ProblemCodes.NotFound, "This link leads nowhere any more.");
        var affiliate = known.Link.Affiliate is { } id
            ? await new UnitOfWork(installation, known.Settings, "").Find<Affiliate>(id, http.RequestAborted)
            : null;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("clickId", visit.DoNotTrack ? "" : token); // Who asks not to be tracked gets nothing that his browser could keep.
            if (affiliate is not null)
            {
                writer.WriteStartObject("partner");
                writer.WriteString("id", affiliate.Id.Text<Affiliate>());
                writer.WriteString("name", affiliate.Name);
                writer.WriteNull("image");
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        await new Answer(StatusCodes.Status200OK, buffer.WrittenMemory).Write(http);
    }

    /// <summary>Links of all workspaces are on the product's own host, and on a domain of links only those of its workspace.</summary>
    static async ValueTask<bool> IsOn(Installation installation, KnownLink link, string domain, HttpContext http) =>
        PublicUrl.IsOwn(http, domain)
        || domain.Equals(http.Request.Host.Host, StringComparison.OrdinalIgnoreCase)
        || await installation.Settings.Find(KnownSite.ByLinkDomain, domain.ToLowerInvariant(), http.RequestAborted) is { } owner
            && owner.Key == link.Settings.Key;

    static IReadOnlyList<KeyValuePair<string, string>> Query(string? url) =>
        url is not null && TextRules.IsWebAddress(url) ? FollowLinkEndpoint.Parameters(QueryHelpers.ParseQuery(new Uri(url).Query)) : [];
}
