// The kinds of records that policies are about: which they are, how long they are kept unless somebody says otherwise, and as what they
// are counted when they are gone.

using System.Globalization;
using System.Xml;
using Crm.Domain.Deliveries;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Work;

namespace Crm.Domain.Retention;

/// <param name="Only">Which of the resource's records; null: all.</param>
/// <param name="Usual">How long they are kept when a policy does not say it.</param>
/// <param name="Fact">What its roll-up says it was; null: it is in no report and leaves none.</param>
/// <param name="Anonymous">The record without what says who it was; null: it can only be deleted.</param>
sealed record Retained(
    ResourceType Type,
    Filter? Only,
    string Usual,
    Func<Resource, LeavingFact>? Fact,
    Func<Resource, Resource>? Anonymous = null
)
{
    /// <summary>Which of these stay all the same, for what other records say; null: none.</summary>
    public Func<UnitOfWork, IReadOnlyList<Resource>, DateTimeOffset, CancellationToken, ValueTask<IReadOnlySet<Id>>>? Staying { get; init; }

    /// <summary>What goes along with a record in its commit, no more than so many; null: nothing does.</summary>
    public Func<UnitOfWork, Resource, RetentionDeed, int, CancellationToken, ValueTask<GoingAlong>>? Along { get; init; }

    /// <summary>The verb of the event when one is anonymised; null: there is none.</summary>
    public string? Emptied { get; init; }

    /// <summary>Nothing of the kind is old that changed since.</summary>
    public bool ByLastChange { get; init; }

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

    static readonly Retained Events = new(ResourceType.Of<Event>(), null, "P24M", null) { Staying = TimelineEvents.Staying };
    static readonly Retained InactiveOnes = new(
        ResourceType.Of<Lead>(),
        new Filter.Not(new Filter.Compare("status", Comparison.Eq, Key.Of(Names.Camel(nameof(LeadStatus.Converted))))),
        "P36M",
        lead => new(lead, "lead", true, "deleted"),
        InactiveLeads.Anonymous
    )
    {
        Staying = InactiveLeads.Staying,
        Along = InactiveLeads.Along,
        Emptied = "updated",
        ByLastChange = true,
    };

    public static Retained Of(RetainedKind kind) =>
        kind switch
        {
            RetainedKind.Entries => Entries,
            RetainedKind.Quarantine => Quarantine,
            RetainedKind.Clicks => Clicks,
            RetainedKind.Touches => Touches,
            RetainedKind.Visitors => Visitors,
            RetainedKind.Deliveries => Deliveries,
            RetainedKind.Events => Events,
            RetainedKind.Leads => InactiveOnes,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    static Filter.In AnyOf<T>(string field, params T[] values)
        where T : struct, Enum => new(field, [.. values.Select(value => Key.Of(Names.Camel(value.ToString())))]);

    /// <summary>Those of the policy that were made in this time and are old before <paramref name="before"/>; null when its filter cannot
    /// be read any more: then nothing is taken, rather than what it held.</summary>
    public Filter? Made(RetentionPolicy policy, WorkspaceSettings settings, DateTimeOffset from, DateTimeOffset to, DateTimeOffset before)
    {
        var terms = new List<Filter> { new Filter.Ids(Id.FirstAt(from), Id.FirstAt(to)) };
        if (Only is not null)
            terms.Insert(0, Only);
        if (!string.IsNullOrEmpty(policy.Field))
        {
            if (Older(policy.Field, settings, Rights.Everything, before) is not { } older)
                return null;
            terms.Add(older);
        }
        if (ByLastChange)
            terms.Add(new Filter.Compare("updatedAt", Comparison.Lt, Key.Of(before.ToUnixTimeMilliseconds())));
        if (!string.IsNullOrEmpty(policy.Filter))
        {
            if (ReadFilter.Text(policy.Filter, Type, settings.For(Type), Rights.Everything, new()) is not { } own)
                return null;
            terms.Add(own);
        }
        return terms.Count == 1 ? terms[0] : new Filter.And(terms);
    }

    /// <summary>What the policy takes was made before this: of what is older by a field of its own it says nothing when it was
    /// entered.</summary>
    public static DateTimeOffset MadeUntil(RetentionPolicy policy, DateTimeOffset before) =>
        string.IsNullOrEmpty(policy.Field) ? before : DateTimeOffset.MaxValue;

    /// <summary>The condition that a date or a time is older; null when the kind has no such field (any more).</summary>
    internal Filter? Older(string field, WorkspaceSettings settings, Rights rights, DateTimeOffset before)
    {
        var context = settings.For(Type);
        var kind = field is "createdAt" or "updatedAt"
            ? DateTimeValue.Instance
            : (Type.Filter(field) ?? context.CustomFields.FirstOrDefault(one => "custom." + one.Name == field))?.Kind;
        var format =
            kind is DateTimeValue ? DateTimeValue.Format
            : kind is DateValue ? "yyyy-MM-dd"
            : null;
        return format is null
            ? null
            : ReadFilter.Condition(
                field,
                field,
                "lt",
                [before.UtcDateTime.ToString(format, CultureInfo.InvariantCulture)],
                Type,
                context,
                rights,
                new()
            );
    }

    /// <summary>Whether only a look at each record says what a run takes.</summary>
    public bool IsLookedAt(RetentionPolicy policy) => Staying is not null || policy.Do == RetentionDeed.Anonymise;

    /// <summary>Those of the rows that the policy takes, with what is left of each: null when it goes.</summary>
    public async ValueTask<IReadOnlyList<(Resource Row, Resource? After)>> Taken(
        UnitOfWork work,
        RetentionPolicy policy,
        IReadOnlyList<Resource> rows,
        DateTimeOffset before,
        CancellationToken cancel
    )
    {
        var staying = Staying is null || rows.Count == 0 ? null : await Staying(work, rows, before, cancel);
        var taken = new List<(Resource, Resource?)>();
        foreach (var row in rows)
        {
            if (staying?.Contains(row.Id) == true)
                continue;
            var after = policy.Do == RetentionDeed.Anonymise ? Anonymous!(row) : null;
            // What says nothing of anybody already is not taken again day by day.
            if (after is null || !Type.ToJson(after).AsSpan().SequenceEqual(Type.ToJson(row)))
                taken.Add((row, after));
        }
        return taken;
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
