// What storing a touch checks and what it says of its lead.

using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Touches;

/// <summary>Human contact, entered by a member.</summary>
public static class PrepareTouch
{
    public static ValueTask<Touch> Run(UnitOfWork work, Touch? before, Touch touch, FieldErrors errors, CancellationToken cancel)
    {
        if (touch.Kind is not (TouchKind.Call or TouchKind.Visit or TouchKind.Meeting))
            errors.Add("kind", "not_a_choice", "By hand one of: call, visit, meeting.");
        if (touch.Lead is null)
            errors.Add("lead", "required", "A lead is needed: with whom the contact was.");
        if (touch.At > work.Now.AddMinutes(5))
            errors.Add("at", "out_of_range", "Must not be in the future.");
        touch = touch with { Id = touch.Id == Id.Empty ? work.NextId() : touch.Id, At = touch.At ?? work.Now, Human = true };
        if (!errors.Any)
            RecordEvent(work, touch);
        return new(touch);
    }

    static readonly string[] EventTypes = [.. Enum.GetValues<TouchKind>().Select(kind => "touch." + Names.Snake(kind.ToString()))];

    /// <summary>Records it under the lead or the visitor, whose timelines read it there.</summary>
    public static void RecordEvent(UnitOfWork work, Touch touch)
    {
        if ((touch.Lead?.Text<Lead>() ?? touch.Visitor?.Text<Visitor>()) is not { } subject)
            return;
        work.RecordEvent(
            EventTypes[(int)touch.Kind],
            subject,
            writer =>
            {
                if (touch.Channel is not null && touch.Arrival)
                    writer.WriteString("channel", touch.Channel);
                if (touch.Page is not null)
                    writer.WriteString("page", touch.Page);
                if (touch.Target is not null)
                    writer.WriteString("target", touch.Target);
                writer.WriteString("at", touch.At ?? work.Now);
            },
            touch.Id.Text<Touch>()
        );
    }
}
