// What every resource has: an id, a version, two times, and room for a workspace's own fields.

using System.Collections.Immutable;
using System.Text.Json;
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

    /// <summary>Sees a stored member that the resource does not have any more: what an older version wrote. Returns the record with what
    /// is still needed of it.</summary>
    public virtual Resource WithOlderMember(string name, JsonElement value) => this;

    /// <summary>Puts the record into the one form in which it is stored (one entry is primary, lists are distinct).</summary>
    public virtual Resource Tidy() => this;

    /// <summary>
    /// A short form that callers may write instead of a full field (<c>email</c> for the primary e-mail). Returns the changed record,
    /// or null when there is no such short form.
    /// </summary>
    public virtual Resource? WithShortForm(string name, string? value, ReadContext context, FieldErrors errors) => null;

    /// <summary>The names <see cref="WithShortForm"/> takes, with a description each and the fields that it sets.</summary>
    public virtual IReadOnlyList<ShortForm> ShortForms => [];
}

/// <param name="Fields">The names of the fields that it sets.</param>
public sealed record ShortForm(string Name, string Description, params IReadOnlyList<string> Fields);
