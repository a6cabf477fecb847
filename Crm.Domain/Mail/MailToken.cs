// What the address says by which somebody unsubscribes: which mail it stood in, sealed, so that nobody can make one up for somebody else.

using Crm.Domain.Stores;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

/// <param name="Message">The mail that it stood in.</param>
public sealed record MailToken(WorkspaceKey Workspace, Id Message)
{
    /// <summary>The purpose of the installation's key that seals it.</summary>
    public const string Purpose = "mail";

    const string Use = "unsubscribe";

    const int SealBytes = 12,
        Longest = 80;

    public string Write(Installation installation) => RecordToken.Write(installation.Seal(Purpose), Use, SealBytes, Workspace, Message);

    /// <summary>Of a text that came back; null for one that is not ours.</summary>
    public static MailToken? Read(Installation installation, string? text) =>
        RecordToken.Read(installation.Seal(Purpose), Use, SealBytes, text, Longest) is var (workspace, message)
            ? new(workspace, message)
            : null;
}
