// A step of SubmitForm: the posted texts become values of the form's fields and of the lead's.

using System.Collections.Immutable;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Traffic;
using Crm.Domain.Values;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

static class ReadFields
{
    internal static StepResult FieldsAreValid(Intake intake)
    {
        var context = intake.Form.Settings.For(ResourceType.Of<Lead>());
        var errors = new FieldErrors();
        foreach (var field in intake.Form.Fields)
        {
            if (!TryValue(intake, field, context, errors, out var value) || value is null)
                continue;
            if (field.ShortPath == "name")
            {
                var (first, last) = PersonName.Split((string)value);
                AddPart("firstName", first);
                AddPart("lastName", last);

                void AddPart(string path, string? part)
                {
                    var target = FieldPath.Find(ResourceType.Of<Lead>(), path, [])!;
                    if (part?.Length > target.Field.Max)
                        errors.Add(
                            field.Definition.Name!,
                            "too_long",
                            $"Each part of the name must have at most {target.Field.Max} characters."
                        );
                    else if (part is not null)
                        intake.Values.Add(new(path, target, part));
                }
            }
            else if (field.ShortPath is not null)
                intake.Values.Add(new(field.ShortPath, null, value));
            else if (field.Target is not null)
                intake.Values.Add(new(field.Target.Text, field.Target, value));
        }
        intake.Submission = intake.Submission with
        {
            Errors =
            [
                .. errors.All.Select(e => new SubmissionError
                {
                    Field = e.Field,
                    Code = e.Code,
                    Message = e.Message,
                }),
            ],
        };
        return errors.Any && intake.Trust != Trust.Approved
            ? StepResult.Reject(ProblemCodes.ValidationFailed.Code, "Some fields are not valid.")
            : StepResult.Continue;
    }

    /// <summary>Reads one field: by the form's kind, then by the kind of the lead's field it leads to.</summary>
    static bool TryValue(Intake intake, PlannedField field, ReadContext context, FieldErrors errors, out object? value)
    {
        value = null;
        var name = field.Definition.Name!;
        var posted = intake.Post.Fields.FirstOrDefault(f => f.Name == name).Values ?? [];
        var isList = field.Value.Kind is ListValue;
        if (posted.Count > 1 && !isList)
        {
            errors.Add(name, "one_value", "Must have one value only.");
            return false;
        }
        if (
            posted.Count > 0
            && !field.Value.Kind.TryParse(isList ? string.Join(';', posted) : posted[0], field.Value, context, out value, out var error)
        )
        {
            errors.Add(name, error.Code, error.Message);
            return false;
        }
        if (value is null or false or ImmutableArray<string> { Length: 0 })
        {
            if (field.Required)
            {
                errors.Add(name, "required", $"{field.Label}: a value is needed.");
                return false;
            }
            return true;
        }
        switch (field.ShortPath)
        {
            case "email" when field.Definition.Kind != FormFieldKind.Email:
                return Other(TextValue.Email, ref value);
            case "phone" when field.Definition.Kind != FormFieldKind.Phone:
                return Other(TextValue.Phone, ref value);
            case "name" when (value = value.ToString()) is string { Length: > 160 }:
                errors.Add(name, "too_long", "Must have at most 160 characters.");
                return false;
        }
        if (field.Target is { } target)
        {
            // The posted text must also be a value of the field it leads to: its length, its range, its choices, its kind.
            var text = value is ImmutableArray<string> list ? string.Join(';', list) : posted[0];
            if (!target.Field.Kind.TryParse(text, target.Field, context, out value, out error))
            {
                errors.Add(name, error.Code, error.Message);
                return false;
            }
        }
        return true;

        bool Other(FieldKind kind, ref object? read)
        {
            if (kind.TryParse(posted[0], field.Value, context, out read, out var wrong))
                return true;
            errors.Add(name, wrong.Code, wrong.Message);
            return false;
        }
    }
}
