// A member: a person who works in a workspace and can own leads.

using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Workspaces;

public enum MemberRole
{
    Admin,
    Member,
    Viewer,
}

[Resource("member", "members", "member", "A person who works here; leads can have one as owner.")]
public sealed record Member : Resource
{
    [Field("Full name.", Max = 200, Is = Is.Required | Is.Sortable | Is.Searchable | Is.Personal, Example = "Bia Costa")]
    public string? Name { get; init; }

    [Field(
        "E-mail address; one member each.",
        Kind = TextKind.Email,
        Is = Is.Required | Is.Unique | Is.Searchable | Is.Personal,
        Example = "bia@silva.example.org"
    )]
    public string? Email { get; init; }

    [Field("What the member may do once people sign in.", Is = Is.Filterable)]
    public MemberRole Role { get; init; } = MemberRole.Member;

    [Field("Off for someone who left: keeps what he did, gets nothing new.", Is = Is.Filterable)]
    public bool Active { get; init; } = true;

    [Field("When the member is there; null: when the firm is.")]
    public Hours? Hours { get; init; }

    public override void Check(FieldErrors errors) => Hours?.Check(errors, "hours.");
}
