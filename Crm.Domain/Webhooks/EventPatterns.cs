// Which types of events a webhook asked for.

using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

/// <param name="patterns">Types such as lead.created, lead.* for all of one kind, * for everything.</param>
public sealed class EventPatterns(IReadOnlyList<string> patterns)
{
    /// <summary>What becomes of a webhook's own deliveries is sent to none: two that fail would go on calling each other.</summary>
    public const string DeliveryDied = "webhook.deliveryDied";

    public bool Match(string type) => type != DeliveryDied && patterns.Any(pattern => IsOf(pattern, type));

    static bool IsOf(string pattern, string type) =>
        pattern.EndsWith('*') ? type.StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == type;

    /// <summary>The types of the product that a pattern stands for; none: it is no pattern, or nothing is called so.</summary>
    public static IEnumerable<string> TypesOf(Catalog catalog, string pattern) =>
        pattern != "*" && pattern.Contains('*') && !pattern.EndsWith(".*", StringComparison.Ordinal)
            ? []
            : catalog.EventTypes.Where(type => type != DeliveryDied && IsOf(pattern, type));
}
