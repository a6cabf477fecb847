// The requests of one call of a Matomo tracker: whose they are, whether they may say what they say, and how many are on disk.

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Crm.Api.Http;
using Crm.Api.Limiting;
using Crm.Api.Security;
using Crm.Api.Tracker;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Api.Matomo;

/// <summary>What became of the requests of one call.</summary>
/// <param name="Invalid">The places of those that were not stored.</param>
/// <param name="Authenticated">Whether one of them brought a key that may write touches.</param>
/// <param name="Problem">What was wrong with the first that could not be read.</param>
/// <param name="Failure">Why it ended before the last.</param>
sealed record MatomoTaken(int Tracked, IReadOnlyCollection<int> Invalid, bool Authenticated, FieldError? Problem, ProblemCode? Failure);

/// <summary>Reads them one by one, and stores what one visitor did in a row in one commit.</summary>
sealed class MatomoHits(HttpContext http, MatomoRequest request)
{
    sealed record Who(KnownSite Site, EventSource Source, string? Alias, bool Consents);

    readonly IngestEvents ingest = http.RequestServices.GetRequiredService<IngestEvents>();
    readonly Installation installation = http.RequestServices.GetRequiredService<Installation>();
    readonly RateLimits limits = http.RequestServices.GetRequiredService<RateLimits>();
    readonly EventSource source = TrackerEndpoints.SourceOf(http);
    readonly Dictionary<string, Caller?> callers = new(StringComparer.Ordinal);
    readonly SortedSet<int> invalid = [];
    readonly List<(int Index, Action<Utf8JsonWriter> Event)> waiting = [];
    Who? who;
    FieldError? problem;
    int tracked;
    bool authenticated;

    /// <summary>Those of one visitor that follow each other are stored together. When this returns, what counts as tracked is on
    /// disk.</summary>
    public async ValueTask<MatomoTaken> Take()
    {
        ProblemCode? failure = null;
        try
        {
            for (var i = 0; i < request.Hits.Count && !http.Response.HasStarted; i++)
                await Take(i, request.Hits[i]);
            await Store();
        }
        catch (Exception error) when (request.Bulk && error is StoreUnavailableException or ProblemException { Code.Code: "conflict" })
        {
            if (error is StoreUnavailableException away)
                StoreOutage.Met(http, away);
            // What was stored before is told, so that the sender need not send it again.
            http.Response.Headers.RetryAfter = "2";
            failure = ProblemCodes.StoreUnavailable;
        }
        return new(tracked, invalid, authenticated, problem, failure);
    }

    async ValueTask Take(int index, Dictionary<string, string> values)
    {
        var errors = new FieldErrors();
        if (await MatomoEndpoint.SiteOf(installation, values.GetValueOrDefault("idsite"), http.RequestAborted) is not { } site)
            errors.Add("idsite", "not_found", "Must be the matomoId of a site.");
        else
        {
            var caller = (values.GetValueOrDefault("token_auth") ?? request.Token) is { Length: > 0 } token ? await CallerOf(token) : null;
            if (http.Response.HasStarted)
                return;
            var server =
                caller is not null && caller.Settings.Key == site.Settings.Key && caller.Rights(ResourceType.Of<Touch>()).MayCreate;
            authenticated |= server;
            var hit = MatomoHit.Read(values, site.Site.Currency, server, installation.Clock.GetUtcNow(), errors);
            IPAddress? address = null;
            if (hit.Ip is not null && !IPAddress.TryParse(hit.Ip, out address))
                errors.Add("cip", "invalid", "Must be an IP address.");
            if (!errors.Any)
            {
                var told = server
                    ? source with
                    {
                        Origin = null,
                        UserAgent = hit.UserAgent,
                        Ip = address is null ? null : ClientAddress.Network(address),
                        Server = true,
                        Over = false, // its key has limits of its own
                    }
                    : source with
                    {
                        UserAgent = hit.UserAgent ?? source.UserAgent,
                        Over = source.Over || IsOver(site),
                    };
                await Wait(index, new(site, told, hit.Alias, hit.Consents), hit.WriteEvent);
                return;
            }
        }
        invalid.Add(index);
        problem ??= errors.All[0];
    }

    /// <summary>A site that only the body names: what all its visitors share refuses nobody, it is counted then.</summary>
    bool IsOver(KnownSite site) =>
        http.Features.Get<KnownSite>() is null
        && http.Features.Get<Caller>() is null
        && !limits
            .TakeNamed(
                http,
                new LimitKey(limits.Table.TrackerSite, 0, site.Site.Key),
                new LimitKey(limits.Table.WorkspaceTracker, 0, $"{site.Settings.Key.Value}")
            )
            .IsAcquired;

    async ValueTask Wait(int index, Who next, Action<Utf8JsonWriter>? told)
    {
        if (told is null)
        {
            if (request.Bulk)
                invalid.Add(index); // not stored, and so not tracked
            return;
        }
        if (who != next || waiting.Count == IngestEvents.MostEvents)
            await Store();
        who = next;
        waiting.Add((index, told));
    }

    async ValueTask Store()
    {
        if (waiting.Count == 0)
            return;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = JsonText.Writer(buffer))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("consent", who!.Consents);
            writer.WriteStartArray("events");
            foreach (var (_, write) in waiting)
            {
                writer.WriteStartObject();
                write(writer);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        var indices = waiting.Select(w => w.Index).ToList();
        waiting.Clear();
        using var body = JsonDocument.Parse(buffer.WrittenMemory);
        // Stored even if the page is gone by now.
        var taken = await ingest.Run(who.Site, body.RootElement, who.Source, CancellationToken.None, who.Alias);
        tracked += taken.Accepted;
        foreach (var error in taken.Refused)
            if (
                error.Field.Split('.') is [_, var place, ..]
                && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var at)
                && at < indices.Count
            )
                invalid.Add(indices[at]);
    }

    /// <summary>Whose key it is; null for none of ours, which counts as an attempt.</summary>
    async ValueTask<Caller?> CallerOf(string token)
    {
        if (callers.TryGetValue(token, out var known))
            return known;
        var caller = await Access.Identify(http, installation, "Bearer " + token, http.RequestAborted);
        if (caller is null)
        {
            using var attempt = limits.FailedKey(http.Connection.RemoteIpAddress);
            if (!attempt.IsAcquired)
                await limits.Refuse(http, attempt);
        }
        return callers[token] = caller;
    }
}
