// A field's or directive's arguments have different names.

namespace Crm.GraphQL.Validation.Rules;

static class UniqueArgumentNamesRule
{
    public static void Begin(Walk walk) =>
        walk.OnArguments(arguments =>
        {
            if (arguments.Count > 1)
                Repeated.Find(arguments, a => (a.Name, a.At), (name, at) => walk.Wrong($"The argument {name} is given twice.", at));
        });
}
