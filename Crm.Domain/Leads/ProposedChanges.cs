// Proposed changes of a lead: a member accepts one, and it becomes the value, or dismisses it, and it is gone from the list.

using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Leads;

public sealed record ChangeChoice
{
    [Field("The id of the proposed change.", Max = 40, Is = Is.Required)]
    public string? Change { get; init; }
}

public static class ProposedChanges
{
    public static readonly ResourceAction Accept = ResourceAction.On<Lead, ChangeChoice>(
        "accept",
        "Makes a proposed value the lead's own. An e-mail address or phone number is added as the primary one.",
        (work, lead, input, _) =>
        {
            var (change, without) = Chosen(lead, input);
            var type = ResourceType.Of<Lead>();
            using var value = change.Value.Parse();
            switch (change.Field)
            {
                case "email":
                    var canonical = EmailAddress.Canonical(value.RootElement.GetString()!);
                    without = without with
                    {
                        Emails =
                        [
                            new() { Address = value.RootElement.GetString(), Primary = true },
                            .. without
                                .Emails.Where(e => EmailAddress.Canonical(e.Address!) != canonical)
                                .Select(e => e with { Primary = false }),
                        ],
                    };
                    break;
                case "phone":
                    without = without with
                    {
                        Phones =
                        [
                            new()
                            {
                                Number = value.RootElement.GetString(),
                                Primary = true,
                                Shared = without.Phones.Any(p => p.Shared && p.Number == value.RootElement.GetString()),
                            },
                            .. without.Phones.Where(p => p.Number != value.RootElement.GetString()).Select(p => p with { Primary = false }),
                        ],
                    };
                    break;
                default:
                    var path = FieldPath.Find(type, change.Field, work.Settings.For(type).CustomFields)
                        ?? throw new ProblemException(
                            ProblemCodes.WrongState,
                            $"The field {change.Field} does not exist any more; dismiss the change."
                        );
                    if (!path.Field.Kind.TryRead(value.RootElement, path.Field, work.Settings.For(type), out var read, out var error))
                        throw ProblemException.Invalid(change.Field, error.Code, error.Message);
                    without = path.With(type, without, read);
                    break;
            }
            // Who sent the value stays known: accepting it does not make it the member's own.
            var accepted = ApplyValues.WithProvenance(without, change.By, change.At, [change.Field]);
            return new(new ActionResult(work.Replace(lead, (Lead)accepted.Tidy(), "changeAccepted", writer => Describe(writer, change))));
        }
    );

    public static readonly ResourceAction Dismiss = ResourceAction.On<Lead, ChangeChoice>(
        "dismiss",
        "Takes a proposed value off the list. The submission that brought it keeps it.",
        (work, lead, input, _) =>
        {
            var (change, without) = Chosen(lead, input);
            return new(new ActionResult(work.Replace(lead, without, "changeDismissed", writer => Describe(writer, change))));
        }
    );

    static (ProposedChange Change, Lead Without) Chosen(Lead lead, ChangeChoice choice)
    {
        var change = lead.ProposedChanges.FirstOrDefault(c => c.Id == choice.Change)
            ?? throw ProblemException.Invalid("change", "not_found", "The lead has no proposed change with this id.");
        return (change, lead with { ProposedChanges = lead.ProposedChanges.Remove(change) });
    }

    static void Describe(System.Text.Json.Utf8JsonWriter writer, ProposedChange change)
    {
        writer.WriteString("change", change.Id);
        writer.WriteString("field", change.Field);
        writer.WriteString("from", change.By);
    }
}
