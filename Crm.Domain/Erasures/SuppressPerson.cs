// Keeps who was erased from being brought back by imports, other systems, members and merges: only they themselves can come again.

using System.Text;
using Crm.Domain.Leads;
using Crm.Domain.People;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Erasures;

/// <param name="Any">Whether the workspace has any: where nobody was erased nothing is asked.</param>
public sealed record KnownSuppressions(bool Any);

public static class SuppressPerson
{
    public const string Email = "email",
        Phone = "phone",
        ExternalId = "externalId";

    static readonly ResourceType Type = ResourceType.Of<Suppression>();

    public static readonly SettingsPart<KnownSuppressions> Part = new(
        async (_, reader, cancel) =>
            new(
                await reader.Any<Suppression>(
                    "reason",
                    Names.Camel(nameof(SuppressionReason.Erased)),
                    one => one.Reason == SuppressionReason.Erased,
                    cancel
                )
            )
    );

    extension(WorkspaceSettings settings)
    {
        public bool HasSuppressions => settings.Get(Part).Any;
    }

    /// <summary>An erased address can only come into a record by a commit that lifts its suppression.</summary>
    public static readonly CommitGuard Guard = new(
        (settings, change) => settings.HasSuppressions && change.After is Person,
        async (work, change, cancel) =>
        {
            var before = change.Before is Person known ? IdentitiesOf(known).ToHashSet() : [];
            foreach (var (field, value) in IdentitiesOf((Person)change.After!))
                if (
                    !before.Contains((field, value))
                    && await Find(work, field, value, cancel) is { } suppression
                    && !work.Changes.Any(one =>
                        one is Change.Delete gone && gone.Collection == Type.Collection && gone.Id == suppression.Id
                    )
                )
                    throw ProblemException.Invalid(
                        field,
                        "erased",
                        "Its owner was erased on request. It can be stored again when they post a form themselves."
                    );
        }
    );

    /// <summary>The seal of one identity, whatever its writing.</summary>
    public static string SealOf(Installation installation, string field, string value)
    {
        var text =
            field == ExternalId ? $"{ExternalId}:{value}" : (field == Email ? EmailAddress.Canonical(value) : value).ToLowerInvariant();
        return installation.Seal(PrepareErasure.Purpose).Hex(Encoding.UTF8.GetBytes(text), 16);
    }

    /// <summary>The seal of an address that gets no mail; of another form than that of somebody who was erased.</summary>
    public static string MailSealOf(Installation installation, string address) =>
        installation
            .Seal(PrepareErasure.Purpose)
            .Hex(Encoding.UTF8.GetBytes("mail:" + EmailAddress.Canonical(address).ToLowerInvariant()), 16);

    /// <summary>They get no mail as before; which addresses they are is known no more.</summary>
    internal static async ValueTask ForgetAddresses(UnitOfWork work, SoughtPerson person, CancellationToken cancel)
    {
        foreach (var address in person.Addresses.Where(one => one.Contains('@')))
            if (await work.FindBy<Suppression>("seal", MailSealOf(work.Installation, address), cancel) is { Address: not null } known)
                work.Replace(known, known with { Address = null }, null);
    }

    /// <summary>What stands where another system's name of the person was the number of something they did.</summary>
    public static string PseudonymOf(Installation installation, string externalId) =>
        "erased:" + SealOf(installation, ExternalId, externalId);

    /// <summary>By which a person is known. A number that several have says of nobody that they are back.</summary>
    public static IEnumerable<(string Field, string Value)> IdentitiesOf(Person person)
    {
        foreach (var entry in person.Emails)
            if (entry.Address is { } address)
                yield return (Email, EmailAddress.Canonical(address));
        foreach (var entry in person.Phones)
            if (entry is { Number: { } number, Shared: false })
                yield return (Phone, number);
        if (person.OtherSystemsId is { } id)
            yield return (ExternalId, id);
    }

    public static ValueTask<Suppression?> Find(UnitOfWork work, string field, string value, CancellationToken cancel) =>
        work.Settings.HasSuppressions
            ? work.FindBy<Suppression>("seal", SealOf(work.Installation, field, value), cancel)
            : ValueTask.FromResult<Suppression?>(null);

    /// <summary>The emptied lead of somebody who was erased: what another system reports of them is counted there, without them.</summary>
    public static async ValueTask<Lead?> FindEmptied(UnitOfWork work, string externalId, string? email, CancellationToken cancel)
    {
        foreach (var (field, value) in new[] { (ExternalId, externalId), (Email, email) })
            if (
                value is not null
                && await Find(work, field, value, cancel) is { Person: { } person }
                && Id.TryParse<Lead>(person, out var id)
                && await work.Find<Lead>(id, cancel) is { } lead
            )
                return lead;
        return null;
    }

    /// <summary>Those that are not suppressed yet.</summary>
    internal static async ValueTask<IReadOnlyList<Suppression>> Missing(
        UnitOfWork work,
        IEnumerable<string> seals,
        IReadOnlyList<string> people,
        DateTimeOffset? since,
        CancellationToken cancel
    )
    {
        var missing = new List<Suppression>();
        foreach (var seal in seals)
            if (await work.Store.FindByKey(Type.Collection, "seal", seal, cancel) is null)
                missing.Add(
                    new()
                    {
                        Seal = seal,
                        Person = people.FirstOrDefault(one => Id.TryParse<Lead>(one, out _)) ?? people.FirstOrDefault(),
                        Since = since,
                    }
                );
        return missing;
    }
}
