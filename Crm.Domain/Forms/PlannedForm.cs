// A form made ready for posts: its fields by name with their kinds, and the lead's fields they lead to. Built once per change of the form.

using System.Text.Json;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Text;
using Crm.Domain.Work;

namespace Crm.Domain.Forms;

/// <summary>A form, its workspace, and what a post needs of both.</summary>
public sealed class PlannedForm
{
    readonly Dictionary<string, PlannedField> byName;

    public PlannedForm(WorkspaceSettings settings, Form form)
    {
        (Settings, Form) = (settings, form);
        Text = ResourceType.Of<Form>().Text(form.Id);
        byName = form.Fields.ToDictionary(f => f.Name!, f => new PlannedField(f, settings), StringComparer.Ordinal);
        Fields = [.. form.Fields.Select(f => byName[f.Name!])];
        var site = settings.Sites.FirstOrDefault(s => s.Id == form.Site);
        var origins = form.AllowedOrigins.Concat(site?.AllowedOrigins ?? []);
        if (!form.ExactOrigins)
            origins = origins.Concat(origins.Select(TextRules.WithOrWithoutWww).OfType<string>());
        AllowedOrigins = origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        PageCharset = form.PageCharset is { } label && Charset.TryFind(label, out var charset) ? charset : Charset.Windows1252;
    }

    /// <summary>By its public key.</summary>
    public static readonly RecordLookup<Form, PlannedForm> ByKey = new("key", (settings, form) => new(settings, form));

    public WorkspaceSettings Settings { get; }
    public Form Form { get; }

    /// <summary>The form's id as text.</summary>
    public string Text { get; }

    public IReadOnlyList<PlannedField> Fields { get; }
    public IReadOnlySet<string> AllowedOrigins { get; }

    /// <summary>What undeclared bytes are taken for that are not UTF-8.</summary>
    public Charset PageCharset { get; }

    public PlannedField? Field(string name) => byName.GetValueOrDefault(name);

    /// <summary>The values that were posted for a field.</summary>
    public IReadOnlyList<string> Posted(FormPost post, PlannedField field) => Find(post, field).Values ?? [];

    /// <summary>
    /// By the field's own name; else by the only name that differs in nothing but the case of letters, or in what a form library puts in
    /// front of it (<c>form_fields[email]</c>, <c>data.email</c>).
    /// </summary>
    PostedField Find(FormPost post, PlannedField field)
    {
        var name = field.Definition.Name!;
        foreach (var one in post.Fields)
            if (one.Name == name)
                return one;
        PostedField found = default;
        foreach (var one in post.Fields)
            if (
                one.Name.EndsWith(name, StringComparison.OrdinalIgnoreCase)
                && (one.Name.Length == name.Length || one.Name[^(name.Length + 1)] == '.')
                && Field(one.Name) is null
                && one.Name != Form.Honeypot
            )
            {
                if (found.Name is not null)
                    return default;
                found = one;
            }
        return found;
    }

    /// <summary>Names that were posted and that no field takes.</summary>
    public IEnumerable<string> Unknown(FormPost post)
    {
        HashSet<string>? taken = null;
        foreach (var one in post.Fields)
        {
            if (Field(one.Name) is not null || one.Name == Form.Honeypot || KeptPost.IsControl(one.Name))
                continue;
            taken ??= Fields.Select(f => Find(post, f).Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
            if (!taken.Contains(one.Name))
                yield return one.Name;
        }
    }

    /// <summary>Whether pages of this origin may post. Without a list every origin may; without an Origin header there is no page to
    /// check, and <c>null</c> is what a browser sends that does not say: for a page with no-referrer, in a frame, from a file.</summary>
    public bool Allows(string? origin) => AllowedOrigins.Count == 0 || origin is null or "null" || AllowedOrigins.Contains(origin);

    /// <summary>Whether a visitor may be sent to this address afterwards: http(s) on a host the form knows.</summary>
    public bool AllowsRedirect(string url)
    {
        if (!TextRules.IsWebAddress(url) || url.Length > 2048 || !Uri.TryCreate(url, UriKind.Absolute, out var uri))
            return false;
        return AllowedOrigins.Contains(TextRules.OriginOf(uri))
            || Form.AllowedRedirectHosts.Any(h =>
                h.Equals(uri.Host, StringComparison.OrdinalIgnoreCase)
                || h.Equals(uri.IdnHost, StringComparison.OrdinalIgnoreCase)
                || h.Equals(TextRules.HostOf(uri), StringComparison.OrdinalIgnoreCase)
            )
            || Form.ThankYou.Redirect is { } own
                && Uri.TryCreate(own, UriKind.Absolute, out var thanks)
                && thanks.Authority == uri.Authority;
    }
}

/// <summary>One field of a form with the kind that reads it and the path it leads to.</summary>
public sealed class PlannedField
{
    /// <summary>Short forms of a lead that a form may fill besides its fields.</summary>
    static readonly string[] ShortPaths = ["email", "phone", "name"];

    public PlannedField(FormField definition, WorkspaceSettings settings)
    {
        Definition = definition;
        var leads = ResourceType.Of<Lead>();
        var kind = KindOf(definition.Kind);
        Target =
            definition.MapsTo is null || ShortPaths.Contains(definition.MapsTo)
                ? null
                : FieldPath.Find(leads, definition.MapsTo, settings.For(leads).CustomFields);
        ShortPath = definition.MapsTo is not null && ShortPaths.Contains(definition.MapsTo) ? definition.MapsTo : null;
        Value = new()
        {
            Name = definition.Name!,
            JsonName = JsonEncodedText.Encode(definition.Name!, JsonText.Encoder),
            Kind = kind,
            Description = definition.Label ?? definition.Name!,
            Choices = definition.Choices,
            Max =
                kind is IntegerValue or NumberValue ? definition.Maximum ?? 0
                : kind is ListValue ? 100
                : definition.MaxLength
                    ?? (
                        definition.Kind == FormFieldKind.LongText ? 32768
                        : kind is TextValue && definition.Kind is FormFieldKind.Text or FormFieldKind.Hidden ? 8192
                        : 0
                    ),
            Min = definition.Minimum ?? long.MinValue,
        };
    }

    public FormField Definition { get; }

    /// <summary>How the posted text is read.</summary>
    public Field Value { get; }

    /// <summary>The lead's field it fills; null for short forms and for fields that stay in the submission.</summary>
    public FieldPath? Target { get; }

    /// <summary>Whether a post must have a value for it: the form says so, or the workspace's own field does.</summary>
    public bool Required => Definition.Required || Target is { Field.IsRequired: true };

    /// <summary>email, phone or name.</summary>
    public string? ShortPath { get; }

    public string Label => string.IsNullOrEmpty(Definition.Label) ? Definition.Name! : Definition.Label;

    static FieldKind KindOf(FormFieldKind kind) =>
        kind switch
        {
            FormFieldKind.Consent => BooleanValue.Instance,
            FormFieldKind.Hidden => TextValue.Line,
            _ => ChosenKinds.Of(kind),
        };

    /// <summary>Checks a form's mapping when the form is saved, so that a post never meets a field that is not there.</summary>
    public static void Check(Form form, WorkspaceSettings settings, FieldErrors errors)
    {
        var leads = ResourceType.Of<Lead>();
        for (var i = 0; i < form.Fields.Length; i++)
        {
            var path = form.Fields[i].MapsTo;
            if (path is null || ShortPaths.Contains(path))
                continue;
            var target = FieldPath.Find(leads, path, settings.For(leads).CustomFields);
            if (target is null || !path.StartsWith("custom.", StringComparison.Ordinal) && !target.Field.Traits.HasFlag(Is.FromForms))
                errors.Add(
                    $"fields.{i}.mapsTo",
                    "unknown",
                    $"A form cannot fill this field. Allowed are: {string.Join(", ", Targets(settings))}."
                );
        }
    }

    static IEnumerable<string> Targets(WorkspaceSettings settings)
    {
        var leads = ResourceType.Of<Lead>();
        return [.. ShortPaths, .. Walk(leads, ""), .. settings.For(leads).CustomFields.Select(f => "custom." + f.Name)];

        static IEnumerable<string> Walk(ObjectType type, string prefix)
        {
            foreach (var field in type.Fields)
                if (field.Traits.HasFlag(Is.FromForms))
                    yield return prefix + field.Name;
                else if (field.Kind is ObjectValue inner && !field.IsReadOnly)
                    foreach (var path in Walk(inner.Type, prefix + field.Name + "."))
                        yield return path;
        }
    }
}
