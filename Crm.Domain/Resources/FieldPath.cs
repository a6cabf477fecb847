// The way to one value inside a record: "company", "address.city", "custom.budget".

using System.Text.Json;
using Crm.Domain.Text;

namespace Crm.Domain.Resources;

/// <summary>A path through objects (not through lists). Reading never fails; writing returns a changed copy.</summary>
public sealed class FieldPath
{
    readonly IReadOnlyList<Field> steps;
    readonly Field? custom;

    FieldPath(string text, IReadOnlyList<Field> steps, Field? custom) => (Text, this.steps, this.custom) = (text, steps, custom);

    public string Text { get; }
    public Field Field => custom ?? steps[^1];

    /// <summary>Finds the field of a path; null when there is none or it leads through a list.</summary>
    public static FieldPath? Find(ResourceType type, string path, IReadOnlyList<Field> customFields)
    {
        if (path.StartsWith("custom.", StringComparison.Ordinal))
            return customFields.FirstOrDefault(f => f.Name == path[7..]) is { } found ? new(path, [], found) : null;
        var steps = new List<Field>();
        ObjectType at = type;
        foreach (var name in path.Split('.'))
        {
            if (steps.Count > 0)
                if (steps[^1].Kind is ObjectValue inner)
                    at = inner.Type;
                else
                    return null;
            if (at.Field(name) is not { } field)
                return null;
            steps.Add(field);
        }
        return new(path, steps, null);
    }

    public object? Get(Resource record)
    {
        if (custom is not null)
            return record.Custom.GetValueOrDefault(custom.Name);
        object value = record;
        foreach (var step in steps)
        {
            if (step.Get(value) is not { } next)
                return null;
            value = next;
        }
        return value;
    }

    /// <summary>A copy of the record with this value; null removes it.</summary>
    public T With<T>(ResourceType type, T record, object? value)
        where T : Resource
    {
        if (custom is not null)
            return (T)
                (Resource)(
                    record with
                    {
                        Custom = value is null
                            ? record.Custom.Remove(custom.Name)
                            : record.Custom.SetItem(custom.Name, CustomValue.Plain(value)),
                    }
                );
        return (T)With(type, record, 0, value);
    }

    object With(ObjectType type, object owner, int depth, object? value)
    {
        var copy = type.Copy(owner);
        var step = steps[depth];
        if (depth < steps.Count - 1)
        {
            var inner = ((ObjectValue)step.Kind).Type;
            value = With(inner, step.Get(owner) ?? inner.New(), depth + 1, value);
        }
        step.Set(copy, value);
        return copy;
    }

    /// <summary>A value of this path as JSON.</summary>
    public JsonData ToJson(object value)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
        {
            if (custom is not null)
                CustomValue.Write(writer, CustomValue.Plain(value));
            else
                Field.Kind.Write(writer, value, Field);
        }
        return new(buffer.WrittenSpan.ToArray());
    }
}
