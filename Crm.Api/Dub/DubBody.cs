// The fields of a body as Dub's callers send it, and what is wrong with them.

using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Api.Dub;

sealed class DubBody(JsonElement body)
{
    public JsonElement Json => body;

    public FieldErrors Errors { get; } = new();

    public string? Text(string name, int most, bool required = false)
    {
        if (!body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            if (required)
                Errors.Add(name, "required", "A value is needed.");
            return null;
        }
        if (value.ValueKind != JsonValueKind.String || !TextRules.TryTidy(value.GetString()!, false, out var tidy, out _))
        {
            Errors.Add(name, "wrong_type", "Must be text.");
            return null;
        }
        if (tidy.Length > most)
            Errors.Add(name, "too_long", $"Must have at most {most} characters.");
        else if (tidy.Length == 0 && required)
            Errors.Add(name, "required", "A value is needed.");
        return tidy.Length == 0 ? null : tidy;
    }

    public long Whole(string name, long most)
    {
        if (
            body.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var whole)
            && whole >= 0
            && whole <= most
        )
            return whole;
        Errors.Add(name, "out_of_range", $"Must be a whole number, 0 to {most}. {Money.Unit}");
        return 0;
    }

    public void Metadata(int most)
    {
        if (
            body.TryGetProperty("metadata", out var metadata)
            && metadata.ValueKind != JsonValueKind.Null
            && (metadata.ValueKind != JsonValueKind.Object || metadata.GetRawText().Length > most)
        )
            Errors.Add("metadata", "too_long", $"Must be an object of at most {most} characters.");
    }
}
