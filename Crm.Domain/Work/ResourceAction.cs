// A verb of a resource: what REST serves as POST /v1/leads/{id}/merge, and what every other edge can call by the same name.

using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;

namespace Crm.Domain.Work;

/// <param name="Name">Kebab case, as in the URL.</param>
/// <param name="OnRecord">Whether it is done to one record (its id in the URL) or to the whole list.</param>
/// <param name="Input">The record that describes the body; null when there is none.</param>
/// <param name="Run">Adds its changes to the unit of work; the caller commits, and runs it again after a concurrent change.</param>
public sealed record ResourceAction(
    string Name,
    string Description,
    bool OnRecord,
    Type? Input,
    Func<ActionCall, CancellationToken, ValueTask<ActionResult>> Run
)
{
    /// <summary>The body as <see cref="Input"/>, checked; null when the verb takes none.</summary>
    public object? ReadInput(JsonElement body, ReadContext context)
    {
        if (Input is null)
            return null;
        if (body.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemCodes.BodyMalformed, "The body must be a JSON object.");
        var errors = new FieldErrors();
        var input = ObjectType.Of(Input).Read(body, Activator.CreateInstance(Input)!, context, errors, "", ReadMode.Create);
        return errors.Any ? throw ProblemException.Invalid(errors) : input;
    }
}

/// <param name="Target">The record, when the action is on one.</param>
/// <param name="Input">The body as <see cref="ResourceAction.Input"/>.</param>
public sealed record ActionCall(UnitOfWork Work, Resource? Target, object? Input);

/// <summary>What is answered: a record, or any JSON.</summary>
public sealed record ActionResult(Resource? Record, JsonData? Json = null)
{
    /// <summary>Members that are added to this one answer and stored nowhere (a new key).</summary>
    public IReadOnlyDictionary<string, string> ShownOnce { get; init; } = new Dictionary<string, string>();
}
