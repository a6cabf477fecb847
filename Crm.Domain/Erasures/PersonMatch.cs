// Who is meant by a request about one person: an address, a number or a record of theirs.

using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Erasures;

public sealed record PersonMatch
{
    [Field("An e-mail address of the person.", Kind = TextKind.Email, Is = Is.Personal, Example = "ana@silva.example.org")]
    public string? Email { get; init; }

    [Field("A phone number that is theirs alone.", Kind = TextKind.Phone, Is = Is.Personal, Example = "+5511912345678")]
    public string? Phone { get; init; }

    [Field("The id of the person's lead or customer.", Max = 64, Is = Is.Personal)]
    public string? Id { get; init; }

    /// <summary>Which of them is said.</summary>
    internal string By =>
        Email is not null ? "email"
        : Phone is not null ? "phone"
        : "id";

    public static void Check(PersonMatch? match, FieldErrors errors)
    {
        if (new[] { match?.Email, match?.Phone, match?.Id }.Count(one => one is not null) != 1)
            errors.Add("match", "required", "Say one of email, phone and id.");
    }

    /// <summary>That it names one person: a number that several have does not, and an id must be there.</summary>
    internal static async ValueTask CheckIsOne(UnitOfWork work, PersonMatch? match, FieldErrors errors, CancellationToken cancel)
    {
        if (match?.Phone is { } phone)
            foreach (var type in new[] { ResourceType.Of<Lead>(), ResourceType.Of<Customer>() })
                if ((await work.Store.FindHolders(type.Collection, "phone", phone, 2, cancel)).Count > 1)
                    errors.Add("match.phone", "ambiguous_match", "Several people have this number. Say the id of the one that is meant.");
        if (
            match?.Id is { } text
            && !(Stores.Id.TryParse<Lead>(text, out var lead) && await work.Find<Lead>(lead, cancel) is not null)
            && !(Stores.Id.TryParse<Customer>(text, out var customer) && await work.Find<Customer>(customer, cancel) is not null)
        )
            errors.Add("match.id", "unknown_reference", "There is no lead or customer of this id.");
    }
}
