// A member decides about a proposed change: accepted, it becomes the lead's value; dismissed, it waits no longer. By its own verbs or the
// lead's.

using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
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
    const string AcceptName = "accept",
        DismissName = "dismiss";

    static readonly ResourceType Type = ResourceType.Of<ProposedChange>();

    /// <summary>The verbs of a lead: the lead is answered.</summary>
    public static readonly ResourceAction AcceptOfLead = ResourceAction.On<Lead, ChangeChoice>(
            AcceptName,
            "Makes a proposed value the lead's own. An e-mail address or phone number is added as the primary one.",
            async (work, lead, input, cancel) => new((await Accept(work, lead, await Chosen(work, lead, input, cancel), cancel)).Lead),
            Effect.Ordinary
        ),
        DismissOfLead = ResourceAction.On<Lead, ChangeChoice>(
            DismissName,
            "Takes a proposed value off the list of those that wait. The submission that brought it keeps it.",
            async (work, lead, input, cancel) => new(Dismiss(work, lead, await Chosen(work, lead, input, cancel)).Lead),
            Effect.Ordinary
        );

    /// <summary>The verbs of a proposed change: it is answered itself.</summary>
    public static readonly IReadOnlyList<ResourceAction> Actions =
    [
        ResourceAction.On<ProposedChange>(
            AcceptName,
            "Makes the proposed value the lead's own. An e-mail address or phone number is added as the primary one.",
            async (work, change, cancel) => new((await Accept(work, await LeadOf(work, change, cancel), change, cancel)).Change),
            Effect.Ordinary
        ),
        ResourceAction.On<ProposedChange>(
            DismissName,
            "Takes it off the list of those that wait. The submission that brought it keeps its value.",
            async (work, change, cancel) => new(Dismiss(work, await LeadOf(work, change, cancel), change).Change),
            Effect.Ordinary
        ),
    ];

    static async ValueTask<ProposedChange> Chosen(UnitOfWork work, Lead lead, ChangeChoice choice, CancellationToken cancel) =>
        Id.TryParse<ProposedChange>(choice.Change, out var id)
        && await work.Find<ProposedChange>(id, cancel) is { IsOpen: true } change
        && change.Lead == lead.Id
            ? change
            : throw ProblemException.Invalid("change", "not_found", "The lead has no open proposed change with this id.");

    static async ValueTask<Lead> LeadOf(UnitOfWork work, ProposedChange change, CancellationToken cancel) =>
        (Lead?)await work.FindShown(ResourceType.Of<Lead>(), change.Lead!.Value, cancel) ?? throw ProblemException.NotFound(Type.Name);

    static async ValueTask<(Lead Lead, ProposedChange Change)> Accept(
        UnitOfWork work,
        Lead lead,
        ProposedChange change,
        CancellationToken cancel
    )
    {
        ProposedChange.States.Require(AcceptName, change);
        ProposalRights.MustWrite(work, change.Field);
        // Who sent the value stays known: accepting it does not make it the member's own.
        var accepted = ApplyValues.WithProvenance(WithValue(work, lead, change), change.By, change.At, [change.Field]);
        // A number that somebody else has may be this person's too.
        accepted = await SharedNumbers.Marked(work, (Lead)accepted.Tidy(), lead, cancel);
        return Decided(work, lead, accepted, change, ProposedChangeStatus.Accepted, "changeAccepted");
    }

    static (Lead Lead, ProposedChange Change) Dismiss(UnitOfWork work, Lead lead, ProposedChange change)
    {
        ProposedChange.States.Require(DismissName, change);
        ProposalRights.MustWrite(work, change.Field);
        return Decided(work, lead, lead, change, ProposedChangeStatus.Dismissed, "changeDismissed");
    }

    static (Lead Lead, ProposedChange Change) Decided(
        UnitOfWork work,
        Lead before,
        Lead after,
        ProposedChange change,
        ProposedChangeStatus status,
        string verb
    )
    {
        var id = Type.Text(change.Id);
        var lead = work.Replace(before, ProposeChanges.Counted(after, [change], []), verb, Describe, id);
        return (lead, work.Replace(change, change with { Status = status, DecidedBy = work.By, DecidedAt = work.Now }, null));

        void Describe(Utf8JsonWriter writer)
        {
            writer.WriteString("change", id);
            writer.WriteString("field", change.Field);
            writer.WriteString("from", change.By);
        }
    }

    static Lead WithValue(UnitOfWork work, Lead lead, ProposedChange change)
    {
        var type = ResourceType.Of<Lead>();
        using var value = change.Value.Parse();
        switch (change.Field)
        {
            case "email":
                var address = value.RootElement.GetString()!;
                var canonical = EmailAddress.Canonical(address);
                return lead with
                {
                    Emails =
                    [
                        new() { Address = address, Primary = true },
                        .. lead.Emails.Where(e => EmailAddress.Canonical(e.Address!) != canonical).Select(e => e with { Primary = false }),
                    ],
                };
            case "phone":
                var number = value.RootElement.GetString();
                return lead with
                {
                    Phones =
                    [
                        new()
                        {
                            Number = number,
                            Primary = true,
                            Shared = lead.Phones.Any(p => p.Shared && p.Number == number),
                        },
                        .. lead.Phones.Where(p => p.Number != number).Select(p => p with { Primary = false }),
                    ],
                };
            default:
                var path = FieldPath.Find(type, change.Field, work.Settings.For(type).CustomFields)
                    ?? throw new ProblemException(
                        ProblemCodes.WrongState,
                        $"The field {change.Field} does not exist any more; dismiss the change."
                    );
                if (!path.Field.Kind.TryRead(value.RootElement, path.Field, work.Settings.For(type), out var read, out var error))
                    throw ProblemException.Invalid(change.Field, error.Code, error.Message);
                // A list is proposed for what it adds.
                if (read is ImmutableArray<string> more && path.Get(lead) is ImmutableArray<string> held)
                    read = held.AddRange(more.Except(held));
                return path.With(type, lead, read);
        }
    }
}
