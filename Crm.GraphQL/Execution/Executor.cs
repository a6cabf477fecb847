// Runs a plan: first everything is loaded, one call for each field and level, then the answer is written in one pass over the JSON that came.

using System.Text.Json;
using Crm.GraphQL.Language;
using Crm.GraphQL.Types;

namespace Crm.GraphQL.Execution;

public sealed class Executor
{
    readonly Plan plan;
    readonly Schema schema;
    readonly object? context;
    readonly CancellationToken cancel;
    readonly JsonElement[] arguments;
    readonly IReadOnlyList<Loaded>?[] results;
    readonly int[] taken;
    readonly List<GraphError> errors = [];
    readonly List<object> path = [];

    Executor(Plan plan, Schema schema, Dictionary<string, JsonElement> variables, object? context, CancellationToken cancel)
    {
        (this.plan, this.schema, this.context, this.cancel) = (plan, schema, context, cancel);
        (arguments, results, taken) = (new JsonElement[plan.FieldCount], new IReadOnlyList<Loaded>?[plan.FieldCount], new int[plan.FieldCount]);
        Coerce(plan.Root, variables);
    }

    void Coerce(PlannedSelection selection, Dictionary<string, JsonElement> variables)
    {
        foreach (var field in selection.Fields)
        {
            if (field.Load is not null)
                arguments[field.Number] = Coercion.Arguments(field.Definition.Takes, field.Node.Arguments, variables);
            foreach (var inner in field.Selections.Values)
                Coerce(inner, variables);
        }
    }

    /// <summary>Throws <see cref="CoercionException"/> when a variable leaves an argument without its value; nothing was run then.</summary>
    public static Executor Prepare(Plan plan, Schema schema, Dictionary<string, JsonElement> variables, object? context, CancellationToken cancel) => new(plan, schema, variables, context, cancel);

    /// <summary>How many objects this request may load, by the actual values of its arguments.</summary>
    public long Cost => Math.Max(1, CostOf(plan.Root, 1));

    long CostOf(PlannedSelection selection, long times)
    {
        long cost = 0;
        foreach (var field in selection.Fields)
        {
            var inside = times;
            if (field.Definition.Resolver?.Rows is { } rows)
                cost += inside = Math.Min(times * Math.Max(0, rows(arguments[field.Number])), 1_000_000_000);
            // One object has one of the types.
            cost += field.Selections.Values.Select(s => CostOf(s, inside)).DefaultIfEmpty(0).Max();
            cost = Math.Min(cost, 1_000_000_000);
        }
        return cost;
    }

    public IReadOnlyList<GraphError> Errors => errors;

    static readonly ReadOnlyMemory<byte> Nothing = "{}"u8.ToArray();

    /// <summary>Runs the operation and writes the value of <c>data</c>.</summary>
    public async Task Run(JsonBuffer output)
    {
        if (plan.Operation.Kind == OperationKind.Mutation)
            foreach (var field in plan.Root.Fields)
                await LoadField(field, [Nothing]);
        else
            await Load(plan.Root, [Nothing]);
        if (!Write(output, plan.Root, Nothing))
            output.Write("null"u8);
    }

    // ---- Loading

    async Task Load(PlannedSelection selection, IReadOnlyList<ReadOnlyMemory<byte>> parents)
    {
        if (parents.Count == 0 || !selection.Loads)
            return;
        foreach (var field in selection.Fields)
            await LoadField(field, parents, selection);
    }

    async Task LoadField(PlannedField field, IReadOnlyList<ReadOnlyMemory<byte>> parents, PlannedSelection? of = null)
    {
        IEnumerable<ReadOnlyMemory<byte>> values;
        if (field.Load is { } load)
        {
            IReadOnlyList<Loaded> loaded;
            try
            {
                loaded = await load(new(parents, arguments[field.Number], field, context, $"{field.Number}:{field.Node.Key}", cancel));
            }
            catch (FieldException error)
            {
                loaded = [.. parents.Select(_ => new Loaded(default, new(error.Message, Code: error.Code)))];
            }
            results[field.Number] = loaded;
            values = loaded.Where(l => !l.IsNull).Select(l => l.Json);
        }
        else if (field.Slot >= 0 && of is not null && field.Selections.Values.Any(s => s.Loads))
        {
            var found = new List<ReadOnlyMemory<byte>>(parents.Count);
            foreach (var parent in parents)
                if (Member(parent, of, field.Slot) is { IsEmpty: false } value)
                    found.Add(value);
            values = found;
        }
        else
            return;
        if (field.Definition.Type.Named.IsComposite)
            await LoadInside(field, values);
    }

    async Task LoadInside(PlannedField field, IEnumerable<ReadOnlyMemory<byte>> values)
    {
        var objects = new List<ReadOnlyMemory<byte>>();
        foreach (var value in values)
            Flatten(value, objects);
        if (field.Selections.Values.All(s => !s.Loads))
            return;
        foreach (var group in objects.GroupBy(value => TypeOf(field, value)))
            if (group.Key is { } type && field.Selections.TryGetValue(type, out var selection))
                await Load(selection, [.. group]);
    }

    string? TypeOf(PlannedField field, ReadOnlyMemory<byte> value) => field.Definition.Type.Named switch
    {
        ObjectType one => one.Name,
        InterfaceType shared => shared.TypeOf(value),
        UnionType union => union.TypeOf(value),
        _ => null,
    };

    /// <summary>The objects of a value that may be a list, in order.</summary>
    static void Flatten(ReadOnlyMemory<byte> value, List<ReadOnlyMemory<byte>> objects)
    {
        if (value.Span[0] == '{')
            objects.Add(value);
        else if (value.Span[0] == '[')
            foreach (var item in StoredJson.Items(value))
                Flatten(item, objects);
    }

    static ReadOnlyMemory<byte> Member(ReadOnlyMemory<byte> json, PlannedSelection selection, int slot)
    {
        var places = new (int, int)[selection.Members.Length];
        StoredJson.Find(json.Span, selection.Members, places);
        var (start, end) = places[slot];
        return json[start..end];
    }

    // ---- Writing

    /// <summary>Writes an object; false when one of its fields had to be there and is not. The results are taken in the order in which they were loaded, so the rest is walked all the same.</summary>
    bool Write(JsonBuffer output, PlannedSelection selection, ReadOnlyMemory<byte> json)
    {
        var begin = output.Length;
        var whole = true;
        var places = selection.Members.Length == 0 ? [] : new (int Start, int End)[selection.Members.Length];
        if (places.Length > 0)
            StoredJson.Find(json.Span, selection.Members, places);
        output.Write((byte)'{');
        var first = true;
        foreach (var field in selection.Fields)
        {
            if (!first)
                output.Write((byte)',');
            first = false;
            output.Write(field.Key);
            if (field.IsTypeName)
            {
                output.Write((byte)'"');
                output.Write(System.Text.Encoding.UTF8.GetBytes(selection.Type.Name));
                output.Write((byte)'"');
                continue;
            }
            path.Add(field.Node.Key);
            ReadOnlyMemory<byte> value;
            if (field.Load is not null)
            {
                var loaded = results[field.Number] is { } all ? all[taken[field.Number]++] : Loaded.Null;
                if (loaded.Error is { } error)
                    errors.Add(error with { At = [field.Node.At], Path = [.. path] });
                value = loaded.Json;
                whole &= Complete(output, field, field.Definition.Type, value, loaded.Error is not null);
            }
            else
            {
                var (start, end) = places[field.Slot];
                value = json[start..end];
                whole &= Complete(output, field, field.Definition.Type, value, false);
            }
            path.RemoveAt(path.Count - 1);
        }
        output.Write((byte)'}');
        if (!whole)
            output.Length = begin;
        return whole;
    }

    /// <param name="told">Whether the reason for a missing value is among the errors already.</param>
    bool Complete(JsonBuffer output, PlannedField field, GraphType type, ReadOnlyMemory<byte> value, bool told)
    {
        var begin = output.Length;
        var required = type is NonNullType;
        var missing = value.IsEmpty || value.Span[0] == 'n';
        var there = false;
        if (missing)
        {
            if (required && !told)
                errors.Add(new("A value is missing.", [field.Node.At], [.. path]));
        }
        else if (type.Nullable is ListType list)
            there = CompleteList(output, field, list, value);
        else if (type.Named.IsComposite)
            there = TypeOf(field, value) is { } name && field.Selections.TryGetValue(name, out var selection) && Write(output, selection, value);
        else
        {
            output.Write(value.Span);
            there = true;
        }
        if (there)
            return true;
        output.Length = begin;
        if (required)
            return false;
        output.Write("null"u8);
        return true;
    }

    bool CompleteList(JsonBuffer output, PlannedField field, ListType list, ReadOnlyMemory<byte> value)
    {
        if (!list.Named.IsComposite)
        {
            output.Write(value.Span);
            return true;
        }
        var whole = true;
        var index = 0;
        output.Write((byte)'[');
        foreach (var item in StoredJson.Items(value))
        {
            if (index > 0)
                output.Write((byte)',');
            path.Add(index++);
            whole &= Complete(output, field, list.Item, item, false);
            path.RemoveAt(path.Count - 1);
        }
        output.Write((byte)']');
        return whole;
    }
}
