// One operation, from its text to its answer: the same checks, limits and cost whichever transport brought it.

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Crm.Api.Security;
using Crm.Api.Startup;
using Crm.Domain.Events;
using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;
using Crm.GraphQL;
using Crm.GraphQL.Execution;
using Crm.GraphQL.Language;

namespace Crm.Api.GraphQL;

/// <summary>An operation that may run.</summary>
/// <param name="Executor">Runs a query or a mutation; each event of a subscription has one of its own.</param>
/// <param name="Source">For a subscription.</param>
/// <param name="Deadline">Ends what takes too long, and what nobody waits for any more.</param>
public sealed record PreparedOperation(
    OperationKind Kind,
    Caller Caller,
    GraphQLCall Call,
    Documents Documents,
    Plan Plan,
    Dictionary<string, JsonElement> Variables,
    Executor Executor,
    Subscription? Source,
    long Cost,
    CancellationTokenSource Deadline
) : IDisposable
{
    public void Dispose()
    {
        Deadline.Dispose();
        Call.Dispose();
    }
}

/// <summary>Why an operation does not run.</summary>
public sealed record RefusedOperation(IReadOnlyList<GraphError> Errors, long Cost = 0);

public sealed class GraphQLOperation(Installation installation, RateLimits limits, CrmOptions options)
{
    /// <summary>Points that one request may cost: objects it may load.</summary>
    public const long MostCost = 5_000;

    /// <summary>An answer is no longer than a list's over REST, and neither is all that is loaded for it.</summary>
    public const int MostBytes = Domain.Stores.Query.UsualBytes;

    const int MostSchemas = 200;

    static readonly Limits DocumentLimits = new();

    /// <summary>Workspaces with the same custom fields share a schema; nearly all have none.</summary>
    readonly ConcurrentDictionary<string, Documents> schemas = new(StringComparer.Ordinal);

    readonly ConditionalWeakTable<WorkspaceSettings, Documents> known = [];

    readonly TrustedTexts trusted = new();

    public Installation Installation => installation;
    public RateLimits Limits => limits;

    Documents For(WorkspaceSettings settings) => known.GetValue(settings, _ =>
        {
            var takes = installation.Catalog.Public.Where(e => e.Type.TakesCustomFields).ToList();
            var fields = string.Join(
                '|',
                takes.SelectMany(e =>
                    settings
                        .For(e.Type)
                        .CustomFields.Select(f => $"{e.Type.Name}.{f.Name}:{f.Kind.Name}:{f.Description.Length}:{f.Description}")
                )
            );
            if (schemas.Count >= MostSchemas)
                schemas.Clear();
            return schemas.GetOrAdd(fields, _ =>
                new(ApiSchema.Build(installation.Catalog, type => settings.For(type).CustomFields), DocumentLimits)
            );
        });

    /// <summary>Everything that can be said before anything is loaded.</summary>
    public async ValueTask<(PreparedOperation? Ready, RefusedOperation? Refused)> Prepare(
        HttpContext http,
        Caller caller,
        GraphQLRequest request,
        CancellationToken cancel
    )
    {
        try
        {
            var text =
                request.DocumentId is null && !caller.Settings.Workspace.TrustedDocumentsOnly
                    ? request.Query!
                    : await trusted.Text(caller.Settings, request, cancel);
            return (Check(http, caller, request, text, cancel), null);
        }
        catch (RefusedException refused)
        {
            return (null, refused.Why);
        }
        catch (UntrustedException refused)
        {
            return (null, new([new(refused.Message, Code: refused.Code)]));
        }
    }

    sealed class RefusedException(RefusedOperation why) : Exception
    {
        public RefusedOperation Why => why;
    }

    PreparedOperation Check(HttpContext http, Caller caller, GraphQLRequest request, string text, CancellationToken cancel)
    {
        var documents = For(caller.Settings);
        var read = documents.Read(text);
        if (read.Errors.Count > 0)
            throw new RefusedException(new(read.Errors));
        if (Chosen(read.Document!, request.OperationName) is not { } operation)
            throw Refuse(
                new(request.OperationName is null ? "Say which operation is meant: operationName." : "There is no operation of this name.")
            );
        var call = new GraphQLCall(http, installation, caller, request.Fingerprint);
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var variables = Coercion.Variables(operation, documents.Schema, request.Variables);
            var plan = read.Plan(operation, documents.Schema, documents.Limits, variables);
            var source = operation.Kind == OperationKind.Subscription ? Subscription.Of(plan, variables) : null;
            var executor = Executor.Prepare(plan, documents.Schema, variables, call, deadline.Token);
            var cost = executor.Cost;
            if (cost > MostCost)
                throw new RefusedException(
                    new([new($"The request costs {cost} points; {MostCost} are allowed. Ask for fewer rows.", Code: "COST_LIMIT")], cost)
                );
            return new(operation.Kind, caller, call, documents, plan, variables, executor, source, cost, deadline);
        }
        catch (CoercionException error)
        {
            throw Refuse(new(error.Message, [error.At]));
        }
        catch (PlanException error)
        {
            throw Refuse(new(error.Message, [error.At], Code: error.Code));
        }
    }

    static RefusedException Refuse(GraphError error) => new(new([error]));

    static Operation? Chosen(Document document, string? name) =>
        name is null
            ? document.Operations is [var only]
                ? only
                : null
            : document.Operations.FirstOrDefault(o => o.Name == name);

    /// <summary>Runs a query or a mutation and writes the whole answer.</summary>
    public async Task Run(PreparedOperation operation, JsonBuffer body, CancellationToken cancel)
    {
        var (executor, call) = (operation.Executor, operation.Call);
        // A mutation is not cut: what it changed so far would have no answer.
        if (operation.Kind == OperationKind.Query)
        {
            operation.Deadline.CancelAfter(options.GraphQLTime);
            body.Most = MostBytes;
        }
        body.Write("{\"data\":"u8);
        try
        {
            if (operation.Kind == OperationKind.Query && options.GraphQLTime == TimeSpan.Zero)
                await operation.Deadline.CancelAsync(); // The timer would let a quick one pass.
            operation.Deadline.Token.ThrowIfCancellationRequested();
            await executor.Run(body);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            Cut(new($"The request took longer than {options.GraphQLTime.TotalSeconds:0.###} seconds.", Code: "TIMEOUT"));
            return;
        }
        catch (AnswerTooLargeException)
        {
            Cut(GraphQLCall.TooLarge);
            return;
        }
        body.Most = Array.MaxLength;
        GraphQLAnswer.Errors(body, executor.Errors);
        GraphQLAnswer.End(body, Cost(operation.Caller, operation.Cost, call.Rows, call.Queries, call.Bytes));

        void Cut(GraphError error)
        {
            (body.Length, body.Most) = (0, Array.MaxLength);
            body.Write("{\"data\":null"u8);
            GraphQLAnswer.Errors(body, [error]);
            GraphQLAnswer.End(body, Cost(operation.Caller, operation.Cost, call.Rows, call.Queries, call.Bytes));
        }
    }

    /// <summary>Runs a subscription until it is cancelled. An event that finds no points left waits; it stays in the store
    /// meanwhile.</summary>
    /// <param name="send">Takes an answer to an event and the event's place, or nothing, now and then while there is none. The next event
    /// is read when it has returned.</param>
    public async Task Follow(
        PreparedOperation operation,
        FollowEvents events,
        Func<ReadOnlyMemory<byte>, string, ValueTask> send,
        CancellationToken cancel
    )
    {
        await foreach (var happened in events.Run(cancel).WithCancellation(cancel))
        {
            if (happened is null)
            {
                await send(default, "");
                continue;
            }
            while (!TakeCost(operation))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), installation.Clock, cancel);
                await send(default, "");
            }
            using var body = new JsonBuffer();
            await Run(operation, happened.Json, happened.Cursor, body, cancel);
            await send(body.Written, happened.Cursor);
        }
    }

    public bool TakeCost(PreparedOperation operation)
    {
        if (!limits.Enabled)
            return true;
        using var lease = limits.TakeCost(operation.Caller.By, (int)operation.Cost);
        return lease.IsAcquired;
    }

    /// <summary>The answer to one event of a subscription.</summary>
    async Task Run(PreparedOperation operation, ReadOnlyMemory<byte> happened, string cursor, JsonBuffer body, CancellationToken cancel)
    {
        var rights = operation.Caller.Rights(ResourceType.Of<Event>());
        using var call = new GraphQLCall(operation.Call.Http, installation, operation.Caller, "")
        {
            Event = Projection.Of(happened, rights.ReadsOf(happened)),
        };
        var executor = Executor.Prepare(operation.Plan, operation.Documents.Schema, operation.Variables, call, cancel);
        body.Write("{\"data\":"u8);
        await executor.Run(body);
        GraphQLAnswer.Errors(body, executor.Errors);
        GraphQLAnswer.End(body, $"\"cursor\":\"{cursor}\"");
    }

    /// <summary>Writes why an operation did not run.</summary>
    public void Write(RefusedOperation refused, Caller caller, JsonBuffer body) =>
        GraphQLAnswer.Refused(body, refused.Errors, Cost(caller, refused.Cost, 0, 0, 0));

    string Cost(Caller caller, long asked, long spent, int queries, long bytes)
    {
        var left = limits.CostLeft(caller.By);
        return $"\"cost\":{{\"asked\":{asked},\"spent\":{spent},\"left\":{left},\"queries\":{queries},\"bytes\":{bytes}}}";
    }
}
