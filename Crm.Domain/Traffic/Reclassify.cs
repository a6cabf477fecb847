// One batch of a reclassification: what changes, its counters and the place to go on from are one commit.

using Crm.Domain.Commissions;
using Crm.Domain.Conversions;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Reports;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Traffic;

/// <summary>
/// Counters follow from records, and are changed in the commit that changes the record: at every moment they are what a recount would say.
/// A batch that meets a change of the product is read again. Killed at any point, the next node goes on behind the last batch.
/// </summary>
public static class Reclassify
{
    const int BatchSize = 200;

    /// <summary>The reclassification behind the batch; null when another node goes on with it.</summary>
    public static ValueTask<Reclassification?> Step(
        Installation installation,
        WorkspaceSettings settings,
        Reclassification run,
        CancellationToken cancel
    ) =>
        CommitLoop.Batch(
            BatchSize,
            async most =>
            {
                var work = new UnitOfWork(installation, settings, "system");
                var (rows, last) = await Rows(settings, run, most, cancel);
                var changes = await Judged(work, run.Stage, rows, cancel);
                var next = Behind(run, rows, last, changes.Count, work.Now);
                if (next.Status == ReclassificationStatus.Done)
                    next = next with { CountedOnly = await CountedOnly(settings, run, cancel) };
                next = work.Replace(run, next, next.Status == ReclassificationStatus.Done ? "done" : null);
                foreach (var (before, after) in changes)
                    work.Replace(before, after, null);
                return (work, next);
            },
            cancel
        );

    static ResourceType TypeOf(ReclassificationStage stage) =>
        stage switch
        {
            ReclassificationStage.Clicks => ResourceType.Of<Click>(),
            ReclassificationStage.Visitors => ResourceType.Of<Visitor>(),
            ReclassificationStage.Touches => ResourceType.Of<Touch>(),
            ReclassificationStage.Leads => ResourceType.Of<Lead>(),
            ReclassificationStage.Conversions => ResourceType.Of<Conversion>(),
            ReclassificationStage.Commissions => ResourceType.Of<Commission>(),
            _ => throw new ArgumentOutOfRangeException(nameof(stage)),
        };

    static async ValueTask<(List<Resource> Rows, bool Last)> Rows(
        WorkspaceSettings settings,
        Reclassification run,
        int most,
        CancellationToken cancel
    )
    {
        var type = TypeOf(run.Stage);
        var since = run.Since is { } time ? new Filter.Ids(Id.FirstAt(time), Id.FirstAt(EndOfTime)) : null;
        var after = Id.TryParse(run.Place, type.Prefix, out var place) ? new Position([], place) : null;
        using var page = await settings.Store.Query(new(type.Collection, since, [], false, after, most), cancel);
        return ([.. Enumerable.Range(0, page.Count).Select(i => type.FromRow(page[i]))], page.Next is null);
    }

    /// <summary>What roll-ups stand for. They are left as they are.</summary>
    static async ValueTask<long> CountedOnly(WorkspaceSettings settings, Reclassification run, CancellationToken cancel)
    {
        var (type, facts) = (ResourceType.Of<RollUp>(), 0L);
        var since = run.Since is { } time ? new Filter.Ids(Id.FirstAt(time), Id.FirstAt(EndOfTime)) : null;
        await foreach (var page in settings.Store.Pages(new(type.Collection, since, [], false, null, 500), cancel))
            for (var i = 0; i < page.Count; i++)
                facts += type.FromRow<RollUp>(page[i]).Facts;
        return facts;
    }

    static readonly DateTimeOffset EndOfTime = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static Reclassification Behind(Reclassification run, List<Resource> rows, bool last, int changed, DateTimeOffset now)
    {
        var next = run with
        {
            Status = ReclassificationStatus.Running,
            Seen = run.Seen + rows.Count,
            Changed = run.Changed + changed,
            Place = rows.Count == 0 ? run.Place : TypeOf(run.Stage).Text(rows[^1].Id),
        };
        if (!last)
            return next;
        return run.Stage == ReclassificationStage.Commissions
            ? next with
            {
                Status = ReclassificationStatus.Done,
                FinishedAt = now,
                Place = null,
            }
            : next with
            {
                Stage = run.Stage + 1,
                Place = null,
            };
    }

    // ---- What today's rules say of a record

    static async ValueTask<List<(Resource Before, Resource After)>> Judged(
        UnitOfWork work,
        ReclassificationStage stage,
        List<Resource> rows,
        CancellationToken cancel
    )
    {
        var changes = new List<(Resource, Resource)>();
        var (rules, known) = (work.Settings.Traffic, new Dictionary<Id, Resource>());
        switch (stage)
        {
            case ReclassificationStage.Clicks:
                await Load<Link>(rows.Cast<Click>().Select(click => click.Link));
                foreach (var click in rows.Cast<Click>())
                    Keep(click, Of(click, rules, Known<Link>(click.Link)));
                break;
            case ReclassificationStage.Visitors:
                await Load<Click>(rows.Cast<Visitor>().Select(visitor => visitor.Click));
                foreach (var visitor in rows.Cast<Visitor>())
                    Keep(
                        visitor,
                        visitor with
                        {
                            Channel = ChannelOf(
                                rules,
                                Known<Click>(visitor.Click),
                                visitor.Utm,
                                visitor.ClickIds,
                                visitor.Referrer,
                                visitor.Channel,
                                false
                            ),
                            Human = await IsPerson(work, visitor, cancel),
                        }
                    );
                break;
            case ReclassificationStage.Touches:
                await Load<Click>(rows.Cast<Touch>().Select(touch => touch.Click));
                foreach (var touch in rows.Cast<Touch>())
                    Keep(touch, Of(touch, rules, Known<Click>(touch.Click)));
                break;
            case ReclassificationStage.Leads:
                await Load<Click>(rows.Cast<Lead>().SelectMany(lead => new[] { lead.FirstTouch?.Click, lead.LastTouch?.Click }));
                foreach (var lead in rows.Cast<Lead>())
                {
                    var now = Of(lead, rules, Known<Click>(lead.FirstTouch?.Click), Known<Click>(lead.LastTouch?.Click));
                    Keep(lead, now);
                    // What is owed to what brought the lead, and to nothing of its own, goes along.
                    if (now.Source?.Channel != lead.Source?.Channel)
                        foreach (var conversion in await OwedToSource(work, lead, cancel))
                            Keep(conversion, conversion with { Channel = now.Source?.Channel });
                }
                break;
            case ReclassificationStage.Conversions:
                await Load<Click>(rows.Cast<Conversion>().Select(conversion => conversion.ClickId));
                foreach (var conversion in rows.Cast<Conversion>())
                    Keep(
                        conversion,
                        Known<Click>(conversion.ClickId) is { } click ? conversion with { Channel = click.Channel } : conversion
                    );
                break;
            case ReclassificationStage.Commissions:
                await Load<Conversion>(rows.Cast<Commission>().Select(commission => commission.Conversion));
                await Load<Lead>(rows.Cast<Commission>().Select(commission => commission.Lead));
                foreach (var commission in rows.Cast<Commission>())
                    Keep(
                        commission,
                        Known<Conversion>(commission.Conversion) is { } conversion ? commission with { Channel = conversion.Channel }
                            : commission.Conversion is null && Known<Lead>(commission.Lead) is { Source: { } source }
                                ? commission with
                                {
                                    Channel = source.Channel,
                                }
                            : commission
                    );
                break;
        }
        return changes;

        void Keep(Resource before, Resource after)
        {
            if (before != after)
                changes.Add((before, after));
        }

        T? Known<T>(Id? id)
            where T : Resource => id is { } wanted ? known.GetValueOrDefault(wanted) as T : null;

        async ValueTask Load<T>(IEnumerable<Id?> ids)
            where T : Resource
        {
            var type = ResourceType.Of<T>();
            await foreach (var page in work.Store.GetAll(type.Collection, ids.OfType<Id>(), cancel))
                for (var i = 0; i < page.Count; i++)
                    known[page[i].Id] = type.FromRow(page[i]);
        }
    }

    /// <summary>A visitor is what its first touch is.</summary>
    static async ValueTask<bool> IsPerson(UnitOfWork work, Visitor visitor, CancellationToken cancel)
    {
        var type = ResourceType.Of<Touch>();
        using var page = await work.Store.Query(
            new(type.Collection, new Filter.Compare("visitor", Comparison.Eq, Key.Of(visitor.Id.Text<Visitor>())), [], false, null, 1),
            cancel
        );
        return page.Count == 0 ? visitor.Human : Of(type.FromRow<Touch>(page[0]), work.Settings.Traffic, null).Human;
    }

    static Click Of(Click click, TrafficRules rules, Link? link)
    {
        var signals = rules.Anew(click.Signals, click.UserAgent, click.Ip);
        // Of a link that is gone it is not known what channel it said.
        return click with
        {
            Channel = link is null ? click.Channel : link.Channel ?? rules.ChannelOf(click.Utm ?? new(), click.ClickIds, click.Referrer),
            Human = signals.Length == 0,
            Signals = signals.SequenceEqual(click.Signals) ? click.Signals : signals,
        };
    }

    static Touch Of(Touch touch, TrafficRules rules, Click? click)
    {
        if (touch.Site is null && touch.Kind != TouchKind.Impression)
            return touch; // entered by hand
        var signals = rules.Anew(touch.Signals, touch.UserAgent, touch.Ip);
        return touch with
        {
            Channel = touch.Arrival
                ? ChannelOf(rules, click, touch.Utm, touch.ClickIds, touch.Referrer, touch.Channel, touch.Visitor is null)
                : touch.Channel,
            Human = signals.Length == 0,
            Signals = signals.SequenceEqual(touch.Signals) ? touch.Signals : signals,
        };
    }

    static Lead Of(Lead lead, TrafficRules rules, Click? first, Click? last)
    {
        LeadTouch? Anew(LeadTouch? touch, Click? click) =>
            touch is null
                ? null
                : touch with
                {
                    Channel = ChannelOf(rules, click, touch.Utm, touch.ClickIds, touch.Referrer, touch.Channel, true),
                };
        if (lead.Source is not { } source)
            return lead with { FirstTouch = Anew(lead.FirstTouch, first), LastTouch = Anew(lead.LastTouch, last) };
        // The source is what one of the two touches said when the lead was made.
        var click = new[] { first, last }.FirstOrDefault(c => c is not null && c.Link == source.Link);
        var touch = new[] { lead.FirstTouch, lead.LastTouch }.FirstOrDefault(t =>
            t is not null && t.Utm == source.Utm && t.Referrer == source.Referrer
        );
        var channel =
            source.Link is not null && click is null
                ? source.Channel
                : ChannelOf(rules, click, source.Utm, touch?.ClickIds ?? [], source.Referrer, source.Channel, true);
        return lead with
        {
            FirstTouch = Anew(lead.FirstTouch, first),
            LastTouch = Anew(lead.LastTouch, last),
            Source = source with { Channel = channel },
        };
    }

    /// <param name="mayLack">Whether click ids may not have been kept: what they alone told stays then.</param>
    static string? ChannelOf(
        TrafficRules rules,
        Click? click,
        Utm utm,
        IReadOnlyCollection<string> clickIds,
        string? referrer,
        string? before,
        bool mayLack
    )
    {
        if (click is not null)
            return click.Channel;
        if (before is null || clickIds.Count == 0 && mayLack && Channels.IsOfClickId(before) && utm == Utm.None)
            return before;
        return rules.ChannelOf(utm, clickIds, referrer);
    }

    static async ValueTask<List<Conversion>> OwedToSource(UnitOfWork work, Lead lead, CancellationToken cancel)
    {
        var type = ResourceType.Of<Conversion>();
        using var page = await work.Store.Query(
            new(type.Collection, new Filter.Compare("lead", Comparison.Eq, Key.Of(lead.Id.Text<Lead>())), [], false, null, BatchSize),
            cancel
        );
        return
        [
            .. Enumerable
                .Range(0, page.Count)
                .Select(i => type.FromRow<Conversion>(page[i]))
                .Where(c => c.Click is null && c.Credit == (lead.Source?.Credit ?? default)),
        ];
    }
}
