// The kinds of records that policies are about: which they are, how long they are kept unless somebody says otherwise, and as what they
// are counted when they are gone.

using System.Xml;
using Crm.Domain.Deliveries;
using Crm.Domain.Forms;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;

namespace Crm.Domain.Retention;

/// <param name="Only">Which of the resource's records; null: all.</param>
/// <param name="Usual">How long they are kept when a policy does not say it.</param>
/// <param name="Fact">What its roll-up says it was.</param>
/// <param name="Anonymous">The record without what says who it was; null: it can only be deleted.</param>
sealed record Retained(
    ResourceType Type,
    Filter? Only,
    string Usual,
    Func<Resource, LeavingFact> Fact,
    Func<Resource, Resource>? Anonymous = null
)
{
    /// <summary>Less makes no sense: what waits for a member or may still be owed to somebody is at hand so long.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromDays(30),
        Longest = TimeSpan.FromDays(36_500);

    static readonly Retained Entries = new(
        ResourceType.Of<Submission>(),
        AnyOf("verdict", Verdict.Rejected, Verdict.Failed),
        "P12M",
        entry => new(entry, "submission", true)
    );
    static readonly Retained Quarantine = Entries with { Only = AnyOf("verdict", Verdict.Quarantined), Usual = "P6M" };
    static readonly Retained Clicks = new(
        ResourceType.Of<Click>(),
        null,
        "P26M",
        click => new(click, "click", ((Click)click).Human),
        click => (Click)click with { Lead = null, UserAgent = null, Ip = null, ClickIds = [], Network = [] }
    );
    static readonly Retained Touches = new(
        ResourceType.Of<Touch>(),
        null,
        "P14M",
        touch => new(touch, $"touch.{Names.Camel(((Touch)touch).Kind.ToString())}", ((Touch)touch).Human),
        touch => (Touch)touch with { Lead = null, Visitor = null, Click = null, Note = null, UserAgent = null, Ip = null, ClickIds = [] }
    );
    static readonly Retained Visitors = new(ResourceType.Of<Visitor>(), null, "P14M", visitor =>
        new(visitor, "visitor", ((Visitor)visitor).Human)
    );
    static readonly Retained Deliveries = new(
        ResourceType.Of<Delivery>(),
        AnyOf("status", DeliveryStatus.Delivered, DeliveryStatus.Dead),
        "P3M",
        delivery => new(delivery, "delivery", true)
    );

    public static Retained Of(RetainedKind kind) =>
        kind switch
        {
            RetainedKind.Entries => Entries,
            RetainedKind.Quarantine => Quarantine,
            RetainedKind.Clicks => Clicks,
            RetainedKind.Touches => Touches,
            RetainedKind.Visitors => Visitors,
            RetainedKind.Deliveries => Deliveries,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    static Filter.In AnyOf<T>(string field, params T[] values)
        where T : struct, Enum => new(field, [.. values.Select(value => Key.Of(Names.Camel(value.ToString())))]);

    /// <summary>Those of them that were made in this time.</summary>
    public Filter Made(DateTimeOffset from, DateTimeOffset before)
    {
        var ids = new Filter.Ids(Id.FirstAt(from), Id.FirstAt(before));
        return Only is null ? ids : new Filter.And([Only, ids]);
    }

    /// <summary>How long a policy keeps them; null for what is no such time.</summary>
    public static TimeSpan? Read(string? olderThan)
    {
        try
        {
            var time = XmlConvert.ToTimeSpan(olderThan ?? "");
            return time >= Shortest && time <= Longest ? time : null;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>What the policy takes now was made before this.</summary>
    public static DateTimeOffset Before(RetentionPolicy policy, DateTimeOffset now) =>
        Read(policy.OlderThan) is { } time && now - DateTimeOffset.UnixEpoch > time ? now - time : DateTimeOffset.UnixEpoch;
}
