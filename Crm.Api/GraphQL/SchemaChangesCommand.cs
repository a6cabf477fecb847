// "schema-changes OLD [NEW]": what of a change of the GraphQL schema breaks clients. Without NEW the old one is compared with what this
// build serves.

using Crm.Domain;
using Crm.Domain.Stores;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.Api.GraphQL;

public static class SchemaChangesCommand
{
    /// <summary>Prints a line for each change; 2 when one of them breaks clients, so that a script can stop there.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [{ Length: > 0 }] and not [{ Length: > 0 }, { Length: > 0 }])
            throw new StoreConfigurationException(
                "Say which schemas shall be compared: schema-changes OLD [NEW], files in the schema language."
            );
        var changes = SchemaChanges.Between(
            await Read(args[0]),
            args is [_, var newer] ? await Read(newer) : ApiSchema.Build(CrmCatalog.Standard, _ => [])
        );
        foreach (var change in changes.OrderBy(c => !c.IsBreaking))
            Console.Out.WriteLine(change);
        var breaking = changes.Count(c => c.IsBreaking);
        Console.Out.WriteLine(
            changes.Count == 0
                ? "Nothing that clients could stumble over."
                : $"{breaking} break clients, {changes.Count - breaking} are dangerous."
        );
        return breaking > 0 ? 2 : 0;
    }

    static async Task<Schema> Read(string file)
    {
        if (!File.Exists(file))
            throw new StoreConfigurationException($"There is no file {file}.");
        try
        {
            return Schema.FromText(await File.ReadAllTextAsync(file));
        }
        catch (SyntaxException error)
        {
            throw new StoreConfigurationException($"{file}:{error.At.Line}:{error.At.Column}: {error.Message}");
        }
        catch (SchemaException error)
        {
            throw new StoreConfigurationException(
                $"{file} is no schema: {string.Join(" ", error.Errors.Select(e => $"{(e.At is [var at, ..] ? $"{at.Line}:{at.Column}: " : "")}{e.Message}"))}"
            );
        }
    }
}
