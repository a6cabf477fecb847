// A proposed change: a value that somebody sent for a lead's field that has another. It stands beside the lead until a member decides.

using System.Security.Cryptography;
using System.Text;
using Crm.Domain.Forms;
using Crm.Domain.Resources;

namespace Crm.Domain.Leads;

public enum ProposedChangeStatus
{
    Open,
    Accepted,
    Dismissed,
}

/// <summary>Strangers make these: a budget in bytes bounds those that are open (<see cref="ProposalBudget"/>).</summary>
[Resource(
    "proposedChange",
    "proposed-changes",
    "chg",
    "A value that somebody sent for a lead and that differs from what is known; a member accepts or dismisses it.",
    Can = Operations.Read,
    RecordsEvents = false
)]
public sealed record ProposedChange : Resource
{
    /// <summary>What a record takes besides its value, about: its other members, its keys, its row.</summary>
    const int Overhead = 512;

    public static readonly StateTable States = StateTable
        .Of<ProposedChange, ProposedChangeStatus>("status", change => change.Status)
        .Verb("accept", ProposedChangeStatus.Accepted, ProposedChangeStatus.Open)
        .Verb("dismiss", ProposedChangeStatus.Dismissed, ProposedChangeStatus.Open);

    [Field("The lead.", Refers = typeof(Lead), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Delete)]
    public Stores.Id? Lead { get; init; }

    [Field("The lead's field, by its path.", Max = 140, Is = Is.ReadOnly | Is.Filterable, Example = "company")]
    public string Field { get; init; } = "";

    [Field("The proposed value; left out for a key that may not read that field of leads.", Is = Is.ReadOnly | Is.Personal)]
    public JsonData Value { get; init; } = JsonData.EmptyObject;

    [Field("open, until a member has decided.", Is = Is.ReadOnly | Is.Indexed)]
    public ProposedChangeStatus Status { get; init; }

    [Field("Who sent it: a submission or a merged lead.", Max = 64, Is = Is.ReadOnly | Is.Filterable)]
    public string By { get; init; } = "";

    [Field("The entry that brought it.", Refers = typeof(Submission), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Stores.Id? Submission { get; init; }

    [Field("When it was sent.", Is = Is.ReadOnly)]
    public DateTimeOffset At { get; init; }

    [Field("Who accepted or dismissed it.", Max = 64, Is = Is.ReadOnly)]
    public string? DecidedBy { get; init; }

    [Field("When it was accepted or dismissed.", Is = Is.ReadOnly)]
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>Identical proposals are one, however often and however fast they are sent: the store holds to it.</summary>
    [Field("Lead, field and value together, while it is open.", Max = 200, Is = Is.Secret | Is.Unique)]
    public string? Same =>
        IsOpen && Lead is { } lead
            ? $"{lead.Text<Lead>()}:{Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(Field), 0, .. Value.Utf8.Span]).AsSpan(0, 16))}"
            : null;

    public bool IsOpen => Status == ProposedChangeStatus.Open;

    /// <summary>What it takes of the budgets: nothing once it is decided.</summary>
    public long Bytes => IsOpen ? Overhead + Field.Length + Value.Utf8.Length : 0;

    /// <summary>Whether another one proposes the same to whichever lead.</summary>
    public bool Proposes(string field, JsonData value) => Field == field && Value.Equals(value);
}
