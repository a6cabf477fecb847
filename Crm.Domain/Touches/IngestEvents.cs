// Pages tell what happened on them: each event becomes a touch, and the answer leaves when all of them are on disk.

using System.Globalization;
using System.Text.Json;
using Crm.Domain.Conversions;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Text;
using Crm.Domain.Traffic;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Touches;

/// <summary>What the request itself says. Texts are tidy and within the touch's limits.</summary>
/// <param name="DoNotTrack">GPC or DNT: nobody is recognised, and click ids are not kept.</param>
/// <param name="Server">A program that brought a key: it tells of others, so that a missing browser says nothing, and its clock is
/// believed.</param>
/// <param name="Over">It came over a limit: what was seen is counted without being stored, and conversions are refused.</param>
public sealed record EventSource(string? Origin, string? UserAgent, string? Ip, bool DoNotTrack, bool Server = false, bool Over = false);

/// <param name="Visitor">The sealed visitor that the browser may keep; null when it must keep none.</param>
/// <param name="Arrival">The sealed page view by which somebody came who has not agreed to be recognised: the page keeps it in memory, and
/// says it once more when they agree. Null when it says nothing of where they came from.</param>
public sealed record IngestedEvents(int Accepted, IReadOnlyList<FieldError> Refused, string? Visitor, string? Arrival = null);

public sealed class IngestEvents(Installation installation, CountUnstored unstored)
{
    readonly SealedId visitors = VisitorToken.Of(installation),
        arrivals = new(installation.Seal(ClickToken.Purpose), ResourceType.Of<Touch>(), (byte)'t');

    public const int MostEvents = 50;

    /// <summary>What a browser's clock may be behind: events wait on a device without network.</summary>
    static readonly TimeSpan Oldest = TimeSpan.FromHours(24);

    static readonly TouchKind[] FromPages =
    [
        TouchKind.PageView,
        TouchKind.FormView,
        TouchKind.FormStart,
        TouchKind.Outbound,
        TouchKind.Download,
        TouchKind.Conversion,
        TouchKind.Event,
    ];
    static readonly string[] Words = [.. FromPages.Select(kind => Names.Camel(kind.ToString()))];

    /// <summary>
    /// Takes one event, a list of them, or <c>{"visitor", "consent", "quiet", "events"}</c>. One that cannot be read is refused by itself;
    /// the others are stored.
    /// When this returns, they are on disk. Throws <see cref="StoreUnavailableException"/>, and a problem when nothing of it is an event.
    /// </summary>
    /// <param name="alias">The visitor by another tracker's id (<see cref="Visitor.AliasOf"/>), when the body names none.</param>
    public async ValueTask<IngestedEvents> Run(
        KnownSite known,
        JsonElement body,
        EventSource source,
        CancellationToken cancel,
        string? alias = null
    )
    {
        var events = Events(body);
        var envelope = body.ValueKind == JsonValueKind.Object ? body : default;
        source = source with { DoNotTrack = source.DoNotTrack || Flag(envelope, "quiet") };
        var mayRecognise = !source.DoNotTrack && (!known.Site.TrackingNeedsConsent || Flag(envelope, "consent"));
        var told = Text(envelope, "visitor", 100);
        // A visitor of another workspace, or one that was made up, is nobody here: this browser gets one of its own.
        Id? visitor = mayRecognise && told is not null && visitors.TryRead(known.Settings.Key, told, out var id) ? id : null;
        var (all, accepted, arrived) = (new FieldErrors(), 0, (string?)null);
        for (var next = 0; next < events.Count; )
        {
            var (first, before) = (next, visitor);
            var (errors, refused, behind, recognised, came) = await CommitLoop.Run<(FieldErrors, int, int, Id?, Id?)>(
                _ => Stored(first, before),
                cancel
            );
            foreach (var error in errors.All)
                all.Add(error.Field, error.Code, error.Message);
            (accepted, visitor, next) = (accepted + behind - first - refused, recognised, behind);
            if (came is { } touch && !mayRecognise && !source.DoNotTrack)
                arrived ??= arrivals.Write(known.Settings.Key, touch, known.Site.Id);
        }
        if (accepted == 0 && source.Over)
            throw new ProblemException(ProblemCodes.RateLimited, "Nothing was stored. Try again in a moment.", all.All);
        if (accepted == 0)
            throw ProblemException.Invalid(all);
        return new(accepted, all.All, mayRecognise && visitor is { } seen ? visitors.Write(known.Settings.Key, seen) : null, arrived);

        // After a conflict once more: a shop's page told the same order twice at once, and the second look finds it.
        async ValueTask<(UnitOfWork?, (FieldErrors, int, int, Id?, Id?))> Stored(int first, Id? before)
        {
            var countOnly = unstored.IsInstead(source.Over);
            var work = new UnitOfWork(installation, known.Settings, known.Site.Id.Text<Site>());
            var (errors, refused, recognised, converted, came) = (new FieldErrors(), 0, before, false, (Id?)null);
            if (mayRecognise && recognised is null && alias is not null)
                recognised = await work.Store.FindByKey(ResourceType.Of<Visitor>().Collection, "alias", alias, cancel);
            var (i, counting) = (first, new List<Task>());
            // A conversion has a commit of its own: what it is owed to may have come in the same request, and what the next one does may
            // depend on the lead and the affiliate as this one leaves them.
            for (; i < events.Count && !converted; i++)
            {
                if (i > first && Text(events[i], "kind", 40) == "conversion")
                    break;
                if (Text(events[i], "arrival", 100) is { } again)
                {
                    if (mayRecognise && !countOnly)
                        recognised = await Recognise(known, again, recognised, alias, work, cancel);
                    continue;
                }
                if (StaysHere(known, events[i]))
                    continue;
                if (
                    IsRefused(events[i], source, $"events.{i}", errors)
                    || await Read(known, events[i], source, work, $"events.{i}", errors, cancel) is not { } touch
                )
                {
                    refused++;
                    continue;
                }
                // A sale is not counted without being stored; what a robot says of one is none.
                if (countOnly && touch is not { Kind: TouchKind.Conversion, Human: true })
                {
                    counting.Add(CountOnly(unstored, known.Settings, touch, work.By));
                    continue;
                }
                if (mayRecognise && recognised is null)
                    recognised = work.Insert(CameBy(touch, new() { Site = known.Site.Id, Alias = alias }), null).Id;
                touch = work.Insert(touch with { Visitor = mayRecognise ? recognised : null }, null);
                PrepareTouch.RecordEvent(work, touch);
                if (touch is { Kind: TouchKind.PageView, Arrival: true } && (touch.Click is not null || touch.Channel is not "direct"))
                    came ??= touch.Id;
                if (touch is { Kind: TouchKind.Conversion, Human: true })
                {
                    await Convert(known, events[i], touch, !source.Server, work, cancel);
                    converted = true;
                }
            }
            await Task.WhenAll(counting);
            return (work, (errors, refused, i, recognised, came));
        }
    }

    /// <summary>Money is not counted without being stored: who says it hears that it was not taken.</summary>
    static bool IsRefused(JsonElement said, EventSource source, string path, FieldErrors errors)
    {
        if (!source.Over || Text(said, "kind", 40) != "conversion")
            return false;
        errors.Add(path, ProblemCodes.RateLimited.Code, "Too many requests; try again in a moment.");
        return true;
    }

    /// <summary>What came over a limit is counted without being stored.</summary>
    /// <param name="by">The site, or the link that was shown.</param>
    internal static Task CountOnly(CountUnstored unstored, WorkspaceSettings settings, Touch touch, string by) =>
        unstored.Run(settings, touch, $"touch.{Names.Camel(touch.Kind.ToString())}", touch.Human, by);

    /// <summary>Somebody agreed on the page by which they came: that view is theirs now, and they came by it. No second view.</summary>
    /// <returns>The visitor.</returns>
    async ValueTask<Id?> Recognise(KnownSite known, string arrival, Id? visitor, string? alias, UnitOfWork work, CancellationToken cancel)
    {
        if (
            !arrivals.TryRead(known.Settings.Key, arrival, out var id, known.Site.Id)
            || id.Time < work.Now - Oldest
            || await work.Find<Touch>(id, cancel) is not { Visitor: null } view
        )
            return visitor; // said twice, or a day late
        if (visitor is null)
            visitor = work.Insert(CameBy(view, new() { Site = known.Site.Id, Alias = alias }), null).Id;
        else if (await work.Find<Visitor>(visitor.Value, cancel) is { } met && met.Id.Time > id.Time)
            work.Replace(met, CameBy(view, met), null); // met by what they did after they agreed
        PrepareTouch.RecordEvent(work, work.Replace(view, view with { Visitor = visitor }, null));
        return visitor;
    }

    static Visitor CameBy(Touch touch, Visitor visitor) =>
        visitor with
        {
            Channel = touch.Channel,
            Click = touch.Click,
            LandingPage = touch.Page,
            Referrer = touch.Referrer,
            Utm = touch.Utm,
            ClickIds = touch.ClickIds,
            Human = touch.Human,
        };

    /// <summary>Whether a link led to another host of the same site: nobody has left, and the next page tells of it.</summary>
    static bool StaysHere(KnownSite known, JsonElement said) =>
        Text(said, "kind", 40) == "outbound"
        && Web(said, "target") is { } target
        && new Uri(target).Host is var host
        && (
            known.Site.AllowedOrigins.Any(origin => new Uri(origin).Host.Equals(host, StringComparison.OrdinalIgnoreCase))
            || known.Site.LinkDomain is { } domain && domain.Equals(host, StringComparison.OrdinalIgnoreCase)
        );

    static IReadOnlyList<JsonElement> Events(JsonElement body)
    {
        IReadOnlyList<JsonElement> events = body.ValueKind switch
        {
            JsonValueKind.Array => [.. body.EnumerateArray().Take(MostEvents + 1)],
            JsonValueKind.Object when body.TryGetProperty("events", out var list) => list.ValueKind == JsonValueKind.Array
                ? [.. list.EnumerateArray().Take(MostEvents + 1)]
                : [],
            JsonValueKind.Object => [body],
            _ => [],
        };
        return events.Count switch
        {
            0 => throw ProblemException.Invalid(
                "events",
                "required",
                "Send one event or a list of them: {\"kind\":\"pageView\",\"page\":\"https://...\"}."
            ),
            > MostEvents => throw ProblemException.Invalid("events", "too_many", $"At most {MostEvents} events in one request."),
            _ => events,
        };
    }

    async ValueTask<Touch?> Read(
        KnownSite known,
        JsonElement said,
        EventSource source,
        UnitOfWork work,
        string path,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        var word = Text(said, "kind", 40);
        var kind = Array.IndexOf(Words, word);
        if (kind < 0)
        {
            errors.Add(path + ".kind", "not_a_choice", $"Must be one of: {string.Join(", ", Words)}.");
            return null;
        }
        var (page, referrer) = (Web(said, "page"), Web(said, "referrer"));
        Id? form = null;
        if (
            Text(said, "form", 40) is { } key
            && await installation.Settings.Find(PlannedForm.ByKey, key, cancel) is { } planned
            && planned.Settings.Key == known.Settings.Key
        )
            form = planned.Form.Id;
        if (form is null && FromPages[kind] is TouchKind.FormView or TouchKind.FormStart)
        {
            errors.Add(path + ".form", "not_found", "Must be the key of a form of this workspace.");
            return null;
        }
        if (FromPages[kind] == TouchKind.Conversion && !CanBeRead(known, said, path, errors))
            return null;
        // Scripts fetch, they do not navigate: that says nothing here.
        var signals = source is { Server: true, UserAgent: null }
            ? []
            : known.Settings.Traffic.SignalsOf(source.UserAgent, source.Ip, Navigation.Unknown);
        if (source.Origin is { } origin && IsForeign(known, origin))
            signals = signals.Add("foreign_origin");
        // A page of another subdomain that shares the visitor: the tracker knows, because the page said so.
        var stayed = Flag(said, "inside");
        var arrival = Arrived(known, page, stayed ? null : referrer, source);
        Click? click = null;
        if (Arrival.Parameter(page, ClickToken.Parameter) is { } token)
            click = await ClickToken.Find(work, token, cancel);
        var inside = referrer is not null && page is not null && (stayed || SameAuthority(referrer, page));
        var arrived =
            FromPages[kind] == TouchKind.PageView
            && (click is not null || arrival.ClickIds.Length > 0 || arrival.Utm != Utm.None || !inside);
        var (at, clock) = When(said, work.Now, source.Server);
        return new()
        {
            Id = work.NextId(),
            Kind = FromPages[kind],
            Site = known.Site.Id,
            Form = form,
            At = at,
            Clock = clock,
            Page = page,
            Referrer = arrival.ReferrerHost,
            Target = Target(said),
            Note = Text(said, "name", 200),
            Arrival = arrived,
            Credit = (click?.Credit ?? default) with { Channel = arrived ? click?.Channel ?? arrival.Channel : null },
            Utm = arrival.Utm,
            ClickIds = arrival.ClickIds,
            Click = click?.Id,
            Human = signals.Length == 0,
            Signals = signals,
            UserAgent = source.UserAgent,
            Ip = source.Ip,
        };
    }

    static bool SameAuthority(string one, string other) =>
        TextRules.PlainHost(one) is { IsEmpty: false } here && TextRules.PlainHost(other) is { IsEmpty: false } there
            ? here.SequenceEqual(there)
            : new Uri(one).Authority == new Uri(other).Authority;

    /// <summary>Whether a page of this origin is none of the site's.</summary>
    internal static bool IsForeign(KnownSite known, string origin) =>
        known.Site.AllowedOrigins.Length > 0 && !known.Site.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    internal static Arrival Arrived(KnownSite known, string? page, string? referrer, EventSource source)
    {
        var arrival = Arrival.Read(page, referrer, _ => null, known.Settings.Traffic);
        return source.DoNotTrack ? arrival with { ClickIds = [] } : arrival;
    }

    /// <summary>When the browser says it was, within what can be true.</summary>
    static (DateTimeOffset At, string? Clock) When(JsonElement said, DateTimeOffset now, bool believed)
    {
        if (said.ValueKind != JsonValueKind.Object || !said.TryGetProperty("at", out var value))
            return (now, null);
        DateTimeOffset at;
        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var milliseconds)
            && milliseconds is > -62_135_596_800_000 and < 253_402_300_799_000
        )
            at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        else if (
            value.ValueKind != JsonValueKind.String
            || !DateTimeOffset.TryParse(
                value.GetString(),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out at
            )
        )
            return (now, null);
        at = TextRules.ToMillisecond(at.ToUniversalTime());
        return at > now ? (now, at > now.AddMinutes(5) ? "future" : null)
            : at < now - Oldest && !believed ? (now - Oldest, "past")
            : (at, null);
    }

    /// <summary>A conversion that a page tells of. What a stranger says it is worth is kept as he says it, within what money can
    /// be.</summary>
    async ValueTask Convert(KnownSite site, JsonElement said, Touch touch, bool byPage, UnitOfWork work, CancellationToken cancel)
    {
        var conversion = new Conversion
        {
            Type = Text(said, "type", 40) ?? "conversion",
            OrderId = Number(said, "orderId") ?? Text(said, "orderId", 120),
            Value = Worth(site, said, "", new()),
            ByPage = byPage,
        };
        var path = touch.Visitor is { } visitor ? await VisitorPath.Read(work, visitor, cancel) : null;
        var from = path?.Last ?? touch;
        conversion = conversion with
        {
            Id = work.NextId(),
            Lead = path?.Visitor?.Lead,
            Click = from.Click?.Text<Click>(),
            Credit = from.Credit,
        };
        var known = await FindConversion.Of(work, conversion, cancel);
        if (known is not null && !known.GivesWayTo(conversion))
            return;
        work.Insert(await PrepareConversion.Settled(work, conversion, known, from.Click?.Time ?? from.At, cancel));
    }

    /// <summary>Whether what counts in a conversion can be read: a number that is lost or taken for another is worse than an answer
    /// that says so.</summary>
    static bool CanBeRead(KnownSite site, JsonElement said, string path, FieldErrors errors)
    {
        var before = errors.All.Count;
        foreach (var name in new[] { "type", "orderId" })
            if (
                said.TryGetProperty(name, out var value)
                && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.String)
                && !(name == "orderId" && value.ValueKind == JsonValueKind.Number)
            )
                errors.Add($"{path}.{name}", "invalid", "Must be a text.");
        Worth(site, said, path + ".", errors);
        return errors.All.Count == before;
    }

    /// <summary><c>value</c> is an amount in minor units, as everywhere in the API; <c>amount</c> with <c>currency</c> one in whole units,
    /// as people write it.</summary>
    static Money? Worth(KnownSite site, JsonElement said, string path, FieldErrors errors)
    {
        if (said.TryGetProperty("value", out var value) && value.ValueKind != JsonValueKind.Null)
        {
            long minor = 0;
            if (
                value.ValueKind != JsonValueKind.Object
                || !value.TryGetProperty("amount", out var whole)
                || whole.ValueKind != JsonValueKind.Number
                || !whole.TryGetInt64(out minor)
                || minor is < 0 or > Money.Most
            )
                errors.Add(
                    path + "value.amount",
                    "invalid",
                    "Must be a whole number in the smallest unit: 4999 for 49.99. For an amount in whole units send \"amount\":\"49.99\",\"currency\":\"EUR\" without value."
                );
            return CurrencyOf(Text(value, "currency", 10), path + "value.currency", errors) is { } code
                ? new() { Amount = minor, Currency = code }
                : null;
        }
        if (!said.TryGetProperty("amount", out var amount) || amount.ValueKind == JsonValueKind.Null)
            return null;
        if (CurrencyOf(Text(said, "currency", 10) ?? site.Site.Currency, path + "currency", errors) is not { } currency)
            return null;
        var read =
            amount.ValueKind == JsonValueKind.String ? MoneyText.Read(amount.GetString()!, currency)
            : amount.ValueKind == JsonValueKind.Number && amount.TryGetDecimal(out var number) ? MoneyText.Of(number, currency)
            : null;
        if (read is null)
            errors.Add(path + "amount", "invalid", $"Must be an amount of {currency} in whole units with decimals: 49.99.");
        return read;
    }

    static string? CurrencyOf(string? said, string path, FieldErrors errors)
    {
        if (said?.ToUpperInvariant() is { } code && Currency.Exists(code))
            return code;
        errors.Add(path, said is null ? "required" : "invalid", "Must be an ISO 4217 code such as EUR.");
        return null;
    }

    static bool Flag(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    static string? Text(JsonElement body, string name, int most) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && TextRules.TryTidy(TextRules.Cut(value.GetString()!, most), false, out var tidy, out _)
        && tidy.Length > 0
            ? tidy
            : null;

    static string? Web(JsonElement body, string name) => Text(body, name, 2048) is { } url && TextRules.IsWebAddress(url) ? url : null;

    static string? Number(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? TextRules.Cut(value.GetRawText(), 120)
            : null;

    /// <summary>Where a click led: a page, a number to call (tel:), a mailbox, an app.</summary>
    static string? Target(JsonElement body) =>
        Text(body, "target", 2048) is { } target
        && (
            TextRules.IsWebAddress(target)
            || target.IndexOf(':') is > 0 and var colon && LinkDestination.MayBeScheme(target[..colon].ToLowerInvariant())
        )
            ? target
            : null;
}
