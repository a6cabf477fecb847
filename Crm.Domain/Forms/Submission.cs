// A submission: one post of a form exactly as it came, and what became of it. It is kept whatever the verdict.

using System.Collections.Immutable;
using System.Security.Cryptography;
using Crm.Domain.Leads;
using Crm.Domain.Resources;
using Crm.Domain.Values;

namespace Crm.Domain.Forms;

public enum Verdict
{
    Accepted,
    Merged,
    Quarantined,
    Rejected,
    Failed,
}

/// <summary>Where an entry lies that became no lead.</summary>
public enum Tray
{
    Held,
    Refused,
    Unread,
    Spam,
}

[Resource("submission", "submissions", "sub", "One post of a form exactly as it came, with its verdict.", Can = Operations.Read)]
public sealed record Submission : Resource, ICounted
{
    /// <summary>The reason of what a member put away as spam.</summary>
    public const string SpamReason = "spam";

    /// <summary>The reason of what a member took back.</summary>
    public const string HeldReason = "held";

    /// <summary>Intake says the first verdict; what is open can be processed again, to any verdict.</summary>
    public static readonly StateTable States = Moves(Verdict.Rejected, Verdict.Quarantined, Verdict.Failed);

    static StateTable Moves(params Verdict[] open)
    {
        var table = StateTable.Of<Submission, Verdict>("verdict", entry => entry.Verdict);
        foreach (var verdict in Enum.GetValues<Verdict>())
            table.Product(verdict, open).Verb("reprocess", verdict, open).Verb("approve", verdict, open);
        return table
            .Verb("detach", Verdict.Accepted, Verdict.Accepted, Verdict.Merged)
            .Verb("detach", Verdict.Merged, Verdict.Accepted, Verdict.Merged)
            .Verb("spam", Verdict.Rejected, Enum.GetValues<Verdict>())
            .Verb("hold", Verdict.Quarantined, Verdict.Accepted, Verdict.Merged);
    }

    [Field("The form that was posted.", Refers = typeof(Form), Is = Is.ReadOnly | Is.Indexed)]
    public Stores.Id? Form { get; init; }

    [Field("What became of it.", Is = Is.ReadOnly | Is.Indexed)]
    public Verdict Verdict { get; init; }

    [Field(
        "Why it was quarantined, rejected or failed.",
        Max = 60,
        Is = Is.ReadOnly | Is.Filterable | Is.NoPerson,
        Example = "origin_not_allowed"
    )]
    public string? Reason { get; init; }

    [Field(
        "The tray it lies in until somebody decides: held (it looks odd), refused (it does not fit the form), unread (an error of ours), or spam, where a member put it. Null: it was taken.",
        Is = Is.ReadOnly | Is.Indexed
    )]
    public Tray? Tray
    {
        // Follows from the two before: what is stored is only for readers, and for an index of its own.
        get =>
            Verdict switch
            {
                Verdict.Rejected when Reason == SpamReason => Forms.Tray.Spam,
                Verdict.Rejected => Forms.Tray.Refused,
                Verdict.Quarantined => Forms.Tray.Held,
                Verdict.Failed => Forms.Tray.Unread,
                _ => null,
            };
        init { }
    }

    [Field("The lead it made or was added to.", Refers = typeof(Lead), Is = Is.ReadOnly | Is.Indexed, OnDelete = OnDelete.Keep)]
    public Stores.Id? Lead { get; init; }

    [Field("Whether it made the lead.", Is = Is.ReadOnly)]
    public bool MadeLead { get; init; }

    [Field(
        "Leads it might belong to: those it names when it names more than one, and those that have its phone number when it became a lead of its own.",
        Max = 10,
        Refers = typeof(Lead),
        Is = Is.ReadOnly | Is.Filterable,
        OnDelete = OnDelete.Keep
    )]
    public ImmutableArray<Stores.Id> Candidates { get; init; } = [];

    [Field("What was posted: each name with its value, or a list of values when it was repeated.", Is = Is.ReadOnly | Is.Personal)]
    public JsonData Fields { get; init; } = JsonData.EmptyObject;

    [Field("Names that the form does not know.", Max = 200, Is = Is.ReadOnly | Is.Opaque)]
    public ImmutableArray<string> UnknownFields { get; init; } = [];

    [Field("Files that were attached: name and size; their content is not kept.", Max = 64, Is = Is.ReadOnly | Is.Opaque)]
    public ImmutableArray<FileNote> Files { get; init; } = [];

    [Field("What was wrong with it.", Max = 50, Is = Is.ReadOnly | Is.Opaque)]
    public ImmutableArray<SubmissionError> Errors { get; init; } = [];

    [Field(
        "What was left out, cut or guessed without standing in the way; the posted text is in fields.",
        Max = SubmissionNote.Most,
        Is = Is.ReadOnly | Is.Opaque
    )]
    public ImmutableArray<SubmissionNote> Notes { get; init; } = [];

    [Field("What speaks for a robot.", Max = 20, Is = Is.ReadOnly | Is.NoPerson)]
    public ImmutableArray<string> Signals { get; init; } = [];

    [Field("The page of the form.", Max = 2048, Is = Is.ReadOnly | Is.Opaque)]
    public string? Page { get; init; }

    [Field("The page that led there.", Max = 2048, Is = Is.ReadOnly | Is.Opaque)]
    public string? Referrer { get; init; }

    [Field("The origin that the browser named.", Max = 255, Is = Is.ReadOnly | Is.Opaque)]
    public string? Origin { get; init; }

    [Field("The visitor's network (/24 or /48), or the whole address if the form says so.", Max = 50, Is = Is.ReadOnly | Is.Personal)]
    public string? Ip { get; init; }

    [Field("The browser.", Max = 512, Is = Is.ReadOnly | Is.Opaque)]
    public string? UserAgent { get; init; }

    [Field("The browser's languages.", Max = 200, Is = Is.ReadOnly | Is.Opaque)]
    public string? AcceptLanguage { get; init; }

    [Field("The key that makes a retry the same post.", Max = 255, Is = Is.ReadOnly | Is.Opaque)]
    public string? IdempotencyKey { get; init; }

    [Field("The body's media type.", Max = 200, Is = Is.ReadOnly | Is.Opaque)]
    public string? ContentType { get; init; }

    [Field(
        "The body's first 256 KiB in base64, when it could not be read to its end.",
        Kind = TextKind.Long,
        Max = 360_000,
        Is = Is.ReadOnly | Is.Opaque
    )]
    public string? Raw { get; init; }

    /// <summary>Of one entry. Each is of another node or another outage, for in a spool a repeat is known by its key.</summary>
    public const int MostAliases = 100;

    [Field(
        "Receipts of posts that waited in a node's spool and repeated this entry: each leads here as the entry's own id does.",
        Max = MostAliases,
        Is = Is.ReadOnly | Is.Alias | Is.Opaque
    )]
    public ImmutableArray<string> Aliases { get; init; } = [];

    [Field("How often it was processed.", Is = Is.ReadOnly)]
    public long Attempts { get; init; }

    /// <summary>
    /// A post that comes twice with one key is one submission: unique per form. A rejected post does not use its key up: the visitor mends
    /// it and sends it again. What was posted is part of it: a browser that goes back to a page restores the key in it too, and what is
    /// written there then is new.
    /// </summary>
    [Field("Form, idempotency key and what was posted, together.", Max = 400, Is = Is.Secret | Is.Unique)]
    public string? PostKey =>
        IdempotencyKey is null || Form is null || Verdict == Verdict.Rejected
            ? null
            : $"{Form.Value.Text<Form>()}:{Convert.ToHexStringLower(SHA256.HashData(Fields.Utf8.Span).AsSpan(0, 16))}:{IdempotencyKey}";

    void ICounted.Count(Counts to)
    {
        if (Form is not { } form)
            return;
        to.Add(Subject.OfForm(form), Measures.Submissions);
        if (Verdict is Verdict.Accepted or Verdict.Merged)
            to.Add(Subject.OfForm(form), Measures.Accepted);
    }
}

public sealed record SubmissionError
{
    [Field("Which field.", Max = 256)]
    public string Field { get; init; } = "";

    [Field("A stable code.", Max = 60)]
    public string Code { get; init; } = "";

    [Field("A sentence that says what is allowed.", Max = 1000)]
    public string Message { get; init; } = "";
}

/// <summary>Something about a post that cost nothing but itself.</summary>
public sealed record SubmissionNote
{
    /// <summary>Notes of one entry.</summary>
    public const int Most = 50;

    public const string ValueUnreadable = "value_unreadable",
        ValueCut = "value_cut",
        FileDropped = "file_dropped",
        FieldsSurplus = "fields_surplus",
        CharsetGuessed = "charset_guessed",
        ProposalNotKept = "proposal_not_kept",
        ConsentNotKept = "consent_not_kept",
        SuppressionLifted = "suppression_lifted";

    [Field("Which field; empty for the whole post.", Max = 256)]
    public string Field { get; init; } = "";

    [Field(
        "value_unreadable, value_cut, file_dropped, fields_surplus, charset_guessed, proposal_not_kept, consent_not_kept or suppression_lifted.",
        Max = 60,
        Example = ValueUnreadable
    )]
    public string Code { get; init; } = "";

    [Field("A sentence that says what is not here, and why.", Max = 1000)]
    public string Message { get; init; } = "";

    /// <param name="purpose">What the consent is for.</param>
    public static SubmissionNote NoConsent(string purpose, string message) =>
        new()
        {
            Field = purpose,
            Code = ConsentNotKept,
            Message = message,
        };

    /// <summary>Whether it is said of the lead that the entry came to, and anew when it comes to one again.</summary>
    public bool IsOfLead => Code is ProposalNotKept or ConsentNotKept;

    /// <param name="field">The lead's field, by its path.</param>
    public static SubmissionNote NotProposed(string field) =>
        new()
        {
            Field = field,
            Code = ProposalNotKept,
            Message =
                "It differs from what the lead has, and there was no room for another proposed change. The value is in this entry only.",
        };
}

public sealed record FileNote
{
    [Field("The field.", Max = 256)]
    public string Field { get; init; } = "";

    [Field("The file's name on the visitor's machine.", Max = 255)]
    public string Name { get; init; } = "";

    [Field("Its media type as sent.", Max = 200)]
    public string? ContentType { get; init; }

    [Field("Bytes.")]
    public long Size { get; init; }
}
