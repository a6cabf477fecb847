// A custom field: a field that a workspace adds to a resource, of the same kinds and with the same rights as a built-in one.

using System.Collections.Immutable;
using System.Text.Json;
using Crm.Domain.Resources;
using Crm.Domain.Text;

namespace Crm.Domain.CustomFields;

public enum CustomFieldKind
{
    Text,
    LongText,
    Integer,
    Number,
    Boolean,
    Date,
    DateTime,
    Email,
    Phone,
    Url,
    Choice,
    Choices,
}

[Resource(
    "customField",
    "custom-fields",
    "field",
    "A field that this workspace adds to a resource; found under custom, in forms, filters, sorting and search."
)]
public sealed record CustomField : Resource
{
    [Field("The resource it belongs to, by its singular name.", Is = Is.Required | Is.WriteOnce | Is.Filterable, Example = "lead")]
    public string? For { get; init; }

    [Field(
        "How it is written in custom: a letter, then letters, digits and underscores.",
        Kind = TextKind.Name,
        Is = Is.Required | Is.WriteOnce | Is.Filterable,
        Example = "budget"
    )]
    public string? Name { get; init; }

    [Field("What kind of value it takes.", Is = Is.Required | Is.WriteOnce)]
    public CustomFieldKind Kind { get; init; }

    [Field("What people see.", Max = 100, Is = Is.Searchable, Example = "Budget in euros")]
    public string? Label { get; init; }

    [Field("Whether forms that map to it must have a value.")]
    public bool Required { get; init; }

    [Field("The allowed words of a choice.", Max = 200)]
    public ImmutableArray<string> Choices { get; init; } = [];

    [Field("The longest text in characters.", Min = 1, Max = 32768)]
    public long? MaxLength { get; init; }

    [Field("The smallest number.")]
    public long? Minimum { get; init; }

    [Field("The largest number.")]
    public long? Maximum { get; init; }

    /// <summary>One field of a name on a resource.</summary>
    [Field("Resource and name together.", Is = Is.Secret | Is.Unique)]
    public string Identity => $"{For}.{Name}";

    public override void Check(FieldErrors errors)
    {
        if (Kind is CustomFieldKind.Choice or CustomFieldKind.Choices && Choices.Length == 0)
            errors.Add("choices", "required", "A choice needs at least one allowed word.");
        if (Choices.Any(c => c.Contains(';')))
            errors.Add("choices", "invalid_choice", "A choice must not contain a semicolon: lists of choices are separated by it.");
        if (Minimum > Maximum)
            errors.Add("maximum", "out_of_range", "Must not be smaller than minimum.");
    }

    /// <summary>The field as the rest of the product uses it.</summary>
    public Field ToField() =>
        new()
        {
            Name = Name!,
            JsonName = JsonEncodedText.Encode(Name!, JsonText.Encoder),
            Description = Label ?? Name!,
            Traits = Is.Filterable | Is.Sortable | (Required ? Is.Required : Is.Nothing),
            Choices = Choices,
            KeyName = "custom." + Name,
            Max = Kind switch
            {
                CustomFieldKind.Text or CustomFieldKind.LongText => MaxLength ?? 0,
                CustomFieldKind.Integer or CustomFieldKind.Number => Maximum ?? 0,
                _ => 0,
            },
            Min = Minimum ?? long.MinValue,
            Kind = CustomText.Kept(ChosenKinds.Of(Kind)),
        };
}
