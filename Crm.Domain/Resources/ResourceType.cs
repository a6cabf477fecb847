// A resource as every part of the product sees it: fields, keys, search words, JSON; made once from the C# record.

using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using Crm.Domain.Stores;
using Crm.Domain.Text;

namespace Crm.Domain.Resources;

/// <summary>Everything that is known of one resource.</summary>
public sealed class ResourceType : ObjectType
{
    static readonly ConcurrentDictionary<Type, ResourceType> Known = new();
    static readonly JsonEncodedText IdName = JsonEncodedText.Encode("id"),
        VersionName = JsonEncodedText.Encode("version"),
        CreatedName = JsonEncodedText.Encode("createdAt"),
        UpdatedName = JsonEncodedText.Encode("updatedAt"),
        CustomName = JsonEncodedText.Encode("custom");

    /// <summary>Records that change can be listed by their last change: how a copy elsewhere is kept up to date.</summary>
    const string UpdatedKey = "updatedAt";

    [ThreadStatic]
    static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? scratch;

    readonly ResourceAttribute said;
    readonly IReadOnlyList<KeyPath> keys;
    readonly IReadOnlyList<Field> searched;

    /// <summary>Keys of which a value may belong to several, and one of them owns it.</summary>
    readonly KeyPath[] shared;

    ResourceType(Type clr, ResourceAttribute said)
        : base(clr, Properties(clr))
    {
        this.said = said;
        keys = [.. KeyPaths(this, [], "")];
        searched = [.. Fields.Where(f => f.IsSearchable)];
        shared = [.. keys.Where(key => key.Shares is not null)];
        HasSecrets = Fields.Any(f => f.IsSecret && f.Stored);
        SealedFields = [.. Fields.Where(f => f.Kind is SealedValue)];
        Alias = Fields.FirstOrDefault(f => f.IsAlias)?.Name;
        IEnumerable<KeyField> changed = said.Can.HasFlag(Operations.Update) ? [new(UpdatedKey, KeyKind.Number, Indexed: true)] : [];
        Collection = new(
            Names.Snake(said.Name),
            [.. keys.Select(k => k.Key), .. changed],
            searched.Count > 0 || keys.Any(k => k.Field.IsSearchable),
            said.Appended,
            string.Join(
                ", ",
                searched
                    .Select(field => $"{field.Name} {KeyPath.ClassOf([], field)}")
                    .Concat(keys.Where(key => key.IsSearchedInside).Select(key => key.WordsFrom))
                    // Rows of before dummies were nobody's give up what they claim of them.
                    .Concat(shared.Select(key => $"{key.Key.Name} claimed unless nobody's"))
            )
        );
    }

    /// <summary>What a resource says itself, after what resources of its kind have in common; the id and the like are written
    /// apart.</summary>
    static IEnumerable<PropertyInfo> Properties(Type clr) =>
        (clr.BaseType is { } kind && kind != typeof(Resource) ? Properties(kind) : []).Concat(
            clr.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        );

    public static ResourceType Of<T>()
        where T : Resource => Of(typeof(T));

    public static new ResourceType Of(Type clr) => Known.GetOrAdd(clr, type => new(type, ResourceAttribute.Of(type)));

    public new string Name => said.Name;
    public string Plural => said.Plural;
    public string Prefix => said.Prefix;
    public string Description => said.Description;
    public Operations Can => said.Can;
    public bool TakesCustomFields => said.TakesCustomFields;
    public bool RecordsEvents => said.RecordsEvents;
    public bool HoldsCopies => said.HoldsCopies;

    /// <summary>The moves of its status field; null when it has none that anybody owns.</summary>
    public StateTable? States => field ??= StateTable.OfResource(Clr);

    public bool HasSecrets { get; }

    /// <summary>Fields whose text is stored as ciphertext.</summary>
    public IReadOnlyList<Field> SealedFields { get; }

    /// <summary>The field, and unique key, of further ids that lead to a record; null where the own id is the only one.</summary>
    public string? Alias { get; }

    public Collection Collection { get; }

    /// <summary>The filters that lists take, by parameter name.</summary>
    public IEnumerable<(string Name, Field Field)> Filters => keys.Where(k => !k.Field.IsSecret).Select(k => (k.Key.Name, k.Field));

    /// <summary>The resource's own field that a filter's value lies in (of <c>email</c> <c>emails</c>); null when there is no such
    /// filter.</summary>
    public Field? FieldOfFilter(string name) =>
        keys.FirstOrDefault(k => k.Key.Name == name && !k.Field.IsSecret) is { } key ? key.Path.FirstOrDefault() ?? key.Field : null;

    /// <summary>The resource's own fields with words that <c>q=</c> finds, each with the class of its words.</summary>
    public IEnumerable<(Field Field, WordClasses Class)> SearchedFields =>
        searched
            .Select(one => (one, KeyPath.ClassOf([], one)))
            .Concat(keys.Where(key => key.IsSearchedInside).Select(key => (key.Path[0], key.Class)));

    public Field? Filter(string name) => keys.FirstOrDefault(k => k.Key.Name == name && !k.Field.IsSecret)?.Field;

    public string Text(Id id) => id.ToString(said.Prefix);

    /// <summary>Fields that refer to another resource, with the path of each; the product keeps references alive by this list.</summary>
    public IEnumerable<(string Path, Field Field)> References =>
        keys.Where(k => k.Field.Refers is not null).Select(k => (k.Key.Name, k.Field));

    // ---- JSON

    /// <summary>The stored form of a record, which is also what callers read (unless it has secrets).</summary>
    /// <param name="serves">Which of the members that are made for an answer are written; null: none.</param>
    public byte[] ToJson(Resource record, bool withSecrets = true, Func<Field, bool>? serves = null)
    {
        var (buffer, writer) = scratch ??= Scratch();
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        WriteRecord(writer, record, withSecrets, serves);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static (ArrayBufferWriter<byte>, Utf8JsonWriter) Scratch()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new(buffer, JsonText.Trusted));
    }

    public void WriteRecord(Utf8JsonWriter writer, Resource record, bool withSecrets, Func<Field, bool>? serves = null)
    {
        writer.WriteStartObject();
        writer.WriteString(IdName, Text(record.Id));
        writer.WriteNumber(VersionName, record.Version);
        writer.WritePropertyName(CreatedName);
        DateTimeValue.WriteTime(writer, record.CreatedAt);
        writer.WritePropertyName(UpdatedName);
        DateTimeValue.WriteTime(writer, record.UpdatedAt);
        WriteFields(writer, record, withSecrets, serves);
        if (TakesCustomFields)
        {
            writer.WriteStartObject(CustomName);
            foreach (var (name, value) in record.Custom)
            {
                writer.WritePropertyName(name);
                CustomValue.Write(writer, value);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    /// <summary>Reads a stored record.</summary>
    public T FromRow<T>(Row row)
        where T : Resource => (T)FromRow(row);

    public Resource FromRow(Row row)
    {
        using var document = JsonDocument.Parse(row.Json);
        var record = (Resource)Read(document.RootElement, New(), ReadContext.Stored, new(), "", ReadMode.Stored);
        return WithBasics(
            record,
            row.Id,
            row.Version,
            document.RootElement.TryGetProperty("updatedAt", out var updated) ? updated.GetDateTimeOffset() : row.Id.Time
        );
    }

    static Resource WithBasics(Resource record, Id id, long version, DateTimeOffset updatedAt) =>
        record with
        {
            Id = id,
            Version = version,
            UpdatedAt = updatedAt,
        };

    /// <summary>A caller's new record.</summary>
    public Resource ReadNew(JsonElement body, ReadContext context, FieldErrors errors) =>
        Finish((Resource)Read(body, New(), context, errors, "", ReadMode.Create), errors);

    /// <summary>A caller's merge patch over a record.</summary>
    public Resource ReadPatch(JsonElement body, Resource current, ReadContext context, FieldErrors errors) =>
        Finish((Resource)Read(body, current, context, errors, "", ReadMode.Patch), errors);

    static Resource Finish(Resource record, FieldErrors errors)
    {
        if (errors.Any)
            return record;
        record = record.Tidy();
        record.Check(errors);
        return record;
    }

    protected override object ReadOther(
        string name,
        JsonElement value,
        object result,
        ReadContext context,
        FieldErrors errors,
        string path,
        ReadMode mode
    )
    {
        var record = (Resource)result;
        if (name is "id" or "version" or "createdAt" or "updatedAt")
        {
            if (mode == ReadMode.Create || mode == ReadMode.Patch && !SameBasic(name, value, record))
                errors.Add(name, "read_only", "Is set by the product and cannot be written.");
            return record;
        }
        if (name == "custom" && TakesCustomFields)
            return ReadCustom(value, record, context, errors, mode);
        if (mode == ReadMode.Stored)
            return record.WithOlderMember(name, value);
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Null && record.ShortForms.Any(s => s.Name == name))
        {
            if (
                !TextValue.Long.TryRead(
                    value.ValueKind == JsonValueKind.Null ? EmptyText : value,
                    AnyText,
                    context,
                    out var text,
                    out var error
                )
            )
                errors.Add(name, error.Code, error.Message);
            else
                return record.WithShortForm(name, (string?)text, context, errors)!;
            return record;
        }
        if (record.ShortForms.Any(s => s.Name == name))
        {
            errors.Add(name, "wrong_type", "Must be text.");
            return record;
        }
        errors.Add(name, "unknown", $"Unknown field. Allowed are: {string.Join(", ", Writable(record))}.");
        return record;
    }

    IEnumerable<string> Writable(Resource record) =>
        Fields
            .Where(f => f.IsWritable)
            .Select(f => f.Name)
            .Concat(record.ShortForms.Select(s => s.Name))
            .Concat(TakesCustomFields ? ["custom"] : []);

    static readonly JsonElement EmptyText = JsonDocument.Parse("\"\"").RootElement;
    static readonly Field AnyText = new()
    {
        Name = "text",
        Kind = TextValue.Long,
        Description = "",
    };

    bool SameBasic(string name, JsonElement value, Resource record) =>
        name switch
        {
            "id" => value.ValueKind == JsonValueKind.String && value.ValueEquals(Text(record.Id)),
            "version" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var version) && version == record.Version,
            "createdAt" => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) && at == record.CreatedAt,
            _ => value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) && at == record.UpdatedAt,
        };

    static Resource ReadCustom(JsonElement value, Resource record, ReadContext context, FieldErrors errors, ReadMode mode)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return record with { Custom = Resource.NoCustom };
        if (value.ValueKind != JsonValueKind.Object)
        {
            errors.Add("custom", "wrong_type", "Must be an object.");
            return record;
        }
        var custom = record.Custom.ToBuilder();
        foreach (var member in value.EnumerateObject())
        {
            if (mode == ReadMode.Stored)
            {
                if (CustomValue.FromStored(member.Value) is { } stored)
                    custom[member.Name] = stored;
                continue;
            }
            var field = context.CustomFields.FirstOrDefault(f => f.Name == member.Name);
            // A field that was deleted leaves its values; they may be sent back and removed, but not changed.
            if (
                field is null
                && custom.TryGetValue(member.Name, out var left)
                && (
                    member.Value.ValueKind == JsonValueKind.Null
                    || CustomValue.FromStored(member.Value) is { } sent && CustomValue.Same(left, sent)
                )
            )
            {
                if (member.Value.ValueKind == JsonValueKind.Null)
                    custom.Remove(member.Name);
            }
            else if (field is null)
                errors.Add(
                    "custom." + member.Name,
                    "unknown",
                    context.CustomFields.Count == 0
                        ? "This workspace has no custom fields."
                        : $"Unknown field. Allowed are: {string.Join(", ", context.CustomFields.Select(f => f.Name))}."
                );
            else if (member.Value.ValueKind == JsonValueKind.Null)
                custom.Remove(field.Name);
            else if (!field.Kind.TryRead(member.Value, field, context, out var read, out var error))
                errors.Add("custom." + field.Name, error.Code, error.Message);
            else if (read is null)
                custom.Remove(field.Name);
            else if (
                CustomValue.Plain(read) is var plain
                && !(custom.TryGetValue(field.Name, out var before) && CustomValue.Same(before, plain))
            )
                custom[field.Name] = plain;
        }
        return record with { Custom = custom.ToImmutable() };
    }

    // ---- What the store needs

    /// <summary>The record as the store takes it: JSON, keys and search words.</summary>
    public Document ToDocument(Resource record)
    {
        var (json, found) = (ToJson(record), KeysOf(record));
        return new(Collection, record.Id, record.Version, json, found, WordsOf(record), ClaimsOf(record))
        {
            PositionAt = IsToBeNumbered(found) ? PositionIn(json) : 0,
        };
    }

    static ReadOnlySpan<byte> NoPosition => "\"position\":null"u8;

    bool IsToBeNumbered(IReadOnlyList<(string Field, Key)> found) =>
        said.Appended && !found.Any(key => key.Field == Collection.PositionKey);

    /// <summary>Nothing stands before the first field but the id, the version and the times, so the first find is the right one.</summary>
    static int PositionIn(byte[] json) => json.AsSpan().IndexOf(NoPosition) + NoPosition.Length - "null"u8.Length;

    /// <summary>The keys of a record anew from its stored JSON (after the resource's definition changed).</summary>
    public Document Rekey(Id id, long version, ReadOnlyMemory<byte> json)
    {
        var record = FromRow(new(id, version, json));
        var found = KeysOf(record);
        // Written before there were positions: the JSON gets a place for it.
        return IsToBeNumbered(found) ? ToDocument(record) : new(Collection, id, version, json, found, WordsOf(record), ClaimsOf(record));
    }

    /// <summary>What the record claims; null when that is every value of its unique keys, as nearly always.</summary>
    IReadOnlyList<(string, string)>? ClaimsOf(Resource record)
    {
        if (shared.Length == 0 || !shared.Any(key => key.Values(record).Any(value => value.Shared)))
            return null;
        return
        [
            .. keys.Where(key => key.Field.IsUnique)
                .SelectMany(key => key.Values(record).Where(value => !value.Shared).Select(value => (key.Key.Name, value.Key.Text!)))
                .Distinct(),
        ];
    }

    /// <summary>Whether several records may have a value of this unique key, and one of them claims it.</summary>
    public bool MayBeShared(string field) => shared.Any(key => key.Key.Name == field);

    /// <summary>The values that the record claims and that others may have as well.</summary>
    public IEnumerable<(string Field, string Value)> Sharable(Resource record) =>
        shared.SelectMany(key => key.Values(record).Where(value => !value.Shared).Select(value => (key.Key.Name, value.Key.Text!)));

    /// <summary>The record claiming a value that it has and does not claim; null when there is no such value.</summary>
    public Resource? WithClaim(Resource record, string field, string value)
    {
        if (shared.FirstOrDefault(key => key.Key.Name == field) is not { Path: [var list] } key)
            return null;
        var of = ((ObjectValue)((ListValue)list.Kind).Item).Type;
        var changed = false;
        var entries = ((System.Collections.IEnumerable)list.Get(record)!).Cast<object>().Select(Claiming).ToList();
        if (!changed)
            return null;
        var claiming = (Resource)Copy(record);
        list.Set(claiming, ListShape.For(of.Clr).Make(entries));
        return claiming;

        object Claiming(object entry)
        {
            if (
                key.Shares!.Get(entry) is not true
                || key.Field.Get(entry) is not { } own
                || key.Field.Kind.ToKey(own, key.Field).Text != value
            )
                return entry;
            changed = true;
            var owning = of.Copy(entry);
            key.Shares.Set(owning, false);
            return owning;
        }
    }

    IReadOnlyList<(string, Key)> KeysOf(Resource record)
    {
        var found = new List<(string, Key)>(keys.Count + record.Custom.Count);
        foreach (var key in keys)
            key.AddTo(found, record);
        if (said.Can.HasFlag(Operations.Update))
            found.Add((UpdatedKey, Key.Of(record.UpdatedAt.ToUnixTimeMilliseconds())));
        foreach (var (name, value) in record.Custom)
            CustomValue.AddKeys("custom." + name, value, found);
        return found;
    }

    IReadOnlyList<Word> WordsOf(Resource record)
    {
        if (!Collection.Searchable)
            return [];
        var (words, found) = (
            new SortedDictionary<string, WordClasses>(StringComparer.Ordinal),
            new HashSet<string>(StringComparer.Ordinal)
        );
        foreach (var key in keys)
            if (key.IsSearchedInside)
            {
                key.AddWords(found, record);
                Take(key.Class);
            }
        foreach (var field in searched)
            if (field.Get(record) is { } value)
            {
                foreach (var text in value as IEnumerable<string> ?? [value.ToString()!])
                    TextRules.AddWords(text, found);
                Take(KeyPath.ClassOf([], field));
            }
        foreach (var value in record.Custom.Values)
            if (value is string text)
                TextRules.AddWords(text, found);
        Take(WordClasses.Open);
        return [.. words.Select(word => new Word(word.Key, word.Value))];

        void Take(WordClasses of)
        {
            foreach (var word in found)
                words[word] = words.GetValueOrDefault(word) | of;
            found.Clear();
        }
    }

    static IEnumerable<KeyPath> KeyPaths(ObjectType type, IReadOnlyList<Field> path, string prefix)
    {
        foreach (var field in type.Fields)
        {
            var name = field.KeyName ?? prefix + field.Name;
            var inner = field.Kind switch
            {
                ObjectValue one => one.Type,
                ListValue { Item: ObjectValue many } => many.Type,
                _ => null,
            };
            if (inner is not null && path.Count < 3)
                foreach (var nested in KeyPaths(inner, [.. path, field], name + "."))
                    yield return nested;
            else if (field.Kind.HasKey && (field.IsFilterable || field.IsSearchable && path.Count > 0))
                yield return new(
                    path,
                    field,
                    new(name, field.Kind.KeyKind, field.IsMany || path.Any(p => p.IsMany), field.IsIndexed, field.Unique),
                    field.IsUnique ? type.Fields.FirstOrDefault(beside => beside.IsShares) : null
                );
        }
    }
}
