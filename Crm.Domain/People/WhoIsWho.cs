// Whose something is that names a person: the one table for posts, customers, sales and callers. Identities have weight.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.People;

/// <summary>What is said of a person, and tells who it is.</summary>
/// <param name="Emails">In their canonical form. Strong: the same is the same person.</param>
/// <param name="OtherSystemsId">Strong as well; null when there is none.</param>
/// <param name="Phones">In E.164 form. Weak: a family, an office and a dummy have one number for many.</param>
/// <param name="Name">All of it; empty when it is not said.</param>
public sealed record SaidOfPerson(IReadOnlyList<string> Emails, string? OtherSystemsId, IReadOnlyList<string> Phones, string Name)
{
    public static SaidOfPerson By(Person person) =>
        new(
            [.. person.Emails.Where(e => e.Address is not null).Select(e => EmailAddress.Canonical(e.Address!))],
            person.OtherSystemsId,
            [.. person.Phones.Select(p => p.Number).OfType<string>()],
            $"{person.FirstName} {person.MiddleName} {person.LastName}"
        );
}

/// <summary>What is known of whose it is.</summary>
public abstract record Whose
{
    /// <summary>Nobody has any of its identities.</summary>
    public sealed record Nobodys : Whose;

    /// <summary>This person's.</summary>
    public sealed record Theirs(Id Id) : Whose;

    /// <summary>Somebody else's than these, who have the same phone number.</summary>
    /// <param name="Contradicts">Names contradict; otherwise it is just not clear that it is one of them.</param>
    public sealed record Another(IReadOnlyList<Id> Holders, bool Contradicts) : Whose;

    /// <summary>Two strong identities belong to two people.</summary>
    public sealed record OfTwo(IReadOnlyList<Id> Owners) : Whose;
}

public static class WhoIsWho
{
    /// <summary>So many holders of a number are named.</summary>
    public const int MostHolders = 10;

    static readonly Whose Nobody = new Whose.Nobodys();

    /// <summary>
    /// A strong identity decides. A phone number alone is its one holder's, unless what is said contradicts him; a number that several
    /// have, or that is a dummy, decides nothing.
    /// </summary>
    /// <typeparam name="T">Among which people.</typeparam>
    public static async ValueTask<Whose> Find<T>(UnitOfWork work, SaidOfPerson said, CancellationToken cancel)
        where T : Person
    {
        var collection = ResourceType.Of<T>().Collection;
        var owners = new List<Id>(2);
        foreach (var email in said.Emails)
            await AddOwner("email", email);
        if (said.OtherSystemsId is { } id && collection.Key("externalId") is not null)
            await AddOwner("externalId", id);
        if (owners.Count > 0)
            return owners.Count == 1 ? new Whose.Theirs(owners[0]) : new Whose.OfTwo(owners);
        var holders = new List<Id>();
        foreach (var number in said.Phones)
            if (!PhoneNumber.IsDummy(number))
                holders.AddRange(
                    (await work.Store.FindHolders(collection, "phone", number, MostHolders, cancel)).Where(h => !holders.Contains(h))
                );
        if (holders.Count > 1)
            return new Whose.Another([.. holders.Take(MostHolders)], Contradicts: false);
        if (holders.Count == 0 || await work.Find<T>(holders[0], cancel) is not { } holder)
            return Nobody;
        return Compare(said, SaidOfPerson.By(holder)) switch
        {
            Tie.Same => new Whose.Theirs(holder.Id),
            var tie => new Whose.Another([holder.Id], tie == Tie.Contradicts),
        };

        async ValueTask AddOwner(string field, string value)
        {
            if (await work.Store.FindByKey(collection, field, value, cancel) is { } owner && !owners.Contains(owner))
                owners.Add(owner);
        }
    }

    public enum Tie
    {
        Same,
        Contradicts,
        Unclear,
    }

    /// <summary>Two who have the same phone number, and no strong identity in common.</summary>
    public static Tie Compare(SaidOfPerson one, SaidOfPerson other)
    {
        var differ =
            one.Emails.Count > 0 && other.Emails.Count > 0
            || one.OtherSystemsId is not null && other.OtherSystemsId is not null && one.OtherSystemsId != other.OtherSystemsId;
        return PersonName.Compare(one.Name, other.Name) switch
        {
            NameTie.Contradict => Tie.Contradicts,
            NameTie.Missing when differ => Tie.Unclear,
            _ => Tie.Same,
        };
    }
}
