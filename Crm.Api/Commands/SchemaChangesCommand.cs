// "schema-changes OLD [NEW]": what of a change of the GraphQL schema breaks clients. Without NEW the old one is compared with what this
// build serves.

using System.CommandLine;
using Crm.Api.GraphQL;
using Crm.Domain;
using Crm.Domain.Stores;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.Api.Commands;

static class SchemaChangesCommand
{
    public static Command Make()
    {
        var old = new Argument<string>("old") { HelpName = "OLD", Description = "A file in the schema language." };
        var newer = new Argument<string?>("new")
        {
            HelpName = "NEW",
            Description = "The same; without it what this build serves.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("schema-changes", "Says what of a change of the GraphQL schema breaks clients: then it ends with 1.")
        {
            old,
            newer,
        };
        command.SetAction((parsed, _) => Run(parsed.GetRequiredValue(old), parsed.GetValue(newer)));
        return command;
    }

    /// <summary>Prints a line for each change; 1 when one of them breaks clients, so that a script can stop there.</summary>
    static async Task<int> Run(string old, string? newer)
    {
        var changes = SchemaChanges.Between(
            await Read(old),
            newer is not null ? await Read(newer) : ApiSchema.Build(CrmCatalog.Standard, _ => [])
        );
        foreach (var change in changes.OrderBy(c => !c.IsBreaking))
            Console.Out.WriteLine(change);
        var breaking = changes.Count(c => c.IsBreaking);
        Console.Out.WriteLine(
            changes.Count == 0
                ? "Nothing that clients could stumble over."
                : $"{breaking} break clients, {changes.Count - breaking} are dangerous."
        );
        return breaking > 0 ? CommandLine.Failed : CommandLine.Done;
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
