// POST /v1/webhooks/{id}/replay, and what can be done with a replay that goes on.

using System.Collections.Immutable;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

/// <summary>What is sent once more.</summary>
public sealed record ReplayRange
{
    [Field("What happened from then on.", Is = Is.Required)]
    public DateTimeOffset? From { get; init; }

    [Field("What happened before then; now without it.")]
    public DateTimeOffset? To { get; init; }

    [Field("Only these types or patterns of the webhook's; all of them without it.", Max = Webhook.MostEvents, Example = "lead.*")]
    public ImmutableArray<string> Types { get; init; } = [];

    [Field("Failed: what was given up. All: what arrived too, and what happened before there was the webhook.")]
    public ReplayOnly Only { get; init; }
}

public static class ReplayWebhook
{
    /// <summary>The installation counts for each workspace how often there was one to go on with.</summary>
    public const string Counters = "webhook-replays/";

    /// <summary>So many of one workspace may go on or be paused.</summary>
    const int MostOpen = 10;

    /// <summary>Those that go on.</summary>
    public static readonly Filter Running = StatusIs(ReplayStatus.Running);

    static Filter StatusIs(ReplayStatus status) => new Filter.Compare("status", Comparison.Eq, Key.Of(Names.Camel(status.ToString())));

    public static readonly ResourceAction Action = ResourceAction
        .On<Webhook, ReplayRange>(
            "replay",
            "Sends what happened in a time once more, at most 20 a second and behind what happens now. What was sent before keeps its id.",
            async (work, hook, range, cancel) =>
            {
                if (!hook.Active)
                    throw new ProblemException(ProblemCodes.WrongState, "The webhook is not active. Make it active first.");
                Check(work, range);
                var open = new Filter.Or([Running, StatusIs(ReplayStatus.Paused)]);
                if (await work.Store.Count(ResourceType.Of<WebhookReplay>().Collection, open, MostOpen, cancel) >= MostOpen)
                    throw new ProblemException(
                        ProblemCodes.LimitReached,
                        $"{MostOpen} replays are not done yet; wait for them or cancel some."
                    );
                work.Notify(Counters);
                var made = work.Insert(
                    new WebhookReplay
                    {
                        Webhook = hook.Id,
                        From = range.From!.Value,
                        To = range.To is { } to && to < work.Now ? to : work.Now,
                        Types = range.Types,
                        Only = range.Only,
                    },
                    null
                );
                return ActionResult.Of(new ReplayBegun { Replay = made.Id });
            },
            Effect.Sends
        )
        .Answering<ReplayBegun>();

    static void Check(UnitOfWork work, ReplayRange range)
    {
        var errors = new FieldErrors();
        if (range.From >= (range.To ?? work.Now))
            errors.Add("from", "out_of_range", "Must be before to, and before now.");
        for (var i = 0; i < range.Types.Length; i++)
            if (!EventPatterns.TypesOf(work.Installation.Catalog, range.Types[i]).Any())
                errors.Add($"types.{i}", "unknown", "No event is called so.");
        if (errors.Any)
            throw ProblemException.Invalid(errors);
    }

    public static readonly ResourceAction Pause = Move("pause", "Stops it where it is.", ReplayStatus.Paused);
    public static readonly ResourceAction Resume = Move("resume", "Goes on where it was.", ReplayStatus.Running);
    public static readonly ResourceAction Cancel = Move("cancel", "Ends it where it is.", ReplayStatus.Cancelled);

    static ResourceAction Move(string verb, string description, ReplayStatus to) =>
        ResourceAction.On<WebhookReplay>(
            verb,
            description,
            (work, replay, _) =>
            {
                WebhookReplay.States.Require(verb, replay);
                if (to == ReplayStatus.Running)
                    work.Notify(Counters);
                return new(new ActionResult(work.Replace(replay, replay with { Status = to }, null)));
            },
            to == ReplayStatus.Running ? Effect.Sends : Effect.Ordinary
        );
}

/// <summary>Where it can be followed.</summary>
public sealed record ReplayBegun
{
    [Field("The replay.", Refers = typeof(WebhookReplay), Is = Is.ReadOnly)]
    public Id? Replay { get; init; }
}
