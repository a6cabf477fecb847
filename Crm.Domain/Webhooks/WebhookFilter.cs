// Which records a webhook is called for: conditions as a list's address has them, and which fields must have changed.

using System.Collections.Immutable;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Webhooks;

/// <param name="Terms">What is left of the text for a list's filter.</param>
/// <param name="Changed">One of these fields must have changed; empty: whatever changed.</param>
public sealed record WebhookFilter(string Terms, ImmutableArray<string> Changed)
{
    const string ChangedName = "changed";

    public static readonly WebhookFilter All = new("", []);

    public bool TakesAll => Terms.Length == 0 && Changed.IsEmpty;

    public static WebhookFilter Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return All;
        var (terms, changed) = (new List<string>(), ImmutableArray.CreateBuilder<string>());
        foreach (var pair in text.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split('=', 2) is [ChangedName, var fields])
                changed.AddRange(
                    Uri.UnescapeDataString(fields).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                );
            else
                terms.Add(pair);
        return new(string.Join('&', terms), changed.ToImmutable());
    }

    /// <summary>As the store understands it; null when something of it is not allowed.</summary>
    public Filter? For(WorkspaceSettings settings, ResourceType type, Rights rights, FieldErrors errors) =>
        ReadFilter.Text(Terms, type, settings.For(type), rights, errors);

    /// <summary>Whether what changed is among what has to; a new record has changed in everything.</summary>
    public bool IsAbout(Event happened) =>
        Changed.IsEmpty
        || happened.Type.EndsWith(".created", StringComparison.Ordinal)
        || happened.Changes.Any(one => Changed.Contains(one.Field, StringComparer.Ordinal));

    /// <summary>Names what a webhook cannot ask of these resources: conditions each must have, what changed one of them.</summary>
    public void Check(UnitOfWork work, IReadOnlyList<ResourceType> types, FieldErrors errors)
    {
        foreach (var type in types)
            CheckTerms(work, type, errors);
        foreach (var name in Changed)
            if (!types.Any(type => HasField(work, type, name)))
                errors.Add("filter", "invalid", $"{ChangedName}: There is no field {name}.");
    }

    static bool HasField(UnitOfWork work, ResourceType type, string name) =>
        type.Field(name) is { Stored: true, IsSecret: false }
        || work.Settings.For(type).CustomFields.Any(field => "custom." + field.Name == name);

    void CheckTerms(UnitOfWork work, ResourceType type, FieldErrors errors)
    {
        var found = new FieldErrors();
        For(work.Settings, type, work.RightsTo(type), found);
        var context = work.Settings.For(type);
        foreach (var one in found.All)
            errors.Add("filter", "invalid", $"{type.Plural}: {one.Field}: {one.Message}");
        foreach (
            var name in Terms
                .Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => Uri.UnescapeDataString(pair.Split('=')[0]).Split('[')[0])
        )
            if (
                type.FieldOfFilter(name) is { IsPersonal: true }
                || type.Filter(name) is { IsPersonal: true }
                || context.CustomFields.FirstOrDefault(field => "custom." + field.Name == name)
                    is { Kind: not (BooleanValue or ChoiceValue) }
            )
                errors.Add("filter", "not_allowed", $"{name}: Says something of a person; a webhook names none.");
    }
}
