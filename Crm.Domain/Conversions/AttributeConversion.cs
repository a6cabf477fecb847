// What led to a conversion: its lead's touches and clicks before it, and the share of each under a model.

using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Conversions;

/// <param name="Of">The id of the touch, click or submission it is read from; null for what the conversion says itself.</param>
/// <param name="PerMillion">Its part of a million, for conversions without a value too.</param>
/// <param name="Why">One sentence.</param>
public sealed record AttributedShare(string? Of, string Kind, DateTimeOffset At, Credit Credit, long PerMillion, long? Amount, string Why);

public static class AttributeConversion
{
    /// <summary>Touches, visitors and clicks that are looked at: the latest.</summary>
    const int MostTouches = 500,
        MostVisitors = 50,
        MostClicks = 200;

    sealed record Step(string? Of, string? Click, string Kind, DateTimeOffset At, bool Direct, Credit Credit);

    public static async ValueTask<IReadOnlyList<AttributedShare>> Run(
        UnitOfWork work,
        Conversion conversion,
        AttributionModel model,
        CancellationToken cancel
    )
    {
        var steps = new List<Step>();
        if (conversion.Lead is { } id && await work.Find<Lead>(id, cancel) is { } lead)
            await OfLead(work, lead, steps, cancel);
        if (conversion.ClickId is { } own && await work.Find<Click>(own, cancel) is { } click)
            Add(steps, StepOf(click));
        steps.RemoveAll(step => step.At > conversion.CreatedAt);
        steps.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Of, b.Of));
        if (steps.Count == 0)
            steps.Add(
                new(
                    null,
                    null,
                    "conversion",
                    conversion.CreatedAt,
                    conversion.Link is null && conversion.Channel is null or "direct",
                    conversion.Credit
                )
            );
        var weights = Attribution.Weights(model, [.. steps.Select(step => new AttributedStep(step.At, step.Direct))]);
        var millionths = Attribution.Share(1_000_000, weights);
        var amounts = conversion.NetValue is { } value ? Attribution.Share(value.Amount, weights) : null;
        return
        [
            .. steps.Select(
                (step, i) =>
                    new AttributedShare(
                        step.Of,
                        step.Kind,
                        step.At,
                        step.Credit,
                        millionths[i],
                        amounts?[i],
                        Why(model, steps, i, weights[i] > 0)
                    )
            ),
        ];
    }

    static async ValueTask OfLead(UnitOfWork work, Lead lead, List<Step> steps, CancellationToken cancel)
    {
        List<Key> leads = [.. lead.MergedFrom.Prepend(lead.Id).Take(500).Select(i => Key.Of(i.Text<Lead>()))];
        var own = new Filter.In("lead", leads);
        List<Key> visitors = [];
        using (var page = await work.Store.Query(new(ResourceType.Of<Visitor>().Collection, own, [], true, null, MostVisitors), cancel))
            for (var i = 0; i < page.Count; i++)
                visitors.Add(Key.Of(page[i].Id.Text<Visitor>()));
        var touches = ResourceType.Of<Touch>();
        foreach (var filter in visitors.Count == 0 ? [own] : new Filter[] { own, new Filter.In("visitor", visitors) })
            using (var page = await work.Store.Query(new(touches.Collection, filter, [], true, null, MostTouches), cancel))
                for (var i = 0; i < page.Count; i++)
                    if (
                        touches.FromRow<Touch>(page[i]) is { Human: true } touch
                        && (touch.Arrival || touch.Kind is TouchKind.Open or TouchKind.Call or TouchKind.Visit or TouchKind.Meeting)
                    )
                        Add(
                            steps,
                            new(
                                touch.Id.Text<Touch>(),
                                touch.Click?.Text<Click>(),
                                Names.Camel(touch.Kind.ToString()),
                                touch.At ?? touch.CreatedAt,
                                touch.Arrival && touch.Click is null && touch.Channel is null or "direct",
                                touch.Credit
                            )
                        );
        var clicks = ResourceType.Of<Click>();
        using (var page = await work.Store.Query(new(clicks.Collection, own, [], true, null, MostClicks), cancel))
            for (var i = 0; i < page.Count; i++)
                if (clicks.FromRow<Click>(page[i]) is { Human: true } click)
                    Add(steps, StepOf(click));
        // What a form said of its page, when no tracker was on it.
        foreach (var touch in new[] { lead.FirstTouch, lead.LastTouch })
            if (touch is { Click: { } id } && await work.Find<Click>(id, cancel) is { } click)
                Add(steps, StepOf(click));
            else if (touch is { Submission: { } submission } && visitors.Count == 0)
                Add(
                    steps,
                    new(
                        submission.Text<Submission>(),
                        null,
                        touch.Kind,
                        touch.At,
                        touch.Click is null && touch.Channel is null or "direct",
                        (lead.Source?.Credit ?? default) with
                        {
                            Channel = touch.Channel,
                        }
                    )
                );
    }

    static Step StepOf(Click click) => new(click.Id.Text<Click>(), click.Id.Text<Click>(), "click", click.CreatedAt, false, click.Credit);

    /// <summary>A click and the page it led to are one arrival.</summary>
    static void Add(List<Step> steps, Step step)
    {
        if (!steps.Exists(other => other.Of == step.Of || step.Click is not null && other.Click == step.Click))
            steps.Add(step);
    }

    static string Why(AttributionModel model, List<Step> steps, int i, bool gets) =>
        (model, gets) switch
        {
            _ when steps is [{ Of: null }] => "Nothing is known of how it came about.",
            (AttributionModel.First, true) => "It was the first.",
            (AttributionModel.Last, true) => "It was the last.",
            (AttributionModel.LastNonDirect, true) => steps[i].Direct
                ? "It was the last, and all were direct."
                : "It was the last that was not direct.",
            (AttributionModel.Linear, _) => $"Each of {steps.Count} counts the same.",
            (AttributionModel.PositionBased, _) when steps.Count <= 2 => $"Each of {steps.Count} counts the same.",
            (AttributionModel.PositionBased, _) => i == 0 || i == steps.Count - 1
                ? $"It was the {(i == 0 ? "first" : "last")}: {Attribution.OfEnds} of 100."
                : $"It is one of {steps.Count - 2} between the first and the last, which share {100 - 2 * Attribution.OfEnds} of 100.",
            (AttributionModel.TimeDecay, _) => FormattableString.Invariant(
                $"It was {(steps[^1].At - steps[i].At).TotalDays:0.0} days before the last; {Attribution.HalfLife.TotalDays:0} days count half."
            ),
            _ => "Another one gets all of it under this model.",
        };
}
