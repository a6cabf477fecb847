// Marks the phone numbers of a person that somebody else stands for, so that they are kept without a claim.

using Crm.Domain.Resources;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.People;

public static class SharedNumbers
{
    /// <summary>The person with the mark on each number that he did not have before: dummies, and those that another one claims
    /// now.</summary>
    /// <param name="before">Of whom each number is marked already; null: none.</param>
    /// <param name="givesUp">Who gives numbers up in this very commit, as he is after it.</param>
    public static async ValueTask<T> Marked<T>(UnitOfWork work, T person, Person? before, CancellationToken cancel, Person? givesUp = null)
        where T : Person
    {
        var collection = ResourceType.Of(person.GetType()).Collection;
        var phones = person.Phones;
        for (var i = 0; i < phones.Length; i++)
        {
            var number = phones[i].Number!;
            if (before is not null && before.Phones.Any(p => p.Number == number))
                continue;
            var shared =
                PhoneNumber.IsDummy(number)
                || await work.Store.FindByKey(collection, "phone", number, cancel) is { } owner
                    && owner != person.Id
                    && !(owner == givesUp?.Id && !givesUp.Phones.Any(p => p.Number == number));
            if (shared != phones[i].Shared)
                phones = phones.SetItem(i, phones[i] with { Shared = shared });
        }
        return With(person, phones);
    }

    /// <summary>Only the dummies are marked: for a person whose numbers are taken for nobody else's until the commit says
    /// otherwise.</summary>
    public static T DummiesMarked<T>(T person)
        where T : Person
    {
        var phones = person.Phones;
        for (var i = 0; i < phones.Length; i++)
            if (!phones[i].Shared && PhoneNumber.IsDummy(phones[i].Number))
                phones = phones.SetItem(i, phones[i] with { Shared = true });
        return With(person, phones);
    }

    static T With<T>(T person, System.Collections.Immutable.ImmutableArray<PhoneEntry> phones)
        where T : Person => phones == person.Phones ? person : (T)(person with { Phones = phones });
}
