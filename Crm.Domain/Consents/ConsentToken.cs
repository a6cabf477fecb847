// The address by which a person withdraws one consent: sealed, so that nobody makes one up, and of no other use.

using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Consents;

public sealed record ConsentLink
{
    [Field("Shows what was agreed to and a button that withdraws it, to whoever has it.", Kind = TextKind.Url)]
    public string Url { get; init; } = "";

    public static readonly ResourceAction Action = ResourceAction
        .On<ConsentReceipt>(
            "link",
            "The address at which the person withdraws it: a page with a button, in the language of the consent. It does not end.",
            (work, given, _) =>
                new(ActionResult.Of(new ConsentLink { Url = Of(work.Installation, work.Origin, work.Settings.Key, given.Id) })),
            Effect.Looks
        )
        .Answering<ConsentLink>();

    /// <param name="origin">How the world reaches the product.</param>
    public static string Of(Installation installation, string origin, WorkspaceKey workspace, Id consent) =>
        $"{origin}/consents/{new ConsentToken(workspace, consent).Write(installation.Seal(ConsentToken.Purpose))}";
}

/// <summary>Does not end: a consent can be withdrawn as long as it holds.</summary>
public sealed record ConsentToken(WorkspaceKey Workspace, Id Consent)
{
    /// <summary>The purpose of the installation's key that seals it.</summary>
    public const string Purpose = "consent-links";

    const int Longest = 100,
        SealBytes = 16;

    public string Write(TokenSeal seal) => RecordToken.Write(seal, "", SealBytes, Workspace, Consent);

    /// <summary>Of a text that came back; null for one that is not ours.</summary>
    public static ConsentToken? Read(TokenSeal seal, string? text) =>
        RecordToken.Read(seal, "", SealBytes, text, Longest) is var (workspace, consent) ? new(workspace, consent) : null;
}
