// Runs a plan: first everything is loaded, one call for each field and level, then the answer is written in one pass over what came.

using System.Text.Json;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Execution;

public sealed class Executor
{
    /// <summary>Most that a request can cost; what would be more counts as this.</summary>
    const long MostCost = 1_000_000_000;

    readonly Plan plan;
    readonly object? context;
    readonly CancellationToken cancel;
    readonly JsonElement[] arguments;
    readonly IReadOnlyList<Loaded>?[] results;

    /// <summary>Fields whose arguments are wrong for the values of the variables; null while there are none.</summary>
    GraphError?[]? refused;

    Executor(Plan plan, Dictionary<string, JsonElement> variables, object? context, CancellationToken cancel)
    {
        (this.plan, this.context, this.cancel) = (plan, context, cancel);
        (arguments, results) = (new JsonElement[plan.FieldCount], new IReadOnlyList<Loaded>?[plan.FieldCount]);
        Coerce(plan.Root, variables);
    }

    void Coerce(PlannedSelection selection, Dictionary<string, JsonElement> variables)
    {
        if (!selection.Loads)
            return;
        foreach (var field in selection.Fields)
        {
            if (field.Load is not null)
                try
                {
                    arguments[field.Number] = field.Fixed ?? Coercion.Arguments(field.Definition.Takes, field.Node.Arguments, variables);
                }
                catch (CoercionException error)
                {
                    (refused ??= new GraphError?[plan.FieldCount])[field.Number] = new(error.Message);
                }
            if (field.LoadsInside)
                foreach (var inner in field.Selections.Values)
                    Coerce(inner, variables);
        }
    }

    /// <summary>A variable that leaves an argument without its value is an error of the argument's field.</summary>
    public static Executor Prepare(
        Plan plan,
        Schema schema,
        Dictionary<string, JsonElement> variables,
        object? context,
        CancellationToken cancel
    ) => new(plan, variables, context, cancel);

    /// <summary>How many objects this request may load, by the actual values of its arguments.</summary>
    public long Cost => Math.Max(1, CostOf(plan.Root, 1));

    long CostOf(PlannedSelection selection, long times)
    {
        long cost = 0;
        if (!selection.Loads)
            return cost;
        foreach (var field in selection.Fields)
        {
            var inside = times;
            if (field.Definition.Resolver?.Rows is { } rows && refused?[field.Number] is null)
                cost += inside = Math.Min(times * Math.Max(0, rows(arguments[field.Number], field.InLists)), MostCost);
            // One object has one of the types.
            long most = 0;
            if (field.LoadsInside)
                foreach (var each in field.Selections.Values)
                    most = Math.Max(most, CostOf(each, inside));
            cost = Math.Min(cost + most, MostCost);
        }
        return cost;
    }

    public IReadOnlyList<GraphError> Errors { get; private set; } = [];

    static readonly Piece Nothing = new("{}"u8.ToArray());

    /// <summary>Runs the operation and writes the value of <c>data</c>.</summary>
    public async Task Run(JsonBuffer output)
    {
        if (plan.Operation.Kind == OperationKind.Mutation)
            foreach (var field in plan.Root.Fields)
                await LoadField(field, [Nothing]);
        else
            await Load(plan.Root, [Nothing]);
        var writer = new AnswerWriter(output, results);
        writer.WriteRoot(plan.Root, Nothing);
        Errors = writer.Errors;
    }

    async Task Load(PlannedSelection selection, IReadOnlyList<Piece> parents)
    {
        if (parents.Count == 0 || !selection.Loads)
            return;
        foreach (var field in selection.Fields)
            await LoadField(field, parents, selection);
    }

    async Task LoadField(PlannedField field, IReadOnlyList<Piece> parents, PlannedSelection? of = null)
    {
        var values = new List<Piece>();
        if (field.Load is { } load)
        {
            IReadOnlyList<Loaded> loaded;
            try
            {
                loaded = refused?[field.Number] is { } wrong
                    ? [.. parents.Select(_ => new Loaded(default(Piece), wrong))]
                    : await load(
                        new(
                            [.. parents.Select(p => p.Json)],
                            arguments[field.Number],
                            field,
                            context,
                            $"{field.Number}:{field.Node.Key}",
                            cancel
                        )
                    );
            }
            catch (FieldException error)
            {
                loaded = [.. parents.Select(_ => new Loaded(default(Piece), new(error.Message, Code: error.Code)))];
            }
            results[field.Number] = loaded;
            if (field.LoadsInside)
                foreach (var one in loaded)
                    if (!one.IsNull)
                        values.Add(one.Value);
        }
        else if (field.LoadsInside && of is not null)
            foreach (var parent in parents)
                if (Member(parent, of, field) is { IsNull: false } value)
                    values.Add(value);
        if (values.Count > 0)
            await LoadInside(field, values);
    }

    async Task LoadInside(PlannedField field, List<Piece> values)
    {
        var objects = new List<Piece>();
        foreach (var value in values)
            Flatten(value, field.Definition.Type, field.Checks, objects);
        if (field.Only is { } only)
            await Load(only, objects);
        else
            foreach (var group in objects.GroupBy(value => AnswerWriter.TypeOf(field, value)))
                if (group.Key is { } type && field.Selections.TryGetValue(type, out var selection))
                    await Load(selection, [.. group]);
    }

    /// <summary>The objects of a value that may be a list, in order: the very ones that the writer will ask results for.</summary>
    static void Flatten(in Piece value, GraphType type, bool checks, List<Piece> objects)
    {
        if (value.IsNull)
            return;
        if (type.Nullable is not ListType { Item: var inside })
            objects.Add(checks && !value.IsObject ? Piece.EmptyObject : value);
        else if (value.Entries is { } entries)
            foreach (var entry in entries)
                Flatten(entry, inside, checks, objects);
        else if (value.IsList)
        {
            var list = value.Json;
            for (var at = 0; StoredJson.NextItem(list.Span, ref at, out var item); )
                Flatten(list[item], inside, checks, objects);
        }
    }

    static Piece Member(in Piece parent, PlannedSelection selection, PlannedField field)
    {
        if (parent.Members is not null)
            return parent.Member(field.Member);
        var json = parent.Json;
        Span<Place> places = new Place[selection.Members.Count];
        selection.Members.Find(json.Span, places);
        var (start, end) = places[field.Slot];
        return json[start..end];
    }
}
