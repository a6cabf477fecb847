// Writes the answer: keys from the plan, values copied from the JSON that came, nulls moved up to the first place that may be null.

using Crm.GraphQL.Types;

namespace Crm.GraphQL.Execution;

/// <param name="results">What was loaded, by the field's number. It is taken in the order in which it was loaded.</param>
sealed class AnswerWriter(JsonBuffer output, IReadOnlyList<Loaded>?[] results)
{
    /// <summary>Members whose places lie on the stack; a selection of more has an array.</summary>
    const int MostOnStack = 48;

    /// <summary>Counts what was taken of each result.</summary>
    readonly int[] taken = new int[results.Length];

    List<GraphError>? errors;

    /// <summary>Where the writer is: response keys and places in lists. Fields that are only copied are not noted.</summary>
    readonly List<(string? Key, int Index)> path = [];

    public IReadOnlyList<GraphError> Errors => errors ?? (IReadOnlyList<GraphError>)[];

    public void WriteRoot(PlannedSelection selection, in Piece value)
    {
        if (!Write(selection, value))
            output.Write("null"u8);
    }

    /// <summary>Writes an object; false when one of its fields had to be there and is not. The results are taken in the order in which they
    /// were loaded, so the rest is walked all the same.</summary>
    bool Write(PlannedSelection selection, in Piece value)
    {
        if (value.Members is not null)
            return Write(selection, value, default, default);
        var json = value.Json;
        var members = selection.Members;
        if (members.Count == 0)
            return Write(selection, value, json, default);
        var places = members.Count <= MostOnStack ? stackalloc Place[MostOnStack] : new Place[members.Count];
        members.Find(json.Span, places[..members.Count]);
        return Write(selection, value, json, places);
    }

    bool Write(PlannedSelection selection, in Piece value, ReadOnlyMemory<byte> json, ReadOnlySpan<Place> places)
    {
        var begin = output.Length;
        var (whole, told) = (true, -1);
        var bytes = json.Span;
        output.Write((byte)'{');
        var skip = 1; // the first key's comma
        foreach (var field in selection.Fields)
        {
            var key = field.Key.AsSpan(skip);
            skip = 0;
            if (field.IsTypeName)
                output.Write(key, selection.TypeName);
            else if (field.Load is not null)
            {
                var loaded = results[field.Number] is { } all ? all[taken[field.Number]++] : Loaded.Null;
                output.Write(key);
                path.Add((field.Node.Key, 0));
                if (loaded.Error is { } error)
                    Add(error with { At = [field.Node.At], Path = Path() });
                whole &= Complete(field, field.Definition.Type, loaded.Value, loaded.Error is not null);
                path.RemoveAt(path.Count - 1);
            }
            else if (field.IsCopied && !places.IsEmpty)
            {
                var (start, end) = places[field.Slot];
                if (start < end && bytes[start] != 'n')
                    output.Write(key, bytes[start..end]);
                else if (!field.IsRequired)
                    output.Write(key, "null"u8);
                else
                {
                    path.Add((field.Node.Key, 0));
                    whole = Missing(field);
                    path.RemoveAt(path.Count - 1);
                }
            }
            else
            {
                output.Write(key);
                path.Add((field.Node.Key, 0));
                whole &= Complete(
                    field,
                    field.Definition.Type,
                    places.IsEmpty ? value.Member(field.Member) : json[places[field.Slot].Start..places[field.Slot].End],
                    false
                );
                path.RemoveAt(path.Count - 1);
            }
            if (!whole && told < 0)
                told = ErrorCount;
        }
        output.Write((byte)'}');
        if (!whole)
        {
            output.Length = begin;
            Forget(told);
        }
        return whole;
    }

    /// <param name="told">Whether the reason for a missing value is among the errors already.</param>
    bool Complete(PlannedField field, GraphType type, in Piece value, bool told)
    {
        var required = type is NonNullType;
        if (value.IsNull)
        {
            if (required)
                return told ? false : Missing(field);
            output.Write("null"u8);
            return true;
        }
        var begin = output.Length;
        bool there;
        if (type.Nullable is ListType list)
            there = CompleteList(field, list, value);
        else if (field.IsComposite)
            there = Selection(field, value) is { } selection
                ? Write(selection, field.Checks && !value.IsObject ? Piece.EmptyObject : value)
                : Wrong(field, "It is not known what the value is.");
        else if (field.Checks)
            there = ResultCoercion.Write(output, value.Json.Span, type.Named) || Wrong(field, "The value does not fit its type.");
        else
        {
            output.Write(value.Json.Span);
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

    bool CompleteList(PlannedField field, ListType list, in Piece value)
    {
        if (field.Checks && !value.IsList)
            return Wrong(field, "A list is needed.");
        if (
            value.Entries is null
            && !field.Checks
            && !field.IsComposite
            && list.Item is not NonNullType
            && list.Item.Nullable is not ListType
        )
        {
            output.Write(value.Json.Span);
            return true;
        }
        var (whole, told) = (true, 0);
        output.Write((byte)'[');
        if (value.Entries is { } entries)
            for (var i = 0; i < entries.Length; i++)
                One(entries[i], i);
        else
        {
            var json = value.Json;
            var index = 0;
            for (var at = 0; StoredJson.NextItem(json.Span, ref at, out var item); index++)
                One(json[item], index);
        }
        output.Write((byte)']');
        if (!whole)
            Forget(told);
        return whole;

        void One(in Piece item, int index)
        {
            if (Item(field, list.Item, item, index) || !whole)
                return;
            (whole, told) = (false, ErrorCount);
        }
    }

    bool Item(PlannedField field, GraphType type, in Piece item, int index)
    {
        if (index > 0)
            output.Write((byte)',');
        path.Add((null, index));
        var whole = Complete(field, type, item, false);
        path.RemoveAt(path.Count - 1);
        return whole;
    }

    static PlannedSelection? Selection(PlannedField field, in Piece value) =>
        field.Only ?? (TypeOf(field, value) is { } name ? field.Selections.GetValueOrDefault(name) : null);

    /// <summary>The name of a value's object type.</summary>
    public static string? TypeOf(PlannedField field, in Piece value) =>
        field.Definition.Type.Named switch
        {
            ObjectType one => one.Name,
            InterfaceType shared => shared.TypeOf(value.Json),
            UnionType union => union.TypeOf(value.Json),
            _ => null,
        };

    // ---- Errors

    bool Missing(PlannedField field) => Wrong(field, "A value is missing.");

    bool Wrong(PlannedField field, string message)
    {
        Add(new(message, [field.Node.At], Path()));
        return false;
    }

    int ErrorCount => errors?.Count ?? 0;

    /// <summary>What else is wrong in a place that becomes null is not told.</summary>
    void Forget(int from) => errors?.RemoveRange(from, errors.Count - from);

    void Add(GraphError error) => (errors ??= []).Add(error);

    IReadOnlyList<object> Path() => [.. path.Select(step => (object?)step.Key ?? step.Index)];
}
