// Another system tells what a person did, by its own id of him: the person is one lead, and each thing he did one conversion.

using Crm.Domain.Commissions;
using Crm.Domain.Erasures;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Conversions;

/// <param name="ExternalId">The other system's id; the same is the same person.</param>
public sealed record TrackedPerson(string ExternalId, string? Name, string? Email);

/// <param name="Order">What makes it one, with the type; null: each call is another.</param>
/// <param name="Click">The signed click that brought the person; null when it is not known.</param>
public sealed record TrackedAct(string Type, string? Order, Money? Value, string? Click);

public static class TrackPerson
{
    /// <summary>When this returns, the lead and the conversion are on disk. Two commits: what is asked again after the first finds
    /// it.</summary>
    /// <param name="fromPage">A page told it, so anybody may have: a click that is not ours is left out, as browsers bring old ones, and no
    /// id is given to a person who is known already.</param>
    /// <exception cref="ProblemException">A value is wrong, or the click is not one of this workspace.</exception>
    public static async ValueTask<(Lead Lead, Conversion Conversion)> Run(
        Installation installation,
        WorkspaceSettings settings,
        string by,
        TrackedPerson person,
        TrackedAct act,
        CancellationToken cancel,
        bool fromPage = false
    )
    {
        Click? click = null;
        if (act.Click is not null)
            click =
                await ClickToken.Find(new UnitOfWork(installation, settings, by), act.Click, cancel) is { } found ? found
                : fromPage ? null
                : throw new ProblemException(ProblemCodes.NotFound, "There is no click with this id.");
        if (click is null)
            act = act with { Click = null };
        var lead = await Committed(installation, settings, by, work => Lead(work, person, click, fromPage, cancel), cancel);
        return (
            lead,
            await Committed(
                installation,
                settings,
                by,
                async work => await Conversion(work, lead, await WithoutErased(work, person, act, cancel), fromPage, cancel),
                cancel
            )
        );
    }

    static ValueTask<T> Committed<T>(
        Installation installation,
        WorkspaceSettings settings,
        string by,
        Func<UnitOfWork, ValueTask<T>> run,
        CancellationToken cancel
    ) =>
        CommitLoop.Run<T>(
            async _ =>
            {
                var work = new UnitOfWork(installation, settings, by);
                return (work, await run(work));
            },
            cancel
        );

    /// <summary>By the other system's id, else by e-mail address, else a new one. What is known of him is not overwritten.</summary>
    static async ValueTask<Lead> Lead(UnitOfWork work, TrackedPerson person, Click? click, bool fromPage, CancellationToken cancel)
    {
        string? address = null;
        if (person.Email is not null && !EmailAddress.TryNormalise(person.Email, out address, out _, out var reason))
            throw ProblemException.Invalid("customerEmail", "invalid_email", reason);
        if (await work.FindBy<Lead>("externalId", person.ExternalId, cancel) is { } same)
            return same;
        if (address is not null && await work.FindBy<Lead>("email", EmailAddress.Canonical(address), cancel) is { } byEmail)
            return byEmail.ExternalId is null && !fromPage
                ? work.Replace(
                    byEmail,
                    ApplyValues.WithProvenance(byEmail with { ExternalId = person.ExternalId }, work.By, work.Now, ["externalId"])
                )
                : byEmail;
        if (await SuppressPerson.FindEmptied(work, person.ExternalId, address, cancel) is { } emptied)
            return emptied;
        var (first, last) = PersonName.Split(person.Name ?? (address is null ? person.ExternalId : ""));
        var touch = new LeadTouch
        {
            At = work.Now,
            Kind = "api",
            Click = click?.Id,
            Channel = click?.Channel,
            Utm = click?.Utm ?? Utm.None,
            ClickIds = click?.ClickIds ?? [],
            Referrer = click?.Referrer,
        };
        var lead = new Lead
        {
            Id = work.NextId(),
            ExternalId = person.ExternalId,
            FirstName = first is null ? null : TextRules.Cut(first, 80),
            LastName = last is null ? null : TextRules.Cut(last, 80),
            Emails = address is null ? [] : [new() { Address = address, Primary = true }],
            Source = new()
            {
                Credit = click?.Credit ?? default,
                Utm = touch.Utm,
                Referrer = touch.Referrer,
            },
            FirstTouch = touch,
            LastTouch = touch,
        };
        lead = work.Insert(ApplyValues.WithProvenance(lead, work.By, work.Now, ["externalId", "firstName", "lastName", "emails"]));
        if (click is { Lead: null, Version: > 0 })
            work.Replace(click, click with { Lead = lead.Id }, null);
        await EarnCommission.ForLead(work, lead, cancel);
        return lead;
    }

    /// <summary>A number that is the person's name elsewhere is not stored again of somebody who was erased.</summary>
    static async ValueTask<TrackedAct> WithoutErased(UnitOfWork work, TrackedPerson person, TrackedAct act, CancellationToken cancel) =>
        act.Order == person.ExternalId && await SuppressPerson.Find(work, SuppressPerson.ExternalId, person.ExternalId, cancel) is not null
            ? act with
            {
                Order = SuppressPerson.PseudonymOf(work.Installation, person.ExternalId),
            }
            : act;

    static async ValueTask<Conversion> Conversion(UnitOfWork work, Lead lead, TrackedAct act, bool fromPage, CancellationToken cancel)
    {
        var conversion = new Conversion
        {
            Type = act.Type,
            OrderId = act.Order,
            Value = act.Value,
            Lead = lead.Id,
            Click = act.Click,
            ByPage = fromPage,
        };
        var known = await FindConversion.Of(work, conversion, cancel);
        if (known is not null && !known.GivesWayTo(conversion))
            return known;
        var errors = new FieldErrors();
        var prepared = await PrepareConversion.New(work, conversion, known, errors, cancel);
        return errors.Any ? throw ProblemException.Invalid(errors) : work.Insert(prepared);
    }
}
