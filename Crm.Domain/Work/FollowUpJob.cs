// What follows from a commit that had too much to follow, put off in that commit.

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Text;

namespace Crm.Domain.Work;

/// <summary>Changes, and events with them, that a follow-up has still to see. Holds copies of the records, as they were before and
/// after.</summary>
[Resource(
    "followUpJob",
    "follow-up-jobs",
    "fjob",
    "What still follows from a commit.",
    Can = Operations.None,
    RecordsEvents = false,
    HoldsCopies = true
)]
public sealed record FollowUpJob : Resource
{
    /// <summary>The installation counts for each workspace how often something was put off there.</summary>
    public const string Counters = "follow-ups/";

    [Field("Which follow-up.", Max = 60, Is = Is.Secret)]
    public string FollowUp { get; init; } = "";

    [Field("Who caused the commit.", Max = 64, Is = Is.Secret)]
    public string By { get; init; } = "";

    [Field("The changes that are left: resource, record before, record after, event.", Is = Is.Secret | Is.Personal)]
    public JsonData Changes { get; init; } = JsonData.EmptyObject;

    internal static JsonData Write(IEnumerable<RecordChange> changes)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = JsonText.Writer(json))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("changes");
            foreach (var change in changes)
            {
                writer.WriteStartObject();
                writer.WriteString("resource", change.Type?.Name);
                Copy("before", change.Before);
                Copy("after", change.After);
                Copy("event", change.Event);
                writer.WriteEndObject();

                void Copy(string name, Resource? record)
                {
                    writer.WritePropertyName(name);
                    if (record is null)
                        writer.WriteNullValue();
                    else
                        writer.WriteRawValue(ResourceType.Of(record.GetType()).ToJson(record), skipInputValidation: true);
                }
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return new(json.WrittenMemory);
    }

    /// <param name="typeOf">The resource of a name.</param>
    internal List<RecordChange> Read(Func<string, ResourceType> typeOf)
    {
        using var json = Changes.Parse();
        var changes = new List<RecordChange>();
        foreach (var change in json.RootElement.GetProperty("changes").EnumerateArray())
        {
            var type = change.GetProperty("resource").GetString() is { } name ? typeOf(name) : null!;
            changes.Add(
                new(type, Copied("before", type), Copied("after", type)) { Event = (Event?)Copied("event", ResourceType.Of<Event>()) }
            );

            Resource? Copied(string which, ResourceType type) =>
                change.TryGetProperty(which, out var record)
                && record.ValueKind == JsonValueKind.Object
                && Id.TryParse(record.GetProperty("id").GetString(), type.Prefix, out var id)
                    ? type.FromRow(new(id, record.GetProperty("version").GetInt64(), JsonMarshal.GetRawUtf8Value(record).ToArray()))
                    : null;
        }
        return changes;
    }
}
