// A verb of a resource: what REST serves as POST /v1/leads/{id}/merge, and what every other edge can call by the same name.

using System.Text.Json;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Text;

namespace Crm.Domain.Work;

/// <summary>
/// Made by <see cref="On{TRecord}"/> for a verb on one record and by <see cref="OnList{TInput}"/> for one on the whole list; both with or
/// without an input, the record that describes the body. The function adds its changes to the unit of work; the caller commits, and runs it
/// again after a concurrent change.
/// </summary>
public sealed class ResourceAction
{
    readonly Func<UnitOfWork, Resource?, object?, CancellationToken, ValueTask<ActionResult>> run;

    ResourceAction(
        string name,
        string description,
        bool onRecord,
        Type? input,
        Func<UnitOfWork, Resource?, object?, CancellationToken, ValueTask<ActionResult>> run
    ) => (Name, Description, OnRecord, Input, this.run) = (name, description, onRecord, input, run);

    /// <param name="name">Kebab case, as in the URL.</param>
    public static ResourceAction On<TRecord>(
        string name,
        string description,
        Func<UnitOfWork, TRecord, CancellationToken, ValueTask<ActionResult>> run,
        Effect effect = Effect.Unsaid
    )
        where TRecord : Resource =>
        new(name, description, true, null, (work, record, _, cancel) => run(work, (TRecord)record!, cancel)) { Effect = effect };

    /// <param name="name">Kebab case, as in the URL.</param>
    public static ResourceAction On<TRecord, TInput>(
        string name,
        string description,
        Func<UnitOfWork, TRecord, TInput, CancellationToken, ValueTask<ActionResult>> run,
        Effect effect = Effect.Unsaid
    )
        where TRecord : Resource
        where TInput : class, new() =>
        new(name, description, true, typeof(TInput), (work, record, input, cancel) => run(work, (TRecord)record!, (TInput)input!, cancel))
        {
            Effect = effect,
        };

    /// <param name="name">Kebab case, as in the URL.</param>
    public static ResourceAction OnList<TInput>(
        string name,
        string description,
        Func<UnitOfWork, TInput, CancellationToken, ValueTask<ActionResult>> run,
        Effect effect = Effect.Unsaid
    )
        where TInput : class, new() =>
        new(name, description, false, typeof(TInput), (work, _, input, cancel) => run(work, (TInput)input!, cancel)) { Effect = effect };

    public string Name { get; }
    public string Description { get; }

    /// <summary>Whether it is done to one record (its id in the URL) or to the whole list.</summary>
    public bool OnRecord { get; }

    /// <summary>The record that describes the body; null when there is none.</summary>
    public Type? Input { get; }

    /// <param name="record">The one it is done to; null for a verb on the list.</param>
    /// <param name="input">As <see cref="ReadInput"/> returned it.</param>
    public ValueTask<ActionResult> Run(UnitOfWork work, Resource? record, object? input, CancellationToken cancel) =>
        run(work, record, input, cancel);

    /// <summary>The record that describes what is answered; null when that is the record it was done to.</summary>
    public Type? Answers { get; private init; }

    /// <summary>Whether the answer has the record's secret as the one to making it has: shown once.</summary>
    public bool ShowsSecret { get; private init; }

    /// <summary>The same verb, which makes the record's secret anew.</summary>
    public ResourceAction ShowingSecret() => new(Name, Description, OnRecord, Input, run) { ShowsSecret = true };

    /// <summary>The same verb, which answers something else than the record it is done to.</summary>
    public ResourceAction Answering<TAnswer>()
        where TAnswer : class, new() => new(Name, Description, OnRecord, Input, run) { Answers = typeof(TAnswer), Effect = Effect };

    /// <summary>What running it leads to.</summary>
    public Effect Effect { get; private init; }

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

/// <summary>What is answered: a record, or any JSON.</summary>
public sealed record ActionResult(Resource? Record, JsonData? Json = null)
{
    /// <summary>What is no resource, as its fields say.</summary>
    public static ActionResult Of(object answer)
    {
        var json = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(json))
            ObjectType.Of(answer.GetType()).Write(writer, answer);
        return new(null, new(json.WrittenSpan.ToArray()));
    }

    /// <summary>Members that are added to this one answer and stored nowhere (a new key).</summary>
    public IReadOnlyDictionary<string, string> ShownOnce { get; init; } = new Dictionary<string, string>();
}
