// A postback that we send: an address of a partner's system with places to fill in, called when something counts.

using System.Collections.Immutable;
using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Postbacks;

[Resource(
    "postback",
    "postbacks",
    "pback",
    "An address of a partner's system that is called when a lead, a conversion or a commission counts for it."
)]
public sealed record OutgoingPostback : Resource
{
    [Field("What people call it.", Max = 150, Is = Is.Searchable, Example = "Network, sales")]
    public string? Name { get; init; }

    [Field(
        "The address, http or https, with places such as {click_id} behind the host; [[click_id]] and #click_id# are the same. A place that is not known stays empty.",
        Max = 2048,
        Is = Is.Required,
        Example = "https://network.example.org/p?cid={click_id}&payout={payout}"
    )]
    public string? Url { get; init; }

    [Field(
        "What it is called for: lead, a conversion's type, conversion.reversed, commission.approved, commission.paid, commission.reversed.",
        Max = 20,
        Is = Is.Required,
        Example = "sale"
    )]
    public ImmutableArray<string> On { get; init; } = [];

    [Field("Only what counts for this affiliate.", Refers = typeof(Affiliate), Is = Is.Indexed)]
    public Id? Affiliate { get; init; }

    [Field("Only what counts for this campaign.", Refers = typeof(Campaign), Is = Is.Indexed)]
    public Id? Campaign { get; init; }

    [Field("Only what counts for this link.", Refers = typeof(Link), Is = Is.Indexed)]
    public Id? Link { get; init; }

    [Field("Whether it is called.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    [Field("When the product stopped calling it.", Is = Is.ReadOnly)]
    public DateTimeOffset? DisabledAt { get; init; }

    [Field("Why: gone (it answered 410) or attempts_used (nothing arrived for days).", Max = 40, Is = Is.ReadOnly)]
    public string? DisabledBecause { get; init; }
}

public static class PreparePostback
{
    /// <summary>Postbacks of one workspace: all of them are looked at for each lead and conversion.</summary>
    public const int Most = 200;

    public static ValueTask<Resource> Run(UnitOfWork work, Resource? before, Resource after, FieldErrors errors, CancellationToken cancel)
    {
        var postback = (OutgoingPostback)after;
        if (before is null && work.Settings.AllPostbacks >= Most)
            throw new ProblemException(ProblemCodes.LimitReached, $"A workspace has at most {Most} postbacks.");
        if (
            postback.Url is { } url
            && (
                !TextRules.IsWebAddress(Macros.Fill(url, _ => "x"))
                || AuthorityOf(url).AsSpan().ContainsAny('{', '}')
                || AuthorityOf(Macros.Fill(url, _ => "x")) != AuthorityOf(url)
            )
        )
            errors.Add(
                "url",
                "invalid",
                "Must be an absolute http or https address without a user name, with places to fill in behind the host only."
            );
        for (var i = 0; i < postback.On.Length; i++)
            if (postback.On[i].Length is 0 or > 60)
                errors.Add(
                    $"on.{i}",
                    "invalid",
                    "Must be lead, a conversion's type, conversion.reversed, commission.approved, commission.paid or commission.reversed."
                );
        return new(postback.Active ? postback with { DisabledAt = null, DisabledBecause = null } : postback);
    }

    /// <summary>What stands before the path, as it was written; empty when there is none.</summary>
    public static string AuthorityOf(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
            return "";
        var end = url.IndexOfAny(['/', '?', '#', '\\'], start + 3);
        return end < 0 ? url : url[..end];
    }
}
