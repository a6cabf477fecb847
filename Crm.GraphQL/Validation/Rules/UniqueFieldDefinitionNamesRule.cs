// A type and what extends it have different fields.

using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Validation.Rules;

static class UniqueFieldDefinitionNamesRule
{
    public static void Begin(Walk walk)
    {
        var known = new Dictionary<(string Type, string Field), Location>();
        walk.OnDefinition(definition =>
        {
            if (definition is not TypeDefinitionNode type)
                return;
            foreach (var field in type.Fields)
                Check(type.Name, field.Name, field.NameAt);
            foreach (var field in type.Inputs)
                Check(type.Name, field.Name, field.NameAt);
        });

        void Check(string type, string field, Location at)
        {
            var there = walk.Schema?.Type(type) switch
            {
                FieldsType with => with.Field(field) is not null,
                InputObjectType input => input.Field(field) is not null,
                _ => false,
            };
            if (there)
                walk.Wrong($"{type} has a field {field} already.", at);
            else if (!known.TryAdd((type, field), at))
                walk.Wrong($"{type} has two fields called {field}.", known[(type, field)], at);
        }
    }
}
