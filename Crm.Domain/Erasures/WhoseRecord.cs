// Whether a stored record is the person's, or another's who only names them.

using System.Collections.Immutable;
using Crm.Domain.Customers;
using Crm.Domain.Leads;
using Crm.Domain.People;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Touches;

namespace Crm.Domain.Erasures;

enum Belongs
{
    ToPerson,
    ToAnother,
}

static class WhoseRecord
{
    /// <summary>Null: it has nothing to do with the person.</summary>
    public static Belongs? Of(SoughtPerson sought, ResourceType type, Row row, ImmutableArray<string> people)
    {
        // A person is known by id only: another one may have written the first one's address into their own record.
        if (people.Contains(type.Text(row.Id)))
            return Belongs.ToPerson;
        var isPerson = typeof(Person).IsAssignableFrom(type.Clr);
        if (!isPerson && (sought.Own.Contains(type.Text(row.Id)) || sought.IsReferredTo(row.Own)))
            return Belongs.ToPerson;
        if (!sought.IsNamed(row.Own))
            return null;
        if (isPerson)
            return IsNamedInWords(sought, (Person)type.FromRow(row)) ? Belongs.ToAnother : null;
        if (IsTheTeams(type) || RefersToAnother(sought, type, type.FromRow(row)))
            return Belongs.ToAnother;
        return !sought.IsValueOf(row.Own) && sought.IsBesideAnother(row.Own) ? Belongs.ToAnother : Belongs.ToPerson;
    }

    /// <summary>A number may be another's too, and then it is theirs.</summary>
    static bool IsNamedInWords(SoughtPerson sought, Person other) =>
        sought.IsNamed(ResourceType.Of(other.GetType()).ToJson(other with { Emails = [], Phones = [] }));

    /// <summary>What is about nobody, such as a campaign, was written by the team.</summary>
    static bool IsTheTeams(ResourceType type) =>
        !type.HoldsCopies && !type.Fields.Any(field => field.Refers is { } refers && Persons.Contains(refers));

    static readonly Type[] Persons = [typeof(Lead), typeof(Customer), typeof(Visitor)];

    static bool RefersToAnother(SoughtPerson sought, ResourceType type, Resource record) =>
        type.Fields.Any(field =>
            field.Refers is { } refers
            && (refers == typeof(Lead) || refers == typeof(Customer))
            && field.Get(record) is Id id
            && !sought.Ids.Contains(ResourceType.Of(refers).Text(id))
        );
}
