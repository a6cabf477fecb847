// A C# record as the product sees it: its fields in order, read from JSON with every mistake named, and written back.

using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using Crm.Domain.Text;

namespace Crm.Domain.Resources;

public enum ReadMode
{
    /// <summary>Our own stored JSON: unknown members are skipped (a newer version may have written them), nothing is refused.</summary>
    Stored,

    /// <summary>A caller's new record: unknown and read-only members are refused.</summary>
    Create,

    /// <summary>A caller's RFC 7396 merge patch: members that are not there stay as they are, null removes, objects merge, lists are
    /// replaced.</summary>
    Patch,
}

/// <summary>The fields of a record. Built once for each type at start.</summary>
public class ObjectType
{
    static readonly ConcurrentDictionary<Type, ObjectType> Known = new();

    readonly Dictionary<string, Field> byName;
    readonly Func<object> make;
    readonly Func<object, object> copy;
    readonly Lazy<object> blank;

    protected ObjectType(Type clr, IEnumerable<PropertyInfo> properties)
    {
        Clr = clr;
        Hint = clr.GetCustomAttribute<HintAttribute>()?.Text;
        Fields =
        [
            .. properties
                .Select(p => (p, said: p.GetCustomAttribute<FieldAttribute>()))
                .Where(x => x.said is not null)
                .Select(x => Resources.FieldOfProperty.Make(x.p, x.said!)),
        ];
        // Answers leave out what is secret in a record itself; in an object within it they would not.
        if (this is not ResourceType && Fields.FirstOrDefault(field => field.Kind is SealedValue) is { } misplaced)
            throw new InvalidOperationException($"{clr}.{misplaced.Name}: a secret is a field of a resource.");
        byName = Fields.Where(f => f.Stored || f.IsServed).ToDictionary(f => f.Name, StringComparer.Ordinal);
        make = () => Activator.CreateInstance(clr)!;
        blank = new(make);
        // Every record class has this method: it is what "with" calls.
        copy =
            (Func<object, object>)
                typeof(ObjectType)
                    .GetMethod(nameof(CopyOf), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(clr)
                    .Invoke(null, [clr.GetMethod("<Clone>$")!])!;
    }

    static Func<object, object> CopyOf<T>(MethodInfo clone)
    {
        // The clone method of a derived record returns the derived type or, unsealed, a base: bind it by the declared return type.
        var typed = (Func<T, T>)Delegate.CreateDelegate(typeof(Func<T, T>), clone);
        return owner => typed((T)owner)!;
    }

    public static ObjectType Of(Type clr) =>
        Known.GetOrAdd(clr, type => new(type, type.GetProperties(BindingFlags.Public | BindingFlags.Instance)));

    public Type Clr { get; }
    public string Name => Clr.Name;

    /// <summary>Said with each refusal of what is no object of the type.</summary>
    public string? Hint { get; }

    public IReadOnlyList<Field> Fields { get; }

    public Field? Field(string name) => byName.GetValueOrDefault(name);

    internal object New() => make();

    internal object Copy(object owner) => copy(owner);

    /// <summary>Writes the stored fields as an object; a missing value is null, so that the shape does not depend on the data.</summary>
    public void Write(Utf8JsonWriter writer, object owner, bool withSecrets = true)
    {
        writer.WriteStartObject();
        WriteFields(writer, owner, withSecrets);
        writer.WriteEndObject();
    }

    /// <param name="serves">Which of the members that are made for an answer are written; null: none.</param>
    protected void WriteFields(Utf8JsonWriter writer, object owner, bool withSecrets, Func<Field, bool>? serves = null)
    {
        foreach (var field in Fields)
        {
            if (field.IsServed ? serves?.Invoke(field) != true : !field.Stored || field.IsSecret && !withSecrets)
                continue;
            writer.WritePropertyName(field.JsonName);
            if (field.Get(owner) is { } value)
                field.Kind.Write(writer, value, field);
            else
                writer.WriteNullValue();
        }
    }

    /// <summary>
    /// Reads an object's members over <paramref name="start"/> and returns the changed copy. Mistakes go to <paramref name="errors"/>
    /// with the path from <paramref name="path"/>; the value of a field that has one stays what it was.
    /// </summary>
    public virtual object Read(JsonElement json, object start, ReadContext context, FieldErrors errors, string path, ReadMode mode)
    {
        var result = Copy(start);
        foreach (var member in json.EnumerateObject())
        {
            var name = member.Name;
            if (byName.TryGetValue(name, out var field))
                ReadField(field, member.Value, ref result, start, context, errors, path + name, mode);
            else
                result = ReadOther(name, member.Value, result, context, errors, path, mode);
        }
        if (mode != ReadMode.Stored)
            foreach (var field in Fields)
                if (
                    field.IsRequired
                    && (IsEmpty(field.Get(result)) || mode == ReadMode.Create && field.Get(result) is long && !IsGiven(json, field))
                    && !errors.All.Any(e => e.Field == path + field.Name)
                )
                    errors.Add(path + field.Name, "required", "A value is needed.");
        return result;
    }

    /// <summary>Whether whoever makes one has to say the field's value: it is required, and there is no default that would do.</summary>
    public bool MustBeGiven(Field field) => field.IsRequired && field.Get(blank.Value) is var value && (IsEmpty(value) || value is long);

    /// <summary>What the field is when nothing is said of it, as JSON; null when that is nothing. A time not said is none.</summary>
    public JsonData? Default(Field field)
    {
        if (
            MustBeGiven(field)
            || field.Get(blank.Value) is not { } value
            || value is DateTimeOffset { Ticks: 0 } or DateOnly { DayNumber: 0 }
        )
            return null;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
            field.Kind.Write(writer, value, field);
        return new(buffer.WrittenSpan.ToArray());
    }

    static bool IsEmpty(object? value) => value is null or "" or System.Collections.ICollection { Count: 0 };

    /// <summary>A number that was not said is not 0.</summary>
    static bool IsGiven(JsonElement json, Field field) =>
        json.TryGetProperty(field.Name, out var value) && value.ValueKind != JsonValueKind.Null;

    protected void ReadField(
        Field field,
        JsonElement value,
        ref object result,
        object start,
        ReadContext context,
        FieldErrors errors,
        string path,
        ReadMode mode
    )
    {
        if (mode != ReadMode.Stored && (!field.IsWritable || field.IsWriteOnce && mode == ReadMode.Patch))
        {
            // A caller who sends back what he was given changes nothing; anything else is refused by name.
            if (!Same(field, field.Get(start), value))
                errors.Add(
                    path,
                    "read_only",
                    field.IsWriteOnce ? "Cannot be changed after the record was made." : "Is set by the product and cannot be written."
                );
            return;
        }
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (field.Nullable)
                field.Set(result, null);
            else if (mode == ReadMode.Patch)
                // Clients that fill in null for what was not said would empty lists and take settings back.
                errors.Add(
                    path,
                    "not_nullable",
                    field.IsMany ? "Must not be null: leave it out, or send [] to empty it." : "Must not be null: leave it out to keep it."
                );
            else if (mode != ReadMode.Stored || field.Kind is not ListValue)
                field.Set(result, field.Get(make()));
            return;
        }
        if (field.Kind is ObjectValue nested && mode != ReadMode.Stored && value.ValueKind == JsonValueKind.Object)
        {
            var inner = mode == ReadMode.Patch ? field.Get(result) ?? nested.Type.New() : nested.Type.New();
            field.Set(result, nested.Type.Read(value, inner, context, errors, path + ".", mode));
            return;
        }
        if (
            field.Kind is ListValue { Item: ObjectValue each }
            && mode != ReadMode.Stored
            && value.ValueKind == JsonValueKind.Array
            && value.GetArrayLength() <= field.MaxItems
        )
        {
            // Entries of a list are read one by one so that a mistake names its entry.
            var items = new List<object>();
            var before = errors.All.Count;
            foreach (var element in value.EnumerateArray())
            {
                var at = $"{path}.{items.Count}";
                if (element.ValueKind == JsonValueKind.Object)
                    items.Add(
                        each.Type.Read(
                            element,
                            each.Type.Begun(element, mode == ReadMode.Patch ? field.Get(start) : null, context),
                            context,
                            errors,
                            at + ".",
                            ReadMode.Create
                        )
                    );
                else
                {
                    errors.Add(at, "wrong_type", FieldKind.Hinted("Must be an object.", each.Type.Hint));
                    return;
                }
            }
            if (errors.All.Count == before)
                field.Set(result, ListShape.For(each.Type.Clr).Make(items));
            return;
        }
        if (field.Kind.TryRead(value, field, context, out var read, out var error))
        {
            if (read is not null || field.Nullable)
                field.Set(result, read);
            else
                field.Set(result, field.Get(make()));
        }
        else if (mode != ReadMode.Stored)
            errors.Add(path, error.Code, error.Message);
    }

    /// <summary>
    /// An entry as it begins when a caller sends its list again: what the product set on the entry of the same unique value stays, though a
    /// list is replaced as a whole.
    /// </summary>
    object Begun(JsonElement element, object? current, ReadContext context)
    {
        var entry = make();
        if (
            current is System.Collections.IEnumerable entries
            && Fields.FirstOrDefault(f => f.IsUnique) is { } identity
            && Fields.Any(f => f.Stored && f.IsReadOnly)
            && element.TryGetProperty(identity.Name, out var said)
            && identity.Kind.TryRead(said, identity, context, out var value, out _)
            && entries.Cast<object>().FirstOrDefault(one => Equals(identity.Get(one), value)) is { } known
        )
            foreach (var field in Fields)
                if (field.Stored && field.IsReadOnly)
                    field.Set(entry, field.Get(known));
        return entry;
    }

    static bool Same(Field field, object? current, JsonElement value)
    {
        if (current is null || value.ValueKind == JsonValueKind.Null)
            return current is null && value.ValueKind == JsonValueKind.Null;
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(buffer))
            field.Kind.Write(writer, current, field);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return JsonElement.DeepEquals(document.RootElement, value);
    }

    /// <summary>A member that is no field of the type.</summary>
    protected virtual object ReadOther(
        string name,
        JsonElement value,
        object result,
        ReadContext context,
        FieldErrors errors,
        string path,
        ReadMode mode
    )
    {
        if (mode != ReadMode.Stored)
            errors.Add(
                path + name,
                "unknown",
                $"Unknown field. Allowed are: {string.Join(", ", Fields.Where(f => f.IsWritable).Select(f => f.Name))}."
            );
        return result;
    }
}
