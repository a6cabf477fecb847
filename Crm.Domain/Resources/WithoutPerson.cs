// A record without the person in it: every field that says something of one, or may, is as in a new record.

namespace Crm.Domain.Resources;

public static class WithoutPerson
{
    /// <summary>The same record, emptied. A list whose entries hold something of a person goes as a whole.</summary>
    public static Resource Of(Resource record) =>
        (Resource)Emptied(ResourceType.Of(record.GetType()), record) with
        {
            Custom = Resource.NoCustom,
        };

    static object Emptied(ObjectType type, object owner)
    {
        var (copy, blank) = (type.Copy(owner), type.New());
        foreach (var field in type.Fields)
        {
            if (!field.Stored)
                continue;
            if (field.GoesWithPerson || field.Kind is ListValue { Item: ObjectValue each } && HoldsPerson(each.Type))
                field.Set(copy, field.Get(blank));
            else if (field.Kind is ObjectValue nested && field.Get(copy) is { } inner)
                field.Set(copy, Emptied(nested.Type, inner));
        }
        return copy;
    }

    static bool HoldsPerson(ObjectType type) =>
        type.Fields.Any(field =>
            field.GoesWithPerson
            || field.Kind is ObjectValue nested && HoldsPerson(nested.Type)
            || field.Kind is ListValue { Item: ObjectValue each } && HoldsPerson(each.Type)
        );
}
