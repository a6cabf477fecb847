// No field can be forgotten in which somebody may stand: each that holds free text, JSON or bytes says whether it goes with the person.

using Crm.Domain;
using Crm.Domain.Affiliates;
using Crm.Domain.Resources;
using Crm.Domain.Workspaces;
using Xunit;

namespace Crm.Tests.Structure;

public sealed class PersonalFieldTests
{
    [Fact]
    public void every_field_with_free_words_says_whether_it_goes_with_the_person() =>
        string.Join(
                '\n',
                CrmCatalog
                    .Standard.Entries.Where(entry => !entry.IsSetting && !Apart.Contains(entry.Type) && !GoesWhole(entry.Type))
                    .SelectMany(entry => Undeclared(entry.Type, entry.Type.Name))
            )
            .Should()
            .BeEmpty("each is Is.Personal, Is.Opaque, or Is.NoPerson when no person can stand there");

    /// <summary>People of their own to the workspace: whoever deletes them ends what is stored of them.</summary>
    static readonly ResourceType[] Apart = [ResourceType.Of<Member>(), ResourceType.Of<Affiliate>()];

    /// <summary>Copies, and what belongs to another record, are deleted with all their fields.</summary>
    static bool GoesWhole(ResourceType type) =>
        type.HoldsCopies || type.References.Any(reference => reference.Field.OnDelete == OnDelete.Delete);

    [Fact]
    public void what_goes_with_the_person_is_not_said_to_hold_none() =>
        CrmCatalog
            .Standard.Entries.SelectMany(entry =>
                entry.Type.Fields.Where(field => field.GoesWithPerson && field.Traits.HasFlag(Is.NoPerson))
            )
            .Should()
            .BeEmpty();

    /// <summary>Kinds of text that are words of a list.</summary>
    static readonly string[] Closed = ["country", "currency", "language", "timeZone"];

    static IEnumerable<string> Undeclared(ObjectType type, string path)
    {
        foreach (var field in type.Fields)
        {
            if (!field.Stored || field.GoesWithPerson || field.Traits.HasFlag(Is.NoPerson))
                continue;
            var kind = field.Kind is ListValue list ? list.Item : field.Kind;
            if (kind is ObjectValue inner)
                foreach (var one in Undeclared(inner.Type, $"{path}.{field.Name}"))
                    yield return one;
            else if (!kind.IsPlain && !Closed.Contains(kind.Name))
                yield return $"{path}.{field.Name}";
        }
    }
}
