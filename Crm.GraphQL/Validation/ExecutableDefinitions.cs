// Only operations and fragments can be run; the schema language cannot.

using Crm.GraphQL.Language;

namespace Crm.GraphQL.Validation;

static class ExecutableDefinitions
{
    public static void Check(Document document, Action<string, Location> wrong)
    {
        foreach (var definition in document.Definitions)
            if (definition is not (Operation or Fragment))
                wrong("Only operations and fragments can be run.", definition.At);
    }
}
