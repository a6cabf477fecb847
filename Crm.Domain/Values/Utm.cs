// The UTM parameters of an address.

using Crm.Domain.Resources;

namespace Crm.Domain.Values;

/// <summary>UTM parameters as they came.</summary>
public sealed record Utm
{
    /// <summary>Nothing is said.</summary>
    public static readonly Utm None = new();

    [Field("utm_source", Max = 200)]
    public string? Source { get; init; }

    [Field("utm_medium", Max = 200)]
    public string? Medium { get; init; }

    [Field("utm_campaign", Max = 200)]
    public string? Campaign { get; init; }

    [Field("utm_term", Max = 200)]
    public string? Term { get; init; }

    [Field("utm_content", Max = 200)]
    public string? Content { get; init; }

    [Field("utm_id", Max = 200)]
    public string? CampaignId { get; init; }

    [Field("utm_source_platform", Max = 200)]
    public string? SourcePlatform { get; init; }

    [Field("utm_creative_format", Max = 200)]
    public string? CreativeFormat { get; init; }

    [Field("utm_marketing_tactic", Max = 200)]
    public string? MarketingTactic { get; init; }
}
