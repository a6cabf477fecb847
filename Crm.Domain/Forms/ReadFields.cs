// A step of SubmitForm: the posted texts become values of the form's fields and of the lead's. What cannot be read costs only itself.

using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Crm.Domain.Leads;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Forms;

static partial class ReadFields
{
    /// <summary>Where form tools put the visitor's address when the page has no field of its own for it.</summary>
    const string ReplyTo = "_replyto";

    internal static StepResult FieldsAreValid(Intake intake)
    {
        var context = intake.Form.Settings.For(ResourceType.Of<Lead>());
        var errors = new FieldErrors();
        var notes = new List<SubmissionNote>(intake.Post.Notes);
        foreach (var field in intake.Form.Fields)
            if (new Reading(intake, field, context, errors, notes).Value() is { } value)
                Take(intake, field, value, errors, notes);
        if (
            !intake.Values.Exists(v => v.Path == "email")
            && intake.Post.First(ReplyTo) is { } reply
            && EmailAddress.TryNormalise(reply, out var address, out _, out _)
        )
            intake.Values.Add(new("email", null, address));
        if (intake.Post.Problem is { } problem)
            notes.Insert(
                0,
                new()
                {
                    Field = problem.Field ?? "",
                    Code = SubmissionNote.ValueUnreadable,
                    Message = "The body could not be read to its end; what came before is here. " + problem.Message,
                }
            );
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
            Notes = [.. notes.DistinctBy(n => (n.Field, n.Code)).Take(SubmissionNote.Most)],
        };
        if (!errors.Any || intake.Trust == Trust.Approved)
            return StepResult.Continue;
        if (intake.Post.Problem is not { } why)
            return StepResult.Reject(ProblemCodes.ValidationFailed.Code, "Some fields are not valid.");
        // What is missing may stand in the part that could not be read: that is what the sender has to mend.
        intake.Submission = intake.Submission with { Errors = [] };
        return StepResult.Reject(why.Code, why.Message);
    }

    /// <summary>Whether a person may be found in it: a value for a field that names one.</summary>
    internal static bool NamesSomebody(PlannedForm form, FormPost post) =>
        post.First(ReplyTo) is { Length: > 0 }
        || form.Fields.Any(f => IsOfSomebody(f) && form.Posted(post, f).Any(v => !string.IsNullOrWhiteSpace(v)));

    /// <summary>Whether leads come of the form at all: one of its fields says who somebody is.</summary>
    internal static bool MayNameSomebody(PlannedForm form) => form.Fields.Any(IsOfSomebody);

    static bool IsOfSomebody(PlannedField field) =>
        (field.ShortPath ?? field.Target?.Text) is "email" or "phone" or "name" or "firstName" or "lastName" or "company";

    static void Take(Intake intake, PlannedField field, object value, FieldErrors errors, List<SubmissionNote> notes)
    {
        if (field.ShortPath == "name")
        {
            var (first, last) = PersonName.Split((string)value);
            AddPart("firstName", first);
            AddPart("lastName", last);
        }
        else if (field.ShortPath is not null)
            intake.Values.Add(new(field.ShortPath, null, value));
        else if (field.Target is { } target)
        {
            if (target.Text is "firstName" or "lastName" or "middleName" or "company" && PersonName.Clean((string)value) is var clean)
                value = clean!;
            if (value is not "")
                intake.Values.Add(new(target.Text, target, value));
        }

        void AddPart(string path, string? part)
        {
            var target = FieldPath.Find(ResourceType.Of<Lead>(), path, [])!;
            var most = (int)target.Field.Max;
            if (part?.Length > most)
            {
                var message = $"Each part of the name must have at most {most} characters.";
                if (field.Required)
                    errors.Add(field.Definition.Name!, "too_long", message);
                else
                    notes.Add(Note(field, SubmissionNote.ValueCut, message));
                part = field.Required ? null : TextRules.Cut(part, most).Trim();
            }
            if (part is not null)
                intake.Values.Add(new(path, target, part));
        }
    }

    static SubmissionNote Note(PlannedField field, string code, string message) =>
        new()
        {
            Field = field.Definition.Name!,
            Code = code,
            Message = message.Length > 1000 ? message[..1000] : message,
        };

    /// <summary>What of the posted values of a box says that it was ticked; null when none does. Frameworks send a hidden "0"
    /// along.</summary>
    internal static string? Ticked(IEnumerable<string> posted) =>
        posted.Select(text => text.Trim()).LastOrDefault(text => text.Length > 0 && !BooleanValue.IsRefusal(text));

    /// <summary>One field on its way from text to value.</summary>
    sealed class Reading(Intake intake, PlannedField field, ReadContext context, FieldErrors errors, List<SubmissionNote> notes)
    {
        /// <summary>By the form's kind, then by the kind of the lead's field it leads to. Null: there is none, or it cannot be
        /// read.</summary>
        public object? Value()
        {
            // Libraries that show a field twice send it twice.
            var posted = intake.Form.Posted(intake.Post, field).Where(v => !string.IsNullOrWhiteSpace(v)).Distinct().ToList();
            object? value = null;
            (string Code, string Message) error = default;
            if (field.Definition.Kind == FormFieldKind.Consent)
                value = Ticked(posted) is null ? null : Read("true", out error);
            else if (field.Value.Kind is ListValue)
                value = List(posted, out error);
            else if (posted.Count > 0)
                value = Single(posted, out error);

            if (error is (not null, not null))
            {
                if (field.Required)
                    errors.Add(field.Definition.Name!, error.Code, error.Message);
                else
                    notes.Add(Note(field, SubmissionNote.ValueUnreadable, error.Message));
                return null;
            }
            if (value is null or false or ImmutableArray<string> { Length: 0 })
            {
                if (field.Required)
                    errors.Add(field.Definition.Name!, "required", $"{field.Label}: a value is needed.");
                return null;
            }
            return value;
        }

        object? Single(List<string> posted, out (string Code, string Message) error)
        {
            if (field.Value.Kind is BooleanValue && posted.Count > 1)
                posted.RemoveAll(v => BooleanValue.IsRefusal(v) && posted.Exists(other => !BooleanValue.IsRefusal(other)));
            if (posted.Count > 1 && field.Value.Kind is TextValue { IsText: true } && field.ShortPath is null or "name")
                posted =
                [
                    string.Join(
                        field.ShortPath == "name" ? " "
                            : field.Target?.Field.Kind is ListValue ? ";"
                            : field.Definition.Kind == FormFieldKind.LongText ? "\n"
                            : ", ",
                        posted
                    ),
                ];
            var value = Read(posted[0], out error);
            if (posted.Count == 1 && error.Code is null)
                return value;
            // Several values, or one text with several in it: the first that can be read.
            var candidates =
                posted.Count > 1 ? posted
                : field.ShortPath is "email" or "phone" || field.Value.Kind is TextValue { IsAddress: true }
                    ? [.. Between().Split(posted[0])]
                : [];
            foreach (var candidate in candidates.Where(c => c.Length > 0))
                if (Read(candidate, out var wrong) is { } first)
                {
                    error = wrong;
                    notes.Add(Note(field, SubmissionNote.ValueUnreadable, "It takes one value; the first that could be read was taken."));
                    return first;
                }
            return value;
        }

        /// <summary>The entries that can be read; the others are noted.</summary>
        object? List(List<string> posted, out (string Code, string Message) error)
        {
            var text = string.Join(';', posted);
            var value = Read(text, out error);
            if (error.Code is null || field.Required)
                return value;
            var readable = text.Split(';').Where(one => Read(one, out var wrong) is not null && wrong.Code is null).ToList();
            if (readable.Count == 0)
                return null;
            notes.Add(Note(field, SubmissionNote.ValueUnreadable, error.Message));
            return Read(string.Join(';', readable), out error);
        }

        object? Read(string text, out (string Code, string Message) error)
        {
            var value = Parse(field.Value, ref text, out error);
            if (error.Code is not null || value is null)
                return null;
            switch (field.ShortPath)
            {
                case "email" when field.Definition.Kind != FormFieldKind.Email:
                    return Parse(Of(TextValue.Email), ref text, out error);
                case "phone" when field.Definition.Kind != FormFieldKind.Phone:
                    return Parse(Of(TextValue.Phone), ref text, out error);
                case "name":
                    text = value.ToString()!;
                    return Parse(Of(TextValue.Line, 160), ref text, out error);
            }
            // The posted text must also be a value of the field it leads to: its length, its range, its choices, its kind.
            if (field.Target is not { } target || value is false)
                return value;
            text = value is ImmutableArray<string> list ? string.Join(';', list) : text;
            return Parse(target.Field, ref text, out error);
        }

        Field Of(FieldKind kind, long max = 0) =>
            new()
            {
                Name = field.Value.Name,
                JsonName = field.Value.JsonName,
                Kind = kind,
                Description = field.Value.Description,
                Max = max,
            };

        /// <summary>An optional text that is too long is taken as far as it may be.</summary>
        object? Parse(Field by, ref string text, out (string Code, string Message) error)
        {
            if (by.Kind.TryParse(text, by, context, out var value, out error))
                return value;
            if (error.Code != "too_long" || field.Required || by.Kind is not TextValue { IsText: true } kind)
                return null;
            notes.Add(Note(field, SubmissionNote.ValueCut, error.Message));
            text = TextRules.Cut(text.Trim(), (int)kind.MaxOf(by));
            return by.Kind.TryParse(text, by, context, out value, out error) ? value : null;
        }
    }

    /// <summary>What people write between two addresses or two numbers.</summary>
    [GeneratedRegex(@"\s*[,;/|\n]\s*|\s+(?:or|and|ou|e|oder|und|y|o|et)\s+|(?<=\d)\s*(?=\+)", RegexOptions.IgnoreCase)]
    private static partial Regex Between();
}
