// A step of SubmitForm: what brought the visitor here, by click, browser and page.

using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Traffic;
using Crm.Domain.Values;

namespace Crm.Domain.Forms;

static class AttachTouch
{
    /// <summary>The click that brought the visitor, if he came by a tracked link of this workspace: sealed, so that nobody gives his leads
    /// to another link.</summary>
    static async ValueTask<Click?> ClickOf(Intake intake, CancellationToken cancel)
    {
        foreach (
            var token in new[] { intake.Post.First("_click"), Arrival.Parameter(intake.From.Page, ClickToken.Parameter), intake.From.Click }
        )
            if (token is not null && await ClickToken.Find(intake.Work, token, cancel) is { } click)
                return click;
        return null;
    }

    /// <summary>What the browser did before, unless it is another lead's: on a shared computer nobody gets the path of somebody
    /// else.</summary>
    static async ValueTask<VisitorPath?> PathOf(Intake intake, Lead lead, CancellationToken cancel)
    {
        if (await VisitorOf(intake, cancel) is not { } id)
            return null;
        var path = await VisitorPath.Read(intake.Work, id, cancel);
        if (
            path.Visitor is null
            || path.Visitor.Lead is { } other
                && other != lead.Id
                && !lead.MergedFrom.Contains(other)
                && intake.TakenOut?.Visitor?.Id != path.Visitor.Id
        )
            return null;
        return path;
    }

    /// <summary>The browser that sent the post, by what the tracker or Matomo's put into it.</summary>
    internal static async ValueTask<Id?> VisitorOf(Intake intake, CancellationToken cancel)
    {
        var told = intake.Post.First("_visitor");
        return VisitorToken.Of(intake.Work.Installation).TryRead(intake.Work.Settings.Key, told, out var id) ? id
            : MatomoHit.VisitorAlias(told) is { } alias
                ? await intake.Work.Store.FindByKey(ResourceType.Of<Visitor>().Collection, "alias", alias, cancel)
            : null;
    }

    /// <summary>How a post's sender came.</summary>
    /// <param name="First">The first contact that is known by it.</param>
    /// <param name="Source">What brought a lead here that the post is the first of.</param>
    internal sealed record Came(LeadTouch Touch, LeadTouch First, LeadSource Source, Click? Click, Visitor? Visitor);

    internal static async ValueTask<Came> Of(Intake intake, Lead lead, CancellationToken cancel)
    {
        var arrival = Arrival.Read(intake.From.Page, intake.From.Referrer, intake.Post.First, intake.Work.Settings.Traffic);
        var click = await ClickOf(intake, cancel);
        var path = await PathOf(intake, lead, cancel);
        // What the page does not say the click may know: many forms bring nothing but their click.
        var touch = new LeadTouch
        {
            At = intake.Submission.CreatedAt,
            Submission = intake.Submission.Id,
            Click = click?.Id,
            Channel = click?.Channel ?? arrival.Channel,
            Utm = arrival.Utm == Utm.None ? click?.Utm ?? Utm.None : arrival.Utm,
            ClickIds = arrival.ClickIds.IsEmpty && click is not null ? click.ClickIds : arrival.ClickIds,
            Referrer = arrival.ReferrerHost ?? click?.Referrer,
            Page = arrival.Page,
        };
        var credit = click?.Credit ?? default;
        // Most forms are on a page that says nothing itself; what led the visitor to the site does.
        if (path?.Last is { } came && click is null && touch.Channel == "direct")
        {
            touch = touch with
            {
                Click = came.Click,
                Channel = came.Channel,
                Utm = came.Utm,
                ClickIds = came.ClickIds,
                Referrer = came.Referrer,
            };
            click = came.Click is { } id ? await intake.Work.Find<Click>(id, cancel) : null;
            // Of a click that is not stored the view that followed it knows what it is owed to.
            credit = click?.Credit ?? came.Credit;
        }
        var first = path?.Visitor is { } visitor
            ? new LeadTouch
            {
                At = visitor.CreatedAt,
                Kind = "view",
                Click = visitor.Click,
                Channel = visitor.Channel,
                Utm = visitor.Utm,
                ClickIds = visitor.ClickIds,
                Referrer = visitor.Referrer,
                Page = visitor.LandingPage,
            }
            : touch;
        var source = new LeadSource
        {
            Form = intake.Form.Form.Id,
            Credit = credit with { Channel = touch.Channel },
            Utm = touch.Utm,
            Referrer = touch.Referrer,
            Page = arrival.Page,
        };
        return new(touch, first, source, click, path?.Visitor);
    }

    internal static async ValueTask<StepResult> TouchIsAttached(Intake intake, CancellationToken cancel)
    {
        if (intake.Lead is not { } lead)
            return StepResult.Continue;
        var came = await Of(intake, lead, cancel);
        intake.Click = came.Click;
        intake.Visitor = came.Visitor is { Lead: null } || came.Visitor?.Id == intake.TakenOut?.Visitor?.Id ? came.Visitor : null;
        intake.Lead = lead with
        {
            Source = lead.Source ?? came.Source,
            FirstTouch = lead.FirstTouch is null || came.First.At < lead.FirstTouch.At ? came.First : lead.FirstTouch,
            LastTouch = lead.LastTouch is null || came.Touch.At >= lead.LastTouch.At ? came.Touch : lead.LastTouch,
        };
        return StepResult.Continue;
    }
}
