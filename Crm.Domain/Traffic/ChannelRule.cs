// A workspace's own rule of which channel an arrival is: tried before the built-in ones.

using Crm.Domain.Resources;

namespace Crm.Domain.Traffic;

[Resource(
    "channelRule",
    "channel-rules",
    "chrule",
    "Which marketing channel an arrival is. The first rule that fits decides; when none does, GA4's default channel group does."
)]
public sealed record ChannelRule : Resource
{
    [Field("What people call it.", Max = 150, Is = Is.Searchable, Example = "Partner newsletters")]
    public string? Name { get; init; }

    [Field("Rules are tried in this order; of equal ones the older first.", Min = 0, Max = 1_000_000)]
    public long Position { get; init; }

    [Field("The channel: lower-case letters, digits and hyphens.", Max = 40, Is = Is.Required | Is.Filterable, Example = "partners")]
    public string? Channel { get; init; }

    [Field("utm_source, in any case; * stands for any characters, alone it asks that there is one.", Max = 100, Example = "partner-*")]
    public string? Source { get; init; }

    [Field("utm_medium, likewise.", Max = 100, Example = "email")]
    public string? Medium { get; init; }

    [Field("utm_campaign, likewise.", Max = 100)]
    public string? Campaign { get; init; }

    [Field(
        "The host of the page before, likewise. None when it was one of the workspace's own sites.",
        Max = 100,
        Example = "*.partner.example.org"
    )]
    public string? Referrer { get; init; }

    [Field("The name of an advertising network's click id, likewise.", Max = 100, Example = "gclid")]
    public string? ClickId { get; init; }

    [Field("Whether it is used.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;
}
