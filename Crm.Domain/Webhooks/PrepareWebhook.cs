// What saving a webhook checks: its address, its events, what whoever saves it may read, its headers; and its first secret.

using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Crm.Domain.Deliveries;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

public static partial class PrepareWebhook
{
    /// <summary>Webhooks of one workspace: all that want an event are written into its commit.</summary>
    public const int Most = 50;

    /// <summary>What the product or HTTP says itself.</summary>
    static readonly HashSet<string> Taken = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection",
        "Expect",
        "Host",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "User-Agent",
        "Via",
    };

    static readonly string[] TakenStarts = ["Content-", "Proxy-", "Webhook-"];

    [GeneratedRegex(@"\A[!#$%&'*+.^_`|~0-9A-Za-z-]+\z")]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"\A[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?\z")]
    private static partial Regex HeaderValue();

    public static ValueTask<Webhook> Run(UnitOfWork work, Webhook? before, Webhook hook, FieldErrors errors, CancellationToken cancel)
    {
        if (before is null && work.Settings.Webhooks.All >= Most)
            throw new ProblemException(ProblemCodes.LimitReached, $"A workspace has at most {Most} webhooks.");
        if (hook.Url is { } url && !TextRules.IsWebAddress(url))
            errors.Add("url", "invalid", "Must be an absolute http or https address without a user name.");
        hook = hook with
        {
            ApiVersion = string.IsNullOrEmpty(hook.ApiVersion) ? Webhook.Versions[^1] : hook.ApiVersion,
            Events = [.. hook.Events.Distinct(StringComparer.Ordinal)],
        };
        if (!Webhook.Versions.Contains(hook.ApiVersion!))
            errors.Add("apiVersion", "unknown", $"There are: {string.Join(", ", Webhook.Versions)}.");
        CheckHeaders(hook, errors);
        CheckEvents(work, hook, errors);
        if (errors.Any)
            return new(hook);
        if (hook.Active && before is not { Active: true })
            hook = hook with { ActiveSince = work.Now, DisabledAt = null, DisabledBecause = null };
        if (before is null)
        {
            var secret = WebhookSecret.New();
            work.ShownOnce["secret"] = secret;
            hook = hook with { Secret = SealedText.Of(secret) };
        }
        return new(hook with { Readable = ReadableBy(work) });
    }

    static void CheckHeaders(Webhook hook, FieldErrors errors)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < hook.Headers.Length; i++)
        {
            var (name, value) = (hook.Headers[i].Name, hook.Headers[i].Value);
            if (!HeaderName().IsMatch(name))
                errors.Add($"headers.{i}.name", "invalid", "Must be a header's name.");
            else if (Taken.Contains(name) || TakenStarts.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)))
                errors.Add($"headers.{i}.name", "not_allowed", "Is set by the product.");
            else if (!names.Add(name))
                errors.Add($"headers.{i}.name", "duplicate", "Stands there twice.");
            if (!HeaderValue().IsMatch(value))
                errors.Add($"headers.{i}.value", "invalid", "Must be visible characters of ASCII.");
        }
    }

    /// <summary>Whoever makes a webhook gets by it what they may read anyway, and nothing else.</summary>
    static void CheckEvents(UnitOfWork work, Webhook hook, FieldErrors errors)
    {
        var (catalog, filter) = (work.Installation.Catalog, WebhookFilter.Read(hook.Filter));
        for (var i = 0; i < hook.Events.Length; i++)
        {
            var pattern = hook.Events[i];
            var types = EventPatterns.TypesOf(catalog, pattern).ToList();
            if (types.Count == 0)
                errors.Add($"events.{i}", "unknown", Unknown(catalog, pattern));
            var hidden = catalog
                .Public.Where(entry => types.Exists(type => IsOf(entry, type)) && !MayRead(work, entry, hook.Payload))
                .Select(entry => $"{entry.Type.Plural}:read")
                .ToList();
            if (hidden.Count > 0)
                errors.Add(
                    $"events.{i}",
                    "not_allowed",
                    $"{pattern} needs the right to read all of what it sends: {string.Join(", ", hidden)}."
                );
        }
        if (filter.TakesAll || errors.Any)
            return;
        var subjects = hook.Events.SelectMany(pattern => EventPatterns.TypesOf(catalog, pattern)).SelectMany(SubjectsOf).ToHashSet();
        filter.Check(work, [.. catalog.Public.Select(entry => entry.Type).Where(type => subjects.Contains(type.Name))], errors);
    }

    /// <summary>The resources whose records a type of events happens to: those that the filter is asked of.</summary>
    static string[] SubjectsOf(string type) =>
        type switch
        {
            // What became a lead is told as the lead's.
            "submission.accepted" or "submission.merged" => ["lead"],
            "submission.held" or "submission.spam" => ["submission", "lead"],
            _ when type.StartsWith("touch.", StringComparison.Ordinal) => ["lead", "visitor"],
            _ => [type.Split('.')[0]],
        };

    static bool IsOf(CatalogEntry entry, string type) => type.AsSpan(0, Math.Max(0, type.IndexOf('.'))).SequenceEqual(entry.Type.Name);

    static bool MayRead(UnitOfWork work, CatalogEntry entry, WebhookPayload payload) =>
        work.RightsTo(entry.Type) is { MayRead: true, Rows: null } rights && (payload == WebhookPayload.Thin || rights.ReadsWhole);

    static ImmutableArray<string> ReadableBy(UnitOfWork work) =>
        [.. work.Installation.Catalog.Public.Where(entry => MayRead(work, entry, WebhookPayload.Full)).Select(entry => entry.Type.Plural)];

    static string Unknown(Catalog catalog, string pattern)
    {
        var kind = pattern.Split('.')[0];
        var near = EventPatterns.TypesOf(catalog, kind + ".*").ToList();
        return near.Count > 0
            ? $"No event is called so. Of {kind} there are: {string.Join(", ", near)}."
            : $"No event is called so. Kinds are: {string.Join(", ", catalog.EventTypes.Select(type => type.Split('.')[0]).Distinct())}; write lead.* for all of one.";
    }
}
