// The webhooks of a workspace, as a part of its settings: every event looks at them.

using System.Collections.Concurrent;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

/// <summary>A webhook that is called, with what is asked of it for each event.</summary>
public sealed class CalledWebhook(Webhook hook)
{
    readonly ConcurrentDictionary<ResourceType, Filter?> filters = new();

    public Webhook Hook => hook;
    public string Text { get; } = hook.Id.Text<Webhook>();
    public EventPatterns Patterns { get; } = new(hook.Events);
    public WebhookFilter Filter { get; } = WebhookFilter.Read(hook.Filter);

    /// <summary>Whether a record meets the filter. A filter that cannot be understood any more, because a field it names is gone, lets
    /// nothing through: it was made to hold something back.</summary>
    public bool Takes(WorkspaceSettings settings, ResourceType? type, Func<Document?> record) =>
        Filter.Terms.Length == 0
        || type is not null
            && filters.GetOrAdd(type, one => Filter.For(settings, one, Rights.Everything, new())) is { } filter
            && record() is { } document
            && filter.Matches(document);
}

/// <param name="all">How many there are, with those that are not called.</param>
public sealed class KnownWebhooks(int all, IReadOnlyList<CalledWebhook> active)
{
    readonly ConcurrentDictionary<string, IReadOnlyList<CalledWebhook>> byType = new(StringComparer.Ordinal);

    public int All => all;
    public IReadOnlyList<CalledWebhook> Active => active;

    public CalledWebhook? Find(Id? hook) => active.FirstOrDefault(one => one.Hook.Id == hook);

    /// <summary>Whether an event calls any. Asked of each event, so that it looks nothing up where there is nothing.</summary>
    public bool Want(Event happened)
    {
        if (active.Count == 0)
            return false;
        if (For(happened.Type).Count > 0)
            return true;
        foreach (var also in happened.Also)
            if (For(also).Count > 0)
                return true;
        return false;
    }

    /// <summary>Those that an event calls, by whichever of its types; each once.</summary>
    public IEnumerable<CalledWebhook> For(Event happened) =>
        happened.Also.IsEmpty ? For(happened.Type) : happened.Also.Prepend(happened.Type).SelectMany(For).Distinct();

    IReadOnlyList<CalledWebhook> For(string type) => byType.GetOrAdd(type, one => [.. active.Where(hook => hook.Patterns.Match(one))]);
}

public static class WebhooksInSettings
{
    public static readonly SettingsPart<KnownWebhooks> Part = new(
        async (_, reader, cancel) =>
        {
            var all = await reader.All<Webhook>(cancel);
            return new(all.Count, [.. all.Where(hook => hook.Active).Select(hook => new CalledWebhook(hook))]);
        }
    );

    extension(WorkspaceSettings settings)
    {
        public KnownWebhooks Webhooks => settings.Get(Part);
    }
}
