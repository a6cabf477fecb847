// Writes what a webhook says of an event, and of the record that it happened to.

using System.Buffers;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

/// <param name="Type">Null: what it happened to is no resource, or it is there no more.</param>
/// <param name="Json">The record as callers read it: without secrets.</param>
/// <param name="Change">What changed; null when the event is about no change.</param>
public sealed record EventSubject(string Id, ResourceType? Type, ReadOnlyMemory<byte> Json, RecordChange? Change);

public static class RenderBody
{
    /// <summary>A body that would be longer is sent thin.</summary>
    public const int MostBytes = 256 * 1024;

    /// <param name="mark">What is said beside it: that it is a test, or sent again; null: nothing.</param>
    public static JsonData Run(Event happened, string version, BodyKind kind, EventSubject subject, string? mark = null)
    {
        if (kind == BodyKind.Full && subject.Type is null)
            kind = BodyKind.Thin;
        var body = Write(happened, version, subject, kind, false, mark);
        return new(body.Length <= MostBytes || kind != BodyKind.Full ? body : Write(happened, version, subject, BodyKind.Thin, true, mark));
    }

    static ReadOnlyMemory<byte> Write(Event happened, string version, EventSubject subject, BodyKind kind, bool isCut, string? mark)
    {
        var body = new ArrayBufferWriter<byte>(subject.Json.Length + 512);
        using (var writer = new Utf8JsonWriter(body, JsonText.Trusted))
        {
            writer.WriteStartObject();
            writer.WriteString("type", happened.Type);
            writer.WritePropertyName("timestamp");
            DateTimeValue.WriteTime(writer, happened.CreatedAt);
            writer.WriteString("apiVersion", version);
            if (mark is not null)
                writer.WriteBoolean(mark, true);
            if (isCut)
                writer.WriteBoolean("tooLarge", true);
            writer.WriteString("event", happened.Id.Text<Event>());
            writer.WriteStartArray("also");
            foreach (var also in happened.Also)
                writer.WriteStringValue(also);
            writer.WriteEndArray();
            writer.WriteStartObject("data");
            writer.WritePropertyName("object");
            if (kind != BodyKind.Full)
            {
                writer.WriteStartObject();
                writer.WriteString("id", subject.Id);
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteRawValue(subject.Json.Span, skipInputValidation: true);
                writer.WritePropertyName("previous");
                WritePrevious(writer, subject.Change);
            }
            writer.WritePropertyName("details");
            writer.WriteRawValue(kind == BodyKind.Bare ? "{}"u8 : happened.Data.Utf8.Span, skipInputValidation: true);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return body.WrittenMemory;
    }

    /// <summary>The fields that are not what they were, as they were.</summary>
    static void WritePrevious(Utf8JsonWriter writer, RecordChange? changed)
    {
        writer.WriteStartObject();
        if (changed is { Before: { } before, After: { } after } change)
        {
            foreach (var field in change.Type.Fields)
            {
                if (!field.Stored || field.IsSecret || field.Get(before) is var was && RecordChange.ValuesEqual(was, field.Get(after)))
                    continue;
                writer.WritePropertyName(field.JsonName);
                if (was is null)
                    writer.WriteNullValue();
                else
                    field.Kind.Write(writer, was, field);
            }
            if (!RecordChange.ValuesEqual(before.Custom, after.Custom))
                WriteCustom(writer, before, after);
        }
        writer.WriteEndObject();
    }

    static void WriteCustom(Utf8JsonWriter writer, Resource before, Resource after)
    {
        writer.WriteStartObject("custom");
        foreach (var name in before.Custom.Keys.Union(after.Custom.Keys))
        {
            var was = before.Custom.GetValueOrDefault(name);
            if (RecordChange.ValuesEqual(was, after.Custom.GetValueOrDefault(name)))
                continue;
            writer.WritePropertyName(name);
            if (was is null)
                writer.WriteNullValue();
            else
                CustomValue.Write(writer, was);
        }
        writer.WriteEndObject();
    }
}
