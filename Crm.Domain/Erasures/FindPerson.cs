// Finds who is meant by an erasure: leads, what they became, browsers they came with, and every address of theirs.

using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Erasures;

/// <param name="People">Their leads and customers, and those that were merged into them.</param>
/// <param name="Identities">By which they are known: what was asked for, and what their records have.</param>
sealed record FoundPerson(
    SoughtPerson Sought,
    IReadOnlyCollection<string> People,
    IReadOnlyCollection<(string Field, string Value)> Identities
);

static class FindPerson
{
    /// <summary>So many leads and customers of one address at most.</summary>
    const int Most = 100;

    public static ValueTask<FoundPerson> Run(UnitOfWork work, PersonMatch match, CancellationToken cancel) =>
        Run(work, match, match.Id is { } id ? [id] : [], cancel);

    /// <summary>By the ids of leads and customers, as far as they are there.</summary>
    public static ValueTask<FoundPerson> Run(UnitOfWork work, IReadOnlyList<string> people, CancellationToken cancel) =>
        Run(work, new(), people, cancel);

    static async ValueTask<FoundPerson> Run(UnitOfWork work, PersonMatch match, IReadOnlyList<string> known, CancellationToken cancel)
    {
        var identities = new HashSet<(string Field, string Value)>();
        var (people, ids, own) = (new Dictionary<string, Person>(), new HashSet<string>(), new HashSet<string>());
        var addresses = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<Person>();
        foreach (var text in known)
        {
            ids.Add(text);
            await Add<Lead>(Id.TryParse<Lead>(text, out var lead) ? lead : null);
            await Add<Customer>(Id.TryParse<Customer>(text, out var customer) ? customer : null);
        }
        var (field, value) = match.Email is { } email ? ("email", EmailAddress.Canonical(email)) : ("phone", match.Phone);
        if ((match.Email ?? match.Phone) is { } said)
        {
            addresses.Add(said);
            addresses.Add(value!);
            identities.Add((field, value!));
            foreach (var id in await work.Store.FindHolders(ResourceType.Of<Lead>().Collection, field, value!, Most, cancel))
                await Add<Lead>(id);
            foreach (var id in await work.Store.FindHolders(ResourceType.Of<Customer>().Collection, field, value!, Most, cancel))
                await Add<Customer>(id);
        }
        while (open.TryDequeue(out var person))
        {
            foreach (var entry in person.Emails)
                if (entry.Address is { } address)
                {
                    addresses.Add(address);
                    addresses.Add(EmailAddress.Canonical(address));
                }
            foreach (var entry in person.Phones)
                if (entry is { Number: { } number, Shared: false } && await IsAlone(number))
                    addresses.Add(number);
            identities.UnionWith(
                SuppressPerson.IdentitiesOf(person).Where(one => one.Field != SuppressPerson.Phone || addresses.Contains(one.Value))
            );
            if (person is Lead lead)
            {
                await Add<Customer>(lead.Customer);
                foreach (var merged in lead.MergedFrom)
                    ids.Add(merged.Text<Lead>());
                await foreach (var became in Of<Customer>("lead", lead.Id.Text<Lead>()))
                    await Add<Customer>(became.Id);
                Take(lead.FirstTouch);
                Take(lead.LastTouch);
                await foreach (var visitor in Of<Visitor>("lead", lead.Id.Text<Lead>()))
                    await AddVisitor(visitor);
            }
            else if (person is Customer customer)
            {
                await Add<Lead>(customer.Lead);
                Take(customer.FirstTouch);
                Take(customer.LastTouch);
            }
        }
        return new(
            new(ids, own, [.. addresses], [.. identities.Where(one => one.Field == SuppressPerson.ExternalId).Select(one => one.Value)]),
            [.. ids.Where(one => Id.TryParse<Lead>(one, out _) || Id.TryParse<Customer>(one, out _))],
            identities
        );

        async ValueTask Add<T>(Id? id)
            where T : Person
        {
            if (id is not { } there || people.ContainsKey(there.Text<T>()) || await work.Find<T>(there, cancel) is not { } person)
                return;
            ids.Add(there.Text<T>());
            people.Add(there.Text<T>(), person);
            open.Enqueue(person);
        }

        async ValueTask AddVisitor(Visitor visitor)
        {
            ids.Add(visitor.Id.Text<Visitor>());
            if (visitor.Click is { } click)
                own.Add(click.Text<Click>());
            await foreach (var touch in Of<Touch>("visitor", visitor.Id.Text<Visitor>()))
                if (touch.Click is { } clicked)
                    own.Add(clicked.Text<Click>());
        }

        void Take(LeadTouch? touch)
        {
            if (touch?.Click is { } click)
                own.Add(click.Text<Click>());
        }

        async IAsyncEnumerable<T> Of<T>(string key, string of)
            where T : Resource
        {
            var type = ResourceType.Of<T>();
            var query = new Query(type.Collection, new Filter.Compare(key, Comparison.Eq, Key.Of(of)), [], false, null, 200);
            await foreach (var page in work.Store.Pages(query, cancel))
                for (var i = 0; i < page.Count; i++)
                    yield return type.FromRow<T>(page[i]);
        }

        // A number that somebody else has too says nothing of whom an entry is.
        async ValueTask<bool> IsAlone(string number)
        {
            foreach (var type in new[] { ResourceType.Of<Lead>(), ResourceType.Of<Customer>() })
                if ((await work.Store.FindHolders(type.Collection, "phone", number, 2, cancel)).Count > 1)
                    return false;
            return true;
        }
    }
}
