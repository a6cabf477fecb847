// The fields of an object that is given have different names.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueInputFieldNamesRule
{
    public static void Begin(Walk walk)
    {
        walk.OnValue(given => Check(given.Value));

        void Check(Value value)
        {
            switch (value)
            {
                case ListValue many:
                    foreach (var item in many.Items)
                        Check(item);
                    break;
                case ObjectValue members:
                    Dictionary<string, Location>? known = null;
                    foreach (var member in members.Fields)
                    {
                        if (members.Fields.Count > 1 && !(known ??= new(StringComparer.Ordinal)).TryAdd(member.Name, member.At))
                            walk.Wrong($"{member.Name} is given twice.", known[member.Name], member.At);
                        Check(member.Value);
                    }
                    break;
            }
        }
    }
}
