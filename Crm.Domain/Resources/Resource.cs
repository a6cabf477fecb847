// What every resource has: an id, a version, two times, and room for a workspace's own fields.

using System.Collections.Immutable;
using Crm.Domain.Stores;

namespace Crm.Domain.Resources;

/// <summary>The base of every resource. Records are immutable: a change is a copy with another value.</summary>
public abstract record Resource
{
    public Id Id { get; init; }

    /// <summary>1 for a new record, one more with each change; the ETag.</summary>
    public long Version { get; init; }

    /// <summary>The time in the id, so that sorting by creation is sorting by id.</summary>
    public DateTimeOffset CreatedAt => Id.Time;

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Values of the workspace's own fields by name; a field without a value is not there.</summary>
    public ImmutableSortedDictionary<string, object> Custom { get; init; } = NoCustom;

    public static readonly ImmutableSortedDictionary<string, object> NoCustom = ImmutableSortedDictionary.Create<string, object>(
        StringComparer.Ordinal
    );

    /// <summary>Rules that look at more than one field; called after each field was checked by itself.</summary>
    public virtual void Check(FieldErrors errors) { }

    /// <summary>Puts the record into the one form in which it is stored (one entry is primary, lists are distinct).</summary>
    public virtual Resource Tidy() => this;

    /// <summary>
    /// A short form that callers may write instead of a full field (<c>email</c> for the primary e-mail). Returns the changed record,
    /// or null when there is no such short form.
    /// </summary>
    public virtual Resource? WithShortForm(string name, string? value, ReadContext context, FieldErrors errors) => null;

    /// <summary>The names <see cref="WithShortForm"/> takes, with a description each.</summary>
    public virtual IReadOnlyList<(string Name, string Description)> ShortForms => [];
}

/// <summary>What reading a value may depend on.</summary>
/// <param name="DefaultCountry">ISO 3166 code for phone numbers without a country code; null when the workspace has none.</param>
/// <param name="CustomFields">The workspace's own fields of the resource that is read.</param>
public sealed record ReadContext(string? DefaultCountry, IReadOnlyList<Field> CustomFields)
{
    public static readonly ReadContext Nothing = new(null, []);

    /// <summary>Our own stored JSON: it was checked when it was written, and stays what it is when the rules change.</summary>
    public static readonly ReadContext Stored = new(null, []) { IsStored = true };

    public bool IsStored { get; private init; }
}

/// <summary>What reading values depends on in one workspace, by resource.</summary>
/// <param name="plain">For a resource without fields of the workspace's own.</param>
/// <param name="byResource">By the resource's name.</param>
public sealed class ReadContexts(ReadContext plain, IReadOnlyDictionary<string, ReadContext> byResource)
{
    public static readonly ReadContexts None = new(ReadContext.Nothing, new Dictionary<string, ReadContext>());

    public ReadContext For(ResourceType type) => byResource.GetValueOrDefault(type.Name, plain);
}

/// <summary>What is wrong with one field: a stable code and a sentence that says what is allowed.</summary>
public sealed record FieldError(string Field, string Code, string Message);

/// <summary>Collects what is wrong, so that a caller hears all of it at once. At most 50 are kept.</summary>
public sealed class FieldErrors
{
    const int Most = 50;
    readonly List<FieldError> list = [];

    public IReadOnlyList<FieldError> All => list;
    public bool Any => list.Count > 0;

    public void Add(string field, string code, string message)
    {
        if (list.Count < Most)
            list.Add(new(field, code, message));
    }
}
